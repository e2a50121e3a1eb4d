package db

import (
	"errors"
	"fmt"
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
	c.forgetGroup()
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
		if !c.raw.Dead() {
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

// carefulFor is how many updates run in savepoints of their own after one failed that had
// written. A savepoint keeps every page that the update touches as it was, a tenth of the
// writer's time; without one, what a failed update wrote is taken back with the whole
// group, and those before it in the group run again. Refusals mostly come before the
// first write, so the second is cheaper as long as such failures are rare.
const carefulFor = 100

// member runs one update and keeps its error. It reports whether the transaction still
// lives and holds nothing of a failed member.
func (l *lite) member(c *liteConn, j *job) (alive bool) {
	began := time.Now()
	defer func() { l.hold.note(time.Since(began)) }()
	if l.careful > 0 {
		l.careful--
		return l.inSavepoint(c, j)
	}
	c.wrote = false
	j.err = j.run(c)
	lost := c.raw.Dead()
	if j.err == nil && lost {
		j.err = errLost
	}
	if !lost && (j.err == nil || !c.wrote) {
		return true
	}
	l.careful = carefulFor
	return l.without(c, j)
}

// errLost is what an update gets that went on after the transaction was gone.
var errLost = errors.New("the transaction ended inside the update")

// inSavepoint runs one update so that it alone can be taken back.
func (l *lite) inSavepoint(c *liteConn, j *job) (alive bool) {
	if j.err = c.plain("SAVEPOINT member"); j.err != nil {
		return l.abandon(c, j)
	}
	if j.err = j.run(c); j.err == nil {
		if err := c.plain("RELEASE member"); err != nil {
			j.err = fmt.Errorf("%w: %w", errLost, err)
			return l.abandon(c, j)
		}
		return true
	}
	c.forgetGroup()
	if c.plain("ROLLBACK TO member") != nil || c.plain("RELEASE member") != nil {
		return l.abandon(c, j)
	}
	return true
}

// without takes the group back to where it would be had failed never run: the
// transaction ends, and in a new one those before it run again, each in a savepoint.
func (l *lite) without(c *liteConn, failed *job) (alive bool) {
	c.forgetGroup()
	if !c.raw.Dead() && c.plain("ROLLBACK") != nil || c.plain("BEGIN IMMEDIATE") != nil {
		return l.abandon(c, failed)
	}
	for _, j := range l.members {
		if j == failed || j.err != nil { // an earlier one that failed left nothing
			continue
		}
		if !l.inSavepoint(c, j) {
			return false
		}
	}
	return true
}

// abandon gives the whole transaction up when a savepoint does not obey: the member
// destroyed it, or left something in it that cannot be taken back alone.
func (l *lite) abandon(c *liteConn, j *job) (alive bool) {
	j.err = explain(j.err)
	if !c.raw.Dead() {
		_ = c.plain("ROLLBACK") // best effort: the member's error is the one to report
	}
	return false
}

// alone runs the members again after the transaction was destroyed, each in one of its
// own; those that failed, the destroyer among them, get their error.
func (l *lite) alone(c *liteConn, members []*job) {
	for _, j := range members {
		if j.err == nil {
			j.err = l.single(c, j)
		}
		j.answer <- j.err
	}
}

// One update by itself, for what may not share its commit with others.
func (l *lite) single(c *liteConn, j *job) error {
	c.forgetGroup()
	if err := c.plain("BEGIN IMMEDIATE"); err != nil {
		return explain(err)
	}
	err := j.run(c)
	if err == nil {
		if err = explain(c.plain("COMMIT")); err == nil {
			return l.hard.harden()
		}
	}
	if !c.raw.Dead() {
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
