package petition

import (
	"encoding/json"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/signoff"
)

// PaperRaise is the kind of the commune's paper that raises a petition.
const PaperRaise = "petition.raise"

// A Raise is what a commune sends.
type Raise struct {
	Unit     org.UnitID // the commune; the actor's own when empty
	Title    string
	Field    string     // an id of domains.csv or subfields.csv
	To       org.UnitID // the unit addressed, only where no text has a list of fields
	Amend    bool       // a point of the regulation itself: to whom its rule names, in no field of work
	Text     string
	Basis    string
	Tried    *string // nil where the channel does not ask (another system); the form always asks
	Proposal string
	MetOn    string        // the day the difficulty was met, "2006-01-02", or empty
	Paper    signoff.Outer // the paper's own number, when it went through the document system
	Files    []casefile.Document

	at time.Time // when it reached the department by another system; zero: now
}

// RaiseNow raises a petition in one act, by an actor whose unit's path for this paper
// is one step: the petition is released, the department has it from now on.
func RaiseNow(tx *db.Tx, who org.Actor, in Raise) (p *Petition, err error) {
	defer fault.Wrap(&err, "raise petition")
	who, rb, route, err := in.may(tx, who)
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
	number, err := enter(tx, who, in.Unit, c.ID, in.Paper)
	if err != nil {
		return nil, err
	}
	if err := p.arrive(tx, who, ownSignature(who), in, route, number, ""); err != nil {
		return nil, err
	}
	return p, p.insert(tx)
}

// CheckRaise says whether RaiseNow would refuse, and why, without doing it: an import
// asks about every row before it takes the first.
func CheckRaise(tx *db.Tx, who org.Actor, in Raise) error {
	_, _, _, err := in.may(tx, who)
	return err
}

// may checks the sender's right and what is sent, and returns who signs and where it goes.
func (in *Raise) may(tx *db.Tx, who org.Actor) (signer org.Actor, rb *regulation.Rulebook, route regulation.Route, err error) {
	if in.Unit, err = raiser(who, in.Unit); err != nil {
		return who, nil, route, err
	}
	if who, err = signoff.Direct(tx, who, in.Unit, PaperRaise, in.Field); err != nil {
		return who, nil, route, err
	}
	rb, route, err = in.check(tx)
	return who, rb, route, err
}

// raiser is the commune in whose name the actor raises: the one asked for when he
// holds a post in it, else the first of his units that is a commune.
func raiser(who org.Actor, asked org.UnitID) (org.UnitID, error) {
	if asked != "" {
		if !who.In(asked) {
			return "", fault.Refuse(fault.Denied, "Anh/chị không giữ chức danh nào ở đơn vị này.")
		}
		return asked, nil
	}
	if who.Post.Unit != "" {
		return who.Post.Unit, nil
	}
	if len(who.Posts) == 0 {
		return "", fault.Refuse(fault.Denied, "Anh/chị chưa được giao chức danh ở đơn vị nào.")
	}
	return who.Posts[0].Unit, nil
}

// arrive makes a released petition known to the unit it goes to: parties, event,
// duty and notice. The caller writes the petition's row.
func (p *Petition) arrive(tx *db.Tx, who org.Actor, signed signature, in Raise, route regulation.Route, number signoff.Entry, paper string) error {
	if in.at.IsZero() {
		in.at = tx.Now
	}
	p.Round, p.RaisedAt, p.ArrivedAt, p.MetOn = 1, in.at, in.at, in.MetOn
	p.Number, p.Symbol, p.IssuedOn = number.Number, number.Symbol, number.IssuedOn.String()
	p.Tried = in.Tried != nil && *in.Tried != ""
	if route.Hole {
		p.Contested, p.Hole = true, clauseList(route.Clauses)
	}
	body := Body{Text: in.Text, Basis: in.Basis, Proposal: in.Proposal}
	if in.Tried != nil {
		body.Tried = *in.Tried
	}
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	err = casefile.Join(tx, p.ID, casefile.Party{Unit: in.Unit, Function: access.Raiser}, casefile.Party{Unit: route.Unit, Function: access.Lead})
	if err != nil {
		return err
	}
	raised := casefile.Pairs(append(signed.pairs(),
		"code", p.Code, "field", p.Field, "lead", string(route.Unit), "number", number.Symbol, "issued_on", number.IssuedOn.String(), "met_on", in.MetOn,
		"hole", p.Hole)...)
	p.RaisedN, err = casefile.Record(tx, p.Case, casefile.Event{Kind: "petition.raised", By: who, OccurredAt: in.at, Text: string(text), Facts: raised},
		"PT06/D5.K2.d-3", "PT06/D5.K2.e", "PT06/D5.K2.f-3")
	if err != nil {
		return err
	}
	if err := attach(tx, who, p.ID, p.RaisedN, paper, in.Files); err != nil {
		return err
	}
	if route.Hole {
		return p.askOffice(tx, route.Unit)
	}
	return p.armAnswer(tx, route.Unit, in.at)
}

// The row of a new petition beside its case.
func (p *Petition) insert(tx *db.Tx) error {
	return tx.Put(`
		INSERT INTO petition (case_id, raised_n, round, hops, contested, hole, tried, met_on, raised_at, arrived_at, number, symbol, issued_on)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		string(p.ID), p.RaisedN, p.Round, p.Hops, p.Contested, p.Hole, p.Tried, p.MetOn, p.RaisedAt, p.ArrivedAt, p.Number, p.Symbol, p.IssuedOn)
}
