package job

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
)

var ctx = context.Background()

// work is a job that writes the numbers 0..total-1, a few a step.
func work(total, a int) Step {
	return func(tx *db.Tx, j Job) (Progress, error) {
		from := 0
		if j.Cursor != "" {
			from, _ = strconv.Atoi(j.Cursor)
		}
		to := min(from+a, total)
		for n := from; n < to; n++ {
			if _, err := tx.Exec(`INSERT INTO counter (name, n) VALUES ($1, $2)`, fmt.Sprintf("%s/%04d", j.ID, n), n); err != nil {
				return Progress{}, err
			}
		}
		return Progress{Cursor: strconv.Itoa(to), Done: int64(to), Total: int64(total), End: to == total}, nil
	}
}

func start(t *testing.T, d *db.DB, kind string) (id ID) {
	t.Helper()
	lttest.Update(t, d, func(tx *db.Tx) (err error) {
		id, err = Start(tx, kind, "in", "an")
		return err
	})
	return id
}

func get(t *testing.T, d *db.DB, id ID) (j *Job) {
	t.Helper()
	lttest.View(t, d, func(tx *db.Tx) (err error) {
		j, err = Get(tx, id)
		return err
	})
	return j
}

func written(t *testing.T, d *db.DB, id ID) (n int) {
	t.Helper()
	lttest.View(t, d, func(tx *db.Tx) error {
		return tx.All(`SELECT n FROM counter WHERE substr(name, 1, 26) = $1 ORDER BY name`, []any{id}, func(r *sql.Rows) error {
			var got int
			defer func() {
				if got != n-1 {
					t.Errorf("number %d is missing", n-1)
				}
			}()
			n++
			return r.Scan(&got)
		})
	})
	return n
}

func TestAJobRunsToItsEnd(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		r := New(d, "node")
		r.Define("write", work(25, 10))
		id := start(t, d, "write")
		other := start(t, d, "of a newer release")
		if err := r.Drain(ctx); err != nil {
			t.Fatal(err)
		}
		j := get(t, d, id)
		if j.State != Done || j.Done != 25 || j.Total != 25 || j.EndedAt.IsZero() || j.StartedBy != "an" || j.Input != "in" {
			t.Errorf("job = %+v", j)
		}
		if n := written(t, d, id); n != 25 {
			t.Errorf("%d rows, want 25", n)
		}
		if j := get(t, d, other); j.State != Open || j.Cursor != "" {
			t.Errorf("a kind this node does not know was touched: %+v", j)
		}
		lttest.View(t, d, func(tx *db.Tx) error {
			all, err := List(tx, "", 10)
			if len(all) != 2 || all[0].ID != other || all[1].ID != id {
				t.Errorf("list = %+v", all)
			}
			if next, _ := List(tx, other, 10); len(next) != 1 || next[0].ID != id {
				t.Errorf("next page = %+v", next)
			}
			return err
		})
	})
}

// A node dies inside a step: its step leaves nothing, its lease lapses, and another
// node goes on at the cursor.
func TestAnotherNodeResumesAtTheCursor(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		dying := New(d, "dying")
		dying.Hold = 300 * time.Millisecond
		life, died := context.WithCancel(ctx)
		steps := 0
		dying.Define("write", func(tx *db.Tx, j Job) (Progress, error) {
			p, err := work(30, 10)(tx, j)
			if steps++; steps == 2 {
				died()
				return p, fmt.Errorf("cut off: %w", fault.Busy)
			}
			return p, err
		})
		id := start(t, d, "write")
		if err := dying.Drain(life); err == nil {
			t.Fatal("the dying node went on")
		}
		if n := written(t, d, id); n != 10 {
			t.Fatalf("%d rows, want the 10 of the whole step", n)
		}
		next := New(d, "next")
		var from []string
		next.Define("write", func(tx *db.Tx, j Job) (Progress, error) {
			from = append(from, j.Cursor)
			return work(30, 10)(tx, j)
		})
		if err := next.Drain(ctx); err != nil || len(from) != 0 {
			t.Fatalf("the lease was not kept: steps from %v, %v", from, err)
		}
		time.Sleep(350 * time.Millisecond)
		if err := next.Drain(ctx); err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(from) != "[10 20]" || written(t, d, id) != 30 {
			t.Errorf("resumed from %v", from)
		}
	})
}

