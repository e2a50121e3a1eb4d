package web

import (
	"bytes"
	"cmp"
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/paper"
	"lienthong/internal/petition"
	"lienthong/internal/tracker"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// tracking are the pages on which assignments are followed across units.
func (s *Server) tracking() {
	s.trackerImports()
	s.publications()
}

// trackerView is the tracker on one page.
type trackerView struct {
	Head    ui.Head
	Tiles   []ui.Tile
	Rows    ui.Table
	Whole   ui.Link // to every row, where only the first stand
	By      []ui.Tab
	Tabs    []ui.Tab
	Hidden  []ui.Hidden
	Filters []ui.Input
	Groups  []ui.Group
	Empty   ui.Nothing
	More    string
}

// trackerQuery is what the address of the tracker says.
type trackerQuery struct {
	by    tracker.Dimension
	slice tracker.Slice
	f     tracker.Filter
	whole bool // every row of figures
}

func trackerAsked(r *http.Request) (q trackerQuery) {
	q.by, q.slice, q.f = tracker.FilterOf(r.Form)
	q.whole = r.Form.Get("rows") == "all"
	return q
}

// path is the address of the tracker under the same filter.
func (q trackerQuery) path(to string, set ...string) string {
	v := url.Values{}
	put := func(name, s string) {
		if s != "" {
			v.Set(name, s)
		}
	}
	put("by", string(q.by))
	put("list", string(q.slice))
	put("field", q.f.Field)
	put("leader", string(q.f.Leader))
	put("directive", string(q.f.Directive))
	if len(q.f.Units) > 0 {
		put("unit", string(q.f.Units[0]))
	}
	for i := 0; i+1 < len(set); i += 2 {
		v.Del(set[i])
		put(set[i], set[i+1])
	}
	return to + query(v)
}

// trackerPage is what a leader reads in a minute: numbers, who has them, and the list
// behind the number that was asked for.
func (s *Server) trackerPage(w http.ResponseWriter, r *http.Request) error {
	return s.showKept(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		q := trackerAsked(r)
		t, err := tracker.Read(tx, who, q.by, q.f)
		if err != nil {
			return nil, err
		}
		p.Title = "Theo dõi nhiệm vụ"
		v := trackerView{Head: ui.Head{Crumbs: []ui.Link{{Label: "Việc của tôi", Href: "/"}}, Title: p.Title, Sub: "Nhiệm vụ do văn bản chỉ đạo giao; số liệu đến " + hour(t.At) + " ngày " + workday.Of(t.At).Long()}}
		if !t.All {
			v.Head.Sub = "Nhiệm vụ của đơn vị anh/chị; số liệu đến " + hour(t.At) + " ngày " + workday.Of(t.At).Long()
		}
		if v.Head.Tools, err = trackerTools(tx, who, q); err != nil {
			return nil, err
		}
		v.Tiles = trackerTiles(q, t)
		v.Rows, v.By = trackerTable(q, t), trackerDimensions(q)
		if !q.whole && len(t.Rows) > firstRows {
			v.Whole = ui.Link{Label: "Xem đủ " + itoa(int64(len(t.Rows))) + " dòng", Href: q.path("/tracker", "rows", "all") + "#rows"}
		}
		v.Tabs = trackerTabs(q, t)
		if v.Filters, err = trackerFilters(tx, who, t, q); err != nil {
			return nil, err
		}
		v.Hidden = []ui.Hidden{{Name: "by", Value: string(q.by)}, {Name: "list", Value: string(q.slice)}}
		all, next, err := tracker.List(tx, who, q.slice, q.f, r.Form.Get("from"), pageRows)
		if err != nil {
			return nil, err
		}
		if next != "" {
			v.More = q.path("/tracker", "from", next)
		}
		if len(all) == 0 {
			v.Empty = ui.Nothing{Title: "Không có nhiệm vụ nào ở danh sách này", Text: "Đổi danh sách hoặc bộ lọc ở trên để xem nhiệm vụ khác."}
			return trackerSheetPage(v), nil
		}
		rows, err := assignmentRows(tx, who, all)
		v.Groups = []ui.Group{{Title: sliceSay(q.slice), Rows: rows}}
		if from := r.Form.Get("from"); next != "" || from != "" {
			v.Groups[0].Count = cutCount(sliceCount(t, q.slice), len(rows), from != "")
		}
		if q.slice == tracker.Asked {
			v.Groups[0].Note = "không bị tính quá hạn"
		}
		return trackerSheetPage(v), err
	})
}

