package web

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"lienthong/internal/db"
	"lienthong/internal/exchange"
	"lienthong/internal/exchange/edxml"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// fetched asks for a file as the page's own link would and says its kind and first bytes.
func (w *window) fetched(path string) (kind, begins string) {
	w.t.Helper()
	said := ask(w, chromedp.Evaluate[string](`fetch(`+strconv.Quote(path)+`).then(async r => r.headers.get("content-type") + "|" + (await r.text()).slice(0, 5))`, chromedp.EvalAwaitPromise))
	kind, begins, _ = strings.Cut(said, "|")
	return kind, begins
}

// walkExchange: a packet that names nothing here waits for a person, the clerk joins it to
// its matter; a released paper shows what its receiver said; papers come as files.
func (s *provinceSite) walkExchange(t *testing.T, browser context.Context) {
	at := s.raisedOnce()
	lttest.Update(t, s.DB, func(tx *db.Tx) error {
		_, _, err := exchange.Take(tx, exchange.Incoming{From: edxml.Organ{ID: "G12.07", Name: "Cục Hành chính tư pháp"}, To: []edxml.Organ{{ID: journeyDepartmentCode, Name: "Sở Tư pháp"}}, Symbol: "215/HCTP-CT",
			IssuedOn: workday.Of(tx.Now), OuterID: "G12.07,215", Subject: "V/v chức năng ký số bản sao điện tử", Content: "Cục đã chuyển đơn vị vận hành xử lý.", Way: exchange.ByPacket},
			func(*db.Tx, org.UnitID, string) (string, error) { return "", nil })
		return err
	})
	clerk := s.window(t, browser, "clerk").open("/exchange").look("73-exchange").press("215/HCTP-CT").wants("Anh/chị cần cho biết văn bản này thuộc việc nào").look("74-exchange-waiting")
	clerk.press("Gắn vào việc").look("75-exchange-join")
	clerk.fill("/join", "issuer", journeyDepartment, "case", s.codeOf(at)).send("/join").wants("Đã gắn văn bản vào việc").look("76-exchange-joined")

	s.background()
	lttest.Update(t, s.DB, func(tx *db.Tx) error {
		all, _, err := exchange.SentList(tx, org.System("test"), "", 10)
		if err != nil || len(all) == 0 {
			t.Fatalf("nothing left: %v", err)
		}
		return exchange.TakeStatus(tx, edxml.Status{Of: edxml.Reference{Organ: journeyDepartmentCode, Code: all[0].Symbol, IssuedOn: all[0].IssuedOn}, From: edxml.Organ{ID: journeyCommuneCode}, Code: "03", At: tx.Now})
	})
	clerk.open("/exchange/sent").wants("Đã tiếp nhận").look("77-exchange-sent")

	clerk.open(at).wants("Bản in theo thể thức (PDF)").look("78-case-joined")
}

// walkBoard: a number of the board by communes opens a list of as many rows; the map is
// walked by the keyboard; the leader's page lies on one sheet.
func (s *provinceSite) walkBoard(t *testing.T, browser context.Context) {
	s.later("2026-02-27")
	clear(s.windows) // sessions do not outlive two weeks
	over := s.window(t, browser, "overseer").open("/board").look("79-board").press("Xã, phường").look("80-board-communes")
	over.do(script(`window.was = true`))
	n := ask(over, chromedp.Evaluate[string](`(() => { const a = document.querySelector('#units tbody a[href^="/board/list"]'); const n = a.textContent.trim(); a.click(); return n })()`))
	over.do(arrived, chromedp.WaitVisible(chromedp.CSS("main h1")))
	if rows := ask(over, chromedp.Evaluate[int](`document.querySelectorAll("#list .row").length`)); n != strconv.Itoa(rows) && !strings.HasPrefix(n, "! "+strconv.Itoa(rows)) {
		t.Errorf("the board says %q and the list has %d rows", n, rows)
	}
	over.look("81-board-list")

	over.open("/ban-do").look("82-map")
	over.do(script(`[...document.querySelectorAll("#places a")].at(-1).focus()`), chromedp.KeyEvent(kb.Tab))
	if where := over.focused(`closest("svg.map") !== null`); where != "true" {
		t.Errorf("behind the table the key Tab leads to %s", over.focused("outerHTML"))
	}
	say := over.focused(`getAttribute("aria-label")`)
	over.do(script(`window.was = true`), chromedp.KeyEvent(kb.Enter), arrived, chromedp.WaitVisible(chromedp.CSS("main h1")))
	if over.path() != "/board/list" || say == "" {
		t.Errorf("the shape %q leads to %s", say, over.path())
	}
	over.open("/trang-lanh-dao").look("83-leader-page")
	if n := over.sheets(); n != 1 {
		t.Errorf("the leader's page lies on %d sheets", n)
	}
}

