package org

import (
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/workday"
)

// MayAdminister says whether the actor may change a unit, its people and its settings:
// an administrator of the province anywhere, a unit's own in his unit and its sections,
// the program itself (adoption, import, demo) everywhere. It is pure; the faces call it
// before an operation of this package.
func MayAdminister(a Actor, u Unit) bool {
	return a.System != "" || a.Root || a.Has(u.Owner, Admin)
}

// AddUnit adds an agency, or with Owner set a section or body inside one, from u.Since
// (zero: today). An id used before is a fault.Conflict.
func AddUnit(tx *db.Tx, who Actor, u Unit) (err error) {
	defer fault.Wrap(&err, "add unit %s", u.ID)
	if err := hold(tx); err != nil {
		return err
	}
	if err := u.check(tx); err != nil {
		return err
	}
	if err := insertUnits(tx, []Unit{u}); err != nil {
		return err
	}
	if err := traced(tx, who, "AddUnit", u.Owner, string(u.ID), nil, u); err != nil {
		return err
	}
	d, err := units(tx)
	if err != nil {
		return err
	}
	return refresh(tx, true, d.above(u.Parent)...)
}

// check cleans what was typed and fills what follows: owner, short name, level, day.
func (u *Unit) check(tx *db.Tx) (err error) {
	if !unitForm.MatchString(string(u.ID)) {
		return fault.Field("id", "Mã đơn vị %q không đúng: chỉ gồm chữ thường không dấu, số, dấu gạch ngang.", u.ID)
	}
	if u.Name, err = text("name", "Tên đơn vị", u.Name); err != nil {
		return err
	}
	if u.Short, err = optional("short", "Tên gọi tắt", u.Short); err != nil {
		return err
	}
	if u.Abbr, err = optional("abbr", "Chữ viết tắt", u.Abbr); err != nil {
		return err
	}
	d, err := units(tx)
	if err != nil {
		return err
	}
	return u.place(d, today(tx))
}

// place fills what a unit takes from where it stands.
func (u *Unit) place(d *directory, on workday.Date) error {
	if d.byID[u.ID] != nil {
		return fault.Refuse(fault.Conflict, "Mã đơn vị %q đã có.", u.ID)
	}
	if u.Short == "" {
		u.Short = u.Name
	}
	if u.Owner == "" {
		u.Owner = u.ID
	}
	if u.Since.IsZero() {
		u.Since = on
	}
	if u.Kind == KindVertical || u.Kind == KindCompany {
		u.Requested = true
	}
	above, ok := d.byID[u.Parent]
	switch {
	case u.Parent == "":
	case !ok:
		return fault.Field("parent", "Đơn vị cấp trên %q không có trong danh mục.", u.Parent)
	case !above.Stands(u.Since):
		return fault.Field("parent", "%s không còn hoặc chưa hoạt động vào ngày %s.", above.Name, u.Since.Long())
	case u.Level == "":
		u.Level = above.Level
	}
	if u.Owner != u.ID {
		o, ok := d.byID[u.Owner]
		if !ok || !o.Agency() || u.Parent == "" {
			return fault.Field("owner", "Phòng, bộ phận phải thuộc một cơ quan có trong danh mục.")
		}
	}
	if u.Level != LevelProvince && u.Level != LevelCommune {
		return fault.Field("level", "Cấp phải là %q hoặc %q.", LevelProvince, LevelCommune)
	}
	u.folded = foldedUnit(u.Short, u.Name, u.Abbr)
	return nil
}

// AddSection adds a section (phòng) inside an agency; its id is unit + "/" + slug.
func AddSection(tx *db.Tx, who Actor, unit UnitID, slug, name string) (id UnitID, err error) {
	o, err := UnitOf(tx, unit)
	if err != nil {
		return "", err
	}
	if name, err = text("name", "Tên phòng", name); err != nil {
		return "", err
	}
	id = unit + "/" + UnitID(slug)
	return id, AddUnit(tx, who, Unit{ID: id, Parent: unit, Owner: unit, Name: name + ", " + o.Short, Short: name, Kind: KindSection, Level: o.Level})
}

// insertUnits writes units as they are; no parent is NULL, because the column refers to
// a unit.
func insertUnits(tx *db.Tx, all []Unit) error {
	var rows [][]any
	for _, u := range all {
		var parent any
		if u.Parent != "" {
			parent = u.Parent
		}
		rows = append(rows, []any{u.ID, parent, u.Owner, u.Name, u.Short, u.Abbr, u.Place, u.Kind, u.Level, u.Requested, u.Invented,
			u.Region, u.Former, u.Source, u.AreaKm2, u.Population, u.Lat, u.Lon, u.Ordinal, u.Since, u.Until, u.folded})
	}
	return insert(tx, `INSERT INTO unit (id, parent, owner, name, short, abbr, place, kind, level, requested, invented,
		region, former, source, area_km2, population, lat, lon, ordinal, since, until, folded) VALUES `, rows)
}
