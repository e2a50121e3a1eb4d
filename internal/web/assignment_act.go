package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/direct"
	"lienthong/internal/directive"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/signoff"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// An assignmentSheet is one act on an assignment that has a form.
type assignmentSheet struct {
	title, send string
	upload      bool
	fields      func(x *assignmentReading) ([]input, error)
}

func textField(name, label string, must bool) input {
	return input{Kind: area, Input: ui.Input{Name: name, Label: label, Rows: 4, Required: must, Max: 20_000}}
}

func only(in ...input) func(*assignmentReading) ([]input, error) {
	return func(*assignmentReading) ([]input, error) { return in, nil }
}

func dayFields(label string, must bool) []input {
	return []input{{Kind: line, Input: ui.Input{Name: "due", Label: label, Type: "date", Required: must}},
		{Kind: line, Input: ui.Input{Name: "due_hour", Label: "Giờ", Auto: "off", Hint: "Như 16:00; để trống là hết ngày."}}}
}

// assignmentSheets are the forms by the name of their act.
func assignmentSheets() map[string]assignmentSheet {
	percent := input{Kind: line, Input: ui.Input{Name: "percent", Label: "Đã làm được (%)", Mode: "numeric", Auto: "off", Required: true, Max: 3}}
	still := percent
	still.Required, still.Hint = false, "Để trống là không đổi."
	return map[string]assignmentSheet{
		"progress":         {"Báo cáo tiến độ", "Gửi tiến độ", true, only(textField("text", "Đã làm được gì", true), percent)},
		"difficulty":       {"Nêu khó khăn, vướng mắc", "Gửi", true, only(textField("text", "Vướng ở đâu, cần gì", true), still)},
		"submit":           {"Báo cáo kết quả", "Trình", true, (*assignmentReading).resultInputs},
		"explanation":      {"Giải trình", "Trình", true, (*assignmentReading).resultInputs},
		"accept":           {"Công nhận hoàn thành", "Công nhận", false, (*assignmentReading).acceptInputs},
		"return":           {"Trả lại, chưa hoàn thành", "Trả lại", false, only(textField("text", "Vì sao chưa hoàn thành", true))},
		"ask-extension":    {"Xin gia hạn", "Gửi đề nghị", false, only(append(dayFields("Xin đến ngày", true), textField("reason", "Lý do", true))...)},
		"decide-extension": {"Quyết định đề nghị gia hạn", "Quyết định", false, (*assignmentReading).grantInputs},
		"set-date":         {"Đặt hạn", "Đặt hạn", false, only(append(dayFields("Hạn", true), textField("reason", "Căn cứ, lý do", false))...)},
		"direct":           {"Phân công", "Phân công", false, (*assignmentReading).directInputs},
		"contribute":       {"Gửi phần việc phối hợp", "Gửi", true, only(textField("text", "Phần việc của đơn vị", true))},
		"reply":            {"Ghi trả lời của cơ quan được đề nghị", "Ghi nhận", true, (*assignmentReading).replyInputs},
		"sub-assign":       {"Giao tiếp một phần", "Giao", false, (*assignmentReading).subInputs},
		"coordinators":     {"Thêm đơn vị phối hợp", "Thêm", false, (*assignmentReading).coordinatorInputs},
		"parts":            {"Phân việc cho đơn vị phối hợp", "Phân việc", false, (*assignmentReading).partInputs},
		"urge-part":        {"Đôn đốc đơn vị phối hợp", "Gửi đôn đốc", false, (*assignmentReading).besideInputs},
		"breach":           {"Báo cáo đơn vị không thực hiện trách nhiệm", "Gửi báo cáo", false, (*assignmentReading).besideInputs},
		"form":             {"Chọn hình thức phối hợp", "Chọn", false, (*assignmentReading).formInputs},
		"decide-form":      {"Quyết định hình thức phối hợp", "Quyết định", false, (*assignmentReading).formInputs},
		"urge":             {"Đôn đốc", "Gửi đôn đốc", false, only(textField("text", "Nội dung đôn đốc", true))},
		"demand":           {"Yêu cầu giải trình", "Gửi yêu cầu", false, only(append([]input{textField("text", "Giải trình việc gì", true)}, dayFields("Hạn giải trình", false)[0])...)},
		"take-over":        {"Trực tiếp chỉ đạo, giải quyết", "Nhận chỉ đạo", false, (*assignmentReading).takeInputs},
		"hand":             {"Chuyển đơn vị thực hiện", "Chuyển", false, (*assignmentReading).handInputs},
		"end":              {"Cho thôi thực hiện", "Cho thôi", false, only(textField("reason", "Lý do, văn bản cho thôi", true))},
	}
}

