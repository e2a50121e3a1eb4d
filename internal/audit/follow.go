package audit

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
)

// A Follower reads the log in its order and keeps something derived from it: an index,
// a figure. What it keeps and how far it read are written together, so that a killed
// process neither skips an entry nor counts one twice.
type Follower struct {
	DB    *db.DB
	Name  string // of its place in the log, and of its lease
	Batch int    // leaves a step
	// Read prepares what the leaves mean, in a view, and returns the function that writes
	// it, in a short update: a batch must not hold the writer while it reads.
	Read func(tx *db.Tx, leaves []Leaf) (write func(tx *db.Tx) error, err error)
}

const (
	followIdle  = 400 * time.Millisecond // the most that a reader adds to its lag of 2 s
	followLease = 10 * time.Second
	followRenew = 3 * time.Second
)

// Step follows at most one batch and returns how many leaves it held; 0 when there is
// nothing new, or when another node was faster.
func (f *Follower) Step(ctx context.Context) (n int, err error) {
	defer fault.Wrap(&err, "follow the log for %s", f.Name)
	var leaves []Leaf
	var write func(tx *db.Tx) error
	var from int64
	err = f.DB.View(ctx, func(tx *db.Tx) (err error) {
		if from, _, err = Followed(tx, f.Name); err != nil {
			return err
		}
		if leaves, err = ByPosition(tx, from, f.Batch); err != nil || len(leaves) == 0 {
			return err
		}
		write, err = f.Read(tx, leaves)
		return err
	})
	if err != nil || len(leaves) == 0 {
		return 0, err
	}
	err = f.DB.Update(ctx, func(tx *db.Tx) error {
		won, err := f.move(tx, from, leaves[len(leaves)-1])
		if err != nil || !won {
			n = 0
			return err
		}
		n = len(leaves)
		return write(tx)
	})
	return n, err
}

// move takes the follower past the last leaf of a batch; won is false when another
// node has moved it meanwhile.
func (f *Follower) move(tx *db.Tx, from int64, last Leaf) (won bool, err error) {
	if _, err := tx.Exec(`INSERT INTO follow_head (name, position) VALUES ($1, 0) ON CONFLICT (name) DO NOTHING`, f.Name); err != nil {
		return false, err
	}
	k, err := tx.Exec(`
		UPDATE follow_head SET position = $1, seen_at = (SELECT left_at FROM leaf WHERE ref = $2) WHERE name = $3 AND position = $4`,
		last.Seq+1, last.Ref, f.Name, from)
	return k == 1, err
}

// Followed returns the next position that a follower has not seen, and when the newest
// entry that it has seen was left: its watermark.
func Followed(tx *db.Tx, name string) (position int64, at time.Time, err error) {
	err = tx.One(`SELECT position, seen_at FROM follow_head WHERE name = $1`, []any{name}, &position, db.Instant(&at))
	if errors.Is(err, fault.NotFound) {
		return 0, at, nil
	}
	return position, at, err
}

// Run follows until ctx ends, on the one node that holds the lease, without pause while
// full batches wait. What goes wrong is logged and tried again.
func (f *Follower) Run(ctx context.Context) error {
	holder := db.NewSecret()
	var held bool
	var renewed time.Time
	for ctx.Err() == nil {
		fresh, err := f.behind(ctx)
		if err == nil && fresh && (!held || time.Since(renewed) > followRenew) {
			began := time.Now()
			held, err = f.DB.Lease(ctx, f.Name, holder, followLease)
			renewed = began
		}
		n := 0
		if err == nil && fresh && held {
			n, err = f.Step(ctx)
		}
		if err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "follower", "name", f.Name, "err", err)
		}
		if n == f.Batch {
			continue
		}
		select {
		case <-ctx.Done():
		case <-time.After(followIdle):
		}
	}
	if held {
		end, cancel := context.WithTimeout(context.Background(), followRenew)
		defer cancel()
		if err := f.DB.Release(end, f.Name, holder); err != nil {
			return fmt.Errorf("lease of %s not released: %w", f.Name, err)
		}
	}
	return ctx.Err()
}

// behind says whether the log has entries that the follower has not seen.
func (f *Follower) behind(ctx context.Context) (fresh bool, err error) {
	err = f.DB.View(ctx, func(tx *db.Tx) error {
		at, _, err := Followed(tx, f.Name)
		if err != nil {
			return err
		}
		size, err := Size(tx)
		fresh = size > at
		return err
	})
	return fresh, err
}
