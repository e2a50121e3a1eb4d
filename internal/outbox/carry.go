package outbox

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/setting"
)

// Refused ends the tries at once: the receiver said that it will never take this
// message. A Send returns it wrapped with %w.
var Refused = errors.New("refused for good")

// A Send hands one message over; nil means that the receiver has it. It is called
// again after any error, and after a crash even when it returned nil.
type Send func(ctx context.Context, m Message) error

// A Carrier hands messages over. Any number of nodes run one each over one store.
type Carrier struct {
	// First is the wait after the first failure; it doubles up to Most. Tries is how
	// many failures make a dead letter: 24 of them are most of a day.
	First, Most time.Duration
	Tries       int
	// Patience bounds one handing over, Hold how long a silent node keeps a message
	// (longer than Patience), Poll how long an idle carrier waits.
	Patience, Hold, Poll time.Duration
	// Log, when set, hears what the table cannot keep: a store that is away.
	Log func(err error)

	db    *db.DB
	node  string
	kinds map[string]Send
	wake  chan struct{}
}

// atOnce is how many messages one node hands over side by side, so that a receiver
// that does not answer holds few others back.
const atOnce = 8

// New returns a carrier for a node; node names this process among all others.
func New(d *db.DB, node string) *Carrier {
	return &Carrier{First: setting.Shipped("outbox.first"), Most: setting.Shipped("outbox.most"), Tries: 24, Patience: setting.Shipped("outbox.patience"),
		Hold: setting.Shipped("outbox.hold"), Poll: setting.Shipped("outbox.poll"), db: d, node: node, kinds: map[string]Send{}, wake: make(chan struct{}, 1)}
}

// Tune takes the office's own settings of First, Most, Tries, Patience, Hold and Poll. A
// message is never given to another node while this one may still be handing it over.
func (c *Carrier) Tune(tx *db.Tx) error {
	all, err := setting.Values(tx, "outbox.")
	if err != nil {
		return err
	}
	span := func(name string) time.Duration { return time.Duration(setting.Number(all, "outbox."+name)) }
	c.First, c.Most, c.Poll = span("first"), span("most"), span("poll")
	c.Patience = span("patience")
	c.Hold = max(span("hold"), 2*c.Patience)
	c.Tries = int(setting.Number(all, "outbox.tries"))
	return nil
}

// Define says how messages of a kind are handed over. All kinds are defined before
// Worker runs; a kind defined twice is a mistake of the program and panics.
func (c *Carrier) Define(kind string, send Send) {
	if c.kinds[kind] != nil {
		panic("outbox kind defined twice: " + kind)
	}
	c.kinds[kind] = send
}

// Wake makes an idle carrier look at once.
func (c *Carrier) Wake() {
	select {
	case c.wake <- struct{}{}:
	default: // it will look anyway
	}
}

// Worker hands messages over until ctx ends; those under way are finished first.
func (c *Carrier) Worker(ctx context.Context) {
	for ctx.Err() == nil {
		n, err := c.Deliver(ctx)
		if err != nil && ctx.Err() == nil && c.Log != nil {
			c.Log(err)
		}
		if n > 0 && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
		case <-c.wake:
		case <-time.After(c.Poll):
		}
	}
}

// Deliver hands over a few messages whose time has come and returns how many it
// tried; 0 means that nothing is due.
func (c *Carrier) Deliver(ctx context.Context) (n int, err error) {
	defer fault.Wrap(&err, "deliver")
	ids, err := c.due(ctx)
	if err != nil {
		return 0, err
	}
	errs := make([]error, len(ids))
	tried := make([]bool, len(ids))
	var wg sync.WaitGroup
	for i, id := range ids {
		wg.Go(func() { tried[i], errs[i] = c.carry(ctx, id) })
	}
	wg.Wait()
	for _, t := range tried {
		if t {
			n++
		}
	}
	return n, errors.Join(errs...)
}

// due returns the next messages this node could take, the longest due first.
func (c *Carrier) due(ctx context.Context) (ids []ID, err error) {
	err = c.db.View(ctx, func(tx *db.Tx) error {
		ids = nil
		now, err := tx.LeaseClock()
		if err != nil {
			return err
		}
		return tx.All(`
			SELECT id, kind FROM outbox WHERE state = 'waiting' AND next_at <= $1 AND until < $2
			ORDER BY next_at, id LIMIT 200`, []any{tx.Now, now}, func(r *sql.Rows) error {
			var id ID
			var kind string
			err := r.Scan(&id, &kind)
			if c.kinds[kind] != nil && len(ids) < atOnce { // a kind of a newer release waits for a newer node
				ids = append(ids, id)
			}
			return err
		})
	})
	return ids, err
}

// carry takes one message, hands it over outside of any transaction, and keeps what
// came of it. tried is false when another node has it.
func (c *Carrier) carry(ctx context.Context, id ID) (tried bool, err error) {
	defer fault.Wrap(&err, "message %s", id)
	m, err := c.take(ctx, id)
	if err != nil || m == nil {
		return false, err
	}
	// the node's end does not break what is under way; its patience does
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.Patience)
	defer cancel()
	err = c.hand(limit, *m)
	return true, c.db.Update(context.WithoutCancel(ctx), func(tx *db.Tx) error { return c.keep(tx, *m, err) })
}

// Takes one message for a while. The lease is counted by the store's clock: nodes' own may differ.
func (c *Carrier) take(ctx context.Context, id ID) (m *Message, err error) {
	err = c.db.Update(ctx, func(tx *db.Tx) error {
		m = nil
		now, err := tx.LeaseClock()
		if err != nil {
			return err
		}
		all, err := read(tx, `
			UPDATE outbox SET holder = $1, until = $2, tries = tries + 1
			WHERE id = $3 AND state = 'waiting' AND next_at <= $4 AND until < $5
			RETURNING `+columns, c.node, now.Add(c.Hold), id, tx.Now, now)
		if len(all) == 1 {
			m = all[0]
		}
		return err
	})
	return m, err
}

// hand calls the kind's Send; a panic there is an error like any other.
func (c *Carrier) hand(ctx context.Context, m Message) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic while handing over: %v", p)
		}
	}()
	return c.kinds[m.Kind](ctx, m)
}

// keep notes the outcome of one try, unless the message was taken back meanwhile or
// the lease lapsed and another node has it.
func (c *Carrier) keep(tx *db.Tx, m Message, cause error) error {
	const mine = ` WHERE id = $1 AND holder = $2 AND tries = $3 AND state = 'waiting'`
	args := []any{m.ID, c.node, m.Tries}
	if cause == nil {
		_, err := tx.Exec(`UPDATE outbox SET state = 'sent', ended_at = $4, last_error = '', holder = '', until = ''`+mine,
			append(args, tx.Now)...)
		return err
	}
	state, ended := Waiting, time.Time{}
	if m.Tries >= c.Tries || errors.Is(cause, Refused) {
		state, ended = Dead, tx.Now
	}
	_, err := tx.Exec(`UPDATE outbox SET state = $4, ended_at = $5, next_at = $6, last_error = $7, holder = '', until = ''`+mine,
		append(args, state, ended, tx.Now.Add(c.wait(m.Tries)), fmt.Sprintf("%.1000s", cause))...)
	return err
}

// wait is how long to wait after the nth failure.
func (c *Carrier) wait(n int) time.Duration {
	w := c.First
	for ; n > 1 && w < c.Most; n-- {
		w *= 2
	}
	return min(w, c.Most)
}
