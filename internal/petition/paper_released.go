package petition

import (
	"encoding/json"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/signoff"
)

// raiseReleased turns the released draft into a petition that a department owes an
// answer to, under the rulebook of the day of release.
func raiseReleased(tx *db.Tx, who org.Actor, c *casefile.Case, x *signoff.Paper, body string) error {
	p, err := of(tx, c)
	if err != nil {
		return err
	}
	var d raiseDraft
	if err := json.Unmarshal([]byte(body), &d); err != nil {
		return err
	}
	in := d.raise(c.Raiser, x.Title)
	rb, route, err := in.check(tx)
	if err != nil {
		return err
	}
	c.State, c.Scope, c.Rulebook, c.Field, c.Lead, c.Title = Received, Scope, rb.Hash(), in.Field, route.Unit, x.Title
	if err := p.arrive(tx, who, signatureOf(x), in, route, numberOf(x), string(x.ID)); err != nil {
		return err
	}
	if err := release(tx, string(x.ID), p.RaisedN); err != nil {
		return err
	}
	return p.update(tx)
}

// The released paper becomes the answer: its signer, its number, its day. From here the duty is met.
func answerReleased(tx *db.Tx, who org.Actor, c *casefile.Case, x *signoff.Paper, body string) error {
	p, err := of(tx, c)
	if err != nil {
		return err
	}
	var in Reply
	if err := json.Unmarshal([]byte(body), &in); err != nil {
		return err
	}
	if err := in.check(tx); err != nil {
		return err
	}
	if x.Unit != p.Lead {
		return fault.Refuse(fault.Conflict, "Kiến nghị đã chuyển sang đơn vị khác trong lúc soạn trả lời.")
	}
	if err := p.answerable(); err != nil {
		return err
	}
	return p.answer(tx, who, signatureOf(x), in, numberOf(x), string(x.ID))
}

// The released paper becomes the explanation.
func explainReleased(tx *db.Tx, who org.Actor, c *casefile.Case, x *signoff.Paper, body string) error {
	p, err := of(tx, c)
	if err != nil {
		return err
	}
	var in Reply
	if err := json.Unmarshal([]byte(body), &in); err != nil {
		return err
	}
	return p.explained(tx, who, signatureOf(x), in.Text, string(x.ID))
}
