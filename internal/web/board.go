package web

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"lienthong/internal/board"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// overview lists the pages that look across units: the board, the regulations, the
// administration of the office.
func (s *Server) overview() {
	s.handle("GET /board/orphans", s.boardOrphans)
	s.scoring()
	s.handle("GET /board/urge/{case}", s.urgePage)
	s.handle("POST /board/urge/{case}", s.urge)

	s.handle("GET /regulations", s.regulations)
	s.handle("GET /regulations/fields", s.regulationFields)
	s.handle("GET /regulations/adopt", s.regulationAdopt)
	s.handle("GET /regulations/rules/{rule}", s.regulationRule)
	s.handle("GET /regulations/{text}", s.regulationText)
	s.handle("GET /regulations/{text}/{clause}", s.regulationClause)

	s.handle("GET /admin", s.admin)
	s.handle("GET /admin/doors", s.doors)
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
	Ways    []ui.Tab // by unit, field, area, commune, desk officer
	Filters []ui.Input
	Hidden  []ui.Hidden // what the filters keep when one changes
	Tiles   []ui.Tile
	Say     string // one sentence above the table
	Table   ui.Table
	Causes  ui.Table  // why what is missed still waits
	Trend   ui.Table  // by month
	Asked   []ui.Link // bodies that were only asked: no figures, only lists
	Notes   []string
}

// board draws the figures; each is a link to the list that has as many rows.
func (s *Server) board(w http.ResponseWriter, r *http.Request) error {
	f := board.FilterOf(r.Form)
	return s.showKept(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		f, own, err := presetCharge(tx, who, f, r.Form.Has("charge"))
		if err != nil {
			return nil, err
		}
		b, err := board.ReadFor(tx, who, f, dutyKinds())
		if err != nil {
			return nil, err
		}
		p.Title = "Bảng điều hành"
		f.Query = b.Query
		v := boardView{Head: boardHead(b, f), Tabs: boardTabs(f), Hidden: boardHidden(f)}
		v.Head.Chips = append(v.Head.Chips, chargeChips(f, own, boardPath)...)
		if v.Filters, err = boardFilters(tx, b, f); err != nil {
			return nil, err
		}
		v.Hidden = append(v.Hidden, chargeHidden(f, v.Filters)...)
		v.Tiles, v.Table = boardTiles(b, f), boardTable(b, f)
		v.Notes, v.Say, v.Ways = boardNotes(b, f), halfSentence(&b.Total), boardWays(b, f)
		v.Head.Tools = boardTools(f)
		causes, err := board.Why(tx, who, f, b)
		if err != nil {
			return nil, err
		}
		months, err := board.Trend(tx, who, f)
		if err != nil {
			return nil, err
		}
		v.Causes, v.Trend = causesTable(causes, f), trendTable(months, f)
		if f.Field == "" && f.Commune == "" {
			for _, a := range b.Requested {
				v.Asked = append(v.Asked, ui.Link{Label: a.Name + " " + strconv.FormatInt(a.N, 10), Href: boardList(f, board.Requested, a.Unit)})
			}
		}
		return boardPage(v), nil
	})
}

// boardHead says what the board counts and up to when; of one unit, it names the unit and
// leads back to all.
func boardHead(b *board.Board, f board.Filter) ui.Head {
	h := ui.Head{Title: "Bảng điều hành", Sub: "Số liệu đến " + hour(b.At) + " ngày " + workday.Of(b.At).Long() + "; " + doneSince(f) + ". Bấm vào số nào cũng ra danh sách."}
	if len(f.Units) == 1 && len(b.Rows) == 1 {
		h.Title = "Bảng điều hành: " + b.Rows[0].Name
		f.Units = nil
		h.Crumbs = []ui.Link{{Label: "Mọi đơn vị", Href: boardPath(f)}}
	}
	return h
}

// doneSince says which ended duties the board counts: its filters may be folded away.
func doneSince(f board.Filter) string {
	say := "việc đã xong tính theo hạn từ " + f.From.Long()
	if f.To.String() != openEnd {
		say += " đến " + f.To.Long()
	}
	return say
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

// boardTabs keep the filter when the act changes: the same question about another duty.
func boardTabs(f board.Filter) (tabs []ui.Tab) {
	kinds := dutyKinds()
	for _, rule := range boardRules {
		g := f
		g.Rule = rule
		tabs = append(tabs, ui.Tab{Label: kinds[rule].Say, Href: boardPath(g), Count: -1, Current: rule == f.Rule})
	}
	return tabs
}
