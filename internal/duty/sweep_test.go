package duty_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/crowd"
)

func TestRemindersInOfficeHours(t *testing.T) {
	on(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		id := open(t, d, duty.New{Limits: []duty.Limit{limit("A", "7wd")}, Reminders: "2,1"}) // nobody directed: reminded like any other
		s, h := sweeper(d)
		// last day Wednesday 11/03: reminded on Monday 09/03 and Tuesday 10/03 when the office opens
		for _, step := range []struct {
			at               string
			reminded, missed int
		}{
			{"2026-03-08 23:00", 0, 0}, {"2026-03-09 07:29", 0, 0}, {"2026-03-09 07:30", 1, 0}, {"2026-03-09 17:00", 0, 0},
			{"2026-03-10 07:31", 1, 0}, {"2026-03-11 23:59", 0, 0}, {"2026-03-12 00:00", 0, 1}, {"2026-03-12 00:01", 0, 0}, {"2026-03-20 09:00", 0, 0},
		} {
			clock.Set(at(step.at))
			sweep(t, s, step.reminded, step.missed)
			orphans(t, s)
		}
		if k := key(id); h.missed[k] != 1 || h.reminded[k] != 2 {
			t.Errorf("told %d misses and %d reminders, want 1 and 2", h.missed[k], h.reminded[k])
		}
	})
}

// After an outage over both reminders and the due instant the miss is told once and no
// reminder comes after it.
func TestSweepAfterAnOutage(t *testing.T) {
	on(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		open(t, d, duty.New{Limits: []duty.Limit{limit("A", "7wd")}, Reminders: "2,1"})
		s, _ := sweeper(d)
		clock.Set(at("2026-03-30 03:00"))
		sweep(t, s, 0, 1)
		sweep(t, s, 0, 0)
	})
}

func TestSweepReachesAllAndStepsOverAPoisonedOne(t *testing.T) {
	on(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		const n = 450 // more than two batches
		var bad []casefile.ID
		lttest.Update(t, d, func(tx *db.Tx) error {
			bad = nil
			for i := range n {
				id, err := openIn(tx, duty.New{Limits: []duty.Limit{limit("A", "1wd")}})
				if err != nil {
					return err
				}
				if i%150 == 3 {
					bad = append(bad, id)
				}
			}
			return nil
		})
		s, h := sweeper(d)
		fine := s.Kinds[rule].Missed
		broken := true
		k := s.Kinds[rule]
		k.Missed = func(tx *db.Tx, c *casefile.Case, x *duty.Duty) error {
			for _, id := range bad {
				if broken && c.ID == id {
					return errors.New("poisoned")
				}
			}
			return fine(tx, c, x)
		}
		s.Kinds[rule] = k
		clock.Set(at("2026-03-10 09:00"))
		got, err := s.Sweep(contextBackground)
		if got.Missed != n-len(bad) || err == nil || strings.Count(err.Error(), "poisoned") != len(bad) {
			t.Errorf("missed %d with %v, want all but the %d poisoned", got.Missed, err, len(bad))
		}
		broken = false
		sweep(t, s, 0, len(bad))
		sweep(t, s, 0, 0)
		for k, times := range h.missed {
			if times != 1 {
				t.Fatalf("%s was told %d times", k.Case, times)
			}
		}
		orphans(t, s)
	})
}

func TestTwoSweepsAtOnceTellOnce(t *testing.T) {
	on(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		for range 40 {
			open(t, d, duty.New{Limits: []duty.Limit{limit("A", "1wd")}})
		}
		clock.Set(at("2026-03-10 09:00"))
		var mu sync.Mutex
		told := 0
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				s, _ := sweeper(d)
				k := s.Kinds[rule]
				k.Missed = func(tx *db.Tx, _ *casefile.Case, _ *duty.Duty) error {
					tx.Done(func() { mu.Lock(); told++; mu.Unlock() })
					return nil
				}
				s.Kinds[rule] = k
				if _, err := s.Sweep(contextBackground); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if told != 40 {
			t.Errorf("told %d misses, want 40", told)
		}
	})
}

// What is suspended before its due instant is never announced; what moves behind now
// after it was announced is announced again when it is missed again.
func TestMissedAgain(t *testing.T) {
	on(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		id := open(t, d, duty.New{Limits: []duty.Limit{limit("A", "3wd")}})
		s, h := sweeper(d)
		clock.Set(at("2026-03-04 09:00"))
		must(t, suspend(d, key(id)))
		clock.Set(at("2026-03-20 09:00"))
		sweep(t, s, 0, 0)
		must(t, resume(d, key(id)))
		orphans(t, s)
		clock.Set(at("2026-04-20 09:00"))
		sweep(t, s, 0, 1)
		var fresh *duty.Duty
		must(t, locked(d, id, func(tx *db.Tx) (err error) {
			_, fresh, err = duty.HandOver(tx, key(id), "so-b", duty.Ground{Reason: "không đúng thẩm quyền", By: system})
			return err
		}))
		sweep(t, s, 0, 0) // the overseers know: a new owner is no new miss
		if !get(t, d, fresh.Key).MissedAtNow(clock.Now()) || h.missed[key(id)] != 1 {
			t.Errorf("the new owner's duty is not missed, or told %d times", h.missed[key(id)])
		}
		orphans(t, s)
	})
}

func TestRunKeepsToItsLease(t *testing.T) {
	d, clock := lttest.SQLite(t)
	clock.Set(at("2026-03-02 09:00"))
	lttest.Update(t, d, crowd.SeedUnits)
	won, err := d.Lease(t.Context(), "sweep", "b", time.Minute)
	if err != nil || !won {
		t.Fatal(won, err)
	}
	open(t, d, duty.New{Limits: []duty.Limit{limit("A", "1wd")}})
	clock.Set(at("2026-03-10 09:00"))
	s, h := sweeper(d)
	ctx, cancel := withTimeout(300 * time.Millisecond)
	defer cancel()
	s.Run(ctx, func(err error) { t.Error(err) })
	if len(h.missed) != 0 {
		t.Error("a node without the lease swept")
	}
}
