package signoff_test

import (
	"errors"
	"sync"
	"testing"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/signoff"
	"lienthong/internal/workday"
)

// Fifty releases at once, a third of them refused by the slice: the numbers given are
// 1 to n, each once.
func TestRegisterHasNoGaps(t *testing.T) {
	each(t, func(s *stage) {
		const papers = 50
		var ids []signoff.ID
		lttest.Update(s, s.db, func(tx *db.Tx) error {
			ids = nil
			for i := range papers {
				body := "Nội dung"
				if i%3 == 0 {
					body = "hỏng"
				}
				p, err := ready(tx, s, body)
				if err != nil {
					return err
				}
				ids = append(ids, p.ID)
			}
			return nil
		})
		clerk := s.who(lttest.Clerk)
		var wait sync.WaitGroup
		refused := make([]error, papers)
		for i, id := range ids {
			wait.Go(func() {
				refused[i] = s.db.Update(s.Context(), func(tx *db.Tx) error {
					_, err := s.desk.Release(tx, clerk, id, signoff.Issue{})
					return err
				})
			})
		}
		wait.Wait()
		out := 0
		for i, err := range refused {
			if (i%3 == 0) != (err != nil) || err != nil && !errors.Is(err, fault.Conflict) {
				s.Errorf("paper %d: %v", i, err)
			}
			if err == nil {
				out++
			}
		}
		lttest.View(s, s.db, func(tx *db.Tx) error {
			all, err := signoff.Entries(tx, clerk, lttest.Department, "CV", 2026, 0, 100)
			if len(all) != out {
				s.Errorf("%d entries for %d releases", len(all), out)
			}
			for i, e := range all {
				if e.N != int64(i)+1 {
					s.Errorf("entry %d has the number %d", i+1, e.N)
				}
			}
			return err
		})
	})
}

// as returns an officer inside a transaction.
func as(tx *db.Tx, s *stage, id org.OfficerID) org.Actor {
	s.Helper()
	who, err := org.ActorOf(tx, id)
	if err != nil {
		s.Fatal(err)
	}
	return who
}

// toSign makes a paper that waits for its signature, in the given transaction.
func toSign(tx *db.Tx, s *stage, body string) (p *signoff.Paper, err error) {
	a, h := as(tx, s, lttest.OfficerA), as(tx, s, lttest.HeadA)
	if p, err = s.desk.Draft(tx, a, signoff.New{Case: s.c, Kind: answer.Name, Unit: lttest.Department, Title: "Trả lời", Body: body}); err != nil {
		return nil, err
	}
	if _, err = s.desk.Submit(tx, a, p.ID, signoff.Step{}); err != nil {
		return nil, err
	}
	return s.desk.Review(tx, h, p.ID, signoff.Step{}, nil)
}

// ready makes a paper that waits for its number, in the given transaction.
func ready(tx *db.Tx, s *stage, body string) (p *signoff.Paper, err error) {
	if p, err = toSign(tx, s, body); err != nil {
		return nil, err
	}
	return s.desk.Sign(tx, as(tx, s, lttest.Leader), p.ID, signoff.Signature{})
}

func TestNumberOfTheDocumentSystem(t *testing.T) {
	day := workday.Of(lttest.Start)
	tests := []struct {
		name  string
		outer signoff.Outer
		want  error
		field string
	}{
		{"without its date", signoff.Outer{Symbol: "37/ST-PA"}, fault.Invalid, "issued_on"},
		{"dated tomorrow", signoff.Outer{Symbol: "37/ST-PA", IssuedOn: day.AddDays(1)}, fault.Invalid, "issued_on"},
		{"without a number", signoff.Outer{Symbol: "ST-PA", IssuedOn: day}, fault.Invalid, "number"},
		{"only an id", signoff.Outer{ID: "x", IssuedOn: day}, fault.Invalid, "number"},
		{"as it was given", signoff.Outer{Symbol: "37/ST-PA", IssuedOn: day, ID: "qlvb-1"}, nil, ""},
		{"given again, typed otherwise", signoff.Outer{Symbol: "37 / st-pa", IssuedOn: day}, fault.Conflict, "number"},
		{"the same number of another day", signoff.Outer{Symbol: "37/ST-PA", IssuedOn: day.AddDays(-1)}, nil, ""},
	}
	each(t, func(s *stage) {
		for _, tt := range tests {
			p := s.bring(signoff.Releasing)
			p, err := s.release(lttest.Clerk, p.ID, signoff.Issue{Outer: tt.outer})
			s.want(tt.name, err, tt.want)
			if tt.want != nil {
				if r, _ := fault.Sentence(err); r == nil || r.Field != tt.field {
					s.Errorf("%s: refusal %+v, want the field %q", tt.name, r, tt.field)
				}
				continue
			}
			if p.Symbol != tt.outer.Symbol || p.OuterID != tt.outer.ID || p.RegisterN != 0 || p.Number != "37" {
				s.Errorf("%s: %+v", tt.name, p)
			}
		}
		// the unit's own register goes on from its own last number
		if p := s.bring(signoff.Released); p.Symbol != "01/ST-PA" {
			s.Errorf("first own number %q", p.Symbol)
		}
		lttest.View(s, s.db, func(tx *db.Tx) error {
			c, err := signoff.ByNumber(tx, s.who(lttest.Clerk), lttest.Department, "37/ST-PA", day)
			if err != nil || c.ID != s.c {
				s.Errorf("case by number: %v", err)
			}
			_, err = signoff.ByNumber(tx, s.who(lttest.Outsider), lttest.Department, "37/ST-PA", day)
			s.want("by one who may not read it", err, fault.NotFound)
			return nil
		})
	})
}

