package web

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/extract"
	"lienthong/internal/extract/propose"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// numbersOf are the proposals that an address or a form names.
func numbersOf(r *http.Request) (all []int64) {
	for _, v := range r.Form["n"] {
		if n, err := strconv.ParseInt(v, 10, 64); err == nil {
			all = append(all, n)
		}
	}
	return all
}

// chosen are the proposals that the request names, those that still stand.
func (x *directiveReading) chosen(r *http.Request) (all []*directive.Proposal) {
	of := numbersOf(r)
	for _, p := range x.s.Proposals {
		if slices.Contains(of, p.N) && p.Stands() {
			all = append(all, p)
		}
	}
	return all
}

// directiveForms are the acts that have a form: the title, the word on the button, which
// right it needs, whether it is of one proposal, and its fields.
var directiveForms = map[string]struct {
	title, send, right string
	one                bool
	fields             func(x *directiveReading, r *http.Request, of []*directive.Proposal) ([]input, error)
}{
	"edit":      {"Sửa đề xuất", "Lưu", "edit", true, (*directiveReading).editInputs},
	"split":     {"Tách đề xuất", "Tách", "edit", true, (*directiveReading).splitInputs},
	"merge":     {"Gộp đề xuất", "Gộp", "edit", false, (*directiveReading).mergeInputs},
	"drop":      {"Bỏ đề xuất", "Bỏ", "edit", true, dropInputs},
	"add":       {"Thêm nhiệm vụ", "Thêm", "edit", false, (*directiveReading).addInputs},
	"describe":  {"Sửa thông tin văn bản", "Lưu", "edit", false, (*directiveReading).describeInputs},
	"propose":   {"Đề xuất nội dung văn bản chưa nêu", "Gửi đề xuất", "propose", true, (*directiveReading).openInputs},
	"decide":    {"Quyết định nội dung văn bản chưa nêu", "Quyết định", "decide", true, (*directiveReading).openInputs},
	"send-back": {"Trả lại người xác nhận", "Trả lại", "send-back", false, reasonInputs("Vì sao trả lại")},
	"second":    {"Hỏi người đọc thứ hai", "Gửi văn bản đi đọc", "edit", false, (*directiveReading).secondInputs},
	"withdraw":  {"Rút văn bản", "Rút văn bản", "withdraw", false, reasonInputs("Vì sao rút")},
}

// directiveForm is the form of one act, with the words of the document above it.
func (s *Server) directiveForm(w http.ResponseWriter, r *http.Request) error {
	act := r.PathValue("act")
	form, ok := directiveForms[act]
	if !ok {
		return fault.NotFound
	}
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		x, err := readDirective(tx, who, r, p.Key)
		if err != nil {
			return nil, err
		}
		if !x.may(form.right) {
			return nil, fault.Refuse(fault.Denied, "Lúc này anh/chị không làm được việc này với văn bản: %s.", lower(directive.States[x.d.State]))
		}
		of := x.chosen(r)
		if form.one && len(of) != 1 {
			return nil, &fault.Refusal{Kind: fault.Conflict, Field: fault.Seen, Say: "Đề xuất này không còn; có người vừa sửa. Anh/chị mở lại văn bản."}
		}
		in, err := form.fields(x, r, of)
		if err != nil {
			return nil, err
		}
		p.Title = form.title
		t := keptOf(r)
		f := ui.Form{Action: directivePath(x.d.ID) + "/" + act, Key: p.Key, Version: itoa(x.d.Version), Send: form.send, Keep: act + "-" + x.d.Code}
		back := directivePath(x.d.ID)
		for _, one := range of {
			f.Hidden = append(f.Hidden, ui.Hidden{Name: "n", Value: itoa(one.N)})
			f.Keep += "-" + itoa(one.N)
			back = directivePath(x.d.ID) + "#p-" + itoa(one.N)
		}
		f.Quiet = []ui.Button{{Label: "Quay lại", Href: back}}
		head := ui.Head{Crumbs: []ui.Link{{Label: "Văn bản chỉ đạo, điều hành", Href: "/directives"}, {Label: "Mã theo dõi " + x.d.Code, Href: directivePath(x.d.ID)}}, Title: form.title, Sub: upper(x.d.Title)}
		before, err := x.inText(of)
		return formPage(head, before, t.form(f), t.with(in)), err
	})
}

