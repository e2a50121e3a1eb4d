package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"lienthong/internal/campaign"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/inbox"
	"lienthong/internal/incident"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/programme"
	"lienthong/internal/regulation"
	"lienthong/internal/signoff"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// mostCounted bounds what a tab counts.
const mostCounted = 100

// worthFilters is from how many rows on a list offers filters: fewer are read faster.
const worthFilters = 6

// inboxFilters are the parts of the address that narrow the list.
var inboxFilters = []string{"field", "rule", "standing"}

// inbox is "Việc của tôi": what must I do, soonest first. Each post opens with its own
// first list; the choice and the filters stand in the address.
func (s *Server) inbox(w http.ResponseWriter, r *http.Request) error {
	return s.showKept(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		p.Title = "Việc của tôi"
		trays, err := inbox.Trays(tx, who, mostCounted)
		if err != nil {
			return nil, err
		}
		trays = append(apart(newNames(tx), trays), widerTrays(who)...)
		at := chosenTray(trays, r.Form.Get("list"))
		v := listView{TabsLabel: "Danh sách", Action: "/", Head: ui.Head{Title: p.Title}}
		if len(trays) == 0 {
			v.Empty = ui.Nothing{Title: "Anh/chị chưa giữ chức danh ở đơn vị nào", Text: "Quản trị của đơn vị giao chức danh xong, việc sẽ hiện ở đây."}
			return listPage(v), nil
		}
		v.Tabs = trayTabs(trays, at)
		t := trays[at]
		v.Head.Sub = t.Title
		if err := headTools(tx, who, &v); err != nil {
			return nil, err
		}
		if v.Top, err = newsLine(tx, who); err != nil {
			return nil, err
		}
		waits, err := waitingLines(tx, who)
		if err != nil {
			return nil, err
		}
		if all := append(slices.Clone(waits), v.Top); len(waits) > 0 {
			v.Top = ui.Stack(slices.DeleteFunc(all, func(c templ.Component) bool { return c == nil })...)
		}
		if t.Papers {
			err = fillPapers(tx, who, t, r.Form.Get("from"), &v)
		} else {
			err = fillDuties(tx, who, t, r, &v)
		}
		if r.Form.Get("list") == "" && v.Empty.Title != "" && free(trays) && len(waits) == 0 {
			v.Head.Sub, v.Empty = "", nothingWaits(p.Nav)
		}
		return listPage(v), err
	})
}

// waitingLines say what waits for the officer and is owed to nobody by an instant, so that it
// is in no list of duties: entries of the bank to approve, directives on their way.
func waitingLines(tx *db.Tx, who org.Actor) (all []templ.Component, err error) {
	line, err := bankWaiting(tx, who)
	if err != nil {
		return nil, err
	}
	if line != nil {
		all = append(all, line)
	}
	v, err := tx.Recent("directives|"+string(who.Officer)+"|"+string(who.Post.ID), inbox.Around(who), func() (any, error) { return directive.Waiting(tx, who) })
	if err != nil {
		return nil, err
	}
	w := v.(directive.Waits)
	for _, one := range []struct {
		ids  []casefile.ID
		list string
		say  string
	}{
		{w.Confirm, directive.Proposed, " chờ anh/chị đối chiếu, xác nhận"},
		{w.Release, directive.Confirmed, " chờ anh/chị ban hành nhiệm vụ"},
		{w.Decide, "", " có nội dung để ngỏ chờ anh/chị quyết định"},
	} {
		to := "/directives?state=" + one.list
		switch len(one.ids) {
		case 0:
			continue
		case 1:
			to = directivePath(one.ids[0])
		}
		all = append(all, waitingLine(to, itoa(int64(len(one.ids)))+" văn bản chỉ đạo"+one.say))
	}
	return all, nil
}

// widerTrays are the lists beyond one's own: the section's, the units', those followed.
func widerTrays(who org.Actor) (all []inbox.Tray) {
	seen := []org.UnitID{}
	for _, p := range who.Posts {
		if p.Section != "" && !slices.Contains(seen, p.Section) {
			seen = append(seen, p.Section)
			all = append(all, inbox.Tray{Key: "section:" + string(p.Section), Title: "Của phòng", Duties: inbox.Filter{Units: []org.UnitID{p.Unit}, Section: p.Section}, Count: -1})
		}
	}
	if len(who.Posts) > 0 {
		all = append(all, inbox.Tray{Key: "unit", Title: "Của đơn vị", Count: -1},
			inbox.Tray{Key: "watching", Title: "Tôi theo dõi", Duties: inbox.Filter{Scope: inbox.Watching}, Count: -1})
	}
	return all
}

