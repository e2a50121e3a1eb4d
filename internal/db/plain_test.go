package db

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"
)

func TestIDsKeepTheirOrder(t *testing.T) {
	at := time.UnixMilli(1770685320000)
	last := ""
	for i := range 20000 { // far more than a 12-bit counter holds
		id := NewID(at)
		if id <= last || !ValidID(id) {
			t.Fatalf("id %d: %q after %q", i, id, last)
		}
		last = id
	}
	older := NewID(at.Add(-time.Millisecond))
	if older >= last {
		t.Errorf("an older instant sorts first: %q, %q", older, last)
	}
	if next := NewID(at); next <= last {
		t.Errorf("%q after %q: the older one between changed the order", next, last)
	}
	if later := NewID(at.Add(time.Millisecond)); later <= last {
		t.Errorf("a later instant sorts later: %q, %q", later, last)
	}
}

func TestIDsAreUniqueOverGoroutines(t *testing.T) {
	at := time.UnixMilli(1770685320000)
	lists := make([][]string, 8)
	var wg sync.WaitGroup
	for g := range lists {
		wg.Go(func() {
			for i := range 5000 {
				lists[g] = append(lists[g], NewID(at.Add(time.Duration(i%3)*time.Millisecond)))
			}
		})
	}
	wg.Wait()
	all := slices.Concat(lists...)
	slices.Sort(all)
	if n := len(slices.Compact(all)); n != 40000 {
		t.Errorf("%d different ids of 40000", n)
	}
	if a, b := NewSecret(), NewSecret(); a == b || len(a) != 52 {
		t.Error("secrets repeat or are short")
	}
	for _, bad := range []string{"", "x", strings.Repeat("z", 26), strings.Repeat("0", 27)} {
		if ValidID(bad) {
			t.Errorf("ValidID(%q)", bad)
		}
	}
}

func TestStatements(t *testing.T) {
	tests := []struct {
		name, text       string
		sqlite, postgres string
		fails            string
	}{
		{"two on one line", "A; B;", "A|B", "A|B", ""},
		{"comments are dropped", "-- why; and -- what\nA -- a note;\n;", "A", "A", ""},
		{"mark before", "-- only: postgres\nA;\nB;", "B", "A|B", ""},
		{"mark behind", "A; -- only: postgres\nB; -- only: sqlite\nC;", "B|C", "A|C", ""},
		{"mark inside", "A\n-- only: sqlite\nx; B;", "A\n\nx|B", "B", ""},
		{"a mark two lines down is for the next", "A;\n\n-- only: sqlite\nB;", "A|B", "A", ""},
		{"a semicolon in a text", "A 'x;y';B;", "A 'x;y'|B", "A 'x;y'|B", ""},
		{"two dashes in a text", "A 'x -- only: sqlite';", "A 'x -- only: sqlite'", "A 'x -- only: sqlite'", ""},
		{"a doubled quote", "A 'it''s; so';", "A 'it''s; so'", "A 'it''s; so'", ""},
		{"a quoted name", `A "x;--y";`, `A "x;--y"`, `A "x;--y"`, ""},
		{"a function body", "A $$ b; c; $$;", "A $$ b; c; $$", "A $$ b; c; $$", ""},
		{"no semicolon", "A; B", "", "", "no semicolon"},
		{"an open quote", "A 'x;", "", "", "without its end"},
		{"a mark of no database", "-- only: oracle\nA;", "", "", "no database"},
		{"empty", "-- nothing\n", "", "", ""},
	}
	for _, tt := range tests {
		for _, postgres := range []bool{false, true} {
			list, err := statements(tt.text, postgres)
			want := tt.sqlite
			if postgres {
				want = tt.postgres
			}
			if tt.fails != "" {
				if err == nil || !strings.Contains(err.Error(), tt.fails) {
					t.Errorf("%s: %v, want %q", tt.name, err, tt.fails)
				}
				continue
			}
			if got := strings.Join(list, "|"); err != nil || got != want {
				t.Errorf("%s (postgres %v): %q, want %q; %v", tt.name, postgres, got, want, err)
			}
		}
	}
}

func TestMigrationsAreNumberedOnce(t *testing.T) {
	file := &fstest.MapFile{Data: []byte("A;")}
	tests := []struct {
		name  string
		files fstest.MapFS
		want  string
		fails string
	}{
		{"in the order of numbers", fstest.MapFS{"migrations/0010_b.sql": file, "migrations/0002_a.sql": file}, "[2 10]", ""},
		{"one number twice", fstest.MapFS{"migrations/0002_a.sql": file, "migrations/0002_b.sql": file}, "", "one number"},
		{"no number", fstest.MapFS{"migrations/a.sql": file}, "", "no number"},
	}
	for _, tt := range tests {
		all, err := migrations(tt.files)
		if tt.fails != "" {
			if err == nil || !strings.Contains(err.Error(), tt.fails) {
				t.Errorf("%s: %v", tt.name, err)
			}
			continue
		}
		var ns []int
		for _, m := range all {
			ns = append(ns, m.n)
		}
		if err != nil || fmt.Sprint(ns) != tt.want {
			t.Errorf("%s: %v, %v", tt.name, ns, err)
		}
	}
}

func TestStorableLeavesTheCallersSliceAlone(t *testing.T) {
	at := time.UnixMilli(1770685320000)
	args := []any{"a", at, time.Time{}}
	out := storable(args)
	if args[1] != any(at) || args[2] != any(time.Time{}) {
		t.Errorf("args changed: %v", args)
	}
	if fmt.Sprint(out) != "[a 2026-02-10T01:02:00.000Z <nil>]" {
		t.Errorf("storable = %v", out)
	}
	plain := []any{1, "b"}
	if &storable(plain)[0] != &plain[0] || storable(nil) != nil {
		t.Error("copied for nothing")
	}
}
