package board

import (
	"database/sql"
	"strings"

	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/petition"
	"lienthong/internal/workday"
)

// Counters by day grow with the cases, and a board over a million of them cannot go over
// them all. duty keeps sums of them by year and by month, a moment behind; what the sums do
// not hold yet is read from the counters themselves, so a number is that of its list at every
// instant (doc/decisions/0017-rolled-counters.md). Only a period that is no whole number of
// months goes over days.

// fate words as conditions; each leads the order of counters and sums.
const (
	runningFate = `fate IN ('open', 'suspended')`
	endedFate   = `fate IN ('met', 'late', 'waived')`
)

// fresh is the condition of the small index of what the sums do not hold yet; word for word
// that of the index.
const fresh = `n <> rolled`

// A part is one query of counters: from where, under which condition, and what a row says.
type part struct {
	table  string
	cond   func(arg func(any) string) string // binds its values
	n, day string                            // columns
	runs   bool                              // its days tell what is missed and what comes due
}

// running are the sums and the fresh counters of what runs, by day.
func running() []part {
	always := func(cond string) func(func(any) string) string { return func(func(any) string) string { return cond } }
	return []part{
		{"duty_roll", always("level = 'now' AND " + runningFate), "n", "period", true},
		{"duty_tally", always(fresh + " AND " + runningFate), "n - rolled", "due_day", true},
	}
}

// span is the time in which something ended, by its day.
type span struct {
	from, to workday.Date
	dated    bool // what had no day is left out
	months   bool // years will not do
}

// ended are the sums and the fresh counters of what ended within a span.
func (s span) ended() []part {
	first, last := s.from.String(), s.to.String()
	days := part{"duty_tally", s.between("", "due_day", first, last), "n", "due_day", false}
	level, letters := duty.RollMonth, len("2026-03")
	_, _, begins := s.from.Civil()
	_, _, next := s.to.AddDays(1).Civil()
	switch {
	case begins != 1 || next != 1: // part of a month
		return []part{days}
	case !s.months && strings.HasSuffix(first, "-01-01") && strings.HasSuffix(last, "-12-31"):
		level, letters = duty.RollYear, len("2026")
	}
	days.cond, days.n = s.between(fresh+" AND ", "due_day", first, last), "n - rolled"
	return []part{{"duty_roll", s.between("level = '"+level+"' AND ", "period", first[:letters], last[:letters]), "n", "period", false}, days}
}

// between is the condition on a column of days, months or years.
func (s span) between(before, day, from, to string) func(func(any) string) string {
	none := day + ` = '' OR `
	if s.dated {
		none = ``
	}
	return func(arg func(any) string) string {
		return before + endedFate + ` AND (` + none + day + ` >= ` + arg(from) + ` AND ` + day + ` <= ` + arg(to) + `)`
	}
}

// tally reads the counters of the rule. What is running counts whatever its day; what
// ended counts where it fell due in the time asked for, or had no date.
func (f *figures) tally(tx *db.Tx, b *Board) error {
	parts := running()
	if !f.running {
		parts = append(parts, span{from: f.f.From, to: f.f.To, dated: f.f.Dated}.ended()...)
	}
	for _, p := range parts {
		if err := f.tallyPart(tx, b, p); err != nil {
			return err
		}
	}
	return nil
}

// apart are the columns of a unit, a commune and a field as far as rows and filter tell them
// apart, and all of them that do as a list for GROUP BY, behind a first column. A cell for each
// unit, commune and field is some thousand rows to carry, and most boards ask for one of the
// three.
func (f *figures) apart(unit, commune, field, first string) (columns, by string) {
	all := []string{unit, commune, field}
	needed := [3]bool{f.f.By == ByUnit || f.f.By == "", f.byPlace(), f.f.Field != "" || f.f.Desk != "" || f.f.By == ByField || f.f.By == ByDesk}
	var some []string
	if first != "" {
		some = append(some, first)
	}
	for i := range all {
		if !needed[i] {
			all[i] = `''`
			continue
		}
		some = append(some, all[i])
	}
	return strings.Join(all, ", "), strings.Join(some, ", ")
}

