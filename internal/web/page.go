package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/a-h/templ"
	"github.com/klauspost/compress/gzip"

	"lienthong/internal/db"
	"lienthong/internal/org"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// show answers a GET: fn reads what the page needs, sets its title and what else is its
// own, and returns the content.
func (s *Server) show(w http.ResponseWriter, r *http.Request, fn func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error)) error {
	var p ui.Page
	var body templ.Component
	err := s.view(r, func(tx *db.Tx, who org.Actor) (err error) {
		if p, err = s.around(tx, r, who); err != nil {
			return err
		}
		body, err = fn(tx, who, &p)
		return err
	})
	if err != nil {
		return err
	}
	s.take(w, r, &p)
	return s.render(w, r, ui.Layout(p, body))
}

// around is what every page of this officer carries.
func (s *Server) around(tx *db.Tx, r *http.Request, who org.Actor) (p ui.Page, err error) {
	p = ui.Page{Office: s.Office, Clock: clock(tx.Now), Key: newKey(tx), Live: "/live", Version: s.Version}
	if p.Nav, err = rail(tx, who); err != nil {
		return p, err
	}
	if at := here(p.Nav, r.URL.Path); at >= 0 {
		p.Nav[at].Current = true
	}
	if p.Who, err = whoOf(tx, who); err != nil {
		return p, err
	}
	p.Paper = ui.Paper{Over: s.Office, Unit: p.Who.Unit, At: "In lúc " + hour(tx.Now) + " ngày " + workday.Of(tx.Now).Long() + " bởi " + who.Name}
	return p, nil
}

// here is the list of the rail in which a page lies: the one whose address is the
// longest beginning of the page's own; -1 for a page of no list.
func here(nav []ui.NavItem, path string) int {
	best := -1
	for i, n := range nav {
		if n.Href != path && (n.Href == "/" || !strings.HasPrefix(path, n.Href+"/")) {
			continue
		}
		if best < 0 || len(n.Href) > len(nav[best].Href) {
			best = i
		}
	}
	return best
}

// newKey makes the idempotency key of a form. It need not be secret: a key belongs to
// the officer who sends it.
func newKey(tx *db.Tx) string { return tx.NewID() }

// whoOf says who is at the machine and in which posts they may act. Without a chosen
// post the first one is shown.
func whoOf(tx *db.Tx, who org.Actor) (*ui.Who, error) {
	sum := sha256.Sum256([]byte("keep " + who.Officer))
	w := &ui.Who{Key: hex.EncodeToString(sum[:8]), Name: who.Name}
	ids := make([]org.UnitID, 0, 2*len(who.Posts))
	for _, p := range who.Posts {
		ids = append(ids, p.Unit, p.Section)
	}
	names, err := org.UnitNames(tx, ids...)
	if err != nil {
		return nil, err
	}
	for _, p := range who.Posts {
		unit := names[p.Unit]
		if p.Section != "" {
			unit = names[p.Section] + ", " + unit
		}
		c := ui.PostChoice{ID: string(p.ID), Label: p.Title, Unit: unit, Current: p.ID == who.Post.ID}
		w.Posts = append(w.Posts, c)
		if w.Post == "" || c.Current {
			w.Post, w.Unit = c.Label, c.Unit
		}
	}
	return w, nil
}

// The hour of an instant in the office's time.
func hour(t time.Time) string { return t.In(workday.Office).Format("15:04") }

// clock is the office's now in words: "Thứ Ba 24/02/2026, 09:12".
func clock(t time.Time) string {
	d := workday.Of(t)
	name := d.WeekdayName()
	return strings.ToUpper(name[:1]) + name[1:] + " " + d.Long() + ", " + hour(t)
}

var (
	buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}
	packers = sync.Pool{New: func() any {
		w, err := gzip.NewWriterLevel(nil, gzip.BestSpeed)
		if err != nil {
			panic(err) // the level is a constant of the library
		}
		return w
	}}
)

// packFrom is the size in bytes from which a page is worth compressing.
const packFrom = 1400

// render draws a whole page first and sends it then, so that a fault while drawing is
// still a fault and not half a page.
func (s *Server) render(w http.ResponseWriter, r *http.Request, c templ.Component) error {
	buf := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buf)
	buf.Reset()
	if err := c.Render(r.Context(), buf); err != nil {
		return err
	}
	status := http.StatusOK
	if rw, ok := w.(*response); ok && rw.next != 0 {
		status = rw.next
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Add("Vary", "Accept-Encoding")
	if buf.Len() < packFrom || !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Length", strconv.Itoa(buf.Len()))
		w.WriteHeader(status)
		_, _ = w.Write(buf.Bytes()) // a browser that went away is not a fault of ours
		return nil
	}
	h.Set("Content-Encoding", "gzip")
	w.WriteHeader(status)
	z := packers.Get().(*gzip.Writer)
	defer packers.Put(z)
	z.Reset(w)
	_, _ = z.Write(buf.Bytes())
	_ = z.Close()
	return nil
}

// flash is what the next page says once, and which kept form the server now has.
type flash struct {
	Say  string `json:"s,omitempty"` // shown once on the next page
	Keep string `json:"k,omitempty"` // key of what the browser kept and may now drop
}

// leave keeps a flash for the page that follows.
func leave(w http.ResponseWriter, r *http.Request, f flash) {
	if f == (flash{}) {
		return
	}
	raw, err := json.Marshal(f)
	if err != nil || len(raw) > 2000 {
		return
	}
	give(w, r, flashCookie, base64.RawURLEncoding.EncodeToString(raw), time.Minute)
}

// take puts a kept flash on the page. A page that refreshes itself leaves it for the
// one that a person opens.
func (s *Server) take(w http.ResponseWriter, r *http.Request, p *ui.Page) {
	v := cookie(r, about(r).name(flashCookie))
	if v == "" || r.Header.Get("X-Live") != "" {
		return
	}
	give(w, r, flashCookie, "", -time.Second)
	raw, err := base64.RawURLEncoding.DecodeString(v)
	var f flash
	if err != nil || json.Unmarshal(raw, &f) != nil {
		return
	}
	p.Done = f.Keep
	if f.Say != "" && p.Flash == nil {
		p.Flash = &ui.Flash{Tone: ui.Done, Text: f.Say}
	}
}
