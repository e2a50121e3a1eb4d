package web

import (
	"strings"
	"testing"

	"lienthong/internal/lttest/province"
	"lienthong/internal/regulation"
	"lienthong/regulations"
)

// From a clause to its rules to how they run now.
func TestRegulationPages(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		s.work()
		lib, err := regulation.Load(regulations.FS)
		if err != nil {
			t.Fatal(err)
		}
		s.Library, s.Keys = lib, province.Keys()
		over := s.visit("overseer")
		over.open("/regulations").wants("06/2026/QĐ-CTUBND", "có hiệu lực ở đây", "không còn hiệu lực", "chỉ để tra cứu", "lần 1:", "thời hạn: 7 ngày làm việc")
		over.open("/regulations/PT06").wants("khoản 2 Điều 6", "Trả lời kiến nghị", "7 ngày làm việc")
		over.open("/regulations/PT06/D6.K2").wants("các sở, ngành", "Thời hạn 7 ngày làm việc", "chưa nêu rõ: tính từ lúc đến sở", "Sở Nội vụ", "Đang chạy thế nào")
		if len(over.links("/board/list?")) == 0 {
			t.Error("the live figures open no list")
		}
		over.open("/regulations/rules/petition.answer").wants("cài đặt của đơn vị", "không nêu hạn")
		over.open("/regulations/rules/petition.breach").wants("Không áp dụng ở đây")
		over.open("/regulations/fields").wants("Sở Tư pháp", "quy chế chưa nêu; chuyển Văn phòng UBND tỉnh", "An ninh mạng")
		over.open("/regulations/TX108").wants("không còn hiệu lực")
		s.get(over.c, "/regulations/PT06/D99").want(t, 404)
		s.get(over.c, "/regulations/XX").want(t, 404)
		s.get(over.c, "/regulations/adopt").want(t, 403, "Chỉ quản trị của tỉnh")
		s.visit("specialist").open("/regulations/PT06/D6.K2").wants("Số liệu đang chạy dành cho")
		s.root().open("/regulations/adopt").wants("Không có việc nào đổi hạn", "giống bản đang dùng")
	})
}

// No English of the data reaches the screen.
func TestTimesOfClausesAreWords(t *testing.T) {
	lib, err := regulation.Load(regulations.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range lib.Regulations {
		for _, c := range x.Clauses {
			got := deadlineWords(c.Deadline)
			if got == "theo văn bản" || strings.Contains(got, "implied") || strings.Contains(got, "ly;") {
				t.Errorf("%s: %q reads %q", c.ID, c.Deadline, got)
			}
		}
	}
	for token, want := range map[string]string{"P7WD after trigger": "7 ngày làm việc", "2025-08-04 16:00": "16:00 ngày 04/08/2025", "none": "không nêu hạn",
		"implied: before the absence, or on occurrence": "trước khi vắng mặt, hoặc khi phát sinh (hiểu từ ngữ cảnh)", "monthly; yearly": "hằng tháng; hằng năm"} {
		if got := deadlineWords(token); got != want {
			t.Errorf("deadlineWords(%q) = %q, want %q", token, got, want)
		}
	}
}
