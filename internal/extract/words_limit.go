package extract

// wordsAt reads a limit that no calendar can place: so many days from an event, "sau khi kết
// thúc …", "trước Tết Nguyên đán", "trong tuần này". Its words are kept; nobody promised a day.
func wordsAt(t []token, i int) (moment, bool) {
	if !wordFronts.starts(t, i) {
		return moment{}, false
	}
	for _, read := range []func([]token, int) int{countAt, oftenAt, eventAt, seasonAt, soonAt, quarterDayAt, weekOfMonth, lunarAt, clockAlone} {
		if to := read(t, i); to > i {
			return moment{from: wordsFrom(t, i), to: to, words: true}, true
		}
	}
	return moment{}, false
}

// wordFronts are the first words of such limits; most tokens are none of them.
var wordFronts = table("trong|tại|ngay|không|chậm|muộn|tối|sau|trước|đến|hết|vào|đầu|giữa|cuối|ngày|mùng|mồng|rằm|định|ít|một|hôm|dịp|xong|tuần|quá|thứ|lúc")

// starts tells that a token is the first word of a phrase of the table, or a number.
func (p phrases) starts(t []token, i int) bool {
	return i >= 0 && i < len(t) && (t[i].number || len(p[t[i].lo]) > 0)
}

// wordsFrom takes in "ngay" and "xong" before such a limit.
func wordsFrom(t []token, i int) int {
	if oneOf(t, i-1, "ngay") {
		return i - 1
	}
	return i
}

// The front of a count of days, and what a count counts.
var (
	countFronts = table("không quá|trong vòng|trong thời hạn|trong thời gian|trong|chậm nhất|muộn nhất|tối đa|sau|trước ít nhất|ít nhất|trước")
	countUnits  = table("ngày làm việc|ngày|tháng|giờ làm việc|giờ|tuần|phút")
)

// countAt reads "trong 07 ngày", "chậm nhất là 03 (ba) ngày làm việc sau khi …" to the end of
// its clause; i where none begins.
func countAt(t []token, i int) int {
	n := countFronts.at(t, i)
	if n == 0 {
		return i
	}
	k := i + n
	for k < i+n+5 && (oneOf(t, k, "là", "trong", "sau", "hạn", "vòng", "thời", "gian", "khoảng", "không", "quá", "nhất", "tối", "đa") || oneOf(t, k, "từ") && number(t, k+1) > 0) {
		k++
	}
	d := number(t, k)
	if d <= 0 || oneOf(t, k+1, "giờ") && clockOfDay(t, k) {
		return i
	}
	k++
	if oneOf(t, k, "-", "đến") && number(t, k+1) > d { // "từ 03 đến 05 ngày"
		k += 2
	}
	k = brackets(t, k)
	u := countUnits.at(t, k)
	if u == 0 || number(t, k+u) >= 0 || oneOf(t, k+u, "/", "năm") || oneOf(t, k+u, "đầu", "cuối") && !oneOf(t, k, "ngày") {
		return i
	}
	k += u
	if oneOf(t, i, "trước", "ít") {
		if !is(t, k, "so", "với") && !oneOf(t, k, "trước", "khi") {
			return i
		}
		return clauseEnd(t, k)
	}
	if !oneOf(t, k, "kể", "tính", "từ", "sau", "trước", "khi", "làm", "đầu", "liên", "tiếp") {
		return k
	}
	return clauseEnd(t, k)
}

// clockOfDay tells the hour of a day ("sau 16 giờ ngày 20/3") from a count of hours.
func clockOfDay(t []token, k int) bool {
	_, n := clockAt(t, k)
	j := skipDayWords(t, k+n)
	return n > 2 || dayAt(t, j, 2000).n > 0 || oneOf(t, k+n, "hàng", "hằng", "ngày", "mỗi", "sáng", "chiều", "cùng", "hôm")
}

// oftenAt reads a rhythm that no recurrence writes: "định kỳ 10 ngày một lần", "12 giờ một
// lần", "02 lần/năm".
func oftenAt(t []token, i int) int {
	k := i
	if is(t, k, "định", "kỳ") {
		k += 2
	}
	if oneOf(t, k, "mỗi", "cứ") {
		k++
	}
	if number(t, k) <= 0 && !oneOf(t, k, "một") {
		return i
	}
	u := countUnits.at(t, k+1)
	if oneOf(t, k+1, "năm", "quý") {
		u = 1
	}
	switch {
	case u > 0 && (is(t, k+1+u, "một", "lần") || is(t, k+1+u, "/", "lần") || number(t, k+1+u) == 1 && oneOf(t, k+2+u, "lần")):
		return k + 3 + u
	case oneOf(t, k+1, "lần") && oneOf(t, k+2, "/", "mỗi", "một", "trong") && k+3 < len(t) && (rhythmUnits[t[k+3].lo] != "" || number(t, k+3) > 0):
		return k + 4
	}
	return i
}

