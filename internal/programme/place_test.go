package programme

import (
	"testing"

	"pgregory.net/rapid"

	"lienthong/internal/workday"
)

func TestParsePlace(t *testing.T) {
	tests := []struct{ text, from, until, say string }{
		{"2026", "2026-01-01", "2026-12-31", "năm 2026"},
		{"2026-H2", "2026-07-01", "2026-12-31", "6 tháng cuối năm 2026"},
		{"2026-Q2", "2026-04-01", "2026-06-30", "quý II năm 2026"},
		{"2026-02", "2026-02-01", "2026-02-28", "tháng 02/2026"},
		{"2026-W01", "2025-12-29", "2026-01-04", "tuần 1 (29/12 – 04/01/2026)"},
		{"2020-W53", "2020-12-28", "2021-01-03", "tuần 53 (28/12 – 03/01/2021)"},
		{"2026-05-18", "2026-05-18", "2026-05-18", "thứ Hai 18/05/2026"},
		{"2026-05-18/2026-05-20", "2026-05-18", "2026-05-20", "18/05/2026 – 20/05/2026"},
	}
	for _, tt := range tests {
		p, err := ParsePlace(tt.text)
		if err != nil || p.From.String() != tt.from || p.Until.String() != tt.until || p.Say() != tt.say || p.String() != tt.text {
			t.Errorf("%s: %v %s–%s %q %q", tt.text, err, p.From, p.Until, p.Say(), p.String())
		}
	}
	for _, bad := range []string{"", "26", "1999", "2026-Q5", "2026-13", "2026-W00", "2026-W54", "2026-02-30", "2026-05-20/2026-05-18", "2026-05-18/2026-12-20", "2026-5", "thứ Hai"} {
		if p, err := ParsePlace(bad); err == nil {
			t.Errorf("%q is read as %v", bad, p)
		}
	}
}

// Every day lies in the place of each grain; places of a grain follow each other without
// gaps, and each is read back from what it writes.
func TestPlacesFollowEachOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := workday.MustDate("2001-01-01").AddDays(rapid.IntRange(0, 60_000).Draw(t, "day"))
		grain := rapid.SampledFrom([]string{Year, Half, Quarter, Month, OneWeek, Day}).Draw(t, "grain")
		p := PlaceOf(grain, day)
		if !p.Holds(PlaceOf(Day, day)) || p.Next().From != p.Until.AddDays(1) || p.Next().Back() != p {
			t.Fatalf("%s %s: %v, %v", grain, day, p, p.Next())
		}
		if back, err := ParsePlace(p.String()); err != nil || back != p {
			t.Fatalf("%s: %v, %v", p, back, err)
		}
		if !PlaceOf(Year, day).narrower(PlaceOf(Month, day)) || !PlaceOf(Month, day).narrower(PlaceOf(OneWeek, day)) || PlaceOf(Day, day).narrower(PlaceOf(Month, day)) {
			t.Fatalf("%s: the finer place is not inside the coarser", day)
		}
	})
}
