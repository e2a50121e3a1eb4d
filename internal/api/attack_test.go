package api_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"lienthong/internal/db"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/petition"
)

// How a unit works inside - its section, its officer, the day its leader set - is in no
// answer to another unit, and no filter asks about it.
func TestInsideOfAUnitStaysThere(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		id := f.raise().text("id")
		leader := f.office.Leader.Officer
		due := f.do(leader, "GET", "/api/v1/petitions/"+id, nil).want(t, http.StatusOK).text("due_on")
		f.do(leader, "POST", "/api/v1/petitions/"+id+"/direct", object{"officer": f.office.Specialist, "inner_on": due, "instruction": "Làm kín."}).want(t, http.StatusOK)
		watcher := f.somebody("so-noi-vu", org.Leader)
		unit := string(f.office.DepartmentUnit)
		for _, path := range []string{"/api/v1/cases/" + id + "/duties", "/api/v1/cases/" + id + "/history", "/api/v1/petitions/" + id, "/api/v1/cases/" + id + "/proof",
			"/api/v1/inbox?unit=" + unit, "/api/v1/board/list?unit=" + unit, "/api/v1/search?q=chung%20thuc"} {
			for _, who := range []org.OfficerID{watcher, f.office.Commune.Officer} {
				a := f.do(who, "GET", path, nil)
				if a.status == http.StatusForbidden && strings.Contains(path, "board") {
					continue
				}
				a.want(t, http.StatusOK)
				for _, inside := range []string{string(f.office.Specialist), "Làm kín", `"inner_on":"` + due} {
					if strings.Contains(a.raw, inside) {
						t.Errorf("%s tells %s of %q: %s", path, who, inside, a.raw)
					}
				}
			}
		}
		ours := "/api/v1/inbox?unit=" + unit + "&officer=" + url.QueryEscape(string(f.office.Specialist))
		if n := len(f.do(watcher, "GET", ours, nil).want(t, http.StatusOK).items()); n != 0 {
			t.Errorf("an overseer counts %d matters of one person of another unit", n)
		}
		if n := len(f.do(leader, "GET", ours, nil).want(t, http.StatusOK).items()); n != 1 {
			t.Errorf("the unit's own leader finds %d, want 1", n)
		}
	})
}

// What is not there, what may not be read and what is no id are answered to the letter
// alike, whatever is asked.
func TestNothingTellsWhatExists(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		id := f.raise().text("id")
		stranger := f.somebody("so-tu-phap", org.Leader)
		acts := map[string]any{"direct": object{"officer": "x"}, "forward": object{"to": "so-noi-vu", "reason": "x"}, "answer": object{"text": "x", "outcome": "resolved"},
			"settle": object{"settled": true}, "urge": object{"text": "x"}, "explanation": object{"text": "x"}, "ask": object{"text": "x"}, "return": object{"ground": "x", "reason": "x"},
			"split": object{"to": "so-noi-vu", "text": "x"}, "contribute": object{"text": "x"}, "assign": object{"to": "so-noi-vu", "reason": "x"}, "register": object{},
			"drafts": object{"text": "x"}, "report": object{"text": "x"}, "clarify": object{"text": "x"}, "return-up": object{"reason": "x"}}
		for name, body := range acts {
			here := f.do(stranger, "POST", "/api/v1/petitions/"+id+"/"+name, body)
			gone := f.do(stranger, "POST", "/api/v1/petitions/"+db.NewID(lttest.Start)+"/"+name, body)
			if here.status != http.StatusNotFound || here.raw != gone.raw {
				t.Errorf("%s tells: %d %s against %d %s", name, here.status, here.raw, gone.status, gone.raw)
			}
		}
		for _, path := range []string{"/api/v1/petitions/%s", "/api/v1/cases/%s/history", "/api/v1/cases/%s/duties", "/api/v1/cases/%s/proof"} {
			here := f.do(stranger, "GET", strings.ReplaceAll(path, "%s", id), nil)
			gone := f.do(stranger, "GET", strings.ReplaceAll(path, "%s", db.NewID(lttest.Start)), nil)
			if here.status != http.StatusNotFound || here.raw != gone.raw {
				t.Errorf("%s tells: %d %s", path, here.status, here.raw)
			}
		}
	})
}

