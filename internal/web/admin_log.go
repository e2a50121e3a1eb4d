package web

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/signin"
	"lienthong/internal/web/ui"
)

// logRows is how many lines of the log one page holds.
const logRows = 50

// actNames are the changes of the office as the log names them.
var actNames = map[string]string{
	"AddUnit": "Thêm đơn vị, phòng", "RenameUnit": "Đổi tên", "MergeUnit": "Sáp nhập", "AddOfficer": "Thêm cán bộ", "Leave": "Thôi làm việc",
	"AssignPost": "Giao chức danh", "EndPost": "Thôi giữ chức danh", "SetContact": "Cử đầu mối", "SetCharge": "Phân công phụ trách",
	"SetByOrder": "Quy định ký thừa lệnh", "EndByOrder": "Thôi ký thừa lệnh", "Authorise": "Uỷ quyền", "Revoke": "Thu hồi uỷ quyền",
	"SetCover": "Ghi làm thay", "EndCover": "Thôi làm thay", "SetDesk": "Giao theo dõi", "SetPath": "Đổi quy trình trình ký", "SetTemplate": "Đặt mẫu văn bản", "DropTemplate": "Bỏ mẫu văn bản", "Oversee": "Cơ quan theo dõi, đôn đốc",
	"Regulation.adopt": "Áp dụng bản quy chế", "Regulation.decide": "Nhập quyết định của tỉnh",
	"Exchange.codes": "Ghi mã định danh",
	"Account.open":   "Mở tài khoản", "Account.reset": "Đặt lại mật khẩu", "Account.close": "Đóng tài khoản", "Account.unlock": "Cho thử lại ngay", "Account.drop-second": "Bỏ xác thực hai lớp",
}

// logTab shows who changed what of the unit, when, with what was and what became.
func logTab(x *office, v *adminView) error {
	all, err := org.Log(x.tx, x.unit.ID, x.r.Form.Get("before"), logRows)
	if err != nil {
		return err
	}
	t := ui.Table{Caption: "Ai đổi gì, lúc nào; mới nhất ở trên", Cols: []ui.Col{{Label: "Lúc"}, {Label: "Ai"}, {Label: "Việc"}, {Label: "Trước"}, {Label: "Sau"}}, Empty: "Chưa có thay đổi nào."}
	for _, e := range all {
		at, act := e.At, actNames[e.Act]
		if moved, err := db.ParseInstant(e.At); err == nil {
			at = moment(moved)
		}
		if act == "" {
			act = "Thay đổi khác"
		}
		after := x.inWords(e.Became)
		if after == "" {
			after = x.named(e.Target)
			if strings.HasPrefix(e.Act, "Regulation.") { // what was adopted, and on what ground
				after = e.Target
			}
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: at}, {Text: x.by(e.By)}, {Text: act}, {Text: x.inWords(e.Was)}, {Text: after}})
	}
	doors, err := doorTable(x)
	if err != nil {
		return err
	}
	v.Tables = []ui.Table{t, doors}
	if len(all) == logRows {
		v.More = adminPath(x.unit.ID, "log") + query(map[string][]string{"before": {all[len(all)-1].ID}})
	}
	return nil
}

// by names who made a change; what the program did at adoption or import says so.
func (x *office) by(actor string) string {
	if part, ok := strings.CutPrefix(actor, "system:"); ok {
		if part == "adopt" {
			return "hệ thống, khi áp dụng quy chế"
		}
		return "hệ thống, khi nạp dữ liệu"
	}
	return x.n.officer(org.OfficerID(actor))
}

// named finds whom or what an id stands for, as far as a log needs it.
func (x *office) named(id string) string {
	if name := x.n.officer(org.OfficerID(id)); name != id {
		return name
	}
	if name := x.n.unit(org.UnitID(id)); name != id {
		return name
	}
	if p, err := org.PostOf(x.tx, org.PostID(id)); err == nil {
		return p.Title + ", " + x.n.officer(p.Officer)
	}
	return ""
}

// A logged is what the log keeps of a change, in whichever of its shapes: only what a
// reader of the log asks for is taken out.
type logged struct {
	Name, Title, Number, Reason, Basis, Login string          // texts of a change, by the names the log has
	Officer, By, Giver, Taker, Deputy         json.RawMessage // ids, null where somebody was taken away
	Section, Signer                           org.UnitID
	Fields                                    []string
	Areas                                     []org.UnitID
	Whole                                     bool // in charge of everything
	Stage, Role                               string
	Since, From, To, Until                    string // days as the log has them
}

