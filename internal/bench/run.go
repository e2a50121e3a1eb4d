package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
)

// A Config says what to measure.
type Config struct {
	Cases   []int                            // sizes of the office, rising
	Clients []int                            // side by side
	Length  time.Duration                    // of each load
	Dir     string                           // an empty folder for the measured offices
	DB      string                           // an empty PostgreSQL database; "" measures SQLite in Dir
	BareDB  string                           // a second empty one for the bare rows; needed with DB
	Serve   []string                         // the program's command line without its store: {"lienthong", "serve", "--addr", "127.0.0.1:0"}
	Only    string                           // loads whose name begins so; "" for all
	Tasks   int                              // assignments of the tracker, for W5; 0 leaves it out
	Say     func(format string, args ...any) // nil says nothing
}

// A Result is one workload at one size with one number of clients.
type Result struct {
	Cases    int    `json:"cases"`
	Workload string `json:"workload"`
	Clients  int    `json:"clients"` // at the same time
	Rate
	Ratio float64 `json:"ratio_to_bare_rows,omitempty"` // of lifecycles
}

// A Report is what a run measured.
type Report struct {
	At       time.Time `json:"at"`
	Database string    `json:"database"`
	Results  []Result  `json:"results"`
	Sizes    []Size    `json:"sizes"`
}

// A Size is what an office of so many cases takes.
type Size struct {
	Cases     int           `json:"cases"`
	Load      time.Duration `json:"load_ns"` // to fill it
	StoreMB   int           `json:"store_mb"`
	Start     time.Duration `json:"start_ns"`   // until the first answer
	IdleMB    int           `json:"idle_mb"`    // resident, before the first request
	HighestMB int           `json:"highest_mb"` // resident, at the most
}

// The store that is measured.
func (c *Config) dsn() string {
	if c.DB != "" {
		return c.DB
	}
	return filepath.Join(c.Dir, "office")
}

// The bare store beside it.
func (c *Config) bareDSN() string {
	if c.DB != "" {
		return c.BareDB
	}
	return filepath.Join(c.Dir, "bare")
}

// open opens a store with keys of secrets: on PostgreSQL those lie where the served
// program looks for them.
func (c *Config) open(ctx context.Context, dsn string) (*db.DB, error) {
	d, err := db.Open(ctx, dsn)
	if err == nil && c.DB != "" {
		d.SetBox(db.FileBox(filepath.Join(c.Dir, "files")))
	}
	return d, err
}

// Run measures every size: it loads the office, starts the program on it, drives the
// loads over HTTP, stops it, and writes the bare rows with the same numbers of clients.
func Run(ctx context.Context, c Config) (r *Report, err error) {
	defer fault.Wrap(&err, "bench")
	if err := os.MkdirAll(c.Dir, 0o750); err != nil {
		return nil, err
	}
	r = &Report{At: time.Now(), Database: "sqlite"}
	if c.DB != "" {
		r.Database = "postgres"
	}
	for _, n := range c.Cases {
		if err := c.size(ctx, r, n); err != nil {
			return r, err
		}
	}
	return r, nil
}

// size measures one size of the office.
func (c *Config) size(ctx context.Context, r *Report, n int) error {
	d, err := c.open(ctx, c.dsn())
	if err != nil {
		return err
	}
	size := Size{Cases: n}
	o, tokens, err := c.load(ctx, d, &size)
	if err == nil {
		var results []Result
		results, err = c.drive(ctx, d, o, newFace("", tokens), &size)
		r.Results = append(r.Results, results...)
	}
	r.Sizes = append(r.Sizes, size)
	if err = errors.Join(err, d.Close()); err != nil {
		return err
	}
	if !strings.HasPrefix("W1", c.Only) && !strings.HasPrefix(c.Only, "W1") {
		return nil // bare rows stand beside lifecycles only
	}
	return c.compare(ctx, r, n)
}

// Loads one size of office and says what it took.
func (c *Config) load(ctx context.Context, d *db.DB, size *Size) (o *Office, tokens map[org.OfficerID]string, err error) {
	began := time.Now()
	if o, err = Prepare(ctx, d); err != nil {
		return nil, nil, err
	}
	c.Say("%d cases: loading", size.Cases)
	if err = Load(ctx, d, o, size.Cases, c.Say); err != nil {
		return nil, nil, err
	}
	if c.Tasks > 0 {
		c.Say("%d assignments: loading", c.Tasks)
		if o.Follower, err = LoadAssignments(ctx, d, c.Tasks); err != nil {
			return nil, nil, err
		}
	}
	size.Load = time.Since(began)
	if err = Check(ctx, d); err != nil && c.Tasks == 0 { // rows of W5 passed the operations by
		return nil, nil, err
	}
	if size.StoreMB, err = storeMB(ctx, d, c.dsn()); err != nil {
		return nil, nil, err
	}
	tokens, err = doors(ctx, d, o)
	return o, tokens, err
}

