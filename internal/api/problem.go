package api

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/filter"
	"lienthong/internal/signin"
	"lienthong/internal/signoff"
)

// A Problem is a refusal as problem details (RFC 9457).
type Problem struct {
	Type    string       `json:"type" doc:"địa chỉ mô tả loại lỗi"`
	Title   string       `json:"title" doc:"tên loại lỗi"`
	Status  int          `json:"status"` // repeated from the status line, as RFC 9457 wants
	Detail  string       `json:"detail" doc:"lý do, một câu đọc được cho cán bộ"`
	Errors  []FieldError `json:"errors,omitempty" doc:"trường bị từ chối và quy định liên quan"`
	Step    string       `json:"step,omitempty" doc:"với 403: bước còn thiếu trên đường đi của văn bản"`
	Number  string       `json:"number,omitempty" doc:"với 500: số để báo người quản trị"`
	Current any          `json:"current,omitempty" doc:"với 412: nội dung hiện hành"`
	Sent    any          `json:"sent,omitempty" doc:"với 412: nội dung đã gửi"`
}

// A FieldError names one field that was refused and the rule behind it.
type FieldError struct {
	Field   string `json:"field" doc:"tên trường"`
	Message string `json:"message"` // a sentence for a person
	Clause  string `json:"clause,omitempty" doc:"điều khoản làm căn cứ"`
}

// A plain is a refusal that only HTTP knows, with its own status.
type plain struct {
	status int    // HTTP
	field  string // "" when no field is to blame
	say    string // Vietnamese, for a person
}

// Error gives the sentence, for logs.
func (p *plain) Error() string { return p.say }

// plainTitle names in Vietnamese what HTTP's own refusals are called: a clerk's program
// may show it as it stands.
func plainTitle(status int) string {
	switch status {
	case http.StatusNotFound:
		return "Không có địa chỉ này"
	case http.StatusMethodNotAllowed:
		return "Không nhận cách gọi này"
	case http.StatusRequestEntityTooLarge:
		return "Quá lớn"
	case http.StatusUnsupportedMediaType:
		return "Không nhận loại nội dung này"
	}
	return "Yêu cầu sai dạng"
}

// changed is a refusal because the sender saw an older version (If-Match).
type changed struct {
	why     error // the conflict
	version int64 // that stands now
	current any   // what stands now
	sent    any   // what the caller sent, so that both can be compared
}

// Error says what happened, for logs.
func (e *changed) Error() string { return "another version than the sender saw: " + e.why.Error() }

// Unwrap gives the operation's own refusal.
func (e *changed) Unwrap() error { return e.why }

// refusals is the one table from ways to fail to what HTTP calls them.
var refusals = []struct {
	kind   error
	status int
	name   string
	title  string
	detail string // where the refusal has no sentence of its own
}{
	{fault.NotFound, http.StatusNotFound, "not-found", "Không có", "Không có mục này, hoặc anh/chị không được xem."},
	{fault.Denied, http.StatusForbidden, "denied", "Không có quyền", "Anh/chị không có quyền làm việc này."},
	{fault.Conflict, http.StatusConflict, "conflict", "Trái với tình trạng hiện nay", "Việc này đã được làm rồi hoặc vừa thay đổi; hãy xem lại rồi thử lại."},
	{fault.Reused, http.StatusUnprocessableEntity, "key-reused", "Khóa đã dùng cho nội dung khác", "Khóa chống gửi trùng này đã dùng cho một nội dung khác."},
	{fault.TooMany, http.StatusTooManyRequests, "too-many", "Gửi quá nhiều", "Gửi quá nhiều yêu cầu trong một lúc; hãy chờ rồi thử lại."},
	{fault.TooLarge, http.StatusRequestEntityTooLarge, "too-large", "Quá lớn", "Nội dung gửi lên quá lớn."},
	{fault.SignedOut, http.StatusUnauthorized, "signed-out", "Chưa đăng nhập", "Mã truy cập không đúng hoặc đã hết hạn."},
	{fault.Busy, http.StatusServiceUnavailable, "busy", "Hệ thống đang bận", "Hệ thống đang bận, yêu cầu chưa được thực hiện; hãy thử lại sau ít giây."},
	{fault.Invalid, http.StatusUnprocessableEntity, "invalid", "Nội dung chưa đúng", "Nội dung gửi lên chưa đúng."},
}

const problems = "/api/v1/problems/"

// fail answers a refusal, or says that the fault is ours and logs it under a number.
func (c *call) fail(err error) {
	if errors.Is(err, context.Canceled) && c.r.Context().Err() != nil {
		c.status = statusGone // nobody is there to read an answer
		return
	}
	p, ok := problemOf(err)
	if !ok {
		p = c.ours(err)
	}
	h := c.w.Header()
	for _, name := range []string{"ETag", "Content-Disposition", "Location"} {
		h.Del(name)
	}
	var stale *changed
	var paper *signoff.Stale
	var later *signin.Later
	switch {
	case errors.As(err, &stale):
		h.Set("ETag", tag(stale.version))
	case errors.As(err, &paper):
		h.Set("ETag", tag(paper.Theirs.V))
	case errors.As(err, &later):
		h.Set("Retry-After", strconv.Itoa(int(math.Ceil(later.After.Seconds()))))
	case p.Status == http.StatusServiceUnavailable:
		h.Set("Retry-After", "2")
	case p.Status == http.StatusUnauthorized:
		h.Set("WWW-Authenticate", `Bearer realm="lienthong"`)
	}
	raw, err := json.Marshal(p)
	if err != nil {
		raw = []byte(`{"status":500}`)
	}
	c.send(p.Status, "application/problem+json", raw)
}

