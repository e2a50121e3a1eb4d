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

// figures gathers the cells of some units under a filter.
type figures struct {
	order  []org.UnitID
	f      Filter
	places places
	of     map[cell]*Row
	today  int64 // running ones whose last day is today
	took   map[org.UnitID][]took

	running bool // only what runs is asked for
}

// How many took how many days.
type took struct{ days, n int64 }

// Figures are counted in one pass over the counters, for all rows of a board at once.
func newFigures(tx *db.Tx, units []org.UnitID, f Filter) (*figures, error) {
	p, err := f.places(tx)
	return &figures{order: units, f: f, places: p, of: map[cell]*Row{}, took: map[org.UnitID][]took{}}, err
}

// row returns the figures of a cell, nil where the filter does not take it.
func (f *figures) row(c cell) *Row {
	r, ok := f.of[c]
	if !ok {
		if f.f.keeps(f.places, c) {
			r = &Row{}
		}
		f.of[c] = r
	}
	return r
}

// byPlace says whether rows or filter ask for what the counterpart alone does not say under
// every rule: who raised the matter.
func (f *figures) byPlace() bool {
	return f.f.Commune != "" || f.f.Area != "" || f.f.Desk != "" || f.f.By == ByArea || f.f.By == ByCommune || f.f.By == ByDesk
}

// ofCase says whether the filter asks what only the case itself knows.
func (f *figures) ofCase() bool { return f.f.State != "" || f.f.Outcome != "" || f.f.Cause != "" }

// plain says whether the filter asks for units and days alone.
func (f *figures) plain() bool {
	return !f.byPlace() && !f.ofCase() && f.f.Field == "" && f.f.By != ByField
}