// apart tells apart the lists of one who holds posts in several units: those of the same
// name get their unit's.
func apart(n *names, all []inbox.Tray) []inbox.Tray {
	times := map[string]int{}
	for _, t := range all {
		times[t.Title]++
	}
	for i := range all {
		if t := &all[i]; times[t.Title] > 1 && t.Unit != "" {
			t.Title += ", " + n.unit(t.Unit)
		}
	}
	return all
}

// chosenTray is the list of the address, else the first of the post's own that holds
// something, else the first.
func chosenTray(all []inbox.Tray, key string) int {
	if at := slices.IndexFunc(all, func(t inbox.Tray) bool { return t.Key == key }); at >= 0 {
		return at
	}
	return max(0, slices.IndexFunc(all, func(t inbox.Tray) bool { return t.Count > 0 && !t.Others }))
}

// free says that nothing waits in any list of the post's own.
func free(all []inbox.Tray) bool {
	return !slices.ContainsFunc(all, func(t inbox.Tray) bool { return t.Count > 0 && !t.Others })
}

// nothingWaits is the page of who has nothing to do, with where to look meanwhile: the
// board for who has one.
func nothingWaits(nav []ui.NavItem) ui.Nothing {
	n := ui.Nothing{Title: "Không có việc nào chờ anh/chị", Text: "Việc mới đến sẽ tự hiện ra, không cần tải lại trang.",
		Next: ui.Button{Label: "Xem các kiến nghị", Href: "/petitions"}}
	for _, other := range []ui.Button{{Label: "Mở trang quản trị", Href: "/admin"}, {Label: "Xem bảng điều hành", Href: "/board"}} {
		if slices.ContainsFunc(nav, func(i ui.NavItem) bool { return i.Href == other.Href }) {
			n.Next = other
		}
	}
	return n
}

func trayTabs(all []inbox.Tray, at int) (tabs []ui.Tab) {
	for i, t := range all {
		tabs = append(tabs, ui.Tab{Label: t.Title, Href: "/?list=" + url.QueryEscape(t.Key), Count: t.Count, Current: i == at})
	}
	return tabs
}

// headTools offer the form to those who may raise a petition.
func headTools(tx *db.Tx, who org.Actor, v *listView) error {
	units, err := petition.Raises(tx, who)
	if len(units) > 0 {
		v.Head.Tools = []ui.Button{{Label: "Nêu kiến nghị", Href: "/petitions/new"}}
	}
	return err
}

// newsLine says that something was told, and what last.
func newsLine(tx *db.Tx, who org.Actor) (templ.Component, error) {
	n, err := inbox.Told(tx, who, mostNotices)
	if err != nil || n == 0 {
		return nil, err
	}
	last, err := notice.Unread(tx, who, 1)
	if err != nil || len(last) == 0 {
		return nil, err
	}
	return noticeLine(n, "Mới nhất: "+lower(noticeWords(last[0].Kind))+" (mã "+last[0].Code+")."), nil
}

// fillDuties lists the duties of a tray as the filters narrow it.
func fillDuties(tx *db.Tx, who org.Actor, t inbox.Tray, r *http.Request, v *listView) error {
	f := t.Duties
	q := url.Values{"list": {t.Key}}
	for _, name := range inboxFilters {
		if one := r.Form.Get(name); one != "" {
			q.Set(name, one)
		}
	}
	narrow(&f, q)
	items, next, err := inbox.List(tx, who, f, r.Form.Get("from"), pageRows)
	if err != nil {
		return err
	}
	if len(items) >= worthFilters || len(q) > 1 {
		v.Hidden = []ui.Hidden{{Name: "list", Value: t.Key}}
		if v.Filters, err = filterInputs(tx, q); err != nil {
			return err
		}
	}
	if len(items) == 0 {
		v.Empty = ui.Nothing{Title: "Không còn việc nào ở đây", Text: "Việc mới đến sẽ tự hiện ra, không cần tải lại trang."}
		if len(q) > 1 {
			v.Empty = ui.Nothing{Title: "Không có việc nào khớp", Text: "Bỏ bớt điều kiện lọc để xem các việc khác.", Next: ui.Button{Label: "Bỏ lọc", Href: "/?list=" + url.QueryEscape(t.Key)}}
		}
		return nil
	}
	if v.Groups, err = dutyGroups(tx, who, items); err != nil {
		return err
	}
	v.Back = "/" + query(q)
	// ticked alike wherever a petition stands; other matters have no act for many at once
	if pickPetitions(items, v.Groups) {
		if v.Bulk, err = bulkActs(tx, who); err != nil {
			return err
		}
	}
	v.Head.Tools = append(v.Head.Tools, exportTool("inbox", q)...)
	if next != "" {
		// the last group goes on over the page; how many the whole list has is known of a tray
		// that no filter narrows
		last := &v.Groups[len(v.Groups)-1]
		last.Count = grouped(int64(len(last.Rows))) + " việc đầu, còn nữa"
		if len(q) == 1 {
			last.Count += " (danh sách có " + trayCount(t) + " việc)"
		}
		q.Set("from", next)
		v.More = "/?" + q.Encode()
	}
	return nil
}

