package web

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/score"
	"lienthong/internal/signoff"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// scoring are the pages of the yearly table.
func (s *Server) scoring() {
	s.handle("GET /tong-hop-nam", s.scoreYears)
	s.handle("POST /tong-hop-nam", s.scoreBegin)
	s.handle("GET /tong-hop-nam/{case}", s.scoreYear)
	s.handle("POST /tong-hop-nam/{case}/{act}", s.scoreAct)
}

// Where a year stands. The address is Vietnamese since it is printed on papers.
func scorePath(id casefile.ID) string { return "/tong-hop-nam/" + string(id) }

// scoreYears lists the tables, with the form that makes one for who may.
func (s *Server) scoreYears(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		p.Title = "Tổng hợp kết quả phối hợp hằng năm"
		v := listView{Head: ui.Head{Title: p.Title, Sub: "Cả hai chiều: sở, ngành trả lời đúng hạn; xã, phường kiến nghị việc có thể tự giải quyết (khoản 2 Điều 7)"}}
		makes, _, err := score.May(tx, who)
		if err != nil {
			return nil, err
		}
		if makes {
			year := itoa(int64(workday.Of(tx.Now).Year()))
			v.Top = ui.Stack(carded(ui.SheetOf(keptOf(r).form(ui.Form{Action: "/tong-hop-nam", Key: p.Key, Send: "Lập bảng tổng hợp"}), inputs(keptOf(r).with([]input{
				{Kind: line, Input: ui.Input{Name: "year", Label: "Năm", Required: true, Value: year, Auto: "off"}}})))))
		}
		all, err := score.Years(tx, who)
		if err != nil {
			return nil, err
		}
		var rows []ui.Row
		for _, y := range all {
			rows = append(rows, ui.Row{Href: scorePath(y.ID), Do: y.Title, Code: y.Code, Chips: []ui.Chip{{Text: score.States[y.State]}}})
		}
		if v.Groups = []ui.Group{{Title: "Mới nhất trước", Rows: rows}}; len(rows) == 0 {
			v.Groups, v.Empty = nil, ui.Nothing{Title: "Chưa có bảng tổng hợp nào", Text: "Sở Nội vụ lập bảng mỗi năm một lần; đơn vị thấy bảng khi được lấy ý kiến."}
		}
		return listPage(v), nil
	})
}

// Begins a year.
func (s *Server) scoreBegin(w http.ResponseWriter, r *http.Request) error {
	err := s.update(w, r, func(tx *db.Tx, who org.Actor) (d done, err error) {
		year, err := strconv.Atoi(r.PostForm.Get("year"))
		if err != nil {
			return d, fault.Field("year", "Hãy ghi năm, như 2026.")
		}
		y, err := score.Begin(tx, who, year)
		if err != nil {
			return d, err
		}
		return done{To: scorePath(y.ID), Version: y.Version, Say: "Đã lập bảng tổng hợp."}, nil
	})
	return s.again(w, r, err, s.scoreYears)
}

// scoreYear shows the table of a year: both sides, what is counted apart, objections.
func (s *Server) scoreYear(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		y, err := score.Get(tx, who, casefile.ID(r.PathValue("case")))
		if err != nil {
			return nil, err
		}
		p.Title = y.Title
		v := listView{Head: scoreHead(y, tx.Now)}
		var parts []templ.Component
		for _, side := range []string{score.Answers, score.Raised} {
			lines, err := score.Lines(tx, y, side)
			if err != nil {
				return nil, err
			}
			parts = append(parts, ui.TableOf(side, scoreTable(y, side, lines)))
		}
		objections, err := score.Objections(tx, who, y)
		if err != nil {
			return nil, err
		}
		if len(objections) > 0 {
			parts = append(parts, ui.TableOf("objections", objectionTable(newNames(tx), objections)))
		}
		forms, err := scoreForms(tx, who, y, objections, p.Key)
		v.Top = ui.Stack(append(parts, forms...)...)
		return listPage(v), err
	})
}

