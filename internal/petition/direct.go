package petition

import (
	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/direct"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/org"
)

// atLead holds a petition for an act of its lead, with the officers to whom the lead
// directed it.
func atLead(tx *db.Tx, who org.Actor, id casefile.ID, seen int64, act access.Act) (*Petition, org.Actor, error) {
	p, err := lock(tx, who, id, seen)
	if err != nil {
		return nil, who, err
	}
	f := p.Facts()
	if f.Officers, err = direct.Officers(tx, p.ID, p.Lead); err != nil {
		return nil, who, err
	}
	if who, err = access.Pick(who, act, f); err != nil {
		return nil, who, err
	}
	return p, who, p.answerable()
}

// Direct sends the petition down inside its lead: to a section or an officer, with
// the leader's written instruction and an inner date that never replaces the legal one.
func Direct(tx *db.Tx, who org.Actor, id casefile.ID, in direct.In, seen int64) (p *Petition, err error) {
	defer fault.Wrap(&err, "direct petition %s", id)
	p, err = atDesk(tx, who, id, seen)
	if err != nil {
		return nil, err
	}
	in.Unit = p.Lead
	if in.Duty, err = p.answerKey(tx); err != nil {
		return nil, err
	}
	if _, err := direct.Down(tx, who, p.Case, in); err != nil {
		return nil, err
	}
	if p.State == Received {
		p.State = Directed
	}
	return p, nil
}

// Register enters an arrived petition in the lead's book of incoming documents. The
// limit runs from the arrival, not from this entry.
func Register(tx *db.Tx, who org.Actor, id casefile.ID, seen int64) (p *Petition, err error) {
	defer fault.Wrap(&err, "register petition %s", id)
	p, err = atDesk(tx, who, id, seen)
	if err != nil {
		return nil, err
	}
	issued, err := day(p.IssuedOn)
	if err != nil {
		return nil, err
	}
	_, err = direct.Register(tx, who, p.Case, direct.Incoming{Unit: p.Lead, Sender: p.Raiser, Symbol: p.Symbol, IssuedOn: issued, Round: p.Round + p.Hops})
	return p, err
}

// ReturnUp gives the matter back to who directed it, with a reason, inside the lead.
func ReturnUp(tx *db.Tx, who org.Actor, id casefile.ID, why string, seen int64) (p *Petition, err error) {
	defer fault.Wrap(&err, "return petition %s up", id)
	p, err = atDesk(tx, who, id, seen)
	if err != nil {
		return nil, err
	}
	k, err := p.answerKey(tx)
	if err != nil {
		return nil, err
	}
	_, err = direct.ReturnUp(tx, who, p.Case, p.Lead, why, k)
	return p, err
}

// atDesk holds a petition for an act inside its lead, which may still answer it.
func atDesk(tx *db.Tx, who org.Actor, id casefile.ID, seen int64) (*Petition, error) {
	p, err := lock(tx, who, id, seen)
	if err != nil {
		return nil, err
	}
	if !who.In(p.Lead) {
		return nil, fault.Refuse(fault.Denied, "Chỉ đơn vị chủ trì mới làm việc này.")
	}
	return p, p.answerable()
}

// answerKey names the running duty to answer. Its round need not be the petition's: a
// unit that gets a matter again owes the act again, in the same round of answers.
func (p *Petition) answerKey(tx *db.Tx) (duty.Key, error) {
	same := duty.Key{Case: p.ID, Rule: MustAnswer, Owner: p.Lead, Round: p.Round}
	if p.Hops == 0 { // never moved, as nearly all: the rounds are the same
		return same, nil
	}
	k, found, err := p.answerDuty(tx, p.Lead)
	if err == nil && !found {
		k = same
	}
	return k, err
}

// answerRound is the round of the lead's next duty to answer: the petition's, or the one
// after those the lead had when the matter came back to it.
func (p *Petition) answerRound(tx *db.Tx, lead org.UnitID) (int64, error) {
	round := p.Round
	if round == 1 && p.Hops == 0 {
		return round, nil
	}
	all, err := duty.OfCase(tx, p.ID)
	for _, d := range all {
		if d.Rule == MustAnswer && d.Owner == lead {
			round = max(round, d.Round+1)
		}
	}
	return round, err
}
