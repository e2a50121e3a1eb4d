package api_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"lienthong/internal/audit"
	"lienthong/internal/db"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/search"
	"lienthong/internal/setting"
)

// The hand-written list reads back as the struct that the document shows, in pages
// that leave nothing out.
func TestInboxPages(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		want := map[string]bool{}
		for i := range 7 {
			b := f.raiseBody()
			b["title"] = "Việc \"số\" " + strings.Repeat("\\", i)
			want[f.do(f.office.Commune.Officer, "POST", "/api/v1/petitions", b).want(t, 201).text("id")] = true
			f.clock.Add(time.Hour)
		}
		members := keys(f.do("", "GET", "/openapi.json", nil).body["components"].(object)["schemas"].(object)["InboxItem"].(object)["properties"].(object))
		var due []string
		path := "/api/v1/inbox?unit=" + string(f.office.DepartmentUnit) + "&limit=3&cursor="
		next := ""
		for n := 0; n == 0 || next != ""; n++ {
			a := f.do(f.office.Leader.Officer, "GET", path+next, nil).want(t, 200)
			next = a.text("next")
			for _, x := range a.items() {
				if !want[x["id"].(string)] || x["fate"] != "open" || x["say"] != "Trả lời kiến nghị" || x["missed"] != false {
					t.Errorf("item %v", x)
				}
				delete(want, x["id"].(string))
				due = append(due, x["due_at"].(string))
				if got := keys(x); !slices.Equal(got, members) {
					t.Errorf("item has %v, the document says %v", got, members)
				}
			}
		}
		if len(want) != 0 || !slices.IsSorted(due) {
			t.Errorf("left out: %v; due %v", want, due)
		}
		for _, q := range []string{"?scope=mine", "?standing=missed", "?field=tu-phap", "?rule=petition.settle"} {
			if n := len(f.do(f.office.Leader.Officer, "GET", "/api/v1/inbox"+q, nil).want(t, 200).items()); n != 0 {
				t.Errorf("%s: %d items", q, n)
			}
		}
		f.clock.Add(30 * 24 * time.Hour)
		if n := len(f.do(f.office.Leader.Officer, "GET", "/api/v1/inbox?standing=missed", nil).want(t, 200).items()); n != 7 {
			t.Errorf("%d missed, want 7", n)
		}
	})
}

func keys(m object) []string { return slices.Sorted(maps.Keys(m)) }

// Every number of the board is the length of its list.
func TestBoardOpensItsLists(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		leader := f.office.Leader.Officer
		ids := []string{f.raise().text("id"), f.raise().text("id"), f.raise().text("id")}
		f.do(leader, "POST", "/api/v1/petitions/"+ids[0]+"/answer", object{"text": "Xong.", "outcome": "resolved"}).want(t, 200)
		a := f.do(leader, "GET", "/api/v1/board?by=unit", nil).want(t, 200)
		row := a.items()[0]
		if row["open"] != 2.0 || row["met"] != 1.0 || row["id"] != string(f.office.DepartmentUnit) {
			t.Errorf("row: %v", row)
		}
		for _, figure := range []string{"open", "missed", "soon", "dateless", "suspended", "met", "late", "waived", "unconfirmed", "unresolved"} {
			list := f.do(leader, "GET", "/api/v1/board/list?figure="+figure, nil).want(t, 200).items()
			if float64(len(list)) != row[figure] {
				t.Errorf("%s: %v on the board, %d in the list", figure, row[figure], len(list))
			}
		}
		f.do(leader, "GET", "/api/v1/board?by=officer", nil).want(t, 422)
	})
}