// inWords puts the kept form of a change into a sentence.
func (x *office) inWords(kept string) string {
	if kept == "" || kept == "null" {
		return ""
	}
	var text string
	if json.Unmarshal([]byte(kept), &text) == nil {
		return x.dayOrName(text)
	}
	var many []logged
	if json.Unmarshal([]byte(kept), &many) == nil {
		words := make([]string, len(many))
		for i := range many {
			words[i] = many[i].words(x)
		}
		return strings.Join(words, " → ")
	}
	var one logged
	if json.Unmarshal([]byte(kept), &one) != nil {
		return ""
	}
	return one.words(x)
}

// dayOrName reads a change that is kept as one word: a day, or whose it was.
func (x *office) dayOrName(text string) string {
	if long := longDate(text); long != text {
		return "từ " + long
	}
	if name := x.named(text); name != "" {
		return name
	}
	return text
}

// words says what changed in the order in which an office would tell it.
func (l *logged) words(x *office) string {
	var all []string
	add := func(label, s string) {
		if s != "" {
			all = append(all, label+s)
		}
	}
	if l.Stage != "" {
		return stageNames[org.Stage(l.Stage)] + " (" + roleNames[org.Role(l.Role)] + ")"
	}
	add("", l.Name)
	add("", l.Title)
	add("", x.officerIn(l.Officer))
	add("người làm thay: ", x.officerIn(l.By))
	add("người uỷ quyền: ", x.officerIn(l.Giver))
	add("người được uỷ quyền: ", x.officerIn(l.Taker))
	if l.Section != "" {
		add("", x.n.unit(l.Section))
	}
	if l.Signer != "" {
		add("", x.n.unit(l.Signer))
	}
	_, name, err := x.fieldNames()
	if err == nil {
		add("lĩnh vực: ", said(l.Fields, name))
	}
	add("địa bàn: ", x.n.units(l.Areas))
	if l.Whole {
		add("", "toàn bộ công việc")
	}
	add("văn bản ", l.Number)
	add("căn cứ: ", l.Basis)
	add("lý do: ", l.Reason)
	for _, d := range [][2]string{{"từ ", l.Since}, {"từ ", l.From}, {"đến hết ", l.To}, {"đến trước ", l.Until}} {
		if d[1] != "" {
			add(d[0], longDate(d[1]))
		}
	}
	return strings.Join(all, "; ")
}

// officerIn reads a field that holds an officer's id in some shapes and a switch in others.
func (x *office) officerIn(raw json.RawMessage) string {
	var id string
	if len(raw) == 0 || json.Unmarshal(raw, &id) != nil || id == "" {
		return ""
	}
	return x.n.officer(org.OfficerID(id))
}

// doorTable shows what happened at the doors of the unit's people: who signed in from
// where, who was refused, whose password was set by whom.
func doorTable(x *office) (t ui.Table, err error) {
	all, err := signin.BookOfUnit(x.tx, x.unit.ID, "", logRows)
	return doorRows(x, "Đăng nhập của người trong đơn vị; mới nhất ở trên", all), err
}

// doorRows draws lines of the book of the door. A name that nobody has is not kept: it may
// be a password in the wrong field.
func doorRows(x *office, caption string, all []signin.Line) ui.Table {
	t := ui.Table{Caption: caption, Cols: []ui.Col{{Label: "Lúc"}, {Label: "Ai"}, {Label: "Việc"}, {Label: "Từ đâu"}}, Empty: "Chưa có lần đăng nhập nào."}
	for _, l := range all {
		what := l.Say()
		if l.Detail != "" {
			what += " (" + l.Detail + ")"
		}
		if l.By != "" {
			what += ", do " + x.by(l.By)
		}
		who := "tên đăng nhập không có"
		if l.Officer != "" {
			who = x.by(string(l.Officer))
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: moment(l.At)}, {Text: who}, {Text: what}, {Text: l.Address}})
	}
	return t
}

// doors is the book of every door of the province, tries under nobody's name included.
func (s *Server) doors(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		if !who.Root {
			return nil, fault.Refuse(fault.Denied, "Nhật ký đăng nhập của cả tỉnh do quản trị của tỉnh xem; của một đơn vị nằm ở Nhật ký thay đổi của đơn vị đó.")
		}
		p.Title = "Nhật ký đăng nhập"
		all, err := signin.Book(tx, r.Form.Get("before"), logRows)
		if err != nil {
			return nil, err
		}
		x := &office{tx: tx, who: who, r: r, n: newNames(tx)}
		v := adminView{Head: ui.Head{Title: p.Title, Crumbs: []ui.Link{{Label: "Quản trị", Href: "/admin"}}, Sub: "Mọi đơn vị: ai vào, ai bị từ chối, mật khẩu và mã truy cập của ai được đặt, cấp, thu hồi."}}
		v.Tables = []ui.Table{doorRows(x, "Mới nhất ở trên", all)}
		if len(all) == logRows {
			v.More = "/admin/doors" + query(map[string][]string{"before": {all[len(all)-1].ID}})
		}
		return adminPage(v), nil
	})
}
