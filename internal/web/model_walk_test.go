package web

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/duty"
	"lienthong/internal/incident"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/programme"
	"lienthong/internal/regulation"
	"lienthong/internal/signoff"
	"lienthong/internal/tracker"
	"lienthong/internal/workday"
	"lienthong/regulations"
)

// TestBrowserModel are the pages that only a profile with more duties shows, under the model
// that takes them from TX108, in a real browser: a unit that fails is reported, the province's
// sheet is settled line by line, weekly programmes are due on Friday at noon and put together by
// the Office, results are made public. Pages are the same over both databases.
func TestBrowserModel(t *testing.T) {
	browser := newBrowser(t)
	d, clock := lttest.SQLite(t)
	s := newProvinceSite(t, d, clock)
	s.model()
	s.desks()
	s.staff(map[string]org.Role{"quick": org.Leader}, quickUnit)
	s.staff(map[string]org.Role{"chair": org.Leader}, "chu-tich-ubnd-tinh")
	var err error
	if s.Desk, err = signoff.NewDesk(slices.Concat(petition.Papers(), directive.Papers(), incident.Papers(), programme.Papers(), tracker.Papers())...); err != nil {
		t.Fatal(err)
	}
	lttest.Update(t, d, func(tx *db.Tx) error { // the Office signs in one step here; its path is walked elsewhere
		return org.SetPath(tx, org.System("test"), "van-phong-ubnd-tinh", "", []org.Step{{Stage: org.Release, Role: org.Leader}})
	})
	at := s.given("61/UBND-TH",
		directive.Task{Leads: bodyOf(quickUnit), Coordinating: bodyOf("so-ngoai-vu"), Content: "Rà soát đường truyền", Deadline: "2026-03-20", Words: "hết ngày 20/3/2026"},
		directive.Task{Leads: bodyOf(quickUnit), Content: "Xử lý đơn riêng của một công dân", Deadline: "2026-03-20", Words: "hết ngày 20/3/2026"},
		directive.Task{Leads: bodyOf("so-tai-chinh"), Content: "Bố trí kinh phí đợt 1"})
	s.walkBreach(t, browser, at[0])
	s.walkSheet(t, browser, at[2])
	s.walkWeek(t, browser)
	s.walkPublic(t, browser, at[:2])
	if all := s.Reports(); len(all) > 0 {
		t.Errorf("content policy: %+v", all)
	}
}

// model puts the model profile in force.
func (s *provinceSite) model() {
	s.t.Helper()
	lib, err := regulation.Load(regulations.FS)
	if err != nil {
		s.t.Fatal(err)
	}
	rb, problems := regulation.Compile(lib, "tinh-mau", province.Keys())
	if len(problems) > 0 {
		s.t.Fatal(regulation.Refusal(problems))
	}
	lttest.Update(s.t, s.DB, func(tx *db.Tx) error { return regulation.Adopt(tx, rb, "test") })
}

