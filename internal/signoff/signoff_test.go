package signoff_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/signoff"
	"lienthong/internal/workday"
)

func TestFullPath(t *testing.T) {
	each(t, func(s *stage) {
		p := s.bring(signoff.Released)
		if p.Symbol != "01/ST-PA" || p.Number != "01" || p.IssuedOn != workday.Of(lttest.Start) || p.RegisterN != 1 {
			s.Errorf("number %q, symbol %q on %s, entry %d", p.Number, p.Symbol, p.IssuedOn, p.RegisterN)
		}
		if p.Signer != lttest.Leader || p.SignerTitle != "Giám đốc" || p.Basis == "" || !p.Signed() {
			s.Errorf("signed by %q as %q on %q", p.Signer, p.SignerTitle, p.Basis)
		}
		lttest.View(s, s.db, func(tx *db.Tx) error {
			events, err := casefile.History(tx, s.who(lttest.OfficerA), s.c, 50)
			var kinds []string
			for _, e := range events {
				kinds = append(kinds, e.Kind)
			}
			if got, want := strings.Join(kinds, " "), "paper.drafted paper.submitted paper.reviewed paper.signed test.released"; got != want {
				s.Errorf("the unit reads %s, want %s", got, want)
			}
			if err != nil {
				return err
			}
			events, err = casefile.History(tx, s.who(lttest.CommuneOfficer), s.c, 50)
			if len(events) != 1 || events[0].Kind != "test.released" {
				s.Errorf("the asker reads %d events, want the release alone", len(events))
			}
			return err
		})
		_, err := s.release(lttest.Clerk, p.ID, signoff.Issue{})
		s.want("released twice", err, fault.Conflict)
		_, err = s.back(lttest.Clerk, p.ID, "sai thể thức")
		s.want("sent back after its release", err, fault.Conflict)
	})
}

// Who may do which step: the one named, and nobody else; the refusal names whose turn it is.
func TestWhoMayDoWhichStep(t *testing.T) {
	all := []org.OfficerID{lttest.Leader, lttest.Deputy, lttest.Clerk, lttest.HeadA, lttest.HeadB, lttest.OfficerA, lttest.OfficerA2, lttest.OfficerB}
	tests := []struct {
		at   signoff.State
		act  func(s *stage, by org.OfficerID, id signoff.ID) error
		by   []org.OfficerID
		step string
	}{
		{signoff.Drafting, func(s *stage, by org.OfficerID, id signoff.ID) error { _, err := s.submit(by, id); return err },
			[]org.OfficerID{lttest.OfficerA}, "soạn thảo, chờ trình"},
		{signoff.Reviewing, func(s *stage, by org.OfficerID, id signoff.ID) error { _, err := s.review(by, id); return err },
			[]org.OfficerID{lttest.HeadA}, "chờ trưởng phòng xem"},
		{signoff.Signing, func(s *stage, by org.OfficerID, id signoff.ID) error {
			capacity := org.Own
			if by == lttest.Deputy {
				capacity = org.ForHead
			}
			_, err := s.sign(by, id, capacity)
			return err
		}, []org.OfficerID{lttest.Leader, lttest.Deputy}, "chờ lãnh đạo ký"},
		{signoff.Releasing, func(s *stage, by org.OfficerID, id signoff.ID) error {
			_, err := s.release(by, id, signoff.Issue{})
			return err
		},
			[]org.OfficerID{lttest.Clerk}, "chờ văn thư cấp số, phát hành"},
	}
	each(t, func(s *stage) {
		for _, tt := range tests {
			for _, by := range all {
				p := s.bring(tt.at)
				err := tt.act(s, by, p.ID)
				if slices.Contains(tt.by, by) {
					if err != nil {
						s.Errorf("%s at %s: %v", by, tt.at, err)
					}
					continue
				}
				s.want(fmt.Sprintf("%s at %s", by, tt.at), err, fault.Denied)
				if r, ok := fault.Sentence(err); !ok || r.Step != tt.step {
					s.Errorf("%s at %s: refusal %+v, want the step %q", by, tt.at, r, tt.step)
				}
			}
			p := s.bring(tt.at)
			s.want("another unit at "+string(tt.at), tt.act(s, lttest.CommuneLeader, p.ID), fault.NotFound)
			s.want("the unit's administrator at "+string(tt.at), tt.act(s, lttest.UnitAdmin, p.ID), fault.NotFound)
		}
	})
}

