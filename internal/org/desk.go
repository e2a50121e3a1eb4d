package org

import (
	"database/sql"
	"slices"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/workday"
)

// A Watch says which officer of the provincial Office follows a field in an area
// (chuyên viên theo dõi).
type Watch struct {
	Field   string // "" any
	Area    string // a unit's id or a region of communes; "" any
	Officer OfficerID
	Since   workday.Date
}

// SetDesk names the desk officer of a field and area from today; the one before ends.
func SetDesk(tx *db.Tx, who Actor, w Watch) (err error) {
	defer fault.Wrap(&err, "set desk %s/%s", w.Field, w.Area)
	if err := hold(tx); err != nil {
		return err
	}
	if w.Field != "" && !fieldID(w.Field) {
		return fault.Field("field", "Mã lĩnh vực %q không đúng.", w.Field)
	}
	posts, err := postsOf(tx, w.Officer, today(tx))
	if err != nil {
		return err
	}
	at := slices.IndexFunc(posts, func(p Post) bool { return p.Role == Desk })
	if at < 0 {
		return fault.Field("officer", "Người này không giữ vị trí chuyên viên theo dõi.")
	}
	if ok, err := areaExists(tx, w.Area); err != nil || !ok {
		if err == nil {
			err = fault.Field("area", "Địa bàn %q không có.", w.Area)
		}
		return err
	}
	w.Since = today(tx)
	if _, err := tx.Exec(`UPDATE desk SET until = $1 WHERE field = $2 AND area = $3 AND until IS NULL AND since < $1`, w.Since, w.Field, w.Area); err != nil {
		return err
	}
	if err := insertDesks(tx, []Watch{w}); err != nil {
		return err
	}
	return traced(tx, who, "SetDesk", posts[at].Unit, w.Field+"/"+w.Area, nil, w)
}

// Watches of desk officers; the same day again replaces the officer and leaves no double.
func insertDesks(tx *db.Tx, all []Watch) error {
	for _, w := range all {
		if _, err := tx.Exec(`INSERT INTO desk (field, area, officer, since, until) VALUES ($1, $2, $3, $4, NULL)
			ON CONFLICT (field, area, since) DO UPDATE SET officer = excluded.officer, until = NULL`,
			w.Field, w.Area, w.Officer, w.Since); err != nil {
			return err
		}
	}
	return nil
}

// An area is a unit or a region; "" is everywhere.
func areaExists(tx *db.Tx, area string) (bool, error) {
	if area == "" {
		return true, nil
	}
	d, err := units(tx)
	if err != nil {
		return false, err
	}
	return d.byID[UnitID(area)] != nil || slices.ContainsFunc(d.order, func(u *Unit) bool { return u.Region == area }), nil
}

// Desks returns who follows what today, by field and area.
func Desks(tx *db.Tx) (all []Watch, err error) {
	err = tx.All(`SELECT field, area, officer, since FROM desk WHERE until IS NULL ORDER BY field, area`, nil, func(r *sql.Rows) error {
		var w Watch
		if err := r.Scan(&w.Field, &w.Area, &w.Officer, &w.Since); err != nil {
			return err
		}
		all = append(all, w)
		return nil
	})
	return all, err
}

// DeskFor returns the desk officer for a field and a unit: the nearest field first, and
// of those who follows the unit before who follows its region, before any area. ok
// is false where nobody does.
func DeskFor(tx *db.Tx, field string, unit UnitID) (id OfficerID, ok bool, err error) {
	all, err := Desks(tx)
	if err != nil {
		return "", false, err
	}
	d, err := units(tx)
	if err != nil {
		return "", false, err
	}
	region := ""
	if u := d.byID[unit]; u != nil {
		region = u.Region
	}
	id, ok = DeskOf(all, field, unit, region)
	return id, ok, nil
}

// DeskOf is DeskFor among watches that were read already, for a unit of a region.
func DeskOf(all []Watch, field string, unit UnitID, region string) (id OfficerID, ok bool) {
	best := -1
	for _, w := range all {
		if w.Field != "" && !coversField([]string{w.Field}, field) || w.Area != "" && w.Area != string(unit) && w.Area != region {
			continue
		}
		// a field counts before an area: who knows the matter before who knows the place
		near := 4 * len(w.Field)
		if w.Area == string(unit) {
			near += 2
		} else if w.Area != "" {
			near++
		}
		if near > best {
			best, id, ok = near, w.Officer, true
		}
	}
	return id, ok
}

// FormerNames returns the names a unit had, the latest first.
func FormerNames(tx *db.Tx, id UnitID) (all []FormerName, err error) {
	err = tx.All(`SELECT name, short, until, basis FROM unit_name WHERE unit = $1 ORDER BY until DESC`, []any{id}, func(r *sql.Rows) error {
		var f FormerName
		if err := r.Scan(&f.Name, &f.Short, &f.Until, &f.Basis); err != nil {
			return err
		}
		all = append(all, f)
		return nil
	})
	return all, err
}

// Log returns the changes of a unit's office, the newest first: a page of at most limit
// older than the entry before ("" from the newest).
func Log(tx *db.Tx, unit UnitID, before string, limit int) (all []Entry, err error) {
	err = tx.All(`SELECT id, at, actor, act, unit, target, was, became FROM org_log
		WHERE unit = $1 AND ($2 = '' OR id < $2) ORDER BY id DESC LIMIT $3`, []any{unit, before, limit}, func(r *sql.Rows) error {
		var e Entry
		if err := r.Scan(&e.ID, &e.At, &e.By, &e.Act, &e.Unit, &e.Target, &e.Was, &e.Became); err != nil {
			return err
		}
		all = append(all, e)
		return nil
	})
	return all, err
}
