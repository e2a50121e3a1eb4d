package signoff_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lienthong/internal/signoff"
)

func shown(all []signoff.Piece) string {
	var b strings.Builder
	for _, p := range all {
		switch {
		case p.Old:
			b.WriteString("[-" + p.Text + "]")
		case p.New:
			b.WriteString("[+" + p.Text + "]")
		default:
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

func TestDiff(t *testing.T) {
	tests := []struct{ name, old, text, want string }{
		{"nothing changed", "Sở trả lời như sau.", "Sở trả lời như sau.", "Sở trả lời như sau."},
		{"a word put in", "Sở trả lời sau.", "Sở trả lời như sau.", "Sở trả lời [+như ]sau."},
		{"a word taken out", "Sở đã trả lời.", "Sở trả lời.", "Sở [-đã ]trả lời."},
		{"a word replaced", "hạn 5 ngày làm việc", "hạn 7 ngày làm việc", "hạn [-5 ][+7 ]ngày làm việc"},
		{"a text where there was none", "", "Nội dung", "[+Nội dung]"},
		{"a text emptied", "Nội dung", "", "[-Nội dung]"},
		{"two places", "a b c d e", "a x c y e", "a [-b ][+x ]c [-d ][+y ]e"},
	}
	for _, tt := range tests {
		if got := shown(signoff.Diff(tt.old, tt.text)); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// Both texts can be read back from the pieces, also past the bound of the comparison.
func TestDiffLosesNothing(t *testing.T) {
	word := rapid.SampledFrom([]string{"sở ", "xã\n", "hạn  ", "ngày ", "việc", " ", "\n\n"})
	text := rapid.Custom(func(r *rapid.T) string { return strings.Join(rapid.SliceOfN(word, 0, 40).Draw(r, "words"), "") })
	both := func(t rapid.TB, old, text string) {
		var a, b strings.Builder
		for _, p := range signoff.Diff(old, text) {
			if !p.New {
				a.WriteString(p.Text)
			}
			if !p.Old {
				b.WriteString(p.Text)
			}
		}
		if a.String() != old || b.String() != text {
			t.Fatalf("%q and %q became %q and %q", old, text, a.String(), b.String())
		}
	}
	rapid.Check(t, func(r *rapid.T) { both(r, text.Draw(r, "old"), text.Draw(r, "new")) })
	both(t, strings.Repeat("một hai ", 3000), strings.Repeat("ba bốn ", 3000))
}
