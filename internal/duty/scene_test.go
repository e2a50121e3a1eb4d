package duty_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/crowd"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

var system = org.System("test")

const rule = "thu.tra-loi"

// at reads an instant of the office: "2026-03-02 09:00".
func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, workday.Office)
	if err != nil {
		panic(err)
	}
	return t
}

// on runs fn on each database in the small province, on Monday 2 March 2026 at nine.
func on(t *testing.T, fn func(t *testing.T, d *db.DB, clock *lttest.Clock)) {
	t.Helper()
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		clock.Set(at("2026-03-02 09:00"))
		lttest.Update(t, d, crowd.SeedUnits)
		fn(t, d, clock)
	})
}

func limit(clause, text string) duty.Limit {
	return duty.Limit{Clause: clause, Basis: "thử " + clause, Text: text}
}

// open makes a case and arms what is given on it; case and missing keys are filled in.
func open(t testing.TB, d *db.DB, in ...duty.New) (id casefile.ID) {
	t.Helper()
	lttest.Update(t, d, func(tx *db.Tx) (err error) {
		id, err = openIn(tx, in...)
		return err
	})
	return id
}

func openIn(tx *db.Tx, in ...duty.New) (casefile.ID, error) {
	c, err := casefile.Open(tx, casefile.New{Kind: "thu", Prefix: "TH", Title: "Việc thử", Lead: "so-a", Raiser: "24001"})
	if err != nil {
		return "", err
	}
	for _, n := range in {
		n.Case = c.ID
		if n.Rule == "" {
			n.Rule = rule
		}
		if n.Owner == "" {
			n.Owner = "so-a"
		}
		if n.Round == 0 {
			n.Round = 1
		}
		if n.Counterpart == "" {
			n.Counterpart = "24001"
		}
		if _, err := duty.Arm(tx, n); err != nil {
			return "", err
		}
	}
	_, err = casefile.Record(tx, c, casefile.Event{Kind: "thu.opened", By: system})
	return c.ID, err
}

func key(id casefile.ID) duty.Key { return duty.Key{Case: id, Rule: rule, Owner: "so-a", Round: 1} }

// locked runs fn in an update that holds the case.
func locked(d *db.DB, id casefile.ID, fn func(tx *db.Tx) error) error {
	return d.Update(contextBackground, inLock(id, fn))
}

func inLock(id casefile.ID, fn func(tx *db.Tx) error) func(tx *db.Tx) error {
	return func(tx *db.Tx) error {
		if _, err := casefile.Lock(tx, system, id); err != nil {
			return err
		}
		return fn(tx)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func refused(t testing.TB, what string, err, kind error) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Errorf("%s: %v, want %v", what, err, kind)
		return
	}
	if r, ok := fault.Sentence(err); !ok || r.Say == "" {
		t.Errorf("%s: no sentence for the officer in %v", what, err)
	}
}

func get(t testing.TB, d *db.DB, k duty.Key) (got *duty.Duty) {
	t.Helper()
	lttest.View(t, d, func(tx *db.Tx) (err error) {
		got, err = duty.Get(tx, k)
		return err
	})
	return got
}

// due fails the test unless the duty is due at the instant; "" for none.
func due(t testing.TB, d *db.DB, k duty.Key, want string) {
	t.Helper()
	got := get(t, d, k)
	if want == "" && got.DueAt.IsZero() {
		return
	}
	if want == "" || !got.DueAt.Equal(at(want)) {
		t.Errorf("due %s, want %q", got.DueAt.In(workday.Office), want)
	}
}

func suspend(d *db.DB, k duty.Key) error {
	return locked(d, k.Case, func(tx *db.Tx) error {
		_, err := duty.Suspend(tx, k, duty.Ground{Reason: "chờ bổ sung", Clause: "THU/D2", By: system})
		return err
	})
}

func resume(d *db.DB, k duty.Key) error {
	return locked(d, k.Case, func(tx *db.Tx) error {
		_, err := duty.Resume(tx, k, duty.Ground{Reason: "đã bổ sung", By: system}, false)
		return err
	})
}

func meet(d *db.DB, k duty.Key) error {
	return locked(d, k.Case, func(tx *db.Tx) error { _, err := duty.Meet(tx, k); return err })
}

// heard counts what the sweep told, by key.
type heard struct{ missed, reminded map[duty.Key]int }

func sweeper(d *db.DB) (*duty.Sweeper, *heard) {
	h := &heard{map[duty.Key]int{}, map[duty.Key]int{}}
	count := func(m map[duty.Key]int) func(tx *db.Tx, c *casefile.Case, d *duty.Duty) error {
		return func(tx *db.Tx, c *casefile.Case, d *duty.Duty) error {
			k := d.Key
			tx.Done(func() { m[k]++ })
			return nil
		}
	}
	kinds := duty.Kinds{}
	for _, r := range []string{rule, crowd.Rule, "thu.buoc", "thu.tong"} {
		kinds[r] = duty.Kind{Rule: r, Say: "Trả lời", Dated: true, Missed: count(h.missed), Remind: count(h.reminded)}
	}
	return &duty.Sweeper{DB: d, Kinds: kinds, Node: "a"}, h
}

func sweep(t testing.TB, s *duty.Sweeper, reminded, missed int) {
	t.Helper()
	got, err := s.Sweep(contextBackground)
	must(t, err)
	if got.Reminded != reminded || got.Missed != missed {
		t.Errorf("sweep at %s: reminded %d, missed %d; want %d and %d", s.DB.Now(contextBackground).In(workday.Office).Format("02/01 15:04"), got.Reminded, got.Missed, reminded, missed)
	}
}

func orphans(t testing.TB, s *duty.Sweeper) {
	t.Helper()
	lttest.View(t, s.DB, func(tx *db.Tx) error {
		o, err := duty.CountOrphans(tx, s.Kinds)
		if err == nil && o != (duty.Orphans{}) {
			t.Errorf("orphans %+v, want none", o)
		}
		return err
	})
}

func withTimeout(d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(contextBackground, d)
}

func owned(by org.UnitID, n duty.New) duty.New {
	n.Owner = by
	return n
}
