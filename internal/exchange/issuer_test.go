package exchange_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/exchange"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/workday"
)

// Where no code says whose a document is, the commune that received it cannot make it the
// department's answer by naming the department; the department's clerk and the Office can.
func TestAReceiverDoesNotAnswerInTheIssuersName(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		s := open(t, d, clock)
		raised := s.raised(clock)
		clock.Add(2 * time.Hour)
		stray := reply("9/ST", "99/UBND-VP")
		stray.From.ID, stray.IssuedOn, stray.Trace = "H99.1", workday.Of(clock.Now()), nil
		s.put("1.edxml", stray)
		if r := s.round(); r.Waiting != 1 {
			t.Fatalf("%+v", r)
		}
		waits := s.list(exchange.Waiting)[0]
		join := func(who org.Actor, outcome petition.Outcome) error {
			return d.Update(context.Background(), func(tx *db.Tx) error {
				_, err := exchange.Join(tx, who, waits.ID, exchange.Joining{Case: raised, Issuer: s.o.DepartmentUnit, Outcome: outcome})
				return err
			})
		}
		clerk := s.clerk(s.o.CommuneUnit)
		if err := join(clerk, petition.Resolved); fault.Kind(err) != fault.Invalid {
			t.Fatalf("the receiver answers in the issuer's name: %v", err)
		}
		if p := s.petition(raised); p.State == petition.Answered {
			t.Fatal("the petition counts as answered")
		}
		desk := s.desk()
		if err := join(desk, petition.Resolved); err != nil {
			t.Fatalf("the Office: %v", err)
		}
		if p := s.petition(raised); p.State != petition.Answered {
			t.Error("the Office's word does not count")
		}
	})
}

// The receiver hangs the same document on the matter as a paper beside.
func TestAReceiverJoinsBeside(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		s := open(t, d, clock)
		raised := s.raised(clock)
		stray := reply("9/ST", "99/UBND-VP")
		stray.From.ID, stray.IssuedOn, stray.Trace = "H99.1", workday.Of(clock.Now()), nil
		s.put("1.edxml", stray)
		s.round()
		waits := s.list(exchange.Waiting)[0]
		if waits.Signed {
			t.Error("a packet without a signature is taken for a signed one")
		}
		lttest.Update(t, d, func(tx *db.Tx) error {
			in := exchange.Of(reply("10/ST", "99/UBND-VP"))
			in.From.ID, in.Signed, in.IssuedOn = "H99.1", true, workday.Of(clock.Now())
			taken, _, err := exchange.Take(tx, in, nil)
			if err != nil {
				return err
			}
			if one, err := exchange.Get(tx, org.System("test"), taken.ID); err != nil || !one.Signed {
				t.Error("a signed packet is not told from another")
			}
			return err
		})
		lttest.Update(t, d, func(tx *db.Tx) error {
			done, err := exchange.Join(tx, s.clerk(s.o.CommuneUnit), waits.ID, exchange.Joining{Case: raised, Issuer: s.o.DepartmentUnit, Reason: "văn bản liên quan"})
			if err == nil && done.State != exchange.Joined {
				t.Errorf("%+v", done)
			}
			return err
		})
		if p := s.petition(raised); p.State == petition.Answered {
			t.Error("a paper beside counts as the answer")
		}
	})
}

// raised is a petition of the commune that its department has not answered.
func (s *scene) raised(clock *lttest.Clock) (id casefile.ID) {
	s.t.Helper()
	clock.Add(2 * time.Hour)
	tried := "đã thử"
	lttest.Update(s.t, s.d, func(tx *db.Tx) error {
		p, err := petition.RaiseNow(tx, s.o.Commune, petition.Raise{Title: "Vướng mắc", Field: s.o.Field, Text: "nội dung", Tried: &tried})
		if err == nil {
			id = p.ID
		}
		return err
	})
	return id
}

// desk is the officer who follows petitions for the unit that oversees them.
func (s *scene) desk() (who org.Actor) {
	s.t.Helper()
	lttest.View(s.t, s.d, func(tx *db.Tx) error {
		over, err := org.Overseers(tx)
		if err != nil {
			return err
		}
		for unit, kinds := range over {
			held, err := org.Holders(tx, unit, org.Desk)
			if err != nil {
				return err
			}
			if slices.Contains(kinds, petition.CaseKind) && len(held) > 0 {
				if who, err = org.ActorOf(tx, held[0].Officer.ID); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if who.Officer == "" {
		s.t.Fatal("nobody follows petitions")
	}
	return who
}