// steps are what counts for the filter: counters wherever they know it.
func (f *figures) steps() (all []func(*db.Tx, *Board) error) {
	if len(f.order) == 0 {
		return nil
	}
	raised := f.f.Rule == petition.MustAnswer || f.f.Rule == petition.MustReport
	if f.ofCase() || f.byPlace() && !raised {
		all = append(all, f.count)
	} else {
		all = append(all, f.tally, f.hours, f.inherited)
	}
	if f.f.Rule != petition.MustAnswer || f.running {
		return all
	}
	all = append(all, f.waiting, f.unresolved)
	if f.plain() {
		all = append(all, f.shares)
	}
	return all
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

// hours moves those whose hour of today has come from soon to missed: the tally knows
// only days.
func (f *figures) hours(tx *db.Tx, _ *Board) error {
	if f.today == 0 {
		return nil
	}
	return f.cells(tx, `due_at > $2 AND due_at <= $3`, []any{f.f.Rule, workday.Of(tx.Now).Midnight(), tx.Now}, func(row *Row, n int64) {
		row.Missed += n
		row.Soon -= n
	})
}

// inherited counts the running ones that are past their date while the unit, which got
// them from another, still has time of its own.
func (f *figures) inherited(tx *db.Tx, _ *Board) error {
	return f.cells(tx, `own_due_at > due_at AND due_at <= $2 AND own_due_at > $2`, []any{f.f.Rule, tx.Now}, func(row *Row, n int64) { row.Inherited += n })
}

// cells counts the running duties of all units under a condition, cell by cell.
func (f *figures) cells(tx *db.Tx, cond string, args []any, add func(row *Row, n int64)) error {
	told := f.apart()
	marks, args := in(f.order, args)
	// system: figures of units that the reader may see
	return tx.All(`
		SELECT owner, counterpart, field, count(*) FROM duty
		WHERE owner IN (`+marks+`) AND ended_at IS NULL AND `+cond+` AND rule = $1 AND fate = 'open' AND NOT request
		GROUP BY owner, counterpart, field ORDER BY owner, counterpart, field`, args, f.eachOf(told, add))
}

// each scans a unit, a commune, a field and a number, and adds the number where it counts.
func (f *figures) each(add func(row *Row, n int64)) func(r *sql.Rows) error {
	return f.eachOf(apart{true, true, true}, add)
}

// eachOf is each for a cell as far as it is told apart.
func (f *figures) eachOf(told apart, add func(row *Row, n int64)) func(r *sql.Rows) error {
	return func(r *sql.Rows) error {
		var c cell
		var n int64
		err := r.Scan(&c.unit, &c.commune, &c.field, &n)
		if row := f.row(told.cell(c.unit, c.commune, c.field)); row != nil {
			add(row, n)
		}
		return err
	}
}

// unresolved counts the matters that an answer left open, a report is owed on each: where
// the lead goes on itself, and where it was referred up.
func (f *figures) unresolved(tx *db.Tx, _ *Board) error {
	a := args{string(petition.InProgress), string(petition.ReferredUp)}
	cond := f.f.ofCase(a.add)
	marks, all := in(f.order, a)
	// system: a column of figures of units that the reader may see
	outcome := `(SELECT o.outcome FROM petition_answer o WHERE o.case_id = d.case_id ORDER BY o.round DESC LIMIT 1)`
	// system: figures of units that the reader may see
	return tx.All(`SELECT owner, commune, field, count(*), count(*) FILTER (WHERE outcome = $1), count(*) FILTER (WHERE outcome = $2) FROM (
			SELECT d.owner, c.raiser AS commune, d.field, `+outcome+` AS outcome
			FROM duty d JOIN casefile c ON c.id = d.case_id
			WHERE d.rule = 'petition.report' AND `+strings.ReplaceAll(beside, "w.", "d.")+` AND d.owner IN (`+marks+`) AND d.fate = 'open' AND NOT d.request`+cond+`) x
		GROUP BY owner, commune, field ORDER BY owner, commune, field`, all, func(r *sql.Rows) error {
		var c cell
		var n, going, up int64
		err := r.Scan(&c.unit, &c.commune, &c.field, &n, &going, &up)
		if row := f.row(c); row != nil {
			row.Unresolved, row.InProgress, row.ReferredUp = row.Unresolved+n, row.InProgress+going, row.ReferredUp+up
		}
		return err
	})
}

// shares reads how long the answers of the months asked for took.
func (f *figures) shares(tx *db.Tx, _ *Board) error {
	marks, args := in(f.order, []any{month(f.f.From), month(f.f.To)})
	return tx.All(`SELECT unit, days, CAST(sum(n) AS BIGINT) FROM answer_share WHERE unit IN (`+marks+`) AND month >= $1 AND month <= $2
		GROUP BY unit, days ORDER BY unit, days`, args, func(r *sql.Rows) error {
		var unit org.UnitID
		var t took
		err := r.Scan(&unit, &t.days, &t.n)
		f.took[unit] = append(f.took[unit], t)
		return err
	})
}

// The month of a day, "2026-03", as the counters have it.
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

// rows adds the cells up to the rows that have any figure, and to their sum.
func (f *figures) rows(tx *db.Tx, b *Board) error {
	at := map[string]*Row{}
	of := func(key string) *Row {
		if at[key] == nil {
			at[key] = &Row{Key: key}
			if f.f.By == ByUnit || f.f.By == "" {
				at[key].Unit = org.UnitID(key)
			}
		}
		return at[key]
	}
	for c, r := range f.of {
		if r != nil && *r != (Row{}) {
			of(f.f.keyOf(f.places, c)).plus(r)
			b.Total.plus(r)
		}
	}
	every := map[int64]int64{}
	for u, all := range f.took {
		r := of(string(u))
		r.Answered, r.Half, r.Average = half(all)
		for _, t := range all {
			every[t.days] += t.n
		}
	}
	for _, r := range at {
		b.Rows = append(b.Rows, *r)
	}
	b.Total.Answered, b.Total.Half, b.Total.Average = half(sorted(every))
	if err := f.f.named(tx, f.order, b.Rows); err != nil {
		return err
	}
	names, err := org.UnitNames(tx, f.order...)
	if err != nil {
		return err
	}
	return b.requested(tx, names)
}

// Adds one row to another: totals are sums of what is shown, never a second query that might say
// otherwise.
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
	t.InProgress += r.InProgress
	t.ReferredUp += r.ReferredUp
}

// sharesBefore is the longest share that is told apart: what takes longer counts there.
const sharesBefore = 400

// In the order of days, as a median needs them.
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
