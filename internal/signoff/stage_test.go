package signoff_test

import (
	"errors"
	"testing"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/signoff"
)

// answer is the kind of paper of these tests: an official letter whose body must not be
// empty, and whose release leaves an event that counts.
var answer = signoff.Kind{
	Name: "test.answer", Say: "Văn bản trả lời",
	Check: func(_ *db.Tx, body string) error {
		if body == "" {
			return fault.Field("text", "Văn bản chưa có nội dung.")
		}
		return nil
	},
	Released: func(tx *db.Tx, who org.Actor, c *casefile.Case, p *signoff.Paper, body string) error {
		if body == "hỏng" {
			return fault.Refuse(fault.Conflict, "Đã có văn bản trả lời.")
		}
		_, err := casefile.Record(tx, c, casefile.Event{By: who, Kind: "test.released", Facts: map[string]string{"symbol": p.Symbol}, Text: body})
		return err
	},
}

func desk(t testing.TB) signoff.Desk {
	t.Helper()
	d, err := signoff.NewDesk(answer)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// A stage is one test's office with a case between the commune and the department.
type stage struct {
	testing.TB
	db   *db.DB
	desk signoff.Desk
	c    casefile.ID
}

func each(t *testing.T, fn func(s *stage)) {
	t.Helper()
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		lttest.Office(t, d)
		s := &stage{TB: t, db: d, desk: desk(t)}
		s.c = s.open(lttest.Field)
		fn(s)
	})
}

// open opens a case on which all units of the test office stand.
func (s *stage) open(field string) (id casefile.ID) {
	s.Helper()
	lttest.Update(s, s.db, func(tx *db.Tx) error {
		c, err := casefile.Open(tx, casefile.New{Kind: "test", Prefix: "T", Title: "Việc thử", State: "received", Field: field, Raiser: lttest.Commune, Lead: lttest.Department})
		if err != nil {
			return err
		}
		id = c.ID
		var parties []casefile.Party
		for _, u := range []org.UnitID{lttest.Commune, lttest.Department, lttest.OneStep, lttest.OneCommune} {
			parties = append(parties, casefile.Party{Unit: u, Function: access.Lead})
		}
		return casefile.Join(tx, id, parties...)
	})
	return id
}

func (s *stage) who(id org.OfficerID) org.Actor { return lttest.Who(s, s.db, id) }

// do runs one act alone and returns the paper as it stands after it.
func (s *stage) do(fn func(tx *db.Tx) (*signoff.Paper, error)) (p *signoff.Paper, err error) {
	err = s.db.Update(s.Context(), func(tx *db.Tx) (err error) {
		p, err = fn(tx)
		return err
	})
	return p, err
}

func (s *stage) must(p *signoff.Paper, err error) *signoff.Paper {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
	return p
}

func (s *stage) draft(by org.OfficerID, unit org.UnitID, body string) (*signoff.Paper, error) {
	return s.do(func(tx *db.Tx) (*signoff.Paper, error) {
		return s.desk.Draft(tx, s.who(by), signoff.New{Case: s.c, Kind: answer.Name, Unit: unit, Title: "Trả lời kiến nghị", Body: body})
	})
}

func (s *stage) submit(by org.OfficerID, id signoff.ID) (*signoff.Paper, error) {
	return s.do(func(tx *db.Tx) (*signoff.Paper, error) {
		return s.desk.Submit(tx, s.who(by), id, signoff.Step{})
	})
}

func (s *stage) review(by org.OfficerID, id signoff.ID) (*signoff.Paper, error) {
	return s.do(func(tx *db.Tx) (*signoff.Paper, error) {
		return s.desk.Review(tx, s.who(by), id, signoff.Step{Comment: "Đồng ý"}, nil)
	})
}

func (s *stage) sign(by org.OfficerID, id signoff.ID, c org.Capacity) (*signoff.Paper, error) {
	return s.do(func(tx *db.Tx) (*signoff.Paper, error) {
		return s.desk.Sign(tx, s.who(by), id, signoff.Signature{Capacity: c})
	})
}

func (s *stage) release(by org.OfficerID, id signoff.ID, in signoff.Issue) (*signoff.Paper, error) {
	return s.do(func(tx *db.Tx) (*signoff.Paper, error) {
		return s.desk.Release(tx, s.who(by), id, in)
	})
}

func (s *stage) back(by org.OfficerID, id signoff.ID, reason string) (*signoff.Paper, error) {
	return s.do(func(tx *db.Tx) (*signoff.Paper, error) {
		return s.desk.SendBack(tx, s.who(by), id, signoff.Step{Comment: reason})
	})
}

// bring takes a new paper of the department to a state.
func (s *stage) bring(to signoff.State) *signoff.Paper {
	s.Helper()
	p := s.must(s.draft(lttest.OfficerA, lttest.Department, "Nội dung"))
	if to == signoff.Drafting {
		return p
	}
	p = s.must(s.submit(lttest.OfficerA, p.ID))
	if to == signoff.Reviewing {
		return p
	}
	p = s.must(s.review(lttest.HeadA, p.ID))
	if to == signoff.Signing {
		return p
	}
	p = s.must(s.sign(lttest.Leader, p.ID, org.Own))
	if to == signoff.Releasing {
		return p
	}
	return s.must(s.release(lttest.Clerk, p.ID, signoff.Issue{}))
}

func (s *stage) want(what string, err, kind error) {
	s.Helper()
	if !errors.Is(err, kind) {
		s.Errorf("%s: error %v, want %v", what, err, kind)
	}
	if r, ok := fault.Sentence(err); kind != nil && kind != fault.NotFound && (!ok || r.Say == "") {
		s.Errorf("%s: no sentence in %v", what, err)
	}
}

// waiting lists what waits for an officer.
func (s *stage) waiting(by org.OfficerID, f signoff.Filter) (items []signoff.Item) {
	s.Helper()
	lttest.View(s, s.db, func(tx *db.Tx) (err error) {
		items, _, err = signoff.Waiting(tx, s.who(by), f, "", 50)
		return err
	})
	return items
}
