package signoff

import (
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
)

// Texts names the columns of this package in which a text of a case can stand, for the
// test that every such place is sealed.
var Texts = []string{"paper.title", "paper_version.title", "paper_version.body", "paper_version.note", "paper_step.comment"}

// Seal takes every draft, remark and title of the case's papers out of reach. Numbers,
// signatures and dates stay: they are facts about the paper, not its text.
func Seal(tx *db.Tx, id casefile.ID) (err error) {
	defer fault.Wrap(&err, "seal papers of %s", id)
	for _, query := range []string{
		`UPDATE paper_version SET title = '', body = '', note = '' WHERE paper IN (SELECT id FROM paper WHERE case_id = $1)`,
		`UPDATE paper_step SET comment = '' WHERE paper IN (SELECT id FROM paper WHERE case_id = $1)`,
		`UPDATE paper SET title = '' WHERE case_id = $1`,
	} {
		if _, err := tx.Exec(query, string(id)); err != nil {
			return err
		}
	}
	return nil
}
