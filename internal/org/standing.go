package org

import (
	"slices"

	"lienthong/internal/workday"
)

// standing is all that an officer's reading follows from on one day.
type standing struct {
	officer OfficerID
	active  bool
	posts   []Post
	covered []OfficerID
	charges []Charge
}

// OfUnit is the reader key of a unit's people; OfOfficer of one officer; OfKind of the
// overseers of every case of a kind. case_reader rows hold the same keys.
func OfUnit(u UnitID) string { return "u:" + string(u) }

// OfOfficer is the reader key of what is addressed to one officer by name.
func OfOfficer(o OfficerID) string { return "o:" + string(o) }

// OfKind is the reader key of the overseers of every case of a kind ("petition").
func OfKind(kind string) string { return "k:" + kind }

// readers derives what an officer may read, sorted. A cover adds only what is addressed
// to the covered officer; a post of administrator oversees nothing; a leader reads his
// house, the head also the agencies below, a deputy those that his charge names.
func (d *directory) readers(s standing, over map[UnitID][]string, on workday.Date) []string {
	if !s.active {
		return nil
	}
	keys := []string{OfOfficer(s.officer)}
	for _, c := range s.covered {
		keys = append(keys, OfOfficer(c))
	}
	for _, p := range s.posts {
		if p.Role == Admin { // keeps the system, reads no matters
			continue
		}
		seen := append([]UnitID{p.Unit}, d.predecessors(p.Unit, on)...)
		if p.Section != "" {
			seen = append(append(seen, p.Section), d.predecessors(p.Section, on)...)
		}
		if p.Role == Leader {
			seen = append(seen, d.led(p, s.charges, on)...)
		}
		for _, u := range seen {
			keys = append(keys, OfUnit(u))
		}
		for _, kind := range slices.Concat(over[p.Unit], over[p.Section]) {
			keys = append(keys, OfKind(kind))
		}
	}
	if slices.ContainsFunc(s.posts, func(p Post) bool { return p.Role != Admin }) {
		keys = append(keys, Everyone)
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// Everyone is the key under which everybody reads who works in the matters of a unit: the
// scope of a case that was made for all of them (an approved answer of the bank).
const Everyone = "all"

// led returns the units below a leader's post.
func (d *directory) led(p Post, charges []Charge, on workday.Date) (all []UnitID) {
	for _, u := range d.house[p.Unit] {
		if u.Stands(on) && !u.Requested {
			all = append(all, u.ID)
		}
	}
	all = append(all, d.agenciesBelow(p.Unit, on)...)
	if !p.Deputy {
		return all
	}
	return slices.DeleteFunc(all, func(u UnitID) bool {
		if d.byID[u].Owner == p.Unit {
			return false
		}
		return !slices.ContainsFunc(charges, func(c Charge) bool {
			return c.Unit == p.Unit && (c.Whole || slices.Contains(c.Areas, u))
		})
	})
}

// agenciesBelow returns the agencies under unit, of any depth; requested bodies stand
// beside it, not below.
func (d *directory) agenciesBelow(unit UnitID, on workday.Date) (all []UnitID) {
	for _, u := range d.below[unit] {
		if u.Agency() && u.Stands(on) && !u.Requested {
			all = append(append(all, u.ID), d.agenciesBelow(u.ID, on)...)
		}
	}
	return all
}
