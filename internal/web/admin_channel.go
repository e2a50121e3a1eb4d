package web

import (
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"lienthong/internal/channel"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/outbox"
	"lienthong/internal/setting"
	"lienthong/internal/web/ui"
)

// hookWhat says what a hook receives.
var hookWhat = map[string]string{channel.Events: "sự kiện có chữ ký (CloudEvents)", channel.Lines: "lời nhắn: mã, loại, ngày"}

// hooksTab lists a unit's receivers outside, and what could not be delivered to them.
func hooksTab(x *office, v *adminView) error {
	all, err := channel.Hooks(x.tx, x.who, x.unit.ID)
	if err != nil {
		return err
	}
	t := ui.Table{Caption: "Nơi nhận ngoài hệ thống", Empty: "Đơn vị chưa có nơi nhận nào.", Cols: []ui.Col{{Label: "Nơi nhận"}, {Label: "Nhận gì"}, {Label: "Theo quyền đọc của"}, {Label: "Địa chỉ"}, {Label: ""}, {Label: ""}, {Label: ""}}}
	for _, h := range all {
		id, what := string(h.ID), hookWhat[h.What]
		if len(h.Kinds) > 0 {
			what += "; chỉ " + strings.Join(h.Kinds, ", ")
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: h.Label}, {Text: what}, {Text: x.n.officer(h.Account)}, {Text: h.URL},
			x.rowAct("Khoá ký", "hooks/secret", id), x.rowAct("Gửi thử", "hooks/try", id), x.rowAct("Dừng", "hooks/end", id)})
	}
	letters, err := channel.Letters(x.tx, x.who, x.unit.ID, logRows)
	if err != nil {
		return err
	}
	v.Tables = []ui.Table{t, letterTable(x.n, letters, func(label, act, id string) ui.Cell { return x.rowAct(label, "hooks/"+act, id) })}
	v.Notes = []string{"Nơi nhận chỉ được những gì tài khoản đã chọn được đọc; mỗi tin có chữ ký theo Standard Webhooks.",
		"Tin không gửi được sẽ thử lại, mỗi lần chờ lâu hơn; hết số lần thì nằm ở bảng trên để gửi lại hoặc bỏ."}
	x.act(v, "Thêm nơi nhận", "hooks/add")
	return nil
}

// letterTable lists what was given up, with why; do makes the cell of an act.
func letterTable(n *names, all []*outbox.Message, do func(label, act, id string) ui.Cell) ui.Table {
	t := ui.Table{Caption: "Tin không gửi được", Empty: "Không có tin nào phải ngừng gửi.", Cols: []ui.Col{{Label: "Từ lúc"}, {Label: "Gửi gì"}, {Label: "Đến"}, {Label: "Vì sao"}, {Label: ""}, {Label: ""}}}
	kinds := map[string]string{channel.MailKind: "thư điện tử", channel.HookKind: "webhook", "edxml": "gói edXML"}
	for _, m := range all {
		kind, to := kinds[m.Kind], m.Target
		if kind == "" {
			kind = m.Kind
		}
		if m.Kind == channel.MailKind {
			to = n.officer(org.OfficerID(m.Target))
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: moment(m.QueuedAt)}, {Text: kind}, {Text: to}, {Text: m.LastError},
			do("Gửi lại", "again", string(m.ID)), do("Bỏ", "drop", string(m.ID))})
	}
	return t
}