func TestRegisterBeginsAnewWithTheYear(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		lttest.Office(t, d)
		s := &stage{TB: t, db: d, desk: desk(t)}
		s.c = s.open(lttest.Field)
		s.bring(signoff.Released)
		p := s.bring(signoff.Releasing)
		clock.Set(workday.NewDate(2027, 1, 1).Midnight())
		p = s.must(s.release(lttest.Clerk, p.ID, signoff.Issue{}))
		if p.Symbol != "01/ST-PA" || p.IssuedOn != workday.NewDate(2027, 1, 1) {
			t.Errorf("%q on %s", p.Symbol, p.IssuedOn)
		}
	})
}

func TestGuidanceHasNoNumber(t *testing.T) {
	each(t, func(s *stage) {
		p := s.must(s.do(func(tx *db.Tx) (*signoff.Paper, error) {
			return s.desk.Draft(tx, s.who(lttest.OneLeader), signoff.New{Case: s.c, Kind: answer.Name, Unit: lttest.OneStep, Title: "Hướng dẫn", Body: "Nội dung", Guidance: true})
		}))
		_, err := s.release(lttest.OneLeader, p.ID, signoff.Issue{Outer: signoff.Outer{Symbol: "1/SM", IssuedOn: workday.Of(lttest.Start)}})
		s.want("guidance with a number", err, fault.Invalid)
		p = s.must(s.release(lttest.OneLeader, p.ID, signoff.Issue{}))
		if p.Symbol != "" || !p.IssuedOn.IsZero() || p.Signer == "" {
			s.Errorf("%+v", p)
		}
	})
}

// Two leaders sign at once, two clerks release at once, a clerk sends back what another
// releases: one of each two is told that it is done.
func TestTwoAtOnce(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		lttest.Office(t, d)
		s := &stage{TB: t, db: d, desk: desk(t)}
		s.c = s.open(lttest.Field)
		var id signoff.ID
		start := func(make func(*db.Tx, *stage, string) (*signoff.Paper, error)) func(tx *db.Tx) error {
			return func(tx *db.Tx) error {
				p, err := make(tx, s, "Nội dung")
				if err == nil {
					id = p.ID
				}
				return err
			}
		}
		sign := func(by org.OfficerID, c org.Capacity) func(tx *db.Tx) error {
			return func(tx *db.Tx) error {
				_, err := s.desk.Sign(tx, as(tx, s, by), id, signoff.Signature{Capacity: c})
				return err
			}
		}
		release := func(tx *db.Tx) error {
			_, err := s.desk.Release(tx, as(tx, s, lttest.Clerk), id, signoff.Issue{})
			return err
		}
		back := func(tx *db.Tx) error {
			_, err := s.desk.SendBack(tx, as(tx, s, lttest.Clerk), id, signoff.Step{Comment: "Sai thể thức"})
			return err
		}
		one := func(t *testing.T, m lttest.Meeting) {
			if (m.A == nil) == (m.B == nil) {
				t.Errorf("%+v: not exactly one", m)
			}
			if err := errors.Join(m.A, m.B); fault.Kind(err) != fault.Conflict && fault.Kind(err) != fault.Denied {
				t.Errorf("%+v: want a conflict", m)
			}
		}
		lttest.Race(t, d, start(toSign), sign(lttest.Leader, org.Own), sign(lttest.Deputy, org.ForHead), one)
		lttest.Race(t, d, start(ready), release, release, one)
		lttest.Race(t, d, start(ready), release, back, one)
		lttest.View(t, d, func(tx *db.Tx) error {
			all, err := signoff.Entries(tx, s.who(lttest.Clerk), lttest.Department, "CV", 2026, 0, 1000)
			for i, e := range all {
				if e.N != int64(i)+1 {
					t.Errorf("after the races entry %d has the number %d", i+1, e.N)
				}
			}
			return err
		})
	})
}

// An operation stays within the house's budget of statements.
func TestStatementBudget(t *testing.T) {
	each(t, func(s *stage) {
		count := func(name string, fn func(tx *db.Tx) (*signoff.Paper, error)) {
			var n db.Stats
			if err := s.db.Update(s.Context(), func(tx *db.Tx) error {
				_, err := fn(tx)
				n = tx.Stats()
				return err
			}); err != nil {
				s.Fatal(err)
			}
			if n.Writes > 12 || n.Reads > 7 { // the lock and a register's number return a row, and count as reads
				s.Errorf("%s: %d reads, %d writes", name, n.Reads, n.Writes)
			}
		}
		p := s.bring(signoff.Drafting)
		count("submit", func(tx *db.Tx) (*signoff.Paper, error) {
			return s.desk.Submit(tx, s.who(lttest.OfficerA), p.ID, signoff.Step{})
		})
		count("review", func(tx *db.Tx) (*signoff.Paper, error) {
			return s.desk.Review(tx, s.who(lttest.HeadA), p.ID, signoff.Step{}, nil)
		})
		count("sign", func(tx *db.Tx) (*signoff.Paper, error) {
			return s.desk.Sign(tx, s.who(lttest.Leader), p.ID, signoff.Signature{})
		})
		count("release", func(tx *db.Tx) (*signoff.Paper, error) {
			return s.desk.Release(tx, s.who(lttest.Clerk), p.ID, signoff.Issue{})
		})
	})
}
