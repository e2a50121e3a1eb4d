package org

import (
	"strconv"
	"strings"
)

// A unit of the province from the data; the note in brackets is no part of its name.
func provincial(r record, parent UnitID) Unit {
	name, _, _ := strings.Cut(r["name_vi"], " (")
	return Unit{ID: UnitID(r["id"]), Parent: parent, Owner: UnitID(r["id"]), Name: name, Short: short.Replace(name), Abbr: r["abbr"],
		Kind: r["kind"], Level: LevelProvince, Requested: requestedKind(r["kind"]), Source: r["existence_source"]}
}

// Vertical bodies and companies take no orders from the committee: they are asked.
func requestedKind(kind string) bool { return kind == KindVertical || kind == KindCompany }

// A commune of the data: its committee is the unit, the place its area.
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
