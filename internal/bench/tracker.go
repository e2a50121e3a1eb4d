package bench

import (
	"context"
	"fmt"
	"slices"

	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/org"
)

// tracked is how many assignments one transaction of the filler writes.
const tracked = 10_000

// LoadAssignments gives the office n assignments, row by row past all operations: what lists
// and figures of the tracker read is there, and no more - no events, no log. Seven of ten are
// done, one is late, the others run with a date or (one of fifty) without; one of a hundred is
// only asked; every unit has its share. A store that has as many keeps them. It returns who
// follows them all.
func LoadAssignments(ctx context.Context, d *db.DB, n int) (who org.Actor, err error) {
	defer fault.Wrap(&err, "load %d assignments", n)
	var have, units int
	err = d.Update(ctx, func(tx *db.Tx) error {
		// system: how many the filler has written before
		if err := tx.One(`SELECT count(*) FROM assignment`, nil, &have); err != nil {
			return err
		}
		if units, err = numbered(tx); err != nil {
			return err
		}
		who, err = follower(tx)
		return err
	})
	if err != nil || have >= n {
		return who, err
	}
	for from := have; from < n; from += tracked {
		to := min(n, from+tracked)
		if err := d.Update(ctx, func(tx *db.Tx) error { return all(tx, append(assignmentRows(from, to, units), counted(from, to))) }); err != nil {
			return who, err
		}
	}
	for n := 1; n > 0; {
		if n, err = duty.Roll(ctx, d); err != nil {
			return who, err
		}
	}
	if d.Postgres() {
		for _, table := range []string{"casefile", "case_reader", "directive", "assignment", "duty", "duty_count", "duty_roll"} { // each within the time limit of an update
			if err := d.Update(ctx, func(tx *db.Tx) error { return all(tx, []string{`ANALYZE ` + table}) }); err != nil {
				return who, err
			}
		}
	}
	return who, nil
}

func all(tx *db.Tx, queries []string) error {
	for _, q := range queries {
		if _, err := tx.Exec(q); err != nil {
			return fmt.Errorf("%.70s: %w", q, err)
		}
	}
	return nil
}

// numbered numbers the fourteen fields, and the units that have assignments, so that a
// statement can deal them out; n units there are.
func numbered(tx *db.Tx) (n int, err error) {
	units, err := org.Units(tx, org.Filter{})
	if err != nil {
		return 0, err
	}
	if err := all(tx, []string{`DROP TABLE IF EXISTS filled_unit`, `CREATE TABLE filled_unit (i BIGINT PRIMARY KEY, id TEXT)`,
		`DROP TABLE IF EXISTS filled_field`, `CREATE TABLE filled_field (i BIGINT PRIMARY KEY, id TEXT)`}); err != nil {
		return 0, err
	}
	fields, err := org.ShippedFields()
	if err != nil {
		return 0, err
	}
	fields = slices.DeleteFunc(fields, func(f org.Field) bool { return f.Parent != "" })
	for i, f := range fields {
		if _, err := tx.Exec(`INSERT INTO filled_field (i, id) VALUES ($1, $2)`, i, f.ID); err != nil {
			return 0, err
		}
	}
	for _, u := range units {
		if u.Kind == org.KindChairman || u.ID == theOffice {
			continue
		}
		if _, err := tx.Exec(`INSERT INTO filled_unit (i, id) VALUES ($1, $2)`, n, u.ID); err != nil {
			return 0, err
		}
		n++
	}
	return n, nil
}

// theOffice gives the assignments and follows them.
const theOffice = "van-phong-ubnd-tinh"

