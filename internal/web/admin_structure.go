package web

import (
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/web/ui"
)

// structureTab shows what the unit is and its sections.
func structureTab(x *office, v *adminView) error {
	u := x.unit
	one := func(label, value string) {
		if value != "" {
			v.Facts = append(v.Facts, ui.Fact{Label: label, Values: []ui.Link{{Label: value}}})
		}
	}
	one("Tên gọi tắt", u.Short)
	one("Ký hiệu trên văn bản", u.Abbr)
	one("Mã đơn vị", string(u.ID))
	if u.Parent != "" {
		one("Trực thuộc", x.n.unit(u.Parent))
	}
	one("Hoạt động từ", dayText(u.Since))
	if !u.Until.IsZero() {
		one("Thôi hoạt động từ", u.Until.Long())
	}
	if u.MergedInto != "" {
		one("Đã sáp nhập vào", x.n.unit(u.MergedInto))
	}
	former, err := org.FormerNames(x.tx, u.ID)
	if err != nil {
		return err
	}
	for _, f := range former {
		one("Tên trước "+f.Until.Long(), f.Name+" ("+f.Basis+")")
	}
	sections, err := org.Sections(x.tx, u.ID)
	if err != nil {
		return err
	}
	t := ui.Table{Caption: "Phòng, bộ phận", Cols: []ui.Col{{Label: "Tên"}, {Label: "Mã"}, {Label: "Từ ngày"}, {Label: ""}}, Empty: "Đơn vị chưa có phòng, bộ phận nào trong danh mục."}
	for _, sec := range sections {
		t.Rows = append(t.Rows, []ui.Cell{{Text: sec.Short}, {Text: string(sec.ID)}, {Text: dayText(sec.Since)}, x.rowAct("Đổi tên", "structure/rename-section", string(sec.ID))})
	}
	v.Tables = []ui.Table{t}
	x.act(v, "Thêm phòng, bộ phận", "structure/add-section")
	x.act(v, "Đổi tên đơn vị", "structure/rename")
	x.act(v, "Thêm cơ quan trực thuộc", "structure/add-unit")
	x.act(v, "Sáp nhập vào đơn vị khác", "structure/merge")
	return nil
}

