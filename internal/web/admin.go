package web

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/setting"
	"lienthong/internal/vntext"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// An office is what one page of the administration works on: a unit, who administers
// it, and the request.
type office struct {
	tx   *db.Tx    // the request's transaction
	who  org.Actor // in the post that administers
	unit org.Unit  // the unit that is administered
	r    *http.Request
	n    *names // names are read once a page
	hash string // of a new password, made before the transaction
}

// An adminTabKind is one subject of a unit's administration: its list, and the acts
// that stand above it.
type adminTabKind struct {
	ID, Label string
	Fill      func(x *office, v *adminView) error // reads what the tab shows
	Only      func(x *office) (bool, error)       // nil: for every unit
}

// adminTabs are the subjects in the order of the tabs.
func adminTabs() []adminTabKind {
	return []adminTabKind{
		{ID: "structure", Label: "Cơ cấu", Fill: structureTab},
		{ID: "people", Label: "Cán bộ, chức danh", Fill: peopleTab},
		{ID: "charges", Label: "Phân công phụ trách", Fill: chargesTab},
		{ID: "authorisations", Label: "Uỷ quyền, thừa lệnh", Fill: authorisationsTab},
		{ID: "cover", Label: "Làm thay", Fill: coverTab},
		{ID: "contacts", Label: "Đầu mối", Fill: contactsTab},
		{ID: "desks", Label: "Chuyên viên theo dõi", Fill: desksTab, Only: hasDesk},
		{ID: "codes", Label: "Mã định danh", Fill: codesTab},
		{ID: "hooks", Label: "Kênh gửi ra ngoài", Fill: hooksTab},
		{ID: "paths", Label: "Quy trình trình ký", Fill: pathsTab},
		{ID: "templates", Label: "Mẫu văn bản", Fill: templatesTab},
		{ID: "accounts", Label: "Tài khoản", Fill: accountsTab},
		{ID: "log", Label: "Nhật ký thay đổi", Fill: logTab},
	}
}

// adminView is one tab of one unit.
type adminView struct {
	Head      ui.Head
	Tabs      []ui.Tab
	Acts      []ui.Button
	Facts     []ui.Fact // label and value
	Tables    []ui.Table
	Notes     []string // sentences under the tables
	Explained []part
	More      string // address of the next page; "" at the end
}

// admin lists the units that the officer administers; with one it goes there.
func (s *Server) admin(w http.ResponseWriter, r *http.Request) error {
	var to string
	err := s.view(r, func(tx *db.Tx, who org.Actor) error {
		mine := administered(who)
		if !who.Root && len(mine) == 1 {
			to = adminPath(mine[0])
		}
		return nil
	})
	if err != nil {
		return err
	}
	if to != "" {
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	}
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		mine := administered(who)
		if !who.Root && len(mine) == 0 {
			return nil, notAdmin()
		}
		p.Title = "Quản trị"
		v := adminView{Head: ui.Head{Title: "Quản trị", Sub: "Đơn vị, cán bộ, chức danh, quy trình và lịch làm việc."}}
		units, err := org.Units(tx, org.Filter{Requested: true})
		if err != nil {
			return nil, err
		}
		q := r.Form.Get("q")
		v.Tables = []ui.Table{unitTable(newNames(tx), units, func(u org.Unit) bool {
			return (who.Root || slices.Contains(mine, u.ID)) && named(u, q)
		})}
		if who.Root {
			v.Acts = []ui.Button{{Label: "Lịch làm việc", Href: "/admin/calendars"}, {Label: "Nhật ký đăng nhập", Href: "/admin/doors"}, {Label: "Thông số hệ thống", Href: "/admin/settings"}, {Label: "Kênh thông báo", Href: "/admin/channels"}}
			site, err := setting.Get(tx, setting.SiteAddress)
			if err != nil {
				return nil, err
			}
			if site.Value == "" {
				v.Notes = []string{"Chưa đặt địa chỉ hệ thống: văn bản in ra không có mã QR, thư nhắc không có đường dẫn. Đặt ở mục Thông số hệ thống, " + setting.SiteAddress + "."}
			}
		}
		return adminList(v, q), nil
	})
}

// named says whether a unit's names hold every word that was typed, without marks.
func named(u org.Unit, q string) bool {
	in := vntext.Fold(u.Name + " " + u.Short + " " + u.Abbr + " " + string(u.ID))
	for _, word := range strings.Fields(vntext.Fold(q)) {
		if !strings.Contains(in, word) {
			return false
		}
	}
	return true
}

