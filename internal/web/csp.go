package web

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"sync"

	"lienthong/internal/fault"
)

// A Report is what a browser refused to load or run on one of our pages: which line of
// the policy, and what, without query or content.
type Report struct{ Directive, Blocked, Page string }

// reports keeps the last few, for the browser tests and the administrator.
type reports struct {
	mu  sync.Mutex // reports come from every page at once
	all []Report
}

const (
	reportsKept = 100
	reportSize  = 16 << 10
)

// Reports returns the last reports of broken content policy, oldest first.
func (s *Server) Reports() []Report {
	s.reports.mu.Lock()
	defer s.reports.mu.Unlock()
	return slices.Clone(s.reports.all)
}

// cspReport takes a browser's report. Anybody can send one: it is bounded, limited by
// address like every stranger's request, and never believed further than the log.
func (s *Server) cspReport(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Report struct {
			Directive string `json:"effective-directive"`
			Violated  string `json:"violated-directive"`
			Blocked   string `json:"blocked-uri"`
			Page      string `json:"document-uri"`
		} `json:"csp-report"`
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, reportSize))
	if err != nil || json.Unmarshal(body, &in) != nil {
		return fault.Refuse(fault.Invalid, "Báo cáo không đọc được.")
	}
	one := Report{short(in.Report.Directive), bare(in.Report.Blocked), bare(in.Report.Page)}
	if one.Directive == "" {
		one.Directive = short(in.Report.Violated)
	}
	s.reports.mu.Lock()
	if len(s.reports.all) == reportsKept {
		s.reports.all = s.reports.all[1:]
	}
	s.reports.all = append(s.reports.all, one)
	s.reports.mu.Unlock()
	s.Log.Warn("content policy", slog.String("directive", one.Directive), slog.String("blocked", one.Blocked), slog.String("page", one.Page))
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// bare is an address without what may be private in it.
func bare(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	u.RawQuery, u.Fragment, u.User = "", "", nil
	return short(u.String())
}

// Reports of browsers are cut: what they carry is the sender's choice, and it ends in a log.
func short(s string) string { return s[:min(len(s), 200)] }
