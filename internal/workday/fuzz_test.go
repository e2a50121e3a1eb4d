package workday

import (
	"testing"
	"time"
)

// Whatever is written is a day that writes itself so, or is refused.
func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2026-02-10", "2026-02-30", "0000-01-01", "9999-12-31", "10000-01-01", "2026-2-1", "", "2026-02-10 "} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDate(s)
		if err == nil && d.String() != s {
			t.Errorf("ParseDate(%q) = %s", s, d)
		}
	})
}

// A limit that can be read can be reckoned, in the time that a person waits.
func FuzzReckon(f *testing.F) {
	for _, s := range []string{"7wd", "8wh", "15d", "3650d", "2000wd", "9999wd", "99999wd", "9999999wd", "9999999wh", "999999999d", "0wd"} {
		f.Add(s, int64(0))
		f.Add(s, int64(253402300799))
	}
	f.Fuzz(func(t *testing.T, s string, at int64) {
		l, err := ParseLimit(s)
		if err != nil {
			return
		}
		began := time.Now()
		due, err := Reckon(Revision{}, time.Unix(at%253402300799, 0), l, nil, nil)
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("Reckon(%s) took %s", s, took)
		}
		if err == nil && !due.IsZero() && len(due.Reckoning) > 0 && due.Reckoning[len(due.Reckoning)-1].N < 0 {
			t.Errorf("Reckon(%s) counts to %d", s, due.Reckoning[len(due.Reckoning)-1].N)
		}
	})
}
