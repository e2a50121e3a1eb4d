package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"lienthong/internal/bank"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/regulation"
	"lienthong/internal/signin"
	"lienthong/internal/vntext"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// banking are the pages of the bank of answers.
func (s *Server) banking() {
	s.handle("GET /bank/new", s.bankNew)
	s.handle("POST /bank", s.bankPropose)
	s.handle("POST /bank/alike", s.alike)
	s.handle("GET /bank/figures", s.bankFigures)
	s.handle("GET /bank/texts", s.textEnds)
	s.handle("POST /bank/texts", s.endText)
	s.handle("GET /bank/{case}", s.bankEntry)
	s.handle("GET /bank/{case}/edit", s.bankEdit)
	s.handle("POST /bank/{case}/edit", s.bankEdited)
	s.handle("POST /bank/{case}/{act}", s.bankAct)
}

// Where an entry stands.
func bankPath(id casefile.ID) string { return "/bank/" + string(id) }

const (
	alikeMost  = 3   // answers shown while somebody writes: more are not read
	alikeWords = 4   // a text of fewer words says too little
	excerptMax = 160 // letters of an answer in a list
)

// excerpt is the beginning of a text, in whole words.
func excerpt(text string) string {
	r := []rune(strings.Join(strings.Fields(text), " "))
	if len(r) <= excerptMax {
		return string(r)
	}
	cut := string(r[:excerptMax])
	if at := strings.LastIndex(cut, " "); at > 0 {
		cut = cut[:at]
	}
	return cut + " …"
}

// An alikeView is what was answered before, for whoever drafts an answer.
type alikeView struct {
	Entries, Petitions []bank.Likely
	Case               casefile.ID // that they stand beside; "" while it is being written
	Key                string      // of the form, so that a second sending is the first
}

// alike answers a part of the form of a petition: what was answered before. Only the
// count that it was shown is kept.
func (s *Server) alike(w http.ResponseWriter, r *http.Request) error {
	var entries, petitions []bank.Likely
	var fresh []casefile.ID
	var degrees []int
	text := typedSoFar(r)
	err := s.view(r, func(tx *db.Tx, who org.Actor) (err error) {
		if len(vntext.Words(text)) < alikeWords {
			return nil
		}
		if entries, petitions, err = bank.Like(tx, who, text, r.PostForm.Get("field"), alikeMost); err != nil {
			return err
		}
		petitions = petitions[:min(len(petitions), alikeMost-len(entries))] // three in all
		var ids []casefile.ID
		for _, l := range entries {
			ids = append(ids, l.ID)
		}
		fresh, err = bank.Fresh(tx, who, bank.Shown, ids...)
		degrees = bank.FreshOf(entries, fresh)
		return err
	})
	if err != nil {
		return err
	}
	s.count(r, bank.Shown, fresh, degrees...)
	return s.render(w, r, alikeFound(entries, petitions))
}

// count adds to the figures of the bank; the page does not fail for a figure.
func (s *Server) count(r *http.Request, what string, ids []casefile.ID, degrees ...int) {
	if len(ids) == 0 {
		return
	}
	session := about(r).session
	err := s.DB.Update(r.Context(), func(tx *db.Tx) error {
		if _, err := signin.Actor(tx, session); err != nil {
			return err
		}
		if err := bank.UsedAt(tx, what, degrees...); err != nil {
			return err
		}
		return bank.Used(tx, what, ids...)
	})
	if err != nil {
		s.Log.Warn("figures of the bank", "err", err)
	}
}

// bankList is the bank: search, by field, newest first; who writes for a department also
// finds its drafts and what waits for the leader.
func (s *Server) bankList(w http.ResponseWriter, r *http.Request) error {
	f := bank.FilterOf(r.Form)
	f.State = cmp.Or(f.State, bank.Approved)
	q, field, state := f.Text, f.Field, f.State
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		p.Title = "Kho giải đáp"
		rb, err := regulation.Current(tx)
		if err != nil {
			return nil, err
		}
		v := listView{TabsLabel: "Tình trạng", Head: ui.Head{Title: p.Title, Sub: "Câu hỏi chung và câu trả lời đã được lãnh đạo cơ quan trả lời duyệt; không nêu tên người, tên xã"}}
		if err := bankTools(tx, who, state, &v); err != nil {
			return nil, err
		}
		fields := ui.Input{Name: "field", Label: "Lĩnh vực", Blank: "mọi lĩnh vực", Value: field, Options: bankFieldOptions(rb)}
		v.Action, v.Hidden = "/bank", []ui.Hidden{{Name: "state", Value: state}}
		v.Filters = []ui.Input{{Name: "q", Label: "Tìm", Hint: "Gõ câu hỏi bằng lời của mình; không cần dấu.", Value: q}, fields}
		all, next, err := bank.List(tx, who, f, r.Form.Get("from"), pageRows)
		if err != nil {
			return nil, err
		}
		n := newNames(tx)
		rows := make([]ui.Row, 0, len(all))
		for _, l := range all {
			rows = append(rows, bankRow(rb, n, l, state))
		}
		if len(rows) == 0 {
			v.Empty = ui.Nothing{Title: "Không có mục nào", Text: "Thử gõ ít chữ hơn, hoặc bỏ bộ lọc lĩnh vực."}
		} else {
			v.Groups = []ui.Group{{Title: bankOrder(q), Rows: rows}}
		}
		if next != "" {
			v.More = "/bank?" + url.Values{"state": {state}, "field": {field}, "from": {next}}.Encode()
		}
		return listPage(v), nil
	})
}

