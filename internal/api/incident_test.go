package api_test

import (
	"strings"
	"testing"

	"lienthong/internal/org"
)

const floodLead = org.UnitID("so-nong-nghiep-va-moi-truong")

// flood is a report as a program sends it.
func floodBody() object {
	return object{"type": "natural-disaster", "title": "Lũ ống hai xã", "text": "Nước lên nhanh.", "occurred_at": "2026-02-09T05:00:00+07:00", "figures": object{"moved": "120"}}
}

// ids are the numbers of what stands under a member of an incident.
func numberOf(a answer, member string) float64 {
	all, _ := a.body[member].([]any)
	if len(all) == 0 {
		return 0
	}
	return all[len(all)-1].(object)["n"].(float64)
}

// An incident over JSON from the report to the lessons: every act answers how it stands, a
// stranger finds nothing, and what is closed takes no more.
func TestIncidentOverJSON(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		commune, lead := f.office.Commune.Officer, f.somebody(floodLead, org.Leader)
		made := f.do(commune, "POST", "/api/v1/incidents", floodBody(), "Idempotency-Key", "i1").want(t, 201)
		at := "/api/v1/incidents/" + made.text("id")
		if again := f.do(commune, "POST", "/api/v1/incidents", floodBody(), "Idempotency-Key", "i1").want(t, 201); again.text("id") != made.text("id") || made.header.Get("Location") != at {
			t.Errorf("repeat: %s", again.raw)
		}
		if made.text("lead") != string(floodLead) || made.text("state") != "open" {
			t.Errorf("reported: %s", made.raw)
		}
		f.do(f.office.Leader.Officer, "GET", at, nil).want(t, 404)
		f.do(commune, "POST", at+"/demands", object{"commune": f.office.CommuneUnit}).want(t, 403)
		f.do(lead, "POST", at+"/demands", object{"commune": "khong-co"}).want(t, 422)
		f.do(lead, "POST", at+"/demands", object{"commune": f.office.CommuneUnit, "due": "2026-02-12T17:00"}, "If-Match", `"1"`).want(t, 200)
		f.do(lead, "POST", at+"/urge", object{"unit": f.office.CommuneUnit}).want(t, 422)
		f.do(lead, "POST", at+"/urge", object{"unit": f.office.CommuneUnit, "text": "Báo ngay."}).want(t, 200)
		said := f.do(commune, "POST", at+"/situations", object{"text": "Ngập 30 nhà.", "figures": object{"houses_flooded": "30"}}).want(t, 200)
		if totals := said.body["totals"].(object); totals["houses_flooded"] != "30" || totals["moved"] != "120" {
			t.Errorf("totals: %v", totals)
		}
		f.incidentWork(at, commune, lead)
		f.incidentOver(at, commune, lead)
	})
}

// incidentWork asks, gives, decides and reports on what was decided.
func (f *face) incidentWork(at string, commune, lead org.OfficerID) {
	t := f.t
	t.Helper()
	health := f.somebody("so-y-te", org.Leader)
	asked := f.do(lead, "POST", at+"/resources", object{"of": "so-y-te", "what": "Cơ số thuốc", "each": "cơ số", "amount": 20}).want(t, 200)
	gift := object{"resource": numberOf(asked, "resources"), "amount": 20}
	f.do(commune, "POST", at+"/gifts", gift).want(t, 403)
	given := f.do(health, "POST", at+"/gifts", gift).want(t, 200)
	if r := given.body["resources"].([]any)[0].(object); r["given"] != 20.0 || r["state"] != "given" {
		t.Errorf("given: %v", r)
	}
	f.do(lead, "POST", at+"/decisions", object{"text": "Sơ tán.", "unit": f.office.CommuneUnit}).want(t, 422) // nobody named
	decided := f.do(lead, "POST", at+"/decisions", object{"text": "Sơ tán.", "unit": f.office.CommuneUnit, "officer": commune}).want(t, 200)
	n := numberOf(decided, "decisions")
	if r := f.do(lead, "POST", at+"/end", object{"text": "Nước rút."}).want(t, 422); fieldOf(r) != "left" {
		t.Errorf("ended over an open decision: %s", r.raw)
	}
	f.do(lead, "POST", at+"/end", object{"text": "Nước rút.", "left": true}).want(t, 200)
	f.do(lead, "POST", at+"/end", object{}).want(t, 409)
	f.do(commune, "POST", at+"/situations", object{"text": "Nước lại lên."}).want(t, 409)
	f.do(commune, "POST", at+"/reopen", object{"text": "Nước lại lên."}).want(t, 403)
	if r := f.do(lead, "POST", at+"/reopen", object{"text": "Nước lại lên."}).want(t, 200); r.text("state") != "open" {
		t.Errorf("reopened: %s", r.raw)
	}
	f.do(commune, "POST", at+"/situations", object{"text": "Nước lại lên."}).want(t, 200)
	f.partOf(at, commune)
	f.do(lead, "POST", at+"/end", object{"text": "Nước rút.", "left": true}).want(t, 200)
	f.do(lead, "POST", at+"/review", object{"good": "Kịp.", "bad": "Thiếu xuồng."}).want(t, 409) // a decision without its result
	f.do(commune, "POST", at+"/results", object{"decision": n, "text": " "}).want(t, 422)
	done := f.do(commune, "POST", at+"/results", object{"decision": n, "text": "Đã sơ tán 40 hộ."}).want(t, 200)
	if d := done.body["decisions"].([]any)[0].(object); d["result"] != "Đã sơ tán 40 hộ." {
		t.Errorf("done: %v", d)
	}
}

