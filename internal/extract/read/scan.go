package read

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"lienthong/internal/fault"
)

// scanned reads a scan by its pictures where pdftoppm and tesseract with Vietnamese are
// on this machine.
func scanned(ctx context.Context, b []byte) (string, error) {
	refusal := fault.Refuse(fault.Invalid, "tệp PDF là bản chụp, không có lớp chữ; máy này không có chương trình nhận dạng chữ tiếng Việt")
	langs, err := program(ctx, programTime, "tesseract", "--list-langs")
	if err != nil || !strings.Contains(string(langs), "vie") {
		return "", refusal
	}
	var out strings.Builder
	err = inFolder(b, "vanban.pdf", func(dir, path string) error {
		if _, err := program(ctx, scanTime, "pdftoppm", "-r", "200", "-gray", "-l", "40", path, filepath.Join(dir, "trang")); err != nil {
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
	case err != nil || !hasWords(out.String(), 1):
		return "", fault.Refuse(fault.Invalid, "tệp PDF là bản chụp, không nhận dạng được chữ")
	}
	return out.String(), nil
}
