package route

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The table of letters spells as the tables of Unicode do, in parts or in one.
func TestMarksAsUnicodeHasThem(t *testing.T) {
	spelt := func(s string) string {
		base, tone := apart(strings.ToLower(s))
		return base + tail(tone)
	}
	for r := rune(0x80); r < 0x2100; r++ {
		for _, s := range []string{"x" + string(r), string(r) + "i", "A" + string(r) + "ệ"} {
			if got, want := marks(s), spelt(s); got != want {
				t.Fatalf("%q is spelt %q, not %q", s, got, want)
			}
		}
	}
	some := rapid.StringOf(rapid.SampledFrom([]rune("aăâeêiíịoôơuưyỳđĐỆẬ\u0301\u0323\u0302\u031b中x9")))
	rapid.Check(t, func(t *rapid.T) {
		s := some.Draw(t, "syllable")
		if got, want := marks(s), spelt(s); got != want {
			t.Fatalf("%q is spelt %q, not %q", s, got, want)
		}
	})
	if marks("hoà") != marks("hòa") || marks("sĩ") != marks("sỹ") || marks("chợ") == marks("cho") {
		t.Error("the tone or the i is not taken")
	}
}

// A row of letters without end costs what one look at it costs: mending it once took the
// square of its length, twenty gigabytes for a request of one megabyte.
func TestARowOfLettersIsNotMended(t *testing.T) {
	m, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	row := []token{{raw: "x", fold: strings.Repeat("x", 2000)}}
	if n := testing.AllocsPerRun(3, func() { m.mend(row) }); n > 10 {
		t.Errorf("mending 2,000 letters in a row allocates %.0f times", n)
	}
}
