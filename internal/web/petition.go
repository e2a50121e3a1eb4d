package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"lienthong/internal/access"
	"lienthong/internal/audit"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/direct"
	"lienthong/internal/directive"
	"lienthong/internal/duty"
	"lienthong/internal/group"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/signoff"
	"lienthong/internal/upload"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// mostEvents bounds the history that a page shows.
const mostEvents = 500

// caseView is the page of one petition for one officer.
type caseView struct {
	Head      ui.Head
	Next      ui.NextStep
	Answers   []ui.Answer
	Reckoning ui.Reckoning // day by day
	Paths     []ui.Path    // one a paper
	Content   []part
	Files     []ui.File
	Entries   []ui.Entry // the history, newest first
	Facts     []ui.Fact
	Duties    []ui.DutyItem
	Alike     alikeView   // answered before, for who drafts
	Message   string      // what "Chép lời nhắn" copies; "" when nothing waits
	Receipts  []ui.Fact   // how far notices were seen, for the overseers
	Slips     []ui.Button // to be printed for leaders who sign on paper
}

// A reading is what the page of a petition is made of, read in one snapshot.
type reading struct {
	tx     *db.Tx
	who    org.Actor
	names  *names // looked up once
	p      *petition.Petition
	s      *petition.Situation // what the acts may be now
	rev    workday.Revision    // the calendar the due instant was counted by
	events []casefile.Event    // those the reader may read
	files  map[int64][]ui.File // by event; 0 holds those of drafts
}

// read gathers a petition for its page; who may not read it gets fault.NotFound.
func read(tx *db.Tx, who org.Actor, id casefile.ID) (x *reading, err error) {
	x = &reading{tx: tx, who: who, names: newNames(tx), files: map[int64][]ui.File{}}
	if x.p, err = petition.Get(tx, who, id); err != nil {
		return nil, err
	}
	if x.s, err = petition.Look(tx, who, x.p); err != nil {
		return nil, err
	}
	if _, x.rev, err = duty.Calendar(tx); err != nil {
		return nil, err
	}
	if x.events, err = casefile.History(tx, who, id, mostEvents); err != nil {
		return nil, err
	}
	docs, err := casefile.Documents(tx, who, id)
	if err != nil {
		return nil, err
	}
	for _, d := range docs {
		x.files[d.EventN] = append(x.files[d.EventN], fileOf(d))
	}
	return x, nil
}

// fileOf is an attachment as a line of files shows it.
func fileOf(d casefile.Document) ui.File {
	f := ui.File{Name: d.Name, Href: "/documents/" + d.ID, Size: upload.Size(d.Size)}
	switch {
	case d.Sealed:
		f.Href, f.Note = "", "đã niêm phong"
	case d.Scan == upload.Infected:
		f.Href, f.Note = "", "có mã độc, không tải về được"
	case d.Scan == upload.Waiting:
		f.Href, f.Note = "", "đang chờ quét mã độc"
	}
	return f
}

// petition shows one case: the next act, why then, what happened.
func (s *Server) petition(w http.ResponseWriter, r *http.Request) error {
	s.seen(r, casefile.ID(r.PathValue("case")))
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		x, err := read(tx, who, casefile.ID(r.PathValue("case")))
		if err != nil {
			return nil, err
		}
		p.Title = x.p.Title
		p.Paper.Code = "Mã theo dõi " + x.p.Code
		v, err := x.view(p.Key)
		v.Slips = append(slipTools(x.p.ID), x.bankTool()...)
		return casePage(v), err
	})
}

