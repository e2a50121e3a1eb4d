package org

import (
	"database/sql"

	"lienthong/internal/db"
)

// An OneStepUnit is a unit on a path of one step and the officer who does it all.
type OneStepUnit struct {
	Unit    Unit
	Officer OfficerID
}

// OneStep returns the units whose own path for any paper is one step today, each with
// an officer who does it all, communes first; `demo` prints them.
func OneStep(tx *db.Tx) (all []OneStepUnit, err error) {
	var ids []UnitID
	var roles []Role
	err = tx.All(`SELECT unit, min(role) FROM path_step WHERE unit <> '' AND kind = '' AND since <= $1 AND (until IS NULL OR until > $1)
		GROUP BY unit HAVING count(*) = 1 ORDER BY unit`, []any{today(tx)}, func(r *sql.Rows) error {
		var u UnitID
		var role Role
		err := r.Scan(&u, &role)
		ids, roles = append(ids, u), append(roles, role)
		return err
	})
	if err != nil {
		return nil, err
	}
	for i, id := range ids {
		u, err := UnitOf(tx, id)
		if err != nil {
			return nil, err
		}
		who, err := Holders(tx, id, roles[i])
		if err != nil {
			return nil, err
		}
		if len(who) > 0 {
			all = append(all, OneStepUnit{Unit: u, Officer: who[0].Officer.ID})
		}
	}
	return all, nil
}
