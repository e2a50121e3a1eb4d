package db_test

import (
	"testing"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/lttest"
)

// A kept count is given until a commit touches one of its units, a version grows or its
// few seconds are over; what began before a commit hides nothing of it.
func TestRecent(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		asked := 0
		ask := func(tx *db.Tx) {
			t.Helper()
			_, err := tx.Recent("an|badge", []string{"so-a", "so-b"}, func() (any, error) { asked++; return asked, nil })
			if err != nil {
				t.Fatal(err)
			}
		}
		view := func(what string, want int) {
			t.Helper()
			lttest.View(t, d, func(tx *db.Tx) error { ask(tx); return nil })
			if asked != want {
				t.Fatalf("%s: counted %d times, want %d", what, asked, want)
			}
		}
		touch := func(unit string) {
			lttest.Update(t, d, func(tx *db.Tx) error { tx.Touch(unit); return nil })
		}
		view("at first", 1)
		view("again", 1)
		touch("so-c")
		view("another unit touched", 1)
		touch("so-b")
		view("its unit touched", 2)
		view("and again", 2)
		lttest.Update(t, d, func(tx *db.Tx) error { return tx.Bump("org.people") })
		view("people changed", 3)
		clock.Add(time.Second)
		view("a second later", 3)
		clock.Add(time.Second)
		view("two seconds later", 4)
		clock.Add(-time.Minute)
		view("the clock was set back", 5)
		lttest.Update(t, d, func(tx *db.Tx) error { ask(tx); ask(tx); return nil })
		view("an update keeps nothing", 7)
		touch("so-a")
		lttest.View(t, d, func(tx *db.Tx) error {
			if err := tx.One(`SELECT 1`, nil, new(int)); err != nil { // its snapshot stands
				return err
			}
			touch("so-a")
			ask(tx)
			return nil
		})
		view("counted in a snapshot from before the touch", 9)
	})
}
