package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/incident"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// incidents are the pages of what befalls several communes, and the one that works without
// a line.
func (s *Server) incidents() {
	s.handle("GET /su-co/moi", s.incidentNew)
	s.handle("POST /su-co", s.incidentReport)
	s.handle("GET /su-co/{case}", s.incident)
	s.handle("GET /su-co/{case}/dong-thoi-gian", s.incidentTimeline)
	s.handle("POST /su-co/{case}/{act}", s.incidentAct)
	s.phone()
}

func incidentPath(id casefile.ID) string { return "/su-co/" + string(id) }

// incidentList lists the incidents that the officer may see.
func (s *Server) incidentList(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		p.Title = "Sự cố, việc liên xã"
		state := cmp.Or(r.Form.Get("state"), incident.Running)
		v := listView{TabsLabel: "Tình trạng", Head: ui.Head{Crumbs: []ui.Link{{Label: "Việc của tôi", Href: "/"}}, Title: p.Title,
			Sub: "Thiên tai, dịch bệnh, môi trường và việc chung của nhiều xã, phường: một hồ sơ cho tất cả đơn vị liên quan"}}
		for _, t := range []ui.Tab{{Label: "Đang xử lý", Href: "/su-co"}, {Label: "Tất cả", Href: "/su-co?state=all"}} {
			t.Count, t.Current = -1, t.Href == "/su-co" && state == incident.Running || t.Href != "/su-co" && state == incident.All
			v.Tabs = append(v.Tabs, t)
		}
		raises, err := incident.Raises(tx, who)
		if err != nil {
			return nil, err
		}
		if len(raises) > 0 {
			v.Head.Tools = []ui.Button{{Label: "Báo cáo đột xuất", Href: "/su-co/moi"}, {Label: "Báo tại chỗ, kể cả khi mất mạng", Href: phonePath}}
		}
		all, next, err := incident.List(tx, who, state, r.Form.Get("from"), pageRows)
		if err != nil {
			return nil, err
		}
		if next != "" {
			v.More = "/su-co?from=" + url.QueryEscape(next) + "&state=" + state
		}
		v.Groups, v.Empty = incidentRows(newNames(tx), all)
		return listPage(v), nil
	})
}

func incidentRows(n *names, all []incident.Line) ([]ui.Group, ui.Nothing) {
	var rows []ui.Row
	for _, l := range all {
		about := incident.TypeSay[l.Type]
		if l.Places > 1 {
			about += ", " + itoa(l.Places) + " xã, phường"
		}
		rows = append(rows, ui.Row{Href: incidentPath(l.ID), Do: l.Title, Code: l.Code, About: about, From: incidentFrom(n, l),
			Chips: []ui.Chip{{Text: incident.States[l.State]}}})
	}
	if len(rows) == 0 {
		return nil, ui.Nothing{Title: "Không có sự cố nào", Text: "Xã, phường báo cáo đột xuất thì hồ sơ hiện ở đây cho mọi đơn vị liên quan."}
	}
	return []ui.Group{{Title: "Mới nhất trước", Rows: rows}}, ui.Nothing{}
}

// incidentFrom says who reported and who leads; a draft has no lead yet.
func incidentFrom(n *names, l incident.Line) string {
	if l.Lead == "" {
		return n.unit(l.Raiser) + " soạn"
	}
	return n.unit(l.Raiser) + " báo, " + n.unit(l.Lead) + " chủ trì"
}

// incidentNew asks first which kind it is: the kind says who leads and what is counted.
func (s *Server) incidentNew(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		p.Title = "Báo cáo đột xuất"
		units, err := incident.Raises(tx, who)
		if err != nil {
			return nil, err
		}
		if len(units) == 0 {
			return nil, fault.Refuse(fault.Denied, "Báo cáo đột xuất do Ủy ban nhân dân xã, phường gửi; anh/chị không giữ chức danh nào ở xã, phường.")
		}
		kinds, err := incident.KindsFor(tx, units[0])
		if err != nil {
			return nil, err
		}
		head := ui.Head{Crumbs: []ui.Link{{Label: "Sự cố, việc liên xã", Href: "/su-co"}}, Title: p.Title, Sub: "Sự kiện bất thường và việc liên xã, phường"}
		i := slices.IndexFunc(kinds, func(k incident.Kind) bool { return k.Type == r.Form.Get("type") })
		if i < 0 {
			return listPage(kindChoice(newNames(tx), head, kinds)), nil
		}
		head.Sub = incident.TypeSay[kinds[i].Type]
		t := keptOf(r)
		once, err := incident.AtOnce(tx, who, incident.Report{Type: kinds[i].Type})
		if err != nil {
			return nil, err
		}
		send := map[bool]string{true: "Gửi báo cáo", false: "Soạn báo cáo để trình ký"}[once]
		in, err := s.reportInputs(tx, r, t, units, kinds[i], once)
		if err != nil {
			return nil, err
		}
		f := ui.Form{Action: "/su-co", Key: p.Key, Keep: "su-co-" + kinds[i].Type, Upload: !kinds[i].Sealed, Send: send,
			Hidden: []ui.Hidden{{Name: "type", Value: kinds[i].Type}}, Quiet: []ui.Button{{Label: "Chọn loại khác", Href: "/su-co/moi"}}}
		return formPage(head, nil, t.form(f), t.with(in)), nil
	})
}

