package group_test

import (
	"strings"
	"testing"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/group"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/petition"
	"lienthong/internal/signoff"
)

// A pair is two petitions in one group, made anew for each meeting.
type pair struct {
	office
	desk  signoff.Desk
	two   []casefile.ID
	id    casefile.ID
	paper signoff.ID // the group's answer, drafted
}

// prepare raises and groups, and drafts the common answer where it is to be released.
func (p *pair) prepare(draft bool) func(tx *db.Tx) error {
	return func(tx *db.Tx) error {
		p.two = nil
		tried := "Đã tự làm."
		for range 2 {
			x, err := petition.RaiseNow(tx, p.Commune, petition.Raise{Title: "Vướng mắc", Field: p.Field, Text: "Không ký số được.", Tried: &tried})
			if err != nil {
				return err
			}
			p.two = append(p.two, x.ID)
		}
		g, err := group.Form(tx, p.office.desk, group.New{Title: "Ký số", Members: p.two})
		if err != nil || !draft {
			p.id = g.ID
			return err
		}
		p.id = g.ID
		x, err := group.DraftAnswer(tx, p.desk, p.Leader, p.id, common)
		if err == nil {
			p.paper = x.ID
		}
		return err
	}
}

var common = petition.Reply{Text: "Đã cấp chứng thư số.", Outcome: petition.Resolved}

func (p *pair) now(tx *db.Tx) error {
	_, err := group.AnswerNow(tx, p.Leader, p.id, common)
	return err
}

func (p *pair) release(tx *db.Tx) error {
	_, err := p.desk.Release(tx, p.Leader, p.paper, signoff.Issue{})
	return err
}

func (p *pair) own(tx *db.Tx) error {
	_, err := petition.AnswerNow(tx, p.Leader, p.two[1], petition.Reply{Text: "Trả lời riêng.", Outcome: petition.Guided})
	return err
}

func (p *pair) leave(tx *db.Tx) error {
	_, err := group.Leave(tx, p.Commune, "", group.Departure{Petition: p.two[1], Reason: "Việc khác."})
	return err
}

// The common answer, at once or as a released paper, meets what else is done with a member
// at every point: each petition is answered once, whoever comes second is told so in words,
// and nobody waits for another crosswise.
func TestCommonAnswerBesideOtherActs(t *testing.T) {
	tests := []struct {
		name  string
		draft bool
		a, b  func(p *pair) func(tx *db.Tx) error
		alone bool // the member may be left without the common answer and have none
	}{
		{"at once beside its own answer", false, func(p *pair) func(*db.Tx) error { return p.now }, func(p *pair) func(*db.Tx) error { return p.own }, false},
		{"released beside its own answer", true, func(p *pair) func(*db.Tx) error { return p.release }, func(p *pair) func(*db.Tx) error { return p.own }, false},
		{"at once beside its leaving", false, func(p *pair) func(*db.Tx) error { return p.now }, func(p *pair) func(*db.Tx) error { return p.leave }, true},
		{"released beside its leaving", true, func(p *pair) func(*db.Tx) error { return p.release }, func(p *pair) func(*db.Tx) error { return p.leave }, true},
	}
	province.Each(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		p := &pair{office: open(t, d, 0)}
		var err error
		if p.desk, err = signoff.NewDesk(group.Papers(petition.Papers())...); err != nil {
			t.Fatal(err)
		}
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				lttest.Race(t, d, p.prepare(tt.draft), uncrossed(t, tt.a(p)), uncrossed(t, tt.b(p)), func(t *testing.T, m lttest.Meeting) {
					if m.A != nil || m.B != nil && fault.Kind(m.B) != fault.Conflict {
						t.Errorf("point %d: common %v, other %v", m.Point, m.A, m.B)
					}
					p.answered(t, d, tt.alone && m.B == nil)
				})
			})
		}
	})
}

// answered wants one answer on each petition; on the second none where it left in time.
func (p *pair) answered(t *testing.T, d *db.DB, left bool) {
	t.Helper()
	lttest.View(t, d, func(tx *db.Tx) error {
		for i, id := range p.two {
			all, err := petition.Answers(tx, id)
			if err != nil {
				return err
			}
			want := 1
			if left && i == 1 {
				want = 0
			}
			if len(all) != want {
				t.Errorf("petition %d has %d answers, want %d", i, len(all), want)
			}
		}
		return nil
	})
}

// uncrossed fails the test when PostgreSQL had to end the operation because two waited for
// each other: it would be run again, but a second late.
func uncrossed(t *testing.T, op func(tx *db.Tx) error) func(tx *db.Tx) error {
	return func(tx *db.Tx) error {
		err := op(tx)
		if err != nil && strings.Contains(err.Error(), "40P01") {
			t.Errorf("waited crosswise: %v", err)
		}
		return err
	}
}
