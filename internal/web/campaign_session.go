package web

import (
	"cmp"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"lienthong/internal/campaign"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/web/ui"
)

// mostSuggested is how many suggested groups one page shows.
const mostSuggested = 20

// campaignSuggestions is where the Office groups: what reads alike, what stands alone, and
// the groups that there are.
func (s *Server) campaignSuggestions(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		x, err := readCampaign(tx, who, r)
		if err != nil {
			return nil, err
		}
		if !x.runs {
			return nil, fault.Refuse(fault.Denied, "Chỉ Văn phòng UBND tỉnh xếp nhóm.")
		}
		p.Title = "Xếp nhóm vấn đề"
		v := listView{Head: x.head(p.Title, "Gợi ý theo độ giống nhau của nội dung; anh/chị quyết định")}
		v.Head.Tools = []ui.Button{x.do("group", "Tự chọn nội dung"), x.do("put", "Đưa thêm vào nhóm")}
		all, err := campaign.Suggest(tx, who, x.c.ID)
		if err != nil {
			return nil, err
		}
		var parts []templ.Component
		for i, g := range all {
			if i == mostSuggested {
				break
			}
			q := url.Values{"title": {g.Title}}
			t := ui.Table{Caption: "Gợi ý " + itoa(int64(i+1)) + ": " + itoa(int64(len(g.Items))) + " nội dung giống nhau", Cols: []ui.Col{{Label: "Mã theo dõi"}, {Label: "Xã, phường"}, {Label: "Khó khăn, vướng mắc"}}}
			for _, m := range g.Items {
				q.Add("item", string(m.ID))
				t.Rows = append(t.Rows, []ui.Cell{{Text: m.Code, Href: campaignItemPath(m.ID)}, {Text: x.n.unit(m.Commune)}, {Text: m.Title}})
			}
			parts = append(parts, ui.TableOf("alike-"+itoa(int64(i)), t), ui.ButtonOf(ui.Button{Label: "Lập nhóm từ gợi ý " + itoa(int64(i+1)), Href: campaignPath(x.c.ID) + "/do/group?" + q.Encode()}, "quiet"))
		}
		if len(all) == 0 {
			parts = append(parts, ui.Empty(ui.Nothing{Title: "Không có gợi ý nào", Text: "Không còn nội dung giống nhau mà chưa xếp nhóm; anh/chị có thể tự chọn nội dung."}))
		}
		groups := x.themeTable()
		for i, t := range x.themes {
			groups.Rows[i][1].Href = campaignPath(x.c.ID) + "/do/put?theme=" + itoa(t.N)
		}
		v.Top = ui.Stack(append(parts, ui.TableOf("themes", groups))...)
		return listPage(v), nil
	})
}

// campaignSession is the agenda with what was answered: the session's own page.
func (s *Server) campaignSession(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		x, err := readCampaign(tx, who, r)
		if err != nil {
			return nil, err
		}
		p.Title = "Phiên họp giải đáp"
		v := listView{Head: x.head(p.Title, cmp.Or(upper(x.c.Held()), "Chưa định giờ họp"))}
		v.Head.Tools = []ui.Button{{Label: "In chương trình", Href: campaignPath(x.c.ID) + "/files/agenda.pdf"}}
		if x.runs && len(x.themes) > 1 && x.c.State != campaign.Closed {
			v.Head.Tools = append(v.Head.Tools, x.do("order", "Sắp lại chương trình"))
		}
		if x.runs && x.c.State == campaign.Session {
			v.Head.Tools = append(v.Head.Tools, x.do("end", "Kết thúc phiên họp"))
		}
		var parts []templ.Component
		for i, t := range x.themes {
			part, err := x.themeCard(i+1, t)
			if err != nil {
				return nil, err
			}
			parts = append(parts, part)
		}
		if len(parts) == 0 {
			parts = append(parts, ui.Empty(ui.Nothing{Title: "Chương trình chưa có nhóm nào", Text: "Chương trình lập từ các nhóm vấn đề mà Văn phòng đã xếp."}))
		}
		v.Top = ui.Stack(parts...)
		return listPage(v), nil
	})
}

// themeCard is one group on the agenda: its answers, the newest first, and its items.
func (x *campaignReading) themeCard(place int, t *campaign.Theme) (templ.Component, error) {
	var parts []templ.Component
	may, err := campaign.MayAnswer(x.tx, x.who, x.c, t)
	if err != nil {
		return nil, err
	}
	parts = append(parts, ui.Facts([]ui.Fact{fact("Cơ quan trả lời", x.n.unit(t.Lead)), fact("Nội dung", grouped(t.Items)), fact("Tình trạng", upper(standing(t)))}))
	for i := len(t.Answers) - 1; i >= 0; i-- {
		parts = append(parts, answerCard(t.Answers[i], i == len(t.Answers)-1))
	}
	if may {
		label := "Ghi câu trả lời"
		if len(t.Answers) > 0 {
			label = "Sửa, trả lời tiếp"
		}
		parts = append(parts, ui.ButtonOf(ui.Button{Label: label, Href: campaignPath(x.c.ID) + "/do/answer?theme=" + itoa(t.N)}, "quiet"))
	}
	items, _, err := campaign.Items(x.tx, x.who, x.c.ID, campaign.Filter{Theme: t.N}, "", pageRows)
	if err != nil {
		return nil, err
	}
	table := ui.Table{Caption: "Nội dung trong nhóm", Empty: "Không có nội dung nào anh/chị được xem.", Cols: []ui.Col{{Label: "Mã theo dõi"}, {Label: "Xã, phường"}, {Label: "Khó khăn, vướng mắc"}, {Label: "Tình trạng"}}}
	for _, i := range items {
		table.Rows = append(table.Rows, []ui.Cell{{Text: i.Code, Href: campaignItemPath(i.ID)}, {Text: x.n.unit(i.Commune)}, {Text: i.Title}, {Text: campaign.ItemStates[i.State]}})
	}
	parts = append(parts, ui.TableOf("theme-"+itoa(t.N), table))
	return titled(itoa(int64(place))+". "+t.Title, ui.Stack(parts...)), nil
}

