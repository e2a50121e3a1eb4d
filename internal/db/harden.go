package db

import (
	"fmt"
	"os"
	"sync"
	"sync/atomic"
)

// A hardener makes groups durable while the writer is already in the next one.
//
// The writer commits into the log beside the store without waiting for the disk
// (synchronous=NORMAL: SQLite itself then waits only where it moves the log into the
// file). What it has committed is handed over here; one fdatasync of the log covers every
// group that has gathered meanwhile, and only after it are their members answered. So an
// answered update is on the disk, as with synchronous=FULL, and the writer does not stand
// still for a third of its time. Groups become durable in their order, because there is
// one log. Decision 0006 has the reasons and what was measured.
type hardener struct {
	path   string // of the log
	log    *os.File
	sync   func(f *os.File) error // fdatasync; a test gives another
	groups chan []*job            // in the order of their commits
	ended  chan struct{}

	state   sync.Mutex    // of the two below
	waiting int           // groups handed over and not yet answered
	free    chan struct{} // closed when waiting comes to zero; nil while it is zero

	mu     sync.Mutex            // one wait at a time
	broken atomic.Pointer[error] // the first refusal of the disk: nothing after it is known to be kept
}

// groupsAhead is how many groups the writer may commit before it waits for the disk.
const groupsAhead = 16

// Begins to make groups durable in the background (decision 0006); it has a file of its own on the log to
// sync.
func newHardener(store string) *hardener {
	h := &hardener{path: store + "-wal", sync: datasync, groups: make(chan []*job, groupsAhead), ended: make(chan struct{})}
	go h.work()
	return h
}

// take hands a committed group over.
func (h *hardener) take(group []*job) {
	h.state.Lock()
	if h.waiting++; h.free == nil {
		h.free = make(chan struct{})
	}
	h.state.Unlock()
	h.groups <- group
}

// answered says that so many groups have been dealt with.
func (h *hardener) answered(groups int) {
	h.state.Lock()
	defer h.state.Unlock()
	if h.waiting -= groups; h.waiting == 0 {
		close(h.free)
		h.free = nil
	}
}

// idle returns a channel that is closed once nothing waits for the disk; nil when
// nothing does now.
func (h *hardener) idle() <-chan struct{} {
	h.state.Lock()
	defer h.state.Unlock()
	return h.free
}

// work answers groups until the channel is closed and empty.
func (h *hardener) work() {
	defer close(h.ended)
	for first := range h.groups {
		gathered := [][]*job{first}
		for more := true; more; {
			select {
			case g, ok := <-h.groups:
				if more = ok; ok {
					gathered = append(gathered, g)
				}
			default:
				more = false
			}
		}
		err := h.harden()
		h.answered(len(gathered))
		for _, g := range gathered {
			answer(g, err)
		}
	}
}

// harden waits until the disk holds all that was committed before the call. After the
// first refusal it refuses for ever: a later success would not cover what was lost.
func (h *hardener) harden() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.refuses(); err != nil {
		return err
	}
	err := h.open()
	if err == nil {
		err = h.sync(h.log)
	}
	if err != nil {
		err = fmt.Errorf("log of the store not on the disk: %w", err)
		h.broken.Store(&err)
	}
	return err
}

// open opens the log at its first use: SQLite makes it with the first commit and keeps
// the same file as long as the store is open. It locks the store and its index, never the log,
// so a second handle disturbs nothing.
func (h *hardener) open() (err error) {
	if h.log == nil {
		h.log, err = os.OpenFile(h.path, os.O_RDWR, 0)
	}
	return err
}

// refuses says why nothing can be written any more; nil while the disk obeys.
func (h *hardener) refuses() error {
	if p := h.broken.Load(); p != nil {
		return *p
	}
	return nil
}

// Waits for what is under way: who was told "kept" must find it after a restart.
func (h *hardener) close() error {
	close(h.groups)
	<-h.ended
	if h.log == nil {
		return nil
	}
	return h.log.Close()
}

// answer tells the members of a group how it ended; err is the commit's.
func answer(group []*job, err error) {
	for _, j := range group {
		if err != nil && j.err == nil {
			j.err = fmt.Errorf("commit: %w", err)
		}
		j.answer <- j.err
	}
}
