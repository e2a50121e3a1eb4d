package org

import (
	"database/sql"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/workday"
)

// An Order lets the head of a part of a unit sign some of the unit's papers by order
// of its head (ký thừa lệnh, TL.), because the unit's working regulation says so.
type Order struct {
	ID     string
	Unit   UnitID // whose papers
	Signer UnitID // the section or agency whose head signs
	Kind   string // kind of paper; "" any
	Field  string // "" any
	Basis  string // the text that says so
	Since  workday.Date
	Until  workday.Date
}

// SetByOrder adds an order to sign TL. from o.Since (zero: today).
func SetByOrder(tx *db.Tx, who Actor, o Order) (id string, err error) {
	defer fault.Wrap(&err, "set order to sign for %s", o.Unit)
	if err := hold(tx); err != nil {
		return "", err
	}
	if o.Since.IsZero() {
		o.Since = today(tx)
	}
	if o.Basis, err = text("basis", "Căn cứ ký thừa lệnh", o.Basis); err != nil {
		return "", err
	}
	if o.Field != "" && !fieldID(o.Field) {
		return "", fault.Field("field", "Mã lĩnh vực %q không đúng.", o.Field)
	}
	unit, err := UnitOf(tx, o.Unit)
	if err != nil {
		return "", err
	}
	signer, err := UnitOf(tx, o.Signer)
	if err != nil {
		return "", err
	}
	if unit.ID == signer.ID || signer.Owner != unit.ID && signer.Parent != unit.ID && signer.Parent != unit.Parent {
		return "", fault.Field("signer", "%s không thuộc cơ cấu của %s nên không được giao ký thừa lệnh.", signer.Name, unit.Short)
	}
	o.ID = tx.NewID()
	if err := insertOrders(tx, []Order{o}); err != nil {
		return "", err
	}
	return o.ID, traced(tx, who, "SetByOrder", o.Unit, o.ID, nil, o)
}

// EndByOrder ends an order to sign TL. today.
func EndByOrder(tx *db.Tx, who Actor, unit UnitID, id string) (err error) {
	defer fault.Wrap(&err, "end order %s", id)
	if err := hold(tx); err != nil {
		return err
	}
	n, err := tx.Exec(`UPDATE by_order SET until = $1 WHERE id = $2 AND unit = $3 AND until IS NULL`, today(tx), id, unit)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Refuse(fault.NotFound, "Không có quy định ký thừa lệnh này đang có hiệu lực.")
	}
	return traced(tx, who, "EndByOrder", unit, id, id, nil)
}

// Orders to sign by order (TL.), several at once.
func insertOrders(tx *db.Tx, all []Order) error {
	var rows [][]any
	for _, o := range all {
		rows = append(rows, []any{o.ID, o.Unit, o.Signer, o.Kind, o.Field, o.Basis, o.Since, o.Until})
	}
	return insert(tx, `INSERT INTO by_order (id, unit, signer, kind, field, basis, since, until) VALUES `, rows)
}

// Orders returns the orders to sign TL. for a unit that are in force on a day.
func Orders(tx *db.Tx, unit UnitID, on workday.Date) (all []Order, err error) {
	err = tx.All(`SELECT id, unit, signer, kind, field, basis, since, until FROM by_order
		WHERE unit = $1 AND since <= $2 AND (until IS NULL OR until > $2) ORDER BY id`, []any{unit, on}, func(r *sql.Rows) error {
		var o Order
		if err := r.Scan(&o.ID, &o.Unit, &o.Signer, &o.Kind, &o.Field, &o.Basis, &o.Since, &o.Until); err != nil {
			return err
		}
		all = append(all, o)
		return nil
	})
	return all, err
}
