package duty_test

import (
	"context"
	"testing"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

var contextBackground = context.Background()

func TestEarliestLimitBinds(t *testing.T) {
	// PT1537 gave about a day where PT06 gives seven working days: the directive's instant
	// stands beside the seven days and binds.
	tests := []struct {
		name    string
		limits  []duty.Limit
		due     string
		binding string
	}{
		{"seven working days from Monday", []duty.Limit{limit("PT06/D6.K2", "7wd")}, "2026-03-12 00:00", "PT06/D6.K2"},
		{"an instant of a directive before them", []duty.Limit{limit("PT06/D6.K2", "7wd"), limit("PT1537/M1-2", "2026-03-03T16:00")}, "2026-03-03 16:00", "PT1537/M1-2"},
		{"an instant after them", []duty.Limit{limit("PT06/D6.K2", "7wd"), limit("PT1537/M1-2", "2026-03-30T16:00")}, "2026-03-12 00:00", "PT06/D6.K2"},
		{"one text states no time", []duty.Limit{limit("A", "none"), limit("B", "8wh")}, "2026-03-03 09:30", "B"},
		{"no text states a time", []duty.Limit{limit("A", "none")}, "", ""},
		{"no limit at all", nil, "", ""},
	}
	on(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				id := open(t, d, duty.New{Limits: tt.limits})
				due(t, d, key(id), tt.due)
				got := get(t, d, key(id))
				if b, _ := got.Binding(); b.Clause != tt.binding {
					t.Errorf("binding %q, want %q", b.Clause, tt.binding)
				}
				if len(got.Limits) != len(tt.limits) {
					t.Errorf("%d limits are shown, want all %d", len(got.Limits), len(tt.limits))
				}
				explained(t, d, key(id))
			})
		}
	})
}

// explained checks that the reckoning shown gives exactly the due instant stored.
func explained(t testing.TB, d *db.DB, k duty.Key) {
	t.Helper()
	lttest.View(t, d, func(tx *db.Tx) error {
		got, err := duty.Get(tx, k)
		if err != nil {
			return err
		}
		all, _, err := duty.Explain(tx, got)
		if err != nil {
			return err
		}
		var first time.Time
		for _, e := range all {
			if !e.Due.At.IsZero() && (first.IsZero() || e.Due.At.Before(first)) {
				first = e.Due.At
			}
			if !e.Due.At.Equal(e.DueAt) {
				t.Errorf("limit %s is explained as %s and stored as %s", e.Text, e.Due.At, e.DueAt)
			}
		}
		if !first.Equal(got.DueAt) {
			t.Errorf("explained %s, stored %s", first, got.DueAt)
		}
		return nil
	})
}

func TestMeetAndWaive(t *testing.T) {
	on(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		id := open(t, d, duty.New{Limits: []duty.Limit{limit("A", "1wd")}})
		if err := d.Update(t.Context(), func(tx *db.Tx) error { _, err := duty.Meet(tx, key(id)); return err }); err == nil {
			t.Error("met without the lock of the case")
		}
		clock.Set(at("2026-03-03 23:59"))
		must(t, meet(d, key(id)))
		refused(t, "met twice", meet(d, key(id)), fault.Conflict)
		if got := get(t, d, key(id)); got.Late() || got.Fate != duty.Met {
			t.Errorf("done on the last day: late %v, fate %s", got.Late(), got.Fate)
		}
		late := open(t, d, duty.New{From: at("2026-03-02 09:00"), Limits: []duty.Limit{limit("A", "1wd")}})
		clock.Set(at("2026-03-04 00:00"))
		must(t, meet(d, key(late)))
		if !get(t, d, key(late)).Late() {
			t.Error("done at the first instant that is late, and not late")
		}
		waived := open(t, d, duty.New{Limits: []duty.Limit{limit("A", "1wd")}})
		waive := func(reason string) error {
			return locked(d, waived, func(tx *db.Tx) error { _, err := duty.Waive(tx, key(waived), reason); return err })
		}
		refused(t, "waived without a reason", waive(" "), fault.Invalid)
		must(t, waive("Chủ tịch cho thôi, THU/D3"))
		refused(t, "done after it was waived", meet(d, key(waived)), fault.Conflict)
		refused(t, "suspended after it was waived", suspend(d, key(waived)), fault.Conflict)
	})
}

