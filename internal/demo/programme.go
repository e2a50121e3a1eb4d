package demo

import (
	"fmt"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/org"
	"lienthong/internal/programme"
	"lienthong/internal/workday"
)

// A work is a thing in the weekly programme of a unit: so many days after the Monday of this
// week.
type work struct {
	unit               org.UnitID
	day                int
	from, until        string
	title, venue, task string
	with               org.UnitID
}

// Invented works of this week and the next, of departments whose petitions stand here too.
var works = []work{
	{"so-tu-phap", 1, "08:00", "10:00", "Giao ban công tác hộ tịch (ví dụ)", "Phòng họp Sở Tư pháp", "Chuẩn bị số liệu", ""},
	{"so-noi-vu", 2, "14:00", "16:00", "Rà soát hồ sơ viên chức của các xã (ví dụ)", "Sở Nội vụ", "Chủ trì", "so-tu-phap"},
	{"so-tu-phap", 8, "08:00", "11:00", "Tập huấn trích lục hộ tịch cho cấp xã (ví dụ)", "Hội trường Sở Tư pháp", "Soạn tài liệu", "so-noi-vu"},
	{"so-noi-vu", 10, "08:30", "10:30", "Họp về vị trí việc làm cấp xã (ví dụ)", "Trực tuyến", "Chủ trì", ""},
}

// programmed registers them on the working day before: who opens the demonstration finds them.
func programmed(rev workday.Revision, today workday.Date) []occasion {
	monday := today
	for monday.Weekday() != time.Monday {
		monday = monday.AddDays(-1)
	}
	at := back(rev, today, 1).At(workday.Clock(8 * 60))
	return []occasion{{at: at, m: &matter{fate: "programme"}, do: func(_ *filler, tx *db.Tx, _ *matter) error {
		for _, w := range works {
			who, err := by(tx, w.unit, org.Leader, "")
			if err != nil {
				return err
			}
			in := programme.New{Title: w.title, Place: monday.AddDays(w.day).String(), FromHour: w.from, UntilHour: w.until, Venue: w.venue, Task: w.task}
			if w.with != "" {
				in.With = []programme.Part{{Unit: w.with, Task: "Phối hợp"}}
			}
			if _, err := programme.Register(tx, who, in); err != nil {
				return fmt.Errorf("%s: %w", w.title, err)
			}
		}
		return nil
	}}}
}
