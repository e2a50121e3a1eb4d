package web

import (
	"net/http"
	"strings"
	"time"

	"github.com/a-h/templ"

	"lienthong/internal/db"
	"lienthong/internal/org"
	"lienthong/internal/signin"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// profileView is the page of one's own account.
type profileView struct {
	Key      string
	Login    string
	SetAt    string // when the password was set
	Second   bool   // a second factor is in force
	Posts    []ui.PostChoice
	Sessions []sessionRow
	Devices  []deviceRow
	Tokens   []tokenRow
	Book     []bookRow // lines of the door
}

// A session as its owner sees it. Here is the one that asks: ending it would sign the reader out.
type sessionRow struct {
	ID, Agent, Address, Made, Seen string
	Here                           bool // the one that asks
}

// bookRow is one line of the book of the door: what, and when, where and by whom.
type bookRow struct{ Say, More string }

// mostLines is how many lines of the book the page shows.
const mostLines = 30

// bookOf is what happened at an officer's door, the newest first.
func bookOf(tx *db.Tx, officer org.OfficerID) (rows []bookRow, err error) {
	lines, err := signin.BookOf(tx, officer, "", mostLines)
	n := newNames(tx)
	for _, l := range lines {
		more := moment(l.At)
		if l.Address != "" {
			more += ", địa chỉ " + l.Address
		}
		if l.Agent != "" {
			more += ", " + browser(l.Agent)
		}
		if l.By != "" {
			more += ", do " + n.officer(org.OfficerID(l.By))
		}
		if l.Detail != "" {
			more += " (" + l.Detail + ")"
		}
		rows = append(rows, bookRow{l.Say(), more})
	}
	return rows, err
}

// A browser that is known: a sign-in from another is told to the owner.
type deviceRow struct{ Agent, Made, Seen string }

// A token as its owner sees it; Over is one that ended or was revoked.
type tokenRow struct {
	ID, Label, Made, Ends string
	Over                  bool // ended or revoked
}

// profile shows the officer his account: posts, password, where he is signed in.
func (s *Server) profile(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		p.Title = "Tài khoản của tôi"
		a, err := signin.AccountOf(tx, who.Officer)
		if err != nil {
			return nil, err
		}
		v := profileView{Key: p.Key, Login: a.Login, SetAt: moment(a.SetAt), Second: a.Second, Posts: p.Who.Posts}
		err = s.fillProfile(tx, r, who, &v)
		return profilePage(v), err
	})
}

// Everything that acts in the officer's name: sessions, devices, tokens, so that a stranger's can be seen
// and ended here.
func (s *Server) fillProfile(tx *db.Tx, r *http.Request, who org.Actor, v *profileView) error {
	sessions, err := signin.Sessions(tx, who.Officer, s.Keeper.Rules().Idle)
	if err != nil {
		return err
	}
	for _, one := range sessions {
		v.Sessions = append(v.Sessions, sessionRow{one.ID, browser(one.Agent), one.Address, moment(one.MadeAt), moment(one.SeenAt),
			one.ID == about(r).session.ID})
	}
	devices, err := signin.Devices(tx, who.Officer)
	if err != nil {
		return err
	}
	for _, d := range devices {
		v.Devices = append(v.Devices, deviceRow{browser(d.Agent), moment(d.MadeAt), moment(d.SeenAt)})
	}
	tokens, err := signin.Tokens(tx, who.Officer)
	if err != nil {
		return err
	}
	for _, t := range tokens {
		v.Tokens = append(v.Tokens, tokenRow{t.ID, t.Label, moment(t.MadeAt), moment(t.EndsAt),
			!t.RevokedAt.IsZero() || !tx.Now.Before(t.EndsAt)})
	}
	v.Book, err = bookOf(tx, who.Officer)
	return err
}

// moment writes an instant as the office reads it.
func moment(t time.Time) string { return hour(t) + " ngày " + workday.Of(t).Long() }

// browser shortens what a browser says of itself to what its owner knows it by.
func browser(agent string) string {
	name := "Trình duyệt khác"
	for _, b := range [][2]string{{"Edg/", "Edge"}, {"Cốc Cốc", "Cốc Cốc"}, {"coc_coc", "Cốc Cốc"}, {"Firefox/", "Firefox"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}} {
		if strings.Contains(agent, b[0]) {
			name = b[1]
			break
		}
	}
	for _, o := range [][2]string{{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"Mac OS", "macOS"}, {"Linux", "Linux"}} {
		if strings.Contains(agent, o[0]) {
			return name + " trên " + o[1]
		}
	}
	return name
}

// choosePost keeps the post in which the officer acts from now on.
func (s *Server) choosePost(w http.ResponseWriter, r *http.Request) error {
	return s.update(w, r, func(tx *db.Tx, who org.Actor) (done, error) {
		post := org.PostID(r.PostForm.Get("post"))
		say := "Từ giờ anh/chị làm việc với mọi chức danh đang giữ."
		for _, p := range who.Posts {
			if p.ID == post {
				say = "Từ giờ anh/chị làm việc với chức danh " + p.Title + "."
			}
		}
		return done{To: cameFrom(r), Say: say}, s.Keeper.Choose(tx, who, about(r).session, post)
	})
}

// endSession signs one of the officer's sessions out.
func (s *Server) endSession(w http.ResponseWriter, r *http.Request) error {
	return s.update(w, r, func(tx *db.Tx, who org.Actor) (done, error) {
		return done{To: "/profile", Say: "Đã kết thúc phiên đăng nhập."}, s.Keeper.EndOne(tx, who.Officer, r.PathValue("session"))
	})
}

// endEverywhere signs the officer out of everything but this browser.
func (s *Server) endEverywhere(w http.ResponseWriter, r *http.Request) error {
	return s.update(w, r, func(tx *db.Tx, who org.Actor) (done, error) {
		return done{To: "/profile", Say: "Đã đăng xuất ở mọi nơi khác và quên các thiết bị khác."},
			s.Keeper.EndAll(tx, who.Officer, about(r).session)
	})
}

// revokeToken ends one of the officer's tokens.
func (s *Server) revokeToken(w http.ResponseWriter, r *http.Request) error {
	return s.update(w, r, func(tx *db.Tx, who org.Actor) (done, error) {
		return done{To: "/profile", Say: "Đã thu hồi mã truy cập."}, s.Keeper.RevokeOwn(tx, who.Officer, r.PathValue("token"))
	})
}

// keysPage is the help of keys.
func (s *Server) keysPage(w http.ResponseWriter, r *http.Request) error {
	return s.render(w, r, ui.Layout(ui.Page{Title: "Phím tắt", Office: s.Office, Version: s.Version}, keysList()))
}
