package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/programme"
	"lienthong/internal/signoff"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// weeklyPage is a week of all units: who has sent, who is late, and the whole as it would
// be put together now. A unit sees its own line.
func (s *Server) weeklyPage(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		week := programme.ThisWeek(tx.Now).Next()
		if at := r.Form.Get("at"); at != "" {
			var err error
			if week, err = programme.ParsePlace(at); err != nil {
				return nil, err
			}
			week = programme.PlaceOf(programme.OneWeek, week.From)
		}
		all, stands, err := programme.WholeOf(tx, who, week)
		if err != nil {
			return nil, err
		}
		p.Title = "Chương trình công tác " + week.Say()
		v := calendarSheet{Head: ui.Head{Crumbs: []ui.Link{programmeCrumb}, Title: "Chương trình công tác tuần", Sub: upper(week.Say())},
			Say: week.Say(), Back: ui.Link{Label: week.Back().Say(), Href: workWeekHref(week.Back())}, Next: ui.Link{Label: week.Next().Say(), Href: workWeekHref(week.Next())}}
		whole, err := programme.WeekOf(tx, who, programme.Whole, "", week)
		if err != nil {
			return nil, err
		}
		if whole != nil {
			v.Head.Tools = []ui.Button{{Label: "Tổng hợp tuần", Href: programmePath(whole.Case)}}
		}
		n := newNames(tx)
		v.Lists = []ui.Table{workTable("Việc của tuần đã gửi", all, n), weekTable(stands, n)}
		return workSheet(v), nil
	})
}

func workWeekHref(week programme.Place) string {
	return "/programme/weeks?at=" + url.QueryEscape(week.String())
}

// weekTable lists units by whether their week came, the late first. An hour that is the same
// for all, with its basis, is said once above the table.
func weekTable(all []programme.Stand, n *names) ui.Table {
	caption, sent, one := "Đơn vị gửi chương trình tuần", 0, len(all) > 0
	for _, s := range all {
		if !s.SentAt.IsZero() {
			sent++
		}
		one = one && s.Due.At.Equal(all[0].Due.At) && s.Basis == all[0].Basis
	}
	if len(all) > 1 {
		caption += ": " + itoa(int64(sent)) + "/" + itoa(int64(len(all))) + " đã gửi"
	}
	if one && !all[0].Due.At.IsZero() {
		caption += "; hạn trước " + moment(all[0].Due.At) + " (" + all[0].Basis + ")"
	}
	t := ui.Table{Caption: caption, Empty: "Không đơn vị nào phải gửi chương trình tuần này, hoặc anh/chị không được xem.",
		Cols: []ui.Col{{Label: "Đơn vị"}, {Label: "Tình trạng"}, {Label: "Nhận lúc"}, {Label: "Hạn"}, {Label: "Số việc", Num: true}}}
	for _, s := range all {
		state := ui.Cell{Text: "đã gửi", Tone: ui.Done}
		switch {
		case s.SentAt.IsZero() && s.Late:
			state = ui.Cell{Text: "chưa gửi, đã quá giờ", Tone: ui.Late}
		case s.Late:
			state = ui.Cell{Text: "gửi sau giờ", Tone: ui.Late}
		case s.SentAt.IsZero():
			state = ui.Cell{Text: "chưa gửi"}
		}
		got, due := "", "không nêu hạn"
		if !s.SentAt.IsZero() {
			got = moment(s.SentAt)
		}
		if !s.Due.At.IsZero() {
			due = "trước " + moment(s.Due.At)
			if !one {
				due += " (" + s.Basis + ")"
			}
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: n.unit(s.Unit), Href: "/programme/cases/" + string(s.ID)}, state, {Text: got}, {Text: due}, {Text: figureText(s.Items)}})
	}
	return t
}

// plansPage lists plans and reviews, with the forms that begin one.
func (s *Server) plansPage(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		p.Title = "Kế hoạch, sơ kết, tổng kết"
		n := newNames(tx)
		v := listView{Head: ui.Head{Crumbs: []ui.Link{programmeCrumb}, Title: p.Title}}
		for _, x := range []struct{ what, title string }{{programme.Plan, "Kế hoạch"}, {programme.Review, "Sơ kết, tổng kết"}} {
			all, err := programme.Programmes(tx, who, x.what, "", pageRows)
			if err != nil {
				return nil, err
			}
			var rows []ui.Row
			for _, one := range all {
				rows = append(rows, ui.Row{Href: programmePath(one.Case), Do: one.Title, Code: one.Code, About: n.unit(one.Unit), From: one.Place.Say(), Chips: []ui.Chip{{Tone: workTone(one.State), Text: programme.States[one.State]}}})
			}
			v.Groups = append(v.Groups, ui.Group{Title: x.title, Rows: rows})
		}
		unit := ui.Input{Name: "unit", Label: "Đơn vị", Required: true}
		for _, u := range workUnitsOf(who) {
			unit.Options = append(unit.Options, ui.Option{Value: string(u), Label: n.unit(u)})
		}
		if len(unit.Options) > 0 {
			unit.Value = unit.Options[0].Value
			v.Top = ui.Columns(
				carded(ui.SheetOf(ui.Form{Action: "/programme/plans", Key: p.Key + "p", Send: "Lập kế hoạch"}, inputs([]input{
					{Kind: line, Input: ui.Input{Name: "title", Label: "Tên kế hoạch, chương trình hành động", Required: true, Max: 400}}, {Kind: choice, Input: unit},
					{Kind: line, Input: ui.Input{Name: "period", Label: "Thời gian", Required: true, Hint: "Như 2026 hoặc 2026-Q2.", Auto: "off"}}}))),
				carded(ui.SheetOf(ui.Form{Action: "/programme/reviews", Key: p.Key + "r", Send: "Mở kỳ sơ kết", Mild: true}, inputs([]input{
					{Kind: choice, Input: unit}, {Kind: line, Input: ui.Input{Name: "period", Label: "Kỳ", Required: true, Hint: "Như 2026-Q2, 2026-H1 (6 tháng đầu năm) hoặc 2026.", Auto: "off"}}}))))
		}
		return listPage(v), nil
	})
}

