package org

import (
	"database/sql"
	"fmt"
	"slices"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/workday"
)

// Oversee says from today that the people of unit (an agency or one of its sections)
// oversee every case of a kind, or with on = false that they no longer do. It is
// called where a profile is adopted, which names the overseers with their clauses.
func Oversee(tx *db.Tx, who Actor, unit UnitID, kind string, on bool) (err error) {
	defer fault.Wrap(&err, "oversee %s by %s", kind, unit)
	if err := hold(tx); err != nil {
		return err
	}
	if _, err := UnitOf(tx, unit); err != nil {
		return err
	}
	day := today(tx)
	over, err := overseers(tx, day)
	if err != nil {
		return err
	}
	if slices.Contains(over[unit], kind) == on {
		return nil
	}
	if on {
		_, err = tx.Exec(`INSERT INTO oversight (unit, kind, since, until) VALUES ($1, $2, $3, NULL)
			ON CONFLICT (unit, kind, since) DO UPDATE SET until = NULL`, unit, kind, day)
	} else {
		_, err = tx.Exec(`UPDATE oversight SET until = $1 WHERE unit = $2 AND kind = $3 AND until IS NULL`, day, unit, kind)
	}
	if err != nil {
		return err
	}
	if err := traced(tx, who, "Oversee", unit, kind, !on, on); err != nil {
		return err
	}
	return refresh(tx, false, unit)
}

// refresh makes everyone read the office again and derives anew what the people of the
// given units may read.
func refresh(tx *db.Tx, unitsToo bool, in ...UnitID) error {
	if err := changed(tx, unitsToo, true); err != nil {
		return err
	}
	people, err := peopleOf(tx, in...)
	if err != nil {
		return err
	}
	return remember(tx, people...)
}

// Turn brings membership up to the day of the request: posts, covers, charges and units
// that began or ended since the last turn without anybody touching them. The program
// calls it at start-up and from the sweep; n is how many officers it concerned.
func Turn(tx *db.Tx) (n int, err error) {
	defer fault.Wrap(&err, "turn of the day")
	if err := hold(tx); err != nil {
		return 0, err
	}
	var was workday.Date
	if err := tx.One(`SELECT turned FROM org_change WHERE id = 1`, nil, &was); err != nil {
		return 0, err
	}
	day := today(tx)
	if !was.IsZero() && !was.Before(day) {
		return 0, nil
	}
	if _, err := tx.Exec(`UPDATE org_change SET turned = $1 WHERE id = 1`, day); err != nil {
		return 0, err
	}
	due, err := turning(tx, was, day)
	if err != nil || len(due) == 0 {
		return 0, err
	}
	if err := changed(tx, true, true); err != nil {
		return 0, err
	}
	return len(due), remember(tx, due...)
}

// turning finds whose reading changes after one day up to and with another.
func turning(tx *db.Tx, after, upto workday.Date) (all []OfficerID, err error) {
	const between = ` > $1 AND %[1]s <= $2)`
	on := func(column string) string { return `(` + column + fmt.Sprintf(between, column) }
	query := `
		SELECT officer FROM post WHERE ` + on("since") + ` OR ` + on("until") + `
		UNION SELECT officer FROM charge WHERE ` + on("since") + ` OR ` + on("until") + `
		UNION SELECT stand_in FROM cover WHERE ` + on("from_day") + ` OR (to_day >= $1 AND to_day < $2) OR ` + on("ended") + `
		UNION SELECT p.officer FROM unit u JOIN post p ON p.unit IN (u.id, u.parent, u.owner, u.merged_into)
			WHERE (u.since > $1 AND u.since <= $2) OR (u.until > $1 AND u.until <= $2)
		ORDER BY 1`
	// a store that was never turned: everything that ever began is looked at
	if after.IsZero() {
		after = workday.NewDate(1900, 1, 1)
	}
	err = tx.All(query, []any{after, upto}, func(r *sql.Rows) error {
		var id OfficerID
		err := r.Scan(&id)
		all = append(all, id)
		return err
	})
	return all, err
}
