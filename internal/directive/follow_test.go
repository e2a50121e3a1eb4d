package directive_test

import (
	"fmt"
	"testing"
	"time"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
)

// giveOn gives a part on and returns its case.
func (s *stage) giveOn(who org.Actor, id casefile.ID, in directive.Sub) (sub casefile.ID) {
	s.t.Helper()
	if in.Content == "" {
		in.Content, in.Criteria = "Phần việc", "Đủ"
	}
	if in.Until == "" {
		in.Until = "2026-03-18"
	}
	s.do(func(tx *db.Tx) error {
		a, err := directive.SubAssign(tx, who, id, in)
		if err == nil {
			sub = a.ID
		}
		return err
	})
	return sub
}

// seenSubs are the parts that an officer sees under an assignment.
func (s *stage) seenSubs(who org.Actor, id casefile.ID) map[casefile.ID]string {
	s.t.Helper()
	seen := map[casefile.ID]string{}
	lttest.View(s.t, s.d, func(tx *db.Tx) error {
		all, err := directive.Subs(tx, who, id)
		for _, l := range all {
			seen[l.ID] = l.State
			if _, err := directive.GetAssignment(tx, who, l.ID); err != nil {
				s.t.Errorf("listed and not to be read: %v", err)
			}
		}
		return err
	})
	return seen
}

// Parts that were given on follow the assignment to its new lead, who decides about them
// from then on; what lay inside the unit before ends or goes along, as who hands over says.
func TestPartsFollowTheirLead(t *testing.T) {
	each(t, func(s *stage) {
		for _, inside := range []directive.Inside{directive.EndInside, directive.MoveInside} {
			s.clock.Set(day)
			id := s.one(dated("2026-03-20"))
			commune := s.giveOn(s.lead, id, directive.Sub{Unit: s.CommuneUnit})
			handedIn := s.giveOn(s.lead, id, directive.Sub{Unit: s.CommuneUnit})
			toNew := s.giveOn(s.lead, id, directive.Sub{Unit: other})
			below := s.giveOn(s.other, toNew, directive.Sub{Unit: s.CommuneUnit, Until: "2026-03-17"})
			inner := s.giveOn(s.lead, id, directive.Sub{Officer: s.lead.Officer})
			deep := s.giveOn(s.lead, inner, directive.Sub{Unit: s.CommuneUnit})
			s.do(func(tx *db.Tx) error {
				_, err := directive.SubmitNow(tx, s.Commune, handedIn, directive.Result{Text: "Xong"})
				return err
			})
			s.do(func(tx *db.Tx) error {
				_, err := directive.AskExtension(tx, s.Commune, commune, directive.Ask{Until: "2026-03-19", Reason: "Chờ số liệu"})
				return err
			})
			s.do(func(tx *db.Tx) error {
				_, err := directive.Hand(tx, s.desk, id, directive.Handing{To: other, Reason: "Theo Quyết định số 5/QĐ-UBND", Inside: inside})
				return err
			})
			seen := s.seenSubs(s.other, id)
			if inside == directive.MoveInside {
				for sub, state := range s.seenSubs(s.other, inner) {
					seen[sub] = state
				}
			}
			for _, sub := range []casefile.ID{commune, handedIn, below, deep} {
				if _, ok := seen[sub]; !ok {
					t.Errorf("%s: the new lead does not see %s", inside, s.get(sub).Title)
				}
				if a := s.get(sub); a.Raiser != other || a.Parent != id && a.Parent != inner || a.Lead != s.CommuneUnit {
					t.Errorf("%s: part of %s under %s, led by %s", inside, a.Raiser, a.Parent, a.Lead)
				}
			}
			if a := s.get(toNew); a.State != directive.Ended {
				t.Errorf("what the new lead had as a part is %s", a.State)
			}
			want := map[directive.Inside]string{directive.EndInside: directive.Ended, directive.MoveInside: directive.Open}[inside]
			if a := s.get(inner); a.State != want || want == directive.Open && (a.Lead != other || a.Raiser != other) {
				t.Errorf("%s: the part inside is %s, led by %s", inside, a.State, a.Lead)
			}
			s.want(s.try(func(tx *db.Tx) error {
				_, err := directive.Accept(tx, s.lead, handedIn, directive.Verdict{Quality: "Tốt"})
				return err
			}), fault.Denied, "")
			s.want(s.try(func(tx *db.Tx) error {
				_, err := directive.SubmitNow(tx, s.other, id, directive.Result{Text: "Xong"})
				return err
			}), fault.Conflict, "phần đã giao tiếp")
			s.do(func(tx *db.Tx) error {
				_, err := directive.Accept(tx, s.other, handedIn, directive.Verdict{Quality: "Tốt"})
				return err
			})
			s.do(func(tx *db.Tx) error {
				_, err := directive.DecideExtension(tx, s.other, commune, directive.Grant{N: 1, Yes: true, Reason: "Có lý do"})
				return err
			})
			for _, sub := range []casefile.ID{commune, below, deep, inner} {
				if s.get(sub).State == directive.Open {
					s.do(func(tx *db.Tx) error { _, err := directive.End(tx, s.other, sub, "Không cần nữa", 0); return err })
				}
			}
			s.do(func(tx *db.Tx) error {
				_, err := directive.SubmitNow(tx, s.other, id, directive.Result{Text: "Xong"})
				return err
			})
			s.tallies()
			s.noOrphans(id, lead)
		}
	})
}

