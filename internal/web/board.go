package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"lienthong/internal/board"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// overview lists the pages that look across units: the board, the regulations, the
// administration of the office.
func (s *Server) overview() {
	s.handle("GET /board", s.board)
	s.handle("GET /board/list", s.boardList)
	s.handle("GET /board/orphans", s.boardOrphans)
	s.handle("GET /board/urge/{case}", s.urgePage)
	s.handle("POST /board/urge/{case}", s.urge)

	s.handle("GET /regulations", s.regulations)
	s.handle("GET /regulations/fields", s.regulationFields)
	s.handle("GET /regulations/adopt", s.regulationAdopt)
	s.handle("GET /regulations/rules/{rule}", s.regulationRule)
	s.handle("GET /regulations/{text}", s.regulationText)
	s.handle("GET /regulations/{text}/{clause}", s.regulationClause)

	s.handle("GET /admin", s.admin)
	s.handle("GET /admin/units/{unit}", s.adminUnit)
	s.handle("GET /admin/units/{unit}/{tab}", s.adminTab)
	s.handle("GET /admin/units/{unit}/{tab}/{act}", s.adminPage)
	s.handle("POST /admin/units/{unit}/{tab}/{act}", s.adminDo)
	s.handle("GET /admin/calendars", s.calendars)
	s.handle("GET /admin/calendars/{calendar}", s.calendar)
	s.handle("GET /admin/calendars/{calendar}/new", s.revisionPage)
	s.handle("POST /admin/calendars/{calendar}/preview", s.revisionPreview)
	s.handle("POST /admin/calendars/{calendar}/new", s.revisionAdd)
	s.handle("GET /admin/jobs/{job}", s.jobPage)
	s.handle("POST /admin/jobs/{job}/resume", s.jobResume)
}

// dutyKinds are the kinds of duties whose lists the pages name.
func dutyKinds() duty.Kinds {
	kinds := duty.Kinds{}
	for _, k := range petition.Duties() {
		kinds[k.Rule] = k
	}
	return kinds
}

// boardRules are the acts that a board can be asked for, in the order of its tabs.
var boardRules = []string{petition.MustAnswer, petition.MustContribute, petition.MustReport, petition.MustExplain}

// boardView is the board as one officer may see it.
type boardView struct {
	Head    ui.Head
	Tabs    []ui.Tab
	Filters []ui.Input
	Hidden  []ui.Hidden
	Tiles   []ui.Tile
	Table   ui.Table
	Asked   []ui.Link
	Notes   []string
}

// board draws the figures; each is a link to the list that has as many rows.
func (s *Server) board(w http.ResponseWriter, r *http.Request) error {
	f, err := board.ParseFilter(r.Form)
	if err != nil {
		return err
	}
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		b, err := board.ReadFor(tx, who, f, dutyKinds())
		if err != nil {
			return nil, err
		}
		p.Title = "Bảng điều hành"
		f.Query = b.Query
		v := boardView{Head: boardHead(b, f), Tabs: boardTabs(f), Hidden: boardHidden(f)}
		if v.Filters, err = boardFilters(tx, b, f); err != nil {
			return nil, err
		}
		v.Tiles, v.Table = boardTiles(b, f), boardTable(b, f)
		v.Notes = boardNotes(b, f)
		if f.Field == "" && f.Commune == "" {
			for _, a := range b.Requested {
				v.Asked = append(v.Asked, ui.Link{Label: a.Name + " " + strconv.FormatInt(a.N, 10), Href: boardList(f, board.Requested, a.Unit)})
			}
		}
		return boardPage(v), nil
	})
}

func boardHead(b *board.Board, f board.Filter) ui.Head {
	h := ui.Head{Title: "Bảng điều hành", Sub: "Đang tắc ở đâu, ai phải làm gì. Số liệu đến " + hour(b.At) + " ngày " + workday.Of(b.At).Long() + "; bấm vào số nào cũng ra danh sách."}
	if len(f.Units) == 1 && len(b.Rows) == 1 {
		h.Title = "Bảng điều hành: " + b.Rows[0].Name
		f.Units = nil
		h.Crumbs = []ui.Link{{Label: "Mọi đơn vị", Href: boardPath(f)}}
	}
	return h
}

// boardPath is the board with a filter; the figure belongs to lists.
func boardPath(f board.Filter) string {
	f.Figure = ""
	return "/board" + query(f.Values())
}

// boardList is the list behind a figure, of one unit or of all for "".
func boardList(f board.Filter, figure board.Figure, unit org.UnitID) string {
	f.Figure = figure
	if unit != "" {
		f.Units = []org.UnitID{unit}
	}
	return "/board/list" + query(f.Values())
}

