package web

import (
	"errors"
	"slices"
	"strings"

	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/regulation"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// fieldNames are the fields of the rulebook in force by id, in its order; none before a
// rulebook is adopted.
func (x *office) fieldNames() (order []regulation.Field, name map[string]string, err error) {
	name = map[string]string{}
	rb, err := regulation.Current(x.tx)
	if errors.Is(err, fault.NotFound) {
		return nil, name, nil
	}
	if err != nil {
		return nil, nil, err
	}
	for _, f := range rb.Catalogue() {
		name[f.ID] = f.Name
	}
	return rb.Catalogue(), name, nil
}

// fieldOptions offers the fields; with top only those above all others, which hold the
// rest.
func (x *office) fieldOptions(top bool) (all []ui.Option, err error) {
	order, _, err := x.fieldNames()
	for _, f := range order {
		switch {
		case f.Parent == "":
			all = append(all, ui.Option{Value: f.ID, Label: f.Name})
		case !top:
			all = append(all, ui.Option{Value: f.ID, Label: "– " + f.Name})
		}
	}
	return all, err
}

// said names ids in a sentence; an id without a name stands for itself.
func said(ids []string, name map[string]string) string {
	all := make([]string, len(ids))
	for i, id := range ids {
		if all[i] = name[id]; all[i] == "" {
			all[i] = id
		}
	}
	return strings.Join(all, "; ")
}

// chargesTab shows which deputy looks after what, under which paper.
func chargesTab(x *office, v *adminView) error {
	all, err := org.Charges(x.tx, x.unit.ID, today(x))
	if err != nil {
		return err
	}
	_, name, err := x.fieldNames()
	if err != nil {
		return err
	}
	t := ui.Table{Caption: "Phân công phụ trách đang có hiệu lực", Cols: []ui.Col{{Label: "Cấp phó"}, {Label: "Lĩnh vực, địa bàn"}, {Label: "Văn bản"}, {Label: "Từ ngày"}, {Label: ""}},
		Empty: "Chưa phân công cấp phó nào phụ trách. Khi chưa có, chỉ người đứng đầu ký được."}
	for _, c := range all {
		scope := said(c.Fields, name)
		if len(c.Areas) > 0 {
			scope = strings.TrimPrefix(scope+"; địa bàn: "+x.n.units(c.Areas), "; ")
		}
		if c.Whole {
			scope = "toàn bộ công việc"
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: x.n.officer(c.Officer)}, {Text: scope}, {Text: c.Number + " ngày " + dayText(c.Date)}, {Text: dayText(c.Since)},
			x.rowAct("Phân công lại", "charges/set", string(c.Officer))})
	}
	v.Tables = []ui.Table{t}
	x.act(v, "Phân công phụ trách", "charges/set")
	v.Notes = []string{"Phân công là căn cứ để cấp phó ký thay (KT.); có hiệu lực đến khi được thay."}
	return nil
}

// chargeForms are the acts that give or take the right to sign.
var chargeForms = map[string]adminForm{
	"charges/set": {Title: "Phân công phụ trách", Send: "Phân công", Note: "Phân công mới thay phân công đang có của người đó tại đơn vị.",
		Fields: chargeFields, Do: setCharge},
	"authorisations/add": {Title: "Ghi văn bản uỷ quyền", Send: "Ghi uỷ quyền",
		Note:   "Chỉ người đứng đầu uỷ quyền, cho người đứng đầu phòng, đơn vị thuộc cơ cấu; phải bằng văn bản, có thời hạn, có nội dung; người được uỷ quyền không uỷ quyền lại (NĐ 30/2020/NĐ-CP, Điều 13).",
		Fields: authorisationFields, Do: addAuthorisation},
	"authorisations/revoke": {Title: "Thu hồi uỷ quyền", Send: "Thu hồi", Fields: func(x *office) ([]input, error) {
		return []input{{Kind: note, Input: ui.Input{Label: "Từ hôm nay người được uỷ quyền không ký TUQ. được nữa."}},
			{Kind: line, Input: ui.Input{Name: "reason", Label: "Lý do", Required: true, Max: 300}}}, nil
	}, Do: func(x *office) (string, error) {
		return "Đã thu hồi uỷ quyền.", org.Revoke(x.tx, x.who, x.unit.ID, x.get("id"), x.get("reason"))
	}},
	"authorisations/add-order": {Title: "Ghi quy định ký thừa lệnh", Send: "Ghi", Fields: orderFields, Do: func(x *office) (string, error) {
		_, err := org.SetByOrder(x.tx, x.who, org.Order{Unit: x.unit.ID, Signer: org.UnitID(x.get("signer")), Kind: x.get("kind"), Field: x.get("field"), Basis: x.get("basis")})
		return "Đã ghi quy định ký thừa lệnh.", err
	}},
	"authorisations/end-order": {Title: "Thôi quy định ký thừa lệnh", Send: "Ghi thôi", Fields: func(x *office) ([]input, error) {
		return []input{{Kind: note, Input: ui.Input{Label: "Từ hôm nay không ký TL. theo quy định này được nữa."}}}, nil
	}, Do: func(x *office) (string, error) {
		return "Đã ghi thôi ký thừa lệnh.", org.EndByOrder(x.tx, x.who, x.unit.ID, x.get("id"))
	}},
}

