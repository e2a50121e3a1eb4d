package db_test

import (
	"testing"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/lttest"
)

// What was made of one state of the store is given again until anything is committed, by
// whichever door, or the second is over; what began before a commit hides nothing of it.
func TestSame(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		lttest.Update(t, d, func(tx *db.Tx) error { return tx.Bump("x") })
		ask := func(tx *db.Tx) (n int64) {
			t.Helper()
			v, err := tx.Same("an|page", func() (any, int, error) {
				var n int64
				err := tx.One(`SELECT n FROM version WHERE name = 'x'`, nil, &n)
				return n, 8, err
			})
			if err != nil {
				t.Fatal(err)
			}
			return v.(int64)
		}
		made := 0
		d.BeforeStatement = func(_ *db.Tx, query string) {
			if query == `SELECT n FROM version WHERE name = 'x'` {
				made++
			}
		}
		view := func(what string, want int64) {
			t.Helper()
			for range 20 { // each reading connection of the pool in its turn
				lttest.View(t, d, func(tx *db.Tx) error {
					if n := ask(tx); n != want {
						t.Fatalf("%s: %d, want %d", what, n, want)
					}
					return nil
				})
			}
		}
		view("at first", 1)
		// other tests commit on the same server meanwhile, which makes its snapshots others
		if made >= 20 && !d.Postgres() {
			t.Errorf("made %d times of 20 in one state", made)
		}
		made = 0
		view("again", 1)
		if made > 0 && !d.Postgres() {
			t.Errorf("made %d times more in the same state", made)
		}
		lttest.Update(t, d, func(tx *db.Tx) error { return tx.Bump("x") })
		view("after a commit that touches no unit", 2)
		made = 0
		clock.Add(time.Second)
		view("a second later", 2)
		if made == 0 {
			t.Error("an answer of the second before was given")
		}
		lttest.View(t, d, func(tx *db.Tx) error {
			if err := tx.One(`SELECT 1 FROM version`, nil, new(int)); err != nil { // its snapshot stands
				return err
			}
			lttest.Update(t, d, func(tx *db.Tx) error { return tx.Bump("x") })
			if n := ask(tx); n != 2 {
				t.Errorf("in an older snapshot: %d, want 2", n)
			}
			return nil
		})
		view("after that view", 3)
		lttest.Update(t, d, func(tx *db.Tx) error {
			if err := tx.Bump("x"); err != nil {
				return err
			}
			if n := ask(tx); n != 4 {
				t.Errorf("in an update: %d, want 4", n)
			}
			return nil
		})
		view("at the end", 4)
	})
}
