package web

import (
	"context"
	_ "embed"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/workday"
)

// axe-core 4 (Deque Systems, MPL-2.0, see testdata/axe.LICENSE.txt) judges every screen.
//
//go:embed testdata/axe.min.js
var axeSource string

// A window is one officer at a real browser. With LT_SHOTS set to a folder each screen is
// kept there as a picture, wide and as on a phone, for people to look at.
type window struct {
	s   *provinceSite
	t   *testing.T
	ctx context.Context
}

// chromium finds the browser, which `make test` names; a test that needs it says what is
// missing. The headless shell comes first: it takes half the processor time.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{os.Getenv("LT_TEST_CHROMIUM"), "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatal("no Chromium: install the package chromium-headless-shell or chromium")
	return ""
}

func newBrowser(t *testing.T) context.Context {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium(t)), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("lang", "vi"), chromedp.WindowSize(1366, 768))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// window is an officer at a browser of his own, signed in once. The first of an office
// types at the sign-in page; the others bring the cookie of a sign-in by request: what
// typing shows is shown then, and each page of a browser costs a tenth of a second.
func (s *provinceSite) window(t *testing.T, browser context.Context, name string) *window {
	t.Helper()
	if w := s.windows[name]; w != nil {
		return w.open("/")
	}
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	w := &window{s: s, t: t, ctx: ctx}
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1366, 768)); err != nil { // the first run carries no time limit
		t.Fatal(err)
	}
	if len(s.windows) == 0 {
		w.do(chromedp.Navigate(s.url+"/signin"), chromedp.SendKeys(chromedp.CSS(`[name=name]`), string(s.people[name])),
			chromedp.SendKeys(chromedp.CSS(`[name=password]`), word+kb.Enter), chromedp.WaitVisible(chromedp.CSS(`.rail`)), chromedp.WaitVisible(chromedp.CSS(`main h1`)))
	} else {
		w.bring(s.as(s.people[name])).open("/")
	}
	s.windows[name] = w
	return w
}

// bring gives the browser the cookies of a client.
func (w *window) bring(c *http.Client) *window {
	w.t.Helper()
	at, err := url.Parse(w.s.url)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, k := range c.Jar.Cookies(at) {
		w.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
			_, err := cdp.Call(ctx, t, network.SetCookie, network.SetCookieParams{Name: k.Name, Value: k.Value, URL: w.s.url, HTTPOnly: new(true)})
			return err
		}))
	}
	return w
}

func (w *window) do(actions ...chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	for _, a := range actions {
		err := chromedp.Do(ctx, a)
		for again := 0; err != nil && again < 5 && replaced(err); again++ {
			time.Sleep(50 * time.Millisecond)
			err = chromedp.Do(ctx, a)
		}
		if err == nil {
			continue
		}
		text, _ := chromedp.Run(w.ctx, chromedp.Evaluate[string](`document.querySelector("main")?.innerText || ""`))
		w.t.Fatalf("%v\n%.1500s", err, text)
	}
}

// replaced tells that what an action had found was exchanged by the page before it was touched,
// as suggestions are while somebody types: a person just clicks the new one.
func replaced(err error) bool {
	return strings.Contains(err.Error(), "Could not find node with given id") || strings.Contains(err.Error(), "No node with given id")
}

// patience is how long one step of a browser may take on a busy machine.
const patience = time.Minute

// script runs a line on the page.
func script(line string) chromedp.Action[chromedp.Void] {
	return chromedp.Evaluate[chromedp.Void](line)
}

// ask reads a value from the page.
func ask[T any](w *window, a chromedp.Action[T]) T {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, a)
	if err != nil {
		w.t.Fatal(err)
	}
	return v
}

// open goes to a page.
func (w *window) open(path string) *window {
	w.t.Helper()
	w.do(chromedp.Navigate(w.s.url+path), chromedp.WaitVisible(chromedp.CSS("main h1")))
	return w
}

