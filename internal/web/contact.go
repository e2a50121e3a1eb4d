package web

import (
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/inform"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/web/ui"
)

// contacts is the directory of contact points: whom to ask in which field, and who answers
// while that one is away.
func (s *Server) contacts(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		p.Title = "Danh bạ đầu mối"
		f := inform.FilterOf(r.Form)
		all, silent, err := inform.Directory(tx, f)
		if err != nil {
			return nil, err
		}
		whose, err := competentSentence(tx, f.Field)
		if err != nil {
			return nil, err
		}
		field, err := fieldFilter(tx, f.Field)
		if err != nil {
			return nil, err
		}
		v := listView{Head: ui.Head{Crumbs: []ui.Link{{Label: "Việc của tôi", Href: "/"}}, Title: p.Title, Sub: "Hỏi ai ở sở, ngành theo từng lĩnh vực"}}
		find := ui.Filters("/danh-ba", nil, []ui.Input{field, {Name: "q", Label: "Tìm", Hint: "Tên người, đơn vị hoặc lĩnh vực; không cần dấu.", Value: f.Text}})
		v.Top = ui.Stack(find, whose, ui.TableOf("contacts", contactTable(all)), silentList(silent))
		return listPage(v), nil
	})
}

// competentSentence says whose the field is that was asked for, with its clause.
func competentSentence(tx *db.Tx, field string) (templ.Component, error) {
	if field == "" {
		return ui.Prose(""), nil
	}
	r, ok, err := inform.Competent(tx, field)
	if err != nil {
		return nil, err
	}
	if !ok {
		return ui.Prose("Lĩnh vực này hôm nay chưa có cơ quan phụ trách."), nil
	}
	say := "Lĩnh vực “" + r.Name + "” do " + newNames(tx).unit(r.Unit) + " phụ trách"
	if r.Hole {
		say = "Quy chế chưa nêu cơ quan phụ trách lĩnh vực “" + r.Name + "”; " + newNames(tx).unit(r.Unit) + " xác định"
	}
	return ui.Prose(say + ". Đầu mối của cơ quan ấy đứng đầu danh sách."), nil
}

// fieldFilter offers the fields of the rulebook in force, with those below them.
func fieldFilter(tx *db.Tx, chosen string) (in ui.Input, err error) {
	in = ui.Input{Name: "field", Label: "Hỏi về lĩnh vực", Value: chosen, Blank: "mọi lĩnh vực"}
	rb, err := regulation.Current(tx)
	if fault.Kind(err) == fault.NotFound {
		return in, nil
	}
	if err != nil {
		return in, err
	}
	for _, x := range rb.Catalogue() {
		o := ui.Option{Value: x.ID, Label: x.Name}
		if x.Parent != "" {
			o.Label = "– " + o.Label
		}
		in.Options = append(in.Options, o)
	}
	return in, nil
}

// Contacts, by unit and field. Who is away is named with who stands in: the phone number of an empty room
// helps nobody.
func contactTable(all []inform.Entry) ui.Table {
	t := ui.Table{Caption: "Đầu mối theo lĩnh vực", Empty: "Không có đầu mối nào khớp.",
		Cols: []ui.Col{{Label: "Cơ quan"}, {Label: "Lĩnh vực"}, {Label: "Liên hệ"}, {Label: "Điện thoại, thư điện tử"}, {Label: "Đầu mối, dự phòng"}}}
	for _, e := range all {
		field, standing := e.FieldName, e.Name
		if field == "" {
			field = "mọi lĩnh vực"
		}
		if e.Away {
			standing += " (vắng đến hết " + dayText(e.AwayUntil) + ")"
		}
		if e.DeputyName != "" {
			standing += "; dự phòng: " + e.DeputyName
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: e.UnitName}, {Text: upper(field)}, {Text: e.ReachName}, {Text: joinDot(e.ReachPhone, e.ReachEmail)}, {Text: standing}})
	}
	return t
}

// silentList says which units owe a contact and named nobody.
func silentList(units []org.Unit) templ.Component {
	if len(units) == 0 {
		return ui.Prose("")
	}
	names := make([]string, len(units))
	for i, u := range units {
		names[i] = u.Short
	}
	return ui.Prose("Chưa cử đầu mối: " + strings.Join(names, "; ") + ".")
}
