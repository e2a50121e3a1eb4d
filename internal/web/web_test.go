package web

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"lienthong/internal/blob"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/live"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/signin"
	"lienthong/internal/signoff"
	"lienthong/internal/upload"
	"lienthong/internal/web/ui"
)

const word = "đường về làng Hạ"

// A site is the web face over a test office, with a page of its own for the frame.
type site struct {
	*Server
	t     *testing.T
	clock *lttest.Clock
	url   string
	log   *lockedBuffer
}

// lockedBuffer is a log that the server writes while the test reads.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func eachSite(t *testing.T, fn func(t *testing.T, s *site)) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) { fn(t, newSite(t, d, clock)) })
}

func newSite(t *testing.T, d *db.DB, clock *lttest.Clock) *site {
	t.Helper()
	lttest.Office(t, d)
	s := bareSite(t, d, clock)
	phc, err := s.Keeper.Hasher.Hash(context.Background(), word)
	if err != nil {
		t.Fatal(err)
	}
	lttest.Update(t, d, func(tx *db.Tx) (err error) {
		for _, o := range []org.OfficerID{lttest.OfficerA, lttest.OfficerB, lttest.UnitAdmin} {
			if err := signin.Open(tx, o, string(o), phc, false); err != nil {
				return err
			}
		}
		return nil
	})
	s.handle("GET /thu", s.tryPage)
	s.handle("POST /thu", s.tryForm)
	s.handle("POST /thu/{kind}", s.tryFault)
	return s
}

// bareSite is the web face over whatever office the store holds.
func bareSite(t *testing.T, d *db.DB, clock *lttest.Clock) *site {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	keeper, err := signin.New(ctx, d)
	if err != nil {
		t.Fatal(err)
	}
	r := keeper.Rules()
	r.TokenRate, r.AddressRate = 0, 0
	keeper.SetRules(r)
	blobs, err := blob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, clock: clock, log: &lockedBuffer{}, Server: &Server{
		DB: d, Blobs: blobs, Keeper: keeper, Hub: live.New(3), Office: "Tỉnh Thử", Version: "thử"}}
	s.Log = slog.New(signin.Redacted(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	d.Changed = s.Hub.Changed
	lttest.View(t, d, func(tx *db.Tx) (err error) {
		s.Upload, err = upload.Load(tx)
		return err
	})
	if s.Desk, err = signoff.NewDesk(petition.Papers()...); err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(s.Handler())
	s.url = srv.URL
	go s.Hub.Run(ctx)
	t.Cleanup(func() {
		cancel()
		srv.Close()
	})
	return s
}

// tryPage and tryForm are the pattern of a page with a form.
func (s *site) tryPage(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		p.Title = "Thử"
		t := keptOf(r)
		return ui.SheetOf(t.form(ui.Form{Action: "/thu", Key: p.Key, Keep: "thu", Version: "3", Send: "Gửi"}),
			ui.Stack(ui.Field(t.in(ui.Input{Name: "title", Label: "Trích yếu"})), ui.TextArea(t.in(ui.Input{Name: "text", Label: "Nội dung"})))), nil
	})
}

func (s *site) tryForm(w http.ResponseWriter, r *http.Request) error {
	err := s.update(w, r, func(tx *db.Tx, who org.Actor) (done, error) {
		if r.PostForm.Get("title") == "" {
			return done{}, &fault.Refusal{Kind: fault.Invalid, Field: "title", Say: "Chưa ghi trích yếu.", Clause: "THU/D1.K2"}
		}
		_, err := tx.Exec(`INSERT INTO setting (name, value, source, set_at) VALUES ($1, $2, '', $3)`, tx.NewID(), r.PostForm.Get("text"), tx.Now)
		tx.Touch(string(lttest.Department))
		return done{To: "/thu?n=1", Say: "Đã ghi."}, err
	})
	return s.again(w, r, err, s.tryPage)
}

func (s *site) tryFault(http.ResponseWriter, *http.Request) error { return nil }

func (s *site) written() (n int) {
	s.t.Helper()
	lttest.View(s.t, s.DB, func(tx *db.Tx) error { return tx.One(`SELECT count(*) FROM setting`, nil, &n) })
	return n
}

