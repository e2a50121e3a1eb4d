package duty_test

import (
	"testing"
	"time"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// hand gives the duty of so-a on, at an instant, and returns the key of the new one.
func hand(t testing.TB, d *db.DB, clock *lttest.Clock, when string, k duty.Key, to org.UnitID) (next duty.Key) {
	t.Helper()
	clock.Set(at(when))
	must(t, locked(d, k.Case, func(tx *db.Tx) error {
		_, fresh, err := duty.HandOver(tx, k, to, duty.Ground{Reason: "không đúng chức năng", By: system})
		if err == nil {
			next = fresh.Key
		}
		return err
	}))
	return next
}

// share fails the test unless the owner's own share ends at the instant; "" for none.
func share(t testing.TB, what string, d *db.DB, k duty.Key, want string) {
	t.Helper()
	got := get(t, d, k)
	if want == "" && !got.OwnDueAt.IsZero() || want != "" && !got.OwnDueAt.Equal(at(want)) {
		t.Errorf("%s: own share ends %s, want %q", what, got.OwnDueAt.In(workday.Office), want)
	}
	lttest.View(t, d, func(tx *db.Tx) error {
		all, err := duty.ExplainOwn(tx, got)
		for _, x := range all {
			if x.Binding && !x.Due.At.Equal(got.OwnDueAt) {
				t.Errorf("%s: explained %s, kept %s", what, x.Due.At, got.OwnDueAt)
			}
		}
		return err
	})
}

// Each row is one way a duty of seven working days, due on 12 March 00:00, changes
// hands; the commune's date and the next owner's share move apart.
func TestOwnShareOfTheNextOwner(t *testing.T) {
	clocked := func(when string, clock *lttest.Clock) { clock.Set(at(when)) }
	tests := []struct {
		name, limit, when string
		before, after     func(t *testing.T, d *db.DB, clock *lttest.Clock, k duty.Key)
		due, own          string
	}{
		{name: "early", limit: "7wd", when: "2026-03-03 09:00", due: "2026-03-12 00:00", own: "2026-03-13 00:00"},
		{name: "late", limit: "7wd", when: "2026-03-13 09:00", due: "2026-03-12 00:00", own: "2026-03-25 00:00"},
		{name: "hours", limit: "8wh", when: "2026-03-03 09:00", due: "2026-03-03 09:30", own: "2026-03-04 09:30"},
		{name: "paused since", limit: "7wd", when: "2026-03-03 09:00", after: func(t *testing.T, d *db.DB, clock *lttest.Clock, k duty.Key) {
			clocked("2026-03-04 09:00", clock)
			must(t, suspend(d, k))
			share(t, "while it stands still", d, k, "")
			clocked("2026-03-06 09:00", clock)
			must(t, resume(d, k))
		}, due: "2026-03-14 00:00", own: "2026-03-17 00:00"},
		{name: "paused before", limit: "7wd", when: "2026-03-04 10:00", before: func(t *testing.T, d *db.DB, clock *lttest.Clock, k duty.Key) {
			must(t, suspend(d, k))
			clocked("2026-03-04 09:00", clock)
			must(t, resume(d, k))
		}, due: "2026-03-13 00:00", own: "2026-03-14 00:00"},
		{name: "handed while it stands still", limit: "7wd", when: "2026-03-04 10:00", before: func(t *testing.T, d *db.DB, clock *lttest.Clock, k duty.Key) {
			must(t, suspend(d, k))
		}, after: func(t *testing.T, d *db.DB, clock *lttest.Clock, k duty.Key) {
			share(t, "while it stands still", d, k, "")
			clocked("2026-03-06 09:00", clock)
			must(t, resume(d, k))
		}, due: "2026-03-17 00:00", own: "2026-03-17 00:00"},
		{name: "extended before: never less than the matter has", limit: "7wd", when: "2026-03-03 09:00", before: extended("3wd"), due: "2026-03-17 00:00", own: "2026-03-17 00:00"},
		{name: "extended since", limit: "7wd", when: "2026-03-03 09:00", after: extended("3wd"), due: "2026-03-17 00:00", own: "2026-03-18 00:00"},
		{name: "extended to an instant since", limit: "7wd", when: "2026-03-03 09:00", after: extended("2026-03-12T16:00"), due: "2026-03-12 16:00", own: "2026-03-13 00:00"},
		{name: "an instant still to come", limit: "2026-03-06T16:00", when: "2026-03-05 09:00", due: "2026-03-06 16:00", own: "2026-03-06 16:00"},
		{name: "an instant that was over", limit: "2026-03-06T16:00", when: "2026-03-09 09:00", due: "2026-03-06 16:00", own: ""},
	}
	on(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		s, _ := sweeper(d)
		for _, tt := range tests {
			clock.Set(at("2026-03-02 09:00"))
			first := key(open(t, d, duty.New{Limits: []duty.Limit{limit("A", tt.limit)}}))
			if tt.before != nil {
				tt.before(t, d, clock, first)
			}
			k := hand(t, d, clock, tt.when, first, "so-b")
			if tt.after != nil {
				tt.after(t, d, clock, k)
			}
			due(t, d, k, tt.due)
			share(t, tt.name, d, k, tt.own)
			if x := get(t, d, first); x.LateByOwnShare() != (tt.name == "late" || tt.name == "an instant that was over") {
				t.Errorf("%s: handed late is %v", tt.name, x.LateByOwnShare())
			}
		}
		orphans(t, s)
	})
}

