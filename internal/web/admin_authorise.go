package web

import (
	"strconv"
	"strings"

	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// authorisationsTab shows who may sign TUQ. and TL., lapsed ones too.
func authorisationsTab(x *office, v *adminView) error {
	all, err := org.Authorisations(x.tx, x.unit.ID)
	if err != nil {
		return err
	}
	_, name, err := x.fieldNames()
	if err != nil {
		return err
	}
	t := ui.Table{Caption: "Uỷ quyền (TUQ.)", Cols: []ui.Col{{Label: "Người được uỷ quyền"}, {Label: "Người uỷ quyền"}, {Label: "Nội dung"}, {Label: "Văn bản"}, {Label: "Thời gian"}, {Label: "Tình trạng"}, {Label: ""}},
		Empty: "Chưa có văn bản uỷ quyền nào."}
	for _, a := range all {
		scope := strings.TrimPrefix(said(a.Fields, name)+"; "+said(a.Papers, paperNames()), "; ")
		if a.Ceiling > 0 {
			scope += "; đến " + grouped(a.Ceiling) + " đồng"
		}
		state, act := ui.Cell{Text: "hết hiệu lực"}, ui.Cell{}
		switch {
		case !a.Revoked.IsZero():
			state.Text = "thu hồi từ " + a.Revoked.Long()
		case a.InForce(today(x)):
			state, act = ui.Cell{Text: "đang có hiệu lực", Tone: ui.Done}, x.rowAct("Thu hồi", "authorisations/revoke", a.ID)
		case today(x).Before(a.From):
			state, act = ui.Cell{Text: "chưa đến ngày"}, x.rowAct("Thu hồi", "authorisations/revoke", a.ID)
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: x.n.officer(a.Taker)}, {Text: x.n.officer(a.Giver)}, {Text: strings.TrimSuffix(scope, "; ")}, {Text: a.Number + " ngày " + dayText(a.Date)},
			{Text: "từ " + dayText(a.From) + " đến hết " + dayText(a.To)}, state, act})
	}
	orders, err := ordersTable(x, name)
	v.Tables = []ui.Table{t, orders}
	x.act(v, "Ghi văn bản uỷ quyền", "authorisations/add")
	x.act(v, "Ghi quy định ký thừa lệnh", "authorisations/add-order")
	return err
}

// ordersTable lists who signs by order (TL.): a rule of the unit, not a gift of one person.
func ordersTable(x *office, name map[string]string) (ui.Table, error) {
	t := ui.Table{Caption: "Ký thừa lệnh (TL.)", Cols: []ui.Col{{Label: "Người đứng đầu của"}, {Label: "Văn bản, lĩnh vực"}, {Label: "Căn cứ"}, {Label: "Từ ngày"}, {Label: ""}},
		Empty: "Chưa có quy định ký thừa lệnh."}
	all, err := org.Orders(x.tx, x.unit.ID, today(x))
	for _, o := range all {
		scope := "mọi loại văn bản"
		if o.Kind != "" {
			scope = said([]string{o.Kind}, paperNames())
		}
		if o.Field != "" {
			scope += "; " + said([]string{o.Field}, name)
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: x.n.unit(o.Signer)}, {Text: scope}, {Text: o.Basis}, {Text: dayText(o.Since)}, x.rowAct("Thôi", "authorisations/end-order", o.ID)})
	}
	return t, err
}

