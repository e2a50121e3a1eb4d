package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"lienthong/internal/board"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/inbox"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// boardPageRows is how many rows of a list one page holds.
const boardPageRows = 25

// boardListView is the list behind a figure.
type boardListView struct {
	Head    ui.Head
	Filters []ui.Input
	Hidden  []ui.Hidden
	Rows    []boardRowView
	More    string // address of the next page
	Back    string // to the figure it came from
}

// A boardRowView is one duty with where it lies and, for who may, the way to urge it.
type boardRowView struct {
	Row   ui.Row
	Where string // at whom the matter is
	Urge  string // address of the form; "" without the right
}

// boardList lists the duties behind one figure, under the same filter as the board.
func (s *Server) boardList(w http.ResponseWriter, r *http.Request) error {
	f := board.FilterOf(r.Form)
	if f.Figure == "" {
		f.Figure = board.Open
	}
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		b, err := board.ReadFor(tx, who, f, dutyKinds())
		if err != nil {
			return nil, err
		}
		items, next, err := board.List(tx, who, f, r.Form.Get("after"), boardPageRows)
		if err != nil {
			return nil, err
		}
		f.Query = b.Query
		v := boardListView{Back: boardPath(f), Hidden: append(boardHidden(f), ui.Hidden{Name: "figure", Value: string(f.Figure)})}
		v.Head = boardListHead(newNames(tx), b, f)
		p.Title = v.Head.Title
		v.Head.Tools = exportTool("board-list", f.Values())
		if v.Filters, err = boardFilters(tx, b, f); err != nil {
			return nil, err
		}
		v.Hidden = append(v.Hidden, chargeHidden(f, v.Filters)...)
		if next != "" {
			q := f.Values()
			q.Set("after", next)
			v.More = "/board/list" + query(q)
		}
		v.Rows, err = boardRows(tx, who, items, r.URL.RequestURI())
		return boardListPage(v), err
	})
}

// boardListHead says which figure this list is behind, and the figure itself: the list
// below has as many rows.
func boardListHead(n *names, b *board.Board, f board.Filter) ui.Head {
	h := ui.Head{Title: string(f.Figure), Crumbs: []ui.Link{{Label: "Bảng điều hành", Href: boardPath(f)}}}
	for _, x := range board.Figures {
		if x.Figure == f.Figure {
			h.Title = x.Say
		}
	}
	of := "Mọi đơn vị trong phạm vi theo dõi"
	if len(f.Units) > 0 {
		of = n.units(f.Units)
	}
	h.Sub = of + ": " + lower(dutyKinds()[f.Rule].Say)
	count := b.Total.Of(f.Figure)
	if f.Figure == board.Requested {
		for _, a := range b.Requested {
			if len(f.Units) == 0 || slices.Contains(f.Units, a.Unit) {
				count += a.N
			}
		}
	}
	h.Chips = []ui.Chip{{Text: grouped(count) + " việc"}}
	return h
}

