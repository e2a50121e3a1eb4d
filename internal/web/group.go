package web

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/group"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/web/ui"
)

// grouping are the pages of groups of alike petitions and of the directory.
func (s *Server) grouping() {
	s.handle("POST /groups", s.formGroup)
	s.handle("GET /groups/{case}", s.group)
	s.handle("POST /groups/{case}/{act}", s.groupAct)
}

// Where a group stands.
func groupPath(id casefile.ID) string { return "/groups/" + string(id) }

// groups lists the groups that the officer may see; who groups finds the form above them.
func (s *Server) groups(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		p.Title = "Nhóm vấn đề"
		v := listView{Head: ui.Head{Crumbs: []ui.Link{{Label: "Việc của tôi", Href: "/"}}, Title: p.Title, Sub: "Kiến nghị giống nhau của nhiều xã, phường, trả lời một lần"}}
		may, err := group.MayForm(tx, who)
		if err != nil {
			return nil, err
		}
		if may {
			offered, err := suggestedGroups(tx, who)
			if err != nil {
				return nil, err
			}
			v.Top = ui.Stack(offered, titled("Lập nhóm mới", ui.SheetOf(ui.Form{Action: "/groups", Key: p.Key, Send: "Lập nhóm"}, inputs([]input{
				{Kind: line, Input: ui.Input{Name: "title", Label: "Vấn đề chung", Required: true, Max: 300, Auto: "off", Value: r.Form.Get("title")}},
				{Kind: area, Input: ui.Input{Name: "codes", Label: "Mã theo dõi của các kiến nghị", Hint: "Mỗi mã một dòng hoặc cách nhau bằng dấu phẩy, như KN-0437/2026.", Rows: 3, Required: true, Value: r.Form.Get("codes")}}}))))
		}
		all, next, err := group.List(tx, who, r.Form.Get("state"), r.Form.Get("from"), pageRows)
		if err != nil {
			return nil, err
		}
		n := newNames(tx)
		var rows []ui.Row
		for _, g := range all {
			rows = append(rows, ui.Row{Href: groupPath(g.ID), Do: g.Title, Code: g.Code, About: itoa(g.Members) + " kiến nghị", From: n.unit(g.Lead) + " trả lời",
				Chips: []ui.Chip{{Text: group.States[g.State]}}})
		}
		if len(rows) == 0 {
			v.Empty = ui.Nothing{Title: "Chưa có nhóm nào", Text: "Khi nhiều xã, phường cùng vướng một việc, Văn phòng nhóm lại để sở, ngành trả lời một lần."}
		} else {
			v.Groups = []ui.Group{{Title: "Mới nhất trước", Rows: rows}}
		}
		if next != "" {
			v.More = "/groups?from=" + url.QueryEscape(next)
		}
		return listPage(v), nil
	})
}

// mostOffered is how many suggested groups the page shows.
const mostOffered = 5

// suggestedGroups are waiting petitions that read alike, each with the way to the form
// filled with them.
func suggestedGroups(tx *db.Tx, who org.Actor) (templ.Component, error) {
	all, err := group.Suggest(tx, who)
	if err != nil {
		return nil, err
	}
	n := newNames(tx)
	t := ui.Table{Caption: "Gợi ý nhóm: kiến nghị giống nhau đang chờ trả lời", Empty: "Không có kiến nghị nào giống nhau mà chưa vào nhóm.",
		Cols: []ui.Col{{Label: "Vấn đề"}, {Label: "Cơ quan trả lời"}, {Label: "Kiến nghị"}}}
	for i, s := range all {
		if i == mostOffered {
			break
		}
		var codes []string
		for _, m := range s.Members {
			codes = append(codes, m.Code)
		}
		q := url.Values{"title": {s.Members[0].Title}, "codes": {strings.Join(codes, "\n")}}
		t.Rows = append(t.Rows, []ui.Cell{{Text: s.Members[0].Title, Href: "/groups?" + q.Encode()}, {Text: n.unit(s.Lead)}, {Text: itoa(int64(len(codes))) + ": " + strings.Join(codes, ", ")}})
	}
	return ui.TableOf("offered", t), nil
}

