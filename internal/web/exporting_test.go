package web

import (
	"fmt"
	"strings"
	"testing"

	"lienthong/internal/export"
	"lienthong/internal/job"
	"lienthong/internal/sheet"
)

// sheetRows is how many rows the table of a spreadsheet has.
func sheetRows(t *testing.T, a answer) (n int) {
	t.Helper()
	rows, err := sheet.Read(strings.NewReader(a.text))
	if err != nil {
		t.Fatalf("%v: %.200s", err, a.text)
	}
	below, at, err := sheet.Columns(rows, []sheet.Wanted{{Key: "code", Headings: []string{"Mã theo dõi"}, Must: true}})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range below {
		if r.Cell(at["code"]) != "" {
			n++
		}
	}
	return n
}

// The button over a list gives as many rows as the list shows under the same filter.
func TestListsAsSheets(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		s.work()
		v := s.visit("overseer")
		all := 0
		for _, path := range []string{"/petitions", "/petitions?field=" + s.office.Field, "/board/list?figure=open", "/board/list?figure=missed", "/?list=watching"} {
			v.open(path)
			want := s.rows(v.c, path)
			all += want
			tool := ""
			for to := range v.links("/export/") {
				tool = to
			}
			if tool == "" && want > 0 {
				t.Errorf("%s has no button", path)
			}
			if tool == "" {
				continue
			}
			a := s.get(v.c, tool)
			a.want(t, 200)
			if got := sheetRows(t, a); got != want {
				t.Errorf("%s: %d rows in the sheet, %d in the list", path, got, want)
			}
		}
		if all < 10 {
			t.Errorf("only %d rows in all lists: the test proves nothing", all)
		}
		s.get(v.c, "/export/board").want(t, 200)
		if a := s.get(v.c, "/export/board-page"); a.StatusCode != 200 || !strings.HasPrefix(a.text, "%PDF-") {
			t.Errorf("the board as a page: %d %.20q", a.StatusCode, a.text)
		}
		s.get(v.c, "/export/khac").want(t, 404)
		s.get(s.browser(), "/export/petitions").want(t, 303)
	})
}

// A long list is gathered by a job; only who began it sees how far it is and gets it.
func TestALongListIsGathered(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		s.work()
		v := s.visit("overseer")
		v.open("/petitions")
		want := s.rows(v.c, "/petitions")
		a := s.post(v.c, "/export/petitions?x=1", "key", "khoa-chong-gui-trung-1")
		a.want(t, 303)
		page := a.Header.Get("Location")
		first := s.get(v.c, page)
		first.want(t, 200, "đang chạy")
		if first.Header.Get("Refresh") == "" {
			t.Error("the page of progress does not renew itself")
		}
		s.get(v.c, page+"/file").want(t, 409)
		r := job.New(s.DB, "test")
		r.Define(export.Job, export.Step(s.Blobs))
		if err := r.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.get(v.c, page).want(t, 200, "Tải tệp Excel", fmt.Sprint(want)+" dòng")
		file := s.get(v.c, page+"/file")
		file.want(t, 200)
		if got := sheetRows(t, file); got != want {
			t.Errorf("%d rows in the sheet, %d in the list", got, want)
		}
		s.get(s.as(s.people["xa"]), page).want(t, 404)
		s.get(s.as(s.people["xa"]), page+"/file").want(t, 404)
	})
}
