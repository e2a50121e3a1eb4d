package regulation

import (
	"strconv"

	"lienthong/internal/workday"
)

// Applied is the rule found for one question, with everything a page needs to show it.
type Applied struct {
	Key        string
	Regulation string     // id of the text; empty for a setting of the tenant
	Clauses    []ClauseID // the clauses the rule itself rests on; none for a setting
	Note       string
	Model      bool      // "theo mẫu, chưa có hiệu lực ở tỉnh này": no legal basis, in no figure
	Request    bool      // the unit is asked (đề nghị), not bound: never late, in no figure
	Disagree   []Applied // other rules over the same unit that say otherwise, in order

	rb  *Rulebook
	b   *binding
	day string
}

// Has says whether the rule gives the parameter.
func (a Applied) Has(param string) bool {
	_, ok := a.value(param)
	return ok
}

// Limit returns a length of time; the zero Limit states none ("không nêu hạn"), also
// when the rule leaves the parameter out.
func (a Applied) Limit(param string) workday.Limit {
	if all := a.Limits(param); len(all) > 0 {
		return all[0]
	}
	return workday.Limit{}
}

// Limits returns the lengths of time of a list, in the rule's order.
func (a Applied) Limits(param string) []workday.Limit {
	if a.b == nil {
		return nil
	}
	return a.b.limits[param]
}

// Recurrences returns the recurrences of a parameter, in the rule's order; none when the
// rule leaves it out.
func (a Applied) Recurrences(param string) (all []workday.Recurrence) {
	for _, s := range a.List(param) {
		if r, err := workday.ParseRecurrence(s); err == nil { // Check refused what is none
			all = append(all, r)
		}
	}
	return all
}

// Bool returns a switch; false when the rule leaves it out.
func (a Applied) Bool(param string) bool { return a.Text(param) == "true" }

// Number returns a count; 0 when the rule leaves it out.
func (a Applied) Number(param string) int {
	n, _ := strconv.Atoi(a.Text(param)) // Check refused what is not a number
	return n
}

// Text returns a text or a word of an enumeration; empty when the rule leaves it out.
func (a Applied) Text(param string) string {
	if v, ok := a.value(param); ok && len(v.Values) > 0 {
		return v.Values[0]
	}
	return ""
}

// List returns the words of a list, in the rule's order.
func (a Applied) List(param string) []string {
	v, _ := a.value(param)
	return v.Values
}

// Role returns who plays the role that the parameter names, on the day of the lookup.
// The unit is empty when nobody does.
func (a Applied) Role(param string) RoleOf {
	if all := a.Roles(param); len(all) > 0 {
		return all[0]
	}
	return RoleOf{}
}

// Roles returns who plays the roles of a list, in the rule's order, without those that
// nobody plays on the day of the lookup.
func (a Applied) Roles(param string) (all []RoleOf) {
	for _, name := range a.List(param) {
		if r, ok := a.rb.roleOn(name, a.day); ok {
			all = append(all, r)
		}
	}
	return all
}

// Unit returns a unit that the rule names itself; empty when it leaves it out.
func (a Applied) Unit(param string) UnitID { return UnitID(a.Text(param)) }

// NoteOf returns the mark of a value that the text leaves open, empty where it does not.
func (a Applied) NoteOf(param string) string {
	v, _ := a.value(param)
	return v.Note
}

// ClausesOf returns the clauses that one parameter rests on: its own, else the rule's.
func (a Applied) ClausesOf(param string) []ClauseID {
	if v, ok := a.value(param); ok && len(v.Clauses) > 0 {
		return v.Clauses
	}
	return a.Clauses
}

// Params returns the names of the parameters the rule gives, sorted.
func (a Applied) Params() []string {
	if a.b == nil {
		return nil
	}
	return sortedKeys(a.b.Params)
}

// Trace returns every clause the rule rests on, parameters included, once each.
func (a Applied) Trace() []string {
	if a.b == nil {
		return nil
	}
	return a.b.trace
}

// Basis says in Vietnamese on what the rule rests: its first clause, the mark of a
// model, or that it is a setting of the office.
func (a Applied) Basis() string {
	switch {
	case a.Regulation == "" || len(a.Clauses) == 0:
		return "cài đặt của đơn vị"
	case a.Model:
		return modelMark + a.rb.Citation(a.Clauses[0])
	case a.b.Model:
		d := a.rb.book.Decision
		return "Quyết định " + d.Number + " (theo mẫu: " + a.rb.Citation(a.Clauses[0]) + ")"
	}
	return a.rb.Citation(a.Clauses[0])
}

// modelMark stands before what a model says where no own decision has taken it over.
const modelMark = "theo mẫu, chưa có hiệu lực ở tỉnh này: "

// ShortBasis is Basis as a list gives it. The mark of a model is never left out.
func (a Applied) ShortBasis() string {
	switch {
	case a.Regulation == "" || len(a.Clauses) == 0:
		return a.Basis()
	case a.Model:
		return modelMark + a.rb.ShortCitation(a.Clauses[0])
	case a.b.Model:
		return "Quyết định " + a.rb.book.Decision.Number
	}
	return a.rb.ShortCitation(a.Clauses[0])
}

// A value bound under a rule; an unbound rule has none, and then there is a hole.
func (a Applied) value(param string) (Value, bool) {
	if a.b == nil {
		return Value{}, false
	}
	v, ok := a.b.Params[param]
	return v, ok
}
