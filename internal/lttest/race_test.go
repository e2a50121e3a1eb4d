package lttest_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
)

// readThenWrite adds one to a number the wrong way: it reads without a lock.
func readThenWrite(lock bool) func(tx *db.Tx) error {
	return func(tx *db.Tx) error {
		if lock {
			if _, err := tx.Exec(`UPDATE counter SET n = n WHERE name = 'x'`); err != nil {
				return err
			}
		}
		var n int
		if err := tx.One(`SELECT n FROM counter WHERE name = 'x'`, nil, &n); err != nil {
			return err
		}
		_, err := tx.Exec(`UPDATE counter SET n = $1 WHERE name = 'x'`, n+1)
		return err
	}
}

func TestRaceFindsALostUpdateAndPassesALock(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		prepare := func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO counter (name, n) VALUES ('x', 0) ON CONFLICT (name) DO UPDATE SET n = 0`)
			return err
		}
		for _, lock := range []bool{false, true} {
			var seen []string
			lost := 0
			op := readThenWrite(lock)
			lttest.Race(t, d, prepare, op, op, func(t *testing.T, m lttest.Meeting) {
				seen = append(seen, fmt.Sprint(m.Point, m.Waited))
				if m.A != nil || m.B != nil {
					t.Errorf("%+v", m)
				}
				lttest.View(t, d, func(tx *db.Tx) error {
					var n int
					err := tx.One(`SELECT n FROM counter WHERE name = 'x'`, nil, &n)
					if n != 2 {
						lost++
					}
					return err
				})
			})
			want := map[bool]string{
				false: "0 false,1 false,2 true", // read | write | commit: b slips in before the write
				true:  "0 false,1 true,2 true,3 true",
			}[lock]
			if !d.Postgres() {
				want = "0 false,0 false"
			}
			if got := strings.Join(seen, ","); got != want {
				t.Errorf("lock %v: points %s, want %s", lock, got, want)
			}
			if (lost > 0) != (d.Postgres() && !lock) {
				t.Errorf("lock %v: %d lost updates", lock, lost)
			}
		}
	})
}

func TestRaceHoldsARefusedOperation(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		n := 0
		prepare := func(tx *db.Tx) error { _, err := tx.Exec(`DELETE FROM counter`); return err }
		add := func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO counter (name, n) VALUES ('x', 1)`)
			return err
		}
		lttest.Race(t, d, prepare, add, add, func(t *testing.T, m lttest.Meeting) {
			n++
			if (m.A == nil) == (m.B == nil) || !errors.Is(errors.Join(m.A, m.B), fault.Conflict) {
				t.Errorf("%+v: one wins, the other is a conflict", m)
			}
		})
		if n < 2 {
			t.Errorf("%d meetings", n)
		}
	})
}
