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

type tallyKey struct {
	owner  org.UnitID
	rule   string
	fate   Fate
	dueDay string
}

type tallies map[tallyKey]int64

type tallyNote struct{}

// tally notes a change of one counter. The changes of a transaction are written
// last and in one order, because many cases share a counter: its lock is short, and
// two transactions never wait for each other crosswise. Requests are in no figure.
func tally(tx *db.Tx, owner org.UnitID, rule string, fate Fate, dueDay string, by int64, request bool) {
	if request {
		return
	}
	t, ok := tx.Value(tallyNote{}).(tallies)
	if !ok {
		t = tallies{}
		tx.SetValue(tallyNote{}, t)
		tx.Last("duty tally", func() error { return t.write(tx) })
	}
	t[tallyKey{owner, rule, fate, dueDay}] += by
}

func (t tallies) write(tx *db.Tx) error {
	keys := make([]tallyKey, 0, len(t))
	for k, by := range t {
		if by != 0 {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b tallyKey) int {
		return cmp.Or(cmp.Compare(a.owner, b.owner), cmp.Compare(a.rule, b.rule), cmp.Compare(a.fate, b.fate), cmp.Compare(a.dueDay, b.dueDay))
	})
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
	args := make([]any, 0, 5*len(keys))
	for i, k := range keys {
		if i > 0 {
			rows.WriteString(", ")
		}
		fmt.Fprintf(&rows, "($%d, $%d, $%d, $%d, CAST($%d AS BIGINT))", 5*i+1, 5*i+2, 5*i+3, 5*i+4, 5*i+5)
		args = append(args, string(k.owner), k.rule, string(k.fate), k.dueDay, t[k])
	}
	_, err := tx.Exec(`INSERT INTO duty_tally (owner, rule, fate, due_day, n) VALUES `+rows.String()+
		` ON CONFLICT (owner, rule, fate, due_day) DO UPDATE SET n = duty_tally.n + excluded.n`, args...)
	return err
}

// A Count is how many duties of one owner and rule stand in each fate.
type Count struct {
	Owner     org.UnitID
	Rule      string
	Open      int64 // running, those missed included
	Missed    int64 // running and past their last day, the clock stopped since or not
	Soon      int64 // running and due no later than the day asked for
	Dateless  int64 // running with no date stated
	Suspended int64
	Met       int64 // done in time
	Late      int64 // done late
	Waived    int64
	Handed    int64
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
		FROM duty_tally GROUP BY owner, rule ORDER BY owner, rule`,
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
