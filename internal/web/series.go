package web

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/web/ui"
)

// serieses are the pages of what directives ask for again and again.
func (s *Server) serieses() {
	s.handle("GET /series/{series}", s.seriesPage)
	s.handle("GET /series/{series}/{act}", s.seriesForm)
	s.handle("POST /series/{series}/{act}", s.seriesAct)
}

func seriesPath(id directive.SeriesID) string { return "/series/" + url.PathEscape(string(id)) }

// seriesView is the page of one series.
type seriesView struct {
	Head    ui.Head
	Next    ui.NextStep
	Content string
	Facts   []ui.Fact
	Coming  []string // the next occasions, in words
	Opened  []ui.Group
}

var seriesCrumbs = []ui.Link{{Label: "Theo dõi nhiệm vụ", Href: "/tracker"}, {Label: "Nhiệm vụ định kỳ", Href: "/series"}}

// seriesList lists the series that the officer may see, before their first occasion too.
func (s *Server) seriesList(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		p.Title = "Nhiệm vụ định kỳ"
		v := listView{Head: ui.Head{Crumbs: seriesCrumbs[:1], Title: p.Title, Sub: "Văn bản yêu cầu làm theo kỳ; mỗi kỳ hệ thống tự mở một nhiệm vụ"}}
		all, next, err := directive.SeriesList(tx, who, directive.SeriesFilter{Directive: casefile.ID(r.Form.Get("directive")), Lead: org.UnitID(r.Form.Get("lead"))}, r.Form.Get("from"), pageRows)
		if err != nil {
			return nil, err
		}
		if next != "" {
			v.More = "/series" + query(url.Values{"from": {next}, "directive": r.Form["directive"], "lead": r.Form["lead"]})
		}
		if v.Groups = seriesRows(tx, all); len(all) > 0 {
			v.Groups[0].Title = "Văn bản mới nhất trước"
		} else {
			v.Empty = ui.Nothing{Title: "Chưa có nhiệm vụ định kỳ nào", Text: "Nhiệm vụ có kỳ (như ngày 25 hằng tháng) hiện ra ở đây ngay khi văn bản được ban hành nhiệm vụ."}
		}
		return listPage(v), nil
	})
}

// seriesRows are series as lines of a list, with what comes next.
func seriesRows(tx *db.Tx, all []*directive.Series) []ui.Group {
	if len(all) == 0 {
		return nil
	}
	n := newNames(tx)
	g := ui.Group{Title: "Nhiệm vụ định kỳ"}
	for _, s := range all {
		row := ui.Row{Href: seriesPath(s.ID), Do: upper(shortened(s.Content)), About: joinDot(s.Again.Words(), numberWords(s.Number), itemWords(s.Clause)), From: n.unit(s.Lead)}
		switch {
		case s.Over(tx.Now):
			row.Due = ui.Due{Words: "đã thôi từ " + s.EndsOn.Long()}
		case len(s.Next) > 0:
			row.Due = ui.Due{Words: "kỳ tới " + s.Next[0].Period.Long()}
		}
		if !s.EndsOn.IsZero() && !s.Over(tx.Now) {
			row.Chips = append(row.Chips, ui.Chip{Tone: ui.Soon, Text: "thôi từ " + s.EndsOn.Long()})
		}
		g.Rows = append(g.Rows, row)
	}
	return []ui.Group{g}
}

// shortened keeps what is to be done within a line of a list.
func shortened(s string) string {
	const longest = 160
	if r := []rune(s); len(r) > longest {
		return string(r[:longest-1]) + "…"
	}
	return s
}

// openedShown is how many of the occasions that were opened stand on the page.
const openedShown = 24

// seriesPage shows one series: how often, who has it, what comes next and what was opened.
func (s *Server) seriesPage(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		x, err := directive.GetSeries(tx, who, directive.SeriesID(r.PathValue("series")))
		if err != nil {
			return nil, err
		}
		p.Title = "Nhiệm vụ định kỳ: " + shortened(x.Content)
		v, err := seriesViewOf(tx, who, x)
		return seriesSheet(v), err
	})
}

