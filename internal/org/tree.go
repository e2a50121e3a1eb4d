package org

import (
	"lienthong/internal/db"
	"lienthong/internal/workday"
)

// Sections returns the sections of an agency, or the bodies of a commune, that stand
// today.
func Sections(tx *db.Tx, unit UnitID) (all []Unit, err error) {
	d, err := units(tx)
	if err != nil {
		return nil, err
	}
	on := today(tx)
	for _, u := range d.house[unit] {
		if u.Stands(on) {
			all = append(all, *u)
		}
	}
	return all, nil
}

// A Node is a unit with those directly below it.
type Node struct {
	Unit
	Below []Node
}

// Tree returns the units that stand today as they hang together, from the province
// down to sections.
func Tree(tx *db.Tx) (roots []Node, err error) {
	d, err := units(tx)
	if err != nil {
		return nil, err
	}
	on := today(tx)
	for _, u := range d.order {
		if u.Parent == "" && u.Stands(on) {
			roots = append(roots, d.node(u, on))
		}
	}
	return roots, nil
}

// The tree below a unit on one day.
func (d *directory) node(u *Unit, on workday.Date) Node {
	n := Node{Unit: *u}
	for _, b := range d.below[u.ID] {
		if b.Stands(on) {
			n.Below = append(n.Below, d.node(b, on))
		}
	}
	return n
}

// Successor follows mergers from unit to the one that stands for it today; a unit that
// was not merged is its own.
func Successor(tx *db.Tx, unit UnitID) (UnitID, error) {
	d, err := units(tx)
	if err != nil {
		return "", err
	}
	on := today(tx)
	for u := d.byID[unit]; u != nil && u.MergedInto != "" && !u.Stands(on); u = d.byID[unit] {
		unit = u.MergedInto
	}
	return unit, nil
}

// predecessors returns the units that went up in unit by a day, of any generation.
func (d *directory) predecessors(unit UnitID, on workday.Date) (all []UnitID) {
	for _, u := range d.from[unit] {
		if !u.Stands(on) {
			all = append(append(all, u.ID), d.predecessors(u.ID, on)...)
		}
	}
	return all
}

// above returns unit and everything over it, nearest first.
func (d *directory) above(unit UnitID) (all []UnitID) {
	for u := d.byID[unit]; u != nil; u = d.byID[u.Parent] {
		all = append(all, u.ID)
	}
	return all
}
