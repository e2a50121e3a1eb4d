package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/programme"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// programming are the pages of work programmes: the calendar, its items, weeks, plans and
// reviews, and the addresses under which phones read them.
func (s *Server) programming() {
	s.handle("GET /programme/new", s.newWork)
	s.handle("POST /programme/new", s.registerWork)
	s.handle("GET /programme/items/{case}", s.workItemPage)
	s.handle("POST /programme/items/{case}/{act}", s.workAct)
	s.handle("GET /programme/plans", s.plansPage)
	s.handle("POST /programme/plans", s.beginPlan)
	s.handle("POST /programme/reviews", s.beginReview)
	s.handle("GET /programme/cases/{case}", s.programmeCase)
	s.handle("POST /programme/cases/{case}/{act}", s.programmeAct)
	s.handle("GET /programme/feeds", s.feedsPage)
	s.handle("POST /programme/feeds", s.makeFeed)
	s.handle("POST /programme/feeds/{feed}/revoke", s.revokeFeed)
	s.open("GET /lich/{file}", s.calendarFile)
}

// programmePath is the page of an item or of a programme.
func programmePath(c *casefile.Case) string {
	if c.Kind == programme.ItemKind {
		return workPath(c.ID)
	}
	return programmeCasePath(c.ID)
}

func programmeCasePath(id casefile.ID) string { return "/programme/cases/" + string(id) }

func workPath(id casefile.ID) string { return "/programme/items/" + string(id) }

var programmeCrumb = ui.Link{Label: "Chương trình công tác", Href: "/programme"}

// A calendarSheet is a month as a table, or a list of a finer or coarser period.
type calendarSheet struct {
	Head   ui.Head
	Views  []ui.Tab
	Filter templ.Component
	Back   ui.Link
	Next   ui.Link
	Say    string
	Weeks  []calendarWeek // of a month
	Lists  []ui.Table
}

// A calendarWeek is a row of a month.
type calendarWeek struct {
	Label, Href string
	Days        []calendarDay
}

// A calendarDay is one cell: Long is its day for those who hear it.
type calendarDay struct {
	Label, Long, Href string
	Today, Off, Out   bool // not working; of the next or last month
	Items             []calendarLine
}

// A calendarLine is one item in a cell.
type calendarLine struct {
	Hour, Title, Href string
	Chip              string
}

// views of the calendar, from the finest; each is the grain of its period.
var calendarViews = []struct{ grain, say string }{{programme.OneWeek, "Tuần"}, {programme.Month, "Tháng"}, {programme.Quarter, "Quý"}, {programme.Year, "Năm"}}

// calendarOfWork shows a period: a month as a table of days, others as lists. What the
// address says is all there is to it; without one it is this month.
func (s *Server) calendarOfWork(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		in := programme.PlaceOf(programme.Month, workday.Of(tx.Now))
		if at := r.Form.Get("at"); at != "" {
			var err error
			if in, err = programme.ParsePlace(at); err != nil {
				return nil, err
			}
		}
		if in.Grain == programme.Day || in.Grain == programme.Half {
			in = programme.PlaceOf(programme.OneWeek, in.From)
		}
		f := programme.FilterOf(r.Form)
		all, err := programme.Items(tx, who, in, f)
		if err != nil {
			return nil, err
		}
		p.Title = "Chương trình công tác " + in.Say()
		v := calendarSheet{Head: workHead(in), Say: in.Say(), Back: ui.Link{Label: in.Back().Say(), Href: calendarHref(in.Back(), r.Form)}, Next: ui.Link{Label: in.Next().Say(), Href: calendarHref(in.Next(), r.Form)}}
		for _, x := range calendarViews {
			day := in.From
			if today := workday.Of(tx.Now); in.Holds(programme.PlaceOf(programme.Day, today)) {
				day = today
			}
			v.Views = append(v.Views, ui.Tab{Label: x.say, Count: -1, Current: x.grain == in.Grain, Href: calendarHref(programme.PlaceOf(x.grain, day), r.Form)})
		}
		if v.Filter, err = calendarFilter(tx, who, in, f); err != nil {
			return nil, err
		}
		err = v.fill(tx, in, all, newNames(tx))
		return workSheet(v), err
	})
}

func workHead(in programme.Place) ui.Head {
	week := in
	if in.Grain != programme.OneWeek {
		week = programme.PlaceOf(programme.OneWeek, in.From)
	}
	return ui.Head{Crumbs: []ui.Link{{Label: "Việc của tôi", Href: "/"}}, Title: "Chương trình công tác", Tools: []ui.Button{
		{Label: "Đăng ký việc", Href: "/programme/new?at=" + url.QueryEscape(in.String())}, {Label: "Chương trình tuần", Href: "/programme/weeks?at=" + week.String()},
		{Label: "Kế hoạch, sơ kết", Href: "/programme/plans"}, {Label: "Lịch trên điện thoại", Href: "/programme/feeds"}}}
}

