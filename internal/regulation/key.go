package regulation

// A Type says what values a parameter takes.
type Type string

// The types of parameters. None of them has a default in Go.
const (
	Limit      Type = "limit"      // a length of time: 7wd, 8wh, 15d, or "none" (không nêu hạn)
	Recurrence Type = "recurrence" // a day that comes again: weekly T6,by=12:00 (workday.ParseRecurrence)
	Duration   Type = "duration"   // a length of time that is never absent, such as "2wd before"
	Role       Type = "role"       // a role that the profile maps to a unit
	Unit       Type = "unit"       // a unit id
	Bool       Type = "bool"
	Enum       Type = "enum" // one of Param.Values
	Text       Type = "text"
	Number     Type = "number"
)

// A Param is one typed value that a rule of its key gives.
type Param struct {
	Name     string
	Type     Type
	Doc      string
	List     bool     // several values in order; at least one
	Optional bool     // a rule may leave it out; the slice says in Doc what that means
	Values   []string // for Enum: the words allowed
}

// A Key is something that a slice lets regulations decide (khoá quy định).
// The name is "slice.act", as in "petition.answer".
type Key struct {
	Name   string
	Doc    string
	Params []Param

	// Many says that rules of several regulations stand side by side (two overseers)
	// instead of disagreeing. Rules returns them all.
	Many bool
}

// RouteKey and AmendKey are the two keys of this package itself: where a field goes,
// and to whom one writes that the regulation should be changed.
const (
	RouteKey = "fields.route"
	AmendKey = "regulation.amend"
)

// Keys returns the keys that this package declares. cmd adds those of the slices.
func Keys() []Key {
	return []Key{
		{
			Name: RouteKey,
			Doc:  "which unit has a field; the table of fields itself stands in the profile",
			Params: []Param{
				{Name: "hole", Type: Role, Doc: "who receives a field that the text leaves to nobody"},
			},
		},
		{
			Name: AmendKey,
			Doc:  "who collects proposals to amend the regulation",
			Params: []Param{
				{Name: "role", Type: Role, Doc: "the collector"},
			},
			Many: true,
		},
	}
}

// param returns the parameter called name, or nil.
func (k *Key) param(name string) *Param {
	for i := range k.Params {
		if k.Params[i].Name == name {
			return &k.Params[i]
		}
	}
	return nil
}

// index maps keys by name; of two with one name the later wins, which Check reports.
func index(keys []Key) map[string]*Key {
	m := make(map[string]*Key, len(keys))
	for i := range keys {
		m[keys[i].Name] = &keys[i]
	}
	return m
}
