package web

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"lienthong/internal/board"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// What one printed page holds; a matter of paper, no rule.
const (
	leaderRows   = 6 // of each list
	leaderUnits  = 5
	leaderMonths = 6
	leaderSoon   = 3 // working days
)

// leaderView is the page that a leader reads in a minute.
type leaderView struct {
	Head  ui.Head // printed on one sheet of A4
	Tiles []ui.Tile
	Say   string
	Lists []leaderList // what a leader asks about first
	Units ui.Table
	Trend ui.Table
}

// A leaderList is a few matters under a heading, with the way to all of them.
type leaderList struct {
	Title, Empty, All string
	Lines             []leaderLine
}

// A leaderLine is one matter in one line.
type leaderLine struct{ Href, What, Who, Due string }

// leaderPage is one sheet for whoever sees a board: what is late, what comes due, which
// units are behind by their own share, and where it goes.
func (s *Server) leaderPage(w http.ResponseWriter, r *http.Request) error {
	f := board.FilterOf(r.Form)
	f.Rule, f.By, f.Figure = petition.MustAnswer, "", ""
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		b, err := board.ReadFor(tx, who, f, dutyKinds())
		if err != nil {
			return nil, err
		}
		f.Query = b.Query
		p.Title = "Trang lãnh đạo"
		v := leaderView{Head: ui.Head{Title: "Trả lời kiến nghị của xã, phường", Sub: "Số liệu đến " + hour(b.At) + " ngày " + workday.Of(b.At).Long(),
			Crumbs: []ui.Link{{Label: "Bảng điều hành", Href: boardPath(f)}}}, Say: halfSentence(&b.Total)}
		v.Tiles = []ui.Tile{{Number: grouped(b.Total.Open), Label: "đang mở", Href: boardList(f, board.Open, "")},
			{Number: grouped(b.Total.Missed), Label: "quá hạn chưa xong", Href: boardList(f, board.Missed, ""), Tone: warns(b.Total.Missed, ui.Late)},
			{Number: percent(b.Total.Met, b.Total.Met+b.Total.Late), Label: "xong đúng hạn từ " + f.From.Long(), Href: boardPath(f)}}
		if v.Lists, err = leaderLists(tx, who, f); err != nil {
			return nil, err
		}
		v.Units = worstUnits(b, f)
		months, err := board.Trend(tx, who, f)
		if err != nil {
			return nil, err
		}
		v.Trend = trendTable(months[max(0, len(months)-leaderMonths):], f)
		return leaderSheet(v), nil
	})
}

// No colour for zero: a page of calm rows shows where the one is that is not.
func warns(n int64, tone ui.Tone) ui.Tone {
	if n == 0 {
		return ui.Calm
	}
	return tone
}

// leaderLists are what is late, the longest first, and what comes due next.
func leaderLists(tx *db.Tx, who org.Actor, f board.Filter) ([]leaderList, error) {
	_, rev, err := duty.Calendar(tx)
	if err != nil {
		return nil, err
	}
	late := leaderList{Title: "Quá hạn lâu nhất", Empty: "Không có việc nào quá hạn.", All: boardList(f, board.Missed, "")}
	if late.Lines, err = leaderLines(tx, who, rev, withFigure(f, board.Missed), workday.Date{}); err != nil {
		return nil, err
	}
	soon := leaderList{Title: "Đến hạn trong 3 ngày làm việc", Empty: "Không có việc nào đến hạn trong 3 ngày làm việc tới.", All: boardList(f, board.Open, "")}
	soon.Lines, err = leaderLines(tx, who, rev, withFigure(f, board.Next), workingDayAfter(rev, workday.Of(tx.Now), leaderSoon))
	return []leaderList{late, soon}, err
}

// The same filter on another figure; a copy, since the links of one page stand beside each other.
func withFigure(f board.Filter, figure board.Figure) board.Filter {
	f.Figure = figure
	return f
}

// leaderLines are the first matters of a list, up to a last day where one is given.
func leaderLines(tx *db.Tx, who org.Actor, rev workday.Revision, f board.Filter, until workday.Date) (all []leaderLine, err error) {
	items, _, err := board.List(tx, who, f, "", leaderRows)
	if err != nil {
		return nil, err
	}
	n := newNames(tx)
	for _, i := range items {
		if !until.IsZero() && (i.DueAt.IsZero() || !i.DueAt.Before(until.AddDays(1).Midnight()) && !i.DueAt.Equal(until.AddDays(1).Midnight())) {
			break // soonest first: nothing behind it is nearer
		}
		words, _ := i.Due(rev, tx.Now)
		all = append(all, leaderLine{Href: "/cases/" + string(i.Case), What: i.Title, Who: n.unit(i.Owner) + ", của " + n.unit(i.Raiser), Due: words})
	}
	return all, nil
}

// worstUnits are the units that have most behind by their own share of the time, running or
// done: where a leader asks first. Units, never persons.
func worstUnits(b *board.Board, f board.Filter) ui.Table {
	t := ui.Table{Caption: "Năm đơn vị chậm nhiều nhất (tính theo phần thời gian của chính đơn vị)", Empty: "Không đơn vị nào chậm.",
		Cols: []ui.Col{{Label: "Đơn vị"}, {Label: "Đang chậm", Num: true}, {Label: "Xong quá hạn", Num: true}, {Label: "Tỷ lệ đúng hạn", Num: true}, {Label: "Một nửa trong", Num: true}}}
	rows := slices.Clone(b.Rows)
	own := func(r board.Row) int64 { return r.Missed - r.Inherited + r.Late }
	slices.SortStableFunc(rows, func(x, y board.Row) int { return cmp.Compare(own(y), own(x)) })
	for _, r := range rows[:min(leaderUnits, len(rows))] {
		if own(r) == 0 {
			break
		}
		g := f.With(r.Key)
		row := []ui.Cell{{Text: r.Name, Href: boardPath(g)}, {Text: figureText(r.Missed - r.Inherited)}, {Text: figureText(r.Late)}, {Text: percent(r.Met, r.Met+r.Late)}, {Text: "–"}}
		if r.Missed > 0 {
			row[1].Href = boardList(g, board.Missed, "")
		}
		if r.Late > 0 {
			row[2].Href = boardList(g, board.Late, "")
		}
		if r.Answered > 0 {
			row[4].Text = itoa(int64(r.Half)) + " ngày"
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
