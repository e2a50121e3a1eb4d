package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/inbox"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// petitions lists every petition that the officer may see, ended ones too: where the one
// from last month is found. What is to be done stands in the inbox.
func (s *Server) petitions(w http.ResponseWriter, r *http.Request) error {
	f, q, err := listFilter(r)
	if err != nil {
		return err
	}
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		p.Title = "Kiến nghị"
		v := listView{Action: "/petitions", Head: ui.Head{Title: p.Title, Sub: "Mọi kiến nghị anh/chị được xem, kể cả đã xong; mới nhất trước"}}
		if err := headTools(tx, who, &v); err != nil {
			return nil, err
		}
		if v.Filters, err = listInputs(tx, f); err != nil {
			return nil, err
		}
		for _, key := range q["columns"] {
			v.Hidden = append(v.Hidden, ui.Hidden{Name: "columns", Value: key})
		}
		v.Columns = columnsOf("/petitions", q)
		if v.Views, err = viewsOf(tx, who, "petitions", p.Key, q); err != nil {
			return nil, err
		}
		items, next, err := petition.List(tx, who, f, r.Form.Get("after"), pageRows)
		if err != nil {
			return nil, err
		}
		if len(items) == 0 {
			v.Empty = ui.Nothing{Title: "Chưa có kiến nghị nào", Text: "Kiến nghị của đơn vị, hoặc gửi đến đơn vị, sẽ hiện ở đây."}
			if len(q) > 0 {
				v.Empty = ui.Nothing{Title: "Không có kiến nghị nào khớp", Text: "Bỏ bớt điều kiện lọc, hoặc tìm theo chữ trong trích yếu ở ô tìm kiếm.", Next: ui.Button{Label: "Bỏ lọc", Href: "/petitions"}}
			}
			return listPage(v), nil
		}
		if v.Groups, err = monthGroups(tx, who, items, q["columns"]); err != nil {
			return nil, err
		}
		v.Back = "/petitions" + query(q)
		if v.Bulk, err = bulkActs(tx, who); err != nil {
			return nil, err
		}
		v.Head.Tools = append(v.Head.Tools, exportTool("petitions", q)...)
		if next != "" {
			q.Set("after", next)
			v.More = "/petitions?" + q.Encode()
		}
		return listPage(v), nil
	})
}

// listFilter reads the filters of the address, and gives them back as they are kept in it.
func listFilter(r *http.Request) (f petition.ListFilter, q url.Values, err error) {
	q = url.Values{}
	for i := range petition.Conditions {
		if name := petition.Conditions[i].Name; len(r.Form[name]) > 0 {
			q[name] = r.Form[name]
		}
	}
	f = petition.FilterOf(q)
	if len(f.IDs) > petition.MostPicked {
		return f, q, fault.Refuse(fault.Invalid, "Mỗi lần chọn tối đa %d mục; anh/chị chia thành nhiều lần.", petition.MostPicked)
	}
	chosen, err := chosenColumns(r.Form["columns"])
	if len(chosen) > 0 {
		q["columns"] = chosen
	}
	return f, q, err
}

const mostPicked = petition.MostPicked

// listInputs are what people remember of a petition they look for.
func listInputs(tx *db.Tx, f petition.ListFilter) (all []ui.Input, err error) {
	state := ui.Input{Name: "state", Label: "Tình trạng", Value: f.State}
	for _, one := range petition.StateOrder {
		state.Options = append(state.Options, ui.Option{Value: one, Label: petition.States[one]})
	}
	outcome := ui.Input{Name: "outcome", Label: "Kết quả trả lời", Value: string(f.Outcome)}
	for _, o := range petition.Outcomes {
		outcome.Options = append(outcome.Options, ui.Option{Value: string(o), Label: upper(o.Say())})
	}
	fields, err := petition.Fields(tx)
	if err != nil && fault.Kind(err) != fault.NotFound {
		return nil, err
	}
	field := ui.Input{Name: "field", Label: "Lĩnh vực", Value: f.Field}
	for _, c := range fields {
		field.Options = append(field.Options, ui.Option{Value: c.ID, Label: c.Name})
	}
	commune, err := unitFilter(tx, "commune", "Xã, phường kiến nghị", string(f.Raiser), org.LevelCommune)
	if err != nil {
		return nil, err
	}
	lead, err := unitFilter(tx, "lead", "Cơ quan chủ trì", string(f.Lead), org.LevelProvince)
	if err != nil {
		return nil, err
	}
	late := ui.Input{Name: "late", Label: "Hạn trả lời", Options: []ui.Option{{Value: "1", Label: "Quá hạn chưa trả lời"}}}
	if f.Late {
		late.Value = "1"
	}
	return []ui.Input{state, outcome, late, field, commune, lead, {Name: "from", Label: "Nêu từ ngày", Type: "date", Value: f.From.String()},
		{Name: "to", Label: "đến ngày", Type: "date", Value: f.To.String()}}, nil
}

