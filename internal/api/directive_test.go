package api_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"lienthong/internal/directive"
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

// A document comes in as a file as on the page: the first is read, all are kept. A file that
// cannot be read is refused with the reason and waits on; with its text beside it it is taken.
func TestDirectiveTakenFromAFile(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		desk, other := deskOf(t, f), f.office.Commune.Officer
		file := f.send(desk, "chi-thi.txt", ordered).want(t, 201).text("id")
		f.do(other, "POST", "/api/v1/directives", object{"attachments": []string{file}}).want(t, 403)
		d := f.do(desk, "POST", "/api/v1/directives", object{"attachments": []string{file}}, "Idempotency-Key", "t1").want(t, 201)
		if n := len(d.body["proposals"].([]any)); n != 2 || d.text("number") != "12/CT-UBND" {
			t.Fatalf("%d proposals of %s", n, d.text("number"))
		}
		if r := f.do(desk, "POST", "/api/v1/directives", object{"attachments": []string{file}}, "Idempotency-Key", "t1").want(t, 201); r.text("id") != d.text("id") {
			t.Errorf("the repeat: %s", r.raw)
		}
		f.do(desk, "POST", "/api/v1/directives", object{"attachments": []string{file}}).want(t, 422) // used
		f.do(desk, "POST", "/api/v1/directives", object{}).want(t, 422)

		locked, err := os.ReadFile("../extract/read/testdata/locked.pdf")
		if err != nil {
			t.Fatal(err)
		}
		pdf := f.send(desk, "van-ban.pdf", string(locked)).want(t, 201).text("id")
		r := f.do(desk, "POST", "/api/v1/directives", object{"attachments": []string{pdf}}).want(t, 422)
		if !strings.Contains(r.text("detail"), "mật khẩu") {
			t.Errorf("the refusal does not say why: %s", r.raw)
		}
		next := strings.ReplaceAll(ordered, "12/CT-UBND", "13/CT-UBND")
		f.do(desk, "POST", "/api/v1/directives", object{"text": next, "attachments": []string{pdf}}).want(t, 201)
		twice := f.do(desk, "POST", "/api/v1/directives", object{"text": next}).want(t, 409)
		if !strings.Contains(twice.text("detail"), "đã được nhập") {
			t.Errorf("issued twice: %s", twice.raw)
		}
	})
}

// What bars which step is said with each question, and the acts agree; the figures of one
// directive are those of its line.
func TestDirectiveSaysWhatIsOpen(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		desk := deskOf(t, f)
		d := f.do(desk, "POST", "/api/v1/directives", object{"text": ordered}).want(t, 201)
		at := "/api/v1/directives/" + d.text("id")
		f.do(desk, "POST", at+"/add", object{"content": "Việc của một cơ quan không có", "leads": []object{{"said": "Sở Không Có"}}}).want(t, 200)
		now := f.do(desk, "POST", at+"/add", object{"content": "Việc không nêu ai chủ trì"}).want(t, 200)
		steps := map[string]int{}
		for _, q := range now.body["questions"].([]any) {
			steps[q.(object)["before"].(string)]++
		}
		if steps["confirm"] != 1 || steps["release"] != 1 {
			t.Errorf("before which step: %v", steps)
		}
		if acts := now.body["acts"].([]any); slices.Contains(acts, any("confirm")) {
			t.Errorf("acts %v", acts)
		}
		f.do(desk, "POST", at+"/confirm", object{}).want(t, 409)
		f.do(desk, "POST", at+"/drop", object{"n": 3, "reason": "Không có cơ quan này."}).want(t, 200)
		f.do(desk, "POST", at+"/confirm", object{}).want(t, 200)

		id := f.issue("71/UBND-TH", directive.Task{Leads: []directive.Name{{Said: "Sở Tư pháp", Unit: "so-tu-phap"}}, Content: "Rà soát"})
		one := f.do(desk, "GET", "/api/v1/directives/"+id, nil).want(t, 200)
		if one.body["given"] != 1.0 || one.body["done"] != 0.0 {
			t.Errorf("given %v, done %v", one.body["given"], one.body["done"])
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
