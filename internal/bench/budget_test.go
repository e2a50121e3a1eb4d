package bench

import (
	"context"
	"testing"

	"lienthong/internal/db"
	"lienthong/internal/lttest"
)

// The most that an operation may cost, whatever it does: issue "Speed and size".
const (
	mostWrites = 12
	mostReads  = 6
)

// Each write of a lifecycle stays inside the budget of statements, once the node knows
// the office: a new statement in an operation is a decision, not an accident.
func TestBudget(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o, err := Prepare(context.Background(), d)
		if err != nil {
			t.Fatal(err)
		}
		l := newLife(d, o, 1)
		for range 3 { // the first one reads what the node then keeps
			err = l.one(context.Background(), func(_ int, do func() error) error { return do() })
			if err != nil {
				t.Fatal(err)
			}
		}
		var spent [4]db.Stats
		l.counted = &spent
		if err := l.one(context.Background(), func(_ int, do func() error) error { return do() }); err != nil {
			t.Fatal(err)
		}
		for n, name := range []string{"raise", "direct", "answer", "settle"} {
			t.Logf("%s: %d writes, %d reads", name, spent[n].Writes, spent[n].Reads)
			if spent[n].Writes > mostWrites || spent[n].Reads > mostReads {
				t.Errorf("%s costs %d writes and %d reads, want at most %d and %d", name, spent[n].Writes, spent[n].Reads, mostWrites, mostReads)
			}
		}
	})
}