func TestTwoWorkersNeverDoTheSameStep(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		ids := []ID{start(t, d, "write"), start(t, d, "write"), start(t, d, "write")}
		life, stop := context.WithCancel(ctx)
		var wg sync.WaitGroup
		for i := range 4 {
			r := New(d, fmt.Sprint("node ", i))
			r.Poll, r.Hold = 5*time.Millisecond, time.Millisecond // leases lapse at once: only the row lock is left
			r.Define("write", work(40, 5))
			r.Log = func(err error) { t.Error(err) }
			wg.Go(func() { r.Worker(life) })
		}
		for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
			if get(t, d, ids[0]).State == Done && get(t, d, ids[1]).State == Done && get(t, d, ids[2]).State == Done {
				break
			}
		}
		stop()
		wg.Wait()
		for _, id := range ids { // a step done twice would break the primary key and fail the job
			if j := get(t, d, id); j.State != Done || written(t, d, id) != 40 {
				t.Errorf("job = %+v", j)
			}
		}
	})
}

func TestFailResumeCancel(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		r := New(d, "node")
		bad := true
		r.Define("write", func(tx *db.Tx, j Job) (Progress, error) {
			p, err := work(30, 10)(tx, j)
			if bad && j.Cursor == "10" {
				return p, errors.New("line 17 has no date")
			}
			return p, err
		})
		r.Define("stuck", func(_ *db.Tx, j Job) (Progress, error) { return Progress{}, nil })
		r.Define("panics", func(*db.Tx, Job) (Progress, error) { panic("boom") })
		id, stuck, panics := start(t, d, "write"), start(t, d, "stuck"), start(t, d, "panics")
		if err := r.Drain(ctx); err != nil {
			t.Fatal(err)
		}
		for id, want := range map[ID]string{id: "line 17", stuck: "did not move", panics: "boom"} {
			if j := get(t, d, id); j.State != Failed || !strings.Contains(j.Error, want) {
				t.Errorf("job = %+v, want %q", j, want)
			}
		}
		bad = false
		lttest.Update(t, d, func(tx *db.Tx) error { return errors.Join(Resume(tx, id), Cancel(tx, stuck)) })
		if err := r.Drain(ctx); err != nil || written(t, d, id) != 30 || get(t, d, id).Error != "" {
			t.Errorf("after resume: %+v, %v", get(t, d, id), err)
		}
		if j := get(t, d, stuck); j.State != Cancelled {
			t.Errorf("cancelled: %+v", j)
		}
		tests := []struct {
			name string
			do   func(tx *db.Tx) error
			kind error
		}{
			{"a job that is done is not cancelled", func(tx *db.Tx) error { return Cancel(tx, id) }, fault.Conflict},
			{"a cancelled job does not resume", func(tx *db.Tx) error { return Resume(tx, stuck) }, fault.Conflict},
			{"an unknown job", func(tx *db.Tx) error { return Cancel(tx, "x") }, fault.NotFound},
		}
		for _, tt := range tests {
			if err := d.Update(ctx, tt.do); fault.Kind(err) != tt.kind {
				t.Errorf("%s: %v", tt.name, err)
			}
		}
	})
}

func TestCancelBetweenSteps(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		r := New(d, "node")
		r.Define("write", work(30, 10))
		id := start(t, d, "write")
		if did, err := r.step(ctx); !did || err != nil {
			t.Fatal(did, err)
		}
		lttest.Update(t, d, func(tx *db.Tx) error { return Cancel(tx, id) })
		if did, err := r.step(ctx); did || err != nil {
			t.Fatal("a cancelled job went on", err)
		}
		if n := written(t, d, id); n != 10 {
			t.Errorf("%d rows, want the 10 of the step before", n)
		}
	})
}
