package extract

// ofArea are bodies whose name ends with the area they govern.
var ofArea = table("văn phòng hđnd&ubnd|văn phòng hđnd-ubnd|văn phòng hđnd, ubnd|văn phòng hội đồng nhân dân - ủy ban nhân dân|hội đồng phối hợp phổ biến, giáo dục pháp luật|hội đồng phối hợp phổ biến giáo dục pháp luật|ubnd|ủy ban nhân dân|hđnd|hội đồng nhân dân|hđnd và ubnd|hđnd, ubnd|hđnd-ubnd|công an|thanh tra|thuế|cơ quan thuế|kho bạc nhà nước|kho bạc|bảo hiểm xã hội|bhxh|hải quan|tòa án nhân dân|tand|viện kiểm sát nhân dân|viện kiểm sát|vksnd|ủy ban mặt trận tổ quốc việt nam|ủy ban mttq việt nam|ubmttq việt nam|mặt trận tổ quốc việt nam|mặt trận tổ quốc|ủy ban mặt trận tổ quốc|ủy ban mttq|bộ chỉ huy quân sự|bchqs|ban chỉ huy quân sự|ban chỉ huy bộ đội biên phòng|bộ chỉ huy bộ đội biên phòng|bộ đội biên phòng|đảng ủy|văn phòng ủy ban nhân dân|văn phòng ubnd|văn phòng hđnd và ubnd|văn phòng tỉnh ủy|văn phòng thành ủy|văn phòng đoàn đbqh và hđnd|văn phòng hội đồng nhân dân và ủy ban nhân dân|thống kê|cục thống kê|chi cục thống kê|thi hành án dân sự|cơ quan thi hành án dân sự|cơ quan thi hành án|liên đoàn lao động|hội liên hiệp phụ nữ|hội nông dân|hội cựu chiến binh|tỉnh đoàn|đoàn thanh niên|trung tâm phục vụ hành chính công|ban quản lý các khu công nghiệp|ban quản lý khu kinh tế|ban quản lý các khu kinh tế|ban dân tộc|ban chỉ huy phòng thủ dân sự|công an nhân dân|hạt kiểm lâm|thường trực tỉnh ủy|thường trực hđnd|thường trực hội đồng nhân dân|văn phòng đăng ký đất đai|báo và phát thanh, truyền hình|báo và phát thanh truyền hình|báo và đài phát thanh - truyền hình|báo và đài phát thanh, truyền hình|đài phát thanh và truyền hình|đài phát thanh - truyền hình|trung tâm phục vụ hành chính công cấp xã|lực lượng công an")

// whole are names that end where they end.
var whole = table("ban vận động|ban chỉ huy phòng thủ dân sự quốc gia|ủy ban quản lý vốn nhà nước tại doanh nghiệp|tổ công tác đặc biệt|tổ công tác liên ngành|đoàn kiểm tra liên ngành|đoàn công tác liên ngành|ban giám hiệu|cục hàng không việt nam|cục hàng hải và đường thủy việt nam|phòng kinh tế, hạ tầng và đô thị|thuế cơ sở|văn phòng chính phủ|thanh tra chính phủ|thông tấn xã việt nam|đài truyền hình việt nam|đài tiếng nói việt nam|ngân hàng nhà nước việt nam|ngân hàng nhà nước|ngân hàng nhà nước chi nhánh|bảo hiểm xã hội việt nam|kiểm toán nhà nước|kiểm toán nhà nước khu vực|tòa án nhân dân tối cao|viện kiểm sát nhân dân tối cao|ủy ban trung ương mặt trận tổ quốc việt nam|ủy ban giám sát tài chính quốc gia|ban tổ chức trung ương|tập đoàn điện lực việt nam|đoàn kiểm tra|đoàn thanh tra|đoàn công tác|tổ công tác|tổ giúp việc|tổ thẩm định|ban tổ chức|ban giám đốc|ban soạn thảo|hội đồng thẩm định|hội đồng đánh giá|văn phòng trung ương đảng|văn phòng quốc hội|văn phòng chủ tịch nước|bộ quốc phòng|bộ công an|ban cơ yếu chính phủ|văn phòng sở|văn phòng bộ|văn phòng cục|thanh tra sở|thanh tra bộ|trung ương đoàn thanh niên cộng sản hồ chí minh")

