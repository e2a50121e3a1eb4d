package api_test

import (
	"testing"

	"lienthong/internal/org"
)

// A unit's receivers over JSON: entered by its administrator, for an account of the unit;
// the key is shown to who made it; a new key, an end; nobody else reads or changes them.
func TestHooksOverJSON(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		unit := f.office.DepartmentUnit
		admin, leader := f.somebody(unit, org.Admin), f.office.Leader.Officer
		at := "/api/v1/hooks"
		body := object{"unit": unit, "what": "events", "label": "Cổng của sở", "url": "https://cong.example.org/nhan", "account": leader}
		f.do(leader, "POST", at, body).want(t, 403)
		f.do(admin, "POST", at, object{"unit": unit, "what": "events", "label": "Cổng", "url": "http://cong.example.org/nhan", "account": leader}).want(t, 422).blames(t, "url")
		f.do(admin, "POST", at, object{"unit": unit, "what": "moi-thu", "label": "Cổng", "url": "https://cong.example.org/nhan", "account": leader}).want(t, 422)
		made := f.do(admin, "POST", at, body, "Idempotency-Key", "noi-nhan-1").want(t, 201)
		if made.text("secret") == "" || made.text("id") == "" {
			t.Errorf("made: %s", made.raw)
		}
		if again := f.do(admin, "POST", at, body, "Idempotency-Key", "noi-nhan-1").want(t, 201); again.text("id") != made.text("id") {
			t.Errorf("the same request twice makes two: %s", again.raw)
		}
		list := f.do(admin, "GET", at+"?unit="+string(unit), nil).want(t, 200).items()
		if len(list) != 1 || list[0]["url"] != body["url"] {
			t.Errorf("list: %v", list)
		}
		f.do(leader, "GET", at+"?unit="+string(unit), nil).want(t, 403)
		one := at + "/" + made.text("id")
		f.do(leader, "POST", one+"/rotate", object{}).want(t, 404)
		if fresh := f.do(admin, "POST", one+"/rotate", object{}).want(t, 200); fresh.text("secret") == "" || fresh.text("secret") == made.text("secret") {
			t.Error("the key is not a new one")
		}
		f.do(admin, "POST", one+"/try", object{}).want(t, 200)
		f.do(admin, "POST", one+"/end", object{}).want(t, 200)
		f.do(admin, "POST", one+"/try", object{}).want(t, 409)
		if got := f.do(admin, "GET", "/api/v1/letters?unit="+string(unit), nil).want(t, 200).items(); len(got) != 0 {
			t.Errorf("given up: %v", got)
		}
		f.do(leader, "GET", "/api/v1/letters?unit="+string(unit), nil).want(t, 403)
	})
}
