package web

import (
	"net/http"
	"strings"
	"time"

	"github.com/a-h/templ"

	"lienthong/internal/db"
	"lienthong/internal/exchange/ics"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/programme"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// feedEvery is how often a phone should ask for its calendar again.
const feedEvery = time.Hour

// feedsPage lists the addresses of the officer's own calendar.
func (s *Server) feedsPage(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error) {
		p.Title = "Lịch trên điện thoại, máy tính"
		all, err := programme.Feeds(tx, who)
		if err != nil {
			return nil, err
		}
		v := feedsView{Head: ui.Head{Crumbs: []ui.Link{programmeCrumb}, Title: p.Title, Sub: "Địa chỉ để ứng dụng lịch tự lấy việc của anh/chị"}, Key: p.Key}
		k := keptOf(r)
		v.Form = k.form(ui.Form{Action: "/programme/feeds", Key: p.Key, Send: "Tạo địa chỉ lịch"})
		v.Fields = k.with([]input{{Kind: line, Input: ui.Input{Name: "label", Label: "Dùng ở đâu", Hint: "Như “Điện thoại”, để biết khi thu hồi.", Required: true, Max: 100}}})
		for _, f := range all {
			v.Feeds = append(v.Feeds, feedRow{ID: f.ID, Label: f.Label, Made: moment(f.MadeAt), Over: !f.RevokedAt.IsZero()})
		}
		return feedsSheet(v), nil
	})
}

// feedsView is the page of one's calendar addresses.
type feedsView struct {
	Head   ui.Head
	Key    string
	Form   ui.Form
	Fields []input
	Feeds  []feedRow
}

type feedRow struct {
	ID, Label, Made string
	Over            bool
}

// makeFeed makes an address and says it once: it is kept nowhere.
func (s *Server) makeFeed(w http.ResponseWriter, r *http.Request) error {
	err := s.update(w, r, func(tx *db.Tx, who org.Actor) (d done, err error) {
		token, _, err := programme.MakeFeed(tx, who, r.PostForm.Get("label"))
		if err != nil {
			return d, err
		}
		return done{To: "/programme/feeds", Say: "Địa chỉ lịch, chỉ hiện lần này, hãy chép ngay vào ứng dụng lịch: " + feedOrigin(r) + "/lich/" + token + ".ics"}, nil
	})
	if err != nil {
		return s.again(w, r, err, s.feedsPage)
	}
	return nil
}

// feedOrigin is the address under which this request reached the program.
func feedOrigin(r *http.Request) string {
	if about(r).secure {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

func (s *Server) revokeFeed(w http.ResponseWriter, r *http.Request) error {
	return s.update(w, r, func(tx *db.Tx, who org.Actor) (done, error) {
		return done{To: "/programme/feeds", Say: "Đã thu hồi địa chỉ lịch."}, programme.RevokeFeed(tx, who, r.PathValue("feed"))
	})
}

// calendarFile gives a calendar to whoever has its address: what its officer may see now,
// and nothing to one that is unknown or revoked. A program that has it already gets 304.
func (s *Server) calendarFile(w http.ResponseWriter, r *http.Request) error {
	token, ok := strings.CutSuffix(r.PathValue("file"), ".ics")
	if !ok {
		return fault.NotFound
	}
	var body []byte
	err := s.DB.View(r.Context(), func(tx *db.Tx) error {
		who, all, err := programme.ReadFeed(tx, token)
		if err != nil {
			return err
		}
		c := ics.Calendar{Name: "Liên thông: " + who.Name, Maker: "Lien thong", Every: feedEvery}
		n := newNames(tx)
		for _, l := range all {
			if e, ok := feedEvent(l, n, feedOrigin(r)); ok {
				c.Events = append(c.Events, e)
			}
		}
		body = c.Bytes()
		return nil
	})
	if err != nil {
		return err
	}
	tag := ics.Tag(body)
	h := w.Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", "private, no-cache")
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Type", ics.Type)
	h.Set("Content-Disposition", `inline; filename="lich.ics"`)
	_, _ = w.Write(body) // a program that went away is not a fault of ours
	return nil
}

// feedEvent is an item as a phone shows it. What has only a quarter or a year is no entry of a
// day and is left out; a week's or month's does not block the time.
func feedEvent(l programme.Listed, n *names, base string) (e ics.Event, ok bool) {
	if l.Place.Grain == programme.Year || l.Place.Grain == programme.Quarter {
		return e, false
	}
	e = ics.Event{ID: string(l.ID) + "@lienthong", Title: l.Title, Venue: l.Venue, URL: base + workPath(l.ID), AllDay: true,
		From: l.Place.From.Midnight(), Until: l.Place.Until.AddDays(1).Midnight(), Free: l.Place.Grain != programme.Day,
		Cancelled: l.State == programme.Dropped, Sequence: l.Version, ChangedAt: l.ChangedAt,
		Text: "Chủ trì: " + n.unit(l.Lead)}
	if len(l.With) > 0 {
		e.Text += "\nPhối hợp: " + n.units(l.With)
	}
	e.Text += "\nMã theo dõi " + l.Code
	if l.FromHour == "" {
		return e, true
	}
	from, err := workday.ParseClock(l.FromHour)
	if err != nil {
		return e, true
	}
	e.AllDay, e.From, e.Until = false, l.Place.From.At(from), time.Time{}
	if until, err := workday.ParseClock(l.UntilHour); err == nil {
		e.Until = l.Place.Until.At(until)
	}
	return e, true
}
