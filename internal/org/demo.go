package org

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/workday"
)

// A demo collects the invented people of one demonstration before they are written.
type demo struct {
	dir      *directory
	on       workday.Date
	tables   map[string][]record
	officers []Officer
	posts    []Post
	charges  []Charge
	orders   []Order
	contacts [][]any
	count    map[string]int    // officers of a unit and role so far
	held     map[OfficerID]int // posts of an officer so far
}

// SeedDemo adds invented sections, officers and posts to the real units of Seed, all
// marked as invented: leaders with charges, heads, specialists, clerks and an
// administrator in each unit that is not only asked, desk officers in the Office. Ids
// are "of-<unit>-<role>-<n>". The tables demo_*.csv say who; see OneStep for the units
// on a path of one step.
func SeedDemo(tx *db.Tx) (err error) {
	defer fault.Wrap(&err, "seed demo")
	if err := demoSections(tx); err != nil {
		return err
	}
	d := &demo{on: today(tx), tables: map[string][]record{}, count: map[string]int{}, held: map[OfficerID]int{}}
	if d.dir, err = units(tx); err != nil {
		return err
	}
	for _, name := range []string{"staff", "posts", "charges", "orders", "desks", "names", "overseers"} {
		if d.tables[name], err = table("demo_" + name + ".csv"); err != nil {
			return err
		}
	}
	if d.tables["domains"], err = table("domains.csv"); err != nil {
		return err
	}
	if d.tables["subfields"], err = table("subfields.csv"); err != nil {
		return err
	}
	for _, u := range d.dir.order {
		if u.Agency() && !u.Requested && u.Stands(d.on) {
			d.people(u)
			d.rights(u)
		}
	}
	d.more()
	return d.write(tx)
}

// demoSections adds the invented sections of departments.
func demoSections(tx *db.Tx) error {
	rows, err := table("demo_sections.csv")
	if err != nil {
		return err
	}
	d, err := units(tx)
	if err != nil {
		return err
	}
	var all []Unit
	for i, r := range rows {
		// the real units come first; an invented section never invents its department
		o := d.byID[UnitID(r["unit"])]
		if o == nil {
			return fault.Refuse(fault.NotFound, "Chưa có đơn vị %q; cần nạp danh mục đơn vị trước.", r["unit"])
		}
		name := r["name"] + ", " + o.Short
		all = append(all, Unit{ID: o.ID + "/" + UnitID(r["slug"]), Parent: o.ID, Owner: o.ID, Name: name, Short: r["name"], Kind: KindSection,
			Level: o.Level, Invented: true, Source: "minh họa", Ordinal: len(d.order) + i + 1, Since: twoTier, folded: foldedUnit(r["name"], name, "")})
	}
	if err := insertUnits(tx, all); err != nil {
		return err
	}
	return changed(tx, true, true)
}

// rowsFor returns the rows of a table that speak of a unit: by its id, else by "xa" for
// a commune, else by its kind.
func (d *demo) rowsFor(name string, u *Unit) (rows []record) {
	for _, key := range []string{string(u.ID), u.Kind} {
		// all communes have the same staff: 148 rows would say nothing more
		if key == u.Kind && u.Commune() {
			key = LevelCommune
		}
		for _, r := range d.tables[name] {
			if r["for"] == key {
				rows = append(rows, r)
			}
		}
		if len(rows) > 0 {
			return rows
		}
	}
	return nil
}

// people gives a unit the officers of demo_staff.csv.
func (d *demo) people(u *Unit) {
	rows := d.rowsFor("staff", u)
	for _, r := range rows {
		for _, section := range d.sections(u, r, rows) {
			// shipped with the program and under test: a number that is none gives
			// nobody
			n, _ := strconv.Atoi(r["count"])
			for range n {
				d.officer(u, section, Role(r["role"]), r["title"], r["deputy"] == "true")
			}
		}
	}
}

// sections returns the sections a row of staff is for: none, the one named, or with "*"
// all that no other row of the role names.
func (d *demo) sections(u *Unit, r record, rows []record) (in []UnitID) {
	if r["section"] == "" {
		return []UnitID{""}
	}
	if r["section"] != "*" {
		if s := d.section(u, r["section"]); s != "" {
			return []UnitID{s}
		}
		return nil
	}
	for _, s := range d.dir.house[u.ID] {
		named := slices.ContainsFunc(rows, func(o record) bool {
			return o["role"] == r["role"] && o["section"] != "*" && d.section(u, o["section"]) == s.ID
		})
		if !named {
			in = append(in, s.ID)
		}
	}
	return in
}