func seriesViewOf(tx *db.Tx, who org.Actor, x *directive.Series) (v seriesView, err error) {
	n := newNames(tx)
	v.Content = x.Content
	v.Head = ui.Head{Crumbs: seriesCrumbs, Title: upper(shortened(x.Content)), Sub: upper(x.Again.Words())}
	v.Next.Sentence = "Mỗi kỳ hệ thống tự mở một nhiệm vụ cho " + n.unit(x.Lead)
	may, err := x.MayChange(tx, who)
	if err != nil {
		return v, err
	}
	switch {
	case x.Over(tx.Now):
		v.Next.Sentence = "Đã thôi từ ngày " + x.EndsOn.Long()
	case may:
		v.Next.Quiet = []ui.Button{{Label: "Chuyển đơn vị thực hiện", Href: seriesPath(x.ID) + "/hand"}, {Label: "Cho thôi", Href: seriesPath(x.ID) + "/end"}}
	}
	v.Facts = []ui.Fact{fact("Chủ trì", n.unit(x.Lead))}
	if x.Lead != x.Named {
		v.Facts = append(v.Facts, fact("Văn bản giao cho", n.unit(x.Named)))
	}
	v.Facts = append(v.Facts, fact("Giao nhiệm vụ", n.unit(x.Raiser)), fact("Kỳ", x.Again.Words()),
		ui.Fact{Label: "Giao tại", Values: []ui.Link{{Label: joinDot(upper(numberWords(x.Number)), x.Title), Href: directivePath(x.Directive)}}})
	if x.Clause != "" {
		v.Facts = append(v.Facts, fact("Mục", x.Clause))
	}
	if !x.EndsOn.IsZero() {
		v.Facts = append(v.Facts, fact("Thôi thực hiện từ", x.EndsOn.Long()))
	}
	v.Coming = coming(x.Next)
	lines, err := x.Opened(tx, who, openedShown)
	if err != nil || len(lines) == 0 {
		return v, err
	}
	rows, err := assignmentRows(tx, who, lines)
	for i := range rows {
		rows[i].Do = "Kỳ " + lines[i].Period.Long()
	}
	v.Opened = []ui.Group{{Title: "Các kỳ đã mở", Rows: rows}}
	return v, err
}

// coming says the next occasions: the day that the document names, and until when it is in
// time where the calendar moves that.
func coming(all []duty.Occasion) (words []string) {
	for _, o := range all {
		w := "Kỳ " + o.Period.Long()
		if o.Due.Last() != o.Period {
			w += ": " + endWords(o.Due)
		}
		words = append(words, w)
	}
	return words
}

// seriesForm is the form of one act on a series.
func (s *Server) seriesForm(w http.ResponseWriter, r *http.Request) error {
	act := r.PathValue("act")
	if act != "end" && act != "hand" {
		return fault.NotFound
	}
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		x, err := directive.GetSeries(tx, who, directive.SeriesID(r.PathValue("series")))
		if err != nil {
			return nil, err
		}
		may, err := x.MayChange(tx, who)
		if err != nil {
			return nil, err
		}
		if !may || x.Over(tx.Now) {
			return nil, fault.Refuse(fault.Denied, "Nhiệm vụ định kỳ do nơi giao cho thôi hoặc chuyển đơn vị, khi còn chạy.")
		}
		f := ui.Form{Action: seriesPath(x.ID) + "/" + act, Key: p.Key, Version: itoa(x.Version), Keep: "series-" + act, Quiet: []ui.Button{{Label: "Quay lại", Href: seriesPath(x.ID)}}}
		var in []input
		if p.Title, f.Send = "Cho thôi nhiệm vụ định kỳ", "Cho thôi"; act == "end" {
			from := dayFields("Thôi từ ngày", true)[0]
			from.Hint = "Kỳ rơi vào ngày này hoặc sau đó không mở nữa; kỳ đã mở sớm thì kết thúc với lý do dưới đây. Kỳ trước ngày này vẫn phải làm."
			in = []input{from, textField("reason", "Lý do, văn bản cho thôi", true)}
		} else {
			p.Title, f.Send = "Chuyển đơn vị thực hiện nhiệm vụ định kỳ", "Chuyển"
			y := &assignmentReading{tx: tx, who: who, names: newNames(tx)}
			if in, err = y.handInputs(); err != nil {
				return nil, err
			}
			in[0].Hint = "Kỳ đang làm và các kỳ sau đều chuyển."
		}
		t := keptOf(r)
		head := ui.Head{Crumbs: append(seriesCrumbs[:2:2], ui.Link{Label: shortened(x.Content), Href: seriesPath(x.ID)}), Title: p.Title, Sub: x.Again.Words()}
		return formPage(head, matterCard([]part{{"", x.Content}}, nil), t.form(f), t.with(in)), nil
	})
}

// seriesAct ends a series or hands it over.
func (s *Server) seriesAct(w http.ResponseWriter, r *http.Request) error {
	id := directive.SeriesID(r.PathValue("series"))
	err := s.update(w, r, func(tx *db.Tx, who org.Actor) (d done, err error) {
		d.To = seriesPath(id)
		var x *directive.Series
		switch r.PathValue("act") {
		case "end":
			from, err := typedDay(r, "due", "Ngày không đúng; ghi theo mẫu ngày/tháng/năm.")
			if err != nil {
				return d, err
			}
			x, err = directive.EndSeries(tx, who, id, directive.SeriesEnd{From: from, Reason: r.PostForm.Get("reason"), Version: seen(r)})
			if err != nil {
				return d, err
			}
			d.Say = "Đã cho thôi từ ngày " + x.EndsOn.Long() + "."
		case "hand":
			x, err = directive.HandSeries(tx, who, id, directive.Handing{To: org.UnitID(r.PostForm.Get("to")), Reason: r.PostForm.Get("reason"), Inside: typedInside(r), Version: seen(r)})
			if err != nil {
				return d, err
			}
			d.Say = "Đã chuyển kỳ đang làm và các kỳ sau."
		default:
			return d, fault.NotFound
		}
		d.Version = x.Version + 1
		return d, nil
	})
	return s.again(w, r, err, s.seriesForm)
}
