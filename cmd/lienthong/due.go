package main

import (
	"encoding/json"
	"errors"
	"time"

	"lienthong/data"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/workday"
)

// dueCmd reckons one due instant and prints it day by day.
type dueCmd struct {
	From     string `required:"" help:"Lúc nhận việc, giờ Việt Nam: 2026-02-10T09:00." placeholder:"LÚC"`
	Limit    string `required:"" help:"Thời hạn: 7wd (ngày làm việc), 8wh (giờ làm việc), 15d (ngày)." placeholder:"HẠN"`
	Calendar string `help:"Mã lịch làm việc trong cơ sở dữ liệu; bỏ trống là lịch của tỉnh." placeholder:"ID"`
	JSON     bool   `name:"json" help:"In dạng JSON."`
}

// Run prints the last day in time, the first instant that is late and the reckoning.
func (c *dueCmd) Run(a *app) error {
	from, err := instant(c.From)
	if err != nil {
		return err
	}
	limit, err := workday.ParseLimit(c.Limit)
	if err != nil {
		return err
	}
	// works without an office, so that anybody can check a date with the program alone
	rev, err := c.revision(a)
	if err != nil {
		return err
	}
	due, err := workday.Reckon(rev, from, limit, nil, nil)
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(a.out).Encode(due)
	}
	printDue(a, from, limit, due)
	return nil
}

// revision is the calendar to reckon on: the store's where the command line names one,
// else the calendar that the program ships.
func (c *dueCmd) revision(a *app) (rev workday.Revision, err error) {
	if !a.given() && c.Calendar == "" {
		return shippedRevision()
	}
	err = a.view(func(tx *db.Tx) error {
		if c.Calendar == "" {
			_, rev, err = duty.Calendar(tx)
			return err
		}
		rev, err = duty.RevisionOf(tx, c.Calendar)
		if errors.Is(err, fault.NotFound) {
			return fault.Field("--calendar", "Không có lịch làm việc nào mang mã %q.", c.Calendar)
		}
		return err
	})
	return rev, err
}

// shippedRevision is the calendar of the shipped tables, as revision 1 of a new office has it.
func shippedRevision() (rev workday.Revision, err error) {
	defer fault.Wrap(&err, "shipped calendar")
	days, err := data.Files.Open("holidays.csv")
	if err != nil {
		return rev, err
	}
	defer days.Close()
	hours, err := data.Files.Open("office_hours.csv")
	if err != nil {
		return rev, err
	}
	defer hours.Close()
	rev.N = 1
	if rev.Days, err = workday.ParseHolidays(days); err != nil {
		return rev, err
	}
	rev.Hours, err = workday.ParseHours(hours)
	return rev, err
}

// instant reads a moment typed at the command line: local time of the office unless
// it says its own offset.
func instant(s string) (time.Time, error) {
	// what names its own offset is taken at its word
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, nil
	}
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02"} {
		if t, err := time.ParseInLocation(layout, s, workday.Office); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fault.Field("--from", "Không đọc được thời điểm %q; hãy ghi như 2026-02-10T09:00.", s)
}

// printDue writes the answer first and then how it came about, day by day.
func printDue(a *app, from time.Time, limit workday.Limit, due workday.Due) {
	a.printf("Nhận %s, thời hạn %s.\n", from.In(workday.Office).Format("15:04 02/01/2006"), limit.Words())
	switch {
	case due.IsZero():
		a.printf("Không nêu hạn.\n")
	case due.On.IsZero():
		a.printf("Hạn: trước %s.\n", due.At.In(workday.Office).Format("15:04 02/01/2006"))
	default:
		a.printf("Hạn: hết ngày %s (%s).\n", due.On.Long(), due.On.WeekdayName())
	}
	for _, s := range due.Reckoning {
		mark := "     "
		if s.Counted {
			mark = "tính "
		}
		a.printf("  %s  %s%3d  %s\n", s.Date.Long(), mark, s.N, s.Why)
	}
	for _, n := range due.Notes {
		a.printf("  %s\n", n)
	}
	// the days off of a year are announced late in the year before: a date beyond them
	// is a promise with a condition
	for _, y := range due.Uncovered {
		a.printf("  Lịch nghỉ năm %d chưa được công bố: ngày trên có thể thay đổi.\n", y)
	}
}
