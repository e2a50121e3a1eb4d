package web

import (
	"net/http"

	"github.com/a-h/templ"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/web/ui"
)

// An actSheet is the form of one act on a petition. The table below holds them all: one
// text or two, perhaps a choice, and the operation.
type actSheet struct {
	title, send string // of its form and of its button
	note        string // under the title
	inner       bool   // stays inside the unit: no sentence about state secrets is confirmed
	files       bool   // whether files may come along
	fields      func(x *reading) ([]input, error)
	run         func(s *Server, c actCall) (*petition.Petition, done, error) // the operation
}

// An actCall is what an act's operation works with.
type actCall struct {
	tx      *db.Tx
	who     org.Actor
	id      casefile.ID
	text    func(name string) string // a field of the form, trimmed
	seen    int64                    // the version on the screen
	files   []casefile.Document      // already stored
	checked func(name string) bool
}

// actSheets are the forms by the last part of their address (petition.Act.Name).
var actSheets = map[string]actSheet{
	"up": {title: "Trả lại cấp trên trong đơn vị", send: "Trả lại", inner: true,
		fields: texts(area, "reason", "Lý do trả lại", "Nói rõ vì sao và đề nghị giao cho ai.", true),
		run: say("Đã trả lại cấp trên.", func(c actCall) (*petition.Petition, error) {
			return petition.ReturnUp(c.tx, c.who, c.id, c.text("reason"), c.seen)
		})},
	"ask": {title: "Hỏi lại xã", send: "Gửi câu hỏi", note: "Hạn trả lời xã vẫn tính tiếp trong lúc chờ.",
		fields: texts(area, "text", "Cần xã làm rõ điều gì", "", true),
		run: say("Đã gửi câu hỏi.", func(c actCall) (*petition.Petition, error) {
			return petition.Ask(c.tx, c.who, c.id, petition.Question{Text: c.text("text"), Version: c.seen})
		})},
	"clarify": {title: "Trả lời câu hỏi của sở, ngành", send: "Gửi trả lời", files: true,
		fields: texts(area, "text", "Nội dung trả lời", "", true),
		run: say("Đã gửi trả lời câu hỏi.", func(c actCall) (*petition.Petition, error) {
			return petition.Clarify(c.tx, c.who, c.id, petition.Question{Text: c.text("text"), Version: c.seen}, c.files)
		})},
	"split": {title: "Hỏi ý kiến đơn vị phối hợp", send: "Gửi đơn vị phối hợp", note: "Đơn vị chủ trì tổng hợp và trả lời xã bằng một văn bản.",
		fields: splitInputs,
		run: say("Đã gửi đơn vị phối hợp.", func(c actCall) (*petition.Petition, error) {
			return petition.Split(c.tx, c.who, c.id, petition.Question{To: org.UnitID(c.text("to")), Text: c.text("text"), Version: c.seen})
		})},
	"contribute": {title: "Góp ý phần việc được hỏi", send: "Gửi đơn vị chủ trì",
		fields: texts(area, "text", "Ý kiến của đơn vị", "Đơn vị chủ trì tổng hợp để trả lời xã.", true),
		run: say("Đã gửi ý kiến cho đơn vị chủ trì.", func(c actCall) (*petition.Petition, error) {
			return petition.Contribute(c.tx, c.who, c.id, petition.Question{Text: c.text("text"), Version: c.seen})
		})},
	"forward": {title: "Chuyển đơn vị khác", send: "Chuyển", note: "Hạn của xã không tính lại. Chuyển lần thứ hai thì Văn phòng UBND tỉnh xác định cơ quan chủ trì.",
		fields: targetInputs("Đơn vị nhận", "Lý do chuyển", "Nội dung nào thuộc chức năng của đơn vị nhận."), run: forwarded},
	"assign": {title: "Chỉ định cơ quan chủ trì", send: "Chỉ định",
		fields: assignInputs,
		run: say("Đã chỉ định cơ quan chủ trì.", func(c actCall) (*petition.Petition, error) {
			return petition.AssignLead(c.tx, c.who, c.id, petition.Forwarding{To: org.UnitID(c.text("to")), Reason: c.text("reason"), Version: c.seen})
		})},
	"return": {title: "Trả lại xã", send: "Trả lại xã", note: "Chỉ trả lại khi có căn cứ. Không thuộc lĩnh vực của đơn vị thì chuyển đơn vị khác.",
		fields: returnInputs,
		run: say("Đã trả lại xã.", func(c actCall) (*petition.Petition, error) {
			return petition.Return(c.tx, c.who, c.id, petition.GiveBack{Ground: c.text("ground"), Reason: c.text("reason"), Version: c.seen})
		})},
	"report": {title: "Báo tiếp kết quả xử lý", send: "Gửi xã", fields: reportInputs,
		run: say("Đã báo kết quả cho xã.", func(c actCall) (*petition.Petition, error) {
			return petition.Report(c.tx, c.who, c.id, petition.Progress{Text: c.text("text"), Done: c.checked("done"), NextReport: c.text("next_report"), Version: c.seen})
		})},
	"settle": {title: "Cho biết kết quả giải quyết", send: "Gửi", note: "Chưa giải quyết được thì mở lần trả lời tiếp theo; sở, ngành lại có hạn trả lời.",
		fields: settleInputs, run: settled},
	"urge": {title: "Đôn đốc", send: "Gửi đôn đốc",
		fields: texts(area, "text", "Nội dung đôn đốc", "Gửi lãnh đạo đơn vị chủ trì.", true),
		run: say("Đã gửi đôn đốc.", func(c actCall) (*petition.Petition, error) {
			return petition.Urge(c.tx, c.who, c.id, petition.Oversight{Text: c.text("text"), Version: c.seen})
		})},
	"demand": {title: "Yêu cầu giải trình", send: "Gửi yêu cầu", note: "Giải trình do đơn vị ký, không phải của cá nhân.",
		fields: demandInputs,
		run: say("Đã gửi yêu cầu giải trình.", func(c actCall) (*petition.Petition, error) {
			return petition.AskExplanation(c.tx, c.who, c.id, petition.Demand{Text: c.text("text"), DueOn: c.text("due_on"), Version: c.seen})
		})},
	"explanation": {title: "Soạn giải trình", send: "Trình", files: true,
		fields: texts(area, "text", "Nội dung giải trình", "Vì sao chậm, đã khắc phục thế nào.", true), run: explained},
}

