package web

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/signin"
	"lienthong/internal/upload"
)

// The cookies. Over TLS they carry the prefix that ties them to this host alone.
const (
	sessionCookie = "lt"
	deviceCookie  = "ltd"
	flashCookie   = "ltf"
)

// name is the cookie's name on this connection.
func (q *request) name(base string) string {
	if q.secure {
		return "__Host-" + base
	}
	return base
}

// An absent cookie is "", as an empty one.
func cookie(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}

// give sets a cookie that no script reads and no other site sends; a life of 0 lasts
// until the browser is closed, a negative one removes it.
func give(w http.ResponseWriter, r *http.Request, base, value string, life time.Duration) {
	q := about(r)
	http.SetCookie(w, &http.Cookie{Name: q.name(base), Value: value, Path: "/", MaxAge: int(life.Seconds()),
		HttpOnly: true, Secure: q.secure, SameSite: http.SameSiteLaxMode})
}

// view reads in one snapshot, as the officer who asks with the rights of this moment.
func (s *Server) view(r *http.Request, fn func(tx *db.Tx, who org.Actor) error) error {
	return s.DB.View(r.Context(), func(tx *db.Tx) error {
		who, err := signin.Actor(tx, about(r).session)
		if err != nil {
			return err
		}
		return fn(tx, who)
	})
}

// done is what an operation that succeeded leads to.
type done struct {
	To      string // where the browser goes
	Version int64  // of what was changed; 0 where there is none
	Say     string // what the next page says once; "" nothing
}

// update runs one operation in one transaction, as the officer who asks, and answers
// 303. The form's key is stored in the same transaction: the same form sent twice is
// done once and leads to the same place; the same key with another content is a
// fault.Reused; of two at once the second waits. fn may run more than once.
func (s *Server) update(w http.ResponseWriter, r *http.Request, fn func(tx *db.Tx, who org.Actor) (done, error)) error {
	q := about(r)
	key := r.PostForm.Get("key")
	if len(key) < 16 || len(key) > 100 {
		return fault.Refuse(fault.Invalid, "Biểu mẫu thiếu khóa chống gửi trùng. Anh/chị tải lại trang rồi gửi lại.")
	}
	body, err := bodyHash(r)
	if err != nil {
		return err
	}
	if reformed(r) {
		return errReform
	}
	var d done
	officer := string(q.session.Officer)
	err = s.DB.Update(r.Context(), func(tx *db.Tx) error {
		d = done{}
		seen, err := tx.Once(key, officer, r.URL.Path, body)
		if err != nil {
			return err
		}
		// whether now or the first time: the act has the files that came with the form
		if err := upload.Used(tx, q.session.Officer, q.kept); err != nil {
			return err
		}
		if seen != nil {
			d = done{To: seen.Location, Version: seen.Version, Say: "Nội dung này đã được nhận từ lần gửi trước."}
			return nil
		}
		who, err := signin.Actor(tx, q.session)
		if err != nil {
			return err
		}
		if d, err = fn(tx, who); err != nil {
			return err
		}
		return tx.Answered(key, officer, db.Receipt{Status: http.StatusSeeOther, Location: d.To, Version: d.Version})
	})
	if err != nil {
		return err
	}
	leave(w, r, flash{Say: d.Say, Keep: r.PostForm.Get("keep")})
	if r.Header.Get(queueHeader) != "" { // lines.js goes there itself, so that what is said once is seen
		w.Header().Set("Location", d.To)
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	http.Redirect(w, r, d.To, http.StatusSeeOther)
	return nil
}

// queueHeader marks a form that a browser's queue sends: the answer is 204 with the place.
const queueHeader = "X-Queue"

// bodyHash is the same for the same fields and files, in whatever order and form they
// were sent; the key itself is no part of it.
func bodyHash(r *http.Request) (string, error) {
	h := sha256.New()
	put := func(part string) { fmt.Fprintf(h, "%d:%s", len(part), part) }
	for _, name := range sortedNames(r.PostForm) {
		if name == "key" {
			continue
		}
		put(name)
		for _, v := range r.PostForm[name] {
			put(v)
		}
	}
	if r.MultipartForm != nil {
		for _, name := range sortedNames(r.MultipartForm.File) {
			for _, f := range r.MultipartForm.File[name] {
				put(name)
				put(f.Filename)
				in, err := f.Open()
				if err != nil {
					return "", err
				}
				_, err = io.Copy(h, in)
				in.Close()
				if err != nil {
					return "", err
				}
			}
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Names in order, so that the same form always looks the same.
func sortedNames[V any](m map[string][]V) []string {
	names := make([]string, 0, len(m))
	for n := range m {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// local returns the address if it leads to a page of ours, else "/": what comes back
// from a form must not send an officer to another site.
func local(to string) string {
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n\t\x00") {
		return "/"
	}
	return to
}
