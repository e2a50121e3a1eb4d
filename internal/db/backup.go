package db

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"

	"lienthong/internal/fault"
)

// Copy writes a whole, consistent copy of the SQLite store to a new file, while others
// go on working: the copy is of one instant. A file that exists is a fault.Conflict. A
// PostgreSQL store is copied by its own tools and is a fault.Invalid here.
func (d *DB) Copy(ctx context.Context, file string) (err error) {
	defer fault.Wrap(&err, "copy store to %s", file)
	if d.lite == nil {
		return fault.Invalid
	}
	if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
		return errors.Join(fault.Conflict, err)
	}
	// A connection of its own: the reading ones may not even write another file.
	pool := sql.OpenDB(liteFile(filepath.Join(d.name, "lienthong.db"), true))
	_, err = pool.ExecContext(ctx, `VACUUM INTO ?`, file)
	return errors.Join(err, pool.Close())
}

// Tables returns how many tables the store has; 0 means that nothing was ever made in it.
func (d *DB) Tables(ctx context.Context) (n int, err error) {
	query := `SELECT count(*) FROM sqlite_master WHERE type = 'table'`
	if d.Postgres() {
		query = `SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema()`
	}
	err = d.View(ctx, func(tx *Tx) error { return tx.One(query, nil, &n) })
	return n, err
}
