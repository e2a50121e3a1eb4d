package extract

import (
	"fmt"
	"time"
)

// times finds every time in t[i:j) that may be a limit or a rhythm. loose takes days
// without a word of limit: the time column of a table, "Thời gian: tháng 9/2025".
func times(t []token, day time.Time, loose bool) []moment {
	var out []moment
	for i := 0; i < len(t); {
		m, ok := momentAt(t, i, day, loose)
		if !ok {
			i++
			continue
		}
		out = append(out, m)
		i = max(m.to, i+1)
	}
	return rhythms(t, out)
}

// momentAt reads the time that begins at token i: hour and day in either order, or a
// rhythm, or a limit in words.
func momentAt(t []token, i int, day time.Time, loose bool) (moment, bool) {
	if m, ok := rhythmAt(t, i); ok {
		return m, true
	}
	if m, ok := wordsAt(t, i); ok {
		return m, true
	}
	clock, n := clockAt(t, i)
	j := i + n
	for n > 0 && oneOf(t, j, ",", "\"", "”", "của", "'") {
		j++
	}
	k := skipDayWords(t, j)
	p := calendarAt(t, k, day.Year())
	if y, n := lastYear(t, k); p.n == 0 && loose && n > 0 { // "Thời gian: 2026 - 2027"
		p = calendarPhrase{n: n, end: lastDay(y, 12), period: true, year: true}
	}
	if p.n == 0 {
		return moment{}, false
	}
	m := moment{from: i, to: k + p.n, day: p.end, clock: clock}
	if n == 0 {
		m.clock, m.to = clockBehind(t, m.to)
	}
	trigger, ok := triggerOf(t, i, p)
	// a day without a year is the next one after the document
	if p.noYear && !day.IsZero() && m.day.Before(day) && ok && !loose {
		m.day = m.day.AddDate(1, 0, 0) // "trước ngày 15/01" in December
		if p.period || m.day.Sub(day) > 200*24*time.Hour {
			return moment{}, false
		}
	}
	switch {
	case loose && !p.noYear, loose && !day.IsZero():
		m.from = trigger
		return m, true
	case !ok || p.noYear && day.IsZero():
		return moment{to: m.to}, false
	// what was over when the document was signed limits nothing new
	case !day.IsZero() && m.day.Before(day) && !reports(t, trigger):
		return moment{}, false
	}
	m.from = trigger
	m.weak = p.period && !oneOf(t, i-1, "xong", "thành", "nhất", "trước", "hết", "cuối") || oneOf(t, i-1, "vào", "lúc")
	return m, true
}

// skipDayWords steps over "thứ Sáu,", "ngày", "ngày Quốc khánh", "hết ngày".
func skipDayWords(t []token, j int) int {
	k := j
	if is(t, k, "thứ") && k+1 < len(t) {
		k += 2
		if is(t, k, ",") {
			k++
		}
	}
	if is(t, k, "chủ", "nhật") {
		k += 2
		if is(t, k, ",") {
			k++
		}
	}
	if !is(t, k, "ngày") {
		return j
	}
	k++
	for step := 0; step < 4 && k+step < len(t) && t[k+step].word; step++ {
		if p := dayAt(t, k+step+1, 2000); p.n > 0 && t[k].cap {
			return k + step + 1
		}
	}
	return k
}

// clockBehind reads the hour that follows a day: "ngày 15/8/2025 lúc 17h00".
func clockBehind(t []token, j int) (string, int) {
	k := j
	for k < j+3 && oneOf(t, k, "lúc", ",", "(", "vào", "trước") {
		k++
	}
	if c, n := clockAt(t, k); n > 0 && k > j {
		return c, k + n
	}
	return "", j
}

// triggerOf looks back from a day for the word that makes it a limit.
func triggerOf(t []token, i int, p calendarPhrase) (from int, ok bool) {
	j := i
	for j > 0 && oneOf(t, j-1, ",", "ngày", "thứ", "(", "\"") {
		j--
	}
	for back := 4; back >= 1; back-- {
		if noLimit.at(t, j-back) == back {
			return i, false
		}
	}
	for back := 3; back >= 1; back-- {
		at := j - back
		if limits.at(t, at) != back {
			continue
		}
		return at, limitHolds(t, at, back, p)
	}
	return i, false
}

// limitHolds weighs words that are limits only in some company.
func limitHolds(t []token, at, n int, p calendarPhrase) bool {
	last := t[at+n-1].lo
	switch {
	case oneOf(t, at-1, "họp"), is(t, at-2, "đại", "hội"): // the day of a session, not of a task
		return false
	case last == "hoàn thành" || last == "thành" || last == "hạn" || last == "gian" || last == "kiến" || n > 1:
		return !is(t, at-1, "đã")
	case last == "là" || last == "lúc": // only behind hạn, hoàn thành, chậm nhất
		return oneOf(t, at-1, "hạn", "thành", "nhất", "chót", "cuối")
	case last == "đến" && p.year: // of a strategy, unless it opens what is to be done
		return at == 0 || oneOf(t, at-1, "thành", "hạn") || goal(t, at+n+p.n)
	case last == "đến":
		return !oneOf(t, at-1, "tính", "kế", "nhìn") && !p.year
	case last == "tới": // "thời gian tới" limits nothing
		return false
	}
	return !oneOf(t, at-1, "được", "có", "từ") || p.n > 4
}

// goal tells that "đến năm 2015" opens what is to be done: a comma and a verb follow.
func goal(t []token, j int) bool {
	return is(t, j, ",") && oneOf(t, j+1, "hoàn", "phấn", "đạt", "cơ")
}

