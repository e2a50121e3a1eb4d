package read

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"lienthong/internal/fault"
)

// longSide bounds a page's picture in pixels, A4 at 200 to the inch: a page that says it is
// as large as a house takes no more memory than a letter.
const longSide = "2339"

// scanned reads a scan by its pictures where pdftoppm and tesseract with Vietnamese are
// on this machine. All pages together have one time; a scan of more pages than are read is
// refused rather than read in part, since nobody would see that its end is missing.
func scanned(ctx context.Context, b []byte, pages int) (string, error) {
	refusal := fault.Refuse(fault.Invalid, "tệp PDF là bản chụp, không có lớp chữ; máy này không có chương trình nhận dạng chữ tiếng Việt")
	langs, err := program(ctx, programTime, "tesseract", "--list-langs")
	if err != nil || !strings.Contains(string(langs), "vie") {
		return "", refusal
	}
	if pages > scanPages {
		return "", fault.Refuse(fault.Invalid, "tệp PDF là bản chụp %d trang; máy này chỉ nhận dạng chữ của bản chụp đến %d trang", pages, scanPages)
	}
	ctx, cancel := context.WithTimeout(ctx, wholeScan)
	defer cancel()
	var out strings.Builder
	err = inFolder(b, "vanban.pdf", func(dir, path string) error {
		if _, err := program(ctx, scanTime, "pdftoppm", "-scale-to", longSide, "-gray", "-l", strconv.Itoa(scanPages), path, filepath.Join(dir, "trang")); err != nil {
			return err
		}
		pictures, err := filepath.Glob(filepath.Join(dir, "trang*.pgm"))
		if err != nil {
			return err
		}
		sort.Strings(pictures) // pdftoppm pads the page numbers
		for _, p := range pictures[:min(len(pictures), scanPages)] {
			text, err := program(ctx, scanTime, "tesseract", p, "stdout", "-l", "vie", "--psm", "4", "-c", "preserve_interword_spaces=1")
			if err != nil {
				return err
			}
			os.Remove(p)
			out.Write(text)
			out.WriteString("\f")
		}
		return nil
	})
	switch {
	case errors.Is(err, errMissing):
		return "", refusal
	case ctx.Err() != nil:
		return "", fault.Refuse(fault.Invalid, "nhận dạng chữ của bản chụp quá lâu; hãy dán toàn văn vào ô nhập")
	case err != nil || !hasWords(out.String(), 1):
		return "", fault.Refuse(fault.Invalid, "tệp PDF là bản chụp, không nhận dạng được chữ")
	}
	return out.String(), nil
}