// A step out of turn names the step that is missing; a step done already is a conflict.
func TestStepsInTheirOrder(t *testing.T) {
	each(t, func(s *stage) {
		p := s.bring(signoff.Reviewing)
		_, err := s.sign(lttest.Leader, p.ID, org.Own)
		s.want("sign before the review", err, fault.Denied)
		if r, _ := fault.Sentence(err); r.Step != "chờ trưởng phòng xem" {
			s.Errorf("missing step %q", r.Step)
		}
		p = s.bring(signoff.Signing)
		_, err = s.release(lttest.Clerk, p.ID, signoff.Issue{})
		s.want("release before the signature", err, fault.Denied)
		_, err = s.submit(lttest.OfficerA, p.ID)
		s.want("submit again", err, fault.Conflict)
		p = s.bring(signoff.Releasing)
		_, err = s.sign(lttest.Leader, p.ID, org.Own)
		s.want("sign again", err, fault.Conflict)
		_, err = s.do(func(tx *db.Tx) (*signoff.Paper, error) {
			return s.desk.Revise(tx, s.who(lttest.Clerk), p.ID, signoff.Edit{Title: "Khác", Body: "Khác"})
		})
		s.want("edit what is signed", err, fault.Conflict)
	})
}

func TestOneStepPath(t *testing.T) {
	each(t, func(s *stage) {
		p := s.must(s.draft(lttest.OneLeader, lttest.OneStep, "Nội dung"))
		_, err := s.draft(lttest.OneOfficer, lttest.OneStep, "Nội dung")
		s.want("a specialist whom the path does not name", err, fault.Denied)
		_, err = s.release(lttest.OneLeader, p.ID, signoff.Issue{Capacity: org.ForHead})
		s.want("released in a capacity that does not hold", err, fault.Denied)
		p = s.must(s.release(lttest.OneLeader, p.ID, signoff.Issue{Capacity: org.Own}))
		if p.State != signoff.Released || !p.Signed() || p.Symbol != "01/SM" {
			s.Errorf("%s, signed %v, %q", p.State, p.Signed(), p.Symbol)
		}
	})
}

func TestDirect(t *testing.T) {
	tests := []struct {
		by       org.OfficerID
		unit     org.UnitID
		capacity org.Capacity
		step     string // "" allowed
	}{
		{lttest.OneLeader, lttest.OneStep, org.Own, ""},
		{lttest.OneCommuneLeader, lttest.OneCommune, org.ForAll, ""},
		{lttest.OneOfficer, lttest.OneStep, "", "chờ lãnh đạo cấp số, phát hành"},
		{lttest.OfficerA, lttest.Department, "", "chờ trưởng phòng xem"},
		{lttest.Leader, lttest.Department, "", "chờ chuyên viên soạn thảo"},
		{lttest.CommuneOfficer, lttest.Commune, "", "chờ trưởng phòng xem"},
		{lttest.OneLeader, lttest.Department, "", "chờ chuyên viên soạn thảo"},
	}
	each(t, func(s *stage) {
		for _, tt := range tests {
			var as org.Actor
			err := s.db.View(s.Context(), func(tx *db.Tx) (err error) {
				as, err = signoff.Direct(tx, s.who(tt.by), tt.unit, answer.Name, lttest.Field)
				return err
			})
			if tt.step == "" {
				if err != nil || as.Capacity != tt.capacity || as.Post.Unit != tt.unit {
					s.Errorf("%s: %v as %q in %s", tt.by, err, as.Capacity, as.Post.Unit)
				}
				continue
			}
			s.want(string(tt.by), err, fault.Denied)
			if r, _ := fault.Sentence(err); r.Step != tt.step {
				s.Errorf("%s in %s: step %q, want %q", tt.by, tt.unit, r.Step, tt.step)
			}
		}
	})
}

