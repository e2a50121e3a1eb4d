package api

import (
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	routing "lienthong/internal/route"
	"lienthong/internal/vntext"
)

// routeIn is a difficulty whose field is asked for.
type routeIn struct {
	Text string `json:"text" doc:"khó khăn, vướng mắc, có dấu hoặc không" maxLength:"50000"`
}

// routeOut are the fields it may belong to, best first; none where the text says too little.
type routeOut struct {
	Fields []routeItem `json:"fields"`
}

// routeItem is one proposal.
type routeItem struct {
	ID       string  `json:"id" doc:"lĩnh vực trong 14 lĩnh vực; ngoai-14-linh-vuc khi không lĩnh vực nào giữ việc này"`
	Unit     string  `json:"unit" doc:"cơ quan phụ trách vào ngày này"`
	Score    float64 `json:"score" doc:"từ 0 đến 1"`
	Why      string  `json:"why" doc:"lý do"`
	Subfield string  `json:"subfield,omitempty" doc:"mục của lĩnh vực, hoặc nội dung mà lĩnh vực loại trừ"`
	Name     string  `json:"name"`
	Clause   string  `json:"clause"` // that gives the field to the unit
	Hole     bool    `json:"hole,omitempty" doc:"quy chế chưa nêu cơ quan chủ trì"`
}

// routeBest is how many proposals are worth a look.
const routeBest = 3

// route proposes fields for a text; it keeps nothing of it.
func (c *call) route(in *routeIn) error {
	if vntext.IsBlank(in.Text) {
		return fault.Field("text", "Hãy nêu khó khăn, vướng mắc cần xác định lĩnh vực.")
	}
	return c.view(func(tx *db.Tx, _ org.Actor) (any, int64, error) {
		rb, err := regulation.Current(tx)
		if err != nil {
			return nil, 0, err
		}
		m, err := routing.Of(tx)
		if err != nil {
			return nil, 0, err
		}
		out := routeOut{Fields: []routeItem{}}
		all := m.Propose(rb, tx.Now, in.Text, routeBest)
		if p, ok := m.Outside(rb, tx.Now, in.Text); ok {
			all = append([]routing.Proposal{p}, all...) // what no field holds comes before the nearest one
		}
		for _, p := range all {
			item := routeItem{ID: p.ID, Unit: string(p.Unit), Score: p.Score, Why: p.Why, Name: p.Name, Clause: p.Clause, Hole: p.Hole}
			if p.Choice != p.ID {
				item.Subfield = p.Choice
			}
			out.Fields = append(out.Fields, item)
		}
		return &out, 0, nil
	})
}

// reads is a route that takes a body and changes nothing.
func reads[T any](do func(c *call, in *T) error) func(c *call) error {
	return func(c *call) error {
		in := new(T)
		if err := c.read(in); err != nil {
			return err
		}
		return do(c, in)
	}
}
