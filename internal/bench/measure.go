package bench

import (
	"context"
	"slices"
	"sync"
	"syscall"
	"time"
)

// A Rate is what one load did: how many a second and how long one took.
type Rate struct {
	N       int           `json:"n"` // acts that were timed
	Seconds float64       `json:"seconds"`
	PerSec  float64       `json:"per_second"`
	P50     time.Duration `json:"p50_ns"`
	P99     time.Duration `json:"p99_ns"`
	Max     time.Duration `json:"max_ns"`
	Behind  time.Duration `json:"behind_ns"` // of Seconds: waiting for log, figures and index at the end

	// processor time of one act, over HTTP: what neighbours on the machine change least
	ServerCPU time.Duration `json:"server_cpu_ns,omitempty"`
	ClientCPU time.Duration `json:"client_cpu_ns,omitempty"` // of who drives the load, on the same cores
}

// A stopwatch collects the durations of one client.
type stopwatch struct{ took []time.Duration }

// One measured act.
func (s *stopwatch) time(do func() error) error {
	began := time.Now()
	err := do()
	s.took = append(s.took, time.Since(began))
	return err
}

// rate sums up what all clients took; n is how many things were done in wall.
func rate(n int, wall time.Duration, watches ...*stopwatch) Rate {
	var all []time.Duration
	for _, w := range watches {
		all = append(all, w.took...)
	}
	slices.Sort(all)
	r := Rate{N: n, Seconds: wall.Seconds(), PerSec: float64(n) / wall.Seconds()}
	if len(all) > 0 {
		r.P50, r.P99, r.Max = all[len(all)/2], all[len(all)*99/100], all[len(all)-1]
	}
	return r
}

// crowd runs clients side by side until the time is over, each with its own number, and
// waits for all. A client returns how many things it did; the first error ends the run.
func crowd(ctx context.Context, clients int, length time.Duration, one func(ctx context.Context, client int, more func() bool) (int, error)) (n int, wall time.Duration, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	began := time.Now()
	more := func() bool { return ctx.Err() == nil && time.Since(began) < length }
	var mu sync.Mutex
	var all sync.WaitGroup
	for c := range clients {
		all.Go(func() {
			k, e := one(ctx, c, more)
			mu.Lock()
			defer mu.Unlock()
			n += k
			if e != nil && err == nil {
				err = e
				cancel()
			}
		})
	}
	all.Wait()
	return n, time.Since(began), err
}

// cpu is how much time of processors this process has used: on a busy machine it says
// more than the clock.
func cpu() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