// structureForms change what the unit is. What changes other units too is for the
// province's administrators.
var structureForms = map[string]adminForm{
	"structure/add-section": {Title: "Thêm phòng, bộ phận", Send: "Thêm", Fields: func(x *office) ([]input, error) {
		return []input{{Kind: line, Input: ui.Input{Name: "name", Label: "Tên phòng, bộ phận", Required: true, Max: 300}},
			{Kind: line, Input: ui.Input{Name: "id", Label: "Mã", Hint: "Chữ thường không dấu, số, gạch ngang: “nghiep-vu-1”. Không đổi được về sau.", Required: true, Max: 60}}}, nil
	}, Do: func(x *office) (string, error) {
		_, err := org.AddSection(x.tx, x.who, x.unit.ID, x.get("id"), x.get("name"))
		return "Đã thêm " + x.get("name") + ".", err
	}},
	"structure/rename": {Title: "Đổi tên đơn vị", Send: "Đổi tên", Root: true, Note: "Tên cũ vẫn đọc được ở những việc đã làm.", Fields: func(x *office) ([]input, error) {
		return renameFields(x.unit), nil
	}, Do: func(x *office) (string, error) {
		return "Đã đổi tên đơn vị.", org.RenameUnit(x.tx, x.who, x.unit.ID, x.get("name"), x.get("short"), x.get("basis"))
	}},
	"structure/rename-section": {Title: "Đổi tên phòng, bộ phận", Send: "Đổi tên", Fields: func(x *office) ([]input, error) {
		u, err := x.section()
		return renameFields(u), err
	}, Do: func(x *office) (string, error) {
		u, err := x.section()
		if err != nil {
			return "", err
		}
		return "Đã đổi tên.", org.RenameUnit(x.tx, x.who, u.ID, x.get("name"), x.get("short"), x.get("basis"))
	}},
	"structure/add-unit": {Title: "Thêm cơ quan trực thuộc", Send: "Thêm", Root: true, Fields: func(x *office) ([]input, error) {
		return []input{{Kind: line, Input: ui.Input{Name: "name", Label: "Tên đầy đủ", Required: true, Max: 300}},
			{Kind: line, Input: ui.Input{Name: "short", Label: "Tên gọi tắt", Max: 300}},
			{Kind: line, Input: ui.Input{Name: "abbr", Label: "Chữ viết tắt trong ký hiệu văn bản", Hint: "Ví dụ STP", Max: 30}},
			{Kind: line, Input: ui.Input{Name: "id", Label: "Mã đơn vị", Hint: "Chữ thường không dấu, số, gạch ngang. Không đổi được về sau.", Required: true, Max: 60}},
			{Kind: choice, Input: ui.Input{Name: "kind", Label: "Loại", Required: true, Options: []ui.Option{{Value: "so", Label: "sở, ngành, cơ quan"},
				{Value: org.KindCommittee, Label: "Ủy ban nhân dân (ký thay mặt tập thể)"}, {Value: org.KindVertical, Label: "cơ quan ngành dọc (chỉ được đề nghị)"},
				{Value: org.KindCompany, Label: "doanh nghiệp (chỉ được đề nghị)"}}}},
			{Kind: choice, Input: ui.Input{Name: "level", Label: "Cấp", Required: true, Options: []ui.Option{{Value: org.LevelProvince, Label: "tỉnh"}, {Value: org.LevelCommune, Label: "xã"}}}},
			{Kind: line, Input: ui.Input{Name: "since", Label: "Hoạt động từ ngày", Type: "date", Hint: "Bỏ trống: từ hôm nay."}}}, nil
	}, Do: func(x *office) (string, error) {
		since, err := x.day("since")
		if err != nil {
			return "", err
		}
		return "Đã thêm " + x.get("name") + ".", org.AddUnit(x.tx, x.who, org.Unit{ID: org.UnitID(x.get("id")), Parent: x.unit.ID, Name: x.get("name"), Short: x.get("short"),
			Abbr: x.get("abbr"), Kind: x.get("kind"), Level: x.get("level"), Since: since})
	}},
	"structure/merge": {Title: "Sáp nhập vào đơn vị khác", Send: "Sáp nhập", Root: true,
		Note: "Từ ngày đó đơn vị này và các phòng của nó thôi hoạt động, mọi chức danh trong đó kết thúc; đơn vị nhận xem được việc cũ. Ai giữ chức danh nào ở đơn vị nhận do người có thẩm quyền giao lại.",
		Fields: func(x *office) ([]input, error) {
			into := ui.Input{Name: "into", Label: "Đơn vị nhận", Required: true, Blank: "– chọn đơn vị –"}
			units, err := org.Units(x.tx, org.Filter{Level: x.unit.Level})
			for _, u := range units {
				if u.ID != x.unit.ID {
					into.Options = append(into.Options, ui.Option{Value: string(u.ID), Label: u.Short})
				}
			}
			return []input{{Kind: choice, Input: into}, {Kind: line, Input: ui.Input{Name: "on", Label: "Từ ngày", Type: "date", Required: true}},
				{Kind: line, Input: ui.Input{Name: "basis", Label: "Căn cứ (số, ngày văn bản)", Required: true, Max: 300}}}, err
		}, Do: func(x *office) (string, error) {
			on, err := x.day("on")
			if err != nil {
				return "", err
			}
			return "Đã ghi việc sáp nhập từ ngày " + on.Long() + ".", org.MergeUnit(x.tx, x.who, []org.UnitID{x.unit.ID}, org.UnitID(x.get("into")), on, x.get("basis"))
		}},
}

// renameFields start from the name that holds now.
func renameFields(u org.Unit) []input {
	return []input{{Kind: line, Input: ui.Input{Name: "name", Label: "Tên mới, đầy đủ", Value: u.Name, Required: true, Max: 300}},
		{Kind: line, Input: ui.Input{Name: "short", Label: "Tên gọi tắt", Value: u.Short, Max: 300}},
		{Kind: line, Input: ui.Input{Name: "basis", Label: "Căn cứ đổi tên (số, ngày văn bản)", Required: true, Max: 300}}}
}

// section is the section that the form is about; one of another unit does not exist here.
func (x *office) section() (org.Unit, error) {
	u, err := org.UnitOf(x.tx, org.UnitID(x.r.Form.Get("id")))
	if err == nil && (u.Owner != x.unit.ID || u.Agency()) {
		err = fault.NotFound
	}
	return u, err
}
