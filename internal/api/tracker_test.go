package api_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/job"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/sheet"
	"lienthong/internal/tracker"
	"lienthong/internal/workday"
)

const (
	theOffice = org.UnitID("van-phong-ubnd-tinh")
	justice   = org.UnitID("so-tu-phap")
)

// holderOf is the first holder of a role in a unit.
func (f *face) holderOf(unit org.UnitID, role org.Role) (who org.Actor) {
	f.t.Helper()
	lttest.View(f.t, f.d, func(tx *db.Tx) error {
		held, err := org.Holders(tx, unit, role)
		if err != nil {
			return err
		}
		who, err = org.ActorOf(tx, held[0].Officer.ID)
		who = who.As(held[0].Post)
		return err
	})
	return who
}

// issue releases a document with some tasks and lets the Office follow assignments.
func (f *face) issue(number string, tasks ...directive.Task) (id string) {
	f.t.Helper()
	desk, boss := f.holderOf(theOffice, org.Desk), f.holderOf(theOffice, org.Leader)
	for i := range tasks {
		tasks[i].Span = directive.Span{10 * i, 10*i + 9}
	}
	lttest.Update(f.t, f.d, func(tx *db.Tx) error {
		if err := org.Oversee(tx, org.System("test"), theOffice, directive.AssignmentKind, true); err != nil {
			return err
		}
		x, err := directive.Take(tx, desk, directive.In{Text: "Văn bản minh họa.", Reading: directive.Reading{Number: number, IssuedOn: workday.MustDate("2026-02-10"), Issuer: "Ủy ban nhân dân tỉnh", Type: "công văn", Subject: "Rà soát", Tasks: tasks}})
		if err != nil {
			return err
		}
		if _, err := directive.Confirm(tx, desk, x.ID, "", 0); err != nil {
			return err
		}
		id = string(x.ID)
		_, err = directive.Release(tx, boss, x.ID, 0)
		return err
	})
	f.work()
	return id
}

// work does the jobs that wait.
func (f *face) work() {
	f.t.Helper()
	r := job.New(f.d, "test")
	r.Define(directive.JobKind, directive.Step)
	r.Define(tracker.ImportJob, tracker.ImportStep(f.Blob))
	if err := r.Drain(context.Background()); err != nil {
		f.t.Fatal(err)
	}
}

func task(content string, lead org.UnitID, deadline string) directive.Task {
	return directive.Task{Content: content, Leads: []directive.Name{{Unit: lead}}, Deadline: deadline}
}

// One filter gives one number: as a figure, as the length of its list, page by page, and as the
// rows of its sheet, whoever asks and by whatever rows.
func TestTrackerOneNumber(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		first := f.issue("1/UBND", task("Rà soát thủ tục hộ tịch", justice, "2026-03-20"), task("Bố trí kinh phí", "so-tai-chinh", ""), task("Kiểm tra an toàn", "so-tu-phap", ""))
		f.issue("2/UBND", task("Báo cáo quý", justice, "2026-02-20"), task("Phối hợp tuần tra", "cong-an-tinh", "2026-02-20"))
		f.clock.Add(8 * 24 * time.Hour)
		desk, lead := f.holderOf(theOffice, org.Desk).Officer, f.holderOf(justice, org.Leader).Officer
		for _, who := range []org.OfficerID{desk, lead} {
			for _, filter := range []string{"", "unit=" + string(justice), "directive=" + first, "unit=so-tai-chinh&directive=" + first, "field=tu-phap"} {
				all := f.do(who, "GET", "/api/v1/tracker?"+filter, nil).want(t, 200)
				total := all.body["total"].(map[string]any)
				for list, figure := range map[string]any{"": total["open"], "late": total["late"], "week": total["week"], "dateless": total["dateless"], "waiting": all.body["waiting"], "returned": all.body["returned"]} {
					at := "/api/v1/tracker/assignments?list=" + list + "&" + filter
					n := 0
					for cursor := "-"; cursor != ""; {
						page := f.do(who, "GET", at+"&limit=1"+map[bool]string{true: "", false: "&cursor=" + cursor}[cursor == "-"], nil).want(t, 200)
						n, cursor = n+len(page.items()), page.text("next")
					}
					sheet := len(sheetCodes(t, f.do(who, "GET", at+"&format=xlsx", nil).want(t, 200)))
					if figure != float64(n) || sheet != n {
						t.Errorf("%s, %q under %q: figure %v, list %d, sheet %d", who, list, filter, figure, n, sheet)
					}
				}
			}
		}
		for by, want := range map[string]int{"unit": 2, "field": 1, "directive": 2} {
			if got := len(f.do(desk, "GET", "/api/v1/tracker?by="+by, nil).want(t, 200).items()); got != want {
				t.Errorf("by %s: %d rows, want %d", by, got, want)
			}
		}
		f.do(desk, "GET", "/api/v1/tracker?by=khac", nil).want(t, 422)
		f.do(desk, "GET", "/api/v1/tracker/assignments?list=khac", nil).want(t, 422)
		f.do(desk, "GET", "/api/v1/tracker?unit=khong-co", nil).want(t, 422)
		f.do(desk, "GET", "/api/v1/tracker/assignments?list=beside", nil).want(t, 422)
	})
}

