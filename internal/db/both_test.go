package db_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
)

var ctx = context.Background()

func setting(tx *db.Tx, name, value string) error {
	_, err := tx.Exec(`INSERT INTO setting (name, value, source, set_at) VALUES ($1, $2, '', $3)`, name, value, tx.Now)
	return err
}

func value(tx *db.Tx, name string) (v string, err error) {
	err = tx.One(`SELECT value FROM setting WHERE name = $1`, []any{name}, &v)
	return v, err
}

func TestViewCannotWrite(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		if err := d.View(ctx, func(tx *db.Tx) error { return setting(tx, "a", "1") }); err == nil {
			t.Error("Exec wrote inside View")
		}
		if err := d.View(ctx, func(tx *db.Tx) error {
			var s string
			return tx.One(`INSERT INTO setting (name, value, source, set_at) VALUES ('a', '', '', '') RETURNING name`, nil, &s)
		}); err == nil {
			t.Error("a query wrote inside View")
		}
		if err := d.View(ctx, func(tx *db.Tx) error { _, err := tx.Gapless("x"); return err }); err == nil {
			t.Error("a number was given inside View")
		}
		if err := d.View(ctx, func(tx *db.Tx) error { _, err := tx.Number("x"); return err }); err == nil {
			t.Error("a number was given inside View")
		}
	})
}

func TestViewIsOneSnapshot(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		lttest.Update(t, d, func(tx *db.Tx) error { return setting(tx, "a", "old") })
		lttest.View(t, d, func(tx *db.Tx) error {
			first, err := value(tx, "a")
			if err != nil {
				return err
			}
			lttest.Update(t, d, func(tx *db.Tx) error {
				_, err := tx.Exec(`UPDATE setting SET value = 'new' WHERE name = 'a'`)
				return err
			})
			again, err := value(tx, "a")
			if first != "old" || again != "old" {
				t.Errorf("read %q then %q in one view", first, again)
			}
			return err
		})
	})
}

func TestTxIsDeadAfterItsClosureAndBusyWhileItReads(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		var kept *db.Tx
		lttest.Update(t, d, func(tx *db.Tx) error { kept = tx; return setting(tx, "a", "1") })
		if err := setting(kept, "b", "1"); err == nil {
			t.Error("a transaction took a statement after its end")
		}
		err := d.View(ctx, func(tx *db.Tx) error {
			return tx.All(`SELECT name FROM setting`, nil, func(*sql.Rows) error {
				_, err := value(tx, "a")
				return err
			})
		})
		if err == nil || !strings.Contains(err.Error(), "rows of another are open") {
			t.Errorf("nested query: %v", err)
		}
	})
}

func TestUniqueViolationIsAConflict(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		add := func(tx *db.Tx) error { return setting(tx, "a", "1") }
		lttest.Update(t, d, add)
		if err := d.Update(ctx, add); !errors.Is(err, fault.Conflict) {
			t.Errorf("second insert: %v, want a conflict", err)
		}
	})
}

func TestOnce(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		send := func(key, officer, route, body string) (seen *db.Receipt, err error) {
			err = d.Update(ctx, func(tx *db.Tx) error {
				if seen, err = tx.Once(key, officer, route, body); err != nil || seen != nil {
					return err
				}
				return tx.Answered(key, officer, db.Receipt{Status: 201, Location: "/petitions/x", Version: 3})
			})
			return seen, err
		}
		first := db.Receipt{Status: 201, Location: "/petitions/x", Version: 3}
		tests := []struct {
			name                      string
			key, officer, route, body string
			seen                      bool
			kind                      error
		}{
			{"first time", "k", "an", "POST /p", "h1", false, nil},
			{"the same again is answered from the first", "k", "an", "POST /p", "h1", true, nil},
			{"another body is refused", "k", "an", "POST /p", "h2", false, fault.Reused},
			{"another route is refused", "k", "an", "POST /q", "h1", false, fault.Reused},
			{"another officer has keys of their own", "k", "binh", "POST /p", "h2", false, nil},
		}
		for _, tt := range tests {
			seen, err := send(tt.key, tt.officer, tt.route, tt.body)
			if fault.Kind(err) != tt.kind || (seen != nil) != tt.seen || seen != nil && *seen != first {
				t.Errorf("%s: %+v, %v", tt.name, seen, err)
			}
		}
	})
}

