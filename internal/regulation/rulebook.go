package regulation

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"lienthong/internal/fault"
	"lienthong/internal/workday"
)

// format is the number of the shape of a rulebook's bytes. A new shape is a new
// number with its own reader beside the old one.
const format = 1

// A Rulebook is a compiled profile: immutable, safe for use by many goroutines, known
// by the hash of its bytes. A case keeps the hash it started under.
type Rulebook struct {
	book  book
	bytes []byte
	hash  string

	byKey   map[string][]*binding
	groups  map[UnitID][]string // the groups a unit stands in, in the order of names
	asked   map[UnitID]bool     // requested, never bound
	fields  map[string]*Field
	clauses map[ClauseID]*Clause
	off     map[string]string
}

// book is what the bytes of a rulebook hold, in a fixed order everywhere.
type book struct {
	Format      int                 `json:"format"`
	Profile     string              `json:"profile"`
	Name        string              `json:"name"`
	Territory   string              `json:"territory"`
	Decision    *Decision           `json:"decision,omitempty"`
	Regulations []InForce           `json:"regulations"`
	Keys        []keyShape          `json:"keys"`
	Off         []Off               `json:"off"`
	Bindings    []binding           `json:"bindings"`
	Roles       []RoleOf            `json:"roles"`
	Groups      map[string][]string `json:"groups"`
	Requested   []string            `json:"requested"`
	Catalogue   []Field             `json:"catalogue"`
	Fields      []FieldOf           `json:"fields"`
	Holes       []FieldOf           `json:"holes"`
	Overlaps    []Overlap           `json:"overlaps"`
	Clauses     []Clause            `json:"clauses"`
	Broken      string              `json:"broken,omitempty"` // set by Break: never in an office
}

// InForce is one regulation of a rulebook, as the tenant takes it.
type InForce struct {
	ID     string `json:"id"`
	Number string `json:"number"`
	Name   string `json:"name"`
	Issuer string `json:"issuer"`
	Signed string `json:"signed"`
	As     string `json:"as"` // live, model, shown
	From   string `json:"from,omitempty"`
	To     string `json:"to,omitempty"`
	Note   string `json:"note,omitempty"`
}

// The shape of a key inside a stored rulebook, so that an old one is read by a newer program.
type keyShape struct {
	Name   string          `json:"name"`
	Many   bool            `json:"many,omitempty"`
	Params map[string]Type `json:"params"`
}

// binding is one rule of the rulebook: the values of a key, for whom, where and when.
type binding struct {
	Key        string           `json:"key"`
	Regulation string           `json:"regulation"` // empty: a setting of the tenant
	Model      bool             `json:"model,omitempty"`
	Units      []string         `json:"units,omitempty"`
	Toward     []string         `json:"toward,omitempty"`
	Fields     []string         `json:"fields,omitempty"`
	From       string           `json:"from,omitempty"`
	To         string           `json:"to,omitempty"`
	Clauses    []ClauseID       `json:"clauses,omitempty"`
	Params     map[string]Value `json:"params,omitempty"`
	Note       string           `json:"note,omitempty"`

	order  int
	limits map[string][]workday.Limit
	trace  []string // every clause the binding rests on
}

// Decode reads the bytes of a rulebook and checks them against hash; a difference is
// an error without a kind: the store was changed behind our back.
func Decode(b []byte, hash string) (rb *Rulebook, err error) {
	defer fault.Wrap(&err, "decode rulebook %s", hash)
	if got := hashOf(b); got != hash {
		return nil, fmt.Errorf("bytes have hash %s", got)
	}
	var bk book
	if err := json.Unmarshal(b, &bk); err != nil {
		return nil, err
	}
	if bk.Format != format {
		return nil, fmt.Errorf("format %d is not known here", bk.Format)
	}
	return build(bk, b)
}

// seal encodes a book canonically and makes it a rulebook.
func seal(bk book) (*Rulebook, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(bk); err != nil {
		return nil, err
	}
	return build(bk, b.Bytes())
}

// The hash is the name of a rulebook: the same content is the same rulebook, wherever it was compiled.
func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Keys in order: what is hashed must not depend on the order of a map.
func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