// fill types into the form with an action: a name and what to type, a select's value, or
// "✓" for a box or radio button with that value behind "=".
func (w *window) fill(action string, pairs ...string) *window {
	w.t.Helper()
	form := `form[action$="` + action + `"] `
	for i := 0; i < len(pairs); i += 2 {
		name, value := pairs[i], pairs[i+1]
		if n, v, ok := strings.Cut(name, "="); ok {
			w.do(chromedp.Click(chromedp.CSS(form + `[name="` + n + `"][value="` + v + `"]`)))
			continue
		}
		at := chromedp.CSS(form + `[name="` + name + `"]`)
		if ask(w, chromedp.JavascriptAttribute[string](at, "tagName")) == "SELECT" {
			w.do(chromedp.SetValue(at, value))
			continue
		}
		w.do(chromedp.SendKeys(at, value))
	}
	return w
}

// send presses the form's own button and waits for the page that follows.
func (w *window) send(action string) *window {
	w.t.Helper()
	w.do(script(`window.was = true`), chromedp.Click(chromedp.CSS(`form[action$="`+action+`"] .acts button.btn:not([name])`)),
		arrived, chromedp.WaitVisible(chromedp.CSS("main h1")))
	return w
}

// press clicks a link or button by its words.
func (w *window) press(words string) *window {
	w.t.Helper()
	w.do(script(`window.was = true`), chromedp.Click(chromedp.Search(`//main//*[self::a or self::button][contains(normalize-space(.), "`+words+`")]`)),
		arrived, chromedp.WaitVisible(chromedp.CSS("main h1")))
	return w
}

func (w *window) wants(all ...string) *window {
	w.t.Helper()
	text := ask(w, chromedp.Text(chromedp.CSS("main")))
	for _, one := range all {
		if !strings.Contains(text, one) {
			w.t.Errorf("the page lacks %q: %.800s", one, text)
		}
	}
	return w
}

func (w *window) path() string { return ask(w, chromedp.Evaluate[string](`location.pathname`)) }

// look judges the screen with axe in both widths and keeps pictures of it.
func (w *window) look(name string) *window {
	w.t.Helper()
	if w.s.blind {
		return w
	}
	for _, size := range []struct {
		name          string
		width, height int64
	}{{"1366", 1366, 768}, {"390", 390, 844}} {
		w.do(chromedp.EmulateViewport(size.width, size.height))
		w.judge(name + " " + size.name)
		if ask(w, chromedp.Evaluate[bool](`document.documentElement.scrollWidth > document.documentElement.clientWidth`)) {
			w.t.Errorf("%s at %s scrolls sideways", name, size.name)
		}
		w.shot(name + "-" + size.name)
	}
	w.do(chromedp.EmulateViewport(1366, 768))
	return w
}

func (w *window) shot(name string) {
	dir := os.Getenv("LT_SHOTS")
	if dir == "" {
		return
	}
	png := ask(w, chromedp.FullScreenshot(100))
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// judge fails on what axe calls serious or worse, once the page has come to rest: a colour
// on its way to another is none that anybody reads.
func (w *window) judge(name string) {
	w.t.Helper()
	if !ask(w, chromedp.Evaluate[bool](`"axe" in window`)) { // it stays while the page does
		w.do(script(axeSource))
	}
	raw := ask(w, chromedp.Evaluate[string](
		`Promise.allSettled(document.getAnimations().map(a => a.finished)).then(() => axe.run(document, {resultTypes: ["violations"]})).then(r => JSON.stringify(r.violations.filter(v => ["serious", "critical"].includes(v.impact))
			.map(v => ({rule: v.id, help: v.help, at: v.nodes.slice(0, 3).map(n => n.html + " " + n.failureSummary)}))))`, chromedp.EvalAwaitPromise))
	var found []struct {
		Rule, Help string
		At         []string
	}
	if err := json.Unmarshal([]byte(raw), &found); err != nil {
		w.t.Fatal(err)
	}
	for _, f := range found {
		w.t.Errorf("%s: %s (%s): %s", name, f.Rule, f.Help, strings.Join(f.At, "\n"))
	}
}

// media shows the page as on a screen or on paper.
func media(name string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: name})
		return err
	})
}

// arrived waits for the page behind a click; while one page goes and the next comes there
// is nothing to ask.
var arrived = chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
	for {
		there, err := chromedp.Evaluate[bool](`window.was === undefined && document.readyState === "complete"`)(ctx, t)
		if err == nil && there {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(30 * time.Millisecond):
		}
	}
})

