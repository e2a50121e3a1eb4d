package db

import (
	"strconv"
	"strings"
)

// Search is the one query with two texts: a full-text index of FTS5 on SQLite, a
// tsvector with GIN on PostgreSQL. Both hold the same folded words in the same order,
// under a number that grows with the age of the index; package search gives the words.

// longestWord is the longest word that is kept, in bytes: PostgreSQL takes no lexeme
// above 2 kB, and nobody types one. lastPosition is the last place in a text that
// PostgreSQL tells apart; beyond it words are found, phrases are not.
const (
	longestWord  = 200
	lastPosition = 16383
)

// SearchPut replaces the words under n. words are folded, one space between; marks are
// words beside the text that no text can hold.
func (tx *Tx) SearchPut(n int64, words string, marks []string) error {
	if tx.Postgres() {
		return tx.Put(`INSERT INTO search_word (n, words) VALUES ($1, CAST($2 AS tsvector)) ON CONFLICT (n) DO UPDATE SET words = excluded.words`,
			n, vector(words, marks))
	}
	if err := tx.SearchDrop(n); err != nil {
		return err
	}
	return tx.SearchAdd(n, words, marks)
}

// SearchAdd is SearchPut under a number that holds nothing yet. To look for what may be
// replaced takes SQLite's index longer than to write it.
func (tx *Tx) SearchAdd(n int64, words string, marks []string) error {
	if tx.Postgres() {
		return tx.SearchPut(n, words, marks)
	}
	return tx.Put(`INSERT INTO search_word (rowid, words) VALUES ($1, $2)`, n, short(words)+" "+strings.Join(marks, " "))
}

// SearchDrop takes the words under n out of the index.
func (tx *Tx) SearchDrop(n int64) error {
	query := `DELETE FROM search_word WHERE rowid = $1`
	if tx.Postgres() {
		query = `DELETE FROM search_word WHERE n = $1`
	}
	_, err := tx.Exec(query, n)
	return err
}

// vector writes words as PostgreSQL reads a tsvector, so that its own parser, which
// takes some texts for addresses or numbers, has no say.
func vector(words string, marks []string) string {
	var b strings.Builder
	b.Grow(len(words) * 2)
	at := 0
	for w := range strings.FieldsSeq(words) {
		at++
		if len(w) > longestWord {
			continue
		}
		b.WriteByte('\'')
		b.WriteString(w)
		b.WriteString("':")
		b.WriteString(strconv.Itoa(min(at, lastPosition)))
		b.WriteByte(' ')
	}
	for _, m := range marks {
		b.WriteByte('\'')
		b.WriteString(m)
		b.WriteString("' ")
	}
	return b.String()
}

// short leaves out words that PostgreSQL would not keep either.
func short(words string) string {
	run := 0
	for i := 0; i < len(words); i++ {
		if words[i] == ' ' {
			run = 0
		} else if run++; run > longestWord {
			kept := make([]string, 0, 64)
			for w := range strings.FieldsSeq(words) {
				if len(w) <= longestWord {
					kept = append(kept, w)
				}
			}
			return strings.Join(kept, " ")
		}
	}
	return words
}

// SearchWhere returns the table's number column, the condition that its words match
// the expression bound to the placeholder, and the expression: every phrase of folded
// words must stand in the text, and one of the marks, when there are any, beside it. A
// phrase that ends in "*" takes every word that begins like its last.
func (tx *Tx) SearchWhere(phrases []string, marks []string, placeholder string) (n, cond, expression string) {
	and, or, quote, next, begins := " AND ", " OR ", `"`, " ", " *"
	n, cond = "search_word.rowid", "search_word MATCH "+placeholder
	if tx.Postgres() {
		and, or, quote, next, begins = " & ", " | ", "'", "' <-> '", ":*"
		n, cond = "search_word.n", "search_word.words @@ CAST("+placeholder+" AS tsquery)"
	}
	parts := make([]string, 0, len(phrases)+1)
	if len(marks) > 0 { // first: the rarest leads the walk on SQLite
		in := make([]string, len(marks))
		for i, m := range marks {
			in[i] = quote + m + quote
		}
		parts = append(parts, "("+strings.Join(in, or)+")")
	}
	for _, p := range phrases {
		p, open := strings.CutSuffix(p, "*")
		p = "(" + quote + strings.ReplaceAll(p, " ", next) + quote
		if open {
			p += begins
		}
		parts = append(parts, p+")")
	}
	return n, cond, strings.Join(parts, and)
}

// SearchPlan makes PostgreSQL plan this transaction's searches for the words asked for:
// a rare phrase wants the index, a common one the newest rows. SQLite needs nothing.
func (tx *Tx) SearchPlan() error {
	if !tx.Postgres() {
		return nil
	}
	_, err := tx.q.exec(tx.ctx, `SET LOCAL plan_cache_mode = force_custom_plan`, nil)
	return explain(err)
}
