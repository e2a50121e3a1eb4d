package route

import (
	"cmp"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"lienthong/internal/audit"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/regulation"
)

// followBatch leaves a step. Features of one petition are mostly those of the next: the more a
// step sees together, the fewer rows it writes, and there are some two thousand at most.
const followBatch = 200

// teachMost answers of a minute teach, a hundred times what a province answers. More of
// them in one minute are one answer to many communes, which teach the same thing over, or a
// load that is no office's: reading each cost an eighth of the processors then.
const teachMost = 60

// weightsVersion is the number that changes when something was learned.
const weightsVersion = "route"

// Follower learns from the answers of this office: it reads each once, from the log,
// with its place kept beside what it learned. Its Run belongs to the background of serve.
func Follower(d *db.DB) *audit.Follower {
	return &audit.Follower{DB: d, Name: "route.answers", Batch: followBatch, Read: (&learner{version: -1}).read}
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

// A learner is the follower's own copy of what was learned. It stays from batch to batch,
// because reading and copying all weights for every few answers took a fifth of the
// processors under load; nobody else sees it, so it may be changed in place.
type learner struct {
	model   *Model
	version int64  // of the store whose weights the copy has; -1 when a batch was not kept
	minute  string // the newest minute of the office from which answers were learned
	taught  int    // how many of that minute
}

// current brings the copy to what the store holds.
func (l *learner) current(tx *db.Tx) error {
	n, err := tx.Version(weightsVersion)
	if err != nil || l.version == n {
		return err
	}
	m, err := load(tx, n)
	if err == nil {
		l.model, l.version = m.own(), n
	}
	return err
}

// read gathers the petitions that the entries answered for the first time, and learns
// from a sample of them.
func (l *learner) read(tx *db.Tx, leaves []audit.Leaf) (write func(tx *db.Tx) error, err error) {
	nothing := func(*db.Tx) error { return nil }
	if l.minute == minuteOf(db.FormatInstant(tx.Now)) && l.taught >= teachMost {
		return nothing, nil // this minute has taught enough: its other answers are not even read
	}
	all, err := answeredNow(tx, leaves)
	if err != nil {
		return nil, err
	}
	all, minute, taught := l.sample(all)
	cases, err := answeredCases(tx, all)
	if err != nil || len(cases) == 0 {
		return nothing, err
	}
	if err := l.current(tx); err != nil {
		return nil, err
	}
	was := l.version
	l.version = -1 // until the lesson is kept the copy knows more than the store
	// outside the update: reckoning must not hold the writer
	lesson := l.model.learn(cases)
	return func(tx *db.Tx) error {
		tx.Done(func() { l.version, l.minute, l.taught = was+1, minute, taught })
		return lesson.keep(tx)
	}, nil
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
