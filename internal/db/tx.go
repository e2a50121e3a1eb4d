package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"lienthong/internal/fault"
)

// A Tx is one transaction: the only database an operation sees, and its only clock.
// It is used by one goroutine and is dead once the closure that got it returns.
// After an error the closure returns: PostgreSQL takes no further statement then.
type Tx struct {
	// Now is the instant the request arrived, in the office's zone where it is shown.
	// Inside an operation it is the only clock.
	Now time.Time

	db       *DB
	q        querier
	deadline time.Time // an update's own time limit; zero for a view
	ctx      context.Context
	writes   bool            // false inside View
	last     []lastStep      // before the commit, by name
	later    []laterStep     // before the commit, once each
	puts     []put           // not yet sent; always empty on SQLite
	done     []func()        // after it, when it succeeded
	touched  map[string]bool // units, for open pages
	began    uint64          // the number of the last touching commit before a view's snapshot
	values   map[any]any     // of packages, for one transaction
	tracer   Tracer          // nil outside tests
	stats    Stats
	reading  bool // rows of All are open
}

// Stats counts what one transaction asked of the database, for the budget test: reads
// are statements, writes are rows (a statement that changed none counts as one).
type Stats struct{ Reads, Writes int }

// A step that runs before the commit, once by its name.
type lastStep struct {
	name string
	fn   func() error
}

// A Tracer hears which rules were applied and which operations recorded, with their
// clauses. The story runner gives one; in an office there is none.
type Tracer interface {
	Trace(kind, name string, clauses []string)
}

// querier is what a transaction needs from a connection on either database.
type querier interface {
	exec(ctx context.Context, query string, args []any) (sql.Result, error)
	query(ctx context.Context, query string, args []any) (*sql.Rows, error)
}

// Exec runs a statement and returns how many rows it changed.
func (tx *Tx) Exec(query string, args ...any) (int64, error) {
	if err := tx.ready(true, query); err != nil {
		return 0, err
	}
	args = storable(args)
	tx.heard(query, args)
	var n int64
	var err error
	if len(tx.puts) > 0 {
		n, err = tx.send(put{query, args})
	} else {
		n, err = tx.exec(query, args)
	}
	tx.stats.Writes += max(1, int(n))
	return n, err
}

// exec runs a statement by itself.
func (tx *Tx) exec(query string, args []any) (int64, error) {
	res, err := tx.q.exec(tx.ctx, query, args)
	if err != nil {
		return 0, explain(err)
	}
	return res.RowsAffected()
}

// One scans the first row of a query into dest; no row is a fault.NotFound.
func (tx *Tx) One(query string, args []any, dest ...any) error {
	found := false
	err := tx.All(query, args, func(r *sql.Rows) error {
		if found {
			return nil
		}
		found = true
		return r.Scan(dest...)
	})
	if err != nil {
		return err
	}
	if !found {
		return fault.NotFound
	}
	return nil
}

// All calls each for every row of a query, in order. each must not ask the
// transaction again: PostgreSQL has one answer under way at a time.
func (tx *Tx) All(query string, args []any, each func(r *sql.Rows) error) error {
	if err := tx.ready(false, query); err != nil {
		return err
	}
	if err := tx.flushFor(query); err != nil {
		return err
	}
	if _, err := tx.send(); err != nil {
		return err
	}
	tx.stats.Reads++
	args = storable(args)
	tx.heard(query, args)
	rows, err := tx.q.query(tx.ctx, query, args)
	if err != nil {
		return explain(err)
	}
	tx.reading = true
	defer func() {
		tx.reading = false
		rows.Close()
	}()
	for rows.Next() {
		if err := each(rows); err != nil {
			return err
		}
	}
	return explain(rows.Err())
}

// Tests and measurements listen to what an update writes.
func (tx *Tx) heard(query string, args []any) {
	if tx.writes && tx.db.Listen != nil {
		tx.db.Listen(query, args)
	}
}