// drive starts the program and runs the loads against it.
func (c *Config) drive(ctx context.Context, d *db.DB, o *Office, f *face, size *Size) (all []Result, err error) {
	store := []string{"--data", c.dsn()}
	if c.DB != "" {
		store = []string{"--db", c.DB, "--data", filepath.Join(c.Dir, "files")}
	}
	s, err := serve(ctx, append(append([]string{}, c.Serve...), store...), filepath.Join(c.Dir, "server.log"))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	f.url, size.Start = s.url, s.start
	time.Sleep(time.Second)
	size.IdleMB, _ = s.memory()
	if err := f.signIn(ctx); err != nil {
		return nil, err
	}
	loads := f.workloads(o)
	if o.Follower.Officer != "" {
		loads = append(loads, f.trackerLoads(o.Follower.Officer)...)
	}
	if len(o.Issuers) > 0 {
		loads = append(loads, f.sixtyLoad(o))
	}
	for _, load := range loads {
		if !strings.HasPrefix(load.name, c.Only) {
			continue
		}
		for _, clients := range c.Clients {
			rate, err := c.one(ctx, d, s, load, clients)
			if err != nil {
				return all, fmt.Errorf("%s: %w", load.name, err)
			}
			c.Say("  %-18s %2d clients %8.0f/s  p50 %s p99 %s  processors %s server, %s client", load.name, clients, rate.PerSec, rate.P50, rate.P99,
				rate.ServerCPU, rate.ClientCPU)
			all = append(all, Result{Cases: size.Cases, Workload: load.name, Clients: clients, Rate: rate})
		}
	}
	_, size.HighestMB = s.memory()
	return all, nil
}

// one runs one load; its time ends when log, figures and index hold what it wrote.
func (c *Config) one(ctx context.Context, d *db.DB, s *server, load workload, clients int) (Rate, error) {
	watches := make([]*stopwatch, clients)
	served, driven := s.cpu(), cpu()
	n, wall, err := crowd(ctx, clients, c.Length, func(ctx context.Context, client int, more func() bool) (n int, err error) {
		w, s := newWriter(uint64(time.Now().UnixNano())+uint64(client)), new(stopwatch)
		watches[client] = s
		for more() {
			if err := load.one(ctx, w, s); err != nil {
				return n, err
			}
			n++
		}
		return n, nil
	})
	var late time.Duration
	if err == nil {
		late, err = caughtUp(ctx, d)
	}
	r := rate(n, wall+late, watches...)
	r.Behind = late
	if n > 0 {
		r.ServerCPU, r.ClientCPU = (s.cpu()-served)/time.Duration(n), (cpu()-driven)/time.Duration(n)
	}
	return r, err
}

// compare writes the bare rows of the same lifecycles into a store of their own.
func (c *Config) compare(ctx context.Context, r *Report, n int) error {
	d, err := c.open(ctx, c.bareDSN())
	if err != nil {
		return err
	}
	o, err := Prepare(ctx, d)
	for _, clients := range c.Clients {
		if err != nil {
			break
		}
		var bare Rate
		if bare, err = Bare(ctx, d, o, clients, c.Length); err != nil {
			break
		}
		c.Say("  %-14s %2d clients %8.0f/s  p50 %s p99 %s", "bare rows", clients, bare.PerSec, bare.P50, bare.P99)
		r.Results = append(r.Results, Result{Cases: n, Workload: "bare rows", Clients: clients, Rate: bare})
		for i := range r.Results {
			x := &r.Results[i]
			if x.Cases == n && x.Clients == clients && x.Workload == "W1 lifecycle" {
				x.Ratio = x.PerSec / bare.PerSec
			}
		}
	}
	return errors.Join(err, d.Close())
}

// storeMB is what the store takes on the disk.
func storeMB(ctx context.Context, d *db.DB, dsn string) (mb int, err error) {
	if !d.Postgres() {
		info, err := os.Stat(filepath.Join(dsn, "lienthong.db"))
		if err != nil {
			return 0, err
		}
		return int(info.Size() >> 20), nil
	}
	var bytes int64
	err = d.View(ctx, func(tx *db.Tx) error {
		return tx.One(`SELECT CAST(coalesce(sum(pg_total_relation_size(c.oid)), 0) AS BIGINT) FROM pg_class c
			WHERE c.relkind = 'r' AND c.relnamespace = CAST(current_schema() AS regnamespace)`, nil, &bytes)
	})
	return int(bytes >> 20), err
}