// statusGone is what logs call a request whose sender hung up.
const statusGone = 499

// problemOf turns a refusal into its problem; ok is false for a fault of ours.
func problemOf(err error) (p Problem, ok bool) {
	var own *plain
	if errors.As(err, &own) {
		p = Problem{Type: problems + "request", Title: plainTitle(own.status), Status: own.status, Detail: own.say}
		if own.field != "" {
			p.Errors = []FieldError{{Field: own.field, Message: own.say}}
		}
		return p, true
	}
	kind := fault.Kind(err)
	for _, k := range refusals {
		if k.kind == kind {
			p = Problem{Type: problems + k.name, Title: k.title, Status: k.status, Detail: k.detail}
		}
	}
	if p.Status == 0 {
		return p, false
	}
	// What is not there and what may not be seen read alike, to the letter.
	if r, said := fault.Sentence(err); said && kind != fault.NotFound {
		p.Detail, p.Step = r.Say, r.Step
		if r.Field != "" || r.Clause != "" {
			p.Errors = []FieldError{{Field: r.Field, Message: r.Say, Clause: r.Clause}}
		}
	}
	var parameters *filter.Refused
	if errors.As(err, &parameters) {
		p.Errors, p.Detail = wrongWith(parameters), parameters.Error()
	}
	p.stale(err)
	return p, true
}

// ofMatters are the ways in which an act on a matter is refused, which another version of
// it may explain. What is not there may be what the body names; that the matter itself is
// read is asked anew.
var ofMatters = []error{fault.Conflict, fault.Denied, fault.Invalid, fault.NotFound}

// outdated says 412 in place of a refusal where the sender named a version (If-Match) that
// is no longer the newest: whatever else was wrong, he acts on what he did not see. It is
// the one place for every kind of thing; a matter that stands as it was seen and does not
// allow the act keeps its own refusal (409, 403, 422).
func (c *call) outdated(rt *route, err error) error {
	var own *plain
	var shown *changed
	var paper *signoff.Stale
	if !rt.write || c.version == 0 || !slices.Contains(ofMatters, fault.Kind(err)) || errors.As(err, &own) || errors.As(err, &shown) || errors.As(err, &paper) {
		return err
	}
	at, _, ok := strings.Cut(rt.path, "{id}")
	id := c.id
	if !ok { // what is no case is named otherwise
		at, _, _ = strings.Cut(rt.path, "{name}")
		id = c.r.PathValue("name")
	}
	var now done
	look := c.s.DB.View(c.ctx, func(tx *db.Tx) error {
		who, err := c.actor(tx)
		if err != nil {
			return err
		}
		// read as a repeat of an act is: under today's rights
		now, err = c.again(tx, who, &db.Receipt{Location: at + id})
		return err
	})
	if look != nil || now.version == 0 || now.version == c.version {
		return err // who may not read it learns nothing by naming a version
	}
	sent := json.RawMessage(c.body)
	if !json.Valid(sent) {
		sent = nil
	}
	return &changed{why: err, version: now.version, current: now.body, sent: sent}
}

// stale shows both texts of a change that met another.
func (p *Problem) stale(err error) {
	var c *changed
	var s *signoff.Stale
	switch {
	case errors.As(err, &c):
		p.Current, p.Sent = c.current, c.sent
	case errors.As(err, &s): // only who sends If-Match is told so
		p.Current, p.Sent = versionOf(s.Theirs), versionOf(s.Mine)
	default:
		return
	}
	p.Type, p.Title, p.Status = problems+"changed", "Đã thay đổi sau khi xem", http.StatusPreconditionFailed
}

// ours logs a fault of the program and gives the number under which it stands there.
func (c *call) ours(err error) Problem {
	number := db.NewID(c.s.DB.Now(c.ctx))
	c.s.Log.Error("request failed", "number", number, "method", c.r.Method, "path", c.r.URL.Path, "officer", string(c.token.Officer), "err", err)
	return Problem{Type: problems + "system", Title: "Lỗi hệ thống", Status: http.StatusInternalServerError, Number: number,
		Detail: "Lỗi hệ thống số " + number + ". Yêu cầu chưa được thực hiện; hãy báo người quản trị kèm số này."}
}

// explainProblem says what a kind of refusal means: the address in Problem.Type.
func (c *call) explainProblem() error {
	for _, k := range refusals {
		if k.name == c.r.PathValue("name") {
			return c.answer(http.StatusOK, 0, Problem{Type: problems + k.name, Title: k.title, Status: k.status, Detail: k.detail})
		}
	}
	switch c.r.PathValue("name") {
	case "changed":
		return c.answer(http.StatusOK, 0, Problem{Type: problems + "changed", Title: "Đã thay đổi sau khi xem", Status: http.StatusPreconditionFailed,
			Detail: "Nội dung đã có bản mới hơn bản nêu ở If-Match; cả hai bản được gửi kèm."})
	case "request":
		return c.answer(http.StatusOK, 0, Problem{Type: problems + "request", Title: "Yêu cầu sai dạng", Status: http.StatusBadRequest,
			Detail: "Yêu cầu không đọc được: sai JSON, sai loại nội dung, hoặc quá dài."})
	case "system":
		return c.answer(http.StatusOK, 0, Problem{Type: problems + "system", Title: "Lỗi hệ thống", Status: http.StatusInternalServerError,
			Detail: "Lỗi của hệ thống, không phải của yêu cầu; báo người quản trị kèm số."})
	}
	return fault.NotFound
}
