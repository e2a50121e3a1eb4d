package org

import (
	"slices"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/workday"
)

// RenameUnit gives a unit another name from today, under a paper that says so; the
// name it had stays readable in FormerNames.
func RenameUnit(tx *db.Tx, who Actor, id UnitID, name, short, basisText string) (err error) {
	defer fault.Wrap(&err, "rename unit %s", id)
	if err := hold(tx); err != nil {
		return err
	}
	u, err := UnitOf(tx, id)
	if err != nil {
		return err
	}
	// before it is overwritten: the history and the former names need it
	was := u
	if u.Name, err = text("name", "Tên đơn vị", name); err != nil {
		return err
	}
	if u.Short, err = optional("short", "Tên gọi tắt", short); err != nil {
		return err
	}
	if basisText, err = text("basis", "Căn cứ đổi tên", basisText); err != nil {
		return err
	}
	if u.Short == "" {
		u.Short = u.Name
	}
	// renamed twice on one day: the first name of the day never held a whole day
	if _, err := tx.Exec(`INSERT INTO unit_name (unit, until, name, short, basis) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (unit, until) DO NOTHING`, id, today(tx), was.Name, was.Short, basisText); err != nil {
		return err
	}
	if _, err := tx.Exec(`UPDATE unit SET name = $1, short = $2, folded = $3 WHERE id = $4`,
		u.Name, u.Short, foldedUnit(u.Short, u.Name, u.Abbr), id); err != nil {
		return err
	}
	if err := traced(tx, who, "RenameUnit", u.Owner, string(id), was.Name, u.Name); err != nil {
		return err
	}
	return changed(tx, true, false)
}

// MergeUnit ends units on a day, from which into stands for them, under a paper that
// says so. The posts in them end that day: who serves in the new unit is for persons to
// decide and is assigned anew. The people of into read what the merged units read.
func MergeUnit(tx *db.Tx, who Actor, from []UnitID, into UnitID, on workday.Date, basisText string) (err error) {
	defer fault.Wrap(&err, "merge into %s", into)
	if err := hold(tx); err != nil {
		return err
	}
	if basisText, err = text("basis", "Căn cứ sáp nhập", basisText); err != nil {
		return err
	}
	if on.Before(today(tx)) {
		return fault.Field("on", "Ngày sáp nhập %s đã qua.", on.Long())
	}
	if len(from) == 0 || slices.Contains(from, into) {
		return fault.Field("from", "Cần chọn đơn vị được sáp nhập, khác với đơn vị nhận.")
	}
	d, err := units(tx)
	if err != nil {
		return err
	}
	// judged on the day of the merger, which may lie ahead: a unit founded on that day
	// stands
	target := d.byID[into]
	if target == nil || !target.Stands(on) {
		return fault.Field("into", "Đơn vị nhận %q không hoạt động vào ngày %s.", into, on.Long())
	}
	for _, id := range from {
		if err := merge(tx, who, d, id, into, on, basisText); err != nil {
			return err
		}
	}
	return refresh(tx, true, append(append([]UnitID{into}, from...), d.above(target.Parent)...)...)
}

// merge ends one unit. Its cases keep its name, because who owed what was decided
// before; the people of the unit it went into read them.
func merge(tx *db.Tx, who Actor, d *directory, id, into UnitID, on workday.Date, basisText string) error {
	u := d.byID[id]
	if u == nil || !u.Stands(on) {
		return fault.Field("from", "Đơn vị %q không hoạt động vào ngày %s.", id, on.Long())
	}
	// a ring of units would never end for whoever walks up
	if slices.Contains(d.above(into), id) {
		return fault.Field("into", "Không thể sáp nhập %s vào đơn vị trực thuộc nó.", u.Name)
	}
	// an agency below would hang in the air; where it goes is not for the machine to
	// guess
	if len(d.agenciesBelow(id, on)) > 0 {
		return fault.Field("from", "%s còn cơ quan trực thuộc; cần chuyển các cơ quan đó trước.", u.Name)
	}
	if _, err := tx.Exec(`UPDATE unit SET until = $1, merged_into = $2 WHERE id = $3`, on, into, id); err != nil {
		return err
	}
	// its sections end with it, as do the posts in all of them
	if _, err := tx.Exec(`UPDATE unit SET until = $1 WHERE owner = $2 AND id <> $2 AND (until IS NULL OR until > $1)`, on, id); err != nil {
		return err
	}
	if _, err := tx.Exec(`UPDATE post SET until = CASE WHEN since > $1 THEN since ELSE $1 END
		WHERE (unit = $2 OR section = $2) AND (until IS NULL OR until > $1)`, on, id); err != nil {
		return err
	}
	return traced(tx, who, "MergeUnit", u.Owner, string(id), basisText, into)
}

// A FormerName is a name that a unit had until a day.
type FormerName struct {
	Name, Short string
	Until       workday.Date
	Basis       string // the paper that changed it
}
