package bench

import (
	"context"
	"errors"
	"time"

	"lienthong/internal/audit"
	"lienthong/internal/db"
)

// Operations drives lifecycles through the operations themselves, without HTTP: how
// fast the kernel is, and what to look at in a profile. The sequencer runs beside, and
// the time until it has caught up counts.
func Operations(ctx context.Context, d *db.DB, o *Office, clients int, length time.Duration) (r Rate, err error) {
	quiet, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- audit.Run(quiet, d) }()
	watches := make([]*stopwatch, clients)
	n, wall, err := crowd(ctx, clients, length, func(ctx context.Context, client int, more func() bool) (n int, err error) {
		l, w := newLife(d, o, client), new(stopwatch)
		watches[client] = w
		for more() {
			if err := l.one(ctx, func(_ int, do func() error) error { return w.time(do) }); err != nil {
				return n, err
			}
			n++
		}
		return n, nil
	})
	if err == nil {
		var late time.Duration
		late, err = caughtUp(ctx, d)
		wall += late
	}
	stop()
	if e := <-ended; !errors.Is(e, context.Canceled) {
		err = errors.Join(err, e)
	}
	return rate(n, wall, watches...), err
}

// followersBehind counts what must be zero: who must have read the whole log before a write is counted.
const followersBehind = `
	SELECT (SELECT count(*) FROM (SELECT 1 FROM leaf WHERE seq IS NULL LIMIT 1) AS waiting) +
		(SELECT count(*) FROM follow_head, log_head WHERE position < size)`

// caughtUp waits until every entry has its position in the log and whoever follows the
// log - the index, the figures - has read it, and says how long that took.
func caughtUp(ctx context.Context, d *db.DB) (time.Duration, error) {
	began := time.Now()
	for {
		var waiting int64
		// system: the state of the background, no case
		err := d.View(ctx, func(tx *db.Tx) error { return tx.One(followersBehind, nil, &waiting) })
		if err != nil || waiting == 0 {
			return time.Since(began), err
		}
		time.Sleep(5 * time.Millisecond)
	}
}
