package petition_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/direct"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/signoff"
	"lienthong/internal/workday"
)

// act runs one operation on a petition.
func act(d *db.DB, fn func(tx *db.Tx) (*petition.Petition, error)) error {
	return try(d, func(tx *db.Tx) error { _, err := fn(tx); return err })
}

func forward(d *db.DB, who org.Actor, id casefile.ID, to org.UnitID) error {
	return act(d, func(tx *db.Tx) (*petition.Petition, error) {
		return petition.Forward(tx, who, id, petition.Forwarding{To: to, Reason: "Thuộc chức năng đơn vị nhận."})
	})
}

func assign(d *db.DB, who org.Actor, id casefile.ID, to org.UnitID) error {
	return act(d, func(tx *db.Tx) (*petition.Petition, error) {
		return petition.AssignLead(tx, who, id, petition.Forwarding{To: to, Reason: "Theo chức năng."})
	})
}

func reply(d *db.DB, who org.Actor, id casefile.ID) error {
	return act(d, func(tx *db.Tx) (*petition.Petition, error) {
		return petition.AnswerNow(tx, who, id, petition.Reply{Text: "Đã xử lý.", Outcome: petition.Resolved})
	})
}

func unsettled(d *db.DB, who org.Actor, id casefile.ID) error {
	return act(d, func(tx *db.Tx) (*petition.Petition, error) {
		return petition.Settle(tx, who, id, petition.Verdict{Comment: "Còn vướng."})
	})
}

// oneStep lets a department's head answer in one act.
func oneStep(t *testing.T, d *db.DB, unit org.UnitID) org.Actor {
	t.Helper()
	lttest.Update(t, d, func(tx *db.Tx) error {
		return org.SetPath(tx, org.System("test"), unit, petition.PaperAnswer, []org.Step{{Stage: org.Release, Role: org.Leader}})
	})
	return officer(t, d, unit, org.Leader)
}

// A petition that comes back to a unit that had it, or moves in a later round, is owed,
// directed, answered and reopened like any other: no loop of forwarding stops its clock.
func TestNoLoopLosesTheAnswer(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := province.Open(t, d)
		justice := oneStep(t, d, "so-tu-phap")
		desk := officer(t, d, "van-phong-ubnd-tinh", org.Desk)
		p := raise(t, d, o.Commune, "Chuyển đi chuyển lại", o.Field)
		due := duties(t, d, p.ID, petition.MustAnswer)[0].DueAt
		must := func(what string, err error) {
			t.Helper()
			if err != nil {
				t.Fatalf("%s: %v", what, err)
			}
		}
		must("forward", forward(d, o.Leader, p.ID, "so-tu-phap"))
		must("contest", forward(d, justice, p.ID, o.DepartmentUnit))
		must("keep", assign(d, desk, p.ID, "so-tu-phap"))
		must("contest what was kept", forward(d, justice, p.ID, o.DepartmentUnit))
		must("send back", assign(d, desk, p.ID, o.DepartmentUnit))
		for _, x := range duties(t, d, p.ID, petition.MustAnswer) {
			if x.Fate == duty.Open && !x.DueAt.Equal(due) {
				t.Errorf("after the loop it is due %s, want %s as promised", x.DueAt, due)
			}
		}
		must("direct after it came back", act(d, func(tx *db.Tx) (*petition.Petition, error) {
			return petition.Direct(tx, o.Leader, p.ID, direct.In{Officer: o.Specialist, Instruction: "Làm ngay."}, 0)
		}))
		must("answer after it came back", reply(d, o.Leader, p.ID))
		must("reopen", unsettled(d, o.Commune, p.ID))
		must("answer of the next round", reply(d, o.Leader, p.ID))
		q := raise(t, d, o.Commune, "Mở lại rồi mới chuyển", o.Field)
		must("answer", reply(d, o.Leader, q.ID))
		must("reopen", unsettled(d, o.Commune, q.ID))
		must("forward in the second round", forward(d, o.Leader, q.ID, "so-tu-phap"))
		must("answer by the next unit", reply(d, justice, q.ID))
		for _, id := range []casefile.ID{p.ID, q.ID} {
			for _, x := range duties(t, d, id, petition.MustAnswer) {
				if x.Fate == duty.Open {
					t.Errorf("%s still owes an answer to what is answered", x.Owner)
				}
			}
		}
	})
}

