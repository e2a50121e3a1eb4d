package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// postgres is the store on a PostgreSQL server. The driver keeps prepared
// statements for each connection.
type postgres struct {
	pool *sql.DB
	side *sql.DB // one connection for counters, so that they never wait for the pool
}

// retries is how often an update is run again after a serialization failure or a
// deadlock; poolSize is how many transactions one node runs at once.
const (
	retries  = 3
	poolSize = 40
)

// Settings that the program relies on are given with each connection, so that a server's own settings
// change nothing.
func openPostgres(ctx context.Context, dsn string) (*postgres, error) {
	conf, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	if conf.RuntimeParams["application_name"] == "" {
		conf.RuntimeParams["application_name"] = "lienthong"
	}
	conf.RuntimeParams["jit"] = "off" // its compile time is longer than our queries
	pool := stdlib.OpenDB(*conf)
	pool.SetMaxOpenConns(poolSize)
	pool.SetMaxIdleConns(poolSize)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	if err := pool.PingContext(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	side := stdlib.OpenDB(*conf)
	side.SetMaxOpenConns(1)
	return &postgres{pool, side}, nil
}

// Both pools; the side one reads while a transaction holds the other.
func (p *postgres) close() error { return errors.Join(p.pool.Close(), p.side.Close()) }

// pgTx runs statements in one transaction. Its own context ends a statement that
// waits for a lock beyond the update's time limit; the caller's never does.
type pgTx struct {
	q interface {
		ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
		QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	}
	conn *sql.Conn // of an update: the same, for what is sent together
	last []put     // goes out with the commit
	ctx  context.Context
}

// The context is the transaction's and not the call's: a request that ends rolls back as a whole.
func (t *pgTx) exec(_ context.Context, query string, args []any) (sql.Result, error) {
	return t.q.ExecContext(t.ctx, query, args...)
}

// As exec, for rows.
func (t *pgTx) query(_ context.Context, query string, args []any) (*sql.Rows, error) {
	return t.q.QueryContext(t.ctx, query, args...)
}

// batch sends statements in one trip and returns what the last of them changed. The server
// leaves out what stands behind one that fails.
func (t *pgTx) batch(all []put) (n int64, err error) {
	err = t.conn.Raw(func(raw any) (err error) {
		c, ok := raw.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("the driver is %T", raw)
		}
		var b pgx.Batch
		for _, p := range all {
			b.Queue(p.query, p.args...)
		}
		answers := c.Conn().SendBatch(t.ctx, &b)
		defer func() { err = errors.Join(err, answers.Close()) }()
		for _, p := range all {
			tag, err := answers.Exec()
			if err != nil {
				return fmt.Errorf("%.60s: %w", strings.TrimSpace(p.query), err)
			}
			if p.query == commit && tag.String() != "COMMIT" { // a statement had failed before
				return pgx.ErrTxCommitRollback
			}
			n = tag.RowsAffected()
		}
		return nil
	})
	return n, err
}

// The statements of an update's transaction. database/sql has its own way to end one,
// but a trip for it alone.
const (
	begin    = "begin isolation level read committed"
	commit   = "commit"
	rollback = "rollback"
)

// A read sees one state of the store from its first statement to its last.
func (p *postgres) view(ctx context.Context, tx *Tx, fn func(tx *Tx) error) error {
	t, err := p.pool.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return explain(err)
	}
	defer t.Rollback() // a read has nothing to keep
	tx.q = &pgTx{q: t, ctx: ctx}
	defer func() { tx.q = nil }()
	return fn(tx)
}

// update runs without the caller's context once it has begun: a client that hangs
// up must not leave a half-told story about what was committed.
func (p *postgres) update(ctx context.Context, limit time.Duration, run func(q querier) error) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	for n := 0; ; n++ {
		err = p.once(limit, run)
		if !retryable(err) || n == retries {
			return explain(err)
		}
		// two that met must not meet again at once
		time.Sleep(time.Duration(rand.IntN(1+n)) * time.Millisecond)
	}
}

// One try of an update, within its time; a rollback after a failure is only an effort.
func (p *postgres) once(limit time.Duration, run func(q querier) error) (err error) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	c, err := p.begin(ctx)
	if err != nil {
		return err
	}
	ended := false
	defer func() {
		if !ended { // also when the goroutine ends inside run
			p.abandon(c)
		}
		c.Close() // gives the connection back
	}()
	t := &pgTx{q: c, conn: c, ctx: ctx}
	if err := run(t); err != nil {
		return err
	}
	_, err = t.batch(append(t.last, put{query: commit}))
	ended = err == nil
	return err
}

// begin takes a connection and opens a transaction; one that the server has closed
// meanwhile is left for another, as database/sql does.
func (p *postgres) begin(ctx context.Context) (*sql.Conn, error) {
	for n := 0; ; n++ {
		c, err := p.pool.Conn(ctx)
		if err != nil {
			return nil, err
		}
		if _, err = c.ExecContext(ctx, begin); err == nil {
			return c, nil
		}
		p.abandon(c)
		c.Close()
		if n == retries || ctx.Err() != nil || !(errors.Is(err, driver.ErrBadConn) || pgconn.SafeToRetry(err)) {
			return nil, err
		}
	}
}

// rollbackLimit is how long an abandoned connection is waited for.
const rollbackLimit = 5 * time.Second

// abandon rolls a transaction back; a connection on which that is not possible is
// closed, so that the next update does not find it open in the pool.
func (p *postgres) abandon(c *sql.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), rollbackLimit)
	defer cancel()
	if _, err := c.ExecContext(ctx, rollback); err != nil {
		_ = c.Raw(func(any) error { return driver.ErrBadConn }) // that is how database/sql is told
	}
}
