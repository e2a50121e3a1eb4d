package api_test

import (
	"fmt"
	"strings"
	"testing"

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
