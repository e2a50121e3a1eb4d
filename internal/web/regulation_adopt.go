package web

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/a-h/templ"

	"lienthong/internal/board"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// regulationFields shows the dated table of fields with its declared holes.
func (s *Server) regulationFields(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		p.Title = "Lĩnh vực và cơ quan phụ trách"
		rb, err := regulation.Current(tx)
		if err != nil {
			return nil, err
		}
		n := newNames(tx)
		t, holes := fieldRows(n, rb, tx)
		v := regulationView{Head: ui.Head{Title: p.Title, Crumbs: []ui.Link{{Label: "Quy chế", Href: "/regulations"}},
			Sub: "Kiến nghị của xã đi về cơ quan nào, theo khoản nào."}, Tables: []ui.Table{t, declaredHoles(rb, n, tx)}}
		if holes > 0 {
			v.Notes = []string{"Lĩnh vực “quy chế chưa nêu” đi về cơ quan được ghi; hệ thống không tự điền thay quy chế."}
		}
		return regulationPage(v), nil
	})
}

// declaredHoles lists what the profile says no text gives to anybody.
func declaredHoles(rb *regulation.Rulebook, n *names, tx *db.Tx) ui.Table {
	t := ui.Table{Caption: "Nội dung quy chế chưa nêu, đã khai báo", Cols: []ui.Col{{Label: "Lĩnh vực"}, {Label: "Căn cứ"}, {Label: "Ghi chú"}},
		Empty: "Không có lĩnh vực nào được khai báo là quy chế chưa nêu."}
	_, holes := rb.Table()
	name := map[string]string{}
	for _, f := range rb.Catalogue() {
		name[f.ID] = f.Name
	}
	for _, h := range holes {
		label := name[h.Field]
		if label == "" {
			label = h.Field
		}
		c := ui.Cell{}
		if len(h.Clauses) > 0 {
			c = ui.Cell{Text: rb.Citation(h.Clauses[0]), Href: clausePath(h.Clauses[0])}
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: label}, c, {Text: h.Note}})
	}
	return t
}

// dryRunChunk is how many running duties one page of a dry run looks at.
const dryRunChunk = 200

// regulationAdopt shows which running duties would change if the program's own rules
// were adopted now. It changes nothing: that is the page after it.
func (s *Server) regulationAdopt(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		if !who.Root {
			return nil, fault.Refuse(fault.Denied, "Chỉ quản trị của tỉnh xem trước việc áp dụng quy chế: danh sách này gồm việc của mọi đơn vị.")
		}
		if s.Library == nil {
			return nil, fault.NotFound
		}
		p.Title = "Xem trước khi áp dụng bản quy chế mới"
		v := regulationView{Head: ui.Head{Title: p.Title, Crumbs: []ui.Link{{Label: "Quy chế", Href: "/regulations"}},
			Sub: "Việc đang chạy nào sẽ đổi hạn nếu chuyển sang bản mới. Trang này không thay đổi gì."}}
		err := s.fillDryRun(tx, r, &v)
		return regulationPage(v), err
	})
}

