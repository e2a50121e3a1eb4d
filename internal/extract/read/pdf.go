package read

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sort"
	"strings"
	"unicode"

	pdflib "github.com/ledongthuc/pdf"

	"lienthong/internal/fault"
)

const (
	maxPages  = 300 // pages of one PDF
	scanPages = 40  // pages that are read by their pictures
)

// pdf reads the text layer: with pdftotext where this machine has it, which keeps the
// columns, else with a library. A scan is read by tesseract where it is, with its
// Vietnamese data, and refused otherwise.
func pdf(ctx context.Context, b []byte) (string, error) {
	if encrypted(b) {
		return "", fault.Refuse(fault.Invalid, "tệp PDF đặt mật khẩu hoặc bị khoá, không đọc được")
	}
	pages, err := countPages(b)
	if err == nil && pages > maxPages {
		return "", fault.Refuse(fault.Invalid, "tệp PDF có %d trang, chỉ đọc văn bản đến %d trang", pages, maxPages)
	}
	text, err := layer(ctx, b)
	if err != nil {
		return "", fault.Refuse(fault.Invalid, "tệp PDF bị hỏng, không đọc được")
	}
	if hasWords(text, pages) {
		return text, nil
	}
	return scanned(ctx, b)
}

// layer takes the text layer out.
func layer(ctx context.Context, b []byte) (text string, err error) {
	err = inFolder(b, "vanban.pdf", func(_, path string) error {
		out, err := program(ctx, programTime, "pdftotext", "-layout", "-enc", "UTF-8", "-l", fmt.Sprint(maxPages), path, "-")
		text = string(out)
		return err
	})
	if errors.Is(err, errMissing) {
		return library(b)
	}
	return strings.ToValidUTF8(text, ""), err
}

// encrypted finds the key dictionary in the trailer; such a file opens, at best, partly.
func encrypted(b []byte) bool {
	tail := b[max(0, len(b)-4096):]
	return bytes.Contains(tail, []byte("/Encrypt")) || bytes.Contains(b, []byte("/Filter/Standard/")) && bytes.Contains(b, []byte("/Encrypt "))
}

// countPages opens the file with the library, which may panic on a broken one.
func countPages(b []byte) (n int, err error) {
	defer recovered(&err)
	r, err := pdflib.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return 0, err
	}
	return r.NumPage(), nil
}

func recovered(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("the file breaks the reader: %v", p)
	}
}

// library reads with the Go library: the words of each page by where they stand.
func library(b []byte) (text string, err error) {
	defer recovered(&err)
	r, err := pdflib.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return "", err
	}
	var out strings.Builder
	for i := 1; i <= min(r.NumPage(), maxPages) && out.Len() < maxText; i++ {
		p := r.Page(i)
		if p.V.IsNull() {
			continue
		}
		rows, err := p.GetTextByRow()
		if err != nil {
			return "", err
		}
		sort.SliceStable(rows, func(i, j int) bool { return rows[i].Position > rows[j].Position })
		for _, row := range rows {
			out.WriteString(rowText(row.Content))
			out.WriteString("\n")
		}
		out.WriteString("\f")
	}
	return out.String(), nil
}

// rowText sets blanks where words stand apart, more where columns do.
func rowText(words pdflib.TextHorizontal) string {
	var b strings.Builder
	end := 0.0
	for i, w := range words {
		if gap := w.X - end; i > 0 && gap > w.FontSize*3 {
			b.WriteString("      ")
		} else if i > 0 && gap > w.FontSize*0.15 {
			b.WriteString(" ")
		}
		b.WriteString(w.S)
		end = w.X + w.W
	}
	return b.String()
}

// hasWords tells a text layer from the stamps that a scan carries: a page of a letter
// has some hundreds of letters.
func hasWords(text string, pages int) bool {
	letters := 0
	for _, r := range text {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	return letters >= 150 || letters >= 40*max(pages, 1)
}