// Of two requests with one key at once, the second waits for the first and is
// answered from it; when the first fails, the second does the work.
func TestOnceOfTwoAtOnceTheSecondWaits(t *testing.T) {
	for _, fails := range []bool{false, true} {
		lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
			inside, finish := make(chan struct{}), make(chan struct{})
			first := make(chan error, 1)
			go func() {
				first <- d.Update(ctx, func(tx *db.Tx) error {
					_, err := tx.Once("k", "an", "r", "b")
					close(inside)
					<-finish
					if fails {
						return errors.New("refused")
					}
					return errors.Join(err, tx.Answered("k", "an", db.Receipt{Status: 201}))
				})
			}()
			<-inside
			second := make(chan *db.Receipt, 1)
			go func() {
				var seen *db.Receipt
				err := d.Update(ctx, func(tx *db.Tx) (err error) {
					seen, err = tx.Once("k", "an", "r", "b")
					return err
				})
				if err != nil {
					t.Error(err)
				}
				second <- seen
			}()
			select {
			case <-second:
				t.Fatal("the second did not wait")
			case <-time.After(50 * time.Millisecond):
			}
			close(finish)
			if err := <-first; (err != nil) != fails {
				t.Fatal(err)
			}
			if seen := <-second; (seen == nil) != fails {
				t.Errorf("first fails=%v: second saw %+v", fails, seen)
			}
		})
	}
}

func TestLeaseHasOneWinner(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		take := func(holder string, length time.Duration) bool {
			won, err := d.Lease(ctx, "sweep", holder, length)
			if err != nil {
				t.Error(err)
			}
			return won
		}
		var won atomic.Int32
		var winner atomic.Value
		var wg sync.WaitGroup
		for i := range 20 {
			wg.Go(func() {
				if name := fmt.Sprint("node ", i); take(name, time.Minute) {
					won.Add(1)
					winner.Store(name)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 {
			t.Fatalf("%d winners, want 1", won.Load())
		}
		holder := winner.Load().(string)
		if !take(holder, time.Minute) || take("other", time.Minute) {
			t.Error("the holder keeps it, nobody else gets it")
		}
		if err := d.Release(ctx, "sweep", "other"); err != nil || take("other", time.Minute) {
			t.Error("only the holder releases it")
		}
		if err := d.Release(ctx, "sweep", holder); err != nil || !take("other", time.Millisecond) {
			t.Error("released, it is free")
		}
		time.Sleep(5 * time.Millisecond)
		if !take(holder, time.Minute) {
			t.Error("lapsed, it is free")
		}
		if skew, err := d.ClockSkew(ctx); err != nil || skew > time.Second {
			t.Errorf("clock skew %s, %v", skew, err)
		}
	})
}

func TestNumbersAreUniqueAndRegistersGapless(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		for _, gapless := range []bool{false, true} {
			var mu sync.Mutex
			var got []int64
			var wg sync.WaitGroup
			room := make(chan struct{}, 30)
			for i := range 200 {
				wg.Go(func() {
					room <- struct{}{}
					defer func() { <-room }()
					var n int64
					err := d.Update(ctx, func(tx *db.Tx) (err error) {
						if n, err = tx.Number("KN/2026"); gapless {
							n, err = tx.Gapless("CV/2026")
						}
						if err == nil && i%5 == 0 {
							err = errors.New("refused")
						}
						return err
					})
					if (err != nil) != (i%5 == 0) {
						t.Error(err)
					}
					if err == nil {
						mu.Lock()
						got = append(got, n)
						mu.Unlock()
					}
				})
			}
			wg.Wait()
			slices.Sort(got)
			if n := len(slices.Compact(slices.Clone(got))); n != 160 {
				t.Fatalf("gapless=%v: %d different numbers of 160", gapless, n)
			}
			if got[0] < 1 || gapless && got[159] != 160 {
				t.Errorf("gapless=%v: first %d, last %d", gapless, got[0], got[159])
			}
		}
	})
}

