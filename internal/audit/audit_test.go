package audit_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lienthong/internal/audit"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
)

var ctx = context.Background()

// leave leaves n leaves "thread/00000…" from the number from on, a few a transaction.
func leave(t testing.TB, d *db.DB, thread string, from, n int) {
	t.Helper()
	for n > 0 {
		k := min(n, 200)
		lttest.Update(t, d, func(tx *db.Tx) error {
			for i := range k {
				ref := fmt.Sprintf("%s/%05d", thread, from+i)
				if err := audit.Leave(tx, ref, audit.Sum([]byte(ref))); err != nil {
					return err
				}
			}
			return nil
		})
		from, n = from+k, n-k
	}
}

// drain gives positions until nothing waits.
func drain(t testing.TB, d *db.DB) {
	t.Helper()
	for {
		n, err := audit.Sequence(ctx, d)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

func TestLeafWaitsForItsPosition(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		leave(t, d, "a", 1, 2)
		lttest.View(t, d, func(tx *db.Tx) error {
			if _, ok, err := audit.Position(tx, "a/00001"); ok || err != nil {
				t.Errorf("position before sealing: %v, %v", ok, err)
			}
			if _, _, err := audit.Position(tx, "a/00009"); !errors.Is(err, fault.NotFound) {
				t.Errorf("position of what was never left: %v", err)
			}
			n, oldest, err := audit.Pending(tx)
			if n != 2 || !oldest.Equal(lttest.Start) || err != nil {
				t.Errorf("pending = %d since %s, %v", n, oldest, err)
			}
			if _, err := audit.Prove(tx, "a/00001"); !errors.Is(err, fault.Conflict) {
				t.Errorf("proof before sealing: %v", err)
			}
			return nil
		})
		drain(t, d)
		lttest.View(t, d, func(tx *db.Tx) error {
			for i, ref := range []string{"a/00001", "a/00002"} {
				if seq, ok, err := audit.Position(tx, ref); seq != int64(i) || !ok || err != nil {
					t.Errorf("position of %s = %d, %v, %v", ref, seq, ok, err)
				}
			}
			n, oldest, err := audit.Pending(tx)
			if n != 0 || !oldest.IsZero() || err != nil {
				t.Errorf("pending = %d since %s, %v", n, oldest, err)
			}
			at, err := audit.Positions(tx, []string{"a/00002", "a/00009", "a/00001"})
			if len(at) != 2 || at["a/00002"] != 1 || err != nil {
				t.Errorf("positions = %v, %v", at, err)
			}
			return nil
		})
	})
}

func TestLeaveRefuses(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		leave(t, d, "a", 1, 1)
		for _, tt := range []struct {
			name, ref string
			want      error
		}{
			{"a ref used before", "a/00001", fault.Conflict},
			{"no ref", "", fault.Invalid},
			{"a ref that could run into the hash", "a\x00b", fault.Invalid},
		} {
			err := d.Update(ctx, func(tx *db.Tx) error { return audit.Leave(tx, tt.ref, audit.Hash{1}) })
			if !errors.Is(err, tt.want) {
				t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
			}
		}
	})
}

// Entries of one thread get positions in their order, even at one instant, over many
// batches, and the log has no gap.
func TestPositionsAreGaplessAndInOrder(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		for i := range 5 {
			leave(t, d, "b", 1+300*i, 300)
			leave(t, d, "a", 1+300*i, 300)
			if i%2 == 1 {
				clock.Add(time.Second)
			}
		}
		drain(t, d)
		lttest.View(t, d, func(tx *db.Tx) error {
			all, err := audit.ByPosition(tx, 0, 5000)
			if err != nil {
				return err
			}
			last := map[string]string{}
			for i, l := range all {
				if l.Seq != int64(i) {
					t.Fatalf("leaf %d has position %d", i, l.Seq)
				}
				if thread := l.Ref[:1]; l.Ref < last[thread] {
					t.Fatalf("%s stands behind %s", l.Ref, last[thread])
				}
				last[l.Ref[:1]] = l.Ref
			}
			size, err := audit.Size(tx)
			if size != 3000 || len(all) != 3000 {
				t.Errorf("size %d, leaves %d", size, len(all))
			}
			if some, _ := audit.ByPosition(tx, 2990, 5); len(some) != 5 || some[0] != all[2990] {
				t.Errorf("from 2990: %v", some)
			}
			return err
		})
	})
}

