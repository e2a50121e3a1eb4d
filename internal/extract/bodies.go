package extract

import "strings"

// A body is one addressed body of a list, as the tokens [from, to) that name it.
type body struct {
	from, to int
	prefix   string // what the list says once for all: "Sở" in "các Sở: A, B"
	group    bool   // "các sở, ban, ngành", not one named body
	role     bool   // a person: Chủ tịch, Giám đốc
}

// longest is how many bodies one list may name; it keeps the reading linear.
const longest = 40

// bodiesAt reads a list of bodies that begins at token i. end is where it ends; no
// bodies: none begins there.
func bodiesAt(t []token, i int) (list []body, end int) {
	first := i
	i = skipTitle(t, i)
	for len(list) < longest {
		b, n := bodyAt(t, i, list)
		if n == 0 {
			break
		}
		if len(list) == 0 && i == first+3 && is(t, first, "các") && b[0].prefix == "" { // "Các đồng chí thành viên Ban Chỉ đạo", as printed
			b[0].from = first
		}
		list = append(list, b...)
		end = i + n
		if last := &list[len(list)-1]; last.group { // "Các chủ rừng (Vườn quốc gia A, các công ty lâm nghiệp)"
			if k := brackets(t, end); k > end+2 && len(bodiesFrom(t[:k-1], end+1)) > 1 {
				last.to, end = k, k
			}
		}
		next := separator(t, end)
		if next == end {
			break
		}
		i = skipTitle(t, next)
	}
	return list, end
}

// skipTitle steps over "đồng chí", "các đồng chí", "ông".
func skipTitle(t []token, i int) int {
	switch {
	case is(t, i, "các", "đồng", "chí") && !oneOf(t, i+3, ",", "có", "lãnh"):
		return i + 3
	case is(t, i, "đồng", "chí") && i+2 < len(t) && (t[i+2].cap || bodyHeads.at(t, i+2) > 0 || roleHeads.at(t, i+2) > 0):
		return i + 2
	case is(t, i, "đ", "/", "c") && i+3 < len(t) && t[i+3].cap:
		return i + 3
	case oneOf(t, i, "ông", "bà") && i+2 < len(t) && t[i+1].cap && t[i+2].cap:
		return i + 1
	}
	return i
}

// separator steps over what stands between two bodies: a comma, "và", brackets.
func separator(t []token, i int) int {
	j := brackets(t, i)
	for j < len(t) && oneOf(t, j, ",", ";", "và", "/", "cùng", "-", "&", "hoặc") && j-i < 90 {
		if t[j].lo == "cùng" && !oneOf(t, j+1, "các", "với") {
			break
		}
		j++
		if oneOf(t, j, "với") && t[j-1].lo == "cùng" {
			j++
		}
	}
	if j == brackets(t, i) {
		return i
	}
	return j
}

// brackets steps over "(…)" that follows a name.
func brackets(t []token, i int) int {
	if !is(t, i, "(") {
		return i
	}
	for j := i + 1; j < len(t) && j < i+80; j++ {
		if t[j].lo == ")" {
			return j + 1
		}
	}
	return i
}

// bodyAt reads one element of a list: a named body, a role, a group, or a field that
// goes on with "Sở A, B".
func bodyAt(t []token, i int, before []body) ([]body, int) {
	if i >= len(t) {
		return nil, 0
	}
	// the order matters: "các Sở: A, B" before groups, groups before names, since "Ban"
	// and "Sở" begin both
	if b, n := listOfFields(t, i); n > 0 {
		return b, n
	}
	if b, n := rolesOfFields(t, i); n > 0 {
		return b, n
	}
	if n := groupAt(t, i); n > 0 {
		return []body{{from: i, to: i + n, group: true}}, n
	}
	if n := roleAt(t, i); n > 0 {
		return []body{{from: i, to: i + n, role: true}}, n
	}
	if n := namedAt(t, i); n > 0 {
		return []body{{from: i, to: i + n}}, n
	}
	if n := personAt(t, i); n > 0 {
		return []body{{from: i, to: i + n, role: true}}, n
	}
	if n := initialsAt(t, i); n > 0 {
		return []body{{from: i, to: i + n}}, n
	}
	if len(before) > 0 {
		last := before[len(before)-1]
		prefix := last.prefix
		if prefix == "" && oneOf(t, last.from, "sở", "bộ") && !last.group {
			prefix = t[last.from].lo
		}
		if n := fields.at(t, i); prefix != "" && n > 0 && t[i].cap {
			return []body{{from: i, to: i + n, prefix: prefix}}, n
		}
		if n := placeList(t, i, last); n > 0 {
			return []body{{from: i, to: i + n, prefix: "^"}}, n
		}
		if n := otherGroup(t, i); n > 0 {
			return []body{{from: i, to: i + n, group: true}}, n
		}
	}
	return nil, 0
}

