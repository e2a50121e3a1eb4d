package duty

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// An Arming says how the duties of one rule come from the calendar: a yearly review, a
// weekly programme. What recurs and who owes it is data of the regulation; the case
// that each occasion opens is the slice's.
type Arming struct {
	// Occasions returns who owes the act again and again, as the rulebook in force says
	// now. It runs in a view, once an hour.
	Occasions func(tx *db.Tx) ([]Occasion, error)
	// Open opens the case of one occasion, with its parties, and says what is owed on it.
	// Case, Rule, Owner, Round and Limits of the answer are filled in by the kernel.
	Open func(tx *db.Tx, o Occasion) (*casefile.Case, New, error)
}

// An Occasion is one unit's standing duty that comes again.
type Occasion struct {
	Owner    org.UnitID         // who owes it; "" where the rule's role maps to nobody
	Name     string             // what it is counted under: one occasion a name and period; "" for the owner's id
	Fallback org.UnitID         // who has it while the owner is missing, as the profile names it
	Again    workday.Recurrence // by when, each time
	Ahead    workday.Limit      // how long before it is due it is shown; zero: from when the one before was due
	Since    time.Time          // nothing that was due before is made: the rule's first day, or its adoption
	Until    workday.Date       // nothing of this period or later is made: it ended; zero: it goes on
	Clause   string             // that makes it due
	Basis    string             // in words, as a duty shows it

	Period workday.Date // set by the kernel: the day as the rule states it, whatever the calendar makes of it
	Due    workday.Due  // set by the kernel
	Absent bool         // set by the kernel: the owner is missing, Owner is the fall-back
}

// The name of an occasion in its history; the owner's id when it has none.
func (o *Occasion) name() string { return cmp.Or(o.Name, string(o.Owner)) }

// arm opens what the calendar asks for, each occasion in its own transaction: one that
// fails does not hold up the others. An occasion is armed once, however many nodes try
// and however the calendar changes; one that fell due while nothing ran is armed late,
// because it is owed all the same.
func (s *Sweeper) arm(ctx context.Context) (armed int, err error) {
	var failed []error
	for _, rule := range slices.Sorted(maps.Keys(s.Kinds)) {
		kind := s.Kinds[rule]
		if kind.Arming == nil {
			continue
		}
		due, err := s.occasions(ctx, kind)
		if err != nil {
			failed = append(failed, fmt.Errorf("occasions of %s: %w", rule, err))
		}
		for _, o := range due {
			did, err := s.armOne(ctx, kind, o)
			if err != nil {
				failed = append(failed, fmt.Errorf("arm %s of %s for %s: %w", rule, o.name(), o.Period, err))
			} else if did {
				armed++
			}
		}
	}
	return armed, errors.Join(failed...)
}

// occasions returns the occasions of a kind that are to be shown now and were not armed.
func (s *Sweeper) occasions(ctx context.Context, kind Kind) (due []Occasion, err error) {
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		all, err := kind.Arming.Occasions(tx)
		if err != nil || len(all) == 0 {
			return err
		}
		last, err := lastArmed(tx, kind.Rule)
		if err != nil {
			return err
		}
		_, rev, err := currentCalendar(tx, "")
		if err != nil {
			return err
		}
		for _, o := range all {
			some, err := o.open(rev, last[o.name()], tx.Now)
			if err != nil {
				return err
			}
			due = append(due, some...)
		}
		return nil
	})
	return due, err
}

// open returns the periods after last, or for the first time those not due before Since,
// whose hour to be shown has come.
func (o Occasion) open(rev workday.Revision, last workday.Date, now time.Time) (all []Occasion, err error) {
	err = o.walk(rev, last, func(next Occasion, before workday.Date) (bool, error) {
		shown, err := o.shown(rev, before, next.Due)
		if err != nil || shown.After(now) {
			return false, err
		}
		all = append(all, next)
		return true, nil
	})
	return all, err
}

// walk goes through the periods after last, or for the first time those not due before Since,
// up to Until, as long as each says true. before is the period in front of each.
func (o Occasion) walk(rev workday.Revision, last workday.Date, each func(next Occasion, before workday.Date) (bool, error)) error {
	first := last.IsZero()
	if first {
		// a roll or "trước" carries a due instant over the day the rule states, so begin before it
		last = workday.Of(o.Since).AddDays(-firstLook)
	}
	for {
		day, due, err := o.Again.After(rev, last)
		if err != nil || !o.Until.IsZero() && !day.Before(o.Until) {
			return err
		}
		before := last
		if last = day; first && !due.At.After(o.Since) {
			continue
		}
		o.Period, o.Due = day, due
		if more, err := each(o, before); err != nil || !more {
			return err
		}
	}
}