func TestLookingUp(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		commune := f.office.Commune.Officer
		raised := f.raise()
		me := f.do(commune, "GET", "/api/v1/me", nil).want(t, 200)
		post := me.body["posts"].([]any)[0].(object)["id"].(string)
		f.do(commune, "GET", "/api/v1/inbox", nil, "Acting-Post", post).want(t, 200)
		if got := f.do(commune, "GET", "/api/v1/units?q=so+tu+phap", nil).want(t, 200).items(); len(got) != 1 || got[0]["id"] != "so-tu-phap" {
			t.Errorf("units: %v", got)
		}
		if got := f.do(commune, "GET", "/api/v1/officers?unit="+string(f.office.DepartmentUnit), nil).want(t, 200).items(); len(got) < 3 {
			t.Errorf("officers: %v", got)
		}
		f.do(commune, "GET", "/api/v1/officers", nil).want(t, 422)
		got := f.do(commune, "GET", "/api/v1/cases/by-code?code="+raised.text("code"), nil).want(t, 200).items()
		if len(got) != 1 || got[0]["id"] != raised.text("id") || got[0]["due_on"] != raised.text("due_on") {
			t.Errorf("by code: %v", got)
		}
		stranger := f.somebody(otherCommune(f), org.Leader)
		if got := f.do(stranger, "GET", "/api/v1/cases/by-code?code="+raised.text("code"), nil).want(t, 200).items(); len(got) != 0 {
			t.Errorf("a stranger finds %v", got)
		}
	})
}

// The proof that goes out can be checked with nothing but the public key.
func TestProofHolds(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		if _, err := audit.Prepare(t.Context(), f.d); err != nil {
			t.Fatal(err)
		}
		path := "/api/v1/cases/" + f.raise().text("id") + "/proof"
		if got := f.do(f.office.Commune.Officer, "GET", path, nil).want(t, 200).items(); len(got) != 1 || got[0]["seq"] != nil {
			t.Errorf("before the seal: %v", got)
		}
		if _, err := audit.Sequence(t.Context(), f.d); err != nil {
			t.Fatal(err)
		}
		a := f.do(f.office.Commune.Officer, "GET", path, nil).want(t, 200)
		item := a.items()[0]
		raw, err := json.Marshal(object{"ref": item["ref"], "leaf": item["leaf"], "seq": item["seq"], "size": 1, "path": item["path"], "checkpoint": a.text("checkpoint")})
		if err != nil {
			t.Fatal(err)
		}
		var p audit.Proof
		if err := json.Unmarshal(raw, &p); err != nil {
			t.Fatal(err)
		}
		if err := audit.VerifyProof(p, a.text("key")); err != nil {
			t.Error(err)
		}
	})
}

// The document names every route, and every schema it refers to is there.
func TestDocument(t *testing.T) {
	f := one(t)
	a := f.do("", "GET", "/openapi.json", nil).want(t, 200)
	if a.text("openapi") != "3.1.0" || a.body["info"].(object)["title"] == "" {
		t.Errorf("document: %.200s", a.raw)
	}
	paths := a.body["paths"].(object)
	for _, want := range strings.Fields(`POST/api/v1/petitions POST/api/v1/petitions/drafts POST/api/v1/petitions/{id}/drafts
		POST/api/v1/petitions/{id}/direct POST/api/v1/petitions/{id}/forward POST/api/v1/petitions/{id}/answer POST/api/v1/petitions/{id}/settle
		POST/api/v1/papers/{id}/submit POST/api/v1/papers/{id}/review POST/api/v1/papers/{id}/sign POST/api/v1/papers/{id}/release
		GET/api/v1/petitions/{id} GET/api/v1/cases/{id}/history GET/api/v1/cases/{id}/duties GET/api/v1/inbox GET/api/v1/board
		GET/healthz GET/readyz GET/metrics GET/openapi.json`) {
		method, path, _ := strings.Cut(want, "/")
		item, ok := paths["/"+path].(object)
		op, there := item[strings.ToLower(method)].(object)
		if !ok || !there || op["operationId"] == "" || op["summary"] == "" || len(op["responses"].(object)) == 0 {
			t.Errorf("%s is not described", want)
		}
	}
	schemas := a.body["components"].(object)["schemas"].(object)
	for _, ref := range refs(a.body, nil) {
		if _, ok := schemas[strings.TrimPrefix(ref, "#/components/schemas/")]; !ok {
			t.Errorf("no schema for %s", ref)
		}
	}
	if raise := schemas["RaiseRequest"].(object); raise["additionalProperties"] != false || !slices.Contains(raise["required"].([]any), any("title")) {
		t.Errorf("raise: %v", raise)
	}
	f.do("", "GET", "/api/v1/problems/denied", nil).want(t, 200)
	f.do("", "GET", "/api/v1/problems/nothing", nil).want(t, 404)
}