// texts is the form of one text.
func texts(kind inputKind, name, label, hint string, required bool) func(x *reading) ([]input, error) {
	return func(*reading) ([]input, error) {
		return []input{{Kind: kind, Input: ui.Input{Name: name, Label: label, Hint: hint, Required: required, Rows: 6}}}, nil
	}
}

// say wraps an operation that leads back to its case with a sentence.
func say(words string, run func(c actCall) (*petition.Petition, error)) func(s *Server, c actCall) (*petition.Petition, done, error) {
	return func(_ *Server, c actCall) (*petition.Petition, done, error) {
		p, err := run(c)
		return p, done{Say: words}, err
	}
}

// Forwards a petition. The second time it is contested, and the words say who decides now and that the
// unit keeps the duty until then.
func forwarded(_ *Server, c actCall) (*petition.Petition, done, error) {
	p, err := petition.Forward(c.tx, c.who, c.id, petition.Forwarding{To: org.UnitID(c.text("to")), Reason: c.text("reason"), Version: c.seen})
	if err != nil {
		return nil, done{}, err
	}
	if p.Contested {
		return p, done{Say: "Đã ghi ý kiến. Đây là lần chuyển thứ hai: chờ Văn phòng UBND tỉnh xác định cơ quan chủ trì, đơn vị vẫn giữ việc."}, nil
	}
	return p, done{Say: "Đã chuyển " + newNames(c.tx).unit(p.Lead) + "."}, nil
}

// The commune's word; the choice is demanded before the operation sees it, in words that fit a form.
func settled(_ *Server, c actCall) (*petition.Petition, done, error) {
	if v := c.text("settled"); v != "yes" && v != "no" {
		return nil, done{}, fault.Field("settled", "Anh/chị chọn đã giải quyết được hay chưa.")
	}
	p, err := petition.Settle(c.tx, c.who, c.id, petition.Verdict{Settled: c.text("settled") == "yes", Comment: c.text("comment"), Version: c.seen})
	if err != nil {
		return nil, done{}, err
	}
	if p.State == petition.Settled {
		return p, done{Say: "Đã ghi: giải quyết được. Việc kết thúc."}, nil
	}
	return p, done{Say: "Đã ghi: chưa giải quyết được. " + newNames(c.tx).unit(p.Lead) + " phải trả lời tiếp."}, nil
}

// Drafts an explanation and puts it on the unit's way of signing: explanations are signed, never only
// typed.
func explained(s *Server, c actCall) (*petition.Petition, done, error) {
	paper, err := petition.DraftExplanation(c.tx, s.Desk, c.who, c.id, petition.Reply{Text: c.text("text"), Files: c.files, Version: c.seen})
	if err != nil {
		return nil, done{}, err
	}
	d, err := s.onTheWay(c.tx, c.who, paper, false)
	if err != nil {
		return nil, d, err
	}
	p, err := petition.Get(c.tx, c.who, c.id)
	return p, d, err
}