// personAt reads a person by name behind "đồng chí", "ông", "bà", with the office that
// follows: "Nguyễn Văn Hải - Phó Chủ tịch UBND tỉnh".
func personAt(t []token, i int) int {
	if !oneOf(t, i-1, "chí", "ông", "bà") && !is(t, i-3, "đ", "/", "c") {
		return 0
	}
	n := capitals(t, i)
	if n < 2 || n > 6 {
		return 0
	}
	if j := i + n; oneOf(t, j, "-", ",") {
		if k := roleAt(t, j+1); k > 0 {
			return n + 1 + k
		}
	}
	return n
}

// initialsAt reads a body that offices write in initials only, "STC", "P.VHXH", "VPUBND
// tỉnh": capitals where a body stands, and a strong verb right behind. Without the verb they
// may be anything ("BHYT", "GPMB").
func initialsAt(t []token, i int) int {
	const fewest, most = 2, 12
	j := i
	if is(t, j, "p") && is(t, j+1, ".") && t[j+1].glued {
		j += 2
	}
	if j >= len(t) || !t[j].upper || strings.Trim(t[j].lo, "ivx") == "" {
		return 0
	}
	if w := t[j].to - t[j].from; w < fewest || w > 2*most {
		return 0
	}
	j++
	for is(t, j, "&") && t[j].glued && j+1 < len(t) && t[j+1].upper {
		j += 2
	}
	j += placeTail(t, j)
	if j >= len(t) && i == 0 && (is(t, 0, "p") || strings.HasPrefix(t[0].lo, "s") || strings.HasPrefix(t[0].lo, "vp")) {
		return j // "4. P.KT" above its own items: a section, a department, an office
	}
	if strong.at(t, j) == 0 && !oneOf(t, j, ":") || j < len(t) && t[j].cap {
		return 0
	}
	return j - i
}

// otherGroup reads a group that no table has, at the end of a list: "và các thương nhân
// kinh doanh xăng dầu duy trì …"; a predicate must follow soon.
func otherGroup(t []token, i int) int {
	if !is(t, i, "các") || i+2 >= len(t) || t[i+1].cap || predicates.at(t, i+1) > 0 {
		return 0
	}
	const soon = 10
	for k := i + 2; k < len(t) && k < i+soon; k++ {
		switch {
		case !t[k].word:
			return 0
		case k > i+2 && predicates.at(t, k) > 0 && modifierVerbs.at(t, k) == 0:
			return k - i
		}
	}
	return 0
}

// placeList reads a place that goes on with a list of places: "UBND các xã Hy Cương, Chu Hóa".
func placeList(t []token, i int, last body) int {
	if last.role || last.group || !t[i].cap || last.to-last.from < 3 || !oneOf(t, last.from, "ubnd", "ủy") {
		return 0
	}
	return capitals(t, i)
}

// listOfFields reads "các Sở: A, B và C", "các Bộ A, B".
func listOfFields(t []token, i int) (list []body, n int) {
	j := i
	if is(t, j, "các") {
		j++
	}
	if !oneOf(t, j, "sở", "bộ") {
		return nil, 0
	}
	prefix := t[j].lo
	j++
	if is(t, j, ",", "ngành", ":") {
		j += 2
	}
	colon := is(t, j, ":")
	if colon {
		j++
	}
	if j == i+1 {
		return nil, 0 // "Sở A": a named body
	}
	end := i
	for len(list) < longest {
		n := fields.at(t, j)
		if n == 0 || !t[j].cap {
			break
		}
		list = append(list, body{from: j, to: j + n, prefix: prefix})
		end = j + n
		next := end
		for next < len(t) && oneOf(t, next, ",", "và", ";") {
			next++
		}
		if next == end {
			break
		}
		j = next
	}
	return list, end - i
}