// printed shows a page as it will lie on paper.
func (w *window) printed(name string) *window {
	if w.s.blind {
		return w
	}
	w.do(media("print"), chromedp.EmulateViewport(794, 1123))
	w.shot(name + "-print")
	w.do(media(""), chromedp.EmulateViewport(1366, 768))
	return w
}

// TestBrowserJourney is the journey through nine posts in a real browser: typing,
// clicking, the keyboard, a phone, paper; no report of the content policy, nothing that
// axe calls serious. Both databases give the same pages, so one of them is walked without
// looking at each.
func TestBrowserJourney(t *testing.T) {
	browser := newBrowser(t)
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		t.Parallel()
		s := newProvinceSite(t, d, clock)
		s.blind = d.Postgres()
		at := s.browserRaise(t, browser)
		s.browserDown(t, browser, at)
		s.browserExplain(t, browser, at, clock)
		s.browserAnswer(t, browser, at)
		s.browserSettle(t, browser, at)
		if all := s.Reports(); len(all) > 0 {
			t.Errorf("content policy: %+v", all)
		}
	})
}

// browserRaise takes a difficulty from the commune's form to its release.
func (s *provinceSite) browserRaise(t *testing.T, browser context.Context) string {
	xa := s.window(t, browser, "xa")
	xa.look("01-inbox-xa").press("Nêu kiến nghị").look("02-raise")
	xa.fill("/petitions", "title", "Chưa thực hiện được chứng thực bản sao điện tử trên hệ thống của tỉnh", "field", journeyField,
		"text", "Cán bộ một cửa đăng nhập được nhưng không có chức năng ký số bản sao; người dân phải quay lại nhiều lần.", "nosecret=1", "✓",
		"basis", "Nghị định 23/2015/NĐ-CP", "proposal", "Đề nghị cấp chức năng ký số.")
	xa.do(script(`document.querySelector('form[action="/petitions"]').noValidate = true`))
	xa.send("/petitions").wants("Xã, phường đã xử lý thế nào", "Hãy nêu xã, phường đã làm gì").look("03-raise-refused")
	xa.fill("/petitions", "tried", "Xã đã gọi tổng đài ba lần, chưa khắc phục được.", "nosecret=1", "✓").send("/petitions")
	xa.wants("chờ trưởng phòng xem").look("04-paper-submitted")
	paper := xa.path()
	s.window(t, browser, "xa-head").open(paper).look("05-paper-review").fill("/review", "comment", "Đồng ý").send("/review").wants("chờ lãnh đạo ký")
	leader := s.window(t, browser, "xa-leader").look("06-inbox-xa-leader").open(paper).look("07-paper-sign")
	leader.send("/sign").wants("chờ văn thư cấp số, phát hành")
	clerk := s.window(t, browser, "xa-clerk").open(paper).look("08-paper-release")
	return clerk.fill("/release", "nosecret=1", "✓").send("/release").wants("cần trả lời").look("09-case-xa").path()
}

// browserDown takes it down the department.
func (s *provinceSite) browserDown(t *testing.T, browser context.Context, at string) {
	clerk := s.window(t, browser, "clerk").look("10-inbox-clerk").open(at).look("11-case-clerk")
	clerk.press("Vào sổ đến").wants("Đã vào sổ văn bản đến")
	clerk.open("/notices").look("12-notices")
	leader := s.window(t, browser, "leader").look("13-inbox-leader").open(at).look("14-case-leader").press("Phân công").look("15-direct")
	leader.fill("/direct", "to=s:"+string(s.section("head")), "✓", "instruction", "Phòng tham mưu trả lời ngay, báo cáo tôi trước khi gửi xã.").send("/direct").wants("Đã phân công cho")
	head := s.window(t, browser, "head").open(at + "/direct").look("16-direct-head")
	head.fill("/direct", "to=o:"+string(s.people["specialist"])+"|"+string(s.section("head")), "✓", "instruction", "Anh/chị soạn trả lời.").send("/direct")
}