func TestCapacityIsCheckedWhenSigning(t *testing.T) {
	tests := []struct {
		name     string
		field    string
		by       org.OfficerID
		capacity org.Capacity
		ok       bool
	}{
		{"the head in the unit's own name", lttest.OtherField, lttest.Leader, org.Own, true},
		{"the head cannot sign for himself", lttest.Field, lttest.Leader, org.ForHead, false},
		{"a department is no collective", lttest.Field, lttest.Leader, org.ForAll, false},
		{"the deputy in his charge", lttest.Field, lttest.Deputy, org.ForHead, true},
		{"the deputy outside his charge", lttest.OtherField, lttest.Deputy, org.ForHead, false},
		{"the deputy as if he were the head", lttest.Field, lttest.Deputy, org.Own, false},
		{"by order without a text that says so", lttest.Field, lttest.HeadA, org.ByOrder, false},
		{"delegated without an authorisation", lttest.Field, lttest.HeadA, org.Delegated, false},
	}
	each(t, func(s *stage) {
		for _, tt := range tests {
			s.c = s.open(tt.field)
			p := s.bring(signoff.Signing)
			p, err := s.sign(tt.by, p.ID, tt.capacity)
			if tt.ok != (err == nil) {
				s.Errorf("%s: %v", tt.name, err)
			}
			if !tt.ok {
				s.want(tt.name, err, fault.Denied)
			} else if p.Capacity != tt.capacity || p.Basis == "" {
				s.Errorf("%s: signed as %q on %q", tt.name, p.Capacity, p.Basis)
			}
		}
	})
}

// An authorisation lets the head of a section sign TUQ. although the path names the leader.
func TestDelegatedSignature(t *testing.T) {
	each(t, func(s *stage) {
		day := workday.Of(lttest.Start)
		lttest.Update(s, s.db, func(tx *db.Tx) error {
			_, err := org.Authorise(tx, org.System("test"), org.Authorisation{Unit: lttest.Department, Giver: lttest.Leader, Taker: lttest.HeadA,
				Fields: []string{lttest.Field}, Number: "05/UQ-ST", Date: day, From: day, To: day.AddDays(30)})
			return err
		})
		p := s.bring(signoff.Signing)
		p = s.must(s.sign(lttest.HeadA, p.ID, org.Delegated))
		if p.State != signoff.Releasing || p.SignerTitle != "Trưởng phòng A" {
			s.Errorf("%s, signed by %q", p.State, p.SignerTitle)
		}
	})
}

func TestSendBackAndAgain(t *testing.T) {
	each(t, func(s *stage) {
		p := s.bring(signoff.Releasing)
		_, err := s.back(lttest.Clerk, p.ID, " ")
		s.want("without a reason", err, fault.Invalid)
		_, err = s.back(lttest.Leader, p.ID, "Sửa lại")
		s.want("by one whose turn it is not", err, fault.Denied)
		p = s.must(s.back(lttest.Clerk, p.ID, "Sai thể thức"))
		if p.State != signoff.Drafting || !p.Returned || p.Signed() || p.Signer != "" {
			s.Errorf("%s, returned %v, signer %q", p.State, p.Returned, p.Signer)
		}
		p = s.must(s.do(func(tx *db.Tx) (*signoff.Paper, error) {
			return s.desk.Revise(tx, s.who(lttest.OfficerA), p.ID, signoff.Edit{Title: p.Title, Body: "Nội dung đã sửa", Version: p.Version})
		}))
		p = s.must(s.submit(lttest.OfficerA, p.ID))
		p = s.must(s.review(lttest.HeadA, p.ID))
		p = s.must(s.sign(lttest.Deputy, p.ID, org.ForHead))
		p = s.must(s.release(lttest.Clerk, p.ID, signoff.Issue{}))
		if p.Returned || p.SignedVersion != 2 || p.Capacity != org.ForHead {
			s.Errorf("returned %v, version %d signed %q", p.Returned, p.SignedVersion, p.Capacity)
		}
		lttest.View(s, s.db, func(tx *db.Tx) error {
			marks, err := signoff.Marks(tx, s.who(lttest.OfficerA), p.ID)
			if len(marks) != 9 || marks[4].Comment != "Sai thể thức" {
				s.Errorf("%d marks, the fifth %+v", len(marks), marks[4])
			}
			if err != nil {
				return err
			}
			_, err = signoff.Marks(tx, s.who(lttest.CommuneLeader), p.ID)
			s.want("the other party asks for the remarks", err, fault.NotFound)
			return nil
		})
	})
}

