package web

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/a-h/templ"

	"lienthong/data"
	"lienthong/internal/board"
	"lienthong/internal/db"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// An outline is the shape of a commune in the map's box, with the place of its number.
type outline struct{ x, y, path string }

// outlines reads the shipped outlines once, by the id of the commune.
var outlines = sync.OnceValue(func() map[org.UnitID]outline {
	raw, err := data.Files.ReadFile("boundaries.tsv")
	if err != nil {
		panic(err) // the file is part of the program
	}
	all := map[org.UnitID]outline{}
	for line := range strings.Lines(string(raw)) {
		if p := strings.Split(strings.TrimSuffix(line, "\n"), "\t"); len(p) == 4 && p[0] != "code" {
			all[org.UnitID(p[0])] = outline{p[1], p[2], p[3]}
		}
	}
	return all
})

// mapSteps is into how many steps of one colour the figures fall, none being the first.
const mapSteps = 5

// mapView is the map with its table: the same figures, once by place and once by name.
type mapView struct {
	Head    ui.Head
	Filters []ui.Input
	Hidden  []ui.Hidden // the filter that the map keeps
	Shapes  []shapeView
	Legend  []stepView // what the shades mean
	Heads   []sortView // links that sort the table
	Rows    []placeView
	Total   placeView
	Notes   []string
	More    []ui.Link
}

// A shapeView is one commune drawn: where it leads, what it is called, how deep its colour.
type shapeView struct {
	Href, Say, Class, Path, X, Y, N string
}

// A stepView is one step of the legend.
type stepView struct{ Class, Say string }

// A sortView is the heading of a column that the table can be sorted by.
type sortView struct {
	Label, Href, Sorted string // Sorted is of aria-sort: "ascending", "descending" or ""
	Num                 bool   // aligned as figures
}

// A placeView is one row of the table.
type placeView struct {
	Name, Href, Area, Open, OpenHref, Missed, MissedHref string
}

// province draws the communes that wait for an answer, with the same figures beside it.
func (s *Server) province(w http.ResponseWriter, r *http.Request) error {
	f := board.FilterOf(r.Form)
	if f.Figure != board.Missed {
		f.Figure = board.Open
	}
	f.Rule = petition.MustAnswer
	order := r.Form.Get("sort")
	return s.showKept(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		f, own, err := presetCharge(tx, who, f, r.Form.Has("charge"))
		if err != nil {
			return nil, err
		}
		m, err := board.MapOf(tx, who, f, dutyKinds())
		if err != nil {
			return nil, err
		}
		p.Title = "Xã, phường đang chờ sở, ngành trả lời"
		f.Query, f.By = m.Board.Query, ""
		v := mapView{Head: ui.Head{Title: p.Title, Crumbs: []ui.Link{{Label: "Bảng điều hành", Href: boardPath(f)}},
			Sub: "Số liệu đến " + hour(m.Board.At) + " ngày " + workday.Of(m.Board.At).Long() + "; bấm vào xã, phường nào cũng ra danh sách. Ranh giới để xem, không phải ranh giới pháp lý."}}
		v.Head.Chips = chargeChips(f, own, func(f board.Filter) string { return mapPath(f, order) })
		if v.Filters, err = mapFilters(tx, m, f); err != nil {
			return nil, err
		}
		v.Hidden = chargeHidden(f, v.Filters)
		if order != "" {
			v.Hidden = append(v.Hidden, ui.Hidden{Name: "sort", Value: order})
		}
		v.Legend = mapLegend(m.Most)
		v.Shapes = mapShapes(m, f)
		mapTable(&v, m, f, order)
		return mapPage(v), nil
	})
}

// mapPath is the map under a filter, sorted as asked.
func mapPath(f board.Filter, order string) string {
	f.By, f.Rule = "", ""
	if f.Figure == board.Open {
		f.Figure = ""
	}
	v := f.Values()
	v.Del("from")
	v.Del("to")
	if order != "" {
		v.Set("sort", order)
	}
	return "/ban-do" + query(v)
}

