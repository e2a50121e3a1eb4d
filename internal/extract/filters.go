package extract

// monitors are duties that a closing line may give.
var monitors = table("theo dõi|đôn đốc|kiểm tra|hướng dẫn|tổng hợp|giám sát|làm đầu mối|là cơ quan|là đầu mối|chủ trì")

// sectionsWithout are headings of sections that give no tasks.
var sectionsWithout = table("mục đích|yêu cầu|quan điểm|mục tiêu|tình hình|kết quả|đánh giá|kinh phí|nguồn kinh phí|tồn tại|hạn chế|nguyên nhân|căn cứ|khái quát|bối cảnh|sự cần thiết|dự báo|ưu điểm|khuyết điểm|giải thích từ ngữ|đối tượng|phạm vi|thành phần|thời gian và địa điểm|thời gian, địa điểm|địa điểm|nguồn lực|chỉ tiêu|đặc điểm|những kết quả|một số kết quả|những tồn tại|về kết quả|về tình hình|thực trạng|bài học|khó khăn|nguyên tắc|về mục tiêu|hiệu lực|thời gian|kinh phí thực hiện|dự toán|đánh giá chung|nhận xét|thời hạn|kinh phí hoạt động|quyền hạn")

// blocks tells that an item is such a heading.
func blocks(it *item) bool {
	t := it.toks
	if sectionsWithout.at(t, 0) == 0 || len(t) > 30 {
		return false
	}
	if is(t, 0, "tình", "hình") || is(t, 0, "về", "tình", "hình") {
		return false // a subject of a meeting as often as a report on the past
	}
	list, _ := bodiesAt(t, sectionsWithout.at(t, 0))
	if is(t, 0, "yêu", "cầu") || is(t, 0, "căn", "cứ") || is(t, 0, "đánh", "giá") || is(t, 0, "hạn", "chế") || is(t, 0, "dự", "báo") {
		short := len(t) <= 6 && t[len(t)-1].lo != ";"
		return len(list) == 0 && (short || is(t, 2, ":")) && (it.isHeading() || is(t, 2, ":"))
	}
	return len(list) == 0 && (it.isHeading() || is(t, 2, ":") || is(t, 0, "kinh", "phí") || is(t, 0, "nguồn", "kinh", "phí"))
}

// nounStarts begin items that state and do not order.
var nounStarts = table("việc|dự toán|mức|nhiệm vụ|nội dung|thời hạn|thời gian|đối tượng|phạm vi|mục tiêu|mục đích|kết quả|kinh phí|nguồn kinh phí|nguồn|số lượng|danh sách|quyết định này|chỉ thị này|kế hoạch này|công điện này|thông báo này|văn bản này|nghị quyết này|quy chế này|quy định này|tổng số|tổng kinh phí|tỷ lệ|diện tích|địa điểm|thành phần|hình thức|đồng ý|thống nhất|ghi nhận|biểu dương|đánh giá cao|cho phép|chấp thuận|phê duyệt|mục|phụ lục|chi tiết|ông|bà|mọi|tên|địa chỉ|đơn vị tính|ghi chú|sản phẩm|cơ quan chủ trì|cơ quan phối hợp|đơn vị chủ trì|đơn vị phối hợp|cấm|nghiêm cấm|trong thời gian qua|thời gian qua|theo báo cáo|công tác|tình hình|thay thế|bãi bỏ|chúc|trân trọng|nơi nhận|trường hợp có vướng mắc|nếu có|trong quá trình thực hiện|trong quá trình triển khai|quá trình thực hiện|đây là|có hiệu lực|nhằm|phấn đấu|xin|căn cứ luật|căn cứ nghị định|căn cứ thông tư|căn cứ quyết định")

// assignsWork tells that text under an inherited lead orders something: it does not
// begin with a noun of stating, a finding, a right, or brackets.
func assignsWork(t []token) bool {
	if len(t) < 4 {
		return false
	}
	k := behindTitle(t, skipConnectors(t, 0))
	if k >= len(t) || oneOf(t, k, "(", "|") || nounStarts.at(t, k) > 0 || findings.at(t, k) > 0 && !oneOf(t, k, "còn") {
		return false
	}
	list, end := bodiesAt(t, k)
	if len(list) > 0 && (end >= len(t)-1 || oneOf(t, end, "được", "đã", "là", "có", "tự", "do", "gồm", "đang", "hết")) {
		return false
	}
	// powers, who decides, and aims in figures assign no work
	if right(t[k:]) || passive(t[k:]) || result(t[k:]) {
		return false
	}
	return true
}