// happenings begin what an event is that a limit is counted from or runs up to.
var happenings = table("kết thúc|hoàn thành|có|nhận|nhận được|bước vào|diễn ra|khai giảng|khai mạc|bế mạc|hết|vào|tổ chức|ban hành|được phê duyệt|được ban hành|được|phát sinh|xảy ra|trình|họp")

// eventAt reads "ngay sau khi nhận được …", "trước khi bước vào năm học mới", "ngay khi có …".
func eventAt(t []token, i int) int {
	k := i
	if oneOf(t, k, "ngay") {
		k++
	}
	switch {
	case is(t, k, "sau", "khi") && k > i, is(t, k, "sau", "khi") && oneOf(t, k+2, "kết", "hoàn", "có", "nhận", "được", "hết", "ban"), k > i && oneOf(t, k, "khi") && happenings.at(t, k+1) > 0:
		return clauseEnd(t, k)
	case is(t, k, "trước", "khi") && happenings.at(t, k+2) > 0 && !oneOf(t, k+2, "có", "nhận", "được", "trình", "ban", "hoàn", "phát", "xảy"):
		return clauseEnd(t, k)
	}
	return i
}

// seasons are times that have a name and no day.
var seasons = table("tết nguyên đán|tết|tết dương lịch|tết trung thu|giao thừa|mùa mưa bão|mùa mưa lũ|mùa mưa|mùa bão|mùa lũ|mùa khô|mùa cạn|năm học mới|năm học|ngày khai giảng|lễ khai giảng|khai giảng|học kỳ|kỳ nghỉ|kỳ nghỉ lễ|kỳ nghỉ tết|kỳ họp|phiên họp|đại hội|vụ đông xuân|vụ hè thu|vụ mùa|cuộc họp|hội nghị|thời điểm giao thừa|ngày bầu cử|kỳ thi|lễ|niên độ")

// seasonAt reads "trước Tết Nguyên đán", "xong trước mùa mưa bão năm 2026", "trong học kỳ I".
func seasonAt(t []token, i int) int {
	k := i
	switch {
	case is(t, k, "đến", "hết"), is(t, k, "xong", "trước"):
		k += 2
	case oneOf(t, k, "trước", "hết", "sau"):
		k++
	case is(t, k, "trong", "học", "kỳ"), is(t, k, "vào", "thời", "điểm", "giao", "thừa"):
		k++
	case oneOf(t, k, "tại", "vào", "trong") && sessionAt(t, k+1):
		return clauseEnd(t, k)
	default:
		return i
	}
	n := seasons.at(t, k)
	if n == 0 {
		return i
	}
	k += n
	for k < len(t) && k < i+14 && (t[k].cap || t[k].number || oneOf(t, k, "năm", "tháng", "thứ", "lần", "học", "-", "/")) { // "kỳ họp thứ 5", "năm học 2026 - 2027"
		k++
	}
	return k
}

// sessionAt tells a session to come that a report is made to: "báo cáo … tại phiên họp tháng
// 02/2026", "trình tại kỳ họp gần nhất". The day of one that was held is a fact.
func sessionAt(t []token, k int) bool {
	const far, near = 10, 5
	n := sessions.at(t, k)
	if n == 0 {
		return false
	}
	for j := k - 2; j >= 0 && j > k-far; j-- {
		if oneOf(t, j, "trình") || is(t, j, "báo", "cáo") || is(t, j, "thông", "qua") {
			for m := k + n; m < min(len(t), k+n+near); m++ {
				if oneOf(t, m, "tháng", "quý", "tới", "gần", "sau", "cuối", "giữa") {
					return !oneOf(t, j-1, "đã", "được")
				}
			}
		}
	}
	return false
}

var sessions = table("phiên họp|kỳ họp|cuộc họp|hội nghị|giao ban|phiên giao ban|phiên họp thường kỳ")

// soonAt reads times that count from the paper's own day: "trong tuần này", "ngay trong ngày",
// "trong tháng tới", "chiều thứ Sáu".
func soonAt(t []token, i int) int {
	k := i
	switch {
	case is(t, k, "ngay", "trong"), is(t, k, "chậm", "nhất"):
		k += 2
	case oneOf(t, k, "trong", "vào", "trước"):
		k++
	case is(t, k, "ngay"), is(t, k, "hết"), is(t, k, "đến", "hết"):
		k += 1 + map[bool]int{true: 1}[t[k].lo == "đến"]
	default:
		return i
	}
	if _, n := weekdayAt(t, k); n > 0 && !oneOf(t, k+n, "hàng", "hằng", "mỗi", ",") && !dayFollows(t, k+n) {
		if oneOf(t, k+n, "tuần") { // "thứ Sáu tuần cuối tháng"
			n += 2
			if oneOf(t, k+n, "tháng", "quý") {
				n++
			}
		}
		return min(k+n, len(t))
	}
	switch {
	case oneOf(t, k, "tuần", "tháng", "quý", "năm", "ngày") && oneOf(t, k+1, "này", "tới", "sau"), is(t, k, "hôm", "nay"), is(t, k, "ngày", "mai"), is(t, k, "tuần", "tiếp", "theo"):
		return k + 2 + map[bool]int{true: 1}[is(t, k, "tuần", "tiếp", "theo")]
	case oneOf(t, i, "ngay", "trong") && is(t, k, "ngày") && !t[min(k+1, len(t)-1)].number && !t[min(k+1, len(t)-1)].word:
		return k + 1
	}
	return i
}

