package api

import (
	"net/url"

	"lienthong/internal/db"
	"lienthong/internal/export"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/workday"
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

var petitionQuery = []param{{"state", "tình trạng của kiến nghị"}, {"field", "mã lĩnh vực"}, {"commune", "mã xã, phường kiến nghị"}, {"lead", "mã cơ quan chủ trì"},
	{"outcome", "kết quả trả lời"}, {"from", "nêu từ ngày"}, {"to", "đến ngày"}, {"late", "1: quá hạn chưa trả lời"}}

// petitions lists petitions, the newest first, in pages or as one spreadsheet.
func (c *call) petitions() error {
	f, err := petitionFilter(c.r.URL.Query())
	if err != nil {
		return err
	}
	if ok, err := c.wantsSheet(); err != nil || ok {
		if err != nil {
			return err
		}
		return c.sheet(func(*db.Tx) (export.List, error) {
			return export.List{Title: "Danh sách kiến nghị", Petitions: &f}, nil
		})
	}
	limit, err := c.limit()
	if err != nil {
		return err
	}
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		all, next, err := petition.List(tx, who, f, c.r.URL.Query().Get("cursor"), limit)
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

// petitionFilter reads the filter of an address; a spoiled day is refused by name.
func petitionFilter(q url.Values) (f petition.ListFilter, err error) {
	f = petition.ListFilter{State: q.Get("state"), Field: q.Get("field"), Raiser: org.UnitID(q.Get("commune")), Lead: org.UnitID(q.Get("lead")), Outcome: petition.Outcome(q.Get("outcome")), Late: q.Get("late") == "1"}
	for name, day := range map[string]*workday.Date{"from": &f.From, "to": &f.To} {
		if v := q.Get(name); v != "" {
			if *day, err = workday.ParseDate(v); err != nil {
				return f, fault.Field(name, "Ngày %.20q không đúng; ghi như 2026-02-10.", v)
			}
		}
	}
	return f, nil
}
