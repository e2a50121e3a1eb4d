package board

import (
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/workday"
)

// figures gathers the rows of some units.
type figures struct {
	order []org.UnitID
	row   map[org.UnitID]*Row
	today map[org.UnitID]int64 // running ones whose last day is today
	took  map[org.UnitID][]took
}

type took struct{ days, n int64 }

func newFigures(units []org.UnitID) *figures {
	f := &figures{order: units, row: make(map[org.UnitID]*Row, len(units)), today: map[org.UnitID]int64{}, took: map[org.UnitID][]took{}}
	for _, u := range units {
		f.row[u] = &Row{Unit: u}
	}
	return f
}

// in lists units as arguments behind those given.
func in(units []org.UnitID, args []any) (marks string, all []any) {
	list := make([]string, len(units))
	for i, u := range units {
		args = append(args, string(u))
		list[i] = "$" + strconv.Itoa(len(args))
	}
	return strings.Join(list, ", "), args
}

// tally reads the counters of the rule. What is running counts whatever its day; what
// ended counts where it fell due in the time asked for, or had no date.
func (f *figures) tally(tx *db.Tx, b *Board) error {
	if len(f.order) == 0 {
		return nil
	}
	today := workday.Of(tx.Now).String()
	marks, args := in(f.order, []any{b.Query.Rule, b.Query.From.String(), b.Query.To.String(), today, b.SoonDay.String()})
	// system: figures of units that the reader may see
	return tx.All(`
		SELECT owner, fate, CASE WHEN due_day = '' THEN 'none' WHEN due_day < $4 THEN 'past' WHEN due_day = $4 THEN 'today'
				WHEN due_day <= $5 THEN 'soon' ELSE 'later' END AS part, CAST(sum(n) AS BIGINT)
		FROM duty_tally
		WHERE owner IN (`+marks+`) AND rule = $1 AND (fate IN ('open', 'suspended') OR due_day = '' OR due_day >= $2 AND due_day <= $3)
		GROUP BY owner, fate, part ORDER BY owner, fate, part`, args, func(r *sql.Rows) error {
		var owner org.UnitID
		var fate, part string
		var n int64
		if err := r.Scan(&owner, &fate, &part, &n); err != nil {
			return err
		}
		f.add(f.row[owner], fate, part, n)
		return nil
	})
}

func (f *figures) add(row *Row, fate, part string, n int64) {
	switch fate {
	case "suspended":
		row.Suspended += n
	case "met":
		row.Met += n
	case "late":
		row.Late += n
	case "waived":
		row.Waived += n
	case "open":
		row.Open += n
		switch part {
		case "past":
			row.Missed += n
		case "today":
			f.today[row.Unit] += n
			row.Soon += n
		case "soon":
			row.Soon += n
		case "none":
			row.Dateless += n
		}
	}
}

// hours moves those whose hour of today has come from soon to missed: the tally knows
// only days.
func (f *figures) hours(tx *db.Tx, b *Board) error {
	var units []org.UnitID
	for _, u := range f.order {
		if f.today[u] > 0 {
			units = append(units, u)
		}
	}
	if len(units) == 0 {
		return nil
	}
	marks, args := in(units, []any{b.Query.Rule, workday.Of(tx.Now).Midnight(), tx.Now})
	// system: figures of units that the reader may see
	return tx.All(`
		SELECT owner, count(*) FROM duty
		WHERE owner IN (`+marks+`) AND ended_at IS NULL AND due_at > $2 AND due_at <= $3 AND rule = $1 AND fate = 'open' AND NOT request
		GROUP BY owner ORDER BY owner`, args, func(r *sql.Rows) error {
		var owner org.UnitID
		var n int64
		err := r.Scan(&owner, &n)
		if row := f.row[owner]; row != nil {
			row.Missed += n
			row.Soon -= n
		}
		return err
	})
}

// inherited counts the running ones that are past their date while the unit, which got
// them from another, still has time of its own.
func (f *figures) inherited(tx *db.Tx, b *Board) error {
	if len(f.order) == 0 {
		return nil
	}
	marks, args := in(f.order, []any{b.Query.Rule, tx.Now})
	// system: figures of units that the reader may see
	return tx.All(`
		SELECT owner, count(*) FROM duty
		WHERE owner IN (`+marks+`) AND ended_at IS NULL AND own_due_at > due_at AND due_at <= $2 AND own_due_at > $2 AND rule = $1
			AND fate = 'open' AND NOT request
		GROUP BY owner ORDER BY owner`, args, func(r *sql.Rows) error {
		var owner org.UnitID
		var n int64
		err := r.Scan(&owner, &n)
		f.row[owner].Inherited = n
		return err
	})
}