// ready refuses a statement that comes too late or, in a view, writes;
// it is also where a test may hold a statement back.
func (tx *Tx) ready(write bool, query string) error {
	if err := tx.alive(write); err != nil {
		return err
	}
	if tx.db.BeforeStatement != nil {
		tx.db.BeforeStatement(tx, query)
	}
	return nil
}

// alive says why a statement may not run now.
func (tx *Tx) alive(write bool) error {
	if tx.q == nil {
		return errors.New("transaction used after its end")
	}
	if tx.reading {
		return errors.New("statement while the rows of another are open")
	}
	if write && !tx.writes {
		return errors.New("write inside View")
	}
	if !tx.deadline.IsZero() && time.Now().After(tx.deadline) {
		return fmt.Errorf("update ran longer than its limit: %w", fault.Busy)
	}
	return nil
}

// Later registers a write into a table that needs what another goroutine is still making:
// fn waits for it and writes. It runs before the next query that names the table, at Flush,
// or at the end of the closure, in the order of registering; until then other statements
// go on. A row that a later statement of the same update changes is flushed by whoever
// changes it.
func (tx *Tx) Later(table string, fn func() error) {
	tx.later = append(tx.later, laterStep{table, fn})
}

// A write that waits for what it writes.
type laterStep struct {
	table string
	fn    func() error
}

// flushFor runs what Later registered when a query may ask for it.
func (tx *Tx) flushFor(query string) error {
	for _, s := range tx.later {
		if strings.Contains(query, s.table) {
			return tx.Flush()
		}
	}
	return nil
}

// Flush runs what Later registered.
func (tx *Tx) Flush() error {
	for len(tx.later) > 0 {
		s := tx.later[0]
		tx.later = tx.later[1:]
		if err := s.fn(); err != nil {
			return err
		}
	}
	return nil
}

// Last registers fn to run once, after the closure and before the commit, in the
// order of names: counters that many cases share are written last, always in the
// same order, so that their locks are short and never cross.
func (tx *Tx) Last(name string, fn func() error) {
	for _, s := range tx.last {
		if s.name == name {
			return
		}
	}
	tx.last = append(tx.last, lastStep{name, fn})
}

// Done registers fn to run after the commit. It must not use the transaction.
func (tx *Tx) Done(fn func()) { tx.done = append(tx.done, fn) }

// Touch says that what the readers of this unit see has changed; after the commit
// live pages of that unit are told "something changed", never what.
func (tx *Tx) Touch(unit string) {
	if tx.touched == nil {
		tx.touched = make(map[string]bool)
	}
	tx.touched[unit] = true
}

// Value returns what SetValue kept under key in this transaction, or nil.
func (tx *Tx) Value(key any) any { return tx.values[key] }

// SetValue keeps v for this transaction: a package's own notes between two calls.
func (tx *Tx) SetValue(key, v any) {
	if tx.values == nil {
		tx.values = make(map[any]any)
	}
	tx.values[key] = v
}

// Trace reports an applied rule or a recorded operation to the story runner.
func (tx *Tx) Trace(kind, name string, clauses []string) {
	if tx.tracer != nil {
		tx.tracer.Trace(kind, name, clauses)
	}
}

// Stats returns the number of statements so far.
func (tx *Tx) Stats() Stats { return tx.stats }

// Postgres says which database this is, for the few statements that differ.
func (tx *Tx) Postgres() bool { return tx.db.pg != nil }

// ForUpdate returns the clause that makes a SELECT of the table hold its rows until
// the commit. SQLite needs none: its one writer holds everything.
func (tx *Tx) ForUpdate(table string) string {
	if tx.Postgres() {
		return " FOR UPDATE OF " + table
	}
	return ""
}

// NewID returns a new id of tx.Now.
func (tx *Tx) NewID() string { return NewID(tx.Now) }
