package bank

import (
	_ "embed"
	"slices"
	"strings"
	"unicode"

	"lienthong/internal/vntext"
)

// Names of persons are found by their words: a family name with a middle or given name
// behind it, in capitals at the beginning or throughout, with marks or without.

//go:embed names.txt
var namesText string

// Words of names, folded; the marked form tells "Hồ" from "hộ" where a text has marks.
var (
	strongNames = wordsOf("strong") // families that are hardly ever another word
	families    = union(strongNames, wordsOf("family"))
	middles     = wordsOf("middle")
	givens      = wordsOf("given")
	beforePlace = wordsOf("before")
	noNames     = phrasesOf("none")
)

// longestName is how many words a name has at most, the family among them.
const longestName = 5

// A nameWord is a word of a text with where it stands.
type nameWord struct {
	text     string
	from, to int
	joined   bool // nothing but a blank stands before it
}

// wordsOf returns the words of a line of names.txt, as they are written and folded.
func wordsOf(key string) map[string]bool {
	all := map[string]bool{}
	for _, w := range strings.Fields(lineOf(key)) {
		all[w], all[vntext.Fold(w)] = true, true
	}
	return all
}

// phrasesOf returns the phrases of a line, folded.
func phrasesOf(key string) map[string]bool {
	all := map[string]bool{}
	for p := range strings.SplitSeq(lineOf(key), "|") {
		all[vntext.Fold(p)] = true
	}
	return all
}

// The line of names.txt behind a key.
func lineOf(key string) string {
	for line := range strings.SplitSeq(namesText, "\n") {
		if rest, ok := strings.CutPrefix(line, key+": "); ok {
			return vntext.NFC(rest)
		}
	}
	return ""
}

// Two sets in one.
func union(a, b map[string]bool) map[string]bool {
	all := map[string]bool{}
	for _, m := range []map[string]bool{a, b} {
		for w := range m {
			all[w] = true
		}
	}
	return all
}

// persons returns where names of persons stand in a text, as from and to.
func persons(text string) (all [][2]int) {
	words := nameWords(text)
	for i := 0; i < len(words); i++ {
		n := nameAt(words, i)
		if n == 0 {
			continue
		}
		if !ofPlace(words, i) {
			all = append(all, [2]int{words[i].from, words[i+n-1].to})
		}
		i += n - 1
	}
	return all
}

// ofPlace says whether the word before makes a name that of a street or a school; "thành
// phố" stands before its chairman.
func ofPlace(words []nameWord, i int) bool {
	if i == 0 || !words[i].joined {
		return false
	}
	before := strings.ToLower(words[i-1].text)
	return beforePlace[before] && !(before == "phố" && i > 1 && strings.ToLower(words[i-2].text) == "thành")
}

