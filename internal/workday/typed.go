package workday

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"lienthong/internal/fault"
)

// spoken is a day as officers write it: the day first, with or without marks between.
var spoken = regexp.MustCompile(`^(\d{1,2})\s*[/.\- ]\s*(\d{1,2})\s*[/.\- ]\s*(\d{4}|\d{2})$|^(\d{2})(\d{2})(\d{4})$`)

// TypedDate reads a day as a person types it: 05/03/2026, 5-3-2026, 5.3.26, 05032026 -
// always the day before the month - or 2026-03-05. A year of two digits is of this
// century. Anything else is a fault.Invalid.
func TypedDate(s string) (Date, error) {
	s = strings.TrimSpace(s)
	wrong := fault.Refuse(fault.Invalid, "Ngày “%.20s” không đúng; ghi ngày/tháng/năm, ví dụ 05/03/2026.", s)
	m := spoken.FindStringSubmatch(s)
	if m == nil {
		d, err := ParseDate(s)
		if err != nil {
			return d, wrong
		}
		return d, nil
	}
	if m[1] == "" {
		m = m[3:]
	}
	day, _ := strconv.Atoi(m[1]) // digits by the expression
	month, _ := strconv.Atoi(m[2])
	year, _ := strconv.Atoi(m[3])
	if year < 100 {
		year += 2000
	}
	d := NewDate(year, time.Month(month), day)
	if y, m, on := d.Civil(); y != year || int(m) != month || on != day || year < 1900 || year > 2999 {
		return Date{}, wrong
	}
	return d, nil
}