// browser is one browser that follows nothing by itself.
func (s *site) browser() *http.Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// An answer is a response read to its end.
type answer struct {
	*http.Response
	text string
	root *html.Node
}

func (s *site) do(c *http.Client, req *http.Request) answer {
	s.t.Helper()
	res, err := c.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	root, err := html.Parse(bytes.NewReader(raw))
	if err != nil {
		s.t.Fatal(err)
	}
	return answer{res, string(raw), root}
}

func (s *site) get(c *http.Client, path string) answer {
	s.t.Helper()
	req, err := http.NewRequest(http.MethodGet, s.url+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.do(c, req)
}

func (s *site) post(c *http.Client, path string, pairs ...string) answer {
	s.t.Helper()
	return s.do(c, s.form(path, pairs...))
}

func (s *site) form(path string, pairs ...string) *http.Request {
	s.t.Helper()
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	req, err := http.NewRequest(http.MethodPost, s.url+path, strings.NewReader(v.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", s.url)
	return req
}

// as signs an officer in.
func (s *site) as(o org.OfficerID) *http.Client {
	s.t.Helper()
	c := s.browser()
	if a := s.post(c, "/signin", "name", string(o), "password", word); a.StatusCode != http.StatusSeeOther {
		s.t.Fatalf("sign in as %s: %d %s", o, a.StatusCode, a.text)
	}
	return c
}

// value returns the value of the first control of that name.
func (a answer) value(name string) (v string) {
	each(a.root, func(n *html.Node) bool {
		if attr(n, "name") != name {
			return false
		}
		v = attr(n, "value")
		if n.Data == "textarea" && n.FirstChild != nil {
			v = n.FirstChild.Data
		}
		return true
	})
	return v
}

func each(n *html.Node, stop func(n *html.Node) bool) bool {
	if n.Type == html.ElementNode && stop(n) {
		return true
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if each(c, stop) {
			return true
		}
	}
	return false
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func (a answer) want(t *testing.T, status int, texts ...string) {
	t.Helper()
	if a.StatusCode != status {
		t.Fatalf("%s %s = %d, want %d: %.600s", a.Request.Method, a.Request.URL.Path, a.StatusCode, status, a.text)
	}
	for _, s := range texts {
		if !strings.Contains(a.text, html.EscapeString(s)) {
			t.Errorf("%s %s does not say %q: %.1500s", a.Request.Method, a.Request.URL.Path, s, a.text)
		}
	}
}

func TestTheDoorSendsBack(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		c := s.browser()
		a := s.get(c, "/thu?a=b")
		a.want(t, 303)
		to := a.Header.Get("Location")
		if to != "/signin?next=%2Fthu%3Fa%3Db" {
			t.Fatalf("sent to %s", to)
		}
		page := s.get(c, to)
		page.want(t, 200, "Tên đăng nhập")
		bad := s.post(c, "/signin", "name", string(lttest.OfficerA), "password", "không phải đâu", "next", page.value("next"))
		bad.want(t, 422, "Tên đăng nhập hoặc mật khẩu không đúng.")
		if got := bad.value("name"); got != string(lttest.OfficerA) {
			t.Errorf("the name typed is lost: %q", got)
		}
		in := s.post(c, "/signin", "name", string(lttest.OfficerA), "password", word, "next", page.value("next"))
		in.want(t, 303)
		if in.Header.Get("Location") != "/thu?a=b" {
			t.Errorf("after the door: %s", in.Header.Get("Location"))
		}
		s.get(c, "/thu").want(t, 200, "Trích yếu")
		for _, evil := range []string{"//evil.example", "https://evil.example", `/\evil.example`} {
			if to := s.post(s.browser(), "/signin", "name", string(lttest.OfficerA), "password", word, "next", evil).Header.Get("Location"); to != "/" {
				t.Errorf("next=%s leads to %s", evil, to)
			}
		}
		s.get(c, "/signout").want(t, 200, "giữ nội dung gõ dở")
		out := s.post(c, "/signout", "drafts", "wipe")
		out.want(t, 303)
		if out.Header.Get("Clear-Site-Data") != `"storage"` {
			t.Error("kept texts are not wiped")
		}
		s.get(c, "/thu").want(t, 303)
		if text := s.log.String(); strings.Contains(text, word) || strings.Contains(text, "không phải đâu") {
			t.Error("a password is in the log")
		}
	})
}

func TestHeaders(t *testing.T) {
	d, clock := lttest.SQLite(t)
	s := newSite(t, d, clock)
	c := s.as(lttest.OfficerA)
	for _, path := range []string{"/signin", "/profile", "/khong-co", "/static/none.css"} {
		a := s.get(c, path)
		if path == "/static/none.css" {
			continue
		}
		csp := a.Header.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
			if !strings.Contains(csp, part) {
				t.Errorf("%s: policy lacks %s", path, part)
			}
		}
		if strings.Contains(csp, "unsafe") || strings.Contains(csp, "data:") {
			t.Errorf("%s: policy %s", path, csp)
		}
		if a.Header.Get("X-Content-Type-Options") != "nosniff" || a.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: headers %v", path, a.Header)
		}
		each(a.root, func(n *html.Node) bool {
			if attr(n, "style") != "" || n.Data == "style" || (n.Data == "script" && attr(n, "src") == "") || attr(n, "onclick") != "" {
				t.Errorf("%s: inline style or script in <%s>", path, n.Data)
			}
			return false
		})
	}
}

