package api

import (
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/inbox"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/search"
)

// searchOut is what was found, and how far the index has read.
type searchOut struct {
	Items     []searchItem `json:"items"`
	Next      string       `json:"next"` // for cursor; "" at the end
	IndexedAt string       `json:"indexed_at" doc:"tìm được mọi nội dung đến thời điểm này"`
	Behind    int64        `json:"behind" doc:"số diễn biến chưa vào chỉ mục"`
	Count     int          `json:"count" doc:"tìm thấy bao nhiêu việc"`
	More      bool         `json:"more" doc:"nhiều hơn số đã đếm"`
}

// searchItem is a case that was found. Its dates are of what is owed first on it.
type searchItem struct {
	Line
	State    string `json:"state"`
	Field    string `json:"field"`
	Raiser   string `json:"raiser"`
	OpenedAt string `json:"opened_at"` // the order of the list
	Version  int64  `json:"version"`
}

// search answers the cases that hold what was typed, and says how far the index is.
func (c *call) search() error {
	limit := c.limit()
	q, f := c.q, petition.FilterOf(c.q)
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		hits, next, n, more, err := search.FindCounted(tx, who, q.Get("q"), f, q.Get("cursor"), limit)
		if err != nil {
			return nil, 0, err
		}
		mark, err := search.Watermark(tx)
		if err != nil {
			return nil, 0, err
		}
		out := searchOut{Items: make([]searchItem, len(hits)), Next: next, IndexedAt: instant(mark.At), Behind: mark.Behind, Count: n, More: more}
		ids := make([]casefile.ID, len(hits))
		for i, h := range hits {
			ids[i] = h.Case
			out.Items[i] = searchItem{Line: Line{ID: string(h.Case), Code: h.Code, Title: h.Title, Lead: string(h.Lead)}, State: h.State,
				Field: h.Field, Raiser: string(h.Raiser), OpenedAt: instant(h.OpenedAt), Version: h.Version}
		}
		return &out, 0, dates(tx, who, ids, out.Items)
	})
}

// dates puts beside each case what is owed first on it.
func dates(tx *db.Tx, who org.Actor, ids []casefile.ID, items []searchItem) error {
	running, err := inbox.Of(tx, who, ids)
	if err != nil {
		return err
	}
	first := map[string]*inbox.Item{}
	for i := range running { // soonest first
		if id := string(running[i].Case); first[id] == nil {
			first[id] = &running[i]
		}
	}
	for i := range items {
		if d := first[items[i].ID]; d != nil {
			items[i].DueOn, items[i].DueAt, items[i].Fate = d.DueOn.String(), instant(d.DueAt), string(d.Fate)
		}
	}
	return nil
}
