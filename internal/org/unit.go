package org

import (
	"database/sql"
	"slices"
	"strings"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/vntext"
	"lienthong/internal/workday"
)

// The kinds of units that the program itself tells apart; others are only shown.
const (
	KindCommittee = "ubnd"           // Ủy ban nhân dân: a collective body, signs TM.
	KindChairman  = "nguoi-dung-dau" // the Chairman as an authority of his own
	KindSection   = "phong"          // a section inside a unit
	KindVertical  = "nganh-doc"      // a vertical body: requested
	KindCompany   = "doanh-nghiep"   // a company: requested
)

// The levels of the two-tier government.
const (
	LevelProvince = "tinh"
	LevelCommune  = "xa"
)

// A Unit (cơ quan, đơn vị) is an agency, a commune, or a section (phòng) of one.
type Unit struct {
	ID         UnitID
	Parent     UnitID // the unit above; "" for the province
	Owner      UnitID // the agency whose acts it shares in; ID itself for an agency
	Name       string // in full: "Ủy ban nhân dân xã Hy Cương", "Phòng Kinh tế xã Hy Cương"
	Short      string // in lists: "UBND xã Hy Cương"; of a section its name inside the unit
	Abbr       string // in paper symbols: "STP"; "" where none is known
	Place      string // of a commune: "xã Hy Cương"
	Kind       string
	Level      string
	Requested  bool   // a vertical body or company: asked (đề nghị), never bound
	Invented   bool   // made up for demonstration
	Region     string // of a commune: the area that desk officers are set by
	Former     string // of a commune: what it was formed from
	Source     string
	AreaKm2    float64
	Population int64
	Lat, Lon   float64
	Ordinal    int
	Since      workday.Date
	Until      workday.Date // the first day on which it no longer is; zero: standing
	MergedInto UnitID

	folded string
}

// Agency says whether the unit acts in its own name, rather than inside another.
func (u Unit) Agency() bool { return u.Owner == u.ID }

// Commune says whether the unit is the People's Committee of a commune or ward.
func (u Unit) Commune() bool { return u.Kind == KindCommittee && u.Level == LevelCommune }

// Collective says whether papers of the unit are signed for a collective (TM.).
func (u Unit) Collective() bool { return u.Kind == KindCommittee }

// Stands says whether the unit exists on a day.
func (u Unit) Stands(on workday.Date) bool { return inForce(u.Since, u.Until, on) }

// A Filter chooses units; its zero value is every agency that stands today.
type Filter struct {
	Level     string // "" both
	Kind      string // "" any
	Parent    UnitID // "" any
	Sections  bool   // sections and bodies of communes too
	Requested bool   // vertical bodies and companies too
	Ended     bool   // units that no longer stand, or not yet, too
}

func (f Filter) takes(u *Unit, on workday.Date) bool {
	return (f.Level == "" || u.Level == f.Level) && (f.Kind == "" || u.Kind == f.Kind) &&
		(f.Parent == "" || u.Parent == f.Parent) && (f.Sections || u.Agency()) &&
		(f.Requested || !u.Requested) && (f.Ended || u.Stands(on))
}

// directory is every unit there is or was, in the order of lists.
type directory struct {
	n     int64 // the change number it was read under
	byID  map[UnitID]*Unit
	order []*Unit
	below map[UnitID][]*Unit // by parent
	house map[UnitID][]*Unit // by owner, the owner left out
	from  map[UnitID][]*Unit // units merged into this one
}

type directoryKey struct{}

// units returns the directory of this transaction; it is read-only for everyone.
func units(tx *db.Tx) (*directory, error) {
	c, err := changes(tx)
	if err != nil {
		return nil, err
	}
	if d, ok := tx.Value(directoryKey{}).(*directory); ok && d.n == c.units {
		return d, nil
	}
	o, err := kept(tx)
	if err != nil {
		return nil, err
	}
	d := o.directory(c.units)
	if d == nil {
		if d, err = readUnits(tx, c.units); err != nil {
			return nil, err
		}
		if !c.mine {
			tx.Committed(func() { o.keepDirectory(d) })
		}
	}
	tx.SetValue(directoryKey{}, d)
	return d, nil
}

