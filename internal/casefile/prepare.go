package casefile

import (
	"fmt"
	"slices"
	"strings"

	"lienthong/internal/db"
	"lienthong/internal/fault"
)

// Prepare writes the first parties of a case that this transaction opened so that nobody
// reads it yet: Reveal opens it to them. It is for many cases that must appear at once.
func Prepare(tx *db.Tx, id ID, parties ...Party) (err error) {
	defer fault.Wrap(&err, "prepare case %s", id)
	if len(parties) == 0 {
		return nil
	}
	var rows strings.Builder
	args := []any{string(id), tx.Now}
	for i, p := range parties {
		if i > 0 {
			rows.WriteString(", ")
		}
		fmt.Fprintf(&rows, "($1, $%d, $%d, 1, $2, $2)", 2*i+3, 2*i+4)
		args = append(args, p.reader(), string(p.Function))
	}
	// until_at is since_at: a party that never was, which no join of a living one leaves
	_, err = tx.Exec(`INSERT INTO case_reader (case_id, reader, party, level, since_at, until_at) VALUES `+rows.String()+` ON CONFLICT DO NOTHING`, args...)
	return err
}

// revealAtOnce is how many cases one statement opens.
const revealAtOnce = 200

// Reveal opens prepared cases to the parties that Prepare wrote and to those who oversee
// the scope, in two statements for two hundred of them. Nobody else can write a case that
// nobody reads, so they need not be locked one by one.
func Reveal(tx *db.Tx, scope string, ids ...ID) (err error) {
	defer fault.Wrap(&err, "reveal cases")
	for some := range slices.Chunk(ids, revealAtOnce) {
		args, marks := []any{scope}, make([]string, len(some))
		for i, id := range some {
			args = append(args, string(id))
			marks[i] = fmt.Sprintf("$%d", i+2)
		}
		in := strings.Join(marks, ", ")
		// system: the program opens what it prepared itself
		if _, err := tx.Exec(`UPDATE case_reader SET until_at = NULL WHERE until_at = since_at AND $1 <> '' AND case_id IN (`+in+`)`, args...); err != nil {
			return err
		}
		if _, err := tx.Exec(`UPDATE casefile SET scope = $1 WHERE id IN (`+in+`)`, args...); err != nil {
			return err
		}
	}
	return nil
}
