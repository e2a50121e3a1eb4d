// Package tracker follows assignments across units (theo dõi nhiệm vụ): how many run, are
// late, come due this week or have no date, by unit, field, leader and directive, and the
// lists behind these numbers.
//
// Figures are sums of the counters that duty keeps in the transactions that change them;
// lists seek their index and carry one page. A body that is only asked is in no figure.
package tracker

import (
	"database/sql"
	"slices"
	"strconv"
	"strings"
	"time"

	"lienthong/internal/board"
	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/workday"
)

// A Dimension is what the rows of the tracker are.
type Dimension string

// The dimensions; the zero value is ByUnit.
const (
	ByUnit   Dimension = ""
	ByField  Dimension = "field"
	ByLeader Dimension = "leader"
)

// Figures count assignments.
type Figures struct {
	Open     int64 // running, whatever their date
	Late     int64 // of them past their date
	Week     int64 // of them due up to the end of this week, not late
	Dateless int64 // of them "không nêu hạn"
	Met      int64 // results handed in in time
	DoneLate int64 // results handed in late
}

func (f *Figures) plus(g Figures) {
	f.Open, f.Late, f.Week, f.Dateless, f.Met, f.DoneLate = f.Open+g.Open, f.Late+g.Late, f.Week+g.Week, f.Dateless+g.Dateless, f.Met+g.Met, f.DoneLate+g.DoneLate
}

// A Row is a unit, a field or a leader with its figures; Key goes into a Filter.
type Row struct {
	Key, Name string
	Figures
}

// A Tracker is the answer for one reader.
type Tracker struct {
	At       time.Time
	WeekEnds workday.Date
	Rows     []Row // those with any figure, in the order of the office
	Total    Figures
	Waiting  int64 // results that wait to be accepted; at most Most
	Returned int64 // given back and running again; at most Most
	All      bool  // the reader follows every unit
}

// Most is where a count that is no counter stops: beyond it a page says "trên".
const Most = 500

// A Filter narrows figures and lists.
type Filter struct {
	Units  []org.UnitID  // none: all that the reader may follow
	Field  string        // of the catalogue
	Leader org.OfficerID // whose charge the units lie in
}

// Read returns the figures that an officer may see: of every unit for those who follow
// assignments, of their own units for all others.
func Read(tx *db.Tx, who org.Actor, by Dimension, f Filter) (t *Tracker, err error) {
	defer fault.Wrap(&err, "tracker")
	t = &Tracker{At: tx.Now, WeekEnds: weekEnd(workday.Of(tx.Now))}
	units, all, err := scope(tx, who)
	if err != nil {
		return nil, err
	}
	t.All = all
	if units, err = f.narrow(tx, units); err != nil || len(units) == 0 {
		return t, err
	}
	cells, err := t.count(tx, units, f.Field)
	if err != nil {
		return nil, err
	}
	for _, c := range cells {
		t.Total.plus(c.Figures)
	}
	if t.Rows, err = lay(tx, by, units, cells); err != nil {
		return nil, err
	}
	if t.Waiting, err = bounded(tx, who, f, units, all, Waiting); err != nil {
		return nil, err
	}
	t.Returned, err = bounded(tx, who, f, units, all, Returned)
	return t, err
}

// weekEnd is the Sunday of a day's week.
func weekEnd(d workday.Date) workday.Date { return d.AddDays((7 - int(d.Weekday())) % 7) }

// scope returns the units that an officer follows, in the order of the office.
func scope(tx *db.Tx, who org.Actor) (units []org.UnitID, all bool, err error) {
	keys, err := org.Readers(tx, who.Officer)
	if err != nil {
		return nil, false, err
	}
	if all = slices.Contains(keys, directive.AssignmentScope); !all {
		if all, err = gives(tx, who); err != nil {
			return nil, false, err
		}
	}
	every, err := org.Units(tx, org.Filter{Requested: true, Ended: true})
	for _, u := range every {
		if all || who.In(u.ID) || slices.Contains(keys, org.OfUnit(u.ID)) {
			units = append(units, u.ID)
		}
	}
	return units, all, err
}

// gives says whether the officer works in the unit that gives assignments out: a party of
// each of them.
func gives(tx *db.Tx, who org.Actor) (bool, error) {
	rb, err := regulation.Current(tx)
	if err != nil {
		return false, err
	}
	rule, err := rb.Apply(tx, directive.RuleConfirm, "", "")
	switch fault.Kind(err) {
	case nil:
		return err == nil && who.In(rule.Role("role").Unit), err
	case fault.NotFound, fault.Denied, fault.Invalid:
		return false, nil
	}
	return false, err
}