// calendarHref keeps what narrows the calendar.
func calendarHref(in programme.Place, f url.Values) string {
	q := url.Values{"at": {in.String()}}
	for _, name := range []string{"unit", "mine"} {
		if v := f.Get(name); v != "" {
			q.Set(name, v)
		}
	}
	return "/programme?" + q.Encode()
}

// calendarFilter narrows to the province's programme, one's own unit's, or what one's units take part in.
func calendarFilter(tx *db.Tx, who org.Actor, in programme.Place, f programme.Filter) (templ.Component, error) {
	unit := ui.Input{Name: "unit", Label: "Chương trình của", Value: string(f.Unit)}
	_, of, _, err := programme.Keeps(tx, who)
	if err != nil {
		return nil, err
	}
	n := newNames(tx)
	seen := map[org.UnitID]bool{"": true}
	for _, u := range append([]org.UnitID{of, f.Unit}, workUnitsOf(who)...) {
		if !seen[u] {
			seen[u] = true
			unit.Options = append(unit.Options, ui.Option{Value: string(u), Label: n.unit(u)})
		}
	}
	mine := ui.Input{Name: "mine", Label: "Phạm vi", Options: []ui.Option{{Value: "1", Label: "Việc đơn vị tôi tham gia"}}}
	if f.Mine {
		mine.Value = "1"
	}
	return ui.Filters("/programme", []ui.Hidden{{Name: "at", Value: in.String()}}, []ui.Input{unit, mine}), nil
}

// workUnitsOf are the units in which an officer works, in the order of his posts.
func workUnitsOf(who org.Actor) (all []org.UnitID) {
	for _, p := range who.Posts {
		if p.Role != org.Admin {
			all = append(all, p.Unit)
		}
	}
	return all
}

// fill lays the items out: a month as days, with what has no day yet below it; a week by
// days; a quarter or a year by months.
func (v *calendarSheet) fill(tx *db.Tx, in programme.Place, all []programme.Listed, n *names) error {
	if in.Grain != programme.Month {
		v.Lists = []ui.Table{workTable("Việc trong "+in.Say(), all, n)}
		return nil
	}
	_, rev, err := duty.Calendar(tx)
	if err != nil {
		return err
	}
	var loose []programme.Listed
	days := map[workday.Date][]calendarLine{}
	for _, l := range all {
		if l.Place.Grain != programme.Day {
			loose = append(loose, l)
			continue
		}
		for d := l.Place.From; !d.After(l.Place.Until); d = d.AddDays(1) {
			days[d] = append(days[d], calendarLine{Hour: l.FromHour, Title: l.Title, Href: workPath(l.ID), Chip: workChip(l)})
		}
	}
	for monday := programme.PlaceOf(programme.OneWeek, in.From); !monday.From.After(in.Until); monday = monday.Next() {
		week := calendarWeek{Label: strings.Fields(monday.Say())[1], Href: "/programme?at=" + monday.String()}
		for i := range 7 {
			d := monday.From.AddDays(i)
			works, _ := rev.Working(d)
			_, _, day := d.Civil()
			week.Days = append(week.Days, calendarDay{Label: itoa(int64(day)), Long: d.WeekdayName() + " " + d.Long(), Href: "/programme/new?at=" + d.String(),
				Today: d == workday.Of(tx.Now), Off: !works, Out: !in.Holds(programme.PlaceOf(programme.Day, d)), Items: days[d]})
		}
		v.Weeks = append(v.Weeks, week)
	}
	if len(loose) > 0 {
		v.Lists = []ui.Table{workTable("Chưa xếp ngày: của tuần, tháng, quý, năm", loose, n)}
	}
	return nil
}

// workChip says in a word what stands out of an item.
func workChip(l programme.Listed) string {
	switch {
	case l.Waiting:
		return "chờ dời"
	case l.State == programme.Done:
		return "xong"
	}
	return ""
}

