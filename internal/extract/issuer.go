package extract

import (
	"strings"
	"unicode"
)

// cities are the municipalities under the Centre; other places at that level are provinces.
var cities = table("hà nội|hồ chí minh|hải phòng|đà nẵng|cần thơ|huế")

// issuerHeads begin the name of a body in a letterhead.
var issuerHeads = table("ủy ban nhân dân|ubnd|hội đồng nhân dân|hđnd|sở|bộ|cục|tổng cục|chi cục|vụ|viện|ban|văn phòng|thanh tra|thanh tra chính phủ|công an|tòa án|thủ tướng|chính phủ|tỉnh ủy|thành ủy|đảng ủy|đảng bộ|ngân hàng|bảo hiểm|kho bạc|thuế|chủ tịch|kiểm toán|trung tâm|trường|hội đồng|công ty|tổng công ty|tập đoàn|đài|thông tấn|ủy ban|đoàn|phòng giáo|phòng kinh|phòng văn|chi nhánh|hải quan|quốc hội|bch|hội nông|hội liên|liên đoàn|bệnh viện")

// issuer is the full name of the issuing body with its province.
func (p *parts) issuer() *string {
	bodies, place := p.letterhead()
	if len(bodies) == 0 {
		return nil
	}
	name := bodies[len(bodies)-1]
	parent := ""
	if len(bodies) > 1 {
		parent = bodies[len(bodies)-2]
	}
	full := fullName(name, parent, place)
	if t := tokens(full); is(t, 0, "ủy", "ban", "nhân", "dân") && oneOf(t, 4, "xã", "phường", "đặc") && !strings.Contains(full, " tỉnh ") && !strings.Contains(full, " thành phố ") {
		full += suffix(p.province()) // the letterhead of a commune need not say its province
	}
	return some(full)
}

// province is the first province or city that the text names, "" where it names none.
func (p *parts) province() string {
	for _, l := range p.lines {
		if !strings.Contains(l.m.s, "tỉnh ") && !strings.Contains(l.m.s, "thành phố ") && !strings.Contains(l.m.s, "TỈNH ") && !strings.Contains(l.m.s, "THÀNH PHỐ ") {
			continue
		}
		t := tokens(l.m.s)
		for i := range t {
			n := areaNouns.at(t, i)
			if !is(t, i, "tỉnh") && !is(t, i, "thành", "phố") || n == 0 || i+n >= len(t) || !t[i+n].cap || bodyHeads.at(t, i+n) > 1 {
				continue
			}
			if c := capitals(t, i+n); c > 0 && c <= 4 {
				return strings.ToLower(l.m.s[t[i].from:t[i+n-1].to]) + " " + eachCapital(l.m.s[t[i+n].from:t[i+n+c-1].to])
			}
		}
	}
	return ""
}

// letterhead gathers the capitals of the left column above the number, one body after
// the other, and the place of the date line.
func (p *parts) letterhead() (bodies []string, place string) {
	cells, _ := p.headCells()
	for _, c := range cells {
		s := strings.Join(strings.Fields(c.s), " ")
		if k := strings.Index(s, ", ngày"); k > 0 && k < 60 && place == "" {
			place = s[:k]
		}
	}
	for _, c := range cells {
		s := strings.Trim(strings.Join(strings.Fields(c.s), " "), "*-_ ")
		if s == "" {
			continue
		}
		if numberCell.MatchString(s) || strings.HasPrefix(s, "V/v") || strings.HasPrefix(s, "Số") || isType(s) {
			break
		}
		if !isCapitals(s) || isMotto(s) {
			continue
		}
		t := tokens(s)
		if n := len(bodies); n > 0 && !beginsIssuer(t, bodies[n-1]) {
			bodies[n-1] += " " + s
			continue
		}
		bodies = append(bodies, s)
	}
	return bodies, place
}

// eachCapital writes "NGHỆ AN" as "Nghệ An": every word of a place has its capital.
func eachCapital(s string) string {
	w := strings.Fields(s)
	for i := range w {
		r := []rune(strings.ToLower(w[i]))
		r[0] = unicode.ToUpper(r[0])
		w[i] = string(r)
	}
	return strings.Join(w, " ")
}

// isType tells that a cell is the name of a type, the end of the letterhead.
func isType(s string) bool {
	for _, t := range types {
		if strings.Trim(s, ": ") == t {
			return true
		}
	}
	return false
}

