package web

import (
	"net/http"

	"github.com/a-h/templ"

	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/job"
	"lienthong/internal/org"
	"lienthong/internal/web/ui"
)

// previewChunk is how many running duties one page of a preview looks at: a page must
// stay quick in an office of a million.
const previewChunk = 2000

// revisionPage is the form of a new revision.
func (s *Server) revisionPage(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		if err := rootOnly(who); err != nil {
			return nil, err
		}
		c, rev, err := calendarOf(tx, r)
		if err != nil {
			return nil, err
		}
		p.Title = "Cập nhật lịch làm việc"
		t := keptOf(r)
		f := t.form(ui.Form{Action: calendarPath(c.ID) + "/preview", Key: p.Key, Send: "Xem trước việc nào đổi hạn", Keep: "calendar-" + c.ID,
			Quiet: []ui.Button{{Label: "Quay lại", Href: calendarPath(c.ID)}}})
		v := calendarView{Head: calendarHead(c, p.Title), Form: &f, Fields: t.with(revisionFields())}
		v.Notes = []string{"Lịch đang dùng là lần " + itoa(int64(rev.N)) + ": " + rev.Source + ". Lịch mới không xoá lịch cũ; hạn đã báo trước đây vẫn xem được.", "Chưa có gì thay đổi cho đến khi xác nhận ở trang sau."}
		return calendarPage(v), nil
	})
}

// revisionFields ask for the notice first: no day off stands here without a source.
func revisionFields() []input {
	return []input{{Kind: line, Input: ui.Input{Name: "source", Label: "Theo văn bản nào", Hint: "Cơ quan, số, ngày: “Thông báo số 123/TB-… ngày 20/04/2026”.", Required: true, Max: 300}},
		{Kind: area, Input: ui.Input{Name: "days", Label: "Các ngày thay đổi", Required: true, Rows: 8,
			Hint: "Mỗi dòng: ngày; loại; tên. Loại: nghỉ lễ, nghỉ bù, làm bù, hoặc “bỏ” để ngày đó trở lại theo ngày trong tuần. Ví dụ: 02/05/2026; nghỉ bù; Nghỉ bù ngày 26/04. Dán cả tệp CSV có dòng tiêu đề date,weekday,… cũng được."}}}
}

// revisionPreview shows which running duties the typed revision would move. It writes
// nothing.
func (s *Server) revisionPreview(w http.ResponseWriter, r *http.Request) error {
	err := s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		if err := rootOnly(who); err != nil {
			return nil, err
		}
		c, is, err := calendarOf(tx, r)
		if err != nil {
			return nil, err
		}
		next, err := revise(r, tx.Now, is)
		if err != nil {
			return nil, err
		}
		p.Title = "Xem trước việc nào đổi hạn"
		moves, rest, err := duty.PreviewRevision(tx, c.ID, next, r.PostForm.Get("after"), previewChunk)
		if err != nil {
			return nil, err
		}
		v := calendarView{Head: calendarHead(c, p.Title), Tables: []ui.Table{changedDays(is, next), moveTable(newNames(tx), moves, tx)}}
		kept := []ui.Hidden{{Name: "source", Value: r.PostForm.Get("source")}, {Name: "days", Value: r.PostForm.Get("days")}}
		v.Form = &ui.Form{Action: calendarPath(c.ID) + "/new", Key: p.Key, Version: itoa(int64(is.N)), Send: "Xác nhận lịch mới và chuyển hạn",
			Hidden: append(kept, ui.Hidden{Name: "keep", Value: "calendar-" + c.ID}), Quiet: []ui.Button{{Label: "Sửa lại", Href: calendarPath(c.ID) + "/new"}}}
		v.Notes = []string{"Khi xác nhận, máy chủ chuyển hạn từng việc và ghi vào diễn biến của việc đó: hạn cũ, hạn mới, theo văn bản nào."}
		if rest != "" {
			v.Second = &ui.Form{Action: calendarPath(c.ID) + "/preview", Key: newKey(tx), Send: "Xem tiếp các việc sau", Hidden: append(kept, ui.Hidden{Name: "after", Value: rest})}
			v.Notes = append(v.Notes, "Mỗi trang xem "+grouped(previewChunk)+" việc đang chạy; còn việc chưa xem. Xác nhận áp dụng cho tất cả.")
		}
		return calendarPage(v), nil
	})
	return s.again(w, r, err, s.revisionPage)
}

