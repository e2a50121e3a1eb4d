package upload

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
)

func rules(t *testing.T) (r Rules) {
	t.Helper()
	d, _ := lttest.SQLite(t)
	lttest.View(t, d, func(tx *db.Tx) (err error) {
		r, err = Load(tx)
		return err
	})
	return r
}

// packed makes a zip of name, content pairs.
func packed(t *testing.T, pairs ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		w, err := z.Create(pairs[i])
		if err == nil {
			_, err = io.WriteString(w, pairs[i+1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const wordTypes = `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`

func word(t *testing.T, paragraphs ...string) []byte {
	body := `<w:document xmlns:w="x"><w:body>`
	for _, p := range paragraphs {
		body += `<w:p><w:r><w:t>` + p + `</w:t></w:r></w:p>`
	}
	return packed(t, "[Content_Types].xml", wordTypes, "word/document.xml", body+`</w:body></w:document>`)
}

func utf16le(s string) []byte {
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}

func TestCheck(t *testing.T) {
	r := rules(t)
	r.MaxFile = 3 << 20
	png := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00")
	pdf := []byte("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF")
	tests := []struct {
		name string
		file string
		body []byte
		want string // a part of the refusal; "" taken
		kind error
	}{
		{"a PDF", "Tờ trình.pdf", pdf, "", nil},
		{"a Word file", "Báo cáo.docx", word(t, "Kính gửi: Sở Tư pháp", "bí mật kinh doanh"), "", nil},
		{"a picture", "anh.PNG", png, "", nil},
		{"plain text with Vietnamese", "ghi chú.txt", []byte("Đề nghị hướng dẫn"), "", nil},
		{"a table", "a.csv", []byte("a,b\n1,2\n3,4\n"), "", nil},
		{"empty", "a.pdf", nil, "rỗng", fault.Invalid},
		{"a program named PDF", "a.pdf", []byte("MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff"), "không đúng là", fault.Invalid},
		{"a page named text", "a.txt", []byte("<!DOCTYPE html><html><script>alert(1)</script>"), "không đúng là", fault.Invalid},
		{"a picture named Word", "a.docx", png, "không đúng là", fault.Invalid},
		{"a zip named Word", "a.docx", packed(t, "x.txt", "abc"), "không đúng là", fault.Invalid},
		{"a spreadsheet named Word", "a.docx", packed(t, "[Content_Types].xml", wordTypes, "xl/workbook.xml", "<a/>"), "không đúng là", fault.Invalid},
		{"a kind that is not taken", "a.exe", []byte("MZ"), "không nhận", fault.Invalid},
		{"two endings", "a.pdf.exe", pdf, "không nhận", fault.Invalid},
		{"an ending turned round", "anh\u202egnp.exe", png, "không nhận", fault.Invalid},
		{"too large", "a.txt", bytes.Repeat([]byte("a"), 4<<20), "quá mức", fault.TooLarge},
		{"macro", "a.docx", packed(t, "[Content_Types].xml", wordTypes, "word/document.xml", "<a/>", "word/vbaProject.bin", "x"), "macro", fault.Invalid},
		{"a mark in the name", "tuyet_mat.pdf", pdf, "TUYỆT MẬT", fault.Invalid},
		{"a mark in the text", "a.txt", []byte("TỐI MẬT\nKính gửi"), "TỐI MẬT", fault.Invalid},
		{"a mark in text as Windows saves it", "a.txt", utf16le("MẬT\r\nKính gửi"), "MẬT", fault.Invalid},
		{"a mark in a Word file", "a.docx", word(t, "MẬT", "Kính gửi"), "MẬT", fault.Invalid},
		{"a mark in a header", "a.docx", packed(t, "[Content_Types].xml", wordTypes, "word/document.xml", "<a/>",
			"word/header1.xml", "<w:p><w:t>TUYỆT MẬT</w:t></w:p>"), "TUYỆT MẬT", fault.Invalid},
		{"a zip of good files", "a.zip", packed(t, "x.txt", "abc", "y.txt", "def"), "", nil},
		{"a zip that hides a program", "a.zip", packed(t, "x.exe", "MZ"), "không nhận", fault.Invalid},
		{"a zip that hides a mark", "a.zip", packed(t, "x.txt", "MẬT\nabc"), "MẬT", fault.Invalid},
		{"a zip in a zip", "a.zip", packed(t, "x.zip", "PK"), "tệp nén khác", fault.Invalid},
		{"a bomb", "a.zip", packed(t, "x.txt", strings.Repeat("0", 2<<20)), "bung ra quá lớn", fault.Invalid},
		{"a broken zip", "a.zip", []byte("PK\x03\x04aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), "hỏng", fault.Invalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			media, err := r.Check(tt.file, bytes.NewReader(tt.body), int64(len(tt.body)))
			if tt.want == "" {
				if err != nil || media == "" {
					t.Fatalf("Check(%s) = %q, %v, want taken", tt.file, media, err)
				}
				return
			}
			if !errors.Is(err, tt.kind) {
				t.Fatalf("Check(%s) = %v, want %v", tt.file, err, tt.kind)
			}
			if s, ok := fault.Sentence(err); !ok || s.Field != Field || !strings.Contains(s.Say, tt.want) {
				t.Errorf("Check(%s) = %v, want a refusal with %q", tt.file, err, tt.want)
			}
		})
	}
}

// A directory may claim a small size; what is read is bounded by what it claimed.
func TestLyingDirectory(t *testing.T) {
	r := rules(t)
	body := packed(t, "x.txt", strings.Repeat("abcdefgh", 1000))
	central := bytes.Index(body, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(body[central+24:], 10) // size unpacked
	if _, err := r.Check("a.zip", bytes.NewReader(body), int64(len(body))); !errors.Is(err, fault.Invalid) {
		t.Errorf("a lying directory = %v, want a refusal", err)
	}
}

func TestTypesAreData(t *testing.T) {
	d, _ := lttest.SQLite(t)
	lttest.Update(t, d, func(tx *db.Tx) error {
		for _, s := range [][2]string{{"upload.types", "pdf png"}, {"upload.max_file", "1000"}, {"upload.clamd", "tcp:127.0.0.1:1"}} {
			if _, err := tx.Exec(`INSERT INTO setting (name, value, source, set_at) VALUES ($1, $2, 'thử', $3)`, s[0], s[1], tx.Now); err != nil {
				return err
			}
		}
		return nil
	})
	lttest.View(t, d, func(tx *db.Tx) error {
		r, err := Load(tx)
		if err != nil || r.Accept() != ".pdf,.png" || r.MaxFile != 1000 || r.Clamd == "" {
			t.Errorf("Load = %+v, %v", r, err)
		}
		return nil
	})
}

func TestName(t *testing.T) {
	for in, want := range map[string]string{
		`C:\Users\An\tờ trình.docx`: "tờ trình.docx",
		"../../etc/passwd":          "passwd",
		"a\x00b\n.pdf":              "ab.pdf",
		"":                          "tep",
		"..":                        "tep",
		"Tờ trình.pdf":              "Tờ trình.pdf", // decomposed
	} {
		if got := Name(in); got != want {
			t.Errorf("Name(%q) = %q, want %q", in, got, want)
		}
	}
	if got := Name(strings.Repeat("ă", 400) + ".pdf"); !strings.HasSuffix(got, ".pdf") || len([]rune(got)) != maxName {
		t.Errorf("long name became %q", got)
	}
}

// clamd answers INSTREAM on a real socket as the real one does: it finds the EICAR words,
// and refuses streams above its limit by answering and closing.
func clamd(t *testing.T, limit int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "clamd.sock")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				_, _ = io.WriteString(conn, answer(conn, limit)+"\x00")
			}()
		}
	}()
	return "unix:" + path
}

func answer(conn io.Reader, limit int) string {
	head := make([]byte, len("zINSTREAM\x00"))
	if _, err := io.ReadFull(conn, head); err != nil || string(head) != "zINSTREAM\x00" {
		return "UNKNOWN COMMAND"
	}
	var all []byte
	for {
		var n uint32
		if err := binary.Read(conn, binary.BigEndian, &n); err != nil {
			return "ERROR"
		}
		if n == 0 {
			break
		}
		if len(all)+int(n) > limit {
			return "INSTREAM size limit exceeded. ERROR"
		}
		part := make([]byte, n)
		if _, err := io.ReadFull(conn, part); err != nil {
			return "ERROR"
		}
		all = append(all, part...)
	}
	if bytes.Contains(all, []byte("EICAR-STANDARD-ANTIVIRUS-TEST-FILE")) {
		return "stream: Eicar-Signature FOUND"
	}
	return "stream: OK"
}

func TestScan(t *testing.T) {
	ctx := context.Background()
	set := Rules{Clamd: clamd(t, 1<<20)}
	long := bytes.Repeat([]byte("x"), 200<<10)
	tests := []struct {
		name  string
		rules Rules
		body  []byte
		state string
		found string
		fails bool
	}{
		{"clean, in several chunks", set, long, Clean, "", false},
		{"found at the end", set, append(long, "EICAR-STANDARD-ANTIVIRUS-TEST-FILE"...), Infected, "Eicar-Signature", false},
		{"empty", set, nil, Clean, "", false},
		{"longer than the scanner takes", set, bytes.Repeat([]byte("x"), 2<<20), Waiting, "", true},
		{"no scanner set", Rules{}, long, Unscanned, "", false},
		{"scanner away", Rules{Clamd: "unix:/nonexistent/clamd"}, long, Waiting, "", true},
	}
	for _, tt := range tests {
		state, found, err := tt.rules.Scan(ctx, bytes.NewReader(tt.body))
		if state != tt.state || found != tt.found || (err != nil) != tt.fails {
			t.Errorf("%s: Scan = %s, %q, %v, want %s, %q", tt.name, state, found, err, tt.state, tt.found)
		}
	}
}
