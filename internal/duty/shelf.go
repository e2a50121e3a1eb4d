package duty

import (
	"slices"

	"lienthong/internal/db"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// Levels of sums.
const (
	levelNow   = "now"   // what runs, by day
	levelDay   = "day"   // what ended, some days of a month
	levelMonth = "month" // what ended, by month
	levelYear  = "year"  // what ended, by year
)

// longGone is the day of what runs and fell due some days ago: it sorts before every day and
// after none.
const longGone = "0"

// mostKept is how many sums a node keeps, of some thirty bytes each, before it forgets all and
// reads again what is asked for.
const mostKept = 1 << 20

// mostDays is how many shelves of days a node keeps.
const mostDays = 64

// A shelf holds the sums of one rule and level; those of months stand in a shelf a year, those
// of days in a shelf for each question about a part of a month.
type shelfKey struct {
	rule, level, year string
	from, to          string // of days
	apart             Apart  // of days: what is told apart
}

// holds says whether a counter stands in a shelf of days.
func (k shelfKey) holds(t tallyKey) bool {
	return k.rule == t.rule && t.fate != Open && t.fate != Suspended && t.dueDay >= k.from && t.dueDay <= k.to
}

// of is a counter without what is not told apart.
func (a Apart) of(k tallyKey) tallyKey {
	if !a.Owner {
		k.owner = ""
	}
	if !a.Counterpart {
		k.counterpart = ""
	}
	if !a.Field {
		k.field = ""
	}
	return k
}

// columns are those of a shelf of days, and what they are grouped by.
func (a Apart) columns() (columns, group string) {
	group = "fate"
	for _, c := range []struct {
		name  string
		asked bool
	}{{"owner", a.Owner}, {"counterpart", a.Counterpart}, {"field", a.Field}} {
		if c.asked {
			columns, group = columns+c.name+", ", group+", "+c.name
		} else {
			columns += "'', "
		}
	}
	if a == (Apart{Owner: true}) {
		group = "fate, due_day, owner" // the order of the key: nothing is sorted
	}
	return columns, group
}

// A place is a shelf with the period under which a counter stands there.
type place struct {
	shelfKey
	period string
}

// places names the sums in which a counter stands.
func (k tallyKey) places() []place {
	if k.fate == Open || k.fate == Suspended {
		return []place{{shelfKey{rule: k.rule, level: levelNow}, k.dueDay}}
	}
	if k.dueDay == "" {
		return []place{{shelfKey{rule: k.rule, level: levelYear}, ""}}
	}
	year, month := k.dueDay[:len("2026")], k.dueDay[:len("2026-03")]
	return []place{{shelfKey{rule: k.rule, level: levelYear}, year}, {shelfKey{rule: k.rule, level: levelMonth, year: year}, month}}
}

// A cell is what a sum is of, in numbers of names.
type cell struct{ fate, owner, counterpart, field, period uint32 }

// A counted cell, with the roll that brought it; 0 from the beginning of its shelf.
type counted struct {
	cell
	n, roll int64
}

// A shelf is what was read once and what rolls have brought since. Both lists are only added
// to or replaced, never changed, so that readers need no lock.
type shelf struct {
	from  int64  // the roll up to which base has everything
	today string // what fell due well before this day is one sum
	base  []counted
	tail  []counted
}

// A standing shelf is one as a snapshot sees it.
type standing struct {
	names      []string
	base, tail []counted
	roll       int64
}

// each gives the sums.
func (st *standing) each(each func(s *Sum)) {
	var s Sum
	for _, list := range [][]counted{st.base, st.tail} {
		for i := range list {
			c := &list[i]
			if c.roll > st.roll {
				break
			}
			s = Sum{Fate(st.names[c.fate]), org.UnitID(st.names[c.owner]), org.UnitID(st.names[c.counterpart]), st.names[c.field], st.names[c.period], c.n}
			each(&s)
		}
	}
}

// tailBefore is how long a tail may be before it is merged.
const tailBefore = 4096

// merge puts a long tail into the base.
func (h *shelf) merge(roll int64) {
	if len(h.tail) < tailBefore+len(h.base)/4 {
		return
	}
	at := make(map[cell]int, len(h.base))
	base := make([]counted, 0, len(h.base)+len(h.tail)/2)
	for _, list := range [][]counted{h.base, h.tail} {
		for _, c := range list {
			i, ok := at[c.cell]
			if !ok {
				i = len(base)
				at[c.cell] = i
				base = append(base, counted{cell: c.cell})
			}
			base[i].n += c.n
		}
	}
	h.base, h.tail, h.from = slices.DeleteFunc(base, func(c counted) bool { return c.n == 0 }), nil, roll
}

// read reads a shelf from the store.
func (s *shelves) read(tx *db.Tx, k shelfKey, roll int64, today workday.Date) (h *shelf, err error) {
	// whoever asks late in the night, or with a clock of his own, still finds his today
	h = &shelf{from: roll, today: today.AddDays(-1).String()}
	keep := func(sum *Sum) {
		h.base = append(h.base, s.counted(tallyKey{fate: sum.Fate, owner: sum.Owner, counterpart: sum.Counterpart, field: sum.Field}, sum.Day, sum.N, 0))
	}
	switch k.level {
	case levelYear:
		// system: counters, of units and no case
		err = eachRow(tx, `SELECT fate, owner, counterpart, field, period, n FROM duty_roll WHERE rule = $1 AND level = 'year'`, []any{k.rule}, keep)
	case levelMonth:
		// system: counters, of units and no case
		err = eachRow(tx, `SELECT fate, owner, counterpart, field, period, n FROM duty_roll WHERE rule = $1 AND level = 'month' AND period >= $2 AND period <= $3`,
			[]any{k.rule, k.year + "-01", k.year + "-12"}, keep)
	case levelDay:
		columns, group := k.apart.columns()
		// system: counters, of units and no case
		err = eachRow(tx, `SELECT fate, `+columns+`'', CAST(sum(n) AS BIGINT) FROM duty_count
			WHERE rule = $1 AND fate IN ('met', 'late', 'waived', 'handed') AND due_day >= $2 AND due_day <= $3 GROUP BY `+group, []any{k.rule, k.from, k.to}, func(sum *Sum) {
			sum.Day = k.from[:len("2026-03")]
			keep(sum)
		})
	default:
		// system: counters, of units and no case
		err = eachRow(tx, `SELECT fate, owner, counterpart, field, due_day, n FROM duty_count
			WHERE rule = $1 AND fate IN ('open', 'suspended') AND due_day >= $2`, []any{k.rule, h.today}, keep)
		if err == nil {
			// system: counters, of units and no case
			err = eachRow(tx, `SELECT fate, owner, counterpart, field, CASE WHEN due_day = '' THEN '' ELSE '`+longGone+`' END AS day, CAST(sum(n) AS BIGINT) FROM duty_count
				WHERE rule = $1 AND fate IN ('open', 'suspended') AND due_day < $2 GROUP BY fate, owner, counterpart, field, day`, []any{k.rule, h.today}, keep)
		}
	}
	return h, err
}
