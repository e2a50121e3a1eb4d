package incident_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/incident"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/org"
)

// Over is over: nothing new is asked, decided or reported on, but what a phone without a
// line kept from before the end; decisions without a result are known to who ends it; and
// what came back is taken up again, with the lessons waiting for the next end.
func TestEndedAndReopened(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := open(t, d)
		id := o.report(t, d, o.flood()).ID
		do := func(fn func(tx *db.Tx) error) {
			t.Helper()
			if err := try(d, fn); err != nil {
				t.Fatal(err)
			}
		}
		want := func(kind error, says string, fn func(tx *db.Tx) error) {
			t.Helper()
			err := try(d, fn)
			if r, ok := fault.Sentence(err); !errors.Is(err, kind) || says != "" && (!ok || !strings.Contains(r.Say, says)) {
				t.Fatalf("got %v, want %v %q", err, kind, says)
			}
		}
		do(func(tx *db.Tx) error {
			_, _, err := incident.Decide(tx, o.lead, id, incident.Decision{Text: "Sơ tán thôn ven suối.", Unit: o.second, Officer: o.other.Officer, Due: "2026-02-26"})
			return err
		})
		clock.Add(time.Hour)
		before := clock.Now()
		clock.Add(time.Hour)
		end := func(left bool) func(tx *db.Tx) error {
			return func(tx *db.Tx) error {
				_, err := incident.End(tx, o.lead, id, incident.Ending{Text: "Nước đã rút.", Left: left})
				return err
			}
		}
		want(fault.Invalid, "Còn 1 quyết định chưa có kết quả", end(false))
		do(end(true))
		clock.Add(time.Hour)
		say := func(at time.Time) func(tx *db.Tx) error {
			return func(tx *db.Tx) error {
				_, err := incident.Say(tx, o.other, id, incident.Situation{Text: "Nước lại lên.", SeenAt: at})
				return err
			}
		}
		want(fault.Conflict, "mở lại hồ sơ", say(time.Time{}))
		do(say(before))
		want(fault.Conflict, "mở lại hồ sơ", func(tx *db.Tx) error {
			_, err := incident.DemandSituation(tx, o.lead, id, incident.Demand{Commune: o.second})
			return err
		})
		want(fault.Conflict, "mở lại hồ sơ", func(tx *db.Tx) error {
			_, _, err := incident.AskFor(tx, o.lead, id, incident.Ask{Of: healthUnit, What: "Xuồng", Each: "chiếc", Amount: 2})
			return err
		})
		want(fault.Conflict, "mở lại hồ sơ", func(tx *db.Tx) error {
			_, _, err := incident.Decide(tx, o.lead, id, incident.Decision{Text: "Dọn bùn.", Unit: o.second, Officer: o.other.Officer})
			return err
		})
		reopen := func(who org.Actor, why string) func(tx *db.Tx) error {
			return func(tx *db.Tx) error { _, err := incident.Reopen(tx, who, id, why, 0); return err }
		}
		want(fault.Denied, "", reopen(o.other, "Nước lại lên."))
		want(fault.Invalid, "vì sao mở lại", reopen(o.lead, " "))
		do(reopen(o.lead, "Nước lại lên."))
		want(fault.Conflict, "đang được xử lý", reopen(o.lead, "Lần nữa."))
		if owed := running(t, d, id); strings.Contains(owed, incident.MustReview) || !strings.Contains(owed, incident.MustLead) {
			t.Errorf("owed after the reopening:\n%s", owed)
		}
		do(say(time.Time{}))
		do(end(true))
		if owed := running(t, d, id); strings.Count(owed, incident.MustReview) != 1 || strings.Contains(owed, incident.MustLead) {
			t.Errorf("owed after the second end:\n%s", owed)
		}
	})
}
