package web

import (
	"net/http"

	"lienthong/internal/blob"
	"lienthong/internal/casefile"
	"lienthong/internal/fault"
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

// filesInput is the field for attachments. A browser never gives chosen files back, so a
// form that was refused says that they must be chosen again.
func (s *Server) filesInput(t typed) input {
	i := input{Kind: files, Input: ui.Input{Name: upload.Field, Label: "Tệp kèm theo", Type: "file", Multiple: true, Accept: s.Upload.Accept(),
		Hint: "Mỗi tệp tối đa " + upload.Size(s.Upload.MaxFile) + ". Ảnh chụp màn hình, công văn, biểu mẫu đều được."}}
	if len(t.refused) > 0 {
		i.Hint = "Trình duyệt không giữ được tệp đã chọn: anh/chị chọn lại tệp trước khi gửi."
	}
	return i
}