// unitOptions are units to choose from, in the order of lists.
func unitOptions(all []org.Unit) (o []ui.Option) {
	for _, u := range all {
		o = append(o, ui.Option{Value: string(u.ID), Label: u.Name})
	}
	return o
}

// A unit and a reason: the form of every act that sends a matter elsewhere. Only units the rulebook allows
// are offered.
func targetInputs(label, why, hint string) func(x *reading) ([]input, error) {
	return func(x *reading) ([]input, error) {
		all, err := petition.Targets(x.tx, x.p)
		return []input{
			{Kind: choice, Input: ui.Input{Name: "to", Label: label, Required: true, Blank: "– chọn đơn vị –", Options: unitOptions(all)}},
			{Kind: area, Input: ui.Input{Name: "reason", Label: why, Hint: hint, Required: true}},
		}, err
	}
}

// assignInputs let the Office keep the lead where it is, or name another.
func assignInputs(x *reading) ([]input, error) {
	in, err := targetInputs("Cơ quan chủ trì", "Lý do chỉ định", "Các đơn vị và xã đều đọc được.")(x)
	if err == nil && x.p.Hole == "" {
		in[0].Options = append([]ui.Option{{Value: string(x.p.Lead), Label: "Giữ nguyên: " + x.names.unit(x.p.Lead)}}, in[0].Options...)
	}
	return in, err
}

// splitInputs offer every unit of the province, those that are only asked apart.
func splitInputs(x *reading) ([]input, error) {
	all, err := org.Units(x.tx, org.Filter{Level: org.LevelProvince, Requested: true})
	to := ui.Input{Name: "to", Label: "Đơn vị phối hợp", Required: true, Blank: "– chọn đơn vị –"}
	for _, u := range all {
		o := ui.Option{Value: string(u.ID), Label: u.Name, Group: "Sở, ngành và đơn vị của tỉnh"}
		if u.Requested {
			o.Group = "Được đề nghị (ngành dọc, doanh nghiệp)"
		}
		if u.ID != x.p.Lead {
			to.Options = append(to.Options, o)
		}
	}
	return []input{{Kind: choice, Input: to},
		{Kind: area, Input: ui.Input{Name: "text", Label: "Phần việc cần cho ý kiến", Required: true}}}, err
}

// The grounds come from the rule, with its clause as the hint: there is no list of grounds in the program.
func returnInputs(x *reading) ([]input, error) {
	rule, err := petition.ReturnRule(x.tx, x.p)
	if err != nil {
		return nil, err
	}
	ground := ui.Input{Name: "ground", Label: "Căn cứ trả lại", Required: true, Hint: rule.Basis()}
	for _, g := range rule.List("grounds") {
		ground.Options = append(ground.Options, ui.Option{Value: g, Label: upper(g)})
	}
	return []input{{Kind: radios, Input: ground},
		{Kind: area, Input: ui.Input{Name: "reason", Label: "Giải thích cho xã", Hint: "Vì sao trả lại và xã cần làm gì tiếp.", Required: true}}}, nil
}

// The next day of a report is the unit's own; left empty it is shown as a limit that nobody named.
func reportInputs(*reading) ([]input, error) {
	return []input{
		{Kind: area, Input: ui.Input{Name: "text", Label: "Kết quả xử lý đến nay", Required: true}},
		{Kind: tick, Input: ui.Input{Name: "done", Label: "Đã giải quyết xong", Hint: "Không cần báo tiếp nữa."}},
		{Kind: line, Input: ui.Input{Name: "next_report", Label: "Ngày báo tiếp", Type: "date", Hint: "Ngày do đơn vị tự đặt; để trống thì ghi “không nêu hạn”."}},
	}, nil
}

// Two choices and a comment, demanded only for "no": a commune that is content need not write.
func settleInputs(*reading) ([]input, error) {
	return []input{
		{Kind: radios, Input: ui.Input{Name: "settled", Label: "Việc này", Required: true, Options: []ui.Option{
			{Value: "yes", Label: "Đã giải quyết được", Hint: "Việc kết thúc."},
			{Value: "no", Label: "Chưa giải quyết được", Hint: "Nêu rõ còn vướng ở đâu; sở, ngành trả lời tiếp."}}}},
		{Kind: area, Input: ui.Input{Name: "comment", Label: "Vì sao, còn vướng ở đâu", Hint: "Bắt buộc khi chưa giải quyết được."}},
	}, nil
}

