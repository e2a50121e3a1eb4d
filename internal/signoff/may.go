package signoff

import (
	"errors"
	"fmt"
	"slices"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// Turn says whether the paper waits for this actor: for his draft, remark, signature or
// number. It is pure; every act asks the same.
func (p *Paper) Turn(who org.Actor) bool {
	_, ok := p.turn(who)
	return ok
}

// MayDraft says whether the actor may begin a paper of a kind in a unit, by its path.
func MayDraft(tx *db.Tx, who org.Actor, unit org.UnitID, kind string) (bool, error) {
	if !who.In(unit) {
		return false, nil
	}
	path, err := walk(tx, unit, kind)
	if err != nil {
		return false, err
	}
	_, err = drafter(who, unit, path)
	return err == nil, nil
}

// AtOnce says whether the actor may do all steps of a paper of a kind in one act (Direct).
func AtOnce(tx *db.Tx, who org.Actor, unit org.UnitID, kind, field string) (bool, error) {
	if !who.In(unit) {
		return false, nil
	}
	_, err := Direct(tx, who, unit, kind, field)
	if errors.Is(err, fault.Denied) {
		return false, nil
	}
	return err == nil, err
}

// MayRecall says whether the actor may take back a paper that nobody has acted on since
// he submitted it. The caller has the paper from Get.
func (p *Paper) MayRecall(tx *db.Tx, who org.Actor) (bool, error) {
	if p.State == Drafting || p.Waiting == "" || !who.In(p.Unit) {
		return false, nil
	}
	own := *p
	own.State, own.Waiting = Drafting, officerKey(p.DraftedBy)
	if _, ok := own.turn(who); !ok {
		return false, nil
	}
	last, err := p.lastMark(tx)
	return last == submitted, err
}

// MayHand says whether the actor may give the draft to another officer.
func (p *Paper) MayHand(who org.Actor) bool {
	_, err := p.overseer(who)
	return err == nil && p.State == Drafting
}

// A Choice is one capacity in which an officer might sign: it holds on Basis, or it does
// not because of Why.
type Choice struct {
	Capacity org.Capacity
	Basis    string
	Why      string
}

// Choices returns every capacity with what it rests on for this actor, this paper and
// this instant, or why it does not hold; those that hold first, the collective's before
// the head's own.
func (p *Paper) Choices(tx *db.Tx, who org.Actor, field string) (all []Choice, err error) {
	for _, c := range []org.Capacity{org.ForAll, org.Own, org.ForHead, org.Acting, org.ByOrder, org.Delegated} {
		basis, err := org.CheckSigning(tx, who.Officer, org.Signing{Unit: p.Unit, Capacity: c, Kind: p.Kind, Field: field, On: tx.Now})
		if err == nil {
			all = append(all, Choice{Capacity: c, Basis: basis})
			continue
		}
		r, ok := fault.Sentence(err)
		if !ok {
			return nil, err
		}
		all = append(all, Choice{Capacity: c, Why: r.Say})
	}
	slices.SortStableFunc(all, func(a, b Choice) int { return min(len(a.Why), 1) - min(len(b.Why), 1) })
	return all, nil
}

// NextSymbol is the number and symbol that the paper would get from the unit's own
// register now; another paper may take it first.
func (d Desk) NextSymbol(tx *db.Tx, p *Paper) (symbol string, err error) {
	k, err := d.kind(p.Kind)
	if err != nil {
		return "", err
	}
	e := Entry{Unit: p.Unit, Section: p.Section, Book: k.Book(), Code: k.Code}
	tail, err := e.tail(tx)
	if err != nil {
		return "", err
	}
	var n int64
	// system: a unit's own counter
	err = tx.One(`SELECT n FROM counter WHERE name = $1`, []any{e.counter(workday.Of(tx.Now).Year())}, &n)
	if err != nil && !errors.Is(err, fault.NotFound) {
		return "", err
	}
	return fmt.Sprintf("%02d%s", n+1, tail), nil
}
