package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"lienthong/internal/audit"
	"lienthong/internal/bank"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/regulation"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// A bankView is the page of one entry for one officer.
type bankView struct {
	Head     ui.Head
	Warnings []string // texts that ended, places that look private
	Parts    []part
	Facts    []ui.Fact
	Forms    []templ.Component
	Entries  []ui.Entry // newest first
}

// bankEntry shows a question with its answer.
func (s *Server) bankEntry(w http.ResponseWriter, r *http.Request) error {
	id := casefile.ID(r.PathValue("case"))
	s.seen(r, id)
	var fresh []casefile.ID
	err := s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		e, err := bank.Get(tx, who, id)
		if err != nil {
			return nil, err
		}
		if e.State == bank.Approved && !who.In(e.Lead) && r.Method == http.MethodGet {
			if fresh, err = bank.Fresh(tx, who, bank.Opened, id); err != nil {
				return nil, err
			}
		}
		p.Title = "Giải đáp: " + e.Title
		v, err := bankViewOf(tx, who, e, p.Key, r.PathValue("act"), keptOf(r))
		if err == nil && r.URL.Query().Get("from") == "raise" && e.State == bank.Approved {
			v.Forms = append([]templ.Component{bankInstead(e, p.Key)}, v.Forms...)
		}
		return bankEntryPage(v), err
	})
	if err == nil {
		// the degree stands in the link that was shown; a made-up one counts among the others
		if d, err := strconv.Atoi(r.URL.Query().Get("d")); err == nil && len(fresh) > 0 {
			s.count(r, bank.Opened, fresh, d)
		} else {
			s.count(r, bank.Opened, fresh)
		}
	}
	return err
}

// bankInstead asks who came from the form of a petition whether the answer is enough; what
// he has written there is kept by the browser.
func bankInstead(e *bank.Entry, key string) templ.Component {
	return ui.NextAct(ui.NextStep{Sentence: "Câu trả lời này đã đủ cho việc của anh/chị chưa?", Note: "Nội dung đang viết vẫn còn trong biểu mẫu kiến nghị.",
		Main:  ui.Button{Label: "Đã đủ, không gửi kiến nghị", Post: bankPath(e.ID) + "/spare", Hidden: []ui.Hidden{{Name: "key", Value: key + "spare"}}},
		Quiet: []ui.Button{{Label: "Vẫn gửi kiến nghị", Href: "/petitions/new"}}})
}

// The page of an entry: text, marks, what it rests on and the acts the reader may do.
func bankViewOf(tx *db.Tx, who org.Actor, e *bank.Entry, key, refused string, t typed) (v bankView, err error) {
	n := newNames(tx)
	v.Head = ui.Head{Crumbs: []ui.Link{{Label: "Kho giải đáp", Href: "/bank"}, {Label: "Mã theo dõi " + e.Code, Href: bankPath(e.ID)}}, Title: e.Title, Sub: n.unit(e.Lead) + " giải đáp",
		Chips: []ui.Chip{{Tone: ui.Info, Text: bank.States[e.State]}}}
	ended, err := bank.EndedOf(tx, e.ID)
	if err != nil {
		return v, err
	}
	for _, x := range ended {
		v.Warnings = append(v.Warnings, "văn bản "+x.Say()+" (theo "+strings.TrimRight(x.Source, ".")+").")
	}
	if len(ended) > 0 {
		v.Head.Chips = append(v.Head.Chips, ui.Chip{Tone: ui.Soon, Text: "có thể đã cũ"})
	}
	v.Parts = []part{{"Câu hỏi", e.Question}, {"Giải đáp", e.Answer}}
	if e.Basis != "" {
		v.Parts = append(v.Parts, part{"Căn cứ", e.Basis})
	}
	if e.Reason != "" {
		v.Parts = append(v.Parts, part{map[bool]string{true: "Lý do rút", false: "Trả lại để viết lại"}[e.State == bank.Retracted], e.Reason})
	}
	if v.Facts, err = bankFacts(tx, who, n, e); err != nil {
		return v, err
	}
	if v.Forms, err = bankForms(tx, who, e, key, refused, t); err != nil {
		return v, err
	}
	v.Entries, err = bankHistory(tx, who, n, e.ID)
	return v, err
}