// boardRows draws the duties of a list. What an officer of the unit reads of his own
// paper stays in the unit.
func boardRows(tx *db.Tx, who org.Actor, items []inbox.Item, here string) (rows []boardRowView, err error) {
	_, rev, err := duty.Calendar(tx)
	if err != nil {
		return nil, err
	}
	n, kinds := newNames(tx), dutyKinds()
	urges, err := mayUrge(tx, who)
	if err != nil {
		return nil, err
	}
	for _, i := range items {
		row := boardRowView{Row: ui.Row{Href: "/cases/" + string(i.Case), Do: n.unit(i.Owner) + ": " + lower(i.Say(kinds)), Code: i.Code, About: i.Title}}
		if i.Counterpart != "" {
			row.Row.From = "cho " + n.unit(i.Counterpart)
		} else if i.Raiser != "" {
			row.Row.From = "của " + n.unit(i.Raiser)
		}
		row.Row.Due = boardDue(rev, &i, tx)
		if row.Where, err = whereLies(tx, who, n, &i); err != nil {
			return nil, err
		}
		if urges && i.EndedAt.IsZero() && i.Rule == petition.MustAnswer {
			row.Urge = "/board/urge/" + string(i.Case) + "?back=" + url.QueryEscape(here)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// boardDue is a duty's date: of one that ended, whether it was in time.
func boardDue(rev workday.Revision, i *inbox.Item, tx *db.Tx) ui.Due {
	if !i.EndedAt.IsZero() && i.Fate != duty.Open && i.Fate != duty.Suspended {
		d := ui.Due{Words: "xong " + when(i.EndedAt, tx.Now), At: rfc(i.EndedAt)}
		if i.Fate == duty.Handed { // its owner did not do it
			d.Words = "chuyển đi " + when(i.EndedAt, tx.Now)
		}
		switch {
		case i.Fate == duty.Waived:
			d.Words = "cho thôi " + when(i.EndedAt, tx.Now)
		case !i.OwnDueAt.IsZero() && !i.Request && !i.EndedAt.Before(i.OwnDueAt): // the figure is of the unit's own share
			d.Until = "quá hạn"
		case !i.DueAt.IsZero():
			d.Tone, d.Until = ui.Done, "đúng hạn"
		}
		return d
	}
	words, tone := i.Due(rev, tx.Now)
	d := ui.Due{Tone: toneOf(tone)}
	d.Words, d.Until = cutDue(words)
	d.Source = i.Source()
	if !i.DueAt.IsZero() {
		d.At = rfc(i.DueAt)
	}
	return d
}

// whereLies says why a matter waits: with whom it lies inside the unit, which state it
// is in, and what happened last, as far as the reader hears of it.
func whereLies(tx *db.Tx, who org.Actor, n *names, i *inbox.Item) (string, error) {
	var parts []string
	if i.EndedAt.IsZero() {
		switch {
		case i.Fate == duty.Suspended:
			parts = append(parts, "đang tạm dừng")
		case i.Officer != "" && who.In(i.Owner):
			parts = append(parts, "đang ở "+n.officer(i.Officer))
		case i.Section != "":
			parts = append(parts, "đang ở "+n.unit(i.Section))
		case i.Officer != "":
			parts = append(parts, "đơn vị đã giao người xử lý")
		default:
			parts = append(parts, "đơn vị chưa phân công")
		}
		if step := i.Step(); step != "" {
			parts = append(parts, step)
		}
		if share := i.Share(tx.Now); share != "" { // late, but not with this unit
			parts = append(parts, share)
		}
	}
	if state := petition.States[i.State]; state != "" {
		parts = append(parts, lower(state))
	}
	p, err := petition.Get(tx, who, i.Case)
	if err != nil {
		return "", err
	}
	all, err := casefile.History(tx, who, i.Case, mostEvents)
	if err != nil {
		return "", err
	}
	if len(all) > 0 {
		e := all[len(all)-1]
		parts = append(parts, "gần nhất: "+happened(n, p, e)+", "+when(e.OccurredAt, tx.Now))
	}
	return strings.Join(parts, " · "), nil
}

// boardOrphans lists what nothing would ever move; it should be empty.
func (s *Server) boardOrphans(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		b, err := board.Read(tx, who, board.Query{}, dutyKinds())
		if err != nil {
			return nil, err
		}
		p.Title = "Việc chưa có đơn vị chịu trách nhiệm"
		v := boardListView{Back: "/board", Head: ui.Head{Title: p.Title, Crumbs: []ui.Link{{Label: "Bảng điều hành", Href: "/board"}},
			Sub: "Danh sách này phải luôn trống. Có dòng nào là có lỗi: báo quản trị hệ thống."}}
		all, err := board.Orphaned(tx, who, dutyKinds(), 4*boardPageRows)
		if err != nil || !b.All {
			return boardListPage(v), err
		}
		n := newNames(tx)
		for _, o := range all {
			owner := "chưa rõ đơn vị"
			if o.Owner != "" {
				owner = n.unit(o.Owner)
			}
			v.Rows = append(v.Rows, boardRowView{Where: o.Why, Row: ui.Row{Href: "/cases/" + string(o.Case), Code: o.Code, Do: owner + ": " + lower(dutyKinds()[o.Rule].Say)}})
		}
		return boardListPage(v), nil
	})
}