// isMotto finds the national name and motto, marks of urgency and secrecy: capitals that
// name no issuer. Converters misspell HÒA; "cộng" alone is enough.
func isMotto(s string) bool {
	t := tokens(s)
	return is(t, 0, "cộng", "hòa") || is(t, 0, "cộng", "hõa") || is(t, 0, "đảng", "cộng", "sản") || is(t, 0, "độc", "lập") || is(t, 0, "hỏa", "tốc") || is(t, 0, "khẩn") || is(t, 0, "thượng", "khẩn") || is(t, 0, "mật") || is(t, 0, "việt", "nam") || is(t, 0, "xã", "hội", "chủ") || is(t, 0, "dự", "thảo") || is(t, 0, "bản", "sao") || is(t, 0, "sao", "y") || is(t, 0, "cộng") ||
		is(t, 0, "hòa", "xã", "hội") || is(t, 0, "hội", "chủ", "nghĩa") || is(t, 0, "chủ", "nghĩa", "việt") || is(t, 0, "nghĩa", "việt", "nam")
}

// beginsIssuer tells that a line of the letterhead is another body, not the rest of the
// one above: "CHỦ TỊCH" belongs to the committee below it.
func beginsIssuer(t []token, above string) bool {
	before := tokens(above)
	last := before[len(before)-1].lo
	switch {
	case issuerHeads.at(t, 0) == 0: // "VÀ MÔI TRƯỜNG" goes on with the line above
		return false
	case roleHeads.at(before, 0) == len(before), last == "và", last == ",", last == "-":
		return false
	case is(t, 0, "chính", "phủ"):
		return !(last == "tướng" || last == "phòng" || last == "tra")
	case is(t, 0, "ban", "nhân") || is(t, 0, "đoàn", "thể") || is(t, 0, "ban", "ngành"):
		return false
	}
	return true
}

// fullName writes a body with what its letterhead leaves out.
func fullName(name, parent, place string) string {
	name = titled(expand(name))
	area := areaOf(titled(expand(parent)))
	if area == "" {
		area = withRank(place)
	}
	t := tokens(name)
	switch {
	case is(t, 0, "chủ", "tịch") && len(t) == 2 && parent != "": // the title set below the committee
		return name + " " + titled(expand(parent))
	case is(t, 0, "văn", "phòng") && len(t) == 2: // an office is named by whom it serves
		up := titled(expand(parent))
		if up == "" {
			return name
		}
		return name + " " + up
	case is(t, 0, "văn", "phòng") && (is(t, 2, "ủy", "ban") || is(t, 2, "hội", "đồng") || is(t, 2, "đoàn")) && areaOf(name) == "":
		return name + suffix(area)
	case is(t, 0, "sở"), is(t, 0, "ban") && !is(t, 0, "ban", "bí") && parent != "", is(t, 0, "thanh", "tra") && !is(t, 0, "thanh", "tra", "chính"), is(t, 0, "ban", "quản", "lý"), is(t, 0, "trung", "tâm") && parent != "":
		if areaOf(name) != "" || area == "" {
			return name
		}
		if n := len(t); t[n-1].lo == "tỉnh" || t[n-1].lo == "phố" {
			return strings.TrimSuffix(strings.TrimSuffix(name, " tỉnh"), " thành phố") + suffix(area)
		}
		return name + suffix(area)
	case is(t, 0, "ủy", "ban", "nhân", "dân") && (oneOf(t, 4, "xã", "phường", "đặc", "huyện", "quận")):
		if area == "" || strings.Contains(name, area) {
			return name
		}
		return name + suffix(provinceOf(parent, place))
	case is(t, 0, "ủy", "ban", "nhân", "dân") && len(t) <= 5 || is(t, 0, "chủ", "tịch") && areaOf(name) == "":
		if n := len(t); t[n-1].lo == "tỉnh" {
			name = strings.TrimSuffix(name, " tỉnh")
		}
		return name + suffix(area)
	}
	return name
}

// suffix is the area with the blank before it, nothing where there is none.
func suffix(area string) string {
	if area == "" {
		return ""
	}
	return " " + area
}

// provinceOf is the province of a commune: in the body above it, never the place, which
// is the commune itself.
func provinceOf(parent, place string) string { return areaOf(titled(expand(parent))) }

