package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"lienthong/internal/blob"
	"lienthong/internal/db"
	"lienthong/internal/fault"
)

// defaultData is where an office lives when nobody says otherwise.
const defaultData = "lienthong-data"

// An app is what commands share: where to print, which store, which clock.
type app struct {
	ctx           context.Context
	out, problems io.Writer        // answers, and what is said beside them
	dir, url      string           // the folder, or the address of PostgreSQL in its place
	bucket        string           // where files are kept; "" is a folder beside the data
	now           func() time.Time // tests set it
}

// Writes to the output of the command and not to os.Stdout: tests read what a command said.
func (a *app) printf(format string, args ...any) { fmt.Fprintf(a.out, format, args...) }

// folder is the data folder: bytes of files lie in it also when the rows are in PostgreSQL.
func (a *app) folder() string {
	if a.dir == "" {
		return defaultData
	}
	return a.dir
}

// The address of the store: a PostgreSQL when one is named, else the folder of SQLite.
func (a *app) dsn() string {
	if a.url != "" {
		return a.url
	}
	return a.folder()
}

// given says whether the command line names a store at all.
func (a *app) given() bool { return a.dir != "" || a.url != "" }

// empty says whether there is no office in the SQLite folder yet. A PostgreSQL
// database is asked by its schema instead.
func (a *app) empty() bool {
	if a.url != "" {
		return false
	}
	_, err := os.Stat(filepath.Join(a.folder(), "lienthong.db"))
	return errors.Is(err, os.ErrNotExist)
}

// connect opens the store whatever its schema.
func (a *app) connect() (*db.DB, error) {
	if a.url != "" && !db.IsPostgres(a.url) {
		return nil, fault.Field("--db", "Địa chỉ cơ sở dữ liệu phải bắt đầu bằng postgres://")
	}
	d, err := db.Open(a.ctx, a.dsn())
	if err != nil {
		return nil, err
	}
	d.Clock = a.now
	return d, a.box(d)
}

// keysVariable names the variable that gives each node the keys of secrets, where no file
// beside the data shall hold them.
const keysVariable = "LIENTHONG_KEYS"

// box gives the store its keys of secrets: those of the environment, else those of the
// file in the data folder. Nodes that share a PostgreSQL store share the keys.
func (a *app) box(d *db.DB) error {
	if text := os.Getenv(keysVariable); text != "" {
		b, err := db.GivenBox(text)
		if err != nil {
			return fault.Field(keysVariable, "Khoá phải là 32 byte viết bằng base64, nhiều khoá cách nhau bằng dấu phẩy.")
		}
		d.SetBox(b)
		return nil
	}
	d.SetBox(db.FileBox(a.folder()))
	return nil
}

// open opens an existing office whose schema is this program's; it never makes one.
func (a *app) open() (*db.DB, error) {
	if a.empty() {
		return nil, fault.Refuse(fault.NotFound, "Chưa có dữ liệu trong thư mục %q. Chạy 'lienthong migrate' để lập cơ quan mới, hoặc 'lienthong demo' để chạy thử.", a.folder())
	}
	d, err := a.connect()
	if err != nil {
		return nil, err
	}
	if err := d.SchemaReady(a.ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("%w: %w", fault.Refuse(fault.Conflict,
			"Dữ liệu chưa cùng bản với chương trình (%v). Sao lưu rồi chạy 'lienthong migrate', hoặc dùng bản chương trình mới hơn.", err), err), d.Close())
	}
	return d, nil
}

// office runs fn over an existing office and closes it.
func (a *app) office(fn func(d *db.DB) error) error {
	d, err := a.open()
	if err != nil {
		return err
	}
	return errors.Join(fn(d), d.Close())
}

// view runs fn in one snapshot of an existing office.
func (a *app) view(fn func(tx *db.Tx) error) error {
	return a.office(func(d *db.DB) error { return d.View(a.ctx, fn) })
}

// update runs fn in one transaction of an existing office.
func (a *app) update(fn func(tx *db.Tx) error) error {
	return a.office(func(d *db.DB) error { return d.Update(a.ctx, fn) })
}

// operator names the person at the command line in records: there is no session here.
func operator() string {
	if u := os.Getenv("SUDO_USER"); u != "" {
		return "cli:" + u
	}
	if u := os.Getenv("USER"); u != "" {
		return "cli:" + u
	}
	return "cli"
}

// node names this process among all that share the store.
func node() string {
	host, err := os.Hostname()
	if err != nil {
		host = "node"
	}
	return fmt.Sprintf("%s-%d", host, os.Getpid())
}

// files opens the store of bytes: the bucket that --files names, else the folder beside
// the database.
func (a *app) files() (*blob.Store, error) {
	if a.bucket != "" {
		return blob.Open(a.bucket)
	}
	return blob.Open(filepath.Join(a.folder(), blobsName))
}