// tallyPart reads one part of the counters.
func (f *figures) tallyPart(tx *db.Tx, b *Board, p part) error {
	columns, by := f.apart("owner", "counterpart", "field", "fate")
	a := args{f.f.Rule}
	days := `0, 0, 0, 0`
	if p.runs {
		today, soon := a.add(workday.Of(tx.Now).String()), a.add(b.SoonDay.String())
		sum := func(cond string) string {
			return `CAST(sum(CASE WHEN ` + cond + ` THEN ` + p.n + ` ELSE 0 END) AS BIGINT)`
		}
		days = sum(p.day+` = ''`) + `, ` + sum(p.day+` < `+today+` AND `+p.day+` <> ''`) + `, ` + sum(p.day+` = `+today) + `, ` + sum(p.day+` > `+today+` AND `+p.day+` <= `+soon)
	}
	cond := p.cond(a.add)
	marks, all := in(f.order, a)
	// system: figures of units that the reader may see
	return tx.All(`SELECT fate, `+columns+`, CAST(sum(`+p.n+`) AS BIGINT), `+days+`
		FROM `+p.table+` WHERE `+cond+` AND rule = $1 AND owner IN (`+marks+`) GROUP BY `+by+` ORDER BY `+by, all, func(r *sql.Rows) error {
		var c cell
		var fate string
		var n, dateless, past, now, soon int64
		if err := r.Scan(&fate, &c.unit, &c.commune, &c.field, &n, &dateless, &past, &now, &soon); err != nil {
			return err
		}
		row := f.row(c)
		if row == nil {
			return nil
		}
		switch duty.Fate(fate) {
		case duty.Suspended:
			row.Suspended += n
		case duty.Met:
			row.Met += n
		case "late": // a word of the counters alone
			row.Late += n
		case duty.Waived:
			row.Waived += n
		case duty.Open:
			row.Open, row.Missed, row.Soon, row.Dateless = row.Open+n, row.Missed+past, row.Soon+now+soon, row.Dateless+dateless
			f.today += now
		}
		return nil
	})
}

// waiting counts the answers on which the commune has said nothing yet: its word is a duty
// that runs, owed to the unit that answered.
func (f *figures) waiting(tx *db.Tx, _ *Board) error {
	add := func(row *Row, n int64) { row.Unconfirmed += n }
	if f.ofCase() { // what only the case knows: answer by answer
		a := args(nil)
		cond := f.f.ofCase(a.add)
		marks, all := in(f.order, a)
		// system: figures of units that the reader may see
		return tx.All(`SELECT a.unit, c.raiser, d.field, count(*) FROM petition_answer a
			JOIN duty d ON d.case_id = a.case_id AND d.rule = 'petition.settle' AND d.round = a.round JOIN casefile c ON c.id = a.case_id
			WHERE a.settled = '' AND a.unit IN (`+marks+`) AND d.ended_at IS NULL AND NOT d.request`+cond+`
			GROUP BY a.unit, c.raiser, d.field ORDER BY a.unit, c.raiser, d.field`, all, f.each(add))
	}
	columns, by := f.apart("counterpart", "owner", "field", "")
	for _, p := range running() {
		a := args{petition.MustSettle}
		cond := p.cond(a.add)
		marks, all := in(f.order, a)
		// system: figures of units that the reader may see
		err := tx.All(`SELECT `+columns+`, CAST(sum(`+p.n+`) AS BIGINT) FROM `+p.table+` WHERE `+cond+` AND rule = $1 AND counterpart IN (`+marks+`)
			GROUP BY `+by+` ORDER BY `+by, all, f.each(add))
		if err != nil {
			return err
		}
	}
	return nil
}
