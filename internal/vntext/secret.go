package vntext

import (
	"path"
	"slices"
	"strings"
	"unicode"
)

// The marks of state secrecy, the strictest first. SecretMark returns one of them.
const (
	TopSecret  = "TUYỆT MẬT"
	HighSecret = "TỐI MẬT"
	Secret     = "MẬT"
)

// SecretMark finds a mark of state secrecy in a text: a stamp that stands on its own
// (a line, a column, brackets), a heading that begins or ends with one, or a line
// "Độ mật: …". Ordinary words (bí mật kinh doanh, mật ong, mật độ, mật khẩu) and
// sentences about secrecy are none. The strictest mark found is returned.
//
// Not finding a mark proves nothing.
func SecretMark(text string) (mark string, found bool) {
	folded := AppendFold(make([]byte, 0, len(text)), text)
	if s := string(folded); !strings.Contains(s, "mat") && !strings.Contains(s, "m a t") {
		return "", false
	}
	labelled := false // the line before was a bare "Độ mật:"
	for line := range strings.SplitSeq(strings.ReplaceAll(NFC(text), "\r", "\n"), "\n") {
		words := split(line)
		if len(words) == 0 {
			continue
		}
		m := markOfLine(line, words)
		if m == "" && labelled && len(words) <= 2 {
			m = markAt(words, 0)
		}
		labelled = labelEnd(words) == len(words)
		mark = stricter(mark, m)
	}
	return mark, mark != ""
}

// SecretMarkInName finds a mark in a file name, typed with marks or without:
// "BC_toi mat.docx", "tuyet_mat.pdf", "CV 12 (MẬT).pdf", "văn bản mật.pdf". A bare "mat"
// is too common a syllable and is taken only in capitals at the end or in brackets.
func SecretMarkInName(name string) (mark string, found bool) {
	name = NFC(name)
	name = strings.TrimSuffix(name, path.Ext(name))
	if m, ok := SecretMark(name); ok {
		mark = m
	}
	words := split(parted(name))
	for i := range words {
		m := markAt(words, i)
		w := words[i]
		switch {
		case m == "" && (w.low == "toimat" || w.low == "tốimật"):
			m = HighSecret
		case m == "" && (w.low == "tuyetmat" || w.low == "tuyệtmật"):
			m = TopSecret
		case m == Secret && ordinary(words, i):
			m = ""
		case m == Secret && w.low == "mat" && (!w.upper || i != len(words)-1) && !strings.Contains(name, "("+w.raw+")"):
			m = ""
		}
		mark = stricter(mark, m)
	}
	return mark, mark != ""
}

// A word is a run of letters and digits of an NFC line.
type word struct {
	raw, low string
	upper    bool // in capitals throughout
}

// Words with how they were written: marks of secrecy stand in capitals, the same words in a sentence do
// not.
func split(s string) (words []word) {
	for _, raw := range strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		low := strings.ToLower(raw)
		words = append(words, word{raw: raw, low: low, upper: raw == strings.ToUpper(raw) && raw != low})
	}
	return words
}

// parted puts a space between "Toi" and "Mat" in "ToiMat", as file names run together.
func parted(name string) string {
	var b strings.Builder
	small := false
	for _, r := range name {
		if small && unicode.IsUpper(r) {
			b.WriteByte(' ')
		}
		small = unicode.IsLower(r)
		b.WriteRune(r)
	}
	return b.String()
}

// is tells whether the word is written so, with all marks or with none: "tôi mất" is
// not "tối mật", though both fold alike.
func (w word) is(marked string) bool { return w.low == marked || w.low == Fold(marked) }

// markAt returns the mark that begins at word i, in any case.
func markAt(words []word, i int) string {
	if i+1 < len(words) && words[i+1].is("mật") {
		switch {
		case words[i].is("tuyệt"):
			return TopSecret
		case words[i].is("tối"):
			return HighSecret
		}
	}
	if i < len(words) && words[i].is("mật") && (i == 0 || !words[i-1].is("tối") && !words[i-1].is("tuyệt")) {
		return Secret
	}
	return ""
}

// The strictest mark of a line; a line may hold several, and the strictest rules.
func markOfLine(line string, words []word) string {
	mark := labelled(line, words)
	for _, part := range segments(line) {
		mark = stricter(mark, stamp(part))
	}
	mark = stricter(mark, heading(line, words))
	return stricter(mark, bracketed(line))
}

