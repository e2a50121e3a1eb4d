package lttest

import (
	"testing"

	"lienthong/internal/db"
)

// CountStatements runs an operation in one update of its own and returns how many
// statements it cost; what it writes stays. The transaction's own last steps - the
// case's row, tallies - are counted, because they are part of the price.
func CountStatements(t testing.TB, d *db.DB, op func(tx *db.Tx) error) (n db.Stats) {
	t.Helper()
	Update(t, d, func(tx *db.Tx) error {
		tx.Last(lastOfAll, func() error {
			n = tx.Stats()
			return nil
		})
		return op(tx)
	})
	return n
}

// Budget fails the test when an operation costs more reads or row writes than allowed:
// a new statement in an operation is a decision, not an accident.
func Budget(t testing.TB, d *db.DB, name string, reads, writes int, op func(tx *db.Tx) error) {
	t.Helper()
	if n := CountStatements(t, d, op); n.Reads > reads || n.Writes > writes {
		t.Errorf("%s costs %d reads and %d writes, want at most %d and %d", name, n.Reads, n.Writes, reads, writes)
	}
}
