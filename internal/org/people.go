package org

import (
	"database/sql"
	"regexp"
	"slices"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/vntext"
	"lienthong/internal/workday"
)

var (
	officerForm = regexp.MustCompile(`^[a-z0-9]+([.@/_-][a-z0-9]+)*$`)
	emailForm   = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)
)

// AddOfficer adds a person; o.ID may be empty and is then made. An id or e-mail
// address used before is a fault.Conflict. The officer reads nothing until he holds a post.
func AddOfficer(tx *db.Tx, who Actor, unit UnitID, o Officer) (id OfficerID, err error) {
	defer fault.Wrap(&err, "add officer")
	if err := hold(tx); err != nil {
		return "", err
	}
	if o.ID == "" {
		o.ID = OfficerID(tx.NewID())
	}
	if err := o.check(); err != nil {
		return "", err
	}
	var taken int
	if err := tx.One(`SELECT count(*) FROM officer WHERE id = $1 OR (email = $2 AND email <> '')`, []any{o.ID, o.Email}, &taken); err != nil {
		return "", err
	}
	if taken > 0 {
		return "", fault.Refuse(fault.Conflict, "Mã cán bộ hoặc thư điện tử này đã có người dùng.")
	}
	o.Active = true
	if err := insertOfficers(tx, []Officer{o}); err != nil {
		return "", err
	}
	if err := traced(tx, who, "AddOfficer", unit, string(o.ID), nil, o); err != nil {
		return "", err
	}
	if err := changed(tx, false, true); err != nil {
		return "", err
	}
	return o.ID, remember(tx, o.ID)
}

func (o *Officer) check() (err error) {
	if !officerForm.MatchString(string(o.ID)) || len(o.ID) > 100 {
		return fault.Field("id", "Mã cán bộ %q không đúng: chỉ gồm chữ thường không dấu, số, dấu chấm, gạch ngang.", o.ID)
	}
	if o.Name, err = text("name", "Họ và tên", o.Name); err != nil {
		return err
	}
	if o.Phone, err = optional("phone", "Số điện thoại", o.Phone); err != nil {
		return err
	}
	if o.Email, err = optional("email", "Thư điện tử", o.Email); err != nil {
		return err
	}
	if o.Email != "" && !emailForm.MatchString(o.Email) {
		return fault.Field("email", "Thư điện tử %q không đúng dạng.", o.Email)
	}
	return nil
}

func insertOfficers(tx *db.Tx, all []Officer) error {
	var rows [][]any
	for _, o := range all {
		rows = append(rows, []any{o.ID, o.Name, vntext.Fold(o.Name), o.Email, o.Phone, o.Active, o.Invented})
	}
	return insert(tx, `INSERT INTO officer (id, name, folded, email, phone, active, invented) VALUES `, rows)
}

// Leave ends all posts of an officer today and closes his account: he retired, moved
// away or died. His name stays on what he did.
func Leave(tx *db.Tx, who Actor, unit UnitID, id OfficerID, reason string) (err error) {
	defer fault.Wrap(&err, "officer %s leaves", id)
	if err := hold(tx); err != nil {
		return err
	}
	if reason, err = text("reason", "Lý do", reason); err != nil {
		return err
	}
	if _, err := OfficerOf(tx, id); err != nil {
		return err
	}
	if _, err := tx.Exec(`UPDATE officer SET active = FALSE WHERE id = $1`, id); err != nil {
		return err
	}
	for _, table := range []string{"post", "charge"} {
		if _, err := tx.Exec(`UPDATE `+table+` SET until = CASE WHEN since > $1 THEN since ELSE $1 END
			WHERE officer = $2 AND (until IS NULL OR until > $1)`, today(tx), id); err != nil {
			return err
		}
	}
	if err := traced(tx, who, "Leave", unit, string(id), nil, reason); err != nil {
		return err
	}
	if err := changed(tx, false, true); err != nil {
		return err
	}
	return remember(tx, id)
}

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
	case !u.Agency():
		return fault.Field("unit", "%s là phòng, bộ phận: hãy chọn cơ quan %q và ghi phòng ở ô riêng.", u.Name, u.Owner)
	case p.Role == Head && p.Section == "":
		return fault.Field("section", "Trưởng phòng phải thuộc một phòng, bộ phận.")
	case p.Role == Leader && p.Section != "":
		return fault.Field("section", "Lãnh đạo cơ quan không ghi phòng, bộ phận.")
	case p.Acting && (p.Deputy || p.Role != Leader && p.Role != Head):
		return fault.Field("acting", "Chỉ người đứng đầu mới giữ quyền (Q.).")
	}
	if p.Section == "" {
		return nil
	}
	s := d.byID[p.Section]
	if s == nil || s.Owner != p.Unit || s.ID == p.Unit || !s.Stands(p.Since) {
		return fault.Field("section", "Phòng, bộ phận %q không thuộc %s.", p.Section, u.Short)
	}
	return nil
}

