package workday

import (
	"testing"

	"pgregory.net/rapid"
)

func TestTypedDate(t *testing.T) {
	for _, tt := range []struct{ typed, want string }{
		{"05/03/2026", "2026-03-05"},
		{"5/3/2026", "2026-03-05"},
		{" 5-3-2026 ", "2026-03-05"},
		{"5.3.26", "2026-03-05"},
		{"05032026", "2026-03-05"},
		{"5 3 2026", "2026-03-05"},
		{"2026-03-05", "2026-03-05"},
		{"29/02/2028", "2028-02-29"},
		{"29/02/2026", ""}, // not a leap year: no other day is meant
		{"31/04/2026", ""},
		{"03/13/2026", ""}, // the month never stands first
		{"0/3/2026", ""},
		{"5/3", ""},
		{"5/3/202", ""},
		{"5/3/1776", ""},
		{"mai", ""},
		{"", ""},
	} {
		d, err := TypedDate(tt.typed)
		if d.String() != tt.want || (err == nil) != (tt.want != "") {
			t.Errorf("TypedDate(%q) = %s, %v, want %q", tt.typed, d, err, tt.want)
		}
	}
}

// What a page shows comes back as the same day.
func TestLongIsTyped(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := NewDate(rapid.IntRange(1900, 2999).Draw(t, "year"), 1, rapid.IntRange(1, 366).Draw(t, "day"))
		if got, err := TypedDate(d.Long()); d.Year() <= 2999 && (err != nil || got != d) {
			t.Fatalf("%s comes back as %s, %v", d.Long(), got, err)
		}
	})
}
