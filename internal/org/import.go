package org

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/vntext"
	"lienthong/internal/workday"
)

// A LineError says what is wrong with one line of a file; the heading is line 1.
type LineError struct {
	Line int
	Say  string // in Vietnamese
}

// Error returns the sentence with its line.
func (e LineError) Error() string { return fmt.Sprintf("dòng %d: %s", e.Line, e.Say) }

// The columns of the two files; the order is free, columns without a star may be left
// out, others are refused.
var (
	unitColumns    = []string{"id*", "parent", "owner", "name*", "short", "abbr", "kind*", "level", "since"}
	officerColumns = []string{"id*", "name*", "email", "phone", "unit*", "section", "role*", "title*", "deputy", "acting", "since"}
)

// A UnitLine is one unit of a file.
type UnitLine struct {
	Line int
	Unit Unit
}

// An OfficerLine is one officer of a file with a post; the same id on several lines is
// one person with several posts.
type OfficerLine struct {
	Line    int
	Officer Officer
	Post    Post
}

// ImportUnits reads a CSV file of units: id, parent, owner (for sections), name, short,
// abbr, kind, level (tinh, xa), since. It knows only the file; CheckUnits knows the store.
func ImportUnits(r io.Reader) (rows []UnitLine, bad []LineError) {
	bad = eachLine(r, unitColumns, func(line int, f record) error {
		u := Unit{ID: UnitID(f["id"]), Parent: UnitID(f["parent"]), Owner: UnitID(f["owner"]), Name: f["name"], Short: f["short"],
			Abbr: f["abbr"], Kind: f["kind"], Level: f["level"]}
		if !unitForm.MatchString(f["id"]) {
			return fault.Field("id", "Mã đơn vị %q không đúng: chỉ gồm chữ thường không dấu, số, dấu gạch ngang.", f["id"])
		}
		var err error
		if u.Name, err = text("name", "Tên đơn vị", u.Name); err == nil {
			u.Since, err = day(f["since"])
		}
		rows = append(rows, UnitLine{line, u})
		return err
	})
	return rows, bad
}

// ImportOfficers reads a CSV file of officers with their posts: id, name, email, phone,
// unit, section, role, title, deputy (có, không), acting, since.
func ImportOfficers(r io.Reader) (rows []OfficerLine, bad []LineError) {
	bad = eachLine(r, officerColumns, func(line int, f record) (err error) {
		o := Officer{ID: OfficerID(f["id"]), Name: f["name"], Email: f["email"], Phone: f["phone"], Active: true}
		if err := o.check(); err != nil {
			return err
		}
		p := Post{Officer: o.ID, Unit: UnitID(f["unit"]), Section: UnitID(f["section"]), Role: Role(f["role"])}
		if p.Title, err = text("title", "Chức danh", f["title"]); err != nil {
			return err
		}
		if p.Deputy, err = yes("deputy", f["deputy"]); err != nil {
			return err
		}
		if p.Acting, err = yes("acting", f["acting"]); err != nil {
			return err
		}
		p.Since, err = day(f["since"])
		rows = append(rows, OfficerLine{line, o, p})
		return err
	})
	return rows, bad
}

func day(s string) (workday.Date, error) {
	if s == "" {
		return workday.Date{}, nil
	}
	return workday.ParseDate(s)
}

func yes(field, s string) (bool, error) {
	switch vntext.Fold(s) {
	case "co", "true", "1", "x":
		return true, nil
	case "", "khong", "false", "0":
		return false, nil
	}
	return false, fault.Field(field, "Cột %s chỉ nhận \"có\" hoặc \"không\", không nhận %q.", field, s)
}

// eachLine calls each for every line under the heading, its cells trimmed and in NFC,
// and gathers what is wrong, line by line; a broken file ends it.
func eachLine(r io.Reader, columns []string, each func(line int, f record) error) (bad []LineError) {
	in := csv.NewReader(r)
	in.FieldsPerRecord = -1
	heading, err := in.Read()
	if err != nil {
		return []LineError{{1, "tệp không có dòng tiêu đề."}}
	}
	if say := checkHeading(heading, columns); say != "" {
		return []LineError{{1, say}}
	}
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			return bad
		}
		line, _ := in.FieldPos(0)
		if err != nil {
			return append(bad, LineError{line, "không đọc được dòng này: dấu nháy hoặc ký tự không đúng dạng CSV."})
		}
		if len(cells) != len(heading) {
			bad = append(bad, LineError{line, fmt.Sprintf("có %d ô, tiêu đề có %d.", len(cells), len(heading))})
			continue
		}
		f := make(record, len(cells))
		for i, c := range cells {
			f[heading[i]] = vntext.NFC(strings.TrimSpace(c))
		}
		if err := each(line, f); err != nil {
			bad = append(bad, lineError(line, err))
		}
	}
}