func TestMigrationsFromEmptyAndAgain(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		again, err := d.Migrate(ctx)
		if err != nil || len(again) != 0 {
			t.Errorf("second run applied %v, %v", again, err)
		}
		if err := d.SchemaReady(ctx); err != nil {
			t.Error(err)
		}
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO migration (n, name, applied_at) VALUES (9999, 'later', $1)`, tx.Now)
			return err
		})
		if err := d.SchemaReady(ctx); err == nil || !strings.Contains(err.Error(), "newer") {
			t.Errorf("newer schema: %v", err)
		}
		if _, err := d.Migrate(ctx); err == nil || !strings.Contains(err.Error(), "newer") {
			t.Errorf("newer schema: %v", err)
		}
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := tx.Exec(`DELETE FROM migration WHERE n >= 2`)
			return err
		})
		if err := d.SchemaReady(ctx); err == nil || !strings.Contains(err.Error(), "missing") {
			t.Errorf("missing schema: %v", err)
		}
	})
}

func TestTwoNodesMigrateAtOnce(t *testing.T) {
	for name, dsn := range map[string]string{"sqlite": t.TempDir(), "postgres": lttest.PostgresURL(t)} {
		t.Run(name, func(t *testing.T) {
			var wg sync.WaitGroup
			for range 4 {
				wg.Go(func() {
					d, err := db.Open(ctx, dsn)
					if err != nil {
						t.Error(err)
						return
					}
					defer d.Close()
					if _, err := d.Migrate(ctx); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
		})
	}
}

func TestInstantsRoundTrip(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := tx.Exec(`CREATE TABLE stamp (n BIGINT PRIMARY KEY, at TEXT)`)
			return err
		})
		n := 0
		rapid.Check(t, func(rt *rapid.T) {
			n++
			want := time.UnixMilli(rapid.Int64Range(-62135596800000, 253402300799999).Draw(rt, "ms"))
			if rapid.Bool().Draw(rt, "zero") {
				want = time.Time{}
			}
			args := []any{n, want}
			var got time.Time
			var null bool
			if err := d.Update(ctx, func(tx *db.Tx) error {
				if _, err := tx.Exec(`INSERT INTO stamp (n, at) VALUES ($1, $2)`, args...); err != nil {
					return err
				}
				return tx.One(`SELECT at, at IS NULL FROM stamp WHERE n = $1`, []any{n}, db.Instant(&got), &null)
			}); err != nil {
				rt.Fatal(err)
			}
			if !got.Equal(want) || null != want.IsZero() {
				rt.Fatalf("stored %s, read %s (null %v)", want, got, null)
			}
			if !args[1].(time.Time).Equal(want) {
				rt.Fatal("the caller's slice was changed")
			}
		})
	})
}

func TestArrivalIsNow(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		at := lttest.Start.Add(-3*time.Second + 123456*time.Nanosecond)
		lttest.Update(t, d, func(tx *db.Tx) error {
			if !tx.Now.Equal(lttest.Start) {
				t.Errorf("Now = %s, want the clock's", tx.Now)
			}
			return nil
		})
		if err := d.Update(db.Arrived(ctx, at), func(tx *db.Tx) error {
			if !tx.Now.Equal(at.Truncate(time.Millisecond)) {
				t.Errorf("Now = %s, want the arrival", tx.Now)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	})
}

func TestLastStepsDoneAndChanged(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		var steps []string
		var changed []string
		d.Changed = func(units []string) { changed = append(changed, units...) }
		work := func(fail error) error {
			return d.Update(ctx, func(tx *db.Tx) error {
				steps = nil
				note := func(s string) func() error { return func() error { steps = append(steps, s); return nil } }
				tx.Last("b", note("b"))
				tx.Last("a", note("a"))
				tx.Last("b", note("b again"))
				tx.Done(func() { steps = append(steps, "done") })
				tx.Touch("H2")
				tx.Touch("H1")
				return fail
			})
		}
		if err := work(nil); err != nil || fmt.Sprint(steps) != "[a b done]" || fmt.Sprint(changed) != "[H1 H2]" {
			t.Errorf("steps %v, changed %v, %v", steps, changed, err)
		}
		if err := work(errors.New("refused")); err == nil || len(steps) != 0 || len(changed) != 2 {
			t.Errorf("after a failure: steps %v, changed %v", steps, changed)
		}
	})
}

func TestMemoKeepsOnlyWhatWasCommitted(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		loads := 0
		get := func(tx *db.Tx) error {
			_, err := tx.Memo("k", func() (any, error) { loads++; return 1, nil })
			return err
		}
		_ = d.Update(ctx, func(tx *db.Tx) error { return errors.Join(get(tx), errors.New("refused")) })
		lttest.View(t, d, get)
		lttest.View(t, d, get)
		if loads != 2 {
			t.Errorf("loads = %d, want 2: one rolled back, one kept", loads)
		}
	})
}

// An update ends at the limit that the office set, at its next statement.
func TestUpdatesEndAtTheirLimit(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		slow := func(tx *db.Tx) error {
			if _, err := tx.Number("KN/2026"); err != nil {
				return err
			}
			time.Sleep(300 * time.Millisecond)
			_, err := tx.Number("KN/2027")
			return err
		}
		if err := d.Update(ctx, slow); err != nil {
			t.Errorf("as shipped: %v", err)
		}
		d.LimitUpdates(100 * time.Millisecond)
		if err := d.Update(ctx, slow); !errors.Is(err, fault.Busy) {
			t.Errorf("past its limit: %v, want busy", err)
		}
	})
}
