package board_test

import (
	"flag"
	"strings"
	"testing"

	"lienthong/internal/board"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/volume"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// filled is a store of n cases with its units and calendar.
func filled(t testing.TB, d *db.DB, clock *lttest.Clock, n int) (who org.Actor) {
	clock.Set(workday.MustDate("2026-02-18").At(10 * 60))
	lttest.Update(t, d, duty.SeedCalendar)
	for _, kind := range []struct {
		prefix string
		n      int
	}{{"so-", volume.Departments}, {"xa-", volume.Communes}} {
		lttest.Update(t, d, func(tx *db.Tx) error { return volume.Units(tx, kind.prefix, kind.n) })
	}
	volume.Fill(t, d, n)
	return org.Actor{Officer: volume.Overseer}
}

var cases = flag.Int("cases", 100_000, "how many cases a benchmark fills")

// rolled takes all counters into their sums.
func rolled(t testing.TB, d *db.DB) {
	for n := 1; n > 0; {
		var err error
		if n, err = duty.Roll(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
}

var drillDowns = []board.Figure{board.Open, board.Missed, board.Soon, board.Met, board.Late, board.Waived, board.Unconfirmed, board.Unresolved}

// Neither a board nor a list behind it reads a table of cases from end to end.
func TestBoardsUseTheirIndexes(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		who := filled(t, d, clock, 10_000)
		rolled(t, d)
		plans := volume.Plans(t, d, func(tx *db.Tx) error {
			for _, x := range board.Dimensions {
				f := board.Filter{By: x.By}
				b, err := board.ReadFor(tx, who, f, kinds())
				if err != nil {
					return err
				}
				if _, err := board.Why(tx, who, f, b); err != nil {
					return err
				}
				if _, err := board.Trend(tx, who, f); err != nil {
					return err
				}
			}
			if _, err := board.MapOf(tx, who, board.Filter{Figure: board.Missed}, kinds()); err != nil {
				return err
			}
			if _, err := board.Read(tx, who, board.Query{}, kinds()); err != nil {
				return err
			}
			for _, figure := range drillDowns {
				f := board.Filter{Figure: figure, Query: board.Query{Units: []org.UnitID{"so-0", "so-1"}}}
				_, next, err := board.List(tx, who, f, "", 25)
				if err != nil {
					return err
				}
				if _, _, err := board.List(tx, who, f, next, 25); err != nil {
					return err
				}
			}
			return nil
		})
		for _, p := range plans {
			for _, table := range volume.Whole(p) {
				switch table {
				case "d", "duty", "c", "casefile", "a", "petition_answer", "vr", "case_reader":
					t.Errorf("reads %s whole:\n%s", table, p)
				}
			}
			// the sums stand in memory: what is read is what came since, by rule, and days by days
			for _, table := range volume.Whole(p) {
				if (table == "duty_count" || table == "duty_roll") && !d.Postgres() && !strings.Contains(p, "WHERE FALSE") {
					t.Errorf("goes over the counters of all days:\n%s", p)
				}
			}
		}
		again := volume.Plans(t, d, func(tx *db.Tx) error {
			_, err := board.MapOf(tx, who, board.Filter{}, kinds())
			return err
		})
		for _, p := range again {
			if strings.Contains(p, "FROM duty_roll") || strings.Contains(p, "FROM duty_count") && !strings.Contains(p, "due_day = ''") {
				t.Errorf("reads again what is kept:\n%s", p)
			}
		}
	})
}

// BenchmarkBoard is the overseer's board over -cases cases, and each list behind it.
func BenchmarkBoard(b *testing.B) {
	d, clock := lttest.SQLite(b)
	who := filled(b, d, clock, *cases)
	rolled(b, d)
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			lttest.View(b, d, func(tx *db.Tx) error {
				x, err := board.Read(tx, who, board.Query{}, kinds())
				if err == nil && len(x.Rows) != volume.Departments {
					b.Errorf("%d rows", len(x.Rows))
				}
				return err
			})
		}
	})
	for _, figure := range drillDowns {
		b.Run(string(figure), func(b *testing.B) {
			for b.Loop() {
				lttest.View(b, d, func(tx *db.Tx) error {
					_, _, err := board.List(tx, who, board.Filter{Figure: figure}, "", 25)
					return err
				})
			}
		})
	}
}

// BenchmarkMap is the map and the other ways to lay the board out, over -cases cases.
func BenchmarkMap(b *testing.B) {
	d, clock := lttest.SQLite(b)
	who := filled(b, d, clock, *cases)
	rolled(b, d)
	b.Run("map", func(b *testing.B) {
		for b.Loop() {
			lttest.View(b, d, func(tx *db.Tx) error {
				m, err := board.MapOf(tx, who, board.Filter{}, kinds())
				if err == nil && m.Board.Total.Open == 0 {
					b.Error("nothing waits")
				}
				return err
			})
		}
	})
	for _, f := range []board.Filter{{By: board.ByCommune}, {By: board.ByField}, {By: board.ByArea}, {By: board.ByDesk}, {By: board.ByCommune, Field: "tu-phap"}} {
		b.Run(string(f.By)+f.Field, func(b *testing.B) {
			for b.Loop() {
				lttest.View(b, d, func(tx *db.Tx) error {
					_, err := board.ReadFor(tx, who, f, kinds())
					return err
				})
			}
		})
	}
	b.Run("trend", func(b *testing.B) {
		for b.Loop() {
			lttest.View(b, d, func(tx *db.Tx) error {
				_, err := board.Trend(tx, who, board.Filter{})
				return err
			})
		}
	})
}
