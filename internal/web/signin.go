package web

import (
	"bytes"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/signin"
	"lienthong/internal/vntext"
	"lienthong/internal/web/ui"
)

// trialShown is how many accounts of a demonstration the door lists at once.
const trialShown = 40

// signInPage is the door. It sends on who is inside already.
func (s *Server) signInPage(w http.ResponseWriter, r *http.Request) error {
	q := about(r)
	if q.session.Stage == signin.Full && len(q.refused) == 0 {
		http.Redirect(w, r, local(r.Form.Get("next")), http.StatusSeeOther)
		return nil
	}
	f := ui.SignInForm{Office: s.Office, Action: "/signin", Next: local(r.Form.Get("next")), Name: r.Form.Get("name"),
		Help: "Không đăng nhập được: hỏi quản trị của cơ quan, đơn vị anh/chị."}
	for _, one := range q.refused {
		f.Problem = one.Say
	}
	if s.Trial != nil {
		f.Help = ""
		f.Below = trialAccounts(s.trial(r.Form.Get("tim")), f.Next)
	}
	return s.render(w, r, ui.SignIn(f))
}

// trial returns the accounts whose words hold what is looked for, and how many there are.
func (s *Server) trial(find string) trialView {
	v := trialView{Password: s.Trial.Password, Find: find}
	want := vntext.Fold(find)
	for _, a := range s.Trial.Accounts {
		if !strings.Contains(vntext.Fold(a.Login+" "+a.Name+" "+a.Post+" "+a.Unit), want) {
			continue
		}
		if v.Found++; v.Found <= trialShown {
			v.Accounts = append(v.Accounts, a)
		}
	}
	return v
}

// What the sign-in page shows while the office is a trial: accounts to try, with the common password.
type trialView struct {
	Password string
	Find     string // what was searched among the accounts
	Found    int    // how many there are beside those shown
	Accounts []TrialAccount
}

