package web

import (
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"lienthong/internal/board"
	"lienthong/internal/db"
	"lienthong/internal/org"
	"lienthong/internal/web/ui"
)

// hopsPath is the page of stays under a filter.
func hopsPath(f board.Filter, page string) string {
	f.Figure, f.By, f.Rule = "", "", ""
	return page + query(f.Values())
}

// boardHops draws how the time of petitions that went through several units was divided; each
// number of stays opens them.
func (s *Server) boardHops(w http.ResponseWriter, r *http.Request) error {
	f := board.FilterOf(r.Form)
	return s.showKept(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		all, total, err := board.Hops(tx, who, f)
		if err != nil {
			return nil, err
		}
		p.Title = "Thời gian từng chặng"
		v := listView{Head: ui.Head{Title: p.Title, Crumbs: []ui.Link{{Label: "Bảng điều hành", Href: hopsPath(f, "/board")}},
			Sub: "Kiến nghị đã chuyển qua nhiều đơn vị: thời gian từ khi đến đơn vị đầu tiên đến lần trả lời đầu tiên được chia thế nào."}}
		table := ui.TableOf("hops", hopsTable(all, total, f))
		if len(all) == 0 { // seven empty columns would push the sentence off a phone
			table = ui.Empty(ui.Nothing{Title: "Thời gian ở từng đơn vị", Text: "Chưa có kiến nghị nào chuyển qua nhiều đơn vị được trả lời trong thời gian này."})
		}
		v.Top = ui.Stack(table, noteList([]string{
			"Tính các kiến nghị được trả lời lần đầu trong thời gian đang xem; kiến nghị chỉ ở một đơn vị không có trong bảng này.",
			"Ngày làm việc tính từ ngày sau ngày việc đến đơn vị đến ngày chuyển đi hoặc trả lời. Bảng không xếp hạng ai."}))
		return listPage(v), nil
	})
}

// hopsTable is one row a unit, in the order of units.
func hopsTable(all []board.Hop, total board.Hop, f board.Filter) ui.Table {
	t := ui.Table{Caption: "Thời gian ở từng đơn vị", Cols: []ui.Col{{Label: "Đơn vị"},
		{Label: "Số lượt", Num: true}, {Label: "Trong đó đã trả lời", Num: true}, {Label: "Tổng ngày làm việc", Num: true}, {Label: "Trung bình", Num: true},
		{Label: "Một nửa trong", Num: true}, {Label: "Phần thời gian", Num: true}}}
	row := func(name string, h board.Hop, f board.Filter) []ui.Cell {
		return []ui.Cell{{Text: name}, {Text: figureText(h.Stays), Href: hopsPath(f, "/board/hops/list")}, {Text: figureText(h.Answered)}, {Text: figureText(h.Days)},
			{Text: decimal(h.Average) + " ngày"}, {Text: strconv.Itoa(h.Half) + " ngày"}, {Text: strconv.Itoa(h.Share) + " %"}}
	}
	for _, h := range all {
		g := f
		g.Units = []org.UnitID{h.Unit}
		t.Rows = append(t.Rows, row(h.Name, h, g))
	}
	if len(all) > 1 {
		t.Foot = [][]ui.Cell{row("Cộng", total, f)}
	}
	return t
}

// decimal writes 2.5 as people read it here: 2,5.
func decimal(x float64) string {
	s := []byte(strconv.FormatFloat(x, 'f', 1, 64))
	s[len(s)-2] = ','
	return string(s)
}

// boardStays lists the stays behind a number of the table of hops.
func (s *Server) boardStays(w http.ResponseWriter, r *http.Request) error {
	f := board.FilterOf(r.Form)
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		all, next, err := board.Stays(tx, who, f, r.Form.Get("after"), boardPageRows)
		if err != nil {
			return nil, err
		}
		n := newNames(tx)
		p.Title = "Thời gian từng chặng: các lượt"
		v := listView{Head: ui.Head{Title: p.Title, Crumbs: []ui.Link{{Label: "Thời gian từng chặng", Href: hopsPath(f, "/board/hops")}}}}
		if len(f.Units) > 0 {
			v.Head.Sub = n.units(f.Units)
		}
		t := ui.Table{Caption: "Các lượt", Empty: "Không có lượt nào anh/chị được xem.", Cols: []ui.Col{{Label: "Kiến nghị"}, {Label: "Đơn vị"}, {Label: "Đến"}, {Label: "Đi"},
			{Label: "Ngày làm việc", Num: true}}}
		for _, x := range all {
			went := "trả lời " + when(x.To, tx.Now)
			if x.Next != "" {
				went = "chuyển " + n.unit(x.Next) + " " + when(x.To, tx.Now)
			}
			t.Rows = append(t.Rows, []ui.Cell{{Text: x.Title + " (mã theo dõi " + x.Code + ")", Href: casePath(x.Case)}, {Text: "Chặng " + itoa(x.N) + ": " + n.unit(x.Unit)},
				{Text: when(x.From, tx.Now)}, {Text: went}, {Text: itoa(x.Days)}})
		}
		if next != "" {
			q := f.Values()
			q.Set("after", next)
			v.More = "/board/hops/list" + query(q)
		}
		v.Top = ui.Stack(ui.TableOf("stays", t))
		return listPage(v), nil
	})
}
