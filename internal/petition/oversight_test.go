package petition_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/org"
	"lienthong/internal/petition"
)

// try runs one operation and returns its error.
func try(d *db.DB, fn func(tx *db.Tx) error) error { return d.Update(context.Background(), fn) }

func kinds() duty.Kinds {
	k := duty.Kinds{}
	for _, x := range petition.Duties() {
		k[x.Rule] = x
	}
	return k
}

func sweep(t *testing.T, d *db.DB) duty.Swept {
	t.Helper()
	s := duty.Sweeper{DB: d, Kinds: kinds(), Node: "test"}
	n, err := s.Sweep(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func duties(t *testing.T, d *db.DB, id casefile.ID, rule string) (all []*duty.Duty) {
	t.Helper()
	lttest.View(t, d, func(tx *db.Tx) error {
		every, err := duty.OfCase(tx, id)
		for _, x := range every {
			if x.Rule == rule {
				all = append(all, x)
			}
		}
		return err
	})
	return all
}

func officer(t *testing.T, d *db.DB, unit org.UnitID, role org.Role) (who org.Actor) {
	t.Helper()
	lttest.View(t, d, func(tx *db.Tx) error {
		held, err := org.Holders(tx, unit, role)
		if err != nil || len(held) == 0 {
			t.Fatalf("no %s in %s: %v", role, unit, err)
		}
		who, err = org.ActorOf(tx, held[0].Officer.ID)
		return err
	})
	return who
}

// Received on the first day PT06 is in force, a petition is due on 26 February:
// reminded on the fifth working day, missed on the eighth, once (S2).
func TestUnanswered(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := province.Open(t, d)
		p := raise(t, d, o.Commune, "Máy quét hỏng", o.Field)
		due := duties(t, d, p.ID, petition.MustAnswer)[0]
		if got := due.DueOn.String(); got != "2026-02-26" {
			t.Fatalf("due on %s, want 2026-02-26", got)
		}
		if l, _ := due.Binding(); l.Clause != "PT06/D6.K2" {
			t.Errorf("binding clause = %q, want PT06/D6.K2", l.Clause)
		}
		at := func(s string) {
			x, err := time.ParseInLocation("2006-01-02 15:04", s, time.FixedZone("+07", 7*3600))
			if err != nil {
				t.Fatal(err)
			}
			clock.Set(x)
		}
		for _, step := range []struct {
			at   string
			want duty.Swept
		}{
			{"2026-02-24 07:00", duty.Swept{}},            // before the office opens nobody is reminded
			{"2026-02-24 08:00", duty.Swept{Reminded: 1}}, // the fifth working day
			{"2026-02-26 23:59", duty.Swept{}},            // the last day is in time
			{"2026-02-27 00:00", duty.Swept{Missed: 1}},
			{"2026-03-09 08:00", duty.Swept{}}, // announced once
		} {
			at(step.at)
			if got := sweep(t, d); got != step.want {
				t.Errorf("at %s: swept %+v, want %+v", step.at, got, step.want)
			}
		}
		desk := duties(t, d, p.ID, petition.MustOversee)
		if len(desk) != 2 {
			t.Fatalf("%d overseers have it on their desk, want Sở Nội vụ and Văn phòng", len(desk))
		}
		for _, x := range desk {
			if !x.DueAt.IsZero() {
				t.Errorf("%s has a date that no text states: %s", x.Owner, x.DueOn)
			}
		}
		if n := len(duties(t, d, p.ID, petition.MustExplain)); n != 0 {
			t.Errorf("the clock asked for %d explanations; only a person may", n)
		}
		// It can still be answered; then it is done late, and the desks are clear.
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := petition.AnswerNow(tx, o.Leader, p.ID, petition.Reply{Text: "Đã xử lý.", Outcome: petition.Guided})
			return err
		})
		if x := duties(t, d, p.ID, petition.MustAnswer)[0]; !x.Late() {
			t.Error("answered on the ninth day and not late")
		}
		for _, x := range duties(t, d, p.ID, petition.MustOversee) {
			if x.EndedAt.IsZero() {
				t.Errorf("%s still has to decide on an answered petition", x.Owner)
			}
		}
	})
}