// signIn takes a name and a password.
func (s *Server) signIn(w http.ResponseWriter, r *http.Request) error {
	q := about(r)
	e, err := s.Keeper.SignIn(r.Context(), signin.Try{
		Login: r.PostForm.Get("name"), Password: signin.Secret(r.PostForm.Get("password")),
		Device:  signin.Secret(cookie(r, q.name(deviceCookie))),
		Address: q.address, Agent: r.UserAgent(),
	})
	var wait *signin.Later
	if errors.As(err, &wait) { // the form comes back with the wait in words
		return s.refusedDoor(w, r, wait)
	}
	if err != nil {
		return s.again(w, r, err, s.signInPage)
	}
	s.enter(w, r, e)
	to := local(r.PostForm.Get("next"))
	if gate, half := gates[e.Stage]; half {
		to = gate + "?next=" + url.QueryEscape(to)
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// refusedDoor shows the door again with 429 and when to come back.
func (s *Server) refusedDoor(w http.ResponseWriter, r *http.Request, wait *signin.Later) error {
	w.Header().Set("Retry-After", retryAfter(wait.After))
	about(r).refused = refusals(wait)
	if rw, ok := w.(*response); ok {
		rw.next = http.StatusTooManyRequests
	}
	return s.signInPage(w, r)
}

// enter gives the browser its cookies. A session that was there before is left to end
// by itself: its secret is gone with the cookie.
func (s *Server) enter(w http.ResponseWriter, r *http.Request, e signin.Entry) {
	give(w, r, sessionCookie, e.Session.Reveal(), 0)
	if e.Device != "" {
		give(w, r, deviceCookie, e.Device.Reveal(), s.Keeper.Rules().DeviceLife)
	}
}

// codePage asks for the second factor.
func (s *Server) codePage(w http.ResponseWriter, r *http.Request) error {
	f := ui.SignInForm{Office: s.Office, Action: "/signin/code", Next: local(r.Form.Get("next")), Code: true,
		Help: "Mất điện thoại và mã dự phòng: hỏi quản trị hệ thống để lập lại."}
	for _, one := range about(r).refused {
		f.Problem = one.Say
	}
	return s.render(w, r, ui.SignIn(f))
}

// code takes the second factor. A wrong one is counted, so its refusal does not undo the
// transaction.
func (s *Server) code(w http.ResponseWriter, r *http.Request) error {
	var e signin.Entry
	var refused error
	err := s.DB.Update(r.Context(), func(tx *db.Tx) (err error) {
		e, refused, err = s.Keeper.Second(tx, about(r).session, signin.Secret(r.PostForm.Get("code")))
		return err
	})
	if err == nil && refused != nil {
		return s.again(w, r, refused, s.codePage)
	}
	if err != nil {
		return err
	}
	s.enter(w, r, e)
	to := local(r.PostForm.Get("next"))
	if gate, half := gates[e.Stage]; half {
		to = gate
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// signOutPage asks what is to become of texts kept in this browser: nothing typed is
// thrown away unasked, and nothing stays for the next person at a shared machine.
func (s *Server) signOutPage(w http.ResponseWriter, r *http.Request) error {
	if about(r).session.Stage != signin.Full {
		http.Redirect(w, r, "/signin", http.StatusSeeOther)
		return nil
	}
	return s.show(w, r, func(_ *db.Tx, _ org.Actor, p *ui.Page) (templ.Component, error) {
		p.Title, p.Live = "Đăng xuất", ""
		return signOutChoice(), nil
	})
}

// signOut ends the session. With drafts=wipe the browser is told to forget what it kept.
func (s *Server) signOut(w http.ResponseWriter, r *http.Request) error {
	if session := about(r).session; session.ID != "" {
		if err := s.DB.Update(r.Context(), func(tx *db.Tx) error { return s.Keeper.End(tx, session) }); err != nil {
			return err
		}
	}
	give(w, r, sessionCookie, "", -time.Second)
	if r.PostForm.Get("drafts") == "wipe" {
		w.Header().Set("Clear-Site-Data", `"storage"`)
	}
	http.Redirect(w, r, "/signin", http.StatusSeeOther)
	return nil
}

// secondPage sets up the second factor, or says that it is there.
func (s *Server) secondPage(w http.ResponseWriter, r *http.Request) error {
	return s.quiet(w, r, "Xác thực hai lớp", func(tx *db.Tx, who org.Actor) (templ.Component, error) {
		a, err := signin.AccountOf(tx, who.Officer)
		if err != nil {
			return nil, err
		}
		offered, _, err := signin.Offered(tx, about(r).session)
		if err != nil {
			return nil, err
		}
		left, err := signin.CodesLeft(tx, who.Officer)
		if err != nil {
			return nil, err
		}
		v := secondView{Has: a.Second, Left: int(left), Must: about(r).session.Stage == signin.Enrol, Prove: about(r).session.Stage == signin.Full, Key: newKey(tx), Secret: inFours(offered.Reveal())}
		return secondSetup(v, keptOf(r)), nil
	})
}

// The page of the second factor, in whichever step it is.
type secondView struct {
	Has    bool   // one is in force
	Must   bool   // nothing opens before it is
	Prove  bool   // the officer proves himself before another is set up
	Left   int    // recovery codes unused
	Secret string // only while it is being set up
	Key    string
}

// inFours writes a secret so that it can be typed by hand.
func inFours(s string) string {
	var parts []string
	for len(s) > 4 {
		parts, s = append(parts, s[:4]), s[4:]
	}
	return strings.Join(append(parts, s), " ")
}

// quiet is show for pages that a half-open session sees too: no lists, no search.
func (s *Server) quiet(w http.ResponseWriter, r *http.Request, title string, fn func(tx *db.Tx, who org.Actor) (templ.Component, error)) error {
	if about(r).session.Stage == signin.Full {
		return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
			p.Title = title
			return fn(tx, who)
		})
	}
	var body templ.Component
	err := s.view(r, func(tx *db.Tx, who org.Actor) (err error) {
		body, err = fn(tx, who)
		return err
	})
	if err != nil {
		return err
	}
	return s.render(w, r, ui.Layout(ui.Page{Title: title, Office: s.Office, Version: s.Version}, body))
}

// secondPicture draws the offered secret for the app's camera.
func (s *Server) secondPicture(w http.ResponseWriter, r *http.Request) error {
	var png []byte
	err := s.view(r, func(tx *db.Tx, who org.Actor) error {
		secret, login, err := signin.Offered(tx, about(r).session)
		if err == nil && secret == "" {
			err = fault.NotFound
		}
		if err != nil {
			return err
		}
		png, err = signin.Picture("Liên thông", login, secret)
		return err
	})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/png")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(png))
	return nil
}

// secondOffer makes the secret that the next page shows. A session that is full already
// proves first who sits there: the proof is kept nowhere, not even in the hash of a request.
func (s *Server) secondOffer(w http.ResponseWriter, r *http.Request) error {
	session := about(r).session
	if session.Stage == signin.Full {
		if err := s.Keeper.Reoffer(r.Context(), session, signin.Secret(r.PostForm.Get("proof"))); err != nil {
			return s.again(w, r, err, s.secondPage)
		}
		http.Redirect(w, r, "/second", http.StatusSeeOther)
		return nil
	}
	return s.update(w, r, func(tx *db.Tx, who org.Actor) (done, error) {
		_, err := s.Keeper.Offer(tx, session)
		return done{To: "/second"}, err
	})
}

// secondConfirm puts the second factor in force and shows the recovery codes, once.
func (s *Server) secondConfirm(w http.ResponseWriter, r *http.Request) error {
	var codes []signin.Secret
	var next signin.Secret
	err := s.DB.Update(r.Context(), func(tx *db.Tx) (err error) {
		next, codes, err = s.Keeper.Confirm(tx, about(r).session, signin.Secret(r.PostForm.Get("code")))
		return err
	})
	if err != nil {
		return s.again(w, r, err, s.secondPage)
	}
	s.enter(w, r, signin.Entry{Session: next})
	shown := make([]string, len(codes))
	for i, c := range codes {
		shown[i] = c.Reveal()
	}
	return s.render(w, r, ui.Layout(ui.Page{Title: "Mã dự phòng", Office: s.Office, Version: s.Version}, recoveryShown(shown)))
}

// passwordPage asks for a new password.
func (s *Server) passwordPage(w http.ResponseWriter, r *http.Request) error {
	return s.quiet(w, r, "Đổi mật khẩu", func(tx *db.Tx, who org.Actor) (templ.Component, error) {
		must := about(r).session.Stage == signin.Password
		return passwordForm(must, s.Keeper.Rules().MinPassword, newKey(tx), keptOf(r)), nil
	})
}

// password replaces the password; the officer's other sessions end.
func (s *Server) password(w http.ResponseWriter, r *http.Request) error {
	old, fresh := signin.Secret(r.PostForm.Get("old")), signin.Secret(r.PostForm.Get("new"))
	if fresh.Reveal() != r.PostForm.Get("repeat") {
		return s.again(w, r, fault.Field("repeat", "Hai lần gõ mật khẩu mới không giống nhau."), s.passwordPage)
	}
	next, err := s.Keeper.ChangePassword(r.Context(), about(r).session, old, fresh)
	if err != nil {
		return s.again(w, r, err, s.passwordPage)
	}
	s.enter(w, r, signin.Entry{Session: next})
	leave(w, r, flash{Say: "Đã đổi mật khẩu. Các phiên đăng nhập khác đã kết thúc, mã truy cập của chương trình đã bị thu hồi."})
	http.Redirect(w, r, "/profile", http.StatusSeeOther)
	return nil
}
