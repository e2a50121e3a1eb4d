package audit_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"lienthong/internal/audit"
	"lienthong/internal/db"
	"lienthong/internal/lttest"
)

// BenchmarkSequence gives the rate at which waiting leaves get positions, and on
// SQLite how long the longest batch held the writer.
func BenchmarkSequence(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { d, _ := lttest.SQLite(b); benchSequence(b, d) })
	b.Run("postgres", func(b *testing.B) { d, _ := lttest.Postgres(b); benchSequence(b, d) })
}

func benchSequence(b *testing.B, d *db.DB) {
	const n = 20_000
	for round := 0; b.Loop(); round++ {
		b.StopTimer()
		leave(b, d, db.NewSecret(), 1, n)
		b.StartTimer()
		for left := n; left > 0; {
			began := time.Now()
			k, err := audit.Sequence(ctx, d)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(time.Since(began).Microseconds())/1000, "ms/last-batch")
			left -= k
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "leaves/s")
}

// BenchmarkBesideWriters runs the sequencer beside 64 writers of one leaf a
// transaction for some seconds: the rates of both, and how many leaves waited at the end.
func BenchmarkBesideWriters(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { d, _ := lttest.SQLite(b); benchBeside(b, d) })
	b.Run("postgres", func(b *testing.B) { d, _ := lttest.Postgres(b); benchBeside(b, d) })
}

func benchBeside(b *testing.B, d *db.DB) {
	const writers, length = 64, 3 * time.Second
	for b.Loop() {
		run, stop := context.WithCancel(ctx)
		var sequencer, all sync.WaitGroup
		sequencer.Go(func() { _ = audit.Run(run, d) }) // ends with the context's error
		began, before := time.Now(), size(b, d)
		var left atomic.Int64
		for range writers {
			all.Go(func() {
				thread := db.NewSecret()
				for i := 1; time.Since(began) < length; i++ {
					err := d.Update(ctx, func(tx *db.Tx) error {
						ref := fmt.Sprintf("%s/%05d", thread, i)
						return audit.Leave(tx, ref, audit.Sum([]byte(ref)))
					})
					if err != nil {
						b.Error(err)
						return
					}
					left.Add(1)
				}
			})
		}
		all.Wait()
		sealed := size(b, d) - before
		b.ReportMetric(float64(left.Load())/time.Since(began).Seconds(), "left/s")
		b.ReportMetric(float64(sealed)/time.Since(began).Seconds(), "sealed/s")
		b.ReportMetric(float64(left.Load()-sealed), "waiting-at-end")
		stop()
		sequencer.Wait()
	}
	_, over, worst := d.WriterHolds()
	b.ReportMetric(float64(over), "holds>20ms")
	b.ReportMetric(float64(worst.Microseconds())/1000, "ms/worst-hold")
}

// BenchmarkVerify gives the rate of a whole check against entries that cost nothing.
func BenchmarkVerify(b *testing.B) {
	d, _ := lttest.SQLite(b)
	leave(b, d, "v", 1, 100_000)
	drain(b, d)
	c := audit.Check{
		Hashes: func(_ *db.Tx, refs []string) (map[string]audit.Hash, error) {
			all := make(map[string]audit.Hash, len(refs))
			for _, r := range refs {
				all[r] = audit.Sum([]byte(r))
			}
			return all, nil
		},
		Refs: func(*db.Tx, string, int) ([]string, error) { return nil, nil },
	}
	for b.Loop() {
		r, err := audit.Verify(ctx, d, c)
		if err != nil || !r.OK() {
			b.Fatal(err, r)
		}
	}
	b.ReportMetric(100_000*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
}

func size(b *testing.B, d *db.DB) (n int64) {
	lttest.View(b, d, func(tx *db.Tx) (err error) { n, err = audit.Size(tx); return err })
	return n
}
