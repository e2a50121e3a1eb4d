package web

import (
	"io"
	"net/http"
	"strings"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/live"
	"lienthong/internal/org"
)

const (
	heartbeat  = 25 * time.Second // shorter than what proxies wait
	streamRest = time.Second      // between two messages to one page
	streamLate = 10 * time.Second // a page that does not take a line in this time is gone
)

// stream tells one page that something changed in the units this officer reads, and
// nothing else. It ends with the session.
func (s *Server) stream(w http.ResponseWriter, r *http.Request) error {
	if s.Hub == nil {
		return fault.NotFound
	}
	var keys []string
	if err := s.view(r, func(tx *db.Tx, who org.Actor) (err error) {
		keys, err = liveKeys(tx, who)
		return err
	}); err != nil {
		return err
	}
	sub, err := s.Hub.Join(keys)
	if err != nil {
		return err
	}
	defer s.Hub.Leave(sub)
	control := http.NewResponseController(w)
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no")
	say := func(line string) bool {
		if err := control.SetWriteDeadline(time.Now().Add(streamLate)); err != nil {
			return false
		}
		_, err := io.WriteString(w, line)
		return err == nil && control.Flush() == nil
	}
	if !say("retry: 5000\n\n") {
		return nil
	}
	tick := time.NewTicker(heartbeat)
	defer tick.Stop()
	for {
		select {
		case <-r.Context().Done():
			return nil
		case _, open := <-sub.C:
			if !open || !s.stillIn(r) || !say("event: changed\ndata:\n\n") {
				return nil
			}
			select { // what happens meanwhile waits in the channel, once
			case <-r.Context().Done():
				return nil
			case <-time.After(streamRest):
			}
		case <-tick.C:
			if !s.stillIn(r) || !say(": \n\n") {
				return nil
			}
		}
	}
}

// stillIn says whether the session that opened the stream still holds, now.
func (s *Server) stillIn(r *http.Request) bool {
	ctx := db.Arrived(r.Context(), s.DB.Clock())
	_, err := s.Keeper.Session(ctx, about(r).secret)
	return err == nil
}

// liveKeys are the units of whose changes an officer hears: those he reads. Who oversees
// every case of a kind hears of all units; he is told no more than that.
func liveKeys(tx *db.Tx, who org.Actor) (keys []string, err error) {
	readers, err := org.Readers(tx, who.Officer)
	for _, key := range readers {
		switch kind, id, _ := strings.Cut(key, ":"); kind {
		case "u":
			keys = append(keys, id)
		case "k":
			keys = append(keys, live.Any)
		}
	}
	return keys, err
}