// kindChoice is the first step: which kind of incident, and who will lead it.
func kindChoice(n *names, head ui.Head, kinds []incident.Kind) listView {
	v := listView{Head: head}
	var rows []ui.Row
	for _, k := range kinds {
		row := ui.Row{Href: "/su-co/moi?type=" + k.Type, Do: incident.TypeSay[k.Type], About: "chủ trì theo lĩnh vực"}
		switch {
		case k.Sealed:
			row.About = "chỉ ghi số, ngày của văn bản đã gửi theo đường mật"
		case k.Lead != "":
			row.About = n.unit(k.Lead) + " chủ trì"
		case k.Field == "":
			row.About = "anh/chị chọn lĩnh vực chủ trì"
		}
		rows = append(rows, row)
	}
	if len(rows) == 0 {
		v.Empty = ui.Nothing{Title: "Quy chế đang áp dụng không nêu báo cáo đột xuất", Text: "Anh/chị báo cáo bằng văn bản như thường lệ."}
		return v
	}
	v.Groups = []ui.Group{{Title: "Loại sự cố, việc liên xã", Rows: rows}}
	return v
}

// reportInputs are the fields of a report of one kind; a sealed kind has two. One that goes
// up to a signature gets its number with the release.
func (s *Server) reportInputs(tx *db.Tx, r *http.Request, t typed, units []org.UnitID, k incident.Kind, once bool) (in []input, err error) {
	n := newNames(tx)
	if len(units) > 1 {
		in = append(in, unitInput(n, units))
	}
	number := ui.Input{Name: "number", Label: "Số, ký hiệu văn bản báo cáo", Auto: "off", Max: 40, Hint: "Khi đã có văn bản; như 12/BC-UBND."}
	issued := ui.Input{Name: "issued_on", Label: "Ngày của văn bản", Type: "date"}
	if k.Sealed {
		number.Label, number.Required, issued.Required = "Số, ký hiệu văn bản đã gửi theo đường mật", true, true
		return append(in, input{Kind: note, Input: ui.Input{Label: "Loại này không ghi nội dung, địa điểm, số liệu, không kèm ảnh ở đây. Báo cáo bằng văn bản theo đường mật trước, rồi ghi số và ngày của văn bản ấy."}},
			input{Kind: line, Input: number}, input{Kind: line, Input: issued}), nil
	}
	in = append(in,
		input{Kind: line, Input: ui.Input{Name: "title", Label: "Việc gì, ở đâu", Hint: "Một câu.", Required: true, Max: 300, Auto: "off"}},
		input{Kind: line, Input: ui.Input{Name: "occurred_at", Label: "Xảy ra lúc", Type: "datetime-local", Required: true}},
		input{Kind: area, Input: ui.Input{Name: "text", Label: "Diễn biến, việc đã làm, cần gì", Rows: 6, Required: true, Max: 20_000}})
	if k.Field == "" {
		f, err := incidentFields(tx)
		if err != nil {
			return nil, err
		}
		in = append(in, f)
	}
	if k.Joint {
		c, err := communeChecks(tx, n, units)
		if err != nil {
			return nil, err
		}
		in = append(in, c)
	}
	in = append(in, figureInputs(k.Type)...)
	if once {
		in = append(in, input{Kind: line, Input: number}, input{Kind: line, Input: issued},
			input{Kind: line, Input: ui.Input{Name: "parent", Label: "Thuộc sự cố lớn hơn", Auto: "off", Max: 40, Hint: "Mã theo dõi của sự cố ấy, như SC-0001/2026; không có thì để trống."}})
	} else {
		in = append(in, input{Kind: note, Input: ui.Input{Label: "Báo cáo này trình lãnh đạo ký rồi phát hành; các đơn vị khác thấy khi đã phát hành. Đang ở hiện trường, cần báo ngay: dùng trang “Báo tại chỗ”."}})
	}
	return append(append(in, s.filesInputs(r, t)...), input{Kind: secret}), nil
}

// incidentFields offers the fields with the department that would lead.
func incidentFields(tx *db.Tx) (i input, err error) {
	all, err := petition.Fields(tx)
	n := newNames(tx)
	i = input{Kind: choice, Input: ui.Input{Name: "field", Label: "Lĩnh vực chủ trì", Blank: "– chọn lĩnh vực –", Required: true}}
	for _, f := range all {
		if f.Unit != "" {
			i.Options = append(i.Options, ui.Option{Value: f.ID, Label: upper(f.Name) + " → " + n.unit(f.Unit)})
		}
	}
	return i, err
}

