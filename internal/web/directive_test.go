package web

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"golang.org/x/net/html"

	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/job"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/org"
)

// orderText is an invented document: a date for one task, none for another, a body that
// nobody knows, one that is only requested.
const orderText = `ỦY BAN NHÂN DÂN
TỈNH PHÚ THỌ

Số: 31/UBND-MH

Phú Thọ, ngày 09 tháng 02 năm 2026

V/v chuẩn bị phục vụ người dân (văn bản minh họa)

Kính gửi: Các sở, ban, ngành.

Chủ tịch Ủy ban nhân dân tỉnh có ý kiến chỉ đạo như sau:

1. Giao Sở Tư pháp chủ trì hướng dẫn chứng thực bản sao điện tử, hoàn thành trước ngày 20/3/2026.

2. Giao Sở Khoa học và Công nghệ rà soát đường truyền tại các xã, phường.

3. Giao Ban Điều hành Số hóa tổng hợp danh sách thiết bị còn thiếu.

TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH

Nguyễn Văn Minh Họa
`

// desks gives the people who take documents in and release them an account.
func (s *provinceSite) desks() {
	s.t.Helper()
	more := map[string]org.OfficerID{}
	lttest.View(s.t, s.DB, func(tx *db.Tx) error {
		for name, role := range map[string]org.Role{"order-desk": org.Desk, "order-boss": org.Leader} {
			held, err := org.Holders(tx, "van-phong-ubnd-tinh", role)
			if err != nil {
				return err
			}
			more[name], s.people[name] = held[0].Officer.ID, held[0].Officer.ID
		}
		return nil
	})
	s.open1(more)
	lttest.Update(s.t, s.DB, func(tx *db.Tx) error {
		return org.Oversee(tx, org.System("test"), "van-phong-ubnd-tinh", directive.AssignmentKind, true)
	})
}

// issued runs the job that opens assignments.
func (s *provinceSite) issued() {
	s.t.Helper()
	run := job.New(s.DB, "test")
	run.Define(directive.JobKind, directive.Step)
	if err := run.Drain(context.Background()); err != nil {
		s.t.Fatal(err)
	}
}

// proposalOf is the number of the proposal whose card holds some words.
func (v *visit) proposalOf(some string) (n string) {
	v.s.t.Helper()
	walk(v.root, func(e *html.Node) {
		if e.Data == "article" && strings.Contains(words(e), some) {
			n = attr(e, "data-n")
		}
	})
	if n == "" {
		v.s.t.Fatalf("no proposal says %q: %.800s", some, v.words())
	}
	return n
}