// authorisationFields asks for what makes an authorisation hold: whose, for whom, what,
// from when to when, under which paper.
func authorisationFields(x *office) ([]input, error) {
	givers, err := x.officerOptions(func(p org.Post) bool { return p.Role == org.Leader && !p.Deputy })
	if err != nil {
		return nil, err
	}
	takers, err := x.officerOptions(func(p org.Post) bool { return p.Role == org.Head && !p.Deputy })
	if err != nil {
		return nil, err
	}
	below, err := headsBelow(x)
	if err != nil {
		return nil, err
	}
	fields, err := x.fieldOptions(true)
	return []input{{Kind: choice, Input: ui.Input{Name: "giver", Label: "Người uỷ quyền", Required: true, Options: givers}},
		{Kind: choice, Input: ui.Input{Name: "taker", Label: "Người được uỷ quyền", Required: true, Options: append(takers, below...), Blank: "– chọn –"}},
		{Kind: checks, Input: ui.Input{Name: "papers", Label: "Loại văn bản", Options: paperOptions()}},
		{Kind: folded, Input: ui.Input{Name: "fields", Label: "Lĩnh vực", Options: fields}},
		{Kind: line, Input: ui.Input{Name: "ceiling", Label: "Mức giá trị cao nhất (đồng)", Mode: "numeric", Hint: "Bỏ trống: văn bản không nêu."}},
		{Kind: line, Input: ui.Input{Name: "number", Label: "Số, ký hiệu văn bản uỷ quyền", Required: true, Max: 100}},
		{Kind: line, Input: ui.Input{Name: "date", Label: "Ngày văn bản", Type: "date", Required: true}},
		{Kind: line, Input: ui.Input{Name: "from", Label: "Từ ngày", Type: "date", Required: true}},
		{Kind: line, Input: ui.Input{Name: "to", Label: "Đến hết ngày", Type: "date", Required: true}}}, err
}

// headsBelow offers the heads of the agencies directly below the unit.
func headsBelow(x *office) (all []ui.Option, err error) {
	units, err := org.Units(x.tx, org.Filter{Parent: x.unit.ID})
	if err != nil || x.unit.Level != org.LevelProvince {
		return nil, err
	}
	for _, u := range units {
		if u.Level != org.LevelProvince {
			continue
		}
		held, err := org.Holders(x.tx, u.ID, org.Leader)
		if err != nil {
			return nil, err
		}
		for _, h := range held {
			if !h.Post.Deputy {
				all = append(all, ui.Option{Value: string(h.Officer.ID), Label: h.Officer.Name + ", " + h.Post.Title, Group: u.Short})
			}
		}
	}
	return all, nil
}

// addAuthorisation reads the form; an amount may be typed with dots between thousands.
func addAuthorisation(x *office) (string, error) {
	a := org.Authorisation{Unit: x.unit.ID, Giver: org.OfficerID(x.get("giver")), Taker: org.OfficerID(x.get("taker")), Number: x.get("number"),
		Papers: x.r.PostForm["papers"], Fields: x.r.PostForm["fields"]}
	if err := x.days(map[string]*workday.Date{"date": &a.Date, "from": &a.From, "to": &a.To}); err != nil {
		return "", err
	}
	if typed := strings.NewReplacer(".", "", " ", "").Replace(x.get("ceiling")); typed != "" {
		n, err := strconv.ParseInt(typed, 10, 64)
		if err != nil {
			return "", fault.Field("ceiling", "Mức giá trị phải là một số đồng.")
		}
		a.Ceiling = n
	}
	_, err := org.Authorise(x.tx, x.who, a)
	return "Đã ghi uỷ quyền cho " + x.n.officer(a.Taker) + ".", err
}

// orderFields asks for the basis too: without a text nobody signs by order.
func orderFields(x *office) ([]input, error) {
	signer := ui.Input{Name: "signer", Label: "Người đứng đầu phòng, đơn vị nào được ký", Required: true, Blank: "– chọn –"}
	sections, err := org.Sections(x.tx, x.unit.ID)
	if err != nil {
		return nil, err
	}
	for _, u := range sections {
		signer.Options = append(signer.Options, ui.Option{Value: string(u.ID), Label: u.Short})
	}
	fields, err := x.fieldOptions(true)
	return []input{{Kind: choice, Input: signer},
		{Kind: choice, Input: ui.Input{Name: "kind", Label: "Loại văn bản", Options: paperOptions(), Blank: "mọi loại"}},
		{Kind: choice, Input: ui.Input{Name: "field", Label: "Lĩnh vực", Options: fields, Blank: "mọi lĩnh vực"}},
		{Kind: line, Input: ui.Input{Name: "basis", Label: "Căn cứ (quy chế làm việc của đơn vị, điều khoản)", Required: true, Max: 300}}}, err
}