// walkChannels: quiet hours are chosen, the line about a matter is copied, the directory
// says whom to ask.
func (s *provinceSite) walkChannels(t *testing.T, browser context.Context) {
	clerk := s.window(t, browser, "clerk").open("/profile/channels").look("84-channels")
	clerk.fill("/profile/channels", "quiet_from", "20:00", "quiet_to", "06:30").send("/profile/channels").wants("Đã lưu cách nhận thông báo")
	if v := ask(clerk, chromedp.Evaluate[string](`document.querySelector("[name=quiet_to]").value`)); v != "06:30" {
		t.Errorf("quiet until %q", v)
	}
	at := s.raisedOnce()
	clerk.open(at)
	clerk.until("the line can be copied", `document.querySelector("[data-copy]") && !document.querySelector("[data-copy]").hidden`)
	clerk.do(script(`document.addEventListener("copy", () => {}); navigator.clipboard.writeText = t => { window.copied = t; return Promise.resolve() }`), chromedp.Click(chromedp.CSS(`[data-copy]`)))
	clerk.until("the line is copied", `typeof window.copied === "string" && window.copied === document.getElementById("copy-line").textContent`)
	if line := ask(clerk, chromedp.Evaluate[string](`window.copied`)); strings.Contains(line, "chứng thực") || !strings.Contains(line, s.codeOf(at)) {
		t.Errorf("the line says %q", line)
	}
	clerk.look("85-copy-line").open("/danh-ba").wants("Đầu mối theo lĩnh vực").look("86-contacts")
}

// walkLists: search takes words without marks, a filter is kept under a name, three picked
// petitions are directed and the one that cannot be says why.
func (s *provinceSite) walkLists(t *testing.T, browser context.Context) {
	s.index()
	ids := s.many(3)
	for _, id := range ids {
		s.visit("clerk").open("/petitions/" + id).must("/register")
	}
	s.index()
	leader := s.window(t, browser, "leader").open("/search?q=chung+thuc+ban+sao").wants("Chưa thực hiện được chứng thực bản sao điện tử").look("87-search")
	leader.open("/petitions?state=received")
	leader.do(chromedp.Click(chromedp.CSS(`details:has(#view-name) summary`)), chromedp.SendKeys(chromedp.CSS(`#view-name`), "Mới đến"), script(`window.was = true`),
		chromedp.Click(chromedp.CSS(`form[action="/views"] button`)), arrived)
	leader.wants("Mới đến", "Bỏ bộ lọc này").look("88-view-kept")
	leader.open("/petitions").do(script(`for (const id of ` + scriptList(ids) + `) { const b = document.querySelector('[name=case][value="' + id + '"]'); b.click() }`))
	leader.wants("Đã chọn 3 việc").look("89-list-picked").press("Phân công").wants("3 việc đã chọn").look("90-bulk-direct")
	// meanwhile one of them goes to another department
	s.visit("leader").open("/petitions/"+ids[1]+"/forward").must("/forward", "to", "so-noi-vu", "reason", "Thuộc lĩnh vực nội vụ", "nosecret", "1")
	leader.do(chromedp.Click(chromedp.CSS(`form[action="/bulk"] [name=to]`)))
	leader.fill("/bulk", "instruction", "Tham mưu trả lời.").send("/bulk").wants("2 đã phân công, 1 không được").look("91-bulk-lines")
}

// scriptList is a list of ids for a script.
func scriptList(ids []string) string { return `["` + strings.Join(ids, `","`) + `"]` }
