package lttest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"

	"lienthong/internal/db"
)

// serverVariable holds the address of the server that `make test` started, so that
// every test binary uses the one server.
const serverVariable = "LT_TEST_POSTGRES"

// own names what this process makes on the server. A session holds a lock under the name
// as long as the process lives: what a name that nobody holds has left is swept away.
var own struct {
	sync.Mutex
	name   string
	count  int
	holder *sql.Conn // never closed: the server lets the lock go when the process ends
}

// behindOwner stands between the process's own name and what it made.
const behindOwner = "__"

// databaseName returns a new name of a database or schema; what says what it holds.
func databaseName(t testing.TB, what string) string {
	t.Helper()
	own.Lock()
	defer own.Unlock()
	if own.holder == nil {
		own.name = fmt.Sprintf("t_%.20s_%s", safeName(filepath.Base(os.Args[0])), db.NewSecret()[:8])
		holder, err := hold(PostgresServer(t), own.name)
		if err != nil {
			t.Fatalf("postgres: %v", err)
		}
		own.holder = holder
	}
	own.count++
	return fmt.Sprintf("%s%s%d_%s", own.name, behindOwner, own.count, what)
}

// hold takes the lock of a name and drops what processes without theirs have left: a
// template outlives the tests, and a killed process drops nothing.
func hold(base, name string) (*sql.Conn, error) {
	ctx := context.Background()
	pool, err := sql.Open("pgx", base)
	if err != nil {
		return nil, err
	}
	c, err := pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := c.ExecContext(ctx, `SELECT pg_advisory_lock(hashtext($1))`, name); err != nil {
		return nil, err
	}
	rows, err := c.QueryContext(ctx, `SELECT datname FROM pg_database WHERE datname LIKE 't\_%\_\_%'`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var left []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		left = append(left, s)
	}
	for _, s := range left {
		sweep(ctx, c, s)
	}
	return c, rows.Err()
}

// sweep drops a database whose owner is gone. Another process may sweep at the same time,
// and what it drops is gone as well.
func sweep(ctx context.Context, c *sql.Conn, database string) {
	owner := database[:strings.LastIndex(database, behindOwner)]
	var gone bool
	if err := c.QueryRowContext(ctx, `SELECT pg_try_advisory_lock(hashtext($1))`, owner).Scan(&gone); err != nil || !gone {
		return
	}
	_, _ = c.ExecContext(ctx, `DROP DATABASE IF EXISTS `+database)
	_, _ = c.ExecContext(ctx, `SELECT pg_advisory_unlock(hashtext($1))`, owner)
}

// PostgresURL returns the address of a fresh, empty schema on the test server and
// drops it when the test ends. The server is LT_TEST_POSTGRES; `make test` starts one.
// Without a server the test fails: nothing is skipped silently.
func PostgresURL(t testing.TB) string {
	t.Helper()
	base, name := PostgresServer(t), databaseName(t, "schema")
	execPostgres(t, base, `CREATE SCHEMA `+name)
	t.Cleanup(func() { execPostgres(t, base, `DROP SCHEMA `+name+` CASCADE`) })
	u := parsed(t, base)
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String()
}

// databaseURL is the address of another database on the test server.
func databaseURL(t testing.TB, name string) string {
	t.Helper()
	u := parsed(t, PostgresServer(t))
	u.Path = "/" + name
	return u.String()
}

func parsed(t testing.TB, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// A statement outside every store of the program, for making and dropping.
func execPostgres(t testing.TB, base, query string) {
	t.Helper()
	pool, err := sql.Open("pgx", base)
	if err == nil {
		_, err = pool.ExecContext(context.Background(), query)
		err = errors.Join(err, pool.Close())
	}
	if err != nil {
		t.Fatalf("postgres: %v", err)
	}
}

// safeName keeps what may stand in a schema's name.
func safeName(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, strings.ToLower(s))
}

// PostgresServer returns the address of the test server itself, for tests that make
// whole databases and drop them. Without a server the test fails.
func PostgresServer(t testing.TB) string {
	t.Helper()
	base := os.Getenv(serverVariable)
	if base == "" {
		t.Fatalf("no PostgreSQL: run the tests with 'make test', or set %s=postgres://…", serverVariable)
	}
	return base
}
