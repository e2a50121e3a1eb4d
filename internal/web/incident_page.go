package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/incident"
	"lienthong/internal/org"
	"lienthong/internal/signoff"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// an incidentReading is what the page of an incident is made of, read in one snapshot.
type incidentReading struct {
	tx     *db.Tx
	who    org.Actor
	n      *names
	w      *incident.Whole
	rights incident.Rights
	duties []*duty.Duty
	papers []*signoff.Paper    // of the commune's own report, for its people alone
	files  map[int64][]ui.File // by event
}

func readIncident(tx *db.Tx, who org.Actor, id casefile.ID) (x *incidentReading, err error) {
	x = &incidentReading{tx: tx, who: who, n: newNames(tx), files: map[int64][]ui.File{}}
	if x.w, err = incident.Read(tx, who, id); err != nil {
		return nil, err
	}
	if x.rights, err = incident.RightsOn(tx, who, x.w.Incident); err != nil {
		return nil, err
	}
	if x.duties, err = duty.OfCase(tx, id); err != nil {
		return nil, err
	}
	if x.papers, err = signoff.OfCase(tx, who, id); err != nil {
		return nil, err
	}
	docs, err := casefile.Documents(tx, who, id)
	for _, d := range docs {
		x.files[d.EventN] = append(x.files[d.EventN], fileOf(d))
	}
	return x, err
}

// incident shows one incident: where, how it stands, what was asked, decided and learned.
func (s *Server) incident(w http.ResponseWriter, r *http.Request) error {
	id := casefile.ID(r.PathValue("case"))
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		x, err := readIncident(tx, who, id)
		if err != nil {
			return nil, err
		}
		p.Title, p.Paper.Code = x.w.Title, "Mã theo dõi "+x.w.Code
		parts := []templ.Component{carded(ui.Facts(x.facts()))}
		if x.w.State == incident.Drafting {
			return listPage(listView{Head: x.head(), Top: ui.Stack(parts...)}), nil
		}
		if !x.w.Secret {
			parts = append(parts, ui.TableOf("figures", x.figures()), ui.TableOf("situations", x.situations()),
				ui.TableOf("resources", x.resources()), ui.TableOf("decisions", x.decisions()), incidentMap(x.places()))
			if len(x.w.Linked) > 0 {
				parts = append(parts, ui.TableOf("linked", x.linked()))
			}
			if x.w.Lesson.Good != "" {
				parts = append(parts, quoted("Rút kinh nghiệm", []part{{"Làm tốt", x.w.Lesson.Good}, {"Chưa tốt, nguyên nhân", x.w.Lesson.Bad}, {"Đề nghị", x.w.Lesson.Propose}}))
			}
		}
		forms, err := s.incidentForms(x, r, p.Key)
		return listPage(listView{Head: x.head(), Top: ui.Stack(append(parts, forms...)...)}), err
	})
}

func (x *incidentReading) head() ui.Head {
	h := ui.Head{Crumbs: []ui.Link{{Label: "Sự cố, việc liên xã", Href: "/su-co"}, {Label: "Mã theo dõi " + x.w.Code, Href: incidentPath(x.w.ID)}}, Title: x.w.Title,
		Sub: incidentUnder(x.n, x.w.Type, x.w.Lead), Chips: []ui.Chip{{Tone: ui.Info, Text: incident.States[x.w.State]}},
		Tools: []ui.Button{{Label: "Dòng thời gian để in", Href: incidentPath(x.w.ID) + "/dong-thoi-gian"}}}
	if x.rights.Say {
		h.Tools = append(h.Tools, ui.Button{Label: "Báo tại chỗ, kể cả khi mất mạng", Href: phonePath})
	}
	return h
}

// incidentUnder says the kind and who leads; while the report is a draft nobody does yet.
func incidentUnder(n *names, typ string, lead org.UnitID) string {
	if lead == "" {
		return incident.TypeSay[typ]
	}
	return incident.TypeSay[typ] + ", " + n.unit(lead) + " chủ trì"
}

