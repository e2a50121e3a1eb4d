package crash

import (
	"context"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"lienthong/internal/audit"
	"lienthong/internal/blob"
	"lienthong/internal/db"
	"lienthong/internal/lttest"
)

const (
	clients = 32
	rude    = 8 // of them, hang up at random moments
)

// length is how long one store is loaded and killed; LT_CRASH says another time than the
// proof's, as "1m".
func length(t *testing.T) time.Duration {
	t.Helper()
	if given := os.Getenv("LT_CRASH"); given != "" {
		long, err := time.ParseDuration(given)
		if err != nil {
			t.Fatal(err)
		}
		return long
	}
	if os.Getenv("LT_PROVE") != "" {
		return 5 * time.Minute
	}
	return 8 * time.Second
}

func TestKilledUnderLoad(t *testing.T) {
	program := build(t)
	t.Run("sqlite", func(t *testing.T) {
		dir := t.TempDir()
		killed(t, program, dir, dir, "--data", dir)
	})
	t.Run("postgres", func(t *testing.T) {
		dir, url := t.TempDir(), lttest.PostgresURL(t)
		killed(t, program, url, dir, "--data", dir, "--db", url)
	})
}

// killed loads and kills a server over one store, then checks what it left.
func killed(t *testing.T, program, dsn, dir string, store ...string) {
	s := &server{t: t, program: program, store: store, addr: free(t)}
	defer s.kill()
	l := &ledger{cases: map[string]*life{}, done: map[string]int{}}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	wait := load(ctx, t, s, s.demo(), l)
	witness := filepath.Join(dir, "witness")
	kills := 0
	for end := time.Now().Add(length(t)); time.Now().Before(end) || kills < 3; kills++ {
		pause(ctx, time.Duration(200+rand.IntN(2200))*time.Millisecond)
		s.kill()
		if kills == 1 {
			over(t, dsn, dir, func(d *db.DB) { witnessed(t, d, witness) })
		}
		s.start("demo") // serve refuses an office whose password is printed
	}
	pause(ctx, time.Second) // those who were refused get their answer
	s.kill()
	stop()
	wait()
	over(t, dsn, dir, func(d *db.DB) {
		files, err := blob.Open(filepath.Join(dir, "blobs"))
		if err != nil {
			t.Fatal(err)
		}
		check(t, d, files, l, witness)
	})
	t.Logf("%d kills; acknowledged: %v", kills, l.done)
	for _, act := range acts {
		if l.done[act] == 0 {
			t.Errorf("no %s was acknowledged: the load proves nothing", act)
		}
	}
}

// load starts the clients and returns the function that waits for them.
func load(ctx context.Context, t *testing.T, s *server, u units, l *ledger) (wait func()) {
	pairs := fields(t, u.OneStep.Departments)
	var all sync.WaitGroup
	for n := range clients {
		lead := pairs[n%len(pairs)]
		c := &client{t: t, n: n, base: "http://" + s.addr, rude: n < rude, ledger: l, lead: lead.lead, field: lead.field,
			commune: u.OneStep.Communes[n%len(u.OneStep.Communes)], http: &http.Client{Transport: &http.Transport{}}}
		all.Go(func() { c.run(ctx) })
	}
	return all.Wait
}

// over runs fn over the store while no server does.
func over(t *testing.T, dsn, dir string, fn func(d *db.DB)) {
	t.Helper()
	d, err := db.Open(context.Background(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if d.Postgres() {
		d.SetBox(db.FileBox(dir)) // the keys of secrets of the program's own data folder
	}
	fn(d)
}

// witnessed keeps what an outsider would keep in the middle of it.
func witnessed(t *testing.T, d *db.DB, dir string) {
	t.Helper()
	sealed(t, d)
	if _, err := audit.Export(context.Background(), d, dir); err != nil {
		t.Fatal(err)
	}
}
