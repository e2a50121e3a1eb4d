package story

import (
	"fmt"
	"strings"

	"lienthong/internal/bank"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// onBank runs an operation in the name of the present actor and says how the entry that
// it gives stands then.
func onBank(r *run, label string, op func(tx *db.Tx, who org.Actor) (*bank.Entry, error)) (out string, err error) {
	err = r.update(func(tx *db.Tx, who org.Actor) error {
		e, err := op(tx, who)
		if err != nil {
			return err
		}
		r.labels[label] = string(e.ID)
		out = fmt.Sprintf("entry %s, lead %s, basis %s\n", e.State, e.Lead, e.Basis)
		return nil
	})
	return out, err
}

// bankPropose: bank-propose GD-1 'question' 'answer' field=… [basis=… from=KN-1 replaces=GD-0]
func bankPropose(r *run, g given) (string, error) {
	in := bank.New{Question: g.at(1), Answer: g.at(2), Field: g.named["field"], Basis: g.named["basis"], Submit: true}
	for label, into := range map[string]*casefile.ID{g.named["from"]: &in.Source, g.named["replaces"]: &in.Replaces} {
		if label == "" {
			continue
		}
		id, err := r.id(label)
		if err != nil {
			return "", err
		}
		*into = id
	}
	return onBank(r, g.at(0), func(tx *db.Tx, who org.Actor) (*bank.Entry, error) { return bank.Propose(tx, who, in) })
}

// bankAct: bank-approve GD-1, bank-edit GD-1 'question' 'answer' basis=…, bank-return GD-1
// 'why', bank-retract GD-1 'why', bank-spare GD-1, bank-copy GD-1 KN-1.
func bankAct(act string) verb {
	return func(r *run, g given) (string, error) {
		id, err := r.id(g.at(0))
		if err != nil {
			return "", err
		}
		return onBank(r, g.at(0), func(tx *db.Tx, who org.Actor) (*bank.Entry, error) {
			switch act {
			case "approve":
				return bank.Approve(tx, who, id, bank.Approval{})
			case "edit":
				return bank.Edit(tx, who, id, bank.New{Question: g.at(1), Answer: g.at(2), Basis: g.named["basis"], Submit: true})
			case "return":
				return bank.GiveBack(tx, who, id, g.at(1), 0)
			case "retract":
				return bank.Retract(tx, who, id, g.at(1), 0)
			case "copy":
				into, err := r.id(g.at(1))
				if err != nil {
					return nil, err
				}
				return bank.Copy(tx, who, id, into)
			}
			return bank.Spare(tx, who, id)
		})
	}
}

// bankLike: bank-like 'what is being written' shows what was answered before.
func bankLike(r *run, g given) (string, error) {
	return r.tell(org.Actor{}, func(tx *db.Tx, who org.Actor, b *strings.Builder) error {
		entries, petitions, err := bank.Like(tx, who, g.at(0), g.named["field"], 3)
		fmt.Fprintf(b, "%d entries, %d petitions\n", len(entries), len(petitions))
		for _, l := range append(entries, petitions...) {
			fmt.Fprintf(b, "%s %s: %s", l.Code, l.Lead, l.Title)
			if l.Outdated {
				b.WriteString(" (may be outdated)")
			}
			b.WriteString("\n")
		}
		return err
	})
}

// endText: end-text 123/2015/NĐ-CP 2026-04-01 'by which text' [replaced=…]
func endText(r *run, g given) (string, error) {
	on, err := workday.ParseDate(g.at(1))
	if err != nil {
		return "", fault.Field("ended_on", "%s", err)
	}
	return "", r.update(func(tx *db.Tx, who org.Actor) error {
		return bank.EndText(tx, who, bank.Ended{Symbol: g.at(0), EndedOn: on, Source: g.at(2), ReplacedBy: g.named["replaced"]})
	})
}
