package petition

import (
	"strings"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/workday"
)

// armAnswer makes the lead owe the answer, counted from an instant, as the case's own
// rulebook says, and tells the lead's clerk that it has arrived.
func (p *Petition) armAnswer(tx *db.Tx, lead org.UnitID, from time.Time) error {
	rb, err := p.rulebook(tx)
	if err != nil {
		return err
	}
	rule, err := rb.ApplyToward(tx, MustAnswer, lead, p.Raiser, p.Field)
	if err != nil {
		return err
	}
	reminders, err := remindersOf(tx, rb, lead, p.Field)
	if err != nil {
		return err
	}
	round, err := p.answerRound(tx, lead)
	if err != nil {
		return err
	}
	_, err = duty.Arm(tx, duty.New{
		Key:         duty.Key{Case: p.ID, Rule: MustAnswer, Owner: lead, Round: round},
		Counterpart: p.Raiser, Field: p.Field, Request: rule.Request, From: from, Limits: limitsOf(rule), Reminders: reminders,
	})
	if err != nil {
		return err
	}
	return notice.Tell(tx, notice.Note{Unit: lead, Case: p.ID, Kind: "petition.arrived"})
}

// limitsOf returns the rule's limit with its clause; where two regulations disagree,
// both, and the earliest binds. A rule that states no time gives none.
func limitsOf(rule regulation.Applied) (all []duty.Limit) {
	for _, a := range append([]regulation.Applied{rule}, rule.Disagree...) {
		l := a.Limit("limit")
		if l.Unit == workday.None {
			continue
		}
		limit := duty.Limit{Basis: a.Basis(), Text: l.String()}
		if short := a.ShortBasis(); short != limit.Basis {
			limit.Short = short
		}
		if clauses := a.ClausesOf("limit"); len(clauses) > 0 {
			limit.Clause = string(clauses[0])
		}
		all = append(all, limit)
	}
	return all
}

// remindersOf returns the working days before the last day on which an owner is
// reminded; none where the office set none.
func remindersOf(tx *db.Tx, rb *regulation.Rulebook, unit org.UnitID, field string) (string, error) {
	rule, err := rb.Apply(tx, rulesRemind, unit, field)
	if err != nil {
		if kind := fault.Kind(err); kind == fault.NotFound || kind == fault.Denied {
			return "", nil // nobody set reminders, or they are switched off
		}
		return "", err
	}
	var days []string
	for _, l := range rule.Limits("before") {
		days = append(days, itoa(int64(l.N)))
	}
	return strings.Join(days, ","), nil
}
