package direct

import (
	"database/sql"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

const columns = `n, what, by, post, seat_section, seat_officer, section, officer, instruction, inner_on, at`

// A direction as it is stored; a way back up is one too.
func scan(r *sql.Rows, d *Direction) error {
	var what, inner string
	err := r.Scan(&d.N, &what, &d.By, &d.Post, &d.Seat.Section, &d.Seat.Officer, &d.To.Section, &d.To.Officer,
		&d.Instruction, &inner, db.Instant(&d.At))
	d.Returned = what == "returned"
	if err == nil && inner != "" {
		d.InnerOn, err = workday.ParseDate(inner)
	}
	return err
}

// last returns the newest direction of a matter in a unit; its zero value when there is
// none, which is the leaders' desk.
func last(tx *db.Tx, id casefile.ID, unit org.UnitID) (d Direction, err error) {
	// system: the caller holds the case
	err = tx.All(`SELECT `+columns+` FROM direction WHERE case_id = $1 AND unit = $2 ORDER BY n DESC LIMIT 1`,
		[]any{string(id), string(unit)}, func(r *sql.Rows) error { return scan(r, &d) })
	return d, err
}

// Where returns where a matter lies in a unit, for a case that the caller holds.
func Where(tx *db.Tx, id casefile.ID, unit org.UnitID) (Place, error) {
	d, err := last(tx, id, unit)
	return d.To, err
}

// The directions of one unit on a case, oldest first. Other units have their own and do not see these.
func history(tx *db.Tx, id casefile.ID, unit org.UnitID) (all []Direction, err error) {
	// system: the caller holds the case
	err = tx.All(`SELECT `+columns+` FROM direction WHERE case_id = $1 AND unit = $2 ORDER BY n LIMIT 1000`,
		[]any{string(id), string(unit)}, func(r *sql.Rows) error {
			all = append(all, Direction{})
			return scan(r, &all[len(all)-1])
		})
	return all, err
}

// History returns the matter's whole way through a unit, the oldest step first, to the
// unit's own people; others get none of it. The caller has the case from Get.
func History(tx *db.Tx, who org.Actor, id casefile.ID, unit org.UnitID) (all []Direction, err error) {
	defer fault.Wrap(&err, "directions of %s", id)
	if who.System == "" && !who.In(unit) {
		return nil, nil
	}
	return history(tx, id, unit)
}

// A Named is an officer with his part in the newest direction.
type Named struct {
	Officer org.OfficerID
	Part    string // "charge", "with" or "reader"
}

// People returns whom the newest direction names, those in charge first, to the unit's
// own people.
func People(tx *db.Tx, who org.Actor, id casefile.ID, unit org.UnitID) (all []Named, err error) {
	if who.System == "" && !who.In(unit) {
		return nil, nil
	}
	// system: the caller holds the case through Get
	err = tx.All(`SELECT officer, part FROM directed WHERE case_id = $1 AND unit = $2 AND until_at IS NULL
		ORDER BY CASE part WHEN 'charge' THEN 0 WHEN 'with' THEN 1 ELSE 2 END, officer LIMIT 200`,
		[]any{string(id), string(unit)}, func(r *sql.Rows) error {
			var n Named
			err := r.Scan(&n.Officer, &n.Part)
			all = append(all, n)
			return err
		})
	return all, err
}