// The head of a year. It says each time that units are counted and persons are not.
func scoreHead(y *score.Year, now time.Time) ui.Head {
	h := ui.Head{Title: y.Title, Crumbs: []ui.Link{{Label: "Tổng hợp hằng năm", Href: "/tong-hop-nam"}}, Chips: []ui.Chip{{Text: score.States[y.State]}},
		Sub: "Số liệu của cơ quan, không xếp hạng người. Bấm vào số nào cũng ra danh sách việc."}
	switch y.State {
	case score.Preparing:
		if !y.Ended(now) {
			h.Chips = append(h.Chips, ui.Chip{Text: "bản tạm tính, năm chưa hết"})
		}
	case score.Shown:
		h.Chips = append(h.Chips, ui.Chip{Text: "nhận ý kiến đến hết ngày " + workday.Due{At: y.OpenUntil}.Last().Long()})
	case score.Published:
		h.Chips = append(h.Chips, ui.Chip{Text: "văn bản số " + y.Number})
	}
	return h
}

// scoreTable is one side by unit, in the order of units.
func scoreTable(y *score.Year, side string, lines []score.Line) ui.Table {
	t := ui.Table{Caption: "Sở, ngành trả lời kiến nghị", Empty: "Không có việc nào trong năm.", Cols: []ui.Col{{Label: "Đơn vị"}, {Label: "Phải trả lời", Num: true},
		{Label: "Đúng hạn", Num: true}, {Label: "Quá hạn", Num: true}, {Label: "Tính riêng, có lý do", Num: true}, {Label: "Tỷ lệ đúng hạn", Num: true}}}
	if side == score.Raised {
		t.Caption = "Xã, phường kiến nghị"
		t.Cols = []ui.Col{{Label: "Đơn vị"}, {Label: "Đã kiến nghị", Num: true}, {Label: "Có thể tự giải quyết", Num: true}}
	}
	for _, l := range lines {
		at := func(name string, n int64) ui.Cell {
			c := ui.Cell{Text: figureText(n)}
			if n > 0 {
				c.Href = scorePath(y.ID) + "/viec?" + url.Values{"unit": {string(l.Unit)}, "side": {side}, "figure": {name}}.Encode()
			}
			return c
		}
		row := []ui.Cell{{Text: l.Name}, at("all", l.All)}
		if side == score.Raised {
			row = append(row, at(score.Home, l.Home))
		} else {
			row = append(row, at(score.InTime, l.InTime), at(score.Late, l.Late), at(score.Excused, l.Excused), ui.Cell{Text: percent(l.InTime, l.InTime+l.Late)})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

var decisions = map[string]string{"": "đang xem xét", "accepted": "tiếp thu", "declined": "không tiếp thu"}

// Objections with what became of them. That another unit objected, and the outcome, is shown to all, so
// that the same ground is judged alike; its words are not.
func objectionTable(n *names, all []score.Objection) ui.Table {
	t := ui.Table{Caption: "Ý kiến của các đơn vị", Cols: []ui.Col{{Label: "Số"}, {Label: "Đơn vị"}, {Label: "Ý kiến"}, {Label: "Xem xét"}, {Label: "Lý do"}}}
	for _, o := range all {
		said := ui.Cell{Text: o.Text}
		if o.Closed {
			said.Text = "(có ý kiến; chỉ đơn vị đó, cơ quan tổng hợp và Văn phòng đọc được lời)"
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: itoa(o.N) + ", việc số " + itoa(o.Item)}, {Text: n.unit(o.Unit)}, said, {Text: decisions[o.Decision]}, {Text: o.Reason}})
	}
	return t
}

// scoreForms are what who decides on the table may do as it stands.
func scoreForms(tx *db.Tx, who org.Actor, y *score.Year, objections []score.Objection, key string) (all []templ.Component, err error) {
	makes, decides, err := score.May(tx, who)
	if err != nil || !makes && !decides {
		return nil, err
	}
	add := func(act, send string, fields ...input) {
		all = append(all, carded(ui.SheetOf(ui.Form{Action: scorePath(y.ID) + "/" + act, Key: key + act, Version: itoa(y.Version), Send: send}, inputs(fields))))
	}
	waits := ui.Input{Name: "objection", Label: "Ý kiến", Required: true}
	for _, o := range objections {
		if o.Decision == "" {
			waits.Options = append(waits.Options, ui.Option{Value: itoa(o.N), Label: "Ý kiến số " + itoa(o.N)})
		}
	}
	if y.State == score.Preparing && makes {
		add("count", "Cập nhật số liệu đến lúc này")
	}
	switch {
	case !decides:
	case y.State == score.Preparing && !y.Ended(tx.Now):
		all = append(all, ui.Prose("Năm "+fmt.Sprint(y.Year)+" chưa hết nên bảng này là bản tạm tính: hết năm mới gửi lấy ý kiến các đơn vị và công bố được. Các đơn vị chưa thấy bảng."))
	case y.State == score.Preparing:
		add("show", "Gửi lấy ý kiến các đơn vị")
	case y.State == score.Shown && len(waits.Options) > 0:
		add("decide", "Ghi kết quả xem xét", input{Kind: choice, Input: waits}, input{Kind: choice, Input: ui.Input{Name: "accept", Label: "Kết quả", Required: true,
			Options: []ui.Option{{Value: "yes", Label: "Tiếp thu"}, {Value: "no", Label: "Không tiếp thu"}}}}, input{Kind: area, Input: ui.Input{Name: "reason", Label: "Lý do (mọi đơn vị trong bảng đọc được)", Required: true, Rows: 3, Max: 2000}})
	case y.State == score.Shown && !tx.Now.Before(y.OpenUntil):
		add("publish", "Công bố", input{Kind: line, Input: ui.Input{Name: "number", Label: "Số, ký hiệu văn bản công bố", Required: true}},
			input{Kind: line, Input: ui.Input{Name: "issued_on", Label: "Ngày văn bản", Required: true, Type: "date"}})
	}
	return all, nil
}

// scoreItems lists the matters behind a figure, each with what a person said of it and the
// form that this officer may fill in.
func (s *Server) scoreItems(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		y, err := score.Get(tx, who, casefile.ID(r.PathValue("case")))
		if err != nil {
			return nil, err
		}
		q := r.Form
		unit, side, figure := org.UnitID(q.Get("unit")), q.Get("side"), cmp.Or(q.Get("figure"), "all")
		after, _ := strconv.ParseInt(q.Get("after"), 10, 64) // a spoiled place is the beginning
		items, err := score.Items(tx, who, y, unit, side, figure, after, boardPageRows+1)
		if err != nil {
			return nil, err
		}
		n := newNames(tx)
		p.Title = n.unit(unit) + ": " + y.Title
		v := listView{Head: ui.Head{Title: n.unit(unit), Sub: y.Title, Crumbs: []ui.Link{{Label: "Bảng năm " + fmt.Sprint(y.Year), Href: scorePath(y.ID)}}}}
		if len(items) > boardPageRows {
			items = items[:boardPageRows]
			v.More = scorePath(y.ID) + "/viec?" + url.Values{"unit": {string(unit)}, "side": {side}, "figure": {figure}, "after": {itoa(items[len(items)-1].N)}}.Encode()
		}
		form, err := itemForm(tx, who, y, unit, side, items, p.Key)
		if err != nil {
			return nil, err
		}
		v.Top = ui.Stack(append([]templ.Component{ui.TableOf("items", itemTable(n, items))}, form...)...)
		return listPage(v), nil
	})
}