// assignmentRows are the statements that write directives, cases, readers, rows and duties of
// the numbers [from, to).
// system: rows of a measured store
func assignmentRows(from, to, units int) []string {
	id := `substr('A0000000000000000000000000', 1, 26 - length(CAST(i AS TEXT))) || CAST(i AS TEXT)`
	dir := `substr('00000000000000000000000000', 1, 26 - length(CAST(i / 50 AS TEXT))) || CAST(i / 50 AS TEXT)`
	series := fmt.Sprintf(`WITH RECURSIVE series (i) AS (SELECT %d UNION ALL SELECT i + 1 FROM series WHERE i + 1 < %d) `, from, to)
	day := `CAST(2025 + i % 2 AS TEXT) || '-0' || CAST(1 + i / 2 % 9 AS TEXT) || '-' || CAST(10 + i / 18 % 18 AS TEXT)`
	due := `CASE WHEN i % 10 < 7 THEN ` + day + ` WHEN i % 20 = 7 THEN '2026-10-' || CAST(10 + i / 10 % 18 AS TEXT)
		WHEN i % 20 = 17 THEN '2026-11-' || CAST(10 + i / 10 % 8 AS TEXT)
		WHEN i % 50 = 8 THEN '' ELSE '2026-12-' || CAST(10 + i / 10 % 18 AS TEXT) END`
	whose := `(SELECT id FROM filled_unit u WHERE u.i = series.i / 3 % ` + fmt.Sprint(units) + `)`
	field := `(SELECT id FROM filled_field f WHERE f.i = series.i / 7 % (SELECT count(*) FROM filled_field))`
	const far = `'9999-12-31T00:00:00.000Z'`
	dueAt := `CASE WHEN ` + due + ` = '' THEN ` + far + ` ELSE ` + due + ` || 'T17:00:00.000Z' END`
	return []string{
		`INSERT INTO casefile (id, kind, code, title, state, scope, rulebook, field, lead, raiser, version, opened_at) ` + series + `
			SELECT ` + dir + `, 'directive', 'CD-' || CAST(1000000 + i AS TEXT) || '/2026', 'Văn bản chỉ đạo minh họa', 'released', 'k:directive', '', '', '', '` + theOffice + `', 1,
				'2026-02-10T01:00:00.000Z' FROM series WHERE i % 50 = 0`,
		`INSERT INTO directive (case_id, way, number, number_key, issued_on, issuer, released_at) ` + series + `
			SELECT ` + dir + `, 'signed', CAST(i AS TEXT) || '/UBND', CAST(i AS TEXT), '2026-02-09', 'UBND', '2026-02-10T01:00:00.000Z' FROM series WHERE i % 50 = 0`,
		`INSERT INTO casefile (id, kind, code, title, state, scope, rulebook, field, lead, raiser, version, opened_at) ` + series + `
			SELECT ` + id + `, 'assignment', 'GV-' || CAST(1000000 + i AS TEXT) || '/2026', 'Rà soát nội dung được giao, báo cáo kết quả', CASE WHEN i % 100 = 6 THEN 'submitted' WHEN i % 10 < 7 THEN 'accepted' ELSE 'open' END,
				'k:assignment', '', ` + field + `, ` + whose + `, '` + theOffice + `', 1, '2026-02-10T01:00:00.000Z' FROM series`,
		`INSERT INTO case_reader (case_id, reader, party, level, since_at) ` + series + `
			SELECT ` + id + `, 'u:' || ` + whose + `, 'lead', 1, '2026-02-10T01:00:00.000Z' FROM series
			UNION ALL SELECT ` + id + `, 'u:` + theOffice + `', 'raiser', 1, '2026-02-10T01:00:00.000Z' FROM series`,
		`INSERT INTO assignment (case_id, directive, proposal, clause, percent, returns, submitted_at, accepted_at, armed) ` + series + `
			SELECT ` + id + `, ` + dir + `, i % 50 + 1, '1', 10, CASE WHEN i % 97 = 9 THEN 1 ELSE 0 END, CASE WHEN i % 10 < 7 THEN '2026-09-09T01:00:00.000Z' ELSE NULL END,
				CASE WHEN i % 10 < 7 AND i % 100 <> 6 THEN '2026-09-10T01:00:00.000Z' ELSE NULL END, TRUE FROM series`,
		`INSERT INTO duty (case_id, rule, owner, round, counterpart, field, request, fate, from_at, due_at, own_due_at, due_on, due_day, limits, calendar, revision, next_at, missed_at, ended_at) ` + series + `
			SELECT ` + id + `, 'assignment.do', ` + whose + `, 1, '` + theOffice + `', ` + field + `, i % 100 = 9, CASE WHEN i % 10 < 7 THEN 'met' ELSE 'open' END, '2026-02-10T01:00:00.000Z',
				` + dueAt + `, ` + dueAt + `, ` + due + `, ` + due + `, '[]', '', 1, '9999-12-31T00:00:00.000Z', '2026-02-10T01:00:00.000Z',
				CASE WHEN i % 10 < 7 THEN CASE WHEN i % 20 = 3 THEN '2026-11-01T01:00:00.000Z' ELSE '2025-01-01T01:00:00.000Z' END ELSE NULL END FROM series`,
	}
}

// counted adds what these numbers have to the counters of duty, as the operations would have.
// system: rows of a measured store
func counted(from, to int) string {
	of := func(i int) string { return fmt.Sprintf("A%025d", i) }
	return `INSERT INTO duty_tally (rule, fate, owner, counterpart, field, due_day, n)
		SELECT rule, CASE WHEN fate = 'met' AND ended_at >= own_due_at THEN 'late' ELSE fate END AS word, owner, counterpart, field, due_day, count(*) FROM duty
		WHERE case_id >= '` + of(from) + `' AND case_id < '` + of(to) + `' AND rule = 'assignment.do' AND NOT request GROUP BY rule, word, owner, counterpart, field, due_day
		ON CONFLICT (rule, fate, owner, counterpart, field, due_day) DO UPDATE SET n = duty_tally.n + excluded.n`
}

// trackerLoads are W5: figures and lists of the tracker as the Office asks for them, each made
// anew, and the page of a department in the browser.
func (f *face) trackerLoads(desk org.OfficerID) []workload {
	var all []workload
	get := func(name, path string) {
		all = append(all, workload{"W5 " + name, func(ctx context.Context, _ writer, s *stopwatch) error {
			at := anew(path)
			return s.time(func() error { return f.ask(ctx, desk, "GET", at, nil, nil) })
		}})
	}
	for _, by := range []string{"unit", "field", "leader", "directive"} {
		get("figures "+by, "/api/v1/tracker?by="+by)
	}
	const list = "/api/v1/tracker/assignments?limit=25&list="
	for _, x := range [][2]string{{"running", ""}, {"late", "late"}, {"week", "week"}, {"dateless", "dateless"}, {"waiting", "waiting"}, {"returned", "returned"},
		{"of a unit", "&unit=so-tu-phap"}, {"of a field", "&field=xay-dung"}, {"of a directive", "&directive=00000000000000000000000003"}} {
		get("list "+x[0], list+x[1])
	}
	return append(all, workload{"W5 page", func(ctx context.Context, _ writer, s *stopwatch) error {
		at := anewPage("/tracker?list=")
		return s.time(func() error { return f.page(ctx, at) })
	}})
}

// follower lets the Office follow assignments, as adopting a profile may, and names who asks.
func follower(tx *db.Tx) (who org.Actor, err error) {
	if err := org.Oversee(tx, org.System("bench"), theOffice, directive.AssignmentKind, true); err != nil {
		return who, err
	}
	held, err := org.Holders(tx, theOffice, org.Leader)
	if err == nil && len(held) == 0 {
		err = fmt.Errorf("unit %s has no leader", theOffice)
	}
	if err != nil {
		return who, err
	}
	return org.ActorOf(tx, held[0].Officer.ID)
}
