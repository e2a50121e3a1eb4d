package extract

import "strings"

// weekdayCodes are the days of the week as a recurrence writes them.
var weekdayCodes = map[string]string{"hai": "T2", "2": "T2", "ba": "T3", "3": "T3", "tư": "T4", "4": "T4", "năm": "T5", "5": "T5", "sáu": "T6", "6": "T6", "bảy": "T7", "7": "T7"}

// weekdayAt reads "thứ Sáu", "thứ 6", "chủ nhật", with the part of the day before it: its
// code and how many tokens it has; 0 where none begins.
func weekdayAt(t []token, i int) (code string, n int) {
	k := i
	if oneOf(t, k, "sáng", "chiều", "trưa", "tối") {
		k++
	}
	if oneOf(t, k, "ngày") {
		k++
	}
	switch {
	case is(t, k, "thứ") && k+1 < len(t) && weekdayCodes[t[k+1].lo] != "":
		return weekdayCodes[t[k+1].lo], k + 2 - i
	case is(t, k, "chủ", "nhật"):
		return "CN", k + 2 - i
	}
	return "", 0
}

// rhythmUnits are the words for how often.
var rhythmUnits = map[string]string{"năm": "yearly", "tháng": "monthly", "quý": "quarterly", "tuần": "weekly", "ngày": "daily"}

// rhythmAt reads "hàng năm", "hằng tháng", "mỗi quý", "thường niên", "01 lần/tháng", with the
// weekday, the hour and the word of limit that stand beside: "chiều thứ Sáu hằng tuần",
// "trước 16 giờ hằng ngày".
func rhythmAt(t []token, i int) (moment, bool) {
	unit, n := "", 2
	switch {
	case oneOf(t, i, "hàng", "hằng", "mỗi") && i+1 < len(t):
		unit = rhythmUnits[t[i+1].lo]
	case is(t, i, "thường", "niên"):
		unit = "yearly"
	case (number(t, i) == 1 || oneOf(t, i, "một")) && oneOf(t, i+1, "lần") && oneOf(t, i+2, "/", "mỗi", "một", "trong") && i+3 < len(t):
		unit, n = rhythmUnits[t[i+3].lo], 4
	}
	if unit == "" || is(t, i+n, "này") {
		return moment{}, false
	}
	m := moment{from: i, to: i + n, recurrence: unit}
	if unit == "weekly" {
		m.weekday(t)
	}
	m.beside(t)
	return m, true
}

// weekday takes the day of a weekly rhythm from before or behind it.
func (m *moment) weekday(t []token) {
	for back := 4; back >= 2; back-- {
		if code, n := weekdayAt(t, max(0, m.from-back)); n == back && m.from >= back {
			m.from -= back
			m.recurrence += " on " + code
			return
		}
	}
	k := m.to
	for oneOf(t, k, ",", "(", "vào", "trước") && k < m.to+3 {
		k++
	}
	if code, n := weekdayAt(t, k); n > 0 {
		m.to = k + n
		m.recurrence += " on " + code
	}
}

// beside takes in the hour, the word of limit and "định kỳ" that stand before a rhythm.
func (m *moment) beside(t []token) {
	const longestClock = 5
	for back := longestClock; back >= 1; back-- {
		if _, n := clockAt(t, m.from-back); n >= back { // "9h00 sáng thứ Hai": the morning is of both
			m.from -= back
			break
		}
	}
	if oneOf(t, m.from-1, "ngày") && strings.HasPrefix(m.recurrence, "weekly on") {
		m.from--
	}
	for back := 2; back >= 1; back-- {
		if at := m.from - back; limits.at(t, at) == back && oneOf(t, m.from-1, "trước", "vào", "nhất", "lúc") {
			m.from = at
			break
		}
	}
	if is(t, m.from-2, "định", "kỳ") {
		m.from -= 2
	}
}