// noOrphans fails when a unit still owes, or is owed, something on an assignment's thread.
func (s *stage) noOrphans(id casefile.ID, unit org.UnitID) {
	s.t.Helper()
	lttest.View(s.t, s.d, func(tx *db.Tx) error {
		var n int64
		err := tx.One(`SELECT count(*) FROM duty d WHERE d.ended_at IS NULL AND d.rule <> 'assignment.explain' AND (d.owner = $1 OR d.counterpart = $1)
			AND (d.case_id = $2 OR d.case_id IN (SELECT case_id FROM assignment WHERE parent = $2))`, []any{string(unit), string(id)}, &n)
		if n != 0 {
			s.t.Errorf("%d duties still name %s", n, unit)
		}
		return err
	})
}

// A merger takes the parts along, whoever gave them: nobody is left who cannot act.
func TestPartsFollowAMerger(t *testing.T) {
	each(t, func(s *stage) {
		s.clock.Set(day)
		whole := s.one(dated("2026-04-20")) // of lead, which gives parts to third and a commune
		toThird := s.giveOn(s.lead, whole, directive.Sub{Unit: third, Until: "2026-04-18"})
		ours := s.one(directive.Task{Leads: units(third), Deadline: "2026-04-20", Words: "đến hết ngày 20/4/2026"})
		commune := s.giveOn(s.third, ours, directive.Sub{Unit: s.CommuneUnit, Until: "2026-04-18"})
		inner := s.giveOn(s.third, ours, directive.Sub{Officer: s.third.Officer, Until: "2026-04-18"})
		s.do(func(tx *db.Tx) error {
			return org.MergeUnit(tx, org.System("test"), []org.UnitID{third}, lead, dayOf(s), "Nghị quyết số 9/NQ-HĐND")
		})
		s.clock.Add(48 * time.Hour)
		s.sweep() // who may read what comes up to the day
		// before anybody moved anything the people of the unit that stands in its place decide
		s.do(func(tx *db.Tx) error {
			_, err := directive.SubmitNow(tx, s.Commune, commune, directive.Result{Text: "Xong"})
			return err
		})
		s.do(func(tx *db.Tx) error {
			_, err := directive.ReturnNotDone(tx, s.lead, commune, directive.Verdict{Text: "Chưa đủ"})
			return err
		})
		for _, who := range []org.Actor{s.desk, s.lead} {
			s.do(func(tx *db.Tx) error {
				_, left, err := directive.HandMerged(tx, who, third)
				if left {
					t.Error("more are left")
				}
				return err
			})
		}
		if a := s.get(ours); a.Lead != lead {
			t.Errorf("the assignment is led by %s", a.Lead)
		}
		if a := s.get(commune); a.Raiser != lead || a.State != directive.Open {
			t.Errorf("the commune's part is of %s, %s", a.Raiser, a.State)
		}
		if a := s.get(inner); a.Lead != lead || a.Raiser != lead || a.State != directive.Open {
			t.Errorf("the part inside is led by %s, of %s, %s", a.Lead, a.Raiser, a.State)
		}
		if a := s.get(toThird); a.State != directive.Ended {
			t.Errorf("what the giver gave to the unit that went up in it is %s, led by %s", a.State, a.Lead)
		}
		s.tallies()
		s.noOrphans(ours, third)
	})
}

