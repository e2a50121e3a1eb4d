package api

import (
	"errors"
	"net/http"
	"slices"

	"lienthong/internal/blob"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/filter"
	"lienthong/internal/job"
	"lienthong/internal/org"
	"lienthong/internal/tracker"
	"lienthong/internal/upload"
)

// importsPath is where sheets of a province's tracker are taken.
const importsPath = "/api/v1/tracker/imports"

// differenceOut is a column in which the sheet and this system do not agree.
type differenceOut struct {
	Mark   string `json:"mark" doc:"tên của điều khác nhau này, để quyết định"`
	Key    string `json:"key" doc:"lead, content, due, percent, state, result hoặc issued_on"`
	Column string `json:"column"`
	Ours   string `json:"ours" doc:"ở hệ thống"`
	Theirs string `json:"theirs" doc:"ở bảng"`
	Kept   bool   `json:"kept" doc:"đã có người quyết định giữ như hệ thống"`
}

// settleLineIn is what a person decided on one line.
type settleLineIn struct {
	File string   `json:"file" doc:"id của tệp đã tải lên"`
	Line int      `json:"line" doc:"dòng trong bảng"`
	Take []string `json:"take,omitempty" doc:"mark của những điều lấy theo bảng"`
	Keep []string `json:"keep,omitempty" doc:"mark của những điều giữ như hệ thống"`
	Note string   `json:"note,omitempty"`
}

// matchOut is one line of a sheet beside what is here.
type matchOut struct {
	Line       int             `json:"line" doc:"dòng trong bảng, từ 1"`
	Finding    string          `json:"finding" doc:"new, same, differs, likely, pending, ended hoặc bad"`
	Problem    string          `json:"problem" doc:"vì sao không nhập được"`
	Number     string          `json:"number" doc:"số văn bản giao"`
	Title      string          `json:"title" doc:"nội dung nhiệm vụ ở bảng"`
	Lead       string          `json:"lead" doc:"mã đơn vị chủ trì; rỗng khi chưa rõ"`
	Assignment string          `json:"assignment" doc:"nhiệm vụ ở hệ thống, nếu đã có hoặc có thể đã có"`
	Directive  string          `json:"directive" doc:"văn bản ở hệ thống, nếu đã có"`
	Differs    []differenceOut `json:"differs" doc:"hai bên khác nhau ở đâu; do người quyết định, hệ thống không tự sửa"`
}

// compareOut is what comparing a sheet found.
type compareOut struct {
	Items    []matchOut     `json:"items"`
	Next     string         `json:"next"`
	Findings map[string]int `json:"findings" doc:"số dòng theo từng loại"`
}

type importIn struct {
	File string `json:"file" doc:"id của tệp đã tải lên"`
	Also []int  `json:"also,omitempty" doc:"các dòng likely mà người nhập khẳng định là nhiệm vụ khác"`
}

// importOut is how far the taking of a sheet is.
type importOut struct {
	ID        string   `json:"id"`
	State     string   `json:"state" doc:"open, done, failed hoặc cancelled"`
	Done      int64    `json:"done" doc:"số văn bản của bảng đã xem"`
	Total     int64    `json:"total"`
	Documents int      `json:"documents" doc:"số văn bản đã đưa vào chờ xác nhận"`
	Tasks     int      `json:"tasks" doc:"số nhiệm vụ được đề xuất; chưa nhiệm vụ nào được giao"`
	Refused   []string `json:"refused" doc:"những gì không nhập được"`
}

// importing are the routes of sheets.
func (s *Server) importing() []route {
	start := act[importIn]("POST", importsPath, "importTracker", "Đưa các nhiệm vụ chưa có của bảng theo dõi vào chờ xác nhận; không giao nhiệm vụ nào.", (*call).importTracker).makes(importOut{})
	start.status = http.StatusAccepted // its documents are taken one by one
	return []route{
		list("/api/v1/tracker/compare", "compareTracker", "So một bảng theo dõi (XLSX đã tải lên) với hệ thống; không thay đổi gì.", compareOut{}, (*call).compareTracker,
			filter.ID("file", "Tệp đã tải lên"), filter.Choice("finding", "Loại dòng", tracker.FindingOptions()...).Saying("chỉ các dòng loại này")),
		start,
		act[settleLineIn]("POST", "/api/v1/tracker/settlements", "settleTracker", "Quyết định những điều khác nhau của một dòng: lấy theo bảng hoặc giữ như hệ thống.", (*call).settleTracker).gives(assignmentOut{}),
		look(importsPath+"/{id}", "getTrackerImport", "Việc nhập bảng theo dõi đã đến đâu; chỉ người nhập xem được.", importOut{}, (*call).getImport),
	}
}

