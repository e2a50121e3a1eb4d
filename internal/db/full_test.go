package db_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
)

// pair writes two rows in one update, with some weight between them.
func pair(d *db.DB, n int) error {
	return d.Update(ctx, func(tx *db.Tx) error {
		if err := setting(tx, fmt.Sprintf("a%06d", n), strings.Repeat("x", 3000)); err != nil {
			return err
		}
		return setting(tx, fmt.Sprintf("b%06d", n), strings.Repeat("y", 3000))
	})
}

// filled writes pairs, eight at once, until the store is full, and returns how many were
// acknowledged. Every refusal must say so in words for the sender.
func filled(t *testing.T, d *db.DB, from int) (kept int) {
	t.Helper()
	var mu sync.Mutex
	var all sync.WaitGroup
	refused := 0
	for g := range 8 {
		all.Go(func() {
			for n := range 3000 {
				err := pair(d, from+g*3000+n)
				mu.Lock()
				if err == nil {
					kept++
					mu.Unlock()
					continue
				}
				refused++
				if s, ok := fault.Sentence(err); !errors.Is(err, fault.Busy) || !ok || !strings.Contains(s.Say, "hết chỗ") {
					t.Errorf("a full store says %v", err)
				}
				mu.Unlock()
				return
			}
		})
	}
	all.Wait()
	if refused == 0 || kept == 0 {
		t.Errorf("%d kept, %d refused: the store was not filled", kept, refused)
	}
	return kept
}

// whole counts the pairs and finds halves.
func whole(t *testing.T, d *db.DB) (n int) {
	t.Helper()
	lttest.View(t, d, func(tx *db.Tx) error {
		var a, b, both int
		err := tx.One(`SELECT count(*) FILTER (WHERE name LIKE 'a%'), count(*) FILTER (WHERE name LIKE 'b%') FROM setting WHERE length(value) = 3000`, nil, &a, &b)
		if err != nil {
			return err
		}
		err = tx.One(`SELECT count(*) FROM setting x JOIN setting y ON substr(x.name, 2) = substr(y.name, 2) AND x.name < y.name WHERE length(x.value) = 3000`, nil, &both)
		if a != b || both != a {
			t.Errorf("%d first rows, %d second, %d pairs: something stands by half", a, b, both)
		}
		n = a
		return err
	})
	return n
}

// A store that may grow no more refuses clearly, keeps all it acknowledged and no half
// of anything, goes on being read, and goes on when there is room.
func TestFullStore(t *testing.T) {
	d, _ := lttest.SQLite(t)
	if err := d.LimitPages(400); err != nil {
		t.Fatal(err)
	}
	kept := filled(t, d, 0)
	if got := whole(t, d); got != kept {
		t.Errorf("%d acknowledged, %d there", kept, got)
	}
	if err := d.LimitPages(1 << 20); err != nil {
		t.Fatal(err)
	}
	if err := pair(d, 900000); err != nil {
		t.Errorf("with room again: %v", err)
	}
	if got := whole(t, d); got != kept+1 {
		t.Errorf("%d pairs, want %d", got, kept+1)
	}
}

// The same on a disk that really is full, where the log and not the store finds no room.
func TestFullDisk(t *testing.T) {
	dir := lttest.SmallDisk(t, "12m")
	ballast := filepath.Join(dir, "khác")
	if err := os.WriteFile(ballast, make([]byte, 3<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := db.Open(ctx, filepath.Join(dir, "data"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}()
	if _, err := d.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	kept := filled(t, d, 0)
	if got := whole(t, d); got != kept {
		t.Errorf("%d acknowledged, %d there", kept, got)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	if err := pair(d, 900000); err != nil {
		t.Errorf("with room again: %v", err)
	}
	if got := whole(t, d); got != kept+1 {
		t.Errorf("%d pairs, want %d", got, kept+1)
	}
}
