package petition

import (
	"slices"

	"lienthong/internal/access"
	"lienthong/internal/db"
	"lienthong/internal/direct"
	"lienthong/internal/duty"
	"lienthong/internal/org"
	"lienthong/internal/signoff"
)

// An Act is something one officer may do on a petition now. Name is the last part of its
// address on the pages and in the API, or "paper" for the paper that is under way.
type Act struct {
	Name  string
	Say   string     // on the button
	Waits bool       // it waits for this officer, not only for anybody of his role
	Paper signoff.ID // for "paper"
}

// A Situation is what decides what may be done on a petition: read once, for the page
// and for the API alike. Acts is pure over it.
type Situation struct {
	P          *Petition
	Duties     []*duty.Duty
	Papers     []*signoff.Paper // those the reader may read
	Overseers  []org.UnitID
	Askers     []org.UnitID    // whose people may ask for an explanation
	Workers    []org.OfficerID // to whom the lead directed it
	Place      direct.Place    // where it lies inside the lead
	Registered int64           // number in the lead's book of what came in, 0 not yet
	MayDraft   bool            // an answer of the lead
	MayExplain bool            // draft an explanation
	AtOnce     bool            // answer in one act
}

// Look reads the situation of a petition for one officer. The caller has it from Get.
func Look(tx *db.Tx, who org.Actor, p *Petition) (s *Situation, err error) {
	s = &Situation{P: p}
	if s.Duties, err = duty.OfCase(tx, p.ID); err != nil {
		return nil, err
	}
	if s.Papers, err = signoff.OfCase(tx, who, p.ID); err != nil {
		return nil, err
	}
	if p.State == Draft {
		return s, nil
	}
	if s.Overseers, err = Overseers(tx, p); err != nil {
		return nil, err
	}
	if s.Askers, err = p.askers(tx); err != nil {
		return nil, err
	}
	if !who.In(p.Lead) {
		return s, nil
	}
	return s, s.inside(tx, who)
}

// inside reads how the lead has it: only its own people ask.
func (s *Situation) inside(tx *db.Tx, who org.Actor) (err error) {
	p := s.P
	if s.Workers, err = direct.Officers(tx, p.ID, p.Lead); err != nil {
		return err
	}
	if s.Place, err = direct.Where(tx, p.ID, p.Lead); err != nil {
		return err
	}
	if s.Registered, err = direct.Registered(tx, p.ID, p.Lead, p.Round+p.Hops); err != nil {
		return err
	}
	if s.MayExplain, err = signoff.MayDraft(tx, who, p.Lead, PaperExplain); err != nil || p.answerable() != nil {
		return err
	}
	if s.MayDraft, err = signoff.MayDraft(tx, who, p.Lead, PaperAnswer); err != nil {
		return err
	}
	s.AtOnce, err = signoff.AtOnce(tx, who, p.Lead, PaperAnswer, p.Field)
	return err
}

// Open returns the running duties of a rule.
func (s *Situation) Open(rule string) (open []*duty.Duty) {
	for _, d := range s.Duties {
		if d.Rule == rule && d.EndedAt.IsZero() {
			open = append(open, d)
		}
	}
	return open
}

// Running returns the paper of a kind that is under way, nil when none is.
func (s *Situation) Running(kind string) *signoff.Paper {
	for _, x := range s.Papers {
		if x.Kind == kind && x.State != signoff.Released && x.State != signoff.Dropped {
			return x
		}
	}
	return nil
}

// Acts returns what the officer may do now, what waits for him first. An operation asks
// again under the case's lock; what is not here it would refuse.
func (s *Situation) Acts(who org.Actor) (all []Act) {
	if s.P.State == Draft {
		return s.papers(who)
	}
	all = append(all, s.papers(who)...)
	all = append(all, s.raisers(who)...)
	all = append(all, s.leads(who)...)
	all = append(all, s.others(who)...)
	slices.SortStableFunc(all, func(a, b Act) int { return rank(a) - rank(b) })
	return all
}

// What waits for the reader goes before what he merely may.
func rank(a Act) int {
	if a.Waits {
		return 0
	}
	return 1
}

// Whether an act is allowed, with what access needs to know: who works on it and whose part is open.
func (s *Situation) may(who org.Actor, act access.Act) bool {
	f := s.P.facts(s.Overseers)
	f.Officers = s.Workers
	f.Units[access.Coordinating] = OpenParts(s.Duties)
	return access.May(who, act, f) == nil
}
