package web

import (
	"errors"
	"net/http"
	"slices"

	"lienthong/internal/blob"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
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
	kept, err := s.keptFiles(r) // first: they outlive a new file that is refused
	if err != nil {
		return nil, err
	}
	list := r.MultipartForm.File[upload.Field]
	if s.Upload.MaxFiles > 0 && len(list) > s.Upload.MaxFiles {
		return nil, fault.Field(upload.Field, "Mỗi lần gửi nhận tối đa %d tệp; anh/chị gộp lại hoặc chia thành nhiều lần.", s.Upload.MaxFiles)
	}
	var total int64
	for _, d := range kept {
		total += d.Size
	}
	for _, h := range list {
		if h.Filename == "" && h.Size == 0 {
			continue // a browser sends the field that was left empty so
		}
		if total += h.Size; s.Upload.MaxTotal > 0 && total > s.Upload.MaxTotal {
			return nil, tooHeavy(s.Upload)
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
	return append(kept, all...), nil
}

// The limit in the words of the reader, with what to do about it.
func tooHeavy(rules upload.Rules) error {
	return &fault.Refusal{Kind: fault.TooLarge, Field: upload.Field,
		Say: "Các tệp kèm theo nặng quá " + upload.Size(rules.MaxTotal) + ". Anh/chị bớt tệp hoặc chia thành nhiều lần."}
}

// keptField carries the files of a form that was refused: their bytes are here already, a
// browser would not send them again. It holds ids of rows that wait for their officer
// alone, so that a restart loses none and every node knows them.
const keptField = "kept_file"

// keptFiles are those of an earlier try that the form still carries. One that waited too
// long is chosen again.
func (s *Server) keptFiles(r *http.Request) (all []casefile.Document, err error) {
	ids := r.PostForm[keptField]
	if s.Upload.MaxFiles > 0 && len(ids)+len(r.MultipartForm.File[upload.Field]) > s.Upload.MaxFiles {
		return nil, fault.Field(upload.Field, "Mỗi lần gửi nhận tối đa %d tệp; anh/chị gộp lại hoặc chia thành nhiều lần.", s.Upload.MaxFiles)
	}
	if len(ids) == 0 {
		return nil, nil
	}
	var total int64
	officer := about(r).session.Officer
	var found []upload.File
	err = s.DB.Update(r.Context(), func(tx *db.Tx) error {
		found = nil
		for _, id := range ids {
			f, err := upload.Kept(tx, officer, id)
			if err != nil {
				return err
			}
			found = append(found, f)
		}
		return nil
	})
	for _, f := range found {
		if err == nil { // wanted again, so that the clean-up of bytes that nobody names leaves it
			err = s.Blobs.Touch(blob.Hash(f.Hash))
		}
		total += f.Size
		all = append(all, documentOf(f, officer))
	}
	if err == nil && s.Upload.MaxTotal > 0 && total > s.Upload.MaxTotal {
		err = tooHeavy(s.Upload)
	}
	if errors.Is(err, fault.NotFound) {
		delete(r.PostForm, keptField)
		return nil, fault.Field(upload.Field, "Tệp đã gửi lần trước không còn giữ được. Anh/chị chọn lại tệp rồi gửi.")
	}
	if err != nil {
		return nil, err
	}
	for _, f := range found {
		about(r).keeps(f)
	}
	return all, nil
}

// A file as a case keeps it; its bytes are already in the store under their hash.
func documentOf(f upload.File, by org.OfficerID) casefile.Document {
	return casefile.Document{Name: f.Name, Size: f.Size, MediaType: f.MediaType, Hash: f.Hash, Scan: f.Scan, AddedBy: by}
}

// keeps notes a file that this request brought or named.
func (q *request) keeps(f upload.File) {
	q.kept = append(q.kept, f.ID)
	q.files = append(q.files, f)
}

// What a type detector needs of a file; the standard library has no name for the three together.
type seekable interface {
	Read(p []byte) (int, error)
	ReadAt(p []byte, off int64) (int, error)
	Seek(offset int64, whence int) (int64, error)
}

// keep looks at one file, takes room for it and stores its bytes. A scanner that is out of
// reach leaves the file waiting; one that finds something refuses it here and now.
func (s *Server) keep(r *http.Request, name string, size int64, in seekable) (d casefile.Document, err error) {
	f := upload.File{Name: upload.Name(name), Size: size}
	if f.MediaType, err = s.Upload.Check(name, in, size); err != nil {
		return d, err
	}
	var found string
	if f.Scan, found, err = s.Upload.Scan(r.Context(), in); err != nil {
		s.Log.Warn("virus scanner", "err", err)
	}
	if f.Scan == upload.Infected {
		return d, fault.Field(upload.Field, "Tệp “%s” có mã độc (%s) nên không nhận.", f.Name, found)
	}
	if _, err := in.Seek(0, 0); err != nil {
		return d, err
	}
	officer := about(r).session.Officer
	if err := s.DB.Update(r.Context(), func(tx *db.Tx) (err error) {
		f.ID, err = upload.Reserve(tx, officer, f.Name, f.MediaType, f.Size)
		return err
	}); err != nil {
		return d, err
	}
	h, stored, err := s.Blobs.Put(in, s.Upload.MaxFile)
	if err != nil {
		return d, err
	}
	f.Hash, f.Size = string(h), stored
	if err := s.DB.Update(r.Context(), func(tx *db.Tx) error { return upload.Fill(tx, f) }); err != nil {
		return d, err
	}
	about(r).keeps(f)
	return documentOf(f, officer), nil
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
	for _, f := range about(r).files {
		if slices.Contains(r.PostForm[keptField], f.ID) {
			kept.Options = append(kept.Options, ui.Option{Value: f.ID, Label: f.Name, Hint: upload.Size(f.Size)})
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
