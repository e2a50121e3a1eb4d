package vntext

import (
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// What is taken for composed is what the tables of Unicode take for composed, beside any
// neighbour.
func TestComposedIsComposed(t *testing.T) {
	if !composed("Uỷ ban nhân dân xã Phú Thọ – “khó khăn, vướng mắc” số 12/2026…") {
		t.Error("plain Vietnamese goes the long way")
	}
	for r := rune(0); r <= utf8.MaxRune; r++ {
		if utf8.ValidRune(r) && composed(string(r)) && !(norm.NFC.IsNormalString(string(r)) && norm.NFC.PropertiesString(string(r)).BoundaryBefore()) {
			t.Fatalf("%U is not composed, or joins what stands before it", r)
		}
	}
	bytes := rapid.SliceOf(rapid.SampledFrom([]byte{'a', 'e', 0xC3, 0xAA, 0xCC, 0x81, 0xE1, 0xBA, 0xBF, 0xE2, 0x80, 0x93, 0xEF}))
	rapid.Check(t, func(t *rapid.T) {
		s := string(bytes.Draw(t, "bytes"))
		if got, want := NFC(s), norm.NFC.String(s); got != want {
			t.Fatalf("NFC(%q) = %q, want %q", s, got, want)
		}
	})
}