func TestSuspendGivesBackExactly(t *testing.T) {
	on(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		id := open(t, d, duty.New{Limits: []duty.Limit{limit("A", "7wd")}})
		due(t, d, key(id), "2026-03-12 00:00")
		// three times two working days, each over a close of the day
		for i, day := range []string{"2026-03-03", "2026-03-09", "2026-03-12"} {
			clock.Set(at(day + " 10:00"))
			must(t, suspend(d, key(id)))
			refused(t, "suspended twice", suspend(d, key(id)), fault.Conflict)
			due(t, d, key(id), "")
			if got := get(t, d, key(id)); got.Fate != duty.Suspended || !got.NextAt.IsZero() {
				t.Errorf("round %d: %s, next look %s", i, got.Fate, got.NextAt)
			}
			explained(t, d, key(id))
			next := map[string]string{"2026-03-03": "2026-03-05", "2026-03-09": "2026-03-11", "2026-03-12": "2026-03-16"}[day]
			clock.Set(at(next + " 10:00"))
			must(t, resume(d, key(id)))
			refused(t, "resumed twice", resume(d, key(id)), fault.Conflict)
			explained(t, d, key(id))
		}
		due(t, d, key(id), "2026-03-20 00:00") // six working days later
		lttest.View(t, d, func(tx *db.Tx) error {
			all, err := duty.Changes(tx, key(id))
			if err == nil && len(all) != 6 {
				t.Errorf("%d changes are kept, want 6", len(all))
			}
			return err
		})
	})
}

func TestChangesRefused(t *testing.T) {
	on(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		id := open(t, d, duty.New{Limits: []duty.Limit{limit("A", "2wd")}})
		try := func(what string, kind error, fn func(tx *db.Tx, g duty.Ground) error, g duty.Ground) {
			t.Helper()
			refused(t, what, locked(d, id, func(tx *db.Tx) error { return fn(tx, g) }), kind)
		}
		stop := func(tx *db.Tx, g duty.Ground) error { _, err := duty.Suspend(tx, key(id), g); return err }
		extend := func(tx *db.Tx, g duty.Ground) error {
			_, err := duty.Extend(tx, key(id), g, workday.Limit{Unit: workday.WorkingDays, N: 3})
			return err
		}
		try("no reason", fault.Invalid, stop, duty.Ground{})
		try("a pause that has not begun", fault.Invalid, stop, duty.Ground{Reason: "chờ", At: clock.Now().Add(time.Hour)})
		clock.Set(at("2026-03-05 08:00")) // due was 05/03 00:00
		try("extended when it is missed", fault.Conflict, extend, duty.Ground{Reason: "xin thêm"})
		try("a pause dated back to cure a miss", fault.Conflict, stop, duty.Ground{Reason: "chờ", At: at("2026-03-04 08:00")})
		must(t, suspend(d, key(id)))
		due(t, d, key(id), "2026-03-05 00:00") // suspending hides nothing that is late
		if !get(t, d, key(id)).MissedAtNow(clock.Now()) {
			t.Error("suspended after it was missed, and no longer missed")
		}
		must(t, meet(d, key(id)))
		if !get(t, d, key(id)).Late() {
			t.Error("done after the due instant while suspended, and not late")
		}
	})
}

func TestExtendMovesTheLimitThatBinds(t *testing.T) {
	on(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		id := open(t, d, duty.New{Limits: []duty.Limit{limit("A", "3wd"), limit("B", "5wd")}})
		extend := func(amount string, n int) {
			t.Helper()
			l, err := workday.ParseLimit(amount)
			must(t, err)
			must(t, locked(d, id, func(tx *db.Tx) error {
				g := duty.Ground{Reason: "được gia hạn", Clause: "THU/D4", By: system}
				if n < 0 {
					_, err = duty.Extend(tx, key(id), g, l)
				} else {
					_, err = duty.ExtendLimit(tx, key(id), g, l, n)
				}
				return err
			}))
			explained(t, d, key(id))
		}
		due(t, d, key(id), "2026-03-06 00:00")
		extend("1wd", -1)
		due(t, d, key(id), "2026-03-07 00:00")
		extend("10wd", -1) // now the other text's limit binds
		due(t, d, key(id), "2026-03-10 00:00")
		extend("2026-03-20", 1)
		due(t, d, key(id), "2026-03-21 00:00") // 3 + 1 + 10 working days end on 20/03 too
	})
}

