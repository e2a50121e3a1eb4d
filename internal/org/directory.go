package org

import (
	"database/sql"

	"lienthong/internal/db"
	"lienthong/internal/fault"
)

// directory is every unit there is or was, in the order of lists.
type directory struct {
	n     int64 // the change number it was read under
	byID  map[UnitID]*Unit
	order []*Unit
	below map[UnitID][]*Unit // by parent
	house map[UnitID][]*Unit // by owner, the owner left out
	from  map[UnitID][]*Unit // units merged into this one
}

// The directory stands in its transaction under this key.
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
		// kept for others only when it is what everybody will read after the commit
		if !c.mine {
			tx.Committed(func() { o.keepDirectory(d) })
		}
	}
	tx.SetValue(directoryKey{}, d)
	return d, nil
}

// All units at once: a province has some hundreds, and nearly every question climbs the tree.
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

// add files a unit under each question that is asked of the directory.
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
