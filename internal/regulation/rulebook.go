package regulation

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

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

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// build makes the indexes that lookups use.
func build(bk book, b []byte) (*Rulebook, error) {
	rb := &Rulebook{
		book: bk, bytes: b, hash: hashOf(b),
		byKey: map[string][]*binding{}, groups: map[UnitID][]string{}, asked: map[UnitID]bool{},
		fields: map[string]*Field{}, clauses: map[ClauseID]*Clause{}, off: map[string]string{},
	}
	for i := range bk.Bindings {
		x := &bk.Bindings[i]
		x.order = i
		if err := x.prepare(rb.shape(x.Key)); err != nil {
			return nil, err
		}
		rb.byKey[x.Key] = append(rb.byKey[x.Key], x)
	}
	for name, units := range bk.Groups {
		for _, u := range units {
			rb.groups[UnitID(u)] = append(rb.groups[UnitID(u)], name)
		}
	}
	for _, names := range rb.groups {
		slices.Sort(names)
	}
	for _, u := range bk.Requested {
		rb.asked[UnitID(u)] = true
	}
	for i := range bk.Catalogue {
		rb.fields[bk.Catalogue[i].ID] = &bk.Catalogue[i]
	}
	for i := range bk.Clauses {
		rb.clauses[bk.Clauses[i].ID] = &bk.Clauses[i]
	}
	for _, o := range bk.Off {
		rb.off[o.Key] = o.Why
	}
	return rb, nil
}

// prepare parses the limits once, so that a lookup does not.
func (b *binding) prepare(shape *keyShape) error {
	if shape == nil {
		return fmt.Errorf("rule %s without its key", b.Key)
	}
	for _, c := range b.Clauses {
		b.trace = append(b.trace, string(c))
	}
	for _, name := range sortedKeys(b.Params) {
		v := b.Params[name]
		for _, c := range v.Clauses {
			if !slices.Contains(b.trace, string(c)) {
				b.trace = append(b.trace, string(c))
			}
		}
		if t := shape.Params[name]; t != Limit && t != Duration {
			continue
		}
		for _, s := range v.Values {
			l, err := workday.ParseLimit(s)
			if err != nil {
				return fmt.Errorf("rule %s, %s: %w", b.Key, name, err)
			}
			if b.limits == nil {
				b.limits = map[string][]workday.Limit{}
			}
			b.limits[name] = append(b.limits[name], l)
		}
	}
	return nil
}

func (rb *Rulebook) shape(key string) *keyShape {
	for i := range rb.book.Keys {
		if rb.book.Keys[i].Name == key {
			return &rb.book.Keys[i]
		}
	}
	return nil
}

// Hash returns the SHA-256 of the rulebook's bytes, in hexadecimal.
func (rb *Rulebook) Hash() string { return rb.hash }

// Bytes returns the canonical bytes; the caller does not change them.
func (rb *Rulebook) Bytes() []byte { return rb.bytes }

// Profile returns the id of the profile that was compiled.
func (rb *Rulebook) Profile() string { return rb.book.Profile }

// Name returns the tenant's name as the profile writes it.
func (rb *Rulebook) Name() string { return rb.book.Name }

// Broken says what Break did to it; empty for a rulebook of an office.
func (rb *Rulebook) Broken() string { return rb.book.Broken }

// Regulations returns the texts of the rulebook in order of precedence.
func (rb *Rulebook) Regulations() []InForce { return rb.book.Regulations }

// Clauses returns every clause of those texts, in their order.
func (rb *Rulebook) Clauses() []Clause { return rb.book.Clauses }

// Catalogue returns the fields of the tenant's list, parents before children.
func (rb *Rulebook) Catalogue() []Field { return rb.book.Catalogue }

// Keys returns the names of the keys the rulebook knows, switched off ones included.
func (rb *Rulebook) Keys() []string {
	names := make([]string, len(rb.book.Keys))
	for i, k := range rb.book.Keys {
		names[i] = k.Name
	}
	return names
}

// On says whether key is known here and not switched off; why is the profile's reason
// when it is off.
func (rb *Rulebook) On(key string) (on bool, why string) {
	why, off := rb.off[key]
	return !off && rb.shape(key) != nil, why
}

// Clause returns a clause of the rulebook; ok is false when none of its texts has it.
func (rb *Rulebook) Clause(id ClauseID) (c Clause, ok bool) {
	if p := rb.clauses[id]; p != nil {
		return *p, true
	}
	return Clause{}, false
}

// Citation says how a clause is cited in Vietnamese; an id that the rulebook does not
// have is given back as it is.
func (rb *Rulebook) Citation(id ClauseID) string {
	if c := rb.clauses[id]; c != nil {
		return c.Cite
	}
	return string(id)
}

// Role returns the unit that plays a role on the office's day of at; ok is false when
// the role maps to nobody then.
func (rb *Rulebook) Role(name string, at time.Time) (r RoleOf, ok bool) {
	return rb.roleOn(name, dayOf(at))
}

func (rb *Rulebook) roleOn(name, day string) (RoleOf, bool) {
	for _, r := range rb.book.Roles {
		if r.Role == name && within(day, r.From, r.To) {
			return r, true
		}
	}
	return RoleOf{}, false
}

// RolesOf returns the roles that a unit plays at an instant.
func (rb *Rulebook) RolesOf(unit UnitID, at time.Time) (names []string) {
	day := dayOf(at)
	for _, r := range rb.book.Roles {
		if r.Unit == unit && within(day, r.From, r.To) {
			names = append(names, r.Role)
		}
	}
	return names
}

// dayOf is the office's day of an instant as data writes it.
func dayOf(at time.Time) string { return workday.Of(at).String() }

// within says whether day lies in [from, to); an empty end is open.
func within(day, from, to string) bool {
	return (from == "" || day >= from) && (to == "" || day < to)
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
