package api_test

import (
	"net/http"
	"strings"
	"testing"

	"lienthong/internal/org"
)

// The life of a petition over HTTP: the four acts the office is measured by.
func TestLifeOfAPetition(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		commune, leader := f.office.Commune.Officer, f.office.Leader.Officer
		raised := f.raise()
		id := raised.text("id")
		if raised.text("state") != "received" || raised.text("lead") != string(f.office.DepartmentUnit) || raised.text("code") == "" {
			t.Errorf("raised: %s", raised.raw)
		}
		// Tuesday 10 February 2026 and seven working days, with Tết between.
		if raised.text("due_on") != "2026-02-26" || raised.text("due_at") != "2026-02-27T00:00:00+07:00" {
			t.Errorf("due %q, %q", raised.text("due_on"), raised.text("due_at"))
		}
		if got := raised.header.Get("Location"); got != "/api/v1/petitions/"+id {
			t.Errorf("Location %q", got)
		}
		directed := f.do(leader, "POST", "/api/v1/petitions/"+id+"/direct", object{"officer": f.office.Specialist, "instruction": "Làm ngay."},
			"If-Match", raised.header.Get("ETag")).want(t, http.StatusOK)
		if directed.text("state") != "directed" || directed.body["version"] != 2.0 || directed.header.Get("ETag") != `"2"` {
			t.Errorf("directed: %s, ETag %s", directed.raw, directed.header.Get("ETag"))
		}
		answered := f.do(leader, "POST", "/api/v1/petitions/"+id+"/answer", object{"text": "Đã cấp chữ ký số.", "outcome": "resolved", "basis": "Công văn số 1"},
			"If-Match", `"2"`).want(t, http.StatusOK)
		if answered.text("state") != "answered" || answered.text("fate") != "met" {
			t.Errorf("answered: %s", answered.raw)
		}
		settled := f.do(commune, "POST", "/api/v1/petitions/"+id+"/settle", object{"settled": true}).want(t, http.StatusOK)
		if settled.text("state") != "settled" {
			t.Errorf("settled: %s", settled.raw)
		}
		full := f.do(commune, "GET", "/api/v1/petitions/"+id, nil).want(t, http.StatusOK)
		if full.body["version"] != 4.0 || full.header.Get("ETag") != `"4"` || full.text("text") != "Người dân phải quay lại nhiều lần." {
			t.Errorf("full: %s", full.raw)
		}
		if answers := full.body["answers"].([]any); len(answers) != 1 || answers[0].(object)["text"] != "Đã cấp chữ ký số." {
			t.Errorf("answers: %v", answers)
		}
		history := f.do(commune, "GET", "/api/v1/cases/"+id+"/history", nil).want(t, http.StatusOK).items()
		if len(history) < 3 || history[0]["kind"] != "petition.raised" || history[0]["code"] != raised.text("code") {
			t.Errorf("history: %v", history)
		}
		duties := f.do(commune, "GET", "/api/v1/cases/"+id+"/duties", nil).want(t, http.StatusOK).items()
		if len(duties) != 2 || duties[0]["fate"] != "met" {
			t.Fatalf("duties: %v", duties)
		}
		limit := duties[0]["limits"].([]any)[0].(object)
		if limit["clause"] != "PT06/D6.K2" || limit["limit"] != "7wd" || limit["due_on"] != "2026-02-26" || len(limit["reckoning"].([]any)) < 10 {
			t.Errorf("limit: %v", limit)
		}
	})
}

