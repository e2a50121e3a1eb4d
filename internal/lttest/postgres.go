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
)

// serverVariable holds the address of the server that `make test` started, so that
// every test binary uses the one server.
const serverVariable = "LT_TEST_POSTGRES"

var schemaCount struct {
	sync.Mutex
	n int
}

// PostgresURL returns the address of a fresh, empty schema on the test server and
// drops it when the test ends. The server is LT_TEST_POSTGRES; `make test` starts one.
// Without a server the test fails: nothing is skipped silently.
func PostgresURL(t testing.TB) string {
	t.Helper()
	base := os.Getenv(serverVariable)
	if base == "" {
		t.Fatalf("no PostgreSQL: run the tests with 'make test', or set %s=postgres://…", serverVariable)
	}
	schemaCount.Lock()
	schemaCount.n++
	name := fmt.Sprintf("t_%s_%d_%d", safeName(filepath.Base(os.Args[0])), os.Getpid(), schemaCount.n)
	schemaCount.Unlock()
	execPostgres(t, base, `CREATE SCHEMA `+name)
	t.Cleanup(func() { execPostgres(t, base, `DROP SCHEMA `+name+` CASCADE`) })
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String()
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