func (x *incidentReading) facts() []ui.Fact {
	one := func(label, text string) ui.Fact { return ui.Fact{Label: label, Values: []ui.Link{{Label: text}}} }
	f := []ui.Fact{one("Xã, phường báo", x.n.unit(x.w.Raiser)), one("Báo lúc", incidentStamp(x.w.OpenedAt))}
	if x.w.Secret {
		return append(f, one("Nội dung", incident.SealedSay), one("Văn bản", x.w.Number+", ngày "+incidentDay(x.w.IssuedOn)))
	}
	for _, p := range x.papers {
		f = append(f, ui.Fact{Label: "Văn bản trình ký", Values: []ui.Link{{Label: p.Title + " (" + p.Where() + ")", Href: paperPath(p.ID)}}})
	}
	if x.w.State == incident.Drafting {
		return f
	}
	if x.waits() {
		f = append(f, one("Gửi từ hiện trường", "chờ lãnh đạo "+x.n.unit(x.w.Raiser)+" xác nhận"))
	}
	if !x.w.OccurredAt.IsZero() {
		f = append(f, one("Xảy ra lúc", incidentStamp(x.w.OccurredAt)))
	}
	if x.w.Number != "" {
		f = append(f, one("Văn bản báo cáo", x.w.Number+", ngày "+incidentDay(x.w.IssuedOn)))
	}
	if x.w.Parent != "" {
		f = append(f, ui.Fact{Label: "Là một phần của", Values: []ui.Link{{Label: "sự cố lớn hơn", Href: "/cases/" + string(x.w.Parent)}}})
	}
	return append(f, one("Diễn biến ban đầu", x.w.Text))
}

// waits says whether a report from the spot still lacks its leader's word.
func (x *incidentReading) waits() bool {
	return slices.ContainsFunc(x.duties, func(d *duty.Duty) bool { return d.Rule == incident.MustConfirm && d.EndedAt.IsZero() })
}

func incidentDay(s string) string {
	if d, err := workday.ParseDate(s); err == nil {
		return d.Long()
	}
	return s
}

func incidentStamp(t time.Time) string { return t.In(workday.Office).Format("15:04 02/01/2006") }

// places draws the communes of the incident on the outline of the province; a commune with
// reports is darker than one that has not said anything yet.
func (x *incidentReading) places() (shapes []shapeView) {
	said := map[org.UnitID]bool{}
	for _, s := range x.w.Said {
		said[s.Commune] = true
	}
	for u, o := range outlines() {
		s := shapeView{Class: "s0", Path: o.path, X: o.x, Y: o.y}
		if i := slices.Index(x.w.Places, u); i >= 0 {
			s.Class, s.Say = "s2", x.n.unit(u)+": chưa báo tình hình"
			if said[u] {
				s.Class, s.Say = "s4", x.n.unit(u)+": đã báo tình hình"
			}
			s.N = strconv.Itoa(i + 1)
		}
		shapes = append(shapes, s)
	}
	slices.SortFunc(shapes, func(a, b shapeView) int { return len(a.N) - len(b.N) }) // those of the incident on top
	return shapes
}

// figures are the newest figures by commune, with their sum.
func (x *incidentReading) figures() ui.Table {
	t := ui.Table{Caption: "Số liệu mới nhất", Cols: []ui.Col{{Label: "Xã, phường"}}, Empty: "Chưa có số liệu nào."}
	var shown []incident.Figure
	for _, f := range incident.FiguresOf(x.w.Type) {
		if _, ok := x.w.Totals[f.ID]; ok {
			shown = append(shown, f)
			t.Cols = append(t.Cols, ui.Col{Label: f.Say + " (" + f.Unit + ")", Num: true})
		}
	}
	if len(shown) == 0 {
		return t
	}
	for i, u := range x.w.Places {
		row := []ui.Cell{{Text: itoa(int64(i+1)) + ". " + x.n.unit(u)}}
		for _, f := range shown {
			c := ui.Cell{Text: "chưa báo"}
			var at time.Time
			for _, s := range x.w.Said {
				if v, ok := s.Figures[f.ID]; ok && s.Commune == u && !s.SeenAt.Before(at) {
					c.Text, at = incident.Amount(v), s.SeenAt
				}
			}
			row = append(row, c)
		}
		t.Rows = append(t.Rows, row)
	}
	foot := []ui.Cell{{Text: "Cộng"}}
	for _, f := range shown {
		foot = append(foot, ui.Cell{Text: incident.Amount(x.w.Totals[f.ID])})
	}
	t.Foot = [][]ui.Cell{foot}
	return t
}

