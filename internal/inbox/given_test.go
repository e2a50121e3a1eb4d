package inbox_test

import (
	"testing"

	"lienthong/internal/db"
	"lienthong/internal/direct"
	"lienthong/internal/inbox"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/org"
	"lienthong/internal/petition"
)

// What a leader directed to others stays in his list while it runs; it is not in the
// list of who got it.
func TestWhatIDirectedToOthers(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := province.Open(t, d)
		tried := "đã tự làm"
		var p *petition.Petition
		lttest.Update(t, d, func(tx *db.Tx) (err error) {
			p, err = petition.RaiseNow(tx, o.Commune, petition.Raise{Title: "Việc", Field: o.Field, Text: "nội dung", Tried: &tried})
			return err
		})
		given := func(what string, who org.Actor, want int) {
			t.Helper()
			lttest.View(t, d, func(tx *db.Tx) error {
				n, err := inbox.Count(tx, who, inbox.Filter{Given: true}, 10)
				if n != want {
					t.Errorf("%s: %d given, want %d", what, n, want)
				}
				items, _, list := inbox.List(tx, who, inbox.Filter{Given: true}, "", 10)
				if len(items) != want {
					t.Errorf("%s: %d in the list, want %d", what, len(items), want)
				}
				trays, trayErr := inbox.Trays(tx, who, 10)
				for _, x := range trays {
					if x.Duties.Given && x.Count != want {
						t.Errorf("%s: the tray counts %d, want %d", what, x.Count, want)
					}
				}
				for _, e := range []error{err, list, trayErr} {
					if e != nil {
						return e
					}
				}
				return nil
			})
		}
		given("before", o.Leader, 0)
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := petition.Direct(tx, o.Leader, p.ID, direct.In{Officer: o.Specialist, Instruction: "Xem, trả lời."}, 0)
			return err
		})
		given("directed", o.Leader, 1)
		var specialist org.Actor
		lttest.View(t, d, func(tx *db.Tx) (err error) { specialist, err = org.ActorOf(tx, o.Specialist); return err })
		given("directed, to whom it went", specialist, 0)
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := petition.AnswerNow(tx, o.Leader, p.ID, petition.Reply{Text: "trả lời", Outcome: petition.Guided})
			return err
		})
		given("answered", o.Leader, 0)
	})
}
