package duty

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"lienthong/internal/db"
	"lienthong/internal/fault"
)

// Counters is the source of every counter, for checks that compare them with the rows: what
// the last roll left and what came since. Figures are read with EachOpen and EachEnded.
const Counters = `(SELECT rule, fate, owner, counterpart, field, due_day, n FROM duty_count
	UNION ALL SELECT rule, fate, owner, counterpart, field, due_day, n FROM duty_tally) counters`

// rollBatch is how many counters one update takes into the sums: it holds the writer for
// about ten milliseconds. rollsASweep bounds what a sweep takes: under load what is fresh may
// grow, and is worked off afterwards. rollsKept is for how many rolls a node may look away
// before it must read the sums again.
const (
	rollBatch   = 500
	rollsASweep = 4
	rollsKept   = 32
)

// rollVersion is the number of the last roll, among the versions of what nodes keep in memory.
const rollVersion = "duty.roll"

// Roll takes what operations have counted into the sums, at most a batch, and returns how
// many counters that was; 0 when nothing is left. An operation writes its counter and no sum:
// a sum is shared by very many cases and would be what all of them wait for
// (doc/decisions/0017-rolled-counters.md).
func Roll(ctx context.Context, d *db.DB) (n int, err error) {
	defer fault.Wrap(&err, "roll counters")
	// nothing is asked of the one writer while there is nothing to do
	err = d.View(ctx, func(tx *db.Tx) error {
		some, err := freshOf(tx, 1)
		n = len(some)
		return err
	})
	if err != nil || n == 0 {
		return n, err
	}
	err = d.Update(ctx, func(tx *db.Tx) error {
		// first of all: its row makes nodes take turns
		if err := tx.Bump(rollVersion); err != nil {
			return err
		}
		all, err := freshOf(tx, rollBatch)
		if n = len(all); err != nil {
			return err
		}
		roll, err := tx.Version(rollVersion)
		if err != nil {
			return err
		}
		return take(tx, roll, all)
	})
	return n, err
}

// A fresh counter: what operations have added since the last roll.
type fresh struct {
	tallyKey
	n int64
}

// freshOf reads fresh counters in the order in which operations lock them.
func freshOf(tx *db.Tx, most int) (all []fresh, err error) {
	hold := ""
	if most > 1 { // an operation that is at one of them has its number in before it goes
		hold = tx.ForUpdate("duty_tally")
	}
	// system: counters of the whole store
	err = tx.All(`SELECT rule, fate, owner, counterpart, field, due_day, n FROM duty_tally
		ORDER BY rule, fate, owner, counterpart, field, due_day LIMIT $1`+hold, []any{most}, func(r *sql.Rows) error {
		var f fresh
		err := r.Scan(&f.rule, &f.fate, &f.owner, &f.counterpart, &f.field, &f.dueDay, &f.n)
		all = append(all, f)
		return err
	})
	return all, err
}

// take moves fresh counters into the sums and says which.
func take(tx *db.Tx, roll int64, all []fresh) error {
	changes := table{name: "duty_roll_change", key: []string{"roll", "rule", "fate", "owner", "counterpart", "field", "due_day"}}
	counts := table{name: "duty_count", key: []string{"rule", "fate", "due_day", "owner", "counterpart", "field"}}
	sums := table{name: "duty_roll", key: []string{"rule", "level", "period", "fate", "owner", "counterpart", "field"}}
	for _, f := range all {
		rule, fate, owner, counterpart := f.rule, string(f.fate), string(f.owner), string(f.counterpart)
		if err := tx.Put(`DELETE FROM duty_tally WHERE rule = $1 AND fate = $2 AND owner = $3 AND counterpart = $4 AND field = $5 AND due_day = $6`,
			rule, fate, owner, counterpart, f.field, f.dueDay); err != nil {
			return err
		}
		if f.n == 0 {
			continue
		}
		changes.add(f.n, roll, rule, fate, owner, counterpart, f.field, f.dueDay)
		counts.add(f.n, rule, fate, f.dueDay, owner, counterpart, f.field)
		if f.fate == Open || f.fate == Suspended {
			continue
		}
		sums.add(f.n, rule, levelYear, f.dueDay[:min(4, len(f.dueDay))], fate, owner, counterpart, f.field)
		sums.add(f.n, rule, levelMonth, f.dueDay[:min(7, len(f.dueDay))], fate, owner, counterpart, f.field)
	}
	for _, t := range []*table{&changes, &counts, &sums} {
		if err := t.write(tx); err != nil {
			return err
		}
	}
	return tx.Put(`DELETE FROM duty_roll_change WHERE roll <= $1`, roll-rollsKept)
}

