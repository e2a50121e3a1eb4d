package org

import (
	"encoding/csv"
	"fmt"
	"strings"

	"lienthong/data"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/workday"
)

// twoTier is the day on which the two-tier government and its units began.
var twoTier = workday.NewDate(2025, 7, 1)

// record is one line of a shipped table, by column.
type record map[string]string

// table reads a shipped table.
func table(name string) (rows []record, err error) {
	defer fault.Wrap(&err, "table %s", name)
	f, err := data.Files.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, err
	}
	for _, line := range all[1:] {
		r := record{}
		for i, column := range all[0] {
			r[column] = line[i]
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// Seed fills an empty store with the real units of the model tenant: the province's
// agencies, its communes with their bodies, the vertical bodies that are only asked,
// and the default path of papers. A store that has units is a fault.Conflict.
func Seed(tx *db.Tx) (err error) {
	defer fault.Wrap(&err, "seed units")
	var n int
	if err := tx.One(`SELECT count(*) FROM unit`, nil, &n); err != nil {
		return err
	}
	if n > 0 {
		return fault.Refuse(fault.Conflict, "Danh mục đơn vị đã có dữ liệu.")
	}
	all, err := shippedUnits()
	if err != nil {
		return err
	}
	if err := insertUnits(tx, all); err != nil {
		return err
	}
	if err := seedPaths(tx, "paths.csv"); err != nil {
		return err
	}
	if err := traced(tx, System("seed"), "Seed", "", fmt.Sprintf("%d units", len(all)), nil, nil); err != nil {
		return err
	}
	return changed(tx, true, true)
}

// shippedUnits returns agencies, then communes, each before what hangs below it.
func shippedUnits() (all []Unit, err error) {
	agencies, err := table("agencies.csv")
	if err != nil {
		return nil, err
	}
	communes, err := table("units.csv")
	if err != nil {
		return nil, err
	}
	parents, err := parentsOf(agencies)
	if err != nil {
		return nil, err
	}
	for _, r := range agencies {
		if r["level"] == LevelProvince {
			all = append(all, provincial(r, parents[r["id"]]))
		}
	}
	root := UnitID(agencies[0]["id"])
	for _, r := range communes {
		c, err := commune(r, root)
		if err != nil {
			return nil, err
		}
		all = append(append(all, c), bodies(c, agencies)...)
	}
	for i := range all {
		u := &all[i]
		u.Ordinal, u.Since = i+1, twoTier
		u.folded = foldedUnit(u.Short, u.Name, u.Abbr)
	}
	return all, nil
}

// parentsOf gives every agency of the province its parent: the first agency of the
// list, which is the province itself, unless unit_parents.csv knows a nearer one.
func parentsOf(agencies []record) (map[string]UnitID, error) {
	nearer, err := table("unit_parents.csv")
	if err != nil {
		return nil, err
	}
	parents := map[string]UnitID{}
	for _, r := range agencies[1:] {
		parents[r["id"]] = UnitID(agencies[0]["id"])
	}
	for _, r := range nearer {
		parents[r["id"]] = UnitID(r["parent"])
	}
	return parents, nil
}

// short writes a name as lists do.
var short = strings.NewReplacer("Ủy ban nhân dân", "UBND", "Hội đồng nhân dân", "HĐND", "Phục vụ hành chính công", "PVHCC")
