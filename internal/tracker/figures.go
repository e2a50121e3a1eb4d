package tracker

import (
	"database/sql"
	"slices"
	"strings"

	"lienthong/internal/casefile"
	"lienthong/internal/directive"
	"lienthong/internal/duty"
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

// byOwner are the columns of cells by unit.
const byOwner = "owner, ''"

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
	c := &cells{at: map[cell]int{}, by: byOwner}
	if by == ByField {
		c.by = "'', field"
	}
	if s.f.Directive != "" {
		err := s.countOf(c, s.f.Directive)
		return c.all, err
	}
	for _, step := range []func(*cells) error{s.sums, s.hours} {
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

// sums adds up the counters: what runs by its day, what ended whenever it had been due.
func (s *scene) sums(c *cells) error {
	mine := make(map[org.UnitID]bool, len(s.units))
	for _, u := range s.units {
		mine[u] = true
	}
	byField := c.by != byOwner
	// of takes what a unit owes to itself for its own business: in no figure across units
	of := func(x *duty.Sum) *Figures {
		if x.Owner == x.Counterpart || !s.whole && !mine[x.Owner] || !inField(s.f.Field, x.Field) {
			return nil
		}
		if byField {
			return c.of("", x.Field)
		}
		return c.of(x.Owner, "")
	}
	today, week := workday.Of(s.tx.Now).String(), s.week.String()
	for _, rule := range owed {
		err := duty.EachOpen(s.tx, rule, func(x *duty.Sum) {
			f := of(x)
			if f == nil {
				return
			}
			f.Open += x.N
			switch {
			case x.Day == "":
				f.Dateless += x.N
			case x.Day < today:
				f.Late += x.N
			case x.Day <= week:
				f.Week += x.N
			}
		})
		if err != nil {
			return err
		}
		err = duty.EachEnded(s.tx, rule, duty.Ever, duty.Apart{Owner: true, Counterpart: true, Field: true}, func(x *duty.Sum) {
			if f := of(x); f != nil && x.Fate == duty.Met {
				f.Met += x.N
			} else if f != nil && x.Fate == duty.Late {
				f.DoneLate += x.N
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// owed are the rules under which a lead owes a result.
var owed = []string{directive.MustDo, directive.MustRecur}

// inField says whether a field is that of the filter or below it.
func inField(filter, field string) bool {
	return filter == "" || field == filter || strings.HasPrefix(field, filter+".")
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
