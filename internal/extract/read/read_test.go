package read

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lienthong/internal/extract"
	"lienthong/internal/fault"
)

// TestMain is the program that the reader starts again: "extract --pdf-layer FILE".
func TestMain(m *testing.M) {
	if len(os.Args) == 4 && os.Args[2] == LayerFlag {
		if err := Layer(os.Args[3], os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// packed makes a .docx of parts.
func packed(parts map[string]string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range parts {
		w, _ := z.Create(name)
		w.Write([]byte(text))
	}
	z.Close()
	return b.Bytes()
}

const head = `<?xml version="1.0"?><w:document xmlns:w="x"><w:body>`

func para(s string) string { return "<w:p><w:r><w:t>" + s + "</w:t></w:r></w:p>" }

func TestDocx(t *testing.T) {
	cell := func(s string) string { return "<w:tc>" + para(s) + "</w:tc>" }
	body := head + "<w:tbl><w:tr>" + cell("ỦY BAN NHÂN DÂN") + cell("CỘNG HÒA") + "</w:tr></w:tbl>" +
		para("Giao Sở Y tế") + `<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="7"/></w:numPr></w:pPr><w:r><w:t>Rà soát</w:t></w:r></w:p>` +
		`<w:p><w:del><w:r><w:t>bỏ đi</w:t></w:r></w:del><w:r><w:t>giữ</w:t><w:tab/><w:t>lại</w:t></w:r></w:p>` +
		"<w:tbl><w:tr>" + cell("1") + cell("Việc | a") + cell("Sở Y tế") + "</w:tr></w:tbl></w:body></w:document>"
	numbering := `<w:numbering xmlns:w="x"><w:abstractNum w:abstractNumId="3"><w:lvl w:ilvl="0"><w:start w:val="2"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="3"/></w:num></w:numbering>`
	text, err := Bytes(context.Background(), "a.docx", packed(map[string]string{"word/document.xml": body, "word/numbering.xml": numbering}))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"ỦY BAN NHÂN DÂN\nCỘNG HÒA\n", "Giao Sở Y tế\n2. Rà soát\n", "giữ    lại", "| 1 | Việc / a | Sở Y tế |"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %q", want, text)
		}
	}
	if strings.Contains(text, "bỏ đi") {
		t.Error("deleted text is read")
	}
}

// pdfOf is a small PDF whose pages say what they are given; more pages share one text.
func pdfOf(pages int, text string) []byte {
	var b bytes.Buffer
	at := []int{}
	obj := func(s string) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(at), s)
	}
	b.WriteString("%PDF-1.4\n")
	kids := strings.Builder{}
	for i := range pages {
		fmt.Fprintf(&kids, "%d 0 R ", 5+i)
	}
	obj("<</Type/Catalog/Pages 2 0 R>>")
	obj(fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", pages, kids.String()))
	obj("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
	stream := "BT /F1 12 Tf 72 720 Td (" + text + ") Tj ET"
	obj(fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(stream), stream))
	for range pages {
		obj("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 3 0 R>>>>>>")
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, o := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF", len(at)+1, xref)
	return b.Bytes()
}

var enough = strings.Repeat("Giao So Y te chu tri ra soat va bao cao. ", 8)

func TestPDF(t *testing.T) {
	text, err := Bytes(context.Background(), "a.pdf", pdfOf(1, enough))
	if err != nil || !strings.Contains(text, "Giao So Y te") {
		t.Errorf("%q, %v", text, err)
	}
	path := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(path, pdfOf(2, enough), 0o600); err != nil {
		t.Fatal(err)
	}
	pages, text, err := library(context.Background(), path)
	if err != nil || pages != 2 || strings.Count(text, "\f") != 2 || !strings.Contains(strings.ReplaceAll(text, " ", ""), "GiaoSoYte") {
		t.Errorf("the library reads %q, %v", text, err)
	}
}

// Each file that cannot be read is refused with its own sentence.
func TestRefusals(t *testing.T) {
	locked := bytes.Replace(pdfOf(1, enough), []byte("trailer<<"), []byte("trailer<</Encrypt 9 0 R"), 1)
	bomb := head + strings.Repeat(para(strings.Repeat("x", 1000)), 9000)
	deep := head + strings.Repeat("<w:p>", 500)
	for name, c := range map[string]struct {
		file string
		b    []byte
		says string
	}{
		"empty":          {"a.pdf", nil, "rỗng"},
		"encrypted":      {"a.pdf", locked, "mật khẩu"},
		"500 pages":      {"a.pdf", pdfOf(500, enough), "500 trang"},
		"corrupt pdf":    {"a.pdf", []byte("%PDF-1.4\nnothing"), "bị hỏng"},
		"scan":           {"a.pdf", pdfOf(2, ""), "bản chụp"},
		"corrupt docx":   {"a.docx", []byte("PK\x03\x04 nothing"), "bị hỏng"},
		"other zip":      {"a.docx", packed(map[string]string{"x": "y"}), "không phải văn bản Word"},
		"bomb":           {"a.docx", packed(map[string]string{"word/document.xml": bomb}), "quá mức"},
		"deep":           {"a.docx", packed(map[string]string{"word/document.xml": deep}), "quá mức"},
		"old encoding":   {"a.txt", []byte("Uy ban nh\xe2n d\xe2n"), "UTF-8"},
		"only blanks":    {"a.txt", []byte(" \n \n"), "không có chữ"},
		"another format": {"a.xlsx.exe", []byte("MZ"), "không phải"},
	} {
		_, err := Bytes(context.Background(), c.file, c.b)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
}

// without tells on the test's output that a program is missing, so that a run which could
// not try something says so (make test prints these lines), and whether it is.
func without(t *testing.T, names ...string) bool {
	t.Helper()
	var missing []string
	for _, n := range names {
		if _, err := exec.LookPath(n); err != nil {
			missing = append(missing, n)
		}
	}
	if len(missing) > 0 {
		t.Logf("NOT TRIED: %s is not on this machine; only the refusal was tested", strings.Join(missing, ", "))
	}
	return len(missing) > 0
}

// A scan is read by its pictures where the recogniser is, to the tasks it gives; without it
// the refusal says why. testdata/ban-chup.pdf is a picture of an invented letter.
func TestScan(t *testing.T) {
	b, err := os.ReadFile("testdata/ban-chup.pdf")
	if err != nil {
		t.Fatal(err)
	}
	missing := without(t, "tesseract", "pdftoppm")
	if out, err := exec.Command("tesseract", "--list-langs").CombinedOutput(); !missing && (err != nil || !strings.Contains(string(out), "vie")) {
		t.Log("NOT TRIED: tesseract has no Vietnamese data on this machine; only the refusal was tested")
		missing = true
	}
	text, err := Bytes(context.Background(), "ban-chup.pdf", b)
	if missing {
		if err == nil || !strings.Contains(err.Error(), "bản chụp") {
			t.Errorf("without a recogniser: %v", err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	d := extract.Text(text)
	if len(d.Tasks) != 2 || d.Number == nil || *d.Number != "88/UBND-VX" {
		t.Fatalf("%+v of %s", d, text)
	}
	for i, want := range []string{"2026-04-30", "2026-05-15"} {
		if p := d.Tasks[i]; p.Deadline == nil || *p.Deadline != want || len(p.Lead) != 1 {
			t.Errorf("task %d: %+v", i, p)
		}
	}
}

// A scan of more pages than are read is refused whole.
func TestLongScan(t *testing.T) {
	if without(t, "tesseract") {
		return
	}
	if _, err := scanned(context.Background(), nil, scanPages+1); err == nil || !strings.Contains(err.Error(), "đến 40 trang") {
		t.Errorf("%v", err)
	}
}

func TestOldWord(t *testing.T) {
	_, err := Bytes(context.Background(), "a.doc", []byte("\xd0\xcf\x11\xe0 nothing"))
	if err == nil {
		t.Fatal("a broken .doc is read")
	}
	if without(t, "antiword") && without(t, "catdoc") && !strings.Contains(err.Error(), "không có chương trình") {
		t.Errorf("without a program: %v", err)
	}
}

// A document of Word itself, in the binary format of Word 97 (written by LibreOffice from an
// invented text), is read by each of the two programs as what it says, marks and all.
func TestBinaryWord(t *testing.T) {
	file, err := os.ReadFile("testdata/word97.doc")
	if err != nil {
		t.Fatal(err)
	}
	if without(t, "antiword") && without(t, "catdoc") {
		return
	}
	ctx, folders := context.Background(), map[string]string{}
	for _, only := range []string{"antiword", "catdoc"} {
		if !without(t, only) {
			folders[only] = onlyProgram(t, only)
		}
	}
	for only, folder := range folders {
		t.Setenv("PATH", folder)
		// an office's own program may save it as .docx all the same
		for _, name := range []string{"a.doc", "a.docx"} {
			text, err := Bytes(ctx, name, file)
			if err != nil {
				t.Errorf("%s, %s: %v", only, name, err)
				continue
			}
			d := extract.Text(text)
			if len(d.Tasks) != 3 || d.Number == nil || *d.Number != "88/UBND-MH" || d.Tasks[0].Lead[0] != "Sở Tư pháp" || *d.Tasks[0].Deadline != "2026-03-20" || !d.Tasks[1].Request {
				t.Errorf("%s reads %q: %+v", only, text, d.Tasks)
			}
		}
		if _, err := Bytes(ctx, "a.doc", file[:len(file)/2]); err == nil || !strings.Contains(err.Error(), "bị hỏng") {
			t.Errorf("half a document with %s: %v", only, err)
		}
	}
}

// onlyProgram is a folder that holds one program of this machine.
func onlyProgram(t *testing.T, name string) (folder string) {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatal(err)
	}
	folder = t.TempDir()
	if err := os.Symlink(path, filepath.Join(folder, name)); err != nil {
		t.Fatal(err)
	}
	return folder
}

// A PDF that a password really locks, and half of it, each with its own sentence.
func TestLockedPDF(t *testing.T) {
	file, err := os.ReadFile("testdata/locked.pdf")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		b    []byte
		says string
	}{{file, "mật khẩu"}, {file[:len(file)/2], "bị hỏng"}} {
		if _, err := Bytes(context.Background(), "a.pdf", c.b); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%d bytes: %v, want %q", len(c.b), err, c.says)
		}
	}
}

// Many a .doc is rich text under the old name; catdoc reads it with its marks.
func TestRichText(t *testing.T) {
	rich := []byte(`{\rtf1\ansi\ansicpg1252 1. Giao S\u7903? Y t\u7871? ch\u7911? tr\u236? r\u224? so\u225?t tr\u7841?m y t\u7871?, b\u225?o c\u225?o tr\u432?\u7899?c ng\u224?y 30/9/2025.\par}`)
	text, err := Bytes(context.Background(), "a.doc", rich)
	if without(t, "catdoc") {
		if err == nil {
			t.Error("read without a program")
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if d := extract.Text(text); len(d.Tasks) != 1 || d.Tasks[0].Lead[0] != "Sở Y tế" || *d.Tasks[0].Deadline != "2025-09-30" {
		t.Errorf("%+v of %q", d.Tasks, text)
	}
}

func TestUTF16(t *testing.T) {
	text, err := plain([]byte("\xff\xfeS\x00\xdf\x1e"))
	if err != nil || text != "Sở" {
		t.Errorf("%q, %v", text, err)
	}
}

func FuzzDocx(f *testing.F) {
	f.Add([]byte(head + para("x") + "<w:tbl><w:tr><w:tc>" + para("y") + "</w:tc></w:tr></w:tbl>"))
	f.Fuzz(func(t *testing.T, b []byte) {
		text, err := docx(packed(map[string]string{"word/document.xml": string(b), "word/numbering.xml": string(b)}))
		if err == nil && len(text) > maxText+1<<20 {
			t.Errorf("%d bytes of text", len(text))
		}
		docx(b)
	})
}

// A broken PDF is refused in time, whatever it does to the readers: the library runs in
// a process of its own.
func FuzzPDF(f *testing.F) {
	f.Add(pdfOf(1, enough))
	f.Add([]byte("%PDF-1.4 1 0 obj<</Type/Catalog/Pages 1 0 R>>"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if !bytes.Contains(b[:min(len(b), 1024)], []byte("%PDF-")) {
			b = append([]byte("%PDF-1.4\n"), b...)
		}
		start := time.Now()
		_, err := Bytes(context.Background(), "a.pdf", b)
		if err != nil && !errors.Is(err, fault.Invalid) {
			t.Errorf("a failure, not a refusal: %v", err)
		}
		if d := time.Since(start); d > 3*programTime {
			t.Errorf("took %v", d)
		}
	})
}

func FuzzPlain(f *testing.F) {
	f.Add([]byte("Sở"))
	f.Fuzz(func(t *testing.T, b []byte) {
		Bytes(context.Background(), "a.txt", b)
		plain(b)
	})
}
