package sheet

import (
	"errors"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"lienthong/internal/vntext"
	"lienthong/internal/workday"
)

// The forms in which people write a day, over text without marks, where blanks stand for
// all that parts numbers: day first, as in Vietnam, or year first, as programs do. What
// follows a day (an hour) is let stand.
var (
	dayFirst  = regexp.MustCompile(`^(?:(?:thu \S+|chu nhat) )?(?:ngay )?(\d{1,2}) (\d{1,2}) (\d{4}|\d{2})(?: \d.*)?$`)
	yearFirst = regexp.MustCompile(`^(\d{4}) (\d{1,2}) (\d{1,2})(?:[ t]\d.*)?$`)
	inWords   = regexp.MustCompile(`^(?:.* )?(\d{1,2}) (?:thang|th) ?(\d{1,2}) (?:nam )?(\d{4})(?: .*)?$`)
	asNumber  = regexp.MustCompile(`^\d{5}(?:\.\d+)?$`)
)

var errNoDay = errors.New("not a day")

// ParseDay reads a day as offices write it: 03/08/2025, 3-8-25, 3.8.2025, 2025-08-03,
// "ngày 3 tháng 8 năm 2025", with an hour behind or without, or the number that a
// spreadsheet keeps for it. A year of two digits is of this century.
func ParseDay(s string) (workday.Date, error) {
	if asNumber.MatchString(s) { // five figures: from 1927 to 2173
		n, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return workday.Date{}, errNoDay
		}
		return dayZero.AddDays(int(math.Floor(n))), nil
	}
	s = strings.Join(vntext.Words(s), " ")
	if m := dayFirst.FindStringSubmatch(s); m != nil {
		return civil(m[3], m[2], m[1])
	}
	if m := yearFirst.FindStringSubmatch(s); m != nil {
		return civil(m[1], m[2], m[3])
	}
	if m := inWords.FindStringSubmatch(s); m != nil {
		return civil(m[3], m[2], m[1])
	}
	return workday.Date{}, errNoDay
}

// civil makes a day of its parts; one that the calendar does not have is none.
func civil(year, month, day string) (workday.Date, error) {
	var part [3]int
	for i, s := range []string{year, month, day} {
		n, err := strconv.Atoi(s)
		if err != nil {
			return workday.Date{}, errNoDay
		}
		part[i] = n
	}
	y, m, d := part[0], time.Month(part[1]), part[2]
	if len(year) == 2 {
		y += 2000
	}
	// NewDate turns 31 April into 1 May; what people wrote must come back unchanged
	is := workday.NewDate(y, m, d)
	if gy, gm, gd := is.Civil(); y < 1900 || gy != y || gm != m || gd != d {
		return workday.Date{}, errNoDay
	}
	return is, nil
}