var itemFates = map[string]string{score.InTime: "đúng hạn", score.Late: "quá hạn", score.Waived: "cho thôi thực hiện", score.Raised: "đã kiến nghị"}
var itemMarks = map[string]string{score.Excused: "tính riêng", score.Home: "xã có thể tự giải quyết"}

// The matters of a figure; a mark is shown with its reason and with who made it.
func itemTable(n *names, items []score.Item) ui.Table {
	t := ui.Table{Caption: "Các việc", Empty: "Không có việc nào anh/chị được xem.", Cols: []ui.Col{{Label: "Việc số"}, {Label: "Kiến nghị"}, {Label: "Kết quả"}, {Label: "Ghi nhận, lý do"}}}
	for _, i := range items {
		said := itemMarks[i.Mark]
		if said != "" {
			said += ": " + cmp.Or(i.Cause, "") + map[bool]string{true: "; ", false: ""}[i.Cause != ""] + i.Why + " (" + n.officer(i.MarkedBy) + ")"
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: itoa(i.N)}, {Text: i.Title + " (mã theo dõi " + i.Code + ")", Href: casePath(i.Petition)}, {Text: itemFates[i.Fate]}, {Text: said}})
	}
	return t
}

// itemForm is the form of who makes the table, or of the unit that may object.
func itemForm(tx *db.Tx, who org.Actor, y *score.Year, unit org.UnitID, side string, items []score.Item, key string) ([]templ.Component, error) {
	makes, _, err := score.May(tx, who)
	if err != nil || len(items) == 0 || y.State == score.Published {
		return nil, err
	}
	item := ui.Input{Name: "item", Label: "Việc", Required: true}
	for _, i := range items {
		if side == score.Raised || i.Fate == score.Late {
			item.Options = append(item.Options, ui.Option{Value: itoa(i.N), Label: "Việc số " + itoa(i.N) + ": " + i.Title})
		}
	}
	if len(item.Options) == 0 {
		return nil, nil
	}
	act, send, fields := "object", "Gửi ý kiến của đơn vị", []input{{Kind: choice, Input: item}, {Kind: area, Input: ui.Input{Name: "reason", Label: "Ý kiến của đơn vị (chỉ đơn vị, cơ quan tổng hợp và Văn phòng đọc được)", Required: true, Rows: 3, Max: 2000}}}
	switch {
	case makes:
		act, send = "mark", "Ghi nhận"
		fields[1].Label = "Lý do"
		if side == score.Answers {
			causes, err := score.Causes(tx)
			if err != nil {
				return nil, err
			}
			cause := ui.Input{Name: "cause", Label: "Nguyên nhân để tính riêng"}
			for _, c := range causes {
				cause.Options = append(cause.Options, ui.Option{Value: c, Label: c})
			}
			fields = []input{fields[0], {Kind: choice, Input: cause}, fields[1]}
		}
		fields = append(fields, input{Kind: tick, Input: ui.Input{Name: "off", Label: "Bỏ ghi nhận đã có"}})
	case !who.In(unit) || y.State != score.Shown:
		return nil, nil
	}
	return []templ.Component{carded(ui.SheetOf(ui.Form{Action: scorePath(y.ID) + "/" + act, Key: key, Version: itoa(y.Version), Send: send}, inputs(fields)))}, nil
}