// A directive on the pages, without script: pasted, read, one name mended, one proposal
// left out, confirmed, released; its tasks in the tracker, one with progress; the same
// document twice is refused.
func TestDirectivePages(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		s.desks()
		desk := s.visit("order-desk").open("/directives").wants("Nhập văn bản")
		at := desk.open("/directives/new").must("/directives", "text", orderText, "nosecret", "1").
			wants("31/UBND-MH", "Sở Tư pháp", "Sở Khoa học và Công nghệ", "Còn phải quyết", "không nêu hạn", "trước ngày 20/3/2026").path
		s.get(s.as(s.people["specialist"]), at).want(t, 404)
		if a := desk.open("/directives/new").send("/directives", "text", orderText, "nosecret", "1"); a.StatusCode != 409 || !strings.Contains(words(a.root), "đã được nhập") || !strings.Contains(words(a.root), "Lúc này không làm được việc này") {
			t.Errorf("the same document twice: %d %.300s", a.StatusCode, words(a.root))
		}
		desk.open(at).wants("Còn 1 nội dung phải đối chiếu, sửa trước khi xác nhận", "sửa trước khi xác nhận").lacks("Xác nhận đọc đúng văn bản")
		n := desk.proposalOf("Ban Điều hành")
		desk.open(at+"/drop?n="+n).must(at+"/drop", "n", n, "reason", "Cơ quan này không thuộc tỉnh.").wants("1 đề xuất không còn dùng")
		// whoever shapes a proposal stands at what came of it, not at the top of a long page
		if to := desk.open(at+"/add").send(at+"/add", "content", "Việc thêm.", "lead", "Sở Nội vụ").Header.Get("Location"); to != at+"#p-4" {
			t.Errorf("after adding: %q", to)
		}
		if to := desk.open(at+"/drop?n=4").send(at+"/drop", "n", "4", "reason", "Thử.").Header.Get("Location"); to != at {
			t.Errorf("after dropping the last: %q", to)
		}
		desk.open(at).wants("Thêm một nhiệm vụ", "Bỏ một đề xuất nhiệm vụ")
		desk.open(at).must(at + "/confirm").wants("Chờ lãnh đạo phòng")
		boss := s.visit("order-boss").open(at).wants("chờ anh/chị ban hành nhiệm vụ")
		boss.must(at + "/release")
		s.issued()
		boss.open(at).wants("2 nhiệm vụ đã giao", "đã ban hành nhiệm vụ")

		boss.open("/tracker").wants("đang thực hiện", "ướng dẫn chứng thực")
		lead := s.visit("leader").open("/tracker").wants("chứng thực bản sao điện tử").lacks("rà soát đường truyền")
		var task string
		for to := range lead.links("/assignments/") {
			task = to
		}
		lead.open(task).wants("Tiến độ", "Công văn số 31/UBND-MH").open(task+"/progress").must(task+"/progress", "text", "Đã soạn tài liệu.", "percent", "40", "nosecret", "1").wants("40%", "Đã soạn tài liệu.")
		s.get(s.as(s.people["xa"]), task).want(t, 404)
	})
}

// The confirming screen in a real browser: keys walk the proposals, a click in the document
// leads to its proposal, e opens the form; both widths are looked at.
func TestBrowserConfirm(t *testing.T) {
	browser := newBrowser(t)
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		t.Parallel()
		s := newProvinceSite(t, d, clock)
		s.blind = d.Postgres()
		s.desks()
		w := s.window(t, browser, "order-desk").open("/directives/new").look("40-directive-new")
		w.do(script("document.querySelector('form[action=\"/directives\"] [name=text]').value = " + quotedScript(orderText)))
		w.fill("/directives", "nosecret=1", "✓").send("/directives").wants("31/UBND-MH", "Còn phải quyết").look("41-confirm")
		w.do(chromedp.KeyEvent("j"), chromedp.KeyEvent("j"))
		if on := ask(w, chromedp.Evaluate[int](`document.querySelectorAll(".proposal.on, a.span.on").length`)); on < 2 {
			t.Errorf("j lights %d places, not the proposal and its text", on)
		}
		second := ask(w, chromedp.Evaluate[string](`document.querySelector(".proposal.on").dataset.n`))
		w.do(script(`document.querySelector('a.span').click()`))
		if first := ask(w, chromedp.Evaluate[string](`document.querySelector(".proposal.on").dataset.n`)); first == second {
			t.Error("a click in the document does not lead to its proposal")
		}
		w.do(chromedp.KeyEvent("m"))
		if !ask(w, chromedp.Evaluate[bool](`document.querySelector(".proposal.on [name=n]").checked`)) {
			t.Error("m ticks nothing")
		}
		w.do(script(`window.was = true`), chromedp.KeyEvent("e"), arrived, chromedp.WaitVisible(chromedp.CSS("main h1")))
		w.wants("Sửa đề xuất").look("42-edit").fill("/edit", "clause", "a").send("/edit").wants("đã sửa").look("43-edited")
		w.do(chromedp.Sleep(100 * time.Millisecond))
		if all := s.Reports(); len(all) > 0 {
			t.Errorf("content policy: %+v", all)
		}
	})
}

// quotedScript writes a text as a literal of a script.
func quotedScript(s string) string {
	return "`" + strings.NewReplacer("\\", "\\\\", "`", "\\`", "$", "\\$").Replace(s) + "`"
}
