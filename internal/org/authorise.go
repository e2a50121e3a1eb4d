package org

import (
	"database/sql"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/workday"
)

// An Authorisation (uỷ quyền) lets the head of a part of a unit sign TUQ. what the
// unit's head would sign: in writing, for named papers or fields, from day to day.
// It lapses with its last day, when it is revoked, and when giver or taker no longer
// holds the post; it is never passed on.
type Authorisation struct {
	ID      string
	Unit    UnitID
	Giver   OfficerID
	Taker   OfficerID
	Papers  []string     // kinds of papers; empty: any
	Fields  []string     // ids of fields; empty: any
	Ceiling int64        // highest value of a matter in đồng; 0: none stated
	Number  string       // of the written authorisation
	Date    workday.Date // of the paper
	From    workday.Date // first day in force
	To      workday.Date // last day in force
	Revoked workday.Date // the day from which it was withdrawn
}

// InForce says whether the authorisation holds on a day.
func (a Authorisation) InForce(on workday.Date) bool {
	return !on.Before(a.From) && !on.After(a.To) && (a.Revoked.IsZero() || on.Before(a.Revoked))
}

// Authorise records a written authorisation. Only the head of the unit gives one, and
// only to the head of a section or agency below it (NĐ 30/2020/NĐ-CP, Điều 13).
func Authorise(tx *db.Tx, who Actor, a Authorisation) (id string, err error) {
	defer fault.Wrap(&err, "authorise %s for %s", a.Taker, a.Unit)
	if err := hold(tx); err != nil {
		return "", err
	}
	if err := a.check(tx); err != nil {
		return "", err
	}
	a.ID, a.Revoked = tx.NewID(), workday.Date{}
	if err := insertAuthorisation(tx, a); err != nil {
		return "", err
	}
	if err := traced(tx, who, "Authorise", a.Unit, a.ID, nil, a); err != nil {
		return "", err
	}
	return a.ID, changed(tx, false, true)
}

// An authorisation and its scope, row by row: papers, fields, areas.
func insertAuthorisation(tx *db.Tx, a Authorisation) error {
	if _, err := tx.Exec(`INSERT INTO authorisation (id, unit, giver, taker, ceiling, number, dated, from_day, to_day, revoked)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL)`,
		a.ID, a.Unit, a.Giver, a.Taker, a.Ceiling, a.Number, a.Date, a.From, a.To); err != nil {
		return err
	}
	var scope [][]any
	for _, k := range a.Papers {
		scope = append(scope, []any{a.ID, "paper", k})
	}
	for _, f := range a.Fields {
		scope = append(scope, []any{a.ID, "field", f})
	}
	return insert(tx, `INSERT INTO authorisation_scope (authorisation, kind, value) VALUES `, scope)
}

// Revoke withdraws an authorisation from today.
func Revoke(tx *db.Tx, who Actor, unit UnitID, id, reason string) (err error) {
	defer fault.Wrap(&err, "revoke %s", id)
	if err := hold(tx); err != nil {
		return err
	}
	if reason, err = text("reason", "Lý do", reason); err != nil {
		return err
	}
	n, err := tx.Exec(`UPDATE authorisation SET revoked = $1 WHERE id = $2 AND unit = $3 AND revoked IS NULL AND to_day >= $1`,
		today(tx), id, unit)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Refuse(fault.NotFound, "Không có uỷ quyền này, hoặc đã hết hiệu lực.")
	}
	if err := traced(tx, who, "Revoke", unit, id, nil, reason); err != nil {
		return err
	}
	return changed(tx, false, true)
}

// Authorisations returns all authorisations of a unit, the newest first, lapsed ones too.
func Authorisations(tx *db.Tx, unit UnitID) ([]Authorisation, error) {
	return authorisationsWhere(tx, `a.unit = $1`, unit)
}

// Authorisations with their scopes in one query, for a list and for a signature alike.
func authorisationsWhere(tx *db.Tx, where string, id any) (all []Authorisation, err error) {
	err = tx.All(`
		SELECT a.id, a.unit, a.giver, a.taker, a.ceiling, a.number, a.dated, a.from_day, a.to_day, a.revoked,
			coalesce(s.kind, ''), coalesce(s.value, '')
		FROM authorisation a LEFT JOIN authorisation_scope s ON s.authorisation = a.id
		WHERE `+where+` ORDER BY a.from_day DESC, a.id, s.kind, s.value`, []any{id}, func(r *sql.Rows) error {
		var a Authorisation
		var kind, value string
		if err := r.Scan(&a.ID, &a.Unit, &a.Giver, &a.Taker, &a.Ceiling, &a.Number, &a.Date, &a.From, &a.To, &a.Revoked,
			&kind, &value); err != nil {
			return err
		}
		if n := len(all); n == 0 || all[n-1].ID != a.ID {
			all = append(all, a)
		}
		last := &all[len(all)-1]
		switch kind {
		case "paper":
			last.Papers = append(last.Papers, value)
		case "field":
			last.Fields = append(last.Fields, value)
		}
		return nil
	})
	return all, err
}
