package export

import (
	"bytes"
	"syscall"
	"testing"
	"time"

	"lienthong/internal/bench"
	"lienthong/internal/blob"
	"lienthong/internal/db"
	"lienthong/internal/job"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/org"
	"lienthong/internal/tracker"
	"lienthong/internal/workday"
)

// BenchmarkTrackerSheet is a list of some ten thousand running assignments as XLSX, from the
// order to the bytes: gathered by the job, whose progress people see, and written. Beside the
// time of the clock it gives processor time.
func BenchmarkTrackerSheet(b *testing.B) {
	d, clock := lttest.SQLite(b)
	clock.Set(workday.MustDate("2026-11-18").At(10 * 60))
	province.Open(b, d)
	who, err := bench.LoadAssignments(b.Context(), d, 34_500)
	if err != nil {
		b.Fatal(err)
	}
	files, err := blob.Open(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	run := job.New(d, "test")
	run.Define(Job, Step(files))
	list := List{Title: "Nhiệm vụ đang thực hiện", Tracker: &Tracked{Slice: tracker.Running}}
	rows := 0
	before := spent()
	for b.Loop() {
		rows = sheetOf(b, d, files, run, who, list)
	}
	b.ReportMetric(float64((spent()-before).Milliseconds())/float64(b.N), "cpu-ms/sheet")
	b.ReportMetric(float64(rows), "rows")
}

// sheetOf orders a list, gathers it and writes it.
func sheetOf(b *testing.B, d *db.DB, files *blob.Store, run *job.Runner, who org.Actor, l List) (rows int) {
	var id job.ID
	lttest.Update(b, d, func(tx *db.Tx) (err error) {
		id, err = Start(tx, who, l)
		return err
	})
	if err := run.Drain(b.Context()); err != nil {
		b.Fatal(err)
	}
	lttest.View(b, d, func(tx *db.Tx) error {
		x, err := Get(tx, who, id)
		if err != nil {
			return err
		}
		if x.Total != x.Done || x.Done < 10_000 {
			b.Errorf("the job says %d of %d rows", x.Done, x.Total)
		}
		f, err := x.File(files, tx.Now)
		if err != nil {
			return err
		}
		rows, err = f.Write(&bytes.Buffer{})
		return err
	})
	return rows
}

func spent() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // never fails for oneself
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
