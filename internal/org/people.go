package org

import (
	"regexp"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/vntext"
)

var (
	// an id may be one that another system gave, such as an e-mail address; those made
	// here hold the unit's id with its "/"
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
	// an id is never used again, not even of somebody who left: it names him in the
	// history
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

// check cleans and refuses what was typed. The id stands in addresses and in the log for
// ever, so it has few letters; the name may be any.
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

// insertOfficers writes people with the folded name that search reads.
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
	// what has not begun is ended where it would begin, so that no row ends before it
	// starts
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
