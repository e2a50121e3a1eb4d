package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// regulationView is a page of tables and cards about regulations.
type regulationView struct {
	Head   ui.Head
	Facts  []ui.Fact
	Tiles  []ui.Tile
	Tables []ui.Table // by kind of clause
	Rules  []ruleView
	Notes  []string
	Next   []ui.Button // previous, next and what the reader may do
}

// asHere says how this tenant takes a text.
var asHere = map[string]string{
	regulation.AsLive:  "có hiệu lực ở đây",
	regulation.AsModel: "theo mẫu, chưa có hiệu lực ở tỉnh này",
	regulation.AsShown: "chỉ để tra cứu, không quy định nào của văn bản này được thi hành ở đây",
}

// kindHere says of a text that this tenant does not take what it is.
var kindHere = map[string]string{regulation.KindLive: "không áp dụng ở đây", regulation.KindModel: "văn bản mẫu, không áp dụng ở đây",
	regulation.KindDead: "không còn hiệu lực, không áp dụng ở đây"}

// regulations lists the texts with their state in this tenant, and the rulebook in force.
func (s *Server) regulations(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		p.Title = "Quy chế"
		rb, err := regulation.Current(tx)
		if err != nil {
			return nil, err
		}
		v := regulationView{Head: ui.Head{Title: "Quy chế", Sub: "Văn bản nào quy định việc gì, hệ thống thi hành ra sao, đang chạy thế nào."}}
		if v.Facts, err = adoptedFacts(tx, rb); err != nil {
			return nil, err
		}
		v.Tables = []ui.Table{s.textTable(tx, rb), settingsTable(newNames(tx), rb, tx)}
		v.Next = []ui.Button{{Label: "Lĩnh vực và cơ quan phụ trách", Href: "/regulations/fields"}}
		if who.Root && s.Library != nil {
			v.Next = append(v.Next, ui.Button{Label: "Xem trước khi áp dụng bản mới", Href: "/regulations/adopt"})
		}
		return regulationPage(v), nil
	})
}

// adoptedFacts say which rulebook is in force, since when, by whom.
func adoptedFacts(tx *db.Tx, rb *regulation.Rulebook) ([]ui.Fact, error) {
	all, err := regulation.Adoptions(tx, 5)
	if err != nil {
		return nil, err
	}
	n := newNames(tx)
	facts := []ui.Fact{{Label: "Cấu hình áp dụng", Values: []ui.Link{{Label: rb.Name() + " (" + rb.Profile() + ")"}}},
		{Label: "Bản đang dùng", Values: []ui.Link{{Label: rb.Hash()[:12]}}}}
	if d := rb.Decision(); d != nil {
		facts = append(facts, ui.Fact{Label: "Quyết định của tỉnh", Values: []ui.Link{{Label: d.Number + " ngày " + longDate(d.Date)}}})
	}
	var times []ui.Link
	for _, a := range all {
		by := n.officer(org.OfficerID(a.By))
		if at, ok := strings.CutPrefix(a.By, "cli:"); ok {
			by = "quản trị máy chủ (" + at + ")"
		}
		times = append(times, ui.Link{Label: "lần " + itoa(int64(a.N)) + ": " + moment(a.At) + ", " + by + ", bản " + a.Hash[:12]})
	}
	return append(facts, ui.Fact{Label: "Các lần áp dụng", Values: times}, ui.Fact{Label: "Việc đang chạy",
		Values: []ui.Link{{Label: "giữ bản đã áp dụng khi việc bắt đầu"}}}), nil
}

// longDate writes a day of the data as people do; what is no day stays as it is.
func longDate(s string) string {
	if d, err := workday.ParseDate(s); err == nil {
		return d.Long()
	}
	return s
}

// textTable lists the texts of the rulebook and, where the library is at hand, those
// that this tenant does not take.
func (s *Server) textTable(tx *db.Tx, rb *regulation.Rulebook) ui.Table {
	t := ui.Table{Caption: "Các văn bản", Cols: []ui.Col{{Label: "Văn bản"}, {Label: "Cơ quan ban hành"}, {Label: "Ở đây"}, {Label: "Hiệu lực"}, {Label: "Khoản", Num: true}}}
	for _, in := range rb.Regulations() {
		state := asHere[in.As]
		if today := workday.Of(tx.Now).String(); in.As == regulation.AsLive && (in.From != "" && today < in.From || in.To != "" && today >= in.To) {
			state = "ngoài thời gian có hiệu lực"
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: in.Number + " – " + in.Name, Href: "/regulations/" + in.ID}, {Text: in.Issuer},
			{Text: state}, {Text: forceDays(in.From, in.To)}, {Text: itoa(int64(clausesOf(rb.Clauses(), in.ID)))}})
	}
	if s.Library == nil {
		return t
	}
	var ids []string
	for id := range s.Library.Regulations {
		if !slices.ContainsFunc(rb.Regulations(), func(in regulation.InForce) bool { return in.ID == id }) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	for _, id := range ids {
		x := s.Library.Regulations[id]
		t.Rows = append(t.Rows, []ui.Cell{{Text: x.Number + " – " + x.Name, Href: "/regulations/" + id}, {Text: x.Issuer},
			{Text: kindHere[x.Kind]}, {Text: forceDays(x.From, x.To)}, {Text: itoa(int64(len(x.Clauses)))}})
	}
	return t
}