// inText is what the document says at the chosen proposals.
func (x *directiveReading) inText(of []*directive.Proposal) (templ.Component, error) {
	text, err := directive.TextOf(x.tx, x.d)
	if err != nil || len(of) == 0 {
		return nil, err
	}
	runes := []rune(text)
	var parts []part
	for _, p := range of {
		from, to := min(max(p.Task.Span[0], 0), len(runes)), min(max(p.Task.Span[1], 0), len(runes))
		if from < to {
			parts = append(parts, part{Text: string(runes[from:to])})
		}
	}
	if len(parts) == 0 {
		return nil, nil
	}
	return matterCard(parts, nil), nil
}

func dropInputs(*directiveReading, *http.Request, []*directive.Proposal) ([]input, error) {
	return []input{{Kind: area, Input: ui.Input{Name: "reason", Label: "Vì sao đây không phải là nhiệm vụ được giao", Rows: 2, Required: true, Focus: true}}}, nil
}

func reasonInputs(label string) func(*directiveReading, *http.Request, []*directive.Proposal) ([]input, error) {
	return func(*directiveReading, *http.Request, []*directive.Proposal) ([]input, error) {
		return []input{{Kind: area, Input: ui.Input{Name: "reason", Label: label, Rows: 3, Required: true}}}, nil
	}
}

// rhythms are how often a task comes again, as the form offers them.
var rhythms = []ui.Option{{Value: "", Label: "Một lần"}, {Value: directive.Continuous, Label: "Thường xuyên, không có ngày"}, {Value: "weekly", Label: "Hằng tuần"},
	{Value: "monthly", Label: "Hằng tháng"}, {Value: "quarterly", Label: "Hằng quý"}, {Value: "halfyear", Label: "6 tháng"}, {Value: "yearly", Label: "Hằng năm"}}

// proposalInputs are the fields of one task.
func (x *directiveReading) proposalInputs(t directive.Task) ([]input, error) {
	units, err := x.unitNames()
	if err != nil {
		return nil, err
	}
	day, clock, _ := strings.Cut(t.Deadline, "T")
	rhythm, at, _ := strings.Cut(t.Recurrence, " ")
	field, err := directiveField(x.tx, t.Field)
	if err != nil {
		return nil, err
	}
	yes := func(b bool) string {
		if b {
			return "1"
		}
		return ""
	}
	how := ui.Input{Name: "rhythm", Label: "Lặp lại", Value: rhythm, Options: rhythms}
	return []input{
		{Kind: area, Input: ui.Input{Name: "content", Label: "Nội dung nhiệm vụ", Rows: 4, Required: true, Max: 6000, Value: t.Content, Focus: true}},
		{Kind: line, Input: ui.Input{Name: "lead", Label: "Cơ quan chủ trì", Value: bodies(x.names, t.Leads), Options: units, Auto: "off", Hint: "Nhiều cơ quan: ngăn bằng dấu chấm phẩy. Ghi được tên tắt, tên cũ, “UBND các xã, phường”."}},
		{Kind: tick, Input: ui.Input{Name: "each", Label: "Mỗi cơ quan một nhiệm vụ riêng", Hint: "Khi văn bản giao cùng một việc cho nhiều cơ quan.", Value: yes(t.Each)}},
		{Kind: line, Input: ui.Input{Name: "with", Label: "Cơ quan phối hợp", Value: bodies(x.names, t.Coordinating), Auto: "off"}},
		{Kind: line, Input: ui.Input{Name: "due", Label: "Hạn", Type: "date", Value: day}},
		{Kind: line, Input: ui.Input{Name: "due_hour", Label: "Giờ", Value: clock[:min(5, len(clock))], Auto: "off", Hint: "Như 16:00; để trống là hết ngày."}},
		{Kind: line, Input: ui.Input{Name: "words", Label: "Lời văn nêu hạn", Value: t.Words, Auto: "off", Hint: "Chép đúng trong văn bản. Văn bản không nêu hạn thì để trống cả ba ô; hạn do người có thẩm quyền quyết định."}},
		{Kind: choice, Input: how},
		{Kind: line, Input: ui.Input{Name: "rhythm_day", Label: "Ngày của kỳ", Value: at, Auto: "off", When: "weekly monthly quarterly halfyear yearly", Hint: "Tháng: 25 hoặc last (ngày cuối); tuần: T6; quý: 3-14 (tháng thứ 3, ngày 14); năm: 12-05 (tháng 12, ngày 05)."}},
		{Kind: line, Input: ui.Input{Name: "clause", Label: "Mục trong văn bản", Value: t.Clause, Auto: "off", Max: 40}},
		{Kind: tick, Input: ui.Input{Name: "request", Label: "Đề nghị, không phải giao", Value: yes(t.Request), Hint: "Cơ quan ngành dọc, doanh nghiệp: được đề nghị, không tính quá hạn."}},
		{Kind: tick, Input: ui.Input{Name: "scheme", Label: "Xây dựng đề án", Value: yes(t.Kind == directive.Scheme)}},
		urgencyInput(t.Urgency), field,
	}, nil
}

