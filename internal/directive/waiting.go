package directive

import (
	"database/sql"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
)

// Waits are the directives that wait for one officer, in the order they came.
type Waits struct {
	Confirm []casefile.ID // to be compared with the document, by a desk officer
	Release []casefile.ID // confirmed, by the head of the section that confirmed or a leader
	Decide  []casefile.ID // with something that the document leaves open and the Office proposed
}

// mostWaiting bounds what is counted of each; a page says "ít nhất" beyond it.
const mostWaiting = 20

// Waiting returns the directives whose next step is this officer's. A directive owes nobody
// anything by an instant before it is released, so it has no duty and stands in no list of
// duties; without this only a notice would say that it waits. Who has no post in the units
// that the rules name gets nothing, and nothing is read for him.
func Waiting(tx *db.Tx, who org.Actor) (w Waits, err error) {
	defer fault.Wrap(&err, "directives that wait for %s", who.Officer)
	rb, err := regulation.Current(tx)
	if err != nil {
		return w, none(err)
	}
	desk, err := office(tx, rb)
	if err != nil {
		return w, none(err)
	}
	seen := map[string]bool{}
	for _, p := range who.Posts {
		key := string(p.Role) + " " + string(p.Unit)
		if p.Role == org.Head {
			key += " " + string(p.Section)
		}
		if p.Unit != desk || seen[key] {
			continue
		}
		seen[key] = true
		switch p.Role {
		case org.Desk:
			err = w.add(tx, &w.Confirm, who, Proposed, desk, "")
		case org.Head:
			err = w.add(tx, &w.Release, who, Confirmed, desk, p.Section)
		case org.Leader:
			err = w.add(tx, &w.Release, who, Confirmed, desk, "")
		}
		if err != nil {
			return w, err
		}
	}
	rule, ok, err := ruled(tx, rb, RulePropose, "", "")
	if err != nil || !ok {
		return w, err
	}
	return w, w.open(tx, who, rule.Role("decide").Unit)
}

// none takes the absence of a rule for "nothing waits": a profile may leave directives out.
func none(err error) error {
	if k := fault.Kind(err); k == fault.NotFound || k == fault.Denied || k == fault.Invalid {
		return nil
	}
	return err
}

// add puts the directives of a unit in one state into a list; section "" takes all.
func (w *Waits) add(tx *db.Tx, to *[]casefile.ID, who org.Actor, state string, unit, section org.UnitID) error {
	return tx.All(`SELECT c.id FROM casefile c JOIN directive d ON d.case_id = c.id
		WHERE c.kind = '`+CaseKind+`' AND c.state IN ('`+Proposed+`', '`+Confirmed+`') AND c.state = $1 AND c.raiser = $2
			AND ($3 = '' OR d.confirmed_section = '' OR d.confirmed_section = $3) AND `+access.Visible("c.id", "$4")+` ORDER BY c.id LIMIT $5`,
		[]any{state, string(unit), string(section), who.Reader(), mostWaiting}, func(r *sql.Rows) error {
			var id casefile.ID
			err := r.Scan(&id)
			*to = append(*to, id)
			return err
		})
}

// open looks for what the Office put before the leaders of a unit and they have not decided.
func (w *Waits) open(tx *db.Tx, who org.Actor, decider org.UnitID) error {
	var as org.Actor
	for _, p := range who.Posts {
		if p.Unit == decider && p.Role == org.Leader && as.Officer == "" {
			as = who.As(p)
		}
	}
	if as.Officer == "" {
		return nil
	}
	var all []casefile.ID
	err := tx.All(`SELECT c.id FROM casefile c WHERE c.kind = '`+CaseKind+`' AND c.state IN ('`+Proposed+`', '`+Confirmed+`') AND `+access.Visible("c.id", "$1")+`
			AND EXISTS (SELECT 1 FROM directive_proposal p WHERE p.case_id = c.id AND p.body LIKE '%"proposal":{%') ORDER BY c.id LIMIT $2`,
		[]any{who.Reader(), mostWaiting}, func(r *sql.Rows) error {
			var id casefile.ID
			err := r.Scan(&id)
			all = append(all, id)
			return err
		})
	if err != nil {
		return err
	}
	for _, id := range all {
		proposals, err := Proposals(tx, id)
		if err != nil {
			return err
		}
		for _, p := range standing(proposals) {
			if !p.Suggested() {
				continue
			}
			if err := inCharge(tx, as, p.Task.Field); fault.Kind(err) == fault.Denied {
				continue
			} else if err != nil {
				return err
			}
			w.Decide = append(w.Decide, id)
			break
		}
	}
	return nil
}

// Suggested says that the Office proposed an answer to what the document leaves open, and
// nobody has decided yet.
func (p *Proposal) Suggested() bool {
	return p.Task.Proposal != nil && (p.Task.LeadOpen || p.Task.Deadline == "" && p.Task.Recurrence == "")
}