// workTable lists items under their days; the first cell opens the item.
func workTable(caption string, all []programme.Listed, n *names) ui.Table {
	t := ui.Table{Caption: upper(caption), Empty: "Chưa có việc nào trong chương trình.",
		Cols: []ui.Col{{Label: "Việc"}, {Label: "Thời gian"}, {Label: "Chủ trì"}, {Label: "Phối hợp"}, {Label: "Địa điểm"}, {Label: "Tình trạng"}}}
	for _, l := range all {
		state := programme.States[l.State]
		if l.Waiting {
			state = "Chờ quyết định dời"
		}
		lead := n.unit(l.Lead)
		if l.Officer != "" {
			lead += ", " + n.officer(l.Officer)
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: l.Title, Href: workPath(l.ID)}, {Text: workWhen(&l.Item)}, {Text: lead}, {Text: n.units(l.With)}, {Text: l.Venue}, {Text: state}})
	}
	return t
}

// workWhen says the hours and the place of an item.
func workWhen(x *programme.Item) string {
	words := upper(x.Place.Say())
	switch {
	case x.UntilHour != "":
		return x.FromHour + "–" + x.UntilHour + " " + lower(words)
	case x.FromHour != "":
		return x.FromHour + " " + lower(words)
	}
	return words
}

// newWork is the form of a thing to do.
func (s *Server) newWork(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		p.Title = "Đăng ký việc vào chương trình công tác"
		fields, err := workFields(tx, who, r.Form.Get("at"), casefile.ID(r.Form.Get("plan")))
		if err != nil {
			return nil, err
		}
		k := keptOf(r)
		f := k.form(ui.Form{Action: "/programme/new", Key: p.Key, Keep: "programme-new", Send: "Đăng ký"})
		head := ui.Head{Crumbs: []ui.Link{programmeCrumb}, Title: p.Title, Sub: "Việc của chính đơn vị vào chương trình ngay; việc của tỉnh chờ Văn phòng xem xét."}
		return formPage(head, nil, f, k.with(fields)), nil
	})
}

func workFields(tx *db.Tx, who org.Actor, at string, plan casefile.ID) ([]input, error) {
	_, of, _, err := programme.Keeps(tx, who)
	if err != nil {
		return nil, err
	}
	n := newNames(tx)
	unit := ui.Input{Name: "unit", Label: "Vào chương trình của", Required: true}
	lead := ui.Input{Name: "lead", Label: "Đơn vị chủ trì", Required: true}
	for _, u := range workUnitsOf(who) {
		unit.Options = append(unit.Options, ui.Option{Value: string(u), Label: n.unit(u)})
		lead.Options = append(lead.Options, ui.Option{Value: string(u), Label: n.unit(u)})
	}
	if of != "" {
		unit.Options = append(unit.Options, ui.Option{Value: string(of), Label: n.unit(of)})
	}
	if len(lead.Options) > 0 {
		lead.Value, unit.Value = lead.Options[0].Value, lead.Options[0].Value
	}
	if day, err := workday.ParseDate(at); err == nil {
		at = day.Long() // as people write it, and as the form takes it
	}
	all := []input{
		{Kind: line, Input: ui.Input{Name: "title", Label: "Nội dung việc", Required: true, Max: 400, Auto: "off"}},
		{Kind: choice, Input: unit}, {Kind: choice, Input: lead},
		{Kind: line, Input: ui.Input{Name: "place", Label: "Thời gian", Required: true, Value: at, Auto: "off", Hint: "Viết như 2026 (cả năm), 2026-Q2 (quý II), 2026-05 (tháng 5), 2026-W21 (tuần 21), 18/05/2026 hoặc 18/05/2026 - 20/05/2026."}},
		{Kind: line, Input: ui.Input{Name: "from_hour", Label: "Từ giờ", Hint: "Chỉ khi đã xếp vào ngày; viết như 08:00.", Max: 5, Auto: "off"}},
		{Kind: line, Input: ui.Input{Name: "until_hour", Label: "Đến giờ", Max: 5, Auto: "off"}},
		{Kind: line, Input: ui.Input{Name: "venue", Label: "Địa điểm", Max: 300}},
		{Kind: area, Input: ui.Input{Name: "with", Label: "Đơn vị phối hợp và phần việc", Rows: 3, Hint: "Mỗi đơn vị một dòng: tên đơn vị, dấu hai chấm, rồi phần việc. Ví dụ: Sở Tài chính: thẩm định kinh phí."}},
		{Kind: line, Input: ui.Input{Name: "task", Label: "Phần việc của đơn vị chủ trì"}},
		{Kind: area, Input: ui.Input{Name: "text", Label: "Nói thêm", Rows: 3}},
		{Kind: line, Input: ui.Input{Name: "number", Label: "Theo văn bản số, ký hiệu", Max: 100}},
		{Kind: line, Input: ui.Input{Name: "issued_on", Label: "Ngày văn bản", Type: "date"}},
		{Kind: tick, Input: ui.Input{Name: "arising", Label: "Việc phát sinh, chưa có trong chương trình năm"}},
		{Kind: line, Input: ui.Input{Name: "estimate", Label: "Dự toán (đồng)", Mode: "numeric", Hint: "Bỏ trống khi việc không chi tiền."}},
		{Kind: choice, Input: ui.Input{Name: "funding", Label: "Nguồn kinh phí", Options: fundings(), Hint: "Nêu khi có dự toán. Việc phát sinh phải được duyệt dự toán trước khi thực hiện, nếu quy chế đòi."}},
	}
	if plan != "" {
		all = append(all, carried("plan", string(plan)))
	}
	return all, nil
}