// unitNames suggest the agencies while somebody types.
func (x *directiveReading) unitNames() (all []ui.Option, err error) {
	units, err := org.Units(x.tx, org.Filter{Requested: true})
	for _, u := range units {
		all = append(all, ui.Option{Value: u.Name})
	}
	return all, err
}

// bodies write names as the form takes them back.
func bodies(n *names, all []directive.Name) string {
	var out []string
	for _, b := range all {
		if b.Unit != "" && b.Group == "" {
			out = append(out, n.unit(b.Unit))
			continue
		}
		out = append(out, b.Said)
	}
	return strings.Join(out, "; ")
}

func (x *directiveReading) editInputs(_ *http.Request, of []*directive.Proposal) ([]input, error) {
	t := of[0].Task
	in, err := x.proposalInputs(t)
	if slices.ContainsFunc(x.s.Questions, func(q directive.Question) bool { return q.N == of[0].N && q.Kind == directive.AskPast }) {
		in = append(in, input{Kind: tick, Input: ui.Input{Name: "accept_past", Label: "Văn bản gốc ghi đúng như vậy", Hint: "Hạn trước ngày của văn bản; đã đối chiếu bản gốc."}})
	}
	return in, err
}

// splitInto is how many pieces the form of splitting offers.
const splitInto = 4

func (x *directiveReading) splitInputs(_ *http.Request, of []*directive.Proposal) (in []input, err error) {
	units, err := x.unitNames()
	t := of[0].Task
	for i := range splitInto {
		n := itoa(int64(i + 1))
		content := ui.Input{Name: "content_" + n, Label: "Nhiệm vụ " + n, Rows: 3, Max: 6000, Required: i < 2}
		if i == 0 {
			content.Value, content.Focus = t.Content, true
		}
		in = append(in, input{Kind: area, Input: content},
			input{Kind: line, Input: ui.Input{Name: "lead_" + n, Label: "Chủ trì nhiệm vụ " + n, Value: bodies(x.names, t.Leads), Options: units, Auto: "off"}})
	}
	return append(in, input{Kind: note, Input: ui.Input{Label: "Hạn, cơ quan phối hợp và mục của các nhiệm vụ tách ra giữ như cũ; sửa từng nhiệm vụ sau khi tách. Ô nội dung để trống thì bỏ qua."}}), err
}

func (x *directiveReading) mergeInputs(_ *http.Request, of []*directive.Proposal) ([]input, error) {
	if len(of) < 2 {
		return nil, fault.Refuse(fault.Conflict, "Anh/chị đánh dấu ít nhất hai đề xuất rồi bấm gộp.")
	}
	return x.proposalInputs(merged(of))
}

// merged is what several proposals come to when nothing more is said: the first one's
// facts, every text, every unit beside the lead.
func merged(of []*directive.Proposal) directive.Task {
	t := of[0].Task
	for _, p := range of[1:] {
		t.Content += "\n" + p.Task.Content
		t.Coordinating = append(slices.Clone(t.Coordinating), p.Task.Coordinating...)
		t.Span[0], t.Span[1] = min(t.Span[0], p.Task.Span[0]), max(t.Span[1], p.Task.Span[1])
	}
	return t
}

