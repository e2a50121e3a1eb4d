package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"lienthong/internal/blob"
	"lienthong/internal/casefile"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/signoff"
	"lienthong/internal/upload"
	"lienthong/internal/web/ui"
)

// attached takes the files of a form before the transaction begins: each is looked at,
// kept under its hash and shown to the scanner. What no row refers to afterwards is
// swept with the other bytes that nothing holds.
func (s *Server) attached(r *http.Request) (all []casefile.Document, err error) {
	if r.MultipartForm == nil {
		return nil, nil
	}
	list := r.MultipartForm.File[upload.Field]
	if s.Upload.MaxFiles > 0 && len(list) > s.Upload.MaxFiles {
		return nil, fault.Field(upload.Field, "Mỗi lần gửi nhận tối đa %d tệp; anh/chị gộp lại hoặc chia thành nhiều lần.", s.Upload.MaxFiles)
	}
	var total int64
	for _, h := range list {
		if h.Filename == "" && h.Size == 0 {
			continue // a browser sends the field that was left empty so
		}
		if total += h.Size; s.Upload.MaxTotal > 0 && total > s.Upload.MaxTotal {
			return nil, &fault.Refusal{Kind: fault.TooLarge, Field: upload.Field,
				Say: "Các tệp kèm theo nặng quá " + upload.Size(s.Upload.MaxTotal) + ". Anh/chị bớt tệp hoặc chia thành nhiều lần."}
		}
		f, err := h.Open()
		if err != nil {
			return nil, err
		}
		d, err := s.keep(r, h.Filename, h.Size, f)
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
		if err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	kept, err := s.keptFiles(r)
	if err != nil {
		return nil, err
	}
	all = append(kept, all...)
	about(r).kept = make([]string, len(all))
	for i, d := range all {
		about(r).kept[i] = s.token(d)
	}
	return all, nil
}

// keptField carries the files of a form that was refused: their bytes are here already, a
// browser would not send them again.
const keptField = "kept_file"

// A keptFile is a file whose bytes came with a form that was refused.
type keptFile struct {
	By   org.OfficerID `json:"o"`
	Name string        `json:"n"`
	Size int64         `json:"s"`
	Type string        `json:"t"`
	Hash string        `json:"h"`
	Scan string        `json:"c"`
}

// token names a kept file under the server's own key: who learned the hash of somebody
// else's file must not be able to attach it.
func (s *Server) token(d casefile.Document) string {
	raw, err := json.Marshal(keptFile{d.AddedBy, d.Name, d.Size, d.MediaType, d.Hash, d.Scan})
	if err != nil {
		return ""
	}
	body := base64.RawURLEncoding.EncodeToString(raw)
	return body + "." + base64.RawURLEncoding.EncodeToString(s.sum(body))
}

func (s *Server) sum(body string) []byte {
	m := hmac.New(sha256.New, s.keepKey)
	m.Write([]byte(body))
	return m.Sum(nil)
}

// fileOfToken reads a token back for the officer to whom it was given.
func (s *Server) fileOfToken(token string, by org.OfficerID) (f keptFile, ok bool) {
	body, sum, _ := strings.Cut(token, ".")
	given, err := base64.RawURLEncoding.DecodeString(sum)
	if err != nil || !hmac.Equal(given, s.sum(body)) {
		return f, false
	}
	raw, err := base64.RawURLEncoding.DecodeString(body)
	return f, err == nil && json.Unmarshal(raw, &f) == nil && f.By == by
}

// keptFiles are those of an earlier try that the form still carries. One that this server
// does not know any more, after a restart or a day, is chosen again.
func (s *Server) keptFiles(r *http.Request) (all []casefile.Document, err error) {
	tokens := r.PostForm[keptField]
	if s.Upload.MaxFiles > 0 && len(tokens)+len(r.MultipartForm.File[upload.Field]) > s.Upload.MaxFiles {
		return nil, fault.Field(upload.Field, "Mỗi lần gửi nhận tối đa %d tệp; anh/chị gộp lại hoặc chia thành nhiều lần.", s.Upload.MaxFiles)
	}
	for _, token := range tokens {
		k, ok := s.fileOfToken(token, about(r).session.Officer)
		if ok { // wanted again, so that the clean-up of bytes that nobody names leaves it
			ok = s.Blobs.Touch(blob.Hash(k.Hash)) == nil
		}
		if !ok {
			delete(r.PostForm, keptField)
			return nil, fault.Field(upload.Field, "Tệp đã gửi lần trước không còn giữ được. Anh/chị chọn lại tệp rồi gửi.")
		}
		all = append(all, casefile.Document{Name: k.Name, Size: k.Size, MediaType: k.Type, Hash: k.Hash, Scan: k.Scan, AddedBy: k.By})
	}
	return all, nil
}

type seekable interface {
	Read(p []byte) (int, error)
	ReadAt(p []byte, off int64) (int, error)
	Seek(offset int64, whence int) (int64, error)
}

// keep looks at one file and stores its bytes. A scanner that is out of reach leaves the
// file waiting; one that finds something refuses it here and now.
func (s *Server) keep(r *http.Request, name string, size int64, f seekable) (d casefile.Document, err error) {
	d = casefile.Document{Name: upload.Name(name), Size: size, AddedBy: about(r).session.Officer}
	if d.MediaType, err = s.Upload.Check(name, f, size); err != nil {
		return d, err
	}
	state, found, err := s.Upload.Scan(r.Context(), f)
	if err != nil {
		s.Log.Warn("virus scanner", "err", err)
	}
	if state == upload.Infected {
		return d, fault.Field(upload.Field, "Tệp “%s” có mã độc (%s) nên không nhận.", d.Name, found)
	}
	d.Scan = state
	if _, err := f.Seek(0, 0); err != nil {
		return d, err
	}
	var h blob.Hash
	h, d.Size, err = s.Blobs.Put(f, s.Upload.MaxFile)
	d.Hash = string(h)
	return d, err
}

// filesInputs are the field for attachments and, in a form that was refused, the files
// that came with it: they need not be chosen again.
func (s *Server) filesInputs(r *http.Request, t typed) []input {
	i := input{Kind: files, Input: ui.Input{Name: upload.Field, Label: "Tệp kèm theo", Type: "file", Multiple: true, Accept: s.Upload.Accept(),
		Hint: "Mỗi tệp tối đa " + upload.Size(s.Upload.MaxFile) + ". Ảnh chụp màn hình, công văn, biểu mẫu đều được."}}
	if len(t.refused) == 0 {
		return []input{i}
	}
	kept := input{Kind: checks, Input: ui.Input{Name: keptField, Label: "Tệp đã nhận, gửi kèm lần này", Hint: "Không cần chọn lại; bỏ dấu để không gửi tệp ấy."}}
	for _, token := range r.PostForm[keptField] {
		if f, ok := s.fileOfToken(token, about(r).session.Officer); ok {
			kept.Options = append(kept.Options, ui.Option{Value: token, Label: f.Name, Hint: upload.Size(f.Size)})
		}
	}
	if len(kept.Options) == 0 {
		i.Hint = "Trình duyệt không giữ được tệp đã chọn: anh/chị chọn lại tệp trước khi gửi."
		return []input{i}
	}
	i.Label = "Thêm tệp"
	return []input{kept, i}
}

// A draft's files stand in its form as boxes that are ticked: who takes the tick out takes
// the file off. The form says which it showed, so that nothing else is taken off.
const (
	heldField  = "held_file"
	shownField = "shown_file"
)

// heldFiles are the files that hang on a draft already.
func heldFiles(x *reading, p *signoff.Paper, t typed) ([]input, error) {
	docs, err := casefile.Documents(x.tx, x.who, p.Case)
	if err != nil {
		return nil, err
	}
	held := input{Kind: checks, Input: ui.Input{Name: heldField, Label: "Tệp đang kèm theo dự thảo",
		Hint: "Bỏ dấu ở tệp không gửi nữa. Muốn thay tệp: bỏ dấu tệp cũ rồi chọn tệp mới ở dưới."}}
	shown := input{Kind: unseen, Input: ui.Input{Name: shownField}}
	for _, d := range docs {
		if d.PaperID != string(p.ID) || d.EventN != 0 || d.Sealed {
			continue
		}
		on := len(t.refused) == 0 || slices.Contains(t.values[heldField], d.ID)
		held.Options = append(held.Options, ui.Option{Value: d.ID, Label: d.Name, Hint: upload.Size(d.Size), Chosen: on})
		shown.Options = append(shown.Options, ui.Option{Value: d.ID})
	}
	if len(held.Options) == 0 {
		return nil, nil
	}
	return []input{held, shown}, nil
}

// droppedFiles are the files that the form showed and whose tick was taken out.
func droppedFiles(r *http.Request) (ids []string) {
	for _, id := range r.PostForm[shownField] {
		if !slices.Contains(r.PostForm[heldField], id) {
			ids = append(ids, id)
		}
	}
	return ids
}