// resultInputs take the unit's paper: its words, its files, its number where it went out
// through the document system.
func (x *assignmentReading) resultInputs() ([]input, error) {
	return append([]input{textField("text", "Kết quả, nội dung báo cáo", true)}, outerInputs()...), nil
}

func (x *assignmentReading) acceptInputs() (in []input, err error) {
	if len(x.v.Qualities) > 0 {
		i := input{Kind: radios, Input: ui.Input{Name: "quality", Label: "Chất lượng", Required: true}}
		for _, q := range x.v.Qualities {
			i.Options = append(i.Options, ui.Option{Value: q, Label: upper(q)})
		}
		in = append(in, i)
	}
	return append(in, textField("text", "Nhận xét", false)), nil
}

func (x *assignmentReading) grantInputs() ([]input, error) {
	which := input{Kind: radios, Input: ui.Input{Name: "n", Label: "Đề nghị", Required: true}}
	for _, e := range x.v.Extensions {
		if e.State == "asked" {
			which.Options = append(which.Options, ui.Option{Value: itoa(e.N), Label: x.names.unit(e.Unit) + " xin đến " + e.Until.Words(), Chosen: len(which.Options) == 0})
		}
	}
	yes := input{Kind: radios, Input: ui.Input{Name: "yes", Label: "Quyết định", Required: true, Options: []ui.Option{{Value: "1", Label: "Cho gia hạn"}, {Value: "0", Label: "Không cho gia hạn"}}}}
	day := dayFields("Đến ngày", false)
	day[0].Hint = "Để trống là như đề nghị."
	return append([]input{which, yes}, append(day, textField("reason", "Lý do", false))...), nil
}

// mine is the unit of the officer that has a part in it, the lead first.
func (x *assignmentReading) mine() org.UnitID {
	if x.who.In(x.a.Lead) {
		return x.a.Lead
	}
	for _, p := range x.v.Parts {
		if x.who.In(p.Unit) {
			return p.Unit
		}
	}
	return x.a.Lead
}

// directInputs are those of any matter that goes down a unit.
func (x *assignmentReading) directInputs() ([]input, error) {
	c := *x.a.Case
	c.Lead = x.mine()
	y := &reading{tx: x.tx, who: x.who, names: x.names, rev: x.rev, p: &petition.Petition{Case: &c}, s: &petition.Situation{Place: x.v.Place}}
	return y.directInputs()
}

// agencies offers every agency to choose one.
func (x *assignmentReading) agencies(name, label, blank string) (i input, err error) {
	i = input{Kind: choice, Input: ui.Input{Name: name, Label: label, Blank: blank}}
	all, err := org.Units(x.tx, org.Filter{Requested: true})
	i.Options = unitOptions(all)
	return i, err
}

func (x *assignmentReading) subInputs() (in []input, err error) {
	unit, err := x.agencies("unit", "Giao cho đơn vị", "– phòng, người của đơn vị mình –")
	if err != nil {
		return nil, err
	}
	section := input{Kind: choice, Input: ui.Input{Name: "section", Label: "Hoặc phòng của đơn vị", Blank: "– không –"}}
	sections, err := org.Sections(x.tx, x.mine())
	if err != nil {
		return nil, err
	}
	for _, s := range sections {
		section.Options = append(section.Options, ui.Option{Value: string(s.ID), Label: s.Name})
	}
	officer := input{Kind: choice, Input: ui.Input{Name: "officer", Label: "Hoặc người của đơn vị", Blank: "– không –"}}
	with := input{Kind: folded, Input: ui.Input{Name: "co_workers", Label: "Cùng làm"}}
	held, err := org.Officers(x.tx, x.mine())
	for _, h := range held {
		if h.Post.Role != org.Admin {
			o := ui.Option{Value: string(h.Officer.ID), Label: h.Officer.Name + ", " + postWords(x.names, h.Post)}
			officer.Options, with.Options = append(officer.Options, o), append(with.Options, o)
		}
	}
	in = append(in, unit, section, officer, with, textField("content", "Phần việc phải làm", true), textField("criteria", "Yêu cầu về chất lượng", false))
	return append(in, dayFields("Hạn", false)...), err
}