func extended(amount string) func(t *testing.T, d *db.DB, clock *lttest.Clock, k duty.Key) {
	return func(t *testing.T, d *db.DB, _ *lttest.Clock, k duty.Key) {
		l, err := workday.ParseLimit(amount)
		must(t, err)
		must(t, locked(d, k.Case, func(tx *db.Tx) error {
			_, err := duty.Extend(tx, k, duty.Ground{Reason: "được gia hạn", By: system}, l)
			return err
		}))
	}
}

// The lateness of a matter that was handed over is counted with the unit whose own
// share was over, once.
func TestLatenessIsCountedWithItsUnit(t *testing.T) {
	tests := []struct {
		name, handed, met      string
		late                   bool // for the counterpart
		oldLate, newLate, both int64
	}{
		{"handed late, answered in its own time", "2026-03-13 09:00", "2026-03-20 09:00", true, 1, 0, 1},
		{"handed early, late in its own time", "2026-03-03 09:00", "2026-03-13 09:00", true, 0, 1, 1},
		{"handed early, late for the commune only", "2026-03-03 09:00", "2026-03-12 09:00", true, 0, 0, 0},
		{"handed late, late again", "2026-03-13 09:00", "2026-03-25 00:00", true, 1, 1, 2},
		{"in time", "2026-03-03 09:00", "2026-03-11 23:59", false, 0, 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			on(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
				first := key(open(t, d, duty.New{Limits: []duty.Limit{limit("A", "7wd")}}))
				k := hand(t, d, clock, tt.handed, first, "so-b")
				if x := get(t, d, k); x.ReachedLate() != (tt.oldLate > 0) {
					t.Errorf("reached it late: %v", x.ReachedLate())
				}
				clock.Set(at(tt.met))
				if x := get(t, d, k); x.Inherited(clock.Now()) != (tt.late && tt.newLate == 0) {
					t.Errorf("inherited at %s: %v", tt.met, x.Inherited(clock.Now()))
				}
				must(t, meet(d, k))
				if x := get(t, d, k); x.Late() != tt.late || x.LateByOwnShare() != (tt.newLate > 0) {
					t.Errorf("late %v, by its own share %v", x.Late(), x.LateByOwnShare())
				}
				late := map[org.UnitID]int64{}
				lttest.View(t, d, func(tx *db.Tx) error {
					all, err := duty.Counts(tx, workday.Of(tx.Now), workday.Of(tx.Now))
					for _, c := range all {
						late[c.Owner] += c.Late
					}
					return err
				})
				if late["so-a"] != tt.oldLate || late["so-b"] != tt.newLate || late["so-a"]+late["so-b"] != tt.both {
					t.Errorf("late: so-a %d, so-b %d; want %d, %d", late["so-a"], late["so-b"], tt.oldLate, tt.newLate)
				}
			})
		})
	}
}

