package paper

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
)

// printed is the text of each page of a document's PDF, as poppler reads it. With
// LT_PAPER_OUT the file stays there to be looked at.
func printed(t *testing.T, name string, d *Document) []string {
	t.Helper()
	var b bytes.Buffer
	if err := PDF(&b, d); err != nil {
		t.Fatal(err)
	}
	dir := os.Getenv("LT_PAPER_OUT")
	if dir == "" {
		dir = t.TempDir()
	}
	at := filepath.Join(dir, name+".pdf")
	if err := os.WriteFile(at, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("pdftotext is not installed (Debian: poppler-utils): the text of the PDF was not read")
	}
	out, err := exec.CommandContext(context.Background(), "pdftotext", "-layout", at, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\f"), "\f")
}

func squeezed(s string) string { return strings.Join(strings.Fields(s), " ") }

func TestLetter(t *testing.T) {
	pages := printed(t, "letter", sample())
	if len(pages) != 1 {
		t.Fatalf("%d pages, want 1", len(pages))
	}
	text := squeezed(pages[0])
	for _, want := range []string{nation, motto, "Số: 437/SNNMT-QLĐĐ", "Phú Thọ, ngày 09 tháng 02 năm 2026", "V/v trả lời kiến nghị", "ẵm ngửa, mỹ mãn", "Kính gửi: Ủy ban nhân dân xã Hạ Hòa",
		"KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Nguyễn Thị Ỷ Đức", "Nơi nhận:", "- Lưu: VT, QLĐĐ.", "Mã theo dõi KN-0437/2026"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not on the page:\n%s", want, pages[0])
		}
	}
}

// A long paper numbers its pages from the second on, keeps two lines of text with the
// signature, and begins its annex anew, lying.
func TestLongPaper(t *testing.T) {
	pages := printed(t, "long", long())
	if len(pages) < 4 {
		t.Fatalf("%d pages", len(pages))
	}
	for i, p := range pages {
		first, _, _ := strings.Cut(strings.TrimSpace(p), "\n")
		annex := strings.Contains(p, "Phụ lục I")
		switch {
		case i == 0 && !strings.Contains(first, "Dự thảo, bản 3"):
			t.Errorf("the first page begins with %q", first)
		case i > 0 && !annex && !isNumber(first):
			t.Errorf("page %d begins with %q, not with a number", i+1, first)
		case annex && isNumber(first):
			t.Error("the first page of an annex has a number")
		case strings.Contains(p, "Nguyễn Thị Ỷ Đức") && !strings.Contains(p, "quyết định"):
			t.Error("the signature stands on a page without text")
		}
	}
}

func isNumber(s string) bool {
	s = strings.TrimSpace(s)
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return !unicode.IsDigit(r) }) < 0
}

// Whatever is in a text, there is a PDF and a DOCX: nothing a person types stops a print.
func TestOddTexts(t *testing.T) {
	for _, s := range []string{"", "\x00\x01", strings.Repeat("x", 5000), strings.Repeat("Đ ", 5000), "😀 mặt cười", "a\u202Eb", "<w:p>&amp;{{.X}}</w:p>", strings.Repeat("\n", 300)} {
		d := sample()
		d.Subject, d.Unit, d.To, d.Signer = s, s, []string{s, s}, s
		d.Body = []Block{{Heading: s, Text: s, Table: &Table{Head: []string{s, "b"}, Rows: [][]string{{s}, {s, s, s}}}, Lines: 3}}
		var b bytes.Buffer
		if err := PDF(&b, d); err != nil {
			t.Errorf("pdf of %.20q: %v", s, err)
		}
		b.Reset()
		if err := DOCX(&b, d); err != nil {
			t.Errorf("docx of %.20q: %v", s, err)
		}
		if _, err := texts(b.Bytes()); err != nil {
			t.Errorf("docx of %.20q: %v", s, err)
		}
	}
}

func BenchmarkPDF(b *testing.B) {
	for b.Loop() {
		if err := PDF(&bytes.Buffer{}, sample()); err != nil {
			b.Fatal(err)
		}
	}
}
