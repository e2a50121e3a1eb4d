package regulation

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

// FieldOf gives a field to a unit for a time, or declares it a hole (no unit). With
// AmendKey as its Rule it goes to whoever plays that rule's role: a point of the
// regulation itself that does not suit (PT06/D7.C).
type FieldOf struct {
	Field   string     `yaml:"field" json:"field"`
	Unit    UnitID     `yaml:"unit" json:"unit,omitempty"`
	Rule    string     `yaml:"rule" json:"rule,omitempty"` // AmendKey or empty; then Unit is empty
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
