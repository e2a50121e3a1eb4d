package org

import (
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/workday"
)

// AssignPost gives an officer a post from p.Since (zero: today). A unit or section has
// one head at a time, acting or not: the one before must have ended.
func AssignPost(tx *db.Tx, who Actor, p Post) (id PostID, err error) {
	defer fault.Wrap(&err, "assign post in %s", p.Unit)
	if err := hold(tx); err != nil {
		return "", err
	}
	if err := p.check(tx); err != nil {
		return "", err
	}
	p.ID = PostID(tx.NewID())
	if err := insertPosts(tx, []Post{p}); err != nil {
		return "", err
	}
	if err := traced(tx, who, "AssignPost", p.Unit, string(p.ID), nil, p); err != nil {
		return "", err
	}
	if err := changed(tx, false, true); err != nil {
		return "", err
	}
	return p.ID, remember(tx, p.Officer)
}

// check completes and refuses a post by what it says, by where it is and by who holds it
// already, in that order: the cheapest question first.
func (p *Post) check(tx *db.Tx) (err error) {
	if p.Since.IsZero() {
		p.Since = today(tx)
	}
	if !p.Until.IsZero() && !p.Since.Before(p.Until) {
		return fault.Field("until", "Ngày thôi giữ chức danh phải sau ngày bắt đầu %s.", p.Since.Long())
	}
	if p.Title, err = text("title", "Chức danh", p.Title); err != nil {
		return err
	}
	o, err := OfficerOf(tx, p.Officer)
	if err != nil {
		return err
	}
	if !o.Active {
		return fault.Field("officer", "%s không còn làm việc.", o.Name)
	}
	d, err := units(tx)
	if err != nil {
		return err
	}
	if err := p.fits(d); err != nil {
		return err
	}
	return p.alone(tx)
}

// fits refuses a role and place that do not go together.
func (p *Post) fits(d *directory) error {
	u := d.byID[p.Unit]
	switch {
	case !knownRole(p.Role):
		return fault.Field("role", "Vai trò %q không có.", p.Role)
	case u == nil || !u.Stands(p.Since):
		return fault.Field("unit", "Đơn vị %q không có hoặc không hoạt động vào ngày %s.", p.Unit, p.Since.Long())
	// a section owes nothing by itself: posts are of the agency, the section is a detail
	case !u.Agency():
		return fault.Field("unit", "%s là phòng, bộ phận: hãy chọn cơ quan %q và ghi phòng ở ô riêng.", u.Name, u.Owner)
	case p.Role == Head && p.Section == "":
		return fault.Field("section", "Trưởng phòng phải thuộc một phòng, bộ phận.")
	// a leader of the agency with a section would be found twice, as its head too
	case p.Role == Leader && p.Section != "":
		return fault.Field("section", "Lãnh đạo cơ quan không ghi phòng, bộ phận.")
	// Q. stands before the head's title only; nobody acts as a deputy
	case p.Acting && (p.Deputy || p.Role != Leader && p.Role != Head):
		return fault.Field("acting", "Chỉ người đứng đầu mới giữ quyền (Q.).")
	}
	if p.Section == "" {
		return nil
	}
	// a section of another agency, or one that has ended, would hide the holder from
	// everyone
	s := d.byID[p.Section]
	if s == nil || s.Owner != p.Unit || s.ID == p.Unit || !s.Stands(p.Since) {
		return fault.Field("section", "Phòng, bộ phận %q không thuộc %s.", p.Section, u.Short)
	}
	return nil
}

// alone refuses a second head, and the same post twice for one officer.
func (p *Post) alone(tx *db.Tx) error {
	// half-open on both sides: who ends on a day and who begins on it do not meet
	const clash = ` AND unit = $1 AND coalesce(section, '') = $2 AND role = $3 AND deputy = $4
		AND (until IS NULL OR until > $5) AND ($6 = '' OR since < $6)`
	args := []any{p.Unit, p.Section, p.Role, p.Deputy, p.Since, p.Until.String(), p.Officer}
	var n int
	if err := tx.One(`SELECT count(*) FROM post WHERE officer = $7`+clash, args, &n); err != nil {
		return err
	}
	if n > 0 {
		return fault.Refuse(fault.Conflict, "Người này đang giữ chức danh đó.")
	}
	// deputies and specialists are many; only a head is one
	if p.Deputy || p.Role != Leader && p.Role != Head {
		return nil
	}
	if err := tx.One(`SELECT count(*) FROM post WHERE officer <> $7`+clash, args, &n); err != nil {
		return err
	}
	if n > 0 {
		return fault.Field("role", "Đã có người đứng đầu trong thời gian này; cần ghi thôi giữ chức cho người trước.")
	}
	return nil
}

// insertPosts writes posts as they are; the caller has checked them. No section is NULL,
// because the column refers to a unit.
func insertPosts(tx *db.Tx, all []Post) error {
	var rows [][]any
	for _, p := range all {
		var section any
		if p.Section != "" {
			section = p.Section
		}
		rows = append(rows, []any{p.ID, p.Officer, p.Unit, section, p.Role, p.Title, p.Deputy, p.Acting, p.Since, p.Until})
	}
	return insert(tx, `INSERT INTO post (id, officer, unit, section, role, title, deputy, acting, since, until) VALUES `, rows)
}

// EndPost ends a post on a day, the first on which it is no longer held (zero: today).
// A charge that rests on it ends with it.
func EndPost(tx *db.Tx, who Actor, unit UnitID, id PostID, on workday.Date) (err error) {
	defer fault.Wrap(&err, "end post %s", id)
	if err := hold(tx); err != nil {
		return err
	}
	if on.IsZero() {
		on = today(tx)
	}
	p, err := PostOf(tx, id)
	if err != nil {
		return err
	}
	switch {
	case p.Unit != unit:
		return fault.Refuse(fault.NotFound, "Chức danh này không thuộc đơn vị %q.", unit)
	// a day that has passed would take back signatures that were right on that day
	case on.Before(today(tx)) || on.Before(p.Since):
		return fault.Field("on", "Ngày thôi giữ chức danh không được ở trước hôm nay hoặc trước ngày bắt đầu.")
	case !p.Until.IsZero() && !p.Until.After(on):
		return fault.Refuse(fault.Conflict, "Chức danh này đã thôi giữ từ ngày %s.", p.Until.Long())
	}
	if _, err := tx.Exec(`UPDATE post SET until = $1 WHERE id = $2`, on, id); err != nil {
		return err
	}
	// a charge is the ground of KT.; it must not outlive the deputy's post. One that has
	// not begun yet ends where it would begin.
	if p.Role == Leader && p.Deputy {
		if _, err := tx.Exec(`UPDATE charge SET until = CASE WHEN since > $1 THEN since ELSE $1 END
			WHERE officer = $2 AND unit = $3 AND (until IS NULL OR until > $1)`, on, p.Officer, p.Unit); err != nil {
			return err
		}
	}
	if err := traced(tx, who, "EndPost", p.Unit, string(id), p, on); err != nil {
		return err
	}
	if err := changed(tx, false, true); err != nil {
		return err
	}
	return remember(tx, p.Officer)
}
