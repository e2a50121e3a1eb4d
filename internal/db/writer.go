package db

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// A job is one queued update.
type job struct {
	run    func(q querier) error
	answer chan error   // of one update, buffered: the writer never waits for it
	state  atomic.Int32 // waiting, started or cancelled
	err    error
}

const (
	jobWaiting = iota
	jobStarted
	jobCancelled
)

// start claims the job for the writer; false when its caller went away first.
func (j *job) start() bool { return j.state.CompareAndSwap(jobWaiting, jobStarted) }

// cancel claims the job for its caller; false when the writer has it already.
func (j *job) cancel() bool { return j.state.CompareAndSwap(jobWaiting, jobCancelled) }

// A group commits together: as many updates as are waiting, but no more than
// groupSize and none started after groupTime, so that nobody waits long for others.
const (
	groupSize = 256
	groupTime = 20 * time.Millisecond
)

// work is the writer: the only goroutine that uses the writing connection. Should
// an update end the goroutine itself (a test's t.Fatal inside a closure), its group is
// answered and another goroutine takes over.
func (l *lite) work(c *liteConn) {
	finished := false
	defer func() {
		if finished {
			close(l.gone)
			return
		}
		_ = c.plain("ROLLBACK") // best effort: the transaction may be gone
		for _, j := range l.members {
			select {
			case j.answer <- errors.New("the goroutine was ended inside an update"):
			default: // answered before
			}
		}
		go l.work(c)
	}()
	for {
		select {
		case j := <-l.queue:
			l.group(c, j)
		case <-l.stop:
			for { // answer what was queued before the close
				select {
				case j := <-l.queue:
					l.group(c, j)
				default:
					finished = true
					return
				}
			}
		}
	}
}

// group runs first and those queued behind it in one transaction, commits, and hands
// them over to be made durable and answered.
func (l *lite) group(c *liteConn, first *job) {
	l.members = nil // the last group's belong to the hardener
	c.versions = nil
	err := l.hard.refuses()
	if err == nil {
		err = c.plain("BEGIN IMMEDIATE")
	}
	if err != nil {
		if first.start() {
			first.answer <- explain(err)
		}
		return
	}
	began := time.Now()
	for j := first; j != nil; j = l.next(began, len(l.members)) {
		if !j.start() {
			continue
		}
		l.members = append(l.members, j)
		if alive := l.member(c, j); !alive {
			l.alone(c, l.members)
			l.members = nil
			return
		}
	}
	if err = explain(c.plain("COMMIT")); err == nil {
		l.hard.take(l.members)
	} else {
		if !dead(c) {
			_ = c.plain("ROLLBACK") // best effort: the commit's error is the one to report
		}
		answer(l.members, err)
	}
	l.members = nil
}

// next gives the next queued job while the group may still grow, else nil. While the disk
// is at work on the groups before, the group stays open for who comes: what is committed
// meanwhile waits for that work to end anyway, and each commit writes every page again
// that it touched, so few large groups cost far less than many small ones.
func (l *lite) next(began time.Time, n int) *job {
	left := groupTime - time.Since(began)
	if n >= groupSize || left <= 0 {
		return nil
	}
	select {
	case j := <-l.queue:
		return j
	default:
	}
	idle := l.hard.idle()
	if idle == nil {
		return nil
	}
	enough := time.NewTimer(left)
	defer enough.Stop()
	select {
	case j := <-l.queue:
		return j
	case <-idle:
	case <-enough.C:
	case <-l.stop:
	}
	return nil
}

// member runs one update in its savepoint and keeps its error. It reports whether
// the transaction still lives and holds nothing of a failed member.
func (l *lite) member(c *liteConn, j *job) (alive bool) {
	began := time.Now()
	defer func() { l.hold.note(time.Since(began)) }()
	if j.err = c.plain("SAVEPOINT member"); j.err != nil {
		return l.abandon(c, j)
	}
	if j.err = j.run(c); j.err == nil {
		if j.err = c.plain("RELEASE member"); j.err != nil {
			return l.abandon(c, j)
		}
		return true
	}
	c.versions = nil
	if c.plain("ROLLBACK TO member") != nil || c.plain("RELEASE member") != nil {
		return l.abandon(c, j)
	}
	return true
}

// abandon gives the whole transaction up when a savepoint does not obey: the member
// destroyed it, or left something in it that cannot be taken back alone.
func (l *lite) abandon(c *liteConn, j *job) (alive bool) {
	j.err = explain(j.err)
	if !dead(c) {
		_ = c.plain("ROLLBACK") // best effort: the member's error is the one to report
	}
	return false
}

// dead asks the driver whether the transaction is gone: BEGIN is refused inside a
// transaction. (Tried: one failed statement can destroy the whole group's.)
func dead(c *liteConn) bool {
	if err := c.plain("BEGIN"); err != nil {
		return false
	}
	_ = c.plain("ROLLBACK") // ends the empty transaction that BEGIN just opened
	return true
}

// alone answers the member that destroyed the transaction and runs the others
// again, each in a transaction of its own.
func (l *lite) alone(c *liteConn, members []*job) {
	last := members[len(members)-1]
	last.answer <- last.err
	for _, j := range members[:len(members)-1] {
		j.err = nil
		j.answer <- l.single(c, j)
	}
}

// One update by itself, for what may not share its commit with others.
func (l *lite) single(c *liteConn, j *job) error {
	c.versions = nil
	if err := c.plain("BEGIN IMMEDIATE"); err != nil {
		return explain(err)
	}
	err := j.run(c)
	if err == nil {
		if err = explain(c.plain("COMMIT")); err == nil {
			return l.hard.harden()
		}
	}
	if !dead(c) {
		_ = c.plain("ROLLBACK") // best effort: the first error is the one to report
	}
	return err
}

// holds remembers how long updates held the writer.
type holds struct {
	mu    sync.Mutex
	n     int64
	over  int64         // longer than 20 ms
	worst time.Duration // since it was last asked
}

const holdWanted = 20 * time.Millisecond

// How long the writer was held, for the meters: everything else waits meanwhile.
func (h *holds) note(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.n++
	if d > holdWanted {
		h.over++
	}
	h.worst = max(h.worst, d)
}

// WriterHolds reports how many updates ran, how many of them held the writer for
// more than 20 ms, and the longest. All zero on PostgreSQL, which has no one writer.
func (d *DB) WriterHolds() (updates, over int64, worst time.Duration) {
	if d.lite == nil {
		return 0, 0, 0
	}
	h := &d.lite.hold
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.n, h.over, h.worst
}
