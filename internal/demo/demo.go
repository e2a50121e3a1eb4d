// Package demo makes the matters of a demonstration: invented petitions of the last
// weeks in every state, raised, directed, answered and left lying by the invented
// people of org.SeedDemo.
//
// Every matter goes through the operations that officers use, at the instants at which
// they would have used them, under a clock that starts in the past; nothing is written
// beside them. What is shown is marked as an example by the people who act in it.
package demo

import (
	"bytes"
	"cmp"
	"context"
	_ "embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/signoff"
	"lienthong/internal/workday"
)

// petitions.csv: ago (working days before today), unit, field, fate, and the texts. The
// fate says how far the matter came; see fates.
//
//go:embed petitions.csv
var petitions []byte

// A matter is one example and how far it has come.
type matter struct {
	ago                                            int
	unit                                           org.UnitID
	field, fate, title, text, tried, proposal, arg string

	id    casefile.ID
	lead  org.UnitID
	paper signoff.ID
}

// A step is something that somebody did so many working days after the matter began.
type step struct {
	day   int
	clock workday.Clock
	do    func(f *filler, tx *db.Tx, m *matter) error
}

// An occasion is a step of one matter at its instant.
type occasion struct {
	at time.Time
	n  int // of the matter, so that two at one instant keep an order
	m  *matter
	do func(f *filler, tx *db.Tx, m *matter) error

	work bool // a job follows
}

// A filler moves the clock and acts.
type filler struct {
	ctx  context.Context
	d    *db.DB
	desk signoff.Desk
	now  time.Time
}

// Begins says on which day the first example begins, seen from now: the office must be
// in force by then.
func Begins(rev workday.Revision, now time.Time) (time.Time, error) {
	all, err := matters()
	if err != nil {
		return now, err
	}
	longest := 0
	for _, m := range all {
		longest = max(longest, m.ago)
	}
	return back(rev, workday.Of(now), longest).Midnight(), nil
}

// Fill raises the examples and moves each as far as its fate says, up to now. The
// store's clock is moved while it runs and given back as it was.
func Fill(ctx context.Context, d *db.DB, desk signoff.Desk, kinds duty.Kinds, now time.Time) (err error) {
	defer fault.Wrap(&err, "fill demonstration")
	clock := d.Clock
	defer func() { d.Clock = clock }()
	f := &filler{ctx: ctx, d: d, desk: desk, now: now}
	d.Clock = func() time.Time { return f.now }
	all, err := f.occasions(now)
	if err != nil {
		return err
	}
	sweeper := duty.Sweeper{DB: d, Kinds: kinds, Node: "demo"}
	for _, o := range all {
		if day := workday.Of(o.at); workday.Of(f.now) != day { // what fell due over night is announced first
			f.now = day.Midnight()
			if _, err := sweeper.Sweep(ctx); err != nil {
				return err
			}
		}
		f.now = o.at
		if err := d.Update(ctx, func(tx *db.Tx) error { return o.do(f, tx, o.m) }); err != nil {
			return fmt.Errorf("%s %s: %w", o.m.fate, o.m.title, err)
		}
		if o.work {
			if err := f.workOff(); err != nil {
				return err
			}
		}
	}
	f.now = now
	_, err = sweeper.Sweep(ctx)
	return err
}

// matters reads the examples.
func matters() (all []*matter, err error) {
	rows, err := csv.NewReader(bytes.NewReader(petitions)).ReadAll()
	if err != nil {
		return nil, err
	}
	for _, r := range rows[1:] {
		m := &matter{unit: org.UnitID(r[1]), field: r[2], title: r[4], text: r[5], tried: r[6], proposal: r[7]}
		m.fate, m.arg, _ = strings.Cut(r[3], ":")
		if m.ago, err = strconv.Atoi(r[0]); err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, nil
}

// settledAgo is from how many working days ago on a matter went at its own pace, a day
// sooner or up to two later than its fate says: no two offices are equally quick. Younger
// ones must be where their fate puts them today.
const settledAgo = 10

// occasions lays out what happened when, in order, up to now.
func (f *filler) occasions(now time.Time) (all []occasion, err error) {
	list, err := matters()
	if err != nil {
		return nil, err
	}
	var rev workday.Revision
	err = f.d.View(f.ctx, func(tx *db.Tx) error {
		_, rev, err = duty.Calendar(tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	for n, m := range list {
		steps, ok := fates[m.fate]
		if !ok {
			return nil, fmt.Errorf("no fate %q", m.fate)
		}
		began := back(rev, workday.Of(now), m.ago)
		for _, s := range steps {
			day := s.day
			if day > 1 && m.ago > settledAgo {
				day += n%4 - 1
			}
			at := forth(rev, began, day).At(s.clock).Add(time.Duration(n) * time.Minute / 2)
			if at.Before(now) {
				all = append(all, occasion{at: at, n: n, m: m, do: s.do})
			}
		}
	}
	all = append(all, ordered(rev, now)...)
	all = append(all, programmed(rev, workday.Of(now))...)
	all = append(all, around(rev, now)...)
	slices.SortStableFunc(all, func(a, b occasion) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.n, b.n)) })
	return all, nil
}

// back returns the nth working day before d, forth the nth after.
func back(rev workday.Revision, d workday.Date, n int) workday.Date { return walk(rev, d, n, -1) }

// The working day n days on.
func forth(rev workday.Revision, d workday.Date, n int) workday.Date { return walk(rev, d, n, 1) }

// Counts working days of the calendar, as limits do: the invented past must be late or in time by the real
// rules.
func walk(rev workday.Revision, d workday.Date, n, by int) workday.Date {
	for n > 0 {
		d = d.AddDays(by)
		if ok, _ := rev.Working(d); ok {
			n--
		}
	}
	return d
}

// by returns an officer of a unit with a role, of the section when one is given, acting
// in that post.
func by(tx *db.Tx, unit org.UnitID, role org.Role, section org.UnitID) (org.Actor, error) {
	held, err := org.Officers(tx, unit)
	if err != nil {
		return org.Actor{}, err
	}
	for _, h := range held {
		if h.Post.Role == role && (section == "" || h.Post.Section == section) {
			who, err := org.ActorOf(tx, h.Officer.ID)
			return who.As(h.Post), err
		}
	}
	return org.Actor{}, fmt.Errorf("%s has no %s", unit, role)
}

// oneStep says whether a unit's papers of a kind take one step.
func oneStep(tx *db.Tx, unit org.UnitID, kind string) (bool, error) {
	path, err := org.Path(tx, unit, kind)
	return len(path) == 1, err
}

// workingSection is the section in which a department works on the examples: its second,
// because the first is the office of the department itself.
func workingSection(tx *db.Tx, unit org.UnitID) (org.UnitID, error) {
	all, err := org.Sections(tx, unit)
	if err != nil || len(all) == 0 {
		return "", err
	}
	return all[min(1, len(all)-1)].ID, nil
}

// outcomeOf reads the outcome that a fate names; guided where it names none.
func outcomeOf(arg string) petition.Outcome {
	if o := petition.Outcome(arg); o.Say() != "" {
		return o
	}
	return petition.Guided
}
