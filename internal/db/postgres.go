package db

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// postgres is the store on a PostgreSQL server. The driver keeps prepared
// statements for each connection.
type postgres struct{ pool *sql.DB }

// retries is how often an update is run again after a serialization failure.
const retries = 3

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
	pool.SetMaxOpenConns(40)
	pool.SetMaxIdleConns(40)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	if err := pool.PingContext(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	return &postgres{pool}, nil
}

func (p *postgres) close() error { return p.pool.Close() }

// pgTx runs statements in one transaction.
type pgTx struct{ tx *sql.Tx }

func (t pgTx) exec(ctx context.Context, query string, args []any) (sql.Result, error) {
	return t.tx.ExecContext(ctx, query, args...)
}

func (t pgTx) query(ctx context.Context, query string, args []any) (*sql.Rows, error) {
	return t.tx.QueryContext(ctx, query, args...)
}

func (p *postgres) view(ctx context.Context, tx *Tx, fn func(tx *Tx) error) error {
	t, err := p.pool.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return explain(err)
	}
	defer t.Rollback() // a read has nothing to keep
	tx.q = pgTx{t}
	return fn(tx)
}

// update runs without the caller's context once it has begun: a client that hangs
// up must not leave a half-told story about what was committed.
func (p *postgres) update(ctx context.Context, run func(q querier) error) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	for range retries {
		if err = p.once(run); !retryable(err) {
			return explain(err)
		}
	}
	return explain(err)
}

func (p *postgres) once(run func(q querier) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), UpdateLimit)
	defer cancel()
	t, err := p.pool.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelReadCommitted})
	if err != nil {
		return err
	}
	if err := run(pgTx{t}); err != nil {
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