func (s *Server) beginPlan(w http.ResponseWriter, r *http.Request) error {
	f := r.PostForm
	return s.update(w, r, func(tx *db.Tx, who org.Actor) (d done, err error) {
		p, err := programme.BeginPlan(tx, who, org.UnitID(f.Get("unit")), f.Get("title"), f.Get("period"))
		if err != nil {
			return d, err
		}
		return done{To: programmePath(p.Case), Version: p.Version, Say: "Đã lập kế hoạch; thêm từng việc rồi gửi."}, nil
	})
}

func (s *Server) beginReview(w http.ResponseWriter, r *http.Request) error {
	f := r.PostForm
	return s.update(w, r, func(tx *db.Tx, who org.Actor) (d done, err error) {
		p, err := programme.BeginReview(tx, who, org.UnitID(f.Get("unit")), f.Get("period"))
		if err != nil {
			return d, err
		}
		return done{To: programmePath(p.Case), Version: p.Version, Say: "Đã mở kỳ sơ kết."}, nil
	})
}

// programmeCase shows a week, a plan or a review: what stands in it, what was sent, and
// what this officer may do.
func (s *Server) programmeCase(w http.ResponseWriter, r *http.Request) error {
	id := casefile.ID(r.PathValue("case"))
	s.seen(r, id)
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		x, err := programme.GetProgramme(tx, who, id)
		if err != nil {
			return nil, err
		}
		p.Title, p.Paper.Code = x.Title, "Mã theo dõi "+x.Code
		n := newNames(tx)
		head := ui.Head{Crumbs: []ui.Link{programmeCrumb, {Label: "Mã theo dõi " + x.Code, Href: programmePath(x.Case)}}, Title: x.Title, Sub: n.unit(x.Unit),
			Chips: []ui.Chip{{Tone: workTone(x.State), Text: programme.States[x.State]}}}
		if x.PaperID != "" && who.In(x.Lead) {
			head.Tools = append(head.Tools, ui.Button{Label: "Văn bản", Href: paperPath(x.PaperID)})
		}
		left, err := programmeParts(tx, who, x, n)
		if err != nil {
			return nil, err
		}
		forms, err := programmeForms(tx, who, x)
		if err != nil {
			return nil, err
		}
		left = append(left, workActForms(programmePath(x.Case), x.Version, keptOf(r), p.Key, forms)...)
		if x.What == programme.Plan && x.State == programme.Open && who.In(x.Lead) {
			head.Tools = append(head.Tools, ui.Button{Label: "Thêm việc", Href: "/programme/new?plan=" + string(x.ID) + "&at=" + url.QueryEscape(x.Place.String())})
		}
		line, err := programmeHistory(tx, who, x.ID, n)
		return programmePage(head, ui.Stack(left...), ui.Timeline("history", line)), err
	})
}

// programmeParts are the words that were sent, the things in it, and of the whole week who
// sent what.
func programmeParts(tx *db.Tx, who org.Actor, x *programme.Programme, n *names) (all []templ.Component, err error) {
	text, err := programme.ContentOf(tx, who, x)
	if err != nil {
		return nil, err
	}
	if text != "" {
		all = append(all, matterCard([]part{{Label: "Nội dung đã gửi", Text: text}}, nil))
	}
	switch x.What {
	case programme.Whole:
		items, stands, err := programme.WholeOf(tx, who, x.Place)
		if err != nil {
			return nil, err
		}
		return append(all, ui.TableOf("items", workTable("Việc của tuần đã gửi", items, n)), ui.TableOf("stands", weekTable(stands, n))), nil
	case programme.Week, programme.Plan:
		f, in := programme.Filter{Unit: x.Unit}, x.Place
		if x.What == programme.Plan {
			f, in = programme.Filter{Plan: x.ID}, programme.Place{Grain: programme.Year, From: workday.MustDate("2000-01-01"), Until: workday.MustDate("2200-12-31")}
		}
		items, err := programme.Items(tx, who, in, f)
		if err != nil {
			return nil, err
		}
		return append(all, ui.TableOf("items", workTable("Việc trong "+lower(map[bool]string{true: "Kế hoạch", false: "Tuần"}[x.What == programme.Plan]), items, n))), nil
	}
	return all, nil
}

