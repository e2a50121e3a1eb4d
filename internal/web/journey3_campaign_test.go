package web

import (
	"context"
	"testing"

	"github.com/chromedp/chromedp"
)

// here is the page's own address, which is also the action of its form.
func (w *window) here() string {
	return ask(w, chromedp.Evaluate[string](`location.pathname + location.search`))
}

// walkCampaign is a campaign from its order to the agenda of its session: two communes
// enter, the Office groups from what is suggested and asks the department to explain.
func (s *provinceSite) walkCampaign(t *testing.T, browser context.Context) {
	desk := s.window(t, browser, "desk").open("/campaigns").press("Mở đợt").look("92-campaign-new")
	desk.fill("/campaigns/new", "title", "Thu thập khó khăn, vướng mắc tháng 3", "number", "96/UBND-TH", "issued_on", "27/2/2026", "until_hour", "16:00", "until_day", "6/3/2026",
		"text", "Nêu vướng mắc khi thực hiện nhiệm vụ.").send("/campaigns/new")
	at := desk.look("93-campaign").path()
	for _, who := range []string{"xa-leader", "xa2"} {
		w := s.window(t, browser, who).open(at).press("Nhập khó khăn, vướng mắc")
		w.fill("/do/item", "title", "Máy quét căn cước của bộ phận một cửa hỏng", "text", "Máy quét căn cước hỏng từ tháng 1, chưa có kinh phí thay.", "nosecret=1", "✓")
		w.send("/do/item").wants("Máy quét")
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
}
