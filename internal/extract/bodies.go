package extract

import "strings"

// A body is one addressed body of a list, as the tokens [from, to) that name it.
type body struct {
	from, to int
	prefix   string // what the list says once for all: "Sở" in "các Sở: A, B"
	group    bool   // "các sở, ban, ngành", not one named body
	role     bool   // a person: Chủ tịch, Giám đốc
}

// bodiesAt reads a list of bodies that begins at token i. end is where it ends; no
// bodies: none begins there.
func bodiesAt(t []token, i int) (list []body, end int) {
	i = skipTitle(t, i)
	for {
		b, n := bodyAt(t, i, list)
		if n == 0 {
			break
		}
		list = append(list, b...)
		end = i + n
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
	case is(t, i, "đồng", "chí") && i+2 < len(t) && (bodyHeads.at(t, i+2) > 0 || roleHeads.at(t, i+2) > 0):
		return i + 2
	}
	return i
}

// separator steps over what stands between two bodies: a comma, "và", brackets.
func separator(t []token, i int) int {
	j := brackets(t, i)
	for j < len(t) && oneOf(t, j, ",", ";", "và", "/", "cùng", "-", "&", "hoặc") && j-i < 40 {
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
	for j := i + 1; j < len(t) && j < i+30; j++ {
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
	if b, n := listOfFields(t, i); n > 0 {
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
	for {
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

// groupAt reads "các sở, ban, ngành", "các cơ quan, đơn vị có liên quan", "tổ chức,
// doanh nghiệp …": nouns of groups with what qualifies them.
func groupAt(t []token, i int) int {
	j := i
	many := oneOf(t, j, "các", "những", "tất", "toàn", "mỗi", "từng", "một")
	for j < len(t) && oneOf(t, j, "các", "những", "tất", "cả", "toàn", "thể", "từng", "mỗi") {
		j++
	}
	n := groupNouns.at(t, j)
	if n == 0 || !many && named(t, j, n) {
		return 0
	}
	if many && t[j].cap && bodyHeads.at(t, j) > 0 && j+1 < len(t) && t[j+1].cap && groupNouns.at(t, j+1) == 0 && !oneOf(t, j+1, ",") {
		return 0 // "các Viện Vệ sinh dịch tễ": a name of several
	}
	if is(t, j, "tổ", "chức") && n == 2 && !many && !oneOf(t, j+2, ",", "và", "có", "hoạt") {
		return 0 // the verb
	}
	if many && roleHeads.at(t, j) > 0 && groupNouns.at(t, j) <= 1 {
		return 0
	}
	first := j
	if is(t, j, "thành", "viên") { // of a body: "thành viên Tổ công tác"
		if b, k := bodyAt(t, j+2, nil); len(b) == 1 && k > 0 {
			return j + 2 + k - i
		}
	}
	j = nouns(t, j)
	j = tails(t, j)
	if !many && j == first+1 {
		return 0 // "báo cáo", "ban hành": a syllable, not a group
	}
	j = modifiers(t, j)
	return j - i
}

// named tells that a word of groups is in fact the front of a proper name: "Sở Y tế",
// "Công ty Điện lực", "Ban Quản lý".
func named(t []token, j, n int) bool {
	k := j + n
	if !t[j].cap && (k >= len(t) || !t[k].cap) {
		return false
	}
	if bodyHeads.at(t, j) == 0 && !oneOf(t, j, "công", "tập", "văn", "trung") {
		return false
	}
	return k >= len(t) || !oneOf(t, k, ",") || groupNouns.at(t, k+1) == 0 || t[k+1].cap && !oneOf(t, k+1, "ngành", "ban", "sở")
}

// nouns steps over the list of nouns of one group.
func nouns(t []token, j int) int {
	for {
		n := groupNouns.at(t, j)
		if n == 0 {
			return j
		}
		j += n
		for j < len(t) && t[j].upper && bodyHeads.at(t, j) == 0 {
			j++ // "các trường THPT", "doanh nghiệp FDI"
		}
		k := tails(t, j)
		next := k
		for next < len(t) && oneOf(t, next, ",", "và", "-") {
			next++
		}
		if next == k || groupNouns.at(t, next) == 0 || named(t, next, groupNouns.at(t, next)) || fields.at(t, next) > 0 && t[next].cap {
			return j
		}
		j = next
	}
}

func tails(t []token, j int) int {
	for {
		n := groupTails.at(t, j)
		if n == 0 {
			n = placeAt(t, j)
		}
		if n == 0 {
			return j
		}
		j += n
	}
}

// modifierVerbs qualify a group rather than order it: "các đơn vị quản lý, vận hành hồ".
var modifierVerbs = table("quản lý|vận hành|cung cấp|hoạt động|kinh doanh|sản xuất|khai thác|có giấy phép|có hoạt động|có vốn|được cấp|được giao|thuộc|tham gia|sử dụng|chuyên|phụ trách|nhận|nuôi|chế biến|quản|có|đang|thi công")

// strong are predicates that end any qualification.
var strong = table("chủ trì|phối hợp|có trách nhiệm|chịu trách nhiệm|khẩn trương|tiếp tục|tăng cường|chủ động|tập trung|căn cứ|theo|chỉ đạo|rà soát|nghiên cứu|tham mưu|hướng dẫn|đôn đốc|báo cáo|thực hiện|triển khai|kiểm tra|đẩy mạnh|đẩy nhanh|bảo đảm|đảm bảo|thông báo|nghiêm túc|phải|kịp thời|thường xuyên|quán triệt|chấp hành|nghiêm chỉnh|không|cần|sẵn sàng|rà soát|đã|hoàn thành|gửi|nộp|xây dựng|khắc phục|xử lý|giải quyết|chuẩn bị|tuyên truyền|có kế hoạch|cử|lập")

// modifiers steps over what qualifies a group up to its predicate: a clause with a verb
// that is no order, when a predicate follows soon.
func modifiers(t []token, j int) int {
	if modifierVerbs.at(t, j) == 0 || strong.at(t, j) > 0 {
		return j
	}
	const soon = 25
	for k := j; k < len(t) && k < j+soon; k++ {
		switch {
		case oneOf(t, k, ":"):
			return k
		case oneOf(t, k, ";", "."):
			return closing(t, j, k)
		case (strong.at(t, k) > 0 || organises(t, k)) && !t[k].cap && !oneOf(t, k-1, ",", "và", "để", "được", "về"):
			return k
		}
	}
	return closing(t, j, min(len(t), j+soon))
}

// organises tells the verb "tổ chức" from the noun.
func organises(t []token, k int) bool {
	return is(t, k, "tổ", "chức") && !oneOf(t, k+2, ",", "và", ";", ".", "có") && !oneOf(t, k-1, "các", ",", "và", "của", "những")
}

// closing ends a qualified group at the end of its heading, else gives the group alone.
func closing(t []token, j, k int) int {
	if k >= len(t) && len(t)-j < 25 {
		return k
	}
	return j
}

// roleAt reads "Chủ tịch UBND các xã, phường", "Thủ trưởng các sở, ban, ngành".
func roleAt(t []token, i int) int {
	j := i
	if is(t, j, "các") && roleHeads.at(t, j+1) > 0 {
		j++
	}
	n := roleHeads.at(t, j)
	if is(t, j, "lãnh", "đạo") && (bodyHeads.at(t, j+2) > 0 || is(t, j+2, "các")) {
		n = 2
	}
	if n == 0 {
		return 0
	}
	j += n
	for oneOf(t, j, ",", "và", "/") && roleHeads.at(t, j+1) > 0 { // Giám đốc, Thủ trưởng các sở
		j += 1 + roleHeads.at(t, j+1)
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

// ofArea are bodies whose name ends with the area they govern.
var ofArea = table("ubnd|ủy ban nhân dân|hđnd|hội đồng nhân dân|hđnd và ubnd|hđnd, ubnd|hđnd-ubnd|công an|thanh tra|thuế|cơ quan thuế|kho bạc nhà nước|kho bạc|bảo hiểm xã hội|bhxh|hải quan|tòa án nhân dân|tand|viện kiểm sát nhân dân|viện kiểm sát|vksnd|ủy ban mặt trận tổ quốc việt nam|ủy ban mttq việt nam|ubmttq việt nam|mặt trận tổ quốc việt nam|mặt trận tổ quốc|ủy ban mặt trận tổ quốc|ủy ban mttq|bộ chỉ huy quân sự|bchqs|ban chỉ huy quân sự|ban chỉ huy bộ đội biên phòng|bộ chỉ huy bộ đội biên phòng|bộ đội biên phòng|đảng ủy|văn phòng ủy ban nhân dân|văn phòng ubnd|văn phòng hđnd và ubnd|văn phòng tỉnh ủy|văn phòng thành ủy|văn phòng đoàn đbqh và hđnd|văn phòng hội đồng nhân dân và ủy ban nhân dân|thống kê|cục thống kê|chi cục thống kê|thi hành án dân sự|cơ quan thi hành án dân sự|cơ quan thi hành án|liên đoàn lao động|hội liên hiệp phụ nữ|hội nông dân|hội cựu chiến binh|tỉnh đoàn|đoàn thanh niên|trung tâm phục vụ hành chính công|ban quản lý các khu công nghiệp|ban quản lý khu kinh tế|ban quản lý các khu kinh tế|ban dân tộc|ban chỉ huy phòng thủ dân sự|công an nhân dân|hạt kiểm lâm|thường trực tỉnh ủy|thường trực hđnd|thường trực hội đồng nhân dân|văn phòng đăng ký đất đai|báo và phát thanh, truyền hình|báo và phát thanh truyền hình|báo và đài phát thanh - truyền hình|báo và đài phát thanh, truyền hình|đài phát thanh và truyền hình|đài phát thanh - truyền hình|trung tâm phục vụ hành chính công cấp xã|lực lượng công an")

// whole are names that end where they end.
var whole = table("cục hàng không việt nam|cục hàng hải và đường thủy việt nam|phòng kinh tế, hạ tầng và đô thị|thuế cơ sở|văn phòng chính phủ|thanh tra chính phủ|thông tấn xã việt nam|đài truyền hình việt nam|đài tiếng nói việt nam|ngân hàng nhà nước việt nam|ngân hàng nhà nước|ngân hàng nhà nước chi nhánh|bảo hiểm xã hội việt nam|kiểm toán nhà nước|kiểm toán nhà nước khu vực|tòa án nhân dân tối cao|viện kiểm sát nhân dân tối cao|ủy ban trung ương mặt trận tổ quốc việt nam|ủy ban giám sát tài chính quốc gia|ban tổ chức trung ương|tập đoàn điện lực việt nam|đoàn kiểm tra|đoàn thanh tra|đoàn công tác|tổ công tác|tổ giúp việc|tổ thẩm định|ban tổ chức|ban giám đốc|ban soạn thảo|hội đồng thẩm định|hội đồng đánh giá|văn phòng trung ương đảng|văn phòng quốc hội|văn phòng chủ tịch nước|bộ quốc phòng|bộ công an|ban cơ yếu chính phủ|văn phòng sở|văn phòng bộ|văn phòng cục|thanh tra sở|thanh tra bộ|trung ương đoàn thanh niên cộng sản hồ chí minh")

// namedAt reads the name of one body.
func namedAt(t []token, i int) int {
	if is(t, i, "các") && i+1 < len(t) && t[i+1].cap {
		if n := namedAt(t, i+1); n > 0 {
			return n + 1
		}
		return 0
	}
	if n := whole.at(t, i); n > 0 {
		k := i + n
		if k < len(t) && (t[k].cap && (areaNouns.at(t, k) == 0 || is(t, k, "tỉnh", "ủy")) || t[k].number || namesOfOne.at(t, k) > 0 && predicates.at(t, k) == 0) {
			return restOfName(t, i, i+n) - i
		}
		return n + placeTail(t, i+n)
	}
	if n := ofArea.at(t, i); n > 0 {
		if !t[i].cap && areaAt(t, i+n) == 0 {
			return 0 // "bảo hiểm xã hội", "thuế" are matters as well
		}
		if is(t, i, "đảng", "ủy") && bodyHeads.at(t, i+n) > 0 && i+n < len(t) && t[i+n].cap {
			return n + namedAt(t, i+n)
		}
		if k := i + n; k < len(t) && t[k].cap && areaNouns.at(t, k) == 0 || namesOfOne.at(t, k) > 0 && predicates.at(t, k) == 0 && areaNouns.at(t, k) == 0 {
			return restOfName(t, i, k) - i
		}
		return n + areaAt(t, i+n)
	}
	n := bodyHeads.at(t, i)
	if n == 0 || !t[i].cap && !oneOf(t, i, "sở", "bộ", "công", "cơ") && !(i+n < len(t) && t[i+n].cap && oneOf(t, i, "phòng", "ban", "trung", "văn", "chi", "cục", "đoàn", "tổ")) {
		return 0
	}
	j := i + n
	if oneOf(t, i, "sở", "bộ", "phòng") {
		if f := fields.at(t, j); f > 0 {
			return j + f + placeTail(t, j+f) - i
		}
		if j >= len(t) || !t[j].cap {
			return 0
		}
	}
	end := restOfName(t, i, j)
	if end == j && n == 1 {
		return 0 // "Báo cáo", "Tổ chức", "Trường hợp": not a body
	}
	return end - i
}

// restOfName steps over capitals, the small words that names are made of, and what
// joins them.
func restOfName(t []token, i, j int) int {
	company := companyOf.at(t, i) > 0
	unknown := 0
	for j < len(t) && j-i < 30 {
		if n := namesOfOne.at(t, j); n > 0 && (t[j].cap || predicates.at(t, j) < n || verbInName(t, i, j)) && nearName(t, i, j) {
			j += n
			continue
		}
		if n := areaNouns.at(t, j); n > 0 {
			return j + areaAt(t, j)
		}
		switch {
		case (t[j].cap || t[j].number) && (bodyHeads.at(t, j) == 0 || j == i+1 || !oneOf(t, j-1, "và", ",")):
			j++
		case oneOf(t, j, "và", "&", "-", ",") && j+1 < len(t) && t[j+1].cap && (bodyHeads.at(t, j+1) == 0 || prevention(t, j+1)) && roleHeads.at(t, j+1) == 0 && (t[j].lo != "," || company || namesOfOne.at(t, j+1) > 0) && fields.at(t, j+1) == 0:
			j++
		case oneOf(t, j, "và") && namesOfOne.at(t, j+1) > 0 && predicates.at(t, j+1) == 0 && bodyHeads.at(t, j+1) == 0:
			j += 1 + namesOfOne.at(t, j+1)
		case oneOf(t, j, "-", ".") && t[j].glued && j+1 < len(t) && t[j+1].glued:
			j++
		case unknown < 3 && t[j].word && t[j-1].word && j > i+1 && !stops(t, j):
			unknown++
			j++
		default:
			return j + placeTail(t, j)
		}
	}
	return j
}

// prevention tells "Phòng, chống thiên tai", "Phòng cháy" from a section called Phòng.
func prevention(t []token, j int) bool {
	return is(t, j, "phòng") && (oneOf(t, j+1, "chống", "cháy", "ngừa", "thủ", "bệnh") || is(t, j+1, ",", "chống"))
}

// stops tells that a small word ends a name: a predicate, a finding, a word that binds.
func stops(t []token, j int) bool {
	return predicates.at(t, j) > 0 || findings.at(t, j) > 0 || binding.at(t, j) > 0
}

// verbInName tells that a verb in small letters is part of a name: it stands right
// behind the head ("Ban quản lý") or behind what such names are made of ("dự án đầu tư xây dựng").
func verbInName(t []token, i, j int) bool {
	if n := nounish.at(t, j); n > 0 && predicates.at(t, j+n) > 0 && !oneOf(t, j+n, "trong", "theo", "trước", "chậm", "định", "hàng", "hằng", "cùng", "cho", "đối", "để", "kịp", "thường", "đồng", "căn") {
		return true // "Trung tâm Công nghệ thông tin đăng tải": the second verb is the order
	}
	return j == i+bodyHeads.at(t, i) || is(t, j-2, "dự", "án") || is(t, j-2, "đầu", "tư") || is(t, j-2, "quản", "lý") || is(t, j-2, "kỹ", "thuật") || is(t, j-2, "chỉ", "đạo") || is(t, j-2, "dịch", "vụ") || is(t, j-2, "chỉ", "huy")
}

// nearName tells that a small word at j still belongs to a name: it follows the head or
// another word of the name without a sign between.
func nearName(t []token, i, j int) bool {
	return j > i && t[j-1].word || oneOf(t, j-1, ",", "-")
}

// placeTail reads "tỉnh Phú Thọ", "tỉnh", "thành phố" behind a name.
func placeTail(t []token, j int) int {
	if n := placeAt(t, j); n > 0 {
		return places(t, j+n) - j
	}
	if is(t, j, "các") && areaNouns.at(t, j+1) > 0 {
		return areaAt(t, j)
	}
	if oneOf(t, j, "tỉnh") && !oneOf(t, j+1, "ủy") || is(t, j, "thành", "phố") || is(t, j, "cấp", "xã") || is(t, j, "cấp", "tỉnh") || is(t, j, "khu", "vực") {
		n := areaNouns.at(t, j)
		if is(t, j, "khu", "vực") && j+2 < len(t) && (t[j+2].cap || t[j+2].number) {
			n++
		}
		return n
	}
	return 0
}

// placeAt reads an area with its proper name: "tỉnh Phú Thọ", "xã Hy Cương".
func placeAt(t []token, j int) int {
	n := areaNouns.at(t, j)
	if n == 0 || j+n >= len(t) || !t[j+n].cap && !t[j+n].number {
		return 0
	}
	if bodyHeads.at(t, j+n) > 0 && capitals(t, j+n) < 2 {
		return 0
	}
	return n + max(capitals(t, j+n), 1)
}

// areaAt reads the area behind a body: "các xã, phường", "tỉnh Lào Cai", "cấp xã",
// "các tỉnh, thành phố trực thuộc Trung ương".
func areaAt(t []token, i int) int {
	j := i
	for oneOf(t, j, "các", "những") || is(t, j, "148") {
		j++
	}
	start := j
	for {
		n := areaNouns.at(t, j)
		if n == 0 {
			break
		}
		j = places(t, j+n)
		next := j
		for next < len(t) && oneOf(t, next, ",", "và", "-", "/") {
			next++
		}
		if next == j || areaNouns.at(t, next) == 0 {
			break
		}
		j = next
	}
	if j == start {
		if n := capitals(t, i); n > 0 && start == i {
			return n
		}
		return 0
	}
	for {
		n := areaTails.at(t, j)
		if n == 0 {
			return where(t, j) - i
		}
		j += n
		j += capitals(t, j)
	}
}

// where steps over "nơi có làng nghề" up to what is to be done there.
func where(t []token, j int) int {
	if !is(t, j, "nơi") && (!is(t, j, "có") || predicates.at(t, j) > 0 || oneOf(t, j+1, "trách", "văn", "kế", "ý", "phương", "giải", "biện")) {
		return j
	}
	for k := j + 1; k < len(t) && k < j+12; k++ {
		if (strong.at(t, k) > 0 || organises(t, k)) && !t[k].cap || oneOf(t, k, ";", ":", ".", ",") {
			return k
		}
	}
	return j
}

// places steps over proper names joined by commas: "Hà Nội, Thanh Hóa và Nghệ An".
func places(t []token, j int) int {
	if oneOf(t, j, ":") && j+1 < len(t) && t[j+1].cap && bodyHeads.at(t, j+1) == 0 && areaNouns.at(t, j+1) == 0 {
		j++
	}
	n := capitals(t, j)
	if n == 0 {
		return j
	}
	j += n
	for j+1 < len(t) && oneOf(t, j, ",", "và") && t[j+1].cap && bodyHeads.at(t, j+1) == 0 && roleHeads.at(t, j+1) == 0 && groupNouns.at(t, j+1) == 0 && fields.at(t, j+1) == 0 && areaNouns.at(t, j+1) == 0 {
		j += 1 + max(capitals(t, j+1), 1)
	}
	return j
}

// capitals counts the capitalised words and numbers of a proper name from j.
func capitals(t []token, j int) int {
	k := j
	for k < len(t) && (t[k].cap || k > j && t[k].number || is(t, k, "-") && k > j && k+1 < len(t) && t[k+1].cap && t[k].glued) {
		if k > j && (bodyHeads.at(t, k) > 1 || roleHeads.at(t, k) > 0) {
			break
		}
		k++
	}
	return k - j
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