// partOf reports an incident as a part of another, named by the code that people see.
func (f *face) partOf(at string, commune org.OfficerID) {
	f.t.Helper()
	body := floodBody()
	body["parent"] = f.do(commune, "GET", at, nil).want(f.t, 200).text("code")
	part := f.do(commune, "POST", "/api/v1/incidents", body).want(f.t, 201).text("id")
	if linked := f.do(commune, "GET", at, nil).want(f.t, 200).body["linked"].([]any); len(linked) != 1 || linked[0] != part {
		f.t.Errorf("linked: %v", linked)
	}
	body["parent"] = "SC-9999/2026"
	if r := f.do(commune, "POST", "/api/v1/incidents", body).want(f.t, 422); fieldOf(r) != "parent" {
		f.t.Errorf("a part of nothing: %s", r.raw)
	}
}

// incidentOver draws the lessons; afterwards nothing is taken any more.
func (f *face) incidentOver(at string, commune, lead org.OfficerID) {
	t := f.t
	t.Helper()
	f.do(commune, "POST", at+"/review", object{"good": "Kịp.", "bad": "Thiếu xuồng."}).want(t, 403)
	over := f.do(lead, "POST", at+"/review", object{"good": "Kịp.", "bad": "Thiếu xuồng."}).want(t, 200)
	if over.text("state") != "reviewed" || over.text("bad") != "Thiếu xuồng." {
		t.Errorf("over: %s", over.raw)
	}
	f.do(commune, "POST", at+"/situations", object{"text": "Còn nước."}).want(t, 409)
	if all := f.do(commune, "GET", "/api/v1/incidents?state=reviewed", nil).want(t, 200).items(); len(all) != 1 {
		t.Errorf("listed: %v", all)
	}
}

// The report of a ward with several steps is drafted; its text, and nothing beside it, is
// replaced over JSON; its release opens the case. From the spot it goes first.
func TestIncidentReportIsDrafted(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		p := people(f, "07900")
		refused := f.do(p.specialist, "POST", "/api/v1/incidents", floodBody()).want(t, 403)
		if refused.text("step") == "" {
			t.Errorf("403 without the missing step: %s", refused.raw)
		}
		draft := f.do(p.specialist, "POST", "/api/v1/incidents/drafts", floodBody(), "Idempotency-Key", "d1").want(t, 201)
		paper, at := "/api/v1/papers/"+draft.text("id"), "/api/v1/incidents/"+draft.text("case")
		lead := f.somebody(floodLead, org.Leader)
		f.do(lead, "GET", at, nil).want(t, 404)
		f.do(lead, "GET", paper, nil).want(t, 404)
		f.do(p.specialist, "PUT", paper, object{"text": "Bản hai.", "field": "xay-dung"}).want(t, 422)
		f.do(p.specialist, "PUT", paper, object{"text": "Bản hai.", "basis": "x"}).want(t, 422)
		f.do(p.specialist, "PUT", paper, object{"text": " "}).want(t, 200) // a draft may be half done
		f.do(p.specialist, "POST", paper+"/submit", nil).want(t, 422)
		f.do(p.specialist, "PUT", paper, object{"text": "Nước lên nhanh, đã sơ tán.", "note": "viết lại"}).want(t, 200)
		f.do(p.specialist, "POST", paper+"/submit", nil).want(t, 200)
		f.do(p.head, "POST", paper+"/review", nil).want(t, 200)
		f.do(p.leader, "POST", paper+"/sign", object{}).want(t, 200)
		f.do(p.clerk, "POST", paper+"/release", nil).want(t, 200)
		open := f.do(lead, "GET", at, nil).want(t, 200)
		if open.text("text") != "Nước lên nhanh, đã sơ tán." || open.body["totals"].(object)["moved"] != "120" || !strings.Contains(open.text("number"), "BC") {
			t.Errorf("released: %s", open.raw)
		}
		spot := floodBody()
		spot["spot"] = true
		seen := f.do(p.specialist, "POST", "/api/v1/incidents", spot).want(t, 201)
		confirm := "/api/v1/incidents/" + seen.text("id") + "/confirm"
		f.do(p.specialist, "POST", confirm, nil).want(t, 403)
		f.do(p.leader, "POST", confirm, nil).want(t, 200)
		f.do(p.leader, "POST", confirm, nil).want(t, 409)
	})
}