func sliceSay(s tracker.Slice) string { return s.Say() }

// upTo writes a count that stops at a bound.
func upTo(n int64) string {
	if n >= tracker.Most {
		return "trên " + grouped(tracker.Most)
	}
	return grouped(n)
}

func trackerTiles(q trackerQuery, t *tracker.Tracker) []ui.Tile {
	at := func(s tracker.Slice) string { return q.path("/tracker", "list", string(s)) }
	return []ui.Tile{
		{Number: grouped(t.Total.Open), Label: "đang thực hiện", Href: at(tracker.Running)},
		{Number: grouped(t.Total.Late), Label: "quá hạn", Href: at(tracker.Late), Tone: warns(t.Total.Late, ui.Late)},
		{Number: grouped(t.Total.Week), Label: "đến hạn tuần này", Href: at(tracker.Week), Tone: warns(t.Total.Week, ui.Soon)},
		{Number: grouped(t.Total.Dateless), Label: "không nêu hạn", Href: at(tracker.Dateless)},
		{Number: upTo(t.Waiting), Label: "chờ công nhận", Href: at(tracker.Waiting)},
		{Number: upTo(t.Returned), Label: "bị trả lại", Href: at(tracker.Returned)},
	}
}

// sliceCounts are how many stand in each list; of those only asked nobody counts.
func sliceCounts(t *tracker.Tracker) map[tracker.Slice]int64 {
	return map[tracker.Slice]int64{tracker.Running: t.Total.Open, tracker.Late: t.Total.Late, tracker.Week: t.Total.Week, tracker.Dateless: t.Total.Dateless,
		tracker.Waiting: t.Waiting, tracker.Returned: t.Returned, tracker.Beside: t.Beside, tracker.Asked: -1}
}

// sliceCount writes how many stand in a list, "" where it is not known; some counts stop at a
// bound.
func sliceCount(t *tracker.Tracker, s tracker.Slice) string {
	n := sliceCounts(t)[s]
	switch {
	case n < 0:
		return ""
	case s == tracker.Waiting || s == tracker.Returned || s == tracker.Beside:
		return upTo(n)
	}
	return grouped(n)
}

// cutCount says that a list is longer than its page, and by how much where that is known.
func cutCount(all string, rows int, later bool) string {
	shown := grouped(int64(rows)) + " việc đầu"
	if later {
		shown = grouped(int64(rows)) + " việc ở trang này"
	}
	if all == "" {
		return shown + ", còn nữa"
	}
	return all + " việc, " + shown
}

func trackerTabs(q trackerQuery, t *tracker.Tracker) (all []ui.Tab) {
	count := sliceCounts(t)
	for _, x := range tracker.Slices {
		if x.Slice == tracker.Beside && t.All && len(q.f.Units) == 0 && q.f.Leader == "" {
			continue // of every unit nobody asks who helps whom
		}
		all = append(all, ui.Tab{Label: x.Say, Href: q.path("/tracker", "list", string(x.Slice)), Count: int(count[x.Slice]), Current: x.Slice == q.slice})
	}
	return all
}

var trackerBy = []struct {
	by  tracker.Dimension
	say string
	key string
}{{tracker.ByUnit, "Theo đơn vị", "unit"}, {tracker.ByField, "Theo lĩnh vực", "field"}, {tracker.ByLeader, "Theo lãnh đạo phụ trách", "leader"}, {tracker.ByDirective, "Theo văn bản", "directive"}}

func trackerDimensions(q trackerQuery) (all []ui.Tab) {
	for _, d := range trackerBy {
		all = append(all, ui.Tab{Label: d.say, Href: q.path("/tracker", "by", string(d.by)), Count: -1, Current: d.by == q.by})
	}
	return all
}

