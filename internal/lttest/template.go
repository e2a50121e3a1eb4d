package lttest

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"lienthong/internal/db"
)

// A Template is a store that each test begins with a copy of. Migrating a store takes a
// second and filling a province two; a copy takes a tenth. It is made once a process for
// each database, when the first test asks for it.
type Template struct {
	name   string
	fill   func(t testing.TB, d *db.DB)
	folder once[map[string][]byte] // the files of the SQLite store
	server once[served]
}

// served is a template on the PostgreSQL server.
type served struct {
	database string            // that nobody is connected to any more
	keys     map[string][]byte // the folder of its keys of secrets
}

// NewTemplate returns the template of a store that is migrated and then filled, at Start.
// The name stands in its database's name; fill may be nil.
func NewTemplate(name string, fill func(t testing.TB, d *db.DB)) *Template {
	return &Template{name: name, fill: fill}
}

// EachDatabase runs fn on a copy of the template of each database.
func (m *Template) EachDatabase(t *testing.T, fn func(t *testing.T, d *db.DB, clock *Clock)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		d, clock := m.SQLite(t)
		fn(t, d, clock)
	})
	t.Run("postgres", func(t *testing.T) {
		d, clock := m.Postgres(t)
		fn(t, d, clock)
	})
}

// SQLite returns one copy of the SQLite template.
func (m *Template) SQLite(t testing.TB) (*db.DB, *Clock) {
	t.Helper()
	files := m.folder.get(t, func() map[string][]byte {
		dir := t.TempDir()
		m.make(t, dir, dir)
		return read(t, dir)
	})
	dir := t.TempDir()
	write(t, dir, files)
	return open(t, dir, dir)
}

// Postgres returns one copy of the PostgreSQL template.
func (m *Template) Postgres(t testing.TB) (*db.DB, *Clock) {
	t.Helper()
	from := m.server.get(t, func() served {
		dir, name := t.TempDir(), databaseName(t, m.name)
		execPostgres(t, PostgresServer(t), `CREATE DATABASE `+name)
		m.make(t, databaseURL(t, name), dir)
		return served{name, read(t, dir)}
	})
	keys, name := t.TempDir(), databaseName(t, "copy")
	write(t, keys, from.keys)
	// the files as they are: the log of the server stays short
	execPostgres(t, PostgresServer(t), `CREATE DATABASE `+name+` TEMPLATE `+from.database+` STRATEGY FILE_COPY`)
	t.Cleanup(func() { execPostgres(t, PostgresServer(t), `DROP DATABASE `+name) })
	return open(t, databaseURL(t, name), keys)
}

// make migrates and fills an empty store and closes it, so that it can be copied.
func (m *Template) make(t testing.TB, dsn, keys string) {
	t.Helper()
	d, err := connect(dsn, keys)
	if err != nil {
		t.Fatal(err)
	}
	d.Clock = func() time.Time { return Start }
	if _, err = d.Migrate(context.Background()); err == nil && m.fill != nil {
		m.fill(t, d)
	}
	if end := d.Close(); err != nil || end != nil {
		t.Fatal(err, end)
	}
}

// A store whose keys of secrets lie in a folder.
func connect(dsn, keys string) (*db.DB, error) {
	d, err := db.Open(context.Background(), dsn)
	if err == nil && d.Postgres() {
		d.SetBox(db.FileBox(keys))
	}
	if err == nil && Raced() { // ten thousand rows in one update take ten times as long there
		d.LimitUpdates(2 * time.Minute)
	}
	return d, err
}

// Opens a store with a clock that the test moves.
func open(t testing.TB, dsn, keys string) (*db.DB, *Clock) {
	t.Helper()
	d, err := connect(dsn, keys)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	clock := &Clock{now: Start}
	d.Clock = clock.Now
	return d, clock
}

// once keeps what the first test made. A test that fails while it makes leaves nothing, so
// that the next one fails for the same reason and says it.
type once[T any] struct {
	mu   sync.Mutex
	made bool
	is   T
}

func (o *once[T]) get(t testing.TB, make func() T) T {
	t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.made {
		o.is = make()
		o.made = true
	}
	return o.is
}

// Every file of a folder; a store that is closed lies in one.
func read(t testing.TB, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		files[path], err = os.ReadFile(filepath.Join(dir, path))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// Writes what read has read.
func write(t testing.TB, dir string, files map[string][]byte) {
	t.Helper()
	for path, content := range files {
		to := filepath.Join(dir, path)
		err := os.MkdirAll(filepath.Dir(to), 0o750)
		if err == nil {
			err = os.WriteFile(to, content, 0o600)
		}
		if err != nil {
			t.Fatal(fmt.Errorf("copy of the template: %w", err))
		}
	}
}
