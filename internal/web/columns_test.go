package web

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"lienthong/internal/bulk"
	"lienthong/internal/sheet"
)

// headings are the columns of a spreadsheet.
func headings(t *testing.T, a answer) (all []string) {
	t.Helper()
	rows, err := sheet.Read(strings.NewReader(a.text))
	if err != nil {
		t.Fatalf("%v: %.200s", err, a.text)
	}
	for _, r := range rows {
		if r.Cell(0) == "STT" {
			for i := 1; r.Cell(i) != ""; i++ {
				all = append(all, r.Cell(i))
			}
		}
	}
	return all
}

// What is ticked is what each row tells, what the address and a kept filter hold, and what
// the sheet has.
func TestColumnsAreChosen(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		s.many(1)
		v := s.visit("leader").open("/petitions").wants("Chọn cột", "Mới đến", "mã KN-").lacks("Như thường lệ")
		v.open("/petitions?columns=title&columns=code&columns=field").wants("mã KN-", "Như thường lệ", "ư pháp").lacks("Mới đến", "Phú Thọ nêu ")
		file := s.get(v.c, "/export/petitions?columns=code&columns=field")
		file.want(t, 200)
		if got := headings(t, file); fmt.Sprint(got) != "[Mã theo dõi Trích yếu Lĩnh vực]" {
			t.Errorf("columns of the sheet: %v", got)
		}
		v.must("/views", "name", "Chỉ mã và lĩnh vực")
		if !strings.Contains(v.path, "columns=code") {
			t.Errorf("the kept filter forgets the columns: %s", v.path)
		}
		s.get(v.c, "/petitions?columns=mat-khau").want(t, 422, "không có cột")
		if got := headings(t, s.get(v.c, "/export/inbox?list=unit&columns=code,due")); !slices.Equal(got, []string{"Mã theo dõi", "Ngày hết hạn"}) {
			t.Errorf("columns of the inbox's sheet: %v", got)
		}
	})
}

// The columns of the address are those of the sheet in every list that gives one, and what the
// list does not have is refused there too.
func TestColumnsOfEverySheet(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		s.many(1)
		for name, paths := range map[string][]string{"leader": {"/export/inbox?list=unit", "/export/board-list?figure=open"}, "overseer": {"/export/board-list?figure=open&by=field"}} {
			for _, path := range paths {
				v := s.visit(name)
				if got := headings(t, s.get(v.c, path+"&columns=duty&columns=due,commune")); !slices.Equal(got, []string{"Việc phải làm", "Kiến nghị của", "Ngày hết hạn"}) {
					t.Errorf("%s: columns %v", path, got)
				}
				if got := headings(t, s.get(v.c, path)); len(got) < 8 {
					t.Errorf("%s: without a choice %v", path, got)
				}
				s.get(v.c, path+"&columns=mat-khau").want(t, 422, "mat-khau")
			}
		}
	})
}

// In the inbox petitions are ticked too; the order is the one of the list.
func TestTickedInTheInbox(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		ids := s.many(2)
		for _, id := range ids {
			s.visit("clerk").open("/petitions/" + id).must("/register")
		}
		leader := s.visit("leader").open("/?list=unit").wants("Phân công", "Xuất Excel", "Đánh dấu các việc")
		if page := s.get(leader.c, "/?list=unit").text; !strings.Contains(page, `name="case" value="`+ids[0]+`"`) {
			t.Error("a petition in the inbox has no box to tick")
		}
		q := url.Values{"case": ids, "act": {string(bulk.Direct)}, "back": {leader.value("back")}}
		leader.open("/bulk?" + q.Encode()).wants("2 việc đã chọn")
		if len(leader.links("/?list=unit")) == 0 {
			t.Error("no way back to the list")
		}
		leader.must("/bulk", "to", "s:"+string(s.section("head")), "instruction", "Tham mưu trả lời.").wants("2 đã phân công")
		away := s.get(leader.c, "/bulk?"+url.Values{"case": ids, "act": {"direct"}, "back": {"https://example.org/"}}.Encode())
		if strings.Contains(away.text, "example.org") {
			t.Error("the way back leads to another site")
		}
		file := s.get(leader.c, "/bulk?"+url.Values{"case": ids, "act": {"export"}, "back": {"/?list=unit"}}.Encode())
		file.want(t, 303)
		if n := sheetRows(t, s.get(leader.c, file.Header.Get("Location"))); n != 2 {
			t.Errorf("%d rows of two ticked", n)
		}
	})
}
