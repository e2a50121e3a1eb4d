package regulation

import (
	"fmt"
	"slices"

	"lienthong/internal/workday"
)

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

// The shape of a key; nil for one this rulebook was compiled without.
func (rb *Rulebook) shape(key string) *keyShape {
	for i := range rb.book.Keys {
		if rb.book.Keys[i].Name == key {
			return &rb.book.Keys[i]
		}
	}
	return nil
}
