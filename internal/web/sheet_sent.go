package web

import (
	"errors"
	"io"
	"net/http"

	"lienthong/internal/blob"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/upload"
)

// A sheet (.xlsx) that is sent waits for its officer alone, is read and shown, and only then
// taken. Its address is that of the form, followed by the id of the file.

// sheetInputs ask for one sheet.
func (s *Server) sheetInputs(r *http.Request, t typed, label, hint string) (in []input) {
	all := s.filesInputs(r, t) // more than one where a refused form keeps its file
	for _, i := range all {
		if i.Kind == files {
			i.Label, i.Hint, i.Multiple, i.Required = label, hint, false, len(all) == 1
		}
		in = append(in, i)
	}
	return append(in, input{Kind: secret})
}

// sentSheet keeps the sheet with its officer, once read knows it, and leads to where it is shown;
// missing says what to choose when none came.
func sentSheet[T any](s *Server, w http.ResponseWriter, r *http.Request, missing string, read func(io.Reader) (T, error)) error {
	if _, err := s.attached(r); err != nil {
		return err
	}
	if err := confirmed(r); err != nil {
		return err
	}
	kept := about(r).files
	if len(kept) == 0 {
		return fault.Field(upload.Field, "%s", missing)
	}
	last := kept[len(kept)-1]
	if _, err := readSheet(s, last, read); err != nil {
		return err
	}
	http.Redirect(w, r, r.URL.Path+"/"+last.ID, http.StatusSeeOther)
	return nil
}

// readSheet reads a sheet outside any transaction: it may be long.
func readSheet[T any](s *Server, f upload.File, read func(io.Reader) (T, error)) (what T, err error) {
	in, err := s.Blobs.Open(blob.Hash(f.Hash))
	if err != nil {
		return what, err
	}
	what, err = read(in)
	if why, ok := fault.Sentence(err); ok {
		err = fault.Field(upload.Field, "%s", why.Say)
	}
	return what, errors.Join(err, in.Close())
}

// keptSheet is the sheet of an address.
func keptSheet[T any](s *Server, r *http.Request, read func(io.Reader) (T, error)) (f upload.File, what T, err error) {
	err = s.view(r, func(tx *db.Tx, who org.Actor) (err error) {
		f, err = upload.Find(tx, who.Officer, r.PathValue("file"))
		return err
	})
	if err == nil {
		what, err = readSheet(s, f, read)
	}
	return f, what, err
}
