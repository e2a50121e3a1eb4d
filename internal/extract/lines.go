package extract

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A line is one line of the text without layout noise.
type line struct {
	m      mapped // trimmed; "" when blank
	indent int
	width  int  // with the indent, in characters
	page   bool // a page ends here: a page number or a form feed stood here
}

// blank tells that nothing is left of a line; what was taken out counts as blank.
func (l line) blank() bool { return l.m.s == "" }

// load cuts a text into lines and takes page numbers, rules and footnotes out.
func load(s string) []line {
	var out []line
	at := int32(0)
	flat := false // the loose cells of a table keep their lone numbers
	for raw := range strings.SplitSeq(s, "\n") {
		m := clean(strings.TrimSuffix(raw, "\r"), at)
		page := strings.Contains(raw, "\f")
		at += int32(utf8.RuneCountInString(raw)) + 1
		l := line{indent: len(m.s) - len(strings.TrimLeft(m.s, " ")), page: page}
		l.width = utf8.RuneCountInString(strings.TrimRight(m.s, " "))
		l.m = unmarked(m)
		flat = flat || l.m.s == "TT" || l.m.s == "STT"
		switch {
		case isRule(l.m.s):
			l.m = mapped{}
		case !flat && isPageNumber(l.m.s):
			l.m, l.page = mapped{}, true
		}
		out = append(out, l)
	}
	return withoutFootnotes(out)
}

// isRule finds lines that only draw: "-----", "____", "***".
func isRule(s string) bool {
	return s != "" && s != "-" && s != "+" && strings.Trim(s, "-_=*~. ") == ""
}

// isPageNumber finds "3", "- 3 -", "Trang 3/12".
func isPageNumber(s string) bool {
	s = strings.TrimSpace(strings.Trim(s, "-| "))
	rest, page := strings.CutPrefix(strings.ToLower(s), "trang ")
	if page {
		s, _, _ = strings.Cut(rest, "/")
	}
	return s != "" && len(s) <= 3 && strings.Trim(s, "0123456789") == ""
}

// withoutFootnotes blanks the notes at the foot of a page: after a blank line a number
// without a full stop and a capital, up to the end of the page. A number that no page
// end follows soon is not a note, nor is one with columns behind it: that is the row of a table.
func withoutFootnotes(lines []line) []line {
	const longest = 30
	for i := 1; i < len(lines); i++ {
		if !lines[i-1].blank() || !isNote(lines[i].m.s) || len(lines[i].columns()) > 2 {
			continue
		}
		end := -1
		for j := i + 1; j < len(lines) && j < i+longest; j++ {
			if lines[j].page {
				end = j
				break
			}
		}
		for j := i; j < end; j++ {
			lines[j].m = mapped{}
		}
	}
	return lines
}

// isNote finds "1 Các quy định …" and "[1] Văn bản …".
func isNote(s string) bool {
	s, bracket := strings.CutPrefix(s, "[")
	d := len(s) - len(strings.TrimLeft(s, "0123456789"))
	if d == 0 || d > 2 {
		return false
	}
	rest := s[d:]
	if bracket {
		return strings.HasPrefix(rest, "]")
	}
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(rest, " "))
	return strings.HasPrefix(rest, " ") && unicode.IsUpper(r)
}

// cells splits a line of text at its columns: three blanks or more.
func (l line) cells() []mapped {
	var out []mapped
	rest := l.m
	for {
		i := strings.Index(rest.s, "   ")
		if i < 0 {
			break
		}
		out = append(out, rest.sub(0, i))
		rest = rest.sub(i, len(rest.s)).trim()
	}
	if rest.s != "" {
		out = append(out, rest)
	}
	return out
}

// A layout says how the text is broken into lines.
type layout struct {
	wrapped bool // lines are broken at a width; else a line is a paragraph
	width   int  // of a full line, in characters
	indents bool // the first line of a paragraph stands further in
}

// longestLine is how many characters a printed line has at most; what is longer was never
// broken, whatever the lines around it look like.
const longestLine = 130

// widest is the same for one sentence that ends with its line: a page of text is narrower.
const widest = 112

// layoutOf weighs lines by their length: a letterhead of short lines over paragraphs of
// one line each is not broken text.
func layoutOf(lines []line) layout {
	var widths []int
	short, all := 0, 0
	for _, l := range lines {
		if w := l.width; !l.blank() && w > 20 {
			widths = append(widths, w)
			all += w
			if w <= longestLine {
				short += w
			}
		}
	}
	if len(widths) == 0 {
		return layout{}
	}
	sort.Ints(widths)
	// most lines of running text are full; a wide table must not set the measure
	return layout{wrapped: short*10 >= all*6, width: widths[len(widths)*3/4], indents: indented(lines)}
}

// indented tells that paragraphs begin with an indent: often a line stands further in
// than the full line below it.
func indented(lines []line) bool {
	in, n := 0, 0
	for i := 1; i < len(lines); i++ {
		if lines[i].blank() || lines[i-1].blank() || lines[i-1].width < 60 {
			continue
		}
		n++
		if lines[i-1].indent >= lines[i].indent+3 {
			in++
		}
	}
	return in >= 2 && in*20 >= n
}