// browserExplain lets the day pass: an overseer asks for an explanation, by a day that he
// types, and the department gives it over its leader's signature.
func (s *provinceSite) browserExplain(t *testing.T, browser context.Context, at string, clock *lttest.Clock) {
	clock.Set(time.Date(2026, 2, 27, 9, 0, 0, 0, workday.Office)) // the first day on which it is late
	clear(s.windows)                                              // sessions do not outlive two weeks
	sweeper := duty.Sweeper{DB: s.DB, Kinds: dutyKinds(), Node: "test"}
	if _, err := sweeper.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	over := s.window(t, browser, "overseer").look("30-inbox-overseer").open(at).wants("chờ anh/chị xem xét").look("31-case-missed")
	over.press("Yêu cầu giải trình").look("32-demand").fill("/demand", "text", "Vì sao quá hạn mà chưa trả lời xã?", "due_on", "4/3/2026", "nosecret=1", "✓")
	over.send("/demand").wants("Đã gửi yêu cầu giải trình", "04/03")
	sp := s.window(t, browser, "specialist").open(at + "/explanation").wants("Vì sao quá hạn").look("33-explanation")
	paper := sp.fill("/explanation", "text", "Chờ số liệu của đơn vị vận hành; nay đã có.", "nosecret=1", "✓").send("/explanation").wants("chờ trưởng phòng xem").path()
	s.window(t, browser, "head").open(paper).send("/review")
	s.window(t, browser, "leader").open(paper).send("/sign")
	s.window(t, browser, "clerk").open(paper).fill("/release", "nosecret=1", "✓").send("/release")
	over.open(at).wants("Giải trình", "Chờ số liệu của đơn vị vận hành").look("34-case-explained")
}

// browserAnswer drafts, sends back, signs and releases the answer.
func (s *provinceSite) browserAnswer(t *testing.T, browser context.Context, at string) {
	sp := s.window(t, browser, "specialist").look("17-inbox-specialist")
	// the keyboard: "/" reaches the search, the arrow walks the rows
	sp.do(chromedp.KeyEvent("/"))
	if focused := ask(sp, chromedp.Evaluate[string](`document.activeElement.id`)); focused != "q" {
		t.Errorf("the key / leads to %q", focused)
	}
	sp.do(script(`document.activeElement.blur()`), chromedp.KeyEvent(kb.ArrowDown))
	if focused := ask(sp, chromedp.Evaluate[string](`document.activeElement.className`)); focused != "row" {
		t.Errorf("the arrow leads to %q", focused)
	}
	sp.open(at).look("18-case-specialist").printed("18-case").press("Soạn trả lời").look("19-answer")
	// what is typed outlives the tab
	sp.fill("/answer", "text", "Sở đã cấp chức năng ký số bản sao cho tài khoản của xã.")
	sp.do(chromedp.Sleep(600 * time.Millisecond))
	sp.open(at + "/answer").wants("Đã đưa lại nội dung anh/chị gõ dở")
	sp.fill("/answer", "outcome=guided", "✓", "basis", "Nghị định 23/2015/NĐ-CP", "nosecret=1", "✓").send("/answer").wants("chờ trưởng phòng xem")
	paper := sp.path()
	head := s.window(t, browser, "head").open(paper + "/edit").look("20-paper-edit")
	head.fill("/edit", "basis", "Điều 10, ", "note", "thêm căn cứ", "nosecret=1", "✓").send("/edit").wants("chờ lãnh đạo ký", "Bản 2")
	head.open(paper + "?v=2").look("21-paper-versions")
	leader := s.window(t, browser, "leader").open(paper).look("22-paper-sign")
	leader.send("/sign").wants("chờ văn thư")
	clerk := s.window(t, browser, "clerk").open(paper).fill("/release", "nosecret=1", "✓").send("/release")
	clerk.wants("đã phát hành").look("23-case-answered").printed("23-case-answered")
}

// browserSettle lets the commune say what came of it, and the overseer look.
func (s *provinceSite) browserSettle(t *testing.T, browser context.Context, at string) {
	xa := s.window(t, browser, "xa").look("24-inbox-xa-settle").open(at).look("25-case-xa-settle").press("Cho biết kết quả").look("26-settle")
	xa.fill("/settle", "settled=yes", "✓", "nosecret=1", "✓").send("/settle").wants("giải quyết được").look("27-case-settled")
	s.window(t, browser, "overseer").open(at).look("28-case-overseer").open("/search?q=chung+thuc").look("29-search")
}