// section returns the id of a section or body by its last part, "" when u has none.
func (d *demo) section(u *Unit, slug string) UnitID {
	for _, s := range d.dir.house[u.ID] {
		if s.ID == u.ID+"/"+UnitID(slug) || s.ID == u.ID+"."+UnitID(slug) {
			return s.ID
		}
	}
	return ""
}

// officer adds a person with one post. The address ends in .invalid, which no mail ever
// reaches.
func (d *demo) officer(u *Unit, section UnitID, role Role, title string, deputy bool) {
	key := string(u.ID) + "-" + string(role)
	d.count[key]++
	id := OfficerID(fmt.Sprintf("of-%s-%d", key, d.count[key]))
	d.officers = append(d.officers, Officer{ID: id, Name: d.name(id), Email: string(id) + "@minhhoa.invalid", Active: true, Invented: true})
	d.post(Post{Officer: id, Unit: u.ID, Section: section, Role: role, Title: title, Deputy: deputy})
}

// post adds a post; its number counts the officer's posts, so the same tables give the
// same ids.
func (d *demo) post(p Post) {
	d.held[p.Officer]++
	p.ID, p.Since = PostID(fmt.Sprintf("%s.%d", p.Officer, d.held[p.Officer])), twoTier
	d.posts = append(d.posts, p)
}

// name makes up a name that stays the same for an id.
func (d *demo) name(id OfficerID) string {
	// from the id and not at random: pictures, guides and stories name these people
	h := fnv.New64a()
	h.Write([]byte(id))
	sum := h.Sum64()
	var parts []string
	for _, part := range []string{"family", "middle", "given"} {
		var from []string
		for _, r := range d.tables["names"] {
			if r["part"] == part {
				from = append(from, r["name"])
			}
		}
		parts = append(parts, from[sum%uint64(len(from))])
		sum /= uint64(len(from))
	}
	return strings.Join(parts, " ")
}

// write puts everything down in a few long statements: with one operation a person the
// first start of the program would be a long wait.
func (d *demo) write(tx *db.Tx) error {
	if err := insertOfficers(tx, d.officers); err != nil {
		return err
	}
	if err := insertPosts(tx, d.posts); err != nil {
		return err
	}
	if err := insertCharges(tx, d.charges); err != nil {
		return err
	}
	if err := insertOrders(tx, d.orders); err != nil {
		return err
	}
	if err := insert(tx, `INSERT INTO contact (unit, field, officer, deputy, since) VALUES `, d.contacts); err != nil {
		return err
	}
	var desks []Watch
	for _, r := range d.tables["desks"] {
		desks = append(desks, Watch{Field: r["field"], Area: r["area"], Officer: OfficerID(r["officer"]), Since: twoTier})
	}
	if err := insertDesks(tx, desks); err != nil {
		return err
	}
	var over [][]any
	for _, r := range d.tables["overseers"] {
		over = append(over, []any{r["unit"], r["kind"], twoTier})
	}
	if err := insert(tx, `INSERT INTO oversight (unit, kind, since) VALUES `, over); err != nil {
		return err
	}
	if err := seedPaths(tx, "demo_paths.csv"); err != nil {
		return err
	}
	if err := changed(tx, true, true); err != nil {
		return err
	}
	if err := traced(tx, System("demo"), "SeedDemo", "", fmt.Sprintf("%d officers", len(d.officers)), nil, nil); err != nil {
		return err
	}
	return d.remember(tx)
}

// remember writes the membership of everybody at once.
func (d *demo) remember(tx *db.Tx) error {
	of := map[OfficerID]*standing{}
	for _, o := range d.officers {
		of[o.ID] = &standing{officer: o.ID, active: true}
	}
	for _, p := range d.posts {
		of[p.Officer].posts = append(of[p.Officer].posts, p)
	}
	for _, c := range d.charges {
		if inForce(c.Since, c.Until, d.on) {
			of[c.Officer].charges = append(of[c.Officer].charges, c)
		}
	}
	if err := rememberAll(tx, d.dir, of); err != nil {
		return err
	}
	_, err := tx.Exec(`UPDATE org_change SET turned = $1 WHERE id = 1`, d.on)
	return err
}
