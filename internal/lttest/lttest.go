// Package lttest gives tests a real office: both databases, a clock the test moves,
// and, in office.go, units and officers of an invented province.
//
// There are no mocks here. Every store and operation test runs on SQLite and on
// PostgreSQL, one schema a test.
package lttest

import (
	"context"
	"sync"
	"testing"
	"time"

	"lienthong/internal/db"
)

// A Clock is the time of one test. It is safe for use by many goroutines.
type Clock struct {
	mu  sync.Mutex
	now time.Time // moves only by hand
}

// Now returns the clock's time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Set moves the clock to an instant, forwards or back.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

// Add moves the clock on by d.
func (c *Clock) Add(d time.Duration) { c.Set(c.Now().Add(d)) }

// Start is where a test's clock begins: Tuesday 10 February 2026, 08:02 in the
// office, the first day on which PT06 is in force.
var Start = time.Date(2026, 2, 10, 1, 2, 0, 0, time.UTC)

// EachDatabase runs fn on a fresh, migrated store of each database.
func EachDatabase(t *testing.T, fn func(t *testing.T, d *db.DB, clock *Clock)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { run(t, t.TempDir(), fn) })
	t.Run("postgres", func(t *testing.T) { run(t, PostgresURL(t), fn) })
}

// SQLite returns one fresh, migrated SQLite store, for what depends on no database.
func SQLite(t testing.TB) (*db.DB, *Clock) { return open(t, t.TempDir()) }

// Postgres returns one fresh, migrated PostgreSQL store.
func Postgres(t testing.TB) (*db.DB, *Clock) { return open(t, PostgresURL(t)) }

// One database of the test: opened, used, closed, and dropped when it passed.
func run(t *testing.T, dsn string, fn func(t *testing.T, d *db.DB, clock *Clock)) {
	d, clock := open(t, dsn)
	fn(t, d, clock)
}

// Opens a store with a clock that the test moves.
func open(t testing.TB, dsn string) (*db.DB, *Clock) {
	t.Helper()
	d, err := db.Open(context.Background(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	if d.Postgres() {
		d.SetBox(db.FileBox(t.TempDir()))
	}
	clock := &Clock{now: Start}
	d.Clock = clock.Now
	if _, err := d.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	return d, clock
}

// Update runs fn in one update and fails the test on an error.
func Update(t testing.TB, d *db.DB, fn func(tx *db.Tx) error) {
	t.Helper()
	if err := d.Update(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

// View runs fn in one view and fails the test on an error.
func View(t testing.TB, d *db.DB, fn func(tx *db.Tx) error) {
	t.Helper()
	if err := d.View(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}
