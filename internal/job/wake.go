package job

import (
	"context"
	"sync"

	"lienthong/internal/db"
)

// workers are the runners of this process that work on a store, so that a job which starts
// here does not wait for the next look; those of other nodes find it at theirs.
type workers struct {
	mu  sync.Mutex
	all []*Runner
}

func workersOf(tx *db.Tx) (*workers, error) {
	v, err := tx.Memo("job.workers", func() (any, error) { return &workers{}, nil })
	if err != nil {
		return nil, err
	}
	return v.(*workers), nil
}

// listen makes a job that starts in this process wake the runner.
func (r *Runner) listen(ctx context.Context) error {
	return r.db.View(ctx, func(tx *db.Tx) error {
		w, err := workersOf(tx)
		if err != nil {
			return err
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		w.all = append(w.all, r)
		return nil
	})
}

// wake wakes them all.
func (w *workers) wake() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, r := range w.all {
		r.Wake()
	}
}
