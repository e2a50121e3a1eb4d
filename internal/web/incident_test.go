package web

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/incident"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/org"
)

const journeyLead = org.UnitID("so-nong-nghiep-va-moi-truong")

// lead gives the leader of the department of floods an account.
func (s *provinceSite) floodLead() {
	lttest.View(s.t, s.DB, func(tx *db.Tx) error {
		held, err := org.Holders(tx, journeyLead, org.Leader)
		if err == nil {
			s.people["flood"] = held[0].Officer.ID
		}
		return err
	})
	s.open1(map[string]org.OfficerID{"flood": s.people["flood"]})
}

// report opens an incident of the commune's.
func (s *provinceSite) reports(in incident.Report) *incident.Incident { return s.reportsAs("xa", in) }

// reportsAs opens an incident as an officer, from the spot.
func (s *provinceSite) reportsAs(name string, in incident.Report) (x *incident.Incident) {
	s.t.Helper()
	lttest.Update(s.t, s.DB, func(tx *db.Tx) error {
		who, err := org.ActorOf(tx, s.people[name])
		if in.Spot = true; err == nil {
			x, err = incident.ReportNow(tx, who, in)
		}
		return err
	})
	return x
}

// A flood on the pages: reported, answered, decided with a person, printed; the sealed
// kind has two fields and takes nothing else.
func TestIncidentPages(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		s.floodLead()
		xa := s.visit("xa").open("/su-co").wants("Báo cáo đột xuất").open("/su-co/moi").wants("Thiên tai", "đường mật")
		at := incidentPath(s.reports(incident.Report{Type: incident.Disaster, Title: "Lũ ống ở hai xã", Text: "Nước lên nhanh.", OccurredAt: lttest.Start,
			Figures: map[string]string{"moved": "120", "crops": "12,5"}}).ID)
		xa.open(at).wants("Lũ ống ở hai xã", "120", "12,5")
		xa.open("/su-co").wants("Lũ ống ở hai xã")
		s.get(s.as(s.people["specialist"]), at).want(t, 404)
		lead := s.visit("flood").open("/").wants("Chủ trì xử lý sự cố").open(at).wants("Quyết định, giao người thực hiện", "Nguồn lực")
		lead.send(at+"/decide", "text", "Sơ tán thôn ven suối.", "person", "")
		lead.open(at).must(at+"/ask", "of", "so-y-te", "what", "Cơ số thuốc", "each", "cơ số", "amount", "20", "due", "2026-02-12T17:00").wants("20 cơ số Cơ số thuốc", "đang chờ")
		lead.open(at).must(at+"/decide", "text", "Sơ tán thôn ven suối.", "person", string(journeyCommune)+" "+string(s.people["xa"])).wants("đang thực hiện")
		xa.open("/").wants("Thực hiện quyết định xử lý sự cố").open(at).wants("Báo kết quả thực hiện quyết định")
		lead.open(at+"/dong-thoi-gian").wants("Báo cáo đột xuất", "Quyết định", "Sơ tán thôn ven suối.")

		form := xa.open("/su-co/moi?type=security").wants("đường mật")
		form.lacks("Diễn biến, việc đã làm", "Ảnh, tệp")
		xa.must("/su-co", "number", "12/BC-UBND", "issued_on", "09/02/2026").wants("Đã báo cáo bằng văn bản theo đường mật", "12/BC-UBND", "09/02/2026").lacks("Số liệu mới nhất", "Báo tình hình")
	})
}

// What the phone's page gives out: nothing of anybody without a sign-in, its worker for that
// page alone, an item of another's refused until he signs in himself.
func TestPhonePage(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		s.reports(incident.Report{Type: incident.Disaster, Title: "Lũ ống bí danh", Text: "Nước lên.", OccurredAt: lttest.Start})
		stranger := s.browser()
		page := s.get(stranger, phonePath)
		page.want(t, http.StatusOK)
		if strings.Contains(page.text, "Lũ ống bí danh") || strings.Contains(page.text, string(s.people["xa"])) {
			t.Error("the page that a phone keeps holds somebody's data")
		}
		worker := s.get(stranger, phonePath+"worker.js")
		if !strings.Contains(worker.text, `"/hien-truong/"`) || strings.Contains(worker.text, "danh-muc") || strings.Contains(worker.text, "/su-co") {
			t.Errorf("the worker keeps more than its page: %.600s", worker.text)
		}
		mine := s.get(s.as(s.people["xa"]), phonePath+"danh-muc")
		if !strings.Contains(mine.text, "Lũ ống bí danh") || strings.Contains(mine.text, incident.Security) {
			t.Errorf("what the phone keeps: %.600s", mine.text)
		}
		if other := s.get(s.as(s.people["specialist"]), phonePath+"danh-muc"); strings.Contains(other.text, "Lũ ống bí danh") {
			t.Error("the phone of another keeps what he may not read")
		}
	})
}

