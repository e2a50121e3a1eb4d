package duty_test

import (
	"database/sql"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/lttest"
	"lienthong/internal/notice"
	"lienthong/internal/org"
)

const (
	planRows = 10_000
	stored   = `{"format":1,"n":1,"audience":"parties","occurred_at":"2026-03-01T00:00:00.000Z","recorded_at":"2026-03-01T00:00:00.000Z"}`
)

// crowded fills a store with cases, readers, events, duties and notices, many rows a
// statement: a plan depends on how many there are, not on what they say.
func crowded(t *testing.T, d *db.DB) {
	t.Helper()
	series := fmt.Sprintf(`WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < %d) `, planRows)
	lttest.Update(t, d, func(tx *db.Tx) error {
		for _, q := range []string{
			`INSERT INTO casefile (id, kind, code, title, state, scope, rulebook, lead, raiser, version, opened_at)
				` + series + `SELECT 'c' || i, 'thu', 'TH-' || i, 'Việc thử', 'open', 'k:thu', '', 'so-' || (i % 100), 'xa-' || (i % 148), 1, '2026-03-01T00:00:00.000Z' FROM s`,
			`INSERT INTO case_reader (case_id, reader, party, level, since_at)
				` + series + `SELECT 'c' || i, 'u:so-' || (i % 100), 'lead', 1, '2026-03-01T00:00:00.000Z' FROM s`,
			`INSERT INTO event (case_id, n, kind, recorded_at, audience, bytes, leaf)
				` + series + `SELECT 'c' || i, 1, 'thu.opened', '2026-03-01T00:00:00.000Z', 'parties', CAST('` + stored + `' AS BYTEA), CAST('x' AS BYTEA) FROM s`,
			`INSERT INTO duty (case_id, rule, owner, round, counterpart, field, officer, fate, from_at, due_at, own_due_at, due_on, due_day, limits, calendar, revision, next_at, ended_at)
				` + series + `SELECT 'c' || i, '` + rule + `', 'so-' || (i % 100), 1, 'xa-1', '', 'cb-' || (i % 500), CASE WHEN i % 3 = 0 THEN 'open' ELSE 'met' END, '2026-03-01T00:00:00.000Z',
				'2026-04-' || (10 + i % 20) || 'T17:00:00.000Z', '2026-04-' || (10 + i % 20) || 'T17:00:00.000Z', '', '', '[]', 'phu-tho', 1, '2026-04-' || (10 + i % 20) || 'T17:00:00.000Z', CASE WHEN i % 3 = 0 THEN NULL ELSE '2026-03-02T00:00:00.000Z' END FROM s`,
			`INSERT INTO notice (id, unit, role, officer, case_id, kind, at, not_before)
				` + series + `SELECT 'n' || i, CASE WHEN i % 2 = 0 THEN 'so-' || (i % 100) ELSE '' END, '', CASE WHEN i % 2 = 0 THEN '' ELSE 'cb-' || (i % 500) END, 'c' || i, 'thu.told',
				'2026-03-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z' FROM s`,
			`INSERT INTO document (id, case_id, event_n, name, media_type, size, hash, scan, added_by, added_at, audience)
				` + series + `SELECT 'd' || i, 'c' || i, 1, 'tệp.pdf', 'application/pdf', 1, 'h' || i, 'clean', '', '2026-03-01T00:00:00.000Z', 'parties' FROM s`,
			`INSERT INTO officer (id, name, folded, email, phone, active, invented)
				` + series + `SELECT 'cb-' || i, 'Cán bộ', 'can bo', '', '', TRUE, TRUE FROM s`,
			`INSERT INTO membership (actor, reader)
				` + series + `SELECT 'cb-' || i, 'u:so-' || (i % 100) FROM s`,
			`ANALYZE`,
		} {
			if !d.Postgres() {
				q = strings.ReplaceAll(q, "AS BYTEA)", "AS BLOB)")
			}
			if _, err := tx.Exec(q); err != nil {
				return fmt.Errorf("%.60s: %w", q, err)
			}
		}
		return nil
	})
}