// paragraphs joins the lines of each paragraph. Rows of tables stay apart.
func paragraphs(lines []line, lay layout) []paragraph {
	var out []paragraph
	var open []line
	gap, page := false, false
	flush := func() {
		if len(open) > 0 {
			out = append(out, unbroken(open))
			open = nil
		}
	}
	for _, l := range lines {
		page = page || l.page
		if l.blank() {
			gap = true
			continue
		}
		if len(open) == 0 || !lay.continues(open, l, gap, page) {
			flush()
		}
		open = append(open, l)
		gap, page = false, false
	}
	flush()
	return out
}

// A paragraph is running text, or one row of a table.
type paragraph struct {
	m      mapped
	indent int
	row    bool
}

// unbroken joins the lines of one paragraph; a number broken after its dash
// ("11-" "CT/TU") is put together again.
func unbroken(lines []line) paragraph {
	p := paragraph{indent: lines[0].indent, row: strings.HasPrefix(lines[0].m.s, "|")}
	pieces := []mapped{lines[0].m}
	for _, l := range lines[1:] {
		last := pieces[len(pieces)-1]
		if n := len(last.s); n > 1 && last.s[n-1] == '-' && last.s[n-2] >= '0' && last.s[n-2] <= '9' {
			pieces[len(pieces)-1] = join([]mapped{last, l.m}, "")
			continue
		}
		pieces = append(pieces, l.m)
	}
	p.m = squeeze(join(pieces, " "))
	return p
}

// squeeze makes runs of blanks one blank: justified text is full of them.
func squeeze(m mapped) mapped {
	if !strings.Contains(m.s, "  ") {
		return m
	}
	var b builder
	space := false
	for i, r := range m.s {
		if r == ' ' && space {
			continue
		}
		space = r == ' '
		b.rune(r, m.at[i])
	}
	return b.done(m.at[len(m.s)])
}

// continues decides whether l goes on with the paragraph that is open.
func (lay layout) continues(open []line, l line, gap, page bool) bool {
	prev := open[len(open)-1]
	if strings.HasPrefix(l.m.s, "|") || strings.HasPrefix(prev.m.s, "|") || !lay.wrapped && len(open) > 400 {
		return false
	}
	ended := ends(prev.m.s)
	lower := startsLower(l.m.s)
	marked := markerOf(l.m.s).kind != noMarker
	if marked && !lay.hidden(prev, l, ended, gap) {
		return false
	}
	full := lay.wrapped && prev.width*100 >= lay.width*80
	hangs := lay.indents && len(open) == 1 && prev.indent >= l.indent+3 && full
	switch {
	case gap && page: // the sentence goes on over the page
		return !ended && (lower || full)
	case gap: // a converter set blank lines inside a sentence
		return !ended && lower
	case !lay.wrapped: // one line a paragraph, but for accidents
		return !ended && lower
	case len(open) == 1 && !lower && headingLine(prev.m.s) && ordersFirst(l.m.s):
		return false
	case lay.indents && len(open) == 1 && !lower && l.indent >= prev.indent-1 && l.indent > 2:
		return false // two first lines, one below the other
	case hangs && !gap && strings.HasSuffix(prev.m.s, ":"): // a full first line; the next hangs below it
		return true
	case lower: // no paragraph begins with a small letter, but after a colon
		return !strings.HasSuffix(prev.m.s, ":") && !strings.HasSuffix(prev.m.s, "./.")
	case l.indent >= prev.indent+3 && len(open) > 1:
		return false // the first line of a paragraph stands further in
	case ended && prev.width > widest: // nobody prints lines that long: it is a paragraph
		return false
	case ended: // a full line may end a sentence by chance
		return prev.width*100 >= lay.width*93 && l.indent <= prev.indent && !strings.HasSuffix(prev.m.s, ":")
	}
	return full
}

// hidden tells that a line which looks like an item is the middle of a sentence: the
// line before is full and unfinished, and nothing sets this one in.
func (lay layout) hidden(prev, l line, ended, gap bool) bool {
	if ended || gap || !lay.wrapped || l.indent >= prev.indent+3 {
		return false
	}
	if headingLine(prev.m.s) && ordersFirst(l.m.s) {
		return false // a heading as long as a line: "1. UBND các xã, phường, đặc khu Cồn Cỏ"
	}
	if k := markerOf(l.m.s).kind; k < dashItem {
		t := tokens(prev.m.s)
		return k == numberItem && oneOf(t, len(t)-1, "khoản", "điều", "điểm", "mục", "số", "và")
	}
	return prev.width*100 >= lay.width*80
}

// headingLine tells an item's first line that names bodies and says no more.
func headingLine(s string) bool {
	m := markerOf(s)
	if m.kind == noMarker {
		return false
	}
	t := tokens(s[m.n:])
	if len(t) > 30 {
		return false
	}
	_, end := bodiesAt(t, headingFronts.at(t, 0))
	return end > 0 && end == len(t)
}

// ordersFirst tells a line that begins with a capital verb, behind its dash or without.
func ordersFirst(s string) bool {
	t := tokens(s[markerOf(s).n:])
	return len(t) > 2 && t[0].cap && predicates.at(t, 0) > 0 && bodyHeads.at(t, 0) == 0
}

// ends tells whether a line closes what it says.
func ends(s string) bool {
	s = strings.TrimRight(s, " \"”’')")
	return s == "" || strings.ContainsRune(".;:!?", rune(s[len(s)-1]))
}

// startsLower tells that a line goes on with a sentence; "a)" begins an item.
func startsLower(s string) bool {
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, " (“\""))
	return unicode.IsLower(r) && markerOf(s).kind == noMarker
}