// The page of a petition in the order in which it is asked about: where it stands, what is to be done, by
// when and why, what happened.
func (x *reading) view(key string) (v caseView, err error) {
	v.Head = x.head()
	g, err := group.Of(x.tx, x.who, x.p.ID)
	if err != nil {
		return v, err
	}
	if g != nil {
		v.Head.Chips = append(v.Head.Chips, ui.Chip{Text: "nhóm " + g.Code, Href: groupPath(g.ID)})
	}
	v.Next = x.next(key)
	if x.mayNow("answer") {
		if v.Alike, err = x.answeredBefore(key); err != nil {
			return v, err
		}
	}
	if v.Reckoning, err = x.reckoning(); err != nil {
		return v, err
	}
	if v.Answers, err = x.answers(); err != nil {
		return v, err
	}
	if v.Paths, err = x.paths(); err != nil {
		return v, err
	}
	if v.Content, err = x.content(); err != nil {
		return v, err
	}
	v.Files = slices.Concat(x.files[x.p.RaisedN], x.printedRaise())
	if x.p.RaisedN == 0 {
		v.Files = nil // a draft's files stand on its paper
	}
	if v.Entries, err = x.history(); err != nil {
		return v, err
	}
	if v.Facts, err = x.facts(); err != nil {
		return v, err
	}
	if v.Message, err = x.message(); err != nil {
		return v, err
	}
	if v.Receipts, err = x.receipts(); err != nil {
		return v, err
	}
	v.Duties, err = x.duties()
	return v, err
}

// The head of a petition. The round is shown from the second on: most have one.
func (x *reading) head() ui.Head {
	p := x.p
	h := ui.Head{Crumbs: []ui.Link{{Label: "Việc của tôi", Href: "/"}, {Label: "Kiến nghị"}}, Title: p.Title,
		Sub: "Mã theo dõi " + p.Code, Chips: []ui.Chip{x.stateChip()}}
	if rb, err := petition.Rules(x.tx, p); err == nil && p.Field != "" {
		h.Chips = append(h.Chips, ui.Chip{Text: petition.FieldName(rb, p.Field)})
	}
	if p.Round > 1 {
		h.Chips = append(h.Chips, ui.Chip{Text: "lần " + itoa(p.Round)})
	}
	if p.Hole != "" {
		h.Chips = append(h.Chips, ui.Chip{Tone: ui.Info, Text: "quy chế chưa nêu cơ quan chủ trì"})
	} else if p.Contested {
		h.Chips = append(h.Chips, ui.Chip{Tone: ui.Info, Text: "chờ xác định cơ quan chủ trì"})
	}
	return h
}

// stateChip says where the matter stands. Answered is not resolved: it stays "xã chưa
// xác nhận" until the commune says something.
func (x *reading) stateChip() ui.Chip {
	c := ui.Chip{Tone: ui.Info, Text: petition.States[x.p.State]}
	if x.p.State == petition.Settled {
		c.Tone = ui.Done
	}
	return c
}

// content is what the commune wrote.
func (x *reading) content() (all []part, err error) {
	b, err := petition.BodyOf(x.tx, x.p)
	if err != nil {
		return nil, err
	}
	return bodyParts(b), nil
}

// The parts of what the commune wrote, without those it left empty.
func bodyParts(b petition.Body) (all []part) {
	for _, one := range []part{{"", b.Text}, {"Căn cứ", b.Basis}, {"Xã đã xử lý", b.Tried}, {"Đề xuất", b.Proposal}} {
		if one.Text != "" {
			all = append(all, one)
		}
	}
	return all
}

// answers are the released answers, the newest first.
func (x *reading) answers() (all []ui.Answer, err error) {
	list, err := petition.Answers(x.tx, x.p.ID)
	if err != nil {
		return nil, err
	}
	for _, a := range slices.Backward(list) {
		u := ui.Answer{Title: x.names.unit(a.Unit) + " trả lời, lần " + itoa(a.Round),
			Outcome: ui.Chip{Tone: ui.Info, Text: a.Outcome.Say()}, Facts: x.answerFacts(a), Files: slices.Concat(x.files[a.EventN], x.printedAnswer(a))}
		if a.Outcome == petition.Resolved || a.Outcome == petition.Guided {
			u.Outcome.Tone = ui.Done
		}
		for _, e := range x.events {
			if e.N == a.EventN {
				u.Text = e.Text
				if b := e.Facts["basis"]; b != "" {
					u.Facts = append(u.Facts, fact("Căn cứ", b))
				}
			}
		}
		all = append(all, u)
	}
	return all, nil
}