// answerCard is one answer; the one that holds says so, and the others that they do not.
func answerCard(a campaign.Given, holds bool) templ.Component {
	where := "sau phiên họp"
	if a.InSession {
		where = "tại phiên họp"
	}
	c := ui.Answer{Title: a.Speaker + ", " + where + ", " + moment(a.AnsweredAt), Outcome: ui.Chip{Text: "đã được thay"}, Text: a.Text}
	if holds {
		c.Outcome = ui.Chip{Tone: ui.Done, Text: "đang có giá trị"}
	}
	c.Facts = []ui.Fact{fact("Kết quả", upper(a.Outcome.Say()))}
	if a.Number != "" {
		c.Facts = append(c.Facts, fact("Văn bản", a.Number))
	}
	if a.NextOn != "" {
		c.Facts = append(c.Facts, fact("Báo tiếp ngày", longOf(a.NextOn)))
	}
	return ui.AnswerCard(c)
}

// campaignItem is the page of one item.
func (s *Server) campaignItem(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		i, err := campaign.GetItem(tx, who, casefile.ID(r.PathValue("case")))
		if err != nil {
			return nil, err
		}
		p.Title = i.Title
		n := newNames(tx)
		next := ui.NextStep{Sentence: "Anh/chị không phải làm gì với nội dung này lúc này."}
		if acts := campaignItemActs(who, i); len(acts) > 0 {
			next = ui.NextStep{Sentence: "Việc anh/chị làm được với nội dung này", Main: acts[0], Quiet: acts[1:]}
		}
		facts := []ui.Fact{fact("Xã, phường", n.unit(i.Commune)), fact("Người nhập", joinDot(sourceOf(i), n.officer(i.By)))}
		if i.Lead != "" {
			facts = append(facts, fact("Cơ quan trả lời", n.unit(i.Lead)))
		}
		steps, err := campaignItemSteps(tx, who, i, n)
		if err != nil {
			return nil, err
		}
		v := listView{Head: ui.Head{Crumbs: []ui.Link{{Label: "Đợt thu thập", Href: campaignPath(i.Campaign)}, {Label: "Mã theo dõi " + i.Code, Href: campaignItemPath(i.ID)}},
			Title: i.Title, Chips: []ui.Chip{{Tone: ui.Info, Text: campaign.ItemStates[i.State]}}}}
		if i.Petition != "" && who.In(i.Commune) {
			v.Head.Tools = []ui.Button{{Label: "Kiến nghị đã chuyển", Href: casePath(i.Petition)}}
		}
		v.Top = ui.Stack(ui.NextAct(next), carded(ui.Stack(ui.Facts(facts), ui.Prose(i.Text))), steps)
		return listPage(v), nil
	})
}

// campaignItemActs are asked again by each operation under the lock of the item.
func campaignItemActs(who org.Actor, i *campaign.Item) (all []ui.Button) {
	add := func(act, label string) {
		all = append(all, ui.Button{Label: label, Href: campaignItemPath(i.ID) + "/do/" + act})
	}
	if campaign.MayConfirm(who, i) {
		add("confirm", "Xác nhận, sửa")
		add("refuse", "Không nhận")
	}
	if campaign.MaySettle(who, i) {
		add("settle", "Cho biết đã giải quyết được chưa")
	}
	if campaign.MayRaise(who, i) {
		add("raise", "Chuyển thành kiến nghị")
	}
	return all
}

// campaignItemSteps are the history that this officer may read, the newest first; an answer
// names its unit and who spoke, not the program that carried it.
func campaignItemSteps(tx *db.Tx, who org.Actor, i *campaign.Item, n *names) (templ.Component, error) {
	events, err := casefile.History(tx, who, i.ID, mostEvents)
	if err != nil {
		return nil, err
	}
	var all []ui.Entry
	for k := len(events) - 1; k >= 0; k-- {
		e := events[k]
		u := ui.Entry{ID: "e" + itoa(e.N), What: campaign.Events[e.Kind], When: when(e.OccurredAt, tx.Now), At: rfc(e.OccurredAt), By: byWhom(n, e), Text: e.Text}
		if e.Kind == "campaign.answer_reached" {
			u.What = n.unit(org.UnitID(e.Facts["unit"])) + " trả lời: " + petition.Outcome(e.Facts["outcome"]).Say()
			u.By = e.Facts["speaker"]
		}
		if g := e.Facts["group"]; e.Kind == "campaign.item_grouped" && g != "" {
			u.What += " “" + g + "”"
		}
		all = append(all, u)
	}
	return steps(all), nil
}

