package extract

import (
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// parts are the regions of a document (NĐ 30/2020): what stands above the body, the
// body, what stands below, the annexes.
type parts struct {
	lines   []line
	lay     layout
	head    []line // letterhead, number, type, subject
	to      []string
	body    []paragraph
	foot    []line // Nơi nhận, signature
	annexes [][]paragraph
	title   int // line of the name of the type, -1 where there is none
	kind    string
}

// types of directives by the capitals that name them. Other types are read as such.
var types = []string{"CÔNG ĐIỆN", "THÔNG BÁO", "KẾ HOẠCH", "CHỈ THỊ", "QUYẾT ĐỊNH", "NGHỊ QUYẾT", "BÁO CÁO", "CHƯƠNG TRÌNH", "HƯỚNG DẪN", "TỜ TRÌNH", "KẾT LUẬN", "PHƯƠNG ÁN", "ĐỀ ÁN", "QUY CHẾ", "QUY ĐỊNH", "GIẤY MỜI", "BIÊN BẢN", "THÔNG BÁO KẾT LUẬN"}

// divide finds the parts.
func divide(lines []line) parts {
	p := parts{lines: lines, lay: layoutOf(lines), title: -1}
	to := addressees(lines)
	start := to.end
	p.to = to.names
	p.title, p.kind = titleOf(lines, to.at)
	if to.at < 0 {
		start = 0
		if p.title >= 0 {
			start = p.afterSubject()
		} else if at := numberLine(lines); at >= 0 {
			start = afterLetterhead(lines, at)
		}
	}
	// the body ends before Nơi nhận; annexes begin behind the signature
	end, annex := footOf(lines, start)
	p.head = lines[:start]
	if to.at >= 0 {
		p.head = lines[:to.at]
	}
	p.foot = lines[end:annex]
	p.body = paragraphs(withoutNames(lines[start:end]), p.lay)
	p.annexes = p.annexesFrom(annex)
	// a telegram names its addressees in dashes that are no items
	if p.kind == "CÔNG ĐIỆN" && to.at < 0 {
		p.to, p.body = wired(p.body)
	}
	return p
}

// titleOf finds the line that names the type of the document.
func titleOf(lines []line, before int) (int, string) {
	if before < 0 || before > 60 {
		before = min(len(lines), 60)
	}
	for i, l := range lines[:before] {
		cells := l.cells()
		for _, c := range cells {
			s := strings.Trim(strings.Join(strings.Fields(c.s), " "), "*:")
			for _, t := range types {
				if s == t || strings.HasPrefix(s, t+" ") && isCapitals(s) && len(cells) == 1 && !strings.HasPrefix(s, t+" SỐ") {
					return i, t
				}
			}
		}
	}
	return -1, ""
}

// isCapitals tells that a text is set in capitals; a typist's small letter is forgiven.
func isCapitals(s string) bool {
	letters, upper := 0, 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			letters++
			if unicode.IsUpper(r) {
				upper++
			}
		}
	}
	return letters > 1 && upper*10 >= letters*9
}

// numberLine finds the line "Số: …/…" of the letterhead.
func numberLine(lines []line) int {
	for i, l := range lines[:min(len(lines), 40)] {
		for _, c := range l.cells() {
			if numberCell.MatchString(c.s) {
				return i
			}
		}
	}
	return -1
}

var numberCell = regexp.MustCompile(`^S[ốÓố]\s*[:.]?\s*[\d. …]*[a-z]?\s*[-/]\s*[\p{Lu}\d]`)

// afterLetterhead is where the body begins in a paper without type and addressee.
func afterLetterhead(lines []line, number int) int {
	for i := number + 1; i < len(lines) && i < number+14; i++ {
		s := lines[i].m.s
		if lines[i].blank() && i > number+1 && i+1 < len(lines) && len(lines[i+1].m.s) > 60 {
			return i
		}
		if len(s) > 160 {
			return i
		}
	}
	return min(number+1, len(lines))
}

// to is what stands after "Kính gửi".
type to struct {
	at, end int
	names   []string
}