// namedAt reads the name of one body, with the bodies or the branch it belongs to: "Công
// an các đơn vị, địa phương", "Ngân hàng … - Chi nhánh tỉnh".
func namedAt(t []token, i int) int {
	n := nameAt(t, i)
	if n == 0 {
		return 0
	}
	end := i + n
	for k := end; k < end+2; k++ {
		if is(t, k, "chi", "nhánh") && (k == end || oneOf(t, end, "-", "–")) {
			return restOfName(t, i, k+2) - i
		}
	}
	if is(t, end, "các") && areaNouns.at(t, end+1) == 0 {
		if g := groupAt(t, end); g > 0 {
			return n + g
		}
	}
	return n
}

// nameAt reads the name itself.
func nameAt(t []token, i int) int {
	if is(t, i, "tổ", "chức") {
		return 0 // "TỔ CHỨC THỰC HIỆN": the verb, however it is printed
	}
	if is(t, i, "các") && i+1 < len(t) && t[i+1].cap && !is(t, i+1, "các") {
		if n := nameAt(t, i+1); n > 0 {
			return n + 1
		}
		return 0
	}
	if is(t, i, "ngành") && i+1 < len(t) && t[i+1].cap && ministryFields(t, i+1) > 0 && !oneOf(t, i-1, "các", "bộ", "sở", "ban") {
		return 1 + ministryFields(t, i+1) // "ngành Y tế"
	}
	if is(t, i, "lực", "lượng") && i+2 < len(t) && t[i+2].cap {
		return restOfName(t, i, i+2) - i
	}
	if n := whole.at(t, i); n > 0 {
		k := i + n
		if k < len(t) && (t[k].cap && (areaNouns.at(t, k) == 0 || is(t, k, "tỉnh", "ủy")) || t[k].number || namesOfOne.at(t, k) > 0 && predicates.at(t, k) == 0) {
			return restOfName(t, i, i+n) - i
		}
		if is(t, k, "số") && k+1 < len(t) && t[k+1].number {
			return n + 2 // "Tổ công tác số 1"
		}
		return n + placeTail(t, i+n)
	}
	if n := ofArea.at(t, i); n > 0 {
		if !t[i].cap && areaAt(t, i+n) == 0 {
			return 0 // "bảo hiểm xã hội", "thuế" are matters as well
		}
		if predicates.at(t, i) == n && areaAt(t, i+n) == 0 && namesOfOne.at(t, i+n) == 0 {
			return 0 // "Thống kê, đánh giá thiệt hại": the verb
		}
		if is(t, i, "đảng", "ủy") && !is(t, i+n, "đảng", "ủy") && bodyHeads.at(t, i+n) > 0 && i+n < len(t) && t[i+n].cap {
			return n + namedAt(t, i+n)
		}
		if k := i + n; k < len(t) && t[k].cap && areaNouns.at(t, k) == 0 || namesOfOne.at(t, k) > 0 && predicates.at(t, k) == 0 && areaNouns.at(t, k) == 0 {
			return restOfName(t, i, k) - i
		} else if oneOf(t, k, "và") && namesOfOne.at(t, k+1) > 0 && predicates.at(t, k+1) == 0 {
			return restOfName(t, i, k) - i // "Ban Quản lý các khu công nghiệp và chế xuất Hà Nội"
		}
		return n + areaAt(t, i+n)
	}
	if is(t, i, "khoa") && t[i].cap && i+1 < len(t) && t[i+1].cap { // of a hospital; "Khoa học" is a field
		return restOfName(t, i, i+1) - i
	}
	n := bodyHeads.at(t, i)
	if n == 0 || !t[i].cap && !oneOf(t, i, "sở", "bộ", "công", "cơ") && !(i+n < len(t) && t[i+n].cap && oneOf(t, i, "phòng", "ban", "trung", "văn", "chi", "cục", "đoàn", "tổ")) {
		return 0
	}
	j := i + n
	// fields of departments are known, also those with commas inside
	if oneOf(t, i, "sở", "bộ", "phòng") {
		if f := fields.at(t, j); f > 0 && !t[j].cap && predicates.at(t, j) == f && predicates.at(t, j+f) == 0 {
			return 0 // "Văn phòng Bộ xây dựng kế hoạch"
		} else if f > 0 {
			return j + f + placeOf(t, j+f) - i
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

// branches are what the State's branches (ngành) are called beside the departments' fields.
var branches = table("giáo dục|nông nghiệp|văn hóa|thuế|ngân hàng|hải quan|điện|đường sắt|tòa án|kiểm sát|kiểm lâm|thống kê|tài nguyên và môi trường")

// ministryFields reads the name of a branch.
func ministryFields(t []token, j int) int {
	return max(fields.at(t, j), branches.at(t, j))
}

// placeOf reads the place behind the name of a department, also without the word for it:
// "Sở Y tế tỉnh Hà Tĩnh", "Sở Y tế Hà Nội".
func placeOf(t []token, j int) int {
	if n := placeTail(t, j); n > 0 {
		return n
	}
	if bodyHeads.at(t, j) > 0 || roleHeads.at(t, j) > 0 || fields.at(t, j) > 0 {
		return 0
	}
	if n := capitals(t, j); n >= 2 && n <= 5 {
		return n
	}
	return 0
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
		if n := areaNouns.at(t, j); n > 0 && !oneOf(t, j+n, "ủy", "đoàn") && !(n == 1 && oneOf(t, j, "cấp")) {
			return j + areaAt(t, j)
		}
		switch {
		case oneOf(t, j, "ủy", "đoàn") && areaNouns.at(t, j-1) > 0: // Huyện ủy, Tỉnh đoàn
			j++
		case (t[j].cap || t[j].number) && (bodyHeads.at(t, j) == 0 || j == i+1 || !oneOf(t, j-1, "và", ",")):
			j, unknown = j+1, 0
		case oneOf(t, j, "và", "&", "-", ",") && j+1 < len(t) && t[j+1].cap && (bodyHeads.at(t, j+1) == 0 || prevention(t, j+1)) && roleHeads.at(t, j+1) == 0 && (t[j].lo != "," || company || namesOfOne.at(t, j+1) > 0) && (fields.at(t, j+1) == 0 || company || !oneOf(t, i, "sở", "bộ")):
			j, unknown = j+1, 0
		case oneOf(t, j, ",") && secondField(t, i, j+1) > 0:
			return j + 1 + secondField(t, i, j+1)
		case is(t, j-1, "phòng", ",", "chống"):
			j += 2
		case oneOf(t, j, "và") && is(t, j+1, "các") && namesOfMany.at(t, j+2) > 0 && oneOf(t, i, "ban"):
			j += 2 + namesOfMany.at(t, j+2)
		case oneOf(t, j, "các") && t[j-1].word && namesOfMany.at(t, j+1) > 0:
			j += 1 + namesOfMany.at(t, j+1)
		case oneOf(t, j, "và") && namesOfOne.at(t, j+1) > 0 && predicates.at(t, j+1) == 0 && bodyHeads.at(t, j+1) == 0:
			j += 1 + namesOfOne.at(t, j+1)
		case oneOf(t, j, "-", ".") && t[j].glued && j+1 < len(t) && t[j+1].glued:
			j++
		// names are made of words that no table has; a verb would have stopped here
		case (unknown < 3 || unknown < 6 && orderSoon(t, j)) && t[j].word && t[j-1].word && j > i+1 && !stops(t, j):
			unknown++
			j++
		default:
			return j + placeTail(t, j)
		}
	}
	return j
}

// orderSoon tells that a verb ends the small words of a name within a few words, no sign between.
func orderSoon(t []token, j int) bool {
	const soon = 4
	for k := j; k < len(t) && k < j+soon; k++ {
		switch {
		case k > j && predicates.at(t, k) > 1:
			return true
		case !t[k].word || t[k].cap || stops(t, k):
			return false
		}
	}
	return false
}

// secondField is how many tokens a name goes on with behind a comma, another field: "Cục
// Cơ sở vật chất, Thiết bị trường học hướng dẫn …". Small words and a predicate follow the
// capital; a place or a body would have more capitals or a head of its own.
func secondField(t []token, i, j int) int {
	const soon = 6
	if !oneOf(t, i, "cục", "vụ", "viện", "phòng", "ban", "trung") || j+1 >= len(t) || !t[j].cap || t[j+1].cap || bodyHeads.at(t, j) > 0 || roleHeads.at(t, j) > 0 || groupNouns.at(t, j) > 0 || predicates.at(t, j) > 1 || ofArea.at(t, j) > 0 {
		return 0
	}
	for k := j + 1; k < min(len(t), j+soon); k++ {
		if (strong.at(t, k) > 0 || predicates.at(t, k) > 1 && modifierVerbs.at(t, k) == 0) && k > j+1 {
			return k - j
		}
		if oneOf(t, k, ",") && k > j+1 { // "Kiểm nghiệm Thuốc, Mỹ phẩm, Thực phẩm ưu tiên …"
			if n := secondField(t, i, k+1); n > 0 {
				return k + 1 + n - j
			}
		}
		if !t[k].word || t[k].cap {
			return 0
		}
	}
	return 0
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
	if !t[j].cap && (is(t, j, "tổ", "chức") || is(t, j, "xây", "dựng") && drafts.at(t, j+2) > 0) {
		return false // "Ban Chỉ đạo xây dựng kế hoạch"
	}
	if n := nounish.at(t, j); n > 0 && predicates.at(t, j+n) > 0 && !oneOf(t, j+n, "trong", "theo", "trước", "chậm", "định", "hàng", "hằng", "cùng", "cho", "đối", "để", "kịp", "thường", "đồng", "căn") {
		return true // "Trung tâm Công nghệ thông tin đăng tải": the second verb is the order
	}
	if n := nounish.at(t, j); n > 0 && j > i+1 && nameEnds(t, j+n) {
		return true // "Trung tâm Công nghệ thông tin, Báo Xây dựng"
	}
	return j == i+bodyHeads.at(t, i) || is(t, j-2, "dự", "án") && !orders(t, j) || is(t, j-2, "đầu", "tư") || is(t, j-2, "quản", "lý") || is(t, j-2, "kỹ", "thuật") || is(t, j-2, "chỉ", "đạo") || is(t, j-2, "dịch", "vụ") || is(t, j-2, "chỉ", "huy") || is(t, j-2, "khu", "vực")
}

// orders tells a verb that a name holds nowhere: "Các Ban Quản lý dự án báo cáo …".
func orders(t []token, j int) bool {
	return strong.at(t, j) > 0 && !is(t, j, "xây", "dựng") && !is(t, j, "chuẩn", "bị")
}

// nameEnds tells that a name is over at j: the item ends, or the next body of a list begins.
func nameEnds(t []token, j int) bool {
	switch {
	case j >= len(t) || oneOf(t, j, ":", ";", "(", "/"):
		return true
	case oneOf(t, j, "và") && j+1 < len(t) && t[j+1].cap:
		return true
	case oneOf(t, j, ",", "và"):
		return j+1 < len(t) && (t[j+1].cap && bodyHeads.at(t, j+1) > 0 || is(t, j+1, "các") || predicates.at(t, j+1) > 0 && strong.at(t, j+1) > 0 && t[j].lo == "," && leads.at(t, j+1) > 0)
	}
	return false
}

// drafts are what is written (xây dựng) rather than built.
var drafts = table("kế hoạch|dự thảo|đề án|phương án|quy chế|chương trình|lộ trình|báo cáo|kịch bản|tiêu chí|danh mục|cơ sở dữ liệu|hướng dẫn|quy trình|quy định|và|hoàn thiện|chi tiết")

// leads are words that only a body's own order begins with.
var leads = table("chủ trì|phối hợp|có trách nhiệm|chịu trách nhiệm")

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
	if oneOf(t, j, "huyện", "quận", "xã", "phường") && !oneOf(t, j+1, "hội", "ủy") || is(t, j, "thị", "xã") || is(t, j, "đặc", "khu") || is(t, j, "các", "cấp") {
		return areaNouns.at(t, j)
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
	for oneOf(t, j, "các", "những") || is(t, j, "148") || is(t, j, "hai", "cấp") {
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
		if next == j || areaNouns.at(t, next) == 0 || bodyHeads.at(t, next) > areaNouns.at(t, next) {
			break // "Hội Nông dân tỉnh, Tỉnh đoàn"
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
			n = rangeOf(t, j)
		}
		if n == 0 {
			return where(t, j) - i
		}
		j += n
		j += capitals(t, j)
	}
}

// rangeOf reads "từ Thanh Hóa đến Thành phố Huế".
func rangeOf(t []token, j int) int {
	if !oneOf(t, j, "từ") {
		return 0
	}
	k := j + 1
	for _, last := range []bool{false, true} {
		k += areaNouns.at(t, k)
		n := capitals(t, k)
		if n == 0 {
			return 0
		}
		k += n
		if !last {
			if !oneOf(t, k, "đến") {
				return 0
			}
			k++
		}
	}
	return k - j
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
	if oneOf(t, j, ":") && j+1 < len(t) && t[j+1].cap && (predicates.at(t, j+1) == 0 || proper(t, j+1)) && namesOfOne.at(t, j+1) == 0 && bodyHeads.at(t, j+1) == 0 && areaNouns.at(t, j+1) == 0 {
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

// proper tells two capitals in a row: "Thu Cúc" is a place, "Thu hồi" an order.
func proper(t []token, j int) bool {
	return j+1 < len(t) && t[j].cap && t[j+1].cap && !t[j].upper
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
