package lttest

import (
	"context"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"lienthong/internal/db"
)

// A Meeting is one way in which two operations met.
type Meeting struct {
	Point   int   // A was held before its statement number Point, from 0; the last point is before its commit
	Waited  bool  // B had to wait for A; otherwise B committed in the middle of A
	A, B    error // what each update returned
	Reverse bool  // SQLite: B ran wholly before A
}

// raceLimit is how long one meeting may take before the test fails; locks that
// cross are dissolved by PostgreSQL after one second.
const raceLimit = 20 * time.Second

// Race lets b meet a at every point of a, on PostgreSQL: for each statement of a, and for
// its commit, prepare makes a fresh situation, a runs up to that point and is held
// there, b runs to its end or until it waits for a lock of a, and then a goes on.
// check sees what each got and reads what is left. Nothing depends on timing: that b
// waits is read from the server. On SQLite, which has one writer, the only two
// orders are tried. prepare, a and b may run several times; a and b set their
// results afresh, like every update.
func Race(t *testing.T, d *db.DB, prepare, a, b func(tx *db.Tx) error, check func(t *testing.T, m Meeting)) {
	t.Helper()
	if !d.Postgres() {
		for _, reverse := range []bool{false, true} {
			Update(t, d, prepare)
			m := Meeting{Reverse: reverse}
			if reverse {
				m.B = d.Update(context.Background(), b)
			}
			m.A = d.Update(context.Background(), a)
			if !reverse {
				m.B = d.Update(context.Background(), b)
			}
			check(t, m)
		}
		return
	}
	for point := 0; ; point++ {
		Update(t, d, prepare)
		m, reached := meet(t, d, point, a, b)
		check(t, m)
		if !reached {
			return // a is shorter than this: its commit was the point before
		}
	}
}

// A held is operation a, stopped once before a chosen statement.
type held struct {
	left   atomic.Int64 // statements before the stop
	once   sync.Once
	there  chan struct{} // closed when a stands at its point
	resume chan struct{} // closed when a may go on
}

// Stops at the place once and waits for the test.
func (h *held) stop() {
	h.once.Do(func() {
		close(h.there)
		<-h.resume
	})
}

// lastOfAll sorts behind every name of tx.Last, so that its step stands before the commit.
const lastOfAll = "\U0010FFFF"

// Who is racing stands under this key in a context.
type raceRole struct{}

// meet runs a and b once with a held at point; reached says whether a was that long.
// When it was not, b runs after a.
func meet(t *testing.T, d *db.DB, point int, a, b func(tx *db.Tx) error) (m Meeting, reached bool) {
	t.Helper()
	m.Point = point
	h := &held{there: make(chan struct{}), resume: make(chan struct{})}
	d.BeforeStatement = func(tx *db.Tx, _ string) {
		if tx.Value(raceRole{}) == "a" && h.left.Add(-1) < 0 {
			h.stop()
		}
	}
	aDone, bDone := make(chan error, 1), make(chan error, 1)
	atCommit := false
	go func() {
		aDone <- d.Update(context.Background(), func(tx *db.Tx) error {
			h.left.Store(int64(point)) // a second run of a is not held: the stop is once
			tx.SetValue(raceRole{}, "a")
			tx.Last(lastOfAll, func() error {
				if h.left.Load() == 0 {
					atCommit = true
					h.stop()
				}
				return nil
			})
			return a(tx)
		})
	}()
	select {
	case <-h.there:
		reached = true
	case m.A = <-aDone:
		m.B = d.Update(context.Background(), b)
		d.BeforeStatement = nil
		return m, false
	}
	var server atomic.Int64 // the process that serves b
	go func() {
		bDone <- d.Update(context.Background(), func(tx *db.Tx) error {
			var pid int64
			if err := tx.One(`SELECT pg_backend_pid()`, nil, &pid); err != nil {
				return err
			}
			server.Store(pid)
			return b(tx)
		})
	}()
	m.B, m.Waited = untilWaiting(t, d, &server, bDone)
	close(h.resume)
	m.A = <-aDone
	if m.Waited {
		m.B = <-bDone
	}
	d.BeforeStatement = nil
	return m, reached && !atCommit
}

// untilWaiting returns when b has ended, or when the server says that it waits for a lock.
func untilWaiting(t *testing.T, d *db.DB, server *atomic.Int64, done <-chan error) (err error, waited bool) {
	t.Helper()
	for end := time.Now().Add(raceLimit); time.Now().Before(end); {
		select {
		case err := <-done:
			return err, false
		case <-time.After(2 * time.Millisecond):
		}
		var n int
		View(t, d, func(tx *db.Tx) error {
			return tx.One(`SELECT count(*) FROM pg_stat_activity WHERE pid = $1 AND wait_event_type = 'Lock'`,
				[]any{server.Load()}, &n)
		})
		if n > 0 {
			return nil, true
		}
	}
	t.Fatalf("operation b neither ended nor waited for a lock within %s", raceLimit)
	return nil, false
}

// Raced says whether this program was built to find races, which costs it ten times as much.
func Raced() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.ContainsFunc(info.Settings, func(s debug.BuildSetting) bool { return s.Key == "-race" && s.Value == "true" })
}
