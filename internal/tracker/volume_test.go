package tracker_test

import (
	"flag"
	"fmt"
	"testing"

	"lienthong/internal/db"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/lttest/volume"
	"lienthong/internal/org"
	"lienthong/internal/tracker"
	"lienthong/internal/workday"
)

var assignments = flag.Int("assignments", 200_000, "how many assignments a benchmark fills")

// filled is the province with n assignments, row by row past all operations: seven of ten
// done, one late, the others running with a date or (one of fifty) without; one of a hundred
// is only asked; every unit has its share, the communes as much as the departments.
func filled(t testing.TB, d *db.DB, clock *lttest.Clock, n int) (desk, commune org.Actor) {
	t.Helper()
	clock.Set(workday.MustDate("2026-11-18").At(10 * 60))
	province.Open(t, d)
	var units []string
	var fields []string
	lttest.View(t, d, func(tx *db.Tx) error {
		all, err := org.Units(tx, org.Filter{})
		for _, u := range all {
			if u.Kind != org.KindChairman && u.ID != "van-phong-ubnd-tinh" {
				units = append(units, string(u.ID))
			}
		}
		if err != nil {
			return err
		}
		if desk, err = holder(tx, "van-phong-ubnd-tinh", org.Desk); err != nil {
			return err
		}
		commune, err = holder(tx, "so-tu-phap", org.Leader)
		return err
	})
	for i := range 14 {
		fields = append(fields, fmt.Sprintf("linh-vuc-%d", i))
	}
	lttest.Update(t, d, func(tx *db.Tx) error {
		if err := follow(tx); err != nil {
			return err
		}
		if _, err := tx.Exec(`CREATE TABLE filled_unit (i BIGINT PRIMARY KEY, id TEXT)`); err != nil {
			return err
		}
		for i, u := range units {
			if _, err := tx.Exec(`INSERT INTO filled_unit (i, id) VALUES ($1, $2)`, i, u); err != nil {
				return err
			}
		}
		return nil
	})
	for from := 0; from < n; from += 10_000 {
		to := min(n, from+10_000)
		lttest.Update(t, d, func(tx *db.Tx) error { return fillAssignments(tx, from, to, len(units), len(fields)) })
	}
	lttest.Update(t, d, func(tx *db.Tx) error { return sumUp(tx) })
	return desk, commune
}

// far is the due instant of what has no date.
const far = `'9999-12-31T00:00:00.000Z'`

