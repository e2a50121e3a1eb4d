package org

import (
	"database/sql"
	"slices"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/workday"
)

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
