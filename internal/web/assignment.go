package web

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"lienthong/internal/audit"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/duty"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/signoff"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// assignments are the pages of what directives give.
func (s *Server) assignments() {
	s.handle("GET /assignments/{case}", s.assignment)
	s.handle("GET /assignments/{case}/{act}", s.assignmentForm)
	s.handle("POST /assignments/{case}/{act}", s.assignmentAct)
}

func assignmentPath(id casefile.ID) string { return "/assignments/" + string(id) }

// assignmentView is the page of one assignment for one officer.
type assignmentView struct {
	Head    ui.Head
	Next    ui.NextStep
	Warn    string // that nobody states a date
	Given   string
	Source  ui.Link
	Notes   []noteView
	Parts   ui.Table
	Subs    []ui.Group
	Rollup  string
	Asked   []ui.Fact // requests for more time
	Files   []ui.File
	Words   []string // how the date was reckoned
	Facts   []ui.Fact
	Duties  []ui.DutyItem
	Entries []ui.Entry
}

// A noteView is one line of progress or a difficulty.
type noteView struct {
	Who, When, Text string
	Chip            ui.Chip
	Petition, Raise ui.Link
}

// An assignmentReading is what the page is made of, read in one snapshot.
type assignmentReading struct {
	tx    *db.Tx
	who   org.Actor
	names *names
	a     *directive.Assignment
	v     *directive.View
	acts  []directive.Act
	rev   workday.Revision
	key   string

	raises []org.UnitID // the communes in whose name he raises petitions
}

func readAssignment(tx *db.Tx, who org.Actor, r *http.Request, key string) (x *assignmentReading, err error) {
	x = &assignmentReading{tx: tx, who: who, names: newNames(tx), key: key}
	if x.a, err = directive.GetAssignment(tx, who, casefile.ID(r.PathValue("case"))); err != nil {
		return nil, err
	}
	if x.v, err = directive.ViewOf(tx, who, x.a); err != nil {
		return nil, err
	}
	x.acts = x.v.Acts(who)
	if x.raises, err = petition.Raises(tx, who); err != nil {
		return nil, err
	}
	_, x.rev, err = duty.Calendar(tx)
	return x, err
}

// assignment shows one assignment: the next act, what is to be done, how far it is.
func (s *Server) assignment(w http.ResponseWriter, r *http.Request) error {
	s.seen(r, casefile.ID(r.PathValue("case")))
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		x, err := readAssignment(tx, who, r, p.Key)
		if err != nil {
			return nil, err
		}
		p.Title = x.a.Title
		p.Paper.Code = "Mã theo dõi " + x.a.Code
		v, err := x.view()
		return assignmentPage(v), err
	})
}

func (x *assignmentReading) view() (v assignmentView, err error) {
	v.Head = x.head()
	v.Next = x.next()
	v.Given = x.v.Given
	if x.v.Undated() && x.a.State == directive.Open {
		v.Warn = "Không nêu hạn: văn bản không ghi ngày và chưa ai đặt. Việc này không bị tính quá hạn cho đến khi Văn phòng đặt hạn."
	}
	if d := x.v.Source; d != nil {
		v.Source = ui.Link{Label: upper(typeWords(d.Type)) + " số " + d.Number + longDay(" ngày ", d.IssuedOn.String()) + ": " + d.Title}
		if x.v.Readable {
			v.Source.Href = directivePath(d.ID) + "#p-" + itoa(x.a.Proposal)
		}
	}
	if !x.v.WholeDue.At.IsZero() && x.a.State == directive.Open {
		v.Warn = "Hạn của phần việc này sau hạn của cả nhiệm vụ (" + endWords(x.v.WholeDue) + "): làm đúng hạn của phần việc thì cả nhiệm vụ vẫn có thể quá hạn. Hãy trao đổi với " + x.names.unit(x.a.Raiser) + "."
	}
	for _, n := range x.v.Notes {
		v.Notes = append(v.Notes, x.note(n))
	}
	v.Parts = x.parts()
	if len(x.v.Subs) > 0 {
		rows, err := assignmentRows(x.tx, x.who, x.v.Subs)
		if err != nil {
			return v, err
		}
		for i := range rows {
			if l := x.v.Subs[i]; l.State == directive.Open && x.v.Lead != nil && !x.v.Lead.DueAt.IsZero() && l.DueAt.After(x.v.Lead.DueAt) {
				rows[i].Chips = append(rows[i].Chips, ui.Chip{Tone: ui.Soon, Text: "hạn sau hạn của cả nhiệm vụ"})
			}
		}
		v.Subs = []ui.Group{{Title: "Phần việc đã giao tiếp", Rows: rows}}
		v.Rollup = itoa(int64(x.v.Rollup.Done)) + "/" + itoa(int64(x.v.Rollup.All)) + " phần đã xong, bình quân " + itoa(x.v.Rollup.Percent) + "%"
	}
	for _, e := range x.v.Extensions {
		v.Asked = append(v.Asked, x.extension(e))
	}
	docs, err := casefile.Documents(x.tx, x.who, x.a.ID)
	if err != nil {
		return v, err
	}
	for _, d := range docs {
		v.Files = append(v.Files, fileOf(d))
	}
	if v.Words, err = x.reckoning(); err != nil {
		return v, err
	}
	if v.Facts, err = x.facts(); err != nil {
		return v, err
	}
	v.Duties = x.duties()
	v.Entries, err = caseHistory(x.tx, x.who, x.names, x.a.ID, directive.Events, x.a.GivenN)
	return v, err
}