// trackerTable are the figures by row; each number opens its list.
func trackerTable(q trackerQuery, t *tracker.Tracker) ui.Table {
	key, name := "unit", "Đơn vị chủ trì"
	switch q.by {
	case tracker.ByField:
		key, name = "field", "Lĩnh vực"
	case tracker.ByLeader:
		key, name = "leader", "Lãnh đạo phụ trách"
	case tracker.ByDirective:
		key, name = "directive", "Văn bản giao"
	}
	u := ui.Table{Caption: "Nhiệm vụ theo " + lower(name), Empty: "Chưa có nhiệm vụ nào.", Cols: []ui.Col{{Label: name}, {Label: "Đang thực hiện", Num: true}, {Label: "Quá hạn", Num: true},
		{Label: "Đến hạn tuần này", Num: true}, {Label: "Không nêu hạn", Num: true}, {Label: "Xong đúng hạn", Num: true}, {Label: "Xong quá hạn", Num: true}}}
	row := func(name, k string, f tracker.Figures) []ui.Cell {
		link := func(s tracker.Slice, n int64) ui.Cell {
			c := ui.Cell{Text: figureText(n)}
			if n > 0 && k != "" {
				c.Href = q.path("/tracker", "list", string(s), key, k)
			}
			return c
		}
		head := ui.Cell{Text: name}
		if q.by == tracker.ByDirective && k != "" { // the whole thread of one document
			head.Href = directivePath(casefile.ID(k))
		}
		cells := []ui.Cell{head, link(tracker.Running, f.Open), link(tracker.Late, f.Late), link(tracker.Week, f.Week), link(tracker.Dateless, f.Dateless), {Text: figureText(f.Met)}, {Text: figureText(f.DoneLate)}}
		cells[2].Tone = warns(f.Late, ui.Late)
		return cells
	}
	for _, r := range shown(q, t.Rows) {
		u.Rows = append(u.Rows, row(r.Name, r.Key, r.Figures))
	}
	if t.More {
		u.Caption += ": " + itoa(tracker.Newest) + " văn bản mới nhất"
	}
	if len(u.Rows) > 1 && q.by != tracker.ByLeader && q.by != tracker.ByDirective {
		u.Foot = append(u.Foot, row("Cộng", "", t.Total))
	}
	return u
}

// firstRows is how many rows of figures stand without asking: what a page holds.
const firstRows = 15

// shown are the rows of figures: those with something late or soon first, all on demand.
func shown(q trackerQuery, rows []tracker.Row) []tracker.Row {
	if q.whole || len(rows) <= firstRows {
		return rows
	}
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, func(a, b tracker.Row) int {
		return cmp.Or(cmp.Compare(b.Late, a.Late), cmp.Compare(b.Week, a.Week), cmp.Compare(b.Open, a.Open))
	})
	return rows[:firstRows]
}

// trackerFilters narrow the list: by unit among those with figures, by field, by leader.
func trackerFilters(tx *db.Tx, who org.Actor, t *tracker.Tracker, q trackerQuery) ([]ui.Input, error) {
	unit := ui.Input{Name: "unit", Label: "Đơn vị"}
	if len(q.f.Units) > 0 {
		unit.Value = string(q.f.Units[0])
		unit.Options = append(unit.Options, ui.Option{Value: unit.Value, Label: newNames(tx).unit(q.f.Units[0])})
	} else if q.by == tracker.ByUnit {
		for _, r := range t.Rows {
			unit.Options = append(unit.Options, ui.Option{Value: r.Key, Label: r.Name})
		}
	}
	field := ui.Input{Name: "field", Label: "Lĩnh vực", Value: q.f.Field}
	all, err := petition.Fields(tx)
	for _, f := range all {
		field.Options = append(field.Options, ui.Option{Value: f.ID, Label: upper(f.Name)})
	}
	some := []ui.Input{unit, field}
	if q.f.Leader != "" {
		some = append(some, ui.Input{Name: "leader", Label: "Lãnh đạo phụ trách", Value: string(q.f.Leader), Options: []ui.Option{{Value: string(q.f.Leader), Label: newNames(tx).officer(q.f.Leader)}}})
	}
	if q.f.Directive != "" {
		label := "văn bản đã chọn"
		if d, err := directive.Get(tx, who, q.f.Directive); err == nil {
			label = joinDot(numberWords(d.Number), d.Title)
		}
		some = append(some, ui.Input{Name: "directive", Label: "Văn bản giao", Value: string(q.f.Directive), Options: []ui.Option{{Value: string(q.f.Directive), Label: label}}})
	}
	return some, err
}

