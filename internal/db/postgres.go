package db

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
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
	tx  *sql.Tx
	ctx context.Context
}

// The context is the transaction's and not the call's: a request that ends rolls back as a whole.
func (t pgTx) exec(_ context.Context, query string, args []any) (sql.Result, error) {
	return t.tx.ExecContext(t.ctx, query, args...)
}

// As exec, for rows.
func (t pgTx) query(_ context.Context, query string, args []any) (*sql.Rows, error) {
	return t.tx.QueryContext(t.ctx, query, args...)
}

// A read sees one state of the store from its first statement to its last.
func (p *postgres) view(ctx context.Context, tx *Tx, fn func(tx *Tx) error) error {
	t, err := p.pool.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return explain(err)
	}
	defer t.Rollback() // a read has nothing to keep
	tx.q = pgTx{t, ctx}
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
func (p *postgres) once(limit time.Duration, run func(q querier) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	t, err := p.pool.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelReadCommitted})
	if err != nil {
		return err
	}
	if err := run(pgTx{t, ctx}); err != nil {
		return errors.Join(err, ignoreDone(t.Rollback()))
	}
	return t.Commit()
}

// ignoreDone drops the complaint that the transaction is over already.
func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}
