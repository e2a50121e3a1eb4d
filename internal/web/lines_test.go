package web

import (
	"context"
	"database/sql"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"lienthong/internal/blob"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
)

// line takes the line away from the browser, or gives it back at so many bytes a second
// (-1: no bound).
func (w *window) line(off bool, bytes float64) {
	w.t.Helper()
	w.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		if _, err := cdp.Call(ctx, t, network.Enable, network.EnableParams{}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, t, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: []*network.Conditions{
			{Offline: off, Latency: 5, DownloadThroughput: bytes, UploadThroughput: bytes}}})
		if err != nil {
			return err
		}
		_, err = cdp.Call(ctx, t, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: off, Latency: 5, DownloadThroughput: bytes, UploadThroughput: bytes})
		return err
	}))
}

// until waits for a line of script to be true.
func (w *window) until(what, line string) {
	w.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if ok, err := chromedp.Run(w.ctx, chromedp.Evaluate[bool](line)); err == nil && ok {
			return
		}
	}
	text, _ := chromedp.Run(w.ctx, chromedp.Evaluate[string](`document.querySelector("main")?.innerText || ""`))
	w.t.Fatalf("never: %s\n%.1500s", what, text)
}

// photo is a large picture with noise, as a telephone makes it: with an EXIF part that
// says where it was taken.
func photo(t *testing.T, name string) string {
	t.Helper()
	pic := image.NewRGBA(image.Rect(0, 0, 2400, 1800))
	r := rand.New(rand.NewSource(1))
	for y := range 1800 {
		for x := range 2400 {
			pic.Set(x, y, color.RGBA{uint8(x / 10), uint8(y / 8), uint8(r.Intn(256)), 255})
		}
	}
	path := filepath.Join(t.TempDir(), name)
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	place := "Exif\x00\x00II*\x00GPS 21.32N 105.40E"
	if _, err := f.WriteString("\xff\xd8\xff\xe1" + string([]byte{byte((len(place) + 2) >> 8), byte(len(place) + 2)}) + place); err != nil {
		t.Fatal(err)
	}
	if err := jpeg.Encode(&afterStart{f, 2}, pic, &jpeg.Options{Quality: 92}); err != nil {
		t.Fatal(err)
	}
	return path
}

// afterStart leaves out the first bytes of what is written.
type afterStart struct {
	f    *os.File
	skip int
}

func (a *afterStart) Write(b []byte) (int, error) {
	n := min(a.skip, len(b))
	a.skip -= n
	_, err := a.f.Write(b[n:])
	return len(b), err
}

// cuts is how many answers are lost: a browser by itself sends once more on a line that broke at
// once, and only after that is it the queue's turn.
const cuts = 4

// A cutter lets requests through until the line is to break in the middle of an answer: then
// the server has done what was asked, and the browser never hears of it.
type cutter struct {
	mu     sync.Mutex
	path   string // whose answer is cut
	cut    int    // how many were
	status int    // of the last answer that was cut
	next   http.Handler
}

func (c *cutter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	hit := c.path != "" && r.URL.Path == c.path && r.Method == http.MethodPost
	if hit {
		if c.cut++; c.cut == cuts {
			c.path = ""
		}
	}
	c.mu.Unlock()
	if !hit {
		c.next.ServeHTTP(w, r)
		return
	}
	answer := httptest.NewRecorder()
	c.next.ServeHTTP(answer, r)
	c.mu.Lock()
	c.status = answer.Code
	c.mu.Unlock()
	panic(http.ErrAbortHandler)
}

