package main

import (
	"encoding/json"
	"strings"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/regulation"
	"lienthong/internal/route"
	"lienthong/internal/workday"
	"lienthong/regulations"
)

// routeCmd proposes the field of a difficulty and the unit that has it.
type routeCmd struct {
	Text    string `arg:"" help:"Khó khăn, vướng mắc, có dấu hoặc không."`
	Profile string `default:"phu-tho" help:"Cấu hình áp dụng khi không mở cơ sở dữ liệu." placeholder:"ID"`
	Limit   int    `default:"3" help:"In nhiều nhất bao nhiêu lĩnh vực." placeholder:"N"`
	JSON    bool   `name:"json" help:"In dạng JSON."`
}

// routed is one proposal as --json prints it.
type routed struct {
	ID       string  `json:"id"`
	Unit     string  `json:"unit"`
	Score    float64 `json:"score"` // between 0 and 1, to compare and not to read
	Why      string  `json:"why"`
	Subfield string  `json:"subfield,omitempty"`
	Name     string  `json:"name"`
	Clause   string  `json:"clause"`
	Hole     bool    `json:"hole,omitempty"` // nobody answers for it: a person must say who does
}

// Run prints the proposals, best first. Without a store it uses what the program ships.
func (c *routeCmd) Run(a *app) error {
	if strings.TrimSpace(c.Text) == "" {
		return fault.Field("TEXT", "Hãy nêu khó khăn, vướng mắc cần xác định lĩnh vực.")
	}
	m, rb, at, err := c.model(a)
	if err != nil {
		return err
	}
	all := m.Propose(rb, at, c.Text, c.Limit)
	if p, ok := m.Outside(rb, at, c.Text); ok {
		all = append([]route.Proposal{p}, all...) // what no field holds comes before the nearest one
	}
	if c.JSON {
		return json.NewEncoder(a.out).Encode(struct {
			Fields []routed `json:"fields"`
		}{routedOf(all)})
	}
	if len(all) == 0 {
		a.printf("Chưa đủ chữ để đề xuất lĩnh vực.\n")
	}
	for i, p := range all {
		a.printf("%d. %s → %s", i+1, p.Name, p.Unit)
		if p.Score > 0 {
			a.printf(" (%.0f %%)", 100*p.Score)
		}
		a.printf("\n   %s\n", p.Why)
	}
	return nil
}

// The shape of a proposal in JSON. Subfield only where the choice is narrower than the field: equal values
// would say the same twice.
func routedOf(all []route.Proposal) []routed {
	out := make([]routed, len(all))
	for i, p := range all {
		out[i] = routed{ID: p.ID, Unit: string(p.Unit), Score: p.Score, Why: p.Why, Name: p.Name, Clause: p.Clause, Hole: p.Hole}
		if p.Choice != p.ID {
			out[i].Subfield = p.Choice
		}
	}
	return out
}

// model is the office's own where the command line names a store, else the shipped one
// over a profile that ships.
func (c *routeCmd) model(a *app) (m *route.Model, rb *regulation.Rulebook, at time.Time, err error) {
	at = a.now()
	if a.given() {
		err = a.view(func(tx *db.Tx) error {
			at = tx.Now
			if rb, err = regulation.Current(tx); err != nil {
				return err
			}
			m, err = route.Of(tx)
			return err
		})
		return m, rb, at, err
	}
	lib, err := regulation.Load(regulations.FS)
	if err != nil {
		return nil, nil, at, err
	}
	if rb, err = regulation.CompileAll(lib, c.Profile, keys()); err != nil {
		return nil, nil, at, err
	}
	m, err = route.Shipped()
	return m, rb, inForce(rb, at), err
}

// inForce is at, or the first instant at which the whole table of fields is in force:
// without an office there is no day on which the question matters.
func inForce(rb *regulation.Rulebook, at time.Time) time.Time {
	fields, _ := rb.Table()
	for _, f := range fields {
		if from, err := time.ParseInLocation(time.DateOnly, f.From, workday.Office); err == nil && from.After(at) {
			at = from
		}
	}
	return at
}
