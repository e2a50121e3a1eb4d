package api

import (
	"strconv"

	"lienthong/internal/audit"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/kinds"
	"lienthong/internal/org"
)

// eventItem is one line of a case's history.
type eventItem struct {
	Line
	N          int64             `json:"n"`    // from 1, without holes
	Kind       string            `json:"kind"` // "petition.answered"
	Say        string            `json:"say" doc:"tên diễn biến"`
	By         actorOut          `json:"by"`                                                                                                                      // in the post he acted from
	OccurredAt string            `json:"occurred_at"`                                                                                                             // when it happened
	RecordedAt string            `json:"recorded_at"`                                                                                                             // when it was written down; later for paper
	Facts      map[string]string `json:"facts,omitempty"`                                                                                                         // small values by name, all text
	Text       string            `json:"text,omitempty" doc:"nội dung, đọc được"`                                                                                 // "" for a caller outside its audience
	Parts      map[string]string `json:"parts,omitempty" doc:"nội dung theo từng mục của biểu mẫu: text, basis, tried, proposal; good, bad, propose; what, each"` // absent where it is one text
	Redacted   bool              `json:"redacted,omitempty" doc:"nội dung đã niêm phong"`
	Leaf       string            `json:"leaf" doc:"hàm băm trong nhật ký"`
	Seq        *int64            `json:"seq" doc:"vị trí trong nhật ký; null khi chờ đóng dấu"`
}

// actorOut is who did something, in which post and capacity: as it was then, not as
// it is today.
type actorOut struct {
	Officer  string `json:"officer,omitempty"`
	Name     string `json:"name,omitempty"`
	Title    string `json:"title,omitempty"`
	Unit     string `json:"unit,omitempty"`
	Section  string `json:"section,omitempty"`  // "" outside sections
	Capacity string `json:"capacity,omitempty"` // only on signatures
	System   string `json:"system,omitempty" doc:"phần của chương trình, khi không phải người làm"`
}

// longestHistory bounds what one page looks through; no case comes near it.
const longestHistory = 10_000

// history answers a case's events, oldest first. The cursor is the number of the last
// event shown: a history only grows at its end.
func (c *call) history() error {
	limit := c.limit()
	after := int64(0)
	if cur := c.q.Get("cursor"); cur != "" {
		var err error
		if after, err = strconv.ParseInt(cur, 10, 64); err != nil {
			return errCursor()
		}
	}
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		cf, head, err := c.theCase(tx, who)
		if err != nil {
			return nil, 0, err
		}
		all, err := casefile.History(tx, who, cf.ID, longestHistory)
		if err != nil {
			return nil, 0, err
		}
		for len(all) > 0 && all[0].N <= after {
			all = all[1:]
		}
		out := page[eventItem]{Items: []eventItem{}}
		if len(all) > limit {
			all = all[:limit]
			out.Next = strconv.FormatInt(all[limit-1].N, 10)
		}
		out.Items, err = c.events(tx, cf, head, all)
		return &out, 0, err
	})
}

// A cursor is opaque: a client that made one up gets the same words as one whose page is gone.
func errCursor() error {
	return fault.Field("cursor", "Con trỏ trang không đúng; hãy dùng giá trị next của trang trước.")
}

// events puts the position in the log beside each event; one that waits has none yet.
func (c *call) events(tx *db.Tx, cf *casefile.Case, head Line, all []casefile.Event) ([]eventItem, error) {
	refs := make([]string, len(all))
	for i, e := range all {
		refs[i] = casefile.EntryRef(cf.ID, e.N)
	}
	at, err := audit.Positions(tx, refs)
	items := make([]eventItem, len(all))
	for i, e := range all {
		items[i] = eventItem{Line: head, N: e.N, Kind: e.Kind, Say: c.s.Events[e.Kind], By: actorOf(e.By), OccurredAt: instant(e.OccurredAt),
			RecordedAt: instant(e.RecordedAt), Facts: e.Facts, Text: kinds.TextOf(e), Parts: casefile.Members(e.Text), Redacted: e.Redacted, Leaf: e.Leaf.String()}
		if seq, ok := at[refs[i]]; ok {
			items[i].Seq = &seq
		}
	}
	return items, err
}

// Who acted, in the post he acted from: the same person may hold several.
func actorOf(a org.Actor) actorOut {
	return actorOut{Officer: string(a.Officer), Name: a.Name, Title: a.Post.Title, Unit: string(a.Post.Unit), Section: string(a.Post.Section),
		Capacity: string(a.Capacity), System: a.System}
}
