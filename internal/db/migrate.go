package db

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"sort"
	"strconv"
	"strings"
	"time"

	"lienthong/internal/fault"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migrateLimit is how long one migration may hold the store.
const migrateLimit = time.Hour

// A migration is one numbered file of SQL that both databases speak.
type migration struct {
	n    int
	name string
	text string
}

// Migrate brings the schema up to this program's, forward only, each file in one
// transaction. It refuses a schema that is newer than the program.
func (d *DB) Migrate(ctx context.Context) (applied []string, err error) {
	defer fault.Wrap(&err, "migrate")
	all, err := migrations(migrationFiles)
	if err != nil {
		return nil, err
	}
	if err := d.Update(ctx, (*Tx).migrationTable); err != nil {
		return nil, err
	}
	done, err := d.migrated(ctx)
	if err != nil {
		return nil, err
	}
	if err := newer(all, done); err != nil {
		return nil, err
	}
	for _, m := range all {
		if done[m.n] {
			continue
		}
		if err := d.updateWithin(ctx, migrateLimit, func(tx *Tx) error { return tx.migrate(m) }); err != nil {
			return applied, fmt.Errorf("%04d_%s: %w", m.n, m.name, err)
		}
		applied = append(applied, m.name)
	}
	return applied, nil
}

// SchemaReady says whether the store has exactly this program's schema; the error
// tells the administrator what to run.
func (d *DB) SchemaReady(ctx context.Context) error {
	all, err := migrations(migrationFiles)
	if err != nil {
		return err
	}
	done, err := d.migrated(ctx)
	if err != nil {
		return fmt.Errorf("the store is empty: run 'lienthong migrate': %w", err)
	}
	for _, m := range all {
		if !done[m.n] {
			return fmt.Errorf("schema %04d_%s is missing: run 'lienthong migrate'", m.n, m.name)
		}
	}
	return newer(all, done)
}

// newer refuses a store that has a migration this program does not know.
func newer(all []migration, done map[int]bool) error {
	known := map[int]bool{}
	for _, m := range all {
		known[m.n] = true
	}
	for n := range done {
		if !known[n] {
			return fmt.Errorf("the store has schema %04d, newer than this program", n)
		}
	}
	return nil
}

// migrationTable makes the table of applied migrations. The lock is for two nodes
// that start at once: PostgreSQL lets both begin to create what neither sees.
func (tx *Tx) migrationTable() error {
	if tx.Postgres() {
		if _, err := tx.Exec(`SELECT pg_advisory_xact_lock(hashtext(current_schema() || 'lienthong'))`); err != nil {
			return err
		}
	}
	_, err := tx.Exec(`CREATE TABLE IF NOT EXISTS migration (n BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL)`)
	return err
}

// The steps that were applied, by number.
func (d *DB) migrated(ctx context.Context) (done map[int]bool, err error) {
	done = map[int]bool{}
	err = d.View(ctx, func(tx *Tx) error {
		return tx.All(`SELECT n FROM migration ORDER BY n`, nil, func(r *sql.Rows) error {
			var n int
			if err := r.Scan(&n); err != nil {
				return err
			}
			done[n] = true
			return nil
		})
	})
	return done, err
}

// migrate applies one file. Two nodes that start at once take turns: the second
// finds the row of the first.
func (tx *Tx) migrate(m migration) error {
	if tx.Postgres() {
		if _, err := tx.Exec(`LOCK TABLE migration IN EXCLUSIVE MODE`); err != nil {
			return err
		}
	}
	var n int
	if err := tx.One(`SELECT n FROM migration WHERE n = $1`, []any{m.n}, &n); !errors.Is(err, fault.NotFound) {
		return err
	}
	list, err := statements(m.text, tx.Postgres())
	if err != nil {
		return err
	}
	for _, s := range list {
		if _, err := tx.Exec(s); err != nil {
			return fmt.Errorf("%w in: %.80s", err, s)
		}
	}
	_, err = tx.Exec(`INSERT INTO migration (n, name, applied_at) VALUES ($1, $2, $3)`, m.n, m.name, tx.Now)
	return err
}

// migrations reads the numbered files in order and refuses a number used twice.
func migrations(files fs.FS) (all []migration, err error) {
	names, err := fs.Glob(files, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	seen := map[int]string{}
	for _, path := range names {
		base := strings.TrimSuffix(strings.TrimPrefix(path, "migrations/"), ".sql")
		num, name, ok := strings.Cut(base, "_")
		n, err := strconv.Atoi(num)
		if err != nil || !ok {
			return nil, fmt.Errorf("migration %s has no number", path)
		}
		if seen[n] != "" {
			return nil, fmt.Errorf("migrations %s and %s have one number", seen[n], path)
		}
		seen[n] = path
		text, err := fs.ReadFile(files, path)
		if err != nil {
			return nil, err
		}
		all = append(all, migration{n, name, string(text)})
	}
	sort.Slice(all, func(i, j int) bool { return all[i].n < all[j].n })
	return all, nil
}
