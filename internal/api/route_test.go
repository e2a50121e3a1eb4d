package api_test

import "testing"

// A text is routed with the reason, and nothing is kept of it.
func TestRoute(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		post := func(body object) answer {
			return f.do(f.office.Commune.Officer, "POST", "/api/v1/route", body)
		}
		fields := post(object{"text": "Người dân làm giấy khai sinh, chứng thực phải chờ lâu"}).want(t, 200).body["fields"].([]any)
		if len(fields) != 3 {
			t.Fatalf("%d proposals", len(fields))
		}
		if first := fields[0].(object); first["id"] != "tu-phap" || first["unit"] != "so-tu-phap" || first["why"] == "" || first["clause"] == "" {
			t.Errorf("first: %v", first)
		}
		hole := post(object{"text": "Máy tính nhiễm mã độc, mất an toàn thông tin"}).want(t, 200).body["fields"].([]any)[0].(object)
		if hole["subfield"] != "an-toan-thong-tin" || hole["hole"] != true || hole["unit"] != "van-phong-ubnd-tinh" {
			t.Errorf("hole: %v", hole)
		}
		if fields := post(object{"text": "xyz"}).want(t, 200).body["fields"].([]any); len(fields) != 0 {
			t.Errorf("nonsense is routed: %v", fields)
		}
		post(object{"text": " "}).want(t, 422)
		post(object{"text": 4}).want(t, 422)
		f.do("", "POST", "/api/v1/route", object{"text": "a"}).want(t, 401)
	})
}
