package job

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/setting"
)

// Progress is what a step reports: where the next one begins, and how much is done.
type Progress struct {
	Cursor      string // "" at the beginning
	Done, Total int64  // 0 where the whole is not known
	End         bool   // this was the last step
}

// A Step does the next part of a job, at most 200 cases, in tx. It may run more than
// once before it commits, like every update; j.Cursor says where it begins.
type Step func(tx *db.Tx, j Job) (Progress, error)

// A Runner does the jobs of the kinds that were defined on it. Any number of nodes
// run one each over the same store.
type Runner struct {
	// Poll is how long an idle worker waits before it looks again; Hold how long a
	// silent worker keeps its job before another may take it.
	Poll, Hold time.Duration
	// Log, when set, hears what the job table cannot keep: a store that is away.
	Log func(err error)

	db    *db.DB
	node  string
	kinds map[string]Step
	wake  chan struct{} // a new job need not wait for the next look
}

// New returns a runner for a node; node names this process among all others.
func New(d *db.DB, node string) *Runner {
	return &Runner{Poll: setting.Shipped("job.poll"), Hold: setting.Shipped("job.hold"), db: d, node: node, kinds: map[string]Step{}, wake: make(chan struct{}, 1)}
}

// Tune takes the office's own settings of Poll and Hold.
func (r *Runner) Tune(tx *db.Tx) error {
	all, err := setting.Values(tx, "job.")
	if err != nil {
		return err
	}
	r.Poll, r.Hold = time.Duration(setting.Number(all, "job.poll")), time.Duration(setting.Number(all, "job.hold"))
	return nil
}

// Define says what a step of a kind does. All kinds are defined before Worker runs;
// a kind defined twice is a mistake of the program and panics.
func (r *Runner) Define(kind string, step Step) {
	if r.kinds[kind] != nil {
		panic("job kind defined twice: " + kind)
	}
	r.kinds[kind] = step
}

// Wake makes an idle worker look at once.
func (r *Runner) Wake() {
	select {
	case r.wake <- struct{}{}:
	default: // it will look anyway
	}
}

// Worker does steps until ctx ends; the step under way is finished first, and the
// job is free for another node at once.
func (r *Runner) Worker(ctx context.Context) {
	if err := r.listen(ctx); err != nil && ctx.Err() == nil && r.Log != nil {
		r.Log(err) // it looks every Poll all the same
	}
	for ctx.Err() == nil {
		did, err := r.step(ctx)
		if err != nil && ctx.Err() == nil && r.Log != nil {
			r.Log(err)
		}
		if did && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
		case <-r.wake:
		case <-time.After(r.Poll):
		}
	}
	if err := r.release(); err != nil && r.Log != nil {
		r.Log(err)
	}
}

// Drain does steps until no open job is left that this node may take.
func (r *Runner) Drain(ctx context.Context) error {
	for {
		if did, err := r.step(ctx); err != nil || !did {
			return err
		}
	}
}

// Gives up what this node holds when it ends, so that another need not wait for the lease to run out.
func (r *Runner) release() error {
	return r.db.Update(context.Background(), func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE job SET holder = '', until = '' WHERE state = 'open' AND holder = $1`, r.node)
		return err
	})
}

// step does one step of the oldest job that may be taken; did says whether there was one.
func (r *Runner) step(ctx context.Context) (did bool, err error) {
	defer fault.Wrap(&err, "job step")
	ids, err := r.open(ctx)
	if err != nil {
		return false, err
	}
	for _, id := range ids {
		var j *Job
		err := r.db.Update(ctx, func(tx *db.Tx) (err error) {
			if j, err = r.take(tx, id); err != nil || j == nil {
				return err
			}
			return r.move(tx, j)
		})
		switch {
		case err != nil && j != nil && !errors.Is(err, fault.Busy):
			return true, r.fail(id, err)
		case err != nil:
			return false, err // the store is away or crowded: the step is tried again
		case j != nil:
			return true, nil
		}
	}
	return false, nil
}

// open returns the jobs this node could take, the oldest first.
func (r *Runner) open(ctx context.Context) (ids []ID, err error) {
	err = r.db.View(ctx, func(tx *db.Tx) error {
		ids = nil
		now, err := tx.LeaseClock()
		if err != nil {
			return err
		}
		return tx.All(`
			SELECT id, kind FROM job WHERE state = 'open' AND (until < $1 OR holder = $2)
			ORDER BY id LIMIT 100`, []any{now, r.node}, func(rows *sql.Rows) error {
			var id ID
			var kind string
			err := rows.Scan(&id, &kind)
			if r.kinds[kind] != nil { // a kind of a newer release waits for a newer node
				ids = append(ids, id)
			}
			return err
		})
	})
	return ids, err
}

// take locks the job for this transaction and keeps it for this node; nil when
// another node has it or it has ended.
func (r *Runner) take(tx *db.Tx, id ID) (*Job, error) {
	now, err := tx.LeaseClock()
	if err != nil {
		return nil, err
	}
	all, err := read(tx, `
		UPDATE job SET holder = $1, until = $2
		WHERE id = $3 AND state = 'open' AND (until < $4 OR holder = $1)
		RETURNING `+columns, r.node, now.Add(r.Hold), id, now)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return all[0], nil
}

// move runs the step and keeps its progress, in the step's own transaction.
func (r *Runner) move(tx *db.Tx, j *Job) error {
	p, err := r.kinds[j.Kind](tx, *j)
	if err != nil {
		return err
	}
	if !p.End && p.Cursor == j.Cursor && p.Done <= j.Done {
		return errors.New("the step did not move") // it would run for ever
	}
	state, ended := Open, time.Time{}
	if p.End {
		state, ended = Done, tx.Now
	}
	_, err = tx.Exec(`UPDATE job SET state = $1, cursor = $2, done = $3, total = $4, ended_at = $5 WHERE id = $6`,
		state, p.Cursor, p.Done, p.Total, ended, j.ID)
	return err
}

// fail keeps why a step refused. The job stops there and shows it: a person mends
// the cause and resumes, or cancels.
func (r *Runner) fail(id ID, cause error) error {
	return r.db.Update(context.Background(), func(tx *db.Tx) error {
		_, err := tx.Exec(`
			UPDATE job SET state = 'failed', error = $1, ended_at = $2, holder = '', until = ''
			WHERE id = $3 AND state = 'open' AND holder IN ('', $4)`, fmt.Sprintf("%.2000s", cause), tx.Now, id, r.node)
		return err
	})
}
