// Package live tells open pages that something changed, and nothing else.
//
// After a commit the store names the units that were touched. The hub gathers them and,
// at most ten times a second, wakes the streams that wait for one of them; the page
// then asks again under its own rights. Several nodes on one PostgreSQL tell each other
// (Share). A message lost costs a page nothing but time: it asks by itself when shown.
package live

import (
	"context"
	"sync"
	"time"

	"lienthong/internal/fault"
)

// Any is joined by those who see matters of every unit.
const Any = "*"

// beat is the shortest time between two messages of a node.
const beat = 100 * time.Millisecond

// A Hub wakes the streams of one node. It is safe for use by many goroutines.
type Hub struct {
	mu     sync.Mutex
	subs   map[string]map[*Stream]bool // by unit
	n      int
	bound  int             // of streams for all
	units  map[string]bool // touched and not yet told
	wake   chan struct{}
	out    chan []string // to other nodes; nil alone
	behind bool          // a message to other nodes was dropped; used by Run alone
	closed bool
}

// A Stream is one open page. C carries at most one waiting wake-up.
type Stream struct {
	C    chan struct{}
	keys []string // units it hears of
}

// New returns a hub for at most bound open pages.
func New(bound int) *Hub {
	return &Hub{subs: map[string]map[*Stream]bool{}, bound: bound, units: map[string]bool{}, wake: make(chan struct{}, 1)}
}

// Changed notes touched units; it is what db.DB.Changed calls after a commit, and never waits.
func (h *Hub) Changed(units []string) {
	h.mu.Lock()
	for _, u := range units {
		h.units[u] = true
	}
	h.mu.Unlock()
	select {
	case h.wake <- struct{}{}:
	default: // already awake
	}
}

// Run tells what was noted until ctx ends; then it closes every stream.
func (h *Hub) Run(ctx context.Context) {
	defer h.close()
	for {
		select {
		case <-ctx.Done():
			return
		case <-h.wake:
		}
		h.flush()
		select {
		case <-ctx.Done():
			return
		case <-time.After(beat):
		}
	}
}

// Sends on what gathered: many changes of a moment become one message.
func (h *Hub) flush() {
	h.mu.Lock()
	units := make([]string, 0, len(h.units))
	for u := range h.units {
		units = append(units, u)
	}
	clear(h.units)
	out := h.out
	h.mu.Unlock()
	h.tell(units)
	if out == nil || len(units) == 0 {
		return
	}
	if h.behind {
		units = []string{Any}
	}
	select {
	case out <- units:
		h.behind = false
	default: // the sender is behind: its next message wakes all pages of the others
		h.behind = true
	}
}

// tell wakes the streams of these units; nil wakes all.
func (h *Hub) tell(units []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if units == nil {
		for _, of := range h.subs {
			ring(of)
		}
		return
	}
	for _, u := range units {
		ring(h.subs[u])
	}
	if len(units) > 0 {
		ring(h.subs[Any])
	}
}

// Rings without waiting: a slow reader gets one ring for many changes and asks for the rest itself.
func ring(all map[*Stream]bool) {
	for s := range all {
		select {
		case s.C <- struct{}{}:
		default: // it has not yet asked since the last one
		}
	}
}

// Join opens a stream for the units in keys; too many open is fault.Busy. The stream's
// channel is closed when the node stops.
func (h *Hub) Join(keys []string) (*Stream, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.n >= h.bound || h.closed {
		return nil, fault.Refuse(fault.Busy, "Đang có quá nhiều trang mở. Trang này không tự cập nhật; anh/chị tải lại khi cần.")
	}
	s := &Stream{C: make(chan struct{}, 1), keys: keys}
	for _, k := range keys {
		if h.subs[k] == nil {
			h.subs[k] = map[*Stream]bool{}
		}
		h.subs[k][s] = true
	}
	h.n++
	return s, nil
}

// Leave closes a stream.
func (h *Hub) Leave(s *Stream) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return
	}
	for _, k := range s.keys {
		delete(h.subs[k], s)
		if len(h.subs[k]) == 0 {
			delete(h.subs, k)
		}
	}
	h.n--
}

// Open returns how many streams are open.
func (h *Hub) Open() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.n
}

// Ends every stream once, so that browsers connect to a node that goes on.
func (h *Hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return
	}
	h.closed = true
	done := map[*Stream]bool{}
	for _, of := range h.subs {
		for s := range of {
			if !done[s] {
				done[s] = true
				close(s.C)
			}
		}
	}
	h.subs = nil
}
