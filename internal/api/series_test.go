package api_test

import (
	"testing"

	"lienthong/internal/directive"
	"lienthong/internal/org"
)

// What comes again is listed before its first occasion, handed over and ended by whoever gave
// it; a repeat does nothing twice, and what changed meanwhile is told.
func TestSeriesOverJSON(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		id := f.issue("7/UBND", directive.Task{Content: "Báo cáo số liệu hằng tháng", Leads: []directive.Name{{Unit: justice}}, Recurrence: "monthly 25", Words: "ngày 25 hằng tháng"})
		desk, lead, other := f.holderOf(theOffice, org.Desk).Officer, f.holderOf(justice, org.Leader).Officer, f.holderOf("so-tai-chinh", org.Leader).Officer
		all := f.do(desk, "GET", "/api/v1/series?directive="+id, nil).want(t, 200).items()
		if len(all) != 1 || len(all[0]["next"].([]any)) != 3 {
			t.Fatalf("before the first occasion: %v", all)
		}
		at := "/api/v1/series/" + all[0]["id"].(string)
		f.do(other, "GET", at, nil).want(t, 404)
		f.do(lead, "GET", at, nil).want(t, 200)
		f.do(lead, "POST", at+"/end", object{"reason": "Không cần nữa"}).want(t, 403)
		f.do(desk, "POST", at+"/hand", object{"to": "khong-co", "reason": "Chuyển"}).want(t, 422)
		etag := f.do(desk, "GET", at, nil).want(t, 200).header.Get("ETag")
		if got := f.do(desk, "POST", at+"/hand", object{"to": "so-tai-chinh", "reason": "Quyết định số 12/QĐ-UBND"}, "If-Match", etag).want(t, 200).text("lead"); got != "so-tai-chinh" {
			t.Errorf("handed to %s", got)
		}
		f.do(desk, "POST", at+"/end", object{"reason": "Thôi"}, "If-Match", etag).want(t, 412)
		if n := len(f.do(other, "GET", "/api/v1/series?lead=so-tai-chinh", nil).want(t, 200).items()); n != 1 {
			t.Errorf("the unit that has it sees %d", n)
		}
		f.do(desk, "POST", at+"/end", object{"reason": "Thôi", "from": "2020-01-01"}).want(t, 422)
		for range 2 {
			if got := f.do(desk, "POST", at+"/end", object{"reason": "Văn bản số 9"}, "Idempotency-Key", "e1").want(t, 200).text("ends_on"); got == "" {
				t.Error("it goes on")
			}
		}
		f.do(desk, "POST", at+"/end", object{"reason": "Văn bản số 9"}).want(t, 409)
		f.do(desk, "GET", "/api/v1/series/khong-1-co", nil).want(t, 404)
	})
}

// The parts that a unit gave on go with the assignment: the new unit lists, reads and ends
// them, the unit before reads them and decides no more. No part is due after the whole.
func TestPartsFollowOverJSON(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		id := f.issue("8/UBND", task("Rà soát thủ tục", justice, "2026-03-20"))
		desk, lead, other := f.holderOf(theOffice, org.Desk).Officer, f.holderOf(justice, org.Leader).Officer, f.holderOf("so-tai-chinh", org.Leader).Officer
		at := "/api/v1/assignments/" + f.do(desk, "GET", "/api/v1/assignments?directive="+id, nil).want(t, 200).items()[0]["id"].(string)
		part := object{"unit": string(f.office.CommuneUnit), "content": "Lập danh sách", "criteria": "Đủ", "until": "2026-03-21"}
		f.do(lead, "POST", at+"/sub", part).want(t, 422)
		part["until"] = "2026-03-18"
		sub := "/api/v1/assignments/" + f.do(lead, "POST", at+"/sub", part).want(t, 201).text("id")
		f.do(other, "GET", sub, nil).want(t, 404)
		f.do(desk, "POST", at+"/hand", object{"to": "so-tai-chinh", "reason": "Chuyển", "inside": "khac"}).want(t, 422)
		f.do(desk, "POST", at+"/hand", object{"to": "so-tai-chinh", "reason": "Quyết định số 12/QĐ-UBND", "inside": "move"}).want(t, 200)
		if n := len(f.do(other, "GET", at, nil).want(t, 200).body["subs"].([]any)); n != 1 {
			t.Errorf("the new lead sees %d parts", n)
		}
		f.do(lead, "GET", sub, nil).want(t, 200)
		f.do(lead, "POST", sub+"/end", object{"reason": "Thôi"}).want(t, 403)
		if got := f.do(other, "POST", sub+"/end", object{"reason": "Thôi"}).want(t, 200).text("state"); got != "ended" {
			t.Errorf("the part is %s", got)
		}
	})
}
