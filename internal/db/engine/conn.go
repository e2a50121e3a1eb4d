// Package engine speaks to SQLite, translated to Go, with nothing between.
//
// The driver that comes with the translation looks up the name and the declared type of
// every column at every query, takes a mutex at every call, and asks for memory for every
// argument: half of what a small statement costs (decision 0041). Here a connection is used by one
// goroutine at a time, the names of columns are looked up once a statement, and arguments
// are written behind each other into one piece of memory of the connection.
//
// Only package db imports it. database/sql reads through it (Connector); what writes runs a
// Stmt directly.
package engine

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"

	"modernc.org/libc"
	"modernc.org/sqlite/lib"
)

// An Error is what the engine answers; its words end with the code, "… (2067)".
type Error struct {
	code int
	say  string
}

// Error returns the engine's words.
func (e *Error) Error() string { return e.say }

// Code returns the extended result code: its low byte is the kind.
func (e *Error) Code() int { return e.code }

// A Conn is one connection. It is used by one goroutine at a time.
type Conn struct {
	tls  *libc.TLS
	db   uintptr // the engine's handle
	mem  uintptr // where arguments lie
	room []byte  // the same memory
	busy bool    // a query that is still read has its arguments there
}

// smallRoom is how many bytes of arguments a connection keeps memory for.
const smallRoom = 64 << 10

// Open opens or makes the file and runs the pragmas on it, in their order.
func Open(file string, pragmas ...string) (c *Conn, err error) {
	c = &Conn{tls: libc.NewTLS()}
	if err = c.open(file); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	for _, p := range pragmas {
		if err = c.run("PRAGMA " + p); err != nil {
			return nil, errors.Join(err, c.Close())
		}
	}
	return c, nil
}

func (c *Conn) open(file string) error {
	if err := c.grow(smallRoom); err != nil {
		return err
	}
	name, err := libc.CString(file)
	if err != nil {
		return err
	}
	defer libc.Xfree(c.tls, name)
	rc := sqlite3.Xsqlite3_open_v2(c.tls, name, c.mem, sqlite3.SQLITE_OPEN_READWRITE|sqlite3.SQLITE_OPEN_CREATE|sqlite3.SQLITE_OPEN_NOMUTEX, 0)
	c.db = c.pointer() // there even when opening failed, to be closed
	if rc != sqlite3.SQLITE_OK {
		return c.fault(rc)
	}
	if rc := sqlite3.Xsqlite3_extended_result_codes(c.tls, c.db, 1); rc != sqlite3.SQLITE_OK {
		return c.fault(rc)
	}
	return nil
}

// run runs one statement once.
func (c *Conn) run(query string) error {
	s, err := c.Statement(query)
	if err != nil {
		return err
	}
	_, err = s.Run(nil)
	return errors.Join(err, s.Close())
}

// Dead says whether no transaction is open: the one that was begun has ended, by a
// statement or because the engine gave it up.
func (c *Conn) Dead() bool { return sqlite3.Xsqlite3_get_autocommit(c.tls, c.db) != 0 }

// Close closes the connection. Its statements end before it.
func (c *Conn) Close() (err error) {
	if rc := sqlite3.Xsqlite3_close_v2(c.tls, c.db); rc != sqlite3.SQLITE_OK {
		err = c.fault(rc)
	}
	c.db = 0
	sqlite3.Xsqlite3_free(c.tls, c.mem)
	c.mem, c.room = 0, nil
	c.tls.Close()
	return err
}

// grow gives the arguments memory of n bytes.
func (c *Conn) grow(n int) error {
	sqlite3.Xsqlite3_free(c.tls, c.mem)
	c.mem = sqlite3.Xsqlite3_malloc64(c.tls, sqlite3.Tsqlite3_uint64(n))
	if c.mem == 0 {
		c.room = nil
		return &Error{sqlite3.SQLITE_NOMEM, "out of memory (7)"}
	}
	c.room = libc.GoBytes(c.mem, n)
	return nil
}

// fault makes an error of a result code, with the engine's words for what just happened.
func (c *Conn) fault(rc int32) error {
	e := &Error{int(rc), libc.GoString(sqlite3.Xsqlite3_errstr(c.tls, rc))}
	if c.db != 0 {
		if more := libc.GoString(sqlite3.Xsqlite3_errmsg(c.tls, c.db)); more != e.say {
			e.say += ": " + more
		}
	}
	e.say = fmt.Sprintf("%s (%d)", e.say, rc)
	return e
}

// Prepare implements driver.Conn.
func (c *Conn) Prepare(query string) (driver.Stmt, error) { return c.Statement(query) }

// Begin implements driver.Conn: transactions are statements here.
func (c *Conn) Begin() (driver.Tx, error) {
	return nil, errors.New("transactions are begun by statements")
}

// A Connector opens connections for database/sql.
type Connector struct {
	File    string
	Pragmas []string // "busy_timeout(10000)", run on each connection
}

// Connect implements driver.Connector.
func (k Connector) Connect(context.Context) (driver.Conn, error) { return Open(k.File, k.Pragmas...) }

// Driver implements driver.Connector.
func (k Connector) Driver() driver.Driver { return files{} }

// files opens a file by its name alone.
type files struct{}

// Open implements driver.Driver.
func (files) Open(name string) (driver.Conn, error) { return Open(name) }

// Statement prepares one statement, to be run many times.
func (c *Conn) Statement(query string) (*Stmt, error) {
	text, err := libc.CString(query)
	if err != nil {
		return nil, err
	}
	defer libc.Xfree(c.tls, text)
	// the two answers lie behind each other where arguments do: nothing is bound now
	if c.busy {
		return nil, errors.New("a statement is prepared while the rows of another are open")
	}
	tail := c.mem + pointerSize
	rc := sqlite3.Xsqlite3_prepare_v3(c.tls, c.db, text, int32(len(query)), sqlite3.SQLITE_PREPARE_PERSISTENT, c.mem, tail)
	if rc != sqlite3.SQLITE_OK {
		return nil, c.fault(rc)
	}
	s := &Stmt{c: c, p: c.pointer()}
	if rest := query[c.pointerAt(1)-text:]; strings.TrimSpace(rest) != "" {
		return nil, errors.Join(fmt.Errorf("more than one statement: %.60s", rest), s.Close())
	}
	s.params = int(sqlite3.Xsqlite3_bind_parameter_count(c.tls, s.p))
	return s, nil
}