// bankHistory is what happened to an entry, as far as this reader is told.
func bankHistory(tx *db.Tx, who org.Actor, n *names, id casefile.ID) (all []ui.Entry, err error) {
	history, err := casefile.History(tx, who, id, mostEvents)
	if err != nil {
		return nil, err
	}
	var refs []string
	for _, x := range history {
		refs = append(refs, casefile.EntryRef(id, x.N))
	}
	at, err := audit.Positions(tx, refs)
	for i, x := range slices.Backward(history) {
		u := ui.Entry{ID: "e" + itoa(x.N), What: bank.Events[x.Kind], When: when(x.OccurredAt, tx.Now), At: rfc(x.OccurredAt), By: byWhom(n, x), Seal: ui.Waiting}
		if place, ok := at[refs[i]]; ok {
			u.Seal, u.Place = ui.Locked, "số "+itoa(place)+" trong sổ nhật ký"
		}
		switch x.Kind {
		case "bank.returned", "bank.kept", "bank.stands", "bank.retracted":
			u.Text = x.Text
		case "bank.outdated":
			u.Text = x.Facts["symbol"] + " hết hiệu lực từ ngày " + x.Facts["ended_on"]
		}
		all = append(all, u)
	}
	return all, err
}

// What is known of an entry beside its text; an empty fact is not shown.
func bankFacts(tx *db.Tx, who org.Actor, n *names, e *bank.Entry) (all []ui.Fact, err error) {
	add := func(label, text, href string) {
		if text != "" {
			all = append(all, ui.Fact{Label: label, Values: []ui.Link{{Label: text, Href: href}}})
		}
	}
	rb, err := regulation.Current(tx)
	if err != nil {
		return nil, err
	}
	add("Lĩnh vực", petition.FieldName(rb, e.Field), "")
	if !e.ApprovedAt.IsZero() {
		add("Người duyệt", strings.TrimSpace(string(e.Capacity)+" "+n.officer(e.ApprovedBy)), "")
		add("Ngày duyệt", workday.Of(e.ApprovedAt).Long(), "")
	}
	for label, id := range map[string]casefile.ID{"Rút ra từ kiến nghị": e.Source, "Thay cho mục": e.Replaces} {
		if id == "" {
			continue
		}
		c, err := casefile.Get(tx, who, id)
		if fault.Kind(err) == fault.NotFound {
			continue // the reader may not open where it came from
		}
		if err != nil {
			return nil, err
		}
		path := casePath(id)
		if c.Kind == bank.CaseKind {
			path = bankPath(id)
		}
		add(label, "mã theo dõi "+c.Code, path)
	}
	return all, nil
}

// bankForms are what this officer may do with an entry, each as its own small form; that
// of the refused act holds what was typed into it.
func bankForms(tx *db.Tx, who org.Actor, e *bank.Entry, key, refused string, t typed) (all []templ.Component, err error) {
	write, approve, retract := e.May(who)
	add := func(act, send string, mild bool, quiet []ui.Button, fields ...input) {
		f := ui.Form{Action: bankPath(e.ID) + "/" + act, Key: key + act, Version: itoa(e.Version), Send: send, Mild: mild, Quiet: quiet}
		if act == refused {
			f, fields = t.form(f), t.with(fields)
		}
		all = append(all, carded(ui.SheetOf(f, inputs(fields))))
	}
	if write || approve {
		marks, err := bank.Marks(tx, e)
		if err != nil {
			return nil, err
		}
		if approve {
			stands, err := standsInputs(tx, e)
			if err != nil {
				return nil, err
			}
			add("approve", "Duyệt, đưa vào kho", false, []ui.Button{{Label: "Sửa", Href: bankPath(e.ID) + "/edit"}}, append(stands, keepInputs(marks)...)...)
			add("return", "Trả lại để viết lại", true, nil, input{Kind: line, Input: ui.Input{Name: "reason", Label: "Cần viết lại điều gì", Required: true}})
		} else {
			add("submit", "Trình lãnh đạo duyệt", e.State == bank.Waiting, []ui.Button{{Label: "Sửa", Href: bankPath(e.ID) + "/edit"}}, marksNote(marks))
		}
	}
	if retract {
		add("retract", "Rút khỏi kho", true, nil, input{Kind: line, Input: ui.Input{Name: "reason", Label: "Lý do rút", Required: true}})
	}
	if e.State == bank.Approved && who.In(e.Lead) {
		all = append(all, carded(ui.ButtonOf(ui.Button{Label: "Viết mục mới thay mục này", Href: "/bank/new?replaces=" + string(e.ID)}, "quiet")))
	}
	return all, nil
}

