package db

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync/atomic"
	"time"

	"lienthong/internal/fault"
)

// A DB is the store of one tenant. It is safe for use by many goroutines.
type DB struct {
	// Clock gives the instant of arrival when the context carries none.
	// Stories and tests set it before the first request.
	Clock func() time.Time
	// Tracer, when set, hears applied rules and recorded operations (stories).
	Tracer Tracer
	// Changed, when set, is called after a commit with the units that were touched.
	Changed func(units []string)
	// BeforeStatement, when set, is called before every statement. It is the hook of
	// lttest.Race, which holds one operation back while another runs; an office has none.
	BeforeStatement func(tx *Tx, query string)
	// Listen, when set, hears every statement of updates with its arguments as they are
	// stored. It is for the load measure, which writes the same rows again without checks.
	Listen func(query string, args []any)

	name   string
	lite   *lite
	pg     *postgres
	keep   memo
	recent recent // counts with what makes them stale
	same   same   // whole answers of one state of the store
	nums   numbers
	box    *Box // nil on PostgreSQL until SetBox
	limit  atomic.Int64
}

// UpdateLimit is how long one update may run before it is refused as fault.Busy, unless
// LimitUpdates says otherwise. It guards the writer against a closure that hangs; it is no
// promise to anyone.
const UpdateLimit = 10 * time.Second

// LimitUpdates sets how long updates that begin from now on may run: the setting store.update.
func (d *DB) LimitUpdates(to time.Duration) { d.limit.Store(int64(to)) }

// updateLimit is what holds now.
func (d *DB) updateLimit() time.Duration { return time.Duration(d.limit.Load()) }

// Open opens the store named by dsn: a postgres:// address, or a folder that holds
// (or will hold) lienthong.db. It does not migrate.
func Open(ctx context.Context, dsn string) (d *DB, err error) {
	defer fault.Wrap(&err, "open store")
	d = &DB{Clock: time.Now, name: dsn}
	d.LimitUpdates(UpdateLimit)
	if IsPostgres(dsn) {
		d.pg, err = openPostgres(ctx, dsn)
		return d, err
	}
	if err := os.MkdirAll(dsn, 0o750); err != nil {
		return nil, err
	}
	d.box = FileBox(dsn)
	d.lite, err = openLite(filepath.Join(dsn, "lienthong.db"))
	return d, err
}

// IsPostgres says whether dsn names a PostgreSQL server rather than a folder.
func IsPostgres(dsn string) bool {
	return strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://")
}

// Close waits for the running updates and closes the store.
func (d *DB) Close() error {
	if d.pg != nil {
		return d.pg.close()
	}
	return d.lite.close()
}

// Postgres says whether the store is PostgreSQL.
func (d *DB) Postgres() bool { return d.pg != nil }

// The instant of arrival stands under this key in a context.
type arrivalKey struct{}

// Arrived notes in ctx the instant at which a request reached this node; it becomes
// tx.Now, whatever time the transaction starts.
func Arrived(ctx context.Context, at time.Time) context.Context {
	return context.WithValue(ctx, arrivalKey{}, at)
}

// Now returns the instant of arrival that ctx carries, or the clock's.
// Instants are kept to the millisecond, as they are stored.
func (d *DB) Now(ctx context.Context) time.Time {
	if at, ok := ctx.Value(arrivalKey{}).(time.Time); ok {
		return at.Truncate(time.Millisecond)
	}
	return d.Clock().Truncate(time.Millisecond)
}

// View runs fn in one read-only snapshot.
func (d *DB) View(ctx context.Context, fn func(tx *Tx) error) error {
	tx := &Tx{Now: d.Now(ctx), db: d, tracer: d.Tracer, ctx: context.Background(), began: d.recent.number()}
	if d.pg != nil {
		return d.pg.view(ctx, tx, fn)
	}
	return d.lite.view(ctx, tx, fn)
}

// Update runs fn in one transaction and returns after the commit that holds it.
// fn may run more than once (after a conflict on PostgreSQL, or when a neighbour in
// the same group destroyed the transaction), so it sets its results afresh and
// touches nothing outside tx.
func (d *DB) Update(ctx context.Context, fn func(tx *Tx) error) error {
	return d.updateWithin(ctx, d.updateLimit(), fn)
}

// updateWithin is Update under another time limit: a migration may build an index
// over a million rows while nobody else works.
func (d *DB) updateWithin(ctx context.Context, limit time.Duration, fn func(tx *Tx) error) error {
	var tx *Tx
	now := d.Now(ctx)
	run := func(q querier) error {
		tx = &Tx{Now: now, db: d, q: q, writes: true, tracer: d.Tracer, ctx: context.Background(),
			deadline: time.Now().Add(limit)}
		return tx.run(fn)
	}
	var err error
	if d.pg != nil {
		err = d.pg.update(ctx, limit, run)
	} else {
		err = d.lite.update(ctx, run)
	}
	if err == nil && tx != nil {
		d.committed(tx)
	}
	return err
}

// run calls fn and the last steps; a panic becomes an error of no kind.
func (tx *Tx) run(fn func(tx *Tx) error) (err error) {
	defer func() {
		tx.q = nil // dead for whoever kept it
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in update: %v\n%s", p, stack())
		}
	}()
	if err := fn(tx); err != nil {
		return err
	}
	sort.Slice(tx.last, func(i, j int) bool { return tx.last[i].name < tx.last[j].name })
	for i := 0; i < len(tx.last); i++ { // a last step may not add another
		if err := tx.last[i].fn(); err != nil {
			return err
		}
	}
	if err := tx.Flush(); err != nil { // behind the last steps: they need not wait, and may record an event
		return err
	}
	if t, ok := tx.q.(*pgTx); ok {
		// what is put last goes out with the commit; each is announced as any statement is
		for _, p := range tx.puts {
			if err := tx.ready(true, p.query); err != nil {
				return err
			}
		}
		t.last, tx.puts = tx.puts, nil
	}
	return nil
}

// committed tells who asked to be told.
func (d *DB) committed(tx *Tx) {
	for _, fn := range tx.done {
		fn()
	}
	if len(tx.touched) > 0 {
		d.recent.touch(tx.touched)
	}
	if d.Changed != nil && len(tx.touched) > 0 {
		units := make([]string, 0, len(tx.touched))
		for u := range tx.touched {
			units = append(units, u)
		}
		sort.Strings(units)
		d.Changed(units)
	}
}