// hookForms are the acts on a unit's receivers.
var hookForms = map[string]adminForm{
	"hooks/add": {Title: "Thêm nơi nhận", Send: "Thêm nơi nhận", Note: "Sau khi thêm, mở Khoá ký để chép khoá cho nơi nhận; khoá chỉ hiện trong một lúc.", Fields: hookFields, Do: func(x *office) (string, error) {
		_, err := channel.AddHook(x.tx, x.who, channel.Hook{Unit: x.unit.ID, What: x.get("what"), Label: x.get("label"), URL: x.get("url"),
			Account: org.OfficerID(x.get("account")), Kinds: strings.Fields(x.get("kinds"))})
		return "Đã thêm nơi nhận. Mở Khoá ký để chép khoá.", err
	}},
	"hooks/secret": {Title: "Khoá ký", Send: "Đặt khoá mới", Note: "Đặt khoá mới thì khoá cũ còn ký kèm một thời gian (thông số hook.overlap) để nơi nhận kịp đổi.", Fields: func(x *office) ([]input, error) {
		secret, ok, err := channel.Secret(x.tx, x.who, channel.HookID(x.r.Form.Get("id")))
		say := "Khoá không hiện lại được: chỉ người đặt xem được, trong một lúc sau khi đặt."
		if ok {
			say = "Khoá ký: " + secret + " – chép ngay vào nơi nhận, không gửi qua tin nhắn."
		}
		return []input{{Kind: note, Input: ui.Input{Label: say}}}, err
	}, Do: onHook("Đã đặt khoá mới. Mở lại Khoá ký để chép.", channel.Rotate)},
	"hooks/try":   {Title: "Gửi thử", Send: "Gửi tin thử", Fields: onlySaid("Một tin thử không có nội dung của việc nào được gửi đến nơi nhận."), Do: onHook("Đã đưa tin thử vào hàng gửi.", channel.Try)},
	"hooks/end":   {Title: "Dừng nơi nhận", Send: "Dừng nơi nhận", Fields: onlySaid("Không gửi gì nữa; tin đang chờ bị bỏ, khoá ký bị xoá."), Do: onHook("Đã dừng nơi nhận.", channel.EndHook)},
	"hooks/again": {Title: "Gửi lại", Send: "Gửi lại", Fields: onlySaid("Tin được gửi lại với đủ số lần thử."), Do: onLetter("Đã đưa vào hàng gửi lại.", channel.Again)},
	"hooks/drop":  {Title: "Bỏ tin không gửi được", Send: "Bỏ tin này", Fields: onlySaid("Tin bị bỏ, không gửi lại được nữa."), Do: onLetter("Đã bỏ tin.", channel.Drop)},
}

// An act on a receiver as a form's step: the sentence to show and what to do.
func onHook(say string, do func(tx *db.Tx, who org.Actor, id channel.HookID) error) func(x *office) (string, error) {
	return func(x *office) (string, error) { return say, do(x.tx, x.who, channel.HookID(x.get("id"))) }
}

// The same for a letter that failed.
func onLetter(say string, do func(tx *db.Tx, who org.Actor, id outbox.ID) error) func(x *office) (string, error) {
	return func(x *office) (string, error) { return say, do(x.tx, x.who, outbox.ID(x.get("id"))) }
}

// A form with nothing to fill in: a sentence of what will happen, and the button.
func onlySaid(say string) func(x *office) ([]input, error) {
	return func(*office) ([]input, error) { return []input{{Kind: note, Input: ui.Input{Label: say}}}, nil }
}

// A receiver reads with the rights of an account, so that it never gets more than that officer sees;
// administrators are left out of the choice because they read no cases.
func hookFields(x *office) ([]input, error) {
	people, err := x.officerOptions(func(p org.Post) bool { return p.Role != org.Admin })
	what := []ui.Option{{Value: channel.Events, Label: "Sự kiện của các việc", Hint: "Cho hệ thống khác của đơn vị: mã, loại sự kiện, lúc nào; đọc tiếp qua API."},
		{Value: channel.Lines, Label: "Lời nhắn báo cho đơn vị", Hint: "Cho cổng SMS, Zalo: chỉ mã, loại việc và ngày; không có trích yếu, tên người, nội dung."}}
	return []input{{Kind: line, Input: ui.Input{Name: "label", Label: "Tên nơi nhận", Required: true, Max: 100, Auto: "off"}},
		{Kind: radios, Input: ui.Input{Name: "what", Label: "Nhận gì", Required: true, Options: what}},
		{Kind: line, Input: ui.Input{Name: "url", Label: "Địa chỉ", Required: true, Max: 500, Auto: "off", Hint: "https://…; mạng nội bộ phải được quản trị của tỉnh cho phép (thông số hook.private)."}},
		{Kind: choice, Input: ui.Input{Name: "account", Label: "Theo quyền đọc của tài khoản", Required: true, Options: people, Blank: "– chọn –"}},
		{Kind: line, Input: ui.Input{Name: "kinds", Label: "Chỉ các loại", Max: 300, Auto: "off", Hint: "Ví dụ petition.answered petition.settled; bỏ trống là mọi loại."}}}, err
}