// communeChecks offers every standing commune but those that report.
func communeChecks(tx *db.Tx, n *names, but []org.UnitID) (i input, err error) {
	i = input{Kind: folded, Input: ui.Input{Name: "communes", Label: "Xã, phường khác cũng bị ảnh hưởng"}}
	all, err := standingCommunes(tx)
	for _, u := range all {
		if !slices.Contains(but, u.ID) {
			i.Options = append(i.Options, ui.Option{Value: string(u.ID), Label: n.unit(u.ID)})
		}
	}
	return i, err
}

func standingCommunes(tx *db.Tx) (some []org.Unit, err error) {
	all, err := org.Units(tx, org.Filter{})
	for _, u := range all {
		if u.Commune() && u.Stands(workday.Of(tx.Now)) {
			some = append(some, u)
		}
	}
	return some, err
}

// figureInputs are what is counted of a kind of incident; each may stay empty.
func figureInputs(typ string) (in []input) {
	for _, f := range incident.FiguresOf(typ) {
		mode := "decimal"
		if f.Whole {
			mode = "numeric"
		}
		in = append(in, input{Kind: line, Input: ui.Input{Name: "f_" + f.ID, Label: f.Say + " (" + f.Unit + ")", Mode: mode, Auto: "off", Max: 15}})
	}
	return in
}

// incidentFigures are the figures that a form carried.
func incidentFigures(r *http.Request) map[string]string {
	all := map[string]string{}
	for name, v := range r.PostForm {
		if id, ok := strings.CutPrefix(name, "f_"); ok && len(v) > 0 && strings.TrimSpace(v[0]) != "" {
			all[id] = v[0]
		}
	}
	return all
}

// incidentInstant reads a day with its hour, of the office; "" is the zero time.
func incidentInstant(r *http.Request, name string) (time.Time, error) {
	v := strings.TrimSpace(r.PostForm.Get(name))
	if v == "" {
		return time.Time{}, nil
	}
	for _, form := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05"} {
		if t, err := time.ParseInLocation(form, v, workday.Office); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fault.Field(name, "Ngày, giờ không đúng; ghi đủ ngày, tháng, năm và giờ.")
}

func incidentUnits(all []string) (ids []org.UnitID) {
	for _, v := range all {
		ids = append(ids, org.UnitID(v))
	}
	return ids
}

// typedReport reads the form of a report, also the one that came from a phone.
func typedReport(r *http.Request) (in incident.Report, err error) {
	f := r.PostForm
	in = incident.Report{Unit: org.UnitID(f.Get("unit")), Type: f.Get("type"), Title: f.Get("title"), Text: f.Get("text"), Field: f.Get("field"),
		Communes: incidentUnits(f["communes"]), Figures: incidentFigures(r), Number: f.Get("number"), Parent: casefile.ID(f.Get("parent"))}
	if in.OccurredAt, err = incidentInstant(r, "occurred_at"); err != nil {
		return in, err
	}
	d, err := typedDay(r, "issued_on", "Ngày của văn bản không đúng; ghi theo mẫu ngày/tháng/năm.")
	if !d.IsZero() {
		in.IssuedOn = d.String()
	}
	return in, err
}

func (s *Server) incidentReport(w http.ResponseWriter, r *http.Request) error {
	err := s.sendReport(w, r, "")
	return s.again(w, r, err, s.incidentNew)
}

// sendReport opens the case of a report and leads to it, or to the place named.
func (s *Server) sendReport(w http.ResponseWriter, r *http.Request, to string) error {
	docs, err := s.attached(r)
	if err != nil {
		return err
	}
	return s.update(w, r, func(tx *db.Tx, who org.Actor) (d done, err error) {
		in, err := typedReport(r)
		if err != nil {
			return d, err
		}
		if in.Files = docs; in.Text != "" || len(docs) > 0 { // a sealed kind holds nothing that could be secret
			if err := confirmed(r); err != nil {
				return d, err
			}
		}
		in.Spot = to != ""
		if in.Parent, err = casefile.Named(tx, who, string(in.Parent)); err != nil {
			return d, err
		}
		once, err := incident.AtOnce(tx, who, in)
		if err != nil {
			return d, err
		}
		if !once && !in.Spot {
			_, x, err := incident.DraftReport(tx, s.Desk, who, in)
			if err != nil {
				return d, err
			}
			return done{To: paperPath(x.ID), Say: "Đã tạo dự thảo báo cáo; trình như mọi văn bản."}, nil
		}
		x, err := incident.ReportNow(tx, who, in)
		if err != nil {
			return d, err
		}
		d = done{To: incidentPath(x.ID), Version: x.Version, Say: "Đã gửi báo cáo; đơn vị chủ trì và các xã, phường liên quan thấy ngay."}
		if to != "" {
			d.To = to + string(x.ID)
		}
		return d, nil
	})
}