// at lets the time come, with what the clock of the office does then; sessions begin anew.
func (s *provinceSite) comes(day string, clock workday.Clock) {
	s.t.Helper()
	s.clock.Set(workday.MustDate(day).At(clock))
	clear(s.windows)
	kinds := dutyKinds()
	for _, k := range slices.Concat(directive.Duties(), programme.Duties()) {
		kinds[k.Rule] = k
	}
	sweeper := duty.Sweeper{DB: s.DB, Kinds: kinds, Node: "test"}
	if _, err := sweeper.Sweep(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// walkBreach: a lead reports a unit beside it that does nothing (TX108/D6.K11); the chairman
// and the Office find it, the chairman in his own list.
func (s *provinceSite) walkBreach(t *testing.T, browser context.Context, task string) {
	lead := s.window(t, browser, "quick").open(task)
	lead.do(script(`for (const d of document.querySelectorAll("main details")) d.open = true`))
	lead.press("Báo cáo đơn vị không thực hiện").look("a0-breach").fill("/breach", "unit", "so-ngoai-vu", "text", "Đã đôn đốc hai lần, không tham gia.").send("/breach")
	lead.wants("Báo cáo đơn vị không thực hiện trách nhiệm", "Đã đôn đốc hai lần, không tham gia.").look("a1-breach-reported")
	chair := s.window(t, browser, "chair").wants("Xem xét nhiệm vụ chậm, vướng", "Rà soát đường truyền").look("a2-breach-inbox")
	chair.press("Xem xét nhiệm vụ chậm, vướng").wants("Đã đôn đốc hai lần, không tham gia.").look("a3-breach-chair")
	s.window(t, browser, "order-boss").open(task).wants("Đã đôn đốc hai lần, không tham gia.")
	s.get(s.as(s.people["xa"]), task).want(t, http.StatusNotFound)
}

// walkSheet: the province's own sheet is compared and one difference settled in place.
func (s *provinceSite) walkSheet(t *testing.T, browser context.Context, task string) {
	file := filepath.Join(t.TempDir(), "bang-theo-doi.xlsx")
	content := sheetOfProvince(t, []any{"61/UBND-TH", "09/02/2026", "Bố trí kinh phí đợt 1", "Sở Tài chính", "15/04/2026"},
		[]any{"99/UBND-KT", "05/02/2026", "Lập danh mục dự án", "Sở Xây dựng", "30/04/2026"})
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	desk := s.window(t, browser, "order-desk").open("/tracker/import").look("a4-sheet")
	desk.do(chromedp.SetUploadFiles(chromedp.CSS(`form[action="/tracker/import"] input[type=file]`), []string{file}))
	desk.until("the file is there", `!document.querySelector("form[data-queue]") || document.querySelector("main").innerText.includes("đã lên máy chủ")`)
	desk.fill("/tracker/import", "nosecret=1", "✓").send("/tracker/import").wants("Khác với hệ thống", "Chưa có trong hệ thống", "15/04/2026", "99/UBND-KT").look("a5-sheet-compared")
	desk.press("Lấy theo bảng hay giữ").wants("không nêu hạn", "15/04/2026").look("a6-sheet-line")
	desk.do(chromedp.Click(chromedp.CSS(`main form input[type=radio][value=take]`)), chromedp.Click(chromedp.CSS(`main form [name=nosecret]`)), script(`window.was = true`),
		chromedp.Click(chromedp.CSS(`main form .acts button.btn:not([name])`)), arrived)
	desk.wants("Đã ghi quyết định", "đã có, giống nhau").look("a7-sheet-settled")
	desk.open(task).wants("15/04/2026", "Đối chiếu với bảng theo dõi của tỉnh")
}

// walkWeek: a unit sends its week, another does not; at noon on Friday it is late and listed,
// the Office urges it and puts the whole together; every page of programmes is looked at.
func (s *provinceSite) walkWeek(t *testing.T, browser context.Context) {
	s.comes("2026-02-11", 9*60)
	lead := s.window(t, browser, "quick").open("/programme/new?at=2026-02-24").look("b0-work-new")
	lead.fill("/programme/new", "title", "Kiểm tra bộ phận một cửa", "from_hour", "08:00", "until_hour", "10:00", "venue", "Phường Việt Trì").send("/programme/new")
	lead.wants("Kiểm tra bộ phận một cửa", "Phường Việt Trì").look("b1-work")
	lead.open("/").press("Chương trình công tác").wants("Gửi chương trình công tác tuần").look("b2-week-inbox").press("Gửi chương trình công tác tuần").look("b3-week-own")
	lead.fill("/send", "note", "Tuần nghỉ Tết, không có lịch.")
	lead.do(script(`window.was = true`), chromedp.Click(chromedp.CSS(`form[action$="/send"] .acts button.btn`)), arrived)
	lead.wants("đã gửi").look("b4-week-sent")
	lead.open("/programme/weeks").wants("12:00").look("b5-weeks-unit")

	s.comes("2026-02-13", 12*60) // the first instant that is late
	boss := s.window(t, browser, "order-boss").open("/programme/weeks").wants("chưa gửi, đã quá giờ", "đã gửi", "Sở Khoa học và Công nghệ").look("b6-weeks-late")
	if late := ask(boss, chromedp.Evaluate[string](`[...document.querySelectorAll("table")].at(-1).querySelector("tbody tr").innerText`)); !strings.Contains(late, "chưa gửi, đã quá giờ") {
		t.Errorf("the late do not stand first: %q", late)
	}
	boss.press("Tổng hợp tuần").wants("chưa gửi, đã quá giờ").look("b7-whole")
	boss.do(script(`window.was = true`), chromedp.Click(chromedp.CSS(`form[action$="/collect"] .acts button.btn`)), arrived)
	boss.wants("Chưa gửi:").look("b8-whole-collected").printed("b8-whole-collected")
	for name, path := range map[string]string{"month": "/programme?at=2026-02", "week": "/programme?at=2026-W09", "quarter": "/programme?at=2026-Q1", "year": "/programme?at=2026", "plans": "/programme/plans"} {
		boss.open(path).look("b9-" + name)
	}
	boss.open("/programme?at=2026-02").printed("b9-month")
	lead = s.window(t, browser, "quick").open("/programme?at=2026-02").wants("Kiểm tra bộ phận một cửa")
	lead.open("/programme/feeds").look("ba-feeds").fill("/programme/feeds", "label", "Điện thoại").send("/programme/feeds").look("ba-feed-made")
	address := ask(lead, chromedp.Evaluate[string](`document.querySelector("main").innerText.match(/\/lich\/\S+\.ics/)[0]`))
	if file := s.get(s.browser(), address); file.StatusCode != http.StatusOK || !strings.Contains(file.text, "SUMMARY:Kiểm tra bộ phận một cửa") || !strings.Contains(file.text, "DTSTART") {
		t.Errorf("the calendar file: %d %.600s", file.StatusCode, file.text)
	}
}

// walkPublic: what was accepted in a quarter is gathered, one line left out, signed and
// released; anybody reads it without an account.
func (s *provinceSite) walkPublic(t *testing.T, browser context.Context, tasks []string) {
	for _, at := range tasks {
		s.visit("quick").open(at+"/submit").must(at+"/submit", "text", "Đã thực hiện xong.", "nosecret", "1")
		s.visit("order-boss").open(at+"/accept").must(at+"/accept", "quality", "Tốt")
	}
	s.comes("2026-04-02", 9*60)
	boss := s.window(t, browser, "order-boss").open("/publications").wants("Lập danh sách quý I năm 2026").look("c0-publications").press("Lập danh sách quý I")
	boss.wants("Rà soát đường truyền", "Xử lý đơn riêng").look("c1-publication")
	list := boss.path()
	n := ask(boss, chromedp.Evaluate[string](`[...document.querySelectorAll("tbody tr")].find(r => r.innerText.includes("đơn riêng")).querySelector("a[href*=withhold]").getAttribute("href")`))
	boss.open(n).look("c2-withhold").fill("/withhold", "reason", "Việc riêng của một công dân.").send("/withhold").wants("không")
	boss.press("Soạn văn bản công khai").look("c3-paper")
	if a := s.get(s.browser(), "/public/results/2026-Q1"); a.StatusCode != http.StatusNotFound {
		t.Errorf("public before its paper is released: %d", a.StatusCode)
	}
	boss.fill("/release", "nosecret=1", "✓").send("/release").wants("đã công khai")
	boss.open(list).wants("đã công khai").look("c4-released")
	boss.open("/public/results").look("c5-public").open("/public/results/2026-Q1").wants("Rà soát đường truyền", "Sở Khoa học và Công nghệ").look("c6-public-quarter").printed("c6-public-quarter")
	a := s.get(s.browser(), "/public/results/2026-Q1")
	if a.StatusCode != http.StatusOK || strings.Contains(a.text, "công dân") || strings.Contains(a.text, string(s.people["quick"])) || !strings.Contains(a.text, "Rà soát đường truyền") {
		t.Errorf("what everybody reads: %d %.800s", a.StatusCode, words(a.root))
	}
}