// behindTitle steps over a title in words: "Về thông tin, báo cáo: …".
func behindTitle(t []token, k int) int {
	const longestTitle = 15
	if !oneOf(t, k, "về") {
		return k
	}
	for j := k + 1; j < min(len(t), k+longestTitle); j++ {
		if oneOf(t, j, ":") && j+1 < len(t) {
			return j + 1
		}
	}
	return k
}

// approves tells "Phê duyệt …" that stands as an item below the heading of a body: the
// body is to approve. Without such a heading it is the issuer who approved.
func approves(t []token) bool { return is(t, 0, "phê", "duyệt") && t[0].cap && len(t) > 5 }

// right tells of a power, not a duty: "được sử dụng con dấu", "có quyền".
func right(t []token) bool {
	if len(t) > 0 && oneOf(t, 0, "được") {
		return true
	}
	for i := 0; i < len(t) && i < 8; i++ {
		if is(t, i, "được", "sử", "dụng") || is(t, i, "có", "quyền") || is(t, i, "được", "quyền") || is(t, i, "được", "hưởng") || is(t, i, "được", "phép") {
			return i < 2 || !predicated(t[:i])
		}
	}
	return false
}

// predicated tells that an order stands in t: a right behind it belongs to somebody else.
func predicated(t []token) bool {
	for i := range t {
		if strong.at(t, i) > 0 {
			return true
		}
	}
	return false
}

// passive tells "… do Trưởng đoàn phân công": who decides, not what to do.
func passive(t []token) bool {
	if predicates.at(t, 0) > 0 || len(t) > 40 {
		return false
	}
	for i := 1; i < len(t); i++ {
		if oneOf(t, i, "do") && len(t)-i < 14 {
			if list, end := bodiesAt(t, i+1); len(list) > 0 && oneOf(t, end, "phân", "quyết", "quy", "bố", "bảo", "đảm", "cấp") {
				return true
			}
		}
	}
	return false
}

// result tells an aim that no verb of acting opens: "100% cơ sở được …".
func result(t []token) bool {
	return t[0].number && !is(t, 1, "giờ") || is(t, 0, "tối", "thiểu") || is(t, 0, "trên") && t[1].number || is(t, 0, "ít", "nhất")
}

// membership are the seats of a body that a decision founds.
var membership = table("trưởng đoàn|phó trưởng đoàn|thành viên|ủy viên|thư ký|tổ trưởng|tổ phó|phó tổ trưởng|trưởng ban|phó trưởng ban|trưởng tiểu ban|chủ tịch hội đồng|phó chủ tịch hội đồng|ủy viên thường trực|thành viên thường trực|phó trưởng ban thường trực")

// member tells the line of one who is named to a body: "Bà A, chuyên viên Sở B - Thành viên,
// Thư ký". It ends with the seat, behind a dash, a comma or "làm".
func member(t []token) bool {
	const longest = 10
	n := len(t)
	for n > 0 && oneOf(t, n-1, ".", ";", ",") {
		n--
	}
	for i := max(1, n-longest); i < n; i++ {
		k := i
		for m := membership.at(t, k); m > 0; m = membership.at(t, k) {
			for k += m; oneOf(t, k, ",", "kiêm", "và") && k < n; {
				k++
			}
		}
		if k >= n && k > i && oneOf(t, i-1, "-", "là", "làm", ":", ",") {
			return true
		}
	}
	return false
}

// notice tells "… thông báo để các đơn vị biết, thực hiện", and what only puts a paper in force.
func notice(t []token) bool {
	told := false
	for i := range t {
		told = told || oneOf(t, i, "thông") && is(t, i, "thông", "báo") || is(t, i, "xin", "thông", "báo") || is(t, i, "trân", "trọng", "báo")
		if told && oneOf(t, i, "biết") && len(t) < 60 {
			return true
		}
		if i < 6 && is(t, i, "này", "có", "hiệu", "lực") || i < 8 && is(t, i, "có", "hiệu", "lực", "kể") {
			return true
		}
	}
	return false
}