// What stands beside an answer: number and day or that it is guidance, who signed in which capacity.
func (x *reading) answerFacts(a petition.Answer) (all []ui.Fact) {
	switch {
	case a.Guidance:
		all = append(all, fact("Hình thức", "hướng dẫn nghiệp vụ, không phải văn bản hành chính"))
	case a.Symbol != "":
		all = append(all, fact("Văn bản", "số "+a.Symbol+longDay(" ngày ", a.IssuedOn)))
	}
	signer := x.names.officer(a.Signer)
	if a.Capacity != org.Own {
		signer = string(a.Capacity) + " " + signer
	}
	if a.Signer == "" { // signed in the document system: the history names who
		signer = ""
		for _, e := range x.events {
			if e.N == a.EventN {
				signer = joined(e.Facts["signer_title"], e.Facts["signer_name"])
			}
		}
	}
	if signer != "" {
		all = append(all, fact("Người ký", signer))
	}
	all = append(all, fact("Phát hành", when(a.AnsweredAt, x.tx.Now)))
	if a.ReferredTo != "" {
		all = append(all, fact("Đã kiến nghị", a.ReferredTo))
	}
	if a.Competent != "" {
		all = append(all, fact("Có thẩm quyền", x.names.unit(a.Competent)))
	}
	switch a.Settled {
	case "yes":
		all = append(all, fact("Xã xác nhận", "đã giải quyết được, "+when(a.SettledAt, x.tx.Now)))
	case "no":
		all = append(all, fact("Xã xác nhận", "chưa giải quyết được, "+when(a.SettledAt, x.tx.Now)))
	default:
		all = append(all, fact("Xã xác nhận", "đã trả lời, xã chưa xác nhận"))
	}
	return all
}

// A fact with one value a line.
func fact(label string, values ...string) ui.Fact {
	f := ui.Fact{Label: label}
	for _, v := range values {
		f.Values = append(f.Values, ui.Link{Label: v})
	}
	return f
}

// longDay writes a stored day after a word; nothing for no day.
func longDay(before, day string) string {
	if d, err := workday.ParseDate(day); err == nil {
		return before + d.Long()
	}
	return ""
}

// paths are the ways of the papers under way in the officer's own units.
func (x *reading) paths() (all []ui.Path, err error) {
	for _, p := range x.s.Papers {
		if p.State == signoff.Released || !x.who.In(p.Unit) {
			continue
		}
		path, err := x.pathOf(p)
		if err != nil {
			return nil, err
		}
		all = append(all, path)
	}
	return all, nil
}

// history decodes the events this reader may read, the newest first.
func (x *reading) history() (all []ui.Entry, err error) {
	refs := make([]string, len(x.events))
	for i, e := range x.events {
		refs[i] = casefile.EntryRef(x.p.ID, e.N)
	}
	at, err := audit.Positions(x.tx, refs)
	if err != nil {
		return nil, err
	}
	for i, e := range slices.Backward(x.events) {
		u := ui.Entry{ID: "e" + itoa(e.N), What: happened(x.names, x.p, e), When: when(e.OccurredAt, x.tx.Now), At: rfc(e.OccurredAt),
			By: byWhom(x.names, e), Seal: ui.Waiting}
		if n, ok := at[refs[i]]; ok {
			u.Seal, u.Place = ui.Locked, "số "+itoa(n)+" trong sổ nhật ký"
		}
		switch {
		case e.Redacted:
			u.Gone = "Nội dung đã được lấy ra theo biên bản; dấu vết còn giữ."
		case e.Kind != "petition.raised" && e.Kind != "petition.answered":
			u.Text = petition.TextOf(e)
		}
		if e.N != x.p.RaisedN && e.Kind != "petition.answered" {
			u.Files = x.files[e.N]
		}
		all = append(all, u)
	}
	return all, nil
}

