package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"lienthong/internal/blob"
	"lienthong/internal/db"
	"lienthong/internal/lttest"
	"lienthong/internal/regulation"
	"lienthong/internal/story"
	"lienthong/regulations"
)

var (
	prove  = flag.Bool("prove", false, "repeat each story with each binding broken and write coverage.json")
	update = flag.Bool("update", false, "write operations.json from the sources")
)

// program is this program as the stories play it.
func program(t testing.TB) *story.Program {
	t.Helper()
	lib, err := regulation.Load(regulations.FS)
	if err != nil {
		t.Fatal(err)
	}
	paper, err := desk()
	if err != nil {
		t.Fatal(err)
	}
	return &story.Program{
		Keys: keys(), Duties: duties(), Desk: paper,
		Seed:    func(ctx context.Context, d *db.DB) error { return seed(ctx, d, true) },
		Compile: func(profile string) (*regulation.Rulebook, error) { return regulation.CompileAll(lib, profile, keys()) },
		Adopt:   func(tx *db.Tx, rb *regulation.Rulebook) error { return adopt(tx, lib, rb, "story") },
		Command: func(ctx context.Context, dsn, keys string, clock func() time.Time, args []string) (int, string) {
			var out bytes.Buffer
			store := []string{"--data", keys}
			if db.IsPostgres(dsn) {
				store = append(store, "--db", dsn)
			}
			code := run(ctx, append(store, args...), &out, &out, clock)
			return code, out.String()
		},
		Handler: func(ctx context.Context, d *db.DB) (http.Handler, error) {
			files, err := blob.Open(t.TempDir())
			if err != nil {
				return nil, err
			}
			return mux(ctx, d, files, lib)
		},
	}
}

// scripts reads the stories, by name.
func scripts(t *testing.T) (all []*story.Script) {
	t.Helper()
	names, err := fs.Glob(stories, "testdata/script/*.txt")
	if err != nil || len(names) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	for _, name := range names {
		text, err := stories.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		s, err := story.Parse(path.Base(name), string(text))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	return all
}

func offices(t *testing.T, p *story.Program) *story.Offices {
	t.Helper()
	o, err := story.NewOffices(t.Context(), p, t.TempDir(), lttest.PostgresServer(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := o.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return o
}

func TestStories(t *testing.T) {
	p := program(t)
	o := offices(t, p)
	for _, s := range scripts(t) {
		name := strings.TrimSuffix(s.Name, ".txt")
		play := func(t *testing.T, office *story.Office, err error) {
			if err != nil {
				t.Fatal(err)
			}
			if _, err := story.Play(t.Context(), p, office, s, story.Options{}); err != nil {
				t.Error(err)
			}
			if err := office.Close(); err != nil {
				t.Error(err)
			}
		}
		t.Run(name+"/sqlite", func(t *testing.T) {
			office, err := o.SQLite(t.Context(), t.TempDir())
			play(t, office, err)
		})
		t.Run(name+"/postgres", func(t *testing.T) {
			office, err := o.Postgres(t.Context())
			play(t, office, err)
		})
	}
}

// TestProve repeats each story with each binding broken; with -prove it writes
// coverage.json, which `regulation coverage` shows.
func TestProve(t *testing.T) {
	if !*prove {
		t.Skip("long: make prove")
	}
	p := program(t)
	o := offices(t, p)
	lib, err := regulation.Load(regulations.FS)
	if err != nil {
		t.Fatal(err)
	}
	out := regulation.Proof{Clauses: map[regulation.ClauseID]regulation.Evidence{}}
	if out.Hash, err = proofHash(lib); err != nil {
		t.Fatal(err)
	}
	for _, s := range scripts(t) {
		began := time.Now()
		proved, err := story.Prove(t.Context(), p, o, t.TempDir(), s)
		if err != nil {
			t.Error(err)
			continue
		}
		t.Logf("%s proves %v in %s; not noticed: %v", s.Name, proved.Clauses, time.Since(began).Round(time.Millisecond), proved.Unheeded)
		for _, c := range proved.Clauses {
			e := out.Clauses[c]
			e.Stories = append(e.Stories, s.Name)
			slices.Sort(e.Stories)
			out.Clauses[c] = e
		}
	}
	if t.Failed() {
		return
	}
	write(t, "coverage.json", out)
}

// TestOperationsCurrent keeps the embedded list of operations equal to the sources.
func TestOperationsCurrent(t *testing.T) {
	ops, err := story.Operations("../../internal")
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		write(t, "operations.json", ops)
		return
	}
	want, err := json.MarshalIndent(ops, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(bytes.TrimSpace(operations), want) {
		t.Errorf("operations.json is not that of the sources: run go test ./cmd/lienthong -run TestOperationsCurrent -update")
	}
}

func write(t *testing.T, name string, v any) {
	t.Helper()
	b, err := json.MarshalIndent(v, "", " ")
	if err == nil {
		err = os.WriteFile(name, append(b, '\n'), 0o644)
	}
	if err != nil {
		t.Fatal(fmt.Errorf("%s: %w", name, err))
	}
}