func (x *assignmentReading) head() ui.Head {
	h := ui.Head{Crumbs: []ui.Link{{Label: "Theo dõi nhiệm vụ", Href: "/tracker"}}, Title: upper(x.a.Title), Sub: "Mã theo dõi " + x.a.Code,
		Chips: []ui.Chip{{Tone: ui.Info, Text: lower(directive.States[x.a.State])}}}
	if x.a.State == directive.Accepted {
		h.Chips[0].Tone = ui.Done
	}
	if x.a.Urgency != directive.Normal {
		h.Chips = append(h.Chips, ui.Chip{Tone: ui.Soon, Text: lower(directive.Urgencies[x.a.Urgency])})
	}
	if x.a.Scheme {
		h.Chips = append(h.Chips, ui.Chip{Text: "đề án"})
	}
	if x.a.Returns > 0 {
		h.Chips = append(h.Chips, ui.Chip{Text: "bị trả lại " + itoa(x.a.Returns) + " lần"})
	}
	if x.v.Lead != nil && x.v.Lead.Request {
		h.Chips = append(h.Chips, ui.Chip{Text: "được đề nghị"})
	}
	return h
}

// note draws a line of progress; a difficulty may become a petition of the commune that
// met it.
func (x *assignmentReading) note(n directive.Note) noteView {
	v := noteView{Who: x.names.unit(n.Unit), When: when(n.At, x.tx.Now), Text: n.Text, Chip: ui.Chip{Text: itoa(n.Percent) + "%"}}
	if n.What != "difficulty" {
		return v
	}
	v.Chip = ui.Chip{Tone: ui.Soon, Text: "khó khăn, vướng mắc"}
	switch {
	case n.Petition != "":
		v.Petition = ui.Link{Label: "Đã thành kiến nghị", Href: "/cases/" + string(n.Petition)}
	case !n.Linked && slices.Contains(x.raises, n.Unit):
		v.Raise = ui.Link{Label: "Nêu thành kiến nghị", Href: "/petitions/new?assignment=" + string(x.a.ID) + "&difficulty=" + itoa(n.N)}
	}
	return v
}

