package org

import (
	"fmt"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/workday"
)

// An OfficerLine is one officer of a file with a post; the same id on several lines is
// one person with several posts.
type OfficerLine struct {
	Line    int
	Officer Officer
	Post    Post
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
