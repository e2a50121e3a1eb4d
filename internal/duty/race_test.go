package duty_test

import (
	"database/sql"
	"errors"
	"testing"
	"time"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
)

// race lets b meet a at every point of a, on a fresh duty each time.
func race(t *testing.T, a, b func(tx *db.Tx, k duty.Key) error, check func(t *testing.T, d *db.DB, k duty.Key, m lttest.Meeting)) {
	t.Helper()
	on(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		var k duty.Key
		start := clock.Now()
		prepare := func(tx *db.Tx) error {
			id, err := openIn(tx, duty.New{From: start, Limits: []duty.Limit{limit("A", "1wd")}})
			k = key(id)
			return err
		}
		clock.Set(start.Add(10 * 24 * time.Hour)) // missed already: the sweep wants it
		lttest.Race(t, d, prepare,
			func(tx *db.Tx) error { return inLock(k.Case, func(tx *db.Tx) error { return a(tx, k) })(tx) },
			func(tx *db.Tx) error { return inLock(k.Case, func(tx *db.Tx) error { return b(tx, k) })(tx) },
			func(t *testing.T, m lttest.Meeting) {
				check(t, d, k, m)
				tallyOf(t, d)
			})
	})
}

func tallyOf(t *testing.T, d *db.DB) {
	t.Helper()
	lttest.View(t, d, func(tx *db.Tx) error {
		return tx.All(`SELECT owner, fate, CAST(sum(n) AS BIGINT) FROM `+duty.Counters+` GROUP BY owner, fate HAVING sum(n) < 0`, nil, func(r *sql.Rows) error {
			t.Error("a tally below zero")
			return nil
		})
	})
}

func meetIn(tx *db.Tx, k duty.Key) error { _, err := duty.Meet(tx, k); return err }

func suspendIn(tx *db.Tx, k duty.Key) error {
	_, err := duty.Suspend(tx, k, duty.Ground{Reason: "chờ", By: system})
	return err
}

// sweepIn is what the sweep does to one duty.
func sweepIn(told *int) func(tx *db.Tx, k duty.Key) error {
	return func(tx *db.Tx, k duty.Key) error {
		kind := duty.Kind{Rule: rule, Missed: func(tx *db.Tx, _ *casefile.Case, _ *duty.Duty) error {
			tx.Done(func() { *told++ })
			return nil
		}}
		return duty.Look(tx, kind, k)
	}
}

func TestMeetMeetsMeet(t *testing.T) {
	race(t, meetIn, meetIn, func(t *testing.T, d *db.DB, k duty.Key, m lttest.Meeting) {
		if (m.A == nil) == (m.B == nil) || !errors.Is(errors.Join(m.A, m.B), fault.Conflict) {
			t.Errorf("two acts: %v and %v, want one done and one refused", m.A, m.B)
		}
	})
}

func TestMeetMeetsSweep(t *testing.T) {
	told := 0
	race(t, meetIn, sweepIn(&told), func(t *testing.T, d *db.DB, k duty.Key, m lttest.Meeting) {
		if m.A != nil || m.B != nil {
			t.Errorf("meet %v, sweep %v", m.A, m.B)
		}
		if got := get(t, d, k); got.Fate != duty.Met || !got.NextAt.IsZero() {
			t.Errorf("after both: %s, next look %s", got.Fate, got.NextAt)
		}
	})
}

func TestSuspendMeetsSweep(t *testing.T) {
	told := 0
	race(t, suspendIn, sweepIn(&told), func(t *testing.T, d *db.DB, k duty.Key, m lttest.Meeting) {
		if m.A != nil || m.B != nil {
			t.Errorf("suspend %v, sweep %v", m.A, m.B)
		}
		got := get(t, d, k)
		if got.Fate != duty.Suspended || got.MissedAt.IsZero() == (told == 1) {
			t.Errorf("after both: %s, told %d, missed at %s", got.Fate, told, got.MissedAt)
		}
		told = 0
	})
}

func TestHandOverMeetsMeet(t *testing.T) {
	hand := func(tx *db.Tx, k duty.Key) error {
		_, _, err := duty.HandOver(tx, k, "so-b", duty.Ground{Reason: "không đúng thẩm quyền", By: system})
		return err
	}
	race(t, hand, meetIn, func(t *testing.T, d *db.DB, k duty.Key, m lttest.Meeting) {
		running := 0
		lttest.View(t, d, func(tx *db.Tx) error {
			all, err := duty.OfCase(tx, k.Case)
			for _, x := range all {
				if x.EndedAt.IsZero() {
					running++
				}
			}
			return err
		})
		if m.A == nil && m.B == nil || m.A != nil && m.B != nil || running > 1 || (m.A == nil) != (running == 1) {
			t.Errorf("hand over %v, meet %v, %d running", m.A, m.B, running)
		}
	})
}
