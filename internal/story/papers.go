package story

import (
	"fmt"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/signoff"
	"lienthong/internal/workday"
)

// paper runs a step on the paper that the first argument names and says where it stands.
func paper(r *run, g given, step func(tx *db.Tx, who org.Actor, id signoff.ID) (*signoff.Paper, error)) (out string, err error) {
	id, err := r.id(g.at(0))
	if err != nil {
		return "", err
	}
	err = r.update(func(tx *db.Tx, who org.Actor) error {
		x, err := step(tx, who, signoff.ID(id))
		if err == nil {
			out = stands(x)
		}
		return err
	})
	return out, err
}

// What a story expects of a paper, one fact a line.
func stands(x *signoff.Paper) string {
	s := fmt.Sprintf("paper %s: %s", x.State, x.Where())
	if x.Signer != "" {
		s += fmt.Sprintf("\nsigned %s %s %s", x.Capacity, x.SignerTitle, x.SignerName)
	}
	if x.Symbol != "" {
		s += "\nnumber " + x.Symbol
	}
	return s
}

// draftRaise: draft KN-1 VB-1 'title' field=… – the case and its paper get labels.
func draftRaise(r *run, g given) (out string, err error) {
	in := given{plain: append([]string{g.at(0)}, g.plain[2:]...), named: g.named}
	err = r.update(func(tx *db.Tx, who org.Actor) error {
		p, x, err := petition.DraftRaise(tx, r.p.Desk, who, raiseInput(in))
		if err == nil {
			r.labels[g.at(0)], r.labels[g.at(1)] = string(p.ID), string(x.ID)
			out = stands(x)
		}
		return err
	})
	return out, err
}

// draftAnswer: draft-answer KN-1 VB-2 'text' [outcome=…]
func draftAnswer(r *run, g given) (string, error) {
	return drafted(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID, in petition.Reply) (*signoff.Paper, error) {
		return petition.DraftAnswer(tx, r.p.Desk, who, id, in)
	})
}

// draftExplanation: draft-explanation KN-1 VB-3 'text'
func draftExplanation(r *run, g given) (string, error) {
	return drafted(r, g, func(tx *db.Tx, who org.Actor, id casefile.ID, in petition.Reply) (*signoff.Paper, error) {
		return petition.DraftExplanation(tx, r.p.Desk, who, id, in)
	})
}

// Drafts an answer or an explanation and remembers it under the label that the story gave.
func drafted(r *run, g given, draft func(*db.Tx, org.Actor, casefile.ID, petition.Reply) (*signoff.Paper, error)) (out string, err error) {
	id, err := r.id(g.at(0))
	if err != nil {
		return "", err
	}
	in := reply(given{plain: append([]string{g.at(0)}, g.plain[2:]...), named: g.named})
	err = r.update(func(tx *db.Tx, who org.Actor) error {
		x, err := draft(tx, who, id, in)
		if err == nil {
			r.labels[g.at(1)], out = string(x.ID), stands(x)
		}
		return err
	})
	return out, err
}

// The story's word for a draft that goes up.
func submit(r *run, g given) (string, error) {
	return paper(r, g, func(tx *db.Tx, who org.Actor, id signoff.ID) (*signoff.Paper, error) {
		return r.p.Desk.Submit(tx, who, id, signoff.Step{Comment: g.at(1)})
	})
}

// The story's word for a look that agrees.
func review(r *run, g given) (string, error) {
	return paper(r, g, func(tx *db.Tx, who org.Actor, id signoff.ID) (*signoff.Paper, error) {
		return r.p.Desk.Review(tx, who, id, signoff.Step{Comment: g.at(1)}, nil)
	})
}

// The story's word for a paper that goes back.
func sendBack(r *run, g given) (string, error) {
	return paper(r, g, func(tx *db.Tx, who org.Actor, id signoff.ID) (*signoff.Paper, error) {
		return r.p.Desk.SendBack(tx, who, id, signoff.Step{Comment: g.at(1)})
	})
}

// sign: sign VB-1 [capacity=KT.]
func sign(r *run, g given) (string, error) {
	return paper(r, g, func(tx *db.Tx, who org.Actor, id signoff.ID) (*signoff.Paper, error) {
		return r.p.Desk.Sign(tx, who, id, signoff.Signature{Capacity: org.Capacity(g.named["capacity"]), Comment: g.at(1)})
	})
}

// release: release VB-1 [symbol=37/STP date=2026-02-11] – the number of the document
// system, else the unit's own register.
func release(r *run, g given) (string, error) {
	in := signoff.Issue{Outer: signoff.Outer{Symbol: g.named["symbol"]}}
	if day := g.named["date"]; day != "" {
		var err error
		if in.Outer.IssuedOn, err = workday.ParseDate(day); err != nil {
			return "", err
		}
	}
	return paper(r, g, func(tx *db.Tx, who org.Actor, id signoff.ID) (*signoff.Paper, error) {
		return r.p.Desk.Release(tx, who, id, in)
	})
}
