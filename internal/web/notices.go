package web

import (
	"net/http"
	"strconv"

	"lienthong/internal/bank"

	"github.com/a-h/templ"

	"lienthong/internal/campaign"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/direct"
	"lienthong/internal/exchange"
	"lienthong/internal/group"
	"lienthong/internal/incident"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/programme"
	"lienthong/internal/signin"
	"lienthong/internal/signoff"
	"lienthong/internal/web/ui"
)

// mostNotices bounds one page of notices; a badge says "99+".
const mostNotices = 100

type noticesView struct {
	Head  ui.Head
	Key   string
	Notes []noticeRow
}

type noticeRow struct{ ID, Href, Say, About, When string }

// noticeWords is the sentence of a kind of notice.
func noticeWords(kind string) string {
	for _, words := range []map[string]string{petition.Notices, programme.Notices, group.Notices, incident.Notices, bank.Notices, campaign.Notices, direct.Notices, signoff.Notices, exchange.Notices} {
		if say, ok := words[kind]; ok {
			return say
		}
	}
	return "Có diễn biến mới"
}

// notices lists what was told to this officer and not read yet.
func (s *Server) notices(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		p.Title = "Thông báo"
		all, err := notice.Unread(tx, who, mostNotices)
		if err != nil {
			return nil, err
		}
		v := noticesView{Key: p.Key, Head: ui.Head{Crumbs: []ui.Link{{Label: "Việc của tôi", Href: "/"}}, Title: p.Title,
			Tools: []ui.Button{{Label: "Đã xem", Href: "/notices/seen"}, {Label: "Cách nhận", Href: "/profile/channels"}},
			Sub:   "Thông báo chỉ để biết; việc phải làm nằm ở Việc của tôi."}}
		for _, n := range all {
			v.Notes = append(v.Notes, noticeRow{ID: n.ID, Href: "/cases/" + string(n.Case), Say: noticeWords(n.Kind),
				About: "mã " + n.Code + " · " + n.Title, When: when(n.At, tx.Now)})
		}
		return noticesPage(v), nil
	})
}

// readNotice marks one as read.
func (s *Server) readNotice(w http.ResponseWriter, r *http.Request) error {
	return s.update(w, r, func(tx *db.Tx, who org.Actor) (done, error) {
		return done{To: "/notices"}, notice.Read(tx, who, r.PathValue("notice"))
	})
}

// seen marks what this officer was told about a case as read: he opens it. A page that
// refreshes itself has nobody in front of it for certain. What fails here is only a
// badge: the page is shown all the same.
func (s *Server) seen(r *http.Request, id casefile.ID) {
	if r.Method != http.MethodGet || r.Header.Get("X-Live") != "" {
		return
	}
	waits := false
	err := s.view(r, func(tx *db.Tx, who org.Actor) (err error) {
		waits, err = notice.OfCase(tx, who, id)
		return err
	})
	if err == nil && waits {
		session := about(r).session
		err = s.DB.Update(r.Context(), func(tx *db.Tx) error {
			who, err := signin.Actor(tx, session)
			if err != nil {
				return err
			}
			return notice.ReadCase(tx, who, id)
		})
	}
	if err != nil {
		s.Log.Warn("notices of a case", "err", err)
	}
}

// counted says how many notices wait.
func counted(n int) string {
	if n >= mostNotices {
		return "99+ thông báo mới"
	}
	return strconv.Itoa(n) + " thông báo mới"
}