func (x *directiveReading) addInputs(r *http.Request, _ []*directive.Proposal) ([]input, error) {
	return x.proposalInputs(directive.Task{Content: r.Form.Get("content"), Field: x.d.Field, Urgency: x.d.Urgency})
}

func (x *directiveReading) describeInputs(*http.Request, []*directive.Proposal) ([]input, error) {
	day := ""
	if !x.d.IssuedOn.IsZero() {
		day = x.d.IssuedOn.String()
	}
	field, err := directiveField(x.tx, x.d.Field)
	return []input{
		{Kind: line, Input: ui.Input{Name: "number", Label: "Số, ký hiệu", Value: x.d.Number, Auto: "off", Max: 60, Required: true}},
		{Kind: line, Input: ui.Input{Name: "issued_on", Label: "Ngày văn bản", Type: "date", Value: day, Required: true}},
		{Kind: line, Input: ui.Input{Name: "issuer", Label: "Cơ quan ban hành", Value: x.d.Issuer, Auto: "off"}},
		{Kind: line, Input: ui.Input{Name: "type", Label: "Loại văn bản", Value: x.d.Type, Auto: "off"}},
		{Kind: area, Input: ui.Input{Name: "subject", Label: "Trích yếu", Value: x.d.Title, Rows: 2, Required: true}},
		{Kind: line, Input: ui.Input{Name: "signer", Label: "Người ký", Value: x.d.Signer, Auto: "off"}},
		urgencyInput(x.d.Urgency), field,
	}, err
}

// openInputs are what is proposed, or decided, where the document says nothing.
func (x *directiveReading) openInputs(r *http.Request, of []*directive.Proposal) (in []input, err error) {
	t := of[0].Task
	deciding := r.PathValue("act") == "decide"
	var was directive.Suggestion
	if t.Proposal != nil {
		was = *t.Proposal
	}
	if t.LeadOpen {
		all, err := org.Units(x.tx, org.Filter{Requested: true})
		if err != nil {
			return nil, err
		}
		in = append(in, input{Kind: choice, Input: ui.Input{Name: "unit", Label: "Cơ quan chủ trì", Blank: "– chưa quyết –", Value: string(was.Unit), Options: unitOptions(all)}})
	}
	if t.Deadline == "" && t.Recurrence == "" {
		day, clock, _ := strings.Cut(was.Until, "T")
		in = append(in, input{Kind: line, Input: ui.Input{Name: "due", Label: "Hạn", Type: "date", Value: day}},
			input{Kind: line, Input: ui.Input{Name: "due_hour", Label: "Giờ", Value: clock[:min(5, len(clock))], Auto: "off", Hint: "Như 16:00; để trống là hết ngày."}})
	}
	if deciding {
		if was.Reason != "" {
			in = append([]input{{Kind: note, Input: ui.Input{Label: "Văn phòng đề xuất: " + was.Reason}}}, in...)
		}
		return append(in, input{Kind: area, Input: ui.Input{Name: "remark", Label: "Ý kiến", Rows: 2}}), nil
	}
	return append(in, input{Kind: area, Input: ui.Input{Name: "reason", Label: "Căn cứ, lý do đề xuất", Rows: 3, Required: true}}), nil
}

// typedDue reads a day with its hour, of the office; "" where the form leaves it open.
func typedDue(r *http.Request) (string, error) {
	d, err := typedDay(r, "due", "Hạn không đúng; ghi theo mẫu ngày/tháng/năm.")
	if err != nil {
		return "", err
	}
	clock := strings.TrimSpace(strings.NewReplacer("h", ":", "g", ":").Replace(strings.ToLower(r.PostForm.Get("due_hour"))))
	switch {
	case d.IsZero() && clock != "":
		return "", fault.Field("due", "Đã ghi giờ thì ghi cả ngày.")
	case d.IsZero() || clock == "":
		if d.IsZero() {
			return "", nil
		}
		return d.String(), nil
	}
	h, m, _ := strings.Cut(clock, ":")
	hour, err := strconv.Atoi(h)
	minute, err2 := strconv.Atoi("0" + m)
	if err != nil || err2 != nil || hour > 23 || hour < 0 || minute > 59 {
		return "", fault.Field("due_hour", "Giờ không đúng; ghi như 16:00.")
	}
	return d.String() + "T" + twoDigits(hour) + ":" + twoDigits(minute), nil
}

