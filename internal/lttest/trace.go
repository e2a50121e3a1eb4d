package lttest

import (
	"database/sql"
	"testing"

	"lienthong/internal/db"
)

// Trace returns every "table.column" of a store in which a word still stands, whoever it
// belongs to: what a seal must leave empty. Packed texts are not looked into: a sealed
// event has none. The word is plain ASCII, so that no folding hides it.
func Trace(t testing.TB, d *db.DB, word string) (found []string) {
	t.Helper()
	View(t, d, func(tx *db.Tx) error {
		columns, err := columnsOf(tx)
		if err != nil {
			return err
		}
		for _, c := range columns {
			text := `CAST(` + c[1] + ` AS TEXT)`
			if tx.Postgres() && c[2] == "bytea" {
				text = `encode(` + c[1] + `, 'escape')`
			}
			var n int64
			if err := tx.One(`SELECT count(*) FROM `+c[0]+` WHERE `+text+` LIKE $1`, []any{"%" + word + "%"}, &n); err != nil {
				return err
			}
			if n > 0 {
				found = append(found, c[0]+"."+c[1])
			}
		}
		return nil
	})
	return found
}

// columnsOf lists table, column and type of the store's own tables. What a full-text index
// keeps in tables of its own is asked through the table that owns it.
func columnsOf(tx *db.Tx) (all [][3]string, err error) {
	query := `SELECT m.name, '"' || p.name || '"', lower(p.type) FROM sqlite_master m, pragma_table_info(m.name) p
		WHERE m.type = 'table' AND m.sql IS NOT NULL AND m.sql NOT LIKE 'CREATE VIRTUAL%'`
	if tx.Postgres() {
		query = `SELECT table_name, '"' || column_name || '"', data_type FROM information_schema.columns WHERE table_schema = current_schema()`
	}
	err = tx.All(query, nil, func(r *sql.Rows) error {
		var c [3]string
		err := r.Scan(&c[0], &c[1], &c[2])
		all = append(all, c)
		return err
	})
	return all, err
}
