package org

import (
	"fmt"
	"slices"

	"lienthong/internal/db"
	"lienthong/internal/fault"
)

// A UnitLine is one unit of a file.
type UnitLine struct {
	Line int
	Unit Unit
}

// CheckUnits says which lines the store would refuse; it changes nothing, so it is the
// dry run. A unit may stand under one of an earlier line.
func CheckUnits(tx *db.Tx, rows []UnitLine) (bad []LineError, err error) {
	_, bad, err = placed(tx, rows)
	return bad, err
}

// Places the rows one after the other in a copy of the tree, so that a row may stand below one of the same
// file.
func placed(tx *db.Tx, rows []UnitLine) (all []Unit, bad []LineError, err error) {
	d, err := units(tx)
	if err != nil {
		return nil, nil, err
	}
	d = d.copy()
	for _, r := range rows {
		u := r.Unit
		if err := u.place(d, today(tx)); err != nil {
			bad = append(bad, lineError(r.Line, err))
			continue
		}
		u.Ordinal = len(d.order) + 1
		d.add(&u)
		all = append(all, u)
	}
	return all, bad, nil
}

// copy returns a directory that may be added to; the units in it are shared.
func (d *directory) copy() *directory {
	c := &directory{n: d.n, byID: map[UnitID]*Unit{}, below: map[UnitID][]*Unit{}, house: map[UnitID][]*Unit{}, from: map[UnitID][]*Unit{}}
	for _, u := range d.order {
		c.add(u)
	}
	return c
}

// SaveUnits adds the units of a file, all or, when a line is refused, none: it then
// returns the lines and a fault.Invalid that ends the transaction.
func SaveUnits(tx *db.Tx, who Actor, rows []UnitLine) (bad []LineError, err error) {
	defer fault.Wrap(&err, "import units")
	if err := hold(tx); err != nil {
		return nil, err
	}
	all, bad, err := placed(tx, rows)
	if err != nil {
		return nil, err
	}
	if len(bad) > 0 {
		return bad, refuseFile(bad)
	}
	if err := insertUnits(tx, all); err != nil {
		return nil, err
	}
	if err := traced(tx, who, "SaveUnits", "", fmt.Sprintf("%d units", len(all)), nil, nil); err != nil {
		return nil, err
	}
	var over []UnitID
	d, err := units(tx)
	if err != nil {
		return nil, err
	}
	for _, u := range all {
		over = append(over, d.above(u.Parent)...)
	}
	slices.Sort(over)
	return nil, refresh(tx, true, slices.Compact(over)...)
}