// Every way to fail has its status, its sentence and, where there is one, its field.
func TestRefusals(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		commune, leader := f.office.Commune.Officer, f.office.Leader.Officer
		id := f.raise().text("id")
		stranger := f.somebody(otherCommune(f), org.Leader)
		clerk := f.somebody(f.office.DepartmentUnit, org.Clerk)
		answer := object{"text": "Đã xử lý.", "outcome": "resolved"}
		with := func(name string, v any) object { b := f.raiseBody(); b[name] = v; return b }
		at := "/api/v1/petitions/" + id
		tests := []struct {
			name   string
			who    org.OfficerID
			method string
			path   string
			body   any
			header []string
			status int
			field  string
			kind   string
		}{
			{"without a token", "", "POST", "/api/v1/petitions", f.raiseBody(), nil, 401, "", "signed-out"},
			{"with a wrong token", "", "GET", "/api/v1/inbox", nil, []string{"Authorization", "Bearer lt_" + strings.Repeat("a", 52)}, 401, "", "signed-out"},
			{"a text without content", commune, "POST", "/api/v1/petitions", with("text", " \u200b"), nil, 422, "text", "invalid"},
			{"a field nobody knows", commune, "POST", "/api/v1/petitions", with("field", "khong-co"), nil, 422, "field", "invalid"},
			{"tried is empty", commune, "POST", "/api/v1/petitions", with("tried", ""), nil, 422, "tried", "invalid"},
			{"a member nobody knows", commune, "POST", "/api/v1/petitions", with("titel", "x"), nil, 422, "titel", "invalid"},
			{"a member of the wrong type", commune, "POST", "/api/v1/petitions", with("text", 7), nil, 422, "text", "invalid"},
			{"a text with a NUL", commune, "POST", "/api/v1/petitions", with("text", "a\x00b"), nil, 422, "text", "invalid"},
			{"a text of ten megabytes", commune, "POST", "/api/v1/petitions", with("text", strings.Repeat("á", 5<<20)), nil, 413, "text", "request"},
			{"a text longer than a form takes", commune, "POST", "/api/v1/petitions", with("text", strings.Repeat("á", 60_000)), nil, 422, "text", "invalid"},
			{"no JSON", commune, "POST", "/api/v1/petitions", "{title", nil, 400, "", "request"},
			{"something behind the JSON", commune, "POST", "/api/v1/petitions", "{} {}", nil, 400, "", "request"},
			{"a form", commune, "POST", "/api/v1/petitions", "a=b", []string{"Content-Type", "application/x-www-form-urlencoded"}, 415, "", "request"},
			{"a file nobody sent", commune, "POST", "/api/v1/petitions", with("attachments", []string{"0123456789abcdefghijklmnop"}), nil, 422, "attachments", "invalid"},
			{"a spoiled version", leader, "POST", at + "/answer", answer, []string{"If-Match", "7"}, 422, "If-Match", "invalid"},
			{"an older version", leader, "POST", at + "/answer", answer, []string{"If-Match", `"9"`}, 412, "version", "changed"},
			{"an unknown outcome", leader, "POST", at + "/answer", object{"text": "x", "outcome": "done"}, nil, 422, "outcome", "invalid"},
			{"an answer by the commune", commune, "POST", at + "/answer", answer, nil, 403, "", "denied"},
			{"an answer by a clerk", clerk, "POST", at + "/answer", answer, nil, 403, "", "denied"},
			{"a word on no answer", commune, "POST", at + "/settle", object{"settled": true}, nil, 409, "", "conflict"},
			{"a word that says nothing", commune, "POST", at + "/settle", object{}, nil, 422, "settled", "invalid"},
			{"forwarded to nobody", leader, "POST", at + "/forward", object{"to": "khong-co", "reason": "x"}, nil, 422, "to", "invalid"},
			{"directed to a stranger", leader, "POST", at + "/direct", object{"officer": stranger}, nil, 422, "officer", "invalid"},
			{"a day that is none", leader, "POST", at + "/direct", object{"officer": f.office.Specialist, "inner_on": "2026-02-31"}, nil, 422, "inner_on", "invalid"},
			{"seen by another commune", stranger, "GET", at, nil, nil, 404, "", "not-found"},
			{"answered by another commune", stranger, "POST", at + "/answer", answer, nil, 404, "", "not-found"},
			{"a code is no id", commune, "GET", "/api/v1/petitions/KN-0001", nil, nil, 404, "", "not-found"},
			{"a parameter nobody knows", commune, "GET", "/api/v1/inbox?unti=1", nil, nil, 422, "unti", "invalid"},
			{"a unit nobody knows", commune, "GET", "/api/v1/inbox?unit=khong-co", nil, nil, 422, "unit", "invalid"},
			{"a page of a thousand", commune, "GET", "/api/v1/inbox?limit=1000", nil, nil, 422, "limit", "invalid"},
			{"a spoiled cursor", commune, "GET", "/api/v1/inbox?cursor=zzz", nil, nil, 422, "", "invalid"},
			{"a post of somebody else", commune, "GET", "/api/v1/inbox", nil, []string{"Acting-Post", "x"}, 403, "", "denied"},
			{"figures for who leads nothing", f.office.Specialist, "GET", "/api/v1/board?by=unit", nil, nil, 403, "", "denied"},
			{"numbers of the machine", commune, "GET", "/metrics", nil, nil, 403, "", "denied"},
		}
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				a := f.do(tt.who, tt.method, tt.path, tt.body, tt.header...)
				if a.status != tt.status || a.text("type") != "/api/v1/problems/"+tt.kind || a.text("detail") == "" || a.body["status"] != float64(tt.status) {
					t.Fatalf("got %d %s, want %d %s", a.status, a.raw, tt.status, tt.kind)
				}
				if ct := a.header.Get("Content-Type"); ct != "application/problem+json" {
					t.Errorf("Content-Type %q", ct)
				}
				if field := fieldOf(a); field != tt.field {
					t.Errorf("field %q, want %q: %s", field, tt.field, a.raw)
				}
			})
		}
	})
}

