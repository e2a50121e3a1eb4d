// Package search finds cases by the words in them, typed with marks or without.
//
// One indexer follows the audit log, at most about two seconds behind, and keeps for
// each case its folded title and code and the texts that every party may read: no draft,
// nothing for one unit's own people, nothing sealed. What is found is joined with
// access.Visible; marks of the readers in the index only make that quick. Which texts a
// case has is said by its kind.
package search

import (
	"database/sql"
	"encoding/base64"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/audit"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/vntext"
)

// A Hit is a case that was found.
type Hit struct {
	Case     casefile.ID
	Kind     string
	Code     string // tracking code
	Title    string
	State    string
	Field    string
	Lead     org.UnitID
	Raiser   org.UnitID
	Version  int64
	OpenedAt time.Time

	n int64
}

// maxWords is how many words a question may hold: a bound against nonsense.
const maxWords = 40

// Query returns the cases that hold what was typed and that who may see, newest first,
// at most limit, and the cursor of the rest. Words may stand anywhere; words in quotes
// stand side by side; what looks like a tracking code, or its beginning, is looked up
// as one. Nothing typed finds nothing.
func Query(tx *db.Tx, who org.Actor, text, cursor string, limit int) (hits []Hit, next string, err error) {
	return Find(tx, who, text, petition.ListFilter{}, cursor, limit)
}

// Find is Query among the cases that the filter of the list takes as well.
func Find(tx *db.Tx, who org.Actor, text string, f petition.ListFilter, cursor string, limit int) (hits []Hit, next string, err error) {
	defer fault.Wrap(&err, "search")
	hits, kind, err := gather(tx, who, text, f, cursor, limit+1)
	return page(hits, limit, kind, err)
}

// MostCounted is how far a count goes: whoever has more than these before him types another
// word. Each case that is counted is asked for its readers: a count to a thousand took ten
// times as long as the page of results.
const MostCounted = 100

// FindCounted is Find with how many cases there are in all, however far the cursor is; more
// says that there are more than the MostCounted that were counted. The first page and its
// count are one query.
func FindCounted(tx *db.Tx, who org.Actor, text string, f petition.ListFilter, cursor string, limit int) (hits []Hit, next string, n int, more bool, err error) {
	defer fault.Wrap(&err, "search")
	if cursor != "" || limit > MostCounted {
		if n, more, err = Count(tx, who, text, f); err == nil {
			hits, next, err = Find(tx, who, text, f, cursor, limit)
		}
		return hits, next, n, more, err
	}
	hits, kind, err := gather(tx, who, text, f, "", MostCounted+1)
	n, more = min(len(hits), MostCounted), len(hits) > MostCounted
	hits, next, err = page(hits, limit, kind, err)
	return hits, next, n, more, err
}

// Count returns how many cases Find finds; more says that there are more than the
// MostCounted that it counted.
func Count(tx *db.Tx, who org.Actor, text string, f petition.ListFilter) (n int, more bool, err error) {
	hits, next, err := Find(tx, who, text, f, "", MostCounted)
	return len(hits), next != "", err
}

// gather returns at most so many of what is found behind a cursor, and by which order: "c"
// by code, "n" by age.
func gather(tx *db.Tx, who org.Actor, text string, f petition.ListFilter, cursor string, most int) (hits []Hit, by string, err error) {
	by, after, err := parseCursor(cursor)
	if err != nil {
		return nil, "", err
	}
	marks, err := marksOf(tx, who)
	if err != nil {
		return nil, "", err
	}
	phrases, err := Phrases(text)
	if err != nil || len(phrases) == 0 {
		return nil, "", err
	}
	code, isCode := codePrefix(text)
	if whole := strings.Contains(code, "/"); isCode && by != "n" && (whole || len(marks) == 0) {
		hits, err = byCode(tx, who, code, f, after, most)
		if err != nil || len(hits) > 0 || by == "c" {
			return hits, "c", err
		}
	} else if isCode && !whole && digits(code) >= shortestPrefix {
		phrases = []string{vntext.Fold(code) + "*"} // of the few that this reader sees
	}
	if by == "c" { // a place in a list of codes, which this question has none of
		return nil, "", fault.Refuse(fault.Invalid, "Trang này không còn; hãy tìm lại.")
	}
	hits, err = byWords(tx, who, phrases, marks, f, after, most)
	return hits, "n", err
}

