package audit

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"lienthong/internal/db"
	"lienthong/internal/lttest"
)

func leaveSome(t testing.TB, d *db.DB, from, n int) {
	t.Helper()
	lttest.Update(t, d, func(tx *db.Tx) error {
		for i := from; i < from+n; i++ {
			ref := fmt.Sprintf("c/%06d", i)
			if err := Leave(tx, ref, Sum([]byte(ref))); err != nil {
				return err
			}
		}
		return nil
	})
}

// plain is a check for entries that are their own refs and cannot be lost.
func plain(n int) Check {
	return Check{
		Hashes: func(_ *db.Tx, refs []string) (map[string]Hash, error) {
			all := map[string]Hash{}
			for _, r := range refs {
				all[r] = Sum([]byte(r))
			}
			return all, nil
		},
		Refs: func(_ *db.Tx, after string, limit int) (all []string, err error) {
			from := 0
			if after != "" {
				if _, err := fmt.Sscanf(after, "c/%d", &from); err != nil {
					return nil, err
				}
				from++
			}
			for i := from; i < min(n, from+limit); i++ {
				all = append(all, fmt.Sprintf("c/%06d", i))
			}
			return all, nil
		},
	}
}

var errKilled = errors.New("killed")

// However often a batch is killed before its commit, the log is as if it had not
// begun, and the next batch goes on.
func TestKilledBatches(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		total := 0
		rapid.Check(t, func(rt *rapid.T) {
			if total > 6000 {
				return
			}
			n := rapid.IntRange(1, 700).Draw(rt, "more")
			leaveSome(t, d, total, n)
			total += n
			for range rapid.IntRange(0, 2).Draw(rt, "kills") {
				err := d.Update(context.Background(), func(tx *db.Tx) error {
					if _, err := sequence(tx); err != nil {
						return err
					}
					return errKilled
				})
				if !errors.Is(err, errKilled) {
					rt.Fatal(err)
				}
			}
			if _, err := Sequence(context.Background(), d); err != nil {
				rt.Fatal(err)
			}
		})
		r, err := Verify(context.Background(), d, plain(total))
		if err != nil {
			t.Fatal(err)
		}
		if !r.OK() || r.Size+r.Pending != int64(total) || r.Entries != int64(total) {
			t.Errorf("of %d leaves:\n%s", total, r.Text())
		}
	})
}

// Two nodes that both believe to hold the lease still make one log.
func TestTwoSequencers(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		n := 4 * batchSize(d.Postgres())
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				for range 12 {
					if _, err := Sequence(context.Background(), d); err != nil {
						t.Error(err)
					}
				}
			})
		}
		for i := range 16 {
			leaveSome(t, d, i*n/16, n/16)
		}
		all.Wait()
		for range 5 {
			if _, err := Sequence(context.Background(), d); err != nil {
				t.Fatal(err)
			}
		}
		r, err := Verify(context.Background(), d, plain(n))
		if err != nil {
			t.Fatal(err)
		}
		if !r.OK() || r.Size != int64(n) {
			t.Errorf("want %d sealed:\n%s", n, r.Text())
		}
	})
}

// A verify may run while entries are written and sealed.
func TestVerifyBesideWriters(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		leaveSome(t, d, 0, 3000)
		run, stop := context.WithCancel(context.Background())
		var all sync.WaitGroup
		all.Go(func() { _ = Run(run, d) }) // ends with the context's error
		all.Go(func() {
			for i := range 30 {
				leaveSome(t, d, 3000+100*i, 100)
			}
		})
		for range 5 {
			r, err := Verify(context.Background(), d, plain(3000))
			if err != nil {
				t.Error(err)
			} else if !r.OK() {
				t.Error(r.Text())
			}
		}
		stop()
		all.Wait()
	})
}