// Upcoming returns for each occasion its next n periods that were not armed yet, with their
// due instants on the calendar as it is known now. The caller may see the acts that recur.
func Upcoming(tx *db.Tx, rule string, all []Occasion, n int) (next [][]Occasion, err error) {
	defer fault.Wrap(&err, "upcoming %s", rule)
	if len(all) == 0 {
		return nil, nil
	}
	_, rev, err := currentCalendar(tx, "")
	if err != nil {
		return nil, err
	}
	next = make([][]Occasion, len(all))
	for i, o := range all {
		var last workday.Date
		// system: what the calendar armed last for this one
		if err := tx.One(`SELECT coalesce(max(period), '') FROM duty_arming WHERE rule = $1 AND owner = $2`, []any{rule, o.name()}, &last); err != nil {
			return nil, err
		}
		err := o.walk(rev, last, func(one Occasion, _ workday.Date) (bool, error) {
			next[i] = append(next[i], one)
			return len(next[i]) < n, nil
		})
		if err != nil {
			return nil, err
		}
	}
	return next, nil
}

// firstLook is how many days before Since the first occasion is looked for; it only
// has to be longer than any row of days off that a due day rolls over.
const firstLook = 31

// shown is the instant from which an occasion is shown.
func (o *Occasion) shown(rev workday.Revision, before workday.Date, due workday.Due) (time.Time, error) {
	if o.Ahead == (workday.Limit{}) {
		return before.AddDays(1).Midnight(), nil
	}
	back := o.Ahead
	back.Back = true
	_, at, err := workday.DueOnly(rev, due.At, back)
	return at, err
}

// What was armed last for each owner: a sweep that comes late goes on from there and leaves no period out.
func lastArmed(tx *db.Tx, rule string) (last map[string]workday.Date, err error) {
	last = map[string]workday.Date{}
	// system: the sweep asks what it armed
	err = tx.All(`SELECT owner, max(period) FROM duty_arming WHERE rule = $1 GROUP BY owner`, []any{rule}, func(r *sql.Rows) error {
		var owner string
		var period workday.Date
		err := r.Scan(&owner, &period)
		last[owner] = period
		return err
	})
	return last, err
}

// armOne opens the case of one occasion and puts its duty on it, unless another node did.
func (s *Sweeper) armOne(ctx context.Context, kind Kind, o Occasion) (did bool, err error) {
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		did = false
		n, err := tx.Exec(`INSERT INTO duty_arming (rule, owner, period, due_at, armed_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
			kind.Rule, o.name(), o.Period, o.Due.At, tx.Now)
		if err != nil || n == 0 {
			return err
		}
		if err := o.findOwner(tx); err != nil {
			return err
		}
		c, in, err := kind.Arming.Open(tx, o)
		if err != nil {
			return err
		}
		if err := o.put(tx, kind, c, in); err != nil {
			return err
		}
		did = true
		_, err = tx.Exec(`UPDATE duty_arming SET case_id = $1 WHERE rule = $2 AND owner = $3 AND period = $4`, string(c.ID), kind.Rule, o.name(), o.Period)
		return err
	})
	return did, err
}

// put arms the duty and tells the history which clause made the case.
func (o *Occasion) put(tx *db.Tx, kind Kind, c *casefile.Case, in New) error {
	in.Key = Key{c.ID, kind.Rule, o.Owner, 1}
	// one day from the day before the stated one: the limit stays on the calendar, so that a
	// day off announced later rolls it like any other, and its explanation says so
	length := workday.Limit{Unit: workday.CalendarDays, N: 1, Exclusive: o.Again.Before, By: o.Again.By, Roll: o.Again.Roll}
	in.From = o.Period.AddDays(-1).Midnight()
	in.Limits = []Limit{{Clause: o.Clause, Basis: o.Basis, Text: length.String(), Words: o.Again.Words(), Fixed: true}}
	if _, err := Arm(tx, in); err != nil {
		return err
	}
	facts := map[string]string{"rule": kind.Rule, "owner": string(o.Owner), "period": o.Period.String(), "again": o.Again.String(), "clause": o.Clause}
	if o.Absent {
		facts["absent"] = o.name()
	}
	_, err := casefile.Record(tx, c, casefile.Event{Kind: "duty.armed", By: org.System("sweep"), Facts: facts}, o.Clause)
	return err
}

// findOwner follows mergers to the unit that stands today; where there is none the
// fall-back that the profile names has it, and the history says so.
func (o *Occasion) findOwner(tx *db.Tx) error {
	if o.Owner != "" {
		now, err := org.Successor(tx, o.Owner)
		if err != nil {
			return err
		}
		u, err := org.UnitOf(tx, now)
		if err == nil && u.Stands(workday.Of(tx.Now)) {
			o.Name, o.Owner = o.name(), now
			return nil
		}
		if err != nil && !errors.Is(err, fault.NotFound) {
			return err
		}
	}
	if o.Fallback == "" {
		return fmt.Errorf("no unit owes it and the profile names no fall-back")
	}
	o.Name, o.Owner, o.Absent = o.name(), o.Fallback, true
	return nil
}
