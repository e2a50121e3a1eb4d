package crash

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"lienthong/internal/audit"
	"lienthong/internal/blob"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/kinds"
	"lienthong/internal/org"
)

// check looks at a store that nobody serves any more.
func check(t *testing.T, d *db.DB, files *blob.Store, l *ledger, witness string) {
	t.Helper()
	look := func(what string, fn func()) { // says what each look took: a slow one gives no verdict in time
		began := time.Now()
		fn()
		t.Logf("looked at what is %s in %v", what, time.Since(began).Round(time.Millisecond))
	}
	look("acknowledged", func() { acknowledged(t, d, files, l) })
	look("sealed", func() { verifies(t, d, witness) })
	for what, fn := range map[string]func(*testing.T, *db.Tx) error{"whole": halves, "in its order": histories, "counted": tallied, "owed": owned} {
		look(what, func() {
			if err := d.View(context.Background(), func(tx *db.Tx) error { return fn(t, tx) }); err != nil {
				t.Errorf("what is %s: %v", what, err)
			}
		})
	}
}

// acknowledged compares the ledger with the store: every acknowledged act left its one
// event, every title its one case, every file its bytes.
func acknowledged(t *testing.T, d *db.DB, files *blob.Store, l *ledger) {
	t.Helper()
	events := map[string]map[string]int{} // by case, by kind
	cases := map[string][]string{}        // by title
	held := map[string]map[string]bool{}  // hashes by case
	err := d.View(context.Background(), func(tx *db.Tx) error {
		if err := tx.All(`SELECT id, title FROM casefile WHERE kind = 'petition'`, nil, func(r *sql.Rows) error {
			var id, title string
			err := r.Scan(&id, &title)
			cases[title], events[id], held[id] = append(cases[title], id), map[string]int{}, map[string]bool{}
			return err
		}); err != nil {
			return err
		}
		if err := tx.All(`SELECT case_id, kind, count(*) FROM event GROUP BY case_id, kind`, nil, func(r *sql.Rows) error {
			var id, kind string
			var n int
			err := r.Scan(&id, &kind, &n)
			if events[id] != nil {
				events[id][kind] = n
			}
			return err
		}); err != nil {
			return err
		}
		return tx.All(`SELECT case_id, hash FROM document`, nil, func(r *sql.Rows) error {
			var id, hash string
			err := r.Scan(&id, &hash)
			if held[id] != nil {
				held[id][hash] = true
			}
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	for title, x := range l.cases {
		if ids := cases[title]; len(ids) != 1 || ids[0] != x.id {
			t.Errorf("%q was acknowledged as case %s, the store has %v", title, x.id, ids)
			continue
		}
		for act := range x.acked {
			if n := events[x.id][act]; n != 1 {
				t.Errorf("case %s: %s was acknowledged and stands %d times", x.id, act, n)
			}
		}
		if x.file != "" && !held[x.id][x.file] {
			t.Errorf("case %s lost its file %.8s", x.id, x.file)
		} else if x.file != "" {
			if err := files.Check(blob.Hash(x.file)); err != nil {
				t.Errorf("case %s: %v", x.id, err)
			}
		}
	}
	for title, ids := range cases {
		if len(ids) > 1 && strings.HasPrefix(title, "Vướng mắc số") {
			t.Errorf("%q was raised %d times", title, len(ids))
		}
	}
}

// verifies lets the log take what still waits, and compares it with the entries, its
// own signatures and the witness of an earlier hour.
func verifies(t *testing.T, d *db.DB, witness string) {
	t.Helper()
	ctx := context.Background()
	sealed(t, d)
	r, err := audit.Verify(ctx, d, audit.Check{Witness: witness, Hashes: casefile.Hashes, Refs: casefile.Refs})
	if err != nil {
		t.Fatal(err)
	}
	if !r.OK() || r.Size == 0 {
		t.Errorf("the log does not verify:\n%s", r.Text())
	}
}

func sealed(t *testing.T, d *db.DB) {
	t.Helper()
	for {
		n, err := audit.Sequence(context.Background(), d)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

// broken are questions whose every answer is an operation that stands by half: the
// query gives what to show of it.
var broken = map[string]string{
	"an event is missing":                  `SELECT case_id, count(*) || ' of ' || max(n) FROM event GROUP BY case_id HAVING count(*) <> max(n) OR min(n) <> 1`,
	"a case without any event":             `SELECT id, kind FROM casefile c WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.case_id = c.id)`,
	"a case behind its history":            `SELECT id, code FROM casefile c WHERE leaf_n > 0 AND leaf_n <> (SELECT max(n) FROM event e WHERE e.case_id = c.id)`,
	"an event without a leaf":              `SELECT e.case_id, n FROM event e LEFT JOIN leaf l ON l.hash = e.leaf WHERE l.ref IS NULL`,
	"a petition without its row":           `SELECT id, code FROM casefile c WHERE kind = 'petition' AND NOT EXISTS (SELECT 1 FROM petition p WHERE p.case_id = c.id)`,
	"a petition nobody reads":              `SELECT id, code FROM casefile c WHERE NOT EXISTS (SELECT 1 FROM case_reader r WHERE r.case_id = c.id)`,
	"an unanswered one that nobody owes":   `SELECT id, code FROM casefile c JOIN petition p ON p.case_id = c.id WHERE state IN ('received', 'directed', 'reopened') AND NOT EXISTS (SELECT 1 FROM duty d WHERE d.case_id = c.id AND d.ended_at IS NULL)`,
	"an answered one still owed":           `SELECT id, code FROM casefile c WHERE state IN ('answered', 'settled') AND EXISTS (SELECT 1 FROM duty d WHERE d.case_id = c.id AND d.rule = 'petition.answer' AND d.ended_at IS NULL)`,
	"an answered one without its answer":   `SELECT id, code FROM casefile c JOIN petition p ON p.case_id = c.id WHERE state IN ('answered', 'settled') AND NOT EXISTS (SELECT 1 FROM petition_answer a WHERE a.case_id = c.id AND a.round = p.round)`,
	"an answer without its event":          `SELECT case_id, event_n FROM petition_answer a WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.case_id = a.case_id AND e.n = a.event_n)`,
	"a closed one with something owed":     `SELECT id, code FROM casefile c WHERE closed_at IS NOT NULL AND EXISTS (SELECT 1 FROM duty d WHERE d.case_id = c.id AND d.ended_at IS NULL)`,
	"a settled one that is not closed":     `SELECT id, code FROM casefile WHERE state = 'settled' AND closed_at IS NULL`,
	"a duty that ended and runs":           `SELECT case_id, rule FROM duty WHERE (fate IN ('open', 'suspended')) <> (ended_at IS NULL)`,
	"a key without its answer":             `SELECT key, route FROM request_key WHERE status = 0`,
	"a file of an event that is not there": `SELECT case_id, id FROM document f WHERE event_n > 0 AND NOT EXISTS (SELECT 1 FROM event e WHERE e.case_id = f.case_id AND e.n = f.event_n)`,
}

func halves(t *testing.T, tx *db.Tx) error {
	for what, query := range broken {
		shown := 0
		err := tx.All(query, nil, func(r *sql.Rows) error {
			var a, b string
			err := r.Scan(&a, &b)
			if shown++; shown <= 5 {
				t.Errorf("%s: %s %s", what, a, b)
			}
			return err
		})
		if err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
	}
	return nil
}

// histories follows each case from event to event: each names the leaf of the one before,
// and its bytes are those of its leaf. All in one reading: case by case it took longer
// than the load.
func histories(t *testing.T, tx *db.Tx) error {
	var of casefile.ID
	var before audit.Hash
	return tx.All(`SELECT case_id, bytes, leaf FROM event ORDER BY case_id, n`, nil, func(r *sql.Rows) error {
		var id casefile.ID
		var raw, leaf []byte
		if err := r.Scan(&id, &raw, &leaf); err != nil {
			return err
		}
		raw, err := casefile.Unpack(raw)
		if err != nil {
			return fmt.Errorf("case %s: %w", id, err)
		}
		e, err := casefile.Decode(raw)
		if err != nil {
			return fmt.Errorf("case %s: %w", id, err)
		}
		if id != of {
			of, before = id, audit.Hash{}
		}
		if e.Previous != before {
			t.Errorf("case %s: event %d does not follow the one before", id, e.N)
		}
		if before = casefile.LeafOf(raw); !bytes.Equal(before[:], leaf) {
			t.Errorf("case %s: event %d is not what its leaf says", id, e.N)
		}
		return nil
	})
}

// tallied compares the counts that boards read with a count over the duties.
func tallied(t *testing.T, tx *db.Tx) error {
	read := func(query string) (all map[string]int64, err error) {
		all = map[string]int64{}
		err = tx.All(query, nil, func(r *sql.Rows) error {
			var owner, rule, fate, day string
			var n int64
			err := r.Scan(&owner, &rule, &fate, &day, &n)
			all[owner+" "+rule+" "+fate+" "+day] = n
			return err
		})
		return all, err
	}
	rows, err := read(`SELECT owner, rule, fate, due_day, count(*) FROM (
			SELECT owner, rule, CASE WHEN fate IN ('met', 'handed') AND ended_at >= own_due_at THEN 'late' ELSE fate END AS fate, due_day FROM duty WHERE NOT request) d
		GROUP BY owner, rule, fate, due_day`)
	if err != nil {
		return err
	}
	tally, err := read(`SELECT owner, rule, fate, due_day, CAST(sum(n) AS BIGINT) FROM ` + duty.Counters + ` GROUP BY owner, rule, fate, due_day HAVING sum(n) <> 0`)
	if err == nil && !maps.Equal(rows, tally) {
		t.Errorf("the duties count %v\nthe tally says  %v", rows, tally)
	}
	return err
}

// owned says that nothing is owed by nobody, or never looked at again.
func owned(t *testing.T, tx *db.Tx) error {
	o, err := duty.CountOrphans(tx, kinds.Duties()) // demo, on which the load runs, has assignments and programmes beside petitions
	if err == nil && o != (duty.Orphans{}) {
		t.Errorf("orphans: %+v", o)
	}
	return tx.All(`SELECT DISTINCT owner FROM duty WHERE ended_at IS NULL AND owner NOT IN (SELECT id FROM unit)`, nil, func(r *sql.Rows) error {
		var u org.UnitID
		defer func() { t.Errorf("duties are owed by %q, which is no unit", u) }()
		return r.Scan(&u)
	})
}
