package regulation

import (
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
	Cite        string   `json:"cite"`            // how to cite it in Vietnamese
	Short       string   `json:"short,omitempty"` // the same for lists: "khoản 2 Điều 6 QĐ 06/2026"
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
	Short      string   `yaml:"short"`    // how lists name the text: "QĐ 06/2026"; empty: as it is cited
	CitedAs    []string `yaml:"cited_as"` // the ways in which its clauses' citations end; Short stands in their place
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

	// Shown says of a clause that asks for an attitude ("kịp thời", "chủ động") what of it
	// can be observed in the program: no rule can bind it and no story prove it whole.
	Shown map[ClauseID]string `yaml:"-"`
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
	Toward  []string         `yaml:"toward"` // units or groups to whom it is owed; empty: whoever it is
	Fields  []string         `yaml:"fields"` // fields it names; empty: all
	Clauses []ClauseID       `yaml:"clauses"`
	Params  map[string]Value `yaml:"params"`
	From    string           `yaml:"from"` // narrower than the regulation's own dates
	To      string           `yaml:"to"`
	Note    string           `yaml:"note"`
}