func (f *Filter) narrow(tx *db.Tx, may []org.UnitID) ([]org.UnitID, error) {
	var of []org.UnitID
	whole := true
	if f.Leader != "" {
		var err error
		if of, whole, err = board.InCharge(tx, f.Leader); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(slices.Clone(may), func(u org.UnitID) bool {
		return len(f.Units) > 0 && !slices.Contains(f.Units, u) || !whole && !slices.Contains(of, u)
	}), nil
}

// A cell is what one unit has in one field.
type cell struct {
	unit  org.UnitID
	field string
	Figures
}

func in(units []org.UnitID, args []any) (marks string, all []any) {
	list := make([]string, len(units))
	for i, u := range units {
		args = append(args, string(u))
		list[i] = "$" + strconv.Itoa(len(args))
	}
	return strings.Join(list, ", "), args
}

// count sums the counters of duties.
func (t *Tracker) count(tx *db.Tx, units []org.UnitID, field string) (all []cell, err error) {
	marks, args := in(units, []any{workday.Of(t.At).String(), t.WeekEnds.String(), field})
	at := map[cell]int{}
	// system: figures of units that the reader may see
	err = tx.All(`
		SELECT owner, field, fate, CAST(sum(n) AS BIGINT), CAST(sum(CASE WHEN due_day = '' THEN n ELSE 0 END) AS BIGINT),
			CAST(sum(CASE WHEN due_day <> '' AND due_day < $1 THEN n ELSE 0 END) AS BIGINT), CAST(sum(CASE WHEN due_day >= $1 AND due_day <= $2 THEN n ELSE 0 END) AS BIGINT)
		FROM duty_tally WHERE rule IN ('assignment.do', 'assignment.recur') AND fate IN ('open', 'suspended', 'met', 'late') AND owner IN (`+marks+`)
			AND ($3 = '' OR field = $3 OR substr(field, 1, length($3) + 1) = $3 || '.')
		GROUP BY owner, field, fate`, args, func(r *sql.Rows) error {
		var k cell
		var fate string
		var n, none, past, week int64
		if err := r.Scan(&k.unit, &k.field, &fate, &n, &none, &past, &week); err != nil {
			return err
		}
		i, ok := at[k]
		if !ok {
			i = len(all)
			at[k] = i
			all = append(all, k)
		}
		switch fate {
		case "met":
			all[i].Met += n
		case "late":
			all[i].DoneLate += n
		default:
			all[i].plus(Figures{Open: n, Dateless: none, Late: past, Week: week})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return all, t.hours(tx, units, field, all, at)
}

// hours puts what fell due today at an hour that is past where it belongs: the counters
// know days.
func (t *Tracker) hours(tx *db.Tx, units []org.UnitID, field string, all []cell, at map[cell]int) error {
	today := workday.Of(t.At)
	marks, args := in(units, []any{today.Midnight(), t.At, today.String(), field})
	// system: figures of units that the reader may see
	return tx.All(`SELECT d.owner, d.field, count(*) FROM duty d
		WHERE d.ended_at IS NULL AND d.rule IN ('assignment.do', 'assignment.recur') AND d.due_at > $1 AND d.due_at <= $2 AND d.due_day = $3 AND NOT d.request
			AND ($4 = '' OR d.field = $4 OR substr(d.field, 1, length($4) + 1) = $4 || '.') AND d.owner IN (`+marks+`) GROUP BY d.owner, d.field`, args, func(r *sql.Rows) error {
		var k cell
		var n int64
		if err := r.Scan(&k.unit, &k.field, &n); err != nil {
			return err
		}
		if i, ok := at[k]; ok {
			all[i].Late, all[i].Week = all[i].Late+n, all[i].Week-n
		}
		return nil
	})
}

// lay puts cells into rows.
func lay(tx *db.Tx, by Dimension, units []org.UnitID, cells []cell) ([]Row, error) {
	switch by {
	case ByField:
		return byField(tx, cells)
	case ByLeader:
		return byLeader(tx, cells)
	}
	names, err := org.UnitNames(tx, units...)
	if err != nil {
		return nil, err
	}
	var rows []Row
	for _, u := range units {
		row := Row{Key: string(u), Name: names[u]}
		for _, c := range cells {
			if c.unit == u {
				row.plus(c.Figures)
			}
		}
		if row.Figures != (Figures{}) {
			rows = append(rows, row)
		}
	}
	return rows, nil
}

func byField(tx *db.Tx, cells []cell) (rows []Row, err error) {
	rb, err := regulation.Current(tx)
	if err != nil {
		return nil, err
	}
	for _, f := range append(rb.Catalogue(), regulation.Field{Name: "Chưa rõ lĩnh vực"}) {
		row := Row{Key: f.ID, Name: f.Name}
		for _, c := range cells {
			if c.field == f.ID {
				row.plus(c.Figures)
			}
		}
		if row.Figures != (Figures{}) {
			rows = append(rows, row)
		}
	}
	return rows, nil
}

// byLeader sums what lies in each leader's charge; a unit in two charges counts in both,
// so the rows need not come to the total.
func byLeader(tx *db.Tx, cells []cell) (rows []Row, err error) {
	every, err := org.Units(tx, org.Filter{Level: org.LevelProvince})
	if err != nil {
		return nil, err
	}
	for _, u := range every {
		if u.Kind != org.KindChairman && u.Kind != org.KindCommittee {
			continue
		}
		all, err := board.ChargedIn(tx, u.ID)
		if err != nil {
			return nil, err
		}
		for _, one := range all {
			of, whole, err := board.InCharge(tx, one.Officer)
			if err != nil {
				return nil, err
			}
			row := Row{Key: string(one.Officer), Name: one.Name + ", " + one.Title}
			for _, c := range cells {
				if whole || slices.Contains(of, c.unit) {
					row.plus(c.Figures)
				}
			}
			rows = append(rows, row)
		}
	}
	return rows, nil
}
