package bench

import (
	"testing"

	"lienthong/internal/db"
	"lienthong/internal/lttest"
	"lienthong/internal/tracker"
)

// What the filler of W5 writes the tracker reads: its counters say what its rows say, and a
// second run adds only what is missing.
func TestLoadAssignments(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		if _, err := Prepare(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		for _, n := range []int{300, 1000, 1000} {
			who, err := LoadAssignments(t.Context(), d, n)
			if err != nil {
				t.Fatal(err)
			}
			lttest.View(t, d, func(tx *db.Tx) error {
				var running int64
				// system: rows of a test
				if err := tx.One(`SELECT count(*) FROM duty WHERE rule = 'assignment.do' AND ended_at IS NULL AND NOT request`, nil, &running); err != nil {
					return err
				}
				read, err := tracker.Read(tx, who, tracker.ByUnit, tracker.Filter{})
				if err == nil && (read.Total.Open != running || running == 0 || read.Total.Met == 0 || read.Total.Dateless == 0) {
					t.Errorf("%d assignments: %d run, the tracker says %+v", n, running, read.Total)
				}
				return err
			})
		}
	})
}
