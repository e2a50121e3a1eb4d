package regulation

import (
	"fmt"
	"strconv"

	"lienthong/internal/fault"
	"lienthong/internal/org"
)

// A ClauseID names a citable place: "PT06/D6.K2" (điều, khoản, điểm; "-2" is the
// second duty of the same place).
type ClauseID string

// Regulation returns the id of the regulation the clause stands in.
func (c ClauseID) Regulation() string {
	for i := range len(c) {
		if c[i] == '/' {
			return string(c[:i])
		}
	}
	return ""
}

// UnitID is org.UnitID: agencies.csv id, the code of a commune,
// or code + "." + id for a body of a commune.
type UnitID = org.UnitID

// A Clause is one duty of a regulation (điều, khoản): facts and a short wording.
type Clause struct {
	ID          ClauseID `json:"id"`
	Cite        string   `json:"cite"` // how to cite it in Vietnamese
	Actor       string   `json:"actor"`
	Counterpart string   `json:"counterpart"`
	Duty        string   `json:"duty"`     // short wording, not the sentence of the text
	Deadline    string   `json:"deadline"` // a token such as "P7WD after trigger", or "none"
	Area        string   `json:"area"`     // M01 … M18
	Operable    string   `json:"operable"` // yes, partly, no
	Breach      []string `json:"breach"`   // the clauses that carry the consequence
}

// CanOperate says whether software can carry the clause at all (yes or partly).
func (c *Clause) CanOperate() bool { return c.Operable == "yes" || c.Operable == "partly" }

// The kinds of a regulation.
const (
	KindLive  = "live"  // issued and in force where it was issued
	KindModel = "model" // issued as a model for others to issue their own
	KindDead  = "dead"  // of a level or time that is over
)

// A Regulation is one text (quy chế, quyết định, văn bản chỉ đạo) as data.
// Days are "2006-01-02"; From is the first day in force, To the first day no longer.
type Regulation struct {
	ID         string   `yaml:"id"`
	Number     string   `yaml:"number"`
	Name       string   `yaml:"name"`
	Issuer     string   `yaml:"issuer"`
	Territory  string   `yaml:"territory"` // a path: vn, vn/phu-tho, vn/thanh-hoa/tho-xuan
	Level      string   `yaml:"level"`
	Kind       string   `yaml:"kind"`
	Signed     string   `yaml:"signed"`
	From       string   `yaml:"from"`
	FromClause ClauseID `yaml:"from_clause"`
	To         string   `yaml:"to"`
	Source     string   `yaml:"source"`
	Note       string   `yaml:"note"`

	Clauses []Clause `yaml:"-"`
	Rules   []Rule   `yaml:"-"`
	Later   []Rule   `yaml:"-"` // rules compiled only once some slice declares their key
	Fields  []Field  `yaml:"-"` // the fields the text names, in its order
}

// A Field is one field (lĩnh vực) that a regulation names, or names as excluded.
type Field struct {
	ID     string   `json:"id"`
	Parent string   `json:"parent,omitempty"` // empty at the top
	Name   string   `json:"name"`
	Clause ClauseID `json:"clause"`
}

// A Rule binds a key to values, under the clauses that say so.
type Rule struct {
	Key     string           `yaml:"key"`
	Units   []string         `yaml:"units"`  // units or groups it names; empty: every unit that can be bound
	Fields  []string         `yaml:"fields"` // fields it names; empty: all
	Clauses []ClauseID       `yaml:"clauses"`
	Params  map[string]Value `yaml:"params"`
	From    string           `yaml:"from"` // narrower than the regulation's own dates
	To      string           `yaml:"to"`
	Note    string           `yaml:"note"`
}

// A Value is what a rule gives for one parameter: the words as written, the clause
// that says so where it differs from the rule's, and a note where the text is silent.
type Value struct {
	Values  []string   `json:"values"`
	Clauses []ClauseID `json:"clauses,omitempty"`
	Note    string     `json:"note,omitempty"`
}

// UnmarshalYAML reads a bare scalar or list, or {value, clauses, note}.
func (v *Value) UnmarshalYAML(unmarshal func(any) error) error {
	var raw any
	if err := unmarshal(&raw); err != nil {
		return err
	}
	m, ok := raw.(map[string]any)
	if !ok {
		values, err := words(raw)
		v.Values = values
		return err
	}
	for k, x := range m {
		list, err := words(x)
		if err != nil {
			return fmt.Errorf("%s: %w", k, err)
		}
		switch {
		case k == "value":
			v.Values = list
		case k == "clauses":
			v.Clauses = clauseIDs(list)
		case k == "note" && len(list) == 1:
			v.Note = list[0]
		default:
			return fmt.Errorf("unknown part %q of a value: %w", k, fault.Invalid)
		}
	}
	return nil
}

