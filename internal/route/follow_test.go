package route_test

import (
	"testing"

	"lienthong/internal/db"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/petition"
	"lienthong/internal/regulation"
	"lienthong/internal/route"
)

// What an office answers is learned once from the log, and read back by the next request.
func TestFollowerLearnsFromAnswers(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := province.Open(t, d)
		of := func() (m *route.Model) {
			lttest.View(t, d, func(tx *db.Tx) (err error) {
				m, err = route.Of(tx)
				return err
			})
			return m
		}
		const title = "Xin hướng dẫn việc tồn của xã cũ"
		before := of()
		for range 3 {
			var p *petition.Petition
			lttest.Update(t, d, func(tx *db.Tx) (err error) {
				tried := "đã tự làm"
				p, err = petition.RaiseNow(tx, o.Commune, petition.Raise{Title: title, Field: o.Field, Text: "Chữ ký số chưa cấp.", Tried: &tried})
				return err
			})
			lttest.Update(t, d, func(tx *db.Tx) error {
				_, err := petition.AnswerNow(tx, o.Leader, p.ID, petition.Reply{Text: "trả lời", Outcome: petition.Guided})
				return err
			})
		}
		follow(t, d)
		follow(t, d) // nothing is learned twice
		after := of()
		lttest.View(t, d, func(tx *db.Tx) error {
			rb, err := regulation.Current(tx)
			if err != nil {
				return err
			}
			was, is := before.Propose(rb, tx.Now, title, 14), after.Propose(rb, tx.Now, title, 14)
			if share(is, o.Field) <= share(was, o.Field) {
				t.Errorf("the share of %s went from %v to %v", o.Field, share(was, o.Field), share(is, o.Field))
			}
			if p := after.Propose(rb, tx.Now, "Chữ ký số hết hạn", 1)[0]; p.Unit == o.DepartmentUnit && p.Answered != 3 {
				t.Errorf("answered %d times before: %+v", p.Answered, p)
			}
			return nil
		})
	})
}

func share(all []route.Proposal, field string) float64 {
	for _, p := range all {
		if p.ID == field || p.Choice == field {
			return p.Score
		}
	}
	return 0
}
