package bench

import (
	"context"
	"testing"
	"time"

	"lienthong/internal/lttest"
)

func BenchmarkOperations(b *testing.B) {
	for _, name := range []string{"sqlite", "postgres"} {
		b.Run(name, func(b *testing.B) {
			d, _ := lttest.SQLite(b)
			if name == "postgres" {
				d, _ = lttest.Postgres(b)
			}
			d.Clock = time.Now
			o, err := Prepare(context.Background(), d)
			if err != nil {
				b.Fatal(err)
			}
			b.ResetTimer()
			before := cpu()
			r, err := Operations(context.Background(), d, o, 32, 6*time.Second)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64((cpu()-before).Microseconds())/float64(4*r.N), "cpu-us/write")
			b.ReportMetric(r.PerSec, "lives/s")
			b.ReportMetric(float64(r.P50.Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(r.P99.Microseconds())/1000, "p99-ms")
			b.ReportMetric(float64(len(o.Departments)), "departments")
		})
	}
}

func BenchmarkBare(b *testing.B) {
	for _, name := range []string{"sqlite", "postgres"} {
		b.Run(name, func(b *testing.B) {
			d, _ := lttest.SQLite(b)
			if name == "postgres" {
				d, _ = lttest.Postgres(b)
			}
			d.Clock = time.Now
			o, err := Prepare(context.Background(), d)
			if err != nil {
				b.Fatal(err)
			}
			before := cpu()
			r, err := Bare(context.Background(), d, o, 32, 6*time.Second)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64((cpu()-before).Microseconds())/float64(4*r.N), "cpu-us/write")
			b.ReportMetric(r.PerSec, "lives/s")
			b.ReportMetric(float64(r.P50.Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(r.P99.Microseconds())/1000, "p99-ms")
		})
	}
}
