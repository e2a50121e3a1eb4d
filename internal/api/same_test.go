package api_test

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lienthong/internal/audit"
	"lienthong/internal/db"
	"lienthong/internal/export"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/search"
	"lienthong/internal/sheet"
	"lienthong/internal/workday"
)

// filled raises petitions on several days, some answered, and brings the index up to them.
func (f *face) filled(n int) {
	f.t.Helper()
	f.clock.Set(workday.MustDate("2026-03-02").At(9 * 60))
	if _, err := audit.Prepare(f.t.Context(), f.d); err != nil {
		f.t.Fatal(err)
	}
	tried := "đã tự làm"
	for i := range n {
		lttest.Update(f.t, f.d, func(tx *db.Tx) error {
			p, err := petition.RaiseNow(tx, f.office.Commune, petition.Raise{Title: fmt.Sprintf("Vướng mắc số %d", i), Field: f.office.Field, Text: "nội dung", Tried: &tried})
			if err == nil && i%3 == 0 {
				_, err = petition.AnswerNow(tx, f.office.Leader, p.ID, petition.Reply{Text: "trả lời", Outcome: petition.Guided})
			}
			return err
		})
		f.clock.Add(26 * time.Hour)
	}
	if _, err := audit.Sequence(f.t.Context(), f.d); err != nil {
		f.t.Fatal(err)
	}
	for n := 1; n > 0; {
		var err error
		if n, err = search.Indexer(f.d, search.Kind{CaseKind: petition.CaseKind}).Step(f.t.Context()); err != nil {
			f.t.Fatal(err)
		}
	}
}

// TestSameFilterSameNumber: whatever the filter and whoever asks, the list, what search
// counts and finds, the sheet and the JSON face give the same number.
func TestSameFilterSameNumber(t *testing.T) {
	each(t, func(t *testing.T, f *face) {
		f.filled(14)
		stranger := f.somebody(otherCommune(f), org.Leader)
		overseer := f.somebody("so-noi-vu", org.Leader)
		took := 0
		rapid.Check(t, func(rt *rapid.T) {
			q := url.Values{}
			draw := func(name string, values ...string) {
				if v := rapid.SampledFrom(append(values, "", "")).Draw(rt, name); v != "" {
					q.Set(name, v)
				}
			}
			draw("state", petition.Received, petition.Answered, petition.Settled)
			draw("field", f.office.Field, "tu-phap")
			draw("commune", string(f.office.CommuneUnit), string(otherCommune(f)))
			draw("lead", string(f.office.DepartmentUnit), "so-noi-vu")
			draw("outcome", string(petition.Guided), string(petition.Resolved))
			draw("from", "2026-03-04", "2026-03-09")
			draw("to", "2026-03-06", "2026-03-12")
			draw("late", "1", "true", "false")
			who := rapid.SampledFrom([]org.OfficerID{f.office.Commune.Officer, f.office.Leader.Officer, stranger, overseer}).Draw(rt, "who")
			if q.Get("to") != "" && q.Get("to") < q.Get("from") {
				return // refused, see TestParametersAsTheyAreMeant
			}
			filter := petition.ListFilter{State: q.Get("state"), Field: q.Get("field"), Raiser: org.UnitID(q.Get("commune")), Lead: org.UnitID(q.Get("lead")),
				Outcome: petition.Outcome(q.Get("outcome")), Late: q.Get("late") == "1" || q.Get("late") == "true"}
			if v := q.Get("from"); v != "" {
				filter.From = workday.MustDate(v)
			}
			if v := q.Get("to"); v != "" {
				filter.To = workday.MustDate(v)
			}
			n := map[string]int{}
			lttest.View(t, f.d, func(tx *db.Tx) error {
				actor, err := org.ActorOf(tx, who)
				if err != nil {
					return err
				}
				all, _, err := petition.List(tx, actor, filter, "", 100)
				if err != nil {
					return err
				}
				n["list"] = len(all)
				if n["count"], _, err = search.Count(tx, actor, "vuong mac", filter); err != nil {
					return err
				}
				file, _, err := export.Read(tx, actor, export.List{Title: "Kiến nghị", Petitions: &filter})
				if err != nil {
					return err
				}
				var b bytes.Buffer
				n["sheet"], err = file.Write(&b)
				return err
			})
			n["api"] = len(f.pages(who, "/api/v1/petitions?limit=5&"+q.Encode()+"&cursor="))
			found := f.do(who, "GET", "/api/v1/search?limit=100&q=vuong+mac&"+q.Encode(), nil).want(t, 200)
			n["found"], n["search"] = len(found.items()), int(found.body["count"].(float64))
			sent := f.do(who, "GET", "/api/v1/petitions?format=xlsx&"+q.Encode(), nil).want(t, 200)
			rows, err := sheet.Read(bytes.NewReader([]byte(sent.raw)))
			if err != nil {
				rt.Fatal(err)
			}
			for _, r := range rows {
				if strings.HasPrefix(r.Cell(1), "KN-") {
					n["api sheet"]++
				}
			}
			for name, k := range n {
				if k != n["list"] {
					rt.Fatalf("%s asks %s: %v; %s differs from the list", who, q.Encode(), n, name)
				}
			}
			took += n["list"]
		})
		if took == 0 {
			t.Error("no filter took anything: nothing was compared")
		}
	})
}
