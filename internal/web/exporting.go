package web

import (
	"bytes"
	"io"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"lienthong/internal/board"
	"lienthong/internal/db"
	"lienthong/internal/export"
	"lienthong/internal/fault"
	"lienthong/internal/inbox"
	"lienthong/internal/job"
	"lienthong/internal/org"
	"lienthong/internal/paper"
	"lienthong/internal/sheet"
	"lienthong/internal/web/ui"
)

// exportTool is the button over a list that gives it as a spreadsheet, under the filter
// that is being looked at.
func exportTool(list string, q url.Values) []ui.Button {
	if list == "board" { // the board is also put on a leader's table
		return []ui.Button{{Label: "In một trang", Href: "/export/board-page" + query(q)}, {Label: "Xuất Excel", Href: "/export/board" + query(q)}}
	}
	return []ui.Button{{Label: "Xuất Excel", Href: "/export/" + list + query(q)}}
}

// exportOf is the list of the address with its filter, as the page of that list reads it.
func exportOf(tx *db.Tx, who org.Actor, r *http.Request) (l export.List, err error) {
	switch r.PathValue("list") {
	case "petitions":
		f, q, err := listFilter(r)
		if err != nil {
			return l, err
		}
		l = export.List{Title: "Danh sách kiến nghị", Petitions: &f}
		l.Chosen, err = sheetColumns(q["columns"])
		return l, err
	case "board-list":
		f := board.FilterOf(r.Form)
		if f.Figure == "" {
			f.Figure = board.Open
		}
		l = export.List{Title: "Danh sách việc", Board: &f}
		for _, x := range board.Figures {
			if x.Figure == f.Figure {
				l.Title = x.Say
			}
		}
		return l.With(r.Form["columns"])
	case "tracker":
		q := trackerAsked(r)
		return export.List{Title: "Theo dõi nhiệm vụ", Tracker: &export.Tracked{Slice: q.slice, Filter: q.f}}.With(r.Form["columns"])
	case "inbox":
		trays, err := inbox.Trays(tx, who, 1)
		if err != nil {
			return l, err
		}
		trays = append(apart(newNames(tx), trays), widerTrays(who)...)
		if len(trays) == 0 {
			return l, fault.NotFound
		}
		t := trays[chosenTray(trays, r.Form.Get("list"))]
		if t.Papers {
			return l, fault.Refuse(fault.Invalid, "Danh sách văn bản chờ trình ký không xuất ra Excel.")
		}
		f := t.Duties
		narrow(&f, r.Form)
		return export.List{Title: t.Title, Duties: &f}.With(r.Form["columns"])
	}
	return l, fault.NotFound
}

// exportList gives a list as a spreadsheet at once; a long one gets a page that offers to
// gather it.
func (s *Server) exportList(w http.ResponseWriter, r *http.Request) error {
	if list := r.PathValue("list"); list == "board" || list == "board-page" {
		return s.exportBoard(w, r)
	}
	var f export.File
	short := false
	err := s.view(r, func(tx *db.Tx, who org.Actor) error {
		l, err := exportOf(tx, who, r)
		if err != nil {
			return err
		}
		f, short, err = export.Read(tx, who, l)
		return err
	})
	if err != nil {
		return err
	}
	if short {
		return sendSheet(w, f)
	}
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		p.Title = "Xuất danh sách dài"
		v := calendarView{Head: ui.Head{Title: p.Title, Crumbs: []ui.Link{{Label: "Việc của tôi", Href: "/"}}}}
		v.Notes = []string{"Danh sách có hơn " + grouped(export.AtOnce) + " dòng. Máy chủ đọc dần rồi báo khi xong; anh/chị có thể rời trang trong lúc chờ.",
			"Tệp chỉ chứa những việc anh/chị được xem, theo đúng điều kiện đang lọc."}
		v.Form = &ui.Form{Action: r.URL.RequestURI(), Key: p.Key, Send: "Đọc và xuất danh sách"}
		return calendarPage(v), nil
	})
}