func fieldOf(a answer) string {
	list, _ := a.body["errors"].([]any)
	if len(list) == 0 {
		return ""
	}
	s, _ := list[0].(object)["field"].(string)
	return s
}

// otherCommune is a commune that has nothing to do with the petitions here.
func otherCommune(f *face) org.UnitID {
	for _, u := range f.do(f.office.Commune.Officer, "GET", "/api/v1/units?level=xa&kind=ubnd", nil).want(f.t, 200).items() {
		if id := org.UnitID(u["id"].(string)); id != f.office.CommuneUnit {
			return id
		}
	}
	f.t.Fatal("no other commune")
	return ""
}

// What may not be seen and what does not exist answer alike, to the letter.
func TestInvisibleIsAbsent(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		id := f.raise().text("id")
		stranger := f.somebody(otherCommune(f), org.Leader)
		absent := "0" + id[1:25] + "0"
		for _, path := range []string{"/api/v1/petitions/%s", "/api/v1/cases/%s/history", "/api/v1/cases/%s/duties", "/api/v1/cases/%s/proof"} {
			a := f.do(stranger, "GET", strings.Replace(path, "%s", id, 1), nil)
			b := f.do(stranger, "GET", strings.Replace(path, "%s", absent, 1), nil)
			if a.status != 404 || a.raw != b.raw {
				t.Errorf("%s: %s and %s", path, a.raw, b.raw)
			}
		}
	})
}

// The same request with the same key is done once, and read again under today's rights.
func TestRepeatedRequest(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		commune, leader := f.office.Commune.Officer, f.office.Leader.Officer
		body := f.raiseBody()
		first := f.do(commune, "POST", "/api/v1/petitions", body, "Idempotency-Key", "k-1").want(t, 201)
		again := f.do(commune, "POST", "/api/v1/petitions", body, "Idempotency-Key", "k-1").want(t, 201)
		if again.raw != first.raw || again.header.Get("Location") != first.header.Get("Location") || again.header.Get("Idempotency-Replayed") != "true" {
			t.Errorf("again: %s, %v; first: %s", again.raw, again.header, first.raw)
		}
		body["text"] = "Khác."
		other := f.do(commune, "POST", "/api/v1/petitions", body, "Idempotency-Key", "k-1").want(t, 422)
		if other.text("type") != "/api/v1/problems/key-reused" {
			t.Errorf("another body: %s", other.raw)
		}
		f.do(commune, "POST", "/api/v1/petitions", body, "Idempotency-Key", "k-2").want(t, 201)
		f.do(commune, "POST", "/api/v1/petitions", body).want(t, 201)
		if n := len(f.do(leader, "GET", "/api/v1/inbox", nil).want(t, 200).items()); n != 3 {
			t.Errorf("%d petitions arrived, want 3", n)
		}
		// The repeat tells how the matter stands now, not how it stood.
		path := "/api/v1/petitions/" + first.text("id")
		answer := object{"text": "Đã xử lý.", "outcome": "guided"}
		f.do(leader, "POST", path+"/answer", answer, "Idempotency-Key", "a-1").want(t, 200)
		f.do(commune, "POST", path+"/settle", object{"settled": true}).want(t, 200)
		late := f.do(leader, "POST", path+"/answer", answer, "Idempotency-Key", "a-1").want(t, 200)
		if late.text("state") != "settled" {
			t.Errorf("the repeat says %s", late.raw)
		}
		if again := f.do(leader, "POST", path+"/answer", answer).want(t, 409); again.text("type") != "/api/v1/problems/conflict" {
			t.Errorf("without a key: %s", again.raw)
		}
	})
}

