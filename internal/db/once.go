package db

import (
	"errors"
	"fmt"

	"lienthong/internal/fault"
)

// A Receipt is what a repeated request is answered from: the first answer's status,
// Location and version. Its body is read again, under today's rights.
type Receipt struct {
	Status   int // of the first answer, given again
	Location string
	Version  int64
}

// Once keeps one request from being done twice. It is called first in the update,
// with the key that came with the request, who sent it, the route and the hash of
// the body. When the key was used before for the same request, seen is the first
// answer. The same key with another body is a fault.Reused. Of two at once the second waits
// for the row of the first.
func (tx *Tx) Once(key, officer, route, body string) (seen *Receipt, err error) {
	defer fault.Wrap(&err, "idempotency key")
	n, err := tx.Exec(`
		INSERT INTO request_key (officer, key, route, body, status, location, version, at)
		VALUES ($1, $2, $3, $4, 0, '', 0, $5) ON CONFLICT (officer, key) DO NOTHING`, officer, key, route, body, tx.Now)
	if err != nil || n == 1 {
		return nil, err
	}
	var r Receipt
	var wasRoute, wasBody string
	err = tx.One(`SELECT route, body, status, location, version FROM request_key WHERE officer = $1 AND key = $2`,
		[]any{officer, key}, &wasRoute, &wasBody, &r.Status, &r.Location, &r.Version)
	if errors.Is(err, fault.NotFound) {
		return nil, fmt.Errorf("key row vanished: %w", fault.Busy)
	}
	if err != nil {
		return nil, err
	}
	if wasRoute != route || wasBody != body {
		return nil, fault.Refuse(fault.Reused, "Khóa chống gửi trùng này đã dùng cho một nội dung khác. Hãy mở lại biểu mẫu rồi gửi lại.")
	}
	return &r, nil
}

// Answered keeps the first answer with its key, in the same transaction.
func (tx *Tx) Answered(key, officer string, r Receipt) error {
	_, err := tx.Exec(`UPDATE request_key SET status = $1, location = $2, version = $3 WHERE officer = $4 AND key = $5`,
		r.Status, r.Location, r.Version, officer, key)
	return err
}
