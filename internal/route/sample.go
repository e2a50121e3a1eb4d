package route

import (
	"cmp"
	"database/sql"
	"encoding/json"
	"slices"
	"strings"

	"lienthong/internal/audit"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/petition"
)

// An answer is a first answer that an entry of the log gave.
type answer struct {
	id     casefile.ID
	place  int    // of its entry, in the batch
	minute string // when it was given
}

// minuteOf shortens a stored instant to its minute.
func minuteOf(stamp string) string { return stamp[:min(len(stamp), len("2006-01-02T15:04"))] }

// sample leaves of the answers those that teach: at most teachMost of each minute, spread
// evenly over what the batch has of it. minute and taught are the learner's afterwards.
func (l *learner) sample(all []answer) (some []answer, minute string, taught int) {
	minute, taught = l.minute, l.taught
	for len(all) > 0 {
		n := slices.IndexFunc(all, func(a answer) bool { return a.minute != all[0].minute })
		if n < 0 {
			n = len(all)
		}
		if all[0].minute != minute {
			minute, taught = all[0].minute, 0
		}
		k := min(n, teachMost-taught)
		for i := range k {
			some = append(some, all[i*n/k])
		}
		taught += k
		all = all[n:]
	}
	return some, minute, taught
}

// answeredNow returns the first answers that the entries gave, in the order of the log.
// Left out are later rounds, and where the answer was that the unit is not competent.
func answeredNow(tx *db.Tx, leaves []audit.Leaf) (all []answer, err error) {
	at := map[string]int{} // the place of an entry
	var ids []any
	for i, leaf := range leaves {
		id, _, ok := strings.Cut(leaf.Ref, "/")
		if !ok {
			continue // an entry of the log that is no case
		}
		at[leaf.Ref] = i
		ids = append(ids, id)
	}
	if len(ids) == 0 {
		return nil, nil
	}
	marks, ids := db.List(ids)
	// system: no person reads it; what is sealed is left out below
	err = tx.All(`
		SELECT case_id, event_n, answered_at FROM petition_answer
		WHERE case_id IN (`+marks+`) AND round = 1 AND outcome <> 'not_competent'`,
		ids, func(r *sql.Rows) error {
			var a answer
			var n int64
			if err := r.Scan(&a.id, &n, &a.minute); err != nil {
				return err
			}
			i, ok := at[casefile.EntryRef(a.id, n)]
			if ok { // and not answered by an entry of another batch
				a.place, a.minute = i, minuteOf(a.minute)
				all = append(all, a)
			}
			return nil
		})
	slices.SortFunc(all, func(a, b answer) int { return cmp.Compare(a.place, b.place) })
	return all, err
}

// answeredCases reads the petitions that were answered, in the order of their answers.
func answeredCases(tx *db.Tx, some []answer) (cases []Case, err error) {
	if len(some) == 0 {
		return nil, nil
	}
	var ids []any
	for _, a := range some {
		ids = append(ids, string(a.id))
	}
	marks, ids := db.List(ids)
	found := map[casefile.ID]Case{}
	// system: what is kept of it is weights and counts by hash, never whose it was
	err = tx.All(`
		SELECT c.id, c.title, c.field, a.unit, e.text
		FROM petition_answer a
		JOIN petition p ON p.case_id = a.case_id
		JOIN casefile c ON c.id = a.case_id
		JOIN event e ON e.case_id = a.case_id AND e.n = p.raised_n
		WHERE a.case_id IN (`+marks+`) AND a.round = 1 AND c.sealed_at IS NULL`,
		ids, func(r *sql.Rows) error {
			var id casefile.ID
			var c Case
			var title string
			var text casefile.StoredText
			if err := r.Scan(&id, &title, &c.Field, &c.Unit, &text); err != nil {
				return err
			}
			var body petition.Body
			if json.Unmarshal([]byte(text), &body) != nil {
				body.Text = string(text)
			}
			c.Text = title + "\n" + body.Text
			found[id] = c
			return nil
		})
	if err != nil {
		return nil, err
	}
	for _, a := range some {
		c, ok := found[a.id]
		if !ok {
			continue // sealed since
		}
		if c.Field, err = fieldAnswered(tx, c.Field, c.Unit); err != nil {
			return nil, err
		}
		cases = append(cases, c)
	}
	return cases, nil
}
