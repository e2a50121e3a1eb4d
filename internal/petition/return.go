package petition

import (
	"fmt"
	"slices"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
)

// A GiveBack returns a petition to the commune, on one of the rule's grounds.
type GiveBack struct {
	Ground  string
	Reason  string
	Version int64
}

// Return gives a petition back to the commune. It needs a ground that the rule
// names; "not our field" is none: that is a forwarding.
func Return(tx *db.Tx, who org.Actor, id casefile.ID, in GiveBack) (p *Petition, err error) {
	defer fault.Wrap(&err, "return petition %s", id)
	p, who, err = lockFor(tx, who, id, in.Version, actReturn)
	if err != nil {
		return nil, err
	}
	if err := p.answerable(); err != nil {
		return nil, err
	}
	rule, err := ReturnRule(tx, p)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(rule.List("grounds"), in.Ground) {
		return nil, fault.Field("ground", "Hãy chọn một căn cứ trả lại có trong danh mục; không thuộc lĩnh vực của đơn vị thì chuyển sang đơn vị khác.")
	}
	if in.Reason, err = reason(in.Reason, "Hãy giải thích cho xã vì sao trả lại và cần làm gì tiếp."); err != nil {
		return nil, err
	}
	if _, err := casefile.Record(tx, p.Case, casefile.Event{Kind: "petition.returned", By: who, Text: in.Reason, Facts: casefile.Pairs("ground", in.Ground)}); err != nil {
		return nil, err
	}
	for _, name := range []string{MustAnswer, MustAssign, MustContribute, MustOversee, MustClarify} {
		open, err := openOf(tx, p.ID, name)
		if err != nil {
			return nil, err
		}
		for _, d := range open {
			end := duty.Waive
			if d.Owner == p.Lead { // who gives back excuses nobody, himself least of all
				end = duty.GiveUp
			}
			if _, err := end(tx, d.Key, fmt.Sprintf("trả lại xã: %s", in.Ground)); err != nil {
				return nil, err
			}
		}
	}
	p.State, p.ClosedAt = Returned, tx.Now
	return p, notice.Tell(tx, notice.Note{Unit: p.Raiser, Case: p.ID, Kind: "petition.returned"})
}

// ReturnRule returns the rule with the grounds on which the lead may give a petition back.
func ReturnRule(tx *db.Tx, p *Petition) (regulation.Applied, error) {
	rb, err := p.rulebook(tx)
	if err != nil {
		return regulation.Applied{}, err
	}
	return rb.Apply(tx, rulesReturn, p.Lead, p.Field)
}