// scoreAct does what a form of the table asks. A unit whose path has several steps gets a
// draft of its paper instead.
func (s *Server) scoreAct(w http.ResponseWriter, r *http.Request) error {
	id, form := casefile.ID(r.PathValue("case")), r.PostForm
	number := func(name string) int64 { n, _ := strconv.ParseInt(form.Get(name), 10, 64); return n } // a spoiled number names no item
	err := s.update(w, r, func(tx *db.Tx, who org.Actor) (d done, err error) {
		var y *score.Year
		say := "Đã ghi nhận."
		switch r.PathValue("act") {
		case "count":
			y, err = score.Recount(tx, who, id, seen(r))
			say = "Đã cập nhật số liệu."
		case "show":
			y, err = score.Show(tx, who, id, seen(r))
		case "mark":
			y, err = score.Judge(tx, who, id, score.Mark{Item: number("item"), Cause: form.Get("cause"), Reason: form.Get("reason"), Off: form.Get("off") != "", Version: seen(r)})
		case "decide":
			y, err = score.Decide(tx, who, id, score.Verdict{Objection: number("objection"), Accept: form.Get("accept") == "yes", Reason: form.Get("reason"), Version: seen(r)})
		case "publish":
			y, err = score.Publish(tx, who, id, score.Issue{Number: form.Get("number"), IssuedOn: form.Get("issued_on"), Version: seen(r)})
		case "object":
			return s.object(tx, who, id, number("item"), form.Get("reason"))
		default:
			return d, fault.NotFound
		}
		if err != nil {
			return d, err
		}
		return done{To: scorePath(id), Version: y.Version + 1, Say: say}, nil
	})
	return s.again(w, r, err, s.scoreYear)
}

// object makes the unit's objection in one act where its path is one step, else drafts it.
func (s *Server) object(tx *db.Tx, who org.Actor, id casefile.ID, item int64, text string) (d done, err error) {
	unit, err := score.UnitOf(tx, who, id, item)
	if err != nil {
		return d, err
	}
	once, err := signoff.AtOnce(tx, who, unit, score.PaperObjection, "")
	if err != nil {
		return d, err
	}
	if once {
		_, err = score.ObjectNow(tx, who, id, item, text)
		return done{To: scorePath(id), Say: "Đã gửi ý kiến của đơn vị."}, err
	}
	x, err := score.DraftObjection(tx, s.Desk, who, id, item, text)
	if err != nil {
		return d, err
	}
	return done{To: paperPath(x.ID), Say: "Đã soạn dự thảo; phát hành là có ý kiến."}, nil
}