// mostOnTimeline bounds the events that a timeline prints: a long flood has thousands.
const mostOnTimeline = 10_000

// newestSituations is how many reports the page shows; the timeline has all of them, and the
// figures above count them all.
const newestSituations = 60

func (x *incidentReading) situations() ui.Table {
	t := ui.Table{Caption: "Báo cáo tình hình, mới nhất trước", Empty: "Chưa có báo cáo tình hình.",
		Cols: []ui.Col{{Label: "Lúc"}, {Label: "Xã, phường"}, {Label: "Tình hình"}, {Label: "Ảnh, tệp"}}}
	if n := len(x.w.Said); n > newestSituations {
		t.Caption = fmt.Sprintf("Báo cáo tình hình, mới nhất trước: %d trong %d, còn lại ở dòng thời gian", newestSituations, n)
	}
	for i, s := range slices.Backward(x.w.Said) {
		if len(x.w.Said)-i > newestSituations {
			break
		}
		text := s.Text
		if s.N == x.w.ReportedN {
			text = "Báo cáo ban đầu"
		}
		row := []ui.Cell{{Text: incidentStamp(s.SeenAt)}, {Text: x.n.unit(s.Commune)}, {Text: incidentWords(text, figureWords(x.w.Type, s.Figures))}, {}}
		for i, f := range x.files[s.N] {
			if i == 0 {
				row[3] = ui.Cell{Text: f.Name, Href: f.Href}
				continue
			}
			row[3].Text += fmt.Sprintf(" (và %d tệp khác trong dòng thời gian)", len(x.files[s.N])-1)
			break
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func incidentWords(a, b string) string {
	if a != "" && b != "" {
		return a + " – " + b
	}
	return a + b
}

// figureWords says the figures of one report in a line.
func figureWords(typ string, figures map[string]int64) (say string) {
	for _, f := range incident.FiguresOf(typ) {
		if v, ok := figures[f.ID]; ok {
			if say != "" {
				say += "; "
			}
			say += f.Say + ": " + incident.Amount(v) + " " + f.Unit
		}
	}
	return say
}

var resourceStates = map[string]string{"asked": "đang chờ", "given": "đã giao đủ", "declined": "không đáp ứng được", "over": "sự cố đã kết thúc"}

func (x *incidentReading) resources() ui.Table {
	t := ui.Table{Caption: "Nguồn lực đề nghị và đã giao", Empty: "Chưa đề nghị nguồn lực nào.",
		Cols: []ui.Col{{Label: "Đề nghị"}, {Label: "Ai đề nghị"}, {Label: "Đề nghị ai"}, {Label: "Đã giao"}, {Label: "Hạn"}, {Label: "Tình trạng"}}}
	for _, r := range x.w.Resources {
		t.Rows = append(t.Rows, []ui.Cell{{Text: itoa(r.Asked) + " " + r.Each + " " + r.What}, {Text: x.n.unit(r.By)}, {Text: x.n.unit(r.Of)},
			{Text: itoa(r.Given) + " " + r.Each}, x.due(incident.MustGive, r.Of, r.N), {Text: resourceStates[r.State]}})
	}
	return t
}

func (x *incidentReading) decisions() ui.Table {
	t := ui.Table{Caption: "Quyết định, ai thực hiện", Empty: "Chưa có quyết định nào.",
		Cols: []ui.Col{{Label: "Việc"}, {Label: "Đơn vị"}, {Label: "Người thực hiện"}, {Label: "Hạn"}, {Label: "Kết quả"}}}
	for _, d := range x.w.Decisions {
		result := d.Result
		if d.DoneN == 0 {
			result = "đang thực hiện"
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: d.Text}, {Text: x.n.unit(d.Unit)}, {Text: x.n.officer(d.Officer)}, x.due(incident.MustAct, d.Unit, d.N), {Text: result}})
	}
	return t
}

// due says by when a duty of the incident is owed, in red where it is past and still owed.
func (x *incidentReading) due(rule string, owner org.UnitID, n int64) ui.Cell {
	for _, d := range x.duties {
		if d.Rule != rule || d.Owner != owner || d.Round != n {
			continue
		}
		switch {
		case d.DueAt.IsZero():
			return ui.Cell{Text: "không nêu hạn"}
		case d.MissedAtNow(x.tx.Now):
			return ui.Cell{Text: "quá hạn " + incidentStamp(d.DueAt), Tone: ui.Late}
		}
		return ui.Cell{Text: "trước " + incidentStamp(d.DueAt)}
	}
	return ui.Cell{}
}

func (x *incidentReading) linked() ui.Table {
	t := ui.Table{Caption: "Việc nối vào sự cố này", Cols: []ui.Col{{Label: "Mã theo dõi"}, {Label: "Việc"}}}
	for _, l := range x.w.Linked {
		t.Rows = append(t.Rows, []ui.Cell{{Text: l.Code, Href: "/cases/" + string(l.ID)}, {Text: l.Title}})
	}
	return t
}

// incidentTimeline is everything that happened, oldest first, on a page to print.
func (s *Server) incidentTimeline(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		x, err := readIncident(tx, who, casefile.ID(r.PathValue("case")))
		if err != nil {
			return nil, err
		}
		p.Title, p.Paper.Code, p.Live = "Dòng thời gian: "+x.w.Title, "Mã theo dõi "+x.w.Code, ""
		events, err := casefile.History(tx, who, x.w.ID, mostOnTimeline)
		if err != nil {
			return nil, err
		}
		var entries []ui.Entry
		for _, e := range events {
			entries = append(entries, x.entry(e))
		}
		head := x.head()
		head.Title, head.Tools = p.Title, nil
		return listPage(listView{Head: head, Top: ui.Timeline("history", entries)}), nil
	})
}

