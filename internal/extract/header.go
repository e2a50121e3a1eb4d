package extract

import (
	"regexp"
	"strings"
	"time"
)

// header reads number, date, issuer, type, subject and signer.
func (p *parts) header() Document {
	d := Document{Recipients: p.to}
	d.Number = p.number()
	d.Date = p.date()
	d.Type = p.typeOf(d.Number)
	d.Subject = p.subject()
	d.Issuer = p.issuer()
	d.Signer = p.signer()
	if d.Number == nil && d.Issuer == nil {
		p.pressed(&d)
	}
	if d.Number == nil && d.Issuer == nil {
		d.Issuer = p.sayer()
	}
	if len(d.Recipients) == 0 {
		d.Recipients = p.receivers()
	}
	return d
}

// some is a field that was found; an empty text was not.
func some(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// headCells are the cells of the letterhead in their order, with the line of each.
func (p *parts) headCells() (cells []mapped, lines []int) {
	for i, l := range p.head {
		for _, c := range l.cells() {
			for _, c := range barred(c) {
				cells = append(cells, c)
				lines = append(lines, i)
			}
		}
	}
	return cells, lines
}

// barred cuts a row "| … | … |" of a letterhead that was a table.
func barred(c mapped) []mapped {
	if !strings.Contains(c.s, "|") {
		return []mapped{c}
	}
	var out []mapped
	from := 0
	for i := 0; i <= len(c.s); i++ {
		if i < len(c.s) && c.s[i] != '|' {
			continue
		}
		if piece := c.sub(from, i).trim(); piece.s != "" {
			out = append(out, unrolled(piece)...)
		}
		from = i + 1
	}
	return out
}

// rolled are the fronts of the lines that a cell of a letterhead holds.
var rolled = regexp.MustCompile(`\s(?:Số\s*:|V/v|CỘNG H|Độc lập|SỞ |VĂN PHÒNG|[\p{Lu}][\p{L}. ]{2,30}, ngày)`)

// unrolled cuts a cell that holds several lines of the letterhead.
func unrolled(c mapped) []mapped {
	var out []mapped
	for {
		m := rolled.FindStringIndex(c.s)
		if m == nil {
			return append(out, c)
		}
		out = append(out, c.sub(0, m[0]).trim())
		c = c.sub(m[0]+1, len(c.s))
	}
}

var numberOf = regexp.MustCompile(`(?:^|\s)[Ss]ố\s*[:.]?\s*(\d{1,6}[a-z]?)\s*((?:/\s*\d{4}\s*)?[-/–]\s*[\p{Lu}\d][\p{L}\d&.]*(?:\s*[-/–]\s*[\p{Lu}\d][\p{L}\d&.()]*)*)`)

// number is the number and symbol, without blanks; nil where the number is not filled in.
func (p *parts) number() *string {
	cells, lines := p.headCells()
	for i, c := range cells {
		s := c.s
		// a symbol broken over two lines is put together
		if strings.HasPrefix(s, "Số") && (strings.HasSuffix(s, "-") || strings.HasSuffix(s, "/")) && i+1 < len(cells) && lines[i+1] > lines[i] {
			s += cells[i+1].s
		}
		if strings.HasPrefix(s, "V/v") || len(s) > 80 {
			continue
		}
		// the number and its symbol may stand in columns of their own
		if i+1 < len(cells) && lines[i+1] == lines[i] && strings.HasPrefix(cells[i+1].s, "/") {
			s += cells[i+1].s
		}
		if m := numberOf.FindStringSubmatch(s); m != nil && (strings.HasPrefix(s, "S") || strings.HasPrefix(s, "s")) && numberOf.FindStringIndex(s)[0] == 0 {
			return some(strings.ReplaceAll(strings.Join(strings.Fields(m[1]+m[2]), ""), "–", "-"))
		}
	}
	return nil
}

// date is the day of the letterhead: "Phú Thọ, ngày 03 tháng 8 năm 2025".
func (p *parts) date() *string {
	cells, _ := p.headCells()
	try := func(s string) *string {
		t := tokens(s)
		for i := range t {
			if !is(t, i, "ngày") {
				continue
			}
			if d := dayAt(t, i+1, 0); d.n > 0 && !d.noYear {
				return some(d.end.Format(time.DateOnly))
			}
		}
		return nil
	}
	for i, c := range cells {
		k := strings.Index(c.s, "ngày")
		if k < 0 || k > 60 || strings.HasPrefix(c.s, "V/v") || strings.HasPrefix(c.s, "(") || strings.HasPrefix(c.s, "Số") || k > 0 && !strings.Contains(c.s[:k], ",") {
			continue
		}
		if strings.Contains(c.s, "tháng") || k > 0 {
			if d := try(spaced(c.s)); d != nil {
				return d
			}
			if i+1 < len(cells) {
				if d := try(spaced(c.s + " " + cells[i+1].s)); d != nil {
					return d
				}
			}
		}
	}
	return nil
}

var stuck = regexp.MustCompile(`(\d)(tháng|năm)|(ngày|tháng|năm)(\d)`)

// spaced sets blanks between words and numbers typed together: "01năm 2026".
func spaced(s string) string {
	return stuck.ReplaceAllString(s, "$1$3 $2$4")
}

// symbols of types in numbers.
var symbols = map[string]string{"CĐ": "công điện", "TB": "thông báo", "KH": "kế hoạch", "CT": "chỉ thị", "QĐ": "quyết định", "NQ": "nghị quyết", "BC": "báo cáo", "TTR": "tờ trình", "HD": "hướng dẫn", "CTR": "chương trình", "KL": "kết luận", "CV": "công văn", "PA": "phương án", "ĐA": "đề án", "GM": "giấy mời", "BB": "biên bản"}

// typeOf is the type by its name, else by the symbol, else a letter (công văn).
func (p *parts) typeOf(number *string) *string {
	if p.kind != "" {
		k := strings.ToLower(p.kind)
		if k == "thông báo kết luận" {
			k = "thông báo"
		}
		return some(k)
	}
	// a letter has its subject under the number; its symbol may look like a type (CT-CS)
	if number != nil && p.underNumber() == "" {
		t := tokens(*number)
		for i := 1; i < len(t); i++ {
			if s, ok := symbols[strings.ToUpper((*number)[t[i].from:t[i].to])]; ok && (i == 2 || i == 4) {
				return some(s)
			}
		}
	}
	return some("công văn")
}

// pressed reads the first line of a text that the press reproduced without letterhead:
// "Công điện số 149/CĐ-TTg ngày 28/8/2025 của Thủ tướng Chính phủ về việc …".
func (p *parts) pressed(d *Document) {
	if len(p.body) == 0 {
		return
	}
	first := p.body[0].m.s
	if len(first) > 700 {
		return
	}
	first = announced(first, d)
	t := tokens(first)
	for _, k := range types {
		if !strings.HasPrefix(strings.ToUpper(first), k) {
			continue
		}
		d.Type = some(strings.ToLower(k))
		if m := numberOf.FindStringSubmatch(first); m != nil {
			d.Number = some(strings.Join(strings.Fields(m[1]+m[2]), ""))
		}
		for i := range t {
			if is(t, i, "ngày") && d.Date == nil {
				if c := dayAt(t, i+1, 0); c.n > 0 && !c.noYear {
					d.Date = some(c.end.Format(time.DateOnly))
				}
			}
			if is(t, i, "của") && d.Issuer == nil {
				if b, end := bodiesAt(t, i+1); len(b) > 0 {
					d.Issuer = some(first[t[i+1].from:t[end-1].to])
				}
			}
			if is(t, i, "về") && (d.Subject == nil || *d.Subject == first) {
				d.Subject = some(withoutAbout(first[t[i].from:]))
				break
			}
		}
		p.body = p.body[1:]
		return
	}
}

// sayer is who orders in a text without letterhead: the subject of the sentence that opens
// its items, "Thủ tướng Chính phủ chỉ thị:".
func (p *parts) sayer() *string {
	const opening = 8
	for _, par := range p.body[:min(len(p.body), opening)] {
		if !strings.HasSuffix(par.m.s, ":") || markerOf(par.m.s).kind != noMarker {
			continue
		}
		t := tokens(par.m.s)
		all := sentences(t)
		from := all[len(all)-1].from
		if sayers.at(t, from) == 0 && bodyHeads.at(t, from) == 0 {
			continue
		}
		if list, end := bodiesAt(t, from); len(list) == 1 && !list[0].group && (orderVerbs.at(t, end) > 0 || is(t, end, "chỉ", "thị") || oneOf(t, end, "điện")) {
			return some(par.m.s[t[from].from:t[end-1].to])
		}
	}
	return nil
}

// announced takes the news off a first line: "Thủ tướng vừa ký ban hành Công điện số …"
// leaves "Công điện số …", and who signed is whose paper it is.
func announced(s string, d *Document) string {
	t := tokens(s)
	for i := 2; i < len(t) && i < 40; i++ {
		if !t[i].cap || !is(t, i-2, "ban", "hành") && !oneOf(t, i-1, "ký", "có", "hành") {
			continue
		}
		for _, k := range types {
			if !strings.HasPrefix(strings.ToUpper(s[t[i].from:]), k+" SỐ ") {
				continue
			}
			if b, end := bodiesAt(t, 0); len(b) > 0 && d.Issuer == nil {
				d.Issuer = some(s[t[0].from:t[titleEnd(t, end)-1].to])
			}
			return s[t[i].from:]
		}
	}
	return s
}

// titleEnd is where a title ends before the person's name: "Thủ tướng Chính phủ Phạm …".
func titleEnd(t []token, end int) int {
	for k := 1; k < end; k++ {
		if is(t, k-1, "chính", "phủ") {
			return k + 1
		}
	}
	return end
}

var about = regexp.MustCompile(`(?i)^\s*(?:v/v\s*[:.]?|về\s+việc|về)\s+`)

// withoutAbout takes "V/v", "Về việc" off a subject.
func withoutAbout(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	return strings.Trim(about.ReplaceAllString(s, ""), " .:;-")
}

// receivers are the first entries of "Nơi nhận".
func (p *parts) receivers() []string {
	var out []string
	for _, l := range p.foot {
		c := l.cells()
		if len(c) == 0 || !strings.HasPrefix(c[0].s, "-") {
			continue
		}
		s := strings.Trim(c[0].s, " -;.,")
		if low(s) == "như trên" || strings.HasPrefix(s, "Lưu") {
			continue
		}
		if out = append(out, s); len(out) == 4 {
			break
		}
	}
	return out
}

// signer is the name below the signature: the last cell that looks like one.
func (p *parts) signer() *string {
	foot := p.foot
	for i := len(foot) - 1; i >= 0; i-- {
		c := foot[i].cells()
		for k := len(c) - 1; k >= 0; k-- {
			if isPerson(c[k].s) {
				return some(strings.TrimSpace(c[k].s))
			}
		}
	}
	return nil
}

// isPerson finds two to six capitalised words without anything else.
func isPerson(s string) bool {
	t := tokens(s)
	if len(t) < 2 || len(t) > 6 || len(s) > 50 {
		return false
	}
	for _, w := range t {
		if (!w.word || !w.cap) && w.lo != "’" && w.lo != "'" { // "Nay H’Lan"
			return false
		}
	}
	family := is(t, 0, "đoàn") // the name of a family as well
	return roleHeads.at(t, 0) == 0 && (bodyHeads.at(t, 0) == 0 || family && len(t) > 2 && !isCapitals(s)) && !isOffice(s) && !is(t, 0, "nơi", "nhận") && !is(t, 0, "đã", "ký")
}