// codesIn reads the tracking codes that somebody typed and finds their petitions.
func codesIn(tx *db.Tx, who org.Actor, text string) (ids []casefile.ID, err error) {
	for _, code := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || r == '\n' || r == '\r' || r == ' ' }) {
		id, err := casefile.ByCode(tx, who, strings.ToUpper(code))
		if fault.Kind(err) == fault.NotFound {
			return nil, fault.Field("codes", "Không có kiến nghị nào mang mã theo dõi “%.40s”.", code)
		}
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// Forms a group from the tracking codes that an officer copied together.
func (s *Server) formGroup(w http.ResponseWriter, r *http.Request) error {
	return s.update(w, r, func(tx *db.Tx, who org.Actor) (d done, err error) {
		ids, err := codesIn(tx, who, r.PostForm.Get("codes"))
		if err != nil {
			return d, err
		}
		g, err := group.Form(tx, who, group.New{Title: r.PostForm.Get("title"), Members: ids})
		if err != nil {
			return d, err
		}
		return done{To: groupPath(g.ID), Version: g.Version, Say: "Đã lập nhóm."}, nil
	})
}

// group shows one group: its petitions with what each commune said, and what this officer
// may do.
func (s *Server) group(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		g, err := group.Get(tx, who, casefile.ID(r.PathValue("case")))
		if err != nil {
			return nil, err
		}
		p.Title = "Nhóm vấn đề: " + g.Title
		n := newNames(tx)
		v := listView{Head: ui.Head{Crumbs: []ui.Link{{Label: "Nhóm vấn đề", Href: "/groups"}, {Label: "Mã theo dõi " + g.Code, Href: groupPath(g.ID)}},
			Title: g.Title, Sub: n.unit(g.Lead) + " trả lời chung", Chips: []ui.Chip{{Tone: ui.Info, Text: group.States[g.State]}}}}
		if g.PaperID != "" {
			v.Head.Tools = append(v.Head.Tools, ui.Button{Label: "Văn bản trả lời chung", Href: paperPath(g.PaperID)})
		}
		if g.Proposal != "" {
			v.Head.Tools = append(v.Head.Tools, ui.Button{Label: "Đề nghị sửa quy chế", Href: casePath(g.Proposal)})
		}
		members, err := group.Members(tx, who, g.ID)
		if err != nil {
			return nil, err
		}
		parts := []templ.Component{ui.TableOf("members", memberTable(members, n))}
		given, err := g.Given(tx)
		if err != nil {
			return nil, err
		}
		if given != nil {
			parts = slices.Insert(parts, 0, ui.AnswerCard(commonAnswer(n, g, given)))
		}
		forms, err := groupForms(tx, who, g, p.Key)
		v.Top = ui.Stack(append(parts, forms...)...)
		return listPage(v), err
	})
}

// commonAnswer is what was answered to all of a group, in one step or by a paper.
func commonAnswer(n *names, g *group.Group, given *petition.Given) ui.Answer {
	u := ui.Answer{Title: n.unit(given.Unit) + " trả lời chung", Text: given.Reply.Text, Outcome: ui.Chip{Tone: ui.Info, Text: given.Reply.Outcome.Say()},
		Facts: []ui.Fact{fact("Trả lời lúc", moment(g.AnsweredAt))}}
	if given.Reply.Outcome == petition.Resolved || given.Reply.Outcome == petition.Guided {
		u.Outcome.Tone = ui.Done
	}
	if given.Number.Symbol != "" {
		u.Facts = append(u.Facts, fact("Số, ký hiệu", given.Number.Symbol+longDay(", ngày ", given.Number.IssuedOn.String())))
	}
	if given.Reply.Basis != "" {
		u.Facts = append(u.Facts, fact("Căn cứ", given.Reply.Basis))
	}
	return u
}

var memberPlaces = map[string]string{"": "đang trong nhóm", "left": "đã rời nhóm", "answered": "đã nhận câu trả lời chung", "missed": "câu trả lời chung không tới"}

// Members with what became of them; only those the reader may read are named.
func memberTable(all []group.Member, n *names) ui.Table {
	t := ui.Table{Caption: "Kiến nghị trong nhóm", Empty: "Không có kiến nghị nào anh/chị được xem.",
		Cols: []ui.Col{{Label: "Mã theo dõi"}, {Label: "Xã, phường"}, {Label: "Kiến nghị"}, {Label: "Trong nhóm"}, {Label: "Tình trạng"}}}
	for _, m := range all {
		t.Rows = append(t.Rows, []ui.Cell{{Text: m.Code, Href: casePath(m.ID)}, {Text: n.unit(m.Raiser)}, {Text: m.Title}, {Text: memberPlaces[m.Place]}, {Text: petition.States[m.State]}})
	}
	return t
}

