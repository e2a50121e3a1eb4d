package web

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"lienthong/internal/db"
	"lienthong/internal/exchange"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/web/ui"
)

// exchangeRoutes are the pages of documents that went through the document system.
func (s *Server) exchangeRoutes() {
	s.handle("GET /exchange/sent", s.exchangeSent)
	s.handle("POST /exchange/sent/{sent}/again", s.exchangeAgain)
	s.handle("GET /exchange/{document}", s.exchangeDocument)
	s.handle("GET /exchange/{document}/files/{n}", s.exchangeFile)
	s.handle("GET /exchange/{document}/{act}", s.exchangeForm)
	s.handle("POST /exchange/{document}/{act}", s.exchangeAct)
}

// exchangeTabs are the lists in the order of the tabs; the last is what left.
var exchangeTabs = []string{exchange.Waiting, exchange.Secret, exchange.Opened, exchange.Joined, exchange.Aside}

// tabsOf draws the tabs with what waits behind them.
func exchangeTabsOf(tx *db.Tx, who org.Actor, current string) (all []ui.Tab, err error) {
	c, err := exchange.Count(tx, who, 100)
	if err != nil {
		return nil, err
	}
	counts := map[string]int{exchange.Waiting: c.Waiting, exchange.Secret: c.Alarms}
	for _, state := range exchangeTabs {
		n, counted := counts[state]
		if !counted {
			n = -1
		}
		all = append(all, ui.Tab{Label: exchange.States[state], Href: "/exchange?state=" + state, Count: n, Current: state == current})
	}
	return append(all, ui.Tab{Label: "Gửi đi", Href: "/exchange/sent", Count: -1, Current: current == "sent"}), nil
}

// works refuses who has no documents to place.
func worksOnExchange(who org.Actor) error {
	if exchange.Works(who) {
		return nil
	}
	return fault.Refuse(fault.Denied, "Văn bản liên thông do văn thư của đơn vị và chuyên viên theo dõi của Văn phòng đối chiếu.")
}

// exchangeList is what came by the document system, by what became of it.
func (s *Server) exchangeList(w http.ResponseWriter, r *http.Request) error {
	state := cmp.Or(r.Form.Get("state"), exchange.Waiting)
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		if err := worksOnExchange(who); err != nil {
			return nil, err
		}
		p.Title = "Văn bản liên thông"
		v := listView{TabsLabel: "Tình trạng", Head: ui.Head{Title: p.Title, Sub: "Văn bản đã đi qua hệ thống quản lý văn bản của tỉnh"}}
		var err error
		if v.Tabs, err = exchangeTabsOf(tx, who, state); err != nil {
			return nil, err
		}
		all, next, err := exchange.List(tx, who, state, r.Form.Get("after"), pageRows)
		if err != nil {
			return nil, err
		}
		v.Empty = nothingOf(state)
		if len(all) > 0 {
			v.Empty, v.Groups = ui.Nothing{}, []ui.Group{{Title: groupOf(state), Rows: exchangeRows(newNames(tx), all, p)}}
		}
		if next != "" {
			v.More = "/exchange?state=" + state + "&after=" + url.QueryEscape(next)
		}
		return listPage(v), nil
	})
}

// What waits stands with the oldest first, since that one is most likely to be late; what is done with the
// newest first.
func groupOf(state string) string {
	if state == exchange.Waiting {
		return "Chờ lâu nhất trước"
	}
	return "Mới nhất trước"
}

// nothingOf says what an empty list means.
func nothingOf(state string) ui.Nothing {
	switch state {
	case exchange.Waiting:
		return ui.Nothing{Title: "Không có văn bản nào chờ đối chiếu", Text: "Văn bản mà chương trình không tự gắn được vào việc nào sẽ hiện ở đây."}
	case exchange.Secret:
		return ui.Nothing{Title: "Không có văn bản nào bị từ chối vì có dấu mật", Text: "Khi một gói tin có tệp hoặc nội dung đóng dấu mật, chỉ số, ngày và cơ quan ban hành được ghi ở đây."}
	}
	return ui.Nothing{Title: "Chưa có văn bản nào", Text: "Danh sách này trống."}
}

