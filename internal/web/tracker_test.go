package web

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"lienthong/internal/directive"
	"lienthong/internal/sheet"
	"lienthong/internal/tracker"
)

// sheetOfProvince is a tracker as an office keeps it: one line for each given row.
func sheetOfProvince(t *testing.T, rows ...[]any) string {
	t.Helper()
	var b bytes.Buffer
	each := func(yield func([]any, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
	s := sheet.Sheet{Title: []string{"Bảng theo dõi"}, Columns: []sheet.Column{{Title: "Số văn bản"}, {Title: "Ngày ban hành"}, {Title: "Nội dung nhiệm vụ"}, {Title: "Chủ trì"}, {Title: "Hạn"}}, Rows: each}
	if _, err := sheet.Write(&b, s); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// A sheet is compared on its page and a line settled there: both texts are shown, what the
// officer may take is offered, and what was decided is asked no more.
func TestTrackerSheetSettled(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		s.desks()
		s.deskOfAll()
		at := s.given("61/UBND-TH", directive.Task{Leads: bodyOf("so-tu-phap"), Content: "Rà soát thủ tục hộ tịch"},
			directive.Task{Leads: bodyOf("so-tai-chinh"), Content: "Bố trí kinh phí đợt 1", Deadline: "2026-03-31"})
		content := sheetOfProvince(t, []any{"61/UBND-TH", "09/02/2026", "Rà soát thủ tục hộ tịch", "Sở Tư pháp", "20/03/2026"},
			[]any{"61/UBND-TH", "09/02/2026", "Bố trí kinh phí đợt 1", "Sở Tài chính", "15/04/2026"})
		desk := s.visit("order-desk").open("/tracker/import")
		a := desk.multi("/tracker/import", "bang.xlsx", content, "key", desk.value("key"), "nosecret", "1")
		a.want(t, 303)
		preview := a.Header.Get("Location")
		desk.open(preview).wants("Khác với hệ thống", "20/03/2026", "15/04/2026", "Lấy theo bảng hay giữ")
		dated, fixed := desk.lineWith(preview, "20/03/2026"), desk.lineWith(preview, "15/04/2026")
		desk.open(dated).wants("Lấy theo bảng", "20/03/2026", "Giữ như hệ thống", "không nêu hạn")
		desk.must(dated, desk.difference(), "take", "nosecret", "1").lacks("20/03/2026").wants("15/04/2026")
		desk.open(at[0]).wants("20/03", "Đối chiếu với bảng theo dõi")
		desk.open(fixed).lacks("Lấy theo bảng")
		if a := desk.send(fixed, desk.difference(), "take", "nosecret", "1"); a.StatusCode != 409 {
			t.Errorf("a date that stands is taken from a sheet: %d", a.StatusCode)
		}
		desk.open(fixed).must(fixed, desk.difference(), "keep", "note", "Hạn theo văn bản.", "nosecret", "1").lacks("15/04/2026")
		s.get(s.as(s.people["leader"]), preview).want(t, 404)
	})
}

// lineWith is where the line of a sheet with this word is settled.
func (v *visit) lineWith(preview, word string) string {
	v.s.t.Helper()
	for to := range v.s.visit("order-desk").open(preview).links(preview + "/lines/") {
		if strings.Contains(v.s.visit("order-desk").open(to).words(), word) {
			return to
		}
	}
	v.s.t.Fatalf("no line with %q on %s", word, preview)
	return ""
}

// difference is the name of the first choice on the page.
func (v *visit) difference() string {
	n := find(v.root, func(n *html.Node) bool { return attr(n, "type") == "radio" && strings.HasPrefix(attr(n, "name"), "d-") })
	if n == nil {
		v.s.t.Fatalf("no choice on %s:\n%s", v.path, v.words())
	}
	return attr(n, "name")
}

// A list longer than its page says how many there are, not how many stand on it.
func TestCutListSaysItsCount(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		s.desks()
		s.deskOfAll()
		var tasks []directive.Task
		for i := range pageRows + 5 {
			tasks = append(tasks, directive.Task{Leads: bodyOf("so-tu-phap"), Content: fmt.Sprintf("Rà soát thủ tục nhóm %d", i+1), Deadline: "2026-03-20"})
		}
		s.given("62/UBND-TH", tasks...)
		all, first := grouped(pageRows+5)+" việc", grouped(pageRows)+" việc đầu"
		desk := s.visit("order-desk").open("/tracker").wants(all + ", " + first)
		next := ""
		for to := range desk.links("/tracker?") {
			if strings.Contains(to, "from=") {
				next = to
			}
		}
		desk.open(next).wants(all + ", 5 việc ở trang này")
		desk.open("/tracker?list=" + string(tracker.Dateless)).lacks("việc đầu")
	})
}
