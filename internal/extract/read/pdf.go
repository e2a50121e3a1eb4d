package read

import (
	"bytes"
	"context"
	"errors"
	"strconv"
	"strings"
	"unicode"

	"lienthong/internal/fault"
)

const (
	maxPages  = 300 // pages of one PDF
	scanPages = 40  // pages that are read by their pictures
)

// pdf reads the text layer: with pdftotext where this machine has it, which keeps the
// columns, else with a library. A scan is read by tesseract where it is, with its
// Vietnamese data, and refused otherwise.
func pdf(ctx context.Context, b []byte) (text string, err error) {
	if encrypted(b) {
		return "", fault.Refuse(fault.Invalid, "tệp PDF đặt mật khẩu hoặc bị khoá, không đọc được")
	}
	pages := 0
	err = inFolder(b, "vanban.pdf", func(_, path string) error {
		if pages, err = countPages(ctx, path); err != nil || pages > maxPages {
			return err
		}
		text, err = layer(ctx, path)
		return err
	})
	switch {
	case err != nil:
		return "", fault.Refuse(fault.Invalid, "tệp PDF bị hỏng, không đọc được")
	case pages > maxPages:
		return "", fault.Refuse(fault.Invalid, "tệp PDF có %d trang, chỉ đọc văn bản đến %d trang", pages, maxPages)
	case hasWords(text, pages):
		return text, nil
	}
	return scanned(ctx, b, pages)
}

// countPages asks pdfinfo, or the library where there is none.
func countPages(ctx context.Context, path string) (int, error) {
	out, err := program(ctx, programTime, "pdfinfo", path)
	if errors.Is(err, errMissing) {
		n, _, err := library(ctx, path)
		return n, err
	}
	if err != nil {
		return 0, err
	}
	for line := range strings.SplitSeq(string(out), "\n") {
		if n, ok := strings.CutPrefix(line, "Pages:"); ok {
			return strconv.Atoi(strings.TrimSpace(n))
		}
	}
	return 0, errors.New("no count of pages")
}

// layer takes the text layer out.
func layer(ctx context.Context, path string) (string, error) {
	out, err := program(ctx, programTime, "pdftotext", "-layout", "-enc", "UTF-8", path, "-")
	if errors.Is(err, errMissing) {
		_, text, err := library(ctx, path)
		return text, err
	}
	return strings.ToValidUTF8(string(out), ""), err
}

// encrypted finds the key dictionary in the trailer; such a file opens, at best, partly.
func encrypted(b []byte) bool {
	tail := b[max(0, len(b)-4096):]
	return bytes.Contains(tail, []byte("/Encrypt")) || bytes.Contains(b, []byte("/Filter/Standard/")) && bytes.Contains(b, []byte("/Encrypt "))
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