// shortestPrefix is how many digits of a code's beginning are looked up among many words
// that begin so: fewer begin too many.
const shortestPrefix = 3

// The length of the number in a tracking code, since "KN-10" comes after "KN-9".
func digits(code string) int { return len(code) - strings.LastIndexByte(code, '-') - 1 }

// Cuts the list at the limit and says where the next page begins.
func page(hits []Hit, limit int, kind string, err error) ([]Hit, string, error) {
	if len(hits) <= limit || err != nil {
		return hits, "", err
	}
	hits = hits[:limit]
	last := hits[limit-1]
	at := last.Code
	if kind == "n" {
		at = strconv.FormatInt(last.n, 10)
	}
	return hits, base64.RawURLEncoding.EncodeToString([]byte(kind + ":" + at)), nil
}

// A cursor says by which order it goes on; one that fits neither is refused.
func parseCursor(s string) (kind, after string, err error) {
	if s == "" {
		return "", "", nil
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	kind, after, ok := strings.Cut(string(b), ":")
	if _, bad := strconv.ParseInt(after, 10, 64); err != nil || !ok || !db.Storable(after) || kind != "n" && kind != "c" || kind == "n" && bad != nil {
		return "", "", fault.Refuse(fault.Invalid, "Trang này không còn; hãy tìm lại.")
	}
	return kind, after, nil
}

var quotes = strings.NewReplacer("“", `"`, "”", `"`, "«", `"`, "»", `"`)

// Phrases reads what was typed: each word alone, and each run in quotes as one phrase,
// folded.
func Phrases(text string) (all []string, err error) {
	words := 0
	for i, part := range strings.Split(quotes.Replace(text), `"`) {
		folded := vntext.Fold(part)
		some := strings.Fields(folded)
		words += len(some)
		if i%2 == 1 && folded != "" {
			some = []string{folded}
		}
		for _, w := range some {
			if !slices.Contains(all, w) {
				all = append(all, w)
			}
		}
	}
	if words > maxWords {
		return nil, fault.Field("q", "Câu tìm kiếm dài quá %d chữ; hãy rút gọn.", maxWords)
	}
	return all, nil
}

// codePrefix says whether the text is a tracking code or its beginning: letters, a dash
// or a space, digits, and perhaps the year: "kn-0437", "KN 437/2026" as it was printed.
func codePrefix(text string) (string, bool) {
	text = strings.ToUpper(strings.TrimSpace(text))
	head := strings.TrimRight(text, "0123456789/")
	tail := text[len(head):]
	head = strings.TrimRight(head, "- ")
	if len(head) < 2 || len(head) > 5 || tail == "" || strings.ContainsFunc(head, func(r rune) bool { return r < 'A' || r > 'Z' }) {
		return "", false
	}
	n, year, slash := strings.Cut(tail, "/")
	if n == "" || strings.Contains(year, "/") {
		return "", false
	}
	if slash { // the number is whole: written out as codes are
		for len(n) < 4 {
			n = "0" + n
		}
		return head + "-" + n + "/" + year, true
	}
	return head + "-" + n, true
}

const hitColumns = `c.id, c.kind, c.code, c.title, c.state, c.field, c.lead, c.raiser, c.version, c.opened_at`

// The columns of a hit and what the caller reads beside them.
func (h *Hit) scan(r *sql.Rows, more ...any) error {
	return r.Scan(append([]any{&h.Case, &h.Kind, &h.Code, &h.Title, &h.State, &h.Field, &h.Lead, &h.Raiser, &h.Version, db.Instant(&h.OpenedAt)}, more...)...)
}

// byCode finds codes that begin with the prefix, the greatest first. A draft has a code
// too, which its own unit may look up.
func byCode(tx *db.Tx, who org.Actor, prefix string, f petition.ListFilter, after string, limit int) (hits []Hit, err error) {
	args := []any{who.Reader(), prefix, prefix + "~", len(prefix), limit}
	less := ""
	if after != "" {
		args = append(args, after)
		less = ` AND c.code < $6`
	}
	less += narrowed(tx, f, &args)
	err = tx.All(`SELECT `+hitColumns+` FROM casefile c
		WHERE c.code >= $2 AND c.code < $3 AND substr(c.code, 1, $4) = $2 AND c.sealed_at IS NULL`+less+` AND `+access.Visible("c.id", "$1")+`
		ORDER BY c.code DESC LIMIT $5`, args, func(r *sql.Rows) error {
		hits = append(hits, Hit{})
		return hits[len(hits)-1].scan(r)
	})
	return hits, err
}

// byWords asks the index.
func byWords(tx *db.Tx, who org.Actor, phrases, marks []string, f petition.ListFilter, after string, limit int) (hits []Hit, err error) {
	if err := tx.SearchPlan(); err != nil {
		return nil, err
	}
	n, match, expression := tx.SearchWhere(phrases, marks, "$2")
	args := []any{who.Reader(), expression, limit}
	less := ""
	if after != "" {
		before, err := strconv.ParseInt(after, 10, 64)
		if err != nil {
			return nil, err
		}
		args = append(args, before)
		less = ` AND ` + n + ` < $4`
	}
	less += narrowed(tx, f, &args)
	// the index leads: its rows come newest first
	err = tx.All(`SELECT `+hitColumns+`, s.n FROM search_word CROSS JOIN search_case s CROSS JOIN casefile c
		WHERE `+match+less+` AND s.n = `+n+` AND c.id = s.case_id AND c.sealed_at IS NULL AND `+access.Visible("c.id", "$1")+`
		ORDER BY `+n+` DESC LIMIT $3`, args, func(r *sql.Rows) error {
		hits = append(hits, Hit{})
		h := &hits[len(hits)-1]
		return h.scan(r, &h.n)
	})
	return hits, err
}

// narrowed is the filter of a list as further conditions.
func narrowed(tx *db.Tx, f petition.ListFilter, args *[]any) (conds string) {
	for _, c := range f.Where(tx.Now, func(v any) string {
		*args = append(*args, v)
		return "$" + strconv.Itoa(len(*args))
	}) {
		conds += " AND " + c
	}
	return conds
}

// manyMarks is from how many memberships on a reader sees so much that asking the index
// for his marks costs more than it saves.
const manyMarks = 40

// marksOf returns the marks under which an actor's cases stand in the index; none for
// who oversees a kind or reads very many units. They only narrow: access.Visible decides.
func marksOf(tx *db.Tx, who org.Actor) (marks []string, err error) {
	keys, err := org.Readers(tx, who.Officer)
	if err != nil || len(keys) > manyMarks {
		return nil, err
	}
	for _, k := range keys {
		if strings.HasPrefix(k, org.OfKind("")) {
			return nil, nil
		}
		marks = append(marks, mark(k))
	}
	return marks, nil
}

// mark is a reader's key as a word that no folded text can hold.
func mark(reader string) string {
	h := fnv.New64a()
	h.Write([]byte(reader))
	return "·" + strconv.FormatUint(h.Sum64(), 36)
}

// A Mark says how far the index has followed the log.
type Mark struct {
	At     time.Time // everything up to here is found; zero before the first entry
	Behind int64     // entries with a position that it has not read
}

// Watermark returns how far the index is.
func Watermark(tx *db.Tx) (m Mark, err error) {
	defer fault.Wrap(&err, "search watermark")
	position, at, err := audit.Followed(tx, followName)
	if err != nil {
		return m, err
	}
	size, err := audit.Size(tx)
	if err != nil {
		return m, err
	}
	waiting, _, err := audit.Pending(tx)
	if m = (Mark{At: at, Behind: size - position}); m.Behind == 0 && waiting == 0 {
		m.At = tx.Now
	}
	return m, err
}

// Say puts the watermark in words for the page of results.
func (m Mark) Say(at func(time.Time) string) string {
	if m.At.IsZero() {
		return "chưa có gì để tìm"
	}
	return fmt.Sprintf("tìm trong những gì đã ghi đến %s", at(m.At))
}
