package api_test

import (
	"testing"

	"lienthong/internal/org"
)

// Many petitions are directed in one request, each with its fate; the same request again
// does nothing twice, and nobody else reads the order.
func TestManyAtOnce(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		leader, ids := f.office.Leader.Officer, []string{f.raise().text("id"), f.raise().text("id")}
		to := f.somebody(f.office.DepartmentUnit, org.Specialist)
		order := object{"act": "direct", "cases": append(ids, ids[0], "khong-co"), "direct": object{"officer": string(to), "instruction": "Tham mưu trả lời."}}
		made := f.do(leader, "POST", "/api/v1/bulk", order, "Idempotency-Key", "b1").want(t, 201)
		if made.body["done"] != 2.0 || made.body["refused"] != 1.0 || made.body["open"] != 0.0 || made.header.Get("Location") != "/api/v1/bulk/"+made.text("id") {
			t.Fatalf("order: %s", made.raw)
		}
		for i, x := range made.body["lines"].([]any) {
			line := x.(object)
			if refused := i == 2; (line["state"] == "refused") != refused || (line["say"] != "") != refused {
				t.Errorf("line %d: %v", i, line)
			}
		}
		again := f.do(leader, "POST", "/api/v1/bulk", order, "Idempotency-Key", "b1").want(t, 201)
		if again.text("id") != made.text("id") || again.header.Get("Idempotency-Replayed") != "true" {
			t.Errorf("repeat: %s", again.raw)
		}
		f.do(leader, "GET", "/api/v1/bulk/"+made.text("id"), nil).want(t, 200)
		f.do(f.office.Commune.Officer, "GET", "/api/v1/bulk/"+made.text("id"), nil).want(t, 404)
		f.do(leader, "POST", "/api/v1/bulk", object{"act": "direct", "cases": ids}).want(t, 422)
		f.do(leader, "POST", "/api/v1/bulk", object{"act": "xoa", "cases": ids}).want(t, 422)
		f.do(leader, "POST", "/api/v1/bulk", object{"act": "urge", "cases": []string{}, "text": "Trả lời"}).want(t, 422)
		urged := f.do(leader, "POST", "/api/v1/bulk", object{"act": "urge", "cases": ids, "text": "Đề nghị trả lời."}).want(t, 201)
		if urged.body["refused"] != 2.0 {
			t.Errorf("a department urges itself: %s", urged.raw)
		}
	})
}

// Filters are kept under a name, one's own or a unit's, and taken away by whose they are.
func TestViewsKept(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		leader, other := f.office.Leader.Officer, f.office.Commune.Officer
		keep := object{"list": "petitions", "name": "Mới, quá hạn", "query": "state=received&late=1"}
		kept := f.do(leader, "POST", "/api/v1/views", keep, "Idempotency-Key", "v1").want(t, 200).items()
		if len(kept) != 1 || kept[0]["query"] != "late=1&state=received" || kept[0]["mine"] != true {
			t.Fatalf("kept: %v", kept)
		}
		if n := len(f.do(leader, "POST", "/api/v1/views", keep, "Idempotency-Key", "v1").want(t, 200).items()); n != 1 {
			t.Errorf("the same request twice: %d", n)
		}
		f.do(leader, "POST", "/api/v1/views", object{"list": "casefile", "name": "a", "query": "late=1"}).want(t, 422)
		f.do(leader, "POST", "/api/v1/views", object{"list": "petitions", "name": "a", "query": ""}).want(t, 422)
		f.do(leader, "POST", "/api/v1/views", object{"list": "petitions", "name": "a", "query": "late=1", "unit": string(f.office.DepartmentUnit)}).want(t, 403)
		f.do(leader, "GET", "/api/v1/views?list=khac", nil).want(t, 422)
		if n := len(f.do(leader, "GET", "/api/v1/views?list=search", nil).want(t, 200).items()); n != 0 {
			t.Errorf("%d views of another list", n)
		}
		if n := len(f.do(other, "GET", "/api/v1/views", nil).want(t, 200).items()); n != 0 {
			t.Errorf("another reads %d views", n)
		}
		at := "/api/v1/views/" + kept[0]["id"].(string)
		f.do(other, "DELETE", at, nil).want(t, 404)
		if n := len(f.do(leader, "DELETE", at, nil).want(t, 200).items()); n != 0 {
			t.Errorf("%d views are left", n)
		}
		f.do(leader, "DELETE", at, nil).want(t, 404)
	})
}

// An entry is copied by the unit that answers, once for a petition, and the figures say so.
func TestBankCopied(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		leader, commune := f.office.Leader.Officer, f.office.Commune.Officer
		entry := f.do(leader, "POST", "/api/v1/bank", object{"field": f.office.Field, "question": "Sổ gốc bị mất thì cấp trích lục thế nào?", "answer": "Tra cơ sở dữ liệu rồi cấp.",
			"basis": "Luật 60/2014/QH13", "submit": true}).want(t, 201).text("id")
		of := object{"petition": f.raise().text("id")}
		at := "/api/v1/bank/" + entry + "/copy"
		f.do(leader, "POST", at, of).want(t, 409) // nobody has approved it
		f.do(leader, "POST", "/api/v1/bank/"+entry+"/approve", nil).want(t, 200)
		f.do(commune, "POST", at, of).want(t, 403)
		for range 2 {
			got := f.do(leader, "POST", at, of, "Idempotency-Key", "c1").want(t, 200)
			if got.text("text") != "Tra cơ sở dữ liệu rồi cấp." || got.text("code") == "" {
				t.Errorf("copied: %s", got.raw)
			}
		}
		f.do(leader, "POST", at, of).want(t, 200)
		if all := f.do(commune, "GET", "/api/v1/bank/figures", nil).want(t, 200).items(); len(all) != 1 || all[0]["copied"] != 1.0 {
			t.Errorf("figures: %v", all)
		}
	})
}