// A result that waits when its unit changes can be given back: the unit that has it now owes it.
func TestAResultWaitsWhileTheLeadChanges(t *testing.T) {
	each(t, func(s *stage) {
		s.clock.Set(day)
		id := s.one(dated("2026-03-20"))
		s.do(func(tx *db.Tx) error {
			_, err := directive.SubmitNow(tx, s.lead, id, directive.Result{Text: "Xong"})
			return err
		})
		s.do(func(tx *db.Tx) error {
			_, err := directive.Hand(tx, s.desk, id, directive.Handing{To: third, Reason: "Chuyển chức năng"})
			return err
		})
		if all := s.lines(s.desk, id); all[0].DueAt.IsZero() {
			t.Error("the list no longer says by when it was owed")
		}
		s.do(func(tx *db.Tx) error {
			_, err := directive.ReturnNotDone(tx, s.desk, id, directive.Verdict{Text: "Chưa đạt"})
			return err
		})
		var open []*duty.Duty
		for _, d := range s.duties(id, directive.MustDo) {
			if d.EndedAt.IsZero() {
				open = append(open, d)
			}
		}
		if len(open) != 1 || open[0].Owner != third {
			t.Errorf("owed: %+v", open)
		}
		s.tallies()
	})
}

func (s *stage) lines(who org.Actor, ids ...casefile.ID) (all []directive.Line) {
	s.t.Helper()
	lttest.View(s.t, s.d, func(tx *db.Tx) (err error) { all, err = directive.LinesOf(tx, who, ids); return err })
	return all
}

// What the Office lets go takes its parts along; taking an assignment over brings them to
// who directs it from then on.
func TestPartsEndWithTheWhole(t *testing.T) {
	each(t, func(s *stage) {
		s.clock.Set(day)
		id := s.one(dated("2026-03-20"))
		sub := s.giveOn(s.lead, id, directive.Sub{Unit: third})
		below := s.giveOn(s.third, sub, directive.Sub{Unit: s.CommuneUnit})
		s.do(func(tx *db.Tx) error {
			_, err := directive.End(tx, s.desk, id, "Công văn số 7/UBND", 0)
			return err
		})
		for _, x := range []casefile.ID{sub, below} {
			if a := s.get(x); a.State != directive.Ended {
				t.Errorf("a part is %s", a.State)
			}
		}
		s.tallies()

		id = s.one(dated("2026-03-20"))
		sub = s.giveOn(s.lead, id, directive.Sub{Unit: s.CommuneUnit})
		if err := s.try(func(tx *db.Tx) error {
			_, err := directive.TakeOver(tx, s.boss, id, directive.Taking{Reason: "Cần trực tiếp chỉ đạo"})
			return err
		}); fault.Kind(err) == fault.Invalid || fault.Kind(err) == fault.NotFound {
			return // the profile binds no rule of it
		} else if err != nil {
			t.Fatal(err)
		}
		if a := s.get(sub); a.Raiser != s.get(id).Lead {
			t.Errorf("the part is still of %s", a.Raiser)
		}
	})
}