// Every entry has a proof that holds, and no proof holds for anything else.
func TestProofsHold(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		key, err := audit.Prepare(ctx, d)
		if err != nil {
			t.Fatal(err)
		}
		total := 0
		rapid.Check(t, func(rt *rapid.T) {
			if total < 4000 {
				n := rapid.SampledFrom([]int{1, 2, 7, 255, 256, 257, 600}).Draw(rt, "more")
				leave(t, d, "p", total, n)
				total += n
				drain(t, d)
			}
			ref := fmt.Sprintf("p/%05d", rapid.IntRange(0, total-1).Draw(rt, "which"))
			lttest.View(t, d, func(tx *db.Tx) error {
				p, err := audit.Prove(tx, ref)
				if err != nil {
					return err
				}
				checkProof(rt, p, key)
				return nil
			})
		})
	})
}

func checkProof(t *rapid.T, p audit.Proof, key string) {
	if err := audit.VerifyProof(p, key); err != nil {
		t.Fatalf("proof: %v", err)
	}
	wrong := []func(p *audit.Proof){
		func(p *audit.Proof) { p.Leaf[3] ^= 1 },
		func(p *audit.Proof) { p.Ref += "x" },
		func(p *audit.Proof) { p.Seq++ },
		func(p *audit.Proof) { p.Size++ },
		func(p *audit.Proof) { p.Checkpoint = p.Checkpoint[:20] + "9" + p.Checkpoint[20:] },
	}
	if len(p.Path) > 0 {
		wrong = append(wrong, func(p *audit.Proof) { p.Path = slices.Clone(p.Path); p.Path[0][0] ^= 1 })
	}
	for i, change := range wrong {
		q := p
		change(&q)
		if err := audit.VerifyProof(q, key); !errors.Is(err, fault.Invalid) {
			t.Fatalf("changed proof %d holds: %v", i, err)
		}
	}
}

// A server's own second key does not open its first key's checkpoints.
func TestProofNeedsTheKey(t *testing.T) {
	d, _ := lttest.SQLite(t)
	other, _ := lttest.SQLite(t)
	leave(t, d, "a", 1, 3)
	drain(t, d)
	key, err := audit.Prepare(ctx, other)
	if err != nil {
		t.Fatal(err)
	}
	lttest.View(t, d, func(tx *db.Tx) error {
		p, err := audit.Prove(tx, "a/00002")
		if err != nil {
			return err
		}
		if err := audit.VerifyProof(p, key); !errors.Is(err, fault.Invalid) {
			t.Errorf("proof under another key: %v", err)
		}
		return nil
	})
}

// Run seals what is left within its second, and gives the lease back.
func TestRun(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		run, stop := context.WithCancel(ctx)
		done := make(chan error)
		go func() { done <- audit.Run(run, d) }()
		leave(t, d, "a", 1, 2500)
		began := time.Now()
		for waiting := int64(1); waiting > 0; time.Sleep(10 * time.Millisecond) {
			lttest.View(t, d, func(tx *db.Tx) (err error) { waiting, _, err = audit.Pending(tx); return err })
			if time.Since(began) > 5*time.Second {
				t.Fatalf("%d leaves still wait", waiting)
			}
		}
		stop()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		if won, err := d.Lease(ctx, "audit.sequencer", "another", time.Second); !won || err != nil {
			t.Errorf("lease after the end: %v, %v", won, err)
		}
	})
}
