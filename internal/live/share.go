package live

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"lienthong/internal/db"
	"lienthong/internal/fault"
)

// recheck is how often a node compares the number of changes with what it heard.
const recheck = 15 * time.Second

// pause is how long a node waits before it opens a lost connection again.
const pause = 2 * time.Second

// payloadBound is what a PostgreSQL notification may hold, with room to spare; beyond
// it all pages are woken.
const payloadBound = 7000

// Share tells the other nodes on the same PostgreSQL what changed here and hears what
// changed there, over two connections of its own, until ctx ends. Lost connections are
// opened again; report hears why they were lost.
func (h *Hub) Share(ctx context.Context, dsn string, report func(error)) {
	out := make(chan []string, 16)
	h.mu.Lock()
	h.out = out
	h.mu.Unlock()
	for ctx.Err() == nil {
		err := h.share(ctx, dsn, out)
		if ctx.Err() != nil {
			return
		}
		report(fmt.Errorf("live between nodes: %w", err))
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

// Nodes tell each other through the database, on two connections of its own: one listens, one speaks.
func (h *Hub) share(ctx context.Context, dsn string, out chan []string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ear, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer ear.Close(context.WithoutCancel(ctx))
	mouth, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer mouth.Close(context.WithoutCancel(ctx))
	var schema string
	if err := ear.QueryRow(ctx, `SELECT current_schema()`).Scan(&schema); err != nil {
		return err
	}
	channel := "lt_" + schema // one server may hold several offices
	if len(channel) > 63 {
		channel = channel[:63]
	}
	if _, err := ear.Exec(ctx, `LISTEN `+pgx.Identifier{channel}.Sanitize()); err != nil {
		return err
	}
	spoken := make(chan error, 1)
	me := db.NewSecret()[:8]
	go func() {
		spoken <- speak(ctx, mouth, channel, me, out)
		cancel()
	}()
	err = h.hear(ctx, ear, me)
	cancel()
	return errors.Join(err, ignoreEnd(<-spoken))
}

// An end that was asked for is no error.
func ignoreEnd(err error) error {
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// speak sends what changed here, each time with the next number.
func speak(ctx context.Context, c *pgx.Conn, channel, me string, out chan []string) (err error) {
	defer fault.Wrap(&err, "tell other nodes")
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case units := <-out:
			text := strings.Join(units, ",")
			if len(text) > payloadBound {
				text = Any
			}
			if _, err := c.Exec(ctx, `WITH next AS (UPDATE live_change SET n = n + 1 WHERE id = 1 RETURNING n)
				SELECT pg_notify($1, $2 || ':' || n || ':' || $3) FROM next`, channel, me, text); err != nil {
				return err
			}
		}
	}
}

// hear wakes pages for what changed elsewhere. When a number is missing, something was
// not heard, and all are woken.
func (h *Hub) hear(ctx context.Context, c *pgx.Conn, me string) (err error) {
	defer fault.Wrap(&err, "hear other nodes")
	heard, err := number(ctx, c)
	if err != nil {
		return err
	}
	h.tell(nil) // what happened while nobody listened
	for {
		wait, cancel := context.WithTimeout(ctx, recheck)
		msg, err := c.WaitForNotification(wait)
		cancel()
		switch {
		case ctx.Err() != nil:
			return nil
		case err == nil:
			heard = h.told(msg.Payload, me, heard)
		case errors.Is(err, context.DeadlineExceeded):
			n, err := number(ctx, c)
			if err != nil {
				return err
			}
			if n > heard {
				heard = n
				h.tell(nil)
			}
		default:
			return err
		}
	}
}

// A message of another node. A number that was skipped means something was lost, and then everything may
// have changed.
func (h *Hub) told(payload, me string, heard int64) int64 {
	from, rest, _ := strings.Cut(payload, ":")
	count, units, _ := strings.Cut(rest, ":")
	n, err := strconv.ParseInt(count, 10, 64)
	switch {
	case err != nil:
		return heard // not ours
	case n > heard+1 || units == Any:
		h.tell(nil)
	case from != me:
		h.tell(strings.Split(units, ","))
	}
	return max(n, heard)
}

// The number of changes so far, to know at the beginning what was missed.
func number(ctx context.Context, c *pgx.Conn) (n int64, err error) {
	err = c.QueryRow(ctx, `SELECT n FROM live_change WHERE id = 1`).Scan(&n)
	return n, err
}
