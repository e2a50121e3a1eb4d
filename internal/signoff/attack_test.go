package signoff_test

import (
	"errors"
	"strings"
	"testing"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/signoff"
)

// A capacity that needs no turn opens no draft to another unit: neither its text, through
// the conflict of an old version, nor that it exists.
func TestCapacityOpensNoDraft(t *testing.T) {
	each(t, func(s *stage) {
		p := s.must(s.draft(lttest.OfficerA, lttest.Department, "Nội dung kín một"))
		p = s.must(s.do(func(tx *db.Tx) (*signoff.Paper, error) {
			return s.desk.Revise(tx, s.who(lttest.OfficerA), p.ID, signoff.Edit{Title: p.Title, Body: "Nội dung kín hai", Version: p.Version})
		}))
		s.must(s.submit(lttest.OfficerA, p.ID))
		s.must(s.review(lttest.HeadA, p.ID))
		for _, by := range []org.OfficerID{lttest.CommuneLeader, lttest.OneLeader, lttest.UnitAdmin} {
			for _, c := range []org.Capacity{org.ByOrder, org.Delegated, org.ForHead, org.Own} {
				for _, seen := range []int64{0, 1, 2, 99} {
					_, err := s.do(func(tx *db.Tx) (*signoff.Paper, error) {
						return s.desk.Sign(tx, s.who(by), p.ID, signoff.Signature{Capacity: c, Version: seen})
					})
					var stale *signoff.Stale
					if !errors.Is(err, fault.NotFound) || errors.As(err, &stale) {
						t.Errorf("%s signs %q having seen %d: %v, want not found and no text", by, c, seen, err)
					}
				}
			}
		}
	})
}

// What is written beside a paper goes through the same door as the paper: no mark of state
// secrecy, no boundless text, and nothing of a refused act stays.
func TestRemarksAreTextsToo(t *testing.T) {
	const secret = "Độ mật: TỐI MẬT"
	long := strings.Repeat("dài ", 5000)
	each(t, func(s *stage) {
		edit := func(id signoff.ID, e signoff.Edit) error {
			_, err := s.do(func(tx *db.Tx) (*signoff.Paper, error) { return s.desk.Revise(tx, s.who(lttest.OfficerA), id, e) })
			return err
		}
		p := s.bring(signoff.Drafting)
		s.want("a secret note", edit(p.ID, signoff.Edit{Title: "Khác", Body: "Khác", Note: secret}), fault.Invalid)
		s.want("a boundless title", edit(p.ID, signoff.Edit{Title: long, Body: "Khác"}), fault.Invalid)
		s.want("a boundless body", edit(p.ID, signoff.Edit{Title: "Khác", Body: strings.Repeat("x", 300_000)}), fault.Invalid)
		for _, word := range []string{secret, long} {
			_, err := s.do(func(tx *db.Tx) (*signoff.Paper, error) {
				return s.desk.Submit(tx, s.who(lttest.OfficerA), p.ID, signoff.Step{Comment: word})
			})
			s.want("submitted with a bad remark", err, fault.Invalid)
		}
		p = s.bring(signoff.Reviewing)
		_, err := s.back(lttest.HeadA, p.ID, secret)
		s.want("sent back for a secret reason", err, fault.Invalid)
		p = s.bring(signoff.Signing)
		_, err = s.do(func(tx *db.Tx) (*signoff.Paper, error) {
			return s.desk.Sign(tx, s.who(lttest.Leader), p.ID, signoff.Signature{Comment: secret})
		})
		s.want("signed with a secret remark", err, fault.Invalid)
		p = s.bring(signoff.Releasing)
		_, err = s.release(lttest.Clerk, p.ID, signoff.Issue{Comment: secret})
		s.want("released with a secret remark", err, fault.Invalid)
		if _, err = s.release(lttest.Clerk, p.ID, signoff.Issue{}); err != nil {
			t.Errorf("the refused acts left something: %v", err)
		}
	})
}

// What the paper is - a document or guidance - is part of the text that was seen.
func TestGuidanceIsPartOfTheVersion(t *testing.T) {
	each(t, func(s *stage) {
		p := s.bring(signoff.Signing)
		seen := p.Version
		_, err := s.do(func(tx *db.Tx) (*signoff.Paper, error) {
			return s.desk.Revise(tx, s.who(lttest.Deputy), p.ID, signoff.Edit{Title: p.Title, Body: "Nội dung", Guidance: true})
		})
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.do(func(tx *db.Tx) (*signoff.Paper, error) {
			return s.desk.Sign(tx, s.who(lttest.Leader), p.ID, signoff.Signature{Version: seen})
		})
		s.want("signed what has become guidance since", err, fault.Conflict)
	})
}