// The heading of the list says how it is ordered, because with a question the order is another.
func bankOrder(q string) string {
	if q != "" {
		return "Giống nhất trước"
	}
	return "Mới nhất trước"
}

// An entry in a list: its question, the beginning of its answer, and whether a text it rests on has ended.
func bankRow(rb *regulation.Rulebook, n *names, l bank.Likely, state string) ui.Row {
	row := ui.Row{Href: bankPath(l.ID), Do: l.Title, Code: l.Code, About: excerpt(l.Answer), From: n.unit(l.Lead)}
	if l.Field != "" {
		row.Chips = append(row.Chips, ui.Chip{Text: petition.FieldName(rb, l.Field)})
	}
	if l.Outdated {
		row.Chips = append(row.Chips, ui.Chip{Tone: ui.Soon, Text: "có thể đã cũ"})
	}
	row.Due = ui.Due{Words: "viết " + workday.Of(l.OpenedAt).Long()}
	if state == bank.Approved {
		row.Due = ui.Due{Words: "duyệt " + workday.Of(l.ApprovedAt).Long()}
	}
	return row
}

// bankTools are the tabs and buttons beside the list.
func bankTools(tx *db.Tx, who org.Actor, state string, v *listView) error {
	unit, err := bankUnit(tx, who)
	if err != nil {
		return err
	}
	v.Head.Tools = []ui.Button{{Label: "Số liệu sử dụng", Href: "/bank/figures"}, {Label: "Văn bản hết hiệu lực", Href: "/bank/texts"}}
	if unit == "" {
		return nil
	}
	v.Head.Tools = append([]ui.Button{{Label: "Viết mục giải đáp", Href: "/bank/new"}}, v.Head.Tools...)
	waiting, err := bank.WaitingFor(tx, who, mostCounted)
	if err != nil {
		return err
	}
	for _, st := range []string{bank.Approved, bank.Waiting, bank.Draft, bank.Retracted} {
		count := -1
		if st == bank.Waiting && waiting > 0 {
			count = waiting
		}
		v.Tabs = append(v.Tabs, ui.Tab{Label: bank.States[st], Href: "/bank?state=" + st, Count: count, Current: st == state})
	}
	return nil
}

// bankUnit is the department for which the actor writes entries; "" none.
func bankUnit(tx *db.Tx, who org.Actor) (org.UnitID, error) {
	for _, u := range bank.Departments(who) {
		fields, err := bank.Fields(tx, u)
		if err != nil || len(fields) > 0 {
			return u, err
		}
	}
	return "", nil
}

// The fields of the rulebook in force, once each: two texts may bind the same field.
func bankFieldOptions(rb *regulation.Rulebook) (all []ui.Option) {
	fields, _ := rb.Table()
	seen := map[string]bool{}
	for _, f := range fields {
		if f.Field != "" && !seen[f.Field] {
			seen[f.Field] = true
			all = append(all, ui.Option{Value: f.Field, Label: upper(petition.FieldName(rb, f.Field))})
		}
	}
	return all
}

// bankWaiting is the line above "Việc của tôi" that says what waits for the leader here.
func bankWaiting(tx *db.Tx, who org.Actor) (templ.Component, error) {
	n, err := bank.WaitingFor(tx, who, mostCounted)
	if err != nil || n == 0 {
		return nil, err
	}
	return waitingLine("/bank?state="+bank.Waiting, itoa(int64(n))+" mục giải đáp chờ anh/chị duyệt"), nil
}

// bankFigures are how often entries helped, by department and month.
func (s *Server) bankFigures(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		p.Title = "Số liệu kho giải đáp"
		all, err := bank.Figures(tx, who, 500)
		if err != nil {
			return nil, err
		}
		n := newNames(tx)
		t := ui.Table{Caption: "Theo tháng và cơ quan trả lời", Empty: "Chưa có lần sử dụng nào.",
			Cols: []ui.Col{{Label: "Tháng"}, {Label: "Cơ quan"}, {Label: "Được gợi ý", Num: true}, {Label: "Được mở", Num: true}, {Label: "Thay cho gửi kiến nghị", Num: true}, {Label: "Chép vào trả lời", Num: true}}}
		for _, f := range all {
			t.Rows = append(t.Rows, []ui.Cell{{Text: f.Month[5:] + "/" + f.Month[:4]}, {Text: n.unit(f.Lead)}, {Text: itoa(f.Shown)}, {Text: itoa(f.Opened)}, {Text: itoa(f.Spared)}, {Text: itoa(f.Copied)}})
		}
		v := listView{Head: ui.Head{Crumbs: []ui.Link{{Label: "Kho giải đáp", Href: "/bank"}, {Label: "Số liệu"}}, Title: p.Title}}
		v.Top = ui.TableOf("figures", t)
		return listPage(v), nil
	})
}

