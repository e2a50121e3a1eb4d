package duty

import (
	"database/sql"
	"sync"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// Late is a word of the counters alone: what was done, or handed on, after its owner's share.
const Late = late

// A Sum is how many duties of a rule stand alike. The same may come in several sums, some of
// them below zero: what counts is what they add up to.
type Sum struct {
	Fate        Fate // Late among them
	Owner       org.UnitID
	Counterpart org.UnitID
	Field       string
	Day         string // of what runs the last day, "0" of long gone ones; of what ended the day, month or year; "" without one
	N           int64
}

// Apart says what of a sum is asked for; the rest may be left empty.
type Apart struct{ Owner, Counterpart, Field bool }

// EachOpen gives the sums of what runs under a rule, as they stand in the snapshot of tx.
// The caller answers for who may see them.
func EachOpen(tx *db.Tx, rule string, each func(s *Sum)) (err error) {
	defer fault.Wrap(&err, "what runs under %s", rule)
	st, err := stand(tx, shelfKey{rule: rule, level: levelNow})
	if err != nil {
		return err
	}
	st.each(each)
	// system: counters, of units and no case
	return eachRow(tx, `SELECT fate, owner, counterpart, field, due_day, n FROM duty_tally WHERE rule = $1 AND fate IN ('open', 'suspended')`, []any{rule}, each)
}

// EachEnded gives the sums of what ended under a rule and had been due in the span. Sums of
// years and months are kept in memory; of a month that the span cuts the days are added up, and
// kept as they were asked for.
func EachEnded(tx *db.Tx, rule string, span Span, apart Apart, each func(s *Sum)) (err error) {
	defer fault.Wrap(&err, "what ended under %s", rule)
	for _, p := range span.pieces() {
		if err := p.each(tx, rule, apart, each); err != nil {
			return err
		}
	}
	first, last := span.From.String(), span.To.String()
	// system: counters, of units and no case
	return eachRow(tx, `SELECT fate, owner, counterpart, field, due_day, n FROM duty_tally WHERE rule = $1 AND fate IN ('met', 'late', 'waived', 'handed')`, []any{rule}, func(s *Sum) {
		if s.Day >= first && s.Day <= last || s.Day == "" && !span.Dated {
			if span.Months && s.Day != "" {
				s.Day = s.Day[:len("2026-03")]
			}
			each(s)
		}
	})
}

// each gives the sums of one piece.
func (p piece) each(tx *db.Tx, rule string, apart Apart, each func(s *Sum)) error {
	if p.minus {
		add := each
		each = func(s *Sum) { s.N = -s.N; add(s) }
	}
	switch p.level {
	case levelDay:
		st, err := stand(tx, shelfKey{rule: rule, level: levelDay, from: p.from, to: p.to, apart: apart})
		if err == nil {
			st.each(each)
		}
		return err
	case levelYear:
		return p.within(tx, shelfKey{rule: rule, level: levelYear}, each)
	}
	for year := p.from[:len("2026")]; ; year = next(year) {
		if err := p.within(tx, shelfKey{rule: rule, level: levelMonth, year: year}, each); err != nil || year == p.to[:len("2026")] {
			return err
		}
	}
}

// next is the year behind a year.
func next(year string) string {
	d, _ := workday.ParseDate(year + "-12-31")
	return d.AddDays(1).String()[:len("2026")]
}

// within gives what a shelf has of the piece's periods.
func (p piece) within(tx *db.Tx, k shelfKey, each func(s *Sum)) error {
	st, err := stand(tx, k)
	if err != nil {
		return err
	}
	st.each(func(s *Sum) {
		if s.Day >= p.from && s.Day <= p.to {
			each(s)
		}
	})
	return nil
}

// eachRow gives the rows of a query as sums.
func eachRow(tx *db.Tx, query string, args []any, each func(s *Sum)) error {
	return tx.All(query, args, func(r *sql.Rows) error {
		var s Sum
		err := r.Scan(&s.Fate, &s.Owner, &s.Counterpart, &s.Field, &s.Day, &s.N)
		if err == nil {
			each(&s)
		}
		return err
	})
}

// stand returns a shelf as it was in the snapshot of tx.
func stand(tx *db.Tx, k shelfKey) (standing, error) {
	anew := func() (any, error) { return &shelves{numbers: map[string]uint32{}, all: map[shelfKey]*shelf{}}, nil }
	// an update may yet be rolled back, and is no snapshot on PostgreSQL: it reads for itself
	view := false
	tx.Committed(func() { view = true })
	kept, err := anew()
	if view {
		kept, err = tx.Memo("duty sums", anew)
	}
	if err != nil {
		return standing{}, err
	}
	return kept.(*shelves).stand(tx, k)
}

// shelves keep sums in memory. Rolls are numbered, and a snapshot sees one number: a shelf is
// brought up to it by the changes since, and a snapshot that is older than what a shelf holds
// leaves out what came after it.
type shelves struct {
	mu      sync.Mutex
	upto    int64 // the roll that all shelves have come to
	names   []string
	numbers map[string]uint32 // of names
	all     map[shelfKey]*shelf
	days    []shelfKey // of all, those of days
}

// stand brings the shelves up to the snapshot and returns one.
func (s *shelves) stand(tx *db.Tx, k shelfKey) (st standing, err error) {
	roll, err := tx.Version(rollVersion)
	if err != nil {
		return st, err
	}
	today := workday.Of(tx.Now)
	s.mu.Lock()
	defer s.mu.Unlock()
	if roll > s.upto {
		if err := s.follow(tx, roll); err != nil {
			return st, err
		}
	}
	h := s.all[k]
	if h == nil || h.from > roll || h.today > today.String() {
		if h, err = s.read(tx, k, roll, today); err != nil {
			return st, err
		}
		if roll == s.upto && (s.all[k] == nil || s.all[k].from <= roll) {
			s.keep(k, h)
		}
	}
	return standing{names: s.names, base: h.base, tail: h.tail, roll: roll}, nil
}

// keep keeps a shelf. Of days there are as many as people ask for; past a bound all of them go.
func (s *shelves) keep(k shelfKey, h *shelf) {
	if k.level == levelDay && s.all[k] == nil {
		if len(s.days) >= mostDays {
			for _, old := range s.days {
				delete(s.all, old)
			}
			s.days = nil
		}
		s.days = append(s.days, k)
	}
	s.all[k] = h
}

// follow brings every shelf up to a roll. A node that looked away for too long begins anew.
func (s *shelves) follow(tx *db.Tx, roll int64) error {
	if roll-s.upto > rollsKept || s.size() > mostKept {
		s.all, s.days, s.upto = map[shelfKey]*shelf{}, nil, roll
		return nil
	}
	type change struct {
		tallyKey
		n, roll int64
	}
	var all []change
	// system: counters, of units and no case
	err := tx.All(`SELECT roll, rule, fate, owner, counterpart, field, due_day, n FROM duty_roll_change WHERE roll > $1 AND roll <= $2 ORDER BY roll`,
		[]any{s.upto, roll}, func(r *sql.Rows) error {
			var c change
			err := r.Scan(&c.roll, &c.rule, &c.fate, &c.owner, &c.counterpart, &c.field, &c.dueDay, &c.n)
			all = append(all, c)
			return err
		})
	if err != nil {
		return err
	}
	for _, c := range all {
		for _, at := range c.places() {
			if h := s.all[at.shelfKey]; h != nil {
				h.tail = append(h.tail, s.counted(c.tallyKey, at.period, c.n, c.roll))
			}
		}
		for _, k := range s.days {
			if k.holds(c.tallyKey) {
				s.all[k].tail = append(s.all[k].tail, s.counted(k.apart.of(c.tallyKey), k.from[:len("2026-03")], c.n, c.roll))
			}
		}
	}
	for _, h := range s.all {
		h.merge(roll)
	}
	s.upto = roll
	return nil
}

// size is how many sums are kept.
func (s *shelves) size() (n int) {
	for _, h := range s.all {
		n += len(h.base) + len(h.tail)
	}
	return n
}

// counted is a sum with its names as numbers.
func (s *shelves) counted(k tallyKey, period string, n, roll int64) counted {
	return counted{cell{s.number(string(k.fate)), s.number(string(k.owner)), s.number(string(k.counterpart)), s.number(k.field), s.number(period)}, n, roll}
}

// number is that of a name, the next one for a name that is new. Names are only added, so who
// holds the list of before may go on reading it.
func (s *shelves) number(name string) uint32 {
	n, ok := s.numbers[name]
	if !ok {
		n = uint32(len(s.names))
		s.numbers[name] = n
		s.names = append(s.names, name)
	}
	return n
}
