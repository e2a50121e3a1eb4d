package web

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"lienthong/internal/db"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
)

// TestAFormWithoutALine is a commune whose line is gone: a reload gives the form with what
// was typed, no list, no other page; what is sent waits and arrives once; nothing stays
// after signing out.
func TestAFormWithoutALine(t *testing.T) {
	browser := newBrowser(t)
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		if d.Postgres() {
			t.Skip("the page is the same on both databases")
		}
		s := newProvinceSite(t, d, clock)
		g := &gate{next: s.Handler()}
		srv := httptest.NewServer(g)
		t.Cleanup(srv.Close)
		s.url = srv.URL
		xa := s.window(t, browser, "xa")
		goTo := func(path string) {
			t.Helper()
			xa.do(chromedp.Navigate(s.url+path), chromedp.WaitReady(chromedp.CSS("body")))
		}
		goTo("/petitions/new")
		eventually := func(what, line string) {
			t.Helper()
			for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
				if ask(xa, chromedp.Evaluate[bool](line, chromedp.EvalAwaitPromise)) {
					return
				}
			}
			t.Fatalf("never: %s", what)
		}
		eventually("the page is kept", `(async () => navigator.serviceWorker.controller !== null && !!(await caches.match("/petitions/new", {cacheName: "bieu-mau-trang"})))()`)
		xa.fill("/petitions", "title", "Chưa chứng thực được bản sao điện tử", "field", journeyField, "text", "Không có chức năng ký số.", "tried", "Đã gọi tổng đài.", "nosecret=1", "✓")
		time.Sleep(600 * time.Millisecond) // what was typed is written down
		g.off.Store(true)
		goTo("/petitions/new")
		xa.wants("Không có đường truyền", "gõ dở").look("64-form-offline")
		if text := ask(xa, chromedp.Evaluate[string](`document.querySelector("form[data-queue] [name=text]").value`)); text != "Không có chức năng ký số." {
			t.Errorf("the text after a reload without a line: %q", text)
		}
		if kept := ask(xa, chromedp.Evaluate[string](`(async () => (await (await caches.open("bieu-mau-trang")).keys()).map(r => new URL(r.url).pathname).join(" "))()`, chromedp.EvalAwaitPromise)); kept != "/petitions/new" {
			t.Errorf("kept pages: %s", kept)
		}
		xa.fill("/petitions", "nosecret=1", "✓")
		xa.do(chromedp.Click(chromedp.CSS(`form[action="/petitions"] .acts button:not([name])`)))
		xa.until("it waits", `!!document.querySelector(".unsent")`)
		g.off.Store(false)
		xa.do(script(`dispatchEvent(new Event("online"))`))
		xa.until("it was sent", `location.pathname.startsWith("/papers/")`)
		lttest.View(t, d, func(tx *db.Tx) (err error) {
			n := 0
			// system: the test counts what was made
			if err = tx.One(`SELECT count(*) FROM paper`, nil, &n); n != 1 {
				t.Errorf("%d papers of one form", n)
			}
			return err
		})
		xa.open("/petitions").open("/signout").press("giữ nội dung gõ dở")
		eventually("no page stays after signing out", `(async () => (await caches.keys()).every(n => n !== "bieu-mau-trang"))()`)
		goTo("/petitions/worker.js")
		if text := ask(xa, chromedp.Evaluate[string](`document.body.innerText`)); !strings.Contains(text, "bieu-mau") {
			t.Errorf("the worker's script is not there for who is signed out: %.100s", text)
		}
		if all := s.Reports(); len(all) > 0 {
			t.Errorf("content policy: %+v", all)
		}
	})
}