func (x *assignmentReading) coordinatorInputs() ([]input, error) {
	all, err := org.Units(x.tx, org.Filter{Requested: true})
	i := input{Kind: checks, Input: ui.Input{Name: "units", Label: "Đơn vị phối hợp", Required: true}}
	for _, u := range all {
		if u.ID != x.a.Lead && !slices.ContainsFunc(x.v.Parts, func(p directive.Part) bool { return p.Unit == u.ID }) {
			i.Options = append(i.Options, ui.Option{Value: string(u.ID), Label: u.Name})
		}
	}
	return []input{textField("reason", "Phối hợp việc gì", true), i}, err
}

func (x *assignmentReading) partInputs() (in []input, err error) {
	for _, p := range x.v.Parts {
		if p.State == "open" {
			in = append(in, input{Kind: area, Input: ui.Input{Name: "part_" + string(p.Unit), Label: x.names.unit(p.Unit) + " làm gì", Rows: 2}},
				input{Kind: line, Input: ui.Input{Name: "until_" + string(p.Unit), Label: "Hạn của " + x.names.unit(p.Unit), Type: "date", Hint: "Để trống là theo hạn của nhiệm vụ."}})
		}
	}
	return in, nil
}

// replyInputs write down what a body that is only asked answered on paper: it may have
// nobody here.
func (x *assignmentReading) replyInputs() ([]input, error) {
	i := input{Kind: choice, Input: ui.Input{Name: "unit", Label: "Cơ quan trả lời", Required: true}}
	for _, p := range x.v.Parts {
		if p.Requested && p.State == "open" {
			i.Options = append(i.Options, ui.Option{Value: string(p.Unit), Label: x.names.unit(p.Unit)})
		}
	}
	return []input{i, textField("text", "Cơ quan ấy trả lời thế nào, văn bản số, ngày nào", true)}, nil
}

func (x *assignmentReading) besideInputs() ([]input, error) {
	i := input{Kind: choice, Input: ui.Input{Name: "unit", Label: "Đơn vị", Required: true}}
	if !x.who.In(x.a.Lead) {
		i.Options = []ui.Option{{Value: string(x.a.Lead), Label: x.names.unit(x.a.Lead)}}
	}
	for _, p := range x.v.Parts {
		if !x.who.In(p.Unit) {
			i.Options = append(i.Options, ui.Option{Value: string(p.Unit), Label: x.names.unit(p.Unit)})
		}
	}
	return []input{i, textField("text", "Nội dung", true)}, nil
}

func (x *assignmentReading) formInputs() ([]input, error) {
	i := input{Kind: radios, Input: ui.Input{Name: "form", Label: "Hình thức phối hợp", Required: true, Value: x.a.Form}}
	for _, f := range x.v.Forms {
		i.Options = append(i.Options, ui.Option{Value: f, Label: upper(f)})
	}
	return []input{i, textField("text", "Ý kiến", false)}, nil
}

func (x *assignmentReading) takeInputs() ([]input, error) {
	to, err := x.agencies("to", "Đơn vị thực hiện từ nay", "– chọn đơn vị –")
	to.Hint = "Để trống là đơn vị anh/chị."
	return []input{to, textField("reason", "Lý do, văn bản quyết định", true)}, err
}

// handInputs ask besides what becomes of the parts inside the unit that had it. Whether
// there are any is that unit's own business: it is asked in any case.
func (x *assignmentReading) handInputs() ([]input, error) {
	to, err := x.agencies("to", "Đơn vị thực hiện từ nay", "– chọn đơn vị –")
	to.Required = true
	return []input{to, textField("reason", "Lý do, văn bản quyết định", true), insideInput()}, err
}

func insideInput() input {
	return input{Kind: radios, Input: ui.Input{Name: "inside", Label: "Phần việc đơn vị cũ đã giao cho phòng, người của mình", Required: true,
		Hint:    "Phần đã giao cho xã, đơn vị khác thì luôn chuyển theo đơn vị mới.",
		Options: []ui.Option{{Value: "end", Label: "Kết thúc, với lý do trên", Chosen: true}, {Value: string(directive.MoveInside), Label: "Chuyển theo, lãnh đạo đơn vị mới phân công lại"}}}}
}

