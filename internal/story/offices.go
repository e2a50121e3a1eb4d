package story

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"

	"lienthong/internal/audit"
	"lienthong/internal/db"
)

// Offices gives each story its own fresh office. Seeding a province takes longer than
// most stories, so it is done once for each database and copied.
type Offices struct {
	p      *Program
	folder string // of the SQLite template
	server string // a PostgreSQL server on which databases may be made; "" none
	name   string // of the PostgreSQL template
	count  atomic.Int64
}

// NewOffices seeds the templates: on SQLite in dir, and on the PostgreSQL server when
// its address is given. Close drops what it made there.
func NewOffices(ctx context.Context, p *Program, dir, server string) (*Offices, error) {
	o := &Offices{p: p, folder: filepath.Join(dir, "template"), server: server}
	if err := o.seed(ctx, o.folder); err != nil || server == "" {
		return o, err
	}
	o.name = fmt.Sprintf("story_%d_%s", os.Getpid(), db.NewSecret()[:6])
	if err := o.make(ctx, o.name, ""); err != nil {
		return o, err
	}
	return o, o.seed(ctx, o.address(o.name))
}

// Close drops the PostgreSQL template.
func (o *Offices) Close(ctx context.Context) error {
	if o.name == "" {
		return nil
	}
	return o.on(ctx, `DROP DATABASE IF EXISTS `+o.name)
}

// seed makes an office on the first day of PT06: units, people, calendar, profile.
func (o *Offices) seed(ctx context.Context, dsn string) error {
	d, err := o.open(ctx, dsn)
	if err != nil {
		return err
	}
	d.Clock = func() time.Time { return start }
	return errors.Join(o.fill(ctx, d), d.Close())
}

// open opens a store. One on a server has its keys of secrets in the template's folder: a
// copy of the database was sealed under them.
func (o *Offices) open(ctx context.Context, dsn string) (*db.DB, error) {
	d, err := db.Open(ctx, dsn)
	if err == nil && db.IsPostgres(dsn) {
		d.SetBox(db.FileBox(o.folder))
	}
	return d, err
}

// Fills a template database once: a story then starts on a copy of it, which takes a hundredth of the
// time.
func (o *Offices) fill(ctx context.Context, d *db.DB) error {
	if _, err := d.Migrate(ctx); err != nil {
		return err
	}
	if _, err := audit.Prepare(ctx, d); err != nil {
		return err
	}
	if err := o.p.Seed(ctx, d); err != nil {
		return err
	}
	rb, err := o.p.Compile(profile)
	if err != nil {
		return err
	}
	return d.Update(ctx, func(tx *db.Tx) error { return o.p.Adopt(tx, rb) })
}

// An Office is one story's own store, by its address.
type Office struct {
	DB   *db.DB
	DSN  string
	Keys string // the folder of its keys of secrets
	open func(ctx context.Context, dsn string) (*db.DB, error)
	drop func() error
}

// Restart closes the store and opens it again, as a program that starts anew does.
func (f *Office) Restart(ctx context.Context) error {
	clock, tracer := f.DB.Clock, f.DB.Tracer
	if err := f.DB.Close(); err != nil {
		return err
	}
	d, err := f.open(ctx, f.DSN)
	if err != nil {
		return err
	}
	f.DB, d.Clock, d.Tracer = d, clock, tracer
	return d.SchemaReady(ctx)
}

// Close closes the store and drops it.
func (f *Office) Close() error { return errors.Join(f.DB.Close(), f.drop()) }

// SQLite copies the template into a new folder under dir and opens it.
func (o *Offices) SQLite(ctx context.Context, dir string) (*Office, error) {
	folder := filepath.Join(dir, fmt.Sprintf("office%d", o.count.Add(1)))
	if err := os.CopyFS(folder, os.DirFS(o.folder)); err != nil {
		return nil, err
	}
	d, err := o.open(ctx, folder)
	return &Office{DB: d, DSN: folder, Keys: folder, open: o.open, drop: func() error { return os.RemoveAll(folder) }}, err
}

// Postgres copies the template into a new database and opens it.
func (o *Offices) Postgres(ctx context.Context) (*Office, error) { return o.postgres(ctx, o.name) }

// Empty makes a new PostgreSQL database with nothing in it.
func (o *Offices) Empty(ctx context.Context) (*Office, error) { return o.postgres(ctx, "") }

// A database of its own on the shared server, dropped when the story ends.
func (o *Offices) postgres(ctx context.Context, template string) (*Office, error) {
	name := fmt.Sprintf("%s_%d", o.name, o.count.Add(1))
	if err := o.make(ctx, name, template); err != nil {
		return nil, err
	}
	d, err := o.open(ctx, o.address(name))
	return &Office{DB: d, DSN: o.address(name), Keys: o.folder, open: o.open, drop: func() error { return o.on(ctx, `DROP DATABASE `+name) }}, err
}

// FILE_COPY, because the template is small and nobody is connected to it: the log of the server stays
// short.
func (o *Offices) make(ctx context.Context, name, template string) error {
	query := `CREATE DATABASE ` + name
	if template != "" {
		query += ` TEMPLATE ` + template + ` STRATEGY FILE_COPY`
	}
	return o.on(ctx, query)
}

// address is the server's address with another database.
func (o *Offices) address(name string) string {
	u, err := url.Parse(o.server)
	if err != nil {
		return o.server
	}
	u.Path = "/" + name
	return u.String()
}

// Speaks to the server outside any office: databases are made and dropped here and nowhere else.
func (o *Offices) on(ctx context.Context, query string) error {
	pool, err := sql.Open("pgx", o.server)
	if err == nil {
		_, err = pool.ExecContext(ctx, query)
		err = errors.Join(err, pool.Close())
	}
	if err != nil {
		return fmt.Errorf("%s: %w", query, err)
	}
	return nil
}
