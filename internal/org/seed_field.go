package org

import (
	"strconv"

	"lienthong/internal/db"
	"lienthong/internal/vntext"
)

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
