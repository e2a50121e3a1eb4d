package api_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"lienthong/internal/db"
	"lienthong/internal/lttest"
)

// looked are the parameters whose values are words to look for: nothing typed is wrong.
var looked = []string{"q", "code"}

// asked is a list with a parameter of its address.
type asked struct{ path, name, kind, format string }

// everyParameter reads the document: each GET with each parameter of its query, the ids of
// its path filled in.
func everyParameter(t *testing.T, f *face, ids map[string]string) (all []asked) {
	t.Helper()
	var doc struct {
		Paths map[string]map[string]struct {
			Parameters []struct {
				Name   string
				In     string
				Schema struct {
					Type, Format string
					Items        struct{ Type, Format string }
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(f.do("", "GET", "/openapi.json", nil).want(t, 200).raw), &doc); err != nil {
		t.Fatal(err)
	}
	for path, methods := range doc.Paths {
		if kind, _, ok := strings.Cut(strings.TrimPrefix(path, "/api/v1/"), "/{id}"); ok && len(methods["get"].Parameters) > 0 {
			if kind == "cases" {
				kind = "petitions"
			}
			path = strings.Replace(path, "{id}", ids[kind], 1)
		}
		for _, p := range methods["get"].Parameters {
			if p.In == "query" {
				all = append(all, asked{strings.Replace(path, "{quarter}", "2026-Q1", 1), p.Name, p.Schema.Type, p.Schema.Format})
			}
		}
	}
	slices.SortFunc(all, func(a, b asked) int { return strings.Compare(a.path+a.name, b.path+b.name) })
	return all
}

// Whatever an address may hold is refused by name when it is nonsense, and so is a name that
// the address does not have: a mistyped filter is never a list of everything or of nothing.
func TestEveryParameterIsRead(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		rules := f.door.Rules()
		rules.TokenRate, rules.AddressRate = -1, -1
		f.door.SetRules(rules)
		ids, who := f.matters()
		ask := func(path string) (got answer) {
			for _, officer := range who {
				if got = f.do(officer, "GET", path, nil); got.status != http.StatusNotFound && got.status != http.StatusForbidden {
					return got
				}
			}
			return got
		}
		all := everyParameter(t, f, ids)
		if len(all) < 100 {
			t.Fatalf("only %d parameters are described", len(all))
		}
		for _, p := range all {
			if slices.Contains(looked, p.name) {
				continue
			}
			for _, nonsense := range []string{"khong-co-gi-nhu-the-nay", "!!", "9999999999999", "a\x00b"} {
				got := ask(p.path + "?" + p.name + "=" + url.QueryEscape(nonsense))
				if nonsense == "9999999999999" && p.name == "cursor" { // a number is where some lists go on
					continue
				}
				if got.status != http.StatusUnprocessableEntity {
					t.Errorf("GET %s?%s=%q: %d %.200s", p.path, p.name, nonsense, got.status, got.raw)
					continue
				}
				if detail := got.text("detail"); !strings.ContainsAny(detail, "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ") {
					t.Errorf("GET %s?%s: %q is no sentence", p.path, p.name, detail)
				}
				if named := refusedField(got); named != p.name && p.name != "cursor" {
					t.Errorf("GET %s?%s=%q names %q: %s", p.path, p.name, nonsense, named, got.raw)
				}
			}
			if got := ask(p.path + "?" + p.name + "x=1"); got.status != http.StatusUnprocessableEntity || refusedField(got) != p.name+"x" {
				t.Errorf("GET %s?%sx=1: %d %.200s", p.path, p.name, got.status, got.raw)
			}
			// an empty value is no condition, as a form sends it
			if got := ask(p.path + "?" + p.name + "="); got.status == http.StatusUnprocessableEntity && refusedField(got) == p.name && !required[strings.Replace(p.path, ids["campaigns"], "{id}", 1)+"?"+p.name] {
				t.Errorf("GET %s?%s=: %s", p.path, p.name, got.raw)
			}
		}
		f.do(who[0], "GET", "/api/v1/petitions?state=%zz", nil).want(t, http.StatusBadRequest)
	})
}

// required are the parameters without which there is nothing to answer.
var required = map[string]bool{"/api/v1/officers?unit": true, "/api/v1/accounts?unit": true, "/api/v1/hooks?unit": true, "/api/v1/campaigns/{id}/appendix?format": true, "/api/v1/tracker/compare?file": true}

func refusedField(a answer) string {
	all, _ := a.body["errors"].([]any)
	if len(all) == 0 {
		return ""
	}
	name, _ := all[0].(object)["field"].(string)
	return name
}

// What a parameter means is read alike however it is written, and two values for one are
// refused; all that is wrong is said at once.
func TestParametersAsTheyAreMeant(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		f.raise()
		f.clock.Add(60 * 24 * 60 * 60 * 1e9)
		late, who := 0, f.office.Leader.Officer
		for q, want := range map[string]int{"late=1": 1, "late=true": 1, "late=false": 1, "late=0": 1, "late=": 1, "state=answered&late=false": 0, "from=01/01/2027": 0, "from=2027-01-01": 0} {
			if n := len(f.do(who, "GET", "/api/v1/petitions?"+q, nil).want(t, 200).items()); n != want {
				t.Errorf("%s: %d items, want %d", q, n, want)
			}
			late++
		}
		f.do(f.office.Leader.Officer, "POST", "/api/v1/petitions/"+f.raise().text("id")+"/answer", object{"text": "Trả lời.", "outcome": "guided"}).want(t, 200)
		if n := len(f.do(who, "GET", "/api/v1/petitions?late=true", nil).want(t, 200).items()); n != 1 {
			t.Errorf("late=true gives %d", n)
		}
		if n := len(f.do(who, "GET", "/api/v1/petitions?late=false", nil).want(t, 200).items()); n != 2 {
			t.Errorf("late=false gives %d", n)
		}
		both := f.do(who, "GET", "/api/v1/petitions?state=abc&field=xyz&lead=khong-co", nil).want(t, 422)
		if all := both.body["errors"].([]any); len(all) < 1 || !strings.Contains(all[0].(object)["message"].(string), "received") {
			t.Errorf("what may be said: %s", both.raw)
		}
		if both = f.do(who, "GET", "/api/v1/petitions?field=xyz&lead=khong-co", nil).want(t, 422); len(both.body["errors"].([]any)) != 2 {
			t.Errorf("not all is said: %s", both.raw)
		}
		f.do(who, "GET", "/api/v1/petitions?state=answered&state=settled", nil).want(t, 422)
		f.do(who, "GET", "/api/v1/petitions?from=2026-05-01&to=2026-04-01", nil).want(t, 422)
	})
}