// A new revision of the calendar moves the matter's date and the owner's share, or the
// share alone; the history tells both.
func TestRevisionMovesOwnShare(t *testing.T) {
	on(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		k := hand(t, d, clock, "2026-03-03 09:00", key(open(t, d, duty.New{Limits: []duty.Limit{limit("A", "7wd")}})), "so-b")
		move := func(day, wantDue, wantOwn string) {
			t.Helper()
			revise(t, d, map[string]workday.Kind{day: workday.Holiday}, "Thông báo nghỉ "+day)
			lttest.Update(t, d, func(tx *db.Tx) error {
				n, _, err := duty.MoveToRevision(tx, "phu-tho", "", 10)
				if n != 1 {
					t.Errorf("%s moved %d duties, want 1", day, n)
				}
				return err
			})
			due(t, d, k, wantDue)
			share(t, day, d, k, wantOwn)
		}
		move("2026-03-12", "2026-03-12 00:00", "2026-03-14 00:00") // behind the matter's date, inside the share
		move("2026-03-10", "2026-03-14 00:00", "2026-03-17 00:00")
		lttest.View(t, d, func(tx *db.Tx) error {
			history, err := casefile.History(tx, system, k.Case, 10)
			last := history[len(history)-1].Facts
			if err == nil && (last["own_old"] == "" || last["own_new"] != db.FormatInstant(at("2026-03-17 00:00").In(time.UTC))) {
				t.Errorf("the history tells %v", last)
			}
			return err
		})
	})
}

// Whoever got a duty from another is reminded before the matter's date while it is to
// come, and before the end of his own share also when the matter is missed already; the
// miss is told once.
func TestRemindersOfOwnShare(t *testing.T) {
	type look struct {
		at               string
		reminded, missed int
	}
	tests := []struct {
		name, limit, handed string
		looks               []look
	}{
		{"handed when it was late", "7wd", "2026-03-13 09:00", []look{ // own share to the end of 24/03
			{"2026-03-13 09:00", 0, 0}, {"2026-03-20 07:29", 0, 0}, {"2026-03-20 07:30", 1, 0},
			{"2026-03-23 07:30", 1, 0}, {"2026-03-25 00:00", 0, 0}, {"2026-04-25 00:00", 0, 0}}},
		{"handed in time", "7wd", "2026-03-06 09:00", []look{ // the matter's last day is 11/03, the share's 17/03
			{"2026-03-09 07:30", 1, 0}, {"2026-03-10 07:30", 1, 0}, {"2026-03-12 00:00", 0, 1},
			{"2026-03-13 07:30", 1, 0}, {"2026-03-16 07:30", 1, 0}, {"2026-03-18 00:00", 0, 0}}},
		{"no share of its own", "2026-03-06T16:00", "2026-03-09 09:00", []look{{"2026-03-09 09:00", 0, 0}, {"2026-04-09 09:00", 0, 0}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			on(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
				first := key(open(t, d, duty.New{Limits: []duty.Limit{limit("A", tt.limit)}, Reminders: "2,1"}))
				s, h := sweeper(d)
				if when := at(tt.handed); !when.Before(get(t, d, first).DueAt) { // the miss is told before the duty is handed on
					clock.Set(when)
					sweep(t, s, 0, 1)
				}
				k := hand(t, d, clock, tt.handed, first, "so-b")
				for _, l := range tt.looks {
					clock.Set(at(l.at))
					sweep(t, s, l.reminded, l.missed)
					orphans(t, s)
				}
				if n := h.missed[first] + h.missed[k]; n != 1 {
					t.Errorf("the miss was told %d times", n)
				}
			})
		})
	}
}
