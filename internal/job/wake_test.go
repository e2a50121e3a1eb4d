package job

import (
	"context"
	"testing"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/lttest"
)

// A worker that looks once an hour does a job as soon as it has started.
func TestAJobThatStartsWakesTheWorker(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		r := New(d, "idle")
		r.Poll = time.Hour
		r.Define("write", work(10, 10))
		life, end := context.WithCancel(ctx)
		stopped := make(chan struct{})
		go func() { r.Worker(life); close(stopped) }()
		time.Sleep(100 * time.Millisecond) // it has looked once and waits
		id := start(t, d, "write")
		for range 500 {
			if get(t, d, id).State == Done {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		end()
		<-stopped
		if s := get(t, d, id).State; s != Done {
			t.Errorf("the job is %s", s)
		}
	})
}
