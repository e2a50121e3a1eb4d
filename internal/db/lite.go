package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"

	"lienthong/internal/db/engine"
	"lienthong/internal/fault"
)

// lite is the SQLite store: one writing connection with its queue, and a pool of
// reading connections that cannot write.
type lite struct {
	write, read *sql.DB
	readers     chan *liteConn // idle ones
	queue       chan *job
	stop        chan struct{} // closed once
	stopOnce    sync.Once
	gone        chan struct{} // closed when the writer has answered its last update
	writer      *liteConn     // touched by the writer's goroutine only
	members     []*job        // of the group under way; the writer's alone
	careful     int           // so many updates yet run in savepoints; the writer's alone
	hard        *hardener     // nil where nobody asked for durability
	hold        holds
}

// A liteConn is one connection with its prepared statements.
type liteConn struct {
	conn *sql.Conn            // for queries: their rows are database/sql's
	raw  *engine.Conn         // the same, for all else
	n    int                  // tells the reading connections of a store apart
	keep map[string]*liteStmt // prepared, by their text

	// of the transaction under way, on the writing connection
	versions versions         // nil when not yet read
	counters map[string]int64 // the last numbers given
	wrote    bool             // since the update under way began
}

// forgetGroup forgets what the transaction under way had read or given: it ends, or a part
// of it is taken back.
func (c *liteConn) forgetGroup() { c.versions, c.counters = nil, nil }

const (
	statementsKept = 512 // a connection forgets all its statements past this many
	queueLength    = 1024
)

// liteFile names a store and the settings of a connection to it. Who waits for the disk is the hardener, so
// SQLite itself need not at each commit. The writer itself moves the log into the
// file after every 1000 pages (4 MB). Tried with 32 callers of 24 kB each: 4000 pages
// gave the same rate and doubled the longest wait (16 -> 49 ms), 16000 stopped
// everybody for 0.1 to 1 s, and leaving it to another connection let the log grow
// without bound while the load lasted.
func liteFile(path string, write bool) engine.Connector {
	all := []string{"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(NORMAL)", "foreign_keys(1)",
		"temp_store(MEMORY)", "wal_autocheckpoint(1000)"}
	// cache_size in kB and mmap_size in bytes, of each connection. What others commit empties a
	// reader's cache, so readers map the file instead and cache little: without the map an inbox
	// cost half as much again. Each maps its own, and the writer, whose cache nobody empties, none.
	if write {
		all = append(all, "cache_size(-32000)")
	} else {
		all = append(all, "mmap_size(33554432)", "cache_size(-2000)", "query_only(1)")
	}
	return engine.Connector{File: path, Pragmas: all}
}

// One connection writes and many read: SQLite has one writer, and here it has a queue instead of a lock to
// wait for.
func openLite(path string) (*lite, error) {
	l := &lite{queue: make(chan *job, queueLength), stop: make(chan struct{}), gone: make(chan struct{})}
	l.write = sql.OpenDB(liteFile(path, true))
	l.write.SetMaxOpenConns(1)
	w, err := newLiteConn(l.write)
	if err != nil {
		return nil, err
	}
	l.read = sql.OpenDB(liteFile(path, false))
	n := max(3, runtime.NumCPU()) // one more than two processors, for a long export beside short pages
	l.read.SetMaxOpenConns(n)
	l.readers = make(chan *liteConn, n)
	for i := range n {
		c, err := newLiteConn(l.read)
		if err != nil {
			return nil, err
		}
		c.n = i
		l.readers <- c
	}
	l.writer, l.hard = w, newHardener(path)
	go l.work(w)
	return l, nil
}

// A connection with its own prepared statements.
func newLiteConn(d *sql.DB) (*liteConn, error) {
	conn, err := d.Conn(context.Background())
	if err != nil {
		return nil, err
	}
	c := &liteConn{conn: conn, keep: make(map[string]*liteStmt)}
	err = conn.Raw(func(raw any) error {
		c.raw = raw.(*engine.Conn)
		return nil
	})
	return c, err
}

// Statements are prepared once. When too many different ones came, all are forgotten: that is rare, and
// counting uses costs more.
func (c *liteConn) stmt(query string) *liteStmt {
	if s, ok := c.keep[query]; ok {
		return s
	}
	if len(c.keep) >= statementsKept {
		c.forget()
	}
	s := newLiteStmt(query)
	c.keep[query] = s
	return s
}

// Runs a statement on this connection.
func (c *liteConn) exec(_ context.Context, query string, args []any) (_ sql.Result, err error) {
	s := c.stmt(query)
	if s.exec == nil {
		if s.exec, err = c.raw.Statement(s.text); err != nil {
			return nil, err
		}
	}
	c.wrote = true
	n, err := s.exec.Run(s.args(args))
	return driver.RowsAffected(n), err
}

// Reads on this connection.
func (c *liteConn) query(ctx context.Context, query string, args []any) (_ *sql.Rows, err error) {
	s := c.stmt(query)
	if s.query == nil {
		if s.query, err = c.conn.PrepareContext(ctx, s.text); err != nil {
			return nil, err
		}
	}
	c.wrote = c.wrote || s.writes
	return s.query.QueryContext(ctx, s.args(args)...)
}

// plain runs a statement of the transaction itself.
func (c *liteConn) plain(query string) error {
	_, err := c.exec(context.Background(), query, nil)
	return err
}

// view waits for a reading connection and runs fn in one snapshot.
func (l *lite) view(ctx context.Context, tx *Tx, fn func(tx *Tx) error) (err error) {
	var c *liteConn
	select {
	case c = <-l.readers:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { l.readers <- c }()
	if err := c.plain("BEGIN"); err != nil {
		return explain(err)
	}
	defer func() {
		if end := c.plain("ROLLBACK"); end != nil && err == nil {
			err = explain(end)
		}
	}()
	tx.q = c
	defer func() { tx.q = nil }()
	return fn(tx)
}

// update queues run and waits for the commit that holds it. It may be cancelled
// until it starts, never while it runs.
func (l *lite) update(ctx context.Context, run func(q querier) error) error {
	j := &job{run: run, answer: make(chan error, 1)}
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case l.queue <- j:
	case <-ctx.Done():
		return ctx.Err()
	case <-l.stop:
		return errClosing
	}
	select {
	case err := <-j.answer:
		return err
	case <-ctx.Done():
		if j.cancel() {
			return ctx.Err()
		}
		return <-j.answer
	case <-l.gone: // queued in the moment of the close
		if j.cancel() {
			return errClosing
		}
		return <-j.answer
	}
}

var errClosing = fmt.Errorf("store is closing: %w", fault.Busy)

// close answers what is queued, then closes every connection; the last one leaves
// the whole store in one file, without a log beside it.
func (l *lite) close() (err error) {
	l.stopOnce.Do(func() {
		close(l.stop)
		<-l.gone
		err = l.hard.close() // answers the last groups
		for range cap(l.readers) {
			err = errors.Join(err, (<-l.readers).close())
		}
		err = errors.Join(err, l.read.Close(), l.writer.close(), l.write.Close())
	})
	return err
}

// Prepared statements end before their connection.
func (c *liteConn) close() error {
	c.forget()
	return c.conn.Close()
}

// forget closes the prepared statements.
func (c *liteConn) forget() {
	for _, s := range c.keep {
		s.close()
	}
	clear(c.keep)
}

// Where a panic came from, for the log.
func stack() []byte { return debug.Stack() }
