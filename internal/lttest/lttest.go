// Package lttest gives tests a real office: both databases, a clock the test moves,
// and, in office.go, units and officers of an invented province.
//
// There are no mocks here. Every store and operation test runs on SQLite and on
// PostgreSQL, each on a store of its own.
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

// empty is the store that has the schema and nothing else.
var empty = NewTemplate("empty", nil)

// EachDatabase runs fn on a fresh, migrated store of each database.
func EachDatabase(t *testing.T, fn func(t *testing.T, d *db.DB, clock *Clock)) {
	t.Helper()
	empty.EachDatabase(t, fn)
}

// SQLite returns one fresh, migrated SQLite store, for what depends on no database.
func SQLite(t testing.TB) (*db.DB, *Clock) {
	t.Helper()
	return empty.SQLite(t)
}

// Postgres returns one fresh, migrated PostgreSQL store.
func Postgres(t testing.TB) (*db.DB, *Clock) {
	t.Helper()
	return empty.Postgres(t)
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
