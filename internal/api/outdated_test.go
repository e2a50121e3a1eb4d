package api_test

import (
	"net/http"
	"sort"
	"strings"
	"testing"

	"lienthong/internal/bank"
	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/job"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/programme"
)

// noOutdated are kinds whose acts take no version of a case: what they act on is one line
// without history, or was made outside.
var noOutdated = map[string]string{
	"exchange/documents": "a document comes from the axis and not from this face", "hooks": "one line of a unit",
	"letters": "one line of a unit", "views": "one's own line", "exports": "one's own line", "uploads": "bytes", "programme/feeds": "one's own line",
	"publications": "made only where a profile publishes results; this one does not", "accounts": "one line", "settings": "one line", "bulk": "one's own order",
}

// sample fills every property of a schema with something of its type.
func sample(spec, schema object) any {
	if ref, ok := schema["$ref"].(string); ok {
		name := ref[strings.LastIndexByte(ref, '/')+1:]
		return sample(spec, spec["components"].(object)["schemas"].(object)[name].(object))
	}
	kind := schema["type"]
	if several, ok := kind.([]any); ok {
		kind = several[0]
	}
	if schema["format"] == "date-time" {
		return "2026-03-09T17:00:00+07:00"
	}
	switch kind {
	case "object":
		out := object{}
		all, _ := schema["properties"].(object)
		for name, p := range all {
			if name != "$schema" {
				out[name] = sample(spec, p.(object))
			}
		}
		return out
	case "array":
		return []any{sample(spec, schema["items"].(object))}
	case "integer", "number":
		return 1
	case "boolean":
		return true
	}
	return "x"
}

// matters opens one thing of every kind that has versions and says who reads it.
func (f *face) matters() (ids map[string]string, who []org.OfficerID) {
	f.t.Helper()
	desk, home, commune := f.somebody("van-phong-ubnd-tinh", org.Desk), f.somebody("so-noi-vu", org.Leader), f.office.Commune.Officer
	boss, head := f.somebody("van-phong-ubnd-tinh", org.Leader), f.office.Leader.Officer
	who = []org.OfficerID{head, desk, boss, home, commune, f.somebody("chu-tich-ubnd-tinh", org.Leader)}
	ids = map[string]string{"petitions": f.raise().text("id")}
	ids["groups"] = f.do(desk, "POST", "/api/v1/groups", object{"title": "Nhóm", "members": []string{ids["petitions"]}}).want(f.t, 201).text("id")
	ids["scores"] = f.do(home, "POST", "/api/v1/scores", object{"year": f.clock.Now().Year()}).want(f.t, 201).text("id")
	ids["papers"] = f.do(commune, "POST", "/api/v1/petitions/drafts", f.raiseBody()).want(f.t, 201).text("id")
	ids["directives"] = f.do(desk, "POST", "/api/v1/directives", object{"text": ordered}).want(f.t, 201).text("id")
	ids["incidents"] = f.do(commune, "POST", "/api/v1/incidents", object{"type": "natural-disaster", "title": "Lũ", "text": "Nước lên.", "occurred_at": "2026-02-10T05:00:00+07:00"}).want(f.t, 201).text("id")
	ids["programme/items"] = f.do(head, "POST", "/api/v1/programme/items", object{"title": "Tập huấn", "place": "2026-05"}).want(f.t, 201).text("id")
	lttest.Update(f.t, f.d, func(tx *db.Tx) error {
		e, err := bank.Propose(tx, f.office.Leader, bank.New{Unit: f.office.DepartmentUnit, Field: f.office.Field, Question: "Hỏi?", Answer: "Đáp.", Basis: "Luật 60/2014/QH13", Submit: true})
		if err != nil {
			return err
		}
		ids["bank"] = string(e.ID)
		p, err := programme.BeginPlan(tx, f.office.Leader, f.office.DepartmentUnit, "Kế hoạch", "2026-05")
		if err == nil {
			ids["programme/cases"] = string(p.ID)
		}
		return err
	})
	ids["assignments"] = f.assigned(desk, boss)
	campaign := f.do(desk, "POST", "/api/v1/campaigns", object{"title": "Đợt", "number": "9/UBND", "issued_on": "2026-02-09", "until": "2026-03-02T17:00:00+07:00"}).want(f.t, 201)
	ids["campaigns"] = campaign.text("id")
	ids["campaign-items"] = f.do(commune, "POST", "/api/v1/campaigns/"+ids["campaigns"]+"/items", object{"title": "Máy quét hỏng", "text": "Chưa có máy."}).want(f.t, 201).text("id")
	return ids, who
}

