package web

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"lienthong/internal/workday"
)

// here is the page's own address, which is also the action of its form.
func (w *window) here() string {
	return ask(w, chromedp.Evaluate[string](`location.pathname + location.search`))
}

// walkCampaign is a campaign from its order to what the communes say of the answer: two
// communes enter, the Office groups from what is suggested, a department explains before
// the hour, the answer is recorded while the session runs and reaches both.
func (s *provinceSite) walkCampaign(t *testing.T, browser context.Context) {
	desk := s.window(t, browser, "desk").open("/campaigns").press("Mở đợt").look("92-campaign-new")
	desk.fill("/campaigns/new", "title", "Thu thập khó khăn, vướng mắc tháng 3", "number", "96/UBND-TH", "issued_on", "27/2/2026", "until_hour", "16:00", "until_day", "6/3/2026",
		"text", "Nêu vướng mắc khi thực hiện nhiệm vụ.").send("/campaigns/new")
	at := desk.look("93-campaign").path()
	var items []string
	for _, who := range []string{"xa-leader", "xa2"} {
		w := s.window(t, browser, who).open(at).press("Nhập khó khăn, vướng mắc")
		w.fill("/do/item", "title", "Máy quét căn cước của bộ phận một cửa hỏng", "text", "Máy quét căn cước hỏng từ tháng 1, chưa có kinh phí thay.", "nosecret=1", "✓")
		items = append(items, w.send("/do/item").wants("Máy quét").path())
	}
	desk.open(at).press("Xếp nhóm vấn đề").wants("2 nội dung giống nhau").look("94-campaign-suggestions")
	desk.press("Lập nhóm từ gợi ý 1").look("95-campaign-group")
	form := desk.here()
	if ask(desk, chromedp.Evaluate[string](`document.querySelector("main form [name=title]").value`)) == "" {
		desk.fill(form, "title", "Máy quét căn cước hỏng")
	}
	desk.fill(form, "lead", journeyDepartment).send(form)
	desk.open(at).press("Yêu cầu giải trình").fill("/do/ask", "number", "101/UBND-TH", "issued_on", "27/2/2026", "by_hour", "16:00", "by_day", "9/3/2026").look("96-campaign-ask").send("/do/ask")

	sp := s.window(t, browser, "specialist").open(at).press("Soạn báo cáo giải trình").look("97-campaign-explain")
	sp.fill("/do/explain", "text", "Sở đã đề nghị cấp máy mới trong quý II.", "nosecret=1", "✓").send("/do/explain").wants("soạn thảo")

	desk.open(at+"/do/plan").fill("/do/plan", "at_hour", "08:00", "at_day", "10/3/2026").send("/do/plan").wants("Máy quét").look("98-campaign-agenda")
	s.clock.Set(workday.MustDate("2026-03-10").At(8 * 60).Add(time.Minute))
	clear(s.windows) // sessions do not outlive the days between
	desk = s.window(t, browser, "desk")
	desk.open(at + "/do/begin").send("/do/begin")
	desk.press("Ghi câu trả lời")
	form = desk.here()
	desk.fill(form, "speaker", "Giám đốc Sở Tư pháp", "text", "Sở cấp máy mới trước ngày 31/3.", "outcome", "resolved", "nosecret=1", "✓").look("99-campaign-answer").send(form)
	desk.open(at + "/session").wants("tại phiên họp").look("100-campaign-session")
	desk.open(at + "/do/end").send("/do/end")
	s.background()
	for i, who := range []string{"xa-leader", "xa2"} {
		w := s.window(t, browser, who).open(items[i]).wants("Sở cấp máy mới trước ngày 31/3.")
		w.look("101-campaign-item").open(items[i]+"/do/settle").fill("/do/settle", "settled=yes", "✓").send("/do/settle").wants("Đã giải quyết")
	}
	desk.open(at).look("102-campaign-answered")
	if kind, begins := desk.fetched(at + "/files/appendix.xlsx"); !strings.Contains(kind, "spreadsheet") || !strings.HasPrefix(begins, "PK") {
		t.Errorf("the appendix is %s and begins with %q", kind, begins)
	}
}
