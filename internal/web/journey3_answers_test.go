package web

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// pageObject is one sheet in a PDF.
var pageObject = regexp.MustCompile(`/Type\s*/Page[^s]`)

func pagesOf(pdf []byte) int { return len(pageObject.FindAll(pdf, -1)) }

// pdf keeps a printed page beside the pictures.
func (w *window) pdf(name string, raw []byte) {
	if dir := os.Getenv("LT_SHOTS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name+".pdf"), raw, 0o600); err != nil {
			w.t.Fatal(err)
		}
	}
}

// walkBank: a specialist writes an answer down; the leader is shown the person's name that
// was left in and approves with a reason.
func (s *provinceSite) walkBank(t *testing.T, browser context.Context) {
	sp := s.window(t, browser, "specialist").open("/bank/new").look("60-bank-new")
	sp.fill("/bank", "field", "tu-phap", "question", "Chưa có chức năng ký số thì thực hiện chứng thực bản sao điện tử thế nào? Trường hợp của bà Lan.",
		"answer", "Đề nghị cấp chức năng ký số bản sao cho tài khoản một cửa, trong khi chờ thì chứng thực bản giấy.", "basis", "Điều 10 Nghị định 45/2020/NĐ-CP")
	at := sp.send("/bank").path()
	head := s.window(t, browser, "leader").open("/").wants("mục giải đáp chờ anh/chị duyệt").open(at).wants("bà Lan", "tên người").look("61-bank-approve")
	head.do(chromedp.SendKeys(chromedp.CSS(`form[action$="/approve"] [name^="keep-"]`), "Ví dụ trong văn bản của Bộ."))
	head.send("/approve").wants("Duyệt").look("62-bank-entry")
}

// walkProposals: while a commune types, fields are proposed and one click chooses; the same
// question was answered before, and the answer is enough.
func (s *provinceSite) walkProposals(t *testing.T, browser context.Context) {
	xa := s.window(t, browser, "xa").open("/petitions/new")
	xa.fill("/petitions", "title", "Chưa thực hiện được chứng thực bản sao điện tử vì chưa có chức năng ký số", "text", "Cán bộ một cửa không ký số bản sao được.")
	xa.until("a field is proposed", `document.querySelector("#proposals [data-choose]") !== null`)
	xa.until("an answer is proposed", `document.querySelector("#alike a") !== null`)
	xa.wants("Gợi ý theo nội dung đang viết", "Câu hỏi này đã được giải đáp").look("63-raise-proposals")
	xa.do(chromedp.Click(chromedp.CSS(`#proposals [data-choose]`)))
	if got, want := ask(xa, chromedp.Evaluate[string](`document.getElementById("f-field").value`)), ask(xa, chromedp.Evaluate[string](`document.querySelector("#proposals [data-choose]").dataset.choose`)); got != want || got == "" {
		t.Errorf("one click chose %q, not %q", got, want)
	}
	xa.press("Dùng câu trả lời này").wants("Câu trả lời này đã đủ", "chứng thực bản giấy").look("64-bank-instead")
	xa.press("Vẫn gửi kiến nghị").wants("Đã đưa lại nội dung anh/chị gõ dở")
	xa.press("Dùng câu trả lời này").press("Đã đủ, không gửi kiến nghị")
	s.window(t, browser, "leader").open("/bank/figures").wants("Thay cho gửi kiến nghị").look("65-bank-figures")
}

// walkGroup: two communes ask one thing; the Office puts them together from what is
// suggested, the specialist copies what was answered before, one paper answers both, and
// each says for itself what came of it.
func (s *provinceSite) walkGroup(t *testing.T, browser context.Context) {
	first := s.raisedOnce()
	second, code := s.second()
	desk := s.window(t, browser, "desk").open("/groups").wants("Gợi ý nhóm").look("66-groups")
	desk.do(script(`window.was = true`), chromedp.Click(chromedp.CSS(`#offered tbody a`)), arrived)
	if filled := ask(desk, chromedp.Evaluate[string](`document.querySelector('form[action="/groups"] [name=codes]').value`)); !strings.Contains(filled, code) || !strings.Contains(filled, s.codeOf(first)) {
		t.Fatalf("the suggestion fills %q", filled)
	}
	group := desk.send("/groups").wants("Kiến nghị trong nhóm", code).look("67-group").path()

	sp := s.window(t, browser, "specialist").open(first).wants("Đã giải đáp trước đây").look("68-case-alike")
	sp.press("Chép vào dự thảo")
	copied := ask(sp, chromedp.Evaluate[string](`document.querySelector('form[action$="/answer"] [name=text]').value`))
	if !strings.Contains(copied, "chứng thực bản giấy") {
		t.Errorf("the draft begins with %q", copied)
	}
	sp.look("69-answer-copied")
	sp.open(group).fill("/answer", "text", copied, "outcome", "guided", "basis", "Điều 10 Nghị định 45/2020/NĐ-CP").look("70-group-answer").send("/answer")
	paper := sp.wants("soạn thảo").path()
	sp.fill("/submit", "nosecret=1", "✓").send("/submit")
	s.window(t, browser, "head").open(paper).send("/review")
	s.window(t, browser, "leader").open(paper).look("71-group-paper").send("/sign")
	clerk := s.window(t, browser, "clerk").open(paper).fill("/release", "nosecret=1", "✓").send("/release")
	clerk.open(paper)
	for button, want := range map[string]string{"Tải PDF": "%PDF-", "Tải DOCX": "PK\x03\x04"} {
		path := ask(clerk, chromedp.Evaluate[string](`[...document.querySelectorAll("main a")].find(a => a.textContent.trim() === "`+button+`")?.getAttribute("href") || ""`))
		if kind, begins := clerk.fetched(path); path == "" || !strings.HasPrefix(begins, want) {
			t.Errorf("%s: %q is %s and begins with %q", button, path, kind, begins)
		}
	}
	clerk.open(group).wants("đã nhận câu trả lời chung")
	s.background()
	xa := s.window(t, browser, "xa").open(first).wants("chứng thực bản giấy").open(settle(first)).fill("/settle", "settled=yes", "✓", "nosecret=1", "✓").send("/settle")
	xa.wants("Đã giải quyết")
	xa2 := s.window(t, browser, "xa2").open(settle(second)).fill("/settle", "settled=no", "✓", "comment", "Xã vẫn chưa có tài khoản.", "nosecret=1", "✓").send("/settle")
	xa2.wants("lần 2")
	desk.open(group).look("72-group-answered")
}

// settle is where the commune says what came of the case at a path.
func settle(at string) string {
	return "/petitions/" + at[strings.LastIndexByte(at, '/')+1:] + "/settle"
}