// groupForms are what this officer may do with an open group, each as its own small form.
func groupForms(tx *db.Tx, who org.Actor, g *group.Group, key string) (all []templ.Component, err error) {
	if g.State != group.Open {
		return nil, nil
	}
	add := func(act, send string, mild bool, fields ...input) {
		all = append(all, titled(send, ui.SheetOf(ui.Form{Action: groupPath(g.ID) + "/" + act, Key: key + act, Version: itoa(g.Version), Send: send, Mild: mild}, inputs(fields))))
	}
	if who.In(g.Lead) {
		outcome := ui.Input{Name: "outcome", Label: "Kết quả", Required: true, Blank: "– chọn –"}
		for _, o := range petition.Outcomes {
			if o != petition.NotCompetent {
				outcome.Options = append(outcome.Options, ui.Option{Value: string(o), Label: upper(o.Say())})
			}
		}
		add("answer", "Soạn trả lời chung", false, input{Kind: area, Input: ui.Input{Name: "text", Label: "Nội dung trả lời cho cả nhóm", Rows: 6, Required: true}},
			input{Kind: choice, Input: outcome}, input{Kind: area, Input: ui.Input{Name: "basis", Label: "Căn cứ", Rows: 2}},
			input{Kind: line, Input: ui.Input{Name: "referred_to", Label: "Đã kiến nghị cơ quan nào, văn bản số, ngày", Hint: "Chỉ ghi khi vượt thẩm quyền."}})
	}
	may, err := group.MayForm(tx, who)
	if err != nil || !may {
		return all, err
	}
	add("members", "Thêm vào nhóm", !who.In(g.Lead), input{Kind: area, Input: ui.Input{Name: "codes", Label: "Mã theo dõi của kiến nghị thêm vào", Rows: 2, Required: true}})
	add("leave", "Cho rời nhóm", true, input{Kind: line, Input: ui.Input{Name: "codes", Label: "Mã theo dõi của kiến nghị rời nhóm", Required: true}},
		input{Kind: line, Input: ui.Input{Name: "reason", Label: "Vì sao không cùng vấn đề", Required: true}})
	if g.Proposal == "" {
		add("proposal", "Đề nghị sửa đổi quy chế", true, input{Kind: area, Input: ui.Input{Name: "text", Label: "Quy chế còn thiếu hoặc chưa phù hợp ở điểm nào?", Rows: 3, Required: true}},
			input{Kind: area, Input: ui.Input{Name: "amend", Label: "Đề nghị sửa thế nào", Rows: 2}})
	}
	return all, nil
}

// groupAct does one act on a group and leads back to its page, or to the paper that began.
func (s *Server) groupAct(w http.ResponseWriter, r *http.Request) error {
	id, f := casefile.ID(r.PathValue("case")), r.PostForm
	return s.update(w, r, func(tx *db.Tx, who org.Actor) (d done, err error) {
		d.To = groupPath(id)
		switch r.PathValue("act") {
		case "members":
			var ids []casefile.ID
			if ids, err = codesIn(tx, who, f.Get("codes")); err == nil {
				_, err = group.Add(tx, who, id, ids, seen(r))
			}
			d.Say = "Đã thêm vào nhóm."
		case "leave":
			var ids []casefile.ID
			if ids, err = codesIn(tx, who, f.Get("codes")); err != nil || len(ids) != 1 {
				return d, firstOf(err, fault.Field("codes", "Mỗi lần ghi một mã theo dõi."))
			}
			_, err = group.Leave(tx, who, id, group.Departure{Petition: ids[0], Reason: f.Get("reason"), Version: seen(r)})
			d.Say = "Kiến nghị đã rời nhóm."
		case "answer":
			x, err := group.DraftAnswer(tx, s.Desk, who, id, petition.Reply{Text: f.Get("text"), Outcome: petition.Outcome(f.Get("outcome")), Basis: f.Get("basis"),
				ReferredTo: f.Get("referred_to"), Version: seen(r)})
			if err != nil {
				return d, err
			}
			return done{To: paperPath(x.ID), Say: "Đã tạo dự thảo trả lời chung; trình như mọi văn bản."}, nil
		case "proposal":
			_, x, err := group.Propose(tx, s.Desk, who, id, group.Proposal{Text: f.Get("text"), Amend: f.Get("amend"), Version: seen(r)})
			if err == nil && x != nil {
				return done{To: paperPath(x.ID), Say: "Đã tạo dự thảo đề nghị sửa đổi quy chế."}, nil
			}
			d.Say = "Đã gửi đề nghị sửa đổi quy chế."
			return d, err
		default:
			err = fault.NotFound
		}
		return d, err
	})
}

// carded puts a form on a card of its own.
func carded(form templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return ui.Card("").Render(templ.WithChildren(ctx, form), w)
	})
}

// The first that went wrong; for reads whose errors do not depend on each other.
func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// titled puts parts on a card under a title.
func titled(title string, parts templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return ui.Card(title).Render(templ.WithChildren(ctx, parts), w)
	})
}
