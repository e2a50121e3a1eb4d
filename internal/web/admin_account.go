package web

import (
	"errors"
	"net/http"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/signin"
	"lienthong/internal/web/ui"
)

// accountsTab shows who of the unit can sign in, and how his account stands.
func accountsTab(x *office, v *adminView) error {
	held, err := org.Officers(x.tx, x.unit.ID)
	if err != nil {
		return err
	}
	t := ui.Table{Caption: "Tài khoản của cán bộ trong đơn vị", Cols: []ui.Col{{Label: "Họ và tên"}, {Label: "Tên đăng nhập"}, {Label: "Tình trạng"}, {Label: "Xác thực hai lớp"}, {Label: ""}, {Label: ""}, {Label: ""}, {Label: ""}},
		Empty: "Chưa ai giữ chức danh nào ở đơn vị này."}
	seen := map[org.OfficerID]bool{}
	for _, h := range held {
		if o := h.Officer; !seen[o.ID] {
			seen[o.ID] = true
			row, err := x.accountRow(o)
			if err != nil {
				return err
			}
			t.Rows = append(t.Rows, row)
		}
	}
	v.Tables = []ui.Table{t}
	v.Notes = []string{"Mật khẩu do quản trị đặt chỉ dùng một lần: người đó phải đổi khi đăng nhập.",
		"Người còn giữ chức danh ở đơn vị khác: việc tài khoản do quản trị của tỉnh làm."}
	return nil
}

// accountRow says how one account stands, and leads to what can be done with it: what
// cannot be done now is not there.
func (x *office) accountRow(o org.Officer) ([]ui.Cell, error) {
	id := string(o.ID)
	a, err := signin.AccountOf(x.tx, o.ID)
	if errors.Is(err, fault.NotFound) {
		return []ui.Cell{{Text: o.Name}, {Text: "–"}, {Text: "chưa có tài khoản"}, {Text: "–"}, x.rowAct("Mở tài khoản", "accounts/open", id), {}, {}, {}}, nil
	}
	if err != nil {
		return nil, err
	}
	tried, err := signin.Tried(x.tx, a.Login)
	if err != nil {
		return nil, err
	}
	state := "đang dùng, mật khẩu đặt lúc " + moment(a.SetAt)
	switch {
	case a.Closed():
		state = "đã đóng"
	case a.MustChange:
		state = "chờ đổi mật khẩu"
	}
	if tried > 0 {
		state += "; " + grouped(tried) + " lần gõ sai liên tiếp"
	}
	second, drop := "chưa đặt", ui.Cell{}
	if o.ID == x.who.Officer { // after proof, on a page of its own: see signin.Reoffer
		if a.Second {
			second = "đã đặt"
		}
		return []ui.Cell{{Text: o.Name}, {Text: a.Login}, {Text: state}, {Text: second}, {Text: "Tài khoản của tôi", Href: "/profile"}, {}, {}, {}}, nil
	}
	if a.Second {
		second, drop = "đã đặt", x.rowAct("Bỏ xác thực hai lớp", "accounts/drop-second", id)
	}
	closing, again := ui.Cell{}, ui.Cell{}
	if !a.Closed() {
		closing = x.rowAct("Đóng", "accounts/close", id)
	}
	if tried > 0 {
		again = x.rowAct("Cho thử lại ngay", "accounts/unlock", id)
	}
	return []ui.Cell{{Text: o.Name}, {Text: a.Login}, {Text: state}, {Text: second}, x.rowAct("Đặt lại mật khẩu", "accounts/reset", id), closing, drop, again}, nil
}

// passwordInput is a password that somebody else chooses: it is never kept in the browser
// nor shown again when the form is refused.
var passwordInput = input{Kind: line, Input: ui.Input{Name: "password", Label: "Mật khẩu tạm", Type: "password", Auto: "new-password", Required: true,
	Hint: "Đọc cho người đó, không gửi qua tin nhắn. Người đó phải đổi ngay khi đăng nhập."}}

