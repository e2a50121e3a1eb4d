package exchange

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"lienthong/internal/casefile"
	"lienthong/internal/exchange/edxml"
	"lienthong/internal/fault"
	"lienthong/internal/upload"
)

// spools are the files of one packet while it is looked at. They lie beside the packet and
// reach the store of files only when nothing in the packet is secret.
type spools struct {
	folder string
	open   []*os.File // closed and removed together
}

// A place to put the next file of a packet.
func (s *spools) next() (edxml.Spool, error) { return s.temp() }

// Files of a packet in work; they are closed and removed together, however it ends.
func (s *spools) temp() (*os.File, error) {
	f, err := os.CreateTemp(s.folder, ".tep-*")
	if err == nil {
		s.open = append(s.open, f)
	}
	return f, err
}

// remove takes the spools away; what a crash leaves behind is taken away by reclaim.
func (s *spools) remove() {
	for _, f := range s.open {
		_ = f.Close()
		_ = os.Remove(f.Name())
	}
}

// A looked is a file of a packet that may be kept.
type looked struct {
	doc  casefile.Document
	body *os.File
}

// keep looks at every file of a packet before it keeps the first: one that is secret
// refuses the packet whole. A file that is not taken for another reason is left out and
// named in the remark.
func (i *Intake) keep(ctx context.Context, rules upload.Rules, files []edxml.File, s *spools) (docs []casefile.Document, remark string, err error) {
	var all []looked
	var left []string
	for _, f := range files {
		one, err := look(ctx, rules, f, s)
		switch {
		case errors.Is(err, upload.Secret):
			return nil, "", err
		case err != nil && isRefusal(err):
			left = append(left, reasonOf(err))
		case err != nil:
			return nil, "", err
		default:
			all = append(all, one)
		}
	}
	for _, one := range all {
		if _, err := one.body.Seek(0, io.SeekStart); err != nil {
			return nil, "", err
		}
		hash, size, err := i.Files.Put(one.body, rules.MaxFile)
		if err != nil {
			return nil, "", err
		}
		one.doc.Hash, one.doc.Size = string(hash), size
		docs = append(docs, one.doc)
	}
	return docs, strings.Join(left, " "), nil
}

// look checks one file, unpacked where the system packed it.
func look(ctx context.Context, rules upload.Rules, f edxml.File, s *spools) (one looked, err error) {
	name := fileName(f)
	body, ok := f.Body.(*os.File)
	if !ok {
		return one, fault.Field(upload.Field, "Tệp %q có tên trong văn bản nhưng không có nội dung kèm theo.", name)
	}
	if err := whole(body, f.Sum, name); err != nil {
		return one, err
	}
	if body, name, err = unpacked(body, f.Size, name, rules, s); err != nil {
		return one, err
	}
	info, err := body.Stat()
	if err != nil {
		return one, err
	}
	one = looked{doc: casefile.Document{Name: upload.Name(name), Size: info.Size()}, body: body}
	if one.doc.MediaType, err = rules.Check(name, body, info.Size()); err != nil {
		return one, err
	}
	if _, err := body.Seek(0, io.SeekStart); err != nil {
		return one, err
	}
	state, found, _ := rules.Scan(ctx, body)
	if state == upload.Infected {
		return one, fault.Field(upload.Field, "Tệp %q có mã độc (%s) nên không nhận.", name, found)
	}
	one.doc.Scan = state // a scanner that is away is asked again later: its error is no reason to refuse
	return one, nil
}

// whole refuses a file that is not the one its sender summed: it was changed or cut on its
// way. Most senders tell no sum.
func whole(body *os.File, sum, name string) error {
	if sum == "" {
		return nil
	}
	h := sha256.New()
	if _, err := body.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if _, err := io.Copy(h, body); err != nil {
		return err
	}
	if hex.EncodeToString(h.Sum(nil)) != sum {
		return &edxml.Damaged{Part: "AttachmentEncoded", Why: fmt.Sprintf("tệp %q không khớp mã kiểm tra SHA-256 của nơi gửi", name)}
	}
	_, err := body.Seek(0, io.SeekStart)
	return err
}

// fileName is the name of a file, with an ending from its kind where it has none.
func fileName(f edxml.File) string {
	name := f.Name
	if name == "" {
		name = f.Description
	}
	if name == "" {
		name = "tep-" + f.ID
	}
	if filepath.Ext(name) == "" {
		if kind, _, err := mime.ParseMediaType(f.Media); err == nil {
			if i := slices.Index([]string{"application/pdf", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}, kind); i >= 0 {
				name += []string{".pdf", ".docx", ".xlsx"}[i]
			}
		}
	}
	return name
}

// packedKinds are files that are zips by themselves.
var packedKinds = []string{".zip", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".epub"}

// unpacked gives the one file inside a zip under another ending: the exchange's practice is
// to pack each file before it is encoded.
func unpacked(body *os.File, size int64, name string, rules upload.Rules, s *spools) (*os.File, string, error) {
	head := make([]byte, 4)
	if _, err := body.ReadAt(head, 0); err != nil || string(head) != "PK\x03\x04" || slices.Contains(packedKinds, strings.ToLower(filepath.Ext(name))) {
		return body, name, nil
	}
	z, err := zip.NewReader(body, size)
	if err != nil || len(z.File) != 1 {
		return body, name, nil // what it is, Check will say
	}
	e, err := z.File[0].Open()
	if err != nil {
		return nil, name, fault.Field(upload.Field, "Tệp %q nén hỏng.", name)
	}
	defer e.Close()
	out, err := s.temp()
	if err != nil {
		return nil, name, err
	}
	n, err := io.Copy(out, io.LimitReader(e, rules.MaxFile+1))
	if err != nil || n > rules.MaxFile {
		return nil, name, fault.Field(upload.Field, "Tệp %q nén hỏng hoặc lớn quá %s khi mở ra.", name, upload.Size(rules.MaxFile))
	}
	if inner := filepath.Ext(z.File[0].Name); filepath.Ext(name) == "" && inner != "" {
		name = fmt.Sprintf("%s%s", name, inner)
	}
	return out, name, nil
}