// rolesOfFields reads "Bộ trưởng các Bộ: A, B", "Giám đốc các Sở: A, B": one title for
// several, written out for each.
func rolesOfFields(t []token, i int) ([]body, int) {
	n := roleHeads.at(t, i)
	if n == 0 || !is(t, i+n, "các") {
		return nil, 0
	}
	list, k := listOfFields(t, i+n)
	if len(list) < 2 {
		return nil, 0
	}
	title := t[i].lo
	for _, w := range t[i+1 : i+n] {
		title += " " + w.lo
	}
	for j := range list {
		p := list[j].prefix
		list[j].prefix = title + " " + strings.ToUpper(p[:1]) + p[1:]
		list[j].role = true
	}
	return list, n + k
}

// roleAt reads a person by office, with the field: "Phó Chủ tịch UBND tỉnh phụ trách lĩnh vực".
func roleAt(t []token, i int) int {
	n := officeAt(t, i)
	if n == 0 || !is(t, i+n, "phụ", "trách") {
		return n
	}
	for k := i + n + 2; k < len(t) && k < i+n+8; k++ {
		if (strong.at(t, k) > 0 || organises(t, k)) && !t[k].cap || oneOf(t, k, ":") {
			return k - i
		}
	}
	return n
}

// hamlets are what a commune is divided into; one head may answer for several kinds.
var hamlets = table("thôn|bản|ấp|xóm|làng|buôn|khu phố|khu dân cư|tổ dân phố|khu|khóm|khối|khối phố|tiểu khu")

// officeAt reads "Chủ tịch UBND các xã, phường", "Thủ trưởng các sở, ban, ngành".
func officeAt(t []token, i int) int {
	j := i
	if is(t, j, "các") && roleHeads.at(t, j+1) > 0 {
		j++
	}
	n := roleHeads.at(t, j)
	if is(t, j, "lãnh", "đạo") && (bodyHeads.at(t, j+2) > 0 || is(t, j+2, "các")) {
		n = 2
	}
	if n == 0 {
		if is(t, j, "công", "chức") && t[j].cap && j+2 < len(t) && t[j+2].cap { // "Công chức Tài chính - Kế toán"
			return restOfName(t, j, j+2) - i
		}
		return 0
	}
	j += n
	for oneOf(t, j, ",", "và", "/") && roleHeads.at(t, j+1) > 0 { // Giám đốc, Thủ trưởng các sở
		j += 1 + roleHeads.at(t, j+1)
	}
	if is(t, j-1, "các") {
		j += hamlets.at(t, j) // "Trưởng các xóm"
	}
	if hamlets.at(t, j-1) > 0 {
		for oneOf(t, j, ",", "và") && hamlets.at(t, j+1) > 0 { // "Trưởng thôn, bản, khu phố"
			j += 1 + hamlets.at(t, j+1)
		}
	}
	if is(t, j, "của") {
		j++
	}
	if is(t, j, "thường", "trực") {
		j += 2
	}
	if b, n := bodyAt(t, j, nil); n > 0 {
		if len(b) > 1 { // "Giám đốc các Sở: A, B" is one role for many
			n = b[len(b)-1].to - j
		}
		return j + n - i
	}
	if is(t, j, "chính", "phủ") {
		return j + 2 + capitals(t, j+2) - i
	}
	if oneOf(t, j-1, "phòng", "ban", "đoàn", "tổ") && j-i <= 3 {
		return restOfName(t, j-1, j) - i
	}
	if n := placeTail(t, j); n > 0 {
		return j + n - i
	}
	if n := capitals(t, j); n > 0 && t[i].cap {
		return j + n - i
	}
	return j - i
}

// names writes the bodies out, as printed; "Các Bộ: A, B" becomes "Bộ A", "Bộ B".
func names(m mapped, t []token, list []body) []string {
	var out []string
	for _, b := range list {
		s := strings.TrimSpace(m.s[t[b.from].from:t[b.to-1].to])
		switch b.prefix {
		case "":
		case "^":
			if len(out) > 0 {
				out[len(out)-1] += ", " + s
				continue
			}
		default:
			s = strings.ToUpper(b.prefix[:1]) + b.prefix[1:] + " " + s
		}
		out = append(out, s)
	}
	return out
}
