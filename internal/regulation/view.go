package regulation

import (
	"maps"
	"slices"
	"time"
)

// Resting returns the rules of the rulebook that rest on a clause and hold at an
// instant, in the rulebook's order: what the regulation viewer shows beside the clause.
// A rule's Request is false here: no unit was asked about.
func (rb *Rulebook) Resting(clause ClauseID, at time.Time) (all []Applied) {
	day := dayOf(at)
	for i := range rb.book.Bindings {
		b := &rb.book.Bindings[i]
		if slices.Contains(b.trace, string(clause)) && within(day, b.From, b.To) {
			all = append(all, rb.applied(b, "", day))
		}
	}
	return all
}

// Units returns the units and groups the rule names; none means every unit that can be
// bound.
func (a Applied) Units() []string {
	if a.b == nil {
		return nil
	}
	return a.b.Units
}

// Roles returns the roles of the tenant with their units and days.
func (rb *Rulebook) Roles() []RoleOf { return rb.book.Roles }

// Table returns the rows of the table of fields and the declared holes, all days.
func (rb *Rulebook) Table() (fields, holes []FieldOf) { return rb.book.Fields, rb.book.Holes }

// Named returns the units that the profile names, in roles, groups, requests and the table
// of fields, each once, sorted. Kinds of body inside a commune are among them.
func (rb *Rulebook) Named() []UnitID {
	all := map[UnitID]bool{}
	for _, units := range rb.book.Groups {
		for _, u := range units {
			all[UnitID(u)] = true
		}
	}
	for _, u := range rb.book.Requested {
		all[UnitID(u)] = true
	}
	for _, r := range rb.book.Roles {
		all[r.Unit] = true
	}
	for _, f := range rb.book.Fields {
		all[f.Unit] = true
	}
	delete(all, "")
	return slices.Sorted(maps.Keys(all))
}

// Off returns the keys switched off, with the reasons.
func (rb *Rulebook) Off() []Off { return rb.book.Off }

// Decision returns the tenant's own decision that turned its model into a regulation;
// nil when there is none.
func (rb *Rulebook) Decision() *Decision { return rb.book.Decision }

// Bound returns the rules of a key that hold at an instant, whichever unit they name, in
// the rulebook's order; none where the key is switched off or nothing is said. A rule's
// Request is false here: no unit was asked about.
func (rb *Rulebook) Bound(key string, at time.Time) (all []Applied) {
	if on, _ := rb.On(key); !on {
		return nil
	}
	day := dayOf(at)
	for _, b := range rb.byKey[key] {
		if within(day, b.From, b.To) {
			all = append(all, rb.applied(b, "", day))
		}
	}
	return all
}
