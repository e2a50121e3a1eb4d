package tracker_test

import (
	"flag"
	"testing"

	"lienthong/internal/bench"
	"lienthong/internal/db"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/lttest/volume"
	"lienthong/internal/org"
	"lienthong/internal/tracker"
	"lienthong/internal/workday"
)

var assignments = flag.Int("assignments", 200_000, "how many assignments a benchmark fills")

// filled is the province with n assignments, written by the filler of the measured load.
func filled(t testing.TB, d *db.DB, clock *lttest.Clock, n int) (desk, unit org.Actor) {
	t.Helper()
	clock.Set(workday.MustDate("2026-11-18").At(10 * 60))
	province.Open(t, d)
	if _, err := bench.LoadAssignments(t.Context(), d, n); err != nil {
		t.Fatal(err)
	}
	lttest.View(t, d, func(tx *db.Tx) (err error) {
		if desk, err = holder(tx, "van-phong-ubnd-tinh", org.Desk); err != nil {
			return err
		}
		unit, err = holder(tx, "so-tu-phap", org.Leader)
		return err
	})
	return desk, unit
}

// questions are what the tracker is asked, by name.
func questions(desk, unit org.Actor) map[string]func(tx *db.Tx) error {
	asked := map[string]func(tx *db.Tx) error{}
	read := func(name string, who org.Actor, by tracker.Dimension, f tracker.Filter) {
		asked["figures "+name] = func(tx *db.Tx) error {
			_, err := tracker.Read(tx, who, by, f)
			return err
		}
	}
	list := func(name string, who org.Actor, slice tracker.Slice, f tracker.Filter) {
		asked["list "+name] = func(tx *db.Tx) error {
			_, next, err := tracker.List(tx, who, slice, f, "", 25)
			if err == nil && next != "" {
				_, _, err = tracker.List(tx, who, slice, f, next, 25)
			}
			return err
		}
	}
	one := tracker.Filter{Units: []org.UnitID{"so-tu-phap"}}
	field := tracker.Filter{Field: "linh-vuc-3"}
	directive := tracker.Filter{Directive: "00000000000000000000000003"}
	for name, by := range map[string]tracker.Dimension{"by unit": tracker.ByUnit, "by field": tracker.ByField, "by leader": tracker.ByLeader, "by directive": tracker.ByDirective} {
		read(name, desk, by, tracker.Filter{})
	}
	read("of a unit", desk, tracker.ByUnit, one)
	read("of a field", desk, tracker.ByUnit, field)
	read("of a directive", desk, tracker.ByUnit, directive)
	read("the unit's own", unit, tracker.ByUnit, tracker.Filter{})
	for _, s := range tracker.Slices {
		if s.Slice != tracker.Beside {
			list("all "+s.Say, desk, s.Slice, tracker.Filter{})
			list("field "+s.Say, desk, s.Slice, field)
		}
		list("unit "+s.Say, desk, s.Slice, one)
		list("directive "+s.Say, unit, s.Slice, directive)
		list("own "+s.Say, unit, s.Slice, tracker.Filter{})
	}
	return asked
}

// Neither a figure nor a list of the tracker reads a table of cases from end to end.
func TestTrackerUsesItsIndexes(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		desk, unit := filled(t, d, clock, 10_000)
		for name, ask := range questions(desk, unit) {
			for _, p := range volume.Plans(t, d, ask) {
				for _, table := range volume.Whole(p) {
					switch table {
					case "d", "duty", "c", "casefile", "a", "assignment", "vr", "case_reader", "duty_tally":
						t.Errorf("%s reads %s whole:\n%s", name, table, p)
					}
				}
			}
		}
	})
}

// BenchmarkTracker asks every question of the tracker over -assignments assignments.
func BenchmarkTracker(b *testing.B) {
	benches := map[string]func(b *testing.B) (*db.DB, *lttest.Clock){"sqlite": func(b *testing.B) (*db.DB, *lttest.Clock) { return lttest.SQLite(b) },
		"postgres": func(b *testing.B) (*db.DB, *lttest.Clock) { return lttest.Postgres(b) }}
	for name, open := range benches {
		b.Run(name, func(b *testing.B) {
			d, clock := open(b)
			desk, unit := filled(b, d, clock, *assignments)
			for name, ask := range questions(desk, unit) {
				b.Run(name, func(b *testing.B) {
					for b.Loop() {
						lttest.View(b, d, ask)
					}
				})
			}
		})
	}
}