func TestAnotherSiteCannotSendForms(t *testing.T) {
	d, clock := lttest.SQLite(t)
	s := newSite(t, d, clock)
	c := s.as(lttest.OfficerA)
	for _, h := range [][2]string{{"Origin", "https://evil.example"}, {"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}} {
		req := s.form("/thu", "key", db.NewSecret(), "title", "a", "text", "b")
		req.Header.Del("Origin")
		req.Header.Set(h[0], h[1])
		s.do(c, req).want(t, 403, "từ một trang khác")
	}
	if s.written() != 0 {
		t.Error("a form of another site was done")
	}
	req := s.form("/signin", "name", string(lttest.OfficerA), "password", word)
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	s.do(s.browser(), req).want(t, 403)
}

func TestARefusedFormComesBack(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		c := s.as(lttest.OfficerA)
		key := s.get(c, "/thu").value("key")
		a := s.post(c, "/thu", "key", key, "version", "2", "text", "Nội dung <b> đã gõ\r\nhai dòng", "title", "", "keep", "thu")
		a.want(t, 422, "Chưa ghi trích yếu.", "THU/D1.K2")
		if got := strings.TrimPrefix(a.value("text"), "\n"); got != "Nội dung <b> đã gõ\nhai dòng" {
			t.Errorf("typed text came back as %q", got)
		}
		if a.value("version") != "2" {
			t.Errorf("version %q, want what the person saw", a.value("version"))
		}
		if !strings.Contains(a.text, "data-refused") || !strings.Contains(a.text, `aria-invalid="true"`) {
			t.Error("the form is not marked as refused")
		}
		if s.written() != 0 {
			t.Error("a refused form left a row")
		}
		// the same key serves for the mended form
		s.post(c, "/thu", "key", key, "title", "Có rồi", "text", "x y", "keep", "thu").want(t, 303)
		next := s.get(c, "/thu?n=1")
		next.want(t, 200, "Đã ghi.", `<meta name="kept" content="thu"`[6:10])
		if !strings.Contains(next.text, `name="kept" content="thu"`) {
			t.Error("the browser is not told that the text has arrived")
		}
		if again := s.get(c, "/thu?n=1"); strings.Contains(again.text, "Đã ghi.") {
			t.Error("a flash is shown twice")
		}
	})
}

