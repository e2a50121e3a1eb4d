package api

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"lienthong/internal/fault"
)

// reading returns the outermost field in which a body that was cut off ends: the one
// that made it too long.
func reading(raw []byte) (field string) {
	d := json.NewDecoder(bytes.NewReader(raw))
	depth, key := 0, true
	for {
		t, err := d.Token()
		if err != nil {
			return field
		}
		switch x := t.(type) {
		case json.Delim:
			if x == '{' || x == '[' {
				depth++
			} else {
				depth--
			}
			key = depth == 1
		case string:
			if depth == 1 && key {
				field = x
			}
			key = depth == 1 && !key
		default:
			key = depth == 1
		}
	}
}

// checkQuery refuses a parameter that the route does not have: a filter that is
// mistyped would otherwise be no filter.
func (c *call) checkQuery(rt *route) error {
	if c.r.URL.RawQuery == "" {
		return nil
	}
	for name, values := range c.r.URL.Query() {
		known := slices.ContainsFunc(rt.query, func(q param) bool { return q.name == name })
		if !known {
			return fault.Field(name, "Không có tham số nào tên là “%.60s” ở địa chỉ này.", name)
		}
		for _, v := range values {
			if !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
				return fault.Field(name, "Tham số không phải là chữ đọc được.")
			}
		}
	}
	return nil
}

// The lengths of pages of lists.
const (
	pageShort = 25
	pageLong  = 100
)

// limit is how many items a list's page holds.
func (c *call) limit() (int, error) {
	s := c.r.URL.Query().Get("limit")
	if s == "" {
		return pageShort, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > pageLong {
		return 0, fault.Field("limit", "Số mục một trang là số từ 1 đến %d.", pageLong)
	}
	return n, nil
}