func readUnits(tx *db.Tx, n int64) (d *directory, err error) {
	defer fault.Wrap(&err, "read units")
	d = &directory{n: n, byID: map[UnitID]*Unit{}, below: map[UnitID][]*Unit{}, house: map[UnitID][]*Unit{}, from: map[UnitID][]*Unit{}}
	err = tx.All(`
		SELECT id, coalesce(parent, ''), owner, name, short, abbr, place, kind, level, requested, invented, region, former,
			source, area_km2, population, lat, lon, ordinal, since, until, coalesce(merged_into, ''), folded
		FROM unit ORDER BY ordinal, id`, nil, func(r *sql.Rows) error {
		u := new(Unit)
		if err := r.Scan(&u.ID, &u.Parent, &u.Owner, &u.Name, &u.Short, &u.Abbr, &u.Place, &u.Kind, &u.Level, &u.Requested,
			&u.Invented, &u.Region, &u.Former, &u.Source, &u.AreaKm2, &u.Population, &u.Lat, &u.Lon, &u.Ordinal, &u.Since,
			&u.Until, &u.MergedInto, &u.folded); err != nil {
			return err
		}
		d.add(u)
		return nil
	})
	return d, err
}

func (d *directory) add(u *Unit) {
	d.byID[u.ID] = u
	d.order = append(d.order, u)
	if u.Parent != "" {
		d.below[u.Parent] = append(d.below[u.Parent], u)
	}
	if !u.Agency() {
		d.house[u.Owner] = append(d.house[u.Owner], u)
	}
	if u.MergedInto != "" {
		d.from[u.MergedInto] = append(d.from[u.MergedInto], u)
	}
}

// UnitOf returns a unit, standing or ended; an unknown id is a fault.NotFound.
func UnitOf(tx *db.Tx, id UnitID) (Unit, error) {
	d, err := units(tx)
	if err != nil {
		return Unit{}, err
	}
	u, ok := d.byID[id]
	if !ok {
		return Unit{}, fault.Refuse(fault.NotFound, "Không có cơ quan, đơn vị nào mang mã %q.", id)
	}
	return *u, nil
}

// UnitNames returns the short names of the given units; an unknown id names itself.
// It costs no read after the first in a transaction.
func UnitNames(tx *db.Tx, ids ...UnitID) (map[UnitID]string, error) {
	d, err := units(tx)
	if err != nil {
		return nil, err
	}
	names := make(map[UnitID]string, len(ids))
	for _, id := range ids {
		names[id] = string(id)
		if u, ok := d.byID[id]; ok {
			names[id] = u.Short
		}
	}
	return names, nil
}

// Units returns the units that the filter takes, in the order of lists.
func Units(tx *db.Tx, f Filter) (all []Unit, err error) {
	d, err := units(tx)
	if err != nil {
		return nil, err
	}
	on := today(tx)
	for _, u := range d.order {
		if f.takes(u, on) {
			all = append(all, *u)
		}
	}
	return all, nil
}

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

// Find returns the standing units whose names hold every word of text, in any case and
// without marks, at most limit; those whose short name begins with it come first.
func Find(tx *db.Tx, text string, limit int) (found []Unit, err error) {
	d, err := units(tx)
	if err != nil {
		return nil, err
	}
	want := vntext.Fold(text)
	words := strings.Fields(want)
	if len(words) == 0 {
		return nil, nil
	}
	on := today(tx)
	var later []Unit
	for _, u := range d.order {
		if !u.Stands(on) || slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(u.folded, w) }) {
			continue
		}
		if strings.HasPrefix(u.folded, want) {
			found = append(found, *u)
		} else {
			later = append(later, *u)
		}
	}
	found = append(found, later...)
	return found[:min(limit, len(found))], nil
}

// foldedUnit is what Find searches.
func foldedUnit(short, name, abbr string) string { return vntext.Fold(short + " " + name + " " + abbr) }