func twoDigits(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// matched are the bodies that a line of a form names, with the units they mean; what
// matches nobody stays a name and the page asks about it.
func matched(tx *db.Tx, d *directive.Directive, lead, with string) (leads, beside []directive.Name, err error) {
	split := func(s string) (all []string) {
		for _, one := range strings.FieldsFunc(s, func(r rune) bool { return r == ';' || r == '\n' }) {
			if one = strings.TrimSpace(one); one != "" {
				all = append(all, one)
			}
		}
		return all
	}
	doc := extract.Document{Tasks: []extract.Proposal{{Lead: split(lead), Coordinating: split(with)}}}
	on := workday.Of(tx.Now).String()
	if !d.IssuedOn.IsZero() {
		on = d.IssuedOn.String()
	}
	doc.Date = &on
	r, err := propose.From(tx, doc)
	if err != nil {
		return nil, nil, err
	}
	return r.Tasks[0].Leads, r.Tasks[0].Coordinating, nil
}

// typedProposal reads the form of one task; was is the task it began as.
func typedProposal(tx *db.Tx, d *directive.Directive, r *http.Request, was directive.Task) (t directive.Task, err error) {
	f := r.PostForm
	t = was
	t.Unread = nil // a person has looked at it
	t.Content, t.Clause, t.Words = f.Get("content"), strings.TrimSpace(f.Get("clause")), strings.TrimSpace(f.Get("words"))
	t.Each, t.Request, t.AcceptPast = f.Get("each") == "1", f.Get("request") == "1", f.Get("accept_past") == "1" || was.AcceptPast
	t.Urgency, t.Field = directive.Urgency(f.Get("urgency")), f.Get("field")
	t.Kind = ""
	if f.Get("scheme") == "1" {
		t.Kind = directive.Scheme
	}
	t.Recurrence = strings.TrimSpace(f.Get("rhythm") + " " + f.Get("rhythm_day"))
	if f.Get("rhythm") == "" || f.Get("rhythm") == directive.Continuous {
		t.Recurrence = f.Get("rhythm")
	}
	if t.Deadline, err = typedDue(r); err != nil {
		return t, err
	}
	leads, beside, err := matched(tx, d, f.Get("lead"), f.Get("with"))
	t.Leads, t.Coordinating = asBefore(was.Leads, leads), asBefore(was.Coordinating, beside)
	return t, err
}

// asBefore keeps how the document says a unit where the form only shows its name.
func asBefore(was, now []directive.Name) []directive.Name {
	for i, n := range now {
		for _, w := range was {
			if n.Unit != "" && w.Unit == n.Unit || n.Unit == "" && n.Group == "" && w.Said == n.Said {
				now[i] = w
			}
		}
	}
	return now
}

// directiveAct does one act on a directive and leads back to its page.
func (s *Server) directiveAct(w http.ResponseWriter, r *http.Request) error {
	id, act := casefile.ID(r.PathValue("case")), r.PathValue("act")
	page := s.directiveForm
	if _, ok := directiveForms[act]; !ok {
		page = s.directive
	}
	err := s.update(w, r, func(tx *db.Tx, who org.Actor) (d done, err error) {
		d.To = directivePath(id)
		var x *directive.Directive
		if x, d.Say, err = doDirective(tx, who, r, id, act); err != nil {
			return d, err
		}
		d.Version = x.Version + 1
		n, err := landing(tx, id, numbersOf(r))
		if n > 0 {
			d.To += "#p-" + itoa(n)
		}
		return d, err
	})
	return s.again(w, r, err, page)
}

// landing is the proposal at which the person stands after an act on some: the first that came
// of it, the one itself, or, when it no longer stands, the next in the document. 0: none.
func landing(tx *db.Tx, id casefile.ID, of []int64) (int64, error) {
	all, err := directive.Proposals(tx, id)
	made, next, passed := int64(0), int64(0), false
	for _, p := range all {
		mine := len(of) == 1 && p.N == of[0]
		passed = passed || mine
		switch {
		case !p.Stands():
		case mine:
			return p.N, err
		case p.State == directive.IsAdded && p.At.Equal(tx.Now) && (made == 0 || p.N < made):
			made = p.N
		case next == 0 && passed:
			next = p.N
		}
	}
	return cmp.Or(made, next), err
}

func doDirective(tx *db.Tx, who org.Actor, r *http.Request, id casefile.ID, act string) (x *directive.Directive, say string, err error) {
	f := r.PostForm
	switch act {
	case "confirm":
		x, err = directive.Confirm(tx, who, id, f.Get("remark"), seen(r))
		return x, "Đã xác nhận đọc đúng văn bản; lãnh đạo phòng ban hành nhiệm vụ.", err
	case "release":
		x, err = directive.Release(tx, who, id, seen(r))
		return x, "Đang giao nhiệm vụ cho các đơn vị.", err
	case "send-back":
		x, err = directive.SendBack(tx, who, id, f.Get("reason"), seen(r))
		return x, "Đã trả lại người xác nhận.", err
	case "withdraw":
		x, err = directive.Withdraw(tx, who, id, f.Get("reason"), seen(r))
		return x, "Đã rút văn bản.", err
	case "describe":
		return describeDirective(tx, who, r, id)
	case "propose", "decide":
		return openDirective(tx, who, r, id, act)
	case "second", "second-take", "second-leave":
		return doSecond(tx, who, r, id, act)
	}
	return shapeDirective(tx, who, r, id, act)
}

func describeDirective(tx *db.Tx, who org.Actor, r *http.Request, id casefile.ID) (x *directive.Directive, say string, err error) {
	f := r.PostForm
	on, err := typedDay(r, "issued_on", "Ngày văn bản không đúng; ghi theo mẫu ngày/tháng/năm.")
	if err != nil {
		return nil, "", err
	}
	x, err = directive.Describe(tx, who, id, directive.Header{Number: f.Get("number"), IssuedOn: on, Issuer: f.Get("issuer"), Type: f.Get("type"), Subject: f.Get("subject"),
		Signer: f.Get("signer"), Field: f.Get("field"), Urgency: directive.Urgency(f.Get("urgency")), Version: seen(r)})
	return x, "Đã sửa thông tin văn bản.", err
}

func openDirective(tx *db.Tx, who org.Actor, r *http.Request, id casefile.ID, act string) (x *directive.Directive, say string, err error) {
	f, of := r.PostForm, numbersOf(r)
	until, err := typedDue(r)
	if err != nil {
		return nil, "", err
	}
	if len(of) != 1 {
		return nil, "", fault.NotFound
	}
	if act == "decide" {
		x, err = directive.Decide(tx, who, id, directive.Decision{N: of[0], Unit: org.UnitID(f.Get("unit")), Until: until, Remark: f.Get("remark"), Version: seen(r)})
		return x, "Đã quyết định.", err
	}
	x, err = directive.Propose(tx, who, id, of[0], directive.Suggestion{Unit: org.UnitID(f.Get("unit")), Until: until, Reason: f.Get("reason")}, seen(r))
	return x, "Đã gửi đề xuất; nội dung có hiệu lực khi người có thẩm quyền quyết định.", err
}

// shapeDirective are the acts on proposals.
func shapeDirective(tx *db.Tx, who org.Actor, r *http.Request, id casefile.ID, act string) (x *directive.Directive, say string, err error) {
	f, of := r.PostForm, numbersOf(r)
	d, err := directive.Get(tx, who, id)
	if err != nil {
		return nil, "", err
	}
	all, err := directive.Proposals(tx, id)
	if err != nil {
		return nil, "", err
	}
	var some []*directive.Proposal
	for _, p := range all {
		if slices.Contains(of, p.N) {
			some = append(some, p)
		}
	}
	if act == "add" {
		return addProposal(tx, who, r, d)
	}
	if len(some) == 0 {
		return nil, "", fault.NotFound
	}
	was := some[0].Task
	switch act {
	case "edit":
		t, err := typedProposal(tx, d, r, was)
		if err == nil {
			x, err = directive.Edit(tx, who, id, of[0], t, seen(r))
		}
		return x, "Đã sửa đề xuất.", err
	case "match":
		x, err = directive.Edit(tx, who, id, of[0], renamed(was, f.Get("said"), org.UnitID(f.Get("unit"))), seen(r))
		return x, "Đã ghép “" + f.Get("said") + "” với đơn vị.", err
	case "unname":
		x, err = directive.Edit(tx, who, id, of[0], unnamed(was, f.Get("said")), seen(r))
		return x, "Đã để “" + f.Get("said") + "” trong lời văn, không lập phần việc phối hợp.", err
	case "drop":
		x, err = directive.Drop(tx, who, id, of[0], f.Get("reason"), seen(r))
		return x, "Đã bỏ đề xuất.", err
	case "merge":
		t, err := typedProposal(tx, d, r, merged(some))
		if err == nil {
			x, err = directive.Merge(tx, who, id, of, t, seen(r))
		}
		return x, "Đã gộp.", err
	case "split":
		return splitProposal(tx, who, r, d, some[0])
	}
	return nil, "", fault.NotFound
}

// renamed gives a name that matched nobody the unit that a person chose.
func renamed(t directive.Task, said string, unit org.UnitID) directive.Task {
	give := func(all []directive.Name) []directive.Name {
		all = slices.Clone(all)
		for i := range all {
			if all[i].Said == said && all[i].Unit == "" {
				all[i].Unit, all[i].Why = unit, "người đối chiếu chọn"
			}
		}
		return all
	}
	t.Leads, t.Coordinating = give(t.Leads), give(t.Coordinating)
	return t
}

// unnamed leaves a coordinating name that is no unit of the catalogue to the words of the task.
func unnamed(t directive.Task, said string) directive.Task {
	t.Coordinating = slices.DeleteFunc(slices.Clone(t.Coordinating), func(n directive.Name) bool { return n.Said == said && n.Unit == "" && n.Group == "" })
	return t
}

// addProposal puts in what the reader did not see; words that stand in the document are
// coloured there.
func addProposal(tx *db.Tx, who org.Actor, r *http.Request, d *directive.Directive) (x *directive.Directive, say string, err error) {
	t, err := typedProposal(tx, d, r, directive.Task{})
	if err != nil {
		return nil, "", err
	}
	text, err := directive.TextOf(tx, d)
	if err != nil {
		return nil, "", err
	}
	if before, _, ok := strings.Cut(text, strings.TrimSpace(t.Content)); ok {
		from := len([]rune(before))
		t.Span = directive.Span{from, from + len([]rune(strings.TrimSpace(t.Content)))}
	}
	x, err = directive.Add(tx, who, d.ID, t, seen(r))
	return x, "Đã thêm nhiệm vụ.", err
}

func splitProposal(tx *db.Tx, who org.Actor, r *http.Request, d *directive.Directive, p *directive.Proposal) (x *directive.Directive, say string, err error) {
	var into []directive.Task
	for i := range splitInto {
		n := itoa(int64(i + 1))
		t := p.Task
		if t.Content = r.PostForm.Get("content_" + n); strings.TrimSpace(t.Content) == "" {
			continue
		}
		leads, _, err := matched(tx, d, r.PostForm.Get("lead_"+n), "")
		if err != nil {
			return nil, "", err
		}
		t.Leads = asBefore(p.Task.Leads, leads)
		into = append(into, t)
	}
	if len(into) < 2 {
		return nil, "", fault.Field("content_2", "Tách thì phải thành ít nhất hai nhiệm vụ.")
	}
	x, err = directive.Split(tx, who, d.ID, p.N, into, seen(r))
	return x, "Đã tách thành " + itoa(int64(len(into))) + " nhiệm vụ.", err
}