// Whatever stands in a cursor, a filter or an address, nothing of it is a fault of ours.
func TestNothingTypedIsAFaultOfOurs(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		f.raise()
		b64 := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
		cursors := []string{"x", "|", "a|b", "%", b64("a|b|c|d|1"), b64("a|b|c|d|99999999999999999999"), b64("'|\"|;--|x|1"), b64("\xff|\x00|a|b|1"), b64("\x00|b|1|d"),
			b64("a|b|1|\x00"), b64("n:1"), b64("n:-9223372036854775808"), b64("c:\x00"), b64("c:KN-0001/2026"), b64("n:x"), "-1", "99999999999999999999", "a|\x01"}
		filters := []string{"limit=0", "limit=-1", "limit=1e9", "unit=%27", "unit=%00", "unit=%ff", "from=0000-00-00", "from=9999-12-31&to=0001-01-01", "figure=late", "figure=unconfirmed",
			"figure=asked", "rule=%27", "officer=%00", "q=%22", "q=%2a", "q=NEAR(a%20b)", "q=a:b", "q=%5c", "q=KN-1", "q=KN-0001%2F2026", "q=a%00b", "state=%27%20OR%201=1--"}
		who := f.somebody("so-noi-vu", org.Leader)
		for _, path := range []string{"inbox", "board/list", "board", "search", "cases/by-code", "units", "officers"} {
			for _, filter := range filters {
				for _, c := range cursors {
					p := "/api/v1/" + path + "?" + filter + "&cursor=" + url.QueryEscape(c)
					if a := f.do(who, "GET", p, nil); a.status >= 500 {
						t.Fatalf("%s: %d %s", p, a.status, a.raw)
					}
					p = "/api/v1/" + path + "?" + filter
					if path == "search" && !strings.HasPrefix(filter, "q=") {
						p += "&q=may&cursor=" + url.QueryEscape(c)
					}
					if a := f.do(who, "GET", p, nil); a.status >= 500 {
						t.Fatalf("%s: %d %s", p, a.status, a.raw)
					}
				}
			}
		}
		for _, body := range []object{{"title": "\u0000", "text": "x", "field": f.office.Field}, {"title": "x", "text": "x", "field": "\u0001'"}, {"title": "x", "text": strings.Repeat("x", 60_000), "field": f.office.Field}} {
			if a := f.do(f.office.Commune.Officer, "POST", "/api/v1/petitions", body); a.status != http.StatusUnprocessableEntity {
				t.Errorf("%.80v: %d %s", body, a.status, a.raw)
			}
		}
	})
}

// A key belongs to the officer who sent it: with another's nothing is read and nothing done.
func TestAnothersKeyOpensNothing(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		const key = "khoa-cua-nguoi-khac"
		first := f.do(f.office.Commune.Officer, "POST", "/api/v1/petitions", f.raiseBody(), "Idempotency-Key", key).want(t, http.StatusCreated)
		stranger := f.somebody("so-tu-phap", org.Leader)
		a := f.do(stranger, "POST", "/api/v1/petitions", f.raiseBody(), "Idempotency-Key", key)
		if a.header.Get("Idempotency-Replayed") != "" || strings.Contains(a.raw, first.text("id")) || a.status < 400 {
			t.Errorf("another's key: %d %s", a.status, a.raw)
		}
		other := f.do(f.office.Commune.Officer, "POST", "/api/v1/petitions", f.raiseBody(), "Acting-Post", "of-so-tu-phap-leader-1.1")
		other.want(t, http.StatusForbidden)
		body := f.raiseBody()
		body["unit"] = "08515"
		f.do(f.office.Commune.Officer, "POST", "/api/v1/petitions", body).want(t, http.StatusForbidden)
		if n := len(f.do(f.office.Leader.Officer, "GET", "/api/v1/inbox?rule="+petition.MustAnswer, nil).items()); n != 1 {
			t.Errorf("%d petitions arrived, want 1", n)
		}
	})
}