// marksNote says what looks personal, before the leader sees it.
func marksNote(marks []bank.Mark) input {
	if len(marks) == 0 {
		return input{Kind: note, Input: ui.Input{Label: "Không thấy số hay tên nào có vẻ là thông tin riêng; người duyệt vẫn đọc lại."}}
	}
	var said []string
	for _, m := range marks {
		said = append(said, "“"+m.Text+"” ("+m.Say()+")")
	}
	return input{Kind: note, Input: ui.Input{Label: "Có vẻ là thông tin riêng: " + strings.Join(said, ", ") + ". Hãy sửa để bỏ đi trước khi trình."}}
}

// standsInputs ask the leader why the answer holds, where a text of its basis has ended.
func standsInputs(tx *db.Tx, e *bank.Entry) ([]input, error) {
	ended, err := bank.EndedOf(tx, e.ID)
	if err != nil || len(ended) == 0 {
		return nil, err
	}
	var said []string
	for _, x := range ended {
		said = append(said, x.Say())
	}
	return []input{{Kind: area, Input: ui.Input{Name: "stands", Label: "Vì sao giải đáp vẫn đúng", Rows: 2, Required: true, Max: 1000, Auto: "off",
		Hint: "Căn cứ đã hết hiệu lực: " + strings.Join(said, "; ") + ". Nếu giải đáp không còn đúng, hãy bấm Sửa hoặc trả lại."}}}, nil
}

// keepInputs ask the leader why each thing that looks personal may stay.
func keepInputs(marks []bank.Mark) []input {
	if len(marks) == 0 {
		return []input{marksNote(nil)}
	}
	all := []input{{Kind: note, Input: ui.Input{Name: "keep", Label: "Những chỗ dưới đây có vẻ là thông tin riêng. Hãy sửa để bỏ đi; chỗ nào giữ lại thì ghi lý do."}}}
	for _, m := range marks {
		all = append(all, input{Kind: line, Input: ui.Input{Name: "keep-" + m.Key(), Label: "Giữ “" + m.Text + "” (" + m.Say() + ") vì", Required: true, Auto: "off"}})
	}
	return all
}

// bankNew is the form of a new entry, empty, from an answered petition, or in place of
// another entry.
func (s *Server) bankNew(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		p.Title = "Viết mục giải đáp"
		unit, err := bankUnit(tx, who)
		if err != nil {
			return nil, err
		}
		if unit == "" {
			return nil, fault.Refuse(fault.Denied, "Kho giải đáp do cơ quan trả lời kiến nghị viết.")
		}
		in := bank.New{Unit: unit}
		if from := r.Form.Get("petition"); from != "" {
			if in, err = bank.From(tx, who, casefile.ID(from)); err != nil {
				return nil, err
			}
		}
		if old := r.Form.Get("replaces"); old != "" {
			e, err := bank.Get(tx, who, casefile.ID(old))
			if err != nil {
				return nil, err
			}
			in = bank.New{Unit: e.Lead, Field: e.Field, Question: e.Question, Answer: e.Answer, Basis: e.Basis, Replaces: e.ID}
		}
		t := keptOf(r)
		fields, err := bankInputs(tx, in)
		if err != nil {
			return nil, err
		}
		f := ui.Form{Action: "/bank", Key: p.Key, Keep: "bank", Send: "Trình lãnh đạo duyệt", Second: "Lưu dự thảo", SecondDo: "draft", Hidden: []ui.Hidden{
			{Name: "unit", Value: string(in.Unit)}, {Name: "petition", Value: string(in.Source)}, {Name: "replaces", Value: string(in.Replaces)}}}
		head := ui.Head{Crumbs: []ui.Link{{Label: "Kho giải đáp", Href: "/bank"}, {Label: p.Title}}, Title: p.Title, Sub: "Viết lại thành câu hỏi chung: bỏ tên người, tên xã, số điện thoại, số nhà"}
		return formPage(head, nil, t.form(f), t.with(fields)), nil
	})
}

