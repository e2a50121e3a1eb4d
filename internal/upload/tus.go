package upload

import (
	"encoding/base64"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
)

// The protocol of pieces is tus 1.0.0 with creation, expiration and termination: programs
// have clients for it, and its four requests are all that a poor line needs.
const (
	tusVersion    = "1.0.0"
	tusExtensions = "creation,expiration,termination"
	tusMedia      = "application/offset+octet-stream"
	// CompleteHeader says "?1" once the file is whole and may be named by an act: its last
	// byte may be here while it is still looked at.
	CompleteHeader = "Upload-Complete"
)

// ErrProtocol is a request that speaks no tus 1.0.0 (status 412).
var ErrProtocol = errors.New("not tus " + tusVersion)

// Serve answers one request of the protocol for an officer. base is the address of the
// collection ("/uploads"), id the file's or "". The face turns the error into an answer;
// headers that go with it are set.
func (v Receiver) Serve(w http.ResponseWriter, r *http.Request, officer org.OfficerID, base, id string) error {
	h := w.Header()
	h.Set("Tus-Resumable", tusVersion)
	h.Set("Cache-Control", "no-store")
	if r.Method == http.MethodOptions {
		return v.options(w, r)
	}
	if got := r.Header.Get("Tus-Resumable"); got != tusVersion {
		h.Set("Tus-Version", tusVersion)
		return errors.Join(ErrProtocol, fault.Refuse(fault.Invalid, "Máy gửi cần nói giao thức tus %s: đầu mục Tus-Resumable.", tusVersion))
	}
	switch {
	case r.Method == http.MethodPost && id == "":
		return v.create(w, r, officer, base)
	case r.Method == http.MethodHead && id != "":
		p, err := v.progress(r.Context(), officer, id)
		if err == nil {
			tell(h, p)
			h.Set("Upload-Length", strconv.FormatInt(p.Size, 10))
			w.WriteHeader(http.StatusOK)
		}
		return err
	case r.Method == http.MethodPatch && id != "":
		return v.patch(w, r, officer, id)
	case r.Method == http.MethodDelete && id != "":
		err := v.Drop(r.Context(), officer, id)
		if err == nil {
			w.WriteHeader(http.StatusNoContent)
		}
		return err
	}
	return fault.NotFound
}

// What tus asks first: the limits, from the settings of now.
func (v Receiver) options(w http.ResponseWriter, r *http.Request) error {
	var rules Rules
	err := v.DB.View(r.Context(), func(tx *db.Tx) (err error) {
		rules, err = Load(tx)
		return err
	})
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Tus-Version", tusVersion)
	h.Set("Tus-Extension", tusExtensions)
	h.Set("Tus-Max-Size", strconv.FormatInt(rules.MaxFile, 10))
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// tell sets how far a file is.
func tell(h http.Header, p Pending) {
	h.Set("Upload-Offset", strconv.FormatInt(p.Received, 10))
	h.Set("Upload-Expires", p.Until.UTC().Format(http.TimeFormat))
	h.Set(CompleteHeader, "?0")
	if p.Whole {
		h.Set(CompleteHeader, "?1")
	}
}

// Begins a file: its length is said beforehand, so that one too large is refused before a byte is sent.
func (v Receiver) create(w http.ResponseWriter, r *http.Request, officer org.OfficerID, base string) error {
	size, err := strconv.ParseInt(r.Header.Get("Upload-Length"), 10, 64)
	if err != nil {
		return refuse("Thiếu độ dài của tệp: đầu mục Upload-Length.")
	}
	about, err := metadata(r.Header.Get("Upload-Metadata"))
	if err != nil {
		return err
	}
	in := Start{Name: about["filename"], Size: size, Item: about["item"], Hash: about["sha256"]}
	if in.Item == "" {
		in.Item = r.Header.Get("Idempotency-Key")
	}
	var p Pending
	err = v.DB.Update(r.Context(), func(tx *db.Tx) (err error) {
		p, err = Begin(tx, officer, in)
		return err
	})
	if err != nil {
		return err
	}
	w.Header().Set("Location", base+"/"+p.ID)
	tell(w.Header(), p)
	w.WriteHeader(http.StatusCreated)
	return nil
}

// metadata reads "filename dGVw,item YWJj": a key and its value in base64.
func metadata(raw string) (map[string]string, error) {
	all := map[string]string{}
	for _, pair := range strings.Split(raw, ",") {
		key, value, _ := strings.Cut(strings.TrimSpace(pair), " ")
		text, err := base64.StdEncoding.DecodeString(value)
		if err != nil || !db.Storable(string(text)) {
			return nil, refuse("Đầu mục Upload-Metadata không đúng: mỗi mục gồm tên, dấu cách, giá trị dạng base64.")
		}
		all[key] = string(text)
	}
	return all, nil
}

// Takes a piece at its place. A place other than where the file stands is a conflict, and the client asks
// where to go on.
func (v Receiver) patch(w http.ResponseWriter, r *http.Request, officer org.OfficerID, id string) error {
	if r.Header.Get("Content-Type") != tusMedia {
		return refuse("Mẩu tệp gửi theo kiểu %s.", tusMedia)
	}
	start, err := strconv.ParseInt(r.Header.Get("Upload-Offset"), 10, 64)
	if err != nil || start < 0 {
		return refuse("Thiếu nơi bắt đầu của mẩu: đầu mục Upload-Offset.")
	}
	p, err := v.Append(r.Context(), officer, id, start, r.Body)
	var off *Off
	if errors.As(err, &off) {
		w.Header().Set("Upload-Offset", strconv.FormatInt(off.Received, 10))
	}
	if err != nil {
		return err
	}
	tell(w.Header(), p)
	w.WriteHeader(http.StatusNoContent)
	return nil
}