// nameWords splits a text into words of letters.
func nameWords(text string) (all []nameWord) {
	end := 0
	for from := 0; from < len(text); {
		rest := text[from:]
		at := strings.IndexFunc(rest, unicode.IsLetter)
		if at < 0 {
			break
		}
		from += at
		n := strings.IndexFunc(text[from:], func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
		if n < 0 {
			n = len(text) - from
		}
		gap := text[end:from]
		all = append(all, nameWord{text: text[from : from+n], from: from, to: from + n, joined: len(all) > 0 && (gap == " " || gap == "\u00a0")})
		from += n
		end = from
	}
	return all
}

// nameAt says how many words of a name begin at i, 0 for none.
func nameAt(words []nameWord, i int) int {
	first := strings.ToLower(words[i].text)
	if !families[first] {
		return 0
	}
	if !capital(words[i].text) {
		return smallName(words, i)
	}
	n := 1
	for n < longestName && i+n < len(words) && words[i+n].joined && capital(words[i+n].text) && shouted(words[i].text) == shouted(words[i+n].text) {
		n++
	}
	if n < 2 || noNames[vntext.Fold(words[i].text+" "+words[i+1].text)] {
		return 0
	}
	return sure(words[i:i+n], i+n < len(words) && words[i+n].joined)
}

// sure decides by the words behind the family name; more says that small letters go on
// behind the last.
func sure(name []nameWord, more bool) int {
	marked := vntext.Fold(name[0].text) != strings.ToLower(name[0].text)
	strong, known := strongNames[strings.ToLower(name[0].text)], 0
	for _, w := range name[1:] {
		if word := strings.ToLower(w.text); middles[word] || givens[word] {
			known++
		}
	}
	inner := len(name) > 2 && middles[strings.ToLower(name[1].text)]
	switch {
	case shouted(name[0].text): // a heading in capitals is full of words that are names too
		if known == len(name)-1 && len(name) > 2 || inner && len(name) < longestName && strong || inner && known >= 2 {
			return len(name)
		}
	case marked && strong && (len(name) > 2 || known > 0 || !more):
		return len(name)
	case known == len(name)-1 && (len(name) > 2 || strong || !more), inner && known > 0:
		return len(name)
	}
	return 0
}

// smallName finds a name in small letters, where only its middle word gives it away:
// "nguyễn thị hoa", "tran van bay".
func smallName(words []nameWord, i int) int {
	if i+2 >= len(words) || !words[i+1].joined || !words[i+2].joined || !strongNames[words[i].text] {
		return 0
	}
	if m := words[i+1].text; m != "văn" && m != "thị" && m != "van" && m != "thi" {
		return 0
	}
	if !givens[words[i+2].text] || noNames[vntext.Fold(words[i].text+" "+words[i+1].text)] || unmarkedVerb[words[i].text] {
		return 0
	}
	return 3
}

// unmarkedVerb are families that without marks and capitals are the commonest of words:
// "do van ban" is "do văn bản".
var unmarkedVerb = map[string]bool{"do": true, "le": true, "vo": true, "vu": true, "ta": true, "ngo": true, "dinh": true, "dang": true}

// capital says whether a word begins with a capital.
func capital(w string) bool {
	for _, r := range w {
		return unicode.IsUpper(r)
	}
	return false
}

// shouted says whether a word is all capitals; one of a single letter is as its neighbours.
func shouted(w string) bool {
	return strings.ToUpper(w) == w && len([]rune(w)) > 1
}

// titled are the words before a name that stands alone: "bà Lan".
var titled = []string{"ông", "bà", "anh", "chị", "cụ", "cháu", "cô", "thầy", "đ/c", "đồng chí"}

// notTitled are what follows such a word and is no name.
var notTitled = phrasesOf2("bà rịa", "bà nà", "bà đen", "bà trưng", "cụ thể", "anh quốc", "anh văn", "anh ngữ", "ông bà", "cháu ngoan", "cô đỡ", "thầy thuốc", "thầy giáo", "anh hùng", "bà mẹ", "chị em", "anh em", "cô giáo",
	"đồng chí phó", "đồng chí chủ", "đồng chí tỉnh", "đồng chí thành", "đồng chí giám", "đồng chí chánh", "đồng chí bí", "đồng chí ủy", "đồng chí trưởng", "đồng chí thủ", "đồng chí bộ", "đồng chí đảng")

// The phrases of a list, folded.
func phrasesOf2(all ...string) map[string]bool {
	m := map[string]bool{}
	for _, p := range all {
		m[vntext.Fold(p)] = true
	}
	return m
}

// addressed returns where a title with a name stands.
func addressed(text string) (all [][2]int) {
	words := nameWords(text)
	for i := range words {
		title := strings.ToLower(words[i].text)
		at := i + 1
		if title == "đồng" && at < len(words) && words[at].joined && strings.ToLower(words[at].text) == "chí" {
			title, at = "đồng chí", at+1
		}
		if !slices.Contains(titled, title) || at >= len(words) || !words[at].joined || !capital(words[at].text) {
			continue
		}
		if shouted(words[i].text) && !families[strings.ToLower(words[at].text)] || notTitled[vntext.Fold(title+" "+words[at].text)] {
			continue
		}
		n := 1
		for n < longestName && at+n < len(words) && words[at+n].joined && capital(words[at+n].text) {
			n++
		}
		all = append(all, [2]int{words[i].from, words[at+n-1].to})
	}
	return all
}
