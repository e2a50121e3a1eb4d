package vntext

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"Số 06/2026/QĐ-UBND":                     "so 06 2026 qd ubnd",
		"ĐƯỜNG Nguyễn Huệ":                       "duong nguyen hue",
		"  khó khăn,\n\tvướng mắc…  kiến nghị! ": "kho khan vuong mac kien nghi",
		"ỦY BAN ủy ban Uỷ ban":                   "uy ban uy ban uy ban",
		"a\u200bb":                               "ab",
		"":                                       "",
		"…":                                      "",
		"Привет":                                 "привет",
		"ＡＢ１":                                    "ab1",
		"\xff\xfe":                               "",
	} {
		for _, form := range []string{in, norm.NFD.String(in), norm.NFC.String(in)} {
			if got := Fold(form); got != want {
				t.Errorf("Fold(%q) = %q, want %q", form, got, want)
			}
		}
	}
	// Every letter of the alphabet, every tone, both cases.
	for _, row := range []string{"aàáảãạăằắẳẵặâầấẩẫậ", "eèéẻẽẹêềếểễệ", "iìíỉĩị", "oòóỏõọôồốổỗộơờớởỡợ", "uùúủũụưừứửữự", "yỳýỷỹỵ", "dđ"} {
		for _, r := range row {
			if got := Fold(strings.ToUpper(string(r))); got != row[:1] {
				t.Errorf("%c folds to %q, want %q", r, got, row[:1])
			}
		}
	}
}

func TestFoldProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		f := Fold(s)
		if Fold(f) != f {
			t.Fatalf("folding twice: %q, %q", f, Fold(f))
		}
		if f != strings.Join(strings.Fields(f), " ") || !utf8.ValidString(f) {
			t.Fatalf("%q folds to %q", s, f)
		}
	})
}

func TestWordsAndPhrase(t *testing.T) {
	if w := Words("Trả lời, UBND xã"); !slices.Equal(w, []string{"tra", "loi", "ubnd", "xa"}) {
		t.Errorf("Words = %q", w)
	}
	for phrase, want := range map[string]bool{"ung thư": true, "UNG THU": true, "thu": true, "ung th": false, "": false, "…": false} {
		if got := Phrase("Bệnh ung thư vú", phrase); got != want {
			t.Errorf("Phrase(%q) = %v, want %v", phrase, got, want)
		}
	}
}

func TestTruncate(t *testing.T) {
	for _, tt := range []struct {
		in   string
		n    int
		want string
	}{
		{"Máy quét hỏng", 20, "Máy quét hỏng"},
		{"Máy quét hỏng", 13, "Máy quét hỏng"},
		{"Máy quét hỏng", 12, "Máy quét…"},
		{norm.NFD.String("Máy quét hỏng"), 12, "Máy quét…"},
		{"Nghiêngngảnghiêng", 5, "Nghi…"},
		{"Máy", 0, ""},
	} {
		if got := Truncate(tt.in, tt.n); got != tt.want {
			t.Errorf("Truncate(%q, %d) = %q, want %q", tt.in, tt.n, got, tt.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s, n := rapid.String().Draw(t, "s"), rapid.IntRange(0, 20).Draw(t, "n")
		letters := 0
		for _, r := range Truncate(s, n) {
			if !hidden(r) {
				letters++
			}
		}
		if letters > n {
			t.Fatalf("%d letters, want at most %d", letters, n)
		}
	})
}

func TestIsBlank(t *testing.T) {
	for s, want := range map[string]bool{"": true, " \t\n": true, "\u00a0\u200b\ufeff": true, "\u0301": true, "\u3164": true, ".": false, "ạ": false} {
		if IsBlank(s) != want {
			t.Errorf("IsBlank(%q) = %v", s, !want)
		}
	}
}

const sample = "Cán bộ một cửa đăng nhập được nhưng không có chức năng ký số bản sao; người dân phải quay lại nhiều lần. "

func BenchmarkFold(b *testing.B) {
	text := strings.Repeat(sample, 9)[:1024]
	dst := make([]byte, 0, 2048)
	b.SetBytes(1024)
	for b.Loop() {
		dst = AppendFold(dst[:0], text)
	}
}

func BenchmarkSecretMark(b *testing.B) {
	text := strings.Repeat(sample, 18)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		SecretMark(text)
	}
}
