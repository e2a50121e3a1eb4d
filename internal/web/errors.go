package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/filter"
	"lienthong/internal/org"
	"lienthong/internal/signin"
	"lienthong/internal/web/ui"
)

// statuses is the one table from kinds of failure to answers. What has no kind is ours
// to mend: 500.
var statuses = map[error]int{
	fault.NotFound: http.StatusNotFound, fault.Invalid: http.StatusUnprocessableEntity, fault.Denied: http.StatusForbidden,
	fault.Conflict: http.StatusConflict, fault.Reused: http.StatusUnprocessableEntity, fault.TooMany: http.StatusTooManyRequests,
	fault.TooLarge: http.StatusRequestEntityTooLarge, fault.SignedOut: http.StatusUnauthorized, fault.Busy: http.StatusServiceUnavailable,
}

// An error without a kind is our own fault, and 500 says so.
func statusOf(err error) int {
	if status, ok := statuses[fault.Kind(err)]; ok {
		return status
	}
	return http.StatusInternalServerError
}

// busyWait is when one who met a busy store may come back.
const busyWait = 2 * time.Second

// retryAfter is a wait in whole seconds, rounded up.
func retryAfter(d time.Duration) string {
	return strconv.Itoa(int((d + time.Second - 1) / time.Second))
}

// fail is the only place where a failure becomes a status and a page.
func (s *Server) fail(w *response, r *http.Request, err error) {
	if w.status != 0 { // too late to say anything: the answer has begun
		s.Log.Error("after the answer began", "route", r.Pattern, "err", err)
		return
	}
	if r.Context().Err() != nil && errors.Is(err, context.Canceled) {
		w.status = 499 // nobody is there to read
		return
	}
	status := statusOf(err)
	if status == http.StatusUnauthorized && s.door(w, r, err) {
		return
	}
	w.next = status
	var wait *signin.Later
	switch {
	case errors.As(err, &wait):
		w.Header().Set("Retry-After", retryAfter(wait.After))
	case status == http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", strconv.Itoa(int(busyWait/time.Second)))
	}
	p := problem(err)
	if status == http.StatusInternalServerError || status == http.StatusServiceUnavailable {
		number := strings.ToUpper(db.NewSecret()[:8])
		s.Log.Error("fault", slog.String("number", number), slog.String("method", r.Method), slog.String("route", r.Pattern), slog.Any("err", err))
		if status == http.StatusInternalServerError {
			p.Number = number
		}
	}
	if back, ok := reform(r); ok && status == http.StatusConflict {
		p.Next = append([]ui.Button{back}, p.Next...)
		if to := caseOf(r); to != "" {
			p.Next = append(p.Next, ui.Button{Label: "Mở việc này", Href: to})
		}
	}
	if len(p.Next) == 0 {
		p.Next = []ui.Button{{Label: "Về Việc của tôi", Href: "/"}}
	}
	page := ui.Page{Title: p.Title, Office: s.Office, Version: s.Version}
	if about(r).session.Stage == signin.Full {
		// a page around it is a comfort; without it the refusal stands alone
		_ = s.view(r, func(tx *db.Tx, who org.Actor) (err error) {
			page, err = s.around(tx, r, who)
			page.Title, page.Live = p.Title, ""
			return err
		})
	}
	body := halted(p, typedTexts(r))
	if refused := (*filter.Refused)(nil); errors.As(err, &refused) && r.Method == http.MethodGet {
		page.Title, body = "Điều kiện lọc chưa đúng", wrongFilter(wrongFilterOf(r, refused))
	}
	if err := s.render(w, r, ui.Layout(page, body)); err != nil {
		s.Log.Error("page of a failure", "err", err)
		http.Error(w, p.Title, status)
	}
}

// caseOf is the page of the matter that a form was about; empty for a form about none.
func caseOf(r *http.Request) string {
	if id := r.PathValue("case"); id != "" {
		return "/cases/" + id
	}
	if id := r.PathValue("paper"); id != "" {
		return "/papers/" + id
	}
	return ""
}

