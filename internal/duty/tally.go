package duty

import (
	"cmp"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"lienthong/internal/db"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// A counter: one number a rule, fate, owner, counterpart, field and day. Every figure is a sum over these.
// Operations write what they add; Roll takes it into the sums.
type tallyKey struct {
	rule        string // see Key
	fate        Fate
	owner       org.UnitID
	counterpart org.UnitID
	field       string
	dueDay      string // 2026-03-02, "" without a limit
}

// The order in which counters are written; the same everywhere, so that two nodes cannot block each other.
func (k tallyKey) compare(o tallyKey) int {
	return cmp.Or(cmp.Compare(k.rule, o.rule), cmp.Compare(k.fate, o.fate), cmp.Compare(k.owner, o.owner), cmp.Compare(k.counterpart, o.counterpart),
		cmp.Compare(k.field, o.field), cmp.Compare(k.dueDay, o.dueDay))
}

// What a transaction adds to each counter.
type tallies map[tallyKey]int64

// The tallies of a transaction stand under this key.
type tallyNote struct{}

// tally notes a change of a duty's counter. The changes of a transaction are written
// last and in one order, because many cases share a counter: its lock is short, and
// two transactions never wait for each other crosswise. Requests are in no figure.
// Counters tell counterpart and field apart, so that a map and a board by commune sum
// counters too; a sum by owner costs more rows for it and one write serves both
// (doc/decisions/0008-wide-counters.md).
func tally(tx *db.Tx, d *Duty, fate Fate, dueDay string, by int64) {
	if d.Request {
		return
	}
	t, ok := tx.Value(tallyNote{}).(tallies)
	if !ok {
		t = tallies{}
		tx.SetValue(tallyNote{}, t)
		tx.Last("duty tally", func() error { return t.write(tx) })
	}
	t[tallyKey{d.Rule, fate, d.Owner, d.Counterpart, d.Field, dueDay}] += by
}

// Writes what a transaction changed, at its end and in one order.
func (t tallies) write(tx *db.Tx) error {
	keys := make([]tallyKey, 0, len(t))
	for k, by := range t {
		if by != 0 {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, tallyKey.compare)
	for part := range slices.Chunk(keys, talliesAtOnce) {
		if err := t.add(tx, part); err != nil {
			return err
		}
	}
	return nil
}

// talliesAtOnce is how many counters one statement writes: few lengths, few texts.
const talliesAtOnce = 8

// add writes some counters in one statement, in their order.
func (t tallies) add(tx *db.Tx, keys []tallyKey) error {
	var rows strings.Builder
	args := make([]any, 0, 7*len(keys))
	for i, k := range keys {
		if i > 0 {
			rows.WriteString(", ")
		}
		n := 7 * i
		fmt.Fprintf(&rows, "($%d, $%d, $%d, $%d, $%d, $%d, CAST($%d AS BIGINT))", n+1, n+2, n+3, n+4, n+5, n+6, n+7)
		args = append(args, k.rule, string(k.fate), string(k.owner), string(k.counterpart), k.field, k.dueDay, t[k])
	}
	return tx.Put(`INSERT INTO duty_tally (rule, fate, owner, counterpart, field, due_day, n) VALUES `+rows.String()+
		` ON CONFLICT (rule, fate, owner, counterpart, field, due_day) DO UPDATE SET n = duty_tally.n + excluded.n`, args...)
}

// A Count is how many duties of one owner and rule stand in each fate.
type Count struct {
	Owner     org.UnitID
	Rule      string
	Open      int64 // running, those missed included
	Missed    int64 // running and past their last day, the clock stopped since or not
	Soon      int64 // running and due no later than the day asked for
	Dateless  int64 // running with no date stated
	Suspended int64 // of those that run
	Met       int64 // done in time
	Late      int64 // done late
	Waived    int64
	Handed    int64 // on to another owner
}

// Counts sums the tally for each owner and rule. A duty is missed when its last day
// is before today; soon counts those due today until the day soon. One that ends at
// an hour of today counts as missed from tomorrow on here, and at once in lists.
// The caller may see the figures of these owners: it oversees them or is of them.
func Counts(tx *db.Tx, today, soon workday.Date) (all []Count, err error) {
	// system: counts of units, shown by board to who oversees or belongs to the unit
	err = tx.All(`
		SELECT owner, rule,
			CAST(sum(CASE WHEN fate = 'open' THEN n ELSE 0 END) AS BIGINT),
			CAST(sum(CASE WHEN fate IN ('open', 'suspended') AND due_day <> '' AND due_day < $1 THEN n ELSE 0 END) AS BIGINT),
			CAST(sum(CASE WHEN fate = 'open' AND due_day >= $1 AND due_day <= $2 THEN n ELSE 0 END) AS BIGINT),
			CAST(sum(CASE WHEN fate = 'open' AND due_day = '' THEN n ELSE 0 END) AS BIGINT),
			CAST(sum(CASE WHEN fate = 'suspended' THEN n ELSE 0 END) AS BIGINT),
			CAST(sum(CASE WHEN fate = 'met' THEN n ELSE 0 END) AS BIGINT),
			CAST(sum(CASE WHEN fate = 'late' THEN n ELSE 0 END) AS BIGINT),
			CAST(sum(CASE WHEN fate = 'waived' THEN n ELSE 0 END) AS BIGINT),
			CAST(sum(CASE WHEN fate = 'handed' THEN n ELSE 0 END) AS BIGINT)
		FROM `+Counters+` GROUP BY owner, rule ORDER BY owner, rule`,
		[]any{today.String(), soon.String()}, func(r *sql.Rows) error {
			var c Count
			if err := r.Scan(&c.Owner, &c.Rule, &c.Open, &c.Missed, &c.Soon, &c.Dateless, &c.Suspended, &c.Met, &c.Late, &c.Waived, &c.Handed); err != nil {
				return err
			}
			all = append(all, c)
			return nil
		})
	return all, err
}
