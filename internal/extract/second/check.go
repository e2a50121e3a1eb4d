package second

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"lienthong/internal/extract"
	"lienthong/internal/vntext"
)

// A source is a text in which quotes are looked up: small letters, one blank for each run
// of blanks, every byte with the letter that it came from.
type source struct {
	s  string
	at []int // of each byte of s: the rune of the text
	n  int   // runes of the text
}

func load(text string) source {
	var b strings.Builder
	src := source{}
	blank := true
	for _, r := range text {
		switch {
		case unicode.IsSpace(r):
			if !blank {
				b.WriteByte(' ')
				src.at = append(src.at, src.n)
			}
			blank = true
		default:
			before := b.Len()
			b.WriteRune(unicode.ToLower(r))
			for range b.Len() - before {
				src.at = append(src.at, src.n)
			}
			blank = false
		}
		src.n++
	}
	src.s = b.String()
	return src
}

// find returns where a quote stands from byte from on; ok is false where it does not. A
// name inside a longer word is no quote.
func (src source) find(quote string, from int) (span extract.Span, at int, ok bool) {
	q := strings.ToLower(strings.Join(strings.Fields(vntext.NFC(quote)), " "))
	q = strings.Trim(q, " .;,:-–\"“”")
	for q != "" && from <= len(src.s) {
		k := strings.Index(src.s[from:], q)
		if k < 0 {
			return span, 0, false
		}
		k += from
		if src.edge(k) && src.edge(k+len(q)) {
			return extract.Span{src.at[k], src.at[k+len(q)-1] + 1}, k, true
		}
		from = k + 1
	}
	return span, 0, false
}

// edge tells that no word goes on over byte k.
func (src source) edge(k int) bool {
	if k == 0 || k >= len(src.s) {
		return true
	}
	before, _ := utf8.DecodeLastRuneInString(src.s[:k])
	after, _ := utf8.DecodeRuneInString(src.s[k:])
	word := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	return !word(before) || !word(after)
}

// The shortest words that can be a task, and the longest that are shown.
const (
	leastWords  = 3
	mostContent = 4000
)

// check keeps what stands in the text. Spans, leads and days are found here, never taken
// from the model, so that a proposal can be looked at where it came from.
func check(all []said, text string, on time.Time) (kept []extract.Proposal, dropped int) {
	src := load(text)
	seen := map[extract.Span]bool{}
	for _, s := range all {
		p, ok := src.proposal(s, text, on)
		if !ok || seen[p.Span] {
			dropped++
			continue
		}
		seen[p.Span] = true
		kept = append(kept, p)
	}
	return kept, dropped
}

// proposal is one task in the words of the document.
func (src source) proposal(s said, text string, on time.Time) (p extract.Proposal, ok bool) {
	span, at, ok := src.find(s.Content, 0)
	if !ok || len(strings.Fields(s.Content)) < leastWords || len(s.Content) > mostContent {
		return p, false
	}
	runes := []rune(text)
	p = extract.Proposal{Content: strings.Join(strings.Fields(string(runes[span[0]:span[1]])), " "), Span: span, Request: s.Request, Coordinating: []string{}, Lead: []string{},
		Clause: label(s.Clause), Why: []string{"mô hình ngôn ngữ đề xuất, chưa ai đối chiếu"}}
	for _, n := range s.Lead {
		if name, where, ok := src.name(n, text, at); ok {
			p.Lead = append(p.Lead, name)
			if p.LeadSpan == nil {
				p.LeadSpan = &where
			}
		} else {
			p.Why = append(p.Why, "văn bản không nêu tên “"+vntext.Truncate(n, mostName)+"”")
		}
	}
	for _, n := range s.Coordinating {
		if name, _, ok := src.name(n, text, at); ok {
			p.Coordinating = append(p.Coordinating, name)
		}
	}
	src.dated(&p, s.Deadline, text, at, on)
	return p, true
}

// mostName is the longest name of a body, in letters.
const mostName = 200

// name finds a body in the document, the one nearest before the task's words first.
func (src source) name(n, text string, before int) (name string, span extract.Span, ok bool) {
	if len([]rune(n)) > mostName || len(strings.Fields(n)) < 1 {
		return "", span, false
	}
	from := 0
	for {
		s, at, found := src.find(n, from)
		if !found || ok && at > before {
			break
		}
		span, ok, from = s, true, at+1
	}
	if !ok {
		return "", span, false
	}
	return strings.Join(strings.Fields(string([]rune(text)[span[0]:span[1]])), " "), span, true
}

// dated gives a proposal the day that the quoted words state by our own grammar. Words that
// state none stay words; words that the text does not have are nothing.
func (src source) dated(p *extract.Proposal, words, text string, near int, on time.Time) {
	span, _, ok := src.find(words, near)
	if !ok {
		if span, _, ok = src.find(words, 0); !ok {
			return
		}
	}
	quoted := strings.Join(strings.Fields(string([]rune(text)[span[0]:span[1]])), " ")
	p.DeadlineText, p.DeadlineSpan = &quoted, &span
	p.Deadline, p.Recurrence = extract.When(quoted, on)
}

// label keeps the label of an item short and free of anything but letters, figures and dots.
func label(s string) string {
	const most = 40
	s = vntext.Truncate(strings.TrimSpace(vntext.NFC(s)), most)
	for _, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(" .-)¶/", r) {
			return ""
		}
	}
	return s
}
