package db

import (
	"fmt"
	"time"
)

// instantLayout has a fixed width, so that text order is time order on both databases.
const instantLayout = "2006-01-02T15:04:05.000Z"

// FormatInstant writes t as the text both databases store (UTC, milliseconds).
func FormatInstant(t time.Time) string { return t.UTC().Format(instantLayout) }

// ParseInstant reads what FormatInstant wrote.
func ParseInstant(s string) (time.Time, error) { return time.Parse(instantLayout, s) }

// Instant scans a stored instant into t; NULL and the empty text become the zero time.
// Arguments need no wrapper: a time.Time is stored as an instant, its zero as NULL.
func Instant(t *time.Time) any { return (*instant)(t) }

// An instant of the store between the form of its text and time.Time.
type instant time.Time

// Scan implements sql.Scanner.
func (i *instant) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*i = instant{}
		return nil
	case string:
		return i.parse(v)
	case []byte:
		return i.parse(string(v))
	case time.Time:
		*i = instant(v)
		return nil
	}
	return fmt.Errorf("instant from %T", v)
}

// The empty text is the zero time in both directions.
func (i *instant) parse(s string) error {
	if s == "" {
		*i = instant{}
		return nil
	}
	t, err := ParseInstant(s)
	if err != nil {
		return err
	}
	*i = instant(t)
	return nil
}

// storable turns Go values into what both drivers store alike: an instant becomes
// its text, its zero NULL. It copies before it changes anything: args may be the caller's own
// slice, used again when the update is retried.
func storable(args []any) []any {
	out := args
	for i, a := range args {
		t, ok := a.(time.Time)
		if !ok {
			continue
		}
		if &out[0] == &args[0] {
			out = append([]any(nil), args...)
		}
		out[i] = nil
		if !t.IsZero() {
			out[i] = FormatInstant(t)
		}
	}
	return out
}
