// Package volume fills a test's store with many cases, row by row past all operations,
// and shows how the database would answer the queries of a list.
//
// The rows are enough for what lists read - cases, readers, duties, tallies, answers,
// words - and no more: no events, no log. Rates and sizes are measured by bench, on what
// the operations themselves write.
package volume

import (
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"lienthong/internal/db"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// The readers of a filled store: who oversees everything, who works in so-0, who in xa-0.
const (
	Overseer   = "giam-sat"
	Department = "can-bo-so-0"
	Commune    = "can-bo-xa-0"
)

// Departments and Communes are how many units a filled store has: so-0 …, xa-0 ….
const (
	Departments = 24
	Communes    = 148
)

// id is the case id of number i: 26 letters in the order of i.
const id = `substr('00000000000000000000000000' || CAST(i AS TEXT), length(CAST(i AS TEXT)) + 1, 26)`

// hour is an instant some hours before or after now, by number; month of 28 days.
const hour = `'2026-0' || CAST(1 + i % 3 AS TEXT) || '-' || CAST(10 + i % 18 AS TEXT) || 'T0' || CAST(i % 10 AS TEXT) || ':00:00.000Z'`

// Fill puts n cases into an empty store with its units, each a petition of one
// department and one commune: 30 % open, a part of those missed, the others answered and
// most of them settled.
func Fill(t testing.TB, d *db.DB, n int) {
	t.Helper()
	lttest.Update(t, d, func(tx *db.Tx) error {
		return all(tx, `INSERT INTO officer (id, name, folded, email, phone, active, invented) VALUES ('`+Overseer+`', '', '', '', '', TRUE, TRUE),
				('`+Department+`', '', '', '', '', TRUE, TRUE), ('`+Commune+`', '', '', '', '', TRUE, TRUE)`,
			`INSERT INTO membership (actor, reader) VALUES ('`+Overseer+`', 'k:petition'), ('`+Department+`', 'u:so-0'), ('`+Commune+`', 'u:xa-0')`)
	})
	for from := 0; from < n; from += chunk {
		to := min(n, from+chunk)
		lttest.Update(t, d, func(tx *db.Tx) error { return fill(tx, from, to) })
	}
	if d.Postgres() {
		lttest.Update(t, d, func(tx *db.Tx) error { return all(tx, `ANALYZE`) })
	}
}

// Units adds n units named by a prefix and a number, for lists that ask the office.
func Units(tx *db.Tx, prefix string, n int) error {
	for i := range n {
		unit := org.UnitID(prefix + strconv.Itoa(i))
		level := org.LevelProvince
		if prefix == "xa-" {
			level = org.LevelCommune
		}
		err := org.AddUnit(tx, org.System("test"), org.Unit{ID: unit, Name: "Đơn vị " + string(unit), Short: string(unit), Kind: "so", Level: level,
			Invented: true, Since: workday.MustDate("2025-07-01")})
		if err != nil {
			return err
		}
	}
	return nil
}

// chunk is how many cases one update fills: an update has its time limit.
const chunk = 20_000

// Statements one after the other.
func all(tx *db.Tx, queries ...string) error {
	for _, q := range queries {
		if _, err := tx.Exec(q); err != nil {
			return fmt.Errorf("%.60s: %w", q, err)
		}
	}
	return nil
}

// fill adds the cases from one number to another.
// system: rows of a test
func fill(tx *db.Tx, from, to int) error {
	series := fmt.Sprintf(`WITH RECURSIVE series (i) AS (SELECT %d UNION ALL SELECT i + 1 FROM series WHERE i + 1 < %d) `, from, to)
	some := fmt.Sprintf(`casefile WHERE id >= '%026d' AND id < '%026d'`, from, to)
	return all(tx,
		`INSERT INTO casefile (id, kind, code, title, state, scope, rulebook, field, lead, raiser, version, opened_at) `+series+`
			SELECT `+id+`, 'petition', 'KN-' || CAST(1000000 + i AS TEXT) || '/2026', 'Việc', CASE WHEN i % 10 < 3 THEN 'received' ELSE 'settled' END,
				'k:petition', '', 'tu-phap', 'so-' || CAST(i % 24 AS TEXT), 'xa-' || CAST(i % 148 AS TEXT), 1, `+hour+` FROM series`,
		`INSERT INTO case_reader (case_id, reader, party, level, since_at) SELECT id, 'u:' || lead, 'lead', 1, opened_at FROM `+some+`
			UNION ALL SELECT id, 'u:' || raiser, 'raiser', 1, opened_at FROM `+some,
		`INSERT INTO petition (case_id, round, hops, contested, tried, arrived_at) SELECT id, 1, 0, FALSE, TRUE, opened_at FROM `+some,
		`INSERT INTO duty (case_id, rule, owner, round, counterpart, field, fate, from_at, due_at, own_due_at, due_on, due_day, limits, calendar, revision,
				next_at, missed_at, ended_at)
			SELECT id, 'petition.answer', lead, 1, raiser, field, CASE WHEN state = 'received' THEN 'open' ELSE 'met' END, opened_at,
				substr(opened_at, 1, 10) || 'T17:00:00.000Z', substr(opened_at, 1, 10) || 'T17:00:00.000Z', substr(opened_at, 1, 10), substr(opened_at, 1, 10), '[]', '', 1, '9999-12-31T00:00:00.000Z',
				opened_at, CASE WHEN state = 'received' THEN NULL ELSE opened_at END FROM `+some,
		`INSERT INTO duty (case_id, rule, owner, round, counterpart, field, fate, from_at, due_at, own_due_at, due_on, due_day, limits, calendar, revision,
				next_at, ended_at)
			SELECT id, 'petition.settle', raiser, 1, lead, field, CASE WHEN code LIKE '%7/2026' THEN 'open' ELSE 'met' END, opened_at, '9999-12-31T00:00:00.000Z', '9999-12-31T00:00:00.000Z', '', '', '[]', '', 1,
				'9999-12-31T00:00:00.000Z', CASE WHEN code LIKE '%7/2026' THEN NULL ELSE opened_at END FROM `+some+` AND state = 'settled'`,
		`INSERT INTO petition_answer (case_id, round, unit, outcome, event_n, guidance, signer, capacity, answered_at, settled)
			SELECT id, 1, lead, 'resolved', 2, FALSE, '', '', opened_at, CASE WHEN code LIKE '%7/2026' THEN '' ELSE 'yes' END FROM `+some+` AND state = 'settled'`,
		`INSERT INTO duty_tally (rule, fate, owner, counterpart, field, due_day, n) SELECT rule, fate, owner, counterpart, field, due_day, count(*) FROM duty
			WHERE case_id IN (SELECT id FROM `+some+`) GROUP BY rule, fate, owner, counterpart, field, due_day
			ON CONFLICT (rule, fate, owner, counterpart, field, due_day) DO UPDATE SET n = duty_tally.n + excluded.n`,
		`INSERT INTO search_case (n, case_id) SELECT CAST(id AS BIGINT) + 1, id FROM `+some)
}

// Plans runs fn in a view and returns how the database answers each query it asked for
// any values, one plan a query.
func Plans(t testing.TB, d *db.DB, fn func(tx *db.Tx) error) (plans []string) {
	t.Helper()
	var asked []string
	d.BeforeStatement = func(_ *db.Tx, query string) { asked = append(asked, query) }
	lttest.View(t, d, fn)
	d.BeforeStatement = nil
	for _, q := range asked {
		lttest.Update(t, d, func(tx *db.Tx) error {
			explain, err := explained(tx, q)
			if err != nil {
				return err
			}
			var b strings.Builder
			b.WriteString(q + "\n")
			err = tx.All(explain.text, explain.args, func(r *sql.Rows) error {
				cols, err := r.Columns()
				if err != nil {
					return err
				}
				dest := make([]any, len(cols))
				for i := range dest {
					dest[i] = new(string)
				}
				err = r.Scan(dest...)
				b.WriteString(*dest[len(dest)-1].(*string) + "\n")
				return err
			})
			plans = append(plans, b.String())
			if err != nil || !tx.Postgres() {
				return err
			}
			return all(tx, `DEALLOCATE shown`)
		})
	}
	return plans
}

// A statement with its arguments.
type statement struct {
	text string
	args []any
}

// explained returns the statement that shows the plan of a query for any values.
func explained(tx *db.Tx, query string) (s statement, err error) {
	n := 0
	for strings.Contains(query, "$"+strconv.Itoa(n+1)) {
		n++
	}
	if !tx.Postgres() {
		return statement{`EXPLAIN QUERY PLAN ` + query, make([]any, n)}, nil
	}
	for _, set := range []string{`SET LOCAL plan_cache_mode = force_generic_plan`, `PREPARE shown AS ` + query} {
		if _, err := tx.Exec(set); err != nil {
			return s, err
		}
	}
	s.text = `EXPLAIN EXECUTE shown`
	if n > 0 {
		s.text += ` (` + strings.TrimSuffix(strings.Repeat(`NULL, `, n), `, `) + `)`
	}
	return s, nil
}

// Whole returns the tables that a plan reads from end to end, but for those named.
func Whole(plan string, but ...string) (tables []string) {
	for line := range strings.SplitSeq(plan, "\n") {
		table := ""
		line = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "->"))
		if rest, ok := strings.CutPrefix(strings.TrimSpace(line), "SCAN "); ok && !strings.Contains(rest, "USING") && !strings.Contains(rest, "VIRTUAL") {
			table, _, _ = strings.Cut(rest, " ")
		}
		if _, rest, ok := strings.Cut(line, "Seq Scan on "); ok {
			table, _, _ = strings.Cut(rest, " ")
		}
		for _, b := range but {
			if table == b {
				table = ""
			}
		}
		if table != "" {
			tables = append(tables, table)
		}
	}
	return tables
}