// areaOf is the area at the end of a name: "tỉnh Lào Cai".
func areaOf(name string) string {
	for _, head := range []string{"tỉnh ", "thành phố ", "huyện ", "quận ", "xã ", "phường ", "đặc khu "} {
		if k := strings.LastIndex(name, head); k >= 0 && (k == 0 || name[k-1] == ' ') && unicode.IsUpper(firstRune(name[k+len(head):])) {
			return name[k:]
		}
	}
	return ""
}

// withRank writes a place of the date line as a province or a municipality.
func withRank(place string) string {
	place = strings.TrimSpace(place)
	t := tokens(place)
	for _, p := range []string{"TP. ", "TP.", "Tp. ", "Thành phố ", "TP "} {
		place = strings.TrimPrefix(place, p)
	}
	if len(t) == 0 || is(t, 0, "xã") || is(t, 0, "phường") || is(t, 0, "đặc") {
		return ""
	}
	if cities.has(t) {
		return "thành phố " + place
	}
	return "tỉnh " + strings.TrimPrefix(strings.TrimPrefix(place, "tỉnh "), "Tỉnh ")
}

// abbreviations of letterheads.
var abbreviations = strings.NewReplacer("UBND", "ỦY BAN NHÂN DÂN", "HĐND", "HỘI ĐỒNG NHÂN DÂN", "TP.", "THÀNH PHỐ ", "TP ", "THÀNH PHỐ ", "Ỷ", "Ỷ", "UỶ", "ỦY", "ĐBQH", "ĐẠI BIỂU QUỐC HỘI")

// expand writes the abbreviations of a letterhead out.
func expand(s string) string {
	return strings.Join(strings.Fields(abbreviations.Replace(s)), " ")
}

// small are words of a name that keep a small letter.
var small = table("và|nhân dân|tỉnh|thành phố|xã|phường|đặc khu|huyện|quận|các|của|khu|phố|thị xã|về|cho|với")

// properFields are second words of fields that keep a small letter behind the first.
var lowerSecond = table("nghiệp|trường|học|nghệ|dục|tạo|chính|vụ|pháp|tế|hóa|thao|lịch|dựng|tộc|giáo|thông|tải|tư|vận|truyền|hội|binh|tra|phòng|tịch|tướng|phủ|ủy|lý|đốc|đạo|huy|an|hoạch|thiên|dân|sự|quan|cáo|đồng|ban|tâm|viện|công|toán|hiểm|bạc|nước|nhà|vực|án")

// titled writes capitals as a name: "SỞ CÔNG THƯƠNG" becomes "Sở Công Thương". Proper
// names keep all their capitals; words of the State's vocabulary only the first.
func titled(s string) string {
	if !isCapitals(s) {
		return s
	}
	w := strings.Fields(s)
	area := false
	for i := range w {
		l := strings.ToLower(w[i])
		one := tokens(l)
		if len(one) == 0 {
			continue
		}
		field := i == 1 && (w[0] == "Sở" || w[0] == "Bộ") || l == "ủy" && i+1 < len(w) && strings.ToLower(w[i+1]) == "ban"
		switch {
		case i > 0 && !field && small.at(one, 0) > 0 || l == "nhân" || l == "dân" && !area || l == "thành" && !area || l == "đặc" && i > 0:
			w[i] = l
			area = area || l == "tỉnh" || l == "phố" || l == "xã" || l == "phường"
		case i > 0 && !area && !field && lowerSecond.at(one, 0) > 0 && !strings.Contains("thương", l):
			w[i] = l
		default:
			r := []rune(l)
			r[0] = unicode.ToUpper(r[0])
			w[i] = string(r)
		}
		area = area || l == "ủy" && i > 0 && (strings.EqualFold(w[i-1], "tỉnh") || strings.EqualFold(w[i-1], "thành")) // "Tỉnh ủy Lâm Đồng"
	}
	return fixedNames.Replace(strings.Join(w, " "))
}

// fixedNames are parts of names that always keep their letters.
var fixedNames = strings.NewReplacer("chính phủ", "Chính phủ", "Tài Nguyên và", "Tài nguyên và", "Kiểm Soát Bệnh Tật", "Kiểm soát bệnh tật", "Văn phòng thành ủy", "Văn phòng Thành ủy", "Văn phòng tỉnh ủy", "Văn phòng Tỉnh ủy")