// Giving back what is overdue takes no lateness out of the figures; in time it is no
// lateness.
func TestGivingBackExcusesNobody(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := province.Open(t, d)
		give := func(p *petition.Petition) {
			t.Helper()
			lttest.Update(t, d, func(tx *db.Tx) error {
				rule, err := petition.ReturnRule(tx, p)
				if err != nil {
					return err
				}
				_, err = petition.Return(tx, o.Leader, p.ID, petition.GiveBack{Ground: rule.List("grounds")[0], Reason: "Đề nghị xã gửi đúng nơi."})
				return err
			})
		}
		figures := func() (late, waived, missed int64) {
			lttest.View(t, d, func(tx *db.Tx) error {
				today := workday.Of(tx.Now)
				all, err := duty.Counts(tx, today, today)
				for _, c := range all {
					if c.Owner == o.DepartmentUnit && c.Rule == petition.MustAnswer {
						late, waived, missed = c.Late, c.Waived, c.Missed
					}
				}
				return err
			})
			return late, waived, missed
		}
		early := raise(t, d, o.Commune, "Trả lại sớm", o.Field)
		overdue := raise(t, d, o.Commune, "Trả lại khi đã quá hạn", o.Field)
		give(early)
		clock.Add(30 * 24 * time.Hour)
		sweep(t, d)
		give(overdue)
		if late, waived, missed := figures(); late != 1 || waived != 1 || missed != 0 {
			t.Errorf("late %d, waived %d, missed %d; want 1, 1, 0", late, waived, missed)
		}
		lttest.View(t, d, func(tx *db.Tx) error {
			all, err := duty.OfCase(tx, overdue.ID)
			now, getErr := petition.Get(tx, o.Commune, overdue.ID)
			if x := petition.AnswerDuty(all, now); x == nil || !x.LateByOwnShare() {
				t.Errorf("the page of what was given back explains %+v", x)
			}
			return errors.Join(err, getErr)
		})
	})
}

// Who may ask for an explanation is the rule's word, and nobody else's.
func TestWhoAsksForAnExplanation(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := province.Open(t, d)
		for _, x := range []struct {
			unit org.UnitID
			role org.Role
			want error
		}{
			{"van-phong-ubnd-tinh", org.Desk, nil},
			{"so-noi-vu", org.Leader, nil},
			{"so-noi-vu", org.Specialist, fault.Denied},
			{"so-noi-vu", org.Admin, fault.NotFound},
			{o.CommuneUnit, org.Leader, fault.Denied},
			{o.DepartmentUnit, org.Leader, fault.Denied},
			{"so-tu-phap", org.Leader, fault.NotFound},
		} {
			p := raise(t, d, o.Commune, "Chậm trả lời", o.Field)
			who := officer(t, d, x.unit, x.role)
			err := act(d, func(tx *db.Tx) (*petition.Petition, error) {
				return petition.AskExplanation(tx, who, p.ID, petition.Demand{Text: "Vì sao chậm."})
			})
			if !errors.Is(err, x.want) {
				t.Errorf("%s of %s asks: %v, want %v", x.role, x.unit, err, x.want)
			}
			offered := false
			_ = d.View(context.Background(), func(tx *db.Tx) error { // who may not read is offered nothing
				mine, err := petition.Get(tx, who, p.ID)
				if err != nil {
					return err
				}
				s, err := petition.Look(tx, who, mine)
				if err == nil {
					for _, a := range s.Acts(who) {
						offered = offered || a.Name == "demand"
					}
				}
				return err
			})
			if x.want != nil && offered {
				t.Errorf("%s of %s is offered to ask", x.role, x.unit)
			}
		}
	})
}

// A lead dates its next report with a day to come and with nothing else.
func TestNextReportIsADayToCome(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := province.Open(t, d)
		p := raise(t, d, o.Commune, "Việc còn mở", o.Field)
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := petition.AnswerNow(tx, o.Leader, p.ID, petition.Reply{Text: "Đang xử lý.", Outcome: petition.InProgress})
			return err
		})
		report := func(in petition.Progress) error {
			in.Text = "Đang làm."
			return act(d, func(tx *db.Tx) (*petition.Petition, error) { return petition.Report(tx, o.Leader, p.ID, in) })
		}
		today := workday.Of(clock.Now())
		for _, day := range []string{"9999wd", "7wd", "2020-01-01", today.String(), "hôm nào xong", "2026-13-01"} {
			if err := report(petition.Progress{NextReport: day}); !errors.Is(err, fault.Invalid) {
				t.Errorf("next report %q: %v, want invalid", day, err)
			}
		}
		if err := report(petition.Progress{Done: true, NextReport: today.AddDays(9).String()}); !errors.Is(err, fault.Invalid) {
			t.Errorf("a next report on what is done: %v", err)
		}
		if err := report(petition.Progress{NextReport: today.AddDays(9).String()}); err != nil {
			t.Error(err)
		}
	})
}

