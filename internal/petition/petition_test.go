package petition_test

import (
	"context"
	"errors"
	"testing"

	"lienthong/internal/audit"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/direct"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/org"
	"lienthong/internal/petition"
)

func raise(t *testing.T, d *db.DB, who org.Actor, title, field string) (p *petition.Petition) {
	t.Helper()
	tried := "Xã đã gọi tổng đài ba lần, đã cài lại phần mềm."
	lttest.Update(t, d, func(tx *db.Tx) (err error) {
		p, err = petition.RaiseNow(tx, who, petition.Raise{Title: title, Field: field, Text: "Người dân phải quay lại nhiều lần.", Tried: &tried})
		return err
	})
	return p
}

func state(t *testing.T, d *db.DB, id casefile.ID) string {
	t.Helper()
	var s string
	lttest.View(t, d, func(tx *db.Tx) error {
		return tx.One(`SELECT state FROM casefile WHERE id = $1`, []any{string(id)}, &s)
	})
	return s
}

// The life of a difficulty: raised, directed, answered, settled, each duty met.
func TestRaisedDirectedAnsweredSettled(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := province.Open(t, d)
		// what a node learns once (paths, kinds of notices) is not the price of an answer
		first := raise(t, d, o.Commune, "Chưa có phôi giấy khai sinh", o.Field)
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := petition.AnswerNow(tx, o.Leader, first.ID, petition.Reply{Text: "Phôi về ngày 10.", Outcome: petition.Resolved})
			return err
		})
		p := raise(t, d, o.Commune, "Chưa thực hiện được chứng thực bản sao điện tử", o.Field)
		if p.Lead != o.DepartmentUnit || p.Code != "KN-0002/2026" {
			t.Fatalf("lead %s, code %s", p.Lead, p.Code)
		}
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := petition.Direct(tx, o.Leader, p.ID, direct.In{Officer: o.Specialist, Instruction: "Làm việc ngay với đơn vị kỹ thuật."}, 0)
			return err
		})
		if s := state(t, d, p.ID); s != petition.Directed {
			t.Errorf("state = %s, want directed", s)
		}
		var stats db.Stats
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := petition.AnswerNow(tx, o.Leader, p.ID, petition.Reply{Text: "Đã cấp chức năng ký số.", Outcome: petition.Resolved})
			tx.Last("zz count", func() error { stats = tx.Stats(); return nil })
			return err
		})
		if stats.Writes > 12 || stats.Reads > 6 {
			t.Errorf("answer costs %d writes and %d reads, want at most 12 and 6", stats.Writes, stats.Reads)
		}
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := petition.Settle(tx, o.Commune, p.ID, petition.Verdict{Settled: true})
			return err
		})
		if s := state(t, d, p.ID); s != petition.Settled {
			t.Errorf("state = %s, want settled", s)
		}
		lttest.View(t, d, func(tx *db.Tx) error {
			all, err := duty.OfCase(tx, p.ID)
			for _, x := range all {
				if x.Fate != duty.Met {
					t.Errorf("duty %s of %s is %s, want met", x.Rule, x.Owner, x.Fate)
				}
			}
			if len(all) != 2 {
				t.Errorf("%d duties, want 2", len(all))
			}
			return err
		})
		if n, err := audit.Sequence(context.Background(), d); err != nil || n != 6 {
			t.Errorf("sequenced %d leaves, %v; want 6, with the two of the first", n, err)
		}
	})
}

func TestSecondAnswerIsRefused(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := province.Open(t, d)
		p := raise(t, d, o.Commune, "Máy quét hỏng", o.Field)
		answer := func() error {
			return d.Update(context.Background(), func(tx *db.Tx) error {
				_, err := petition.AnswerNow(tx, o.Leader, p.ID, petition.Reply{Text: "Đã xử lý.", Outcome: petition.Resolved})
				return err
			})
		}
		if err := answer(); err != nil {
			t.Fatal(err)
		}
		if err := answer(); !errors.Is(err, fault.Conflict) {
			t.Errorf("second answer: %v, want a conflict", err)
		}
	})
}