// typedInside reads it; "end" stands for the zero value, which a form cannot tell from
// nothing chosen.
func typedInside(r *http.Request) directive.Inside {
	if in := r.PostForm.Get("inside"); in != "end" {
		return directive.Inside(in)
	}
	return directive.EndInside
}

// assignmentForm is the form of one act.
func (s *Server) assignmentForm(w http.ResponseWriter, r *http.Request) error {
	act := r.PathValue("act")
	sheet, ok := assignmentSheets()[act]
	if !ok {
		return fault.NotFound
	}
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		x, err := readAssignment(tx, who, r, p.Key)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(x.acts, func(a directive.Act) bool { return a.Name == act }) {
			return nil, fault.Refuse(fault.Denied, "Lúc này anh/chị không làm được việc này: nhiệm vụ %s.", lower(directive.States[x.a.State]))
		}
		in, err := sheet.fields(x)
		if err != nil {
			return nil, err
		}
		t := keptOf(r)
		p.Title = sheet.title
		f := ui.Form{Action: assignmentPath(x.a.ID) + "/" + act, Key: p.Key, Version: itoa(x.a.Version), Keep: act + "-" + x.a.Code, Send: sheet.send, Upload: sheet.upload,
			Quiet: []ui.Button{{Label: "Quay lại", Href: assignmentPath(x.a.ID)}}}
		if kind := resultPaper[act]; kind != "" {
			atOnce, err := signoff.AtOnce(tx, who, x.a.Lead, kind, x.a.Field)
			if err != nil {
				return nil, err
			}
			if f.Second, f.SecondDo = "Lưu dự thảo", "draft"; atOnce {
				f.Send = "Ký, phát hành"
			}
		}
		if sheet.upload {
			in = append(append(in, s.filesInputs(r, t)...), input{Kind: secret})
		}
		head := ui.Head{Crumbs: []ui.Link{{Label: "Theo dõi nhiệm vụ", Href: "/tracker"}, {Label: "Mã theo dõi " + x.a.Code, Href: assignmentPath(x.a.ID)}}, Title: sheet.title, Sub: "Chủ trì: " + x.names.unit(x.a.Lead)}
		return formPage(head, matterCard([]part{{"", x.v.Given}}, nil), t.form(f), t.with(in)), nil
	})
}

// resultPaper are the acts that make a paper of the unit.
var resultPaper = map[string]string{"submit": directive.PaperResult, "explanation": directive.PaperExplanation}

// assignmentAct does one act on an assignment and leads back to its page.
func (s *Server) assignmentAct(w http.ResponseWriter, r *http.Request) error {
	act := r.PathValue("act")
	page := s.assignmentForm
	sheet, ok := assignmentSheets()[act]
	if !ok {
		page = s.assignment
	}
	err := s.actedOnAssignment(w, r, act, sheet.upload)
	return s.again(w, r, err, page)
}

func (s *Server) actedOnAssignment(w http.ResponseWriter, r *http.Request, act string, upload bool) error {
	var docs []casefile.Document
	if upload {
		var err error
		if docs, err = s.attached(r); err != nil {
			return err
		}
		if err := confirmed(r); err != nil && r.PostForm.Get("do") != "draft" {
			return err
		}
	}
	id := casefile.ID(r.PathValue("case"))
	return s.update(w, r, func(tx *db.Tx, who org.Actor) (d done, err error) {
		if kind := resultPaper[act]; kind != "" {
			return s.sendResult(tx, who, r, id, kind, docs)
		}
		d.To = assignmentPath(id)
		x, say, err := doAssignment(tx, who, r, id, act, docs)
		if err == nil {
			d.Say, d.Version = say, x.Version+1
		}
		return d, err
	})
}

