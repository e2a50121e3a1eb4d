package web

import (
	"slices"

	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// covers returns the covers of the unit's people that have not passed.
func (x *office) covers() (all []org.Cover, err error) {
	held, err := org.Officers(x.tx, x.unit.ID)
	if err != nil {
		return nil, err
	}
	seen := map[org.OfficerID]bool{}
	for _, h := range held {
		if seen[h.Officer.ID] {
			continue
		}
		seen[h.Officer.ID] = true
		some, err := org.Covers(x.tx, h.Officer.ID)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// coverTab shows who does whose work, now and soon.
func coverTab(x *office, v *adminView) error {
	all, err := x.covers()
	if err != nil {
		return err
	}
	t := ui.Table{Caption: "Làm thay", Cols: []ui.Col{{Label: "Người vắng"}, {Label: "Người làm thay"}, {Label: "Thời gian"}, {Label: "Lý do"}, {Label: ""}}, Empty: "Không có ai đang hoặc sắp được làm thay."}
	for _, c := range all {
		t.Rows = append(t.Rows, []ui.Cell{{Text: x.n.officer(c.Officer)}, {Text: x.n.officer(c.By)}, {Text: "từ " + c.From.Long() + " đến hết " + c.To.Long()}, {Text: c.Reason},
			x.rowAct("Thôi làm thay", "cover/end", c.ID)})
	}
	v.Tables = []ui.Table{t}
	x.act(v, "Ghi người làm thay", "cover/add")
	v.Notes = []string{"Việc và nhắc việc chuyển sang người làm thay; quyền ký không chuyển theo."}
	return nil
}

// coverForms send work to another for a time; a signature never goes with it.
var coverForms = map[string]adminForm{
	"cover/add": {Title: "Ghi người làm thay", Send: "Ghi", Fields: func(x *office) ([]input, error) {
		people, err := x.officerOptions(nil)
		return []input{{Kind: choice, Input: ui.Input{Name: "officer", Label: "Người vắng", Required: true, Options: people, Blank: "– chọn –"}},
			{Kind: choice, Input: ui.Input{Name: "by", Label: "Người làm thay", Required: true, Options: slices.Clone(people), Blank: "– chọn –"}},
			{Kind: line, Input: ui.Input{Name: "from", Label: "Từ ngày", Type: "date", Required: true}},
			{Kind: line, Input: ui.Input{Name: "to", Label: "Đến hết ngày", Type: "date", Required: true}},
			{Kind: line, Input: ui.Input{Name: "reason", Label: "Lý do", Hint: "nghỉ phép, đi công tác, trực", Required: true, Max: 300}}}, err
	}, Do: func(x *office) (string, error) {
		c := org.Cover{Officer: org.OfficerID(x.get("officer")), By: org.OfficerID(x.get("by")), Reason: x.get("reason")}
		if err := x.days(map[string]*workday.Date{"from": &c.From, "to": &c.To}); err != nil {
			return "", err
		}
		for name, id := range map[string]org.OfficerID{"officer": c.Officer, "by": c.By} {
			if err := x.serves(name, id); err != nil {
				return "", err
			}
		}
		_, err := org.SetCover(x.tx, x.who, c)
		return "Đã ghi " + x.n.officer(c.By) + " làm thay " + x.n.officer(c.Officer) + ".", err
	}},
	"cover/end": {Title: "Thôi làm thay", Send: "Ghi thôi", Fields: func(x *office) ([]input, error) {
		c, err := x.cover()
		return []input{{Kind: note, Input: ui.Input{Label: "Từ hôm nay việc của " + x.n.officer(c.Officer) + " trở về người đó."}}}, err
	}, Do: func(x *office) (string, error) {
		c, err := x.cover()
		if err != nil {
			return "", err
		}
		return "Đã ghi thôi làm thay.", org.EndCover(x.tx, x.who, c.ID)
	}},
}

// cover is the cover that the form is about, of this unit's people.
func (x *office) cover() (org.Cover, error) {
	all, err := x.covers()
	if err != nil {
		return org.Cover{}, err
	}
	at := slices.IndexFunc(all, func(c org.Cover) bool { return c.ID == x.r.Form.Get("id") })
	if at < 0 {
		return org.Cover{}, fault.NotFound
	}
	return all[at], nil
}

// serves refuses who holds no post in this unit.
func (x *office) serves(field string, id org.OfficerID) error {
	held, err := org.Officers(x.tx, x.unit.ID)
	if err == nil && !slices.ContainsFunc(held, func(h org.Held) bool { return h.Officer.ID == id }) {
		err = fault.Field(field, "Cần chọn người đang giữ chức danh tại đơn vị.")
	}
	return err
}
