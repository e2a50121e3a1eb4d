package api

import (
	"lienthong/internal/board"
	"lienthong/internal/db"
	"lienthong/internal/org"
)

// hopsOut is how the time of petitions that went through several units was divided.
type hopsOut struct {
	Items []hopItem `json:"items"`
	Next  string    `json:"next"`  // "": every unit is here
	Total hopFigure `json:"total"` // of what is shown
}

// hopItem is one unit; its list is /api/v1/board/hops/list with the same filter and unit.
type hopItem struct {
	Line
	hopFigure
}

// hopFigure are the numbers of one unit or of all.
type hopFigure struct {
	Stays    int64   `json:"stays" doc:"số lượt kiến nghị ở đơn vị"`
	Answered int64   `json:"answered" doc:"trong đó kết thúc bằng trả lời"`
	Days     int64   `json:"days" doc:"tổng ngày làm việc"`
	Average  float64 `json:"average_days" doc:"ngày làm việc trung bình một lượt"`
	HalfDays int     `json:"half_within_days" doc:"một nửa số lượt không quá số ngày làm việc này"`
	Share    int     `json:"share_percent" doc:"phần trong tổng thời gian của các đơn vị được xem"`
}

// stayItem is one petition while it lay with one unit; lead is that unit.
type stayItem struct {
	Line
	N    int64  `json:"n" doc:"chặng thứ mấy"`
	From string `json:"from"` // instant it came
	To   string `json:"to"`   // instant it was forwarded or answered
	Sent string `json:"next_unit" doc:"chuyển đến đâu; rỗng là đã trả lời"`
	Days int64  `json:"days"` // working days
}

func hopFigures(h *board.Hop) hopFigure {
	return hopFigure{h.Stays, h.Answered, h.Days, h.Average, h.Half, h.Share}
}

// boardHops answers the share of each hop.
func (c *call) boardHops() error {
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		f := board.FilterOf(c.q)
		all, total, err := board.Hops(tx, who, f)
		out := hopsOut{Items: []hopItem{}, Total: hopFigures(&total)}
		for i := range all {
			h := &all[i]
			out.Items = append(out.Items, hopItem{Line{ID: string(h.Unit), Title: h.Name, Lead: string(h.Unit)}, hopFigures(h)})
		}
		return &out, 0, err
	})
}

// boardStays answers the stays behind a number of hops.
func (c *call) boardStays() error {
	limit := c.limit()
	cursor := c.q.Get("cursor")
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		f := board.FilterOf(c.q)
		all, next, err := board.Stays(tx, who, f, cursor, limit)
		out := page[stayItem]{Items: []stayItem{}, Next: next}
		for _, s := range all {
			out.Items = append(out.Items, stayItem{Line{ID: string(s.Case), Code: s.Code, Title: s.Title, Lead: string(s.Unit)}, s.N, instant(s.From), instant(s.To), string(s.Next), s.Days})
		}
		return &out, 0, err
	})
}