// unitTable lists the units that takes accepts, each leading to its administration.
// What is invented says so, so that nobody takes it for the real office.
func unitTable(n *names, units []org.Unit, takes func(u org.Unit) bool) ui.Table {
	t := ui.Table{Caption: "Cơ quan, đơn vị", Cols: []ui.Col{{Label: "Đơn vị"}, {Label: "Cấp"}, {Label: "Trực thuộc"}, {Label: "Ghi chú"}},
		Empty: "Không có đơn vị nào khớp. Thử gõ ít chữ hơn; không cần dấu."}
	levels := map[string]string{org.LevelProvince: "tỉnh", org.LevelCommune: "xã"}
	for _, u := range units {
		if !takes(u) {
			continue
		}
		note := ""
		if u.Requested {
			note = "chỉ được đề nghị"
		}
		if u.Invented {
			note = strings.TrimPrefix(note+"; ví dụ minh hoạ", "; ")
		}
		above := ""
		if u.Parent != "" {
			above = n.unit(u.Parent)
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: u.Short, Href: adminPath(u.ID)}, {Text: levels[u.Level]}, {Text: above}, {Text: note}})
	}
	return t
}

// administered returns the units in which the officer holds a post of administrator.
func administered(who org.Actor) (units []org.UnitID) {
	for _, p := range who.Posts {
		if p.Role == org.Admin && !slices.Contains(units, p.Unit) {
			units = append(units, p.Unit)
		}
	}
	return units
}

// notAdmin refuses and says who may: a refusal without a way on is a call to the help desk.
func notAdmin() error {
	return fault.Refuse(fault.Denied, "Anh/chị không quản trị đơn vị này. Người giữ vị trí quản trị của đơn vị hoặc của tỉnh làm được việc này.")
}

// adminPath is an address below a unit; ids of agencies hold no stroke.
func adminPath(unit org.UnitID, more ...string) string {
	return "/admin/units/" + strings.Join(append([]string{string(unit)}, more...), "/")
}

// adminUnit opens a unit at its first tab.
func (s *Server) adminUnit(w http.ResponseWriter, r *http.Request) error {
	http.Redirect(w, r, adminPath(org.UnitID(r.PathValue("unit")), "structure"), http.StatusSeeOther)
	return nil
}

// openOffice finds the unit of the address for one who administers it.
func openOffice(tx *db.Tx, who org.Actor, r *http.Request) (*office, error) {
	u, err := org.UnitOf(tx, org.UnitID(r.PathValue("unit")))
	if err != nil {
		return nil, err
	}
	if !u.Agency() {
		return nil, fault.NotFound
	}
	if !org.MayAdminister(who, u) {
		return nil, notAdmin()
	}
	return &office{tx: tx, who: who, unit: u, r: r, n: newNames(tx)}, nil
}

// adminTab shows one subject of one unit.
func (s *Server) adminTab(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		x, err := openOffice(tx, who, r)
		if err != nil {
			return nil, err
		}
		v, fill, err := x.tabs(r.PathValue("tab"))
		if err != nil {
			return nil, err
		}
		p.Title = "Quản trị " + x.unit.Short
		err = fill(x, &v)
		return adminPage(v), err
	})
}

// tabs draws the head of a unit's administration with its subjects.
func (x *office) tabs(tab string) (v adminView, fill func(x *office, v *adminView) error, err error) {
	v.Head = ui.Head{Title: x.unit.Name, Crumbs: []ui.Link{{Label: "Quản trị", Href: "/admin"}}}
	if x.unit.Invented {
		v.Head.Chips = []ui.Chip{{Text: "ví dụ minh hoạ"}}
	}
	for _, t := range adminTabs() {
		if t.Only != nil {
			if ok, err := t.Only(x); err != nil || !ok {
				if err != nil {
					return v, nil, err
				}
				continue
			}
		}
		v.Tabs = append(v.Tabs, ui.Tab{Label: t.Label, Href: adminPath(x.unit.ID, t.ID), Count: -1, Current: t.ID == tab})
		if t.ID == tab {
			fill = func(x *office, v *adminView) error { return t.Fill(x, v) }
		}
	}
	if fill == nil {
		return v, nil, fault.NotFound
	}
	return v, fill, nil
}

// act is a button to the form of an act, left out where the officer may not do it.
func (x *office) act(v *adminView, label, key string) {
	if f := adminForms()[key]; !f.Root || x.who.Root {
		v.Acts = append(v.Acts, ui.Button{Label: label, Href: adminPath(x.unit.ID, key)})
	}
}

// rowAct is the cell of a row that leads to the form of an act on it.
func (x *office) rowAct(label, key, id string) ui.Cell {
	return ui.Cell{Text: label, Href: adminPath(x.unit.ID, key) + query(map[string][]string{"id": {id}})}
}

// dayText is a day in a table; the open end is a dash.
func dayText(d workday.Date) string {
	if d.IsZero() {
		return "–"
	}
	return d.Long()
}

// sortOptions puts options in the order of their labels.
func sortOptions(all []ui.Option) []ui.Option {
	slices.SortStableFunc(all, func(a, b ui.Option) int { return cmp.Compare(vntext.Fold(a.Label), vntext.Fold(b.Label)) })
	return all
}