// sentSheet reads a sheet that the caller sent before: outside any transaction, since it may
// be long.
func (c *call) sentSheet(id string) (f tracker.File, entries []tracker.Entry, err error) {
	var kept upload.File
	err = c.s.DB.View(c.ctx, func(tx *db.Tx) error {
		who, err := c.actor(tx)
		if err == nil {
			kept, err = upload.Find(tx, who.Officer, id)
		}
		return err
	})
	if errors.Is(err, fault.NotFound) {
		return f, nil, fault.Field("file", "Không có tệp nào mang mã “%.40s” đang chờ; hãy tải lên trước.", id)
	}
	if err != nil {
		return f, nil, err
	}
	f = tracker.File{Hash: blob.Hash(kept.Hash), Name: kept.Name, Size: kept.Size}
	r, err := c.s.Blob.Open(f.Hash)
	if err != nil {
		return f, nil, err
	}
	entries, err = tracker.ReadSheet(r)
	if why, ok := fault.Sentence(err); ok {
		err = fault.Field("file", "%s", why.Say)
	}
	return f, entries, errors.Join(err, r.Close())
}

// compareTracker says line by line what a sheet holds.
func (c *call) compareTracker() error {
	q := c.q
	_, entries, err := c.sentSheet(q.Get("file"))
	if err != nil {
		return err
	}
	finding := tracker.Finding(q.Get("finding"))
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		all, err := tracker.Compare(tx, who, entries)
		out := &compareOut{Items: []matchOut{}, Findings: map[string]int{}}
		for _, m := range all {
			out.Findings[string(m.Finding)]++
			if finding == "" || m.Finding == finding {
				out.Items = append(out.Items, matchOf(m))
			}
		}
		return out, 0, err
	})
}

func matchOf(m tracker.Match) matchOut {
	out := matchOut{Line: m.Line, Finding: string(m.Finding), Problem: m.Problem, Number: m.Number, Title: m.Content, Lead: string(m.Unit),
		Assignment: string(m.Assignment), Directive: string(m.Directive), Differs: []differenceOut{}}
	for _, d := range m.Differs {
		out.Differs = append(out.Differs, differenceOut{d.Mark(), d.Key, d.Column, d.Ours, d.Theirs, d.Kept})
	}
	return out
}

// importTracker queues the taking of what is new.
func (c *call) importTracker(in *importIn) error {
	f, entries, err := c.sentSheet(in.File)
	if err != nil {
		return err
	}
	parts, err := tracker.Split(c.s.Blob, entries)
	if err != nil {
		return err
	}
	return c.update(func(tx *db.Tx, who org.Actor) (d done, err error) {
		if _, err := upload.Take(tx, who.Officer, in.File); err != nil {
			return d, err
		}
		id, err := tracker.StartImport(tx, who, f, parts, slices.Clone(in.Also))
		if err != nil {
			return d, err
		}
		d, err = importDone(tx, who, string(id))
		d.status = http.StatusAccepted
		return d, err
	})
}

// importDone is how far an import is; also the answer to a repeated request.
func importDone(tx *db.Tx, who org.Actor, id string) (done, error) {
	x, err := tracker.GetImport(tx, who, job.ID(id))
	if err != nil {
		return done{}, err
	}
	out := &importOut{ID: id, State: x.State, Done: x.Done, Total: x.Total, Documents: x.Taken, Tasks: x.Tasks, Refused: append([]string{}, x.Refused...)}
	return done{location: importsPath + "/" + id, body: out}, nil
}

// settleTracker decides the differences of one line of a sheet and answers with the assignment
// as it stands then.
func (c *call) settleTracker(in *settleLineIn) error {
	_, entries, err := c.sentSheet(in.File)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(entries, func(e tracker.Entry) bool { return e.Line == in.Line })
	if at < 0 {
		return fault.Field("line", "Bảng không có dòng %d.", in.Line)
	}
	return c.update(func(tx *db.Tx, who org.Actor) (done, error) {
		m, err := tracker.Settle(tx, who, entries[at], tracker.Decision{Take: in.Take, Keep: in.Keep, Note: in.Note})
		if err != nil {
			return done{}, err
		}
		return c.assignmentAgain(tx, who, m.Assignment)
	})
}

func (c *call) getImport() error {
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		d, err := importDone(tx, who, c.id)
		return d.body, 0, err
	})
}
