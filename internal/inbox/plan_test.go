package inbox_test

import (
	"slices"
	"strings"
	"syscall"
	"testing"

	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/inbox"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/volume"
	"lienthong/internal/notice"
	"lienthong/internal/org"
)

// No list of the inbox reads a table from end to end.
func TestListsUseTheirIndexes(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		volume.Fill(t, d, 10_000)
		who := org.Actor{Officer: volume.Department, Posts: []org.Post{{Unit: "so-0"}}, Cover: []org.OfficerID{"x"}}
		for name, f := range map[string]inbox.Filter{
			"ours": {}, "mine": {Scope: inbox.Mine}, "watching": {Scope: inbox.Watching},
			"rule": {Rules: []string{"petition.answer"}, Undirected: true}, "unregistered": {Unregistered: true}, "given": {Given: true},
		} {
			plans := volume.Plans(t, d, func(tx *db.Tx) error {
				_, next, err := inbox.List(tx, who, f, "", 25)
				if err != nil || next == "" {
					return err
				}
				if _, _, err := inbox.List(tx, who, f, next, 25); err != nil {
					return err
				}
				_, err = inbox.Count(tx, who, f, 100)
				return err
			})
			for _, p := range plans {
				if whole := volume.Whole(p, "membership", "vm", "w", "directed", "some", "paper", "p", "held", "incoming_entry", "i", "direction", "g", "h"); len(whole) > 0 {
					t.Errorf("%s reads %v whole:\n%s", name, whole, p)
				}
			}
		}
	})
}

// A tray of rules of which a unit has few does not look at the thousands that it has to answer, and
// whether something was told of one case does not look at all that a unit has not read.
func TestFewAreNotSoughtAmongMany(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		volume.Fill(t, d, 10_000)
		who := org.Actor{Officer: volume.Department, Posts: []org.Post{{Unit: "so-0"}}}
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO notice (id, unit, role, officer, case_id, kind, at, not_before)
				SELECT 'n' || id, 'so-0', '', '', id, 'thu.told', '2026-03-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z' FROM casefile`)
			if err == nil && d.Postgres() { // which counts rows by itself, a little later
				_, err = tx.Exec(`ANALYZE notice`)
			}
			return err
		})
		for index, ask := range map[string]func(tx *db.Tx) error{
			"duty_rare": func(tx *db.Tx) error {
				_, err := inbox.Count(tx, who, inbox.Filter{Units: []org.UnitID{"so-0"}, Rules: []string{directive.MustCheck, directive.MustDecide}}, 100)
				return err
			},
			"notice_case": func(tx *db.Tx) error {
				_, err := notice.OfCase(tx, who, "c7")
				return err
			},
		} {
			if plans := volume.Plans(t, d, ask); !slices.ContainsFunc(plans, func(p string) bool { return strings.Contains(p, index) }) {
				t.Errorf("nothing goes by %s:\n%s", index, strings.Join(plans, "\n"))
			}
		}
	})
}

// BenchmarkInbox is the first page of a department among 100,000 cases.
func BenchmarkInbox(b *testing.B) {
	d, _ := lttest.SQLite(b)
	volume.Fill(b, d, 100_000)
	who := org.Actor{Officer: volume.Department, Posts: []org.Post{{Unit: "so-0"}}}
	b.ReportAllocs()
	before := cpu(b)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			err := d.View(b.Context(), func(tx *db.Tx) error {
				items, _, err := inbox.List(tx, who, inbox.Filter{}, "", 25)
				if len(items) != 25 {
					b.Errorf("%d items", len(items))
				}
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
	b.ReportMetric(float64(cpu(b)-before)/float64(b.N), "cpu-ns/op")
}

// cpu is what the process used so far: on a busy machine the time of the clock says little.
func cpu(b *testing.B) int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}
