package org

import (
	"fmt"
	"strings"

	"lienthong/internal/workday"
)

// rights gives a unit's deputies their charges, its parts their orders to sign TL., and
// names its contacts.
func (d *demo) rights(u *Unit) {
	for _, r := range d.rowsFor("charges", u) {
		d.charge(u, r)
	}
	for i, r := range d.rowsFor("orders", u) {
		// a part of this unit, or a body of its own that signs by its order
		signer := d.section(u, r["signer"])
		if signer == "" {
			signer = UnitID(r["signer"])
		}
		d.orders = append(d.orders, Order{ID: fmt.Sprintf("tl-%s-%d", u.ID, i+1), Unit: u.ID, Signer: signer, Kind: r["kind"], Basis: r["basis"], Since: twoTier})
	}
	head, next := d.first(u, Head), d.first(u, Specialist)
	// without a head of a section there is nobody to name to others
	if head == "" {
		return
	}
	// the contact of the whole unit, and one of each field it leads
	fields := []string{""}
	for _, f := range d.tables["domains"] {
		if f["responsible_agency_id"] == string(u.ID) {
			fields = append(fields, f["id"])
		}
	}
	for _, f := range fields {
		d.contacts = append(d.contacts, []any{u.ID, f, head, next, twoTier})
	}
}

// first returns the first officer of a role in a unit, "" when it has none.
func (d *demo) first(u *Unit, role Role) OfficerID {
	if d.count[string(u.ID)+"-"+string(role)] == 0 {
		return ""
	}
	return OfficerID(fmt.Sprintf("of-%s-%s-1", u.ID, role))
}

// charge reads a row of demo_charges.csv: "*" is the whole work, "own" the unit's
// fields, "part" every other of their parts.
func (d *demo) charge(u *Unit, r record) {
	// shipped and under test; a zero day would hold from the beginning
	dated, _ := workday.ParseDate(r["date"])
	unit := u.ID
	of := unit
	if u.Kind == KindChairman {
		of = u.Parent // the Chairman's deputies are those of the People's Committee
	}
	c := Charge{ID: fmt.Sprintf("pc-%s-%s", unit, r["leader"]), Officer: OfficerID(fmt.Sprintf("of-%s-leader-%s", of, r["leader"])),
		Unit: unit, Number: r["number"], Date: dated, Since: dated}
	switch r["fields"] {
	case "*":
		c.Whole = true
	case "own", "part":
		for _, f := range d.tables["domains"] {
			if f["responsible_agency_id"] == string(unit) {
				c.Fields = append(c.Fields, d.share(f["id"], r["fields"])...)
			}
		}
	default:
		c.Fields = strings.Fields(r["fields"])
	}
	for _, a := range strings.Fields(r["areas"]) {
		c.Areas = append(c.Areas, UnitID(a))
	}
	// a department without a field of its own gives its deputies none
	if c.Whole || len(c.Fields) > 0 {
		d.charges = append(d.charges, c)
	}
}

// The fields of one invented department; with several departments to a domain each gets a part.
func (d *demo) share(domain, how string) (fields []string) {
	if how == "own" {
		return []string{domain}
	}
	n := 0
	for _, p := range d.tables["subfields"] {
		if p["domain_id"] != domain || p["parent_subfield_id"] != "" {
			continue
		}
		// every other part, so that both cases of KT. can be tried: one in charge, one
		// not
		if n++; n%2 == 1 {
			fields = append(fields, p["subfield_id"])
		}
	}
	return fields
}

// more gives some officers a second post.
func (d *demo) more() {
	for _, r := range d.tables["posts"] {
		d.post(Post{Officer: OfficerID(r["officer"]), Unit: UnitID(r["unit"]), Section: UnitID(r["section"]), Role: Role(r["role"]),
			Title: r["title"], Deputy: r["deputy"] == "true"})
	}
}
