package petition

import (
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/vntext"
)

// An Example is an answered petition as whoever learns where petitions belong reads it:
// the words, the field it was raised in, who answered, and who had it first. Where First
// differs, the field sent it to the wrong unit.
type Example struct {
	Case  casefile.ID
	Text  string     // title and problem, folded
	Field string     // as the commune chose it
	Unit  org.UnitID // that answered
	First org.UnitID // that it reached first
}

// Newest returns the petition behind which stand the so many newest that were answered, by
// when they were raised; "" when there are no more than those.
func Newest(tx *db.Tx, most int) (id casefile.ID, err error) {
	defer fault.Wrap(&err, "where the newest answered petitions begin")
	// system: where to begin reading; no person reads a case here
	err = tx.One(`SELECT case_id FROM petition_answer WHERE round = 1 ORDER BY case_id DESC LIMIT 1 OFFSET $1`, []any{most}, &id)
	if errors.Is(err, fault.NotFound) {
		return "", nil
	}
	return id, err
}

// AnsweredAfter returns the petitions raised behind one that were answered after an instant,
// at most so many, in the order of raising.
func AnsweredAfter(tx *db.Tx, id casefile.ID, after time.Time, most int) (all []casefile.ID, err error) {
	defer fault.Wrap(&err, "answered behind %s", id)
	// system: what a program counts; no person reads a case here
	err = tx.All(`SELECT case_id FROM petition_answer WHERE case_id > $1 AND round = 1 AND answered_at > $2 ORDER BY case_id LIMIT $3`,
		[]any{string(id), after, most}, func(r *sql.Rows) error {
			var id casefile.ID
			err := r.Scan(&id)
			all = append(all, id)
			return err
		})
	return all, err
}

// AnsweredIn returns the petitions that entries of the log, given by their refs, answered.
func AnsweredIn(tx *db.Tx, refs []string) (all []casefile.ID, err error) {
	defer fault.Wrap(&err, "answered in the log")
	entry := map[string]bool{}
	var ids []any
	for _, ref := range refs {
		if id, _, ok := strings.Cut(ref, "/"); ok && !entry[ref] {
			entry[ref] = true
			ids = append(ids, id)
		}
	}
	marks, ids := db.List(ids)
	// system: what a program counts; no person reads a case here
	err = tx.All(`SELECT case_id, event_n FROM petition_answer WHERE case_id IN (`+marks+`) ORDER BY case_id, round`, ids, func(r *sql.Rows) error {
		var id casefile.ID
		var n int64
		err := r.Scan(&id, &n)
		if entry[casefile.EntryRef(id, n)] && (len(all) == 0 || all[len(all)-1] != id) {
			all = append(all, id)
		}
		return err
	})
	return all, err
}

// Learned returns those of the petitions that are answered, in the order of their ids. What
// was called nobody's competence, or sealed, teaches nothing. It is the program's own
// reading: no text of it may be shown to anybody.
func Learned(tx *db.Tx, ids []casefile.ID) (all []Example, err error) {
	defer fault.Wrap(&err, "what %d petitions teach", len(ids))
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = string(id)
	}
	marks, args := db.List(args)
	// system: words that a model counts; no person reads a case here
	err = tx.All(`
		SELECT c.id, c.title, c.field, a.unit, e.text,
			coalesce((SELECT h.unit FROM petition_hop h WHERE h.case_id = c.id ORDER BY h.n LIMIT 1), a.unit)
		FROM petition_answer a JOIN casefile c ON c.id = a.case_id JOIN petition p ON p.case_id = a.case_id
			LEFT JOIN event e ON e.case_id = p.case_id AND e.n = p.raised_n
		WHERE a.case_id IN (`+marks+`) AND a.round = p.round AND a.outcome <> '`+string(NotCompetent)+`' AND c.sealed_at IS NULL
		ORDER BY a.case_id`, args, func(r *sql.Rows) error {
		var x Example
		var title string
		var text casefile.StoredText
		if err := r.Scan(&x.Case, &title, &x.Field, &x.Unit, &text, &x.First); err != nil {
			return err
		}
		var b Body
		if text != "" {
			if err := json.Unmarshal([]byte(text), &b); err != nil {
				return err
			}
		}
		x.Text = vntext.Fold(title + " " + b.Text)
		all = append(all, x)
		return nil
	})
	return all, err
}
