package api

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"lienthong/internal/audit"
	"lienthong/internal/db"
	"lienthong/internal/job"
	"lienthong/internal/outbox"
)

// meters count what a node does, for Prometheus. They hold numbers and names of
// routes, never ids. The text format is a page long; the usual library brings a dozen
// modules for it.
type meters struct {
	s   *Server
	all []*meter // in the order of the routes
}

// bounds are the upper ends of the classes of answering times.
var bounds = []time.Duration{time.Millisecond, 2500 * time.Microsecond, 5 * time.Millisecond, 10 * time.Millisecond, 25 * time.Millisecond,
	50 * time.Millisecond, 100 * time.Millisecond, 250 * time.Millisecond, time.Second, 5 * time.Second}

// A meter counts one route.
type meter struct {
	rt     *route
	status [600]atomic.Int64 // answers by status
	took   []atomic.Int64    // answers by class of time, the last for longer ones
	total  atomic.Int64      // nanoseconds
}

// Meters are registered while the routes are made and never after; reading them needs no lock.
func newMeters(s *Server) *meters { return &meters{s: s} }

// The meter of a route, one bucket for each bound and one for what is longer than all.
func (m *meters) of(rt *route) *meter {
	x := &meter{rt: rt, took: make([]atomic.Int64, len(bounds)+1)}
	m.all = append(m.all, x)
	return x
}

// seen counts one answer.
func (x *meter) seen(status int, took time.Duration) {
	x.status[min(max(status, 0), len(x.status)-1)].Add(1)
	class := 0
	for class < len(bounds) && took > bounds[class] {
		class++
	}
	x.took[class].Add(1)
	x.total.Add(int64(took))
}

// write gives every number in the text format of Prometheus.
func (m *meters) write(ctx context.Context, w io.Writer) {
	fmt.Fprint(w, "# HELP lienthong_requests_total Requests of the JSON face by route and status.\n# TYPE lienthong_requests_total counter\n")
	for _, x := range m.all {
		for status := range x.status {
			if n := x.status[status].Load(); n > 0 {
				fmt.Fprintf(w, "lienthong_requests_total{method=%q,route=%q,status=\"%d\"} %d\n", x.rt.method, x.rt.path, status, n)
			}
		}
	}
	fmt.Fprint(w, "# HELP lienthong_request_seconds Time to answer, by route.\n# TYPE lienthong_request_seconds histogram\n")
	for _, x := range m.all {
		x.writeTimes(w)
	}
	m.gauges(ctx, func(name, help string, v float64) {
		kind := "gauge"
		if strings.HasSuffix(name, "_total") {
			kind = "counter"
		}
		fmt.Fprintf(w, "# HELP lienthong_%s %s\n# TYPE lienthong_%s %s\nlienthong_%s %g\n", name, help, name, kind, name, v)
	})
}

// writeTimes gives the classes of times, each with those below it, as the format wants.
func (x *meter) writeTimes(w io.Writer) {
	sum := int64(0)
	for i := range x.took {
		sum += x.took[i].Load()
	}
	if sum == 0 {
		return
	}
	labels := fmt.Sprintf("method=%q,route=%q", x.rt.method, x.rt.path)
	n := int64(0)
	for i, b := range bounds {
		n += x.took[i].Load()
		fmt.Fprintf(w, "lienthong_request_seconds_bucket{%s,le=\"%g\"} %d\n", labels, b.Seconds(), n)
	}
	fmt.Fprintf(w, "lienthong_request_seconds_bucket{%s,le=\"+Inf\"} %d\n", labels, sum)
	fmt.Fprintf(w, "lienthong_request_seconds_sum{%s} %g\nlienthong_request_seconds_count{%s} %d\n",
		labels, time.Duration(x.total.Load()).Seconds(), labels, sum)
}

// lookTime bounds one look at the store.
const lookTime = 5 * time.Second

// What is measured at the moment of asking, beside the counters: memory, the writer's holds, what
// waits for its place in the log or for its way out, duties that nothing would move.
func (m *meters) gauges(ctx context.Context, put func(name, help string, v float64)) {
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	put("goroutines", "Goroutines that live.", float64(runtime.NumGoroutine()))
	put("heap_bytes", "Bytes of living and not yet collected objects.", float64(mem.HeapAlloc))
	put("memory_bytes", "Bytes taken from the system.", float64(mem.Sys))
	n, over, worst := m.s.DB.WriterHolds()
	put("writer_updates_total", "Updates that the one writer ran (SQLite).", float64(n))
	put("writer_held_long_total", "Updates that held the writer for more than 20 ms.", float64(over))
	put("writer_held_worst_seconds", "The longest an update held the writer.", worst.Seconds())
	ctx, stop := context.WithTimeout(ctx, lookTime)
	defer stop()
	err := m.s.DB.View(ctx, func(tx *db.Tx) error { return waiting(tx, put) })
	if err == nil {
		o, bad := m.s.ready.orphans(ctx, m.s)
		err = bad
		put("duties_orphaned", "Running duties that nothing would ever move; must be zero.", float64(o.NoOwner+o.NoDue+o.NoNext))
	}
	up := 1.0
	if err != nil {
		up = 0
		m.s.Log.Warn("metrics", "err", err)
	}
	put("store_up", "Whether the store answered this look.", up)
}

// waiting is what lies in the store and waits.
func waiting(tx *db.Tx, put func(name, help string, v float64)) error {
	pending, oldest, err := audit.Pending(tx)
	if err != nil {
		return err
	}
	put("leaves_pending", "Entries that wait for their position in the log.", float64(pending))
	waits := 0.0
	if !oldest.IsZero() {
		waits = max(0, tx.Now.Sub(oldest).Seconds())
	}
	put("leaves_oldest_seconds", "How long the oldest of them waits; more than 10 is an alarm.", waits)
	mail, err := outbox.Count(tx)
	if err != nil {
		return err
	}
	put("outbox_waiting", "Messages to be handed over.", float64(mail.Waiting))
	put("outbox_dead", "Dead letters.", float64(mail.Dead))
	open, failed, err := job.Count(tx)
	put("jobs_open", "Jobs with steps left.", float64(open))
	put("jobs_failed", "Jobs that stopped at a refused step.", float64(failed))
	return err
}