// clausesOf counts the clauses of one text.
func clausesOf(all []regulation.Clause, text string) (n int) {
	for i := range all {
		if all[i].ID.Regulation() == text {
			n++
		}
	}
	return n
}

// forceDays says from when until when a text holds; the end is the first day no longer.
func forceDays(from, to string) string {
	switch {
	case from == "" && to == "":
		return "–"
	case to == "":
		return "từ " + longDate(from)
	}
	return "từ " + longDate(from) + " đến trước " + longDate(to)
}

// settingsTable lists the rules by what they are about: on, set by the office itself,
// or switched off with the reason.
func settingsTable(n *names, rb *regulation.Rulebook, tx *db.Tx) ui.Table {
	t := ui.Table{Caption: "Quy định đang thi hành", Cols: []ui.Col{{Label: "Việc"}, {Label: "Căn cứ"}, {Label: "Nội dung"}}}
	for _, key := range rb.Keys() {
		row := []ui.Cell{{Text: keyName(key), Href: "/regulations/rules/" + key}}
		on, why := rb.On(key)
		if !on {
			t.Rows = append(t.Rows, append(row, ui.Cell{Text: "không áp dụng"}, ui.Cell{Text: why}))
			continue
		}
		rules := rb.Bound(key, tx.Now)
		if len(rules) == 0 {
			t.Rows = append(t.Rows, append(row, ui.Cell{Text: "–"}, ui.Cell{Text: "quy chế chưa nêu"}))
			continue
		}
		v := ruleOf(n, rb, rules[0])
		basis := v.Basis
		if len(rules) > 1 {
			basis += " và " + itoa(int64(len(rules)-1)) + " quy định khác"
		}
		t.Rows = append(t.Rows, append(row, ui.Cell{Text: basis}, ui.Cell{Text: v.short()}))
	}
	return t
}

// regulationText lists the clauses of one text, each with the rules that rest on it.
func (s *Server) regulationText(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("text")
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		rb, err := regulation.Current(tx)
		if err != nil {
			return nil, err
		}
		v, clauses, err := s.textHead(rb, id)
		if err != nil {
			return nil, err
		}
		p.Title = v.Head.Title
		t := ui.Table{Caption: "Các khoản, điểm; lời ngắn của hệ thống, không phải nguyên văn",
			Cols: []ui.Col{{Label: "Khoản"}, {Label: "Nội dung, nói ngắn"}, {Label: "Ai làm, với ai"}, {Label: "Thời gian"}, {Label: "Hệ thống thi hành"}}}
		for i := range clauses {
			c := &clauses[i]
			t.Rows = append(t.Rows, []ui.Cell{{Text: c.Cite, Href: clausePath(c.ID)}, {Text: c.Duty}, {Text: c.Actor + " → " + c.Counterpart},
				{Text: deadlineWords(c.Deadline)}, {Text: carriedBy(rb, c, tx)}})
		}
		v.Tables = []ui.Table{t}
		return regulationPage(v), nil
	})
}

// textHead finds a text in the rulebook, or in the library where this tenant does not
// take it.
func (s *Server) textHead(rb *regulation.Rulebook, id string) (v regulationView, clauses []regulation.Clause, err error) {
	v.Head.Crumbs = []ui.Link{{Label: "Quy chế", Href: "/regulations"}}
	for _, in := range rb.Regulations() {
		if in.ID != id {
			continue
		}
		v.Head.Title, v.Head.Sub = in.Number, in.Name
		v.Head.Chips = []ui.Chip{{Text: asHere[in.As]}}
		v.Facts = textFacts(in.Issuer, in.Signed, in.From, in.To, in.Note)
		for _, c := range rb.Clauses() {
			if c.ID.Regulation() == id {
				clauses = append(clauses, c)
			}
		}
		return v, clauses, nil
	}
	if s.Library == nil || s.Library.Regulations[id] == nil {
		return v, nil, fault.NotFound
	}
	x := s.Library.Regulations[id]
	v.Head.Title, v.Head.Sub, v.Head.Chips = x.Number, x.Name, []ui.Chip{{Text: kindHere[x.Kind]}}
	v.Facts = textFacts(x.Issuer, x.Signed, x.From, x.To, x.Note)
	return v, x.Clauses, nil
}

// textFacts are what identifies a text: who issued it, when, for which time.
func textFacts(issuer, signed, from, to, note string) []ui.Fact {
	facts := []ui.Fact{{Label: "Cơ quan ban hành", Values: []ui.Link{{Label: issuer}}}, {Label: "Ngày ký", Values: []ui.Link{{Label: longDate(signed)}}},
		{Label: "Hiệu lực", Values: []ui.Link{{Label: forceDays(from, to)}}}}
	if note != "" {
		facts = append(facts, ui.Fact{Label: "Ghi chú", Values: []ui.Link{{Label: note}}})
	}
	return facts
}
