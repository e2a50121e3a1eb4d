package api

import (
	"net/http"

	"lienthong/internal/db"
)

// astray answers an address or a method that no route has, as a problem like every other refusal: a
// program that reads JSON here reads it everywhere. A tracking code has a slash in it, so a code where
// the id belongs ends here too.
func (s *Server) astray(w http.ResponseWriter, r *http.Request) {
	c := &call{s: s, r: r, w: w, ctx: db.Arrived(r.Context(), s.DB.Now(r.Context()))}
	if err := c.limitAddress(); err != nil {
		c.fail(err)
		return
	}
	was := &verdict{header: http.Header{}}
	s.mux.ServeHTTP(was, r)
	if was.status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", was.header.Get("Allow"))
		c.fail(&plain{was.status, "", "Địa chỉ này chỉ nhận " + was.header.Get("Allow") + "; hãy xem /openapi.json."})
		return
	}
	c.fail(&plain{http.StatusNotFound, "", "Không có địa chỉ này; hãy xem /openapi.json. Một việc được gọi bằng id 26 ký tự, không phải bằng mã."})
}

// A verdict keeps what the mux says of a request without a route, and drops its English page.
type verdict struct {
	header http.Header // Allow stands here
	status int
}

// Header gives the headers the mux sets.
func (v *verdict) Header() http.Header { return v.header }

// WriteHeader keeps the status.
func (v *verdict) WriteHeader(status int) { v.status = status }

// Write drops the page.
func (v *verdict) Write(b []byte) (int, error) { return len(b), nil }
