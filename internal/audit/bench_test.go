package audit_test

import (
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
