package read

import (
	"bytes"
	"context"
	"errors"

	"lienthong/internal/fault"
)

// A file of the old Word format begins with these bytes and has at least three sectors.
const (
	oldWord   = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
	leastWord = 3 * 512
)

// whole tells a file that can be of the old Word format, or the rich text that some offices
// save under its name. catdoc prints the bytes of anything else as if they were a text.
func whole(b []byte) bool {
	return bytes.HasPrefix(b, []byte(oldWord)) && len(b) >= leastWord || bytes.HasPrefix(b, []byte(`{\rtf`))
}

// doc reads the old Word format with antiword or catdoc, where one is there.
func doc(ctx context.Context, b []byte) (text string, err error) {
	missing := true
	err = inFolder(b, "vanban.doc", func(_, path string) error {
		for _, try := range [][]string{{"antiword", "-m", "UTF-8.txt", "-w", "0", path}, {"catdoc", "-d", "utf-8", "-w", path}} {
			out, err := program(ctx, programTime, try[0], try[1:]...)
			if errors.Is(err, errMissing) {
				continue
			}
			missing = false // a program is there: what fails now is the file
			if err == nil && whole(b) && hasWords(string(out), 0) {
				text = string(out)
				return nil
			}
		}
		return nil
	})
	switch {
	case err != nil:
		return "", err
	case missing:
		return "", fault.Refuse(fault.Invalid, "máy này không có chương trình đọc tệp .doc; hãy lưu văn bản thành .docx hoặc .pdf")
	case text == "":
		return "", fault.Refuse(fault.Invalid, "tệp .doc bị hỏng hoặc đặt mật khẩu, không đọc được")
	}
	return text, nil
}
