package extract

import (
	"fmt"
	"time"
)

// times finds every time in t that may be a limit or a rhythm. loose takes days
// without a word of limit: the time column of a table, "Thời gian: tháng 9/2025".
func times(t []token, day time.Time, loose bool) []moment { return timesBehind(t, 0, day, loose) }

// timesBehind is times of a stretch whose first front tokens are a time set before the body
// that is told: "Quý II/2026, Sở Y tế …". There a day needs no word of limit.
func timesBehind(t []token, front int, day time.Time, loose bool) []moment {
	var out []moment
	for i := 0; i < len(t); {
		m, ok := momentAt(t, i, day, loose)
		if !ok && i < front {
			m, ok = bareMoment(t, i, day)
		}
		if !ok {
			if i < front && m.to > i { // a day that limits nothing, with its hour
				i = m.to
				continue
			}
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
	m, p := dayMoment(t, i, day, loose)
	if p.n == 0 {
		return moment{}, false
	}
	trigger, is := triggerOf(t, i, p)
	// a day without a year is the next one after the document
	if p.noYear && !day.IsZero() && m.day.Before(day) && is == limitTrigger && !loose {
		m.day = m.day.AddDate(1, 0, 0) // "trước ngày 15/01" in December
		if p.period || m.day.Sub(day) > 200*24*time.Hour {
			return moment{}, false
		}
	}
	switch {
	case loose && !p.noYear, loose && !day.IsZero():
		m.from = trigger
		return m, true
	case is != limitTrigger || p.noYear && day.IsZero():
		return moment{to: m.to}, false
	// what was over when the document was signed limits nothing new
	case !day.IsZero() && m.day.Before(day) && !reports(t, trigger):
		return moment{}, false
	}
	if p.months > 0 && oneOf(t, i-1, "trước") { // "trước tháng 11/2026" ends with October
		m.day = p.firstDay().AddDate(0, 0, -1)
	}
	m.from = rangeFrom(t, trigger)
	m.lasting = m.from < trigger
	m.weak = p.period && !oneOf(t, i-1, "xong", "thành", "nhất", "trước", "hết", "cuối") && !firmly.has(t[trigger:i]) || oneOf(t, i-1, "vào", "lúc")
	return m, true
}

// firmly are the words that make a period a limit, not a time named in passing: "hoàn thành
// trong quý II/2026".
var firmly = table("hoàn thành|chậm nhất|muộn nhất|xong")

// dayMoment reads an hour and a day, without asking whether they limit anything.
func dayMoment(t []token, i int, day time.Time, loose bool) (moment, calendarPhrase) {
	clock, n := clockAt(t, i)
	j := i + n
	for n > 0 && oneOf(t, j, ",", "\"", "”", "của", "'") {
		j++
	}
	if n > 0 && is(t, j, "hôm", "nay", "(") { // "trước 20 giờ hôm nay (17/10/2025)"
		j += 3
	}
	k := skipDayWords(t, j)
	p := calendarAt(t, k, day.Year())
	if y, n := lastYear(t, k); p.n == 0 && loose && n > 0 { // "Thời gian: 2026 - 2027"
		p = calendarPhrase{n: n, end: lastDay(y, 12), period: true, year: true}
	}
	m := moment{from: i, to: k + p.n, day: p.end, clock: clock}
	if n == 0 && p.n > 0 {
		m.clock, m.to = clockBehind(t, m.to)
	}
	return m, p
}

// bareMoment reads a day that no word makes a limit, where it stands before the body that is
// told; not where something begins on it, nor what is over.
func bareMoment(t []token, i int, day time.Time) (moment, bool) {
	m, p := dayMoment(t, i, day, false)
	if p.n == 0 || day.IsZero() || m.day.Before(day) {
		return moment{}, false
	}
	if _, is := triggerOf(t, i, p); is == startTrigger {
		return moment{to: m.to}, false
	}
	m.weak = true
	return m, true
}

// skipDayWords steps over "thứ Sáu,", "ngày", "ngày thứ Bảy", "ngày Quốc khánh", "hết ngày".
func skipDayWords(t []token, j int) int {
	k := skipWeekday(t, j)
	if !is(t, k, "ngày") {
		if k > j && dayAt(t, k, 2000).n > 0 { // "thứ Bảy 25/4"
			return k
		}
		return j
	}
	k = skipWeekday(t, k+1)
	for step := 0; step < 4 && k+step < len(t) && t[k+step].word; step++ {
		if p := dayAt(t, k+step+1, 2000); p.n > 0 && t[k].cap {
			return k + step + 1
		}
	}
	return k
}

// skipWeekday steps over "thứ Sáu," and "chủ nhật".
func skipWeekday(t []token, k int) int {
	if is(t, k, "thứ") && k+1 < len(t) || is(t, k, "chủ", "nhật") {
		if k += 2; is(t, k, ",") {
			k++
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

// What the words before a day make of it.
type trigger int

const (
	noTrigger    trigger = iota
	limitTrigger         // by when: "trước ngày", "Hạn cuối: ngày"
	startTrigger         // since when, or of what: "kể từ ngày", "tính đến ngày"
)

// triggerOf looks back from a day for the word that makes it a limit.
func triggerOf(t []token, i int, p calendarPhrase) (from int, is trigger) {
	j := i
	for j > 0 && (oneOf(t, j-1, ",", "ngày", "thứ", "(", "\"") || oneOf(t, j-1, ":") && oneOf(t, j-2, "hạn", "cuối", "chót", "thành", "gian")) {
		j--
	}
	for back := 4; back >= 1; back-- {
		if noLimit.at(t, j-back) == back {
			return i, startTrigger
		}
	}
	for back := 3; back >= 1; back-- {
		at := j - back
		if limits.at(t, at) != back {
			continue
		}
		if limitHolds(t, at, back, p) {
			return at, limitTrigger
		}
		return at, startTrigger
	}
	return i, noTrigger
}

// since is where the beginning of a period stands before its "đến" at token at: "từ ngày
// 10/6/2026 đến hết ngày 12/6/2026"; at where there is none.
func since(t []token, at int) int {
	const longest = 9
	if !oneOf(t, at, "đến") {
		return at
	}
	for k := at - 2; k >= 0 && k > at-longest; k-- {
		if oneOf(t, k, "từ") {
			if n := calendarAt(t, skipDayWords(t, k+1), 2000).n; n > 0 && skipDayWords(t, k+1)+n == at {
				return k
			}
			return at
		}
	}
	return at
}

// rangeFrom takes the beginning of a period into the words of its end.
func rangeFrom(t []token, at int) int {
	k := since(t, at)
	if k < at && oneOf(t, k-1, "kể", "tính") {
		k--
	}
	return k
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
			if d := number(t, k+1); m.recurrence == "monthly" && d > 0 && d <= 31 && !oneOf(t, k+2, "/", "của", "tháng") {
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