// waiting counts the answers on which the commune has said nothing yet.
func (f *figures) waiting(tx *db.Tx, b *Board) error {
	if b.Query.Rule != petition.MustAnswer || len(f.order) == 0 {
		return nil
	}
	marks, args := in(f.order, nil)
	// system: figures of units that the reader may see
	return tx.All(`SELECT unit, count(*) FROM petition_answer WHERE settled = '' AND unit IN (`+marks+`) GROUP BY unit ORDER BY unit`, args,
		func(r *sql.Rows) error {
			var unit org.UnitID
			var n int64
			err := r.Scan(&unit, &n)
			f.row[unit].Unconfirmed = n
			return err
		})
}

// unresolved counts the matters that an answer left open: a report is owed on each.
func (f *figures) unresolved(tx *db.Tx, b *Board) error {
	if b.Query.Rule != petition.MustAnswer || len(f.order) == 0 {
		return nil
	}
	marks, args := in(f.order, []any{petition.MustReport})
	// system: figures of units that the reader may see
	return tx.All(`SELECT owner, CAST(sum(n) AS BIGINT) FROM duty_tally WHERE owner IN (`+marks+`) AND rule = $1 AND fate = 'open'
		GROUP BY owner ORDER BY owner`, args, func(r *sql.Rows) error {
		var owner org.UnitID
		var n int64
		err := r.Scan(&owner, &n)
		f.row[owner].Unresolved = n
		return err
	})
}

// shares reads how long the answers of the months asked for took.
func (f *figures) shares(tx *db.Tx, b *Board) error {
	if b.Query.Rule != petition.MustAnswer || len(f.order) == 0 {
		return nil
	}
	marks, args := in(f.order, []any{month(b.Query.From), month(b.Query.To)})
	return tx.All(`SELECT unit, days, CAST(sum(n) AS BIGINT) FROM answer_share WHERE unit IN (`+marks+`) AND month >= $1 AND month <= $2
		GROUP BY unit, days ORDER BY unit, days`, args, func(r *sql.Rows) error {
		var unit org.UnitID
		var t took
		err := r.Scan(&unit, &t.days, &t.n)
		f.took[unit] = append(f.took[unit], t)
		return err
	})
}

func month(d workday.Date) string {
	y, m, _ := d.Civil()
	return fmt.Sprintf("%04d-%02d", y, m)
}

// half returns within how many working days half of the answers came, and the average.
func half(all []took) (n int64, days int, average float64) {
	sum := int64(0)
	for _, t := range all {
		n += t.n
		sum += t.n * t.days
	}
	if n == 0 {
		return 0, 0, 0
	}
	below := int64(0)
	for _, t := range all {
		if below += t.n; 2*below >= n {
			days = int(t.days)
			break
		}
	}
	return n, days, float64(sum) / float64(n)
}

// rows puts the units that have any figure into the board, and their sum.
func (f *figures) rows(tx *db.Tx, b *Board) error {
	names, err := org.UnitNames(tx, f.order...)
	if err != nil {
		return err
	}
	every := map[int64]int64{}
	for _, u := range f.order {
		row := f.row[u]
		row.Name = names[u]
		row.Answered, row.Half, row.Average = half(f.took[u])
		if *row == (Row{Unit: u, Name: row.Name}) {
			continue
		}
		b.Rows = append(b.Rows, *row)
		b.Total.plus(row)
		for _, t := range f.took[u] {
			every[t.days] += t.n
		}
	}
	b.Total.Answered, b.Total.Half, b.Total.Average = half(sorted(every))
	return b.requested(tx, names)
}

func (t *Row) plus(r *Row) {
	t.Open += r.Open
	t.Missed += r.Missed
	t.Inherited += r.Inherited
	t.Soon += r.Soon
	t.Dateless += r.Dateless
	t.Suspended += r.Suspended
	t.Met += r.Met
	t.Late += r.Late
	t.Waived += r.Waived
	t.Unconfirmed += r.Unconfirmed
	t.Unresolved += r.Unresolved
}

// sharesBefore is the longest share that is told apart: what takes longer counts there.
const sharesBefore = 400

func sorted(n map[int64]int64) (all []took) {
	for days := int64(0); days <= sharesBefore; days++ {
		if n[days] > 0 {
			all = append(all, took{days, n[days]})
		}
	}
	return all
}

// share is how many working days a unit's own part of an answer took.
func share(rev workday.Revision, from, to time.Time) int64 {
	return int64(min(max(workday.WorkingDaysBetween(rev, workday.Of(from), workday.Of(to)), 0), sharesBefore))
}
