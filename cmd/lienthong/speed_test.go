package main

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"lienthong/internal/bench"
	"lienthong/internal/blob"
	"lienthong/internal/db"
	"lienthong/internal/live"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/signin"
	"lienthong/regulations"
)

// Beside the variables of this file nothing is set: LT_SPEED_STORE names a folder in which the
// loaded office stays for the next run, LT_SPEED_MILLION gives it the counters of a million
// cases, LT_SPEED_SHOW lists a page's statements.

// speedCases is how many cases the pages are measured on.
const speedCases = 1000

// seated is one officer of a department who sits, signed in, before the program's own mux.
type seated struct {
	http.Handler
	cookie, token, some string // some is the address of one running case
	over                string // the token of who oversees all units
	reads               atomic.Int64
	show                bool // says every statement
}

func (s *seated) get(tb testing.TB, path string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Cookie", s.cookie)
	token, wide := s.token, strings.HasPrefix(path, "/api/v1/board") || strings.HasPrefix(path, "/api/v1/search")
	if wide {
		token = s.over
	}
	if strings.HasPrefix(path, "/api/") {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	r.Header.Set("Accept-Encoding", "gzip")
	w := httptest.NewRecorder()
	if s.ServeHTTP(w, r); w.Code != http.StatusOK {
		tb.Fatalf("%s: %d %.300s", path, w.Code, w.Body)
	}
	return w
}

// sit loads an office, or takes the one that LT_SPEED_STORE names, and signs one
// officer in.
func sit(tb testing.TB) *seated {
	ctx := context.Background()
	dir := cmp.Or(os.Getenv("LT_SPEED_STORE"), tb.TempDir())
	d, err := db.Open(ctx, dir)
	check(tb, err)
	tb.Cleanup(func() { d.Close() })
	o, err := bench.Prepare(ctx, d)
	check(tb, err)
	check(tb, bench.Load(ctx, d, o, speedCases, tb.Logf))
	if os.Getenv("LT_SPEED_MILLION") != "" {
		check(tb, bench.LoadCounters(ctx, d, o))
	}
	files, err := blob.Open(filepath.Join(tb.TempDir(), "files"))
	check(tb, err)
	lib, err := regulation.Load(regulations.FS)
	check(tb, err)
	keeper, err := signin.New(ctx, d)
	check(tb, err)
	rules := keeper.Rules()
	rules.TokenRate, rules.AddressRate = 1_000_000, 1_000_000
	keeper.SetRules(rules)
	s := new(seated)
	s.door(tb, d, keeper, o.Overseer.Officer)
	s.over = s.token
	login := s.door(tb, d, keeper, o.Departments[0].Who.Officer)
	face, err := newFace(ctx, d, files, keeper, live.New(openPages), slog.New(slog.DiscardHandler), lib, nil)
	check(tb, err)
	s.Handler = face.Handler()
	form := url.Values{"name": {login}, "password": {"Thước đo 4711 của trạm Tân Sơn"}}
	r := httptest.NewRequest(http.MethodPost, "/signin", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	var all []string
	for _, c := range w.Result().Cookies() {
		all = append(all, c.Name+"="+c.Value)
	}
	s.cookie = strings.Join(all, "; ")
	check(tb, d.View(ctx, func(tx *db.Tx) error {
		var id string
		// system: one case of the measured store
		err := tx.One(`SELECT case_id FROM duty WHERE owner = $1 AND ended_at IS NULL ORDER BY due_at LIMIT 1`, []any{string(o.Departments[0].Unit)}, &id)
		s.some = "/petitions/" + id
		return err
	}))
	d.BeforeStatement = func(_ *db.Tx, query string) {
		if s.reads.Add(1); s.show {
			tb.Log(strings.Join(strings.Fields(query), " "))
		}
	}
	return s
}

// door gives an officer a token and an account with a password, and returns its login.
func (s *seated) door(tb testing.TB, d *db.DB, keeper *signin.Keeper, officer org.OfficerID) (login string) {
	ctx := context.Background()
	phc, err := signin.NewHasher().Hash(ctx, "Thước đo 4711 của trạm Tân Sơn")
	check(tb, err)
	check(tb, d.Update(ctx, func(tx *db.Tx) error {
		if err := signin.Open(tx, officer, "do-"+tx.NewID(), phc, false); err != nil {
			return err
		}
		secret, _, err := keeper.NewToken(tx, "system:bench", officer, "đo tải", time.Time{}, -1)
		s.token = secret.Reveal()
		if err != nil {
			return err
		}
		// system: one case of the measured store
		return tx.One(`SELECT a.login FROM account a WHERE a.officer = $1`, []any{string(officer)}, &login)
	}))
	return login
}

func check(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

func spent() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // never fails for oneself
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkPages is what a page costs the processor, the network left out. Beside the time of the clock,
// which says little on a busy machine, it reports processor time.
func BenchmarkPages(b *testing.B) {
	s := sit(b)
	for _, x := range []struct{ name, path string }{
		{"inbox", "/"}, {"inbox anew", "/?list=&list="}, {"case", s.some}, {"board anew", "/board?by=unit&by="},
		{"inbox json", "/api/v1/inbox?limit=25"}, {"inbox json anew", "/api/v1/inbox?limit=25&limit="},
		{"board by unit anew", "/api/v1/board?by=unit&by="}, {"board by commune anew", "/api/v1/board?by=commune&by="}, {"board by field anew", "/api/v1/board?by=field&by="},
		{"board by area anew", "/api/v1/board?by=area&by="}, {"board by desk anew", "/api/v1/board?by=desk&by="}, {"map anew", "/api/v1/board/map?by=commune&by="},
		{"board of cut months anew", "/api/v1/board?by=unit&from=2026-03-12&to=2026-10-19&by="},
		{"board of cut months by commune anew", "/api/v1/board?by=commune&from=2026-03-12&to=2026-10-19&by="},
		{"search", "/api/v1/search?q=%22cong+viec%22"}, {"search common", "/api/v1/search?q=cong"},
	} {
		b.Run(x.name, func(b *testing.B) {
			size := s.get(b, x.path).Body.Len()
			s.show = os.Getenv("LT_SPEED_SHOW") != ""
			s.get(b, x.path)
			s.show = false
			b.ReportAllocs()
			b.ResetTimer()
			before, reads := spent(), s.reads.Load()
			// of a value that stands twice the second is not read: the answer is made anew
			at, n := x.path, 0
			for b.Loop() {
				if n++; strings.HasSuffix(x.path, "=") {
					at = x.path + strconv.Itoa(n)
				}
				s.get(b, at)
			}
			b.ReportMetric(float64((spent()-before).Microseconds())/float64(b.N), "cpu-us/page")
			b.ReportMetric(float64(s.reads.Load()-reads)/float64(b.N), "statements/page")
			b.ReportMetric(float64(size), "bytes-sent")
		})
	}
}
