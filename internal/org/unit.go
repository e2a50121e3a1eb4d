package org

import (
	"lienthong/internal/db"
	"lienthong/internal/fault"
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

// Whether a unit is in a list. Sections and requested bodies are left out unless asked for: most choices
// mean agencies.
func (f Filter) takes(u *Unit, on workday.Date) bool {
	return (f.Level == "" || u.Level == f.Level) && (f.Kind == "" || u.Kind == f.Kind) &&
		(f.Parent == "" || u.Parent == f.Parent) && (f.Sections || u.Agency()) &&
		(f.Requested || !u.Requested) && (f.Ended || u.Stands(on))
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