// What the tracker gives out it takes back and finds the same; a line of another document is
// proposed, and issued by nobody.
func TestTrackerSheetOverJSON(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		f.issue("1/UBND", task("Rà soát thủ tục hộ tịch", justice, "2026-03-20"), task("Bố trí kinh phí", "so-tai-chinh", ""))
		desk, lead := f.holderOf(theOffice, org.Desk).Officer, f.holderOf(justice, org.Leader).Officer
		raw := f.do(desk, "GET", "/api/v1/tracker/assignments?format=xlsx", nil).want(t, 200).raw
		id := f.send(desk, "bang.xlsx", raw).text("id")
		found := f.do(desk, "GET", "/api/v1/tracker/compare?file="+id, nil).want(t, 200)
		if got := fmt.Sprint(found.body["findings"]); got != "map[same:2]" {
			t.Errorf("the sheet comes back as %s: %s", got, found.raw)
		}
		f.do(lead, "POST", "/api/v1/tracker/imports", object{"file": f.send(lead, "bang.xlsx", raw).text("id")}).want(t, 403)
		f.do(desk, "POST", "/api/v1/tracker/imports", object{"file": "khong-co"}).want(t, 422)
		a := f.do(desk, "POST", "/api/v1/tracker/imports", object{"file": id}, "Idempotency-Key", "nhap-1").want(t, 202)
		at := a.header.Get("Location")
		if again := f.do(desk, "GET", at, nil).want(t, 200); again.text("state") != "open" {
			t.Errorf("begun: %s", again.raw)
		}
		f.do(lead, "GET", at, nil).want(t, 404)
		f.work()
		if now := f.do(desk, "GET", at, nil).want(t, 200); now.text("state") != "done" || now.body["tasks"] != float64(0) {
			t.Errorf("done: %s", now.raw)
		}
	})
}

// Where the profile binds nothing, nothing is public and nothing can be made so.
func TestNothingIsPublicWithoutARule(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		desk := f.holderOf(theOffice, org.Desk).Officer
		f.do("", "GET", "/api/v1/public/results", nil).want(t, 404)
		f.do("", "GET", "/api/v1/public/results/2025-Q4", nil).want(t, 404)
		if a := f.do(desk, "POST", "/api/v1/publications", object{"quarter": "2025-Q4"}).want(t, 403); !strings.Contains(a.raw, "không nêu công khai") {
			t.Errorf("refused with %s", a.raw)
		}
	})
}

// A difference is settled over JSON: named by its mark, once, by whoever takes sheets.
func TestTrackerSettledOverJSON(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		f.issue("1/UBND", task("Bố trí kinh phí", "so-tai-chinh", ""))
		desk, lead := f.holderOf(theOffice, org.Desk).Officer, f.holderOf(justice, org.Leader).Officer
		var b bytes.Buffer
		rows := func(yield func([]any, error) bool) {
			yield([]any{"1/UBND", "10/02/2026", "Bố trí kinh phí", "Sở Tài chính", "20/03/2026"}, nil)
		}
		if _, err := sheet.Write(&b, sheet.Sheet{Title: []string{"Bảng"}, Columns: []sheet.Column{{Title: "Số văn bản"}, {Title: "Ngày ban hành"}, {Title: "Nội dung nhiệm vụ"}, {Title: "Chủ trì"}, {Title: "Hạn"}}, Rows: rows}); err != nil {
			t.Fatal(err)
		}
		id := f.send(desk, "bang.xlsx", b.String()).text("id")
		line := func() map[string]any {
			return f.do(desk, "GET", "/api/v1/tracker/compare?file="+id, nil).want(t, 200).items()[0]
		}
		first := line()
		if first["finding"] != "differs" {
			t.Fatalf("found %v", first)
		}
		differs := first["differs"].([]any)[0].(map[string]any)
		in := object{"file": id, "line": first["line"], "take": []any{differs["mark"]}}
		const at = "/api/v1/tracker/settlements"
		f.do(lead, "POST", at, object{"file": f.send(lead, "bang.xlsx", b.String()).text("id"), "line": first["line"], "take": in["take"]}).want(t, 403)
		f.do(desk, "POST", at, object{"file": id, "line": 99, "keep": in["take"]}).want(t, 422)
		for range 2 { // a repeat under the same key is answered and done once
			if a := f.do(desk, "POST", at, in, "Idempotency-Key", "dong-1").want(t, 200); !strings.Contains(a.raw, `"due_at":"2026-03-21T00:00:00+07:00"`) {
				t.Errorf("the date was not taken: %s", a.raw)
			}
		}
		f.do(desk, "POST", at, in, "Idempotency-Key", "dong-1b").want(t, 409)
		if now := line(); now["finding"] != "same" {
			t.Errorf("settled and found %v", now)
		}
	})
}
