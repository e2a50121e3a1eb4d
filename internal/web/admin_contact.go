package web

import (
	"cmp"
	"slices"

	"lienthong/internal/org"
	"lienthong/internal/web/ui"
)

// contactsTab shows who answers for the unit in which field.
func contactsTab(x *office, v *adminView) error {
	all, err := org.Contacts(x.tx, x.unit.ID)
	if err != nil {
		return err
	}
	_, name, err := x.fieldNames()
	if err != nil {
		return err
	}
	t := ui.Table{Caption: "Đầu mối theo lĩnh vực", Cols: []ui.Col{{Label: "Lĩnh vực"}, {Label: "Đầu mối"}, {Label: "Dự phòng"}, {Label: "Từ ngày"}}, Empty: "Đơn vị chưa cử đầu mối."}
	for _, c := range all {
		field, deputy := "mọi lĩnh vực", "–"
		if c.Field != "" {
			field = said([]string{c.Field}, name)
		}
		if c.Deputy != "" {
			deputy = x.n.officer(c.Deputy)
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: field}, {Text: x.n.officer(c.Officer)}, {Text: deputy}, {Text: dayText(c.Since)}})
	}
	v.Tables = []ui.Table{t}
	x.act(v, "Cử đầu mối", "contacts/set")
	return nil
}

// contactForms name who answers for a field, inside a unit and at the Office.
var contactForms = map[string]adminForm{
	"contacts/set": {Title: "Cử đầu mối", Send: "Cử đầu mối", Note: "Đầu mối cũ của lĩnh vực này được thay từ hôm nay.", Fields: func(x *office) ([]input, error) {
		people, err := x.officerOptions(nil)
		if err != nil {
			return nil, err
		}
		fields, err := x.fieldOptions(false)
		return []input{{Kind: choice, Input: ui.Input{Name: "field", Label: "Lĩnh vực", Options: fields, Blank: "mọi lĩnh vực"}},
			{Kind: choice, Input: ui.Input{Name: "officer", Label: "Đầu mối", Required: true, Options: people, Blank: "– chọn –"}},
			{Kind: choice, Input: ui.Input{Name: "deputy", Label: "Người dự phòng", Options: slices.Clone(people), Blank: "– không có –"}}}, err
	}, Do: func(x *office) (string, error) {
		c := org.Contact{Unit: x.unit.ID, Field: x.get("field"), Officer: org.OfficerID(x.get("officer")), Deputy: org.OfficerID(x.get("deputy"))}
		return "Đã cử đầu mối.", org.SetContact(x.tx, x.who, c)
	}},
	"desks/set": {Title: "Giao theo dõi", Send: "Giao theo dõi", Fields: func(x *office) ([]input, error) {
		people, err := x.officerOptions(func(p org.Post) bool { return p.Role == org.Desk })
		if err != nil {
			return nil, err
		}
		fields, err := x.fieldOptions(false)
		if err != nil {
			return nil, err
		}
		areas, err := areaOptions(x)
		return []input{{Kind: choice, Input: ui.Input{Name: "officer", Label: "Chuyên viên theo dõi", Required: true, Options: people, Blank: "– chọn –"}},
			{Kind: choice, Input: ui.Input{Name: "field", Label: "Lĩnh vực", Options: fields, Blank: "mọi lĩnh vực"}},
			{Kind: choice, Input: ui.Input{Name: "area", Label: "Địa bàn", Options: areas, Blank: "mọi địa bàn"}}}, err
	}, Do: func(x *office) (string, error) {
		officer := org.OfficerID(x.get("officer"))
		if err := x.serves("officer", officer); err != nil {
			return "", err
		}
		return "Đã giao theo dõi.", org.SetDesk(x.tx, x.who, org.Watch{Field: x.get("field"), Area: x.get("area"), Officer: officer})
	}},
}

// hasDesk says whether the unit has officers who follow fields and areas.
func hasDesk(x *office) (bool, error) {
	held, err := org.Holders(x.tx, x.unit.ID, org.Desk)
	return len(held) > 0, err
}

// desksTab shows who of the Office follows what.
func desksTab(x *office, v *adminView) error {
	all, err := org.Desks(x.tx)
	if err != nil {
		return err
	}
	_, name, err := x.fieldNames()
	if err != nil {
		return err
	}
	t := ui.Table{Caption: "Ai theo dõi lĩnh vực, địa bàn nào", Cols: []ui.Col{{Label: "Lĩnh vực"}, {Label: "Địa bàn"}, {Label: "Chuyên viên theo dõi"}, {Label: "Từ ngày"}}, Empty: "Chưa giao ai theo dõi."}
	for _, w := range all {
		field, area := "mọi lĩnh vực", "mọi địa bàn"
		if w.Field != "" {
			field = said([]string{w.Field}, name)
		}
		if w.Area != "" {
			area = x.n.unit(org.UnitID(w.Area))
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: field}, {Text: area}, {Text: x.n.officer(w.Officer)}, {Text: dayText(w.Since)}})
	}
	v.Tables = []ui.Table{t}
	x.act(v, "Giao theo dõi", "desks/set")
	v.Notes = []string{"Lĩnh vực gần nhất được tính trước, rồi mới đến địa bàn."}
	return nil
}

// areaOptions offers the regions, then each commune.
func areaOptions(x *office) (all []ui.Option, err error) {
	units, err := org.Units(x.tx, org.Filter{Level: org.LevelCommune, Kind: org.KindCommittee})
	var regions []string
	for _, u := range units {
		if u.Region != "" && !slices.Contains(regions, u.Region) {
			regions = append(regions, u.Region)
		}
	}
	slices.SortFunc(regions, cmp.Compare[string])
	for _, r := range regions {
		all = append(all, ui.Option{Value: r, Label: r, Group: "Vùng"})
	}
	var communes []ui.Option
	for _, u := range units {
		communes = append(communes, ui.Option{Value: string(u.ID), Label: u.Short, Group: "Xã, phường"})
	}
	return append(all, sortOptions(communes)...), err
}