func TestAFormSentTwiceIsDoneOnce(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		c := s.as(lttest.OfficerA)
		key := s.get(c, "/thu").value("key")
		for range 3 {
			a := s.post(c, "/thu", "key", key, "title", "a", "text", "b")
			a.want(t, 303)
			if a.Header.Get("Location") != "/thu?n=1" {
				t.Errorf("a repeat leads to %s", a.Header.Get("Location"))
			}
		}
		if n := s.written(); n != 1 {
			t.Errorf("%d rows, want 1", n)
		}
		s.post(c, "/thu", "key", key, "title", "a", "text", "khác").want(t, 422, "đã dùng cho một nội dung khác")
		s.post(s.as(lttest.OfficerB), "/thu", "key", key, "title", "a", "text", "b").want(t, 303) // another officer's key is another key
		s.post(c, "/thu", "title", "a", "text", "b").want(t, 422, "thiếu khóa")
		if n := s.written(); n != 2 {
			t.Errorf("%d rows, want 2", n)
		}
		both := db.NewSecret()
		var wg sync.WaitGroup
		status := make([]int, 8)
		for i := range status {
			wg.Add(1)
			go func() {
				defer wg.Done()
				res, err := c.Do(s.form("/thu", "key", both, "title", "a", "text", "cùng lúc"))
				if err == nil {
					status[i] = res.StatusCode
					res.Body.Close()
				}
			}()
		}
		wg.Wait()
		if n := s.written(); n != 3 {
			t.Errorf("%d rows after eight at once, want 3", n)
		}
		for _, code := range status {
			if code != 303 {
				t.Errorf("at once: %v, want 303 for all", status)
				break
			}
		}
	})
}

func TestFailuresBecomePages(t *testing.T) {
	d, clock := lttest.SQLite(t)
	s := newSite(t, d, clock)
	c := s.as(lttest.OfficerA)
	for _, tt := range []struct {
		name   string
		err    error
		status int
		texts  []string
		header string
	}{
		{"not found", fmt.Errorf("read: %w", fault.NotFound), 404, []string{"Không tìm thấy"}, ""},
		{"denied with the step", &fault.Refusal{Kind: fault.Denied, Say: "Chưa có chữ ký.", Step: "chờ lãnh đạo ký"}, 403, []string{"Còn thiếu một bước: chờ lãnh đạo ký", "Chưa có chữ ký."}, ""},
		{"conflict", fault.Conflict, 409, []string{"vừa thay đổi", "câu anh gõ ở đây"}, ""},
		{"conflict with a reason of its own", fault.Refuse(fault.Conflict, "Văn bản này đã được nhập."), 409, []string{"Lúc này không làm được việc này", "Văn bản này đã được nhập."}, ""},
		{"conflict of what was seen", &fault.Refusal{Kind: fault.Conflict, Field: fault.Seen, Say: "Có bản mới."}, 409, []string{"vừa thay đổi", "Có bản mới."}, ""},
		{"conflict with both texts", sides(fmt.Errorf("answer: %w", fault.Conflict), ui.Side{Title: "Của anh/chị", Text: "bản A"}, ui.Side{Title: "Đang có", Text: "bản B"}), 409, []string{"bản A", "bản B"}, ""},
		{"too large", fault.TooLarge, 413, []string{"quá lớn"}, ""},
		{"too many", &signin.Later{After: 90e9, Why: fault.TooMany}, 429, nil, "90"},
		{"busy", fault.Busy, 503, []string{"đang bận"}, "2"},
		{"ours", fmt.Errorf("sql: chi tiết bên trong"), 500, []string{"Lỗi hệ thống", "Số sự cố"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := "/hong/" + url.PathEscape(strings.ReplaceAll(tt.name, " ", "-"))
			s.handle("POST "+path, func(http.ResponseWriter, *http.Request) error { return tt.err })
			a := s.post(c, path, "key", db.NewSecret(), "text", "câu anh gõ ở đây")
			a.want(t, tt.status, tt.texts...)
			a.want(t, tt.status, "câu anh gõ ở đây") // nothing typed is lost
			if a.Header.Get("Retry-After") != tt.header {
				t.Errorf("Retry-After %q, want %q", a.Header.Get("Retry-After"), tt.header)
			}
			if strings.Contains(a.text, "chi tiết bên trong") {
				t.Error("the page tells of the inside")
			}
		})
	}
	if !strings.Contains(s.log.String(), "chi tiết bên trong") {
		t.Error("the log lacks the chain of a system fault")
	}
	s.handle("GET /hoang", func(http.ResponseWriter, *http.Request) error { panic("hỏng") })
	s.get(c, "/hoang").want(t, 500, "Số sự cố")
	s.get(c, "/khong-co-trang-nay").want(t, 404, "Không tìm thấy")
}