// gate lets requests through to the pages until the line is cut: then none gets an answer.
// While lose is set, what is sent reaches the server and its answer is lost on the way back.
type gate struct {
	off, lose atomic.Bool
	next      http.Handler
	mu        sync.Mutex
	keys      []string // of the items that came, one for each time they were sent
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if g.off.Load() {
		panic(http.ErrAbortHandler)
	}
	if r.Method == http.MethodPost && r.URL.Path == phonePath {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		copied := r.Clone(r.Context())
		copied.Body = io.NopCloser(bytes.NewReader(body))
		g.mu.Lock()
		g.keys = append(g.keys, copied.FormValue("key"))
		g.mu.Unlock()
		if g.lose.Load() {
			g.next.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		}
	}
	g.next.ServeHTTP(w, r)
}

// sent are the keys that came since the n-th.
func (g *gate) sent(n int) []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.keys[min(n, len(g.keys)):])
}

// stored reads what the phone keeps: the keys of items that wait, and how many bytes their
// files have.
const stored = `(async () => {
	const all = (s) => new Promise((ok) => { const r = indexedDB.open("lienthong", 1); r.onsuccess = () => { const q = r.result.transaction([s]).objectStore(s).getAll(); q.onsuccess = () => ok(q.result); }; });
	const forms = await all("form"), files = await all("file");
	return new Set(forms.map((f) => f.key)).size + " " + forms.length + " " + files.reduce((n, f) => n + f.blob.size, 0); })()`

// TestPhoneOffline is a commune officer on the spot: the page opens without a line, what he
// writes and photographs waits, a bad item holds up none, all arrive once.
func TestPhoneOffline(t *testing.T) {
	browser := newBrowser(t)
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		s := newProvinceSite(t, d, clock)
		s.blind = d.Postgres()
		s.floodLead()
		g := &gate{next: s.Handler()}
		srv := httptest.NewServer(g)
		t.Cleanup(srv.Close)
		s.url = srv.URL
		flood := s.reports(incident.Report{Type: incident.Disaster, Title: "Lũ ống suối Ngòi Lao", Text: "Nước lên.", OccurredAt: lttest.Start})
		other := s.reports(incident.Report{Type: incident.Disaster, Title: "Sạt lở dốc Cun", Text: "Đất trôi.", OccurredAt: lttest.Start})
		xa := s.window(t, browser, "xa")
		phone := func() {
			t.Helper()
			xa.do(chromedp.Navigate(s.url+phonePath), chromedp.WaitVisible(chromedp.CSS("main h1")))
			xa.until("the queue is there", `!!document.querySelector("form[data-ready]") && document.querySelector("[name=incident]").options.length > 1`)
		}
		phone()
		xa.until("the page is kept", `navigator.serviceWorker.controller !== null`)
		xa.look("60-phone")
		write := func(id casefile.ID, text, when string) {
			t.Helper()
			xa.do(chromedp.SetValue(chromedp.CSS(`[name=incident]`), string(id)), script(`document.querySelector("[name=incident]").dispatchEvent(new Event("change", {bubbles: true}))`),
				chromedp.SendKeys(chromedp.CSS(`[name=text]`), text), script(`document.querySelector("[name=seen_at]").value = "`+when+`"`),
				chromedp.Click(chromedp.CSS(`[name=nosecret]`)))
		}
		submit := func() {
			t.Helper()
			xa.do(chromedp.Click(chromedp.CSS(`form[data-queue] .acts button.btn`)))
			xa.until("it is written down", `!!document.querySelector(".unsent")`)
			xa.wants("Chưa gửi")
		}
		// no line at all: the page opens, two items with a picture are written, one of them bad
		g.off.Store(true)
		phone()
		xa.wants("không có mạng")
		write(other.ID, "Ghi sai giờ.", "2031-01-01T00:00") // after now: the server will refuse it
		submit()
		phone()
		write(flood.ID, "Ngập 30 nhà.", "2026-02-10T08:00")
		xa.do(chromedp.SendKeys(chromedp.CSS(`[name=f_houses_flooded]`), "30"))
		picture := photo(t, "ngap.jpg")
		xa.choose(picture)
		submit()
		phone()
		xa.until("both wait", `(document.getElementById("unsent") || {innerText: ""}).innerText.includes("Chưa gửi 2 việc")`)
		xa.look("61-phone-waits")
		xa.keptOnPhone(picture)
		// the line is there again: the good one arrives, the bad one stays with its reason
		g.off.Store(false)
		phone()
		xa.until("one is sent", `(document.getElementById("unsent") || {innerText: ""}).innerText.includes("Chưa gửi 1 việc")`)
		xa.until("the other says why", `document.getElementById("unsent").innerText.includes("không thể sau bây giờ")`)
		xa.look("62-phone-refused")
		lttest.View(t, d, func(tx *db.Tx) error {
			w, err := incident.Read(tx, org.System("test"), flood.ID)
			if err != nil {
				return err
			}
			if len(w.Said) != 2 || w.Said[1].Text != "Ngập 30 nhà." || w.Totals["houses_flooded"] != 3000 {
				t.Errorf("what arrived: %+v", w.Said)
			}
			docs, err := casefile.Documents(tx, org.System("test"), flood.ID)
			if len(docs) != 1 || docs[0].Size > 2_000_000 || docs[0].EventN != w.Said[1].N {
				t.Errorf("the photograph: %+v", docs)
			}
			return err
		})
		xa.open(incidentPath(flood.ID)).wants("Số liệu mới nhất", "30").look("63-incident")
		xa.sentTwice(g, flood.ID, phone, write)
		// signed out, asked, wiped: nothing stays on the phone
		xa.open("/signout").press("xoá nội dung gõ dở")
		left := ask(xa, chromedp.Evaluate[string](`(async () => {
			const n = await new Promise((ok) => { const r = indexedDB.open("lienthong", 1); r.onupgradeneeded = () => ["file", "form"].forEach((s) => r.result.createObjectStore(s, {keyPath: "key"}));
				r.onsuccess = () => { const q = r.result.transaction(["form"]).objectStore("form").count(); q.onsuccess = () => ok(q.result); }; });
			return n + " " + localStorage.length + " " + (await caches.keys()).length; })()`, chromedp.EvalAwaitPromise))
		if left != "0 0 0" {
			t.Errorf("after signing out with wiping there are items, texts, caches: %s", left)
		}
		if all := s.Reports(); len(all) > 0 {
			t.Errorf("content policy: %+v", all)
		}
	})
}

