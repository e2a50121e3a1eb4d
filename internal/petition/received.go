package petition

import (
	"time"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/signoff"
)

// An Arrival is what the document system says of a paper that went through it: it was
// signed, numbered and sent there, and needs none of that here.
type Arrival struct {
	At       time.Time // when it reached its receiver; whoever opens the case, whenever
	Signer   string
	Title    string // of the signer
	Capacity org.Capacity
}

// Who signed a document that came from outside; the officer has no account here.
func (r Arrival) signature(issuer org.UnitID) signature {
	return signature{name: r.Signer, title: r.Title, capacity: r.Capacity, issuer: issuer}
}

// at is the instant that counts: never after now.
func (r Arrival) at(tx *db.Tx) time.Time {
	if r.At.IsZero() || r.At.After(tx.Now) {
		return tx.Now
	}
	return r.At
}

// RaiseReceived opens a petition from a commune's paper that came through the document
// system. who only takes it in, so his unit's path is not asked; the limit runs from the
// paper's arrival. A number that the unit has in its register is a fault.Conflict: the
// paper is known.
func RaiseReceived(tx *db.Tx, who org.Actor, in Raise, from Arrival) (p *Petition, err error) {
	defer fault.Wrap(&err, "raise received petition")
	if u, err := org.UnitOf(tx, in.Unit); err != nil {
		return nil, err
	} else if !u.Commune() {
		return nil, fault.Field("unit", "Kiến nghị do Ủy ban nhân dân xã, phường nêu; văn bản này của %s.", u.Short)
	}
	in.at = from.at(tx)
	rb, route, err := in.check(tx)
	if err != nil {
		return nil, err
	}
	c, err := casefile.Open(tx, casefile.New{
		Kind: CaseKind, Prefix: prefix, Title: in.Title, State: Received, Scope: Scope, Rulebook: rb.Hash(),
		Field: in.Field, Raiser: in.Unit, Lead: route.Unit,
	})
	if err != nil {
		return nil, err
	}
	p = &Petition{Case: c}
	number, err := signoff.Enter(tx, who, signoff.Entry{Unit: in.Unit, Book: signoff.Kind{}.Book(), Case: c.ID}, in.Paper)
	if err != nil {
		return nil, err
	}
	if err := p.arrive(tx, who, from.signature(in.Unit), in, route, number, ""); err != nil {
		return nil, err
	}
	return p, p.insert(tx)
}

// Awaits says whether a paper of a unit, come through the document system, would answer
// the petition now: the unit leads, and the round is open.
func (p *Petition) Awaits(unit org.UnitID) bool { return p.Lead == unit && p.answerable() == nil }

// AnswerReceived keeps a department's paper that came through the document system as the
// answer of the round, and meets the duty at the paper's arrival. The outcome is what a
// person states, or Unstated.
func AnswerReceived(tx *db.Tx, who org.Actor, id casefile.ID, in Reply, from Arrival) (p *Petition, err error) {
	defer fault.Wrap(&err, "received answer to petition %s", id)
	if p, err = lock(tx, org.System("exchange"), id, in.Version); err != nil { // whether who may is asked by the exchange
		return nil, err
	}
	if err := p.answerable(); err != nil {
		return nil, err
	}
	in.at = from.at(tx)
	if in.at.Before(p.ArrivedAt) { // a paper older than the question answers something else
		return nil, fault.Refuse(fault.Conflict, "Văn bản này đến trước khi kiến nghị đến đơn vị chủ trì, nên không thể là trả lời của kiến nghị.")
	}
	if err := in.check(tx); err != nil {
		return nil, err
	}
	number, err := signoff.Enter(tx, who, signoff.Entry{Unit: p.Lead, Book: signoff.Kind{}.Book(), Case: p.ID}, in.Paper)
	if err != nil {
		return nil, err
	}
	return p, p.answer(tx, who, from.signature(p.Lead), in, number, "")
}
