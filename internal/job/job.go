// Package job does long work in steps (việc chạy nền của máy chủ).
//
// A job is a row: what kind, how far (a cursor), how much is done of how much. Each
// step is one update that moves the cursor and does its part in the same
// transaction, so a machine that dies leaves whole steps, and another goes on at the
// cursor when the lease has lapsed. A step handles at most 200 cases, so that nobody
// waits long behind it; what must appear at once is switched on by the last step.
//
//	open --step…step--> done
//	  \--an error--> failed --Resume--> open        open --Cancel--> cancelled
//
// What a step does belongs to who defines the kind.
package job

import (
	"database/sql"
	"fmt"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
)

// An ID names a job.
type ID string

// The states of a job.
const (
	Open      = "open"      // has steps left, whether one is being done now or not
	Done      = "done"      // its last step is committed
	Failed    = "failed"    // a step refused; Error says why
	Cancelled = "cancelled" // ended by a person between two steps
)

// A Job is long work under way or ended.
type Job struct {
	ID          ID
	Kind        string
	Input       string // what Start was given; the kind's own form
	State       string // Open, Done, Failed or Cancelled
	Cursor      string // where the next step begins; "" before the first
	Done, Total int64  // units of the kind's own; Total is 0 while unknown
	Error       string // why the last step failed, for administrators
	StartedBy   string // the officer, or "" for the system
	CreatedAt   time.Time
	EndedAt     time.Time // zero while open
}

// Start queues a job of a kind. It runs after the commit, on a node that knows the kind.
func Start(tx *db.Tx, kind, input, by string) (id ID, err error) {
	defer fault.Wrap(&err, "start job %s", kind)
	id = ID(tx.NewID())
	_, err = tx.Exec(`
		INSERT INTO job (id, kind, input, state, cursor, done, total, error, started_by, created_at, holder, until)
		VALUES ($1, $2, $3, 'open', '', 0, 0, '', $4, $5, '', '')`, id, kind, input, by, tx.Now)
	if err != nil {
		return id, err
	}
	w, err := workersOf(tx)
	if err == nil {
		tx.Committed(w.wake)
	}
	return id, err
}

// Cancel ends an open or failed job between two steps; what its steps did stays done. A
// job that has ended is a fault.Conflict.
func Cancel(tx *db.Tx, id ID) error {
	return change(tx, id, `
		UPDATE job SET state = 'cancelled', ended_at = $2, holder = '', until = ''
		WHERE id = $1 AND state IN ('open', 'failed')`, tx.Now)
}

// Resume opens a failed job again at the step that failed.
func Resume(tx *db.Tx, id ID) error {
	return change(tx, id, `
		UPDATE job SET state = 'open', error = '', ended_at = NULL, holder = '', until = ''
		WHERE id = $1 AND state = 'failed'`)
}

// Changes one job, in the state the statement demands; a job that is not in it says so, one that is not
// there is not found.
func change(tx *db.Tx, id ID, query string, args ...any) (err error) {
	defer fault.Wrap(&err, "job %s", id)
	n, err := tx.Exec(query, append([]any{id}, args...)...)
	if err != nil || n == 1 {
		return err
	}
	if _, err := Get(tx, id); err != nil {
		return err
	}
	return fault.Refuse(fault.Conflict, "Việc chạy nền này đã kết thúc hoặc không ở trạng thái cho phép thao tác.")
}

const columns = `id, kind, input, state, cursor, done, total, error, started_by, created_at, ended_at`

// The columns of a job in their order.
func (j *Job) scan(r *sql.Rows) error {
	return r.Scan(&j.ID, &j.Kind, &j.Input, &j.State, &j.Cursor, &j.Done, &j.Total, &j.Error, &j.StartedBy,
		db.Instant(&j.CreatedAt), db.Instant(&j.EndedAt))
}

// Get returns one job; an unknown one is a fault.NotFound.
func Get(tx *db.Tx, id ID) (*Job, error) {
	all, err := read(tx, `SELECT `+columns+` FROM job WHERE id = $1`, id)
	if err != nil {
		return nil, fmt.Errorf("job %s: %w", id, err)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("job %s: %w", id, fault.NotFound)
	}
	return all[0], nil
}

// List returns the newest jobs first, those created before the job named by before;
// "" begins at the newest.
func List(tx *db.Tx, before ID, limit int) ([]*Job, error) {
	if before == "" {
		before = "~" // behind every id
	}
	return read(tx, `SELECT `+columns+` FROM job WHERE id < $1 ORDER BY id DESC LIMIT $2`, before, limit)
}

// Jobs of a query.
func read(tx *db.Tx, query string, args ...any) (all []*Job, err error) {
	err = tx.All(query, args, func(r *sql.Rows) error {
		j := new(Job)
		all = append(all, j)
		return j.scan(r)
	})
	return all, err
}

// Count returns how many jobs have steps left and how many stopped at a refused one,
// for whoever watches the machine.
func Count(tx *db.Tx) (open, failed int64, err error) {
	err = tx.One(`SELECT count(*) FILTER (WHERE state = 'open'), count(*) FILTER (WHERE state = 'failed') FROM job`, nil, &open, &failed)
	return open, failed, err
}
