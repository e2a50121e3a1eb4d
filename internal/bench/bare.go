package bench

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
)

// A statement is one write as an operation made it.
type statement struct {
	query string
	args  []any
}

// A trace is the writes of one lifecycle, in the four updates that made them.
type trace struct {
	id     string // of the case it was heard on
	groups [4][]statement
}

// tracesHeard is how many lifecycles are written down: enough that the bare rows meet
// each other on the counters of units as often as the real ones do.
const tracesHeard = 64

// listen runs lifecycles through the operations and writes down what they wrote.
func listen(ctx context.Context, d *db.DB, o *Office) (all []trace, err error) {
	defer fault.Wrap(&err, "listen")
	var mu sync.Mutex
	var now *[]statement
	d.Listen = func(query string, args []any) {
		mu.Lock()
		defer mu.Unlock()
		if q := strings.TrimSpace(query); now != nil && !strings.HasPrefix(q, "SELECT") {
			*now = append(*now, statement{query, slices.Clone(args)})
		}
	}
	defer func() { d.Listen = nil }()
	l := newLife(d, o, 1000)
	for range tracesHeard {
		var t trace
		err := l.one(ctx, func(n int, do func() error) error {
			mu.Lock()
			now = &t.groups[n]
			mu.Unlock()
			return do()
		})
		if err != nil {
			return nil, err
		}
		t.id = caseOf(t.groups[0])
		all = append(all, t)
	}
	return all, nil
}

// caseOf returns the id of the case that the statements open.
func caseOf(all []statement) string {
	for _, s := range all {
		if strings.Contains(s.query, "INSERT INTO casefile") {
			return s.args[0].(string)
		}
	}
	return ""
}

// unique numbers what must differ between copies of one trace, from the instant of the first on:
// a store that was measured before holds earlier ones.
var unique atomic.Int64

// again returns the trace for another case: other ids, codes and register numbers, and
// nothing else.
func (t *trace) again(now time.Time) (groups [4][]statement) {
	id, k := db.NewID(now), unique.Add(1)
	for n, group := range t.groups {
		for _, s := range group {
			args := slices.Clone(s.args)
			for i, a := range args {
				switch a := a.(type) {
				case string:
					if strings.Contains(a, t.id) {
						args[i] = strings.Replace(a, t.id, id, 1)
					} else if db.ValidID(a) && strings.Contains(s.query, "INSERT INTO notice") {
						args[i] = db.NewID(now)
					}
				case []byte:
					args[i] = bytes.Replace(a, []byte(t.id), []byte(id), 1)
				}
			}
			switch {
			case strings.Contains(s.query, "INSERT INTO casefile"):
				args[2] = fmt.Sprintf("BR-%d", k)
			case strings.Contains(s.query, "INSERT INTO register_entry"):
				args[1], args[5] = fmt.Sprintf("%d/BR%d", k, n), 1_000_000+4*k+int64(n)
			}
			groups[n] = append(groups[n], statement{s.query, args})
		}
	}
	return groups
}

// Bare writes the same rows as lifecycles do, in the same updates and groups, and does
// nothing else: no check, no read, no log that gives positions. What it reaches is what
// the store can do; the rate of the real lifecycles is read against it.
func Bare(ctx context.Context, d *db.DB, o *Office, clients int, length time.Duration) (r Rate, err error) {
	defer fault.Wrap(&err, "bare rows")
	traces, err := listen(ctx, d, o)
	if err != nil {
		return r, err
	}
	unique.CompareAndSwap(0, time.Now().UnixMilli())
	watches := make([]*stopwatch, clients)
	n, wall, err := crowd(ctx, clients, length, func(ctx context.Context, client int, more func() bool) (n int, err error) {
		w, s := newWriter(uint64(client)+500), new(stopwatch)
		watches[client] = s
		for more() {
			t := pick(w, traces)
			for _, group := range t.again(time.Now()) {
				if err := s.time(func() error { return d.Update(ctx, func(tx *db.Tx) error { return run(tx, group) }) }); err != nil {
					return n, err
				}
			}
			n++
		}
		return n, nil
	})
	return rate(n, wall, watches...), err
}

// Bare statements, to compare the program with: the store alone.
func run(tx *db.Tx, all []statement) error {
	for _, s := range all {
		if _, err := tx.Exec(s.query, s.args...); err != nil {
			return fmt.Errorf("%w in %.60s", err, strings.TrimSpace(s.query))
		}
	}
	return nil
}