// trackerTools are the ways on from the tracker: out of it, into it, to what is public.
func trackerTools(tx *db.Tx, who org.Actor, q trackerQuery) ([]ui.Button, error) {
	all := []ui.Button{{Label: "Xuất Excel", Href: q.path("/export/tracker")}, {Label: "Xuất Word", Href: q.path("/tracker/tasks.docx")}, {Label: "Văn bản chỉ đạo", Href: "/directives"}, {Label: "Nhiệm vụ định kỳ", Href: "/series"}}
	takes, err := takesDirectives(tx, who)
	if err != nil {
		return nil, err
	}
	if takes {
		all = append(all, ui.Button{Label: "Nhập bảng theo dõi", Href: "/tracker/import"})
	}
	public, prepares, err := tracker.Publishes(tx, who)
	if prepares {
		all = append(all, ui.Button{Label: "Công khai kết quả", Href: "/publications"})
	} else if public {
		all = append(all, ui.Button{Label: "Kết quả đã công khai", Href: "/public/results"})
	}
	return all, err
}

// readTracked reads a list for a page of a meeting, at most wordRows of it.
func (s *Server) readTracked(r *http.Request) (title, at string, rows [][]any, err error) {
	q := trackerAsked(r)
	title = "Theo dõi nhiệm vụ: " + lower(sliceSay(q.slice))
	err = s.view(r, func(tx *db.Tx, who org.Actor) error {
		at, rows = "Số liệu đến "+hour(tx.Now)+" ngày "+workday.Of(tx.Now).Long(), nil
		lines, next, err := tracker.List(tx, who, q.slice, q.f, "", wordRows)
		if err != nil {
			return err
		}
		if next != "" {
			return fault.Refuse(fault.Invalid, "Danh sách dài hơn %d dòng; anh/chị lọc bớt hoặc xuất Excel.", wordRows)
		}
		rows, err = tracker.Rows(tx, lines)
		return err
	})
	return title, at, rows, err
}

// wordRows is how many rows a page for a meeting may have; a longer list goes to a sheet.
const wordRows = 1000

func (s *Server) trackerDocument(w http.ResponseWriter, r *http.Request) error {
	title, at, rows, err := s.readTracked(r)
	if err != nil {
		return err
	}
	t := &paper.Table{Head: []string{"Số văn bản, mục", "Nội dung nhiệm vụ", "Chủ trì", "Hạn", "Tình trạng"}, Share: []float64{16, 36, 18, 16, 14}}
	for _, row := range rows {
		cells := map[string]string{}
		for i, c := range tracker.Columns {
			switch x := row[i].(type) {
			case string:
				cells[c.Key] = x
			case workday.Date:
				if cells[c.Key] = "không nêu hạn"; !x.IsZero() {
					cells[c.Key] = x.Long()
				}
			}
		}
		t.Rows = append(t.Rows, []string{cmp.Or(joinDot(cells["number"], itemWords(cells["clause"])), "–"), cells["content"], cells["lead"], cells["due"], cells["state"]})
	}
	d := &paper.Document{Kind: paper.Report, Unnumbered: true, Name: "DANH SÁCH NHIỆM VỤ", Subject: lower(title), Body: []paper.Block{{Text: at + "."}, {Table: t}}}
	if err := s.view(r, func(tx *db.Tx, who org.Actor) error { return paper.Head(tx, who, d) }); err != nil {
		return err
	}
	var b bytes.Buffer
	if err := paper.DOCX(&b, d); err != nil {
		return err
	}
	sendFile(w, "theo-doi-nhiem-vu.docx", paper.DocxType, b.Bytes())
	return nil
}
