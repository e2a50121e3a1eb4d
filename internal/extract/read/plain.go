package read

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"lienthong/internal/fault"
)

// plain reads UTF-8, with or without its mark, and UTF-16 with its mark. Old encodings
// (TCVN3, VNI, Windows-1258) are refused rather than guessed.
func plain(b []byte) (string, error) {
	switch {
	case len(b) > 1 && (b[0] == 0xFF && b[1] == 0xFE || b[0] == 0xFE && b[1] == 0xFF):
		return wide(b[2:], b[0] == 0xFF), nil
	case len(b) > 2 && b[0] == 0xEF && b[1] == 0xBB && b[2] == 0xBF:
		b = b[3:]
	}
	if len(b) > maxText {
		b = []byte(strings.ToValidUTF8(string(b[:maxText]), ""))
	}
	if !utf8.Valid(b) || strings.IndexByte(string(b), 0) >= 0 {
		return "", fault.Refuse(fault.Invalid, "tệp văn bản không theo mã Unicode (UTF-8), hãy lưu lại theo UTF-8")
	}
	return string(b), nil
}

// wide reads UTF-16 in either order.
func wide(b []byte, little bool) string {
	if len(b) > maxText {
		b = b[:maxText]
	}
	u := make([]uint16, 0, len(b)/2)
	for i := 0; i+1 < len(b); i += 2 {
		if little {
			u = append(u, uint16(b[i])|uint16(b[i+1])<<8)
		} else {
			u = append(u, uint16(b[i+1])|uint16(b[i])<<8)
		}
	}
	return string(utf16.Decode(u))
}
