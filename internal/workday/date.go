// Package workday reckons due instants (hạn) on office calendars.
//
// It is pure: no clock, no database, no time-zone files. A Calendar is a series of
// Revisions, each known from an instant; a Limit (thời hạn) is counted from the instant
// a matter was received and gives a Due: the first instant that is late, together with
// every day between, counted or not and why (cách tính hạn).
//
//	received --count days that close with the clock running--> On (last day in time) | At (late)
//
// Which limit holds is not known here: it is a rule of a regulation, with its clause.
package workday

import (
	"database/sql/driver"
	"fmt"
	"time"

	"lienthong/internal/fault"
)

// Office is the one time zone of the offices, Asia/Ho_Chi_Minh. It is fixed at +07:00,
// without daylight saving, so that no machine's zone files can move a due date.
var Office = time.FixedZone("+07", officeOffset)

const (
	officeOffset = 7 * 60 * 60
	secondsADay  = 24 * 60 * 60
	// unixDay is 1970-01-01 counted from 0001-01-01 = 1, which was a Monday.
	unixDay = 719163
)

// A Date (ngày) is a plain day of the office, without an hour. The zero Date means
// "no day"; it prints as "". Dates compare with == and are map keys.
type Date struct{ n int32 }

// Of returns the office's day on which t falls, whatever zone t carries. Between
// midnight and seven in the morning in Việt Nam that is not the day of UTC.
func Of(t time.Time) Date {
	if t.IsZero() {
		return Date{}
	}
	s := t.Unix() + officeOffset
	day := s / secondsADay
	if s%secondsADay < 0 {
		day--
	}
	return Date{int32(day + unixDay)}
}

// NewDate returns the day year-month-day; values outside their range carry over as
// time.Date does.
func NewDate(year int, month time.Month, day int) Date {
	return Date{int32(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix()/secondsADay + unixDay)}
}

// ParseDate reads "2006-01-02". The years 1900 to 2999 are taken; anything else is a
// fault.Invalid.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1900 || t.Year() > 2999 {
		return Date{}, fault.Refuse(fault.Invalid, "Ngày %q không đúng: cần viết năm-tháng-ngày, ví dụ 2026-02-26.", s)
	}
	return NewDate(t.Date()), nil
}

// MustDate is ParseDate for dates written in tests and tables; it panics.
func MustDate(s string) Date {
	d, err := ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// IsZero tells whether d is no day at all.
func (d Date) IsZero() bool { return d.n == 0 }

// AddDays moves n calendar days, back when n is negative.
func (d Date) AddDays(n int) Date { return Date{d.n + int32(n)} }

// AddMonths moves n months and keeps the day of the month where the month has it,
// otherwise takes the month's last day: 31/01 and one month is 28/02.
func (d Date) AddMonths(n int) Date {
	y, m, day := d.utc().Date()
	last := lastOfMonth(y, m+time.Month(n))
	return NewDate(y, m+time.Month(n), min(day, last))
}

// Sub counts the calendar days from e to d; negative when d is earlier.
func (d Date) Sub(e Date) int { return int(d.n - e.n) }

// Before tells whether d is an earlier day than e.
func (d Date) Before(e Date) bool { return d.n < e.n }

// After tells whether d is a later day than e.
func (d Date) After(e Date) bool { return d.n > e.n }

// Compare orders dates: -1, 0 or +1.
func (d Date) Compare(e Date) int {
	switch {
	case d.n < e.n:
		return -1
	case d.n > e.n:
		return 1
	}
	return 0
}

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return time.Weekday(d.n % 7) }

// Year returns the year of d.
func (d Date) Year() int { return d.utc().Year() }

// Civil returns year, month and day of the month.
func (d Date) Civil() (int, time.Month, int) { return d.utc().Date() }

// Midnight returns the instant at which d begins, at +07:00.
func (d Date) Midnight() time.Time { return time.Unix(d.seconds(), 0).In(Office) }

// At returns the instant of d at the given time of day.
func (d Date) At(c Clock) time.Time { return time.Unix(d.seconds()+int64(c)*60, 0).In(Office) }

// String returns "2006-01-02", or "" for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.utc().Format(time.DateOnly)
}

// Short returns the day as screens write it, "26/02".
func (d Date) Short() string { return d.utc().Format("02/01") }

// Long returns the day with its year, "26/02/2026".
func (d Date) Long() string { return d.utc().Format("02/01/2006") }

// WeekdayName returns "thứ Hai" … "thứ Bảy", "Chủ nhật".
func (d Date) WeekdayName() string { return weekdayNames[d.Weekday()] }

// MarshalText writes "2006-01-02", so that JSON holds a day and not a number.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote; "" is the zero Date.
func (d *Date) UnmarshalText(b []byte) (err error) {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	*d, err = ParseDate(string(b))
	return err
}

// Value stores the day as text, the zero Date as NULL.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.String(), nil
}

// Scan reads a TEXT column of either database; NULL and "" are the zero Date.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = Date{}
		return nil
	case string:
		return d.UnmarshalText([]byte(v))
	case []byte:
		return d.UnmarshalText(v)
	}
	return fmt.Errorf("scan %T into a date", src)
}

// The seconds of a day's midnight in the office, without time zones: the office has had one offset for
// decades.
func (d Date) seconds() int64 { return int64(d.n-unixDay)*secondsADay - officeOffset }

// A day at midnight UTC, for arithmetic.
func (d Date) utc() time.Time { return time.Unix(int64(d.n-unixDay)*secondsADay, 0).UTC() }

// Day 0 of the next month is the last of this one.
func lastOfMonth(year int, month time.Month) int {
	return time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

var weekdayNames = [7]string{"Chủ nhật", "thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy"}

// weekdayCodes are the short names of tables and holidays.csv.
var weekdayCodes = [7]string{"CN", "T2", "T3", "T4", "T5", "T6", "T7"}