func TestHandOverCarriesTheClock(t *testing.T) {
	on(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		id := open(t, d, duty.New{Limits: []duty.Limit{limit("A", "7wd")}, Reminders: "2"})
		clock.Set(at("2026-03-03 10:00"))
		must(t, suspend(d, key(id)))
		clock.Set(at("2026-03-05 10:00"))
		must(t, resume(d, key(id)))
		due(t, d, key(id), "2026-03-14 00:00")
		hand := func(k duty.Key, to org.UnitID) (fresh *duty.Duty, err error) {
			err = locked(d, id, func(tx *db.Tx) error {
				_, fresh, err = duty.HandOver(tx, k, to, duty.Ground{Reason: "không đúng thẩm quyền", By: system})
				return err
			})
			return fresh, err
		}
		b, err := hand(key(id), "so-b")
		must(t, err)
		due(t, d, b.Key, "2026-03-14 00:00")
		explained(t, d, b.Key)
		if got := get(t, d, key(id)); got.Fate != duty.Handed {
			t.Errorf("the old owner's duty is %s", got.Fate)
		}
		must(t, suspend(d, b.Key))
		clock.Set(at("2026-03-06 10:00"))
		a, err := hand(b.Key, "so-a") // back while the clock stands still
		must(t, err)
		if a.Round != 2 || a.Fate != duty.Suspended || !a.DueAt.IsZero() {
			t.Errorf("handed over while suspended: round %d, %s, due %s", a.Round, a.Fate, a.DueAt)
		}
		must(t, resume(d, a.Key))
		due(t, d, a.Key, "2026-03-17 00:00") // one working day more: 05/03 closed suspended
		explained(t, d, a.Key)
		if _, err := hand(a.Key, "khong-co"); err == nil {
			t.Error("handed to a unit that does not exist")
		}
		asked, err := hand(a.Key, "cong-an")
		must(t, err)
		if !asked.Request || asked.MissedAtNow(at("2027-01-01 00:00")) {
			t.Error("a vertical body is bound, or late")
		}
	})
}

func TestRequestsAreInNoFigure(t *testing.T) {
	on(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		id := open(t, d, owned("cong-an", duty.New{Request: true, Limits: []duty.Limit{limit("A", "1wd")}, Reminders: "1"}))
		k := duty.Key{Case: id, Rule: rule, Owner: "cong-an", Round: 1}
		s, _ := sweeper(d)
		clock.Set(at("2026-03-20 09:00"))
		sweep(t, s, 0, 0)
		orphans(t, s)
		lttest.View(t, d, func(tx *db.Tx) error {
			all, err := duty.Counts(tx, workday.Of(tx.Now), workday.Of(tx.Now))
			if len(all) != 0 {
				t.Errorf("a request is counted: %+v", all)
			}
			return err
		})
		must(t, meet(d, k))
		if got := get(t, d, k); got.Late() || got.MissedAtNow(clock.Now()) {
			t.Error("a request is late")
		}
	})
}

func TestDirectMovesNoClock(t *testing.T) {
	on(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		id := open(t, d, duty.New{Limits: []duty.Limit{limit("A", "7wd")}})
		before := get(t, d, key(id))
		clock.Add(24 * time.Hour)
		must(t, locked(d, id, func(tx *db.Tx) error {
			return duty.Direct(tx, key(id), "so-b/p1", "ai-do", workday.MustDate("2026-03-05"))
		}))
		after := get(t, d, key(id))
		if !after.DueAt.Equal(before.DueAt) || !after.NextAt.Equal(before.NextAt) || after.InnerOn != workday.MustDate("2026-03-05") {
			t.Errorf("directed: due %s, was %s; inner %s", after.DueAt, before.DueAt, after.InnerOn)
		}
		must(t, meet(d, key(id)))
		refused(t, "directed after its end", locked(d, id, func(tx *db.Tx) error {
			return duty.Direct(tx, key(id), "", "ai-do", workday.Date{})
		}), fault.Conflict)
	})
}

func TestWaiveAllLeavesNothingRunning(t *testing.T) {
	on(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		id := open(t, d, duty.New{Limits: []duty.Limit{limit("A", "7wd")}}, owned("so-b", duty.New{}), owned("so-c", duty.New{}))
		must(t, meet(d, duty.Key{Case: id, Rule: rule, Owner: "so-b", Round: 1}))
		must(t, locked(d, id, func(tx *db.Tx) error { return duty.WaiveAll(tx, id, "xã rút kiến nghị") }))
		lttest.View(t, d, func(tx *db.Tx) error {
			all, err := duty.OfCase(tx, id)
			fates := map[duty.Fate]int{}
			for _, x := range all {
				fates[x.Fate]++
			}
			if fates[duty.Waived] != 2 || fates[duty.Met] != 1 {
				t.Errorf("fates %v", fates)
			}
			return err
		})
	})
}