// parts are the units beside the lead, the requested ones apart and never late.
func (x *assignmentReading) parts() ui.Table {
	t := ui.Table{Caption: "Đơn vị phối hợp", Cols: []ui.Col{{Label: "Đơn vị"}, {Label: "Tình trạng"}, {Label: "Hạn"}, {Label: "Tiến độ"}}}
	say := map[string]string{"open": "đang thực hiện", "done": "đã gửi phần việc", "ended": "thôi"}
	for _, p := range x.v.Parts {
		state := say[p.State]
		if p.Requested {
			state = "được đề nghị, " + state
		}
		row := []ui.Cell{{Text: x.names.unit(p.Unit)}, {Text: state}, {Text: x.partDue(p.Unit)}, {Text: itoa(p.Percent) + "%"}}
		if p.Requested {
			t.Foot = append(t.Foot, row)
		} else {
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

// partDue says by when a unit beside the lead has its part to give.
func (x *assignmentReading) partDue(unit org.UnitID) string {
	for _, d := range x.v.Duties {
		if d.Owner == unit && d.EndedAt.IsZero() && isPart(d) {
			u := dueOf(x.rev, d, x.tx.Now, true)
			return joinDot(u.Words, u.Until)
		}
	}
	return ""
}

// isPart says whether a duty is the part of a unit beside the lead.
func isPart(d *duty.Duty) bool {
	return d.Rule == directive.MustTakePart || d.Rule == directive.MustReply
}

func (x *assignmentReading) extension(e *directive.Extension) ui.Fact {
	say := map[string]string{"asked": "chờ quyết định", "granted": "được gia hạn", "refused": "không được gia hạn"}
	until := e.Until.Words()
	if e.State == "granted" {
		until = e.Granted.Words()
	}
	return fact(x.names.unit(e.Unit), "xin đến "+until+", "+when(e.AskedAt, x.tx.Now)+": "+say[e.State])
}

// reckoning says how the lead's date came about.
func (x *assignmentReading) reckoning() (words []string, err error) {
	d := x.v.Lead
	if d == nil || len(d.Limits) == 0 {
		return nil, nil
	}
	all, _, err := duty.Explain(x.tx, d)
	if err != nil {
		return nil, err
	}
	for _, e := range all {
		words = append(words, "Theo "+e.Basis+": "+endWords(e.Due)+".")
	}
	changes, err := duty.Changes(x.tx, d.Key)
	if err != nil {
		return nil, err
	}
	moved, _ := changeLines(changes, x.tx.Now)
	return append(words, moved...), nil
}

func (x *assignmentReading) facts() (all []ui.Fact, err error) {
	all = append(all, fact("Chủ trì", x.names.unit(x.a.Lead)))
	if x.v.Lead != nil && x.v.Lead.Officer != "" {
		all = append(all, fact("Người thực hiện", x.names.officer(x.v.Lead.Officer)))
	}
	all = append(all, fact("Giao nhiệm vụ", x.names.unit(x.a.Raiser)))
	if x.a.Clause != "" {
		all = append(all, fact("Mục", x.a.Clause))
	}
	if x.a.Parent != "" {
		all = append(all, ui.Fact{Label: "Là một phần của", Values: []ui.Link{{Label: "nhiệm vụ đã giao tiếp", Href: assignmentPath(x.a.Parent)}}})
	}
	if !x.a.Period.IsZero() {
		period := ui.Link{Label: x.a.Period.Long()}
		if x.v.Series != "" {
			period = ui.Link{Label: period.Label + ", xem các kỳ khác", Href: seriesPath(x.v.Series)}
		}
		all = append(all, ui.Fact{Label: "Kỳ", Values: []ui.Link{period}})
	}
	if x.v.Lead != nil {
		u := dueOf(x.rev, x.v.Lead, x.tx.Now, true)
		if x.v.Lead.EndedAt.IsZero() {
			if u.Until == "" && !x.v.Lead.DueAt.IsZero() {
				u.Until = endWords(x.v.Lead.Due())
			}
			all = append(all, fact("Hạn", joinDot(u.Words, u.Until)))
		} else if !x.v.Lead.DueAt.IsZero() {
			all = append(all, fact("Hạn", endWords(x.v.Lead.Due())))
		}
	}
	all = append(all, fact("Tiến độ", itoa(x.a.Percent)+"%"))
	if x.a.Form != "" {
		all = append(all, fact("Hình thức phối hợp", x.a.Form))
	}
	if x.a.ResultNumber != "" {
		all = append(all, fact("Văn bản kết quả", x.a.ResultNumber))
	}
	if x.a.Quality != "" {
		all = append(all, fact("Chất lượng", x.a.Quality))
	}
	if !x.a.AcceptedAt.IsZero() {
		all = append(all, fact("Công nhận", when(x.a.AcceptedAt, x.tx.Now)))
	}
	return all, nil
}

// duties are all that is or was owed on it, what runs first. Running parts of others stand in
// the table of those beside the lead: a list of eighteen is read by nobody.
func (x *assignmentReading) duties() (all []ui.DutyItem) {
	say := map[string]string{}
	for _, k := range directive.Duties() {
		say[k.Rule] = k.Say
	}
	list := slices.Clone(x.v.Duties)
	slices.SortStableFunc(list, func(a, b *duty.Duty) int { return boolRank(b.EndedAt.IsZero()) - boolRank(a.EndedAt.IsZero()) })
	y := &reading{tx: x.tx, who: x.who, names: x.names, rev: x.rev}
	for _, d := range list {
		if isPart(d) && d.EndedAt.IsZero() && !x.who.In(d.Owner) {
			continue
		}
		item := ui.DutyItem{Do: say[d.Rule], Who: x.names.unit(d.Owner)}
		y.fate(d, &item)
		all = append(all, item)
	}
	return all
}

// next is the one thing this officer does now.
func (x *assignmentReading) next() (n ui.NextStep) {
	for i, a := range x.acts {
		b := ui.Button{Label: a.Say, Href: assignmentPath(x.a.ID) + "/" + a.Name}
		switch a.Name {
		case "paper":
			b.Href = paperPath(a.Paper)
		case "register":
			b = ui.Button{Label: a.Say, Post: assignmentPath(x.a.ID) + "/register", Hidden: []ui.Hidden{{Name: "key", Value: x.key}, {Name: "version", Value: itoa(x.a.Version)}}}
		}
		if i == 0 && a.Waits {
			n.Main, n.Sentence = b, x.sentence(a)
			continue
		}
		n.Quiet = append(n.Quiet, b)
	}
	if n.Main.Label == "" {
		n.Sentence = x.waiting()
	}
	if x.v.Lead != nil && x.v.Lead.EndedAt.IsZero() {
		n.Due = dueOf(x.rev, x.v.Lead, x.tx.Now, x.who.In(x.a.Lead) || x.who.In(x.a.Raiser))
	}
	return n
}

func (x *assignmentReading) sentence(a directive.Act) string {
	lead := x.names.unit(x.a.Lead)
	switch a.Name {
	case "paper":
		for _, p := range x.v.Papers {
			if p.ID == a.Paper {
				return paperWords(p.Kind) + " " + p.Where()
			}
		}
	case "accept":
		return lead + " đã báo cáo kết quả, chờ anh/chị kiểm tra"
	case "decide-extension":
		return "Có đề nghị gia hạn chờ anh/chị quyết định"
	case "direct":
		return "Nhiệm vụ của đơn vị chờ anh/chị phân công"
	case "submit":
		return "Đơn vị anh/chị chủ trì: làm xong thì báo cáo kết quả"
	case "contribute":
		return lead + " chờ phần việc của đơn vị anh/chị"
	case "register":
		return "Nhiệm vụ mới đến, chờ anh/chị vào sổ"
	case "set-date":
		return "Văn bản không nêu hạn, chờ anh/chị đặt hạn"
	case "explanation":
		return "Đơn vị anh/chị cần giải trình"
	case "urge":
		return lead + " chưa hoàn thành đúng hạn, chờ anh/chị xem xét"
	}
	return a.Say
}

// waiting says who is to act when it is not this officer.
func (x *assignmentReading) waiting() string {
	lead := x.names.unit(x.a.Lead)
	switch x.a.State {
	case directive.Submitted:
		return lead + " đã báo cáo kết quả; chờ " + x.names.unit(x.a.Raiser) + " công nhận"
	case directive.Accepted:
		return "Kết quả đã được công nhận"
	case directive.Ended:
		return "Nhiệm vụ thôi thực hiện"
	}
	for _, p := range x.v.Papers {
		if p.State != signoff.Released && p.State != signoff.Dropped && x.who.In(p.Unit) {
			return paperWords(p.Kind) + " " + p.Where()
		}
	}
	return lead + " đang thực hiện"
}

// assignmentRows are assignments as lines of a list.
func assignmentRows(tx *db.Tx, who org.Actor, all []directive.Line) (rows []ui.Row, err error) {
	_, rev, err := duty.Calendar(tx)
	n := newNames(tx)
	for _, l := range all {
		row := ui.Row{Href: assignmentPath(l.ID), Do: upper(l.Title), Code: l.Code, From: n.unit(l.Lead), Due: lineDue(rev, &l, tx, who)}
		row.About = joinDot(numberWords(l.Number), itemWords(l.Clause), lower(directive.States[l.State]), itoa(l.Percent)+"%")
		if l.Officer != "" {
			row.From += ", " + n.officer(l.Officer)
		}
		if l.Request {
			row.Chips = append(row.Chips, ui.Chip{Text: "được đề nghị"})
		}
		if l.Returns > 0 && l.State == directive.Open {
			row.Chips = append(row.Chips, ui.Chip{Tone: ui.Soon, Text: "bị trả lại"})
		}
		rows = append(rows, row)
	}
	return rows, err
}

func itemWords(clause string) string {
	if clause == "" {
		return ""
	}
	return "mục " + clause
}

func numberWords(number string) string {
	if number == "" {
		return ""
	}
	return "văn bản số " + number
}

// lineDue is the date of a line: of one that is done, whether it was in time.
func lineDue(rev workday.Revision, l *directive.Line, tx *db.Tx, who org.Actor) (u ui.Due) {
	switch {
	case l.State == directive.Ended:
		return ui.Due{Words: "thôi thực hiện"}
	case !l.DoneAt.IsZero() && l.Late(tx.Now):
		return ui.Due{Words: "xong " + when(l.DoneAt, tx.Now), Until: "quá hạn", Tone: ui.Late}
	case !l.DoneAt.IsZero():
		return ui.Due{Words: "xong " + when(l.DoneAt, tx.Now), Tone: ui.Done}
	case l.DueAt.IsZero():
		return ui.Due{Words: "không nêu hạn"}
	}
	d := &duty.Duty{DueAt: l.DueAt, Request: l.Request}
	if day := workday.Of(l.DueAt); day.Midnight().Equal(l.DueAt) { // it ends with the day before
		d.DueOn = day.AddDays(-1)
	}
	u = dueOf(rev, d, tx.Now, who.In(l.Lead) || who.In(l.Raiser))
	if u.Until == "" {
		u.Until = "hết " + d.Due().Last().Long()
		if d.DueOn.IsZero() {
			u.Until = "trước " + hour(d.DueAt) + " " + d.Due().Last().Long()
		}
	}
	return u
}

// caseHistory decodes the events of a case that the reader may read, the newest first.
// The text of the event skip stands elsewhere on the page.
func caseHistory(tx *db.Tx, who org.Actor, n *names, id casefile.ID, say map[string]string, skip int64) (all []ui.Entry, err error) {
	events, err := casefile.History(tx, who, id, mostEvents)
	if err != nil {
		return nil, err
	}
	refs := make([]string, len(events))
	for i, e := range events {
		refs[i] = casefile.EntryRef(id, e.N)
	}
	at, err := audit.Positions(tx, refs)
	if err != nil {
		return nil, err
	}
	for i, e := range slices.Backward(events) {
		u := ui.Entry{ID: "e" + itoa(e.N), What: eventWords(n, say, e), When: when(e.OccurredAt, tx.Now), At: rfc(e.OccurredAt), By: byWhom(n, e), Seal: ui.Waiting}
		if place, ok := at[refs[i]]; ok {
			u.Seal, u.Place = ui.Locked, "số "+itoa(place)+" trong sổ nhật ký"
		}
		switch {
		case e.Redacted:
			u.Gone = "Nội dung đã được lấy ra theo biên bản; dấu vết còn giữ."
		case e.N != skip:
			u.Text = e.Text
		}
		all = append(all, u)
	}
	return all, nil
}

// eventWords names an event with the unit that it is about.
func eventWords(n *names, say map[string]string, e casefile.Event) string {
	what := cmp.Or(directive.Shapes[e.Facts["what"]], say[e.Kind])
	if what == "" {
		what = signoff.Events[e.Kind]
	}
	if what == "" {
		what = casefile.Events[e.Kind]
	}
	if u := org.UnitID(e.Facts["unit"]); u != "" {
		what += ": " + n.unit(u)
	}
	if from, to := org.UnitID(e.Facts["from"]), org.UnitID(e.Facts["to"]); from != "" && to != "" {
		what += ": " + n.unit(from) + " → " + n.unit(to)
	}
	return what
}
