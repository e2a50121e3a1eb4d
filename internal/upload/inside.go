package upload

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"io"
	"os/exec"
	"path"
	"strings"
	"time"
	"unicode/utf16"

	"lienthong/internal/vntext"
)

// textLimit is how many bytes of text are looked at for a mark of secrecy: marks stand
// at the beginning of a document.
const textLimit = 4 << 20

// text returns what can be read in a file, after looking for what a packed file must
// not be. Pictures, old office files and what a program is missing for give none.
func (r Rules) text(t Type, name string, f io.ReaderAt, size int64) (string, error) {
	switch t.Ext {
	case "txt", "csv", "xml":
		raw, err := io.ReadAll(io.NewSectionReader(f, 0, min(size, textLimit)))
		return decoded(raw), err
	case "pdf":
		return pdfText(io.NewSectionReader(f, 0, size)), nil
	case "docx", "xlsx", "pptx", "odt", "ods", "zip":
		return r.unpack(t, name, f, size)
	}
	return "", nil
}

// unpack looks into a packed file by its directory, reads the parts with text, and
// refuses what would fill a disk or hides a program.
func (r Rules) unpack(t Type, name string, f io.ReaderAt, size int64) (string, error) {
	z, err := zip.NewReader(f, size)
	if err != nil {
		return "", refuse("Tệp %q hỏng hoặc không đúng là %s.", name, t.Name)
	}
	if len(z.File) > r.MaxInside {
		return "", refuse("Tệp nén %q chứa quá nhiều tệp con (%d, nhiều nhất %d).", name, len(z.File), r.MaxInside)
	}
	var total uint64
	inside := t.Inside == ""
	for _, e := range z.File {
		if e.UncompressedSize64 > uint64(r.MaxUnzip) { // also a size so large that the sum would wrap
			return "", refuse("Tệp nén %q bung ra quá lớn, không nhận.", name)
		}
		total += e.UncompressedSize64
		if total > uint64(r.MaxUnzip) || (total > 1<<20 && total > uint64(size)*uint64(r.MaxRatio)) {
			return "", refuse("Tệp nén %q bung ra quá lớn, không nhận.", name)
		}
		inside = inside || strings.HasPrefix(e.Name, t.Inside)
		if err := r.entry(t, name, e); err != nil {
			return "", err
		}
	}
	if !inside {
		return "", refuse("Tệp %q không đúng là %s như đuôi tên nói. Anh/chị mở lại tệp gốc và lưu đúng loại.", name, t.Name)
	}
	return packedText(z, name)
}

// entry refuses an entry by its name and flags.
func (r Rules) entry(t Type, name string, e *zip.File) error {
	low := strings.ToLower(e.Name)
	if e.Flags&1 != 0 {
		return refuse("Tệp nén %q có mật khẩu nên không kiểm tra được. Anh/chị bỏ mật khẩu rồi gửi lại.", name)
	}
	if path.Base(low) == "vbaproject.bin" {
		return refuse("Tệp %q có macro. Anh/chị lưu lại thành tệp không có macro.", name)
	}
	if t.Ext != "zip" || e.FileInfo().IsDir() {
		return nil
	}
	ext := strings.TrimPrefix(path.Ext(low), ".")
	if ext == "zip" || ext == "rar" || ext == "7z" || ext == "gz" {
		return refuse("Tệp nén %q chứa tệp nén khác (%s). Anh/chị bung ra rồi gửi từng tệp.", name, Name(e.Name))
	}
	if mark, ok := vntext.SecretMarkInName(Name(e.Name)); ok {
		return secret(name, "tên tệp con", mark)
	}
	for _, k := range r.Types {
		if k.Ext == ext {
			return r.member(k, name, e)
		}
	}
	return refuse("Tệp nén %q chứa tệp %q thuộc loại không nhận.", name, Name(e.Name))
}

// member looks at a file inside a zip as if it had been sent by itself.
func (r Rules) member(k Type, name string, e *zip.File) error {
	if e.UncompressedSize64 > uint64(r.MaxFile) {
		return refuse("Tệp %q trong %q quá lớn.", Name(e.Name), name)
	}
	body, err := read(e, int64(e.UncompressedSize64))
	if err != nil {
		return refuse("Tệp nén %q hỏng ở %q.", name, Name(e.Name))
	}
	if len(body) == 0 {
		return nil
	}
	_, err = r.Check(Name(e.Name), bytes.NewReader(body), int64(len(body)))
	return err
}

