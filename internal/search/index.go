package search

import (
	"bytes"
	"cmp"
	"database/sql"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"

	"lienthong/internal/audit"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/vntext"
)

// A Kind says which texts of one kind of case are searched, beside title and code.
type Kind struct {
	CaseKind string
	// Text returns the texts that every party of the case may read, as people typed
	// them; nil takes PartyTexts. It must leave out what is a draft or for one unit.
	Text func(tx *db.Tx, id casefile.ID) (string, error)
}

const (
	followName = "search.index"
	// leaves a step. A case that moves fast leaves several: the more a step sees together,
	// the fewer times it is indexed again. The update writes within 20 ms.
	followBatch = 400
)

// Indexer returns the follower of the log that keeps the index. Its Run belongs to the
// background of serve.
func Indexer(d *db.DB, kinds ...Kind) *audit.Follower {
	byKind := map[string]Kind{}
	for _, k := range kinds {
		byKind[k.CaseKind] = k
	}
	return &audit.Follower{DB: d, Name: followName, Batch: followBatch, Read: func(tx *db.Tx, leaves []audit.Leaf) (func(*db.Tx) error, error) {
		return read(tx, byKind, leaves)
	}}
}

// An entry is what the index will hold of one case.
type entry struct {
	id      casefile.ID
	version int64
	words   string // "" takes the case out of the index
	marks   []string
}

// read gathers the words of the cases that the leaves belong to. A case that has gone on
// since is left to the last of its leaves, which the log holds behind these: each is then
// written once, however fast it moves.
func read(tx *db.Tx, kinds map[string]Kind, leaves []audit.Leaf) (write func(tx *db.Tx) error, err error) {
	var ids []casefile.ID
	last := make(map[casefile.ID]string, len(leaves)) // the last entry of each case here
	for _, l := range leaves {
		head, _, ok := strings.Cut(l.Ref, "/")
		if id := casefile.ID(head); ok {
			if last[id] == "" {
				ids = append(ids, id)
			}
			last[id] = max(last[id], l.Ref)
		}
	}
	entries := make([]entry, 0, len(ids))
	for _, id := range ids {
		e, on, err := wordsOf(tx, kinds, id, last[id])
		if errors.Is(err, fault.NotFound) {
			continue // an entry of the log that is no case
		}
		if err != nil {
			return nil, err
		}
		if !on {
			entries = append(entries, e)
		}
	}
	return func(tx *db.Tx) error { return put(tx, entries) }, nil
}

// What is to be found of a case: title, field, and the texts its readers may read. Sealed ones are left
// out. on says that the case has entries behind the one that was seen, and then nothing is read.
func wordsOf(tx *db.Tx, kinds map[string]Kind, id casefile.ID, seen string) (e entry, on bool, err error) {
	defer fault.Wrap(&err, "words of %s", id)
	var kind, code, title, scope string
	var sealed bool
	var n int64
	// system: the index holds every case; who may find it is asked of access.Visible
	err = tx.One(`SELECT kind, code, title, scope, version, sealed_at IS NOT NULL, leaf_n FROM casefile WHERE id = $1`, []any{string(id)},
		&kind, &code, &title, &scope, &e.version, &sealed, &n)
	if err != nil || casefile.EntryRef(id, n) > seen {
		return e, err == nil, err
	}
	e.id = id
	if sealed || scope == "" { // out of reach, or a draft
		return e, false, nil
	}
	text := kinds[kind].Text
	if text == nil {
		text = PartyTexts
	}
	body, err := text(tx, id)
	if err != nil {
		return e, false, err
	}
	words := vntext.AppendFold(nil, title)
	words = vntext.AppendFold(append(words, ' '), code)
	e.words = bounded(vntext.AppendFold(append(words, ' '), body))
	// system: the marks of those who read the case
	err = tx.All(`SELECT DISTINCT reader FROM case_reader WHERE case_id = $1 AND until_at IS NULL ORDER BY reader`, []any{string(id)},
		func(r *sql.Rows) error {
			var reader string
			err := r.Scan(&reader)
			e.marks = append(e.marks, mark(reader))
			return err
		})
	return e, false, err
}

// maxBytes is how much of a case is searched: PostgreSQL takes one megabyte a row, and a
// row it refused would stop the index for everybody.
const maxBytes = 400_000

// Very long texts are cut at a word: nobody looks for the end of an annex by its title.
func bounded(words []byte) string {
	if len(words) > maxBytes {
		words = words[:bytes.LastIndexByte(words[:maxBytes], ' ')]
	}
	return string(words)
}