// The form of an entry. The fields are those the unit answers for: nobody explains what is another's.
func bankInputs(tx *db.Tx, in bank.New) ([]input, error) {
	fields, err := bank.Fields(tx, in.Unit)
	if err != nil {
		return nil, err
	}
	rb, err := regulation.Current(tx)
	if err != nil {
		return nil, err
	}
	field := ui.Input{Name: "field", Label: "Lĩnh vực", Blank: "– chọn lĩnh vực –", Required: true, Value: in.Field}
	for _, f := range fields {
		field.Options = append(field.Options, ui.Option{Value: f.Field, Label: upper(petition.FieldName(rb, f.Field))})
	}
	return []input{{Kind: choice, Input: field},
		{Kind: area, Input: ui.Input{Name: "question", Label: "Câu hỏi", Hint: "Dòng đầu hiện trong danh sách.", Rows: 4, Required: true, Value: in.Question, Max: 1000}},
		{Kind: area, Input: ui.Input{Name: "answer", Label: "Giải đáp", Rows: 9, Required: true, Value: in.Answer, Max: 20_000}},
		{Kind: area, Input: ui.Input{Name: "basis", Label: "Căn cứ", Hint: "Điều, khoản, số và ngày văn bản, như khoản 2 Điều 9 Nghị định 123/2015/NĐ-CP. Văn bản hết hiệu lực thì mục tự ghi “có thể đã cũ”.", Rows: 2, Value: in.Basis, Max: 2000}}}, nil
}

// What was typed; the version seen comes along, so that two who edit notice each other.
func bankTyped(r *http.Request) bank.New {
	f := r.PostForm
	return bank.New{Unit: org.UnitID(f.Get("unit")), Field: f.Get("field"), Question: f.Get("question"), Answer: f.Get("answer"), Basis: f.Get("basis"),
		Source: casefile.ID(f.Get("petition")), Replaces: casefile.ID(f.Get("replaces")), Submit: f.Get("do") != "draft", Version: seen(r)}
}

// Proposes and leads to the new entry.
func (s *Server) bankPropose(w http.ResponseWriter, r *http.Request) error {
	return s.again(w, r, s.update(w, r, func(tx *db.Tx, who org.Actor) (d done, err error) {
		e, err := bank.Propose(tx, who, bankTyped(r))
		if err != nil {
			return d, err
		}
		return bankDone(e), nil
	}), s.bankNew)
}

// Where to go and what to say after writing: a draft and an entry that waits for its leader are told
// apart.
func bankDone(e *bank.Entry) done {
	say := "Đã lưu dự thảo. Chỉ người trong đơn vị anh/chị xem được."
	if e.State == bank.Waiting {
		say = "Đã trình lãnh đạo đơn vị duyệt."
	}
	return done{To: bankPath(e.ID), Version: e.Version, Say: say}
}

