package extract

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A moment is one time that a sentence states: a day, a rhythm, or words only.
type moment struct {
	from, to   int // tokens
	day        time.Time
	clock      string // "16:00"
	recurrence string
	words      bool // neither a day nor a rhythm: "sau khi kết thúc đợt kiểm tra"
	weak       bool // a period named in passing, "trong năm 2026"
	lasting    bool // the end of a period that the text says the beginning of
}

// text is the ISO form of a day, or the name of a rhythm.
func (m moment) text(day bool) string {
	if !day {
		return m.recurrence
	}
	s := m.day.Format(time.DateOnly)
	if m.clock != "" {
		s += "T" + m.clock
	}
	return s
}

// A calendarPhrase is a day or period as written, before its meaning is known.
type calendarPhrase struct {
	n      int // tokens
	end    time.Time
	period bool // a month, quarter or year: its last day
	months int  // how many months it has, where that is known
	noYear bool
	year   bool
}

// firstDay is the first day of a month or quarter.
func (p calendarPhrase) firstDay() time.Time {
	return time.Date(p.end.Year(), p.end.Month()-time.Month(p.months-1), 1, 0, 0, 0, 0, time.UTC)
}

// lastDay is the last day of a month.
func lastDay(year, month int) time.Time {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC)
}

// dayOf checks a day that was printed; ok is false for 31/02.
func dayOf(y, m, d int) (time.Time, bool) {
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	return t, m >= 1 && m <= 12 && d >= 1 && t.Day() == d && y >= 1945 && y < 2200
}

// number is -1 where token i is no number of at most four figures.
func number(t []token, i int) int {
	if i < 0 || i >= len(t) || !t[i].number || len(t[i].lo) > 4 {
		return -1
	}
	n, err := strconv.Atoi(t[i].lo)
	if err != nil {
		return -1
	}
	return n
}

// clockAt reads "14h00", "16 giờ 30 phút", "17 giờ".
func clockAt(t []token, i int) (string, int) {
	if i < 0 || i >= len(t) || !t[i].number {
		return "", 0
	}
	h, m, n := -1, 0, 1
	if a, b, ok := strings.Cut(t[i].lo, "h"); ok {
		h, _ = strconv.Atoi(a)
		if b != "" {
			m, _ = strconv.Atoi(b)
		}
		if a == "" || len(a) > 2 || len(b) > 2 || strings.Trim(a+b, "0123456789") != "" {
			return "", 0
		}
	} else if h = number(t, i); h >= 0 && (oneOf(t, i+1, "giờ") || is(t, i+1, "h")) {
		n = 2
		if k := number(t, i+2); k >= 0 && k < 60 && !is(t, i+3, "/") {
			m, n = k, 3
			if oneOf(t, i+3, "phút") {
				n = 4
			}
		}
	} else {
		return "", 0
	}
	if h < 0 || h > 24 || m < 0 || m > 59 {
		return "", 0
	}
	switch {
	case oneOf(t, i+n, "sáng", "trưa"):
		n++
	case oneOf(t, i+n, "chiều", "tối"):
		if n++; h < 12 {
			h += 12 // "5 giờ chiều"
		}
	}
	return fmt.Sprintf("%02d:%02d", h%24, m), n
}