// keptOnPhone looks at what waits on the phone: each of two items has a key made there, and
// the photograph was shrunk before it was stored.
func (w *window) keptOnPhone(picture string) {
	w.t.Helper()
	whole, err := os.Stat(picture)
	if err != nil {
		w.t.Fatal(err)
	}
	var keys, items, size int64
	if _, err := fmt.Sscan(ask(w, chromedp.Evaluate[string](stored, chromedp.EvalAwaitPromise)), &keys, &items, &size); err != nil || keys != 2 || items != 2 || size == 0 || size > whole.Size()/2 {
		w.t.Errorf("the phone keeps %d items under %d keys with %d bytes of a photograph of %d, %v", items, keys, size, whole.Size(), err)
	}
}

// sentTwice cuts the line behind an item that the server has taken: the phone sends it again
// under the same key, and it is there once.
func (w *window) sentTwice(g *gate, flood casefile.ID, phone func(), write func(id casefile.ID, text, when string)) {
	w.t.Helper()
	before := len(g.sent(0))
	g.lose.Store(true)
	phone()
	write(flood, "Nước đang rút.", "2026-02-10T08:01")
	w.do(chromedp.Click(chromedp.CSS(`form[data-queue] .acts button.btn`)))
	w.until("the server has it and the phone does not know", `!!document.querySelector(".unsent")`)
	for deadline := time.Now().Add(patience); len(g.sent(before)) == 0 && time.Now().Before(deadline); {
		time.Sleep(50 * time.Millisecond)
	}
	g.lose.Store(false)
	phone()
	w.until("it is known to be there", `(document.getElementById("unsent") || {innerText: ""}).innerText.includes("Chưa gửi 1 việc")`)
	times := map[string]int{}
	for _, k := range g.sent(before) {
		times[k]++
	}
	lttest.View(w.t, w.s.DB, func(tx *db.Tx) error {
		x, err := incident.Read(tx, org.System("test"), flood)
		if err != nil {
			return err
		}
		n := 0
		for _, said := range x.Said {
			if said.Text == "Nước đang rút." {
				n++
			}
		}
		if n != 1 || !slices.ContainsFunc(slices.Collect(maps.Values(times)), func(n int) bool { return n > 1 }) {
			w.t.Errorf("sent under keys %v, %d items", times, n)
		}
		return nil
	})
}
