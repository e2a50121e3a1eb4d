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
	Field string // whom to ask about it: see Directory
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
// units that owe one and have named nobody. With a field it answers "whom do I ask about
// it": the unit that the rulebook gives the field to comes first, its contact of that field
// before that of a wider one, of narrower ones and of everything; of other units only who is
// named for that field itself, for one above or below it.
func Directory(tx *db.Tx, f Filter) (all []Entry, silent []org.Unit, err error) {
	defer fault.Wrap(&err, "directory of contacts")
	d, err := open(tx, f)
	if err != nil {
		return nil, nil, err
	}
	points, err := org.Points(tx)
	if err != nil {
		return nil, nil, err
	}
	units, err := org.Units(tx, org.Filter{Level: org.LevelProvince})
	if err != nil {
		return nil, nil, err
	}
	for _, u := range units {
		rule, err := d.rb.Apply(tx, MustContact, u.ID, "")
		if k := fault.Kind(err); k == fault.NotFound || k == fault.Invalid {
			continue // no rule binds it today
		}
		if err != nil {
			return nil, nil, err
		}
		of := slices.DeleteFunc(slices.Clone(points), func(p org.Point) bool { return p.Unit != u.ID })
		if len(of) == 0 && d.owes(u) {
			silent = append(silent, u)
		}
		for _, p := range of {
			e := Entry{Point: p, UnitName: u.Name, FieldName: d.names[p.Field], Citation: rule.Basis()}
			if d.takes(e) {
				all = append(all, e)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(d.near(a), d.near(b)), cmp.Compare(vntext.Fold(a.UnitName), vntext.Fold(b.UnitName)), cmp.Compare(a.Field, b.Field))
	})
	return all, silent, nil
}

// Competent returns the unit to which the rulebook in force gives a field today; ok is false
// where it gives it to none.
func Competent(tx *db.Tx, field string) (r regulation.Route, ok bool, err error) {
	rb, err := regulation.Current(tx)
	if err != nil {
		return r, false, err
	}
	if r, err = rb.UnitFor(field, tx.Now); err != nil {
		if k := fault.Kind(err); k == fault.Invalid || k == fault.Denied || k == fault.NotFound {
			return r, false, nil
		}
		return r, false, err
	}
	return r, r.Unit != "", nil
}

// A directory is what the list is made with.
type directory struct {
	f     Filter
	rb    *regulation.Rulebook
	names map[string]string       // of fields
	given map[org.UnitID][]string // names of the fields that a unit is competent for
	whose org.UnitID              // competent for the field asked for; "" none
}

// open reads which unit is competent for what.
func open(tx *db.Tx, f Filter) (d *directory, err error) {
	d = &directory{f: f, names: map[string]string{}, given: map[org.UnitID][]string{}}
	if d.rb, err = regulation.Current(tx); err != nil {
		return nil, err
	}
	if on, why := d.rb.On(MustContact); !on {
		return nil, fault.Refuse(fault.Denied, "Quy chế đang áp dụng không có danh bạ đầu mối: %s.", why)
	}
	for _, x := range d.rb.Catalogue() {
		d.names[x.ID] = x.Name
		r, err := d.rb.UnitFor(x.ID, tx.Now)
		if err != nil {
			continue // a field that nobody has today
		}
		d.given[r.Unit] = append(d.given[r.Unit], x.Name)
		if x.ID == f.Field {
			d.whose = r.Unit
		}
	}
	return d, nil
}

// How near an entry is to the field asked for; farAway is not near it at all.
const farAway = 9

func (d *directory) near(e Entry) int {
	of := 0
	if d.whose != e.Unit {
		of = 4 // behind all of the competent unit
	}
	switch {
	case d.f.Field == "":
		return 0
	case e.Field == d.f.Field:
		return of
	case e.Field == "" && of == 0:
		return 3
	case e.Field == "":
		return farAway
	case strings.HasPrefix(d.f.Field, e.Field+"."):
		return of + 1
	case strings.HasPrefix(e.Field, d.f.Field+"."):
		return of + 2
	}
	return farAway
}

// takes says whether an entry fits: near the field, and every word of the text begins a word of
// its names. Who is there for everything is found by each field of his unit, not by two together.
func (d *directory) takes(e Entry) bool {
	if d.f.Unit != "" && e.Unit != d.f.Unit || d.near(e) == farAway {
		return false
	}
	about := []string{e.FieldName}
	if e.Field == "" {
		about = append(about, d.given[e.Unit]...)
	}
	words := strings.Fields(vntext.Fold(d.f.Text))
	return slices.ContainsFunc(about, func(field string) bool {
		have := " " + vntext.Fold(strings.Join([]string{e.UnitName, field, e.Name, e.DeputyName, e.StandInName}, " "))
		return !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(have, " "+word) })
	})
}

// owes says whether a unit without any contact belongs into the answer.
func (d *directory) owes(u org.Unit) bool {
	if d.f.Field != "" && d.whose != u.ID {
		return false
	}
	return d.takes(Entry{Point: org.Point{Contact: org.Contact{Unit: u.ID}}, UnitName: u.Name})
}
