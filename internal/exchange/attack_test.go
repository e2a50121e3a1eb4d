package exchange_test

import (
	"context"
	"testing"
	"time"

	"lienthong/internal/bank"
	"lienthong/internal/db"
	"lienthong/internal/exchange"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/org"
)

// A unit's administrator may name desk officers in his unit; what waits in the province
// is none of theirs.
func TestDeskOfACommuneSeesNothing(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		s := open(t, d, clock)
		clock.Add(2 * time.Hour)
		notice := letter("13/UBND-VP")
		notice.Subject, notice.Content = "V/v mời họp", "Kính mời."
		s.put("1.edxml", notice)
		s.round()
		waits := s.list(exchange.Waiting)[0]
		var who org.Actor
		lttest.Update(t, d, func(tx *db.Tx) error {
			held, err := org.Holders(tx, "08515", org.Specialist)
			if err != nil {
				return err
			}
			_, err = org.AssignPost(tx, org.System("test"), org.Post{Officer: held[0].Officer.ID, Unit: "08515", Role: org.Desk, Title: "Theo dõi"})
			if err == nil {
				who, err = org.ActorOf(tx, held[0].Officer.ID)
			}
			return err
		})
		lttest.View(t, d, func(tx *db.Tx) error {
			if _, err := exchange.Get(tx, who, waits.ID); fault.Kind(err) != fault.NotFound {
				t.Errorf("he opens it: %v", err)
			}
			all, _, err := exchange.List(tx, who, exchange.Waiting, "", 10)
			if err != nil {
				return err
			}
			n, err := exchange.Count(tx, who, 10)
			if len(all) != 0 || n.Waiting != 0 {
				t.Errorf("he sees %d, counts %d", len(all), n.Waiting)
			}
			if may, err := bank.MayEnd(tx, who); may || err != nil {
				t.Errorf("he ends texts: %v", err)
			}
			return err
		})
		err := d.Update(context.Background(), func(tx *db.Tx) error { _, err := exchange.SetAside(tx, who, waits.ID, "x", 0); return err })
		if fault.Kind(err) != fault.NotFound {
			t.Errorf("he sets it aside: %v", err)
		}
	})
}

// A document hangs on a petition only: an approved answer that everybody reads takes no
// paper of whoever may read it.
func TestJoinsPetitionsOnly(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		s := open(t, d, clock)
		clock.Add(2 * time.Hour)
		notice := letter("13/UBND-VP")
		notice.Subject, notice.Content = "V/v mời họp", "Kính mời."
		s.put("1.edxml", notice)
		s.round()
		waits := s.list(exchange.Waiting)[0]
		clerk := s.clerk(s.o.DepartmentUnit)
		var entry *bank.Entry
		lttest.Update(t, d, func(tx *db.Tx) (err error) {
			entry, err = bank.Propose(tx, s.o.Leader, bank.New{Unit: s.o.DepartmentUnit, Field: s.o.Field, Question: "Hỏi điều chung?", Answer: "Đáp.", Basis: "Luật 60/2014/QH13", Submit: true})
			return err
		})
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := bank.Approve(tx, s.o.Leader, entry.ID, bank.Approval{})
			return err
		})
		err := d.Update(context.Background(), func(tx *db.Tx) error {
			_, err := exchange.Join(tx, clerk, waits.ID, exchange.Joining{Case: entry.ID, Issuer: s.o.CommuneUnit})
			return err
		})
		if fault.Kind(err) != fault.Invalid {
			t.Errorf("joined to an entry of the bank: %v", err)
		}
	})
}