// quarters by their names.
var quarters = map[string]int{"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4, "01": 1, "02": 2, "03": 3, "04": 4}

// calendarAt reads a day, month, quarter or year at token i. year is the one meant where
// none is printed.
func calendarAt(t []token, i, year int) calendarPhrase {
	if p := dayAt(t, i, year); p.n > 0 {
		return p
	}
	switch {
	case oneOf(t, i, "tháng"):
		return monthAt(t, i, year)
	case oneOf(t, i, "quý"):
		return quarterAt(t, i, year)
	case oneOf(t, i, "tuần"):
		return weekAt(t, i)
	case oneOf(t, i, "năm"):
		y, n := lastYear(t, i+1)
		if n > 0 {
			return calendarPhrase{n: 1 + n, end: lastDay(y, 12), period: true, year: true}
		}
	case is(t, i, "giai", "đoạn"):
		y, n := lastYear(t, i+2)
		if n > 0 {
			return calendarPhrase{n: 2 + n, end: lastDay(y, 12), period: true, year: true}
		}
	// half a year has its own name
	case is(t, i, "6", "tháng", "đầu", "năm") || is(t, i, "06", "tháng", "đầu", "năm"):
		if y := number(t, i+4); y > 1900 {
			return calendarPhrase{n: 5, end: lastDay(y, 6), period: true}
		}
	}
	return calendarPhrase{}
}

// lastYear reads "2026" or "2024 - 2025".
func lastYear(t []token, i int) (year, n int) {
	y := number(t, i)
	if y < 1945 || y > 2199 {
		return 0, 0
	}
	if oneOf(t, i+1, "-", "đến") {
		if z := number(t, i+2); z > y && z < 2200 {
			return z, 3
		}
	}
	return y, 1
}

// dayAt reads "15/4/2026", "15.4.2026", "15/4", "03 tháng 8 năm 2025", "25 tháng 9".
func dayAt(t []token, i, year int) calendarPhrase {
	d := number(t, i)
	if d < 1 || d > 31 {
		return calendarPhrase{}
	}
	m, y, n, bare := -1, year, 0, true
	switch {
	case oneOf(t, i+1, "/", ".", "-") && number(t, i+2) > 0:
		m, n = number(t, i+2), 3
		if oneOf(t, i+3, "/", ".", "-") && t[i+3].lo == t[i+1].lo && number(t, i+4) > 1900 {
			y, n, bare = number(t, i+4), 5, false
		} else if t[i+1].lo != "/" {
			return calendarPhrase{}
		} else if is(t, i+3, "năm") && number(t, i+4) > 1900 {
			y, n, bare = number(t, i+4), 5, false
		}
	case is(t, i+1, "tháng"):
		m, n = number(t, i+2), 3
		if is(t, i+3, "/") && number(t, i+4) > 1900 {
			y, n, bare = number(t, i+4), 5, false
		} else if k := i + 3; is(t, k, "năm") || is(t, k, ",", "năm") {
			if t[k].lo == "," {
				k++
			}
			if number(t, k+1) > 1900 {
				y, n, bare = number(t, k+1), k+2-i, false
			}
		}
	}
	day, ok := dayOf(y, m, d)
	if !ok || n == 0 {
		return calendarPhrase{}
	}
	return calendarPhrase{n: n, end: day, noYear: bare}
}

// monthAt reads "tháng 9/2025", "tháng 9 năm 2025", "tháng 3, 4/2026": the last one counts.
func monthAt(t []token, i, year int) calendarPhrase {
	m := number(t, i+1)
	if m < 1 || m > 12 {
		return calendarPhrase{}
	}
	n := 2
	for oneOf(t, i+n, ",", "-", "và") && number(t, i+n+1) > m && number(t, i+n+1) <= 12 {
		m = number(t, i+n+1)
		n += 2
	}
	p := calendarPhrase{n: n, period: true, noYear: true, months: 1}
	if oneOf(t, i+n, "/", "năm", "-", ".") && number(t, i+n+1) > 1900 {
		year, p.n, p.noYear = number(t, i+n+1), n+2, false
	}
	p.end = lastDay(year, m)
	return p
}

// weeks are the weeks of a month by their names: the last day of each, 0 for the month's last.
var weeks = map[string]int{"đầu": 7, "một": 7, "nhất": 7, "hai": 14, "ba": 21, "tư": 28, "cuối": 0}

// weekAt reads "tuần đầu tháng 12/2025", "tuần thứ hai của tháng 5 năm 2026": its last day.
// Without a year nobody said which one; it stays words.
func weekAt(t []token, i int) calendarPhrase {
	k := i + 1
	if oneOf(t, k, "thứ") {
		k++
	}
	if k >= len(t) {
		return calendarPhrase{}
	}
	last, ok := weeks[t[k].lo]
	if k++; oneOf(t, k, "tiên") {
		k++
	}
	if oneOf(t, k, "của") {
		k++
	}
	if !ok || !oneOf(t, k, "tháng") {
		return calendarPhrase{}
	}
	p := monthAt(t, k, 2000)
	if p.n == 0 || p.noYear {
		return calendarPhrase{}
	}
	if last > 0 {
		p.end = p.end.AddDate(0, 0, last-p.end.Day())
	}
	p.n += k - i
	return p
}

// quarterAt reads "quý III năm 2012", "Quý III, IV/2026": the last one counts.
func quarterAt(t []token, i, year int) calendarPhrase {
	q, n := 0, 1
	for i+n < len(t) {
		k, ok := quarters[t[i+n].lo]
		if !ok {
			break
		}
		q = k
		n++
		if oneOf(t, i+n, ",", "và", "-", "&") {
			if oneOf(t, i+n+1, "quý") {
				n++
			}
			n++
			continue
		}
		break
	}
	if q == 0 {
		return calendarPhrase{}
	}
	p := calendarPhrase{n: n, period: true, noYear: true, months: 3}
	if oneOf(t, i+n, "/", "năm", "-") && number(t, i+n+1) > 1900 {
		year, p.n, p.noYear = number(t, i+n+1), n+2, false
	}
	p.end = lastDay(year, q*3)
	return p
}

// limits are the words that make a day a limit; the longest is taken.
var limits = table("trước|chậm nhất|chậm nhất là|chậm nhất đến|chậm nhất vào|chậm nhất trong|chậm nhất trước|muộn nhất|muộn nhất là|muộn nhất trong|đến hết|hết|đến|xong|xong trước|xong trong|xong vào|trong|vào|thời hạn|hạn|hạn cuối|hạn chót|là|lúc|vào lúc|cuối|trong cuối|hoàn thành|hoàn thành trong|hoàn thành vào|trước khi|gửi trước|thời gian|thời hạn hoàn thành|ngay trong|dự kiến|dự kiến vào|dự kiến trong|tới|trước cuối|từ nay đến|cho đến|trong khoảng")

// noLimit are words before a day that make it the beginning or the state of something.
var noLimit = table("kể từ|tính từ|từ|tính đến|tính đến hết|lũy kế đến hết|lũy kế đến|có hiệu lực|tầm nhìn đến|tầm nhìn|phát sinh|ký|ban hành|họp|của|số liệu đến|bắt đầu từ|thời kỳ|tại|và|tiếp theo")
