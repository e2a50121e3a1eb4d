package petition

import (
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/direct"
	"lienthong/internal/duty"
	"lienthong/internal/notice"
	"lienthong/internal/org"
)

// answerMissed is what a missed answer causes: the history says so, and each overseer
// that the rule names has something to decide. What PT06 does not state - a report of
// breach - is not done.
func answerMissed(tx *db.Tx, c *casefile.Case, d *duty.Duty) error {
	p, err := of(tx, c)
	if err != nil {
		return err
	}
	overseers, err := p.overseers(tx, d.Owner)
	if err != nil {
		return err
	}
	n, err := missed(tx, p, d, "PT06/D7.K2", "PT1537/M4")
	if err != nil {
		return err
	}
	for _, u := range overseers { // the event's number: what is missed again is decided on again
		_, err := duty.Arm(tx, duty.New{Key: duty.Key{Case: p.ID, Rule: MustOversee, Owner: u, Round: n}, Counterpart: d.Owner, Field: p.Field})
		if err != nil {
			return err
		}
		if err := notice.Tell(tx, notice.Note{Unit: u, Case: p.ID, Kind: "petition.missed"}); err != nil {
			return err
		}
	}
	return nil
}

// missed records that a duty was missed and tells its owner's leaders.
func missed(tx *db.Tx, p *Petition, d *duty.Duty, clauses ...string) (n int64, err error) {
	n, err = casefile.Record(tx, p.Case, casefile.Event{Kind: "petition.missed", By: org.System("sweep"), Facts: casefile.Pairs(
		"rule", d.Rule, "owner", string(d.Owner), "due", db.FormatInstant(d.DueAt))}, clauses...)
	if err != nil {
		return 0, err
	}
	return n, notice.Tell(tx, notice.Note{Unit: d.Owner, Role: org.Leader, Case: p.ID, Kind: "petition.missed"})
}

// A missed report on what came of an answer.
func reportMissed(tx *db.Tx, c *casefile.Case, d *duty.Duty) error { return ownMissed(tx, c, d) }

// A missed part of a unit that was asked: the lead still owes the answer.
func partMissed(tx *db.Tx, c *casefile.Case, d *duty.Duty) error { return ownMissed(tx, c, d) }

// A missed explanation.
func explainMissed(tx *db.Tx, c *casefile.Case, d *duty.Duty) error { return ownMissed(tx, c, d) }

// ownMissed tells only the owner's own leaders: nobody above is named by a text for it.
func ownMissed(tx *db.Tx, c *casefile.Case, d *duty.Duty) error {
	p, err := of(tx, c)
	if err != nil {
		return err
	}
	_, err = missed(tx, p, d)
	return err
}

// answerRemind tells who must act that the last day comes near: whoever has the matter
// on his desk inside the unit; a unit that directed nobody is reminded like any other.
func answerRemind(tx *db.Tx, c *casefile.Case, d *duty.Duty) error {
	return direct.Remind(tx, c, d, "petition.due_soon")
}
