// Package vntext compares and shortens Vietnamese text.
//
// People type the same word with marks, without them, in capitals, or with marks as
// separate runes (NFD). NFC is the form that is stored and shown; Fold is the form that
// is compared and indexed: small letters, no marks, đ as d, one space between words.
//
// It also finds marks of state secrecy (độ mật), so that such a document can be refused.
// It never says that a text is not secret: only that no mark was found.
package vntext

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// NFC returns s in composed form, the only form that is stored.
func NFC(s string) string {
	if composed(s) {
		return s
	}
	return norm.NFC.String(s)
}

// composed says whether s holds nothing but characters that are composed and join no
// other: ASCII, Latin letters with their marks, the dashes and quotes of prose. That is nearly
// every text that comes, and each text comes to NFC several times on its way to the store; the
// general way looks each letter up in a table. What is not plain here is left to it.
func composed(s string) bool {
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c < utf8.RuneSelf:
			i++
		case c >= 0xC2 && c <= 0xCB: // up to U+02FF; combining marks begin behind it
			i += 2
		case c == 0xE1 && i+2 < len(s) && s[i+1] >= 0xB8 && s[i+1] <= 0xBB, // U+1E00 to U+1EFF
			c == 0xE2 && i+2 < len(s) && s[i+1] == 0x80 && s[i+2] >= 0x90: // U+2010 to U+203F
			i += 3
		default:
			return false
		}
	}
	return true
}

// Fold returns s as it is compared: small letters without marks, đ as d, everything that
// is neither letter nor digit as one space, none at the ends. "Số 06/2026/QĐ-UBND" folds
// to "so 06 2026 qd ubnd". Composed and decomposed text fold alike.
func Fold(s string) string { return string(AppendFold(make([]byte, 0, len(s)), s)) }

// AppendFold appends Fold(s) to dst.
func AppendFold(dst []byte, s string) []byte {
	start, gap := len(dst), false
	for i := 0; i < len(s); {
		r, size := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[i:])
		}
		i += size
		c := byte(odd)
		if uint(r) < uint(len(table)) {
			c = table[r]
		}
		if c == odd {
			if r = foldOdd(r); r == dropped || r == space {
				c = byte(r)
			}
		}
		switch {
		case c == dropped:
		case c == space:
			gap = len(dst) > start
		default:
			if gap {
				dst, gap = append(dst, ' '), false
			}
			if c == odd {
				dst = utf8.AppendRune(dst, r)
			} else {
				dst = append(dst, c)
			}
		}
	}
	return dst
}

// What the table says of a rune that is no ASCII letter or digit once folded.
const (
	dropped = 0   // a mark, or a rune without width
	space   = ' ' // separates words
	odd     = 1   // a letter of another script: see foldOdd
)

// table folds every rune below U+1F00, which holds all of Vietnamese, in one step.
var table = foldTable()

// Folding by a table: search folds every text, and decomposing each letter took most of that time.
func foldTable() (t [0x1F00]byte) {
	for i := range t {
		r := rune(i)
		base := r
		if d := norm.NFD.PropertiesString(string(r)).Decomposition(); len(d) > 0 {
			base, _ = utf8.DecodeRune(d)
		}
		switch base = unicode.ToLower(base); {
		case r == 'đ' || r == 'Đ':
			t[i] = 'd'
		case base < utf8.RuneSelf && (unicode.IsLetter(base) || unicode.IsDigit(base)):
			t[i] = byte(base)
		case hidden(r):
			t[i] = dropped
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			t[i] = odd
		default:
			t[i] = space
		}
	}
	return t
}

// foldOdd folds a letter that has no ASCII form: small, without its marks.
func foldOdd(r rune) rune {
	switch {
	case hidden(r):
		return dropped
	case !unicode.IsLetter(r) && !unicode.IsDigit(r):
		return space
	}
	if d := norm.NFKD.PropertiesString(string(r)).Decomposition(); len(d) > 0 {
		r, _ = utf8.DecodeRune(d)
	}
	return unicode.ToLower(r)
}

// hidden runes belong to the letter before them, or show nothing.
func hidden(r rune) bool {
	return unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r) || unicode.Is(unicode.Cf, r)
}

// Words returns the folded words of s in order.
func Words(s string) []string { return strings.Fields(Fold(s)) }

// Phrase tells whether the words of phrase stand side by side in text, both folded on
// the fly: "ung thu" is found in "Bệnh ung thư", not in "trung thu". An empty phrase is
// in no text.
func Phrase(text, phrase string) bool {
	p := Fold(phrase)
	return p != "" && strings.Contains(" "+Fold(text)+" ", " "+p+" ")
}

// Truncate shortens s to at most n letters as people count them (a letter with its
// marks is one), at a word's end where one is near, and adds "…" when it cut. The result
// is NFC; n counts the "…".
func Truncate(s string, n int) string {
	s = NFC(s)
	if n <= 0 {
		return ""
	}
	letters, cut, word := 0, 0, 0
	for i, r := range s {
		if hidden(r) {
			continue
		}
		if letters == n-1 {
			cut = i
		}
		if letters == n {
			if word*2 > cut { // whole words, where that loses less than half
				cut = word
			}
			return strings.TrimRightFunc(s[:cut], unicode.IsSpace) + "…"
		}
		if unicode.IsSpace(r) && letters < n {
			word = i
		}
		letters++
	}
	return s
}

// IsBlank tells whether s shows nothing: spaces of every kind, controls, runes without
// width, lone marks.
func IsBlank(s string) bool {
	for _, r := range s {
		if unicode.IsGraphic(r) && !unicode.IsSpace(r) && !hidden(r) && r != '\u3164' && r != '\u2800' && r != '\u115F' {
			return false
		}
	}
	return true
}