// Who acted on an older version gets both: what stands now and what he sent.
func TestBothTextsOfAStaleAnswer(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		leader := f.office.Leader.Officer
		raised := f.raise()
		path := "/api/v1/petitions/" + raised.text("id")
		f.do(leader, "POST", path+"/ask", object{"text": "Xã dùng phần mềm nào?"}).want(t, 200)
		a := f.do(leader, "POST", path+"/answer", object{"text": "Đã xử lý.", "outcome": "guided"}, "If-Match", raised.header.Get("ETag")).want(t, 412)
		current, sent := a.body["current"].(object), a.body["sent"].(object)
		if current["version"] != 2.0 || a.header.Get("ETag") != `"2"` || sent["text"] != "Đã xử lý." {
			t.Errorf("%s, ETag %s", a.raw, a.header.Get("ETag"))
		}
		f.do(leader, "POST", path+"/answer", object{"text": "Đã xử lý.", "outcome": "guided"}, "If-Match", `"2"`).want(t, 200)
		// a matter that is as it was seen, but answered: a conflict and no older version
		b := f.do(leader, "POST", path+"/answer", object{"text": "Lần nữa.", "outcome": "guided"}, "If-Match", `"3"`).want(t, 409)
		if b.text("type") != "/api/v1/problems/conflict" {
			t.Errorf("%s", b.raw)
		}
	})
}

// Asked back, clarified, forwarded, answered as still open, reported on.
func TestTheOtherActs(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		commune, leader := f.office.Commune.Officer, f.office.Leader.Officer
		path := "/api/v1/petitions/" + f.raise().text("id")
		f.do(leader, "POST", path+"/ask", object{"text": "Xã dùng phần mềm nào?"}).want(t, 200)
		f.do(commune, "POST", path+"/clarify", object{"text": "Phần mềm của tỉnh."}).want(t, 200)
		f.do(leader, "POST", path+"/answer", object{"text": "Đang làm.", "outcome": "in_progress", "next_report": "2026-03-02"}).want(t, 200)
		f.do(leader, "POST", path+"/report", object{"text": "Đã xong.", "done": true}).want(t, 200)
		again := f.do(commune, "POST", path+"/settle", object{"settled": false, "comment": "Vẫn còn lỗi."}).want(t, 200)
		if again.text("state") != "reopened" || again.body["round"] != 2.0 || again.text("fate") != "open" {
			t.Errorf("reopened: %s", again.raw)
		}
		f.do(leader, "POST", path+"/answer", object{"text": "Của đơn vị khác.", "outcome": "not_competent", "competent": "so-tai-chinh"}).want(t, 200)

		moved := "/api/v1/petitions/" + f.raise().text("id")
		to := "so-tai-chinh"
		if string(f.office.DepartmentUnit) == to {
			to = "so-noi-vu"
		}
		a := f.do(leader, "POST", moved+"/forward", object{"to": to, "reason": "Thuộc chức năng đơn vị nhận."}).want(t, 200)
		if a.text("lead") != to || a.text("due_on") != "2026-02-26" {
			t.Errorf("forwarded: %s", a.raw)
		}
	})
}
