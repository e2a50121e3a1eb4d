package workday

import (
	"strconv"
	"time"
)

// A Tone is how loudly a due date is shown: never red for what is not late.
type Tone string

// The tones. A screen says them in words too, never by colour alone.
const (
	Calm Tone = "calm"
	Soon Tone = "soon"
	Late Tone = "late"
)

// soonDays is a matter of colour, not of law: from so many working days left a date is
// shown as near. When somebody is reminded is a setting of its own.
const soonDays = 2

// Left is how a due instant stands at one moment.
type Left struct {
	Days  int  // working days after today up to the last day; when Late, those gone by since
	Today bool // the last day is today
	Late  bool // now is at or past the due instant
}

// Remaining counts the working days left, or over, at now. For a Due without an instant
// it is the zero Left.
func Remaining(rev Revision, now time.Time, due Due) Left {
	if due.At.IsZero() {
		return Left{}
	}
	today, last := Of(now), due.Last()
	if due.LateAt(now) {
		return Left{Days: WorkingDaysBetween(rev, last, today), Today: today == last, Late: true}
	}
	return Left{Days: WorkingDaysBetween(rev, today, last), Today: today == last}
}

// Say puts a due date the way people say it, with its tone:
//
//	còn 2 ngày làm việc, hết thứ Năm 26/02     hôm nay, trước 16:00     hết hôm nay
//	quá 1 ngày làm việc     không nêu hạn     đang tạm dừng, còn 4 ngày làm việc
//
// The year is said when it is not the year of now.
func Say(now time.Time, due Due, rev Revision) (string, Tone) {
	switch {
	case due.Paused:
		return "đang tạm dừng" + leftWords(due), Calm
	case due.At.IsZero():
		return "không nêu hạn", Calm
	}
	left := Remaining(rev, now, due)
	if left.Late {
		return sayLate(now, due, left), Late
	}
	if left.Today {
		if due.On.IsZero() {
			return "hôm nay, trước " + hour(due.At), Soon
		}
		return "hết hôm nay", Soon
	}
	end := "hết " + dayWords(now, due.Last())
	if due.On.IsZero() {
		end = "trước " + hour(due.At) + " " + dayWords(now, due.Last())
	}
	tone := Calm
	if left.Days <= soonDays {
		tone = Soon
	}
	if left.Days == 0 { // only days off lie between
		return end, tone
	}
	return "còn " + strconv.Itoa(left.Days) + " ngày làm việc, " + end, tone
}

// How late, in words: by days of work when there are any, by the hour on the day itself.
func sayLate(now time.Time, due Due, left Left) string {
	if left.Days > 0 {
		return "quá " + strconv.Itoa(left.Days) + " ngày làm việc"
	}
	if left.Today {
		return "quá hạn từ " + hour(due.At) + " hôm nay"
	}
	return "quá hạn từ hết " + dayWords(now, due.Last())
}

// How much is left, in words; days of work are named as such, since "còn 3 ngày" over a holiday is more.
func leftWords(due Due) string {
	switch {
	case due.LeftDays > 0:
		words := " ngày"
		if due.Unit == WorkingDays {
			words = " ngày làm việc"
		}
		return ", còn " + strconv.Itoa(due.LeftDays) + words
	case due.LeftTime > 0:
		hours := ""
		if due.Unit == WorkingHours {
			hours = " làm việc"
		}
		h, m := int(due.LeftTime/time.Hour), int(due.LeftTime/time.Minute)%60
		if m == 0 {
			return ", còn " + strconv.Itoa(h) + " giờ" + hours
		}
		return ", còn " + strconv.Itoa(h) + " giờ " + strconv.Itoa(m) + " phút" + hours
	}
	return ""
}

// An hour in the office's time.
func hour(t time.Time) string { return t.In(Office).Format("15:04") }

// dayWords says "thứ Năm 26/02", with the year when it is another than now's.
func dayWords(now time.Time, d Date) string {
	if Of(now).Year() == d.Year() {
		return d.WeekdayName() + " " + d.Short()
	}
	return d.WeekdayName() + " " + d.Long()
}