// No part is due after the whole: the refusal names both dates, when it is given and when
// more time is granted; where the date of the whole came later the page says so.
func TestAPartIsNotDueAfterTheWhole(t *testing.T) {
	each(t, func(s *stage) {
		s.clock.Set(day)
		id := s.one(dated("2026-03-20"))
		give := func(until string) error {
			return s.try(func(tx *db.Tx) error {
				_, err := directive.SubAssign(tx, s.lead, id, directive.Sub{Unit: s.CommuneUnit, Content: "Phần", Criteria: "Đủ", Until: until})
				return err
			})
		}
		s.want(give("2026-03-21"), fault.Invalid, "20/03/2026")
		s.want(give("2026-03-21"), fault.Invalid, "21/03/2026")
		sub := s.giveOn(s.lead, id, directive.Sub{Unit: s.CommuneUnit, Until: "2026-03-20"})
		s.do(func(tx *db.Tx) error {
			_, err := directive.AskExtension(tx, s.Commune, sub, directive.Ask{Until: "2026-03-25", Reason: "Chờ số liệu"})
			return err
		})
		decide := func() error {
			return s.try(func(tx *db.Tx) error {
				_, err := directive.DecideExtension(tx, s.lead, sub, directive.Grant{N: 1, Yes: true, Reason: "Có lý do"})
				return err
			})
		}
		s.want(decide(), fault.Invalid, "20/03/2026")
		s.do(func(tx *db.Tx) error {
			_, err := directive.AskExtension(tx, s.lead, id, directive.Ask{Until: "2026-03-27", Reason: "Chờ xã"})
			return err
		})
		s.do(func(tx *db.Tx) error {
			_, err := directive.DecideExtension(tx, s.office, id, directive.Grant{N: 1, Yes: true, Reason: "Đồng ý"})
			return err
		})
		if err := decide(); err != nil {
			t.Fatal(err)
		}

		undated := s.one(directive.Task{Leads: units(lead)})
		late := s.giveOn(s.lead, undated, directive.Sub{Unit: s.CommuneUnit, Until: "2026-04-30"})
		s.do(func(tx *db.Tx) error {
			_, err := directive.SetDate(tx, s.desk, undated, directive.Ask{Until: "2026-04-10"})
			return err
		})
		lttest.View(t, s.d, func(tx *db.Tx) error {
			a, err := directive.GetAssignment(tx, s.Commune, late)
			if err != nil {
				return err
			}
			v, err := directive.ViewOf(tx, s.Commune, a)
			if err == nil && v.WholeDue.At.IsZero() {
				t.Error("who has the part is not told that the whole is due before")
			}
			return err
		})
	})
}

// One act moves an assignment with the parts of every commune, while the writer is held.
func TestManyPartsFollow(t *testing.T) {
	each(t, func(s *stage) {
		s.clock.Set(day)
		id := s.one(dated("2026-03-20"))
		var communes []org.UnitID
		lttest.View(t, s.d, func(tx *db.Tx) error {
			all, err := org.Units(tx, org.Filter{Level: org.LevelCommune})
			for _, u := range all {
				communes = append(communes, u.ID)
			}
			return err
		})
		for _, u := range communes {
			s.giveOn(s.lead, id, directive.Sub{Unit: u, Content: fmt.Sprintf("Phần của %s", u), Criteria: "Đủ"})
		}
		before, began := processor(t), time.Now()
		s.do(func(tx *db.Tx) error {
			_, err := directive.Hand(tx, s.desk, id, directive.Handing{To: third, Reason: "Chuyển chức năng"})
			return err
		})
		t.Logf("%d parts in %v, of the processor %v", len(communes), time.Since(began), processor(t)-before)
		if n := len(s.seenSubs(s.third, id)); n != len(communes) {
			t.Errorf("%d of %d parts", n, len(communes))
		}
		s.tallies()
	})
}
