package api

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"lienthong/internal/filter"
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

// readQuery reads the parameters of the address, and refuses what the route does not take:
// a filter that is mistyped would otherwise be no filter, or one that finds nothing.
func (c *call) readQuery(rt *route) (err error) {
	c.takes = rt.query
	if c.r.URL.RawQuery == "" {
		return nil
	}
	sent, err := url.ParseQuery(c.r.URL.RawQuery)
	if err != nil {
		return &plain{http.StatusBadRequest, "", "Phần sau dấu hỏi của địa chỉ không đọc được; ghi như state=answered&late=1."}
	}
	if err := rt.query.Unknown(sent); err != nil {
		return err
	}
	c.q, err = rt.query.Read(sent)
	return err
}

// wrongWith is a refusal of parameters as the document's readers need it: with the values
// that a parameter takes.
func wrongWith(r *filter.Refused) (all []FieldError) {
	for _, w := range r.Wrong {
		say := w.Why
		if values := w.Values(); len(values) > 0 {
			say += " Giá trị dùng được: " + strings.Join(values, ", ") + "."
		}
		all = append(all, FieldError{Field: w.Name, Message: say})
	}
	return all
}

// The lengths of pages of lists.
const (
	pageShort = 25
	pageLong  = 100
)

// limit is how many items a list's page holds.
func (c *call) limit() int {
	if n, err := strconv.Atoi(c.q.Get("limit")); err == nil { // read by readQuery
		return n
	}
	return pageShort
}
