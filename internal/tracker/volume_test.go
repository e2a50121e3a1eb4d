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
	field := tracker.Filter{Field: "noi-vu"}
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

// Whatever the filter and however the tracker is laid out, a figure is as long as its list, and
// rows by unit or field add up to the sum.
func TestFiguresAreTheirLists(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		desk, _ := filled(t, d, clock, 3_000)
		clock.Set(workday.MustDate("2026-12-16").At(17 * 60)) // a week in which some come due
		seen := tracker.Figures{}
		for _, f := range []tracker.Filter{{}, {Units: []org.UnitID{"so-tu-phap"}}, {Field: "noi-vu"}, {Units: []org.UnitID{"so-tu-phap", "so-noi-vu"}, Field: "tu-phap"},
			{Directive: "00000000000000000000000003"}, {Directive: "00000000000000000000000003", Units: []org.UnitID{"so-tu-phap"}}} {
			lttest.View(t, d, func(tx *db.Tx) error {
				for _, by := range []tracker.Dimension{tracker.ByUnit, tracker.ByField} {
					r, err := tracker.Read(tx, desk, by, f)
					if err != nil {
						return err
					}
					var rows tracker.Figures
					for _, x := range r.Rows {
						rows = tracker.Figures{Open: rows.Open + x.Open, Late: rows.Late + x.Late, Week: rows.Week + x.Week, Dateless: rows.Dateless + x.Dateless, Met: rows.Met + x.Met, DoneLate: rows.DoneLate + x.DoneLate}
					}
					if rows != r.Total {
						t.Errorf("%+v by %q: rows add up to %+v, the sum is %+v", f, by, rows, r.Total)
					}
					seen = r.Total
					for slice, want := range map[tracker.Slice]int64{tracker.Running: r.Total.Open, tracker.Late: r.Total.Late, tracker.Week: r.Total.Week, tracker.Dateless: r.Total.Dateless, tracker.Waiting: r.Waiting, tracker.Returned: r.Returned} {
						if n, err := rowsOf(tx, desk, slice, f); err != nil || n != want {
							t.Errorf("%+v: list %q has %d rows, the figure is %d: %v", f, slice, n, want, err)
						}
					}
				}
				return nil
			})
			if f.Directive == "" && len(f.Units) == 0 && (seen.Open == 0 || seen.Late == 0 || seen.Week == 0 || seen.Met == 0) {
				t.Errorf("%+v: %+v proves nothing", f, seen)
			}
		}
	})
}

// rowsOf is how many rows a list has, to its end.
func rowsOf(tx *db.Tx, who org.Actor, slice tracker.Slice, f tracker.Filter) (n int64, err error) {
	for cursor, first := "", true; first || cursor != ""; first = false {
		all, next, err := tracker.List(tx, who, slice, f, cursor, 200)
		if err != nil {
			return n, err
		}
		n, cursor = n+int64(len(all)), next
	}
	return n, nil
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
