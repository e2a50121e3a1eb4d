package workday

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"lienthong/internal/fault"
)

var unitCodes = []struct {
	code  string // as regulations write it in data
	unit  Unit
	words string
}{
	{"wd", WorkingDays, "ngày làm việc"},
	{"wh", WorkingHours, "giờ làm việc"},
	{"mo", Months, "tháng"},
	{"d", CalendarDays, "ngày"},
	{"h", ClockHours, "giờ"},
}

// The letter of a unit in the written form of a limit.
func (u Unit) code() string {
	for _, c := range unitCodes {
		if c.unit == u {
			return c.code
		}
	}
	return ""
}

// The unit of a letter.
func unitOf(code string) Unit {
	for _, c := range unitCodes {
		if c.code == code {
			return c.unit
		}
	}
	return None
}

// ParseLimit reads a limit as data and the command line write it:
//
//	7wd  8wh  15d  72h  3mo  none          working days, working hours, days, hours, months
//	2026-02-26T16:00  2026-02-26           an instant (+07:00); the end of a day
//	3wd,back  7d,before  15d,roll          back from an event; "trước"; last day off moves on
//	15d,rollback  5wd,first  1wd,cutoff=15:00  2wd,by=16:00
//
// Anything else is a fault.Invalid with the forms it takes.
func ParseLimit(s string) (Limit, error) {
	head, rest, more := strings.Cut(strings.TrimSpace(s), ",")
	l, err := parseHead(head)
	if err != nil {
		return Limit{}, err
	}
	for more {
		var option string
		option, rest, more = strings.Cut(rest, ",")
		if err := l.parseOption(option); err != nil {
			return Limit{}, err
		}
	}
	if err := l.check(); err != nil {
		return Limit{}, err
	}
	return l, nil
}

// The first part of a written limit: none, an instant, or a number with its unit.
func parseHead(s string) (Limit, error) {
	if s == "none" {
		return Limit{}, nil
	}
	if at, ok := parseInstant(s); ok {
		return Limit{Unit: Instant, At: at}, nil
	}
	for _, u := range unitCodes {
		if digits, ok := strings.CutSuffix(s, u.code); ok && digits != "" && strings.Trim(digits, "0123456789") == "" {
			n, err := strconv.Atoi(digits)
			if err != nil {
				n = MaxN + 1 // more digits than an int holds: refused by check
			}
			return Limit{Unit: u.unit, N: n}, nil
		}
	}
	return Limit{}, fault.Refuse(fault.Invalid,
		"Thời hạn %.40q không đúng: viết 7wd (ngày làm việc), 8wh (giờ làm việc), 15d (ngày), 72h (giờ), 3mo (tháng) hoặc 2026-02-26T16:00.", s)
}

// An option of a written limit; an unknown one is an error, since a rule read wrongly would count wrongly.
func (l *Limit) parseOption(s string) (err error) {
	switch name, value, _ := strings.Cut(s, "="); {
	case s == "first":
		l.CountFirst = true
	case s == "back":
		l.Back = true
	case s == "before":
		l.Exclusive = true
	case s == "roll":
		l.Roll = RollForward
	case s == "rollback":
		l.Roll = RollBack
	case name == "cutoff":
		l.CutOff, err = ParseClock(value)
	case name == "by":
		l.By, err = ParseClock(value)
	default:
		return fault.Refuse(fault.Invalid, "Điều kiện %.40q của thời hạn không có trong danh mục.", s)
	}
	return err
}

// parseInstant takes RFC 3339, local time, and a bare day, which ends at its midnight.
func parseInstant(s string) (time.Time, bool) {
	if d, err := ParseDate(s); err == nil {
		return d.AddDays(1).Midnight(), true
	}
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05", time.RFC3339Nano} {
		if t, err := time.ParseInLocation(layout, s, Office); err == nil && t.Year() >= 1900 && t.Year() < 3000 {
			return t.In(Office), true
		}
	}
	return time.Time{}, false
}

// String writes the limit so that ParseLimit reads the same one.
func (l Limit) String() string {
	var b strings.Builder
	switch l.Unit {
	case None:
		b.WriteString("none")
	case Instant:
		return instantString(l.At)
	default:
		fmt.Fprintf(&b, "%d%s", l.N, l.Unit.code())
	}
	for _, o := range []struct {
		on   bool
		text string
	}{
		{l.CountFirst, "first"}, {l.Back, "back"}, {l.Exclusive, "before"},
		{l.Roll == RollForward, "roll"}, {l.Roll == RollBack, "rollback"},
		{l.CutOff != 0, "cutoff=" + l.CutOff.String()}, {l.By != 0, "by=" + l.By.String()},
	} {
		if o.on {
			b.WriteString("," + o.text)
		}
	}
	return b.String()
}

// The shortest form that says the instant: a day when it is the end of one.
func instantString(t time.Time) string {
	switch t = t.In(Office); {
	case t.Equal(Of(t).Midnight()):
		return Of(t).AddDays(-1).String()
	case t.Nanosecond() != 0:
		return t.Format(time.RFC3339Nano)
	case t.Second() != 0:
		return t.Format("2006-01-02T15:04:05")
	}
	return t.Format("2006-01-02T15:04")
}

// Words says the limit as an officer would: "7 ngày làm việc", "hết ngày 26/02/2026",
// "trước 16:00 ngày 26/02/2026", "trong ngày", "không nêu hạn".
func (l Limit) Words() string {
	switch {
	case l.Unit == None:
		return "không nêu hạn"
	case l.Unit == Instant:
		return instantWords(l.At)
	case l.N == 0:
		return "trong ngày" + l.conditions()
	}
	for _, u := range unitCodes {
		if u.unit == l.Unit {
			return strconv.Itoa(l.N) + " " + u.words + l.conditions()
		}
	}
	return ""
}

// An instant in words: midnight is the end of the day before.
func instantWords(t time.Time) string {
	if d := Of(t); t.Equal(d.Midnight()) {
		return "hết ngày " + d.AddDays(-1).Long()
	}
	return "trước " + t.In(Office).Format("15:04 ngày 02/01/2006")
}

// What makes a limit other than the common one, in words.
func (l Limit) conditions() (s string) {
	if l.Back {
		s += " trước sự kiện"
	}
	if l.Exclusive {
		s += ", không kể ngày cuối"
	}
	if l.By != 0 {
		s += ", trước " + l.By.String() + " của ngày cuối"
	}
	if l.CountFirst {
		s += ", tính cả ngày nhận"
	}
	if l.CutOff != 0 {
		s += ", nhận sau " + l.CutOff.String() + " tính từ ngày làm việc sau"
	}
	switch l.Roll {
	case RollForward:
		s += ", gặp ngày nghỉ thì chuyển sang ngày làm việc sau"
	case RollBack:
		s += ", gặp ngày nghỉ thì chuyển về ngày làm việc trước"
	}
	return s
}