// hot runs what runs all day, and returns the texts of its queries.
func hot(t *testing.T, d *db.DB) (queries []string) {
	t.Helper()
	seen := map[string]bool{}
	d.BeforeStatement = func(_ *db.Tx, q string) {
		// the turn of the day reads the office once a day
		if head := strings.Fields(q)[0]; !seen[q] && !strings.Contains(q, "UNION SELECT stand_in") && (head == "SELECT" || head == "UPDATE") {
			seen[q] = true
			queries = append(queries, q)
		}
	}
	defer func() { d.BeforeStatement = nil }()
	who := org.Actor{Officer: "cb-7", Cover: []org.OfficerID{"cb-8"}, Posts: []org.Post{{ID: "p", Officer: "cb-7", Unit: "so-7", Role: org.Clerk}}}
	lttest.Update(t, d, func(tx *db.Tx) error {
		c, err := casefile.Lock(tx, who, "c7")
		if err != nil {
			return err
		}
		if _, err := casefile.Record(tx, c, casefile.Event{Kind: "thu.x", By: who}); err != nil {
			return err
		}
		if _, err := duty.OfCase(tx, "c7"); err != nil {
			return err
		}
		if _, err := casefile.History(tx, who, "c7", 10); err != nil {
			return err
		}
		if _, err := casefile.Parties(tx, "c7"); err != nil {
			return err
		}
		if _, err := casefile.Documents(tx, who, "c7"); err != nil {
			return err
		}
		if _, err := casefile.ByCode(tx, who, "TH-7"); err != nil {
			return err
		}
		if _, err := notice.Unread(tx, who, 20); err != nil {
			return err
		}
		if _, err := notice.Count(tx, who, 99); err != nil {
			return err
		}
		_, _, err = duty.Running(tx, "", 10)
		return err
	})
	s, _ := sweeper(d)
	sweep(t, s, 0, 0)
	for _, lead := range []string{"owner", "officer"} { // as an inbox of a department or of one officer asks
		queries = append(queries, `
			SELECT d.case_id, d.due_at FROM duty d JOIN casefile c ON c.id = d.case_id
			WHERE d.`+lead+` = $1 AND d.ended_at IS NULL AND d.officer <> '' AND (d.due_at, d.case_id, d.rule, d.owner, d.round) > ($2, $3, $4, $5, $6) AND `+access.Visible("d.case_id", "$7")+`
			ORDER BY d.due_at, d.case_id, d.rule, d.owner, d.round LIMIT $8`)
	}
	return queries
}

var (
	placeholder = regexp.MustCompile(`\$\d+`)
	big         = `(casefile|case_reader|event|duty|notice|membership|document|officer)`
	scanned     = regexp.MustCompile(`(?m)Seq Scan on ` + big + `\b|^SCAN (?:` + big + `|[a-z]{1,2})(?: |$)`)
)

// plan returns the database's plan of a query, on PostgreSQL the one that serves any
// arguments.
func plan(t *testing.T, d *db.DB, q string) (lines string) {
	t.Helper()
	args := make([]any, len(uniq(placeholder.FindAllString(q, -1))))
	for i := range args {
		args[i] = "1"
	}
	lttest.Update(t, d, func(tx *db.Tx) error {
		if d.Postgres() {
			for _, s := range []string{`SET LOCAL plan_cache_mode = force_generic_plan`, `PREPARE hot AS ` + q} {
				if _, err := tx.Exec(s); err != nil {
					return err
				}
			}
			list := ""
			if len(args) > 0 {
				list = "(NULL" + strings.Repeat(", NULL", len(args)-1) + ")"
			}
			err := tx.All(`EXPLAIN EXECUTE hot`+list, nil, func(r *sql.Rows) error {
				var s string
				err := r.Scan(&s)
				lines += s + "\n"
				return err
			})
			if err != nil {
				return err
			}
			_, err = tx.Exec(`DEALLOCATE hot`)
			return err
		}
		return tx.All(`EXPLAIN QUERY PLAN `+q, args, func(r *sql.Rows) error {
			var a, b, c int
			var s string
			err := r.Scan(&a, &b, &c, &s)
			lines += s + "\n"
			return err
		})
	})
	return lines
}

func uniq(all []string) map[string]bool {
	m := map[string]bool{}
	for _, s := range all {
		m[s] = true
	}
	return m
}

// No query that runs all day reads a whole table.
func TestNoSequentialScan(t *testing.T) {
	on(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		crowded(t, d)
		queries := hot(t, d)
		if len(queries) < 12 {
			t.Fatalf("only %d queries were seen", len(queries))
		}
		for _, q := range queries {
			if p := plan(t, d, q); scanned.MatchString(p) {
				t.Errorf("a whole table is read:\n%s\n%s", strings.TrimSpace(q), p)
			}
		}
		if p := plan(t, d, `SELECT n.id FROM notice n WHERE n.kind = $1`); !scanned.MatchString(p) {
			t.Errorf("the test does not see a scan in:\n%s", p)
		}
	})
}