// campaignItemFields is the form of an act on an item.
func (s *Server) campaignItemForm(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		i, err := campaign.GetItem(tx, who, casefile.ID(r.PathValue("case")))
		if err != nil {
			return nil, err
		}
		title, send, fields, err := campaignItemFields(tx, i, r.PathValue("act"))
		if err != nil {
			return nil, err
		}
		p.Title = title
		t := keptOf(r)
		f := t.form(ui.Form{Action: r.URL.Path, Key: p.Key, Version: itoa(i.Version), Send: send})
		v := listView{Head: ui.Head{Crumbs: []ui.Link{{Label: "Mã theo dõi " + i.Code, Href: campaignItemPath(i.ID)}}, Title: title, Sub: i.Title}}
		v.Top = ui.Stack(carded(ui.Prose(i.Text)), carded(ui.SheetOf(f, inputs(t.with(fields)))))
		return listPage(v), nil
	})
}

func campaignItemFields(tx *db.Tx, i *campaign.Item, act string) (title, send string, fields []input, err error) {
	switch act {
	case "confirm":
		return "Xác nhận nội dung của xã", "Xác nhận", []input{{Kind: line, Input: ui.Input{Name: "title", Label: "Một câu: vướng mắc gì", Required: true, Max: 300, Value: i.Title}},
			{Kind: area, Input: ui.Input{Name: "text", Label: "Nội dung; sửa ngay tại đây nếu chưa đúng", Rows: 6, Required: true, Value: i.Text}}}, nil
	case "refuse":
		return "Không nhận nội dung này", "Không nhận", []input{{Kind: area, Input: ui.Input{Name: "reason", Label: "Vì sao không phải của xã", Rows: 3, Required: true}}}, nil
	case "settle":
		return "Đã giải quyết được chưa?", "Cho biết", []input{{Kind: radios, Input: ui.Input{Name: "settled", Label: "Câu trả lời", Required: true, Options: []ui.Option{{Value: "yes", Label: "Đã giải quyết được"}, {Value: "no", Label: "Chưa giải quyết được"}}}},
			{Kind: area, Input: ui.Input{Name: "comment", Label: "Còn vướng ở đâu", Hint: "Bắt buộc khi chưa giải quyết được.", Rows: 3}}}, nil
	case "raise":
		field := ui.Input{Name: "field", Label: "Lĩnh vực", Required: true, Blank: "– chọn lĩnh vực –"}
		all, err := petition.FieldsFor(tx, i.Commune)
		for _, f := range all {
			field.Options = append(field.Options, ui.Option{Value: f.ID, Label: f.Name})
		}
		return "Chuyển thành kiến nghị", "Chuyển", []input{{Kind: choice, Input: field}, {Kind: area, Input: ui.Input{Name: "tried", Label: "Xã đã tự làm gì", Rows: 3, Required: true}}}, err
	}
	return "", "", nil, fault.NotFound
}

// campaignItemAct does one act on an item and leads back to it, or to the petition it became.
func (s *Server) campaignItemAct(w http.ResponseWriter, r *http.Request) error {
	id, f := casefile.ID(r.PathValue("case")), r.PostForm
	err := s.update(w, r, func(tx *db.Tx, who org.Actor) (d done, err error) {
		d.To = campaignItemPath(id)
		switch r.PathValue("act") {
		case "confirm":
			d.Say = "Đã xác nhận; nội dung được tính vào đợt."
			_, err = campaign.Confirm(tx, who, id, campaign.Word{Accept: true, Title: f.Get("title"), Text: f.Get("text"), Version: seen(r)})
		case "refuse":
			d.Say = "Đã trả lời không nhận; người nhập được báo."
			_, err = campaign.Confirm(tx, who, id, campaign.Word{Reason: f.Get("reason"), Version: seen(r)})
		case "settle":
			if f.Get("settled") == "" {
				return d, fault.Field("settled", "Hãy chọn đã giải quyết được hay chưa.")
			}
			d.Say = "Đã ghi nhận."
			_, err = campaign.Settle(tx, who, id, campaign.Verdict{Settled: f.Get("settled") == "yes", Comment: f.Get("comment"), Version: seen(r)})
		case "raise":
			p, x, err := campaign.Raise(tx, s.Desk, who, id, f.Get("field"), f.Get("tried"), seen(r))
			if err == nil && x != nil {
				return done{To: paperPath(x.ID), Say: "Đã tạo dự thảo kiến nghị."}, nil
			}
			if err == nil {
				return done{To: casePath(p.ID), Say: "Đã chuyển thành kiến nghị."}, nil
			}
			return d, err
		default:
			err = fault.NotFound
		}
		return d, err
	})
	return s.again(w, r, err, s.campaignItemForm)
}
