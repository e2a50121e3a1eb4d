package workday

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"lienthong/internal/fault"
)

// Every is how often something recurs.
type Every uint8

// The periods of regulations.
const (
	Daily     Every = iota + 1 // every working day
	Weekly                     // hằng tuần
	Monthly                    // hằng tháng
	Quarterly                  // hằng quý
	HalfYear                   // sáu tháng
	Yearly                     // hằng năm
)

// everies is indexed by Every: the code in data, the months of a period, the words.
var everies = []struct {
	code   string
	months int
	words  string
}{{}, {"daily", 0, "mỗi ngày làm việc"}, {"weekly", 0, "hằng tuần"}, {"monthly", 1, "hằng tháng"},
	{"quarterly", 3, "hằng quý"}, {"halfyear", 6, "sáu tháng một lần"}, {"yearly", 12, "hằng năm"}}

// A Recurrence (định kỳ) is a day that comes again, by which something is owed each time.
type Recurrence struct {
	Every   Every
	Weekday time.Weekday // for Weekly
	Month   int          // within the period: 1–3 of a quarter, 1–6 of a half-year, 1–12 of a year
	Day     int          // of the month; LastDay for its last; a day the month lacks is its last
	Before  bool         // "trước ngày …": that day is late already
	By      Clock        // the hour of the day; 0: its end
	Roll    Roll         // of a day off
}

// LastDay as a Recurrence's Day is the last of the month.
const LastDay = -1

// ParseRecurrence reads a recurrence as data writes it:
//
//	daily   weekly T6,by=12:00   monthly 25,roll   monthly last
//	quarterly 3-14   halfyear 6-14   yearly 12-05,before
//
// The first number of two is the month within the period. Errors are fault.Invalid.
func ParseRecurrence(s string) (r Recurrence, err error) {
	head, rest, more := strings.Cut(s, ",")
	code, day, _ := strings.Cut(strings.TrimSpace(head), " ")
	for i := range everies {
		if code != "" && everies[i].code == code {
			r.Every = Every(i)
		}
	}
	if err := r.parseDay(day); err != nil {
		return Recurrence{}, fault.Refuse(fault.Invalid, "Định kỳ %.40q không đúng: viết weekly T6, monthly 25, quarterly 3-14 hoặc yearly 12-05.", s)
	}
	for more {
		var option string
		option, rest, more = strings.Cut(rest, ",")
		var l Limit
		if err := l.parseOption(option); err != nil {
			return Recurrence{}, err
		}
		if l.CountFirst || l.Back || l.CutOff != 0 {
			return Recurrence{}, fault.Refuse(fault.Invalid, "Định kỳ không nhận điều kiện %q.", option)
		}
		r.Before = r.Before || l.Exclusive
		r.By = max(r.By, l.By)
		r.Roll = max(r.Roll, l.Roll)
	}
	if r.Before && r.By != 0 {
		return Recurrence{}, fault.Refuse(fault.Invalid, "Định kỳ chỉ nhận một trong hai: trước ngày, hoặc trước giờ.")
	}
	return r, nil
}