// chargeFields shows the charge that holds now, so that a change starts from it and
// nothing is dropped because it was not typed again.
func chargeFields(x *office) ([]input, error) {
	deputies, err := x.officerOptions(func(p org.Post) bool { return p.Role == org.Leader && p.Deputy })
	if err != nil {
		return nil, err
	}
	fields, err := x.fieldOptions(true)
	if err != nil {
		return nil, err
	}
	is, err := org.ChargesOf(x.tx, org.OfficerID(x.r.Form.Get("id")))
	if err != nil {
		return nil, err
	}
	var areas, whole string
	for _, c := range is {
		if c.Unit != x.unit.ID {
			continue
		}
		for i := range fields {
			fields[i].Chosen = slices.Contains(c.Fields, fields[i].Value)
		}
		areas = strings.ReplaceAll(x.n.units(c.Areas), "; ", "\n")
		if c.Whole {
			whole = "1"
		}
	}
	return []input{{Kind: choice, Input: ui.Input{Name: "officer", Label: "Cấp phó", Required: true, Options: deputies, Value: x.r.Form.Get("id"), Blank: "– chọn –"}},
		{Kind: tick, Input: ui.Input{Name: "whole", Label: "Toàn bộ công việc của đơn vị", Value: whole}},
		{Kind: checks, Input: ui.Input{Name: "fields", Label: "Lĩnh vực", Options: fields}},
		{Kind: area, Input: ui.Input{Name: "areas", Label: "Địa bàn, đơn vị", Hint: "Mỗi dòng một đơn vị, tên gọi tắt hoặc mã.", Value: areas, Rows: 3}},
		{Kind: line, Input: ui.Input{Name: "number", Label: "Số, ký hiệu văn bản phân công", Required: true, Max: 100}},
		{Kind: line, Input: ui.Input{Name: "date", Label: "Ngày văn bản", Type: "date", Required: true}},
		{Kind: line, Input: ui.Input{Name: "since", Label: "Có hiệu lực từ ngày", Type: "date", Hint: "Bỏ trống: từ hôm nay."}}}, nil
}

// setCharge reads the form; a charge of the whole work needs no fields beside it.
func setCharge(x *office) (say string, err error) {
	c := org.Charge{Officer: org.OfficerID(x.get("officer")), Unit: x.unit.ID, Whole: x.get("whole") != "", Number: x.get("number")}
	if err := x.days(map[string]*workday.Date{"date": &c.Date, "since": &c.Since}); err != nil {
		return "", err
	}
	if !c.Whole {
		c.Fields = x.r.PostForm["fields"]
		if c.Areas, err = x.unitLines("areas"); err != nil {
			return "", err
		}
	}
	return "Đã phân công phụ trách cho " + x.n.officer(c.Officer) + ".", org.SetCharge(x.tx, x.who, c)
}

// unitLines reads units written one a line, by id or by the name lists show.
func (x *office) unitLines(field string) (units []org.UnitID, err error) {
	for typed := range strings.Lines(x.get(field)) {
		typed = strings.TrimSpace(typed)
		if typed == "" {
			continue
		}
		if u, err := org.UnitOf(x.tx, org.UnitID(typed)); err == nil {
			units = append(units, u.ID)
			continue
		}
		found, err := org.Find(x.tx, typed, 5)
		if err != nil {
			return nil, err
		}
		at := slices.IndexFunc(found, func(u org.Unit) bool { return strings.EqualFold(u.Short, typed) || strings.EqualFold(u.Name, typed) })
		if at < 0 {
			return nil, fault.Field(field, "Không có đơn vị nào tên “%.100s”: cần ghi đúng tên gọi tắt hoặc mã.", typed)
		}
		units = append(units, found[at].ID)
	}
	return units, nil
}

// paperNames are the kinds of papers by the name that lists give them.
func paperNames() map[string]string {
	names := map[string]string{}
	for _, k := range petition.Papers() {
		names[k.Name] = k.Say
	}
	return names
}

// paperOptions are the kinds of papers that units write here.
func paperOptions() (all []ui.Option) {
	for _, k := range petition.Papers() {
		all = append(all, ui.Option{Value: k.Name, Label: k.Say})
	}
	return all
}