// query writes an address's question; the open end of time is not worth saying.
func query(v url.Values) string {
	if v.Get("to") == openEnd {
		v.Del("to")
	}
	if len(v) == 0 {
		return ""
	}
	return "?" + v.Encode()
}

// openEnd is the last day of a board that was asked for without one.
const openEnd = "2999-12-31"

func boardTabs(f board.Filter) (tabs []ui.Tab) {
	kinds := dutyKinds()
	for _, rule := range boardRules {
		g := f
		g.Rule = rule
		tabs = append(tabs, ui.Tab{Label: kinds[rule].Say, Href: boardPath(g), Count: -1, Current: rule == f.Rule})
	}
	return tabs
}

// boardHidden keeps what the form of filters does not ask.
func boardHidden(f board.Filter) (all []ui.Hidden) {
	all = append(all, ui.Hidden{Name: "rule", Value: f.Rule})
	for _, u := range f.Units {
		all = append(all, ui.Hidden{Name: "unit", Value: string(u)})
	}
	return all
}

// boardFilters are what people narrow a board by. Who leads one unit chooses no deputy
// of the province.
func boardFilters(tx *db.Tx, b *board.Board, f board.Filter) (all []ui.Input, err error) {
	fields, err := petition.Fields(tx)
	if err != nil && fault.Kind(err) != fault.NotFound {
		return nil, err
	}
	field := ui.Input{Name: "field", Label: "Lĩnh vực", Value: f.Field}
	for _, c := range fields {
		field.Options = append(field.Options, ui.Option{Value: c.ID, Label: c.Name})
	}
	commune := ui.Input{Name: "commune", Label: "Xã, phường kiến nghị", Value: string(f.Commune)}
	communes, err := org.Units(tx, org.Filter{Level: org.LevelCommune, Kind: org.KindCommittee})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(communes, func(a, b org.Unit) int { return cmp.Compare(a.Short, b.Short) })
	for _, u := range communes {
		commune.Options = append(commune.Options, ui.Option{Value: string(u.ID), Label: u.Short})
	}
	all = []ui.Input{field, commune}
	if b.All {
		charge, err := chargeFilter(tx, f)
		if err != nil {
			return nil, err
		}
		if len(charge.Options) > 0 {
			all = append(all, charge)
		}
	}
	to := f.To.String()
	if to == openEnd {
		to = ""
	}
	return append(all, ui.Input{Name: "from", Label: "Việc đã xong: hạn từ ngày", Type: "date", Value: f.From.String()},
		ui.Input{Name: "to", Label: "đến ngày", Type: "date", Value: to}), nil
}

// chargeFilter offers the vice chairmen of the province by the fields in their charge.
func chargeFilter(tx *db.Tx, f board.Filter) (in ui.Input, err error) {
	in = ui.Input{Name: "charge", Label: "Phó Chủ tịch phụ trách", Value: string(f.Charge)}
	top, err := org.Units(tx, org.Filter{Level: org.LevelProvince, Kind: org.KindCommittee})
	if err != nil {
		return in, err
	}
	for _, u := range top {
		all, err := board.ChargedIn(tx, u.ID)
		if err != nil {
			return in, err
		}
		for _, c := range all {
			in.Options = append(in.Options, ui.Option{Value: string(c.Officer), Label: c.Name})
		}
	}
	return in, nil
}

func figureText(n int64) string {
	if n == 0 {
		return "–"
	}
	return grouped(n)
}

// grouped writes 1250 as people read it here: 1.250.
func grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return s
}

// boardTiles are the sums. The last one is a check of the system itself and must be 0.
func boardTiles(b *board.Board, f board.Filter) (tiles []ui.Tile) {
	add := func(figure board.Figure, label string, tone ui.Tone) {
		n := b.Total.Of(figure)
		if n == 0 {
			tone = ui.Calm
		}
		tiles = append(tiles, ui.Tile{Number: grouped(n), Label: label, Href: boardList(f, figure, ""), Tone: tone})
	}
	add(board.Open, "đang mở", ui.Calm)
	add(board.Missed, "quá hạn chưa xong", ui.Late)
	add(board.Soon, "đến hạn trong 2 ngày làm việc", ui.Soon)
	if f.Rule == petition.MustAnswer {
		add(board.Unresolved, "đã trả lời, chưa giải quyết xong", ui.Calm)
		add(board.Unconfirmed, "đã trả lời, xã chưa xác nhận", ui.Calm)
	}
	if b.All {
		n := b.Orphans.NoOwner + b.Orphans.NoDue + b.Orphans.NoNext
		t := ui.Tile{Number: grouped(n), Label: "việc chưa có đơn vị chịu trách nhiệm", Href: "/board/orphans", Tone: ui.Done}
		if n > 0 {
			t.Tone = ui.Soon
		}
		tiles = append(tiles, t)
	}
	return tiles
}