// fillDryRun compiles the profile as the program has it and asks what it would move, a
// chunk a page.
func (s *Server) fillDryRun(tx *db.Tx, r *http.Request, v *regulationView) error {
	current, err := regulation.Current(tx)
	if err != nil {
		return err
	}
	profile := r.Form.Get("profile")
	if profile == "" {
		profile = current.Profile()
	}
	lib, err := s.Library.With(tx)
	if err != nil {
		return err
	}
	if lib.Profiles[profile] == nil {
		return fault.NotFound
	}
	for _, id := range s.profiles() {
		v.Head.Chips = append(v.Head.Chips, ui.Chip{Text: s.Library.Profiles[id].Name + " (" + id + ")", Tone: toneIf(id == profile, ui.Info), Href: "/regulations/adopt?profile=" + id})
	}
	next, err := regulation.CompileAll(lib, profile, s.Keys)
	if refused, ok := fault.Sentence(err); ok { // a profile that does not hold together is something to read, not a fault
		v.Notes = []string{"Cấu hình này chưa áp dụng được: " + refused.Say}
		return nil
	}
	if err != nil {
		return err
	}
	seen, changes, rest, err := board.Adoption(tx, next, r.Form.Get("after"), dryRunChunk)
	if err != nil {
		return err
	}
	v.Facts = []ui.Fact{{Label: "Bản đang dùng", Values: []ui.Link{{Label: current.Profile() + ", bản " + current.Hash()[:12]}}},
		{Label: "Bản mới", Values: []ui.Link{{Label: next.Profile() + ", bản " + next.Hash()[:12] + same(current, next)}}},
		{Label: "Đã xem ở trang này", Values: []ui.Link{{Label: grouped(int64(seen)) + " việc đang chạy, " + grouped(int64(len(changes))) + " việc đổi"}}}}
	v.Tables = []ui.Table{changeTable(newNames(tx), changes)}
	v.Notes = []string{"Việc đang chạy giữ bản cũ cho đến khi người có thẩm quyền quyết định khác."}
	if regulation.NeedsDecision(lib.Profiles[profile]) {
		v.Next = append(v.Next, ui.Button{Label: "Nhập quyết định của tỉnh", Href: "/regulations/adopt/" + profile + "/decision"})
		if d := lib.Profiles[profile].Decision; d != nil {
			v.Notes = append(v.Notes, "Quyết định của tỉnh đã nhập: "+d.Number+", ngày "+signedDay(d.Date)+".")
		}
	}
	bad := s.mayServe(tx, lib, profile)
	if refused, ok := fault.Sentence(bad); ok {
		v.Notes = append(v.Notes, "Chưa áp dụng được ở đây: "+refused.Say)
	}
	if s.Adopt != nil && bad == nil && current.Hash() != next.Hash() {
		v.Next = append(v.Next, ui.Button{Label: "Sang bước xác nhận áp dụng", Href: "/regulations/adopt/" + profile})
	}
	if rest != "" {
		v.Next = append([]ui.Button{{Label: "Xem tiếp các việc sau", Href: "/regulations/adopt?profile=" + profile + "&after=" + url.QueryEscape(rest)}}, v.Next...)
	}
	return nil
}

// same marks a rulebook that is the one in force: adopting it would change nothing.
func same(a, b *regulation.Rulebook) string {
	if a.Hash() == b.Hash() {
		return " (giống bản đang dùng)"
	}
	return ""
}

// profiles are the ids of the profiles that the program ships, sorted.
func (s *Server) profiles() (ids []string) {
	for id := range s.Library.Profiles {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// toneIf is the tone of what is chosen, calm for the rest.
func toneIf(yes bool, t ui.Tone) ui.Tone {
	if yes {
		return t
	}
	return ui.Calm
}

// changeTable shows what an adoption would move, each with the reason.
func changeTable(n *names, changes []regulation.Change) ui.Table {
	t := ui.Table{Caption: "Việc đổi hạn", Cols: []ui.Col{{Label: "Mã theo dõi"}, {Label: "Việc"}, {Label: "Đơn vị"}, {Label: "Hạn đang chạy"}, {Label: "Hạn mới"}, {Label: "Vì sao"}},
		Empty: "Không có việc nào đổi hạn trong phần đã xem."}
	for _, c := range changes {
		next := ui.Cell{Text: dueText(c.NewDue)}
		if c.Missed {
			next.Text, next.Tone = next.Text+", quá hạn ngay", ui.Late
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: c.Case}, {Text: keyName(c.Key)}, {Text: n.unit(c.Unit)}, {Text: dueText(c.Due)}, next, {Text: c.Why}})
	}
	return t
}

// dueText says a due instant for a table: the last day still in time, or the hour.
func dueText(at time.Time) string {
	if at.IsZero() {
		return "không nêu hạn"
	}
	if d := workday.Of(at); at.Equal(d.Midnight()) {
		last := d.AddDays(-1)
		return "hết " + last.WeekdayName() + " " + last.Long()
	}
	return "trước " + at.In(workday.Office).Format("15:04 02/01/2006")
}
