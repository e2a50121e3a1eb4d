package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"lienthong/internal/db"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
)

// A zero byte, a broken letter or a path out of the house is an address of nothing, in
// both databases, and what is typed with one is kept without it.
func TestSpoiledAddressesAndTexts(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		c := s.as(lttest.OfficerA)
		for _, path := range []string{"/cases/%00", "/cases/%ff", "/papers/%00", "/documents/%00", "/documents/..%2f..%2flienthong.db", "/cases/..%2f", "/admin/units/%00/people",
			"/static/..%2f..%2fgo.mod", "/static/%2e%2e/%2e%2e/go.mod", "/admin/jobs/%00", "/admin/calendars/%00"} {
			if a := s.get(c, path); a.StatusCode >= 500 || a.StatusCode == http.StatusOK {
				t.Errorf("%s: %d", path, a.StatusCode)
			}
		}
		for _, path := range []string{"/search?q=%00", "/search?q=a%00b", "/?t=%00", "/board?unit=%00", "/notices?x=%00"} {
			if a := s.get(c, path); a.StatusCode >= 500 {
				t.Errorf("%s: %d", path, a.StatusCode)
			}
		}
		if a := s.post(c, "/thu", "key", "khoa-cua-bieu-mau-1", "title", "Một", "text", "trước\x00sau"); a.StatusCode != http.StatusSeeOther {
			t.Fatalf("a text with a zero byte: %d %s", a.StatusCode, a.text)
		}
		lttest.View(t, s.DB, func(tx *db.Tx) error {
			var v string
			err := tx.One(`SELECT value FROM setting`, nil, &v)
			if v != "trướcsau" {
				t.Errorf("kept %q", v)
			}
			return err
		})
	})
}

// Nobody is sent to another site by what stands in an address, at the door or behind it.
func TestTheDoorLeadsNowhereElse(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		in := s.as(lttest.OfficerA)
		for _, to := range []string{"//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example", "/\n/evil.example", "javascript:alert(1)", "/..//evil.example",
			"/%2f%2fevil.example", "\\\\evil.example", "///evil.example", "/\x00/evil.example"} {
			a := s.post(s.browser(), "/signin", "name", string(lttest.OfficerA), "password", word, "next", to)
			b := s.get(in, "/signin?next="+url.QueryEscape(to))
			for _, where := range []string{a.Header.Get("Location"), b.Header.Get("Location")} {
				u, err := url.Parse(where)
				if err != nil || u.Host != "" || u.Scheme != "" || strings.HasPrefix(where, "//") || !strings.HasPrefix(where, "/") {
					t.Errorf("next=%q leads to %q (%v)", to, where, err)
				}
			}
		}
	})
}

// What people write is text wherever it is shown: in a page, a title, a refusal, a field.
func TestWhatIsTypedIsNoMarkup(t *testing.T) {
	const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>'`
	eachSite(t, func(t *testing.T, s *site) {
		lttest.Update(t, s.DB, func(tx *db.Tx) error {
			_, err := org.AddSection(tx, org.System("test"), lttest.Department, "x", evil)
			return err
		})
		s.oneFactor()
		c, admin := s.as(lttest.OfficerA), s.as(lttest.UnitAdmin)
		pages := []answer{
			s.post(c, "/thu", "key", "khoa-cua-bieu-mau-2", "title", "", "text", evil),
			s.get(c, "/search?q="+url.QueryEscape(evil)),
			s.get(s.browser(), "/signin?name="+url.QueryEscape(evil)+"&next="+url.QueryEscape("/"+evil)),
			s.get(admin, "/admin/units/"+string(lttest.Department)+"/structure"),
			s.get(admin, "/admin/units/"+string(lttest.Department)+"/people/assign"),
			s.post(admin, "/admin/units/"+string(lttest.Department)+"/people/add", "key", "khoa-cua-bieu-mau-3", "name", evil, "title", evil, "role", evil, "section", evil),
		}
		for _, a := range pages {
			if a.StatusCode >= 500 || strings.Contains(a.text, "<script>alert") || strings.Contains(a.text, "<img src=x") {
				t.Errorf("%s %s: %d, the text became markup", a.Request.Method, a.Request.URL.Path, a.StatusCode)
			}
		}
	})
}

// oneFactor lets administrators in with a password alone: what is tried here is what they
// may do inside.
func (s *site) oneFactor() {
	r := s.Keeper.Rules()
	r.AdminsSecond = false
	s.Keeper.SetRules(r)
}

// One unit's administrator changes nothing of another unit, and reads no matters at all.
func TestAdministratorOfOneUnit(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		s.oneFactor()
		c := s.as(lttest.UnitAdmin)
		for _, act := range []string{"people/add", "people/assign", "accounts/reset", "accounts/drop-second", "paths/set", "charges/set", "cover/add"} {
			for _, unit := range []org.UnitID{lttest.Commune, lttest.OneStep, lttest.Province} {
				path := "/admin/units/" + string(unit) + "/" + act
				a := s.get(c, path)
				b := s.post(c, path, "key", "khoa-"+act+string(unit)+"-dai", "officer", string(lttest.CommuneLeader), "id", string(lttest.CommuneLeader), "password", "mot cau rat dai va la")
				if a.StatusCode != http.StatusForbidden && a.StatusCode != http.StatusNotFound || b.StatusCode != http.StatusForbidden && b.StatusCode != http.StatusNotFound {
					t.Errorf("%s: GET %d, POST %d", path, a.StatusCode, b.StatusCode)
				}
			}
		}
		// a post given to somebody else's officer opens neither his account nor his second factor
		dept := "/admin/units/" + string(lttest.Department) + "/"
		if a := s.post(c, dept+"people/assign", "key", "khoa-giao-chuc-danh", "officer", string(lttest.CommuneLeader), "title", "Cộng tác viên", "role", "specialist"); a.StatusCode != http.StatusSeeOther {
			t.Fatalf("assign: %d %s", a.StatusCode, a.text)
		}
		for _, act := range []string{"accounts/open", "accounts/reset", "accounts/close", "accounts/drop-second", "people/leave"} {
			a := s.post(c, dept+act, "key", "khoa-chiem-"+act, "id", string(lttest.CommuneLeader), "login", "chiem.doat", "password", "mot cau rat dai va la", "reason", "x")
			if a.StatusCode != http.StatusForbidden && a.StatusCode != http.StatusNotFound {
				t.Errorf("%s on another unit's leader: %d", act, a.StatusCode)
			}
		}
		who := lttest.Who(t, s.DB, lttest.UnitAdmin)
		if who.In(lttest.Department) || !org.MayAdminister(who, org.Unit{ID: lttest.Department, Owner: lttest.Department}) {
			t.Error("an administrator keeps the system and has no part in the matters")
		}
	})
}
