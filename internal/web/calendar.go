package web

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/job"
	"lienthong/internal/org"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// calendarView is a calendar, its preview or the job that moves duties.
type calendarView struct {
	Head   ui.Head
	Acts   []ui.Button
	Facts  []ui.Fact
	Done   int64 // how far a job is, of Of; no bar is shown where Of is 0
	Of     int64
	Tables []ui.Table
	Notes  []string
	Form   *ui.Form // nil for those who only read
	Fields []input
	Second *ui.Form // the rest of a preview, read on from where it stopped
	Live   bool     // the page renews itself while a job runs
}

// rootOnly refuses who does not administer the province: a calendar moves the dates of
// every unit.
func rootOnly(who org.Actor) error {
	if who.Root {
		return nil
	}
	return fault.Refuse(fault.Denied, "Lịch làm việc do quản trị của tỉnh cập nhật: một ngày nghỉ làm đổi hạn của mọi đơn vị.")
}

// calendars lists the office calendars.
func (s *Server) calendars(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		if err := rootOnly(who); err != nil {
			return nil, err
		}
		p.Title = "Lịch làm việc"
		all, err := duty.Calendars(tx)
		if err != nil {
			return nil, err
		}
		t := ui.Table{Caption: "Lịch làm việc", Cols: []ui.Col{{Label: "Lịch"}, {Label: "Dùng cho"}}, Empty: "Chưa có lịch làm việc nào."}
		for _, c := range all {
			of := "việc nêu riêng lịch này"
			if c.Default {
				of = "mọi đơn vị"
			}
			t.Rows = append(t.Rows, []ui.Cell{{Text: c.Name, Href: calendarPath(c.ID)}, {Text: of}})
		}
		return calendarPage(calendarView{Head: ui.Head{Title: p.Title, Crumbs: []ui.Link{{Label: "Quản trị", Href: "/admin"}}}, Tables: []ui.Table{t}}), nil
	})
}

// calendarPath is the page of a calendar.
func calendarPath(id string) string { return "/admin/calendars/" + id }

// calendarOf finds the calendar of the address with its newest revision.
func calendarOf(tx *db.Tx, r *http.Request) (c duty.OfficeCalendar, rev workday.Revision, err error) {
	all, err := duty.Calendars(tx)
	if err != nil {
		return c, rev, err
	}
	at := slices.IndexFunc(all, func(c duty.OfficeCalendar) bool { return c.ID == r.PathValue("calendar") })
	if at < 0 {
		return c, rev, fault.NotFound
	}
	rev, err = duty.RevisionOf(tx, all[at].ID)
	return all[at], rev, err
}

// calendar shows one calendar: its revisions, and the days of the newest.
func (s *Server) calendar(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		if err := rootOnly(who); err != nil {
			return nil, err
		}
		c, rev, err := calendarOf(tx, r)
		if err != nil {
			return nil, err
		}
		p.Title = c.Name
		v := calendarView{Head: calendarHead(c, c.Name), Acts: []ui.Button{{Label: "Cập nhật lịch", Href: calendarPath(c.ID) + "/new"}}}
		revisions, err := revisionTable(tx, c.ID)
		if err != nil {
			return nil, err
		}
		v.Tables = []ui.Table{revisions, dayTable(rev, tx.Now)}
		v.Facts = hoursFacts(rev)
		jobs, err := moveJobs(tx, c.ID)
		v.Tables = append(v.Tables, jobs)
		return calendarPage(v), err
	})
}

// calendarHead leads back the way one came.
func calendarHead(c duty.OfficeCalendar, title string) ui.Head {
	h := ui.Head{Title: title, Crumbs: []ui.Link{{Label: "Quản trị", Href: "/admin"}, {Label: "Lịch làm việc", Href: "/admin/calendars"}}}
	if title != c.Name {
		h.Crumbs = append(h.Crumbs, ui.Link{Label: c.Name, Href: calendarPath(c.ID)})
	}
	return h
}

