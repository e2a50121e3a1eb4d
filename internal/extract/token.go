package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A token is a word, a number or one sign of a text, with its bytes [from, to).
type token struct {
	lo       string // lower case, tone marks in one place (hòa, ủy)
	from, to int
	word     bool // letters; false for numbers and signs
	number   bool // begins with a digit
	cap      bool // begins with a capital
	upper    bool // capitals throughout, two letters or more
	glued    bool // no blank before it
}

// The old and new places of the tone mark in oa, oe, uy.
var toneOld = map[string]string{
	"oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa", "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe",
	"uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}

// low brings a word to the form that tables are written in.
func low(w string) string {
	w = strings.ToLower(w)
	last, n := utf8.DecodeLastRuneInString(w)
	if last < 0x80 || len(w) <= n {
		return w
	}
	i := len(w) - n - 1
	if to, ok := toneOld[w[i:]]; ok && (i == 0 || w[i-1] != 'q') {
		return w[:i] + to
	}
	return w
}

// tokens cuts a text; it is linear and keeps every sign.
func tokens(s string) []token {
	out := make([]token, 0, len(s)/5+4)
	prev := -1
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		j := i + n
		switch {
		case unicode.IsSpace(r):
			i = j
			continue
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			for j < len(s) {
				r, n := utf8.DecodeRuneInString(s[j:])
				if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) {
					break
				}
				j += n
			}
		}
		w := s[i:j]
		t := token{lo: low(w), from: i, to: j, glued: i == prev}
		t.word, t.number, t.cap = unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsUpper(r)
		t.upper = t.cap && utf8.RuneCountInString(w) > 1 && strings.ToUpper(w) == w
		out = append(out, t)
		prev = j
		i = j
	}
	return out
}

// phrases is a table of word sequences, found by their first word, the longest first.
type phrases map[string][][]string

// table builds phrases from lists separated by "|".
func table(lists ...string) phrases {
	p := phrases{}
	for _, l := range lists {
		for s := range strings.SplitSeq(l, "|") {
			var w []string
			for _, t := range tokens(strings.TrimSpace(s)) {
				w = append(w, t.lo)
			}
			if len(w) == 0 {
				continue
			}
			p[w[0]] = append(p[w[0]], w)
		}
	}
	for _, seqs := range p {
		for i := range seqs {
			for j := i; j > 0 && len(seqs[j]) > len(seqs[j-1]); j-- {
				seqs[j], seqs[j-1] = seqs[j-1], seqs[j]
			}
		}
	}
	return p
}

// at returns how many tokens from i are a phrase of the table, 0 for none.
func (p phrases) at(t []token, i int) int {
	if i < 0 || i >= len(t) {
		return 0
	}
next:
	for _, seq := range p[t[i].lo] {
		if i+len(seq) > len(t) {
			continue
		}
		for k, w := range seq {
			if t[i+k].lo != w {
				continue next
			}
		}
		return len(seq)
	}
	return 0
}

// find returns where the first phrase of the table begins in t[i:j) and its length.
func (p phrases) find(t []token, i, j int) (at, n int) {
	for ; i < j && i < len(t); i++ {
		if n := p.at(t, i); n > 0 {
			return i, n
		}
	}
	return -1, 0
}

// has tells whether a phrase of the table stands anywhere in t.
func (p phrases) has(t []token) bool {
	at, _ := p.find(t, 0, len(t))
	return at >= 0
}

// is tells whether the tokens from i are these words.
func is(t []token, i int, words ...string) bool {
	if i < 0 || i+len(words) > len(t) {
		return false
	}
	for k, w := range words {
		if t[i+k].lo != w {
			return false
		}
	}
	return true
}

// oneOf tells whether token i is one of the words.
func oneOf(t []token, i int, words ...string) bool {
	if i < 0 || i >= len(t) {
		return false
	}
	for _, w := range words {
		if t[i].lo == w {
			return true
		}
	}
	return false
}
