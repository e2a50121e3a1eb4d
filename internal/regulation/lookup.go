package regulation

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"lienthong/internal/fault"
	"lienthong/internal/workday"
)

// everyCommune is the id of agencies.csv that stands for any commune or ward, and
// requested the group of the units that are asked and not bound.
const (
	everyCommune = "ubnd-cap-xa"
	requested    = "requested"
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

// Rule finds the rule of key for a unit and a field at an instant: the nearest unit
// first, then the nearest field, then the profile's order (texts in force, settings,
// models). field may be empty. Rules that say otherwise come with it in Disagree.
//
// A key switched off is fault.Denied with the profile's reason; a rule not yet in force
// on that day is fault.Invalid with the day it begins; none at all is fault.NotFound.
func (rb *Rulebook) Rule(key string, at time.Time, unit UnitID, field string) (Applied, error) {
	all, err := rb.find(key, dayOf(at), unit, field)
	if err != nil {
		return Applied{}, err
	}
	first := rb.applied(all[0], unit, dayOf(at))
	if rb.shape(key).Many {
		return first, nil
	}
	for _, b := range all[1:] {
		if !all[0].same(b) {
			first.Disagree = append(first.Disagree, rb.applied(b, unit, dayOf(at)))
		}
	}
	return first, nil
}

// Rules returns every rule of key for a unit, in the order of Rule: for keys whose
// rules stand side by side. The errors are those of Rule.
func (rb *Rulebook) Rules(key string, at time.Time, unit UnitID, field string) ([]Applied, error) {
	all, err := rb.find(key, dayOf(at), unit, field)
	if err != nil {
		return nil, err
	}
	list := make([]Applied, len(all))
	for i, b := range all {
		list[i] = rb.applied(b, unit, dayOf(at))
	}
	return list, nil
}

// find returns the bindings that hold, best first, at least one.
func (rb *Rulebook) find(key, day string, unit UnitID, field string) ([]*binding, error) {
	if why, off := rb.off[key]; off {
		return nil, fault.Refuse(fault.Denied, "Quy định này không áp dụng ở đây: %s.", why)
	}
	type hit struct {
		b           *binding
		unit, field int
	}
	var hits []hit
	units, fields := rb.chain(unit), rb.above(field)
	begins := ""
	for _, b := range rb.byKey[key] {
		u, f := distance(b.Units, units), distance(b.Fields, fields)
		if u < 0 || f < 0 || (b.To != "" && day >= b.To) {
			continue
		}
		if day < b.From {
			if begins == "" || b.From < begins {
				begins = b.From
			}
			continue
		}
		hits = append(hits, hit{b, u, f})
	}
	if len(hits) == 0 {
		return nil, rb.none(key, day, begins)
	}
	slices.SortFunc(hits, func(x, y hit) int {
		return cmp.Or(cmp.Compare(x.unit, y.unit), cmp.Compare(x.field, y.field), cmp.Compare(x.b.order, y.b.order))
	})
	all := make([]*binding, len(hits))
	for i, h := range hits {
		all[i] = h.b
	}
	return all, nil
}

// none explains why no rule holds.
func (rb *Rulebook) none(key, day, begins string) error {
	if begins != "" {
		d, err := workday.ParseDate(begins)
		if err != nil {
			return err
		}
		on, err := workday.ParseDate(day)
		if err != nil {
			return err
		}
		return fault.Refuse(fault.Invalid, "Quy định có hiệu lực từ ngày %s, chưa áp dụng cho ngày %s.", d.Long(), on.Long())
	}
	return fault.Refuse(fault.NotFound, "Quy chế chưa nêu quy định cho việc này (%s).", key)
}

// distance says how near a scope is to a chain that runs from near to far: the first
// link the scope names, past the end for a scope that names nothing, -1 for no match.
func distance(scope, chain []string) int {
	if len(scope) == 0 {
		return len(chain)
	}
	for i, link := range chain {
		if slices.Contains(scope, link) {
			return i
		}
	}
	return -1
}

// chain lists what a rule may call a unit, nearest first: its id, its groups, and then
// the same of the unit above it. A body of a commune ("24000.phong-kinh-te-xa") is also
// called by its kind, a commune ("24000") by ubnd-cap-xa, a section ("so-y-te/nv") by
// its department.
func (rb *Rulebook) chain(unit UnitID) []string {
	if unit == "" {
		return nil
	}
	var all []string
	asked := false
	for id := string(unit); id != ""; {
		all = append(all, id)
		all = append(all, rb.groups[UnitID(id)]...)
		asked = asked || rb.asked[UnitID(id)]
		above := ""
		if i := strings.LastIndexAny(id, "./"); i >= 0 {
			above = id[:i]
			if kind := id[i+1:]; id[i] == '.' {
				all = append(all, kind)
				all = append(all, rb.groups[UnitID(kind)]...)
				asked = asked || rb.asked[UnitID(kind)]
			}
		} else if _, err := strconv.Atoi(id); err == nil {
			all = append(all, everyCommune)
			all = append(all, rb.groups[everyCommune]...)
		}
		if asked {
			break // a vertical body in a commune does not stand below the commune
		}
		id = above
	}
	if asked {
		all = append(all, requested)
	}
	return all
}

// above lists a field and the fields it is part of, nearest first.
func (rb *Rulebook) above(field string) []string {
	var all []string
	for field != "" && len(all) < 8 {
		all = append(all, field)
		f := rb.fields[field]
		if f == nil {
			break
		}
		field = f.Parent
	}
	return all
}

// Binds says whether rules bind a unit. It is false for vertical bodies and companies,
// to whom everything is a request (đề nghị).
func (rb *Rulebook) Binds(unit UnitID) bool {
	chain := rb.chain(unit)
	return len(chain) == 0 || chain[len(chain)-1] != requested
}

func (rb *Rulebook) applied(b *binding, unit UnitID, day string) Applied {
	d := rb.book.Decision
	return Applied{
		Key: b.Key, Regulation: b.Regulation, Clauses: b.Clauses, Note: b.Note,
		Model:   b.Model && (d == nil || day < d.Date),
		Request: !rb.Binds(unit),
		rb:      rb, b: b, day: day,
	}
}

// same says whether two bindings give the same values.
func (b *binding) same(c *binding) bool {
	return maps.EqualFunc(b.Params, c.Params, func(v, w Value) bool { return slices.Equal(v.Values, w.Values) })
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
		return "theo mẫu, chưa có hiệu lực ở tỉnh này: " + a.rb.Citation(a.Clauses[0])
	case a.b.Model:
		d := a.rb.book.Decision
		return "Quyết định " + d.Number + " (theo mẫu: " + a.rb.Citation(a.Clauses[0]) + ")"
	}
	return a.rb.Citation(a.Clauses[0])
}

func (a Applied) value(param string) (Value, bool) {
	if a.b == nil {
		return Value{}, false
	}
	v, ok := a.b.Params[param]
	return v, ok
}
