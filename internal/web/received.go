package web

import (
	"fmt"
	"log/slog"
	"mime/multipart"
	"net/http"

	"lienthong/internal/casefile"
	"lienthong/internal/fault"
	"lienthong/internal/upload"
)

// received looks at the files of a form, keeps their bytes and returns a row for each,
// for casefile.Attach inside the update that follows. It works before the transaction:
// looking and writing bytes takes longer than the store's writer may be held. Bytes of a
// form that is refused afterwards have no row, and are swept.
func (s *Server) received(r *http.Request) (all []casefile.Document, err error) {
	if r.MultipartForm == nil {
		return nil, nil
	}
	heads := r.MultipartForm.File[upload.Field]
	if len(heads) > s.Upload.MaxFiles {
		return nil, fault.Field(upload.Field, "Gửi kèm nhiều nhất %d tệp một lần (đang có %d).", s.Upload.MaxFiles, len(heads))
	}
	var total int64
	for _, h := range heads {
		if total += h.Size; total > s.Upload.MaxTotal {
			return nil, &fault.Refusal{Kind: fault.TooLarge, Field: upload.Field,
				Say: fmt.Sprintf("Các tệp kèm theo nặng quá %s. Anh/chị bớt tệp hoặc chia thành nhiều lần.", upload.Size(s.Upload.MaxTotal))}
		}
	}
	for _, h := range heads {
		if h.Size == 0 && h.Filename == "" {
			continue // the field was left empty
		}
		d, err := s.keep(r, h)
		if err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	return all, nil
}

// keep checks one file and puts its bytes away.
func (s *Server) keep(r *http.Request, h *multipart.FileHeader) (d casefile.Document, err error) {
	f, err := h.Open()
	if err != nil {
		return d, err
	}
	defer f.Close()
	name := upload.Name(h.Filename)
	media, err := s.Upload.Check(name, f, h.Size)
	if err != nil {
		return d, err
	}
	if _, err := f.Seek(0, 0); err != nil {
		return d, err
	}
	state, found, err := s.Upload.Scan(r.Context(), f)
	if err != nil { // kept and asked about again; nobody can fetch it meanwhile
		s.Log.Warn("virus scanner", slog.Any("err", err))
	}
	if state == upload.Infected {
		return d, fault.Field(upload.Field, "Tệp %q có mã độc (%s) nên không nhận. Anh/chị báo quản trị máy tính của đơn vị.", name, found)
	}
	if _, err := f.Seek(0, 0); err != nil {
		return d, err
	}
	hash, size, err := s.Blobs.Put(f, s.Upload.MaxFile)
	return casefile.Document{Name: name, MediaType: media, Size: size, Hash: string(hash), Scan: state, AddedBy: about(r).session.Officer}, err
}
