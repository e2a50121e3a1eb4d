package web

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"lienthong/internal/channel"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// channelRoutes are the pages of how notices leave: an officer's own, and the office's.
func (s *Server) channelRoutes() {
	s.handle("GET /profile/channels", s.channelPage)
	s.handle("POST /profile/channels", s.channelSave)
	s.handle("GET /notices/seen", s.seenNotices)
	s.handle("GET /notices/news", s.news)
	s.handle("GET /admin/channels", s.channelsPage)
	s.handle("GET /admin/channels/password", s.mailPasswordPage)
	s.handle("POST /admin/channels/password", s.mailPasswordSave)
	s.handle("GET /admin/channels/reader", s.readerKeyPage)
	s.handle("POST /admin/channels/reader", s.readerKeySave)
	s.handle("POST /admin/channels/try", s.tryMail)
	s.handle("POST /admin/channels/letters/{letter}/{act}", s.letterAct)
}

// clockText writes an hour of a choice for its field; "" for none.
func clockText(c workday.Clock) string {
	if c == channel.Never {
		return ""
	}
	return c.String()
}

// typedClock reads an hour of the form; an empty field is none.
func typedClock(r *http.Request, name string) (workday.Clock, error) {
	v := strings.TrimSpace(r.PostForm.Get(name))
	if v == "" {
		return channel.Never, nil
	}
	c, err := workday.ParseClock(v)
	if err != nil {
		return c, fault.Field(name, "Ghi giờ dạng 16:00.")
	}
	return c, nil
}

// mutable are the kinds of notice that an officer may turn off by mail, by their words.
func (s *Server) mutable(c channel.Choice) (all []ui.Option) {
	for kind, say := range s.Says {
		if !channel.KindOf(kind).Needed {
			all = append(all, ui.Option{Value: kind, Label: say, Chosen: slices.Contains(c.Muted, kind)})
		}
	}
	return sortOptions(all)
}

// channelPage is how an officer is told outside of the pages.
func (s *Server) channelPage(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		p.Title = "Cách nhận thông báo"
		c, err := channel.ChoiceOf(tx, who.Officer)
		if err != nil {
			return nil, err
		}
		o, err := org.OfficerOf(tx, who.Officer)
		if err != nil {
			return nil, err
		}
		_, off := channel.LoadServer(tx)
		head := ui.Head{Title: p.Title, Crumbs: []ui.Link{{Label: "Tài khoản của tôi", Href: "/profile"}},
			Sub: "Mọi thông báo vẫn hiện trong hệ thống; ở đây chọn nhận thêm bằng cách nào, vào giờ nào."}
		t := keptOf(r)
		form := ui.Form{Action: "/profile/channels", Key: p.Key, Send: "Lưu cách nhận", Quiet: []ui.Button{{Label: "Quay lại", Href: "/profile"}}}
		return formPage(head, browserNotice(), t.form(form), t.with(s.choiceInputs(c, o.Email, off == nil))), nil
	})
}

// How an officer is told outside the program. Without an address or a mail server the form says so instead
// of promising letters.
func (s *Server) choiceInputs(c channel.Choice, email string, served bool) []input {
	where := "Gửi đến " + email + ". Địa chỉ do người quản trị của đơn vị ghi."
	switch {
	case email == "":
		where = "Anh/chị chưa có địa chỉ thư trong danh sách cán bộ; đề nghị người quản trị của đơn vị ghi."
	case !served:
		where += " Hiện cơ quan chưa đặt máy chủ gửi thư nên chưa có thư nào được gửi."
	}
	mail := ui.Input{Name: "mail", Label: "Nhận thông báo qua thư điện tử", Hint: where}
	if c.Mail {
		mail.Value = "1"
	}
	hours := []ui.Option{{Value: "", Chosen: c.Hours == "", Label: "Như mức chung của cơ quan", Hint: "Mức chung đặt ở Thông số hệ thống; chưa có căn cứ ở quy chế nào."},
		{Value: "yes", Label: "Chỉ trong giờ làm việc của lịch cơ quan"}, {Value: "no", Label: "Mọi lúc, trừ khoảng không gửi ở trên"}}
	return []input{
		{Kind: tick, Input: mail},
		{Kind: line, Input: ui.Input{Name: "digest", Label: "Gộp một thư mỗi ngày vào lúc", Value: clockText(c.DigestAt), Max: 5, Auto: "off", Hint: "Ví dụ 16:00. Bỏ trống: gửi từng thư. Việc quá hạn, đôn đốc, sắp đến hạn và yêu cầu giải trình vẫn gửi ngay."}},
		{Kind: line, Input: ui.Input{Name: "quiet_from", Label: "Không gửi từ", Value: clockText(c.QuietFrom), Max: 5, Auto: "off", Hint: "Ví dụ 20:00. Bỏ trống cả hai ô: không có khoảng này."}},
		{Kind: line, Input: ui.Input{Name: "quiet_to", Label: "đến", Value: clockText(c.QuietTo), Max: 5, Auto: "off", Hint: "Ví dụ 06:30 sáng hôm sau. Thư của khoảng này gửi khi hết khoảng."}},
		{Kind: radios, Input: ui.Input{Name: "hours", Label: "Giờ làm việc", Value: c.Hours, Options: hours}},
		{Kind: checks, Input: ui.Input{Name: "muted", Label: "Không nhận thư về", Options: s.mutable(c), Hint: "Thông báo về việc phải làm không tắt riêng được."}},
	}
}

