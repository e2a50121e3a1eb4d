package route

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"lienthong/internal/vntext"
)

// A token is one syllable of a text.
type token struct {
	raw   string // as typed
	fold  string // as compared
	spelt string // with its marks, as marks writes them
	from  int    // where it begins in the text, in bytes
	to    int
}

// maxTokens bounds the work for one text: what a difficulty is about stands at its head.
const maxTokens = 600

// tokens splits a text into syllables and tells whether it was typed with marks.
func tokens(text string) (all []token, marked bool) {
	n := 0
	start := -1
	add := func(end int) {
		raw := text[start:end]
		all = append(all, token{raw: raw, fold: vntext.Fold(raw), spelt: marks(raw), from: start, to: end})
		if !plain(raw) {
			n++
		}
		start = -1
	}
	for i, r := range text {
		switch letter := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r); {
		case letter && start < 0:
			start = i
		case !letter && start >= 0:
			add(i)
		}
		if len(all) == maxTokens {
			return all, n*4 >= len(all)
		}
	}
	if start >= 0 {
		add(len(text))
	}
	return all, n*4 >= len(all)
}

// A letter is a small letter of Vietnamese taken apart.
type letter struct {
	base string // with the marks that are no tone
	tone rune   // 0 for none
}

// taken holds every letter below its length that comes apart, so that a syllable is spelt
// by a look at each letter: taking it apart by the tables of Unicode cost a third of reading
// a text. Above it stands no letter of Vietnamese.
var taken = func() (all [0x1F00]letter) {
	for r := rune(0x80); r < rune(len(all)); r++ {
		all[r].base, all[r].tone = apart(string(r))
	}
	return all
}()

// marks spells a syllable so that two ways to place its tone are one: "hoà" and "hòa"
// are both written with the tone at the end.
func marks(s string) string {
	s = strings.ToLower(s)
	if plain(s) { // nothing to take apart
		return strings.ReplaceAll(s, "i", "y")
	}
	b := make([]byte, 0, len(s)+6)
	var tone rune
	for _, r := range s {
		switch {
		case r == 'i': // "sỹ" and "sĩ" are one
			b = append(b, 'y')
		case r < utf8.RuneSelf:
			b = append(b, byte(r))
		case int(r) >= len(taken) || unicode.Is(unicode.Mn, r): // typed in parts, or no letter of ours
			base, tone := apart(s)
			return base + tail(tone)
		default:
			l := &taken[r]
			b = append(b, l.base...)
			if l.tone != 0 {
				tone = l.tone
			}
		}
	}
	return string(b) + tail(tone)
}

// tail is a tone as the end of a spelling; none is empty.
func tail(tone rune) string {
	if tone == 0 {
		return ""
	}
	return string(tone)
}

// apart takes a text in small letters apart by the tables of Unicode: what is left without
// its tone, and the tone, the last one where there are several.
func apart(s string) (base string, tone rune) {
	var b strings.Builder
	for _, r := range norm.NFD.String(s) {
		switch r {
		case 0x300, 0x301, 0x303, 0x309, 0x323: // huyền, sắc, ngã, hỏi, nặng
			tone = r
		case 'i':
			b.WriteRune('y')
		default:
			b.WriteRune(r)
		}
	}
	return b.String(), tone
}

// plain tells whether a syllable is typed without any mark.
func plain(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}

// sameMarks tells whether the tokens are written as the term is, marks included.
func sameMarks(all []token, term []string) bool {
	for i, t := range all {
		if t.spelt != term[i] {
			return false
		}
	}
	return true
}

// longestSlip is how many letters what is mended may have: two of the longest syllables run
// together, and one letter too many. Looking for slips costs the square of the length, and a
// row of a hundred thousand letters is no slip of the finger.
const longestSlip = 2*len("nghieng") + 1

// mend gives an unknown syllable the known one nearest to it, or the two it runs
// together: a slip of the finger, never a guess at a word that is known.
func (m *Model) mend(all []token) []token {
	out := all[:0:0]
	for i, t := range all {
		if len(t.fold) < 3 || len(t.fold) > longestSlip || m.known[t.fold] || possible(t.fold) || strings.ContainsAny(t.fold, "0123456789") {
			out = append(out, t)
			continue
		}
		prev, next := "", ""
		if len(out) > 0 {
			prev = out[len(out)-1].fold
		}
		if i+1 < len(all) {
			next = all[i+1].fold
		}
		// two syllables run together are commoner than a letter that makes no syllable
		switch a, b := m.parted(t.fold); {
		case a != "":
			out = append(out, token{raw: t.raw, fold: a, spelt: t.spelt, from: t.from, to: t.to}, token{raw: "", fold: b, from: t.to, to: t.to})
		default:
			t.fold = m.nearest(t.fold, prev, next)
			out = append(out, t)
		}
	}
	return out
}

// parted finds two known syllables written as one that also stand together elsewhere.
func (m *Model) parted(s string) (a, b string) {
	for i := 2; i+2 <= len(s); i++ {
		if m.known[s[:i]] && m.known[s[i:]] && m.pair(s[:i], s[i:]) {
			return s[:i], s[i:]
		}
	}
	return "", ""
}

// nearest returns the known syllable one slip away from s that stands beside prev or
// next elsewhere; s itself where there is none.
func (m *Model) nearest(s, prev, next string) string {
	for _, c := range slips(s) {
		if m.known[c] && (m.pair(prev, c) || m.pair(c, next)) {
			return c
		}
	}
	return s
}

const letters = "abcdefghiklmnopqrstuvxy"

// slips are the spellings one slip of the finger away from s: a letter too many, two
// swapped, a wrong one, one missing.
func slips(s string) (all []string) {
	for i := range len(s) {
		all = append(all, s[:i]+s[i+1:])
		if i > 0 {
			all = append(all, s[:i-1]+s[i:i+1]+s[i-1:i]+s[i+1:])
		}
	}
	for i := range len(s) + 1 {
		for _, c := range letters {
			if i < len(s) {
				all = append(all, s[:i]+string(c)+s[i+1:])
			}
			all = append(all, s[:i]+string(c)+s[i:])
		}
	}
	return all
}

// possible tells whether a folded syllable can be Vietnamese: an onset and a rhyme. What
// can be is never mended, known or not.
func possible(s string) bool {
	for n := min(3, len(s)); n >= 0; n-- {
		if onsets[s[:n]] && rhymes[s[n:]] {
			return true
		}
	}
	return false
}

// How a syllable is spelt once its marks are gone.
var (
	onsets = set(" b c ch d g gh gi h k kh l m n ng ngh nh p ph q qu r s t th tr v x")
	rhymes = set("a ac ach ai am an ang anh ao ap at au ay e ec em en eng eo ep et eu i ia ich iec iem ien ieng iep iet ieu im in inh ip it iu " +
		"o oa oac oach oai oam oan oang oanh oao oap oat oay oc oe oem oen oeo oet oi om on ong ooc oong op ot " +
		"u ua uan uang uat uay uc ue uech uen uenh uet ui um un ung uo uoc uoi uom uon uong uop uot uou up ut uu " +
		"uy uya uych uyen uyet uynh uyt uyu y yem yen yeng yet yeu")
)

// set holds the words of a line.
func set(words string) map[string]bool {
	all := map[string]bool{}
	for w := range strings.SplitSeq(words, " ") {
		all[w] = true
	}
	return all
}
