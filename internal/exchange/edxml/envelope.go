package edxml

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"net/textproto"
	"path"
	"strings"
)

// readZip reads a packet that is a zip: one XML text, and files beside it.
func readZip(in io.Reader, limit Limits) (*Packet, error) {
	// a zip is read from its end; what is larger than its files may be is no packet
	whole, err := io.ReadAll(io.LimitReader(in, limit.Total+limit.Header+1))
	if err != nil {
		return nil, err
	}
	if int64(len(whole)) > limit.Total+limit.Header {
		return nil, damaged("tệp nén", "lớn quá mức nhận")
	}
	z, err := zip.NewReader(bytes.NewReader(whole), int64(len(whole)))
	if err != nil {
		return nil, damaged("tệp nén", "không mở được (%v)", err)
	}
	main := mainOf(z)
	if main == nil {
		return nil, damaged("tệp nén", "không có tệp .edxml hoặc .xml bên trong")
	}
	f, err := main.Open()
	if err != nil {
		return nil, damaged("tệp nén", "%v", err)
	}
	defer f.Close()
	p, err := readXML(bufio.NewReaderSize(f, 64<<10), limit)
	if err != nil {
		return nil, err
	}
	b := beside{limit: limit, p: p}
	for _, e := range z.File {
		if e == main || e.FileInfo().IsDir() {
			continue
		}
		if err := b.entry(e); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// The document inside a container: by its ending, .edxml before .xml, since senders differ.
func mainOf(z *zip.Reader) *zip.File {
	for _, ending := range []string{".edxml", ".xml"} {
		for _, e := range z.File {
			if strings.EqualFold(path.Ext(e.Name), ending) {
				return e
			}
		}
	}
	return nil
}

// beside takes files that stand beside the XML.
type beside struct {
	limit Limits // of one file and of all
	p     *Packet
	total int64 // bytes so far
}

// A file beside the document. Its path is cut to its name: a name from outside leads nowhere.
func (b *beside) entry(e *zip.File) error {
	r, err := e.Open()
	if err != nil {
		return damaged("tệp nén", "%v", err)
	}
	defer r.Close()
	return b.take(File{ID: path.Base(e.Name), Name: path.Base(e.Name)}, r)
}

// take spools one file and gives it to the description that names it.
func (b *beside) take(f File, r io.Reader) error {
	if len(b.p.Files) >= b.limit.Files {
		return damaged("tệp kèm theo", "có quá %d tệp", b.limit.Files)
	}
	var to io.Writer = io.Discard
	if b.limit.Keep != nil {
		spool, err := b.limit.Keep()
		if err != nil {
			return err
		}
		f.Body, to = spool, spool
	}
	n, err := io.Copy(to, io.LimitReader(r, b.limit.File+1))
	if err != nil {
		return damaged("tệp kèm theo", "%.60q không đọc được (%v)", f.Name, err)
	}
	if b.total += n; n > b.limit.File || b.total > b.limit.Total {
		return damaged("tệp kèm theo", "%.60q lớn quá mức nhận", f.Name)
	}
	f.Size = n
	for i, have := range b.p.Files {
		if have.Body == nil && have.Size == 0 && (have.Name == f.Name || have.ID == f.ID) {
			b.p.Files[i].Body, b.p.Files[i].Size = f.Body, f.Size
			return nil
		}
	}
	b.p.Files = append(b.p.Files, f)
	return nil
}

// isMIME says whether a packet begins with the headers of SOAP with attachments.
func isMIME(start []byte) bool {
	low := bytes.ToLower(start)
	return bytes.HasPrefix(low, []byte("mime-version:")) || bytes.HasPrefix(low, []byte("content-type: multipart/"))
}

// readMIME reads a packet whose first part is the XML and whose others are its files.
func readMIME(in *bufio.Reader, limit Limits) (*Packet, error) {
	h, err := textproto.NewReader(in).ReadMIMEHeader()
	if err != nil {
		return nil, damaged("MIME", "không đọc được phần đầu")
	}
	kind, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil || !strings.HasPrefix(kind, "multipart/") {
		return nil, damaged("MIME", "không ghi loại nội dung nhiều phần")
	}
	parts := multipart.NewReader(in, params["boundary"])
	first, err := parts.NextPart()
	if err != nil {
		return nil, damaged("MIME", "không có phần nào")
	}
	p, err := readXML(bufio.NewReaderSize(decoded(first), 64<<10), limit)
	if err != nil {
		return nil, err
	}
	b := beside{limit: limit, p: p}
	for {
		part, err := parts.NextPart()
		if err == io.EOF {
			return p, nil
		}
		if err != nil {
			return nil, damaged("MIME", "phần tệp kèm theo bị cắt")
		}
		f := File{ID: strings.Trim(part.Header.Get("Content-Id"), "<>"), Name: clean(part.FileName()), Media: part.Header.Get("Content-Type")}
		if f.Name == "" {
			f.Name = f.ID
		}
		if err := b.take(f, decoded(part)); err != nil {
			return nil, err
		}
	}
}

// A part as its sender encoded it; base64 is the only encoding met.
func decoded(p *multipart.Part) io.Reader {
	if strings.EqualFold(p.Header.Get("Content-Transfer-Encoding"), "base64") {
		return base64.NewDecoder(base64.StdEncoding, p)
	}
	return p
}
