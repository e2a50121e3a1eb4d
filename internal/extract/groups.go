package extract

import "strings"

// groupAt reads "các sở, ban, ngành", "các cơ quan, đơn vị có liên quan", "tổ chức,
// doanh nghiệp …": nouns of groups with what qualifies them.
func groupAt(t []token, i int) int {
	j := i
	many := oneOf(t, j, "các", "những", "tất", "toàn", "mỗi", "từng", "một")
	for j < min(len(t), i+5) && oneOf(t, j, "các", "những", "tất", "cả", "toàn", "thể", "từng", "mỗi") {
		j++
	}
	n := groupNouns.at(t, j)
	if n == 0 || !many && named(t, j, n) {
		return 0
	}
	if !many && is(t, j, "lực", "lượng") && j+2 < len(t) && t[j+2].cap {
		return 0 // "lực lượng Cảnh sát giao thông": a name
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
		if k := nameAt(t, j+2); k > 0 {
			return j + 2 + k - i
		}
	}
	j = nouns(t, j)
	j = tails(t, j)
	if !many && j == first+1 {
		return 0 // "báo cáo", "ban hành": a syllable, not a group
	}
	if k := plainWords(t, j); k > j {
		j = tails(t, k)
	}
	j = modifiers(t, j)
	return j - i
}

// plainWords steps over the words that say which of a group is meant, "các đoàn thể chính trị
// - xã hội", "cơ quan thú y", up to the verb of what they are told; j where no verb follows
// soon, or where a sign or a word that binds stands between.
func plainWords(t []token, j int) int {
	const soon = 7
	for k := j; k < len(t) && k < j+soon; k++ {
		switch {
		case k > j && (predicates.at(t, k) > 1 && modifierVerbs.at(t, k) == 0 || strong.at(t, k) > 0):
			return k
		case oneOf(t, k, "-") && k > j && k+1 < len(t) && t[k+1].word:
		case !t[k].word || t[k].cap || stops(t, k) || bodyHeads.at(t, k) > 1:
			return j
		}
	}
	return j
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

// tails steps over everything that qualifies a group: "có liên quan trên địa bàn tỉnh".
func tails(t []token, j int) int {
	for {
		n := groupTails.at(t, j)
		if n == 0 {
			n = placeAt(t, j)
		}
		if n == 0 && oneOf(t, j, "thuộc") && j+1 < len(t) && t[j+1].cap && nameAt(t, j+1) > 0 {
			n = 1 + nameAt(t, j+1) // "bộ phận pháp chế thuộc Văn phòng Sở"
		}
		if n == 0 {
			n = pointTail(t, j)
		}
		if n == 0 && oneOf(t, j, "xã", "phường", "huyện") && !oneOf(t, j+1, "hội", "ủy") {
			n = 1 // "các phòng, ban, ngành xã"
		}
		if n == 0 {
			return j
		}
		j += n
	}
}

// pointTail reads where a group is named: "nêu tại mục III", "được phân công tại Phụ lục", "tại mục 2, 4".
func pointTail(t []token, j int) int {
	k := j + pointFronts.at(t, j)
	if !oneOf(t, k, "tại", "ở") {
		return 0
	}
	k++
	n := pointWords.at(t, k)
	if n == 0 {
		return 0
	}
	for k += n; k < len(t) && (t[k].number || pointLabel(t, k) || oneOf(t, k, ",", "và") && pointLabel(t, k+1) || oneOf(t, k, "này") || pointWords.at(t, k) > 0 && pointLabel(t, k+1)); {
		k++
	}
	return k - j
}

// pointLabel tells a figure, a Roman number or a letter: "2", "III", "a".
func pointLabel(t []token, k int) bool {
	return k < len(t) && (t[k].number || strings.Trim(t[k].lo, "ivx") == "" && t[k].upper || strings.Trim(t[k].lo, "ivx") == "" && t[k].cap || t[k].word && len([]rune(t[k].lo)) == 1)
}

var (
	pointFronts = table("nêu|đã nêu|được nêu|được phân công|được giao|được giao nhiệm vụ|có tên|quy định")
	pointWords  = table("mục|điểm|khoản|phụ lục|phần|điều|danh mục|biểu|bảng")
)

// modifierVerbs qualify a group rather than order it: "các đơn vị quản lý, vận hành hồ".
var modifierVerbs = table("dự án|các dự án|công trình|các công trình|quản lý|vận hành|cung cấp|hoạt động|kinh doanh|sản xuất|khai thác|có giấy phép|có hoạt động|có vốn|được cấp|được giao|thuộc|tham gia|sử dụng|chuyên|phụ trách|nhận|nuôi|chế biến|quản|có|đang|thi công")

// strong are predicates that end any qualification.
var strong = table("chủ trì|phối hợp|có trách nhiệm|chịu trách nhiệm|khẩn trương|tiếp tục|tăng cường|chủ động|tập trung|căn cứ|theo|chỉ đạo|rà soát|nghiên cứu|tham mưu|hướng dẫn|đôn đốc|báo cáo|thực hiện|triển khai|kiểm tra|đẩy mạnh|đẩy nhanh|bảo đảm|đảm bảo|thông báo|nghiêm túc|phải|kịp thời|thường xuyên|quán triệt|chấp hành|nghiêm chỉnh|không|cần|sẵn sàng|rà soát|đã|hoàn thành|gửi|nộp|xây dựng|khắc phục|xử lý|giải quyết|chuẩn bị|tuyên truyền|có kế hoạch|cử|lập")

// modifiers steps over what qualifies a group up to its predicate: a clause with a verb
// that is no order, when a predicate follows soon.
func modifiers(t []token, j int) int {
	if k := founded(t, j); k > j {
		return k
	}
	if n := doing.at(t, j); n > 0 {
		return clauseTo(t, j, n)
	}
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
		case (strong.at(t, k) > 0 || organises(t, k) || predicates.at(t, k) > 1 && modifierVerbs.at(t, k) == 0 && !oneOf(t, k, "tổ", "đầu", "xây", "đối")) && !t[k].cap && !oneOf(t, k-1, ",", "và", "để", "được", "về"):
			return k
		}
	}
	return closing(t, j, min(len(t), j+soon))
}

