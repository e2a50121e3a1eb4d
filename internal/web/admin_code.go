package web

import (
	"strings"

	"lienthong/internal/exchange"
	"lienthong/internal/org"
	"lienthong/internal/web/ui"
)

// codesTab shows by which codes the document system knows the unit, and whether released
// papers go to it as packets.
func codesTab(x *office, v *adminView) error {
	u, err := exchange.UnitOf(x.tx, x.unit.ID)
	if err != nil {
		return err
	}
	t := ui.Table{Caption: "Mã định danh ở hệ thống quản lý văn bản", Cols: []ui.Col{{Label: "Mã"}, {Label: "Dùng để"}},
		Empty: "Chưa có mã: văn bản liên thông không tự nhận ra đơn vị này."}
	for i, c := range u.Codes {
		use := "nhận ra văn bản đơn vị này gửi, nhận"
		if i == 0 {
			use = "mã chính, ghi trên văn bản gửi đi; " + use
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: c}, {Text: use}})
	}
	v.Tables = []ui.Table{t}
	way := "không; văn bản gửi đến đơn vị này đi theo đường khác"
	if u.Receives {
		way = "có, bằng gói edXML"
	}
	v.Facts = []ui.Fact{fact("Văn bản phát hành gửi đến qua hệ thống quản lý văn bản", way)}
	v.Notes = []string{"Mã lấy ở danh mục mã định danh của tỉnh (QĐ 20/2020/QĐ-TTg); một mã chỉ thuộc một đơn vị. Quản trị của tỉnh ghi."}
	x.act(v, "Ghi mã định danh", "codes/set")
	return nil
}

// codeForms write the codes down; only the province's administrators do, for a code lets
// whoever bears it answer in the unit's name.
var codeForms = map[string]adminForm{
	"codes/set": {Title: "Ghi mã định danh", Send: "Ghi mã", Root: true, Fields: codeFields, Do: func(x *office) (string, error) {
		in := exchange.Unit{Unit: x.unit.ID, Codes: strings.Fields(strings.NewReplacer(",", " ", ";", " ").Replace(x.get("codes"))), Receives: x.get("receives") != ""}
		if err := exchange.SetUnit(x.tx, x.who, in); err != nil {
			return "", err
		}
		return "Đã ghi mã định danh của " + x.unit.Short + ".", org.Note(x.tx, x.who, "Exchange.codes", x.unit.ID, strings.Join(in.Codes, ", "))
	}},
}

func codeFields(x *office) ([]input, error) {
	u, err := exchange.UnitOf(x.tx, x.unit.ID)
	yes := ""
	if u.Receives {
		yes = "1"
	}
	return []input{
		{Kind: area, Input: ui.Input{Name: "codes", Label: "Mã định danh", Rows: 3, Value: strings.Join(u.Codes, "\n"), Hint: "Mỗi dòng một mã, mã chính ở dòng đầu, ví dụ H44.10.2. Bỏ trống là đơn vị không có mã."}},
		{Kind: tick, Input: ui.Input{Name: "receives", Label: "Văn bản phát hành gửi đến đơn vị này đi bằng gói edXML", Value: yes}},
	}, err
}