// PartyTexts returns the texts of a case's events that all its parties may read, with
// the numbers of its papers. A text that a slice keeps as JSON gives its strings.
func PartyTexts(tx *db.Tx, id casefile.ID) (text string, err error) {
	var b strings.Builder
	// system: the index holds every case; who may find it is asked of access.Visible
	err = tx.All(`SELECT text, bytes FROM event WHERE case_id = $1 AND audience = $2 ORDER BY n LIMIT 10000`,
		[]any{string(id), casefile.AudienceParties}, func(r *sql.Rows) error {
			var text casefile.StoredText
			var raw []byte
			if err := r.Scan(&text, &raw); err != nil {
				return err
			}
			if text == "" {
				return nil
			}
			plain(&b, string(text))
			if raw, err = casefile.Unpack(raw); err != nil {
				return err
			}
			number(&b, raw) // a paper's number stands beside its text, and goes with it
			return nil
		})
	return b.String(), err
}

// number adds the number of the paper that an event released.
func number(b *strings.Builder, raw []byte) {
	var e struct {
		Facts struct {
			Number string `json:"number"`
		} `json:"facts"`
	}
	if json.Unmarshal(raw, &e) == nil && e.Facts.Number != "" {
		b.WriteString(e.Facts.Number + "\n")
	}
}

// A text or the texts of a packed form; keys of the form are no words.
func plain(b *strings.Builder, text string) {
	members := casefile.Members(text)
	if members == nil {
		b.WriteString(text + "\n")
	}
	for _, s := range members {
		b.WriteString(s + "\n")
	}
}

// put writes entries. A case that has moved on since it was read is left to the entry
// that moved it, which the log holds behind these.
func put(tx *db.Tx, entries []entry) error {
	if len(entries) == 0 {
		return nil
	}
	now, known, err := state(tx, entries)
	if err != nil {
		return err
	}
	last := int64(0)
	// system: the index's own numbers
	if err := tx.One(`SELECT coalesce(max(n), 0) FROM search_case`, nil, &last); err != nil {
		return err
	}
	// in the order of their numbers: SQLite's index writes itself out whenever one goes back
	place := func(e entry) int64 {
		if n, ok := known[e.id]; ok {
			return n
		}
		return math.MaxInt64
	}
	slices.SortStableFunc(entries, func(a, b entry) int { return cmp.Compare(place(a), place(b)) })
	for _, e := range entries {
		n, ok := known[e.id]
		switch {
		case now[e.id] != e.version:
			continue
		case e.words == "" && ok:
			err = tx.SearchDrop(n)
		case e.words == "":
			continue
		case ok:
			err = tx.SearchPut(n, e.words, e.marks)
		default:
			last++
			if err = tx.Put(`INSERT INTO search_case (n, case_id) VALUES ($1, $2)`, last, string(e.id)); err == nil {
				err = tx.SearchAdd(last, e.words, e.marks)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// state returns the versions of the entries' cases now and their numbers in the index.
func state(tx *db.Tx, entries []entry) (version, number map[casefile.ID]int64, err error) {
	version, number = map[casefile.ID]int64{}, map[casefile.ID]int64{}
	ids := make([]any, len(entries))
	for i, e := range entries {
		ids[i] = string(e.id)
	}
	marks, ids := db.List(ids)
	// system: the index holds every case
	err = tx.All(`SELECT c.id, CASE WHEN c.sealed_at IS NULL THEN c.version ELSE -1 END, coalesce(s.n, -1)
		FROM casefile c LEFT JOIN search_case s ON s.case_id = c.id WHERE c.id IN (`+marks+`)`, ids, func(r *sql.Rows) error {
		var id casefile.ID
		var v, n int64
		err := r.Scan(&id, &v, &n)
		version[id] = v
		if n >= 0 {
			number[id] = n
		}
		return err
	})
	for _, e := range entries {
		if e.words == "" { // what goes out goes out whatever has happened since
			version[e.id] = e.version
		}
	}
	return version, number, err
}

// Drop takes a case out of the index in the transaction that seals or redacts it: out
// of reach at once. The entry that tells of it makes the indexer read what is left.
func Drop(tx *db.Tx, id casefile.ID) (err error) {
	defer fault.Wrap(&err, "drop %s from the index", id)
	var n int64
	err = tx.One(`SELECT n FROM search_case WHERE case_id = $1`, []any{string(id)}, &n)
	if errors.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return tx.SearchDrop(n)
}
