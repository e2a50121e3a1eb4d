// Package read makes text of the files in which directives arrive: .txt, .docx, .pdf
// and .doc. Every limit is on bytes actually produced, so that a bomb stops early, and
// programs beside ours run without a shell, under a time limit.
//
// A file that cannot be read is refused with a sentence in Vietnamese that says why;
// the original is never changed.
package read

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"

	"lienthong/internal/fault"
)

const (
	maxFile = 64 << 20 // the largest file that is opened
	maxText = 4 << 20  // the longest text that is made of it, in bytes
)

// File reads a file by its extension and its first bytes. A refusal is a fault.Invalid
// with a sentence for the officer.
func File(ctx context.Context, path string) (text string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fault.Refuse(fault.Invalid, "không mở được tệp %s", filepath.Base(path))
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return "", fault.Refuse(fault.Invalid, "không đọc được tệp %s", filepath.Base(path))
	}
	return Bytes(ctx, filepath.Base(path), b)
}

// Bytes reads the bytes of a file whose name says what it should be.
func Bytes(ctx context.Context, name string, b []byte) (text string, err error) {
	switch {
	case len(b) == 0:
		return "", fault.Refuse(fault.Invalid, "tệp %s rỗng, không có gì để đọc", name)
	case len(b) > maxFile:
		return "", fault.Refuse(fault.Invalid, "tệp %s lớn hơn %d MB, không đọc được", name, maxFile>>20)
	}
	switch kindOf(name, b) {
	case "pdf":
		text, err = pdf(ctx, b)
	case "docx":
		text, err = docx(b)
	case "doc":
		text, err = doc(ctx, b)
	case "txt":
		text, err = plain(b)
	default:
		return "", fault.Refuse(fault.Invalid, "tệp %s không phải .txt, .docx, .pdf hay .doc", name)
	}
	if err != nil {
		return "", err
	}
	if strings.TrimSpace(text) == "" {
		return "", fault.Refuse(fault.Invalid, "tệp %s không có chữ nào để đọc", name)
	}
	if len(text) > maxText {
		text = strings.ToValidUTF8(text[:maxText], "")
	}
	return text, nil
}

// kindOf trusts the first bytes before the name: mail programs rename files.
func kindOf(name string, b []byte) string {
	head := string(b[:min(len(b), 1024)])
	ext := strings.ToLower(filepath.Ext(name))
	switch {
	case strings.Contains(head, "%PDF-"):
		return "pdf"
	case strings.HasPrefix(head, "PK\x03\x04"):
		return "docx"
	case strings.HasPrefix(head, "\xd0\xcf\x11\xe0"):
		return "doc"
	case ext == ".pdf", ext == ".docx", ext == ".doc":
		return ext[1:]
	case ext == ".txt", ext == ".md", ext == ".text", ext == "":
		return "txt"
	}
	return ""
}
