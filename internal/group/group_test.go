package group_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/group"
	"lienthong/internal/job"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/org"
	"lienthong/internal/petition"
)

// office is a province with petitions of one commune for one department, and the Office's
// desk officer who groups them.
type office struct {
	province.Office
	desk      org.Actor
	petitions []casefile.ID
}

func open(t *testing.T, d *db.DB, n int) (o office) {
	t.Helper()
	o.Office = province.Open(t, d)
	lttest.View(t, d, func(tx *db.Tx) error {
		held, err := org.Holders(tx, "van-phong-ubnd-tinh", org.Desk)
		if err != nil {
			return err
		}
		o.desk, err = org.ActorOf(tx, held[0].Officer.ID)
		return err
	})
	for i := range n {
		o.petitions = append(o.petitions, o.raise(t, d, fmt.Sprintf("Vướng mắc thứ %d", i+1)))
	}
	return o
}

func (o *office) raise(t *testing.T, d *db.DB, title string) (id casefile.ID) {
	t.Helper()
	tried := "Xã đã tự làm."
	lttest.Update(t, d, func(tx *db.Tx) error {
		p, err := petition.RaiseNow(tx, o.Commune, petition.Raise{Title: title, Field: o.Field, Text: "Không ký số được.", Tried: &tried})
		if err == nil {
			id = p.ID
		}
		return err
	})
	return id
}

func (o *office) form(t *testing.T, d *db.DB, members ...casefile.ID) (id casefile.ID) {
	t.Helper()
	lttest.Update(t, d, func(tx *db.Tx) error {
		g, err := group.Form(tx, o.desk, group.New{Title: "Ký số không được", Members: members})
		if err == nil {
			id = g.ID
		}
		return err
	})
	return id
}

func try(d *db.DB, fn func(tx *db.Tx) error) error { return d.Update(context.Background(), fn) }

func (o *office) answer(d *db.DB, id casefile.ID) error {
	return try(d, func(tx *db.Tx) error {
		_, err := group.AnswerNow(tx, o.Leader, id, petition.Reply{Text: "Đã cấp chứng thư số.", Outcome: petition.Resolved})
		return err
	})
}

// fates counts the members of a group by what became of them.
func fates(t *testing.T, d *db.DB, id casefile.ID) map[string]int {
	t.Helper()
	n := map[string]int{}
	lttest.View(t, d, func(tx *db.Tx) error {
		all, err := group.Members(tx, org.System("test"), id)
		for _, m := range all {
			n[m.Place]++
		}
		return err
	})
	return n
}

// A large group is answered by a job; whoever stands in it has an answer, its duty is met
// at the instant of the release, and a step done twice answers nobody twice.
func TestALargeGroupIsAnsweredByAJob(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := open(t, d, 14)
		id := o.form(t, d, o.petitions...)
		if err := o.answer(d, id); err != nil {
			t.Fatal(err)
		}
		if n := fates(t, d, id); n["answered"] != 1 || n[""] != 13 {
			t.Fatalf("before the job: %v", n)
		}
		released := d.Now(context.Background())
		clock.Add(8 * 24 * 3600 * 1e9) // the job runs days later: nobody is late for it
		r := job.New(d, "test")
		r.Define(group.JobKind, group.Step)
		for range 2 {
			if err := r.Drain(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if n := fates(t, d, id); n["answered"] != 14 {
			t.Fatalf("after the job: %v", n)
		}
		lttest.View(t, d, func(tx *db.Tx) error {
			for _, p := range o.petitions {
				all, err := duty.OfCase(tx, p)
				if err != nil {
					return err
				}
				for _, x := range all {
					if x.Rule == petition.MustAnswer && (x.Fate != duty.Met || x.Late() || x.EndedAt.After(released.Add(60e9))) {
						t.Errorf("%s: duty %s ended %s", p, x.Fate, x.EndedAt)
					}
				}
				if answers, err := petition.Answers(tx, p); err != nil || len(answers) != 1 || answers[0].Symbol == "" {
					t.Errorf("%s: answers %+v, %v", p, answers, err)
				}
			}
			return nil
		})
	})
}