// unitFilter offers the units of a level: of communes only their committees, by name.
func unitFilter(tx *db.Tx, name, label, chosen string, level string) (in ui.Input, err error) {
	in = ui.Input{Name: name, Label: label, Value: chosen}
	f := org.Filter{Level: level}
	if level == org.LevelCommune {
		f.Kind = org.KindCommittee
	}
	units, err := org.Units(tx, f)
	if err != nil {
		return in, err
	}
	if level == org.LevelCommune {
		slices.SortFunc(units, func(a, b org.Unit) int { return cmp.Compare(a.Short, b.Short) })
	}
	for _, u := range units {
		in.Options = append(in.Options, ui.Option{Value: string(u.ID), Label: u.Short})
	}
	return in, nil
}

// monthGroups puts petitions under the month in which they came: that is how people
// remember them. chosen are the columns to tell; empty for the usual ones.
func monthGroups(tx *db.Tx, who org.Actor, items []petition.Listed, chosen []string) (all []ui.Group, err error) {
	ids := make([]casefile.ID, len(items))
	for i, p := range items {
		ids[i] = p.ID
	}
	running, err := inbox.Of(tx, who, ids)
	if err != nil {
		return nil, err
	}
	owed := map[casefile.ID]*inbox.Item{}
	for i := range running {
		if d := &running[i]; owed[d.Case] == nil || d.Rule == petition.MustAnswer {
			owed[d.Case] = d
		}
	}
	_, rev, err := duty.Calendar(tx)
	if err != nil {
		return nil, err
	}
	n := newNames(tx)
	fields := map[string]string{}
	if tells(chosen, "field") {
		if fields, err = fieldTitles(tx); err != nil {
			return nil, err
		}
	}
	for i := range items {
		p := &items[i]
		day := workday.Of(p.OpenedAt)
		title := "Tháng " + day.Long()[3:]
		if len(all) == 0 || all[len(all)-1].Title != title {
			all = append(all, ui.Group{Title: title})
		}
		g := &all[len(all)-1]
		row := petitionRow(n, p, fields, chosen)
		if d := owed[p.ID]; d != nil && d.Rule == petition.MustAnswer && tells(chosen, "due") {
			row.Due = itemDue(d, rev, tx.Now, who)
		} else if p.Outcome != "" && tells(chosen, "outcome") {
			row.Due = ui.Due{Words: "đã trả lời", Until: p.Outcome.Say()}
		}
		g.Rows = append(g.Rows, row)
	}
	return all, nil
}

// fieldTitles are the names of the fields of the rulebook in force; none before a profile
// is adopted.
func fieldTitles(tx *db.Tx) (map[string]string, error) {
	all, err := petition.Fields(tx)
	if err != nil && fault.Kind(err) != fault.NotFound {
		return nil, err
	}
	titles := map[string]string{}
	for _, f := range all {
		titles[f.ID] = f.Name
	}
	return titles, nil
}

// petitionRow is a petition in a line, telling the chosen columns.
func petitionRow(n *names, p *petition.Listed, fields map[string]string, chosen []string) ui.Row {
	row := ui.Row{Href: casePath(p.ID), Pick: string(p.ID), Do: p.Title}
	if tells(chosen, "code") {
		row.Code = p.Code
	}
	day := "nêu " + workday.Of(p.OpenedAt).Short()
	switch {
	case tells(chosen, "commune") && tells(chosen, "opened"):
		row.About = n.unit(p.Raiser) + " " + day
	case tells(chosen, "commune"):
		row.About = n.unit(p.Raiser)
	case tells(chosen, "opened"):
		row.About = day
	}
	if tells(chosen, "field") {
		row.About = joinDot(row.About, fields[p.Field])
	}
	if tells(chosen, "lead") {
		row.From = n.unit(p.Lead)
	}
	if tells(chosen, "state") {
		row.Chips = []ui.Chip{{Text: petition.States[p.State]}}
		switch p.State {
		case petition.Settled:
			row.Chips[0].Tone = ui.Done
		case petition.Reopened:
			row.Chips[0].Tone = ui.Soon
		}
	}
	return row
}
