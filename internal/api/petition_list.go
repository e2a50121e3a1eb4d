package api

import (
	"lienthong/internal/db"
	"lienthong/internal/export"
	"lienthong/internal/org"
	"lienthong/internal/petition"
)

// petitionItem is a petition in the list of all that the reader may see, ended ones too.
type petitionItem struct {
	Line
	Raiser   string `json:"raiser" doc:"xã, phường kiến nghị"`
	Field    string `json:"field"`
	State    string `json:"state"` // see petition.States
	Outcome  string `json:"outcome" doc:"kết quả lần trả lời cuối; rỗng khi chưa trả lời"`
	OpenedAt string `json:"opened_at"` // an instant
}

// petitions lists petitions, the newest first, in pages or as one spreadsheet.
func (c *call) petitions() error {
	f := petition.FilterOf(c.q)
	if c.wantsSheet() {
		return c.sheet(func(*db.Tx) (export.List, error) {
			return export.List{Title: "Danh sách kiến nghị", Petitions: &f}, nil
		})
	}
	limit := c.limit()
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		all, next, err := petition.List(tx, who, f, c.q.Get("cursor"), limit)
		if err != nil {
			return nil, 0, err
		}
		out := page[petitionItem]{Items: []petitionItem{}, Next: next}
		for _, p := range all {
			out.Items = append(out.Items, petitionItem{Line: Line{ID: string(p.ID), Code: p.Code, Title: p.Title, Lead: string(p.Lead)},
				Raiser: string(p.Raiser), Field: p.Field, State: p.State, Outcome: string(p.Outcome), OpenedAt: instant(p.OpenedAt)})
		}
		return &out, 0, nil
	})
}
