package api

import (
	"strings"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/vntext"
)

// unitItem is an agency or commune; its id is what other bodies of this face take.
type unitItem struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Short     string `json:"short" doc:"tên ngắn"`
	Parent    string `json:"parent,omitempty"` // "" at the top
	Kind      string `json:"kind"`             // committee, department, section, vertical body
	Level     string `json:"level"`            // province or commune
	Requested bool   `json:"requested,omitempty" doc:"ngành dọc, doanh nghiệp: chỉ được đề nghị"`
}

// units lists all that stand today in one page: there are some two hundred.
func (c *call) units() error {
	q := c.q
	return c.view(func(tx *db.Tx, _ org.Actor) (any, int64, error) {
		all, err := org.Units(tx, org.Filter{Level: q.Get("level"), Kind: q.Get("kind"), Requested: true})
		if err != nil {
			return nil, 0, err
		}
		out := page[unitItem]{Items: []unitItem{}}
		for _, u := range all {
			if named(u, q.Get("q")) {
				out.Items = append(out.Items, unitItem{ID: string(u.ID), Name: u.Name, Short: u.Short, Parent: string(u.Parent), Kind: u.Kind, Level: u.Level, Requested: u.Requested})
			}
		}
		return &out, 0, nil
	})
}

// named says whether a unit's names hold every word asked for.
func named(u org.Unit, text string) bool {
	have := vntext.Fold(u.Name + " " + u.Short)
	for _, word := range strings.Fields(vntext.Fold(text)) {
		if !strings.Contains(have, word) {
			return false
		}
	}
	return true
}

// fieldItem is a field with whoever leads it by the rulebook in force today.
type fieldItem struct {
	ID      string   `json:"id"`
	Parent  string   `json:"parent,omitempty"` // "" for a field of its own
	Name    string   `json:"name"`
	Unit    string   `json:"unit" doc:"đơn vị chủ trì hôm nay; rỗng khi không có"`
	Hole    bool     `json:"hole,omitempty" doc:"quy chế chưa nêu đơn vị nào; Văn phòng UBND tỉnh xác định"`
	Clauses []string `json:"clauses,omitempty"` // that name the field
}

// The fields of the rulebook in force, each with its parent. A new rulebook may name others, so they are
// not cached by clients for long.
func (c *call) fields() error {
	return c.view(func(tx *db.Tx, _ org.Actor) (any, int64, error) {
		rb, err := regulation.Current(tx)
		if err != nil {
			return nil, 0, err
		}
		out := page[fieldItem]{Items: []fieldItem{}}
		for _, f := range rb.Catalogue() {
			item := fieldItem{ID: f.ID, Parent: f.Parent, Name: f.Name}
			// a field that nobody has today is listed as such, not refused
			if r, err := rb.UnitFor(f.ID, tx.Now); err == nil {
				item.Unit, item.Hole = string(r.Unit), r.Hole
				for _, id := range r.Clauses {
					item.Clauses = append(item.Clauses, string(id))
				}
			}
			out.Items = append(out.Items, item)
		}
		return &out, 0, nil
	})
}

// officerItem is an officer with one of his posts: one item a post.
type officerItem struct {
	ID   string  `json:"id"`
	Name string  `json:"name"`
	Post postOut `json:"post"` // the one that makes him fit for the list
}

// officers lists the people of a unit, for who directs or forwards.
func (c *call) officers() error {
	unit := org.UnitID(c.q.Get("unit"))
	return c.view(func(tx *db.Tx, _ org.Actor) (any, int64, error) {
		if err := knownUnit(tx, "unit", unit); err != nil {
			return nil, 0, err
		}
		held, err := org.Officers(tx, unit)
		out := page[officerItem]{Items: []officerItem{}}
		for _, h := range held {
			out.Items = append(out.Items, officerItem{ID: string(h.Officer.ID), Name: h.Officer.Name, Post: postOf(h.Post)})
		}
		return &out, 0, err
	})
}

// knownUnit refuses a unit that does not exist, by the parameter's name.
func knownUnit(tx *db.Tx, field string, unit org.UnitID) error {
	if unit == "" {
		return fault.Field(field, "Hãy nêu mã đơn vị.")
	}
	_, err := org.UnitOf(tx, unit)
	if fault.Kind(err) == fault.NotFound {
		return fault.Field(field, "Không có đơn vị nào mang mã “%.60s”.", string(unit))
	}
	return err
}