// reports tells that a day before the document's own still belongs to an order: a verb
// of finishing or sending stands right before it. It is kept, with a warning.
func reports(t []token, at int) bool {
	for k := at - 1; k >= 0 && k > at-7; k-- {
		if oneOf(t, k, "gửi", "nộp", "trình") || is(t, k, "hoàn", "thành") || is(t, k, "báo", "cáo") {
			return !oneOf(t, k-1, "đã", "được")
		}
		if oneOf(t, k, "được", "đã", ",", ";", "có") {
			return false
		}
	}
	return false
}

// rhythmAt reads "hàng năm", "hằng tháng", "mỗi quý", "thường niên".
func rhythmAt(t []token, i int) (moment, bool) {
	every := oneOf(t, i, "hàng", "hằng", "mỗi")
	unit := ""
	switch {
	case every && oneOf(t, i+1, "năm"):
		unit = "yearly"
	case every && oneOf(t, i+1, "tháng"):
		unit = "monthly"
	case every && oneOf(t, i+1, "quý"):
		unit = "quarterly"
	case every && oneOf(t, i+1, "tuần"):
		unit = "weekly"
	case every && oneOf(t, i+1, "ngày"):
		unit = "daily"
	case is(t, i, "thường", "niên"):
		unit = "yearly"
	}
	if unit == "" || is(t, i+2, "này") {
		return moment{}, false
	}
	from := i
	if is(t, i-2, "định", "kỳ") {
		from = i - 2
	}
	return moment{from: from, to: i + 2, recurrence: unit}, true
}

// rhythms gives each rhythm the day that stands beside it: "trước ngày 20 hằng tháng",
// "hàng năm (trước ngày 10/12)".
func rhythms(t []token, all []moment) []moment {
	for i := range all {
		m := &all[i]
		if m.recurrence != "yearly" && m.recurrence != "monthly" {
			continue
		}
		const near = 16
		for k := max(0, m.from-near); k < min(len(t), m.to+near); k++ {
			if !is(t, k, "ngày") || k > m.from && crosses(t, m.to, k) || k < m.from && crosses(t, k, m.from) {
				continue
			}
			if p := dayAt(t, k+1, 2000); m.recurrence == "yearly" && p.n > 0 && p.noYear {
				m.recurrence = "yearly on " + p.end.Format("01-02")
				m.from, m.to = min(m.from, back(t, k)), max(m.to, k+1+p.n)
				break
			}
			if d := number(t, k+1); m.recurrence == "monthly" && d > 0 && d <= 31 && !is(t, k+2, "/") {
				m.recurrence = fmt.Sprintf("monthly on %02d", d)
				m.from, m.to = min(m.from, back(t, k)), max(m.to, k+2)
				break
			}
		}
	}
	return withinRhythms(all)
}

// crosses tells that a clause ends between two tokens.
func crosses(t []token, i, j int) bool {
	for ; i < j && i < len(t); i++ {
		if oneOf(t, i, ";", ".") {
			return true
		}
	}
	return false
}

// back steps from "ngày" to the "trước" before it.
func back(t []token, k int) int {
	for n := 2; n >= 1; n-- {
		if limits.at(t, k-n) == n {
			return k - n
		}
	}
	return k
}

// withinRhythms drops the days that a rhythm has taken in.
func withinRhythms(all []moment) []moment {
	var out []moment
	for _, m := range all {
		inside := false
		for _, r := range all {
			inside = inside || m.recurrence == "" && r.recurrence != "" && m.from >= r.from && m.to <= r.to
		}
		if !inside {
			out = append(out, m)
		}
	}
	return out
}

// wordsAt reads limits that no calendar can place: so many days from an event, "sau khi
// kết thúc …".
func wordsAt(t []token, i int) (moment, bool) {
	start := i
	switch {
	case is(t, i, "sau", "khi") && oneOf(t, i+2, "kết", "hoàn", "có", "nhận"):
		if oneOf(t, i-1, "ngay") {
			start--
		}
		return moment{from: start, to: clauseEnd(t, i), words: true}, true
	case is(t, i, "không", "quá") || is(t, i, "trong", "vòng") || is(t, i, "trong", "thời", "hạn") || is(t, i, "trong", "thời", "gian") || is(t, i, "chậm", "nhất"):
		for k := i + 2; k < i+6 && k < len(t); k++ {
			if number(t, k) > 0 && (oneOf(t, k+1, "ngày", "tháng", "giờ") || oneOf(t, k+1, ")")) && !oneOf(t, k+2, "/") && number(t, k+2) < 0 {
				return moment{from: start, to: clauseEnd(t, k), words: true}, true
			}
			if !oneOf(t, k, "là", "trong", "sau", "hạn", "vòng") && number(t, k) < 0 {
				break
			}
		}
	}
	return moment{}, false
}

// clauseEnd is where the clause of token i ends: limits in words have no other end.
func clauseEnd(t []token, i int) int {
	for ; i < len(t); i++ {
		if oneOf(t, i, ",", ";", ".", ")", ":") {
			return i
		}
	}
	return i
}

// choose takes the time that binds a stretch of text: a day of a limit before a period
// named in passing, the first of its kind; the rhythm where there is no day.
func choose(all []moment) (best moment, ok bool) {
	rank := func(m moment) int {
		switch {
		case m.words:
			return 0
		case m.weak || m.recurrence != "":
			return 1 // of these the first counts
		}
		return 2
	}
	for _, m := range all {
		if !ok || rank(m) > rank(best) {
			best, ok = m, true
		}
	}
	return best, ok
}