// read unpacks at most limit bytes; an entry longer than its directory says is an error.
func read(e *zip.File, limit int64) ([]byte, error) {
	rc, err := e.Open()
	if err != nil {
		return nil, err
	}
	defer rc.Close()
	body, err := io.ReadAll(io.LimitReader(rc, limit+1))
	if err == nil && int64(len(body)) > limit {
		body, err = body[:limit], errLonger
	}
	return body, err
}

var errLonger = errors.New("longer than the limit")

// parts are the entries of office files in which people's text stands.
var parts = []string{"word/document", "word/header", "word/footer", "word/footnotes", "xl/sharedStrings", "xl/worksheets/",
	"ppt/slides/slide", "content.xml", "styles.xml", "docProps/core"}

// The text of packed documents, up to a limit, for finding marks of secrecy. A packed file may be many
// times larger inside.
func packedText(z *zip.Reader, name string) (string, error) {
	var b strings.Builder
	for _, e := range z.File {
		wanted := false
		for _, p := range parts {
			wanted = wanted || strings.HasPrefix(e.Name, p)
		}
		if !wanted || !strings.HasSuffix(e.Name, ".xml") || b.Len() >= textLimit {
			continue
		}
		limit := min(int64(e.UncompressedSize64), 4*textLimit)
		body, err := read(e, limit)
		if err != nil && (!errors.Is(err, errLonger) || limit < 4*textLimit) { // longer than its own directory says
			return "", refuse("Tệp %q hỏng, không mở được phần bên trong. Anh/chị mở lại tệp gốc, lưu lại rồi gửi.", name)
		}
		xmlText(&b, body)
	}
	return b.String(), nil
}

// xmlText writes the text of office XML: a paragraph, row or string a line, a cell or
// tab a column. What cannot be parsed further is left out.
func xmlText(b *strings.Builder, body []byte) {
	d := xml.NewDecoder(bytes.NewReader(body))
	d.Strict = false
	for b.Len() < textLimit {
		tok, err := d.RawToken()
		if err != nil {
			break
		}
		switch tok := tok.(type) {
		case xml.CharData:
			b.Write(tok)
		case xml.StartElement:
			if n := tok.Name.Local; n == "tab" || n == "tc" || n == "table-cell" {
				b.WriteByte('\t')
			} else if n == "br" || n == "cr" || n == "line-break" {
				b.WriteByte('\n')
			}
		case xml.EndElement:
			if n := tok.Name.Local; n == "p" || n == "si" || n == "row" || n == "tr" || n == "h" || n == "is" {
				b.WriteByte('\n')
			}
		}
	}
	b.WriteByte('\n')
}

// decoded reads UTF-8, or UTF-16 with its byte order mark as Windows saves it.
func decoded(raw []byte) string {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(raw, []byte{0xff, 0xfe}):
		order = binary.LittleEndian
	case bytes.HasPrefix(raw, []byte{0xfe, 0xff}):
		order = binary.BigEndian
	default:
		return strings.ToValidUTF8(strings.TrimPrefix(string(raw), "\ufeff"), " ")
	}
	units := make([]uint16, 0, len(raw)/2)
	for i := 2; i+1 < len(raw); i += 2 {
		units = append(units, order.Uint16(raw[i:]))
	}
	return string(utf16.Decode(units))
}

// pdfTime is how long a PDF may take to give its text.
const pdfTime = 10 * time.Second

// pdfText asks pdftotext (poppler) for the first pages where it is installed. A PDF is
// also read without it; then only its name is looked at.
func pdfText(f io.Reader) string {
	prog, err := exec.LookPath("pdftotext")
	if err != nil {
		return ""
	}
	ctx, cancel := context.WithTimeout(context.Background(), pdfTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, prog, "-q", "-layout", "-l", "20", "-enc", "UTF-8", "-", "-")
	cmd.Stdin = f
	var out limited
	cmd.Stdout = &out
	_ = cmd.Run() // a PDF that gives no text is as one that has none: the sender answers for it
	return out.b.String()
}

// limited keeps the first textLimit bytes written to it.
type limited struct{ b bytes.Buffer }

// Write takes everything and keeps what fits.
func (l *limited) Write(p []byte) (int, error) {
	if room := textLimit - l.b.Len(); room > 0 {
		l.b.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}
