package board_test

import (
	"testing"
	"time"

	"lienthong/internal/board"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/org"
	"lienthong/internal/petition"
)

// Every figure of the hops is what its list adds up to, by pages of any size and under any
// filter; the parts are the whole; a unit's leader reads his own row alone.
func TestHopsAreTheirLists(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := province.Open(t, d)
		forwarded(t, d, clock, o, 9)
		over := leader(t, d, "van-phong-ubnd-tinh")
		lttest.View(t, d, func(tx *db.Tx) error {
			for _, f := range []board.Filter{{}, {Field: o.Field}, {Commune: o.CommuneUnit}, {Field: "khong-co"}} {
				rows, total, err := board.Hops(tx, over, f)
				if err != nil {
					return err
				}
				var sum board.Hop
				for _, h := range rows {
					g := f
					g.Units = []org.UnitID{h.Unit}
					stays, days := listed(t, tx, over, g)
					if stays != h.Stays || days != h.Days || h.Stays == 0 {
						t.Errorf("%s: figure %d stays of %d days, list %d of %d", h.Unit, h.Stays, h.Days, stays, days)
					}
					sum.Stays, sum.Days, sum.Answered = sum.Stays+h.Stays, sum.Days+h.Days, sum.Answered+h.Answered
				}
				if sum.Stays != total.Stays || sum.Days != total.Days || sum.Answered != total.Answered {
					t.Errorf("rows %+v, total %+v", sum, total)
				}
				if f.Field == o.Field && (len(rows) < 2 || total.Stays < 2*total.Answered || total.Answered == 0) {
					t.Errorf("nothing went through two units: nothing proved: %+v", rows)
				}
				if f.Field == "khong-co" && len(rows) != 0 {
					t.Errorf("no field: %+v", rows)
				}
			}
			own, _, err := board.Hops(tx, o.Leader, board.Filter{})
			if len(own) != 1 || own[0].Unit != o.DepartmentUnit {
				t.Errorf("a leader reads %+v", own)
			}
			return err
		})
	})
}

// forwarded plays n petitions through two departments, each with days of its own.
func forwarded(t *testing.T, d *db.DB, clock *lttest.Clock, o province.Office, n int) {
	lttest.Update(t, d, func(tx *db.Tx) error { // one step, so that the answer is one act
		return org.SetPath(tx, org.System("test"), "so-tu-phap", "", []org.Step{{Stage: org.Release, Role: org.Leader}})
	})
	justice := leader(t, d, "so-tu-phap")
	for i := range n {
		var id casefile.ID
		tried := "đã tự làm"
		for _, act := range []func(tx *db.Tx) error{
			func(tx *db.Tx) error {
				p, err := petition.RaiseNow(tx, o.Commune, petition.Raise{Title: "Việc", Field: o.Field, Text: "nội dung", Tried: &tried})
				if err == nil {
					id = p.ID
				}
				return err
			},
			func(tx *db.Tx) error {
				_, err := petition.Forward(tx, o.Leader, id, petition.Forwarding{To: "so-tu-phap", Reason: "đúng chức năng đơn vị nhận"})
				return err
			},
			func(tx *db.Tx) error {
				_, err := petition.AnswerNow(tx, justice, id, petition.Reply{Text: "trả lời", Outcome: petition.Guided})
				return err
			},
		} {
			lttest.Update(t, d, act)
			clock.Add(time.Duration(i+1) * 30 * time.Hour)
		}
	}
}

// listed adds up the list of a filter, page by page, and no stay twice.
func listed(t *testing.T, tx *db.Tx, who org.Actor, f board.Filter) (n, days int64) {
	t.Helper()
	seen := map[string]bool{}
	for cursor := ""; ; {
		all, next, err := board.Stays(tx, who, f, cursor, 3)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range all {
			key := string(s.Case) + string(rune('0'+s.N))
			if seen[key] || s.To.Before(s.From) {
				t.Errorf("%+v twice, or ended before it began", s)
			}
			seen[key] = true
			n, days = n+1, days+s.Days
		}
		if next == "" {
			return n, days
		}
		cursor = next
	}
}
