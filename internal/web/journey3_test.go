package web

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"lienthong/internal/audit"
	"lienthong/internal/campaign"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/exchange"
	"lienthong/internal/group"
	"lienthong/internal/job"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/search"
	"lienthong/internal/signoff"
	"lienthong/internal/workday"
)

// The second commune of the journeys, which asks what the first asks; and the codes by
// which the document system knows the two units that write to each other there.
const (
	journeyCommuneCode    = "H44.99.1"
	journeyDepartmentCode = "H44.20"
)

// TestJourneysOfAnOffice are the mornings of an Office in a real browser, one after the
// other in one office: what is proposed while a commune types, an answer found again, one
// answer for two communes, a letter that came the other way, the board and the map, what
// reaches an officer, search and many at once, and a campaign. Each page is judged by axe
// in both widths; none reports to the content policy. The pages are the same over both
// databases (TestBrowserJourney), so SQLite carries them here.
func TestJourneysOfAnOffice(t *testing.T) {
	t.Parallel() // it waits for a browser most of the time
	browser := newBrowser(t)
	d, clock := province.SQLite(t)
	s := newProvinceSite(t, d, clock)
	var err error
	if s.Desk, err = signoff.NewDesk(group.Papers(append(petition.Papers(), campaign.Papers()...))...); err != nil {
		t.Fatal(err)
	}
	s.Says = petition.Notices
	s.people["xa2"] = s.office.Commune.Officer
	s.open1(map[string]org.OfficerID{"xa2": s.people["xa2"]})
	s.desk()
	s.journeyUnits()
	s.walkBank(t, browser)
	s.walkProposals(t, browser)
	s.walkGroup(t, browser)
	s.walkExchange(t, browser)
	s.walkBoard(t, browser)
	s.walkChannels(t, browser)
	s.walkLists(t, browser)
	s.walkCampaign(t, browser)
	if all := s.Reports(); len(all) > 0 {
		t.Errorf("content policy: %+v", all)
	}
}

// journeyUnits says how the document system knows the units, and lets the Office run
// campaigns.
func (s *provinceSite) journeyUnits() {
	s.t.Helper()
	lttest.Update(s.t, s.DB, func(tx *db.Tx) error {
		for _, u := range []exchange.Unit{{Unit: journeyCommune, Codes: []string{journeyCommuneCode}, Receives: true}, {Unit: journeyDepartment, Codes: []string{journeyDepartmentCode}}} {
			if err := exchange.SetUnit(tx, org.System("test"), u); err != nil {
				return err
			}
		}
		return org.Oversee(tx, org.System("test"), "van-phong-ubnd-tinh", campaign.CaseKind, true)
	})
}

// second raises the same difficulty for the other commune and returns its path.
func (s *provinceSite) second() (at string, code string) {
	s.t.Helper()
	tried := "Đã gọi tổng đài."
	lttest.Update(s.t, s.DB, func(tx *db.Tx) error {
		p, err := petition.RaiseNow(tx, s.office.Commune, petition.Raise{Title: "Chưa thực hiện được chứng thực bản sao điện tử", Field: journeyField, Text: "Không có chức năng.", Tried: &tried})
		if err == nil {
			at, code = casePath(p.ID), p.Code
		}
		return err
	})
	return at, code
}

// codeOf is the tracking code of the case at a path.
func (s *provinceSite) codeOf(at string) (code string) {
	s.t.Helper()
	lttest.View(s.t, s.DB, func(tx *db.Tx) error {
		p, err := petition.Get(tx, org.System("test"), casefile.ID(at[strings.LastIndexByte(at, '/')+1:]))
		if err == nil {
			code = p.Code
		}
		return err
	})
	return code
}

// background does what other processes of the office would have done by now: large groups,
// campaigns, papers that leave.
func (s *provinceSite) background() {
	s.t.Helper()
	r := job.New(s.DB, "test")
	r.Define(group.JobKind, group.Step)
	r.Define(campaign.JobKind, campaign.Step)
	if err := r.Drain(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	if _, err := audit.Sequence(s.t.Context(), s.DB); err != nil {
		s.t.Fatal(err)
	}
	for range 2 {
		if _, err := exchange.Follower(s.DB).Step(s.t.Context()); err != nil {
			s.t.Fatal(err)
		}
	}
}

// later lets the days pass, with what the clock of the office does then.
func (s *provinceSite) later(day string) {
	s.t.Helper()
	s.clock.Set(workday.MustDate(day).At(9 * 60))
	sweeper := duty.Sweeper{DB: s.DB, Kinds: dutyKinds(), Node: "test"}
	if _, err := sweeper.Sweep(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// focused is a line about what the keyboard stands on.
func (w *window) focused(line string) string {
	w.t.Helper()
	return ask(w, chromedp.Evaluate[string](`String(document.activeElement.`+line+`)`))
}

// sheets prints the page on A4 and counts the sheets.
func (w *window) sheets() (n int) {
	w.t.Helper()
	var raw []byte
	w.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		yes := true
		out, err := cdp.Call(ctx, t, page.PrintToPDF, page.PrintToPDFParams{PaperWidth: 8.27, PaperHeight: 11.69, PreferCSSPageSize: &yes})
		raw = out.Data
		return err
	}))
	w.pdf("print", raw)
	return pagesOf(raw)
}

// index brings the search up to what was done.
func (s *provinceSite) index() {
	s.t.Helper()
	if _, err := audit.Sequence(s.t.Context(), s.DB); err != nil {
		s.t.Fatal(err)
	}
	for n := 1; n > 0; {
		var err error
		if n, err = search.Indexer(s.DB, search.Kind{CaseKind: petition.CaseKind}).Step(s.t.Context()); err != nil {
			s.t.Fatal(err)
		}
	}
}