// The day is set by whoever asks and may stay open: no text names one.
func demandInputs(*reading) ([]input, error) {
	return []input{
		{Kind: area, Input: ui.Input{Name: "text", Label: "Yêu cầu giải trình việc gì", Required: true}},
		{Kind: line, Input: ui.Input{Name: "due_on", Label: "Hạn giải trình", Type: "date", Hint: "Hạn do người yêu cầu đặt; để trống thì ghi “không nêu hạn”."}},
	}, nil
}

// actPage is the form of one act.
func (s *Server) actPage(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("act")
	sheet, ok := actSheets[name]
	if !ok {
		return fault.NotFound
	}
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		x, err := read(tx, who, casefile.ID(r.PathValue("case")))
		if err != nil {
			return nil, err
		}
		if !x.mayNow(name) {
			return nil, fault.Refuse(fault.Denied, "Lúc này anh/chị không làm được việc “%s”: việc đã chuyển bước, hoặc thuộc quyền của người khác.", lower(sheet.title))
		}
		p.Title = sheet.title
		t := keptOf(r)
		in, err := sheet.fields(x)
		if err != nil {
			return nil, err
		}
		if sheet.note != "" {
			in = append([]input{{Kind: note, Input: ui.Input{Label: sheet.note}}}, in...)
		}
		if sheet.files {
			in = append(in, s.filesInputs(r, t)...)
		}
		if !sheet.inner {
			in = append(in, input{Kind: secret})
		}
		f := ui.Form{Action: casePath(x.p.ID) + "/" + name, Key: p.Key, Version: itoa(x.p.Version), Keep: name + "-" + x.p.Code,
			Upload: sheet.files, Send: sheet.send, Quiet: []ui.Button{{Label: "Quay lại", Href: casePath(x.p.ID)}}}
		before, err := x.background(name)
		return formPage(x.formHead(sheet.title), before, t.form(f), t.with(in)), err
	})
}

// background is what the officer must have before his eyes for an act: the matter, or
// what was said last.
func (x *reading) background(act string) (templ.Component, error) {
	switch act {
	case "settle":
		all, err := x.answers()
		if err != nil || len(all) == 0 {
			return nil, err
		}
		return ui.AnswerCard(all[0]), nil
	case "assign":
		return x.said("Ý kiến của các đơn vị", "petition.forwarded", "petition.contested"), nil
	case "clarify":
		return x.said("Câu hỏi của sở, ngành", "petition.asked"), nil
	case "contribute":
		return x.said("Phần việc được hỏi", "petition.split"), nil
	case "explanation":
		return x.said("Yêu cầu giải trình", "petition.explanation_asked"), nil
	}
	return x.matter()
}

// said shows the words of some kinds of events in full, both views side by side in time.
func (x *reading) said(title string, kinds ...string) templ.Component {
	var parts []part
	for _, e := range x.events {
		for _, k := range kinds {
			if e.Kind == k {
				parts = append(parts, part{happened(x.names, x.p, e) + ", " + when(e.OccurredAt, x.tx.Now), e.Text})
			}
		}
	}
	return quoted(title, parts)
}

// act runs one act.
func (s *Server) act(w http.ResponseWriter, r *http.Request) error {
	sheet, ok := actSheets[r.PathValue("act")]
	if !ok {
		return fault.NotFound
	}
	id := casefile.ID(r.PathValue("case"))
	c := actCall{id: id, text: r.PostForm.Get, seen: seen(r), checked: func(name string) bool { return r.PostForm.Get(name) == "1" }}
	err := s.actReady(r, sheet, &c)
	if err == nil {
		err = s.update(w, r, func(tx *db.Tx, who org.Actor) (done, error) {
			call := c
			call.tx, call.who = tx, who
			p, d, err := sheet.run(s, call)
			if err != nil {
				return done{}, err
			}
			if d.To == "" {
				d.To, d.Version = casePath(p.ID), p.Version+1
			}
			return d, nil
		})
	}
	return s.again(w, r, s.beside(r, err, id), s.actPage)
}

// actReady reads what an act's form needs before the transaction: the confirmation, days
// however they were typed, files.
func (s *Server) actReady(r *http.Request, sheet actSheet, c *actCall) (err error) {
	if sheet.files { // first: they outlive whatever is refused below
		if c.files, err = s.attached(r); err != nil {
			return err
		}
	}
	if !sheet.inner {
		if err := confirmed(r); err != nil {
			return err
		}
	}
	for _, name := range []string{"due_on", "next_report"} {
		d, err := typedDay(r, name, "Ngày không đúng; ghi theo mẫu ngày/tháng/năm.")
		if err != nil {
			return err
		}
		if !d.IsZero() {
			r.PostForm.Set(name, d.String())
		}
	}
	return nil
}
