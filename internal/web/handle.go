package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/signin"
	"lienthong/internal/upload"
	"lienthong/internal/vntext"
)

// A handler answers one request or says why not.
type handler func(w http.ResponseWriter, r *http.Request) error

// request is what the frame knows of one request.
type request struct {
	at      time.Time        // arrival: the clock of the request
	address netip.Addr       // behind named proxies the one they forward
	secure  bool             // came over TLS, so cookies may be marked
	secret  signin.Secret    // of the session
	session signin.Session   // its zero where nobody is signed in
	refused []*fault.Refusal // for the form that is shown again
	kept    []string         // ids of the files that came with a form: they outlive its refusal
	files   []upload.File    // taken before the form was read
}

// What is known of a request is kept under this key in its context.
type requestKey struct{}

// about returns what the frame knows of the request.
func about(r *http.Request) *request {
	q, _ := r.Context().Value(requestKey{}).(*request)
	return q
}

// response notes what went out, for the log.
type response struct {
	http.ResponseWriter
	status int // what was sent; 0 while nothing was
	next   int // what render sends when nothing else is said; 0 is 200
}

// WriteHeader notes the status.
func (w *response) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write notes that an answer without a status is 200.
func (w *response) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *response) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// handle registers a page for officers who are signed in.
func (s *Server) handle(pattern string, fn handler) { s.at(signin.Full, pattern, fn) }

// at registers a page for sessions of that stage and for full ones; of the stage "code"
// for that alone.
func (s *Server) at(stage signin.Stage, pattern string, fn handler) { s.page(pattern, stage, fn) }

// open registers a page for everybody.
func (s *Server) open(pattern string, fn handler) { s.page(pattern, "", fn) }

// Binds a page to an address behind the door: session, form check and error page are the same for all of
// them.
func (s *Server) page(pattern string, stage signin.Stage, fn handler) {
	s.mux.Handle(pattern, s.outer(func(w *response, r *http.Request) {
		err := s.admit(w, r, stage)
		if err == nil {
			err = fn(w, r)
		}
		if err != nil {
			s.fail(w, r, err)
		}
	}))
}

// outer is the part of the frame that every face shares.
func (s *Server) outer(next func(w *response, r *http.Request)) http.Handler {
	return http.HandlerFunc(func(raw http.ResponseWriter, r *http.Request) {
		q := &request{at: s.DB.Clock()}
		q.address, q.secure = s.sender(r)
		ctx := db.Arrived(r.Context(), q.at)
		ctx = signin.From(ctx, q.address)
		r = r.WithContext(context.WithValue(ctx, requestKey{}, q))
		w := &response{ResponseWriter: raw}
		s.headers(w, q)
		start := time.Now()
		defer func() {
			if p := recover(); p != nil {
				s.fail(w, r, fmt.Errorf("panic in %s: %v\n%s", r.Pattern, p, debug.Stack()))
			}
			if r.MultipartForm != nil {
				if err := r.MultipartForm.RemoveAll(); err != nil {
					s.Log.Warn("temporary files of a form", "err", err)
				}
			}
			s.Log.LogAttrs(context.WithoutCancel(ctx), slog.LevelInfo, "request",
				slog.String("method", r.Method), slog.String("route", r.Pattern), slog.Int("status", w.status),
				slog.Float64("ms", float64(time.Since(start).Microseconds())/1000),
				slog.String("officer", string(q.session.Officer)), slog.String("address", q.address.String()))
		}()
		next(w, r)
	})
}

// policy lets a page load only what this server gives out, run no script of its own
// text, be framed by nobody and send forms to nobody else.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'; report-uri /csp-report"

// Headers of every answer. The policy allows nothing inline, so that a text of an officer can never run.
func (s *Server) headers(w http.ResponseWriter, q *request) {
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
	h.Set("Cache-Control", "no-store")
	if q.secure {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// sender returns the address a request came from and whether it came over TLS. What
// X-Forwarded headers say counts only from the proxies that are set, read from the
// right: whatever stands further left, anybody may have written.
func (s *Server) sender(r *http.Request) (from netip.Addr, secure bool) {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	from, _ = netip.ParseAddr(host)
	from = from.Unmap()
	secure = s.TLS || r.TLS != nil
	if !s.proxy(from) {
		return from, secure
	}
	secure = secure || r.Header.Get("X-Forwarded-Proto") == "https"
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		a, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			break
		}
		if from = a.Unmap(); !s.proxy(from) {
			break
		}
	}
	return from, secure
}

