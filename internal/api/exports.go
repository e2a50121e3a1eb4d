package api

import (
	"cmp"
	"net/http"
	"net/url"

	"lienthong/internal/board"
	"lienthong/internal/db"
	"lienthong/internal/export"
	"lienthong/internal/fault"
	"lienthong/internal/filter"
	"lienthong/internal/inbox"
	"lienthong/internal/job"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/tracker"
)

// exportsPath is where long lists are gathered.
const exportsPath = "/api/v1/exports"

// exportIn asks for a whole list as a spreadsheet, however long.
type exportIn struct {
	List    string   `json:"list" doc:"petitions, inbox, board-list hoặc tracker"`
	Query   string   `json:"query,omitempty" doc:"điều kiện như trên địa chỉ của danh sách ấy, không có dấu hỏi"`
	Columns []string `json:"columns,omitempty" doc:"các cột cần lấy; bỏ trống là đủ cột"`
}

// exportOut is how far a list is gathered.
type exportOut struct {
	ID      string   `json:"id"`
	List    string   `json:"list" doc:"tên danh sách"`
	State   string   `json:"state" doc:"open: đang đọc; done: tải được; failed, cancelled: không đọc hết"`
	Rows    int64    `json:"rows" doc:"số dòng đã đọc"`
	Columns []string `json:"columns" doc:"các cột được lấy"`
	File    string   `json:"file" doc:"địa chỉ của tệp; rỗng khi chưa đọc xong"`
	Until   string   `json:"until" doc:"tải được đến lúc nào; rỗng khi chưa đọc xong"`
}

// exporting are the routes of long lists.
func (s *Server) exporting() []route {
	start := act[exportIn]("POST", exportsPath, "startExport", "Đọc cả một danh sách thành tệp bảng tính ở máy chủ, dù dài bao nhiêu; hỏi tiếp ở địa chỉ trả về.", (*call).startExport).makes(exportOut{}).of(tagReading)
	start.status = http.StatusAccepted // it is not there yet
	return []route{
		start,
		look(exportsPath+"/{id}", "getExport", "Danh sách đã đọc đến đâu; chỉ người yêu cầu xem được.", exportOut{}, (*call).getExport),
		{method: "GET", path: exportsPath + "/{id}/file", id: "exportFile", say: "Tải tệp bảng tính đã đọc xong.", tag: tagReading, status: http.StatusOK,
			media: "application/octet-stream", do: (*call).exportFile},
	}
}

// exportLists are the lists by their names, each with the conditions its own address takes.
func (s *Server) exportLists() map[string]exportKind {
	return map[string]exportKind{
		"petitions": {petition.Conditions, func(q url.Values) export.List {
			f := petition.FilterOf(q)
			return export.List{Title: "Danh sách kiến nghị", Petitions: &f}
		}},
		"inbox": {inbox.Conditions(s.Duties), func(q url.Values) export.List {
			f := inbox.FilterOf(q)
			return export.List{Title: "Việc phải làm", Duties: &f}
		}},
		"board-list": {board.Conditions(s.Duties), func(q url.Values) export.List {
			f := board.FilterOf(q)
			f.Figure = cmp.Or(f.Figure, board.Open)
			return export.List{Title: "Danh sách việc", Board: &f}
		}},
		"tracker": {trackerBut("by"), func(q url.Values) export.List {
			_, slice, f := tracker.FilterOf(q)
			return export.List{Title: "Theo dõi nhiệm vụ", Tracker: &export.Tracked{Slice: slice, Filter: f}}
		}},
	}
}

// An exportKind is one list that can be gathered.
type exportKind struct {
	takes filter.Set
	of    func(q url.Values) export.List
}

// exportList is what the body asks for. What the list does not take is refused: a mistyped
// filter would be no filter, and the sheet would hold everything.
func (c *call) exportList(tx *db.Tx, who org.Actor, in *exportIn) (l export.List, err error) {
	kind, ok := c.s.exportLists()[in.List]
	if !ok {
		return l, fault.Field("list", "Danh sách là petitions, inbox, board-list hoặc tracker.")
	}
	q, err := kind.takes.Parse(tx, who, in.Query)
	if err != nil {
		return l, err
	}
	return kind.of(q).With(in.Columns)
}

// startExport queues the gathering. The filter is read now, so that what is wrong with it
// is said now and not by a job that stopped.
func (c *call) startExport(in *exportIn) error {
	return c.update(func(tx *db.Tx, who org.Actor) (done, error) {
		l, err := c.exportList(tx, who, in)
		if err != nil {
			return done{}, err
		}
		id, err := export.Start(tx, who, l)
		if err != nil {
			return done{}, err
		}
		d, err := exportDone(tx, who, string(id))
		d.status = http.StatusAccepted
		return d, err
	})
}

// exportDone is how far a gathering is; also the answer to a repeated request.
func exportDone(tx *db.Tx, who org.Actor, id string) (done, error) {
	x, err := export.Get(tx, who, job.ID(id))
	if err != nil {
		return done{}, err
	}
	out := exportOut{ID: id, List: x.List().Title, State: x.State, Rows: x.Done, Columns: []string{}}
	for _, col := range x.List().Showing() {
		out.Columns = append(out.Columns, col.Key)
	}
	if x.State == job.Done && tx.Now.Before(x.Until()) {
		out.File, out.Until = exportsPath+"/"+id+"/file", instant(x.Until())
	}
	return done{location: exportsPath + "/" + id, body: &out}, nil
}

func (c *call) getExport() error {
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		d, err := exportDone(tx, who, c.id)
		return d.body, 0, err
	})
}

// exportFile hands out what was gathered; before it is whole that is a 409.
func (c *call) exportFile() error {
	var f export.File
	err := c.s.DB.View(c.ctx, func(tx *db.Tx) error {
		who, err := c.actor(tx)
		if err != nil {
			return err
		}
		x, err := export.Get(tx, who, job.ID(c.id))
		if err != nil {
			return err
		}
		f, err = x.File(c.s.Blob, tx.Now)
		return err
	})
	if err != nil {
		return err
	}
	return c.sendSheet(f)
}