// doing are verbs that say what a group does for a living, or order it: only a second
// verb behind them tells.
var doing = table("đặt|đăng cai|duy trì|thu gom|vận chuyển|tiếp nhận|nhập khẩu|xuất khẩu|phân phối|cho thuê|đào tạo|tư vấn|thu mua|lưu giữ|giết mổ|tái chế|phát điện|truyền tải|bán lẻ|trồng|cấp nước|đầu tư")

// clauseTo steps over "duy trì vệ sinh môi trường" up to the strong predicate behind it,
// with no sign between; j where none follows.
func clauseTo(t []token, j, n int) int {
	const soon = 10
	for k := j + n; k < len(t) && k < j+soon; k++ {
		switch {
		case oneOf(t, k, ":"):
			return k
		case !t[k].word:
			return j
		case strong.at(t, k) > 0 && !t[k].cap && !oneOf(t, k, "theo", "không") && !oneOf(t, k-1, "và", "để", "được", "về"):
			return k
		}
	}
	return j
}

// founded steps over the paper that made a group: "được thành lập theo Quyết định số …
// của Chủ tịch UBND tỉnh", up to what it is told.
func founded(t []token, j int) int {
	k := j
	if is(t, k, "được", "thành", "lập") {
		k += 3
	} else if is(t, k, "thành", "lập") {
		k += 2
	}
	if !oneOf(t, k, "theo", "tại") || !oneOf(t, k+1, "quyết", "các", "văn", "kế", "chỉ") {
		return j
	}
	for m := k + 2; m < len(t) && m < k+40; m++ {
		if oneOf(t, m, ":", ";") {
			return m
		}
		if strong.at(t, m) > 0 && !t[m].cap && !oneOf(t, m, "theo", "không") && !oneOf(t, m-1, "về", "việc", "và", "để") {
			return m
		}
	}
	return j
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
