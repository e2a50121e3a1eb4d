package api

import (
	"bytes"
	"context"
	"net/http"
	"sync"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/org"
)

// watching are the routes by which machines look after a node.
func (s *Server) watching() []route {
	return []route{
		{method: "GET", path: "/openapi.json", id: "openapi", say: "Tài liệu OpenAPI 3.1 của giao diện này.", tag: tagNode, open: true, status: http.StatusOK, media: "application/json", do: (*call).openapi},
		{method: "GET", path: problems + "{name}", id: "problem", say: "Giải thích một loại lỗi.", tag: tagNode, open: true, status: http.StatusOK, out: typeOf[Problem](), do: (*call).explainProblem},
		{method: "GET", path: "/healthz", id: "health", say: "Tiến trình còn sống.", tag: tagNode, open: true, status: http.StatusOK, media: "text/plain", do: (*call).health},
		{method: "GET", path: "/readyz", id: "ready", say: "Máy chủ sẵn sàng nhận việc; kèm các cảnh báo.", tag: tagNode, open: true, status: http.StatusOK, out: typeOf[readyOut](), do: (*call).readyz},
		{method: "GET", path: "/metrics", id: "metrics", say: "Số đo cho Prometheus; từ chính máy này hoặc bằng mã của quản trị cấp tỉnh.", tag: tagNode, open: true, status: http.StatusOK, media: "text/plain", do: (*call).metrics},
	}
}

// The document is made once when the program starts: it cannot differ from the routes.
func (c *call) openapi() error {
	c.send(http.StatusOK, "application/json", c.s.document)
	return nil
}

// Says only that the process lives; whether it can work is what ready says.
func (c *call) health() error {
	c.send(http.StatusOK, "text/plain; charset=utf-8", []byte("ok\n"))
	return nil
}

// readiness keeps what is dear to count for a while.
type readiness struct {
	mu      sync.Mutex // one counts, the others wait for it
	counted time.Time  // when last was counted
	last    duty.Orphans
}

// orphansKept is how long a count over all running duties is good.
const orphansKept = time.Minute

// Counts orphans at most once a while: balancers ask every second, and the count reads every running duty.
func (r *readiness) orphans(ctx context.Context, s *Server) (duty.Orphans, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := s.DB.Now(ctx)
	if age := now.Sub(r.counted); !r.counted.IsZero() && age >= 0 && age < orphansKept {
		return r.last, nil
	}
	err := s.DB.View(ctx, func(tx *db.Tx) (err error) {
		r.last, err = duty.CountOrphans(tx, s.Duties)
		return err
	})
	if err == nil {
		r.counted = now
	}
	return r.last, err
}

// metrics are for this machine's own watcher, or one with the token of an administrator
// of the whole province: counts of cases are information too.
func (c *call) metrics() error {
	if !c.s.Address(c.r).IsLoopback() {
		if err := c.enter(); err != nil {
			return err
		}
		err := c.s.DB.View(c.ctx, func(tx *db.Tx) error {
			who, err := org.ActorOf(tx, c.token.Officer)
			if err == nil && !who.Root {
				err = fault.Refuse(fault.Denied, "Số đo của máy chủ chỉ dành cho quản trị cấp tỉnh.")
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	var page bytes.Buffer
	c.s.meters.write(c.ctx, &page)
	c.send(http.StatusOK, "text/plain; version=0.0.4; charset=utf-8", page.Bytes())
	return nil
}