// words turns a YAML scalar or list into texts; a map or an empty value is refused.
func words(raw any) ([]string, error) {
	switch x := raw.(type) {
	case string:
		return []string{x}, nil
	case bool:
		return []string{strconv.FormatBool(x)}, nil
	case uint64:
		return []string{strconv.FormatUint(x, 10)}, nil
	case int64:
		return []string{strconv.FormatInt(x, 10)}, nil
	case []any:
		var all []string
		for _, e := range x {
			w, err := words(e)
			if err != nil {
				return nil, err
			}
			all = append(all, w...)
		}
		return all, nil
	}
	return nil, fmt.Errorf("value of type %T: %w", raw, fault.Invalid)
}

func clauseIDs(list []string) []ClauseID {
	ids := make([]ClauseID, len(list))
	for i, s := range list {
		ids[i] = ClauseID(s)
	}
	return ids
}

// How a profile takes a regulation.
const (
	AsLive  = "live"  // in force here, within its dates
	AsModel = "model" // its rules work, marked as a model, until the tenant's own decision
	AsShown = "shown" // its clauses can be read and cited; none of its rules works
)

// A Profile (cấu hình áp dụng) is the regulations of one tenant and who plays what.
type Profile struct {
	ID          string              `yaml:"id"`
	Name        string              `yaml:"name"`
	Territory   string              `yaml:"territory"`
	Model       bool                `yaml:"model"` // not of a real tenant until it enters its decision
	Decision    *Decision           `yaml:"decision"`
	Regulations []Taken             `yaml:"regulations"` // in order of precedence
	Groups      map[string][]string `yaml:"groups"`
	Requested   []string            `yaml:"requested"`
	Roles       []RoleOf            `yaml:"roles"`
	Settings    []Rule              `yaml:"settings"` // the tenant's own, where no clause speaks
	Off         []Off               `yaml:"off"`
	Catalogue   string              `yaml:"catalogue"` // the regulation whose list of fields is used; empty: none
	Fields      []FieldOf           `yaml:"fields"`
	Holes       []FieldOf           `yaml:"holes"`
	Overlaps    []Overlap           `yaml:"overlaps"`
}

// A Decision is the tenant's own act that makes a model its regulation.
type Decision struct {
	Number string `yaml:"number" json:"number"`
	Date   string `yaml:"date" json:"date"`
}

// Taken says how one regulation enters a profile.
type Taken struct {
	ID   string   `yaml:"id"`
	As   string   `yaml:"as"`
	From string   `yaml:"from"`
	To   string   `yaml:"to"`
	Take []string `yaml:"take"` // only these keys; empty: all
	Note string   `yaml:"note"`
}

// RoleOf maps a role to a unit for a time.
type RoleOf struct {
	Role    string     `yaml:"role" json:"role"`
	Unit    UnitID     `yaml:"unit" json:"unit"`
	Clauses []ClauseID `yaml:"clauses" json:"clauses,omitempty"`
	From    string     `yaml:"from" json:"from,omitempty"`
	To      string     `yaml:"to" json:"to,omitempty"`
	Note    string     `yaml:"note" json:"note,omitempty"`
}

// Off switches a key off in a tenant and says why.
type Off struct {
	Key string `yaml:"key" json:"key"`
	Why string `yaml:"why" json:"why"`
}

// FieldOf gives a field to a unit for a time, or declares it a hole (no unit).
type FieldOf struct {
	Field   string     `yaml:"field" json:"field"`
	Unit    UnitID     `yaml:"unit" json:"unit,omitempty"`
	Clauses []ClauseID `yaml:"clauses" json:"clauses,omitempty"`
	From    string     `yaml:"from" json:"from,omitempty"`
	To      string     `yaml:"to" json:"to,omitempty"`
	Note    string     `yaml:"note" json:"note,omitempty"`
}

// An Overlap lists fields that several clauses name for one matter.
type Overlap struct {
	Fields []string `yaml:"fields" json:"fields"`
	Note   string   `yaml:"note" json:"note"`
}