// The first forwarding goes straight on and keeps the due instant; the second goes
// to the Office, both views kept.
func TestForwardedTwice(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := province.Open(t, d)
		p := raise(t, d, o.Commune, "Chưa rõ ai cấp chứng thư số", o.Field)
		before := duties(t, d, p.ID, petition.MustAnswer)[0].DueAt
		clock.Add(26 * time.Hour)
		forward := func(who org.Actor, to org.UnitID) error {
			return try(d, func(tx *db.Tx) error {
				_, err := petition.Forward(tx, who, p.ID, petition.Forwarding{To: to, Reason: "Thuộc chức năng đơn vị nhận."})
				return err
			})
		}
		if err := forward(o.Commune, "so-noi-vu"); !errors.Is(err, fault.Denied) {
			t.Errorf("a commune forwards: %v, want denied", err)
		}
		if err := forward(o.Leader, "so-khong-co"); !errors.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "so-khong-co") {
			t.Errorf("to nobody: %v", err)
		}
		if err := forward(o.Leader, "so-tu-phap"); err != nil {
			t.Fatal(err)
		}
		all := duties(t, d, p.ID, petition.MustAnswer)
		if len(all) != 2 || all[0].Fate != duty.Handed && all[1].Fate != duty.Handed {
			t.Fatalf("duties after forwarding: %+v", all)
		}
		for _, x := range all {
			if x.Fate == duty.Open && (x.Owner != "so-tu-phap" || !x.DueAt.Equal(before)) {
				t.Errorf("%s owes by %s, want so-tu-phap by %s: the commune's clock goes on", x.Owner, x.DueAt, before)
			}
		}
		justice := officer(t, d, "so-tu-phap", org.Leader)
		if err := forward(justice, "so-noi-vu"); err != nil {
			t.Fatal(err)
		}
		asked := duties(t, d, p.ID, petition.MustAssign)
		if len(asked) != 1 || asked[0].Owner != "van-phong-ubnd-tinh" {
			t.Fatalf("contested: %+v, want the Office to name the lead", asked)
		}
		desk := officer(t, d, "van-phong-ubnd-tinh", org.Desk)
		clock.Add(24 * time.Hour)
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := petition.AssignLead(tx, desk, p.ID, petition.Forwarding{To: "so-noi-vu", Reason: "Việc thuộc ngành nội vụ."})
			return err
		})
		lttest.View(t, d, func(tx *db.Tx) error {
			now, err := petition.Get(tx, o.Commune, p.ID)
			if err != nil {
				return err
			}
			if now.Lead != "so-noi-vu" || now.Contested || now.Hops != 2 {
				t.Errorf("lead %s, contested %v, hops %d", now.Lead, now.Contested, now.Hops)
			}
			hops, err := petition.Hops(tx, now)
			if err != nil {
				return err
			}
			var got []string
			for _, h := range hops {
				got = append(got, fmt.Sprintf("%s %d %v", h.Unit, h.WorkingDays, h.Reason != ""))
			}
			want := []string{string(o.DepartmentUnit) + " 1 true", "so-tu-phap 1 true", "so-noi-vu 0 false"}
			if !slices.Equal(got, want) || !hops[2].To.IsZero() || !hops[1].From.Equal(hops[0].To) {
				t.Errorf("shares %v, want %v", got, want)
			}
			return nil
		})
	})
}

// A unit that holds a contested petition and answers it leaves the Office nothing to decide.
func TestAnsweredWhileContested(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := province.Open(t, d)
		p := raise(t, d, o.Commune, "Chưa rõ ai cấp chứng thư số", "tu-phap")
		justice := officer(t, d, "so-tu-phap", org.Leader)
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := petition.Forward(tx, justice, p.ID, petition.Forwarding{To: o.DepartmentUnit, Reason: "Thuộc chức năng đơn vị nhận."})
			return err
		})
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := petition.Forward(tx, o.Leader, p.ID, petition.Forwarding{To: "so-noi-vu", Reason: "Việc của ngành nội vụ."})
			return err
		})
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := petition.AnswerNow(tx, o.Leader, p.ID, petition.Reply{Text: "Sở đã cấp chứng thư số.", Outcome: petition.Resolved})
			return err
		})
		asked := duties(t, d, p.ID, petition.MustAssign)
		if len(asked) != 1 || asked[0].Fate != duty.Waived {
			t.Errorf("after the answer the Office owes %+v, want nothing", asked)
		}
		lttest.View(t, d, func(tx *db.Tx) error {
			now, err := petition.Get(tx, o.Commune, p.ID)
			if err == nil && now.Contested {
				t.Error("an answered petition still waits for its lead to be named")
			}
			return err
		})
	})
}

// Who has answered is not urged any more: it would stand against a unit that owes nothing.
func TestAnsweredIsNotUrged(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := province.Open(t, d)
		p := raise(t, d, o.Commune, "Máy in thẻ hỏng", o.Field)
		desk := officer(t, d, "van-phong-ubnd-tinh", org.Desk)
		urge := func() error {
			return try(d, func(tx *db.Tx) error {
				_, err := petition.Urge(tx, desk, p.ID, petition.Oversight{Text: "Đề nghị sớm trả lời xã."})
				return err
			})
		}
		if err := urge(); err != nil {
			t.Fatal(err)
		}
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := petition.AnswerNow(tx, o.Leader, p.ID, petition.Reply{Text: "Đã cấp máy mới.", Outcome: petition.Resolved})
			return err
		})
		if err := urge(); !errors.Is(err, fault.Conflict) {
			t.Errorf("urged after its answer: %v", err)
		}
	})
}

