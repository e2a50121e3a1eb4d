package web

import (
	"cmp"
	"fmt"
	"strconv"

	"lienthong/internal/board"
	"lienthong/internal/db"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// boardWays are the ways to lay the board out, under the same filter. Who sees one unit
// has no use for the desk officers of the province.
func boardWays(b *board.Board, f board.Filter) (tabs []ui.Tab) {
	if f.Rule != petition.MustAnswer {
		return nil
	}
	for _, d := range board.Dimensions {
		if d.By == board.ByDesk && !b.All {
			continue
		}
		g := f
		if g.By = d.By; d.By == board.ByUnit {
			g.By = ""
		}
		tabs = append(tabs, ui.Tab{Label: d.Say, Href: boardPath(g), Count: -1, Current: d.By == cmp.Or(f.By, board.ByUnit)})
	}
	return tabs
}

// causesTable says why what is late waits; each number opens its list.
func causesTable(all []board.Reason, f board.Filter) ui.Table {
	t := ui.Table{Caption: "Đang quá hạn: vì sao còn chờ", Cols: []ui.Col{{Label: "Nguyên nhân đã ghi (một việc có thể có nhiều)"}, {Label: "Số việc", Num: true}}}
	for _, r := range all {
		g := f
		g.Cause = r.Cause
		t.Rows = append(t.Rows, []ui.Cell{{Text: r.Say}, {Text: grouped(r.N), Href: boardList(g, board.Missed, "")}})
	}
	return t
}

// trendTable is what fell due month by month, and how much of it was in time.
func trendTable(all []board.Month, f board.Filter) ui.Table {
	t := ui.Table{Caption: "Từng tháng (theo tháng đến hạn)", Cols: []ui.Col{{Label: "Tháng"}, {Label: "Xong đúng hạn", Num: true}, {Label: "Xong quá hạn", Num: true}, {Label: "Tỷ lệ đúng hạn", Num: true}}}
	for _, m := range all {
		g := f
		g.From, g.To, g.Dated = m.From, m.To, true
		y, month, _ := m.From.Civil()
		row := []ui.Cell{{Text: fmt.Sprintf("%02d/%d", int(month), y)}, {Text: figureText(m.Met)}, {Text: figureText(m.Late)}, {Text: percent(m.Met, m.Met+m.Late)}}
		if m.Met > 0 {
			row[1].Href = boardList(g, board.Met, "")
		}
		if m.Late > 0 {
			row[2].Href = boardList(g, board.Late, "")
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// percent writes a share in whole percent, a dash of nothing.
func percent(n, of int64) string {
	if of == 0 {
		return "–"
	}
	return strconv.FormatInt((100*n+of/2)/of, 10) + " %"
}

// halfSentence says how long half of the answers took.
func halfSentence(r *board.Row) string {
	if r.Answered == 0 {
		return ""
	}
	if r.Half == 0 {
		return "Một nửa số kiến nghị được trả lời ngay trong ngày đến."
	}
	return "Một nửa số kiến nghị được trả lời trong " + strconv.Itoa(r.Half) + " ngày làm việc (phần thời gian của chính đơn vị)."
}

// areaFilter offers the areas of communes.
func areaFilter(communes []org.Unit, f board.Filter) ui.Input {
	in := ui.Input{Name: "area", Label: "Địa bàn", Value: f.Area}
	seen := map[string]bool{"": true}
	for _, u := range communes {
		if !seen[u.Region] {
			seen[u.Region] = true
			in.Options = append(in.Options, ui.Option{Value: u.Region, Label: u.Region + " (cũ)"})
		}
	}
	return in
}

// deskFilter offers the officers who follow fields and areas.
func deskFilter(tx *db.Tx, f board.Filter) (in ui.Input, err error) {
	in = ui.Input{Name: "desk", Label: "Chuyên viên theo dõi", Value: f.Desk}
	all, err := org.Desks(tx)
	if err != nil {
		return in, err
	}
	n, seen := newNames(tx), map[org.OfficerID]bool{}
	for _, w := range all {
		if !seen[w.Officer] {
			seen[w.Officer] = true
			in.Options = append(in.Options, ui.Option{Value: string(w.Officer), Label: n.officer(w.Officer)})
		}
	}
	return in, nil
}

// boardTools are the pages beside the board.
func boardTools(f board.Filter) (all []ui.Button) {
	if f.Rule == petition.MustAnswer {
		all = append(all, ui.Button{Label: "Bản đồ", Href: mapPath(f, "")}, ui.Button{Label: "Thời gian từng chặng", Href: hopsPath(f, "/board/hops")}, ui.Button{Label: "Trang lãnh đạo", Href: "/trang-lanh-dao"})
	}
	return append(all, ui.Button{Label: "Tổng hợp hằng năm", Href: "/tong-hop-nam"})
}

// workingDayAfter returns the last of the next n working days after today.
func workingDayAfter(rev workday.Revision, today workday.Date, n int) workday.Date {
	d := today
	for workday.WorkingDaysBetween(rev, today, d) < n {
		d = d.AddDays(1)
	}
	return d
}