// accountForms have no Do of their own: the keeper of the door does these acts.
var accountForms = map[string]adminForm{
	"accounts/open": {Title: "Mở tài khoản", Send: "Mở tài khoản", Password: true, Fields: func(x *office) ([]input, error) {
		o, err := x.ours(org.OfficerID(x.r.Form.Get("id")))
		return []input{{Kind: note, Input: ui.Input{Label: "Cho " + o.Name + "."}},
			{Kind: line, Input: ui.Input{Name: "login", Label: "Tên đăng nhập", Required: true, Max: 64, Auto: "off", Hint: "Chữ không dấu, chữ số, dấu chấm, gạch nối."}}, passwordInput}, err
	}},
	"accounts/reset": {Title: "Đặt lại mật khẩu", Send: "Đặt lại mật khẩu", Password: true, Fields: func(x *office) ([]input, error) {
		o, err := x.ours(org.OfficerID(x.r.Form.Get("id")))
		return []input{{Kind: note, Input: ui.Input{Label: "Cho " + o.Name + ". Mọi thiết bị đang đăng nhập bị đăng xuất, mã truy cập đã cấp cho chương trình bị thu hồi."}}, passwordInput}, err
	}},
	"accounts/close": {Title: "Đóng tài khoản", Send: "Đóng tài khoản", Fields: func(x *office) ([]input, error) {
		o, err := x.ours(org.OfficerID(x.r.Form.Get("id")))
		return []input{{Kind: note, Input: ui.Input{Label: o.Name + " bị đăng xuất mọi nơi, mật khẩu và mã truy cập đã cấp không còn dùng được. Chức danh và việc đã làm giữ nguyên; mở lại bằng cách đặt lại mật khẩu."}}}, err
	}},
	"accounts/unlock": {Title: "Cho thử lại ngay", Send: "Cho thử lại ngay", Fields: func(x *office) ([]input, error) {
		o, err := x.ours(org.OfficerID(x.r.Form.Get("id")))
		return []input{{Kind: note, Input: ui.Input{Label: o.Name + " gõ sai nhiều lần nên đang phải chờ; số lần gõ sai được bỏ qua. Mật khẩu không đổi."}}}, err
	}},
	"accounts/drop-second": {Title: "Bỏ xác thực hai lớp", Send: "Bỏ xác thực hai lớp", Fields: func(x *office) ([]input, error) {
		o, err := x.ours(org.OfficerID(x.r.Form.Get("id")))
		return []input{{Kind: note, Input: ui.Input{Label: o.Name + " mất điện thoại và hết mã dự phòng: sau khi bỏ, đăng nhập bằng mật khẩu rồi đặt lại. Chỉ làm khi đã gặp trực tiếp người đó."}}}, err
	}},
}

// newPassword checks and hashes the password of the form before the transaction, which
// must stay short, and takes it out of the form: it is stored nowhere else, not even in
// the hash of the request.
func (s *Server) newPassword(r *http.Request) (phc string, err error) {
	password := signin.Secret(r.PostForm.Get("password"))
	r.PostForm.Del("password")
	r.Form.Del("password")
	var name, login string
	err = s.view(r, func(tx *db.Tx, who org.Actor) error {
		x, err := openOffice(tx, who, r)
		if err != nil {
			return err
		}
		o, err := x.ours(org.OfficerID(x.get("id")))
		name = o.Name
		return err
	})
	if err != nil {
		return "", err
	}
	if login = signin.LoginName(r.PostForm.Get("login")); login == "" {
		login = name
	}
	err = s.Keeper.Rules().CheckPassword(login, name, password)
	if refused, ok := fault.Sentence(err); ok {
		return "", fault.Field("password", "%s", refused.Say)
	}
	if err != nil {
		return "", err
	}
	return s.Keeper.Hasher.Hash(r.Context(), password)
}

// accountAct does what a form of accounts asks, and leaves a line in the office's log.
func (s *Server) accountAct(x *office) (say string, err error) {
	act := signin.Act(x.r.PathValue("act"))
	o, ended, err := s.Keeper.Administer(x.tx, x.who, signin.Order{Act: act, Unit: x.unit, Officer: org.OfficerID(x.get("id")), Login: x.get("login"), Hash: x.hash})
	switch act {
	case signin.OpenAccount:
		say = "Đã mở tài khoản cho " + o.Name + "."
	case signin.ResetIt:
		say = "Đã đặt lại mật khẩu cho " + o.Name + ". Mọi phiên đăng nhập đã kết thúc" + revokedWord(ended) + "."
	case signin.CloseIt:
		say = "Đã đóng tài khoản của " + o.Name + revokedWord(ended) + "."
	case signin.Unlock:
		say = o.Name + " thử lại được ngay."
	case signin.DropIt:
		say = "Đã bỏ xác thực hai lớp của " + o.Name + "."
	}
	return say, err
}

// revokedWord says how many tokens of programs ended with a password.
func revokedWord(n int) string {
	if n == 0 {
		return ""
	}
	return ", " + grouped(int64(n)) + " mã truy cập của chương trình bị thu hồi"
}