// fundings are the sources of money to choose from.
func fundings() []ui.Option {
	return []ui.Option{{Value: "", Label: "Không chi tiền"}, {Value: programme.FundYearly, Label: programme.FundingWords[programme.FundYearly]},
		{Value: programme.FundArising, Label: programme.FundingWords[programme.FundArising]}}
}

// registerWork puts what the form says into a programme.
func (s *Server) registerWork(w http.ResponseWriter, r *http.Request) error {
	f := r.PostForm
	err := s.update(w, r, func(tx *db.Tx, who org.Actor) (d done, err error) {
		in := programme.New{Unit: org.UnitID(f.Get("unit")), Lead: org.UnitID(f.Get("lead")), Plan: casefile.ID(f.Get("plan")), Title: f.Get("title"), Text: f.Get("text"),
			Place: workPlaceText(f.Get("place")), FromHour: f.Get("from_hour"), UntilHour: f.Get("until_hour"), Venue: f.Get("venue"), Number: f.Get("number"), IssuedOn: f.Get("issued_on"),
			Arising: f.Get("arising") != "", Task: f.Get("task"), Funding: f.Get("funding")}
		if in.Estimate, err = moneyTyped("estimate", f.Get("estimate")); err != nil {
			return d, err
		}
		if in.With, err = workPartsTyped(tx, f.Get("with")); err != nil {
			return d, err
		}
		x, err := programme.Register(tx, who, in)
		if err != nil {
			return d, err
		}
		d = done{To: workPath(x.ID), Version: x.Version, Say: "Đã đưa vào chương trình công tác."}
		if x.State == programme.Registered {
			d.Say = "Đã đăng ký; chờ đưa vào chương trình."
		}
		return d, nil
	})
	if err != nil {
		return s.again(w, r, err, s.newWork)
	}
	return nil
}

// workPlaceText lets people type days as they write them: 18/05/2026 - 20/05/2026.
func workPlaceText(s string) string {
	first, last, several := strings.Cut(strings.ReplaceAll(s, "–", "-"), " - ")
	a, err := workday.TypedDate(strings.TrimSpace(first))
	if err != nil || !strings.Contains(first, "/") {
		return strings.TrimSpace(s)
	}
	if !several {
		return a.String()
	}
	b, err := workday.TypedDate(strings.TrimSpace(last))
	if err != nil {
		return strings.TrimSpace(s)
	}
	return a.String() + "/" + b.String()
}

// moneyTyped reads a sum in đồng, with or without dots.
func moneyTyped(field, s string) (n int64, err error) {
	for _, r := range strings.TrimSpace(strings.NewReplacer(".", "", ",", "", " ", "", "đ", "", "đồng", "").Replace(s)) {
		if r < '0' || r > '9' || n > 1e15 {
			return 0, fault.Field(field, "Số tiền chỉ gồm chữ số, tính bằng đồng.")
		}
		n = n*10 + int64(r-'0')
	}
	return n, nil
}

// workPartsTyped reads units with their tasks, one a line, by name or id.
func workPartsTyped(tx *db.Tx, text string) (all []programme.Part, err error) {
	for _, l := range strings.Split(text, "\n") {
		name, task, _ := strings.Cut(strings.TrimSpace(l), ":")
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		u, err := org.UnitOf(tx, org.UnitID(name))
		if err != nil {
			found, err := org.Find(tx, name, 2)
			if err != nil {
				return nil, err
			}
			if len(found) == 0 {
				return nil, fault.Field("with", "Không có cơ quan, đơn vị nào tên “%.80s”.", name)
			}
			u = found[0]
		}
		all = append(all, programme.Part{Unit: u.ID, Task: strings.TrimSpace(task)})
	}
	return all, nil
}

// workTodayMark says which cell is today's, for those who hear the page too.
func workTodayMark(d calendarDay) templ.Attributes {
	if d.Today {
		return templ.Attributes{"aria-current": "date"}
	}
	return nil
}