// entry is one event of an incident in words.
func (x *incidentReading) entry(e casefile.Event) ui.Entry {
	v := ui.Entry{ID: "n" + itoa(e.N), What: incidentWhat(incident.Events[e.Kind]), When: incidentStamp(e.OccurredAt), At: e.OccurredAt.Format(time.RFC3339), By: e.By.Name,
		Text: x.words(e), Files: x.files[e.N]}
	if e.By.Post.Unit != "" {
		v.By = incidentWords(e.By.Name, x.n.unit(e.By.Post.Unit))
	}
	if e.Redacted {
		v.Gone = "Nội dung đã được lấy ra khỏi hồ sơ."
	}
	return v
}

func incidentWhat(s string) string {
	if s == "" {
		return "Diễn biến"
	}
	return s
}

// words are what an event says, its units and numbers with its text.
func (x *incidentReading) words(e casefile.Event) string {
	var t struct{ Text, What, Each, Good, Bad, Propose string }
	if e.Text != "" && json.Unmarshal([]byte(e.Text), &t) != nil {
		return e.Text
	}
	say := incidentWords(t.Text, incidentWords(t.Good, incidentWords(t.Bad, t.Propose)))
	if u := org.UnitID(e.Facts["unit"]); u != "" {
		say = incidentWords(x.n.unit(u), say)
	}
	if o := org.OfficerID(e.Facts["person"]); o != "" {
		say = incidentWords(x.n.officer(o), say)
	}
	if u := org.UnitID(e.Facts["of"]); u != "" {
		say = incidentWords(x.n.unit(u), e.Facts["amount"]+" "+t.Each+" "+t.What)
	}
	for _, r := range x.w.Resources {
		if n := e.Facts["request"]; n == itoa(r.N) {
			say = incidentWords(incidentWords(r.What, say), e.Facts["amount"])
		}
	}
	if e.Kind == "incident.reported" && x.w.Secret {
		return incident.SealedSay + ", văn bản số " + e.Facts["number"] + ", ngày " + incidentDay(e.Facts["issued_on"])
	}
	for _, s := range x.w.Said {
		if s.N == e.N {
			say = incidentWords(x.n.unit(s.Commune), incidentWords(say, figureWords(x.w.Type, s.Figures)))
		}
	}
	return say
}