// dayFollows tells that a weekday has its date behind it.
func dayFollows(t []token, k int) bool {
	for oneOf(t, k, ",", "ngày", "(") {
		k++
	}
	return dayAt(t, k, 2000).n > 0
}

// quarterDayAt reads a day of a month that only its quarter names: "trước ngày 20 của tháng
// cuối quý", "trước ngày 10 tháng đầu quý sau".
func quarterDayAt(t []token, i int) int {
	n := limits.at(t, i)
	if n == 0 {
		return i
	}
	k := i + n
	if !oneOf(t, k, "ngày") || number(t, k+1) <= 0 {
		return i
	}
	k += 2
	if oneOf(t, k, "của") {
		k++
	}
	if oneOf(t, k, "tháng") && oneOf(t, k+1, "cuối", "đầu", "thứ", "sau", "tiếp", "liền", "kế") {
		return clauseEnd(t, k)
	}
	return i
}

// weekOfMonth reads "trong tuần thứ hai của tháng 5", "đầu tháng 12", "giữa quý III/2026":
// the part of a month or quarter that no rule makes a day. A week of a month with its year is
// one (weekAt).
func weekOfMonth(t []token, i int) int {
	k := i
	if n := limits.at(t, k); n > 0 && !oneOf(t, k, "đầu", "giữa", "cuối", "là") {
		k += n
	}
	from := k
	switch {
	case oneOf(t, k, "tuần") && oneOf(t, k+1, "đầu", "cuối"), oneOf(t, k, "tuần") && oneOf(t, k+1, "thứ"):
		k += 2
		if oneOf(t, k-1, "thứ") {
			k++
		}
		if oneOf(t, k, "tiên") {
			k++
		}
	case oneOf(t, k, "đầu", "giữa"):
		k++
	default:
		return i
	}
	if oneOf(t, k, "của") {
		k++
	}
	p := calendarAt(t, k, 2000)
	if p.n == 0 || !p.period || p.year || oneOf(t, from, "tuần") && !p.noYear || from == i && !oneOf(t, i, "tuần") && !oneOf(t, i-1, "vào", "trong", "trước") {
		return i
	}
	return k + p.n
}

// lunarAt reads a day of the lunar calendar: "trước ngày 23 tháng Chạp", "rằm tháng Giêng".
func lunarAt(t []token, i int) int {
	k := i
	if n := limits.at(t, k); n > 0 {
		k += n
	}
	if oneOf(t, k, "ngày", "mùng", "mồng") && number(t, k+1) > 0 {
		k += 2
	} else if oneOf(t, k, "rằm") {
		k++
	} else {
		return i
	}
	if is(t, k, "tháng") && oneOf(t, k+1, "chạp", "giêng") || oneOf(t, k, "tết") {
		return k + 1 + map[bool]int{true: 1}[is(t, k, "tháng")]
	}
	return i
}

// clockAlone reads an hour of no printed day: "trước 16h00 cùng ngày", "trước 17 giờ hôm nay".
func clockAlone(t []token, i int) int {
	n := limits.at(t, i)
	if n == 0 {
		return i
	}
	_, c := clockAt(t, i+n)
	if c == 0 {
		return i
	}
	k := i + n + c
	if is(t, k, "cùng", "ngày") || is(t, k, "hôm", "nay") || is(t, k, "ngày", "mai") {
		if dayFollows(t, k+2) { // "hôm nay (17/10/2025)"
			return i
		}
		return k + 2
	}
	if oneOf(t, k, "hàng", "hằng", "mỗi") || dayFollows(t, k) || calendarAt(t, skipDayWords(t, k), 2000).n > 0 {
		return i
	}
	if k >= len(t) || oneOf(t, k, ".", ";", ",", ")") && !dayFollows(t, k) {
		return k
	}
	return i
}

// clauseEnd is where the clause of token i ends: limits in words have no other end, but where a
// limit begins that the calendar knows.
func clauseEnd(t []token, i int) int {
	for from := i; i < len(t); i++ {
		if oneOf(t, i, ",", ";", ".", ")", ":") || i > from && calendarLimit(t, i) {
			return i
		}
	}
	return i
}

// calendarLimit tells a word of limit with an hour or a day right behind it.
func calendarLimit(t []token, i int) bool {
	n := limits.at(t, i)
	if n == 0 || oneOf(t, i, "là", "cuối", "hạn", "vào", "trong") {
		return false
	}
	_, c := clockAt(t, i+n)
	return c > 1 || dayAt(t, skipDayWords(t, i+n), 2000).n > 0
}