// A reviewer's version is kept as his, beside the drafter's; the newest goes on.
func TestReviewerEdits(t *testing.T) {
	each(t, func(s *stage) {
		p := s.bring(signoff.Reviewing)
		p = s.must(s.do(func(tx *db.Tx) (*signoff.Paper, error) {
			return s.desk.Review(tx, s.who(lttest.HeadA), p.ID, signoff.Step{Version: 1},
				&signoff.Edit{Title: p.Title, Body: "Nội dung do trưởng phòng sửa", Version: 1})
		}))
		lttest.View(s, s.db, func(tx *db.Tx) error {
			all, err := signoff.Versions(tx, s.who(lttest.OfficerA), p.ID)
			if len(all) != 2 || all[0].By != lttest.OfficerA || all[1].By != lttest.HeadA || p.State != signoff.Signing {
				s.Errorf("versions %+v, state %s", all, p.State)
			}
			return err
		})
	})
}

func TestStaleVersionShowsBothTexts(t *testing.T) {
	each(t, func(s *stage) {
		p := s.bring(signoff.Drafting)
		edit := func(body string, seen int64) error {
			_, err := s.do(func(tx *db.Tx) (*signoff.Paper, error) {
				return s.desk.Revise(tx, s.who(lttest.OfficerA), p.ID, signoff.Edit{Title: p.Title, Body: body, Version: seen})
			})
			return err
		}
		if err := edit("Bản hai", 1); err != nil {
			s.Fatal(err)
		}
		err := edit("Bản của tôi", 1)
		s.want("a version seen too long ago", err, fault.Conflict)
		var stale *signoff.Stale
		if !errors.As(err, &stale) || stale.Mine.Body != "Bản của tôi" || stale.Theirs.Body != "Bản hai" || stale.Theirs.V != 2 {
			s.Fatalf("stale %+v in %v", stale, err)
		}
		s.must(s.submit(lttest.OfficerA, p.ID))
		s.must(s.review(lttest.HeadA, p.ID))
		_, err = s.do(func(tx *db.Tx) (*signoff.Paper, error) {
			return s.desk.Sign(tx, s.who(lttest.Leader), p.ID, signoff.Signature{Version: 1})
		})
		if !errors.As(err, &stale) || stale.Mine.Body != "Nội dung" || stale.Theirs.Body != "Bản hai" {
			s.Errorf("a leader who saw version 1 signs: %v", err)
		}
	})
}

func TestRecallDropAndHand(t *testing.T) {
	each(t, func(s *stage) {
		recall := func(by org.OfficerID, id signoff.ID) error {
			_, err := s.do(func(tx *db.Tx) (*signoff.Paper, error) { return s.desk.Recall(tx, s.who(by), id, signoff.Step{}) })
			return err
		}
		p := s.bring(signoff.Reviewing)
		s.want("recalled by another", recall(lttest.OfficerA2, p.ID), fault.Denied)
		if err := recall(lttest.OfficerA, p.ID); err != nil {
			s.Fatal(err)
		}
		s.must(s.submit(lttest.OfficerA, p.ID))
		s.must(s.review(lttest.HeadA, p.ID))
		s.want("recalled after the review", recall(lttest.OfficerA, p.ID), fault.Conflict)

		p = s.bring(signoff.Drafting)
		hand := func(by, to org.OfficerID) error {
			_, err := s.do(func(tx *db.Tx) (*signoff.Paper, error) { return s.desk.Hand(tx, s.who(by), p.ID, to, signoff.Step{}) })
			return err
		}
		s.want("handed by the drafter", hand(lttest.OfficerA, lttest.OfficerA2), fault.Denied)
		s.want("handed by another section's head", hand(lttest.HeadB, lttest.OfficerB), fault.Denied)
		s.want("handed to somebody outside", hand(lttest.HeadA, lttest.CommuneOfficer), fault.Invalid)
		if err := hand(lttest.HeadA, lttest.OfficerA2); err != nil {
			s.Fatal(err)
		}
		_, err := s.submit(lttest.OfficerA, p.ID)
		s.want("submitted by who handed it over", err, fault.Denied)
		p = s.must(s.do(func(tx *db.Tx) (*signoff.Paper, error) {
			return s.desk.Drop(tx, s.who(lttest.OfficerA2), p.ID, signoff.Step{Comment: "Trùng"})
		}))
		_, err = s.submit(lttest.OfficerA2, p.ID)
		s.want("submitted after it was dropped", err, fault.Conflict)
	})
}

