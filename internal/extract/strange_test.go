package extract

import (
	"strings"
	"testing"
	"time"
)

// A row of a table with a number in front is not a note at the foot of its page.
func TestRowsBeforeAPageEnd(t *testing.T) {
	const table = `ỦY BAN NHÂN DÂN TỈNH
Số: 12/KH-UBND

KẾ HOẠCH
Thử bảng

I. TỔ CHỨC THỰC HIỆN
1. Sở Nội vụ theo dõi việc thực hiện Kế hoạch.

Nơi nhận:
- Lưu: VT.

                         PHỤ LỤC
STT   Nhiệm vụ                        Cơ quan chủ trì      Thời gian

1     Rà soát hồ sơ lưu trữ           Sở Nội vụ            Tháng 5/2026

2     Tập huấn công chức cấp xã       Sở Tư pháp           Tháng 6/2026

                                  2

3     Kiểm tra bộ phận một cửa        Thanh tra tỉnh       Tháng 7/2026
`
	var clauses []string
	for _, p := range Text(table).Tasks {
		clauses = append(clauses, p.Clause)
	}
	if got := strings.Join(clauses, " "); got != "I.1 Phụ lục.1 Phụ lục.2 Phụ lục.3" {
		t.Error(got)
	}
}

// A heading without a number, a heading of initials, and a closing line behind the notice.
func TestWhoIsTold(t *testing.T) {
	const text = `ỦY BAN NHÂN DÂN TỈNH
Số: 12/UBND-TH

Kính gửi: Các sở, ban, ngành.

UBND tỉnh yêu cầu các đơn vị thực hiện các nội dung sau:

Đối với Ủy ban nhân dân các xã, phường

- Rà soát danh sách hộ thiếu nước.

Công ty Cổ phần Cấp nước

Bảo đảm cấp nước liên tục cho các trạm y tế.

1. P.KT

a) Lập danh sách hộ kinh doanh.

2. STC tham mưu bố trí kinh phí.

3. Các chủ đập, chủ hồ chứa nước

- Cắm mốc cảnh báo lũ.

Trên đây là ý kiến của UBND tỉnh, thông báo để các đơn vị biết, thực hiện. Giao Văn phòng UBND tỉnh đôn đốc, tổng hợp kết quả./.
`
	var leads []string
	for _, p := range Text(text).Tasks {
		leads = append(leads, strings.Join(p.Lead, "+"))
	}
	want := "Ủy ban nhân dân các xã, phường|Công ty Cổ phần Cấp nước|P.KT|STC|Các chủ đập, chủ hồ chứa nước|Văn phòng UBND tỉnh"
	if got := strings.Join(leads, "|"); got != want {
		t.Errorf("%s, not %s", got, want)
	}
}

// A list of places is one name as printed, and a body for each place that has a unit.
func TestEachPlace(t *testing.T) {
	for name, want := range map[string]string{
		"UBND các phường: Việt Trì, Vĩnh Yên và Hòa Bình": "UBND phường Việt Trì|UBND phường Vĩnh Yên|UBND phường Hòa Bình",
		"UBND các xã: Thu Cúc, phường Hòa Bình":           "UBND xã Thu Cúc|UBND phường Hòa Bình",
		"UBND các xã, phường":                             "UBND các xã, phường",
		"Sở Tư pháp: Phòng Hành chính":                    "Sở Tư pháp: Phòng Hành chính",
	} {
		if got := strings.Join(EachPlace(name), "|"); got != want {
			t.Errorf("%s: %s, not %s", name, got, want)
		}
	}
}

// Hours of the day in words; what a count runs up to is no limit.
func TestHoursInWords(t *testing.T) {
	day := time.Date(2025, 8, 10, 0, 0, 0, 0, time.UTC)
	for text, want := range map[string]string{
		"có mặt trước 8 giờ sáng ngày 20/8/2025": "2025-08-20T08:00",
		"gửi trước 5 giờ chiều ngày 20/8/2025":   "2025-08-20T17:00",
		"số liệu tính đến hết ngày 31/8/2025":    "",
	} {
		got := ""
		if m, ok := choose(times(tokens(text), day, false)); ok {
			got = m.text(true)
		}
		if got != want {
			t.Errorf("%s: %q, not %q", text, got, want)
		}
	}
}
