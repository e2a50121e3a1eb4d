package petition

import (
	"database/sql"
	"encoding/json"
	"strings"

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

// learnedPage is how many examples one page holds.
const learnedPage = 200

// Learned returns the petitions answered behind a cursor ("" begins), in the order of their
// last answers, and the cursor of the rest, which is since when there is nothing new. What
// was called nobody's competence, or sealed, teaches nothing. It is the program's own
// reading: no text of it may be shown to anybody.
func Learned(tx *db.Tx, since string) (all []Example, next string, err error) {
	defer fault.Wrap(&err, "what is learned since %q", since)
	at, id, _ := strings.Cut(since, " ")
	next = since
	// system: words that a model counts; no person reads a case here
	err = tx.All(`
		SELECT c.id, c.title, c.field, a.unit, a.answered_at, c.sealed_at IS NOT NULL, a.outcome, e.text,
			coalesce((SELECT h.unit FROM petition_hop h WHERE h.case_id = c.id ORDER BY h.n LIMIT 1), a.unit)
		FROM petition_answer a JOIN casefile c ON c.id = a.case_id JOIN petition p ON p.case_id = a.case_id
			LEFT JOIN event e ON e.case_id = p.case_id AND e.n = p.raised_n
		WHERE a.round = p.round AND (a.answered_at, a.case_id) > ($1, $2)
		ORDER BY a.answered_at, a.case_id LIMIT $3`, []any{at, id, learnedPage}, func(r *sql.Rows) error {
		var x Example
		var title, when string
		var sealed bool
		var outcome Outcome
		var text casefile.StoredText
		if err := r.Scan(&x.Case, &title, &x.Field, &x.Unit, &when, &sealed, &outcome, &text, &x.First); err != nil {
			return err
		}
		next = when + " " + string(x.Case)
		if sealed || outcome == NotCompetent {
			return nil
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
	return all, next, err
}
