package tracker

import (
	"database/sql"
	"slices"
	"strings"

	"lienthong/internal/casefile"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// A cell is what one unit has, or what one field has: the other is "", since no row asks for
// both and a sum of less groups is the quicker one.
type cell struct {
	unit  org.UnitID
	field string
	Figures
}

// cells gathers figures by unit and field, in the order in which they come.
type cells struct {
	by  string // the columns of unit and field
	all []cell
	at  map[cell]int
}

// group is how the columns of the cells are grouped.
func (c *cells) group() string { return strings.Trim(strings.ReplaceAll(c.by, "''", ""), ", ") }

// columns are those of the cells in a table of that name.
func (c *cells) columns(of string) string {
	return strings.NewReplacer("owner", of+".owner", "field", of+".field").Replace(c.by)
}

func (c *cells) of(unit org.UnitID, field string) *Figures {
	k := cell{unit: unit, field: field}
	i, ok := c.at[k]
	if !ok {
		i = len(c.all)
		c.at[k] = i
		c.all = append(c.all, k)
	}
	return &c.all[i].Figures
}

// count sums what the counters know; of one directive they know nothing, so its assignments
// are counted themselves.
func (s *scene) count(by Dimension) ([]cell, error) {
	c := &cells{at: map[cell]int{}, by: "owner, ''"}
	if by == ByField {
		c.by = "'', field"
	}
	if s.f.Directive != "" {
		err := s.countOf(c, s.f.Directive)
		return c.all, err
	}
	for _, step := range []func(*cells) error{s.sums, s.days, s.hours} {
		if err := step(c); err != nil {
			return nil, err
		}
	}
	return c.all, nil
}

// among is the condition that a column names one of the units; of every unit there is none,
// so that a sum over all of them compares nothing.
func (q *statement) among(s *scene, column string) {
	if s.whole {
		return
	}
	q.add(column + ` IN (` + q.list(s.units) + `)`)
}

// inField is the condition that a column names the field of the filter or one below it.
func (q *statement) inField(field, column string) {
	if field != "" {
		n := q.arg(field)
		q.add(`(` + column + ` = ` + n + ` OR substr(` + column + `, 1, length(` + n + `) + 1) = ` + n + ` || '.')`)
	}
}

// sums reads what runs and what ended; of what runs it knows which months are past.
func (s *scene) sums(c *cells) error {
	q := &statement{}
	month := q.arg(s.month())
	q.add(`fate IN ('open', 'suspended', 'met', 'late') AND n <> 0`)
	q.among(s, "owner")
	q.inField(s.f.Field, "field")
	// system: figures of units that the reader may see
	return s.tx.All(`SELECT `+c.by+`, fate, CAST(sum(n) AS BIGINT), CAST(sum(CASE WHEN month = '' THEN n ELSE 0 END) AS BIGINT),
			CAST(sum(CASE WHEN month <> '' AND month < `+month+` THEN n ELSE 0 END) AS BIGINT) FROM duty_sum WHERE `+q.all()+`
		GROUP BY fate, `+c.group()+` ORDER BY fate, `+c.group(), q.args, func(r *sql.Rows) error {
		var unit org.UnitID
		var field, fate string
		var n, none, past int64
		if err := r.Scan(&unit, &field, &fate, &n, &none, &past); err != nil {
			return err
		}
		f := c.of(unit, field)
		switch fate {
		case "met":
			f.Met += n
		case "late":
			f.DoneLate += n
		default:
			f.plus(Figures{Open: n, Dateless: none, Late: past})
		}
		return nil
	})
}

// month is the one in which the reader asks: what fell due in it is counted day by day.
func (s *scene) month() string { return workday.Of(s.tx.Now).String()[:len("2026-03")] }

// The counters of what runs: along the index of days, written as it is, or unit by unit.
const (
	byDays = `substr(rule, 1, 11) = 'assignment.' AND fate NOT IN ('met', 'late', 'waived', 'handed') AND n > 0 AND substr(rule, 12) IN ('do', 'recur')`
	byUnit = `rule IN ('assignment.do', 'assignment.recur') AND fate IN ('open', 'suspended') AND n > 0`
)

// days reads what fell due in this month or comes due this week.
func (s *scene) days(c *cells) error {
	q := &statement{}
	today := q.arg(workday.Of(s.tx.Now).String())
	along := byDays
	if !s.whole && len(s.units) <= fewUnits {
		along = byUnit
	}
	q.add(along + ` AND owner <> counterpart AND due_day >= ` + q.arg(s.month()) + ` AND due_day <= ` + q.arg(s.week.String()))
	q.among(s, "owner")
	q.inField(s.f.Field, "field")
	// system: figures of units that the reader may see
	return s.tx.All(`SELECT `+c.by+`, CAST(sum(CASE WHEN due_day < `+today+` THEN n ELSE 0 END) AS BIGINT), CAST(sum(n) AS BIGINT) FROM duty_tally WHERE `+q.all()+`
		GROUP BY `+c.group(), q.args, func(r *sql.Rows) error {
		var unit org.UnitID
		var field string
		var past, all int64
		if err := r.Scan(&unit, &field, &past, &all); err != nil {
			return err
		}
		f := c.of(unit, field)
		f.Late, f.Week = f.Late+past, f.Week+all-past
		return nil
	})
}

// hours puts what fell due today at an hour that is past where it belongs: the counters
// know days.
func (s *scene) hours(c *cells) error {
	q := &statement{}
	today := workday.Of(s.tx.Now)
	q.add(running + ` AND NOT d.request AND d.due_at > ` + q.arg(today.Midnight()) + ` AND d.due_at <= ` + q.arg(s.tx.Now) + ` AND d.due_day = ` + q.arg(today.String()))
	q.among(s, "d.owner")
	q.inField(s.f.Field, "d.field")
	// system: figures of units that the reader may see
	return s.tx.All(`SELECT `+c.columns("d")+`, count(*) FROM duty d WHERE `+q.all()+` GROUP BY d.`+c.group(), q.args, func(r *sql.Rows) error {
		var unit org.UnitID
		var field string
		var n int64
		if err := r.Scan(&unit, &field, &n); err != nil {
			return err
		}
		f := c.of(unit, field)
		f.Late, f.Week = f.Late+n, f.Week-n
		return nil
	})
}

// fates is how an assignment's duty counts, in columns: running, late, due this week, without
// a date, done in time, done late. $1 is now, $2 the first instant after the week.
const fates = `CAST(sum(CASE WHEN d.ended_at IS NULL THEN 1 ELSE 0 END) AS BIGINT),
	CAST(sum(CASE WHEN d.ended_at IS NULL AND d.due_at <= $1 THEN 1 ELSE 0 END) AS BIGINT),
	CAST(sum(CASE WHEN d.ended_at IS NULL AND d.due_at > $1 AND d.due_at <= $2 THEN 1 ELSE 0 END) AS BIGINT),
	CAST(sum(CASE WHEN d.ended_at IS NULL AND d.due_at >= '` + farAway + `' THEN 1 ELSE 0 END) AS BIGINT),
	CAST(sum(CASE WHEN d.fate = 'met' AND d.ended_at < d.own_due_at THEN 1 ELSE 0 END) AS BIGINT),
	CAST(sum(CASE WHEN d.fate IN ('met', 'handed') AND d.ended_at >= d.own_due_at THEN 1 ELSE 0 END) AS BIGINT)`

func (f *Figures) dest() []any {
	return []any{&f.Open, &f.Late, &f.Week, &f.Dateless, &f.Met, &f.DoneLate}
}

// given begins the count of the assignments of some directives.
func (s *scene) given() *statement {
	q := &statement{}
	q.arg(s.tx.Now)
	q.arg(s.week.AddDays(1).Midnight())
	q.add(`d.rule IN ('assignment.do', 'assignment.recur') AND NOT d.request AND d.counterpart <> d.owner`)
	q.among(s, "d.owner")
	q.inField(s.f.Field, "d.field")
	return q
}

// countOf counts the assignments of one directive.
func (s *scene) countOf(c *cells, id casefile.ID) error {
	q := s.given()
	q.add(`a.directive = ` + q.arg(string(id)))
	// system: figures of units that the reader may see
	return s.tx.All(`SELECT `+c.columns("d")+`, `+fates+` FROM assignment a JOIN duty d ON d.case_id = a.case_id WHERE `+q.all()+`
		GROUP BY d.`+c.group()+` ORDER BY d.`+c.group(), q.args, func(r *sql.Rows) error {
		var unit org.UnitID
		var field string
		var f Figures
		if err := r.Scan(append([]any{&unit, &field}, f.dest()...)...); err != nil {
			return err
		}
		c.of(unit, field).plus(f)
		return nil
	})
}

// byDirective gives the newest directives their rows; more says that there are others.
func (s *scene) byDirective() (rows []Row, more bool, err error) {
	newest, err := s.newest()
	if err != nil || len(newest) == 0 {
		return nil, false, err
	}
	if more = len(newest) > Newest; more {
		newest = newest[:Newest]
	}
	q := s.given()
	ids := make([]casefile.ID, len(newest))
	for i, r := range newest {
		ids[i] = casefile.ID(r.Key)
	}
	q.add(`a.directive IN (` + list(q, ids) + `)`)
	// system: figures of units that the reader may see, of directives that he may read
	err = s.tx.All(`SELECT a.directive, `+fates+` FROM assignment a JOIN duty d ON d.case_id = a.case_id WHERE `+q.all()+` GROUP BY a.directive`, q.args, func(r *sql.Rows) error {
		var id string
		var f Figures
		if err := r.Scan(append([]any{&id}, f.dest()...)...); err != nil {
			return err
		}
		if i := slices.IndexFunc(newest, func(r Row) bool { return r.Key == id }); i >= 0 {
			newest[i].plus(f)
		}
		return nil
	})
	for _, r := range newest {
		if r.Figures != (Figures{}) {
			rows = append(rows, r)
		}
	}
	return rows, more, err
}
