package duty

import (
	"database/sql"

	"lienthong/internal/db"
	"lienthong/internal/org"
)

// A Load is how many running duties of a unit lie with its sections and its officers. It
// helps whoever directs to see who is busy; it is no figure about a person.
type Load struct {
	Sections map[org.UnitID]int
	Officers map[org.OfficerID]int
}

// LoadOf counts a unit's running duties for those who direct its work.
func LoadOf(tx *db.Tx, unit org.UnitID) (l Load, err error) {
	l = Load{map[org.UnitID]int{}, map[org.OfficerID]int{}}
	// system: counts of a unit's own work, shown inside it; no case is named
	err = tx.All(`SELECT d.section, d.officer, count(*) FROM duty d WHERE d.owner = $1 AND d.ended_at IS NULL
		GROUP BY d.section, d.officer ORDER BY d.section, d.officer`, []any{string(unit)}, func(r *sql.Rows) error {
		var section org.UnitID
		var officer org.OfficerID
		var n int
		err := r.Scan(&section, &officer, &n)
		if section != "" {
			l.Sections[section] += n
		}
		if officer != "" {
			l.Officers[officer] += n
		}
		return err
	})
	return l, err
}