// textEnds lists the texts that are no longer in force, with the form to add one.
func (s *Server) textEnds(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		p.Title = "Văn bản hết hiệu lực"
		v := listView{Head: ui.Head{Crumbs: []ui.Link{{Label: "Kho giải đáp", Href: "/bank"}, {Label: p.Title}}, Title: p.Title,
			Sub: "Mục giải đáp dựa vào một văn bản ở đây được ghi “có thể đã cũ” từ ngày văn bản hết hiệu lực"}}
		all, err := bank.TextEnds(tx, 500)
		if err != nil {
			return nil, err
		}
		t := ui.Table{Caption: "Danh mục", Empty: "Chưa ghi văn bản nào.", Cols: []ui.Col{{Label: "Số, ký hiệu"}, {Label: "Hết hiệu lực từ ngày"}, {Label: "Thay bằng"}, {Label: "Theo"}}}
		for _, x := range all {
			t.Rows = append(t.Rows, []ui.Cell{{Text: x.Symbol}, {Text: dayText(x.EndedOn)}, {Text: x.ReplacedBy}, {Text: x.Source}})
		}
		v.Top = ui.TableOf("texts", t)
		may, err := bank.MayEnd(tx, who)
		if err != nil {
			return nil, err
		}
		if may {
			k := keptOf(r)
			form := ui.SheetOf(k.form(ui.Form{Action: "/bank/texts", Key: p.Key, Send: "Ghi vào danh mục"}), inputs(k.with([]input{
				{Kind: line, Input: ui.Input{Name: "symbol", Label: "Số, ký hiệu", Hint: "Như 59/2020/NĐ-CP.", Required: true, Auto: "off"}},
				{Kind: line, Input: ui.Input{Name: "ended_on", Label: "Hết hiệu lực từ ngày", Type: "date", Required: true}},
				{Kind: line, Input: ui.Input{Name: "replaced_by", Label: "Văn bản thay thế", Auto: "off"}},
				{Kind: line, Input: ui.Input{Name: "source", Label: "Theo văn bản nào", Required: true, Auto: "off"}}})))
			v.Top = ui.Stack(v.Top, carded(form))
		}
		return listPage(v), nil
	})
}

// The form again with what was typed when it is refused.
func (s *Server) endText(w http.ResponseWriter, r *http.Request) error {
	return s.again(w, r, s.textEnded(w, r), s.textEnds)
}

// Writes down that a text has ended.
func (s *Server) textEnded(w http.ResponseWriter, r *http.Request) error {
	on, err := typedDay(r, "ended_on", "Ngày hết hiệu lực không đúng; ghi theo mẫu ngày/tháng/năm.")
	if err != nil {
		return err
	}
	f := r.PostForm
	return s.update(w, r, func(tx *db.Tx, who org.Actor) (done, error) {
		err := bank.EndText(tx, who, bank.Ended{Symbol: f.Get("symbol"), EndedOn: on, ReplacedBy: f.Get("replaced_by"), Source: f.Get("source")})
		return done{To: "/bank/texts", Say: "Đã ghi. Các mục giải đáp dựa vào văn bản này được đánh dấu từ ngày hết hiệu lực."}, err
	})
}

// answeredBefore are the answers given before to what a petition asks, for who drafts.
func (x *reading) answeredBefore(key string) (v alikeView, err error) {
	body, err := petition.BodyOf(x.tx, x.p)
	if err != nil {
		return v, err
	}
	v = alikeView{Case: x.p.ID, Key: key}
	v.Entries, v.Petitions, err = bank.Like(x.tx, x.who, x.p.Title+"\n"+body.Text, x.p.Field, alikeMost+1)
	others := v.Petitions[:0]
	for _, l := range v.Petitions { // an answered petition that came back is like itself
		if l.ID != x.p.ID && len(others) < alikeMost {
			others = append(others, l)
		}
	}
	v.Petitions, v.Entries = others, v.Entries[:min(len(v.Entries), alikeMost)]
	return v, err
}

// fromBank is the answer that the draft begins with when an entry was copied into it.
func fromBank(tx *db.Tx, who org.Actor, id string) (in petition.Reply, err error) {
	if id == "" {
		return in, nil
	}
	e, err := bank.Get(tx, who, casefile.ID(id))
	if fault.Kind(err) == fault.NotFound {
		return in, nil // retracted meanwhile: the form opens empty
	}
	if err != nil {
		return in, err
	}
	in.Text, in.Basis = e.Quoted()
	in.Outcome = petition.Guided
	return in, nil
}

// bankTool leads from an answered petition to the form that keeps its answer for all.
func (x *reading) bankTool() []ui.Button {
	if x.p.State != petition.Answered && x.p.State != petition.Settled || !slices.Contains(bank.Departments(x.who), x.p.Lead) {
		return nil
	}
	return []ui.Button{{Label: "Đưa vào kho giải đáp", Href: "/bank/new?petition=" + string(x.p.ID)}}
}
