package workday

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"lienthong/internal/fault"
)

// A Clock is a time of day of the office in minutes since midnight. The zero Clock
// means "no hour": a limit that ends with its day.
type Clock int16

// ParseClock reads "16:00"; "24:00" is the end of the day. Errors are fault.Invalid.
func ParseClock(s string) (Clock, error) {
	if s == "24:00" {
		return 24 * 60, nil
	}
	t, err := time.Parse("15:04", s)
	if err != nil {
		return 0, fault.Refuse(fault.Invalid, "Giờ %q không đúng: cần viết giờ:phút, ví dụ 16:00.", s)
	}
	return Clock(t.Hour()*60 + t.Minute()), nil
}

// String returns "16:00".
func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", c/60, c%60) }

// A Span is a stretch of office time within a day, half-open: at End nobody is in.
type Span struct{ Start, End Clock }

// ParseSpans reads "07:30-11:30,13:30-17:00": in order, without overlap.
func ParseSpans(s string) ([]Span, error) {
	var all []Span
	last := Clock(-1)
	for part := range strings.SplitSeq(s, ",") {
		a, b, ok := strings.Cut(strings.TrimSpace(part), "-")
		from, err := ParseClock(a)
		if err != nil {
			return nil, err
		}
		to, err := ParseClock(b)
		if err != nil {
			return nil, err
		}
		if !ok || to <= from || from < last {
			return nil, fault.Refuse(fault.Invalid, "Giờ làm việc %q không đúng: các buổi phải nối tiếp nhau, ví dụ 07:30-11:30,13:30-17:00.", s)
		}
		last = to
		all = append(all, Span{from, to})
	}
	return all, nil
}

// Hours (giờ làm việc) says when an office is open on a working day. Several stand
// beside each other for seasons and weekdays; the first that fits the day holds.
type Hours struct {
	Weekdays     []time.Weekday // empty: every working day
	Since, Until Date           // first and last day of a season; zero: open
	Spans        []Span
	Source       string // empty: no text states these hours, which screens must say
}

// Whether hours hold on a day: by their time in force and their weekdays.
func (h *Hours) fits(d Date) bool {
	if !h.Since.IsZero() && d.Before(h.Since) || !h.Until.IsZero() && d.After(h.Until) {
		return false
	}
	return len(h.Weekdays) == 0 || slices.Contains(h.Weekdays, d.Weekday())
}

// HoursOn returns the office's hours on d: none on a day off, and none when the
// revision states no hours.
func (r Revision) HoursOn(d Date) []Span {
	if !r.works(d) {
		return nil
	}
	for i := range r.Hours {
		if r.Hours[i].fits(d) {
			return r.Hours[i].Spans
		}
	}
	return nil
}

// noHours is the longest stretch without an office minute that is searched: longer
// than any holiday, so reaching it means that the calendar states no hours.
const noHours = 60

// NextOfficeInstant returns t itself within office hours, otherwise the next opening.
// Reminders wait for it. A revision without hours is a fault.Invalid.
func (r Revision) NextOfficeInstant(t time.Time) (time.Time, error) {
	day := Of(t)
	for range noHours {
		for _, s := range r.HoursOn(day) {
			if open := day.At(s.Start); t.Before(open) {
				return open, nil
			}
			if t.Before(day.At(s.End)) {
				return t, nil
			}
		}
		day = day.AddDays(1)
	}
	return time.Time{}, errNoHours()
}

// A limit by the hour cannot be counted without hours, and no hours are guessed.
func errNoHours() error {
	return fault.Refuse(fault.Invalid, "Lịch làm việc chưa nêu giờ làm việc nên không tính được theo giờ.")
}
