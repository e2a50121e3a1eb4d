package audit

import (
	"context"
	"database/sql"
	"log/slog"
	"time"

	"lienthong/internal/db"
)

const (
	leaseName   = "audit.sequencer"
	leaseLength = 6 * time.Second        // a dead node's work is taken over after this
	leaseRenew  = 2 * time.Second        // an idle log renews nothing, and so writes nothing
	idleWait    = 200 * time.Millisecond // how long a leaf may lie before it is looked at
	errorWait   = time.Second
)

// Run gives positions until ctx ends, on the one node that holds the lease: at most
// a second after a leaf was left, and without pause while a full batch waits. What
// goes wrong is logged and tried again; that leaves wait shows in Pending.
func Run(ctx context.Context, d *db.DB) error {
	s := sequencer{db: d, holder: db.NewSecret()}
	defer s.release()
	// what an older release kept open is sealed before anything else is signed
	if _, err := Reseal(ctx, d); err != nil && ctx.Err() == nil {
		slog.ErrorContext(ctx, "sequencer", "err", err)
	}
	for {
		wait, err := s.step(ctx)
		if err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "sequencer", "err", err)
			wait = errorWait
		}
		if wait == 0 && ctx.Err() == nil {
			continue
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
	}
}

// A sequencer is one node's claim to give positions.
type sequencer struct {
	db      *db.DB
	holder  string // this process
	held    bool
	renewed time.Time // the lease, by the store's clock
}

// step does one batch, when there is one and it is ours to do, and says how long to
// wait before the next.
func (s *sequencer) step(ctx context.Context) (wait time.Duration, err error) {
	waiting := false
	err = s.db.View(ctx, func(tx *db.Tx) error {
		waiting = false
		return tx.All(`SELECT 1 FROM leaf WHERE seq IS NULL LIMIT 1`, nil, func(*sql.Rows) error {
			waiting = true
			return nil
		})
	})
	if err != nil || !waiting {
		return idleWait, err
	}
	if !s.held || time.Since(s.renewed) > leaseRenew {
		began := time.Now()
		if s.held, err = s.db.Lease(ctx, leaseName, s.holder, leaseLength); err != nil || !s.held {
			return idleWait, err
		}
		s.renewed = began
	}
	n, err := Sequence(ctx, s.db)
	if n == batchSize(s.db.Postgres()) {
		return 0, err
	}
	return idleWait, err
}

// release lets another node begin at once.
func (s *sequencer) release() {
	if !s.held {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), leaseRenew)
	defer cancel()
	if err := s.db.Release(ctx, leaseName, s.holder); err != nil {
		slog.Warn("sequencer lease not released", "err", err)
	}
}