// channelSave keeps the officer's choice.
func (s *Server) channelSave(w http.ResponseWriter, r *http.Request) error {
	err := s.update(w, r, func(tx *db.Tx, who org.Actor) (done, error) {
		c := channel.Choice{Mail: r.PostForm.Get("mail") == "1", Hours: r.PostForm.Get("hours"), Muted: r.PostForm["muted"]}
		for name, into := range map[string]*workday.Clock{"digest": &c.DigestAt, "quiet_from": &c.QuietFrom, "quiet_to": &c.QuietTo} {
			var err error
			if *into, err = typedClock(r, name); err != nil {
				return done{}, err
			}
		}
		return done{To: "/profile/channels", Say: "Đã lưu cách nhận thông báo."}, channel.Choose(tx, who, c)
	})
	return s.again(w, r, err, s.channelPage)
}

// seenNotices are the notices that this officer has read, each with when he did.
func (s *Server) seenNotices(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		p.Title = "Thông báo đã xem"
		all, err := notice.SeenBy(tx, who, mostNotices)
		if err != nil {
			return nil, err
		}
		t := ui.Table{Caption: "Mới xem nhất ở trên", Empty: "Anh/chị chưa xem thông báo nào.", Cols: []ui.Col{{Label: "Thông báo"}, {Label: "Việc"}, {Label: "Báo lúc"}, {Label: "Đã xem lúc"}}}
		for _, n := range all {
			t.Rows = append(t.Rows, []ui.Cell{{Text: noticeWords(n.Kind), Href: "/cases/" + string(n.Case)}, {Text: n.Code + " · " + n.Title}, {Text: moment(n.At)}, {Text: moment(n.SeenAt)}})
		}
		v := adminView{Head: ui.Head{Title: p.Title, Crumbs: []ui.Link{{Label: "Thông báo", Href: "/notices"}}}, Tables: []ui.Table{t}}
		return adminPage(v), nil
	})
}

// A newsItem is what a browser may show outside of its page: no title, no text.
type newsItem struct {
	ID   string `json:"id"`
	Line string `json:"line"` // code, kind and day: never a title
	Href string `json:"href"`
}

// mostNews is how many notices a browser shows at once; more are one line.
const mostNews = 5

// news gives an open page the newest unread notices as short lines, for the browser's own
// notifications; in the officer's quiet hours it gives none.
func (s *Server) news(w http.ResponseWriter, r *http.Request) error {
	lines := []newsItem{}
	err := s.view(r, func(tx *db.Tx, who org.Actor) error {
		c, err := channel.ChoiceOf(tx, who.Officer)
		if err != nil {
			return err
		}
		c.DigestAt, c.OfficeHours = channel.Never, false // somebody sits in front of it
		_, rev, err := duty.Calendar(tx)
		if err != nil || !c.When(rev, tx.Now, true).Equal(tx.Now) {
			return err
		}
		all, err := notice.Unread(tx, who, mostNews)
		for _, n := range all {
			lines = append(lines, newsItem{n.ID, n.Code + ": " + noticeWords(n.Kind) + ".", "/cases/" + string(n.Case)})
		}
		return err
	})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	return json.NewEncoder(w).Encode(lines)
}

// message is what "Chép lời nhắn" copies: the line that a gateway is sent; "" where nothing
// waits to be done.
func (x *reading) message() (string, error) {
	all, err := duty.OfCase(x.tx, x.p.ID)
	if err != nil {
		return "", err
	}
	d := channel.Owed(all, func(d *duty.Duty) bool { return d.Owner == x.p.Lead })
	if d == nil {
		return "", nil
	}
	kind, err := notice.Newest(x.tx, x.p.ID, d.Owner)
	if err != nil {
		return "", err
	}
	say := noticeWords(kind)
	if kind == "" {
		say = dutyKinds()[d.Rule].Say
	}
	return channel.Line(x.p.Code, say, d), nil
}

// mostReceipts bounds the receipts that a case page shows.
const mostReceipts = 5

// receipts say, to who oversees the case, how far its newest notices were seen: counts,
// never names.
func (x *reading) receipts() (all []ui.Fact, err error) {
	over := slices.ContainsFunc(x.who.Posts, func(p org.Post) bool {
		return (p.Role == org.Desk || p.Role == org.Leader) && slices.Contains(x.s.Overseers, p.Unit)
	})
	if !over {
		return nil, nil
	}
	list, err := notice.Receipts(x.tx, x.p.ID, mostReceipts)
	for _, n := range list {
		whom := "một cán bộ"
		if n.Unit != "" {
			whom = x.names.unit(n.Unit)
		}
		say := whom + ": chưa ai xem"
		if n.Seen > 0 {
			say = whom + ": " + itoa(int64(n.Seen)) + " người đã xem, lần đầu lúc " + moment(n.FirstAt)
		}
		all = append(all, fact(noticeWords(n.Kind), say))
	}
	return all, err
}
