package petition

import (
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/signoff"
)

// A Given is a released answer as it stands in the history of the petition it was given
// on, to be given on others that ask the same.
type Given struct {
	Unit   org.UnitID
	Reply  Reply
	Number signoff.Entry
	By     org.Actor // who released it
	Event  int64     // on the petition it was first given on
	signed signature
}

// GivenIn reads back the answer of one round of a petition. A round without an answer, or
// one whose text was taken out of reach, is fault.NotFound.
func GivenIn(tx *db.Tx, id casefile.ID, round int64) (g *Given, err error) {
	defer fault.Wrap(&err, "answer %d of petition %s", round, id)
	answers, err := Answers(tx, id)
	if err != nil {
		return nil, err
	}
	for _, a := range answers {
		if a.Round == round {
			return given(tx, id, a)
		}
	}
	return nil, fault.NotFound
}

// The answer with its text for the petitions of a group; it is read as the system, since members differ in
// who may read.
func given(tx *db.Tx, id casefile.ID, a Answer) (*Given, error) {
	who := org.System("group")
	events, err := casefile.History(tx, who, id, 1000)
	if err != nil {
		return nil, err
	}
	for _, e := range events {
		if e.N != a.EventN || e.Text == "" {
			continue
		}
		g := &Given{Unit: a.Unit, By: e.By, Event: e.N, signed: signature{officer: a.Signer, name: e.Facts["signer_name"], title: e.Facts["signer_title"], capacity: a.Capacity, issuer: org.UnitID(e.Facts["issuer"])},
			Number: signoff.Entry{Unit: a.Unit, Number: a.Number, Symbol: a.Symbol},
			Reply: Reply{Text: e.Text, Outcome: a.Outcome, Basis: e.Facts["basis"], Guidance: a.Guidance, ReferredTo: a.ReferredTo, Competent: a.Competent,
				at: a.AnsweredAt}}
		if g.Number.IssuedOn, err = day(a.IssuedOn); err != nil {
			return nil, err
		}
		if err := g.promises(tx, id); err != nil {
			return nil, err
		}
		g.Reply.Files, err = filesOf(tx, id, e.N)
		return g, err
	}
	return nil, fault.NotFound
}

// promises reads the day that the lead set for its next report.
func (g *Given) promises(tx *db.Tx, id casefile.ID) error {
	open, err := openOf(tx, id, MustReport)
	for _, d := range open {
		if !d.DueOn.IsZero() {
			g.Reply.NextReport = d.DueOn.String()
		}
	}
	return err
}

// filesOf are the files of one event, as rows that another case can have too.
func filesOf(tx *db.Tx, id casefile.ID, n int64) (files []casefile.Document, err error) {
	all, err := casefile.Documents(tx, org.System("group"), id)
	for _, d := range all {
		if d.EventN == n && !d.Sealed {
			files = append(files, casefile.Document{Name: d.Name, MediaType: d.MediaType, Size: d.Size, Hash: d.Hash, Scan: d.Scan,
				Number: d.Number, Issuer: d.Issuer, IssuedOn: d.IssuedOn, OuterID: d.OuterID})
		}
	}
	return files, err
}

// AnswerAlike gives a petition the answer that its lead released on another one that asks
// the same: its own event, notice and word of the commune, and its own duty met at the
// instant of that release. Who may release was asked there. A petition that another unit
// leads meanwhile, or that is answered or given back, is a fault.Conflict.
func AnswerAlike(tx *db.Tx, id casefile.ID, g *Given) (p *Petition, err error) {
	defer fault.Wrap(&err, "answer petition %s alike", id)
	p, err = lock(tx, org.System("group"), id, 0)
	if err != nil {
		return nil, err
	}
	if p.Lead != g.Unit {
		return nil, fault.Refuse(fault.Conflict, "Kiến nghị đã do đơn vị khác chủ trì.")
	}
	if err := p.answerable(); err != nil {
		return nil, err
	}
	in := g.Reply
	if in.at.Before(p.ArrivedAt) { // it came to the lead after the release: not before it was there
		in.at = p.ArrivedAt
	}
	return p, p.answer(tx, g.By, g.signed, in, g.Number, "")
}

// HoldQuietly holds a petition without giving it a new version: for what shows its parties
// nothing new, such as its place in a group.
func HoldQuietly(tx *db.Tx, who org.Actor, id casefile.ID) (*Petition, error) {
	c, err := casefile.LockQuiet(tx, who, id)
	if err != nil {
		return nil, err
	}
	return of(tx, c)
}

// LastRound is the round of a petition's newest answer, 0 before any.
func LastRound(tx *db.Tx, id casefile.ID) (n int64, err error) {
	all, err := Answers(tx, id)
	if len(all) > 0 {
		n = all[len(all)-1].Round
	}
	return n, err
}
