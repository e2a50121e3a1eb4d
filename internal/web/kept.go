package web

import (
	"bytes"
	"hash/crc32"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/klauspost/compress/flate"

	"lienthong/internal/db"
	"lienthong/internal/org"
	"lienthong/internal/signin"
	"lienthong/internal/web/ui"
)

// Pages that officers open over and over are not drawn anew while nothing has been committed
// in the store: db.Tx.Same says so, the officer's own rights included. Only the key of
// a page's forms is new each time, because two forms under one key would be one act. So a
// page is kept as what stands between its keys, packed piece by piece, and each answer is
// put together around a key of its own.

// A drawn page is kept in parts; one key stands between each two.
type drawn struct {
	plain  [][]byte
	packed [][]byte // each part as a run of deflate that ends on a byte; nil where nobody asked for it
	length int      // bytes of the plain page with its keys
}

// showKept is show for a page that rests on nothing but the store, the second, the session
// and the address.
func (s *Server) showKept(w http.ResponseWriter, r *http.Request, fn func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error)) error {
	q := about(r)
	if cookie(r, q.name(flashCookie)) != "" { // what is said once is on one page only
		return s.show(w, r, fn)
	}
	zip := strings.Contains(r.Header.Get("Accept-Encoding"), "gzip")
	name := "page|" + q.session.ID + "|" + string(q.session.Post) + "|" + strconv.FormatBool(zip) + "|" + r.URL.Path + "?" + r.Form.Encode()
	var page *drawn
	var key string
	err := s.DB.View(r.Context(), func(tx *db.Tx) error {
		key = newKey(tx)
		v, err := tx.Same(name, func() (any, int, error) {
			page, err := s.draw(tx, r, fn, zip)
			return page, page.weight(), err
		})
		if err == nil {
			page = v.(*drawn)
		}
		return err
	})
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Add("Vary", "Accept-Encoding")
	body := page.with(key)
	if page.packed != nil {
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // a browser that went away is not a fault of ours
	return nil
}

// draw makes the page in the view that reads it, with the rights of this moment.
func (s *Server) draw(tx *db.Tx, r *http.Request, fn func(tx *db.Tx, who org.Actor, p *ui.Page) (templ.Component, error), zip bool) (*drawn, error) {
	who, err := signin.Actor(tx, about(r).session)
	if err != nil {
		return nil, err
	}
	p, err := s.around(tx, r, who)
	if err != nil {
		return nil, err
	}
	body, err := fn(tx, who, &p)
	if err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	if err := ui.Layout(p, body).Render(r.Context(), &buf); err != nil {
		return nil, err
	}
	return cut(buf.Bytes(), p.Key, zip && buf.Len() >= packFrom)
}

// cut takes a page apart at its key.
func cut(page []byte, key string, zip bool) (*drawn, error) {
	d := &drawn{plain: bytes.Split(page, []byte(key)), length: len(page)}
	if !zip {
		return d, nil
	}
	for _, part := range d.plain {
		var b bytes.Buffer
		// each part alone: one that pointed back over a key would bring back the old one
		z, err := flate.NewWriter(&b, flate.BestSpeed)
		if err == nil {
			_, err = z.Write(part)
		}
		if err == nil {
			err = z.Flush()
		}
		if err != nil {
			return nil, err
		}
		d.packed = append(d.packed, b.Bytes())
	}
	return d, nil
}

// weight is how many bytes are kept.
func (d *drawn) weight() (n int) {
	if d == nil {
		return 0
	}
	for _, parts := range [2][][]byte{d.plain, d.packed} {
		for _, p := range parts {
			n += len(p)
		}
	}
	return n
}

// gzipHead begins a packed page: deflate, no name, no time, system unknown.
var gzipHead = []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff}

// with puts the page together around a key, which must be as long as the one it was drawn
// with.
func (d *drawn) with(key string) []byte {
	k := []byte(key)
	if d.packed == nil {
		return bytes.Join(d.plain, k)
	}
	n := byte(len(k))
	stored := append([]byte{0, n, 0, ^n, 0xff}, k...) // a run of bytes as they are, not the last
	out := make([]byte, 0, d.length/4)
	out = append(out, gzipHead...)
	sum, size := uint32(0), 0
	for i := range d.plain {
		if i > 0 {
			out = append(out, stored...)
			sum = crc32.Update(sum, crc32.IEEETable, k)
			size += len(k)
		}
		out = append(out, d.packed[i]...)
		sum = crc32.Update(sum, crc32.IEEETable, d.plain[i])
		size += len(d.plain[i])
	}
	out = append(out, 1, 0, 0, 0xff, 0xff) // the last run, empty
	return append(out, byte(sum), byte(sum>>8), byte(sum>>16), byte(sum>>24), byte(size), byte(size>>8), byte(size>>16), byte(size>>24))
}
