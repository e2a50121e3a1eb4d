package casefile

import (
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"sync"

	"lienthong/internal/db"
)

// On SQLite the bytes and the text of an event are kept packed (DEFLATE), because they
// are most of what an office stores; PostgreSQL packs long values by itself. What was
// hashed comes out byte for byte: Unpack gives it back, and whoever verifies hashes
// that.

// packedMark begins what is packed; no JSON and no text begins with it.
const packedMark = 0

// packWorth is the length in bytes from which packing pays.
const packWorth = 200

var packers = sync.Pool{New: func() any {
	w, err := flate.NewWriter(io.Discard, flate.BestSpeed)
	if err != nil {
		panic(err) // the level is a constant of the library
	}
	return w
}}

// pack returns b as it is stored: packed where that is shorter.
func pack(tx *db.Tx, b []byte) []byte {
	if tx.Postgres() || len(b) < packWorth {
		return b
	}
	out := bytes.NewBuffer(make([]byte, 0, len(b)))
	out.WriteByte(packedMark)
	w := packers.Get().(*flate.Writer)
	defer packers.Put(w)
	w.Reset(out)
	if _, err := w.Write(b); err != nil {
		return b // a buffer takes every write
	}
	if err := w.Close(); err != nil || out.Len() >= len(b) {
		return b
	}
	return out.Bytes()
}

// packText is pack for a text: what is not packed stays a text; "" is NULL.
func packText(tx *db.Tx, text string) any {
	if text == "" {
		return nil
	}
	if p := pack(tx, []byte(text)); len(p) > 0 && p[0] == packedMark {
		return p
	}
	return text
}

// longestPacked bounds what Unpack gives, in bytes: a damaged row must not fill memory.
const longestPacked = 16 << 20

// Unpack returns the exact bytes that were hashed, from an event's stored ones.
func Unpack(stored []byte) ([]byte, error) {
	if len(stored) == 0 || stored[0] != packedMark {
		return stored, nil
	}
	r := flate.NewReader(bytes.NewReader(stored[1:]))
	b, err := io.ReadAll(io.LimitReader(r, longestPacked))
	if err != nil {
		return nil, fmt.Errorf("event bytes: %w", err)
	}
	return b, nil
}

// A StoredText scans the text of an event, packed or not; NULL is "".
type StoredText string

// Scan implements sql.Scanner.
func (t *StoredText) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*t = ""
	case string:
		*t = StoredText(v)
	case []byte:
		b, err := Unpack(v)
		if err != nil {
			return err
		}
		*t = StoredText(b)
	default:
		return fmt.Errorf("text from %T", v)
	}
	return nil
}