// A table gathers what one transaction adds to rows of a table: a number n for each key.
type table struct {
	name string
	key  []string
	rows [][]any // values of the key, in the order of coming
	n    []int64
	at   map[string]int
}

// add adds to the row of a key. Rows are written in the order in which keys first came, which
// the sorted counters make the same on every node.
func (t *table) add(n int64, key ...any) {
	name := fmt.Sprint(key...)
	i, ok := t.at[name]
	if !ok {
		if t.at == nil {
			t.at = map[string]int{}
		}
		i = len(t.rows)
		t.at[name] = i
		t.rows, t.n = append(t.rows, key), append(t.n, 0)
	}
	t.n[i] += n
}

// rowsAtOnce is how many rows one statement writes; the rest go one by one, so that there are
// two texts of each table.
const rowsAtOnce = 16

// write adds the numbers to the rows, and drops rows that came to nothing.
func (t *table) write(tx *db.Tx) error {
	for i := 0; i < len(t.rows); {
		size := 1
		if len(t.rows)-i >= rowsAtOnce {
			size = rowsAtOnce
		}
		var args []any
		for j := i; j < i+size; j++ {
			args = append(append(args, t.rows[j]...), t.n[j])
		}
		if err := tx.Put(t.insert(size), args...); err != nil {
			return err
		}
		i += size
	}
	for i, key := range t.rows {
		if t.n[i] >= 0 || t.key[0] == "roll" {
			continue
		}
		if err := tx.Put(t.drop(), key...); err != nil {
			return err
		}
	}
	return nil
}

// insert is the statement that adds to some rows.
func (t *table) insert(rows int) string {
	var b strings.Builder
	key := strings.Join(t.key, ", ")
	b.WriteString(`INSERT INTO ` + t.name + ` (` + key + `, n) VALUES `)
	mark := 0
	for i := range rows {
		if i > 0 {
			b.WriteString(`, `)
		}
		b.WriteByte('(')
		for range t.key {
			mark++
			fmt.Fprintf(&b, "$%d, ", mark)
		}
		mark++
		fmt.Fprintf(&b, "CAST($%d AS BIGINT))", mark)
	}
	b.WriteString(` ON CONFLICT (` + key + `) DO UPDATE SET n = ` + t.name + `.n + excluded.n`)
	return b.String()
}

// drop is the statement that deletes a row which counts nothing any more.
func (t *table) drop() string {
	cond := make([]string, len(t.key))
	for i, column := range t.key {
		cond[i] = fmt.Sprintf("%s = $%d", column, i+1)
	}
	return `DELETE FROM ` + t.name + ` WHERE ` + strings.Join(cond, ` AND `) + ` AND n = 0`
}

// roll is a sweep's part of the sums: what is fresh goes into them, and what this node keeps
// of them in memory follows.
func (s *Sweeper) roll(ctx context.Context) error {
	for range rollsASweep {
		n, err := Roll(ctx, s.DB)
		if err != nil {
			return err
		}
		if n < rollBatch {
			break
		}
	}
	return s.DB.View(ctx, func(tx *db.Tx) error {
		for rule := range s.Kinds {
			for _, level := range []string{levelNow, levelYear} {
				if _, err := stand(tx, shelfKey{rule: rule, level: level}); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
