package channel

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/lttest"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// targets are the officers and hooks for whom something waits.
func (o *testOffice) targets() (all map[string]int) {
	o.t.Helper()
	all = map[string]int{}
	lttest.View(o.t, o.d, func(tx *db.Tx) error {
		for _, id := range []org.OfficerID{lttest.Leader, lttest.Deputy, lttest.Clerk, lttest.OfficerA, lttest.OfficerA2, lttest.UnitAdmin} {
			n := 0
			if err := tx.One(`SELECT count(*) FROM channel_item WHERE target = $1`, []any{string(id)}, &n); err != nil {
				return err
			}
			if n > 0 {
				all[string(id)] = n
			}
		}
		return nil
	})
	return all
}

func TestWhoIsTold(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := newOffice(t, d, clock)
		o.set("mail.server", "mail.example:587")
		evening := atOnce()
		evening.DigestAt = 16 * 60 // everything waits, so that it can be looked at
		quiet := evening
		quiet.Mail = false
		muted := evening
		muted.Muted = []string{"petition.settled"}
		o.choose(lttest.Leader, evening)
		o.choose(lttest.OfficerA, evening)
		o.choose(lttest.OfficerA2, muted)
		o.choose(lttest.Clerk, quiet)
		o.choose(lttest.UnitAdmin, evening)
		o.tell(notice.Note{Unit: lttest.Department, Kind: "petition.settled"}, notice.Note{Unit: lttest.Department, Role: org.Leader, Kind: "petition.arrived"},
			notice.Note{Officer: lttest.OfficerA2, Kind: "matter.directed"})
		o.step()
		got := o.targets()
		if len(got) != 3 || got[string(lttest.Leader)] != 2 || got[string(lttest.OfficerA)] != 1 || got[string(lttest.OfficerA2)] != 1 {
			t.Errorf("told %v", got)
		}
		// the office sends mail about what must be done to everybody, and else by choice
		o.set("notice.mail", "true")
		o.tell(notice.Note{Unit: lttest.Department, Role: org.Clerk, Kind: "paper.release"}, notice.Note{Unit: lttest.Department, Role: org.Clerk, Kind: "petition.settled"})
		o.step()
		if got := o.targets(); got[string(lttest.Clerk)] != 1 {
			t.Errorf("the clerk is told %d times, want of what he must do alone", got[string(lttest.Clerk)])
		}
	})
}

// Notices of before, and those of an office that sends nothing, leave no trace.
func TestNothingWithoutAServer(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := newOffice(t, d, clock)
		o.choose(lttest.OfficerA, atOnce())
		o.tell(notice.Note{Unit: lttest.Department, Kind: "petition.arrived"})
		o.step()
		o.set("mail.server", "mail.example:587")
		o.step()
		if items, messages := o.waiting(); items+messages != 0 {
			t.Errorf("%d items, %d messages", items, messages)
		}
	})
}

func TestOneMailForAllThatIsDue(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := newOffice(t, d, clock)
		o.set("mail.server", "mail.example:587")
		c := atOnce()
		c.DigestAt = 16 * 60
		o.choose(lttest.OfficerA, c)
		for range 3 {
			o.tell(notice.Note{Unit: lttest.Department, Kind: "petition.settled"})
		}
		o.tell(notice.Note{Officer: lttest.OfficerA, Kind: "petition.urged"})
		o.step()
		if items, messages := o.waiting(); items != 3 || messages != 1 {
			t.Fatalf("%d wait, %d leave; want 3 and the urgent one", items, messages)
		}
		clock.Set(at("15:59"))
		o.step()
		if items, _ := o.waiting(); items != 3 {
			t.Fatalf("%d wait before the hour", items)
		}
		clock.Set(at("16:00"))
		o.step()
		if items, messages := o.waiting(); items != 0 || messages != 2 {
			t.Errorf("%d wait, %d leave; want one mail more", items, messages)
		}
	})
}

// While somebody is away his mail goes to who does his work, when it was told and when
// he leaves before its hour.
func TestWhoIsAway(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := newOffice(t, d, clock)
		o.set("mail.server", "mail.example:587")
		late := atOnce()
		late.DigestAt = 16 * 60
		o.choose(lttest.OfficerA, late)
		o.choose(lttest.OfficerA2, late)
		o.tell(notice.Note{Officer: lttest.OfficerA, Kind: "matter.directed"})
		o.step()
		today := workday.Of(clock.Now())
		o.update(func(tx *db.Tx) error {
			_, err := org.SetCover(tx, org.System("test"), org.Cover{Officer: lttest.OfficerA, By: lttest.OfficerA2, Reason: "nghỉ phép", From: today, To: today.AddDays(1)})
			return err
		})
		o.tell(notice.Note{Officer: lttest.OfficerA, Kind: "paper.returned"})
		o.step()
		if got := o.targets(); got[string(lttest.OfficerA)] != 1 || got[string(lttest.OfficerA2)] != 1 {
			t.Fatalf("told %v", got)
		}
		clock.Set(at("16:00"))
		o.step()
		o.step()
		if items, messages := o.waiting(); items != 0 || messages != 1 {
			t.Fatalf("%d wait, %d leave", items, messages)
		}
		if m := o.message(); m.Target != string(lttest.OfficerA2) {
			t.Errorf("sent to %s", m.Target)
		}
	})
}

// Two nodes that look at once, and one that dies between, neither lose nor double.
func TestSpreadersAtOnce(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := newOffice(t, d, clock)
		o.set("mail.server", "mail.example:587")
		c := atOnce()
		c.DigestAt = 16 * 60
		o.choose(lttest.OfficerA, c)
		for range 30 {
			o.tell(notice.Note{Officer: lttest.OfficerA, Kind: "matter.directed"})
		}
		dying, cancel := context.WithCancel(ctx)
		cancel()
		if _, err := (&Spreader{DB: d}).Step(dying); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				if _, err := (&Spreader{DB: d}).Step(ctx); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if items, messages := o.waiting(); items != 30 || messages != 0 {
			t.Fatalf("%d items, %d messages", items, messages)
		}
		clock.Set(at("16:00").Add(time.Second))
		for range 4 {
			all.Go(func() {
				if _, err := (&Spreader{DB: d}).Step(ctx); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if items, messages := o.waiting(); items != 0 || messages != 1 {
			t.Errorf("%d items, %d messages", items, messages)
		}
	})
}
