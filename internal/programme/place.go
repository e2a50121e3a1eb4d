package programme

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"lienthong/internal/fault"
	"lienthong/internal/workday"
)

// The grains of places, from the coarsest.
const (
	Year    = "year"
	Half    = "half" // of reviews only
	Quarter = "quarter"
	Month   = "month"
	OneWeek = "week"
	Day     = "day"
)

// A Place is where something stands in the year: its grain, first and last day. A day's
// place may last several days.
type Place struct {
	Grain string
	From  workday.Date
	Until workday.Date
}

var placeForm = regexp.MustCompile(`^(\d{4})(?:-(?:Q([1-4])|W(\d{1,2})|H([12])|(\d{2})(?:-(\d{2})(?:/(\d{4}-\d{2}-\d{2}))?)?))?$`)

// ParsePlace reads a place as addresses and data write it: "2026", "2026-Q2", "2026-05",
// "2026-W21" (the week by ISO 8601, from Monday), "2026-05-18", "2026-05-18/2026-05-20",
// "2026-H1". Errors are fault.Invalid.
func ParsePlace(s string) (p Place, err error) {
	bad := fault.Refuse(fault.Invalid, "Thời gian %.40q chưa đúng: viết như 2026, 2026-Q2, 2026-05, 2026-W21 hoặc 18/05/2026.", s)
	m := placeForm.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return p, bad
	}
	year, _ := strconv.Atoi(m[1])
	n := func(i int) int { v, _ := strconv.Atoi(m[i]); return v }
	if year < 2000 || year > 2200 {
		return p, bad
	}
	switch {
	case m[2] != "":
		return PlaceOf(Quarter, workday.NewDate(year, time.Month(n(2)*3), 1)), nil
	case m[3] != "":
		p = PlaceOf(OneWeek, weekOne(year).AddDays(7*(n(3)-1)))
		if y, w := isoWeek(p.From); n(3) < 1 || y != year || w != n(3) {
			return Place{}, bad
		}
		return p, nil
	case m[4] != "":
		return PlaceOf(Half, workday.NewDate(year, time.Month(n(4)*6), 1)), nil
	case m[6] != "":
		return daysOf(m[0], bad)
	case m[5] != "":
		if n(5) < 1 || n(5) > 12 {
			return p, bad
		}
		return PlaceOf(Month, workday.NewDate(year, time.Month(n(5)), 1)), nil
	}
	return PlaceOf(Year, workday.NewDate(year, time.January, 1)), nil
}

// mostDays is how long a thing that is placed by days may last: longer is a month's.
const mostDays = 62

func daysOf(s string, bad error) (p Place, err error) {
	first, last, several := strings.Cut(s, "/")
	if !several {
		last = first
	}
	p = Place{Grain: Day}
	if p.From, err = workday.ParseDate(first); err != nil {
		return Place{}, bad
	}
	if p.Until, err = workday.ParseDate(last); err != nil || p.Until.Before(p.From) || p.Until.Sub(p.From) > mostDays {
		return Place{}, bad
	}
	return p, nil
}

// PlaceOf returns the place of a grain in which a day lies.
func PlaceOf(grain string, day workday.Date) Place {
	y, m, _ := day.Civil()
	span := func(first time.Month, months int) Place {
		from := workday.NewDate(y, first, 1)
		return Place{grain, from, from.AddMonths(months).AddDays(-1)}
	}
	switch grain {
	case Year:
		return span(time.January, 12)
	case Half:
		return span((m-1)/6*6+1, 6)
	case Quarter:
		return span((m-1)/3*3+1, 3)
	case Month:
		return span(m, 1)
	case OneWeek:
		from := day.AddDays(-((int(day.Weekday()) + 6) % 7))
		return Place{grain, from, from.AddDays(6)}
	}
	return Place{Day, day, day}
}

// weekOne is the Monday of a year's first week by ISO 8601: that of 4 January.
func weekOne(year int) workday.Date {
	return PlaceOf(OneWeek, workday.NewDate(year, time.January, 4)).From
}

// isoWeek numbers the week that begins on a Monday.
func isoWeek(monday workday.Date) (year, week int) {
	year = monday.AddDays(3).Year() // the week belongs to the year of its Thursday
	return year, monday.Sub(weekOne(year))/7 + 1
}

// String writes the place so that ParsePlace reads the same one.
func (p Place) String() string {
	y, m, _ := p.From.Civil()
	switch p.Grain {
	case Year:
		return strconv.Itoa(y)
	case Half:
		return fmt.Sprintf("%d-H%d", y, (int(m)-1)/6+1)
	case Quarter:
		return fmt.Sprintf("%d-Q%d", y, (int(m)-1)/3+1)
	case Month:
		return fmt.Sprintf("%d-%02d", y, int(m))
	case OneWeek:
		year, week := isoWeek(p.From)
		return fmt.Sprintf("%d-W%02d", year, week)
	}
	if p.Until == p.From {
		return p.From.String()
	}
	return p.From.String() + "/" + p.Until.String()
}

// Say names the place as the office does: "quý II năm 2026", "tuần 21 (18/05 – 24/05/2026)".
func (p Place) Say() string {
	y, m, _ := p.From.Civil()
	switch p.Grain {
	case Year:
		return fmt.Sprintf("năm %d", y)
	case Half:
		return [2]string{"6 tháng đầu năm ", "6 tháng cuối năm "}[(int(m)-1)/6] + strconv.Itoa(y)
	case Quarter:
		return "quý " + [4]string{"I", "II", "III", "IV"}[(int(m)-1)/3] + fmt.Sprintf(" năm %d", y)
	case Month:
		return fmt.Sprintf("tháng %02d/%d", int(m), y)
	case OneWeek:
		_, week := isoWeek(p.From)
		return fmt.Sprintf("tuần %d (%s – %s)", week, p.From.Short(), p.Until.Long())
	}
	if p.Until == p.From {
		return p.From.WeekdayName() + " " + p.From.Long()
	}
	return p.From.Long() + " – " + p.Until.Long()
}

// Next and Back are the places of the same grain behind and before.
func (p Place) Next() Place { return PlaceOf(p.Grain, p.Until.AddDays(1)) }

// Back is the place of the same grain before this one.
func (p Place) Back() Place { return PlaceOf(p.Grain, p.From.AddDays(-1)) }

// Holds says whether a place lies inside this one.
func (p Place) Holds(q Place) bool { return !q.From.Before(p.From) && !q.Until.After(p.Until) }

// narrower says whether a thing in p may be put at q without leaving its place. A week over
// the turn of a month belongs to each month in which it has a day.
func (p Place) narrower(q Place) bool {
	if p.Grain != Day && p.Grain != OneWeek && q.Grain == OneWeek {
		return !q.Until.Before(p.From) && !q.From.After(p.Until)
	}
	return p.Holds(q)
}
