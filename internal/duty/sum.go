package duty

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"lienthong/internal/db"
	"lienthong/internal/org"
)

// summed are the rules of which every unit's sum is read at once, by whoever follows all of
// them: with a counter a day alone, that read would go over as many rows as there are duties.
// The same rules stand in the migration that fills the table.
var summed = []string{"assignment.do", "assignment.recur"}

// A sum of counters of one owner and field: of what runs by the month of its day, of what
// ended whatever the day.
type sumKey struct {
	fate  Fate
	owner org.UnitID
	field string
	month string // 2026-03; "" without a date, and of what ended
}

// The order in which sums are written; the same everywhere, so that two nodes cannot block
// each other.
func (k sumKey) compare(o sumKey) int {
	return cmp.Or(cmp.Compare(k.fate, o.fate), cmp.Compare(k.owner, o.owner), cmp.Compare(k.field, o.field), cmp.Compare(k.month, o.month))
}

// sums are what a transaction's counters add to the sums above them.
func (t tallies) sums() map[sumKey]int64 {
	of := map[sumKey]int64{}
	for k, by := range t {
		// what a unit owes to itself is its own business: in no figure across units
		if !slices.Contains(summed, k.rule) || k.owner == k.counterpart {
			continue
		}
		s := sumKey{fate: k.fate, owner: k.owner, field: k.field}
		if (k.fate == Open || k.fate == Suspended) && k.dueDay != "" {
			s.month = k.dueDay[:len("2026-03")]
		}
		of[s] += by
	}
	return of
}

// addSums writes the sums that changed, in one statement. Most transactions have none.
func (t tallies) addSums(tx *db.Tx) error {
	of := t.sums()
	keys := make([]sumKey, 0, len(of))
	for k, by := range of {
		if by != 0 { // a day that moved within its month changes nothing
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, sumKey.compare)
	for part := range slices.Chunk(keys, talliesAtOnce) {
		var rows strings.Builder
		args := make([]any, 0, 5*len(part))
		for i, k := range part {
			if i > 0 {
				rows.WriteString(", ")
			}
			n := 5 * i
			fmt.Fprintf(&rows, "($%d, $%d, $%d, $%d, CAST($%d AS BIGINT))", n+1, n+2, n+3, n+4, n+5)
			args = append(args, string(k.fate), string(k.owner), k.field, k.month, of[k])
		}
		_, err := tx.Exec(`INSERT INTO duty_sum (fate, owner, field, month, n) VALUES `+rows.String()+
			` ON CONFLICT (fate, owner, field, month) DO UPDATE SET n = duty_sum.n + excluded.n`, args...)
		if err != nil {
			return err
		}
	}
	return nil
}
