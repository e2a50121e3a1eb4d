package lttest

import (
	"context"
	"database/sql"
	"fmt"
	"testing"

	"lienthong/internal/db"
)

// A copy has what the template has, once made; what a test writes stays in its own copy.
func TestCopiesAreTheirOwn(t *testing.T) {
	made := 0
	m := NewTemplate("thu", func(t testing.TB, d *db.DB) {
		made++
		note(t, d, "from the template")
	})
	for range 2 {
		m.EachDatabase(t, func(t *testing.T, d *db.DB, clock *Clock) {
			note(t, d, "from the test")
			var n int
			View(t, d, func(tx *db.Tx) error { return tx.One(`SELECT count(*) FROM setting`, nil, &n) })
			if n != 2 {
				t.Errorf("%d rows, want the template's and its own", n)
			}
			if !clock.Now().Equal(Start) {
				t.Errorf("the clock begins at %s", clock.Now())
			}
		})
	}
	if made != 2 {
		t.Errorf("filled %d times, want once for each database", made)
	}
}

func note(t testing.TB, d *db.DB, text string) {
	t.Helper()
	Update(t, d, func(tx *db.Tx) error {
		_, err := tx.Exec(`INSERT INTO setting (name, value, source, set_at) VALUES ($1, $2, '', $3)`, tx.NewID(), text, tx.Now)
		return err
	})
}

// What a process has left that is gone is swept away; what a living one holds stays.
func TestWhatTheDeadLeftIsSwept(t *testing.T) {
	base := PostgresServer(t)
	dead, living, mine := "t_dead_"+db.NewSecret()[:8], "t_living_"+db.NewSecret()[:8], "t_mine_"+db.NewSecret()[:8]
	for _, owner := range []string{dead, living} {
		name := owner + behindOwner + "1_copy"
		if owner == living {
			if _, err := hold(base, owner); err != nil {
				t.Fatal(err)
			}
		}
		execPostgres(t, base, `CREATE DATABASE `+name)
		t.Cleanup(func() { execPostgres(t, base, `DROP DATABASE IF EXISTS `+name) })
	}
	c, err := hold(base, mine)
	if err != nil {
		t.Fatal(err)
	}
	if n := databasesOf(t, c, dead); n != 0 {
		t.Errorf("%d databases of a dead process are left", n)
	}
	if n := databasesOf(t, c, living); n != 1 {
		t.Errorf("a living process has %d databases, want its one", n)
	}
}

func databasesOf(t *testing.T, c *sql.Conn, owner string) (n int) {
	t.Helper()
	if err := c.QueryRowContext(context.Background(), `SELECT count(*) FROM pg_database WHERE datname = $1`, fmt.Sprintf("%s%s1_copy", owner, behindOwner)).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