// revisionTable lists what was known of the calendar since when, under which notice.
func revisionTable(tx *db.Tx, id string) (ui.Table, error) {
	t := ui.Table{Caption: "Các lần cập nhật", Cols: []ui.Col{{Label: "Lần"}, {Label: "Biết từ"}, {Label: "Nguồn"}, {Label: "Ai cập nhật"}}}
	all, err := duty.Revisions(tx, id)
	n := newNames(tx)
	for _, k := range all {
		at, by := "lúc lập lịch", "hệ thống, khi nạp dữ liệu"
		if !k.At.IsZero() {
			at = moment(k.At)
		}
		if k.By != "" {
			by = n.officer(k.By)
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: "lần " + itoa(k.N)}, {Text: at}, {Text: k.Source}, {Text: by}})
	}
	return t, err
}

// dayKinds are the kinds of days as a person types and reads them.
var dayKinds = map[workday.Kind]string{workday.Holiday: "nghỉ lễ", workday.Compensatory: "nghỉ bù", workday.Makeup: "làm bù"}

// dayTable lists the days of this year and later, in their order.
func dayTable(rev workday.Revision, now time.Time) ui.Table {
	t := ui.Table{Caption: "Ngày nghỉ, ngày làm bù từ năm nay", Cols: []ui.Col{{Label: "Ngày"}, {Label: "Loại"}, {Label: "Tên"}, {Label: "Nguồn"}, {Label: "Dùng để tính hạn"}}}
	year := workday.Of(now).Year()
	for _, d := range slices.SortedFunc(maps.Keys(rev.Days), workday.Date.Compare) {
		day := rev.Days[d]
		if d.Year() < year {
			continue
		}
		used := "có"
		if !day.Usable() {
			used = "không: chưa có văn bản"
		} else if day.Status == workday.Known {
			used = "có; chưa có bản lưu nguồn"
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: d.WeekdayName() + " " + d.Long()}, {Text: dayKinds[day.Kind]}, {Text: day.Name}, {Text: day.Source}, {Text: used}})
	}
	return t
}

// hoursFacts say the office hours and whether any text states them.
func hoursFacts(rev workday.Revision) (facts []ui.Fact) {
	for _, h := range rev.Hours {
		source := "chưa có nguồn"
		if h.Source != "" {
			source = h.Source
		}
		facts = append(facts, ui.Fact{Label: "Giờ làm việc", Values: []ui.Link{{Label: spansText(h.Spans) + " (" + source + ")"}}})
	}
	return facts
}

// spansText writes the hours of a day: "07:30–11:30, 13:30–17:00".
func spansText(all []workday.Span) string {
	var words []string
	for _, sp := range all {
		words = append(words, sp.Start.String()+"–"+sp.End.String())
	}
	return strings.Join(words, ", ")
}

// moveJobs lists the newest jobs that moved duties of the calendar.
func moveJobs(tx *db.Tx, calendar string) (ui.Table, error) {
	t := ui.Table{Caption: "Việc chuyển hạn đã chạy", Cols: []ui.Col{{Label: "Lúc"}, {Label: "Tình trạng"}, {Label: "Việc đã đổi hạn", Num: true}}, Empty: "Chưa lần nào phải chuyển hạn."}
	all, err := job.List(tx, "", 100)
	for _, j := range all {
		if j.Kind == duty.MoveJob && j.Input == calendar {
			t.Rows = append(t.Rows, []ui.Cell{{Text: moment(j.CreatedAt), Href: jobPath(j.ID)}, {Text: jobStates[j.State]}, {Text: grouped(j.Done)}})
		}
	}
	return t, err
}

// jobPath is the page that shows how far a job is.
func jobPath(id job.ID) string { return "/admin/jobs/" + string(id) }

// jobStates are the states of a job in words.
var jobStates = map[string]string{job.Open: "đang chạy", job.Done: "xong", job.Failed: "dừng vì lỗi", job.Cancelled: "đã dừng"}