// door sends whoever is not signed in, or half, to the page that is asked first. A form
// that came too late is answered with the door and what was typed under it, so that
// nothing is lost. What a page asks by itself gets only the status.
func (s *Server) door(w *response, r *http.Request, err error) bool {
	var gate stageGate
	to := "/signin"
	if errors.As(err, &gate) {
		to = gate.to
	}
	own := r.Header.Get("X-Live") != "" || r.URL.Path == "/live" || r.Header.Get("HX-Request") != ""
	if own || r.Header.Get("Sec-Fetch-Dest") == "image" {
		w.Header().Set("HX-Redirect", to)
		w.WriteHeader(http.StatusUnauthorized)
		return true
	}
	if r.Method == http.MethodGet {
		if r.URL.Path != "/" && to != "/" {
			to += "?next=" + url.QueryEscape(r.URL.RequestURI())
		}
		http.Redirect(w, r, to, http.StatusSeeOther)
		return true
	}
	w.next = http.StatusUnauthorized
	f := ui.SignInForm{Office: s.Office, Action: "/signin", Next: cameFrom(r), Problem: sentence(err, "Anh/chị chưa đăng nhập.")}
	if texts := typedTexts(r); len(texts) > 0 {
		f.Below = saved(texts)
	}
	return s.render(w, r, ui.SignIn(f)) == nil
}

// cameFrom is the page of ours whose form was sent.
func cameFrom(r *http.Request) string {
	u, err := url.Parse(r.Referer())
	if err != nil || u.Host != r.Host {
		return "/"
	}
	return local(u.RequestURI())
}

// sentence is what the officer reads: the refusal's own words, or those given.
func sentence(err error, otherwise string) string {
	if r, ok := fault.Sentence(err); ok && r.Say != "" {
		return r.Say
	}
	return otherwise
}

// problem says a failure to a person. A system fault tells nothing of its inside.
func problem(err error) ui.Problem {
	var p ui.Problem
	switch fault.Kind(err) {
	case fault.NotFound:
		p = ui.Problem{Kind: "Không tìm thấy", Title: "Không có trang này, hoặc anh/chị không được xem",
			Text: "Có thể đường dẫn đã đổi, hoặc việc này không thuộc các đơn vị anh/chị đang giữ chức danh."}
	case fault.Invalid:
		p = ui.Problem{Kind: "Chưa gửi được", Title: "Nội dung gửi lên chưa đúng", Text: "Anh/chị quay lại trang trước, xem lại rồi gửi lại."}
	case fault.Denied:
		p = denied(err)
	case fault.Conflict:
		p = conflict(err)
	case fault.Reused:
		p = ui.Problem{Kind: "Chưa gửi được", Title: "Biểu mẫu này đã được gửi với nội dung khác", Text: "Anh/chị mở lại biểu mẫu rồi gửi lại."}
	case fault.TooMany:
		p = ui.Problem{Kind: "Tạm dừng", Title: "Quá nhiều lần trong một lúc", Text: "Anh/chị thử lại sau ít phút."}
	case fault.TooLarge:
		p = ui.Problem{Kind: "Chưa gửi được", Title: "Nội dung gửi lên quá lớn", Text: "Anh/chị bớt tệp kèm theo rồi gửi lại."}
	case fault.SignedOut:
		p = ui.Problem{Kind: "Chưa đăng nhập", Title: "Anh/chị cần đăng nhập", Next: []ui.Button{{Label: "Đăng nhập", Href: "/signin"}}}
	case fault.Busy:
		return ui.Problem{Kind: "Hệ thống đang bận", Title: "Chưa ghi được lúc này",
			Text: sentence(err, "Nội dung chưa được ghi. Anh/chị chờ ít giây rồi gửi lại.")}
	default:
		return ui.Problem{Kind: "Lỗi hệ thống", Title: "Có lỗi ở phía hệ thống, không phải do anh/chị",
			Text: "Nội dung chưa được ghi. Anh/chị thử lại; nếu vẫn lỗi, báo quản trị số sự cố dưới đây."}
	}
	p.Text = sentence(err, p.Text)
	return p
}

// conflict tells what changed under the officer's hands from what the matter, as it stands
// and as he saw it, does not allow: a document that is here already, a step that was taken.
func conflict(err error) ui.Problem {
	var b *both
	r, said := fault.Sentence(err)
	if shown := errors.As(err, &b); said && r.Field != fault.Seen && !shown {
		return ui.Problem{Kind: "Chưa gửi được", Title: "Lúc này không làm được việc này"}
	}
	p := ui.Problem{Kind: "Đã có thay đổi", Title: "Việc này vừa thay đổi sau khi anh/chị mở trang",
		Text: "Anh/chị mở lại để xem nội dung mới nhất, rồi quyết định có gửi nữa không."}
	if b != nil {
		p.Yours, p.Theirs = &b.mine, &b.theirs
	}
	return p
}

// denied says which step is missing, when the refusal knows it.
func denied(err error) ui.Problem {
	p := ui.Problem{Kind: "Không có quyền", Title: "Anh/chị không làm được việc này", Text: "Việc này thuộc quyền của người khác."}
	if r, ok := fault.Sentence(err); ok && r.Step != "" {
		p.Title = "Còn thiếu một bước: " + r.Step
	}
	return p
}