// sendSheet writes the whole file first, so that a fault while writing is a fault and not
// half a file.
func sendSheet(w http.ResponseWriter, f interface {
	Name() string
	Write(w io.Writer) (int, error)
}) error {
	var b bytes.Buffer
	if _, err := f.Write(&b); err != nil {
		return err
	}
	sendFile(w, f.Name(), sheet.MediaType, b.Bytes())
	return nil
}

// exportBoard gives the figures of the board, as a spreadsheet or as a page to be printed.
func (s *Server) exportBoard(w http.ResponseWriter, r *http.Request) error {
	f := board.FilterOf(r.Form)
	var figures export.Figures
	err := s.view(r, func(tx *db.Tx, who org.Actor) (err error) {
		figures, err = export.ReadFigures(tx, who, f)
		return err
	})
	if err != nil {
		return err
	}
	if r.PathValue("list") == "board" {
		return sendSheet(w, figures)
	}
	page := figures.Page()
	var b bytes.Buffer
	if err := paper.PDF(&b, page); err != nil {
		return err
	}
	sendFile(w, page.FileName()+".pdf", "application/pdf", b.Bytes())
	return nil
}

// exportStart queues the gathering of a long list and leads to its progress.
func (s *Server) exportStart(w http.ResponseWriter, r *http.Request) error {
	return s.update(w, r, func(tx *db.Tx, who org.Actor) (done, error) {
		l, err := exportOf(tx, who, r)
		if err != nil {
			return done{}, err
		}
		id, err := export.Start(tx, who, l)
		return done{To: exportPath(id)}, err
	})
}

// Where a long export tells how far it is.
func exportPath(id job.ID) string { return "/export/jobs/" + string(id) }

// renewAfter is how many seconds a page of progress stands before the browser asks again.
const renewAfter = "2"

// exportPage shows how far a list is gathered, and gives it when it is whole.
func (s *Server) exportPage(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		x, err := export.Get(tx, who, job.ID(r.PathValue("job")))
		if err != nil {
			return nil, err
		}
		p.Title = "Xuất " + lower(x.List().Title)
		v := calendarView{Head: ui.Head{Title: p.Title, Chips: []ui.Chip{jobChip(x.State)}, Crumbs: []ui.Link{{Label: "Việc của tôi", Href: "/"}}}}
		v.Facts = []ui.Fact{fact("Tình trạng", jobStates[x.State]), fact("Đã đọc", readSoFar(x.Done, x.Total)), fact("Bắt đầu", moment(x.CreatedAt))}
		switch x.State {
		case job.Open:
			v.Done, v.Of = x.Done, x.Total
			w.Header().Set("Refresh", renewAfter)
			v.Notes = []string{"Trang này tự cập nhật. Anh/chị có thể rời trang; danh sách vẫn được đọc tiếp."}
		case job.Done:
			v.Acts = []ui.Button{{Label: "Tải tệp Excel", Href: exportPath(x.ID) + "/file"}}
			v.Notes = []string{"Tệp tải được đến " + moment(x.Until()) + "."}
		default:
			v.Notes = []string{"Danh sách chưa đọc được hết. Anh/chị thử xuất lại; nếu vẫn dừng, báo quản trị máy chủ."}
		}
		return calendarPage(v), nil
	})
}

// readSoFar says how many rows are read, and of how many where that is known.
func readSoFar(done, of int64) string {
	if of > done {
		return grouped(done) + " trên " + grouped(of) + " dòng"
	}
	return grouped(done) + " dòng"
}

// exportFile writes the gathered list.
func (s *Server) exportFile(w http.ResponseWriter, r *http.Request) error {
	var x *export.Gathering
	err := s.view(r, func(tx *db.Tx, who org.Actor) (err error) {
		x, err = export.Get(tx, who, job.ID(r.PathValue("job")))
		return err
	})
	if err != nil {
		return err
	}
	f, err := x.File(s.Blobs, about(r).at)
	if err != nil {
		return err
	}
	return sendSheet(w, f)
}