// The day of a recurrence in the form of its kind.
func (r *Recurrence) parseDay(s string) error {
	bad := fault.Invalid
	switch r.Every {
	case 0:
		return bad
	case Daily:
		if s != "" {
			return bad
		}
		return nil
	case Weekly:
		days, err := parseWeekdays(s)
		if err != nil || len(days) != 1 {
			return bad
		}
		r.Weekday = days[0]
		return nil
	}
	r.Month = 1
	if r.Every != Monthly {
		month, day, _ := strings.Cut(s, "-")
		n, err := strconv.Atoi(month)
		if err != nil || n < 1 || n > everies[r.Every].months {
			return bad
		}
		r.Month, s = n, day
	}
	if s == "last" {
		r.Day = LastDay
		return nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > 31 {
		return bad
	}
	r.Day = n
	return nil
}

// String writes the recurrence so that ParseRecurrence reads the same one.
func (r Recurrence) String() string {
	if int(r.Every) >= len(everies) || r.Every == 0 {
		return ""
	}
	s := everies[r.Every].code
	switch r.Every {
	case Daily:
	case Weekly:
		s += " " + weekdayCodes[r.Weekday]
	case Monthly:
		s += " " + r.dayCode()
	default:
		s += fmt.Sprintf(" %d-%s", r.Month, r.dayCode())
	}
	l := Limit{Unit: CalendarDays, Exclusive: r.Before, By: r.By, Roll: r.Roll}.String()
	return s + strings.TrimPrefix(l, "0d")
}

// A day of the month, or its last.
func (r Recurrence) dayCode() string {
	if r.Day == LastDay {
		return "last"
	}
	return strconv.Itoa(r.Day)
}

// Words says the recurrence: "hằng tuần, trước 12:00 thứ Sáu", "hằng năm, trước ngày 05/12".
func (r Recurrence) Words() string {
	if int(r.Every) >= len(everies) || r.Every == 0 {
		return "không nêu hạn"
	}
	s, when := everies[r.Every].words, ""
	switch {
	case r.Every == Daily:
	case r.Every == Weekly:
		when = weekdayNames[r.Weekday]
	case r.Every == Yearly && r.Day != LastDay:
		when = fmt.Sprintf("ngày %02d/%02d", r.Day, r.Month)
	case r.Day == LastDay:
		when = "ngày cuối tháng"
	default:
		when = "ngày " + strconv.Itoa(r.Day)
	}
	if months := everies[max(r.Every, 1)].months; months > 1 && (r.Every != Yearly || r.Day == LastDay) {
		when += " tháng thứ " + strconv.Itoa(r.Month) + " của kỳ"
	}
	switch {
	case r.By != 0:
		s += ", trước " + strings.TrimSpace(r.By.String()+" "+when)
	case r.Before:
		s += ", trước " + when
	case when != "":
		s += ", hết " + when
	}
	return s
}

// Next returns the first due instant after the given one, as one revision knows the
// calendar. The zero Recurrence has none and is refused with a fault.Invalid.
func (r Recurrence) Next(rev Revision, after time.Time) (Due, error) {
	if r.Every < Daily || r.Every > Yearly {
		return Due{}, fault.Refuse(fault.Invalid, "Định kỳ chưa nêu chu kỳ.")
	}
	// One period back: "trước" and rolls can carry a day across the end of its period.
	for i := r.period(Of(after)) - 1; ; i++ {
		d := r.dayOf(i)
		if r.Every == Daily && !rev.works(d) {
			continue
		}
		if due := r.due(rev, d); due.At.After(after) {
			return due, nil
		}
	}
}

// After returns the first day after the given one that the recurrence states, before
// any roll and whatever "trước" makes of it, and when that occasion is due. The stated
// day names the occasion for ever: a new revision may move its due instant, not its name.
func (r Recurrence) After(rev Revision, day Date) (Date, Due, error) {
	if r.Every < Daily || r.Every > Yearly {
		return Date{}, Due{}, fault.Refuse(fault.Invalid, "Định kỳ chưa nêu chu kỳ.")
	}
	for i := r.period(day); ; i++ {
		d := r.dayOf(i)
		if d.After(day) && (r.Every != Daily || rev.works(d)) {
			return d, r.due(rev, d), nil
		}
	}
}

// period numbers the period in which d lies.
func (r Recurrence) period(d Date) int {
	switch r.Every {
	case Daily:
		return int(d.n)
	case Weekly:
		return int(d.n-1) / 7
	}
	y, m, _ := d.Civil()
	return (y*12 + int(m) - 1) / everies[r.Every].months
}

// The day on which a period falls due.
func (r Recurrence) dayOf(period int) Date {
	switch r.Every {
	case Daily:
		return Date{int32(period)}
	case Weekly:
		return Date{int32(period*7 + 1)}.AddDays(int(r.Weekday+6) % 7)
	}
	month := period*everies[r.Every].months + max(r.Month, 1) - 1
	y, m := month/12, time.Month(month%12+1)
	last := lastOfMonth(y, m)
	if r.Day == LastDay {
		return NewDate(y, m, last)
	}
	return NewDate(y, m, min(max(r.Day, 1), last))
}

// What falls due on a day: its end, moved off days without work as the rule says.
func (r Recurrence) due(rev Revision, d Date) Due {
	l := Limit{Unit: CalendarDays, Exclusive: r.Before, By: r.By, Roll: r.Roll}
	due := Due{Reckoning: []Step{}, Notes: []string{r.Words()}}
	c := count{rev: &rev, limit: l, due: &due}
	e := c.finish(end{last: d})
	due.At, due.On = e.at, e.on
	if r.Every == Daily {
		return due
	}
	last := d
	if r.Before {
		last = d.AddDays(-1)
	}
	c.noteRoll(last, due.Last())
	if r.Roll != RollNone && !rev.Covers(d.Year()) {
		due.Uncovered = []int{d.Year()}
	}
	return due
}
