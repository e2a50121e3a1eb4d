package extract

import (
	"strings"
)

// subject is the abstract of the paper (trích yếu) without "V/v".
func (p *parts) subject() *string {
	if s := p.underNumber(); s != "" {
		return some(withoutAbout(s))
	}
	if p.title < 0 {
		return nil
	}
	lines, _ := p.subjectLines()
	first := strings.TrimSpace(strings.TrimPrefix(strings.Join(strings.Fields(p.lines[p.title].m.s), " "), p.kind))
	s := withoutAbout(strings.Join(append([]string{first}, lines...), " "))
	if isCapitals(s) {
		s = strings.ToLower(s)
	}
	return some(s)
}

// underNumber reads the left column from "V/v" down.
func (p *parts) underNumber() string {
	var out []string
	gap := false
	for _, l := range p.head {
		if l.blank() {
			gap = true
			continue
		}
		cells := l.cells()
		c := cells[0].s
		if len(out) == 0 {
			k := aboutAt(c, p.title < 0)
			if k < 0 {
				continue
			}
			out = append(out, c[k:])
			gap = false
			continue
		}
		switch {
		case isMotto(c), strings.HasPrefix(c, "|"):
			return strings.Join(out, " ")
		case strings.Contains(c, "ngày ") && strings.Contains(c, "tháng") && strings.Contains(c, ",") && len(cells) == 1 && len(c) < 70 && !startsLower(c):
			gap = false
			if strings.HasPrefix(c, "(") {
				return strings.Join(out, " ")
			}
			continue // place and date stand between
		case gap && !startsLower(c) || strings.HasPrefix(c, "Kính gửi") || len(cells) == 1 && l.indent > 45:
			return strings.Join(out, " ")
		}
		out = append(out, c)
		gap = false
	}
	return strings.Join(out, " ")
}

// aboutAt is where a cell of the letterhead begins to say what the paper is about: at
// "V/v"; some offices print "Về …" there. -1 where it does not.
func aboutAt(c string, letter bool) int {
	for _, mark := range []string{"V/v", "V/V", "v/v"} {
		k := strings.Index(c, mark)
		if k > 0 && c[k-1] != ' ' {
			k = -1 // "CV/VPTU" is the symbol of an office
		}
		if k >= 0 && (k <= 3 || strings.HasPrefix(c, "Số")) {
			return k
		}
	}
	if letter && (strings.HasPrefix(c, "Về ") || strings.HasPrefix(c, "Vv ")) {
		return 0
	}
	return -1
}

// opening are the words with which a body begins below a subject.
var opening = table("căn cứ|thực hiện|ngày|để|trong|nhằm|theo|thời gian|hiện nay|tại|sau khi|xét|qua|tiếp theo|vừa qua|trên cơ sở|từ ngày|kính gửi|tiếp tục thực hiện|chiều ngày|sáng ngày|bên cạnh|những|năm|thủ tướng chính phủ điện|ủy ban nhân dân tỉnh|hưởng ứng|thi hành|cơn bão|mưa lũ|dự báo|từ đầu|đến nay|ngay|quá trình|tình hình|nhân dịp|vào|hội nghị|hôm nay|đồng chí|ngày|do|với|trước|kể từ|công tác")

// subjectLines are the lines of the subject below the name of the type, and where the
// body begins.
func (p *parts) subjectLines() ([]string, int) {
	var out []string
	i := p.title + 1
	gap := false
	for ; i < len(p.lines) && i < p.title+25; i++ {
		l := p.lines[i]
		if l.blank() {
			gap = gap || len(out) > 0
			continue
		}
		s := strings.Join(strings.Fields(l.m.s), " ")
		if len(out) == 0 && (len(l.cells()) > 1 && strings.Contains(s, "ngày") || numberCell.MatchString(s) || placeAndDay(s)) {
			continue
		}
		if p.bodyBegins(s, l, out, gap) {
			break
		}
		out = append(out, s)
		gap = false
	}
	return out, i
}

// placeAndDay tells "Quảng Ngãi, ngày 17 tháng 10 năm 2025" alone in a line.
func placeAndDay(s string) bool {
	const longest = 70
	return strings.Contains(s, ", ngày ") && strings.Contains(s, " tháng ") && len(s) < longest && !startsLower(s)
}

// bodyBegins tells that a line below the subject is no longer the subject.
func (p *parts) bodyBegins(s string, l line, before []string, gap bool) bool {
	t := tokens(s)
	first := len(before) == 0
	switch {
	case markerOf(s).kind != noMarker && !first || strings.HasPrefix(s, "(") || isAuthority(s) || strings.HasPrefix(s, "Kính gửi"):
		return true
	case strings.HasSuffix(s, "điện:"):
		return true
	case first:
		return len(s) > 420 || is(t, 0, "căn", "cứ")
	}
	last := before[len(before)-1]
	capsBefore := isCapitals(last)
	switch {
	case gap && !startsLower(s): // a subject has no blank line but before a broken word
		return true
	case startsLower(s):
		return false
	case capsBefore != isCapitals(s): // the type face changes where the body begins
		return true
	case capsBefore:
		return false
	case !p.lay.wrapped && len(s) > 200:
		return true
	case opening.at(t, 0) > 0 && t[0].cap:
		return true
	}
	return l.indent < 8 && len(s) > 110
}

// isAuthority finds the capitals above "QUYẾT ĐỊNH:": "GIÁM ĐỐC SỞ …", "ỦY BAN NHÂN DÂN …".
func isAuthority(s string) bool {
	if !isCapitals(s) || len(s) > 140 {
		return false
	}
	t := tokens(s)
	return roleHeads.at(t, 0) > 0 && !is(t, 0, "trưởng") || ofArea.at(t, 0) > 0 && !is(t, 0, "công", "an") && len(t) < 12 || is(t, 0, "bộ", "trưởng")
}