// addressees reads "Kính gửi" and where it ends; at is -1 where there is none.
func addressees(lines []line) to {
	for i, l := range lines[:min(len(lines), 70)] {
		k := strings.Index(l.m.s, "ính gửi")
		if k < 0 || k > 60 && !strings.Contains(l.m.s, "   ") || len(l.m.s) > 400 {
			continue
		}
		rest := strings.TrimLeft(l.m.s[k+len("ính gửi"):], " :")
		out := to{at: i, end: i + 1}
		if rest != "" {
			out.names = append(out.names, rest)
		}
		return addresseeLines(lines, out, l)
	}
	return to{at: -1}
}

// addresseeLines adds the lines below: dashes, and what continues an entry.
func addresseeLines(lines []line, out to, first line) to {
	gap, done := false, len(out.names) > 0 && strings.HasSuffix(out.names[0], ".")
	for i := out.end; i < len(lines) && i < out.at+60; i++ {
		l := lines[i]
		if l.blank() {
			gap = true
			continue
		}
		mk := markerOf(l.m.s)
		n := len(out.names)
		switch {
		case done || mk.kind != noMarker && mk.kind != dashItem && mk.kind != plusItem:
			return split(out)
		case mk.kind == dashItem || mk.kind == plusItem:
			out.names = append(out.names, l.m.s[mk.n:])
		case n == 0 || strings.HasSuffix(out.names[n-1], ";") && !gap && len(l.m.s) < 160:
			out.names = append(out.names, l.m.s)
		case gap && !startsLower(l.m.s) || ends(out.names[n-1]) || l.indent+6 < first.indent && !startsLower(l.m.s):
			return split(out)
		default:
			out.names[n-1] += " " + l.m.s
		}
		out.end = i + 1
		gap = false
		last := out.names[len(out.names)-1]
		done = strings.HasSuffix(last, ".") && !strings.HasSuffix(last, "TP.")
	}
	return split(out)
}

// split cuts entries at semicolons and takes off their full stops; "Các Sở: A, B" is
// written out.
func split(t to) to {
	var out []string
	for _, n := range t.names {
		for s := range strings.SplitSeq(n, ";") {
			s = strings.Trim(strings.Join(strings.Fields(s), " "), " .,;:-")
			if s == "" {
				continue
			}
			m := mapped{s: s}
			tk := tokens(s)
			if b, end := bodiesAt(tk, 0); len(b) > 1 && b[0].prefix != "" && end == len(tk) {
				out = append(out, names(m, tk, b)...)
				continue
			}
			out = append(out, s)
		}
	}
	t.names = out
	return t
}

// afterSubject is the line where the body begins below a type and its subject.
func (p *parts) afterSubject() int {
	_, end := p.subjectLines()
	return end
}

// footOf finds where the body ends and where the annexes begin.
func footOf(lines []line, start int) (end, annex int) {
	end = len(lines)
	for i := start; i < len(lines); i++ {
		if strings.HasPrefix(low(lines[i].m.s), "nơi nhận") {
			end = i
			break
		}
	}
	for i := start; i < end; i++ {
		s := lines[i].m.s
		if strings.HasSuffix(s, "./.") && i > start && end == len(lines) {
			if a := annexLine(lines, i+1); a < len(lines) || signed(lines[i+1:]) || onlyShort(lines[i+1:]) {
				end = i + 1
			}
		}
	}
	// without "Nơi nhận" and "./." the office of the signer ends the body
	if end == len(lines) {
		if s := signature(lines, start); s >= 0 {
			end = s
		}
	}
	return end, max(annexLine(lines, end), end)
}

// onlyShort tells that nothing but short lines follows: a signature that a converter
// made unreadable.
func onlyShort(lines []line) bool {
	const signature, short = 40, 70
	if len(lines) > signature {
		return false
	}
	for _, l := range lines {
		if len(l.m.s) > short {
			return false
		}
	}
	return true
}

// signed tells that a signature follows: the capacity or the office of a leader.
func signed(lines []line) bool { return signature(lines, 0) >= 0 }

