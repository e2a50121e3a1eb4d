package api_test

import (
	"strings"
	"testing"

	"lienthong/internal/db"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/signin"
)

const temporary = "trang-giay-mau-xanh-17"

// The administrator of a unit opens, resets, unlocks and closes accounts of its people over
// JSON, as on the page; nobody else does, and nobody his own.
func TestAccountsOverJSON(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		unit := f.office.DepartmentUnit
		admin, other, leader := f.somebody(unit, org.Admin), f.somebody(f.office.CommuneUnit, org.Admin), f.office.Leader.Officer
		at := "/api/v1/accounts"
		list := f.do(admin, "GET", at+"?unit="+string(unit), nil).want(t, 200)
		if len(list.items()) < 3 || list.items()[0]["state"] != "none" {
			t.Errorf("accounts: %.300s", list.raw)
		}
		f.do(leader, "GET", at+"?unit="+string(unit), nil).want(t, 403)
		f.do(other, "GET", at+"?unit="+string(unit), nil).want(t, 403)

		body := object{"unit": unit, "officer": leader, "login": "giam.doc", "password": temporary}
		f.do(other, "POST", at, body).want(t, 403)
		f.do(admin, "POST", at, object{"unit": unit, "officer": leader, "login": "giam.doc", "password": "123"}).want(t, 422).blames(t, "password")
		a := f.do(admin, "POST", at, body, "Idempotency-Key", "mo-1").want(t, 201)
		if a.text("state") != "must_change" || a.text("login") != "giam.doc" || strings.Contains(a.raw, temporary) {
			t.Errorf("opened: %s", a.raw)
		}
		if again := f.do(admin, "POST", at, body, "Idempotency-Key", "mo-1").want(t, 201); again.header.Get("Idempotency-Replayed") != "true" {
			t.Error("the same request twice opens twice")
		}
		// what tells a repeat is made without the password: no trace of it is stored
		body["password"] = temporary + "8"
		f.do(admin, "POST", at, body, "Idempotency-Key", "mo-1").want(t, 201)
		f.do(admin, "POST", at, body).want(t, 409)

		one := at + "/" + string(leader)
		f.do(admin, "POST", one+"/unlock", object{"unit": unit}).want(t, 409) // nothing stands against it
		for range 7 {
			if _, err := f.door.SignIn(t.Context(), signin.Try{Login: "giam.doc", Password: "sai"}); err == nil {
				t.Fatal("a wrong password opens")
			}
		}
		if got := f.do(admin, "POST", one+"/unlock", object{"unit": unit}).want(t, 200); got.body["tried"] != float64(0) {
			t.Errorf("unlocked: %s", got.raw)
		}
		f.token(leader) // a program's
		if got := f.do(admin, "POST", one+"/reset", object{"unit": unit, "password": temporary + "9"}).want(t, 200); got.body["revoked"] != float64(1) {
			t.Errorf("reset: %s", got.raw)
		}
		f.do(leader, "GET", "/api/v1/me", nil).want(t, 401)
		if got := f.do(admin, "POST", one+"/close", object{"unit": unit}).want(t, 200); got.text("state") != "closed" {
			t.Errorf("closed: %s", got.raw)
		}
		f.do(admin, "POST", at+"/"+string(admin)+"/close", object{"unit": unit}).want(t, 403)
		f.do(admin, "POST", at+"/"+string(f.office.Commune.Officer)+"/close", object{"unit": unit}).want(t, 404)
	})
}

