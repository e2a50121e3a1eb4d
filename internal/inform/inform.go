// Package inform tells communes whom to ask (cung cấp thông tin, đầu mối): the directory of
// the contact points that departments name for their fields, with deputies and with who
// stands in while one is away.
//
// Who is the contact is set in package org by the unit itself; that a department owes its
// contacts to the communes is a rule, and the directory lists those whom it binds. A
// contact is named and reached; nobody is measured by it.
package inform

import (
	"cmp"
	"slices"
	"strings"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/vntext"
)

// MustContact is the rule that a department tells communes whom to contact in its fields.
const MustContact = "inform.contact"

// Keys are the rule keys that this package declares.
func Keys() []regulation.Key {
	return []regulation.Key{{Name: MustContact, Doc: "a department tells communes whom to contact in its fields", Params: []regulation.Param{
		{Name: "to", Type: regulation.Unit, Doc: "who is told: a unit, or ubnd-cap-xa for every commune"},
	}}}
}

// A Filter narrows the directory; its zero value is all of it.
type Filter struct {
	Unit  org.UnitID
	Field string // an id, or one that holds it
	Text  string // words in names of people, units and fields, with marks or without
}

// An Entry is one contact point.
type Entry struct {
	org.Point
	UnitName  string
	FieldName string // "" for any field of the unit
	Citation  string // the clause under which communes are told
}

// Directory returns the contact points whom a rule makes known, by unit and field, and the
// units that owe one and have named nobody.
func Directory(tx *db.Tx, f Filter) (all []Entry, silent []org.Unit, err error) {
	defer fault.Wrap(&err, "directory of contacts")
	rb, err := regulation.Current(tx)
	if err != nil {
		return nil, nil, err
	}
	if on, why := rb.On(MustContact); !on {
		return nil, nil, fault.Refuse(fault.Denied, "Quy chế đang áp dụng không có danh bạ đầu mối: %s.", why)
	}
	points, err := org.Points(tx)
	if err != nil {
		return nil, nil, err
	}
	units, err := org.Units(tx, org.Filter{Level: org.LevelProvince})
	if err != nil {
		return nil, nil, err
	}
	names := map[string]string{}
	for _, x := range rb.Catalogue() {
		names[x.ID] = x.Name
	}
	for _, u := range units {
		rule, err := rb.Apply(tx, MustContact, u.ID, "")
		if k := fault.Kind(err); k == fault.NotFound || k == fault.Invalid {
			continue // no rule binds it today
		}
		if err != nil {
			return nil, nil, err
		}
		of := slices.DeleteFunc(slices.Clone(points), func(p org.Point) bool { return p.Unit != u.ID })
		if len(of) == 0 && f.takesUnit(u) {
			silent = append(silent, u)
		}
		for _, p := range of {
			e := Entry{Point: p, UnitName: u.Name, FieldName: names[p.Field], Citation: rule.Basis()}
			if f.takes(e) {
				all = append(all, e)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(vntext.Fold(a.UnitName), vntext.Fold(b.UnitName)), cmp.Compare(a.Field, b.Field))
	})
	return all, silent, nil
}

// Whether an entry fits: the field or one above it, and every word of the text somewhere in the names.
func (f Filter) takes(e Entry) bool {
	if f.Unit != "" && e.Unit != f.Unit {
		return false
	}
	if f.Field != "" && e.Field != "" && f.Field != e.Field && !strings.HasPrefix(f.Field, e.Field+".") {
		return false
	}
	have := vntext.Fold(strings.Join([]string{e.UnitName, e.FieldName, e.Name, e.DeputyName, e.StandInName}, " "))
	for _, word := range strings.Fields(vntext.Fold(f.Text)) {
		if !strings.Contains(have, word) {
			return false
		}
	}
	return true
}

// takesUnit says whether a unit without any contact belongs into the answer.
func (f Filter) takesUnit(u org.Unit) bool {
	return f.Field == "" && f.takes(Entry{Point: org.Point{Contact: org.Contact{Unit: u.ID}}, UnitName: u.Name})
}