// A document in the list: its subject, its number and day, and what it still waits for.
func exchangeRows(n *names, all []exchange.Document, _ *ui.Page) (rows []ui.Row) {
	for _, d := range all {
		row := ui.Row{Href: exchangePath(d.ID), Do: d.Subject, About: "số " + d.Symbol + " ngày " + d.IssuedOn.Long(), From: issuerOf(n, d)}
		if row.Do == "" {
			row.Do = "Văn bản số " + d.Symbol
		}
		row.Due = ui.Due{Words: "đến " + when(d.ArrivedAt, n.tx.Now)}
		switch {
		case d.State == exchange.Waiting:
			row.Chips = []ui.Chip{{Text: waitsShort[d.WaitsFor], Tone: ui.Soon}}
		case d.State == exchange.Secret && !d.Noted:
			row.Chips = []ui.Chip{{Text: "chưa ai xem", Tone: ui.Late}}
		case d.State == exchange.Secret:
			row.Chips = []ui.Chip{{Text: "đã biết"}}
		}
		rows = append(rows, row)
	}
	return rows
}

// waitsShort are the keys of exchange.Reasons in two or three words.
var waitsShort = map[string]string{"issuer": "chưa rõ nơi gửi", "kind": "chưa rõ loại", "field": "chưa rõ lĩnh vực", "case": "chưa thấy việc", "many": "khớp nhiều việc", "refused": "việc không nhận", "changed": "trùng số, khác nội dung"}

// The unit as we know it, else the name and code that the packet claims.
func issuerOf(n *names, d exchange.Document) string {
	if d.Issuer != "" {
		return n.unit(d.Issuer)
	}
	name := d.IssuerName
	if d.IssuerCode != "" {
		name = strings.TrimSpace(name + " (mã " + d.IssuerCode + ")")
	}
	return name
}

// The address of a document and of its acts.
func exchangePath(id exchange.ID, more ...string) string {
	return strings.Join(append([]string{"/exchange", string(id)}, more...), "/")
}

// exchangeSent is what left for the document system, with what became of it.
func (s *Server) exchangeSent(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		if err := worksOnExchange(who); err != nil {
			return nil, err
		}
		p.Title = "Văn bản liên thông"
		v := adminView{Head: ui.Head{Title: p.Title, Sub: "Văn bản phát hành đã chuyển sang hệ thống quản lý văn bản của tỉnh, và phản hồi của nơi nhận"}}
		var err error
		if v.Tabs, err = exchangeTabsOf(tx, who, "sent"); err != nil {
			return nil, err
		}
		all, next, err := exchange.SentList(tx, who, r.Form.Get("after"), pageRows)
		if err != nil {
			return nil, err
		}
		stuck, err := exchange.Stuck(tx, all)
		if err != nil {
			return nil, err
		}
		n := newNames(tx)
		t := ui.Table{Caption: "Văn bản gửi đi", Cols: []ui.Col{{Label: "Số, ký hiệu"}, {Label: "Ngày"}, {Label: "Nơi gửi"}, {Label: "Nơi nhận"}, {Label: "Tình trạng"}, {Label: "Lúc"}},
			Empty: "Chưa có văn bản nào gửi đi qua hệ thống quản lý văn bản."}
		for _, one := range all {
			state := ui.Cell{Text: upper(one.Say())}
			at := when(one.QueuedAt, tx.Now)
			if !one.StatusAt.IsZero() {
				at = when(one.StatusAt, tx.Now)
			}
			if why, ok := stuck[one.ID]; ok {
				state = ui.Cell{Text: "Không gửi được: " + why, Tone: ui.Late}
			}
			t.Rows = append(t.Rows, []ui.Cell{{Text: one.Symbol, Href: "/cases/" + string(one.Case)}, {Text: one.IssuedOn.Long()}, {Text: n.unit(one.Sender)},
				{Text: n.unit(one.Receiver)}, state, {Text: at}})
			if _, ok := stuck[one.ID]; ok {
				v.Acts = append(v.Acts, ui.Button{Label: "Gửi lại " + one.Symbol, Post: "/exchange/sent/" + one.ID + "/again", Hidden: []ui.Hidden{{Name: "key", Value: p.Key + one.ID}}})
			}
		}
		v.Tables = []ui.Table{t}
		if next != "" {
			v.More = "/exchange/sent?after=" + url.QueryEscape(next)
		}
		return adminPage(v), nil
	})
}

// exchangeAgain sends one packet again.
func (s *Server) exchangeAgain(w http.ResponseWriter, r *http.Request) error {
	return s.update(w, r, func(tx *db.Tx, who org.Actor) (done, error) {
		return done{To: "/exchange/sent", Say: "Gói tin sẽ được gửi lại."}, exchange.Again(tx, who, r.PathValue("sent"))
	})
}
