package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// kind is the kind of an item; a larger one stands inside a smaller one.
type kind int

const (
	noMarker    kind = iota
	partItem         // Phần, Chương, A.
	romanItem        // I., Mục 1
	articleItem      // Điều 1.
	numberItem       // 1., 1), 1/
	decimalItem      // 1.1.
	thirdItem        // 1.1.1.
	letterItem       // a), a.
	subItem          // a.1), a1)
	dashItem         // -
	plusItem         // +
	parenItem        // (i), (1)
	paraItem         // an unmarked paragraph
)

// A marker is the front of an item: its kind, its label as printed and how long it is.
type marker struct {
	kind  kind
	label string
	n     int // bytes, with the blanks behind
}

// markerOf reads the marker at the front of a paragraph.
func markerOf(s string) marker {
	if s == "" {
		return marker{}
	}
	for _, read := range []func(string) marker{wordMarker, romanMarker, numberMarker, letterMarker, signMarker} {
		if m := read(s); m.kind != noMarker {
			m.n += len(s[m.n:]) - len(strings.TrimLeft(s[m.n:], " "))
			return m
		}
	}
	return marker{}
}

// wordMarker reads "Điều 3.", "Mục 2.", "Chương II", "Phần thứ nhất".
func wordMarker(s string) marker {
	t := s
	first, rest, ok := strings.Cut(t, " ")
	if !ok || len(first) > 12 {
		return marker{}
	}
	rest = strings.TrimLeft(rest, " ")
	label := rest[:len(rest)-len(strings.TrimLeftFunc(rest, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }))]
	n := len(s) - len(rest) + len(label)
	after := s[n:]
	dotted := after != "" && (after[0] == '.' || after[0] == ':')
	number := label != "" && label[0] >= '0' && label[0] <= '9'
	switch {
	case first == "Điều" && number && dotted:
		return marker{articleItem, "Điều " + label, n + 1}
	case (first == "Mục" || first == "MỤC") && number && dotted:
		return marker{romanItem, "Mục " + label, n + 1}
	case (first == "Chương" || first == "CHƯƠNG") && strings.Trim(label, "IVXLC") == "" && label != "" && (after == "" || dotted):
		return marker{partItem, "Chương " + label, n + min(len(after), 1)}
	case (first == "Phần" || first == "PHẦN") && label != "" && len(after) < 60 && (strings.Trim(label, "IVX") == "" || low(label) == "thứ"):
		return marker{partItem, "Phần " + label, n}
	}
	return marker{}
}

// romanMarker reads "II." and "IV/", and the capital letters of parts: "A.".
func romanMarker(s string) marker {
	i := 0
	for i < len(s) && strings.IndexByte("IVX", s[i]) >= 0 {
		i++
	}
	if i > 0 && i <= 5 && i < len(s) && strings.IndexByte(".)/-", s[i]) >= 0 && boundary(s[i+1:]) {
		return marker{romanItem, s[:i], i + 1}
	}
	r, n := utf8.DecodeRuneInString(s)
	if n < len(s)-1 && strings.ContainsRune("ABCDĐE", r) && s[n] == '.' && s[n+1] == ' ' {
		return marker{partItem, string(r), n + 1}
	}
	return marker{}
}

// boundary tells that a label ends here: a blank, the end, or a capital typed against it.
func boundary(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return s == "" || r == ' ' || unicode.IsUpper(r) || r == '"' || r == '“' || r == '('
}

// numberMarker reads "1.", "2)", "2.1-", "1.1.", "1.2.3"; not amounts, hours or dates.
func numberMarker(s string) marker {
	i, parts := 0, 0
	for {
		d := 0
		for i+d < len(s) && s[i+d] >= '0' && s[i+d] <= '9' {
			d++
		}
		if d == 0 || d > 2 {
			break
		}
		i += d
		parts++
		if i >= len(s) || s[i] != '.' {
			break
		}
		i++
	}
	label := strings.TrimSuffix(s[:i], ".")
	closed := i > 0 && s[i-1] == '.'
	if !closed && i < len(s) && (s[i] == ')' || s[i] == '/' && parts == 1) {
		i, closed = i+1, true
	}
	if label == s[:i] && strings.HasPrefix(s[i:], "- ") { // Party papers: "2.1- Giao …"
		i, closed = i+1, true
	}
	if parts == 0 || parts > 4 || !boundary(s[i:]) || !closed && (parts == 1 || !strings.HasPrefix(s[i:], " ")) {
		return marker{}
	}
	k := numberItem + kind(min(parts, 3)-1)
	return marker{k, label, i}
}

// letterMarker reads "a)", "đ)", "b." and "a.1)", "b2)".
func letterMarker(s string) marker {
	r, n := utf8.DecodeRuneInString(s)
	if !unicode.IsLower(r) || n >= len(s) || r > 'đ' {
		return marker{}
	}
	rest := s[n:]
	d := strings.TrimPrefix(rest, ".")
	digits := len(d) - len(strings.TrimLeft(d, "0123456789"))
	if digits > 0 && digits < 3 && digits < len(d) && (d[digits] == ')' || d[digits] == '.') {
		end := len(s) - len(d) + digits
		return marker{subItem, s[:end], end + 1}
	}
	if rest[0] == ')' || rest[0] == '.' && strings.HasPrefix(rest[1:], " ") || rest[0] == '/' && strings.HasPrefix(rest[1:], " ") {
		return marker{letterItem, string(r), n + 1}
	}
	return marker{}
}

// signMarker reads dashes, plus signs and "(i)", "(2)".
func signMarker(s string) marker {
	switch s[0] {
	case '-', '*':
		if len(s) > 1 && s[1] != '-' {
			return marker{dashItem, "-", 1}
		}
	case '+':
		return marker{plusItem, "+", 1}
	case '(':
		end := strings.IndexByte(s, ')')
		if end > 1 && end < 6 && (strings.Trim(s[1:end], "0123456789") == "" && end < 4 || strings.Trim(s[1:end], "ivx") == "") {
			return marker{parenItem, s[:end+1], end + 1}
		}
	}
	return marker{}
}
