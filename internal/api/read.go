package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"lienthong/internal/fault"
)

// maxBody bounds a JSON body. The longest text a form takes is far below it; files go
// through /uploads.
const maxBody = 1 << 20

// read decodes the body into in. What cannot be read, is not known or is of another
// type is refused by its name; an empty body is an empty object.
func (c *call) read(in any) error {
	// a body without a type is taken for JSON, which is all that is spoken here
	if ct := c.r.Header.Get("Content-Type"); ct != "" {
		if media, _, err := mime.ParseMediaType(ct); err != nil || media != "application/json" {
			return &plain{http.StatusUnsupportedMediaType, "", "Nội dung gửi lên phải là application/json."}
		}
	}
	// the bytes are kept, because the key's hash is of what was sent and not of what was
	// understood
	raw, err := io.ReadAll(io.LimitReader(c.r.Body, maxBody+1))
	switch {
	case len(raw) > maxBody:
		c.drain()
		return &plain{http.StatusRequestEntityTooLarge, reading(raw), "Nội dung gửi lên dài quá 1 MB; hãy đưa phần dài vào tệp kèm theo."}
	case err != nil:
		return &plain{http.StatusBadRequest, "", "Không nhận được trọn nội dung gửi lên."}
	}
	c.body = raw
	return decode(raw, in)
}

// drained is how much of a body too long is still taken in, and thrown away.
const drained = 32 << 20

// drain takes in the rest of a body that is refused for its length: whoever is still sending when
// the connection is closed never reads why.
func (c *call) drain() {
	_, _ = io.Copy(io.Discard, io.LimitReader(c.r.Body, drained)) // the refusal stands, whatever comes
}

// decode is strict: what a program misspells must not be dropped in silence.
func decode(raw []byte, in any) error {
	// an act that says everything by its name needs no "{}"
	if len(bytes.TrimSpace(raw)) == 0 {
		return nil
	}
	if !utf8.Valid(raw) {
		return &plain{http.StatusBadRequest, "", "Nội dung gửi lên không phải là UTF-8."}
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(in); err != nil {
		return misread(err)
	}
	// a second object after the first would be dropped in silence
	if _, err := d.Token(); err != io.EOF {
		return &plain{http.StatusBadRequest, "", "Sau nội dung JSON còn có chữ thừa."}
	}
	if field := controls(raw, in); field != "" {
		return fault.Field(field, "Nội dung có ký tự điều khiển không lưu được.")
	}
	return nil
}

// misread says in Vietnamese what the decoder did not understand.
func misread(err error) error {
	var kind *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	unknown, isUnknown := strings.CutPrefix(err.Error(), "json: unknown field ")
	switch {
	case errors.As(err, &kind) && kind.Field == "":
		return &plain{http.StatusUnprocessableEntity, "", "Nội dung gửi lên phải là một đối tượng JSON {…}."}
	case errors.As(err, &kind):
		return fault.Field(kind.Field, "Trường này phải là %s.", wanted(kind.Type))
	case errors.As(err, &syntax):
		return &plain{http.StatusBadRequest, "", "JSON sai ở ký tự thứ " + strconv.FormatInt(syntax.Offset, 10) + "."}
	case isUnknown:
		name := strings.Trim(unknown, `"`)
		return fault.Field(name, "Không có trường nào tên là “%.60s”; hãy xem /openapi.json.", name)
	}
	return &plain{http.StatusBadRequest, "", "JSON gửi lên không đọc được trọn vẹn."}
}

// wanted names a type of JSON in Vietnamese.
func wanted(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Bool:
		return "true hoặc false"
	case reflect.Slice:
		return "một danh sách [...]"
	case reflect.Struct, reflect.Map:
		return "một đối tượng {...}"
	case reflect.Int, reflect.Int64:
		return "một số nguyên"
	}
	return "một chuỗi chữ"
}

// controls finds the first field with a NUL, which no database text can hold.
func controls(raw []byte, in any) (field string) {
	// nearly every body ends here: the search below is slow and names the field
	if !bytes.Contains(raw, []byte(`\u0000`)) {
		return ""
	}
	v := reflect.Indirect(reflect.ValueOf(in))
	for i := range v.NumField() {
		f := reflect.Indirect(v.Field(i))
		if !f.IsValid() {
			continue
		}
		text, err := json.Marshal(f.Interface())
		var back any
		if err == nil && json.Unmarshal(text, &back) == nil && holdsNUL(back) {
			name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
			return name
		}
	}
	return ""
}

// NUL is text in JSON and in SQLite but not in PostgreSQL: refused at the door, so that both stores take
// the same.
func holdsNUL(v any) bool {
	switch v := v.(type) {
	case string:
		return strings.ContainsRune(v, 0)
	case []any:
		return slices.ContainsFunc(v, holdsNUL)
	case map[string]any:
		for _, x := range v {
			if holdsNUL(x) {
				return true
			}
		}
	}
	return false
}
