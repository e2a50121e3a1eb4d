package signoff_test

import (
	"testing"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/signoff"
	"lienthong/internal/workday"
)

var scanned = casefile.Document{Name: "ký giấy.pdf", MediaType: "application/pdf", Hash: "h", Scan: "clean", Size: 9}

func (s *stage) onPaper(by org.OfficerID, id signoff.ID, change func(in *signoff.OnPaper)) (*signoff.Paper, error) {
	return s.do(func(tx *db.Tx) (*signoff.Paper, error) {
		in := signoff.OnPaper{Signer: lttest.Leader, Capacity: org.Own, SignedOn: workday.Of(tx.Now), Scan: scanned}
		if change != nil {
			change(&in)
		}
		return s.desk.RecordSigned(tx, s.who(by), id, in)
	})
}

// A leader signs by hand; the clerk says who, in which capacity, when, and shows the sheet.
func TestSignedOnPaper(t *testing.T) {
	each(t, func(s *stage) {
		p := s.bring(signoff.Reviewing)
		p = s.must(s.onPaper(lttest.Clerk, p.ID, nil))
		if p.State != signoff.Releasing || !p.Signed() || p.Signer != lttest.Leader || p.RecordedBy != lttest.Clerk || p.SignedOn.IsZero() || p.Basis == "" || p.ScanID == "" {
			s.Errorf("recorded: %+v", p)
		}
		lttest.View(s, s.db, func(tx *db.Tx) error {
			events, err := casefile.History(tx, s.who(lttest.OfficerA), s.c, 50)
			last := events[len(events)-1]
			if last.Kind != "paper.on_paper" || last.By.Officer != lttest.Clerk {
				s.Errorf("the history says %+v", last)
			}
			if others, _ := casefile.History(tx, s.who(lttest.CommuneOfficer), s.c, 50); len(others) != 0 {
				s.Errorf("the asker reads %d events before the release", len(others))
			}
			return err
		})
		_, err := s.onPaper(lttest.Clerk, p.ID, nil)
		s.want("recorded twice", err, fault.Conflict)
		p = s.must(s.back(lttest.Clerk, p.ID, "sai thể thức"))
		if p.Signed() || p.RecordedBy != "" || !p.SignedOn.IsZero() {
			s.Errorf("sent back with its signature: %+v", p)
		}
		p = s.bring(signoff.Signing)
		p = s.must(s.onPaper(lttest.Clerk, p.ID, func(in *signoff.OnPaper) {
			in.Signer, in.Capacity = lttest.Deputy, org.ForHead
			in.Outer = signoff.Outer{Symbol: "37/ST-PA", IssuedOn: in.SignedOn}
		}))
		if p.State != signoff.Released || p.Symbol != "37/ST-PA" || p.Signer != lttest.Deputy {
			s.Errorf("signed and numbered on paper: %s %q by %s", p.State, p.Symbol, p.Signer)
		}
	})
}

func TestSignedOnPaperRefused(t *testing.T) {
	each(t, func(s *stage) {
		p := s.bring(signoff.Signing)
		for name, tt := range map[string]struct {
			by     org.OfficerID
			change func(in *signoff.OnPaper)
			want   error
		}{
			"the drafter":                 {lttest.OfficerA, nil, fault.Denied},
			"the leader himself":          {lttest.Leader, nil, fault.Denied},
			"another unit":                {lttest.CommuneLeader, nil, fault.NotFound},
			"nobody signed":               {lttest.Clerk, func(in *signoff.OnPaper) { in.Signer = "" }, fault.Invalid},
			"an officer who may not sign": {lttest.Clerk, func(in *signoff.OnPaper) { in.Signer = lttest.OfficerA }, fault.Denied},
			"a deputy as the head":        {lttest.Clerk, func(in *signoff.OnPaper) { in.Signer = lttest.Deputy }, fault.Denied},
			"a leader of elsewhere":       {lttest.Clerk, func(in *signoff.OnPaper) { in.Signer = lttest.CommuneLeader }, fault.Invalid},
			"no scan":                     {lttest.Clerk, func(in *signoff.OnPaper) { in.Scan = casefile.Document{} }, fault.Invalid},
			"a scan that is a table":      {lttest.Clerk, func(in *signoff.OnPaper) { in.Scan.MediaType = "text/csv" }, fault.Invalid},
			"no day":                      {lttest.Clerk, func(in *signoff.OnPaper) { in.SignedOn = workday.Date{} }, fault.Invalid},
			"tomorrow":                    {lttest.Clerk, func(in *signoff.OnPaper) { in.SignedOn = in.SignedOn.AddDays(1) }, fault.Invalid},
			"before the text was written": {lttest.Clerk, func(in *signoff.OnPaper) { in.SignedOn = in.SignedOn.AddDays(-1) }, fault.Invalid},
			"a text that has changed":     {lttest.Clerk, func(in *signoff.OnPaper) { in.Version = 9 }, fault.Invalid},
			"a number without a day":      {lttest.Clerk, func(in *signoff.OnPaper) { in.Outer.Symbol = "3/ST" }, fault.Invalid},
		} {
			_, err := s.onPaper(tt.by, p.ID, tt.change)
			s.want(name, err, tt.want)
		}
		draft := s.bring(signoff.Drafting)
		_, err := s.onPaper(lttest.Clerk, draft.ID, nil)
		s.want("a draft that was not submitted", err, fault.Denied)
		one := s.must(s.draft(lttest.OneLeader, lttest.OneStep, "Nội dung"))
		_, err = s.onPaper(lttest.OneLeader, one.ID, nil)
		s.want("a path of one step", err, fault.Denied)
	})
}
