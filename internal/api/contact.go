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
}

// contacting is the route of the directory.
func (s *Server) contacting() []route {
	return []route{list("/api/v1/contacts", "contacts", "Danh bạ đầu mối của sở, ngành theo lĩnh vực; ai trả lời hôm nay khi đầu mối vắng.", contactsOut{}, (*call).contacts,
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
		return &out, 0, nil
	})
}
