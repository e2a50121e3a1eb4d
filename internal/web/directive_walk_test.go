package web

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"lienthong/internal/db"
	"lienthong/internal/demo"
	"lienthong/internal/directive"
	"lienthong/internal/duty"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// TestBrowserDirectiveToTheEnd is a directive as an office lives with it, in a real browser:
// the demonstration's own document is pasted in and read, the Office proposes a date that it
// leaves open and a vice chairman decides, the desk confirms, the Office's leader releases; one
// task goes to its accepted result and one is late and explained. Everybody begins at "Việc
// của tôi": what waits for him must be said there.
func TestBrowserDirectiveToTheEnd(t *testing.T) {
	browser := newBrowser(t)
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		t.Parallel()
		s := newProvinceSite(t, d, clock)
		s.blind = d.Postgres()
		s.desks()
		s.deskOfAll()
		s.staff(map[string]org.Role{"quick": org.Leader}, quickUnit)
		s.deputyChair()
		s.walkReading(t, browser)
		s.walkTasks(t, browser, clock)
		if all := s.Reports(); len(all) > 0 {
			t.Errorf("content policy: %+v", all)
		}
	})
}

// deputyChair gives a vice chairman of the province an account.
func (s *provinceSite) deputyChair() {
	s.t.Helper()
	lttest.View(s.t, s.DB, func(tx *db.Tx) error {
		held, err := org.Holders(tx, "chu-tich-ubnd-tinh", org.Leader)
		for _, h := range held {
			if h.Post.Deputy {
				s.people["vice-chair"] = h.Officer.ID
			}
		}
		return err
	})
	if s.people["vice-chair"] == "" {
		s.t.Fatal("nobody is vice chairman")
	}
	s.open1(map[string]org.OfficerID{"vice-chair": s.people["vice-chair"]})
}

// walkReading takes the document from the paste to its release.
func (s *provinceSite) walkReading(t *testing.T, browser context.Context) {
	text := ""
	lttest.View(t, s.DB, func(tx *db.Tx) error {
		_, rev, err := duty.Calendar(tx)
		text = demo.Directive(rev, tx.Now)
		return err
	})
	desk := s.window(t, browser, "order-desk").open("/directives/new")
	desk.do(script("document.querySelector('form[action=\"/directives\"] [name=text]').value = " + quotedScript(text)))
	desk.fill("/directives", "nosecret=1", "✓").send("/directives").wants("2214/UBND-MH", "nhiệm vụ không nêu hạn", "mỗi cơ quan một nhiệm vụ", "đề nghị, không giao").look("44-walk-read")
	at := desk.path()
	// what is only to be known lies folded: nothing here bars the release
	desk.wants("Không còn nội dung nào phải quyết trước khi ban hành")
	desk.do(script(`for (const d of document.querySelectorAll("#open details")) d.open = true; window.was = true`),
		chromedp.Click(chromedp.CSS(`#open a.btn[href*="/propose"]`)), arrived)
	desk.wants("Đề xuất nội dung văn bản chưa nêu").fill("/propose", "due", "27/2/2026", "reason", "Trước kỳ nghỉ cuối tháng.").send("/propose").wants("Đề xuất ", "27/02")

	vice := s.window(t, browser, "vice-chair").wants("1 văn bản chỉ đạo có nội dung để ngỏ chờ anh/chị quyết định").look("45-walk-inbox-vice")
	vice.press("văn bản chỉ đạo").wants("Văn bản để ngỏ một số nội dung, chờ anh/chị quyết định").look("46-walk-open")
	vice.do(script(`window.was = true`), chromedp.Click(chromedp.CSS(`#open a.btn[href*="/decide"]`)), arrived)
	vice.look("47-walk-decide").fill("/decide", "remark", "Đồng ý.").send("/decide").wants("hạn do Phó Chủ tịch")
	if again := vice.open("/"); ask(again, chromedp.Evaluate[bool](`document.querySelector("main").innerText.includes("chờ anh/chị quyết định")`)) {
		t.Error("what is decided still waits for the vice chairman")
	}

	desk.open("/").wants("1 văn bản chỉ đạo chờ anh/chị đối chiếu, xác nhận").press("văn bản chỉ đạo").press("Xác nhận đọc đúng văn bản").wants("Chờ lãnh đạo phòng")
	boss := s.window(t, browser, "order-boss").wants("1 văn bản chỉ đạo chờ anh/chị ban hành nhiệm vụ").press("văn bản chỉ đạo")
	boss.press("Ban hành nhiệm vụ").wants("Đang giao nhiệm vụ")
	s.issued()
	boss.open(at).wants("nhiệm vụ đã giao", "đã ban hành nhiệm vụ").look("48-walk-released")
	boss.open("/tracker").look("49-walk-tracker")
}

// walkTasks follows one task to its accepted result and one to its explained lateness.
func (s *provinceSite) walkTasks(t *testing.T, browser context.Context, clock *lttest.Clock) {
	const done, late = "Rà soát đường truyền", "Cử cán bộ kỹ thuật" // the second has the date that was decided
	lead := s.window(t, browser, "quick").wants("Chờ phân công", done, late).look("4a-walk-inbox-lead")
	lead.press(done).look("4b-walk-task").press("Báo cáo kết quả").fill("/submit", "text", "Đã rà soát đường truyền của 148 xã, phường.", "nosecret=1", "✓").send("/submit")
	lead.wants("chờ công nhận kết quả")
	accepted := lead.path()
	desk := s.window(t, browser, "order-desk").open("/").wants("Nhiệm vụ chờ kiểm tra, xem xét")
	desk.press("Nhiệm vụ chờ kiểm tra, xem xét").press(done).press("Công nhận hoàn thành").look("4c-walk-accept")
	desk.fill("/accept", "quality=Đạt", "✓", "text", "Đạt yêu cầu.").send("/accept").wants("Kết quả đã được công nhận")
	lead.open(accepted).wants("đã hoàn thành", "Đạt yêu cầu.").look("4d-walk-accepted")

	clock.Set(time.Date(2026, 3, 31, 9, 0, 0, 0, workday.Office)) // past the day that the vice chairman set
	clear(s.windows)                                              // sessions do not outlive two weeks
	kinds := dutyKinds()
	for _, k := range directive.Duties() {
		kinds[k.Rule] = k
	}
	sweeper := duty.Sweeper{DB: s.DB, Kinds: kinds, Node: "test"}
	if _, err := sweeper.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	desk = s.window(t, browser, "order-desk").open("/tracker?list=late").wants(late).press(late)
	at := desk.wants("chưa hoàn thành đúng hạn, chờ anh/chị xem xét", "quá ", "Phó Chủ tịch").look("4e-walk-late").path()
	desk.press("Yêu cầu giải trình").fill("/demand", "text", "Vì sao quá hạn mà chưa có kết quả?").send("/demand").wants("Yêu cầu giải trình")
	lead = s.window(t, browser, "quick").wants("Giải trình").open(at).press("Giải trình").look("4f-walk-explain")
	lead.fill("/explanation", "text", "Thiếu cán bộ kỹ thuật; sẽ cử đủ trước ngày 10/4.", "nosecret=1", "✓").send("/explanation")
	desk.open(at).wants("Giải trình", "Thiếu cán bộ kỹ thuật", "Quá hạn").look("4g-walk-explained")
	desk.open("/tracker").look("4h-walk-tracker-late")
}
