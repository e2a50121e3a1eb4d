package api_test

import (
	"testing"

	"lienthong/internal/org"
)

const ordered = `CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Số: 12/CT-UBND
Phú Thọ, ngày 02 tháng 3 năm 2026
CHỈ THỊ
Về việc rà soát thủ tục
1. Sở Tư pháp chủ trì rà soát thủ tục, báo cáo trước ngày 20/3/2026.
2. Sở Nội vụ tổng hợp danh sách, báo cáo trước ngày 25/3/2026.
`

// The desk of the Office has the text read again; a unit that does not read the directive
// cannot, and what was read is counted only from what was released.
func TestDirectiveReadAgain(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		desk, commune := deskOf(t, f), f.office.Commune.Officer
		d := f.do(desk, "POST", "/api/v1/directives", object{"text": ordered}).want(t, 201)
		at := "/api/v1/directives/" + d.text("id")
		before := len(d.body["proposals"].([]any))
		if before == 0 {
			t.Fatalf("nothing was read: %s", d.raw)
		}
		f.do(commune, "POST", at+"/reread", nil).want(t, 404)
		again := f.do(desk, "POST", at+"/reread", nil, "Idempotency-Key", "r1").want(t, 200)
		open := 0
		for _, p := range again.body["proposals"].([]any) {
			if p.(object)["state"] == "proposed" {
				open++
			}
		}
		if open != before {
			t.Errorf("%d proposals stand after the second reading, %d before", open, before)
		}
		if r := f.do(desk, "POST", at+"/reread", nil, "Idempotency-Key", "r1").want(t, 200); r.header.Get("Idempotency-Replayed") != "true" {
			t.Errorf("repeat: %s", r.raw)
		}
		figures := f.do(commune, "GET", "/api/v1/directives/figures", nil).want(t, 200)
		if figures.body["documents"] != 0.0 || figures.body["precision"] != 0.0 {
			t.Errorf("figures of nothing: %s", figures.raw)
		}
	})
}

// A unit that stands hands over one by one; of no assignment there is nothing to give back.
func TestAssignmentsHandedRefused(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		desk := deskOf(t, f)
		f.do(desk, "POST", "/api/v1/assignments/merged", object{"from": string(f.office.DepartmentUnit)}).want(t, 422)
		f.do(desk, "POST", "/api/v1/assignments/merged", object{"from": "khong-co"}).want(t, 422)
		f.do(desk, "POST", "/api/v1/assignments/merged", object{"tu": "x"}).want(t, 422)
		f.do(desk, "POST", "/api/v1/assignments/"+f.raise().text("id")+"/return-up", object{"reason": "Không thuộc phòng này."}).want(t, 404)
	})
}

// deskOf is the desk officer of the Office, who enters directives.
func deskOf(t *testing.T, f *face) (id org.OfficerID) {
	t.Helper()
	return f.somebody("van-phong-ubnd-tinh", org.Desk)
}