// A kept filter holds what its list takes; one that the list no longer takes says so, is
// there still and can be taken away.
func TestViewsHoldWhatTheirListTakes(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		leader := f.office.Leader.Officer
		for _, q := range []string{"state=abc", "field=xyz", "commune=so-tu-phap", "sate=received", "late=maybe", "columns=mau-sac", "from=hom-qua"} {
			for _, list := range []string{"petitions", "search"} {
				if got := f.do(leader, "POST", "/api/v1/views", object{"list": list, "name": "Sai", "query": q}); got.status != 422 || refusedField(got) != "query" && !strings.HasPrefix(q, refusedField(got)+"=") {
					t.Errorf("%s keeps %s: %d %s", list, q, got.status, got.raw)
				}
			}
		}
		f.do(leader, "POST", "/api/v1/views", object{"list": "petitions", "name": "Đúng", "query": "q=a&state=received"}).want(t, 422)
		f.do(leader, "POST", "/api/v1/views", object{"list": "search", "name": "Đúng", "query": "q=a&state=received"}).want(t, 200)
		lttest.Update(t, f.d, func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO list_view (id, officer, unit, list, name, query, at) VALUES ($1, $2, '', 'petitions', 'Cũ', 'field=linh-vuc-cu', $3)`, tx.NewID(), string(leader), tx.Now)
			return err
		})
		kept := f.do(leader, "GET", "/api/v1/views?list=petitions", nil).want(t, 200).items()
		if len(kept) != 1 || !strings.Contains(kept[0]["wrong"].(string), "linh-vuc-cu") {
			t.Fatalf("kept: %v", kept)
		}
		if n := len(f.do(leader, "DELETE", "/api/v1/views/"+kept[0]["id"].(string), nil).want(t, 200).items()); n != 1 {
			t.Errorf("%d views are left", n)
		}
	})
}