// segments returns the line and its columns: text taken from a page puts the stamp
// beside the office's name.
func segments(line string) []string {
	wide := strings.NewReplacer("\t", "\x00", "|", "\x00", "   ", "\x00", "  ", "\x00").Replace(line)
	return append(strings.Split(wide, "\x00"), line)
}

// stamp reads a part that holds nothing but a mark: in capitals, spaced out ("M Ậ T"),
// or, where no other reading is near, in small letters.
func stamp(part string) string {
	var b strings.Builder
	for _, r := range part {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(r)
		}
		if b.Len() > 32 {
			return "" // longer than any mark
		}
	}
	switch s := b.String(); strings.ToUpper(s) {
	case "TUYỆTMẬT":
		return TopSecret
	case "TỐIMẬT":
		return HighSecret
	case "TUYETMAT", "TOIMAT":
		if s != strings.ToUpper(s) {
			return ""
		}
		if s == "TOIMAT" {
			return HighSecret
		}
		return TopSecret
	case "MẬT":
		if s != "mật" { // "mật" alone is honey in a list
			return Secret
		}
	}
	return ""
}

// heading finds a mark in capitals that begins or ends a line without a column between.
// "MẬT" alone counts only before a number: MẬT ONG and MẬT ĐỘ are headings too.
func heading(line string, words []word) string {
	n := len(words)
	last := max(n-2, 0)
	for _, i := range []int{0, last} {
		m := markAt(words, i)
		if (m == TopSecret || m == HighSecret) && words[i].upper && words[i+1].upper && !about(words, i) {
			return m
		}
	}
	if n > 1 && words[0].raw == Secret && words[1].is("số") && strings.Contains(line, ":") {
		return Secret
	}
	return ""
}

// about tells whether the words before i speak of secrecy instead of marking it: "danh
// mục bí mật nhà nước độ TỐI MẬT", "đóng dấu TUYỆT MẬT, TỐI MẬT".
func about(words []word, i int) bool {
	return i > 0 && slices.Contains([]string{"độ", "mức", "dấu", "loại", "và", "hoặc", "hay", "là", "mật"}, words[i-1].low)
}

// bracketed finds "(MẬT)", "[Tối mật]" anywhere in a line.
func bracketed(line string) (mark string) {
	for i, r := range line {
		if r != '(' && r != '[' {
			continue
		}
		inner := line[i+1:]
		if end := strings.IndexAny(inner, ")]"); end >= 0 {
			mark = stricter(mark, stamp(inner[:end]))
		}
	}
	return mark
}

// labelled finds "Độ mật: Tối mật", "Mức độ mật - MẬT", "Do mat: Toi mat".
func labelled(line string, words []word) string {
	end := labelEnd(words)
	if end == 0 || end >= len(words) {
		return ""
	}
	label, value := words[end-1].raw, words[end].raw
	after := line[strings.Index(line, label)+len(label):]
	if i := strings.Index(after, value); i < 0 || !strings.ContainsAny(after[:i], ":-–—=.") {
		return "" // "độ mật của văn bản …" is a sentence
	}
	return markAt(words[end:], 0)
}

// labelEnd returns how many words of the line are a label such as "độ mật", 0 for none.
func labelEnd(words []word) int {
	for _, label := range [][]string{{"độ", "mật"}, {"mức", "độ", "mật"}, {"cấp", "độ", "mật"}, {"dấu", "mật"}, {"dấu", "chỉ", "độ", "mật"}, {"mức", "mật"}} {
		if len(words) < len(label) {
			continue
		}
		same := true
		for i, w := range label {
			same = same && words[i].is(w)
		}
		if same {
			return len(label)
		}
	}
	return 0
}

// The neighbours that make "mật" an ordinary word in a file name.
var (
	beforeOrdinary = []string{"bí", "bảo", "cơ", "thân", "rỉ", "tuần", "nuôi", "bi", "bao", "co", "than", "ra"}
	afterOrdinary  = []string{"ong", "độ", "khẩu", "mã", "thiết", "mía", "ngữ", "vụ", "thư", "do", "khau", "ma", "thiet", "mia"}
)

// Whether a word stands in an ordinary sentence: "bí mật" as a subject is no mark.
func ordinary(words []word, i int) bool {
	return i > 0 && slices.Contains(beforeOrdinary, words[i-1].low) ||
		i+1 < len(words) && slices.Contains(afterOrdinary, words[i+1].low)
}

// The stricter of two marks.
func stricter(a, b string) string {
	for _, m := range []string{TopSecret, HighSecret, Secret} {
		if a == m || b == m {
			return m
		}
	}
	return ""
}
