package api_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"lienthong/internal/export"
	"lienthong/internal/job"
	"lienthong/internal/sheet"
)

// sheetCodes are the tracking codes in an answer that is a spreadsheet.
func sheetCodes(t *testing.T, a answer) (all []string) {
	t.Helper()
	if a.header.Get("Content-Type") != sheet.MediaType {
		t.Fatalf("answered %s: %.200s", a.header.Get("Content-Type"), a.raw)
	}
	rows, err := sheet.Read(strings.NewReader(a.raw))
	if err != nil {
		t.Fatal(err)
	}
	below, at, err := sheet.Columns(rows, []sheet.Wanted{{Key: "code", Headings: []string{"Mã theo dõi"}, Must: true}})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range below {
		if code := r.Cell(at["code"]); code != "" {
			all = append(all, code)
		}
	}
	return all
}

// Every list that comes as a spreadsheet has the same rows in the same order.
func TestListsAsSheets(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		leader, commune := f.office.Leader.Officer, f.office.Commune.Officer
		ids := []string{f.raise().text("id"), f.raise().text("id"), f.raise().text("id")}
		f.do(leader, "POST", "/api/v1/petitions/"+ids[0]+"/answer", object{"text": "Xong.", "outcome": "resolved"}).want(t, 200)
		for _, path := range []string{"/api/v1/petitions?", "/api/v1/petitions?state=answered&", "/api/v1/inbox?", "/api/v1/inbox?standing=missed&", "/api/v1/board/list?figure=open&", "/api/v1/board/list?figure=met&"} {
			var want []string
			for _, x := range f.do(leader, "GET", path+"limit=100", nil).want(t, 200).items() {
				want = append(want, x["code"].(string))
			}
			if got := sheetCodes(t, f.do(leader, "GET", path+"format=xlsx", nil).want(t, 200)); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s: sheet %v, list %v", path, got, want)
			}
		}
		f.do(leader, "GET", "/api/v1/board?format=xlsx", nil).want(t, 200)
		f.do(leader, "GET", "/api/v1/inbox?format=csv", nil).want(t, 422)
		f.do(leader, "GET", "/api/v1/petitions?from=hom-nay", nil).want(t, 422)
		f.do("", "GET", "/api/v1/petitions?format=xlsx", nil).want(t, 401)
		a := f.do(commune, "GET", "/api/v1/cases/"+ids[0]+"/slips/to-trinh.pdf", nil).want(t, 200)
		if !strings.HasPrefix(a.raw, "%PDF-") || !strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment") {
			t.Errorf("slip: %v", a.header)
		}
		f.do(commune, "GET", "/api/v1/cases/"+ids[0]+"/slips/to-trinh.exe", nil).want(t, 404)
		f.do(commune, "GET", "/api/v1/cases/"+ids[0]+"/papers/khac.pdf", nil).want(t, 404)
	})
}

// A list of any length is gathered in the background: 202, how far, the file; another's is
// not there.
func TestALongListIsGathered(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		leader, commune := f.office.Leader.Officer, f.office.Commune.Officer
		var want []string
		for range 3 {
			want = append([]string{f.raise().text("code")}, want...)
		}
		body := object{"list": "petitions", "query": "state=received", "columns": []string{"code", "title"}}
		a := f.do(leader, "POST", "/api/v1/exports", body, "Idempotency-Key", "xuat-1").want(t, 202)
		at := a.header.Get("Location")
		if a.text("state") != "open" || a.text("file") != "" || !strings.HasSuffix(at, a.text("id")) {
			t.Errorf("begun: %s %s", at, a.raw)
		}
		if again := f.do(leader, "POST", "/api/v1/exports", body, "Idempotency-Key", "xuat-1").want(t, 202); again.header.Get("Location") != at {
			t.Errorf("the same request twice: %s", again.header.Get("Location"))
		}
		f.do(leader, "GET", at+"/file", nil).want(t, 409)
		f.do(commune, "GET", at, nil).want(t, 404)
		r := job.New(f.d, "test")
		r.Define(export.Job, export.Step(f.Blob))
		if err := r.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		now := f.do(leader, "GET", at, nil).want(t, 200)
		if now.text("state") != "done" || now.body["rows"] != float64(3) || now.text("until") == "" {
			t.Errorf("gathered: %s", now.raw)
		}
		file := f.do(leader, "GET", now.text("file"), nil).want(t, 200)
		if got := sheetCodes(t, file); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("sheet %v, list %v", got, want)
		}
		if head := sheetHead(t, file); fmt.Sprint(head) != fmt.Sprint([]string{"STT", "Mã theo dõi", "Trích yếu"}) {
			t.Errorf("columns: %v", head)
		}
		f.do(commune, "GET", now.text("file"), nil).want(t, 404)
		f.clock.Add(25 * time.Hour)
		if late := f.do(leader, "GET", at, nil).want(t, 200); late.text("file") != "" {
			t.Errorf("a day later: %s", late.raw)
		}
		f.do(leader, "GET", at+"/file", nil).want(t, 404)
		for what, bad := range map[string]object{
			"list": {"list": "moi-thu"}, "query": {"list": "petitions", "query": "tinh-trang=x"}, "columns": {"list": "inbox", "columns": []string{"mat-khau"}}, "from": {"list": "petitions", "query": "from=hom-nay"}} {
			f.do(leader, "POST", "/api/v1/exports", bad).want(t, 422).blames(t, what)
		}
		sheet := f.do(leader, "GET", "/api/v1/petitions?format=xlsx&columns=code,due", nil).want(t, 200)
		if head := sheetHead(t, sheet); fmt.Sprint(head) != fmt.Sprint([]string{"STT", "Mã theo dõi", "Hạn trả lời"}) {
			t.Errorf("columns at once: %v", head)
		}
		f.do(leader, "GET", "/api/v1/petitions?format=xlsx&columns=khac", nil).want(t, 422)
	})
}

// sheetHead is the line of headings of a spreadsheet.
func sheetHead(t *testing.T, a answer) (all []string) {
	t.Helper()
	rows, err := sheet.Read(strings.NewReader(a.raw))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if r.Cell(0) == "STT" {
			for i := 0; r.Cell(i) != ""; i++ {
				all = append(all, r.Cell(i))
			}
		}
	}
	return all
}

// blames checks that a refusal names the field.
func (a answer) blames(t *testing.T, field string) {
	t.Helper()
	if !strings.Contains(a.raw, `"field":"`+field+`"`) {
		t.Errorf("the refusal does not name %s: %s", field, a.raw)
	}
}
