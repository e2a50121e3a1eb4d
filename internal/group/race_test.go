package group_test

import (
	"testing"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/group"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/petition"
)

// The common answer meets a member's own answer at every point: each petition is answered
// once, and whoever comes second is told so in words.
func TestOwnAnswerBesideTheCommonOne(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		o := open(t, d, 0)
		var two []casefile.ID
		var id casefile.ID
		prepare := func(tx *db.Tx) error {
			two = nil
			tried := "Đã tự làm."
			for range 2 {
				p, err := petition.RaiseNow(tx, o.Commune, petition.Raise{Title: "Vướng mắc", Field: o.Field, Text: "Không ký số được.", Tried: &tried})
				if err != nil {
					return err
				}
				two = append(two, p.ID)
			}
			g, err := group.Form(tx, o.desk, group.New{Title: "Ký số", Members: two})
			if err == nil {
				id = g.ID
			}
			return err
		}
		common := func(tx *db.Tx) error {
			_, err := group.AnswerNow(tx, o.Leader, id, petition.Reply{Text: "Đã cấp chứng thư số.", Outcome: petition.Resolved})
			return err
		}
		own := func(tx *db.Tx) error {
			_, err := petition.AnswerNow(tx, o.Leader, two[1], petition.Reply{Text: "Trả lời riêng.", Outcome: petition.Guided})
			return err
		}
		lttest.Race(t, d, prepare, common, own, func(t *testing.T, m lttest.Meeting) {
			if m.A != nil || m.B != nil && fault.Kind(m.B) != fault.Conflict {
				t.Errorf("common %v, own %v", m.A, m.B)
			}
			lttest.View(t, d, func(tx *db.Tx) error {
				for _, p := range two {
					all, err := petition.Answers(tx, p)
					if err != nil {
						return err
					}
					if len(all) != 1 {
						t.Errorf("%d answers", len(all))
					}
				}
				return nil
			})
		})
	})
}
