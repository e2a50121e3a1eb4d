package org

import (
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"

	"lienthong/data"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/vntext"
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

func provincial(r record, parent UnitID) Unit {
	name, _, _ := strings.Cut(r["name_vi"], " (")
	return Unit{ID: UnitID(r["id"]), Parent: parent, Owner: UnitID(r["id"]), Name: name, Short: short.Replace(name), Abbr: r["abbr"],
		Kind: r["kind"], Level: LevelProvince, Requested: requestedKind(r["kind"]), Source: r["existence_source"]}
}

func requestedKind(kind string) bool { return kind == KindVertical || kind == KindCompany }

func commune(r record, root UnitID) (u Unit, err error) {
	place := strings.ToLower(r["kind"]) + " " + r["name"]
	u = Unit{ID: UnitID(r["code"]), Parent: root, Owner: UnitID(r["code"]), Name: "Ủy ban nhân dân " + place, Short: "UBND " + place,
		Abbr: "UBND", Place: place, Kind: KindCommittee, Level: LevelCommune, Region: r["old_province"], Former: r["formed_from"], Source: r["legal_basis"]}
	number := func(column string) (n float64) {
		if err == nil {
			n, err = strconv.ParseFloat(r[column], 64)
		}
		return n
	}
	u.AreaKm2, u.Population, u.Lat, u.Lon = number("area_km2"), int64(number("population")), number("lat"), number("lon")
	return u, err
}

// bodies returns the bodies of a commune: sections that share in its acts, and the
// vertical bodies beside it. agencies.csv says by its ending which belong to a commune
// (xa), which to a ward (phuong), and which to both (cap-xa).
func bodies(c Unit, agencies []record) (all []Unit) {
	ward := strings.HasPrefix(c.Place, "phường")
	for _, r := range agencies {
		id := r["id"]
		if r["level"] != LevelCommune || r["kind"] == KindCommittee ||
			strings.HasSuffix(id, "-phuong") && !ward || strings.HasSuffix(id, "-xa") && !strings.HasSuffix(id, "-cap-xa") && ward {
			continue
		}
		name := strings.TrimSuffix(r["name_vi"], " xã, phường")
		u := Unit{ID: c.ID + "." + UnitID(id), Parent: c.ID, Owner: c.ID, Name: name + " " + c.Place, Short: short.Replace(name), Abbr: r["abbr"],
			Kind: r["kind"], Level: LevelCommune, Requested: requestedKind(r["kind"]), Source: r["existence_source"]}
		if u.Requested {
			u.Owner, u.Short = u.ID, u.Name
		}
		all = append(all, u)
	}
	return all
}

// seedPaths adds the paths of a shipped table; without a column "unit" they are the
// default for everyone.
func seedPaths(tx *db.Tx, name string) error {
	rows, err := table(name)
	if err != nil {
		return err
	}
	var all [][]any
	for _, r := range rows {
		n, err := strconv.Atoi(r["n"])
		if err != nil {
			return err
		}
		all = append(all, []any{r["unit"], r["kind"], n, r["step"], r["role"], twoTier})
	}
	return insert(tx, `INSERT INTO path_step (unit, kind, n, step, role, since) VALUES `, all)
}

// A Field (lĩnh vực) of the shipped list, for naming; which department answers for it
// is for the profile in force to say.
type Field struct {
	ID     string
	Parent string // "" for one of the fourteen
	Name   string
}

// ShippedFields returns the fields of domains.csv and subfields.csv, each before its
// parts.
func ShippedFields() (all []Field, err error) {
	domains, err := table("domains.csv")
	if err != nil {
		return nil, err
	}
	parts, err := table("subfields.csv")
	if err != nil {
		return nil, err
	}
	for _, d := range domains {
		all = append(all, Field{ID: d["id"], Name: d["name_vi"]})
		for _, p := range parts {
			if p["domain_id"] != d["id"] {
				continue
			}
			parent := p["parent_subfield_id"]
			if parent == "" {
				parent = d["id"]
			}
			all = append(all, Field{ID: p["subfield_id"], Parent: parent, Name: vntext.NFC(p["subfield_vi"])})
		}
	}
	return all, nil
}
