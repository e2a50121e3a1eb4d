package api_test

import "testing"

// A thing to do is registered, read by whom it concerns, and ended once; refusals name
// their field.
func TestWorkOverJSON(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		leader, commune := f.office.Leader.Officer, f.office.Commune.Officer
		const items = "/api/v1/programme/items"
		made := f.do(leader, "POST", items, object{"title": "Tập huấn cho xã", "place": "2026-05", "estimate": 12000000, "funding": "yearly"}, "Idempotency-Key", "w1").want(t, 201)
		if made.text("state") != "planned" || made.text("funding") != "yearly" || made.body["estimate"] != 12000000.0 {
			t.Errorf("made: %s", made.raw)
		}
		if again := f.do(leader, "POST", items, object{"title": "Tập huấn cho xã", "place": "2026-05", "estimate": 12000000, "funding": "yearly"}, "Idempotency-Key", "w1").want(t, 201); again.text("id") != made.text("id") {
			t.Errorf("repeat: %s", again.raw)
		}
		for _, tt := range []struct {
			field string
			body  object
		}{
			{"title", object{"title": " ", "place": "2026-05"}},
			{"place", object{"title": "Họp", "place": "mai"}},
			{"funding", object{"title": "Họp", "place": "2026-05", "estimate": 5, "funding": "khác"}},
			{"estimate", object{"title": "Họp", "place": "2026-05", "funding": "yearly"}},
			{"from_hour", object{"title": "Họp", "place": "2026-05", "from_hour": "08:00"}},
			{"with", object{"title": "Họp", "place": "2026-05", "with": []object{{"unit": "khong-co"}}}},
		} {
			refused := f.do(leader, "POST", items, tt.body).want(t, 422)
			if all, _ := refused.body["errors"].([]any); len(all) == 0 || all[0].(object)["field"] != tt.field {
				t.Errorf("%s: %s", tt.field, refused.raw)
			}
		}
		at := items + "/" + made.text("id")
		f.do(commune, "GET", at, nil).want(t, 404) // what a unit keeps for itself
		f.do(commune, "POST", at+"/finish", object{"text": "Xong"}).want(t, 404)
		f.do(leader, "GET", at, nil).want(t, 200)
		f.do(leader, "POST", at+"/estimate", object{"amount": 5}).want(t, 403) // no rule of this province wants it
		f.do(leader, "POST", at+"/finish", object{"text": ""}).want(t, 422)
		f.do(leader, "POST", at+"/finish", object{"text": "Đã tập huấn."}).want(t, 200)
		f.do(leader, "POST", at+"/finish", object{"text": "Đã tập huấn."}).want(t, 409)
	})
}
