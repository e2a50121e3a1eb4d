package engine

import (
	"context"
	"database/sql/driver"
	"fmt"
	"io"

	"modernc.org/libc"
	"modernc.org/sqlite/lib"
)

// Query implements driver.Stmt.
func (s *Stmt) Query(args []driver.Value) (driver.Rows, error) {
	s.values = s.values[:0]
	for _, a := range args {
		s.values = append(s.values, a)
	}
	return s.rows()
}

// QueryContext implements driver.StmtQueryContext. A query is not interrupted: views end
// by their own bounds.
func (s *Stmt) QueryContext(_ context.Context, args []driver.NamedValue) (driver.Rows, error) {
	s.take(args)
	return s.rows()
}

// rows begins to read.
func (s *Stmt) rows() (driver.Rows, error) {
	err := s.bind()
	clear(s.values)
	if err != nil {
		return nil, err
	}
	// the first row is sought before columns are asked for: only then is a statement brought up
	// to a table that has changed
	return &rows{s, sqlite3.Xsqlite3_step(s.c.tls, s.p), false}, nil
}

// rows are the answer of a query, read row by row.
type rows struct {
	s     *Stmt
	first int32 // what the first step said
	begun bool  // it was read
}

// Columns implements driver.Rows.
func (r *rows) Columns() []string {
	s := r.s
	n := int(sqlite3.Xsqlite3_column_count(s.c.tls, s.p))
	if len(s.names) != n {
		s.names = make([]string, n)
		for i := range s.names {
			s.names[i] = libc.GoString(sqlite3.Xsqlite3_column_name(s.c.tls, s.p, int32(i)))
		}
	}
	return s.names
}

// Close implements driver.Rows.
func (r *rows) Close() error {
	r.s.reset()
	return nil
}

// Next implements driver.Rows. Texts and bytes are copies, which the caller may keep.
func (r *rows) Next(dest []driver.Value) error {
	s := r.s
	rc := r.first
	if r.begun {
		rc = sqlite3.Xsqlite3_step(s.c.tls, s.p)
	}
	r.begun = true
	switch rc {
	case sqlite3.SQLITE_ROW:
	case sqlite3.SQLITE_DONE:
		return io.EOF
	default:
		return s.c.fault(rc)
	}
	for i := range dest {
		if err := s.column(int32(i), &dest[i]); err != nil {
			return err
		}
	}
	return nil
}

// column reads one value of the row.
func (s *Stmt) column(i int32, dest *driver.Value) error {
	tls := s.c.tls
	switch kind := sqlite3.Xsqlite3_column_type(tls, s.p, i); kind {
	case sqlite3.SQLITE_INTEGER:
		*dest = int64(sqlite3.Xsqlite3_column_int64(tls, s.p, i))
	case sqlite3.SQLITE_FLOAT:
		*dest = sqlite3.Xsqlite3_column_double(tls, s.p, i)
	case sqlite3.SQLITE_NULL:
		*dest = nil
	case sqlite3.SQLITE_TEXT:
		p := sqlite3.Xsqlite3_column_text(tls, s.p, i)
		*dest = string(libc.GoBytes(p, int(sqlite3.Xsqlite3_column_bytes(tls, s.p, i))))
	case sqlite3.SQLITE_BLOB:
		p := sqlite3.Xsqlite3_column_blob(tls, s.p, i)
		n := int(sqlite3.Xsqlite3_column_bytes(tls, s.p, i))
		if n == 0 {
			*dest = []byte(nil)
			return nil
		}
		*dest = append([]byte(nil), libc.GoBytes(p, n)...)
	default:
		return fmt.Errorf("column %d is of the unknown kind %d", i, kind)
	}
	return nil
}