// TestPoorLine is a commune on a line that breaks in the middle of a file and of a form:
// nothing is lost and nothing is there twice.
func TestPoorLine(t *testing.T) {
	browser := newBrowser(t)
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		s := newProvinceSite(t, d, clock)
		s.blind = d.Postgres()
		cut := s.cuts()
		xa := s.window(t, browser, "xa")
		xa.open("/petitions/new")
		notes := filepath.Join(t.TempDir(), "Biên bản kiểm tra.txt")
		if err := os.WriteFile(notes, []byte(strings.Repeat("Biên bản kiểm tra hồ sơ chứng thực. ", 12_000)), 0o600); err != nil {
			t.Fatal(err)
		}
		bad := filepath.Join(t.TempDir(), "hong.pdf")
		if err := os.WriteFile(bad, []byte("không phải PDF"), 0o600); err != nil {
			t.Fatal(err)
		}
		// a slow line, which breaks while the first file goes up
		xa.line(false, 120_000)
		xa.choose(bad, notes, photo(t, "Màn hình.jpg"))
		xa.until("half a file", `[...document.querySelectorAll(".queue progress")].some(p => p.value > 0 && p.value < p.max)`)
		xa.line(true, 0)
		xa.until("the break is said", `document.querySelector(".queue").innerText.includes("đợi đường truyền")`)
		xa.look("50-line-broken")
		xa.wants("hong.pdf", "Biên bản kiểm tra.txt", "không đúng là")
		xa.fill("/petitions", "title", "Chưa chứng thực được bản sao điện tử", "field", journeyField, "text", "Không có chức năng ký số.", "tried", "Đã gọi tổng đài.", "nosecret=1", "✓")
		// a reload in the middle: the text and the files are still there
		xa.line(false, 120_000)
		time.Sleep(600 * time.Millisecond) // what was typed is written down
		xa.open("/petitions/new").wants("gõ dở", "Biên bản kiểm tra.txt", "Màn hình.jpg")
		xa.do(script(`[...document.querySelectorAll(".queue button")].find(b => b.getAttribute("aria-label") === "Bỏ tệp hong.pdf").click()`))
		xa.until("the bad one is gone", `!document.querySelector(".queue").innerText.includes("hong.pdf")`)
		xa.fill("/petitions", "nosecret=1", "✓")
		// sent without a line: it waits
		xa.line(true, 0)
		xa.do(chromedp.Click(chromedp.CSS(`form[action="/petitions"] .acts button:not([name])`)))
		xa.until("it waits", `!!document.querySelector(".unsent")`)
		xa.wants("Chưa gửi").look("51-line-waits")
		// the line comes back, and breaks after the server has done it, before the browser hears
		cut.arm("/petitions")
		xa.line(false, -1)
		xa.until("it was sent", `location.pathname.startsWith("/papers/")`)
		if cut.cut != cuts {
			t.Errorf("%d answers were cut, want %d", cut.cut, cuts)
		}
		if cut.status != http.StatusNoContent {
			t.Errorf("the server had not done it: %d", cut.status)
		}
		xa.wants("chờ trưởng phòng xem", "Biên bản kiểm tra.txt", "Màn hình.jpg")
		s.onePetition(t)
		xa.open("/petitions/new")
		if n := ask(xa, chromedp.Evaluate[int](`document.querySelectorAll(".queue li, #unsent, .kept").length`)); n != 0 {
			t.Errorf("%d things are still kept in the browser", n)
		}
		if all := s.Reports(); len(all) > 0 {
			t.Errorf("content policy: %+v", all)
		}
	})
}

// cuts puts a cutter before the pages.
func (s *provinceSite) cuts() *cutter {
	c := &cutter{next: s.Handler()}
	srv := httptest.NewServer(c)
	s.t.Cleanup(srv.Close)
	s.url = srv.URL
	return c
}

func (c *cutter) arm(path string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.path = path
}

// choose picks files as a person does in the browser's dialog.
func (w *window) choose(paths ...string) {
	w.t.Helper()
	w.do(chromedp.SetUploadFiles(chromedp.CSS(`form[data-queue] input[type=file]`), paths))
}

// onePetition looks at what arrived: one matter, each file once, the picture small and
// without its place.
func (s *provinceSite) onePetition(t *testing.T) {
	t.Helper()
	lttest.View(t, s.DB, func(tx *db.Tx) error {
		var cases int
		// system: the test counts
		if err := tx.One(`SELECT count(*) FROM casefile WHERE title = $1`, []any{"Chưa chứng thực được bản sao điện tử"}, &cases); err != nil {
			return err
		}
		if cases != 1 {
			t.Errorf("%d matters, want one", cases)
		}
		var docs []casefile.Document
		err := tx.All(`SELECT name, size, hash FROM document ORDER BY name`, nil, func(r *sql.Rows) error {
			var d casefile.Document
			err := r.Scan(&d.Name, &d.Size, &d.Hash)
			docs = append(docs, d)
			return err
		})
		if err != nil {
			return err
		}
		if len(docs) != 2 {
			return fmt.Errorf("%d files, want each once: %+v", len(docs), docs)
		}
		f, err := s.Blobs.Open(blob.Hash(docs[1].Hash))
		if err != nil {
			return err
		}
		defer f.Close()
		raw := make([]byte, docs[1].Size)
		if _, err := f.ReadAt(raw, 0); err != nil {
			return err
		}
		size, _, err := image.DecodeConfig(strings.NewReader(string(raw)))
		if err != nil || size.Width != 1600 || size.Height != 1200 || strings.Contains(string(raw), "GPS") {
			t.Errorf("the picture is %dx%d with its place %v, %v", size.Width, size.Height, strings.Contains(string(raw), "GPS"), err)
		}
		if docs[0].Size != int64(len(strings.Repeat("Biên bản kiểm tra hồ sơ chứng thực. ", 12_000))) {
			t.Errorf("the minutes have %d bytes", docs[0].Size)
		}
		return nil
	})
}
