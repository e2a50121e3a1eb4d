package api

import (
	"lienthong/internal/casefile"
	"lienthong/internal/duty"
)

// page is the shape of every list.
type page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next" doc:"con trỏ của trang sau; rỗng khi hết"`
}

// A Line is how an item of any list begins: the case it belongs to and when what is
// owed there is due.
type Line struct {
	ID    string `json:"id" doc:"mã hồ sơ"`
	Code  string `json:"code" doc:"mã theo dõi"`
	Title string `json:"title"`
	Lead  string `json:"lead" doc:"đơn vị chủ trì"`
	DueOn string `json:"due_on"`
	DueAt string `json:"due_at"` // instant, "" without a limit
	Fate  string `json:"fate"`   // open, suspended, met, waived or handed on; missed and late follow from the due instant
}

// lineOf joins a case with one of its duties; nil gives no date.
func lineOf(c *casefile.Case, d *duty.Duty) Line {
	l := Line{ID: string(c.ID), Code: c.Code, Title: c.Title, Lead: string(c.Lead)}
	if d != nil {
		l.DueOn, l.DueAt, l.Fate = d.DueOn.String(), instant(d.DueAt), string(d.Fate)
	}
	return l
}

// nearest is the duty that says how a case stands: the running one due first, else the
// one that ended last.
func nearest(all []*duty.Duty) (best *duty.Duty) {
	for _, d := range all {
		switch {
		case best == nil:
			best = d
		case d.EndedAt.IsZero() != best.EndedAt.IsZero():
			if d.EndedAt.IsZero() {
				best = d
			}
		case d.EndedAt.IsZero():
			if best.DueAt.IsZero() || !d.DueAt.IsZero() && d.DueAt.Before(best.DueAt) {
				best = d
			}
		case d.EndedAt.After(best.EndedAt):
			best = d
		}
	}
	return best
}