// calls are the words of which a closing call is made; nothing else in it: no task.
var calls = table("quan tâm|sâu sát|sát sao|lãnh đạo|quán triệt|phổ biến|nghiêm|nghiêm chỉnh|nghiêm túc|khẩn trương|triển khai|tổ chức|thực hiện|biết|và|các|nội dung|nêu trên|trên|này|theo quy định|theo đúng quy định|đúng quy định|quy định|kịp thời|chỉ đạo|ý kiến|của|văn bản|kế hoạch|thông báo|công điện|chỉ thị|căn cứ|có hiệu quả|hiệu quả|nhiệm vụ|được giao|chức năng|quyền hạn|theo|để|tại|hiện hành|của pháp luật|pháp luật|đúng|có trách nhiệm|chịu trách nhiệm|đầy đủ|quyết liệt|đồng bộ|chủ động|ủy ban nhân dân tỉnh|chủ tịch ubnd tỉnh|ubnd tỉnh|chủ tịch ủy ban nhân dân tỉnh|tập trung|đảm bảo|bảo đảm|hoàn thành|tốt|phân công|thi hành|phối hợp|nghiên cứu|với|tinh thần|trách nhiệm|cao|nhất|giải quyết|liên quan|việc|phạm vi|trong|đối với|yêu cầu|tiến độ|chất lượng|,|.|;|/")

// generic tells that a stretch says nothing but "carry it out".
func generic(t []token) bool {
	for i := 0; i < len(t); {
		n := calls.at(t, i)
		if n == 0 && t[i].word {
			return hasIf(t[i:]) && i > 2
		}
		i += max(n, 1)
	}
	return true
}

// hasIf finds "nếu có khó khăn", "trong quá trình thực hiện".
func hasIf(t []token) bool {
	for i := 0; i < len(t) && i < 12; i++ {
		if oneOf(t, i, "nếu") || is(t, i, "trong", "quá", "trình") || is(t, i, "khó", "khăn") || is(t, i, "vướng", "mắc") {
			return true
		}
	}
	return false
}

// callsBack tells a closing call that only asks for a report on all of it by a day:
// "nghiêm túc thực hiện, báo cáo kết quả về … trước ngày …". What is reported on has its
// own tasks; the day is no task beside them.
func callsBack(content []token) bool {
	at, _ := backFronts.find(content, 0, len(content))
	return at >= 0 && generic(content[:at])
}

var backFronts = table("báo cáo kết quả|báo cáo kết quả thực hiện|kết quả|gửi báo cáo|gửi kết quả|báo cáo tình hình|báo cáo việc|báo cáo về|báo cáo bộ|báo cáo ủy ban nhân dân|báo cáo ubnd|tổng hợp báo cáo|tổng hợp kết quả|gửi về|định kỳ báo cáo")

// reportsBack tells a sentence that only reports on or finishes the task before it.
func reportsBack(t []token) bool {
	k := skipConnectors(t, 0)
	if n := assignAt(t, k); n > 0 {
		k += n
	}
	if is(t, k, "định", "kỳ") { // to put a list together again and again is work of its own
		at, _ := reportsAgain.find(t, k+2, min(len(t), k+10))
		return at >= 0
	}
	return reportFronts.at(t, k) > 0 || completes(t, k)
}

// reportsAgain are the words of a report that comes again on what was ordered before.
var reportsAgain = table("báo cáo|gửi báo cáo|gửi kết quả|tổng hợp báo cáo|tổng hợp, báo cáo|tổng hợp kết quả|tổng hợp tình hình|thông tin kết quả|kiểm điểm")

// completes tells a sentence of which the only act is to be finished: "Đợt đầu xong trước
// ngày …". It dates what was ordered before.
func completes(t []token, k int) bool {
	const soon = 12
	stage := oneOf(t, k, "đợt", "lần", "việc", "phần", "vòng") || is(t, k, "giai", "đoạn") || is(t, k, "toàn", "bộ") || is(t, k, "công", "tác")
	for i := k; i < min(len(t), k+soon); i++ {
		switch {
		case oneOf(t, i, "xong") || is(t, i, "hoàn", "thành") || is(t, i, "kết", "thúc"):
			at, _ := limits.find(t, i, min(len(t), i+4))
			return i > k && at >= 0
		case !t[i].word && !t[i].number || strong.at(t, i) > 0 && !stage || i == k && predicates.at(t, i) > 0:
			return false
		}
	}
	return false
}