// Settings and the province's own decision over JSON, for the administrators of the
// province alone.
func TestSettingsOverJSON(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		var top org.UnitID
		lttest.View(t, f.d, func(tx *db.Tx) error {
			all, err := org.Units(tx, org.Filter{})
			for _, u := range all {
				if u.Parent == "" && !u.Requested {
					top = u.ID
				}
			}
			return err
		})
		root, leader := f.somebody(top, org.Admin), f.office.Leader.Officer
		at := "/api/v1/settings/export.keep"
		for _, path := range []string{"/api/v1/settings", at, "/api/v1/settings/changes"} {
			f.do(root, "GET", path, nil).want(t, 200)
			f.do(leader, "GET", path, nil).want(t, 403)
		}
		f.do(leader, "PUT", at, object{"value": "2h", "source": "thử"}).want(t, 403)
		f.do(root, "PUT", at, object{"value": "lâu", "source": "thử"}).want(t, 422).blames(t, "value")
		f.do(root, "PUT", at, object{"value": "2h", "source": ""}).want(t, 422).blames(t, "source")
		f.do(root, "PUT", "/api/v1/settings/khong.co", object{"value": "2h", "source": "thử"}).want(t, 404)
		a := f.do(root, "PUT", at, object{"value": "2h", "source": "Công văn số 1/VP"}, "Idempotency-Key", "dat-1").want(t, 200)
		if a.text("value") != "2h" || a.body["set"] != true || !strings.Contains(a.text("source"), "Công văn số 1/VP") {
			t.Errorf("set: %s", a.raw)
		}
		f.do(root, "PUT", at, object{"value": "2h", "source": "Công văn số 1/VP"}, "Idempotency-Key", "dat-1").want(t, 200)
		if log := f.do(root, "GET", "/api/v1/settings/changes", nil).want(t, 200).items(); len(log) != 1 || log[0]["became"] != "2h" || log[0]["by"] != string(root) {
			t.Errorf("changes: %v", log)
		}
		if a := f.do(root, "POST", at+"/reset", object{}).want(t, 200); a.text("value") != "24h" || a.body["set"] != false || !strings.Contains(a.text("source"), "không quy chế nào nêu") {
			t.Errorf("reset: %s", a.raw)
		}

		decisions := "/api/v1/profiles/tinh-mau/decisions"
		f.do(leader, "POST", decisions, object{"number": "12/QĐ-UBND", "date": "2026-01-05"}).want(t, 403)
		f.do(root, "POST", decisions, object{"number": "", "date": "2026-01-05"}).want(t, 422).blames(t, "number")
		f.do(root, "POST", decisions, object{"number": "12/QĐ-UBND", "date": "2199-01-05"}).want(t, 422).blames(t, "date")
		d := f.do(root, "POST", decisions, object{"number": "12/QĐ-UBND", "date": "2026-01-05"}).want(t, 201)
		if d.text("number") != "12/QĐ-UBND" || d.text("profile") != "tinh-mau" {
			t.Errorf("decided: %s", d.raw)
		}
		if all := f.do(root, "GET", decisions, nil).want(t, 200).items(); len(all) != 1 {
			t.Errorf("decisions: %v", all)
		}
		f.do(root, "GET", "/api/v1/profiles/khong-co/decisions", nil).want(t, 404)
		lttest.View(t, f.d, func(tx *db.Tx) error {
			all, err := regulation.Decisions(tx)
			if err == nil && (len(all) != 1 || all[0].By != string(root)) {
				t.Errorf("%+v", all)
			}
			return err
		})
	})
}

// Codes of the document system over JSON: the province's administrators write them, one
// code is one unit's.
func TestExchangeCodesOverJSON(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		var top org.UnitID
		lttest.View(t, f.d, func(tx *db.Tx) (err error) {
			all, err := org.Units(tx, org.Filter{})
			for _, u := range all {
				if u.Parent == "" && !u.Requested {
					top = u.ID
				}
			}
			return err
		})
		root := f.somebody(top, org.Admin)
		at := "/api/v1/exchange/units/" + string(f.office.DepartmentUnit)
		body := object{"codes": []string{"h44.30", "H44.030"}, "receives": true}
		f.do(f.somebody(f.office.DepartmentUnit, org.Admin), "PUT", at, body).want(t, 403)
		a := f.do(root, "PUT", at, body, "Idempotency-Key", "ma-1").want(t, 200)
		if codes, _ := a.body["codes"].([]any); len(codes) != 2 || codes[0] != "H44.30" || a.body["receives"] != true {
			t.Errorf("written: %s", a.raw)
		}
		f.do(root, "PUT", at, body, "Idempotency-Key", "ma-1").want(t, 200)
		f.do(root, "PUT", "/api/v1/exchange/units/"+string(f.office.CommuneUnit), object{"codes": []string{"H44.30"}}).want(t, 422).blames(t, "codes")
		if got := f.do(f.office.Leader.Officer, "GET", at, nil).want(t, 200); got.body["receives"] != true {
			t.Errorf("read: %s", got.raw)
		}
		f.do(root, "GET", "/api/v1/exchange/units/khong-co", nil).want(t, 404)
	})
}
