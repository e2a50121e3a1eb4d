package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"lienthong/internal/blob"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/upload"
	"lienthong/internal/vntext"
)

// document hands out one file, always to be saved and never to be shown inside our own
// pages. The row says who may have it; a file whose paper is not released yet stays
// inside the unit that wrote it.
func (s *Server) document(w http.ResponseWriter, r *http.Request) error {
	var d casefile.Document
	err := s.view(r, func(tx *db.Tx, who org.Actor) (err error) {
		if d, err = casefile.GetDocument(tx, who, r.PathValue("document")); err != nil {
			return err
		}
		return mayHave(tx, who, d)
	})
	if err != nil {
		return err
	}
	f, err := s.Blobs.Open(blob.Hash(d.Hash))
	if err != nil {
		return err
	}
	defer f.Close()
	h := w.Header()
	h.Set("Content-Type", d.MediaType)
	h.Set("Content-Disposition", attachment(d.Name))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cache-Control", "private, no-store")
	http.ServeContent(w, r, "", d.AddedAt, f)
	return nil
}

// Whether a file may leave: sealed ones do not exist, infected ones never, unscanned ones not yet, and a
// draft's only to its author.
func mayHave(tx *db.Tx, who org.Actor, d casefile.Document) error {
	switch {
	case d.Sealed:
		return fault.NotFound
	case d.Scan == upload.Infected:
		return fault.Refuse(fault.Denied, "Tệp này có mã độc nên không tải về được.")
	case d.Scan == upload.Waiting:
		return fault.Refuse(fault.Denied, "Tệp này đang chờ quét mã độc. Anh/chị thử lại sau ít phút.")
	case d.EventN != 0 || d.AddedBy == who.Officer:
		return nil
	}
	by, err := org.ActorOf(tx, d.AddedBy)
	if errors.Is(err, fault.Denied) { // left the office: his unit is not known any more
		return fault.NotFound
	}
	if err != nil {
		return err
	}
	for _, p := range by.Posts {
		if who.In(p.Unit) {
			return nil
		}
	}
	return fault.NotFound
}

// attachment writes the header that makes a browser save a file under its Vietnamese
// name (RFC 6266, RFC 5987), with a plain name for old programs.
func attachment(name string) string {
	name = upload.Name(name)
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || strings.ContainsRune(`"\%;`, r) {
			return '_'
		}
		return r
	}, plainName(name))
	return `attachment; filename="` + plain + `"; filename*=UTF-8''` + strings.ReplaceAll(url.PathEscape(name), "'", "%27")
}

// plainName takes the marks off and leaves the rest of a name as it is.
func plainName(name string) string {
	var b strings.Builder
	for _, r := range name {
		if r < 128 {
			b.WriteRune(r)
		} else {
			b.WriteString(vntext.Fold(string(r)))
		}
	}
	return b.String()
}
