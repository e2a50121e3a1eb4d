package bench

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/org"
)

// sixty is how many tasks the document of W6 gives.
const sixty = 60

// issued numbers the documents of W6: one is issued once.
var issued atomic.Int64

// sixtyGiven is an invented document of sixty tasks for the departments of the office.
func sixtyGiven(o *Office, names map[org.UnitID]string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "ỦY BAN NHÂN DÂN TỈNH PHÚ THỌ\nSố: %d/UBND-DT\nPhú Thọ, ngày 09 tháng 02 năm 2026\nV/v thực hiện các nhiệm vụ trọng tâm, văn bản minh họa\n\n", time.Now().Unix()%90_000+issued.Add(1))
	for i := range sixty {
		fmt.Fprintf(&b, "%d. Giao %s chủ trì rà soát nội dung thứ %d, báo cáo kết quả trước ngày 20/12/2026.\n", i+1, names[o.Departments[i%len(o.Departments)].Unit], i+1)
	}
	return b.String()
}

// sixtyLoad is W6: from the click that issues sixty tasks until the page would say that they
// are given. Taking the document in and confirming it are not timed.
func (f *face) sixtyLoad(o *Office) workload {
	return workload{"W6 sixty tasks", func(ctx context.Context, _ writer, s *stopwatch) error {
		var d struct {
			ID    string `json:"id"`
			State string `json:"state"`
			Given int    `json:"given"`
		}
		desk, boss := o.Issuers[0].Officer, o.Issuers[1].Officer
		if err := f.ask(ctx, desk, http.MethodPost, "/api/v1/directives", map[string]any{"text": sixtyGiven(o, o.Names)}, &d); err != nil {
			return err
		}
		at := "/api/v1/directives/" + d.ID
		if err := f.ask(ctx, desk, http.MethodPost, at+"/confirm", map[string]any{}, nil); err != nil {
			return err
		}
		err := s.time(func() error {
			err := f.ask(ctx, boss, http.MethodPost, at+"/release", map[string]any{}, nil)
			for err == nil && d.State != "released" {
				time.Sleep(5 * time.Millisecond)
				err = f.ask(ctx, boss, http.MethodGet, at, nil, &d)
			}
			return err
		})
		if err == nil && d.Given != sixty {
			err = fmt.Errorf("%d of %d tasks were given", d.Given, sixty)
		}
		return err
	}}
}

// issuers are who confirms a reading and who issues its tasks, and how the departments are named.
func (o *Office) issuers(tx *db.Tx) error {
	for _, role := range []org.Role{org.Desk, org.Leader} {
		held, err := org.Holders(tx, theOffice, role)
		if err != nil {
			return err
		}
		if len(held) == 0 {
			o.Issuers = nil
			return nil // an office without them is not measured so
		}
		who, err := org.ActorOf(tx, held[0].Officer.ID)
		if err != nil {
			return err
		}
		o.Issuers = append(o.Issuers, who)
	}
	units := make([]org.UnitID, len(o.Departments))
	for i, d := range o.Departments {
		units[i] = d.Unit
	}
	var err error
	o.Names, err = org.UnitNames(tx, units...)
	return err
}