// fillAssignments writes directives, cases, readers, rows and duties of numbers [from, to).
// system: rows of a test
func fillAssignments(tx *db.Tx, from, to, units, fields int) error {
	id := `substr('A0000000000000000000000000', 1, 26 - length(CAST(i AS TEXT))) || CAST(i AS TEXT)`
	dir := `substr('00000000000000000000000000', 1, 26 - length(CAST(i / 50 AS TEXT))) || CAST(i / 50 AS TEXT)`
	series := fmt.Sprintf(`WITH RECURSIVE series (i) AS (SELECT %d UNION ALL SELECT i + 1 FROM series WHERE i + 1 < %d) `, from, to)
	// days of two years
	day := `CAST(2025 + i % 2 AS TEXT) || '-0' || CAST(1 + i / 2 % 9 AS TEXT) || '-' || CAST(10 + i / 18 % 18 AS TEXT)`
	due := `CASE WHEN i % 10 < 7 THEN ` + day + ` WHEN i % 20 = 7 THEN '2026-10-' || CAST(10 + i / 10 % 18 AS TEXT)
		WHEN i % 20 = 17 THEN '2026-11-' || CAST(10 + i / 10 % 8 AS TEXT)
		WHEN i % 50 = 8 THEN '' ELSE '2026-12-' || CAST(10 + i / 10 % 18 AS TEXT) END`
	whose := `(SELECT id FROM filled_unit u WHERE u.i = series.i / 3 % ` + fmt.Sprint(units) + `)`
	field := `'linh-vuc-' || CAST(i / 7 % ` + fmt.Sprint(fields) + ` AS TEXT)`
	for _, q := range []string{
		`INSERT INTO casefile (id, kind, code, title, state, scope, rulebook, field, lead, raiser, version, opened_at) ` + series + `
			SELECT ` + dir + `, 'directive', 'CD-' || CAST(1000000 + i AS TEXT) || '/2026', 'Văn bản chỉ đạo minh họa', 'released', 'k:directive', '', '', '', 'van-phong-ubnd-tinh', 1,
				'2026-02-10T01:00:00.000Z' FROM series WHERE i % 50 = 0`,
		`INSERT INTO directive (case_id, way, number, number_key, issued_on, issuer, released_at) ` + series + `
			SELECT ` + dir + `, 'signed', CAST(i AS TEXT) || '/UBND', CAST(i AS TEXT), '2026-02-09', 'UBND', '2026-02-10T01:00:00.000Z' FROM series WHERE i % 50 = 0`,
		`INSERT INTO casefile (id, kind, code, title, state, scope, rulebook, field, lead, raiser, version, opened_at) ` + series + `
			SELECT ` + id + `, 'assignment', 'GV-' || CAST(1000000 + i AS TEXT) || '/2026', 'Rà soát nội dung được giao, báo cáo kết quả', CASE WHEN i % 100 = 6 THEN 'submitted' WHEN i % 10 < 7 THEN 'accepted' ELSE 'open' END,
				'k:assignment', '', ` + field + `, ` + whose + `, 'van-phong-ubnd-tinh', 1, '2026-02-10T01:00:00.000Z' FROM series`,
		`INSERT INTO case_reader (case_id, reader, party, level, since_at) ` + series + `
			SELECT ` + id + `, 'u:' || ` + whose + `, 'lead', 1, '2026-02-10T01:00:00.000Z' FROM series
			UNION ALL SELECT ` + id + `, 'u:van-phong-ubnd-tinh', 'raiser', 1, '2026-02-10T01:00:00.000Z' FROM series`,
		`INSERT INTO assignment (case_id, directive, proposal, clause, percent, returns, submitted_at, accepted_at, armed) ` + series + `
			SELECT ` + id + `, ` + dir + `, i % 50 + 1, '1', 10, CASE WHEN i % 97 = 9 THEN 1 ELSE 0 END, CASE WHEN i % 10 < 7 THEN '2026-09-09T01:00:00.000Z' ELSE NULL END,
				CASE WHEN i % 10 < 7 AND i % 100 <> 6 THEN '2026-09-10T01:00:00.000Z' ELSE NULL END, TRUE FROM series`,
		`INSERT INTO duty (case_id, rule, owner, round, counterpart, field, request, fate, from_at, due_at, own_due_at, due_on, due_day, limits, calendar, revision, next_at, missed_at, ended_at) ` + series + `
			SELECT ` + id + `, 'assignment.do', ` + whose + `, 1, 'van-phong-ubnd-tinh', ` + field + `, i % 100 = 9, CASE WHEN i % 10 < 7 THEN 'met' ELSE 'open' END, '2026-02-10T01:00:00.000Z',
				CASE WHEN ` + due + ` = '' THEN ` + far + ` ELSE ` + due + ` || 'T17:00:00.000Z' END, CASE WHEN ` + due + ` = '' THEN ` + far + ` ELSE ` + due + ` || 'T17:00:00.000Z' END,
				` + due + `, ` + due + `, '[]', '', 1, '9999-12-31T00:00:00.000Z', '2026-02-10T01:00:00.000Z',
				CASE WHEN i % 10 < 7 THEN CASE WHEN i % 20 = 3 THEN '2026-11-01T01:00:00.000Z' ELSE '2025-01-01T01:00:00.000Z' END ELSE NULL END FROM series`,
	} {
		if _, err := tx.Exec(q); err != nil {
			return fmt.Errorf("%.70s: %w", q, err)
		}
	}
	return nil
}

// sumUp fills the counters from the duties, as the operations would have; the day on which a
// done one had been owed keeps its counter of zero.
// system: rows of a test
func sumUp(tx *db.Tx) error {
	queries := []string{`DELETE FROM duty_tally`, `DELETE FROM duty_sum`,
		`INSERT INTO duty_tally (rule, fate, owner, counterpart, field, due_day, n)
			SELECT rule, CASE WHEN fate = 'met' AND ended_at >= own_due_at THEN 'late' ELSE fate END AS word, owner, counterpart, field, due_day, count(*) FROM duty
			WHERE NOT request GROUP BY rule, word, owner, counterpart, field, due_day`,
		`INSERT INTO duty_tally (rule, fate, owner, counterpart, field, due_day, n)
			SELECT DISTINCT rule, 'open', owner, counterpart, field, due_day, 0 FROM duty WHERE fate = 'met' ON CONFLICT DO NOTHING`,
		`INSERT INTO duty_sum (fate, owner, field, month, n)
			SELECT fate, owner, field, CASE WHEN fate = 'open' THEN substr(due_day, 1, 7) ELSE '' END AS month, sum(n) FROM duty_tally GROUP BY fate, owner, field, month`}
	if tx.Postgres() {
		queries = append(queries, `ANALYZE`)
	}
	for _, q := range queries {
		if _, err := tx.Exec(q); err != nil {
			return fmt.Errorf("%.60s: %w", q, err)
		}
	}
	return nil
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
