package engine

import (
	"context"
	"database/sql/driver"
	"fmt"
	"unsafe"

	"modernc.org/libc"
	"modernc.org/sqlite/lib"
)

const pointerSize = unsafe.Sizeof(uintptr(0))

// pointer is the first pointer that the engine left in the memory of arguments.
func (c *Conn) pointer() uintptr { return c.pointerAt(0) }

// pointerAt is the nth of them.
func (c *Conn) pointerAt(n int) uintptr {
	return *(*uintptr)(unsafe.Pointer(&c.room[n*int(pointerSize)]))
}

// A Stmt is one prepared statement of a connection.
type Stmt struct {
	c      *Conn
	p      uintptr
	params int      // how many arguments it takes
	names  []string // of its columns; nil until they were asked for
	values []any    // of the arguments, as the engine stores them
}

// Close ends the statement.
func (s *Stmt) Close() error {
	rc := sqlite3.Xsqlite3_finalize(s.c.tls, s.p)
	s.p = 0
	if rc != sqlite3.SQLITE_OK {
		return s.c.fault(rc)
	}
	return nil
}

// NumInput implements driver.Stmt: more arguments than a statement takes are let pass.
func (s *Stmt) NumInput() int { return -1 }

// CheckNamedValue implements driver.NamedValueChecker: most arguments are what the engine
// stores already.
func (s *Stmt) CheckNamedValue(v *driver.NamedValue) (err error) {
	v.Value, err = stored(v.Value)
	return err
}

// stored brings a value into one of the kinds that the engine stores.
func stored(v any) (any, error) {
	switch v := v.(type) {
	case nil, string, []byte, int64, bool, float64:
		return v, nil
	case int:
		return int64(v), nil
	}
	return driver.DefaultParameterConverter.ConvertValue(v)
}

// Run runs the statement to its end, whatever rows it gives, and returns how many rows it
// changed.
func (s *Stmt) Run(args []any) (changed int64, err error) {
	s.values = s.values[:0]
	for _, a := range args {
		v, err := stored(a)
		if err != nil {
			return 0, err
		}
		s.values = append(s.values, v)
	}
	err = s.complete()
	clear(s.values)
	if err != nil {
		return 0, err
	}
	return int64(sqlite3.Xsqlite3_changes64(s.c.tls, s.c.db)), nil
}

// complete runs the statement with its values, past any rows.
func (s *Stmt) complete() error {
	if err := s.bind(); err != nil {
		return err
	}
	c := s.c
	rc := sqlite3.Xsqlite3_step(c.tls, s.p)
	for rc == sqlite3.SQLITE_ROW {
		rc = sqlite3.Xsqlite3_step(c.tls, s.p)
	}
	var err error
	if rc != sqlite3.SQLITE_DONE && s.p != 0 {
		err = c.fault(rc)
	}
	s.reset()
	return err
}

// reset makes the statement ready for its next run. Its result is that of the step before.
func (s *Stmt) reset() {
	sqlite3.Xsqlite3_reset(s.c.tls, s.p)
	s.c.busy = false
	if len(s.c.room) > smallRoom { // a long text is rare
		_ = s.c.grow(smallRoom) // without memory the next statement says so
	}
}

// bind writes the values behind each other and gives their places to the statement. The
// memory stays as it is until reset.
func (s *Stmt) bind() error {
	c := s.c
	if c.busy {
		return fmt.Errorf("a statement runs while the rows of another are open")
	}
	if len(s.values) < s.params {
		return fmt.Errorf("%d arguments for a statement that takes %d", len(s.values), s.params)
	}
	size := 0
	for _, v := range s.values[:s.params] {
		switch v := v.(type) {
		case string:
			size += len(v)
		case []byte:
			size += len(v)
		}
	}
	if size > len(c.room) {
		if err := c.grow(size); err != nil {
			return err
		}
	}
	at := 0
	for i, v := range s.values[:s.params] {
		rc, n := s.bindOne(int32(i+1), v, at)
		if rc != sqlite3.SQLITE_OK {
			return c.fault(rc)
		}
		at += n
	}
	c.busy = true
	return nil
}

// bindOne binds one value, whose bytes go to the place at, and says how many they are.
func (s *Stmt) bindOne(i int32, v any, at int) (rc int32, n int) {
	tls := s.c.tls
	switch v := v.(type) {
	case string:
		n = copy(s.c.room[at:], v)
		return sqlite3.Xsqlite3_bind_text(tls, s.p, i, s.c.mem+uintptr(at), int32(n), 0), n
	case []byte:
		if v == nil {
			return sqlite3.Xsqlite3_bind_null(tls, s.p, i), 0
		}
		if len(v) == 0 {
			return sqlite3.Xsqlite3_bind_zeroblob(tls, s.p, i, 0), 0
		}
		n = copy(s.c.room[at:], v)
		return sqlite3.Xsqlite3_bind_blob(tls, s.p, i, s.c.mem+uintptr(at), int32(n), 0), n
	case int64:
		return sqlite3.Xsqlite3_bind_int64(tls, s.p, i, v), 0
	case bool:
		var one int64
		if v {
			one = 1
		}
		return sqlite3.Xsqlite3_bind_int64(tls, s.p, i, one), 0
	case float64:
		return sqlite3.Xsqlite3_bind_double(tls, s.p, i, v), 0
	case nil:
		return sqlite3.Xsqlite3_bind_null(tls, s.p, i), 0
	}
	return sqlite3.SQLITE_MISMATCH, 0 // an instant: db has made a text of it
}

// Exec implements driver.Stmt.
func (s *Stmt) Exec(args []driver.Value) (driver.Result, error) {
	all := make([]any, len(args))
	for i, a := range args {
		all[i] = a
	}
	n, err := s.Run(all)
	return driver.RowsAffected(n), err
}

// ExecContext implements driver.StmtExecContext; the end of ctx interrupts the statement.
func (s *Stmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	if ctx.Done() != nil {
		defer s.c.interruptedBy(ctx)()
	}
	s.take(args)
	if err := s.complete(); err != nil {
		return nil, err
	}
	return driver.RowsAffected(sqlite3.Xsqlite3_changes64(s.c.tls, s.c.db)), nil
}

// interruptedBy lets the end of ctx interrupt what runs, until stop is called.
func (c *Conn) interruptedBy(ctx context.Context) (stop func()) {
	ended := make(chan struct{})
	keep := context.AfterFunc(ctx, func() {
		defer close(ended)
		tls := libc.NewTLS() // the connection's own is in use
		defer tls.Close()
		sqlite3.Xsqlite3_interrupt(tls, c.db)
	})
	return func() {
		if !keep() {
			<-ended
		}
	}
}

// take keeps the arguments that database/sql gives.
func (s *Stmt) take(args []driver.NamedValue) {
	s.values = s.values[:0]
	for _, a := range args {
		s.values = append(s.values, a.Value)
	}
}
