package duty

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// Levels of the sums that boards read, and the period of what runs and fell due on a day
// gone by. An operation writes its counter by day and no sum: a sum is shared by very many
// cases and would be what all of them wait for. What a counter holds that the sums do not
// know yet stands in a small index, and a board adds it (doc/decisions/0017-rolled-counters.md).
const (
	RollNow   = "now"   // what runs, by day
	RollYear  = "year"  // what ended, by year
	RollMonth = "month" // what ended, by month
	RollPast  = "0"     // sorts before every day, after none
)

// rollBatch is how many counters one update takes into the sums: it holds the writer for
// about ten milliseconds. rollsASweep bounds what a sweep takes: under load the index of
// what is fresh may grow, and is worked off afterwards.
const (
	rollBatch   = 500
	rollsASweep = 4
)

// A sum: a counter without its day.
type rollKey struct {
	rule, level string
	fate        Fate
	owner       org.UnitID
	counterpart org.UnitID
	field       string
	period      string
}

// The order in which sums are written, the same on every node.
func (k rollKey) compare(o rollKey) int {
	return cmp.Or(cmp.Compare(k.rule, o.rule), cmp.Compare(k.level, o.level), cmp.Compare(k.fate, o.fate), cmp.Compare(k.owner, o.owner),
		cmp.Compare(k.counterpart, o.counterpart), cmp.Compare(k.field, o.field), cmp.Compare(k.period, o.period))
}

// A fresh counter: what it says, and how much of it the sums hold.
type fresh struct {
	tallyKey
	n, rolled int64
}

// Roll takes counters into the sums, at most a batch, and returns how many; 0 when nothing
// is left, or when another node was at the same ones, and this one changed nothing.
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
		all, err := freshOf(tx, rollBatch)
		if n = len(all); err != nil {
			return err
		}
		today, sums := workday.Of(tx.Now).String(), map[rollKey]int64{}
		for _, f := range all {
			changed, err := tx.Exec(`UPDATE duty_tally SET rolled = $1
				WHERE rule = $2 AND fate = $3 AND owner = $4 AND counterpart = $5 AND field = $6 AND due_day = $7 AND rolled = $8`,
				f.n, f.rule, string(f.fate), string(f.owner), string(f.counterpart), f.field, f.dueDay, f.rolled)
			if err != nil {
				return err
			}
			if changed == 0 { // another node was faster
				return fault.Conflict
			}
			for _, k := range f.sums(today) {
				sums[k] += f.n - f.rolled
			}
		}
		return addRolled(tx, sums)
	})
	if errors.Is(err, fault.Conflict) {
		return 0, nil
	}
	return n, err
}

// freshOf reads counters that the sums do not hold yet.
func freshOf(tx *db.Tx, most int) (all []fresh, err error) {
	// system: counters of the whole store
	err = tx.All(`SELECT rule, fate, owner, counterpart, field, due_day, n, rolled FROM duty_tally WHERE n <> rolled
		ORDER BY rule, fate, owner, counterpart, field, due_day LIMIT $1`, []any{most}, func(r *sql.Rows) error {
		var f fresh
		err := r.Scan(&f.rule, &f.fate, &f.owner, &f.counterpart, &f.field, &f.dueDay, &f.n, &f.rolled)
		all = append(all, f)
		return err
	})
	slices.SortFunc(all, func(a, b fresh) int { return a.tallyKey.compare(b.tallyKey) }) // as operations lock them
	return all, err
}

// sums names the sums in which a counter stands. A day gone by stays one, so what runs and
// fell due before today is one sum; a later day gets there by fold.
func (k tallyKey) sums(today string) []rollKey {
	sum := rollKey{k.rule, RollNow, k.fate, k.owner, k.counterpart, k.field, ""}
	switch {
	case k.fate == Suspended:
		return []rollKey{sum}
	case k.fate == Open:
		if sum.period = k.dueDay; k.dueDay != "" && k.dueDay < today {
			sum.period = RollPast
		}
		return []rollKey{sum}
	}
	year, month := sum, sum
	year.level, year.period = RollYear, k.dueDay[:min(4, len(k.dueDay))]
	month.level, month.period = RollMonth, k.dueDay[:min(7, len(k.dueDay))]
	return []rollKey{year, month}
}

// addRolled adds to sums, several in one statement, in their order.
func addRolled(tx *db.Tx, sums map[rollKey]int64) error {
	keys := make([]rollKey, 0, len(sums))
	for k, n := range sums {
		if n != 0 {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, rollKey.compare)
	for part := range slices.Chunk(keys, talliesAtOnce) {
		var rows strings.Builder
		args := make([]any, 0, 8*len(part))
		for i, k := range part {
			if i > 0 {
				rows.WriteString(", ")
			}
			n := 8 * i
			fmt.Fprintf(&rows, "($%d, $%d, $%d, $%d, $%d, $%d, $%d, CAST($%d AS BIGINT))", n+1, n+2, n+3, n+4, n+5, n+6, n+7, n+8)
			args = append(args, k.rule, k.level, string(k.fate), string(k.owner), string(k.counterpart), k.field, k.period, sums[k])
		}
		_, err := tx.Exec(`INSERT INTO duty_roll (rule, level, fate, owner, counterpart, field, period, n) VALUES `+rows.String()+
			` ON CONFLICT (rule, level, fate, owner, counterpart, field, period) DO UPDATE SET n = duty_roll.n + excluded.n`, args...)
		if err != nil {
			return err
		}
	}
	return nil
}

// fold brings what runs and fell due on days that have gone by since it was summed into one
// sum, at most a batch, and returns how many. Boards are right without it, and slower by
// each day that passes.
func fold(ctx context.Context, d *db.DB) (n int, err error) {
	defer fault.Wrap(&err, "fold days gone by")
	err = d.Update(ctx, func(tx *db.Tx) error {
		sums := map[rollKey]int64{}
		var gone []rollKey
		// system: counters of the whole store
		err := tx.All(`SELECT rule, level, fate, owner, counterpart, field, period, n FROM duty_roll
			WHERE level = 'now' AND fate = 'open' AND period > $1 AND period < $2
			ORDER BY rule, owner, counterpart, field, period LIMIT $3`, []any{RollPast, workday.Of(tx.Now).String(), rollBatch}, func(r *sql.Rows) error {
			var k rollKey
			var n int64
			err := r.Scan(&k.rule, &k.level, &k.fate, &k.owner, &k.counterpart, &k.field, &k.period, &n)
			gone = append(gone, k)
			k.period = RollPast
			sums[k] += n
			return err
		})
		if err != nil {
			return err
		}
		for _, k := range gone {
			if _, err := tx.Exec(`DELETE FROM duty_roll WHERE rule = $1 AND level = $2 AND fate = $3 AND owner = $4 AND counterpart = $5 AND field = $6 AND period = $7`,
				k.rule, k.level, string(k.fate), string(k.owner), string(k.counterpart), k.field, k.period); err != nil {
				return err
			}
		}
		n = len(gone)
		return addRolled(tx, sums)
	})
	return n, err
}

// roll is a sweep's part of the sums: what is fresh, then once a day what has gone by.
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
	s.mu.Lock()
	today := workday.Of(s.DB.Now(ctx)).String()
	due := s.folded != today
	s.mu.Unlock()
	for range rollsASweep {
		if !due {
			break
		}
		n, err := fold(ctx, s.DB)
		if err != nil {
			return err
		}
		if n == 0 {
			s.mu.Lock()
			s.folded, due = today, false
			s.mu.Unlock()
		}
	}
	return nil
}