// A boardColumn is a figure of a unit's row beside its name.
type boardColumn struct {
	figure board.Figure
	label  string
	tone   ui.Tone
	seldom bool // left out where no unit has any
}

var boardColumns = []boardColumn{
	{board.Open, "Đang mở", ui.Calm, false}, {board.Soon, "Còn ≤ 2 ngày", ui.Soon, false}, {board.Missed, "Quá hạn chưa xong", ui.Late, false},
	{board.Dateless, "Không nêu hạn", ui.Calm, true}, {board.Suspended, "Đang tạm dừng", ui.Calm, true},
	{board.Met, "Xong đúng hạn", ui.Calm, false}, {board.Late, "Xong quá hạn", ui.Calm, false}, {board.Waived, "Cho thôi", ui.Calm, true},
}

// usedColumns leaves out what no unit has and few ever have.
func usedColumns(b *board.Board) (all []boardColumn) {
	for _, c := range boardColumns {
		if !c.seldom || b.Total.Of(c.figure) > 0 {
			all = append(all, c)
		}
	}
	return all
}

func boardTable(b *board.Board, f board.Filter) ui.Table {
	t := ui.Table{Caption: "Đơn vị phải làm: " + lower(dutyKinds()[f.Rule].Say), Empty: "Không có việc nào trong phạm vi đang xem. Bỏ bớt điều kiện lọc để xem rộng hơn.",
		Cols: []ui.Col{{Label: "Đơn vị"}}}
	columns := usedColumns(b)
	for _, c := range columns {
		t.Cols = append(t.Cols, ui.Col{Label: c.label, Num: true})
	}
	halves := f.Rule == petition.MustAnswer && f.Field == "" && f.Commune == ""
	if halves {
		t.Cols = append(t.Cols, ui.Col{Label: "Một nửa trả lời trong", Num: true})
	}
	for i := range b.Rows {
		g := f
		g.Units = []org.UnitID{b.Rows[i].Unit}
		t.Rows = append(t.Rows, boardRow(columns, &b.Rows[i], g, ui.Cell{Text: b.Rows[i].Name, Href: boardPath(g)}, halves))
	}
	if len(b.Rows) > 1 {
		t.Foot = [][]ui.Cell{boardRow(columns, &b.Total, f, ui.Cell{Text: "Cộng"}, halves)}
	}
	return t
}

func boardRow(columns []boardColumn, row *board.Row, f board.Filter, name ui.Cell, halves bool) []ui.Cell {
	cells := []ui.Cell{name}
	for _, c := range columns {
		n := row.Of(c.figure)
		cell := ui.Cell{Text: figureText(n)}
		if n > 0 {
			cell.Href, cell.Tone = boardList(f, c.figure, ""), c.tone
			if c.tone == ui.Late {
				cell.Text += " việc"
			}
		}
		cells = append(cells, cell)
	}
	if halves {
		half := "–"
		if row.Answered > 0 {
			half = strconv.Itoa(row.Half) + " ngày làm việc"
		}
		cells = append(cells, ui.Cell{Text: half})
	}
	return cells
}

// boardNotes say how the figures were counted.
func boardNotes(b *board.Board, f board.Filter) (notes []string) {
	notes = append(notes, "Cột “Xong” chỉ tính việc có hạn từ ngày "+f.From.Long()+lastDay(f)+", và việc không nêu hạn; các cột khác tính đến lúc này.",
		"Cơ quan ngành dọc, doanh nghiệp chỉ được đề nghị: nêu riêng, không tính hạn, không vào số liệu nào.")
	if f.Rule == petition.MustAnswer && f.Field == "" && f.Commune == "" {
		notes = append(notes, "“Một nửa trả lời trong”: phần thời gian của chính đơn vị, tính bằng ngày làm việc từ khi việc đến đơn vị; tính theo tháng.")
	}
	if b.All {
		notes = append(notes, "“Việc chưa có đơn vị chịu trách nhiệm” luôn phải bằng 0; khác 0 là lỗi của hệ thống, cần báo quản trị.")
	}
	return notes
}

func lastDay(f board.Filter) string {
	if f.To.String() == openEnd || f.To.IsZero() {
		return ""
	}
	return " đến ngày " + f.To.Long()
}