// A field that the text leaves to nobody goes to the Office, without an invented date.
func TestFieldOfNobody(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := province.Open(t, d)
		p := raise(t, d, o.Commune, "Máy tính một cửa bị nhiễm mã độc", "an-ninh-mang")
		if p.Lead != "van-phong-ubnd-tinh" || p.Hole == "" {
			t.Fatalf("lead %s, hole %q; want the Office and the clause", p.Lead, p.Hole)
		}
		if n := len(duties(t, d, p.ID, petition.MustAnswer)); n != 0 {
			t.Errorf("%d duties to answer before anybody is competent", n)
		}
		desk := officer(t, d, "van-phong-ubnd-tinh", org.Desk)
		err := try(d, func(tx *db.Tx) error {
			_, err := petition.AnswerNow(tx, desk, p.ID, petition.Reply{Text: "…", Outcome: petition.Guided})
			return err
		})
		if !errors.Is(err, fault.Conflict) {
			t.Errorf("answered without a lead: %v", err)
		}
		clock.Add(50 * time.Hour)
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := petition.AssignLead(tx, desk, p.ID, petition.Forwarding{To: "so-khoa-hoc-va-cong-nghe", Reason: "Đơn vị quản lý hạ tầng thông tin."})
			return err
		})
		x := duties(t, d, p.ID, petition.MustAnswer)
		if len(x) != 1 || !x[0].From.Equal(clock.Now()) {
			t.Errorf("%+v: the department's clock runs from when it reached it", x)
		}
	})
}

// Only its commune, the units with a duty on it and the overseers see a petition.
func TestWhoSees(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := province.Open(t, d)
		p := raise(t, d, o.Commune, "Máy quét hỏng", o.Field)
		for _, x := range []struct {
			unit org.UnitID
			role org.Role
			sees bool
		}{
			{o.CommuneUnit, org.Specialist, true},
			{o.DepartmentUnit, org.Specialist, true},
			{"so-noi-vu", org.Specialist, true},
			{"van-phong-ubnd-tinh", org.Desk, true},
			{"so-tu-phap", org.Leader, false},
			{"08515", org.Leader, false},
		} {
			who := officer(t, d, x.unit, x.role)
			err := d.View(context.Background(), func(tx *db.Tx) error {
				_, err := petition.Get(tx, who, p.ID)
				return err
			})
			if sees := err == nil; sees != x.sees || err != nil && !errors.Is(err, fault.NotFound) {
				t.Errorf("%s of %s sees it: %v (%v), want %v", x.role, x.unit, sees, err, x.sees)
			}
		}
	})
}

// Given back only on a ground of the list, with a reason; nothing is owed any more.
func TestReturnNeedsAGround(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := province.Open(t, d)
		p := raise(t, d, o.Commune, "Công dân khiếu nại", o.Field)
		give := func(ground string) error {
			return try(d, func(tx *db.Tx) error {
				_, err := petition.Return(tx, o.Leader, p.ID, petition.GiveBack{Ground: ground, Reason: "Đề nghị xã hướng dẫn công dân gửi đúng nơi."})
				return err
			})
		}
		if err := give("Không thích"); !errors.Is(err, fault.Invalid) {
			t.Errorf("an invented ground: %v", err)
		}
		var grounds []string
		lttest.View(t, d, func(tx *db.Tx) error {
			rule, err := petition.ReturnRule(tx, p)
			grounds = rule.List("grounds")
			return err
		})
		if err := give(grounds[0]); err != nil {
			t.Fatal(err)
		}
		for _, x := range duties(t, d, p.ID, petition.MustAnswer) {
			if x.Fate != duty.Waived || !strings.Contains(x.EndedWhy, grounds[0]) {
				t.Errorf("duty %s, %q", x.Fate, x.EndedWhy)
			}
		}
	})
}

