package api

import (
	"lienthong/internal/db"
	"lienthong/internal/inform"
	"lienthong/internal/org"
)

// contactItem is whom a commune contacts in a field. Reach is who answers today: the
// contact, or while he is away whoever stands in.
type contactItem struct {
	Unit      string `json:"unit"` // id of the directory
	UnitName  string `json:"unit_name"`
	Field     string `json:"field" doc:"rỗng: mọi lĩnh vực của đơn vị"`
	FieldName string `json:"field_name"`
	Officer   string `json:"officer"` // who answers today
	Name      string `json:"name"`
	Phone     string `json:"phone"`
	Email     string `json:"email"`
	Deputy    string `json:"deputy"` // who answers when the first is away
	Away      bool   `json:"away" doc:"hôm nay vắng"`
	AwayUntil string `json:"away_until" doc:"ngày cuối vắng mặt"`
	Reach     string `json:"reach" doc:"người trả lời hôm nay"`
	ReachName string `json:"reach_name"` // how far it reaches: unit, section
	Clause    string `json:"clause" doc:"căn cứ phải thông báo đầu mối"`
}

// contactsOut is the directory, with the units that owe a contact and named nobody.
type contactsOut struct {
	Items  []contactItem `json:"items"`
	Silent []string      `json:"silent" doc:"đơn vị chưa cử đầu mối"`
	// Competent is null without a field, and where the rulebook gives it to nobody.
	Competent *contactUnit `json:"competent" doc:"với field: cơ quan có thẩm quyền về lĩnh vực ấy hôm nay, đứng đầu danh sách"`
}

// contactUnit is the unit that a field is given to.
type contactUnit struct {
	Unit    string   `json:"unit"`
	Name    string   `json:"name"`
	Hole    bool     `json:"hole" doc:"quy chế chưa nêu; Văn phòng UBND tỉnh xác định"`
	Clauses []string `json:"clauses"`
}

// contacting is the route of the directory.
func (s *Server) contacting() []route {
	return []route{list("/api/v1/contacts", "contacts", "Danh bạ đầu mối của sở, ngành; với field là hỏi ai về lĩnh vực ấy, đầu mối của cơ quan có thẩm quyền trước; ai trả lời hôm nay khi đầu mối vắng.", contactsOut{}, (*call).contacts,
		inform.Conditions...)}
}

// Who to ask at which unit about which field, with who stands in for whoever is away; Silent are units
// that owe a contact and named none.
func (c *call) contacts() error {
	return c.view(func(tx *db.Tx, _ org.Actor) (any, int64, error) {
		all, silent, err := inform.Directory(tx, inform.FilterOf(c.q))
		if err != nil {
			return nil, 0, err
		}
		out := contactsOut{Items: []contactItem{}, Silent: []string{}}
		for _, e := range all {
			out.Items = append(out.Items, contactItem{Unit: string(e.Unit), UnitName: e.UnitName, Field: e.Field, FieldName: e.FieldName,
				Officer: string(e.Officer), Name: e.Name, Phone: e.Phone, Email: e.Email, Deputy: string(e.Deputy), Away: e.Away, AwayUntil: e.AwayUntil.String(),
				Reach: string(e.Reach), ReachName: e.ReachName, Clause: e.Citation})
		}
		for _, u := range silent {
			out.Silent = append(out.Silent, string(u.ID))
		}
		out.Competent, err = competentOut(tx, c.q.Get("field"))
		return &out, 0, err
	})
}

// competentOut is the unit of a field, nil for none.
func competentOut(tx *db.Tx, field string) (*contactUnit, error) {
	if field == "" {
		return nil, nil
	}
	r, ok, err := inform.Competent(tx, field)
	if err != nil || !ok {
		return nil, err
	}
	u, err := org.UnitOf(tx, r.Unit)
	out := &contactUnit{Unit: string(u.ID), Name: u.Name, Hole: r.Hole, Clauses: []string{}}
	for _, id := range r.Clauses {
		out.Clauses = append(out.Clauses, string(id))
	}
	return out, err
}
