package petition

import (
	"errors"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
)

// A FieldChoice is one field a commune may choose, with who will get it.
type FieldChoice struct {
	ID      string
	Name    string
	Group   string // the field above it, itself for one at the top
	Unit    org.UnitID
	Clauses []string // citations in Vietnamese
	Hole    bool     // the text leaves it to nobody: the Office names the lead
	Note    string   // the mark of an interpretation
}

// FieldsFor returns the fields in which a unit may raise a petition, as Fields does.
func FieldsFor(tx *db.Tx, unit org.UnitID) (all []FieldChoice, err error) {
	rb, err := regulation.Current(tx)
	if err != nil {
		return nil, err
	}
	every, err := Fields(tx)
	for _, f := range every {
		if _, err := rb.Rule(MustRaise, tx.Now, unit, f.ID); err == nil && f.Unit != unit {
			all = append(all, f)
		}
	}
	return all, err
}

// Fields returns every field of today's rulebook that has somewhere to go, those of one
// group together, in the order of the catalogue.
func Fields(tx *db.Tx) (all []FieldChoice, err error) {
	rb, err := regulation.Current(tx)
	if err != nil {
		return nil, err
	}
	parent, name := map[string]string{}, map[string]string{}
	for _, f := range rb.Catalogue() {
		parent[f.ID], name[f.ID] = f.Parent, f.Name
	}
	top := func(id string) string {
		for parent[id] != "" {
			id = parent[id]
		}
		return id
	}
	for _, f := range rb.Catalogue() {
		r, err := rb.UnitFor(f.ID, tx.Now)
		if errors.Is(err, fault.Invalid) {
			continue // nobody has it today
		}
		if err != nil {
			return nil, err
		}
		c := FieldChoice{ID: f.ID, Name: f.Name, Group: name[top(f.ID)], Unit: r.Unit, Hole: r.Hole, Note: r.Note}
		for _, id := range r.Clauses {
			c.Clauses = append(c.Clauses, rb.Citation(id))
		}
		all = append(all, c)
	}
	return all, nil
}

// FieldName returns a field's name as its rulebook has it, the field above it first:
// "Tư pháp › hộ tịch".
func FieldName(rb *regulation.Rulebook, id string) string {
	for _, f := range rb.Catalogue() {
		if f.ID != id {
			continue
		}
		if f.Parent == "" {
			return f.Name
		}
		return FieldName(rb, f.Parent) + " › " + f.Name
	}
	return id
}

// TriedRule says whether a unit's form demands what it already tried, and the clause.
func TriedRule(tx *db.Tx, unit org.UnitID) (demanded bool, cite string, err error) {
	rb, err := regulation.Current(tx)
	if err != nil {
		return false, "", err
	}
	rule, err := rb.Rule(MustRaise, tx.Now, unit, "")
	if err != nil {
		if k := fault.Kind(err); k == fault.NotFound || k == fault.Denied {
			return false, "", nil // no rule asks this unit
		}
		return false, "", err
	}
	if c := rule.ClausesOf("tried"); len(c) > 0 {
		cite = rb.Citation(c[0])
	}
	return rule.Bool("tried"), cite, nil
}
