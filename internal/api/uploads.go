package api

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/upload"
)

// uploadOut is a file that waits for the act it belongs to.
type uploadOut struct {
	ID        string `json:"id" doc:"đưa vào attachments của lần gửi, trong thời hạn đặt ở upload.keep_waiting, mặc định 24 giờ"`
	Name      string `json:"name"`
	MediaType string `json:"media_type"` // found by looking inside
	Size      int64  `json:"size" doc:"byte"`
	Hash      string `json:"hash" doc:"SHA-256"`
	Scan      string `json:"scan"` // clean, waiting, infected
}

// upload takes one file, looks at it and keeps it until an act names it.
func (c *call) upload() error {
	var rules upload.Rules
	err := c.s.DB.View(c.ctx, func(tx *db.Tx) (err error) {
		rules, err = upload.Load(tx)
		return err
	})
	if err != nil {
		return err
	}
	// to the disk and not to memory: many may send their largest file at once
	tmp, err := os.CreateTemp("", "lienthong-upload-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	defer tmp.Close()
	name, size, err := c.receive(tmp, rules.MaxFile)
	if err != nil {
		return err
	}
	// the name is cleaned before anything else sees it: it comes from another machine
	out := uploadOut{Name: upload.Name(name), Size: size}
	if out.MediaType, err = rules.Check(name, tmp, size); err != nil {
		return err
	}
	// before the bytes enter the store, so that what is infected is never in it
	if err := c.scan(&out, rules, tmp); err != nil {
		return err
	}
	if _, err := tmp.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if err := c.keep(&out, func() error {
		hash, _, err := c.s.Blob.Put(tmp, rules.MaxFile)
		out.Hash = string(hash)
		return err
	}); err != nil {
		return err
	}
	return c.answer(http.StatusCreated, 0, &out)
}

// piecesPath is where files come in pieces.
const piecesPath = "/api/v1/uploads/pieces"

// pieces answers the protocol of pieces; the file is named by an act as any other.
func (c *call) pieces() error {
	if err := c.s.DB.View(c.ctx, func(tx *db.Tx) error { _, err := c.actor(tx); return err }); err != nil {
		return err
	}
	v := upload.Receiver{DB: c.s.DB, Files: c.s.Blob, Log: c.s.Log}
	err := v.Serve(c.w, c.r.WithContext(c.ctx), c.token.Officer, piecesPath, c.id)
	if errors.Is(err, upload.ErrProtocol) {
		return &plain{http.StatusPreconditionFailed, "Tus-Resumable", "Máy gửi cần nói giao thức tus 1.0.0: đầu mục Tus-Resumable."}
	}
	return err
}

// receive copies the part "file" of the form to f.
func (c *call) receive(f io.Writer, most int64) (name string, size int64, err error) {
	// a little more than a file may have, for the frame of the form around it
	c.r.Body = http.MaxBytesReader(c.w, c.r.Body, most+1<<20)
	form, err := c.r.MultipartReader()
	if err != nil {
		return "", 0, &plain{http.StatusUnsupportedMediaType, "", "Tệp gửi lên theo multipart/form-data, trong phần tên là file."}
	}
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return "", 0, fault.Field("file", "Chưa có tệp nào trong phần tên là file.")
		}
		if err != nil {
			return "", 0, cut(err)
		}
		// other parts of the form are passed over and cost nothing
		if part.FormName() != "file" {
			continue
		}
		n, err := io.Copy(f, io.LimitReader(part, most+1))
		if n > most {
			c.drain()
		}
		return part.FileName(), n, cut(err) // a byte too many is enough for Check to refuse it
	}
}

// cut says why a file did not come whole.
func cut(err error) error {
	var long *http.MaxBytesError
	if errors.As(err, &long) {
		return &fault.Refusal{Kind: fault.TooLarge, Field: "file", Say: fmt.Sprintf("Tệp quá lớn; một tệp nặng nhiều nhất %s.", upload.Size(long.Limit-1<<20))}
	}
	if err != nil {
		return &plain{http.StatusBadRequest, "file", "Không nhận được trọn tệp."}
	}
	return nil
}

// scan asks the virus scanner; one that cannot be reached leaves the file waiting.
func (c *call) scan(out *uploadOut, rules upload.Rules, f io.ReadSeeker) (err error) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	var found string
	if out.Scan, found, err = rules.Scan(c.ctx, f); err != nil {
		c.s.Log.Warn("virus scan", "err", err)
	}
	if out.Scan == upload.Infected {
		return fault.Field("file", "Tệp có mã độc (%s) nên không nhận.", found)
	}
	return nil
}

// keep takes room for the file within what its sender may have waiting, stores the bytes
// and says that they are there.
func (c *call) keep(out *uploadOut, store func() error) error {
	err := c.s.DB.Update(c.ctx, func(tx *db.Tx) error {
		who, err := c.actor(tx)
		if err != nil {
			return err
		}
		out.ID, err = upload.Reserve(tx, who.Officer, out.Name, out.MediaType, out.Size)
		return err
	})
	if err == nil {
		err = store()
	}
	if err != nil {
		return err
	}
	return c.s.DB.Update(c.ctx, func(tx *db.Tx) error {
		return upload.Fill(tx, upload.File{ID: out.ID, Size: out.Size, Hash: out.Hash, Scan: out.Scan})
	})
}

// takeUploads gives the act its files, each once, to the officer who sent them.
func takeUploads(tx *db.Tx, officer org.OfficerID, ids []string) (files []casefile.Document, err error) {
	for _, id := range ids {
		f, err := upload.Take(tx, officer, id)
		if err != nil {
			return nil, err
		}
		files = append(files, casefile.Document{Name: f.Name, MediaType: f.MediaType, Size: f.Size, Hash: f.Hash, Scan: f.Scan})
	}
	return files, nil
}