// trayCount writes how many a tray holds; it is counted up to a bound.
func trayCount(t inbox.Tray) string {
	if t.Count >= mostCounted {
		return "ít nhất " + grouped(mostCounted)
	}
	return grouped(int64(t.Count))
}

// pickPetitions puts a box to tick on each row of a petition. A matter on which two things
// are owed has two rows; an order takes it once.
func pickPetitions(items []inbox.Item, groups []ui.Group) (some bool) {
	petitions := map[string]string{}
	for i := range items {
		if strings.HasPrefix(items[i].Rule, petitionRules) {
			petitions["/cases/"+string(items[i].Case)] = string(items[i].Case)
		}
	}
	for g := range groups {
		for i := range groups[g].Rows {
			row := &groups[g].Rows[i]
			row.Pick = petitions[row.Href]
			some = some || row.Pick != ""
		}
	}
	return some
}

// petitionRules is how the keys of what is owed on a petition begin.
const petitionRules = "petition."

// narrow adds the filters of the address; a tray's own stay.
func narrow(f *inbox.Filter, q url.Values) {
	if v := q.Get("field"); v != "" && len(f.Fields) == 0 {
		f.Fields = []string{v}
	}
	if v := q.Get("rule"); v != "" && len(f.Rules) == 0 {
		f.Rules = []string{v}
	}
	if v := q.Get("standing"); v != "" {
		f.Standing = inbox.Standing(v)
	}
}

func filterInputs(tx *db.Tx, q url.Values) (all []ui.Input, err error) {
	field := ui.Input{Name: "field", Label: "Lĩnh vực", Value: q.Get("field")}
	rb, err := regulation.Current(tx)
	if err != nil && !errors.Is(err, fault.NotFound) {
		return nil, err
	}
	if err == nil { // before a profile is adopted there are no fields
		for _, f := range rb.Catalogue() {
			if f.Parent == "" {
				field.Options = append(field.Options, ui.Option{Value: f.ID, Label: f.Name})
			}
		}
	}
	rule := ui.Input{Name: "rule", Label: "Loại việc", Value: q.Get("rule")}
	for _, k := range append(slices.Concat(petition.Duties(), campaign.Duties(), programme.Duties(), directive.Duties()), incident.Duties()...) {
		rule.Options = append(rule.Options, ui.Option{Value: k.Rule, Label: k.Say})
	}
	standing := ui.Input{Name: "standing", Label: "Tình trạng", Value: q.Get("standing"), Options: []ui.Option{
		{Value: string(inbox.Missed), Label: "Quá hạn chưa xong"}, {Value: string(inbox.Soon), Label: "Sắp đến hạn"},
		{Value: string(inbox.Dateless), Label: "Không nêu hạn"}, {Value: string(inbox.Suspended), Label: "Đang tạm dừng"}, {Value: string(inbox.Asked), Label: "Được đề nghị"}}}
	return []ui.Input{field, rule, standing}, nil
}

// dutyGroups are items as rows under their headings.
func dutyGroups(tx *db.Tx, who org.Actor, items []inbox.Item) (all []ui.Group, err error) {
	_, rev, err := duty.Calendar(tx)
	if err != nil {
		return nil, err
	}
	kinds := duty.Kinds{}
	for _, k := range append(slices.Concat(petition.Duties(), campaign.Duties(), programme.Duties(), directive.Duties()), incident.Duties()...) {
		kinds[k.Rule] = k
	}
	n := newNames(tx)
	for _, g := range inbox.Grouped(items, tx.Now) {
		u := ui.Group{Title: g.Title}
		switch g.Key {
		case "overdue":
			u.Tone = ui.Late
		case "dateless":
			u.Note = "văn bản không ghi ngày"
		case "asked":
			u.Note = "không bị tính quá hạn"
		}
		for i := range g.Items {
			u.Rows = append(u.Rows, itemRow(n, &g.Items[i], kinds, rev, tx.Now, who))
		}
		all = append(all, u)
	}
	return all, nil
}