func refs(v any, all []string) []string {
	switch v := v.(type) {
	case object:
		for name, x := range v {
			if s, ok := x.(string); ok && name == "$ref" {
				all = append(all, s)
			}
			all = refs(x, all)
		}
	case []any:
		for _, x := range v {
			all = refs(x, all)
		}
	}
	return all
}

func TestNodeIsWatched(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		if a := f.do("", "GET", "/healthz", nil).want(t, 200); a.raw != "ok\n" {
			t.Errorf("health: %q", a.raw)
		}
		f.raise()
		none := f.do("", "GET", "/readyz", nil).want(t, 200).body["alarms"].([]any)[2].(object)
		if none["name"] != "address" || none["ok"] != false {
			t.Errorf("no address is set: %v", none)
		}
		lttest.Update(t, f.d, func(tx *db.Tx) error {
			return setting.Set(tx, "cli:thu", setting.SiteAddress, "https://lienthong.tinh.gov.vn", "thử")
		})
		ready := f.do("", "GET", "/readyz", nil).want(t, 200)
		for _, x := range append(ready.body["checks"].([]any), ready.body["alarms"].([]any)...) {
			if x.(object)["ok"] != true {
				t.Errorf("%v", x)
			}
		}
		// nobody seals the log: after a while somebody is told, and officers work on
		f.clock.Add(time.Minute)
		late := f.do("", "GET", "/readyz", nil).want(t, 200).body["alarms"].([]any)[0].(object)
		if late["name"] != "leaves" || late["ok"] != false {
			t.Errorf("%v", late)
		}
		f.do("", "GET", "/metrics", nil).want(t, 401)
		lttest.Update(t, f.d, func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE duty SET owner = '' WHERE rule = 'petition.answer'`)
			return err
		})
		f.clock.Add(2 * time.Minute)
		orphan := f.do("", "GET", "/readyz", nil).want(t, 200).body["alarms"].([]any)[1].(object)
		if orphan["name"] != "orphans" || orphan["ok"] != false {
			t.Errorf("%v", orphan)
		}
	})
}

// A store with another schema takes the node out of service.
func TestNotReady(t *testing.T) {
	f := one(t)
	lttest.Update(t, f.d, func(tx *db.Tx) error {
		_, err := tx.Exec(`INSERT INTO migration (n, name, applied_at) VALUES (9999, 'newer', '')`)
		return err
	})
	a := f.do("", "GET", "/readyz", nil)
	if a.status != http.StatusServiceUnavailable || a.body["ready"] != false {
		t.Errorf("%d %s", a.status, a.raw)
	}
}

// What is found is what may be seen, with its date; typed without marks.
func TestSearch(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		if _, err := audit.Prepare(t.Context(), f.d); err != nil {
			t.Fatal(err)
		}
		raised := f.raise()
		if _, err := audit.Sequence(t.Context(), f.d); err != nil {
			t.Fatal(err)
		}
		for n := 1; n > 0; {
			var err error
			if n, err = search.Indexer(f.d, search.Kind{CaseKind: petition.CaseKind}).Step(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		stranger := f.somebody(otherCommune(f), org.Leader)
		for _, q := range []string{"chung+thuc", `%22b%E1%BA%A3n+sao%22`, raised.text("code")} {
			got := f.do(f.office.Commune.Officer, "GET", "/api/v1/search?q="+q, nil).want(t, 200).items()
			if len(got) != 1 || got[0]["id"] != raised.text("id") || got[0]["due_on"] != "2026-02-26" {
				t.Errorf("%s: %v", q, got)
			}
			if got := f.do(stranger, "GET", "/api/v1/search?q="+q, nil).want(t, 200).items(); len(got) != 0 {
				t.Errorf("a stranger finds %v", got)
			}
		}
	})
}
