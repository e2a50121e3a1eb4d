package db

import (
	"encoding/base64"

	"lienthong/internal/fault"
)

// Cursor writes the place of a list in order of ids: behind this one.
func Cursor(id string) string { return base64.RawURLEncoding.EncodeToString([]byte(id)) }

// After reads the id behind which a list goes on; "" for its beginning. What Cursor did not
// write is fault.Invalid.
func After(cursor string) (id string, err error) {
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(b) > 0 && !ValidID(string(b)) {
		return "", fault.Refuse(fault.Invalid, "Trang này không còn; hãy mở lại danh sách.")
	}
	return string(b), nil
}