// itemRow says one duty in a line: what to do, on which matter, for whom, by when.
func itemRow(n *names, i *inbox.Item, kinds duty.Kinds, rev workday.Revision, now time.Time, who org.Actor) ui.Row {
	row := ui.Row{Href: "/cases/" + string(i.Case), Do: i.Say(kinds), Code: i.Code, About: joinDot(i.Title, i.Step()), Due: itemDue(i, rev, now, who)}
	if i.Rule == petition.MustAnswer {
		row.Do += " của " + n.unit(i.Raiser)
	}
	if i.Rule == petition.MustOversee || i.Rule == petition.MustAssign {
		row.Do += ": " + n.unit(i.Lead)
	}
	if row.From = n.unit(i.Counterpart); i.Counterpart == "" || i.Rule == petition.MustAnswer {
		row.From = n.unit(i.Raiser)
	}
	switch {
	case i.For != "":
		row.Chips = append(row.Chips, ui.Chip{Tone: ui.Info, Text: "làm thay " + n.officer(i.For)})
	case i.Officer != "" && i.Officer != who.Officer:
		row.Chips = append(row.Chips, ui.Chip{Text: n.officer(i.Officer)})
	}
	if !i.InnerOn.IsZero() {
		row.Chips = append(row.Chips, ui.Chip{Text: "hạn nội bộ " + i.InnerOn.Short()})
	}
	if s := i.Share(now); s != "" {
		row.Chips = append(row.Chips, ui.Chip{Text: s})
	}
	if i.State == petition.Reopened {
		row.Chips = append(row.Chips, ui.Chip{Tone: ui.Soon, Text: "xã báo chưa giải quyết được"})
	}
	return row
}

// itemDue is the date of a line; red only for the unit that owes.
func itemDue(i *inbox.Item, rev workday.Revision, now time.Time, who org.Actor) (u ui.Due) {
	words, tone := i.Due(rev, now)
	u.Words, u.Until = cutDue(words)
	u.Source = i.Source()
	if u.Tone = toneOf(tone); u.Tone == ui.Late && !who.In(i.Owner) {
		u.Tone = ui.Calm
	}
	if !i.DueAt.IsZero() {
		u.At = rfc(i.DueAt)
	}
	return u
}

// fillPapers lists the papers of a tray: what waits for a remark, a signature, a number.
func fillPapers(tx *db.Tx, who org.Actor, t inbox.Tray, from string, v *listView) error {
	items, next, err := signoff.Waiting(tx, who, t.Paper, from, pageRows)
	if err != nil {
		return err
	}
	if len(items) == 0 {
		v.Empty = ui.Nothing{Title: "Không có văn bản nào chờ anh/chị ở đây", Text: "Văn bản mới trình sẽ tự hiện ra, không cần tải lại trang."}
		return nil
	}
	_, rev, err := duty.Calendar(tx)
	if err != nil {
		return err
	}
	g := ui.Group{Title: t.Title, Note: "chờ lâu nhất trước"}
	for _, i := range items {
		row := ui.Row{Href: paperPath(i.ID), Do: paperWords(i.Kind) + ": " + strings.TrimPrefix(i.Title, "V/v "), Code: i.CaseCode, About: i.Where(),
			From: "chờ từ " + when(i.MovedAt, tx.Now)}
		row.Due = ui.Due{Words: "chưa có hạn", Until: "gửi đi khi phát hành"}
		if i.Kind != petition.PaperRaise {
			if row.Due, err = paperDue(tx, who, &i, rev); err != nil {
				return err
			}
		}
		if i.Returned {
			row.Chips = []ui.Chip{{Tone: ui.Soon, Text: "bị trả lại"}}
		}
		g.Rows = append(g.Rows, row)
	}
	if next != "" || from != "" {
		g.Count = cutCount(trayCount(t), len(g.Rows), from != "")
	}
	v.Groups = []ui.Group{g}
	if next != "" {
		v.More = "/?list=" + url.QueryEscape(t.Key) + "&from=" + url.QueryEscape(next)
	}
	return nil
}

// paperDue is the date of the duty that a paper would meet.
func paperDue(tx *db.Tx, who org.Actor, i *signoff.Item, rev workday.Revision) (ui.Due, error) {
	all, err := duty.OfCase(tx, i.Case)
	if err != nil {
		return ui.Due{}, err
	}
	for _, d := range all {
		if d.EndedAt.IsZero() && d.Owner == i.Unit && (d.Rule == i.Kind || i.Kind == petition.PaperExplain && d.Rule == petition.MustExplain) {
			u := dueOf(rev, d, tx.Now, who.In(d.Owner))
			u.Source = limitOf(d).Source()
			return u, nil
		}
	}
	return ui.Due{Words: "không nêu hạn"}, nil
}