// signature is the line where the signature begins, looked for near the end only, -1
// where there is none.
func signature(lines []line, from int) int {
	for i := max(from, len(lines)-60); i < len(lines); i++ {
		for _, c := range lines[i].cells() {
			if isOffice(c.s) {
				return i
			}
		}
	}
	return -1
}

// isOffice finds "KT. CHỦ TỊCH", "TM. ỦY BAN NHÂN DÂN", "GIÁM ĐỐC" alone in a line.
func isOffice(s string) bool {
	if !isCapitals(s) || len(s) > 80 {
		return false
	}
	for _, c := range []string{"TM.", "KT.", "TL.", "TUQ.", "Q."} {
		if strings.HasPrefix(s, c) {
			return true
		}
	}
	t := tokens(s)
	return roleHeads.at(t, 0) == len(t) && len(t) > 0 || s == "THỦ TƯỚNG" || s == "CHÁNH VĂN PHÒNG"
}

// annexLine finds where an annex begins after the signature: "Phụ lục", or a type in
// capitals on a line of its own with what it belongs to below.
func annexLine(lines []line, from int) int {
	for i := from; i < len(lines); i++ {
		s := strings.ToUpper(lines[i].m.s)
		if strings.HasPrefix(s, "PHỤ LỤC") && len(s) < 120 || (strings.HasPrefix(s, "BIỂU ") || strings.HasPrefix(s, "DANH MỤC")) && isCapitals(lines[i].m.s) {
			return i
		}
		for _, t := range types {
			if strings.HasPrefix(lines[i].m.s, t) && i > from+3 && enclosed(lines, i) {
				return i
			}
		}
	}
	return len(lines)
}

// enclosed tells that "(Kèm theo …)", "(Ban hành kèm theo …)" follows soon.
func enclosed(lines []line, i int) bool {
	for j := i + 1; j < len(lines) && j < i+9; j++ {
		s := strings.ToLower(lines[j].m.s)
		if strings.HasPrefix(s, "(") && strings.Contains(s, "kèm theo") {
			return true
		}
	}
	return false
}

// annexesFrom cuts the annexes apart.
func (p *parts) annexesFrom(from int) [][]paragraph {
	var out [][]paragraph
	for from < len(p.lines) {
		next := len(p.lines)
		for i := from + 1; i < len(p.lines); i++ {
			if strings.HasPrefix(strings.ToUpper(p.lines[i].m.s), "PHỤ LỤC") && len(p.lines[i].m.s) < 60 {
				next = i
				break
			}
		}
		out = append(out, p.tableOrText(p.lines[from:next]))
		from = next
	}
	return out
}

// withoutNames drops what repeats the letterhead inside the body: the second
// "QUYẾT ĐỊNH:" and the authority in capitals above it.
func withoutNames(lines []line) []line {
	out := make([]line, len(lines))
	copy(out, lines)
	for i := range out {
		s := strings.TrimRight(out[i].m.s, ": ")
		if s == "QUYẾT ĐỊNH" || s == "CHỈ THỊ" || s == "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" {
			out[i].m = mapped{}
		}
	}
	return out
}

// wired takes the addressees of a telegram off its body: "… điện:" and the dashes below.
func wired(body []paragraph) ([]string, []paragraph) {
	for i := 0; i < len(body) && i < 4; i++ {
		s := body[i].m.s
		k := strings.Index(low(s), "điện:")
		if k < 0 || k > 120 {
			continue
		}
		out := to{}
		if rest := strings.TrimSpace(s[k+len("điện:"):]); rest != "" {
			out.names = append(out.names, rest)
		}
		j := i + 1
		for j < len(body) && markerOf(body[j].m.s).kind == dashItem && len(body[j].m.s) < 500 {
			n := markerOf(body[j].m.s).n
			out.names = append(out.names, body[j].m.s[n:])
			j++
		}
		rest := append([]paragraph{}, body[:i]...)
		return split(out).names, append(rest, body[j:]...)
	}
	return nil, body
}

// day is the date of the document, the zero time where it has none.
func (d *Document) day() time.Time {
	if d.Date == nil {
		return time.Time{}
	}
	t, _ := time.Parse(time.DateOnly, *d.Date)
	return t
}

// firstRune is utf8.RuneError for an empty text.
func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}