// sendResult releases the unit's report or account at once where its path is one step,
// else it is a draft on its way.
func (s *Server) sendResult(tx *db.Tx, who org.Actor, r *http.Request, id casefile.ID, kind string, docs []casefile.Document) (d done, err error) {
	in := directive.Result{Text: r.PostForm.Get("text"), Files: docs, Version: seen(r)}
	if in.Paper, err = outer(r); err != nil {
		return d, err
	}
	a, err := directive.GetAssignment(tx, who, id)
	if err != nil {
		return d, err
	}
	atOnce, err := signoff.AtOnce(tx, who, a.Lead, kind, a.Field)
	if err != nil {
		return d, err
	}
	keep := r.PostForm.Get("do") == "draft"
	now, draft := directive.SubmitNow, directive.DraftResult
	if kind == directive.PaperExplanation {
		now, draft = directive.ExplainNow, directive.DraftExplanation
	}
	if atOnce && !keep {
		x, err := now(tx, who, id, in)
		if err != nil {
			return d, err
		}
		return done{To: assignmentPath(id), Version: x.Version + 1, Say: "Đã phát hành và gửi."}, nil
	}
	paper, err := draft(tx, s.Desk, who, id, in)
	if err != nil {
		return d, err
	}
	return s.onTheWay(tx, who, paper, keep)
}

// doAssignment are the acts of those who do it.
func doAssignment(tx *db.Tx, who org.Actor, r *http.Request, id casefile.ID, act string, docs []casefile.Document) (x *directive.Assignment, say string, err error) {
	f := r.PostForm
	switch act {
	case "register":
		x, err = directive.Register(tx, who, id, seen(r))
		return x, "Đã vào sổ.", err
	case "progress", "difficulty":
		typed := strings.TrimSuffix(strings.TrimSpace(f.Get("percent")), "%")
		n, convErr := strconv.ParseInt(typed, 10, 64)
		if typed == "" && act == "difficulty" {
			n, convErr = 0, nil
		}
		if convErr != nil || n < 0 || n > 100 {
			return nil, "", fault.Field("percent", "Tiến độ là số từ 0 đến 100.")
		}
		in := directive.Report{Text: f.Get("text"), Percent: n, Files: docs, Version: seen(r)}
		if act == "difficulty" {
			x, err = directive.Difficulty(tx, who, id, in)
			return x, "Đã gửi khó khăn, vướng mắc đến nơi giao nhiệm vụ.", err
		}
		x, err = directive.Progress(tx, who, id, in)
		return x, "Đã gửi tiến độ.", err
	case "direct":
		var in direct.In
		if in, err = typedDirection(r); err != nil {
			return nil, "", err
		}
		x, err = directive.Direct(tx, who, id, in, seen(r))
		return x, "Đã phân công.", err
	case "contribute":
		x, err = directive.Contribute(tx, who, id, directive.Contribution{Text: f.Get("text"), Files: docs, Version: seen(r)})
		return x, "Đã gửi phần việc.", err
	case "reply":
		x, err = directive.RecordReply(tx, who, id, directive.Contribution{Unit: org.UnitID(f.Get("unit")), Text: f.Get("text"), Files: docs, Version: seen(r)})
		return x, "Đã ghi trả lời.", err
	case "ask-extension", "set-date", "sub-assign", "demand":
		return datedAct(tx, who, r, id, act)
	case "coordinators":
		x, err = directive.NameCoordinators(tx, who, id, incidentUnits(f["units"]), f.Get("reason"), seen(r))
		return x, "Đã thêm đơn vị phối hợp.", err
	case "parts":
		return giveParts(tx, who, r, id)
	case "urge-part":
		x, err = directive.UrgePart(tx, who, id, org.UnitID(f.Get("unit")), f.Get("text"), seen(r))
		return x, "Đã gửi đôn đốc.", err
	case "breach":
		x, err = directive.ReportBreach(tx, who, id, directive.Breach{Unit: org.UnitID(f.Get("unit")), Text: f.Get("text"), Version: seen(r)})
		return x, "Đã gửi báo cáo.", err
	case "form":
		x, err = directive.ChooseForm(tx, who, id, f.Get("form"), seen(r))
		return x, "Đã chọn hình thức phối hợp.", err
	}
	return overAssignment(tx, who, r, id, act)
}