// assigned issues a directive of one task and returns its assignment.
func (f *face) assigned(desk, boss org.OfficerID) (id string) {
	f.t.Helper()
	one := f.do(desk, "POST", "/api/v1/directives", object{"text": strings.Replace(ordered, "12/CT-UBND", "13/CT-UBND", 1)}).want(f.t, 201).text("id")
	f.do(desk, "POST", "/api/v1/directives/"+one+"/confirm", object{}).want(f.t, 200)
	f.do(boss, "POST", "/api/v1/directives/"+one+"/release", nil).want(f.t, 200)
	run := job.New(f.d, "test")
	run.Define(directive.JobKind, directive.Step)
	if err := run.Drain(f.t.Context()); err != nil {
		f.t.Fatal(err)
	}
	all := f.do(boss, "GET", "/api/v1/assignments?directive="+one, nil).want(f.t, 200).items()
	if len(all) == 0 {
		f.t.Fatal("nothing was issued")
	}
	return all[0]["id"].(string)
}

// Every act that takes If-Match answers an outdated one with 412, with what stands now, its
// version and what was sent; whatever else was wrong with it. Nothing is done by it.
func TestOutdatedEverywhere(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		ids, who := f.matters()
		spec := f.do("", "GET", "/openapi.json", nil).want(t, http.StatusOK).body
		tried := 0
		var paths []string
		for path := range spec["paths"].(object) {
			paths = append(paths, path)
		}
		sort.Strings(paths)
		for _, path := range paths {
			kind, _, ok := strings.Cut(strings.TrimPrefix(path, "/api/v1/"), "/{id}")
			for method, op := range spec["paths"].(object)[path].(object) {
				if !ok || method == "get" || !takesIfMatch(op.(object)) || noOutdated[kind] != "" {
					continue
				}
				id := ids[kind]
				if id == "" {
					t.Errorf("no %s to try %s %s on", kind, method, path)
					continue
				}
				tried++
				f.outdated(t, who, strings.ToUpper(method), "/api/v1/"+kind+"/"+id, strings.Replace(path, "{id}", id, 1), bodyOf(spec, op.(object)))
			}
		}
		if tried < 60 {
			t.Errorf("%d acts tried", tried)
		}
	})
}

func takesIfMatch(op object) bool {
	all, _ := op["parameters"].([]any)
	for _, p := range all {
		if p.(object)["name"] == "If-Match" {
			return true
		}
	}
	return false
}

func bodyOf(spec, op object) any {
	b, ok := op["requestBody"].(object)
	if !ok {
		return nil
	}
	return sample(spec, b["content"].(object)["application/json"].(object)["schema"].(object))
}

// outdated wants 412 for whoever may read the thing.
func (f *face) outdated(t *testing.T, who []org.OfficerID, method, one, path string, body any) {
	t.Helper()
	var last answer
	for _, o := range who {
		if f.do(o, "GET", one, nil).status != http.StatusOK {
			continue
		}
		last = f.do(o, method, path, body, "If-Match", `"98765"`)
		tag := strings.Trim(last.header.Get("ETag"), `"`)
		if last.status != http.StatusPreconditionFailed || tag == "" || tag == "98765" || last.body["current"] == nil {
			t.Errorf("%s %s: %d ETag %q %.300s", method, path, last.status, tag, last.raw)
		}
		return
	}
	t.Errorf("%s %s: nobody reads it: %.200s", method, path, last.raw)
}