// facts are the parties and what is known of the matter.
func (x *reading) facts() (all []ui.Fact, err error) {
	parties, err := casefile.Parties(x.tx, x.p.ID)
	if err != nil {
		return nil, err
	}
	of := map[access.Function][]string{}
	for _, p := range parties {
		name := x.names.unit(p.Unit)
		if p.Officer != "" {
			name = x.names.officer(p.Officer)
		}
		if !slices.Contains(of[p.Function], name) {
			of[p.Function] = append(of[p.Function], name)
		}
	}
	for _, row := range []struct {
		function access.Function
		label    string
	}{{access.Raiser, "Kiến nghị"}, {access.Lead, "Chủ trì"}, {access.Coordinating, "Phối hợp"}, {access.Requested, "Đề nghị"},
		{access.Former, "Chuyển qua"}, {access.Told, "Để biết"}} {
		if len(of[row.function]) > 0 {
			all = append(all, fact(row.label, of[row.function]...))
		}
	}
	if len(x.s.Overseers) > 0 {
		all = append(all, fact("Theo dõi", x.names.units(x.s.Overseers)))
	}
	inside, err := x.inside()
	all = append(all, inside...)
	if x.p.Symbol != "" {
		all = append(all, fact("Văn bản xã", "số "+x.p.Symbol+longDay(" ngày ", x.p.IssuedOn)))
	}
	sent, sentErr := sentFacts(x.tx, x.who, x.p.ID)
	if sentErr != nil {
		return nil, sentErr
	}
	all = append(all, sent...)
	if x.p.MetOn != "" {
		all = append(all, fact("Ngày gặp", longDay("", x.p.MetOn)))
	}
	met, metErr := directive.DifficultyBehind(x.tx, x.who, x.p.ID)
	if metErr != nil {
		return nil, metErr
	}
	if met != nil {
		all = append(all, ui.Fact{Label: "Từ khó khăn khi thực hiện nhiệm vụ", Values: []ui.Link{{Label: met.Title, Href: assignmentPath(met.Assignment) + "#e" + itoa(met.N)}}})
	}
	return all, err
}

// inside says, to the lead's own people, where it lies in their unit and with whom.
func (x *reading) inside() (all []ui.Fact, err error) {
	p := x.p
	if !x.who.In(p.Lead) || p.State == petition.Draft {
		return nil, nil
	}
	if x.s.Registered > 0 {
		all = append(all, fact("Số đến", itoa(x.s.Registered)))
	}
	people, err := direct.People(x.tx, x.who, p.ID, p.Lead)
	if err != nil {
		return nil, err
	}
	parts := map[string][]string{}
	for _, n := range people {
		parts[n.Part] = append(parts[n.Part], x.names.officer(n.Officer))
	}
	all = append(all, fact("Đang ở", x.place()))
	for _, row := range [][2]string{{"with", "Cùng làm"}, {"reader", "Để biết"}} {
		if len(parts[row[0]]) > 0 {
			all = append(all, fact(row[1], strings.Join(parts[row[0]], "; ")))
		}
	}
	if d := petition.AnswerDuty(x.s.Duties, p); d != nil && !d.InnerOn.IsZero() && d.EndedAt.IsZero() {
		all = append(all, fact("Hạn nội bộ", d.InnerOn.WeekdayName()+" "+d.InnerOn.Short()))
	}
	return all, nil
}

// place says on whose desk the matter lies inside the lead.
func (x *reading) place() string {
	at := x.s.Place
	switch {
	case at.Officer != "" && at.Section != "":
		return x.names.officer(at.Officer) + ", " + x.names.unit(at.Section)
	case at.Officer != "":
		return x.names.officer(at.Officer)
	case at.Section != "":
		return x.names.unit(at.Section)
	}
	return "lãnh đạo " + x.names.unit(x.p.Lead)
}