// checkHeading cleans the column names in place and says what is wrong with them.
func checkHeading(heading, columns []string) string {
	for i, h := range heading {
		heading[i] = strings.TrimSpace(strings.TrimPrefix(h, "\ufeff"))
		if !slices.Contains(columns, heading[i]) && !slices.Contains(columns, heading[i]+"*") {
			return fmt.Sprintf("không có cột %q; các cột: %s.", heading[i], strings.Join(columns, ", "))
		}
	}
	for _, c := range columns {
		if name, must := strings.CutSuffix(c, "*"); must && !slices.Contains(heading, name) {
			return fmt.Sprintf("thiếu cột %q.", name)
		}
	}
	return ""
}

func lineError(line int, err error) LineError {
	if r, ok := fault.Sentence(err); ok {
		return LineError{line, r.Say}
	}
	return LineError{line, err.Error()}
}

// CheckUnits says which lines the store would refuse; it changes nothing, so it is the
// dry run. A unit may stand under one of an earlier line.
func CheckUnits(tx *db.Tx, rows []UnitLine) (bad []LineError, err error) {
	_, bad, err = placed(tx, rows)
	return bad, err
}

func placed(tx *db.Tx, rows []UnitLine) (all []Unit, bad []LineError, err error) {
	d, err := units(tx)
	if err != nil {
		return nil, nil, err
	}
	d = d.copy()
	for _, r := range rows {
		u := r.Unit
		if err := u.place(d, today(tx)); err != nil {
			bad = append(bad, lineError(r.Line, err))
			continue
		}
		u.Ordinal = len(d.order) + 1
		d.add(&u)
		all = append(all, u)
	}
	return all, bad, nil
}

// copy returns a directory that may be added to; the units in it are shared.
func (d *directory) copy() *directory {
	c := &directory{n: d.n, byID: map[UnitID]*Unit{}, below: map[UnitID][]*Unit{}, house: map[UnitID][]*Unit{}, from: map[UnitID][]*Unit{}}
	for _, u := range d.order {
		c.add(u)
	}
	return c
}

// SaveUnits adds the units of a file, all or, when a line is refused, none: it then
// returns the lines and a fault.Invalid that ends the transaction.
func SaveUnits(tx *db.Tx, who Actor, rows []UnitLine) (bad []LineError, err error) {
	defer fault.Wrap(&err, "import units")
	if err := hold(tx); err != nil {
		return nil, err
	}
	all, bad, err := placed(tx, rows)
	if err != nil {
		return nil, err
	}
	if len(bad) > 0 {
		return bad, refuseFile(bad)
	}
	if err := insertUnits(tx, all); err != nil {
		return nil, err
	}
	if err := traced(tx, who, "SaveUnits", "", fmt.Sprintf("%d units", len(all)), nil, nil); err != nil {
		return nil, err
	}
	var over []UnitID
	d, err := units(tx)
	if err != nil {
		return nil, err
	}
	for _, u := range all {
		over = append(over, d.above(u.Parent)...)
	}
	slices.Sort(over)
	return nil, refresh(tx, true, slices.Compact(over)...)
}

func refuseFile(bad []LineError) error {
	return fault.Refuse(fault.Invalid, "Tệp có %d dòng không nhận được, dòng đầu tiên: %s", len(bad), bad[0].Error())
}

// CheckOfficers says which lines the store would refuse; it changes nothing.
func CheckOfficers(tx *db.Tx, rows []OfficerLine) (bad []LineError, err error) {
	known, err := knownOfficers(tx)
	if err != nil {
		return nil, err
	}
	d, err := units(tx)
	if err != nil {
		return nil, err
	}
	heads, names, emails := map[UnitID]int{}, map[OfficerID]string{}, map[string]OfficerID{}
	for _, r := range rows {
		if err := r.check(d, today(tx), known, heads, names, emails); err != nil {
			bad = append(bad, lineError(r.Line, err))
		}
	}
	return bad, nil
}