// One petition stands in one open group: the second claim names both groups, and of two
// officers at once one is refused.
func TestTwoGroupsClaimOnePetition(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		o := open(t, d, 3)
		first := o.form(t, d, o.petitions[0], o.petitions[1])
		second := o.form(t, d, o.petitions[2])
		add := func(tx *db.Tx) error {
			_, err := group.Add(tx, o.desk, second, o.petitions[:1], 0)
			return err
		}
		err := try(d, add)
		r, said := fault.Sentence(err)
		if !errors.Is(err, fault.Conflict) || !said || !strings.Contains(r.Say, "NV-0001/2026") || !strings.Contains(r.Say, "NV-0002/2026") {
			t.Fatalf("second claim: %v", err)
		}
		leave := func(tx *db.Tx) error {
			_, err := group.Leave(tx, o.Commune, "", group.Departure{Petition: o.petitions[0], Reason: "Việc của xã là do mạng."})
			return err
		}
		if err := try(d, leave); err != nil {
			t.Fatal(err)
		}
		if err := try(d, add); err != nil {
			t.Fatalf("after it left: %v", err)
		}
		if n := fates(t, d, first); n["left"] != 1 || n[""] != 1 {
			t.Errorf("first group: %v", n)
		}
	})
}

// Who may what, and what an answer does not reach.
func TestGroupRefuses(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		o := open(t, d, 4)
		id := o.form(t, d, o.petitions[:3]...)
		lttest.Update(t, d, func(tx *db.Tx) error { // one is answered alone
			_, err := petition.AnswerNow(tx, o.Leader, o.petitions[1], petition.Reply{Text: "Trả lời riêng.", Outcome: petition.Guided})
			return err
		})
		lttest.Update(t, d, func(tx *db.Tx) error { // one goes to another department
			_, err := petition.Forward(tx, o.Leader, o.petitions[2], petition.Forwarding{To: "so-tai-chinh", Reason: "Thuộc chức năng đơn vị nhận."})
			return err
		})
		tests := []struct {
			name string
			act  func(tx *db.Tx) error
			want error
		}{
			{"a department groups", func(tx *db.Tx) error {
				_, err := group.Form(tx, o.Leader, group.New{Title: "Nhóm", Members: o.petitions[3:]})
				return err
			}, fault.Denied},
			{"a commune reads a group", func(tx *db.Tx) error { _, err := group.Get(tx, o.Commune, id); return err }, fault.NotFound},
			{"the Office answers", func(tx *db.Tx) error {
				_, err := group.AnswerNow(tx, o.desk, id, petition.Reply{Text: "Đã xong.", Outcome: petition.Resolved})
				return err
			}, fault.Denied},
			{"it leaves for a reason that is secret", func(tx *db.Tx) error {
				_, err := group.Leave(tx, o.desk, id, group.Departure{Petition: o.petitions[0], Reason: "TUYỆT MẬT\nTheo công văn số 5"})
				return err
			}, fault.Invalid},
			{"it leaves for a reason without end", func(tx *db.Tx) error {
				_, err := group.Leave(tx, o.desk, id, group.Departure{Petition: o.petitions[0], Reason: strings.Repeat("dài ", 10_000)})
				return err
			}, fault.Invalid},
			{"without a title", func(tx *db.Tx) error {
				_, err := group.Form(tx, o.desk, group.New{Members: o.petitions[3:]})
				return err
			}, fault.Invalid},
			{"without members", func(tx *db.Tx) error {
				_, err := group.Form(tx, o.desk, group.New{Title: "Nhóm"})
				return err
			}, fault.Invalid},
			{"one that is answered", func(tx *db.Tx) error {
				_, err := group.Form(tx, o.desk, group.New{Title: "Nhóm", Members: []casefile.ID{o.petitions[3], o.petitions[1]}})
				return err
			}, fault.Conflict},
		}
		for _, tt := range tests {
			if err := try(d, tt.act); !errors.Is(err, tt.want) {
				t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
			}
		}
		if err := o.answer(d, id); err != nil {
			t.Fatal(err)
		}
		if n := fates(t, d, id); n["answered"] != 1 || n["missed"] != 2 {
			t.Errorf("fates %v: the answer reached what another unit leads, or twice", n)
		}
		if err := o.answer(d, id); !errors.Is(err, fault.Conflict) {
			t.Errorf("answered twice: %v", err)
		}
	})
}

// What reads alike is offered to who groups, until it stands in a group; to a commune only
// what it may open.
func TestSuggest(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		o := open(t, d, 0)
		for _, title := range []string{"Chữ ký số của công chức bị lỗi khi chứng thực", "Lỗi chữ ký số khi công chức chứng thực bản sao", "Trạm y tế thiếu bác sĩ"} {
			o.petitions = append(o.petitions, o.raise(t, d, title))
		}
		sizes := func() (n []int) {
			lttest.View(t, d, func(tx *db.Tx) error {
				all, err := group.Suggest(tx, o.desk)
				n = nil
				for _, s := range all {
					n = append(n, len(s.Members))
				}
				return err
			})
			return n
		}
		if n := sizes(); len(n) != 1 || n[0] < 2 {
			t.Fatalf("suggested %v", n)
		}
		o.form(t, d, o.petitions...)
		if n := sizes(); len(n) != 0 {
			t.Errorf("suggested although grouped: %v", n)
		}
	})
}
