package route

import (
	"cmp"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"lienthong/internal/audit"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/petition"
	"lienthong/internal/regulation"
)

// followBatch leaves a step: the update writes the features of few petitions.
const followBatch = 50

// weightsVersion is the number that changes when something was learned.
const weightsVersion = "route"

// Follower learns from the answers of this office: it reads each once, from the log,
// with its place kept beside what it learned. Its Run belongs to the background of serve.
func Follower(d *db.DB) *audit.Follower {
	return &audit.Follower{DB: d, Name: "route.answers", Batch: followBatch, Read: readAnswers}
}

// held is the newest model a node has read. One is kept, not one a version: every answer
// makes a new version, and a model is large.
type held struct {
	mu      sync.Mutex
	version int64
	model   *Model
}

// Of returns the shipped model with what this office has learned, in a view. A node reads
// it again only after something new was learned.
func Of(tx *db.Tx) (m *Model, err error) {
	defer fault.Wrap(&err, "route model")
	n, err := tx.Version(weightsVersion)
	if err != nil {
		return nil, err
	}
	v, err := tx.Memo("route", func() (any, error) { return new(held), nil })
	if err != nil {
		return nil, err
	}
	h := v.(*held)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.model != nil && h.version == n {
		return h.model, nil
	}
	if m, err = load(tx, n); err == nil && n >= h.version { // an older view keeps nothing
		h.version, h.model = n, m
	}
	return m, err
}

// load reads what was learned; before anything was, the shipped model is the office's.
func load(tx *db.Tx, version int64) (*Model, error) {
	shipped, err := Shipped()
	if err != nil || version == 0 {
		return shipped, err
	}
	m := *shipped
	m.learned, m.counts = map[uint64]*[nFields]float32{}, map[count]int{}
	err = tx.All(`SELECT feature, bytes FROM route_weight`, nil, func(r *sql.Rows) error {
		var k int64
		var b []byte
		err := r.Scan(&k, &b)
		m.learned[uint64(k)] = unpack(b)
		return err
	})
	if err != nil {
		return nil, err
	}
	err = tx.All(`SELECT word, unit, n FROM route_count`, nil, func(r *sql.Rows) error {
		var word int64
		var c count
		var n int
		err := r.Scan(&word, &c.unit, &n)
		c.word = uint64(word)
		m.counts[c] = n
		return err
	})
	return &m, err
}

// readAnswers gathers the petitions that the entries answered for the first time, and
// learns from them.
func readAnswers(tx *db.Tx, leaves []audit.Leaf) (write func(tx *db.Tx) error, err error) {
	var cases []Case
	for _, leaf := range leaves {
		id, n, ok := strings.Cut(leaf.Ref, "/")
		event, err := strconv.ParseInt(n, 10, 64)
		if !ok || err != nil {
			continue // an entry of the log that is no case
		}
		c, ok, err := answeredCase(tx, casefile.ID(id), event)
		if err != nil {
			return nil, err
		}
		if ok {
			cases = append(cases, c)
		}
	}
	if len(cases) == 0 {
		return func(*db.Tx) error { return nil }, nil
	}
	m, err := Of(tx)
	if err != nil {
		return nil, err
	}
	// outside the update: reckoning must not hold the writer
	_, l := m.learn(cases)
	return func(tx *db.Tx) error { return l.keep(tx) }, nil
}

// answeredCase reads the petition that event n answered; ok is false for any other
// event, for a later round, and where the answer was that the unit is not competent.
func answeredCase(tx *db.Tx, id casefile.ID, n int64) (c Case, ok bool, err error) {
	var title, unit string
	var text casefile.StoredText
	// system: what is kept of it is weights and counts by hash, never whose it was
	err = tx.All(`
		SELECT c.title, c.field, a.unit, e.text
		FROM petition_answer a
		JOIN petition p ON p.case_id = a.case_id
		JOIN casefile c ON c.id = a.case_id
		JOIN event e ON e.case_id = a.case_id AND e.n = p.raised_n
		WHERE a.case_id = $1 AND a.event_n = $2 AND a.round = 1 AND a.outcome <> 'not_competent' AND c.sealed_at IS NULL`,
		[]any{string(id), n}, func(r *sql.Rows) error {
			ok = true
			return r.Scan(&title, &c.Field, &unit, &text)
		})
	if err != nil || !ok {
		return c, false, err
	}
	var body petition.Body
	if json.Unmarshal([]byte(text), &body) != nil {
		body.Text = string(text)
	}
	c.Text, c.Unit = title+"\n"+body.Text, regulation.UnitID(unit)
	c.Field, err = fieldAnswered(tx, c.Field, c.Unit)
	return c, true, err
}

// fieldAnswered returns the field a petition turned out to belong to: the one it was
// raised under where its unit answered, else the one field that the answering unit has;
// "" where that is not plain.
func fieldAnswered(tx *db.Tx, raised string, unit regulation.UnitID) (string, error) {
	rb, err := regulation.Current(tx)
	if err != nil {
		return "", err
	}
	top, _, _ := strings.Cut(raised, ".")
	if r, err := rb.UnitFor(raised, tx.Now); err == nil && (r.Unit == unit || r.Hole) {
		return top, nil
	}
	own := ""
	for _, f := range Fields {
		if r, err := rb.UnitFor(f, tx.Now); err == nil && r.Unit == unit {
			if own != "" {
				return "", nil
			}
			own = f
		}
	}
	return own, nil
}

// keep writes what a lesson changed.
func (l *lesson) keep(tx *db.Tx) error {
	for _, k := range slices.Sorted(maps.Keys(l.changed)) {
		_, err := tx.Exec(`INSERT INTO route_weight (feature, bytes) VALUES ($1, $2)
			ON CONFLICT (feature) DO UPDATE SET bytes = excluded.bytes`, int64(k), pack(l.weights[k]))
		if err != nil {
			return fmt.Errorf("weight: %w", err)
		}
	}
	order := slices.SortedFunc(maps.Keys(l.added), func(a, b count) int {
		return cmp.Or(cmp.Compare(a.word, b.word), cmp.Compare(a.unit, b.unit))
	})
	for _, c := range order {
		_, err := tx.Exec(`INSERT INTO route_count (word, unit, n) VALUES ($1, $2, $3)
			ON CONFLICT (word, unit) DO UPDATE SET n = route_count.n + excluded.n`, int64(c.word), string(c.unit), l.added[c])
		if err != nil {
			return fmt.Errorf("count: %w", err)
		}
	}
	return tx.Bump(weightsVersion)
}