// While the drafter is away, who does his work finds the draft and submits it; the
// leader's signature goes to nobody.
func TestCover(t *testing.T) {
	each(t, func(s *stage) {
		day := workday.Of(lttest.Start)
		p := s.bring(signoff.Reviewing)
		lttest.Update(s, s.db, func(tx *db.Tx) error {
			for away, by := range map[org.OfficerID]org.OfficerID{lttest.OfficerA: lttest.OfficerA2, lttest.Leader: lttest.HeadB} {
				if _, err := org.SetCover(tx, org.System("test"), org.Cover{Officer: away, By: by, Reason: "Nghỉ phép", From: day, To: day.AddDays(3)}); err != nil {
					return err
				}
			}
			return nil
		})
		s.must(s.back(lttest.HeadA, p.ID, "Thiếu căn cứ"))
		if got := s.waiting(lttest.OfficerA2, signoff.Filter{Returned: true}); len(got) != 1 {
			s.Errorf("%d papers wait for who covers the drafter, want 1", len(got))
		}
		s.must(s.submit(lttest.OfficerA2, p.ID))
		s.must(s.review(lttest.HeadA, p.ID))
		_, err := s.sign(lttest.HeadB, p.ID, org.Own)
		s.want("signed by who covers the leader", err, fault.Denied)
	})
}

func TestBadDrafts(t *testing.T) {
	each(t, func(s *stage) {
		draft := func(title, body string) error {
			_, err := s.do(func(tx *db.Tx) (*signoff.Paper, error) {
				return s.desk.Draft(tx, s.who(lttest.OfficerA), signoff.New{Case: s.c, Kind: answer.Name, Unit: lttest.Department, Title: title, Body: body})
			})
			return err
		}
		s.want("no title", draft(" \u00a0", "Nội dung"), fault.Invalid)
		s.want("a mark of secrecy", draft("Trả lời", "TỐI MẬT\n\nNội dung"), fault.Invalid)
		p := s.must(s.draft(lttest.OfficerA, lttest.Department, ""))
		_, err := s.submit(lttest.OfficerA, p.ID)
		s.want("an empty draft is kept but not submitted", err, fault.Invalid)
		_, err = s.draft(lttest.Clerk, lttest.Department, "Nội dung")
		s.want("drafted by the clerk", err, fault.Denied)
		_, err = s.draft(lttest.Outsider, lttest.Department, "Nội dung")
		s.want("drafted by one who cannot read the case", err, fault.NotFound)
	})
}

func TestWaiting(t *testing.T) {
	each(t, func(s *stage) {
		for _, st := range []signoff.State{signoff.Drafting, signoff.Reviewing, signoff.Reviewing, signoff.Signing, signoff.Releasing, signoff.Released} {
			s.bring(st)
		}
		want := map[org.OfficerID]int{lttest.OfficerA: 1, lttest.OfficerA2: 0, lttest.HeadA: 2, lttest.HeadB: 0, lttest.Leader: 1,
			lttest.Deputy: 1, lttest.Clerk: 1, lttest.UnitAdmin: 0, lttest.CommuneLeader: 0, lttest.CommuneClerk: 0}
		for by, n := range want {
			if got := s.waiting(by, signoff.Filter{}); len(got) != n {
				s.Errorf("%d papers wait for %s, want %d", len(got), by, n)
			}
		}
		lttest.View(s, s.db, func(tx *db.Tx) error {
			n, err := signoff.CountWaiting(tx, s.who(lttest.HeadA))
			if n != (signoff.Counts{Reviewing: 2}) {
				s.Errorf("counts %+v", n)
			}
			if err != nil {
				return err
			}
			first, next, err := signoff.Waiting(tx, s.who(lttest.HeadA), signoff.Filter{State: signoff.Reviewing, Unit: lttest.Department}, "", 1)
			if err != nil {
				return err
			}
			second, end, err := signoff.Waiting(tx, s.who(lttest.HeadA), signoff.Filter{}, next, 1)
			if len(first) != 1 || len(second) != 1 || first[0].ID == second[0].ID || next == "" || end != "" {
				s.Errorf("pages %v %q, %v %q", first, next, second, end)
			}
			if err != nil {
				return err
			}
			all, err := signoff.OfCase(tx, s.who(lttest.CommuneOfficer), s.c)
			if len(all) != 1 || all[0].State != signoff.Released {
				s.Errorf("the asker sees %d papers, want the released one", len(all))
			}
			return err
		})
	})
}