// channelsPage is the office's own channels: the mail server, and all that was given up.
func (s *Server) channelsPage(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		if err := onlyRoot(who); err != nil {
			return nil, err
		}
		p.Title = "Kênh thông báo"
		v := adminView{Head: ui.Head{Title: p.Title, Crumbs: []ui.Link{{Label: "Quản trị", Href: "/admin"}},
			Sub: "Thư điện tử của cả hệ thống và tin không gửi được. Nơi nhận webhook của từng đơn vị ở trang quản trị đơn vị."}}
		var err error
		if v.Facts, err = channelFacts(tx); err != nil {
			return nil, err
		}
		v.Acts = []ui.Button{{Label: "Đặt mật khẩu máy chủ thư", Href: "/admin/channels/password"}, {Label: "Khoá của người đọc thứ hai", Href: "/admin/channels/reader"},
			{Label: "Gửi thư thử cho tôi", Post: "/admin/channels/try", Hidden: []ui.Hidden{{Name: "key", Value: newKey(tx)}}}}
		settings, err := setting.All(tx)
		if err != nil {
			return nil, err
		}
		letters, err := channel.Letters(tx, who, "", logRows)
		if err != nil {
			return nil, err
		}
		var own []setting.State
		for _, one := range settings {
			if group, _, _ := strings.Cut(one.Name, "."); group == "mail" || group == "hook" || group == "notice" || group == "outbox" || group == "reader" {
				own = append(own, one)
			}
		}
		mine := letterTable(newNames(tx), letters, func(string, string, string) ui.Cell { return ui.Cell{} })
		mine.Cols = mine.Cols[:4]
		for i := range mine.Rows {
			mine.Rows[i] = mine.Rows[i][:4]
		}
		v.Tables = []ui.Table{mine, settingTable(own)}
		return ui.Stack(adminPage(v), letterButtons(newKey(tx), letters)), nil
	})
}

// channelFacts say whether mail leaves, and how full the outbox is.
func channelFacts(tx *db.Tx) (all []ui.Fact, err error) {
	state := "sẵn sàng"
	if _, err := channel.LoadServer(tx); err != nil {
		r, ok := fault.Sentence(err)
		if !ok {
			return nil, err
		}
		state = r.Say
	}
	has, err := channel.HasMailPassword(tx)
	if err != nil {
		return nil, err
	}
	c, err := outbox.Count(tx)
	waiting := grouped(c.Waiting) + " tin đang chờ gửi"
	if c.Waiting > 0 {
		waiting += ", lâu nhất từ " + moment(c.Oldest)
	}
	return []ui.Fact{fact("Máy chủ thư", state), fact("Mật khẩu máy chủ thư", map[bool]string{true: "đã đặt, được niêm", false: "chưa đặt"}[has]),
		fact("Hàng gửi", waiting+"; "+grouped(c.Dead)+" tin đã ngừng gửi")}, err
}

// mailPasswordPage is the form of the password at the mail server.
func (s *Server) mailPasswordPage(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		if err := onlyRoot(who); err != nil {
			return nil, err
		}
		p.Title = "Mật khẩu máy chủ thư"
		head := ui.Head{Title: p.Title, Crumbs: []ui.Link{{Label: "Quản trị", Href: "/admin"}, {Label: "Kênh thông báo", Href: "/admin/channels"}}}
		t := keptOf(r)
		form := ui.Form{Action: r.URL.Path, Key: p.Key, Send: "Lưu mật khẩu", Quiet: []ui.Button{{Label: "Quay lại", Href: "/admin/channels"}}}
		fields := []input{{Kind: line, Input: ui.Input{Name: "password", Label: "Mật khẩu", Type: "password", Auto: "new-password", Hint: "Được niêm khi lưu và không hiện lại. Bỏ trống là xoá mật khẩu đang lưu."}}}
		return formPage(head, nil, t.form(form), t.with(fields)), nil
	})
}

// mailPasswordSave keeps the password; it is taken out of the form, so that not even a
// hash of it stands beside the request.
func (s *Server) mailPasswordSave(w http.ResponseWriter, r *http.Request) error {
	password := r.PostForm.Get("password")
	r.PostForm.Del("password")
	r.Form.Del("password")
	err := s.update(w, r, func(tx *db.Tx, who org.Actor) (done, error) {
		return done{To: "/admin/channels", Say: "Đã lưu mật khẩu máy chủ thư."}, channel.SetMailPassword(tx, who, password)
	})
	return s.again(w, r, atForm(err), s.mailPasswordPage)
}

// tryMail sends the administrator a trial mail.
func (s *Server) tryMail(w http.ResponseWriter, r *http.Request) error {
	return s.update(w, r, func(tx *db.Tx, who org.Actor) (done, error) {
		return done{To: "/admin/channels", Say: "Đã đưa thư thử vào hàng gửi."}, channel.TryMail(tx, who)
	})
}

// letterAct sends a dead letter again or drops it.
func (s *Server) letterAct(w http.ResponseWriter, r *http.Request) error {
	return s.update(w, r, func(tx *db.Tx, who org.Actor) (done, error) {
		id := outbox.ID(r.PathValue("letter"))
		switch r.PathValue("act") {
		case "again":
			return done{To: "/admin/channels", Say: "Đã đưa vào hàng gửi lại."}, channel.Again(tx, who, id)
		case "drop":
			return done{To: "/admin/channels", Say: "Đã bỏ tin."}, channel.Drop(tx, who, id)
		}
		return done{}, fault.NotFound
	})
}