// mapFilters narrow the map by field, department and lateness.
func mapFilters(tx *db.Tx, m *board.Map, f board.Filter) (all []ui.Input, err error) {
	all, err = boardFilters(tx, m.Board, f)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(i ui.Input) bool { return i.Name != "field" && i.Name != "area" && i.Name != "charge" })
	unit := ui.Input{Name: "unit", Label: "Sở, ngành phải trả lời"}
	if len(f.Units) == 1 {
		unit.Value = string(f.Units[0])
	}
	fields, err := petition.Fields(tx)
	if err != nil {
		return nil, err
	}
	n := newNames(tx)
	for _, c := range fields {
		if c.Unit != "" && !slices.ContainsFunc(unit.Options, func(o ui.Option) bool { return o.Value == string(c.Unit) }) {
			unit.Options = append(unit.Options, ui.Option{Value: string(c.Unit), Label: n.unit(c.Unit)})
		}
	}
	late := ui.Input{Name: "figure", Label: "Tô màu theo", Value: string(f.Figure), Options: []ui.Option{
		{Value: string(board.Open), Label: "mọi việc đang chờ"}, {Value: string(board.Missed), Label: "chỉ việc quá hạn"}}}
	return append(all, unit, late), nil
}

// step is the depth of a figure's colour: 0 for none, else 1 to mapSteps-1.
func step(n, most int64) int64 {
	if n <= 0 || most <= 0 {
		return 0
	}
	return (n*(mapSteps-1) + most - 1) / most
}

// mapLegend says which numbers each depth stands for; depths that no number has are left out.
func mapLegend(most int64) (all []stepView) {
	all = append(all, stepView{"s0", "0"})
	for i := int64(1); i < mapSteps; i++ {
		low, high := most*(i-1)/(mapSteps-1)+1, most*i/(mapSteps-1)
		switch {
		case low > high:
		case low == high:
			all = append(all, stepView{"s" + itoa(i), grouped(low)})
		default:
			all = append(all, stepView{"s" + itoa(i), grouped(low) + "–" + grouped(high)})
		}
	}
	return all
}

// One shape a commune that has an outline. The words say what the colour says, for those who do not see
// it.
func mapShapes(m *board.Map, f board.Filter) (all []shapeView) {
	for _, p := range m.Places {
		o, ok := outlines()[p.Unit]
		if !ok {
			continue
		}
		n := p.Of(f.Figure)
		s := shapeView{Href: placeList(f, p.Unit, f.Figure), Say: fmt.Sprintf("%s: %d đang chờ, %d quá hạn", p.Name, p.Open, p.Missed),
			Class: "s" + itoa(step(n, m.Most)), Path: o.path, X: o.x, Y: o.y}
		if n > 0 {
			s.N = grouped(n)
		}
		all = append(all, s)
	}
	return all
}

// placeList is the list behind a commune's figure.
func placeList(f board.Filter, u org.UnitID, figure board.Figure) string {
	f.Commune, f.Rule = u, petition.MustAnswer
	return boardList(f, figure, "")
}

// mapTable is the map in words, what waits most first, or sorted as the reader asks.
func mapTable(v *mapView, m *board.Map, f board.Filter, order string) {
	rows := slices.Clone(m.Places)
	slices.SortStableFunc(rows, func(a, b board.Place) int {
		switch order {
		case "area":
			return cmp.Compare(a.Area, b.Area)
		case "name":
			return cmp.Compare(a.Name, b.Name)
		case "missed":
			return cmp.Compare(b.Missed, a.Missed)
		}
		return cmp.Compare(b.Open, a.Open)
	})
	for _, h := range []struct {
		key, label string
		num        bool
	}{{"name", "Xã, phường", false}, {"area", "Địa bàn", false}, {"", "Đang chờ", true}, {"missed", "Quá hạn", true}} {
		s := sortView{Label: h.label, Href: mapPath(f, h.key), Num: h.num}
		if h.key == order {
			s.Sorted = map[bool]string{true: "descending", false: "ascending"}[h.num]
		}
		v.Heads = append(v.Heads, s)
	}
	for _, p := range rows {
		row := placeView{Name: p.Name, Area: p.Area, Open: figureText(p.Open), Missed: figureText(p.Missed)}
		if p.Open > 0 {
			row.OpenHref = placeList(f, p.Unit, board.Open)
		}
		if p.Missed > 0 {
			row.MissedHref, row.Missed = placeList(f, p.Unit, board.Missed), row.Missed+" việc"
		}
		v.Rows = append(v.Rows, row)
	}
	total := m.Board.Total
	v.Total = placeView{Name: "Cộng", Open: figureText(total.Open), OpenHref: boardList(f, board.Open, ""), Missed: figureText(total.Missed), MissedHref: boardList(f, board.Missed, "")}
	if others := total.Open - sumOpen(m.Places); others > 0 {
		v.Notes = append(v.Notes, "Trong số cộng có "+strconv.FormatInt(others, 10)+" việc không do xã, phường hiện nay nêu: không có trên bản đồ.")
	}
}

// What is open in all places together.
func sumOpen(places []board.Place) (n int64) {
	for _, p := range places {
		n += p.Open
	}
	return n
}
