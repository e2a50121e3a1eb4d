package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"lienthong/internal/bulk"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"

	"lienthong/internal/db"
)

// many raises petitions through the commune's desk and returns their case ids.
func (s *provinceSite) many(n int) (ids []string) {
	s.t.Helper()
	for range n {
		ids = append(ids, strings.TrimPrefix(s.raisedOnce(), "/cases/"))
	}
	return ids
}

// raisedOnce is raised without looking at each page.
func (s *provinceSite) raisedOnce() string {
	xa := s.visit("xa").open("/petitions/new")
	xa.must("/petitions", "title", "Chưa thực hiện được chứng thực bản sao điện tử", "field", journeyField, "text", "Không có chức năng.", "tried", "Đã gọi.", "nosecret", "1")
	paper := xa.path
	s.visit("xa-head").open(paper).must("/review")
	s.visit("xa-leader").open(paper).must("/sign")
	path := s.visit("xa-clerk").open(paper).must("/release", "nosecret", "1").path
	return "/cases/" + path[strings.LastIndexByte(path, '/')+1:]
}

// Picked in the list, directed at once, a line for each; what is refused says why.
func TestBulk(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		ids := s.many(2)
		for _, id := range ids {
			s.visit("clerk").open("/petitions/" + id).must("/register")
		}
		leader := s.visit("leader").open("/petitions").wants("Phân công", "Xuất Excel", "Đánh dấu các việc")
		q := url.Values{"case": append(ids, "khong-co"), "act": {string(bulk.Direct)}}
		leader.open("/bulk?"+q.Encode()).wants("Phân công nhiều việc", "3 việc đã chọn", "Giao cho")
		again := leader.send("/bulk", "to", "s:"+string(s.section("head")))
		again.want(t, http.StatusUnprocessableEntity, "ghi ý kiến chỉ đạo")
		leader.open("/bulk?" + q.Encode())
		pairs := []string{"to", "s:" + string(s.section("head")), "instruction", "Tham mưu trả lời.", "key", leader.value("key"), "act", "direct"}
		for _, id := range q["case"] {
			pairs = append(pairs, "case", id)
		}
		done := s.post(leader.c, "/bulk", pairs...)
		done.want(t, http.StatusSeeOther)
		to := done.Header.Get("Location")
		leader.open(to).wants("2 đã phân công, 1 không được", "Không tìm thấy việc này")
		if twice := s.post(leader.c, "/bulk", pairs...); twice.Header.Get("Location") != to {
			t.Errorf("the same form twice: %d %s", twice.StatusCode, twice.Header.Get("Location"))
		}
		leader.open("/petitions/"+ids[0]).wants("Giám đốc giao", "Tham mưu trả lời.")
		if got := s.get(s.visit("xa").c, to); got.StatusCode != http.StatusNotFound {
			t.Errorf("another reads the order: %d", got.StatusCode)
		}
		s.visit("leader").open("/petitions?" + url.Values{"case": ids[:1]}.Encode()).wants("Chưa thực hiện được chứng thực")
		sheet := s.get(leader.c, "/export/petitions?"+url.Values{"case": ids}.Encode())
		if sheet.StatusCode != http.StatusOK || !strings.Contains(sheet.Header.Get("Content-Disposition"), "xlsx") {
			t.Errorf("picked items as a sheet: %d", sheet.StatusCode)
		}
	})
}

// A filter is kept under a name: one's own, or shown to the unit by its administrator.
func TestKeptViews(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		s.many(1)
		v := s.visit("leader").open("/petitions?state=received&late=1").wants("Lưu bộ lọc này")
		v.must("/views", "name", "Mới đến quá hạn").wants("Mới đến quá hạn", "Bỏ bộ lọc này")
		if !strings.Contains(v.path, "late=1") {
			t.Errorf("back at %s", v.path)
		}
		s.visit("specialist").open("/petitions").lacks("Mới đến quá hạn")
		refused := s.post(v.c, "/views", "key", db.NewSecret(), "list", "petitions", "name", "Chung", "query", "state=received", "unit", string(journeyDepartment))
		refused.want(t, http.StatusForbidden, "quản trị đơn vị")
		v.open("/petitions?late=1&state=received").must("/drop").lacks("Mới đến quá hạn")
	})
}

// The keyboard picks: arrows walk, x ticks.
func TestBulkByKeyboard(t *testing.T) {
	browser := newBrowser(t)
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		if d.Postgres() {
			t.Skip("the page is the same on both databases")
		}
		s := newProvinceSite(t, d, clock)
		for _, id := range s.many(3) {
			s.visit("clerk").open("/petitions/" + id).must("/register")
		}
		w := s.window(t, browser, "leader").open("/petitions")
		w.do(chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent("x"), chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent("x"))
		w.until("two are ticked", `document.querySelectorAll("[name=case]:checked").length === 2`)
		w.wants("Đã chọn 2 việc").look("52-list-picked")
		w.press("Phân công").wants("2 việc đã chọn").look("53-bulk-direct")
		w.do(chromedp.Click(chromedp.CSS(`form[action="/bulk"] [name=to]`)))
		w.fill("/bulk", "instruction", "Tham mưu trả lời.").send("/bulk").wants("2 đã phân công").look("54-bulk-lines")
	})
}
