package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A mapped text knows, for each of its bytes, the rune of the source it came from.
// at has one entry more than s has bytes: where the text ends.
type mapped struct {
	s  string
	at []int32
}

// sub is the bytes [i, j) with their places.
func (m mapped) sub(i, j int) mapped { return mapped{m.s[i:j], m.at[i : j+1]} }

// span is the range of source runes of the bytes [i, j).
func (m mapped) span(i, j int) Span {
	if i >= j || len(m.at) == 0 {
		return Span{}
	}
	// the last rune's start plus one, not the start of what follows: between them may lie
	// line ends, a page number or a footnote
	_, n := utf8.DecodeLastRuneInString(m.s[i:j])
	return Span{int(m.at[i]), int(m.at[j-n]) + 1}
}

// trim takes blanks off both ends; places stay with the letters.
func (m mapped) trim() mapped {
	i := len(m.s) - len(strings.TrimLeft(m.s, " "))
	j := len(strings.TrimRight(m.s, " "))
	if i >= j {
		return mapped{}
	}
	return m.sub(i, j)
}

// builder puts a mapped text together.
type builder struct {
	s  strings.Builder
	at []int32
}

// rune adds one character that came from the source rune at.
func (b *builder) rune(r rune, at int32) {
	n := b.s.Len()
	b.s.WriteRune(r)
	for ; n < b.s.Len(); n++ {
		b.at = append(b.at, at)
	}
}

// text adds a piece that knows its places.
func (b *builder) text(m mapped) {
	b.s.WriteString(m.s)
	if len(m.s) > 0 {
		b.at = append(b.at, m.at[:len(m.s)]...)
	}
}

// done closes the text; end is the place behind its last character.
func (b *builder) done(end int32) mapped {
	return mapped{b.s.String(), append(b.at, end)}
}

// join puts the pieces together with sep between; sep belongs to the piece before it.
func join(pieces []mapped, sep string) mapped {
	var b builder
	end := int32(0)
	for i, p := range pieces {
		if i > 0 {
			for _, r := range sep {
				b.rune(r, end)
			}
		}
		b.text(p)
		if len(p.at) > 0 {
			end = p.at[len(p.s)]
		}
	}
	return b.done(end)
}

// lookalikes are letters of other alphabets that converters and keyboards leave in
// Vietnamese words; they are read as the Latin letter they look like.
var lookalikes = map[rune]rune{
	'а': 'a', 'А': 'A', 'В': 'B', 'с': 'c', 'С': 'C', 'е': 'e', 'Е': 'E', 'Н': 'H', 'К': 'K', 'М': 'M', 'о': 'o', 'О': 'O',
	'р': 'p', 'Р': 'P', 'Т': 'T', 'х': 'x', 'Х': 'X', 'у': 'y', 'ủ': 'ủ', 'Ð': 'Đ', 'Ɖ': 'Đ', '\u2010': '-', '\u2011': '-', '\u2012': '-', '−': '-',
	'\u00a0': ' ', '\u2002': ' ', '\u2003': ' ', '\u2009': ' ', '\u202f': ' ', '\u3000': ' ', '\u2007': ' ', '\u2008': ' ', '\u000b': ' ',
	'\uf0b7': '-', '\uf02d': '-', '▪': '-', '●': '-', '•': '-', '·': '-', '■': '-', '–': '-', '—': '-',
}

// clean maps one line of the source, whose first rune has the index first, to NFC
// without marks of emphasis, invisible characters and lookalikes; tabs become blanks.
func clean(line string, first int32) mapped {
	var b builder
	put := func(r rune, at int32) {
		if to, ok := lookalikes[r]; ok {
			r = to
		}
		switch {
		case r == '\t':
			for range 4 {
				b.rune(' ', at)
			}
		case r == '\u00ad' || r == '\ufeff' || r == utf8.RuneError || unicode.Is(unicode.Cf, r) || r < ' ':
		case r == '*' && strings.TrimLeft(b.s.String(), " ") != "": // emphasis, not a bullet
		default:
			b.rune(r, at)
		}
	}
	at := first
	if norm.NFC.IsNormalString(line) {
		for _, r := range line {
			put(r, at)
			at++
		}
		return b.done(at)
	}
	var it norm.Iter
	it.InitString(norm.NFC, line)
	for pos := 0; !it.Done(); {
		seg := string(it.Next())
		for _, r := range seg {
			put(r, at)
		}
		at += int32(utf8.RuneCountInString(line[pos:it.Pos()]))
		pos = it.Pos()
	}
	return b.done(at)
}

// unmarked takes the emphasis off the front of a line: "**Giao …", "*Sở Y tế*:".
// A star before a blank is a bullet.
func unmarked(m mapped) mapped {
	t := m.trim()
	for strings.HasPrefix(t.s, "*") && !strings.HasPrefix(t.s, "* ") {
		t = t.sub(1, len(t.s))
	}
	for strings.HasPrefix(t.s, "#") {
		t = t.sub(1, len(t.s)).trim()
	}
	if t.s == "*" {
		return mapped{}
	}
	return t
}