var reportFronts = table("báo cáo|kết quả|thời gian|thời hạn|hoàn thành|thời điểm|tiến độ|gửi|gửi kết quả|việc|các nội dung|các nhiệm vụ|nội dung|nhiệm vụ|kết quả thực hiện|tổng hợp|xong|hạn|trình|trước|chậm nhất|công việc|công tác này|báo cáo kết quả|định kỳ báo cáo")

// datesOnly tells a paragraph that gives its section a date: "Yêu cầu hoàn thành trước
// ngày …", "Thời gian hoàn thành: …". It names no body to do something else.
func datesOnly(t []token) bool {
	k := skipConnectors(t, 0)
	if n := orderVerbs.at(t, k); n > 0 {
		k += n
	}
	switch {
	case is(t, k, "hoàn", "thành"):
		if !finishesAll(t, k+2) { // "Hoàn thành việc thống kê …" is work of its own
			return false
		}
	case is(t, k, "thời", "gian"), is(t, k, "thời", "hạn"), is(t, k, "tiến", "độ"):
	case is(t, k, "các", "nội", "dung"), is(t, k, "các", "nhiệm", "vụ"), is(t, k, "các", "công", "việc"), is(t, k, "những", "nội", "dung"):
		for j := k; ; j++ {
			if j >= len(t) || j > k+14 {
				return false
			}
			if is(t, j, "hoàn", "thành") || is(t, j, "xong") || is(t, j, "báo", "cáo") && !is(t, k, "những") {
				break
			}
		}
	case reportsOfAll(t):
	case is(t, k, "các", "việc"), k > 0 && is(t, k, "các"):
		if !pointedFinish(t, k) {
			return false
		}
	case is(t, k, "báo", "cáo", "kết", "quả"), is(t, k, "kết", "quả"), is(t, k, "xong"):
	default:
		return false
	}
	at, _ := limits.find(t, k, min(len(t), k+40))
	for i := max(at, 0); at >= 0 && i+2 < len(t); i++ {
		if oneOf(t, i, ":") && i > at+1 && predicates.at(t, i+1) > 0 { // "Xong trước ngày 18/7: nạo vét …" is work of its own
			return false
		}
	}
	return at >= 0
}

// finishesAll tells that "hoàn thành" has no work of its own behind it: a limit follows, or
// all that was said before.
func finishesAll(t []token, k int) bool {
	const soon = 6
	if oneOf(t, k, "việc", "công") && !is(t, k, "việc", "này") && !is(t, k, "việc", "trên") && !is(t, k, "công", "việc") {
		return false
	}
	at, _ := limits.find(t, k, min(len(t), k+soon))
	return at >= 0
}

// pointedFinish tells a sentence that only gives a day to what stands above it: "Các việc trên
// phải xong trước …", "Yêu cầu các công ty nêu trên hoàn thành trước …".
func pointedFinish(t []token, k int) bool {
	const soon = 12
	for j := k + 1; j < min(len(t), k+soon); j++ {
		if oneOf(t, j, "trên") && !oneOf(t, j+1, "địa", "cơ", "toàn", "tinh", "cả") {
			at, _ := finishing.find(t, j+1, min(len(t), j+4))
			return at >= 0 && finishesAll(t, at+1)
		}
	}
	return false
}

// reportsOfAll tells "Các đơn vị nêu trên (tại mục 2, 4) gửi báo cáo về … trước ngày …": it dates what those
// were told, and nothing else.
func reportsOfAll(t []token) bool {
	const soon = 10
	k := skipConnectors(t, 0)
	if n := orderVerbs.at(t, k); n > 0 {
		k += n
	}
	n := groupAt(t, k)
	if n == 0 || !is(t, k, "các") || !oneOf(t, k+n-1, "trên") && len(pointsNamed(t[k:k+n])) == 0 {
		return false
	}
	at, _ := sending.find(t, k+n, min(len(t), k+n+soon))
	return at >= 0
}

// sending are the words for reporting back.
var sending = table("gửi báo cáo|báo cáo|gửi kết quả|nộp báo cáo|gửi")

// finishing are the words for being done.
var finishing = table("hoàn thành|xong|hoàn tất|kết thúc")
