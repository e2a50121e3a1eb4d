package petition

import (
	"errors"

	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/signoff"
)

// Writes the answer of a round. A second one to the same round is refused by the key, even when two
// officers send at once.
func (p *Petition) keepAnswer(tx *db.Tx, signed signature, in Reply, number signoff.Entry, n int64, paper string) error {
	_, err := tx.Exec(`
		INSERT INTO petition_answer (case_id, round, unit, outcome, event_n, paper_id, guidance, number, symbol, issued_on, signer, capacity,
			referred_to, competent, answered_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		string(p.ID), p.Round, string(p.Lead), string(in.Outcome), n, paper, in.Guidance, number.Number, number.Symbol, number.IssuedOn.String(),
		string(signed.officer), string(signed.capacity), in.ReferredTo, string(in.Competent), in.at)
	if errors.Is(err, fault.Conflict) {
		return fault.Refuse(fault.Conflict, "Kiến nghị đã được trả lời lần %d.", p.Round)
	}
	return err
}

// endOthers ends what was owed only so that the answer could be given: the parts
// still asked for, the commune's answers to questions, the Office's word on who leads where
// the holder answered without waiting for it, and what overseers were to decide about its
// lateness. A lead may ask before it directs, so the state tells nothing.
func (p *Petition) endOthers(tx *db.Tx) error {
	all, err := duty.OfCase(tx, p.ID)
	if err != nil {
		return err
	}
	for _, d := range all {
		if !d.EndedAt.IsZero() {
			continue
		}
		switch d.Rule {
		case MustContribute, MustOversee, MustClarify, MustAssign:
			if _, err := duty.Waive(tx, d.Key, "đơn vị chủ trì đã trả lời"); err != nil {
				return err
			}
		}
	}
	if p.Contested {
		p.Contested = false
		return p.update(tx)
	}
	return nil
}

// armAfterAnswer makes the commune owe its word on the answer and, where the matter
// stays open, the lead its next report, dated only if the lead dated it.
func (p *Petition) armAfterAnswer(tx *db.Tx, in Reply) error {
	rb, err := p.rulebook(tx)
	if err != nil {
		return err
	}
	rule, err := rb.Apply(tx, MustSettle, p.Raiser, p.Field)
	if err != nil {
		return err
	}
	_, err = duty.Arm(tx, duty.New{
		Key:         duty.Key{Case: p.ID, Rule: MustSettle, Owner: p.Raiser, Round: p.Round},
		Counterpart: p.Lead, Field: p.Field, Limits: limitsOf(rule),
	})
	if err != nil || !in.Outcome.open() {
		return err
	}
	return p.armReport(tx, in.NextReport)
}