// No door for text takes a mark of state secrecy.
func TestNoDoorTakesASecret(t *testing.T) {
	const secret = "Gửi kèm (TỐI MẬT)"
	desk, err := signoff.NewDesk(petition.Papers()...)
	if err != nil {
		t.Fatal(err)
	}
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := province.Open(t, d)
		watcher := officer(t, d, "so-noi-vu", org.Leader)
		p := raise(t, d, o.Commune, "Không mật", o.Field)
		id, tried := p.ID, secret
		ok := petition.Reply{Text: "Đã xử lý.", Outcome: petition.ReferredUp, ReferredTo: "UBND tỉnh"}
		refer, basis := ok, ok
		refer.ReferredTo, basis.Basis = secret, secret
		doors := map[string]func(tx *db.Tx) error{
			"title": func(tx *db.Tx) error {
				_, err := petition.RaiseNow(tx, o.Commune, petition.Raise{Title: secret, Text: "x", Field: o.Field})
				return err
			},
			"tried": func(tx *db.Tx) error {
				_, err := petition.RaiseNow(tx, o.Commune, petition.Raise{Title: "t", Text: "x", Tried: &tried, Field: o.Field})
				return err
			},
			"draft": func(tx *db.Tx) error {
				_, _, err := petition.DraftRaise(tx, desk, o.Commune, petition.Raise{Title: "t", Text: secret, Field: o.Field})
				return err
			},
			"field of a draft": func(tx *db.Tx) error {
				_, _, err := petition.DraftRaise(tx, desk, o.Commune, petition.Raise{Title: "t", Text: "x", Field: secret})
				return err
			},
			"referred to":       func(tx *db.Tx) error { _, err := petition.AnswerNow(tx, o.Leader, id, refer); return err },
			"draft referred to": func(tx *db.Tx) error { _, err := petition.DraftAnswer(tx, desk, o.Leader, id, refer); return err },
			"basis":             func(tx *db.Tx) error { _, err := petition.AnswerNow(tx, o.Leader, id, basis); return err },
			"question": func(tx *db.Tx) error {
				_, err := petition.Ask(tx, o.Leader, id, petition.Question{Text: secret})
				return err
			},
			"split": func(tx *db.Tx) error {
				_, err := petition.Split(tx, o.Leader, id, petition.Question{To: "so-tu-phap", Text: secret})
				return err
			},
			"forwarding": func(tx *db.Tx) error {
				_, err := petition.Forward(tx, o.Leader, id, petition.Forwarding{To: "so-tu-phap", Reason: secret})
				return err
			},
			"instruction": func(tx *db.Tx) error {
				_, err := petition.Direct(tx, o.Leader, id, direct.In{Officer: o.Specialist, Instruction: secret}, 0)
				return err
			},
			"urge": func(tx *db.Tx) error {
				_, err := petition.Urge(tx, watcher, id, petition.Oversight{Text: secret})
				return err
			},
			"explanation": func(tx *db.Tx) error {
				_, err := petition.AskExplanation(tx, watcher, id, petition.Demand{Text: secret})
				return err
			},
		}
		for name, door := range doors {
			if err := try(d, door); !errors.Is(err, fault.Invalid) {
				t.Errorf("%s: %v, want invalid", name, err)
			}
		}
		nobody := petition.Reply{Text: "Không phải việc của sở.", Outcome: petition.NotCompetent, Competent: "so-khong-co"}
		if err := act(d, func(tx *db.Tx) (*petition.Petition, error) { return petition.AnswerNow(tx, o.Leader, id, nobody) }); !errors.Is(err, fault.Invalid) {
			t.Errorf("competent is a unit that does not exist: %v", err)
		}
		if err := reply(d, o.Leader, id); err != nil {
			t.Error(err)
		}
		if err := unsettledWith(d, o.Commune, id, secret); !errors.Is(err, fault.Invalid) {
			t.Errorf("verdict: %v", err)
		}
	})
}

func unsettledWith(d *db.DB, who org.Actor, id casefile.ID, comment string) error {
	return act(d, func(tx *db.Tx) (*petition.Petition, error) {
		return petition.Settle(tx, who, id, petition.Verdict{Comment: comment})
	})
}