// bankEdit is the form on which an entry is rewritten before it is approved.
func (s *Server) bankEdit(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		e, err := bank.Get(tx, who, casefile.ID(r.PathValue("case")))
		if err != nil {
			return nil, err
		}
		if write, _, _ := e.May(who); !write {
			return nil, fault.Refuse(fault.Denied, "Lúc này anh/chị không sửa được mục này.")
		}
		p.Title = "Sửa mục giải đáp"
		t := keptOf(r)
		fields, err := bankInputs(tx, bank.New{Unit: e.Lead, Field: e.Field, Question: e.Question, Answer: e.Answer, Basis: e.Basis})
		if err != nil {
			return nil, err
		}
		marks, err := bank.Marks(tx, e)
		if err != nil {
			return nil, err
		}
		fields[0] = marksNote(marks) // the field stays as it was proposed
		f := ui.Form{Action: bankPath(e.ID) + "/edit", Key: p.Key, Version: itoa(e.Version), Keep: "bank-" + e.Code, Send: "Trình lãnh đạo duyệt", Second: "Lưu dự thảo", SecondDo: "draft",
			Quiet: []ui.Button{{Label: "Quay lại", Href: bankPath(e.ID)}}}
		head := ui.Head{Crumbs: []ui.Link{{Label: "Kho giải đáp", Href: "/bank"}, {Label: "Mã theo dõi " + e.Code, Href: bankPath(e.ID)}}, Title: p.Title}
		return formPage(head, nil, t.form(f), t.with(fields)), nil
	})
}

// Edits a draft; the form stands again with its text when it is refused.
func (s *Server) bankEdited(w http.ResponseWriter, r *http.Request) error {
	return s.again(w, r, s.update(w, r, func(tx *db.Tx, who org.Actor) (d done, err error) {
		e, err := bank.Edit(tx, who, casefile.ID(r.PathValue("case")), bankTyped(r))
		if err != nil {
			return d, err
		}
		return bankDone(e), nil
	}), s.bankEdit)
}

// bankAct does one act on an entry; a refusal of what was typed comes back on its page.
func (s *Server) bankAct(w http.ResponseWriter, r *http.Request) error {
	return s.again(w, r, s.bankActed(w, r, casefile.ID(r.PathValue("case"))), s.bankEntry)
}

// The acts of an entry behind one address each: the act is a part of the path, so that it stands in the
// server's log.
func (s *Server) bankActed(w http.ResponseWriter, r *http.Request, id casefile.ID) error {
	f := r.PostForm
	return s.update(w, r, func(tx *db.Tx, who org.Actor) (d done, err error) {
		d.To = bankPath(id)
		switch r.PathValue("act") {
		case "submit":
			e, err := bank.Get(tx, who, id)
			if err != nil {
				return d, err
			}
			_, err = bank.Edit(tx, who, id, bank.New{Question: e.Question, Answer: e.Answer, Basis: e.Basis, Submit: true, Version: seen(r)})
			d.Say = "Đã trình lãnh đạo đơn vị duyệt."
			return d, err
		case "approve":
			keep := map[string]string{}
			for name := range f {
				if key, ok := strings.CutPrefix(name, "keep-"); ok {
					keep[key] = f.Get(name)
				}
			}
			_, err = bank.Approve(tx, who, id, bank.Approval{Keep: keep, Stands: f.Get("stands"), Version: seen(r)})
			d.Say = "Đã duyệt. Mọi cán bộ dùng hệ thống tìm được mục này."
		case "return":
			_, err = bank.GiveBack(tx, who, id, f.Get("reason"), seen(r))
			d.Say = "Đã trả lại."
		case "retract":
			_, err = bank.Retract(tx, who, id, f.Get("reason"), seen(r))
			d.Say = "Đã rút khỏi kho giải đáp."
		case "spare":
			_, err = bank.Spare(tx, who, id)
			d.To, d.Say = "/", "Đã ghi nhận câu trả lời dùng được; không gửi kiến nghị."
		case "copy":
			into := casefile.ID(f.Get("petition"))
			_, err = bank.Copy(tx, who, id, into)
			d.To, d.Say = casePath(into)+"/answer?bank="+string(id), "Đã chép vào dự thảo; xem lại cho đúng với việc của xã."
		default:
			err = fault.NotFound
		}
		return d, err
	})
}
