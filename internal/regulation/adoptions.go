package regulation

import (
	"database/sql"

	"lienthong/internal/db"
	"lienthong/internal/fault"
)

// Adoptions returns the newest adoptions first, at most limit.
func Adoptions(tx *db.Tx, limit int) (all []Adoption, err error) {
	defer fault.Wrap(&err, "adoptions")
	return adoptions(tx, limit)
}

// Adoptions, newest first, with their profiles.
func adoptions(tx *db.Tx, limit int) (all []Adoption, err error) {
	err = tx.All(`
		SELECT a.n, a.hash, b.profile, a.adopted_by, a.adopted_at
		FROM rulebook_adoption a
		JOIN rulebook b ON b.hash = a.hash
		ORDER BY a.n DESC
		LIMIT $1`, []any{limit},
		func(r *sql.Rows) error {
			var a Adoption
			err := r.Scan(&a.N, &a.Hash, &a.Profile, &a.By, db.Instant(&a.At))
			all = append(all, a)
			return err
		})
	return all, err
}
