package web

import (
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"lienthong/internal/db"
	"lienthong/internal/inform"
	"lienthong/internal/org"
	"lienthong/internal/web/ui"
)

// contacts is the directory of contact points: whom to ask in which field, and who answers
// while that one is away.
func (s *Server) contacts(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		p.Title = "Danh bạ đầu mối"
		text := strings.TrimSpace(r.Form.Get("q"))
		all, silent, err := inform.Directory(tx, inform.Filter{Text: text})
		if err != nil {
			return nil, err
		}
		v := listView{Head: ui.Head{Crumbs: []ui.Link{{Label: "Việc của tôi", Href: "/"}}, Title: p.Title, Sub: "Hỏi ai ở sở, ngành theo từng lĩnh vực"}}
		find := ui.Filters("/danh-ba", nil, []ui.Input{{Name: "q", Label: "Tìm", Hint: "Tên người, đơn vị hoặc lĩnh vực; không cần dấu.", Value: text}})
		v.Top = ui.Stack(find, ui.TableOf("contacts", contactTable(all)), silentList(silent))
		return listPage(v), nil
	})
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