// Not settled opens the next round, counted from the day the commune says so.
func TestNotSettled(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := province.Open(t, d)
		p := raise(t, d, o.Commune, "Máy quét hỏng", o.Field)
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := petition.AnswerNow(tx, o.Leader, p.ID, petition.Reply{Text: "Đang làm.", Outcome: petition.InProgress, NextReport: "2026-03-31"})
			return err
		})
		report := duties(t, d, p.ID, petition.MustReport)
		if len(report) != 1 || report[0].DueOn.String() != "2026-03-31" || report[0].Limits[0].Clause != "" {
			t.Fatalf("next report: %+v, want 31/03 set by the lead and no clause", report)
		}
		settle := func(yes bool, comment string) error {
			return try(d, func(tx *db.Tx) error {
				_, err := petition.Settle(tx, o.Commune, p.ID, petition.Verdict{Settled: yes, Comment: comment})
				return err
			})
		}
		if err := settle(false, " "); !errors.Is(err, fault.Invalid) {
			t.Errorf("not settled without a word: %v", err)
		}
		clock.Add(48 * time.Hour)
		if err := settle(false, "Máy vẫn hỏng."); err != nil {
			t.Fatal(err)
		}
		var second *duty.Duty
		for _, x := range duties(t, d, p.ID, petition.MustAnswer) {
			if x.Round == 2 {
				second = x
			}
		}
		if second == nil || second.Fate != duty.Open || !second.From.Equal(clock.Now()) {
			t.Fatalf("second round: %+v", second)
		}
		if err := settle(true, ""); !errors.Is(err, fault.Conflict) {
			t.Errorf("settled before the second answer: %v", err)
		}
	})
}

// Split to another department: its part is asked, given, and ended by the one answer.
func TestSplit(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := province.Open(t, d)
		p := raise(t, d, o.Commune, "Phần mềm và con dấu", o.Field)
		lttest.Update(t, d, func(tx *db.Tx) error {
			if _, err := petition.Split(tx, o.Leader, p.ID, petition.Question{To: "so-tu-phap", Text: "Đề nghị cho ý kiến phần chứng thực."}); err != nil {
				return err
			}
			_, err := petition.Split(tx, o.Leader, p.ID, petition.Question{To: "cong-an-tinh", Text: "Đề nghị cho ý kiến phần định danh."})
			return err
		})
		for _, x := range duties(t, d, p.ID, petition.MustContribute) {
			if want := x.Owner == "cong-an-tinh"; x.Request != want {
				t.Errorf("%s request = %v: a vertical body is asked, a department owes", x.Owner, x.Request)
			}
		}
		justice := officer(t, d, "so-tu-phap", org.Leader)
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := petition.Contribute(tx, justice, p.ID, petition.Question{Text: "Theo quy định hiện hành …"})
			return err
		})
		lttest.View(t, d, func(tx *db.Tx) error {
			parties, err := casefile.Parties(tx, p.ID)
			for _, x := range parties {
				if x.Unit == "cong-an-tinh" && x.Function != access.Requested {
					t.Errorf("công an is %s, want requested", x.Function)
				}
			}
			return err
		})
	})
}

// What the form refuses, by the field it names.
func TestRaiseRefuses(t *testing.T) {
	d, _ := province.SQLite(t)
	o := province.Open(t, d)
	tried, blank := "Đã làm.", "  "
	good := petition.Raise{Title: "Máy hỏng", Field: o.Field, Text: "Nội dung", Tried: &tried}
	for _, x := range []struct {
		name, field string
		edit        func(in *petition.Raise)
	}{
		{"no title", "title", func(in *petition.Raise) { in.Title = "" }},
		{"no text", "text", func(in *petition.Raise) { in.Text = "\n\t" }},
		{"ten million letters", "text", func(in *petition.Raise) { in.Text = strings.Repeat("ớ", 10_000_000) }},
		{"no field", "field", func(in *petition.Raise) { in.Field = "" }},
		{"a field of nowhere", "field", func(in *petition.Raise) { in.Field = "vu-tru" }},
		{"nothing tried", "tried", func(in *petition.Raise) { in.Tried = &blank }},
		{"met tomorrow", "met_on", func(in *petition.Raise) { in.MetOn = "2026-02-11" }},
		{"marked secret", "text", func(in *petition.Raise) { in.Text = "TUYỆT MẬT\nNội dung" }},
	} {
		t.Run(x.name, func(t *testing.T) {
			in := good
			x.edit(&in)
			err := try(d, func(tx *db.Tx) error { _, err := petition.RaiseNow(tx, o.Commune, in); return err })
			r, ok := fault.Sentence(err)
			if !ok || r.Field != x.field || !errors.Is(err, fault.Invalid) {
				t.Errorf("refusal = %+v (%v), want field %s", r, err, x.field)
			}
		})
	}
	err := try(d, func(tx *db.Tx) error {
		_, err := petition.RaiseNow(tx, officer(t, d, o.DepartmentUnit, org.Specialist), good)
		return err
	})
	if !errors.Is(err, fault.Denied) {
		t.Errorf("a department's specialist raises: %v", err)
	}
}
