package db

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"lienthong/internal/fault"
)

// lite is the SQLite store: one writing connection with its queue, and a pool of
// reading connections that cannot write.
type lite struct {
	write, read *sql.DB
	readers     chan *liteConn
	queue       chan *job
	stop        chan struct{}
	done        sync.WaitGroup
	hold        holds
}

// A liteConn is one connection with its prepared statements.
type liteConn struct {
	conn *sql.Conn
	keep map[string]*sql.Stmt
}

const (
	statementsKept = 512 // a connection forgets all its statements past this many
	queueLength    = 1024
)

func liteDSN(path string, write bool) string {
	q := url.Values{}
	for _, p := range []string{"journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "busy_timeout(10000)",
		"cache_size(-32000)", "temp_store(MEMORY)", "mmap_size(1073741824)", "wal_autocheckpoint(4000)"} {
		q.Add("_pragma", p)
	}
	if !write {
		q.Add("_pragma", "query_only(1)")
	}
	return "file:" + path + "?" + q.Encode()
}

func openLite(path string) (*lite, error) {
	l := &lite{queue: make(chan *job, queueLength), stop: make(chan struct{})}
	var err error
	if l.write, err = sql.Open("sqlite", liteDSN(path, true)); err != nil {
		return nil, err
	}
	l.write.SetMaxOpenConns(1)
	w, err := newLiteConn(l.write)
	if err != nil {
		return nil, err
	}
	if l.read, err = sql.Open("sqlite", liteDSN(path, false)); err != nil {
		return nil, err
	}
	n := max(4, runtime.NumCPU())
	l.read.SetMaxOpenConns(n)
	l.readers = make(chan *liteConn, n)
	for range n {
		c, err := newLiteConn(l.read)
		if err != nil {
			return nil, err
		}
		l.readers <- c
	}
	l.done.Add(1)
	go l.work(w)
	return l, nil
}

func newLiteConn(d *sql.DB) (*liteConn, error) {
	c, err := d.Conn(context.Background())
	if err != nil {
		return nil, err
	}
	return &liteConn{conn: c, keep: make(map[string]*sql.Stmt)}, nil
}

func (c *liteConn) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := c.keep[query]; ok {
		return s, nil
	}
	if len(c.keep) >= statementsKept {
		for _, s := range c.keep {
			s.Close()
		}
		clear(c.keep)
	}
	s, err := c.conn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	c.keep[query] = s
	return s, nil
}

func (c *liteConn) exec(ctx context.Context, query string, args []any) (sql.Result, error) {
	s, err := c.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(ctx, args...)
}

func (c *liteConn) query(ctx context.Context, query string, args []any) (*sql.Rows, error) {
	s, err := c.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
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
	return fn(tx)
}

// update queues run and waits for the commit that holds it. It may be cancelled
// until it starts, never while it runs.
func (l *lite) update(ctx context.Context, run func(q querier) error) error {
	j := &job{run: run, answer: make(chan error, 1), queued: time.Now()}
	select {
	case l.queue <- j:
	case <-ctx.Done():
		return ctx.Err()
	case <-l.stop:
		return fmt.Errorf("store is closing: %w", fault.Busy)
	}
	select {
	case err := <-j.answer:
		return err
	case <-ctx.Done():
		if j.cancel() {
			return ctx.Err()
		}
		return <-j.answer
	}
}

func (l *lite) close() error {
	close(l.stop)
	l.done.Wait()
	err := l.write.Close()
	if e := l.read.Close(); err == nil {
		err = e
	}
	return err
}

func stack() []byte { return debug.Stack() }