// Only a proxy that is named may say whose address it forwards.
func (s *Server) proxy(a netip.Addr) bool {
	return slices.ContainsFunc(s.Proxies, func(p netip.Prefix) bool { return p.Contains(a) })
}

// strangerForm is how large a form may be from somebody who is not signed in: it holds
// a name and a password.
const strangerForm = 1 << 20

// plainForm is how large a form without files may be. It is far more than any field
// takes, so that a text that is too long is refused at its field and comes back.
const plainForm = 64 << 20

// admit decides who sends the request and reads its form.
func (s *Server) admit(w *response, r *http.Request, stage signin.Stage) error {
	q := about(r)
	if !db.Storable(r.URL.Path) { // such an address names nothing, in whichever database
		return fault.NotFound
	}
	if err := s.cross.Check(r); err != nil {
		return fault.Refuse(fault.Denied, "Yêu cầu này đến từ một trang khác, không phải từ Liên thông, nên không được thực hiện.")
	}
	signedIn := s.recognise(r, q)
	limit := int64(strangerForm)
	if signedIn == nil {
		limit = max(plainForm, s.Upload.MaxTotal+plainForm)
		signedIn = s.Keeper.Limits.Take("s:"+q.session.ID, s.Keeper.Rules().TokenRate, q.at)
	} else if err := s.Keeper.Limits.Take("i:"+signin.Network(q.address), s.Keeper.Rules().AddressRate, q.at); err != nil {
		return err
	}
	r.Body = http.MaxBytesReader(w.ResponseWriter, r.Body, limit)
	formErr := readForm(r)
	if stage == "" {
		return formErr
	}
	if signedIn != nil {
		return signedIn
	}
	if err := may(q.session.Stage, stage); err != nil {
		return err
	}
	if r.Header.Get("X-Live") == "" && r.URL.Path != "/live" {
		s.Keeper.Touch(q.session, q.at)
	}
	return formErr
}

// recognise finds the session of a request.
func (s *Server) recognise(r *http.Request, q *request) error {
	q.secret = signin.Secret(cookie(r, q.name(sessionCookie)))
	session, err := s.Keeper.Session(r.Context(), q.secret)
	if err == nil {
		q.session = session
	}
	return err
}

// stageGate sends a half-open session to the one thing that is still asked.
type stageGate struct{ to string }

// Error names the place.
func (g stageGate) Error() string { return "first " + g.to }

// Unwrap makes it a refusal like any other for who does not know the gate.
func (g stageGate) Unwrap() error { return fault.SignedOut }

var gates = map[signin.Stage]string{signin.Code: "/signin/code", signin.Enrol: "/second", signin.Password: "/password"}

// Half a session opens only the page of its own step: a new password, a code, a second factor.
func may(has, wanted signin.Stage) error {
	if has == wanted || (has == signin.Full && wanted != signin.Code) {
		return nil
	}
	if to, ok := gates[has]; ok {
		return stageGate{to}
	}
	return stageGate{"/"} // a full session at the page of the second factor
}

// plainText takes out what no keyboard writes and PostgreSQL holds in no text.
var plainText = strings.NewReplacer("\r\n", "\n", "\x00", "")

// readForm reads a form once, for all who look at it: texts are NFC with plain line
// ends, however a keyboard or a system wrote them.
func readForm(r *http.Request) error {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	var err error
	switch {
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		err = r.ParseForm()
	case kind == "multipart/form-data":
		err = r.ParseMultipartForm(4 << 20)
	case kind == "application/x-www-form-urlencoded":
		err = r.ParseForm()
	}
	var long *http.MaxBytesError
	switch {
	case errors.As(err, &long):
		return fault.Refuse(fault.TooLarge, "Nội dung gửi lên quá lớn (quá %d MB). Anh/chị bớt tệp kèm theo hoặc chia thành nhiều lần.", long.Limit>>20)
	case err != nil:
		return fault.Refuse(fault.Invalid, "Không đọc được biểu mẫu gửi lên. Anh/chị tải lại trang rồi gửi lại.")
	}
	for _, values := range []map[string][]string{r.Form, r.PostForm} {
		for _, all := range values {
			for i, v := range all {
				all[i] = plainText.Replace(vntext.NFC(strings.ToValidUTF8(v, "")))
			}
		}
	}
	return nil
}

// nowhere answers addresses that lead to no page.
func (s *Server) nowhere(http.ResponseWriter, *http.Request) error { return fault.NotFound }