// moveTable shows old and new date side by side; one that would be late at once says so,
// because a unit will ask why.
func moveTable(n *names, moves []duty.Move, tx *db.Tx) ui.Table {
	t := ui.Table{Caption: "Việc đang chạy sẽ đổi hạn: " + grouped(int64(len(moves))), Cols: []ui.Col{{Label: "Mã theo dõi"}, {Label: "Việc"}, {Label: "Đơn vị"}, {Label: "Hạn đang chạy"}, {Label: "Hạn mới"}, {Label: "Phần thời gian của đơn vị"}},
		Empty: "Không có việc nào đổi hạn."}
	for _, m := range moves {
		next := ui.Cell{Text: dueText(m.New)}
		if !m.New.IsZero() && !m.New.After(tx.Now) && m.Old.After(tx.Now) {
			next.Text, next.Tone = next.Text+", quá hạn ngay", ui.Late
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: m.Code, Href: "/cases/" + string(m.Case)}, {Text: keyName(m.Rule)}, {Text: n.unit(m.Owner)}, {Text: dueText(m.Old)}, next, {Text: ownMove(m)}})
	}
	return t
}

// ownMove says how the own share of an owner who got the matter from another moves, by
// which figures count him; it may move while the matter's date stands.
func ownMove(m duty.Move) string {
	if m.OwnOld.Equal(m.Old) && m.OwnNew.Equal(m.New) || m.OwnOld.Equal(m.OwnNew) {
		return ""
	}
	return dueText(m.OwnOld) + " → " + dueText(m.OwnNew)
}

// revisionAdd keeps the confirmed revision and starts the job that moves the duties.
func (s *Server) revisionAdd(w http.ResponseWriter, r *http.Request) error {
	err := s.update(w, r, func(tx *db.Tx, who org.Actor) (done, error) {
		if err := rootOnly(who); err != nil {
			return done{}, err
		}
		c, is, err := calendarOf(tx, r)
		if err != nil {
			return done{}, err
		}
		if int64(is.N) != seen(r) {
			return done{}, fault.Refuse(fault.Conflict, "Lịch vừa được người khác cập nhật thành lần %d. Xem trước lại rồi xác nhận.", is.N)
		}
		next, err := revise(r, tx.Now, is)
		if err != nil {
			return done{}, err
		}
		n, err := duty.AddRevision(tx, c.ID, next, who.Officer)
		if err != nil {
			return done{}, err
		}
		id, err := job.Start(tx, duty.MoveJob, c.ID, string(who.Officer))
		return done{To: jobPath(id), Version: n, Say: "Đã cập nhật lịch lần " + itoa(n) + ". Đang chuyển hạn các việc đang chạy."}, err
	})
	return s.again(w, r, err, s.revisionPage)
}

// jobPage shows how far a job is; it renews itself while the job runs.
func (s *Server) jobPage(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		if err := rootOnly(who); err != nil {
			return nil, err
		}
		j, err := job.Get(tx, job.ID(r.PathValue("job")))
		if err != nil {
			return nil, err
		}
		p.Title = "Chuyển hạn theo lịch mới"
		v := calendarView{Head: ui.Head{Title: p.Title, Chips: []ui.Chip{jobChip(j.State)}, Crumbs: []ui.Link{{Label: "Quản trị", Href: "/admin"}, {Label: "Lịch làm việc", Href: "/admin/calendars"}}}, Live: j.State == job.Open}
		one := func(label, value string) {
			v.Facts = append(v.Facts, ui.Fact{Label: label, Values: []ui.Link{{Label: value}}})
		}
		one("Tình trạng", jobStates[j.State])
		one("Việc đã đổi hạn", grouped(j.Done))
		one("Bắt đầu", moment(j.CreatedAt))
		if !j.EndedAt.IsZero() {
			one("Kết thúc", moment(j.EndedAt))
		}
		if j.StartedBy != "" {
			one("Người xác nhận", newNames(tx).officer(org.OfficerID(j.StartedBy)))
		}
		switch j.State {
		case job.Failed:
			v.Notes = []string{"Những việc đã chuyển vẫn giữ. Báo quản trị máy chủ xem nhật ký, rồi chạy tiếp từ chỗ dừng."}
			v.Form = &ui.Form{Action: jobPath(j.ID) + "/resume", Key: p.Key, Send: "Chạy tiếp"}
		case job.Open:
			v.Notes = []string{"Anh/chị có thể rời trang này; việc vẫn chạy tiếp trên máy chủ."}
		}
		return calendarPage(v), nil
	})
}

// jobChip is the state of a job, never in red: nobody is late with it.
func jobChip(state string) ui.Chip {
	tone := map[string]ui.Tone{job.Open: ui.Info, job.Done: ui.Done, job.Failed: ui.Soon}[state]
	return ui.Chip{Text: jobStates[state], Tone: tone}
}

// jobResume opens a job that stopped at a fault again.
func (s *Server) jobResume(w http.ResponseWriter, r *http.Request) error {
	id := job.ID(r.PathValue("job"))
	return s.update(w, r, func(tx *db.Tx, who org.Actor) (done, error) {
		if err := rootOnly(who); err != nil {
			return done{}, err
		}
		return done{To: jobPath(id), Say: "Đã chạy tiếp."}, job.Resume(tx, id)
	})
}
