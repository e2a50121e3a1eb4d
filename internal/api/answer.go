package api

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"lienthong/internal/fault"
)

// ifMatch reads the version a sender saw: the tag of an answer, or * for any.
func ifMatch(h string) (int64, error) {
	if h == "" || h == "*" {
		return 0, nil
	}
	n, err := strconv.ParseInt(strings.Trim(h, `"`), 10, 64)
	if err != nil || n < 1 || len(h) < 3 || h[0] != '"' || h[len(h)-1] != '"' {
		return 0, fault.Field("If-Match", "Đầu mục If-Match phải là một nhãn phiên bản như \"3\", lấy từ ETag của lần đọc trước.")
	}
	return n, nil
}

// A version as an ETag: quoted, as RFC 9110 wants a strong one.
func tag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// A done is what a changing request answers.
type done struct {
	status   int    // HTTP, 200 unless said
	location string // of what was made or changed; also where a repeat is read again
	version  int64  // of the row after the act, for its ETag
	body     any    // what a GET at the same address would give
}

// answer writes a body as JSON.
func (c *call) answer(status int, version int64, body any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	if version > 0 {
		c.w.Header().Set("ETag", tag(version))
	}
	c.send(status, "application/json", raw)
	return nil
}

// send writes the answer; what the connection says of it is no matter of ours.
func (c *call) send(status int, media string, raw []byte) {
	c.status = status
	c.w.Header().Set("Content-Type", media)
	c.w.Header().Set("Content-Length", strconv.Itoa(len(raw)))
	c.w.WriteHeader(status)
	_, _ = c.w.Write(raw)
}
