package workday

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"lienthong/internal/fault"
)

var holidayColumns = []string{"date", "weekday", "name_vi", "kind", "source", "status", "note"}

// ParseHolidays reads the rows of holidays.csv: date, weekday, name_vi, kind, source,
// status, note. Rows that may not be used (see Status) are kept, for showing. The first
// bad line is refused by its number, with a fault.Invalid, and nothing is returned.
func ParseHolidays(r io.Reader) (map[Date]Day, error) {
	days := make(map[Date]Day)
	err := eachRow(r, holidayColumns, func(line int, row []string) error {
		d, day, err := parseHoliday(row)
		if err != nil {
			return atLine(line, err.Error())
		}
		if _, twice := days[d]; twice {
			return atLine(line, "ngày "+d.Long()+" đã có ở dòng trước")
		}
		days[d] = day
		return nil
	})
	if err != nil {
		return nil, err
	}
	return days, nil
}

// A row of the list of days off. The weekday is written too and must fit: a day typed wrongly is found by
// it.
func parseHoliday(row []string) (Date, Day, error) {
	d, err := ParseDate(row[0])
	if err != nil {
		return d, Day{}, errors.New("ngày " + row[0] + " không đúng dạng năm-tháng-ngày")
	}
	day := Day{Kind: Kind(row[3]), Name: row[2], Source: row[4], Status: Status(row[5]), Note: row[6]}
	if code := weekdayCodes[d.Weekday()]; row[1] != code {
		return d, day, errors.New("ngày " + d.Long() + " là " + code + ", không phải " + row[1])
	}
	if !slices.Contains([]Kind{Holiday, Compensatory, Makeup}, day.Kind) {
		return d, day, errors.New("loại ngày " + row[3] + " không có trong danh mục")
	}
	if !slices.Contains([]Status{ByRule, Sourced, Known, Projected, Unverified}, day.Status) {
		return d, day, errors.New("mức tin cậy " + row[5] + " không có trong danh mục")
	}
	if day.Name == "" {
		return d, day, errors.New("thiếu tên ngày")
	}
	return d, day, nil
}

var hoursColumns = []string{"weekdays", "since", "until", "spans", "source", "note"}

// ParseHours reads office hours: weekdays ("T2 T3", empty for all), since and until
// (empty: open), spans ("07:30-11:30,13:30-17:00"), source (empty: unsourced), note.
func ParseHours(r io.Reader) (all []Hours, err error) {
	err = eachRow(r, hoursColumns, func(line int, row []string) error {
		h := Hours{Source: row[4]}
		if h.Weekdays, err = parseWeekdays(row[0]); err != nil {
			return atLine(line, err.Error())
		}
		if err := errors.Join(h.Since.UnmarshalText([]byte(row[1])), h.Until.UnmarshalText([]byte(row[2]))); err != nil {
			return atLine(line, err.Error())
		}
		if h.Spans, err = ParseSpans(row[3]); err != nil {
			return atLine(line, err.Error())
		}
		all = append(all, h)
		return nil
	})
	return all, err
}

// Weekdays by their codes.
func parseWeekdays(s string) (days []time.Weekday, err error) {
	for _, code := range strings.Fields(s) {
		i := slices.Index(weekdayCodes[:], code)
		if i < 0 {
			return nil, errors.New("thứ " + code + " không có (dùng T2 … T7, CN)")
		}
		days = append(days, time.Weekday(i))
	}
	return days, nil
}

// eachRow checks the heading and calls row for each line after it.
func eachRow(r io.Reader, columns []string, row func(line int, fields []string) error) error {
	in := csv.NewReader(r)
	in.FieldsPerRecord = len(columns)
	head, err := in.Read()
	if err != nil || !slices.Equal(head, columns) {
		return atLine(1, "dòng tiêu đề không đúng")
	}
	for {
		fields, err := in.Read()
		if err == io.EOF {
			return nil
		}
		line, _ := in.FieldPos(0)
		if err != nil {
			var bad *csv.ParseError
			if errors.As(err, &bad) {
				line = bad.Line
			}
			return atLine(line, "không đọc được dòng này (thiếu hoặc thừa cột)")
		}
		if err := row(line, fields); err != nil {
			return err
		}
	}
}

// A mistake with its line.
func atLine(line int, say string) error {
	return fault.Refuse(fault.Invalid, "Dòng %d: %s.", line, say)
}