// programmeForms are what this officer may do with a programme.
func programmeForms(tx *db.Tx, who org.Actor, x *programme.Programme) (all []workActForm, err error) {
	mine := who.In(x.Lead)
	words := func(label string, rows int, required bool) []input {
		return []input{{Kind: area, Input: ui.Input{Name: "text", Label: label, Rows: rows, Required: required}}}
	}
	keeps, _, _, err := programme.Keeps(tx, who)
	if err != nil {
		return nil, err
	}
	switch {
	case x.What == programme.Week && mine:
		at, err := workSendWords(tx, who, x, programme.PaperWeek)
		return append(all, workActForm{Act: "send", Send: at, Fields: []input{{Kind: area, Input: ui.Input{Name: "note", Label: "Nói thêm", Hint: "Bắt buộc khi tuần không có việc nào.", Rows: 2}}}}), err
	case x.What == programme.Week && keeps && x.State == programme.Open:
		all = append(all, workActForm{Act: "urge", Send: "Đôn đốc", Fields: words("Nội dung đôn đốc", 2, false)})
	case x.What == programme.Whole && keeps:
		all = append(all, workActForm{Act: "collect", Send: "Tổng hợp, báo cáo", Fields: words("Nói thêm", 2, false)})
	case x.What == programme.Review && mine && x.State == programme.Open:
		at, err := workSendWords(tx, who, x, programme.PaperReview)
		return append(all, workActForm{Act: "review", Send: at, Fields: words("Nội dung sơ kết, tổng kết", 8, true)}), err
	case x.What == programme.Plan && x.State == programme.Open && slices.ContainsFunc(who.Posts, func(p org.Post) bool { return p.Unit == x.Lead && p.Role == org.Leader }):
		all = append(all, workActForm{Act: "send-plan", Send: "Gửi kế hoạch", Fields: words("Nói thêm", 2, false)})
	}
	return all, nil
}

// workSendWords is the word on the button: who does all steps sends, the others draft.
func workSendWords(tx *db.Tx, who org.Actor, x *programme.Programme, kind string) (string, error) {
	once, err := signoff.AtOnce(tx, who, x.Lead, kind, "")
	if once {
		return "Gửi", err
	}
	return "Soạn văn bản để trình", err
}

// programmeAct does one act on a programme and leads back to its page, or to the paper that
// began.
func (s *Server) programmeAct(w http.ResponseWriter, r *http.Request) error {
	id := casefile.ID(r.PathValue("case"))
	err := s.update(w, r, func(tx *db.Tx, who org.Actor) (d done, err error) {
		p, x, say, err := s.actOnProgramme(tx, who, id, r)
		if err != nil {
			return d, err
		}
		if x != nil {
			return done{To: paperPath(x.ID), Say: say}, nil
		}
		return done{To: programmePath(p.Case), Version: p.Version + 1, Say: say}, nil
	})
	if err != nil {
		r.PostForm.Set("act", r.PathValue("act"))
		return s.again(w, r, err, s.programmeCase)
	}
	return nil
}

func (s *Server) actOnProgramme(tx *db.Tx, who org.Actor, id casefile.ID, r *http.Request) (p *programme.Programme, x *signoff.Paper, say string, err error) {
	text, version := cmp.Or(r.PostForm.Get("note"), r.PostForm.Get("text")), seen(r)
	if p, err = programme.GetProgramme(tx, who, id); err != nil {
		return nil, nil, "", err
	}
	drafted := "Đã tạo dự thảo; trình như mọi văn bản."
	switch r.PathValue("act") {
	case "send":
		if once, err := signoff.AtOnce(tx, who, p.Lead, programme.PaperWeek, ""); err != nil || !once {
			x, err = programme.DraftWeek(tx, s.Desk, who, id, text, version)
			return p, x, drafted, err
		}
		p, err = programme.SendNow(tx, who, id, text, version)
		return p, nil, "Đã gửi chương trình công tác tuần.", err
	case "review":
		if once, err := signoff.AtOnce(tx, who, p.Lead, programme.PaperReview, ""); err != nil || !once {
			x, err = programme.DraftReview(tx, s.Desk, who, id, text, version)
			return p, x, drafted, err
		}
		p, err = programme.ReviewNow(tx, who, id, text, version)
		return p, nil, "Đã gửi báo cáo.", err
	case "urge":
		p, err = programme.Urge(tx, who, id, text, version)
		return p, nil, "Đã đôn đốc.", err
	case "collect":
		p, err = programme.Collect(tx, who, id, text, version)
		return p, nil, "Đã tổng hợp và báo cáo.", err
	case "send-plan":
		p, err = programme.SendPlan(tx, who, id, text, version)
		return p, nil, "Đã gửi kế hoạch cho các đơn vị.", err
	}
	return nil, nil, "", fault.NotFound
}
