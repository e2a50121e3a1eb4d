package engine

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"modernc.org/sqlite/lib"
	"pgregory.net/rapid"
)

func open(t testing.TB) *Conn {
	t.Helper()
	c, err := Open(filepath.Join(t.TempDir(), "100%?x=1#y.db"), "busy_timeout(1000)", "foreign_keys(1)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// pool is a connection as database/sql holds it, with a table of values of any kind.
func pool(t testing.TB) *sql.Conn {
	t.Helper()
	d := sql.OpenDB(Connector{File: filepath.Join(t.TempDir(), "x.db")})
	c, err := d.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(); d.Close() })
	if _, err := c.ExecContext(context.Background(), `CREATE TABLE row (n INTEGER PRIMARY KEY, v)`); err != nil {
		t.Fatal(err)
	}
	return c
}

// What is stored comes back as it was, whatever its kind and length.
func TestValuesComeBack(t *testing.T) {
	c := pool(t)
	n := 0
	ask := func(t interface{ Fatalf(string, ...any) }, v, want any) {
		n++
		if _, err := c.ExecContext(context.Background(), `INSERT INTO row (n, v) VALUES (?, ?)`, n, v); err != nil {
			t.Fatalf("%v: %v", v, err)
		}
		var got any
		if err := c.QueryRowContext(context.Background(), `SELECT v FROM row WHERE n = ?`, n).Scan(&got); err != nil {
			t.Fatalf("%v: %v", v, err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%#v came back as %#v", want, got)
		}
	}
	ask(t, nil, nil)
	ask(t, []byte(nil), nil)
	ask(t, []byte{}, []byte(nil))
	ask(t, "", "")
	ask(t, "một\x00hai", "một\x00hai")
	ask(t, true, int64(1))
	ask(t, 7, int64(7))
	ask(t, strings.Repeat("đ", smallRoom), strings.Repeat("đ", smallRoom)) // longer than what is kept
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "text")
		ask(t, s, s)
		b := rapid.SliceOfN(rapid.Byte(), 1, -1).Draw(t, "bytes")
		ask(t, b, b)
		i := rapid.Int64().Draw(t, "number")
		ask(t, i, i)
		f := rapid.Float64().Draw(t, "fraction")
		ask(t, f, f)
	})
}

// Columns keep their names when the table changes under a prepared statement.
func TestColumnsOfAChangedTable(t *testing.T) {
	c := pool(t)
	s, err := c.PrepareContext(context.Background(), `SELECT * FROM row`)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, want := range []string{"n v", "n v w"} {
		r, err := s.Query()
		if err != nil {
			t.Fatal(err)
		}
		got, err := r.Columns()
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("columns %v, %v; want %s", got, err, want)
		}
		r.Close()
		if _, err := c.ExecContext(context.Background(), `ALTER TABLE row ADD COLUMN w`); err != nil && want == "n v" {
			t.Fatal(err)
		}
	}
}

func TestErrorsHaveCodesAndWords(t *testing.T) {
	c := open(t)
	for _, tt := range []struct {
		query string
		code  int
		words string
	}{
		{`CREATE TABLE row (n BIGINT PRIMARY KEY)`, 0, ""},
		{`INSERT INTO row VALUES (1)`, 0, ""},
		{`INSERT INTO row VALUES (1)`, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, "UNIQUE constraint failed: row.n (1555)"},
		{`SELECT gone FROM row`, sqlite3.SQLITE_ERROR, "no such column"},
		{`PRAGMA foreign_keys; PRAGMA foreign_keys`, -1, "more than one statement"},
		{`INSERT INTO row VALUES (?)`, -1, "0 arguments for a statement that takes 1"},
	} {
		err := c.run(tt.query)
		if tt.code == 0 {
			if err != nil {
				t.Fatalf("%s: %v", tt.query, err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), tt.words) {
			t.Errorf("%s: %v, want %q", tt.query, err, tt.words)
		}
		if e := (*Error)(nil); errors.As(err, &e) != (tt.code > 0) || e != nil && e.Code() != tt.code {
			t.Errorf("%s: %v, want code %d", tt.query, err, tt.code)
		}
	}
	if _, err := Open(filepath.Join(t.TempDir(), "no", "such", "folder")); err == nil {
		t.Error("a file in no folder was opened")
	}
}

func TestDeadSaysWhetherATransactionIsOpen(t *testing.T) {
	c := open(t)
	for _, step := range []struct {
		query string
		dead  bool
	}{{`BEGIN`, false}, {`SAVEPOINT x`, false}, {`ROLLBACK`, true}, {`BEGIN`, false}, {`COMMIT`, true}} {
		if err := c.run(step.query); err != nil {
			t.Fatal(err)
		}
		if c.Dead() != step.dead {
			t.Errorf("after %s dead is %v", step.query, c.Dead())
		}
	}
}

// The arguments of a query lie in the connection's memory until its rows are closed.
func TestNothingRunsWhileRowsAreOpen(t *testing.T) {
	c := open(t)
	q, err := c.Statement(`SELECT ?`)
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	other, err := c.Statement(`SELECT ?`)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	q.values = []any{"một"}
	rows, err := q.rows()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Run([]any{"hai"}); err == nil {
		t.Error("a second statement took the place of the arguments")
	}
	if _, err := c.Statement(`SELECT 1`); err == nil {
		t.Error("a statement was prepared over the arguments")
	}
	if err := rows.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := other.Run([]any{"hai"}); err != nil {
		t.Error(err)
	}
}

func TestTheEndOfAContextInterrupts(t *testing.T) {
	c := pool(t)
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	_, err := c.ExecContext(ctx, `INSERT INTO row (v) WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s) SELECT count(*) FROM s`)
	if err == nil || !strings.Contains(err.Error(), "interrupted") {
		t.Errorf("a statement without end: %v", err)
	}
	if _, err := c.ExecContext(context.Background(), `INSERT INTO row (v) VALUES (1)`); err != nil {
		t.Errorf("the connection afterwards: %v", err)
	}
}

// A small statement with the kinds of arguments that most have.
func BenchmarkRun(b *testing.B) {
	c := open(b)
	for _, q := range []string{`CREATE TABLE row (a TEXT PRIMARY KEY, b TEXT, c TEXT, d TEXT, e TEXT, f BIGINT) WITHOUT ROWID`, `BEGIN`} {
		if err := c.run(q); err != nil {
			b.Fatal(err)
		}
	}
	s, err := c.Statement(`INSERT INTO row VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	args := []any{"06e4a3vmg1o010506e4a3vmg1o", "so-noi-vu", "", "petition.raised", "2026-02-12T16:09:06.612Z", 7}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Run(args); err != nil {
			b.Fatal(err)
		}
	}
}