func TestAFormAfterTheSessionEnded(t *testing.T) {
	d, clock := lttest.SQLite(t)
	s := newSite(t, d, clock)
	c := s.as(lttest.OfficerA)
	clock.Add(s.Keeper.Rules().Absolute)
	req := s.form("/thu", "key", db.NewSecret(), "title", "t", "text", "một đoạn dài đã gõ", "password", "không được hiện")
	req.Header.Set("Referer", s.url+"/thu?x=1")
	a := s.do(c, req)
	a.want(t, 401, "một đoạn dài đã gõ", "hết hạn")
	if a.value("next") != "/thu?x=1" || strings.Contains(a.text, "không được hiện") {
		t.Errorf("the door leads to %s", a.value("next"))
	}
	live := s.form("/thu")
	live.Method = http.MethodGet
	live.Header.Set("X-Live", "1")
	s.do(c, live).want(t, 401)
}

func TestPagesThatRefreshDoNotKeepASessionAlive(t *testing.T) {
	d, clock := lttest.SQLite(t)
	s := newSite(t, d, clock)
	c := s.as(lttest.OfficerA)
	for range 3 {
		clock.Add(s.Keeper.Rules().Idle / 2)
		req := s.form("/thu")
		req.Method = http.MethodGet
		req.Header.Set("X-Live", "1")
		s.do(c, req)
	}
	s.get(c, "/thu").want(t, 303)
}

func TestProxies(t *testing.T) {
	d, clock := lttest.SQLite(t)
	s := newSite(t, d, clock)
	s.Proxies = []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")}
	for _, tt := range []struct {
		remote, forwarded, proto, want string
		secure                         bool
	}{
		{"192.0.2.7:1", "203.0.113.1", "https", "192.0.2.7", false}, // not a proxy of ours
		{"10.1.0.2:1", "203.0.113.1", "https", "203.0.113.1", true},
		{"10.1.0.2:1", "1.1.1.1, 203.0.113.1, 10.1.9.9", "http", "203.0.113.1", false}, // the left one may be made up
		{"10.1.0.2:1", "", "", "10.1.0.2", false},
		{"10.1.0.2:1", "rác", "https", "10.1.0.2", true},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = tt.remote
		r.Header.Set("X-Forwarded-For", tt.forwarded)
		r.Header.Set("X-Forwarded-Proto", tt.proto)
		from, secure := s.sender(r)
		if from.String() != tt.want || secure != tt.secure {
			t.Errorf("sender(%s, %q, %s) = %s, %t, want %s, %t", tt.remote, tt.forwarded, tt.proto, from, secure, tt.want, tt.secure)
		}
	}
	r := httptest.NewRequest(http.MethodPost, "https://thu.example/signin", strings.NewReader("name="+string(lttest.OfficerA)+"&password="+url.QueryEscape(word)))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.RemoteAddr = "10.1.0.2:1"
	r.Header.Set("X-Forwarded-Proto", "https")
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode {
			t.Errorf("cookie over TLS: %s", c)
		}
	}
	if w.Code != 303 || w.Header().Get("Strict-Transport-Security") == "" || len(w.Result().Cookies()) != 2 {
		t.Errorf("over TLS: %d %v", w.Code, w.Header())
	}
}

func TestStrangersAreLimited(t *testing.T) {
	d, clock := lttest.SQLite(t)
	s := newSite(t, d, clock)
	r := s.Keeper.Rules()
	r.AddressRate, r.TokenRate = 2, 3
	s.Keeper.SetRules(r)
	c := s.browser()
	var last answer
	for range 12 {
		last = s.get(c, "/signin")
	}
	last.want(t, 429, "Gửi quá nhiều yêu cầu")
	if last.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	clock.Add(60e9)
	in := s.as(lttest.OfficerA)
	for range 20 {
		last = s.get(in, "/thu")
	}
	last.want(t, 429)
}