// check refuses what contradicts the store or an earlier line, and fills the day.
func (r *OfficerLine) check(d *directory, on workday.Date, known map[string]bool, heads map[UnitID]int, names map[OfficerID]string, emails map[string]OfficerID) error {
	o, p := r.Officer, r.Post
	if p.Since.IsZero() {
		p.Since = on
	}
	if known[string(o.ID)] || o.Email != "" && known[o.Email] {
		return fault.Refuse(fault.Conflict, "Mã cán bộ hoặc thư điện tử này đã có người dùng.")
	}
	if was, ok := names[o.ID]; ok && was != o.Name {
		return fault.Field("name", "Mã cán bộ %q đã dùng ở dòng trước cho %s.", o.ID, was)
	}
	if by, ok := emails[o.Email]; ok && o.Email != "" && by != o.ID {
		return fault.Field("email", "Thư điện tử %q đã dùng ở dòng trước.", o.Email)
	}
	names[o.ID], emails[o.Email] = o.Name, o.ID
	if err := p.fits(d); err != nil {
		return err
	}
	part := p.Unit
	if p.Role == Head {
		part = p.Section
	}
	if p.heads(part) {
		if line := heads[part]; line > 0 {
			return fault.Field("role", "Dòng %d đã ghi người đứng đầu của đơn vị này.", line)
		}
		if known["head:"+string(part)] {
			return fault.Field("role", "Đơn vị này đã có người đứng đầu.")
		}
		heads[part] = r.Line
	}
	return nil
}

// knownOfficers returns the ids and e-mail addresses in use, and "head:" + id of the
// units and sections that have a head.
func knownOfficers(tx *db.Tx) (map[string]bool, error) {
	known := map[string]bool{}
	err := tx.All(`
		SELECT id FROM officer
		UNION ALL SELECT email FROM officer WHERE email <> ''
		UNION ALL SELECT 'head:' || unit FROM post WHERE role = 'leader' AND NOT deputy AND (until IS NULL OR until > $1)
		UNION ALL SELECT 'head:' || section FROM post WHERE role = 'head' AND NOT deputy AND (until IS NULL OR until > $1)`,
		[]any{today(tx)}, scanKey(known))
	return known, err
}

// SaveOfficers adds the officers and posts of a file, all or none, as SaveUnits does.
func SaveOfficers(tx *db.Tx, who Actor, rows []OfficerLine) (bad []LineError, err error) {
	defer fault.Wrap(&err, "import officers")
	if err := hold(tx); err != nil {
		return nil, err
	}
	if bad, err = CheckOfficers(tx, rows); err != nil {
		return nil, err
	}
	if len(bad) > 0 {
		return bad, refuseFile(bad)
	}
	officers, posts, of := people(tx, rows)
	if err := insertOfficers(tx, officers); err != nil {
		return nil, err
	}
	if err := insertPosts(tx, posts); err != nil {
		return nil, err
	}
	if err := traced(tx, who, "SaveOfficers", "", fmt.Sprintf("%d officers", len(officers)), nil, nil); err != nil {
		return nil, err
	}
	if err := changed(tx, false, true); err != nil {
		return nil, err
	}
	d, err := units(tx)
	if err != nil {
		return nil, err
	}
	return nil, rememberAll(tx, d, of)
}

// people joins the lines of one officer and gives posts their ids and days.
func people(tx *db.Tx, rows []OfficerLine) (officers []Officer, posts []Post, of map[OfficerID]*standing) {
	of = map[OfficerID]*standing{}
	for _, r := range rows {
		if of[r.Officer.ID] == nil {
			of[r.Officer.ID] = &standing{officer: r.Officer.ID, active: true}
			officers = append(officers, r.Officer)
		}
		p := r.Post
		p.ID = PostID(tx.NewID())
		if p.Since.IsZero() {
			p.Since = today(tx)
		}
		if posts = append(posts, p); inForce(p.Since, p.Until, today(tx)) {
			of[p.Officer].posts = append(of[p.Officer].posts, p)
		}
	}
	return officers, posts, of
}
