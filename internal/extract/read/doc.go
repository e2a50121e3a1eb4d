package read

import (
	"context"
	"errors"

	"lienthong/internal/fault"
)

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
			if err == nil && len(out) > 0 {
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