// alone refuses a second head, and the same post twice for one officer.
func (p *Post) alone(tx *db.Tx) error {
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
	case on.Before(today(tx)) || on.Before(p.Since):
		return fault.Field("on", "Ngày thôi giữ chức danh không được ở trước hôm nay hoặc trước ngày bắt đầu.")
	case !p.Until.IsZero() && !p.Until.After(on):
		return fault.Refuse(fault.Conflict, "Chức danh này đã thôi giữ từ ngày %s.", p.Until.Long())
	}
	if _, err := tx.Exec(`UPDATE post SET until = $1 WHERE id = $2`, on, id); err != nil {
		return err
	}
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

// A Contact (đầu mối) is who answers for a unit in a field ("" any), and his deputy.
type Contact struct {
	Unit    UnitID
	Field   string
	Officer OfficerID
	Deputy  OfficerID // "" none
	Since   workday.Date
}

// SetContact names the contact of a unit for a field from today; the one before ends.
func SetContact(tx *db.Tx, who Actor, c Contact) (err error) {
	defer fault.Wrap(&err, "set contact of %s", c.Unit)
	if err := hold(tx); err != nil {
		return err
	}
	if c.Field != "" && !fieldID(c.Field) {
		return fault.Field("field", "Mã lĩnh vực %q không đúng.", c.Field)
	}
	all, err := Officers(tx, c.Unit)
	if err != nil {
		return err
	}
	serves := func(o OfficerID) bool {
		return slices.ContainsFunc(all, func(h Held) bool { return h.Officer.ID == o })
	}
	if !serves(c.Officer) || c.Deputy != "" && !serves(c.Deputy) {
		return fault.Field("officer", "Đầu mối và người dự phòng phải đang giữ chức danh tại đơn vị.")
	}
	if c.Deputy == c.Officer {
		return fault.Field("deputy", "Người dự phòng phải là người khác.")
	}
	c.Since = today(tx)
	var deputy any
	if c.Deputy != "" {
		deputy = c.Deputy
	}
	if _, err := tx.Exec(`UPDATE contact SET until = $1 WHERE unit = $2 AND field = $3 AND until IS NULL AND since < $1`, c.Since, c.Unit, c.Field); err != nil {
		return err
	}
	if _, err := tx.Exec(`INSERT INTO contact (unit, field, officer, deputy, since, until) VALUES ($1, $2, $3, $4, $5, NULL)
		ON CONFLICT (unit, field, since) DO UPDATE SET officer = excluded.officer, deputy = excluded.deputy`,
		c.Unit, c.Field, c.Officer, deputy, c.Since); err != nil {
		return err
	}
	return traced(tx, who, "SetContact", c.Unit, c.Field, nil, c)
}

// Contacts returns the contacts of a unit today, by field.
func Contacts(tx *db.Tx, unit UnitID) (all []Contact, err error) {
	err = tx.All(`SELECT unit, field, officer, coalesce(deputy, ''), since FROM contact
		WHERE unit = $1 AND until IS NULL ORDER BY field`, []any{unit}, func(r *sql.Rows) error {
		var c Contact
		if err := r.Scan(&c.Unit, &c.Field, &c.Officer, &c.Deputy, &c.Since); err != nil {
			return err
		}
		all = append(all, c)
		return nil
	})
	return all, err
}

// ContactFor returns the contact of a unit for a field: the nearest field that holds
// it, else the one for any; ok is false where the unit named none.
func ContactFor(tx *db.Tx, unit UnitID, field string) (best Contact, ok bool, err error) {
	all, err := Contacts(tx, unit)
	for _, c := range all {
		if c.Field == "" || coversField([]string{c.Field}, field) {
			if !ok || len(c.Field) > len(best.Field) {
				best, ok = c, true
			}
		}
	}
	return best, ok, err
}