// overAssignment are the acts of those who gave it or watch it.
func overAssignment(tx *db.Tx, who org.Actor, r *http.Request, id casefile.ID, act string) (x *directive.Assignment, say string, err error) {
	f := r.PostForm
	verdict := directive.Verdict{Text: f.Get("text"), Quality: f.Get("quality"), Version: seen(r)}
	switch act {
	case "accept":
		x, err = directive.Accept(tx, who, id, verdict)
		return x, "Đã công nhận hoàn thành.", err
	case "return":
		x, err = directive.ReturnNotDone(tx, who, id, verdict)
		return x, "Đã trả lại; hạn của nhiệm vụ không đổi.", err
	case "decide-extension":
		n, _ := strconv.ParseInt(f.Get("n"), 10, 64) // what is no number is refused as unknown
		until, dueErr := typedDue(r)
		if dueErr != nil {
			return nil, "", dueErr
		}
		x, err = directive.DecideExtension(tx, who, id, directive.Grant{N: n, Yes: f.Get("yes") == "1", Until: until, Reason: f.Get("reason"), Version: seen(r)})
		return x, "Đã quyết định đề nghị gia hạn.", err
	case "decide-form":
		x, err = directive.DecideForm(tx, who, id, f.Get("form"), f.Get("text"), seen(r))
		return x, "Đã quyết định hình thức phối hợp.", err
	case "urge":
		x, err = directive.Urge(tx, who, id, f.Get("text"), seen(r))
		return x, "Đã gửi đôn đốc.", err
	case "take-over":
		x, err = directive.TakeOver(tx, who, id, directive.Taking{To: org.UnitID(f.Get("to")), Reason: f.Get("reason"), Version: seen(r)})
		return x, "Đã nhận trực tiếp chỉ đạo.", err
	case "hand":
		x, err = directive.Hand(tx, who, id, directive.Handing{To: org.UnitID(f.Get("to")), Reason: f.Get("reason"), Inside: typedInside(r), Version: seen(r)})
		return x, "Đã chuyển đơn vị thực hiện, cùng các phần đã giao tiếp.", err
	case "end":
		x, err = directive.End(tx, who, id, f.Get("reason"), seen(r))
		return x, "Đã cho thôi thực hiện.", err
	}
	return nil, "", fault.NotFound
}

// datedAct are the acts whose form carries a day.
func datedAct(tx *db.Tx, who org.Actor, r *http.Request, id casefile.ID, act string) (x *directive.Assignment, say string, err error) {
	f := r.PostForm
	until, err := typedDue(r)
	if err != nil {
		return nil, "", err
	}
	switch act {
	case "ask-extension":
		x, err = directive.AskExtension(tx, who, id, directive.Ask{Until: until, Reason: f.Get("reason"), Version: seen(r)})
		return x, "Đã gửi đề nghị gia hạn; hạn cũ vẫn tính cho đến khi có quyết định.", err
	case "set-date":
		x, err = directive.SetDate(tx, who, id, directive.Ask{Until: until, Reason: f.Get("reason"), Version: seen(r)})
		return x, "Đã đặt hạn.", err
	case "demand":
		x, err = directive.AskExplanation(tx, who, id, directive.Demand{Text: f.Get("text"), DueOn: until, Version: seen(r)})
		return x, "Đã gửi yêu cầu giải trình.", err
	}
	sub := directive.Sub{Unit: org.UnitID(f.Get("unit")), Section: org.UnitID(f.Get("section")), Officer: org.OfficerID(f.Get("officer")), Content: f.Get("content"),
		Criteria: f.Get("criteria"), Until: until, Version: seen(r)}
	for _, o := range f["co_workers"] {
		sub.CoWorkers = append(sub.CoWorkers, org.OfficerID(o))
	}
	x, err = directive.SubAssign(tx, who, id, sub)
	return x, "Đã giao tiếp một phần.", err
}

// giveParts reads what the lead asks of each unit beside it.
func giveParts(tx *db.Tx, who org.Actor, r *http.Request, id casefile.ID) (x *directive.Assignment, say string, err error) {
	var all []directive.PartIn
	for _, name := range sortedNames(r.PostForm) {
		unit, ok := strings.CutPrefix(name, "part_")
		if !ok || strings.TrimSpace(r.PostForm.Get(name)) == "" {
			continue
		}
		var until workday.Date
		if until, err = typedDay(r, "until_"+unit, "Hạn không đúng; ghi theo mẫu ngày/tháng/năm."); err != nil {
			return nil, "", err
		}
		one := directive.PartIn{Unit: org.UnitID(unit), Content: r.PostForm.Get(name)}
		if !until.IsZero() {
			one.Until = until.String()
		}
		all = append(all, one)
	}
	x, err = directive.SetParts(tx, who, id, all, seen(r))
	return x, "Đã phân việc cho đơn vị phối hợp.", err
}
