package workday

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"lienthong/data"
)

// shipped is the calendar that the project ships, with its default hours.
func shipped(t testing.TB) Revision {
	t.Helper()
	f, err := data.Files.Open("holidays.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	days, err := ParseHolidays(f)
	if err != nil {
		t.Fatal(err)
	}
	h, err := data.Files.Open("office_hours.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	hours, err := ParseHours(h)
	if err != nil {
		t.Fatal(err)
	}
	return Revision{N: 1, Days: days, Hours: hours}
}

// at reads "2026-02-10 09:00" in the office's time.
func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, Office)
	if err != nil {
		panic(err)
	}
	return t
}

func limit(t testing.TB, s string) Limit {
	t.Helper()
	l, err := ParseLimit(s)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestReckon(t *testing.T) {
	cal := shipped(t)
	tests := []struct {
		name, from, limit string
		on, late          string // on empty: an hour ends it
	}{
		{"seven working days across Tết", "2026-02-10 09:00", "7wd", "2026-02-26", "2026-02-27 00:00"},
		{"the day of receipt does not count", "2026-03-02 09:00", "1wd", "2026-03-03", "2026-03-04 00:00"},
		{"received just before midnight is still that day", "2026-03-02 23:59", "1wd", "2026-03-03", "2026-03-04 00:00"},
		{"the day of receipt counts when the rule says so", "2026-03-02 09:00", "1wd,first", "2026-03-02", "2026-03-03 00:00"},
		{"a day off is no first day", "2026-03-01 09:00", "1wd,first", "2026-03-02", "2026-03-03 00:00"},
		{"weekend is skipped", "2026-03-06 09:00", "1wd", "2026-03-09", "2026-03-10 00:00"},
		{"make-up Saturday 10/01 counts", "2026-01-09 09:00", "1wd", "2026-01-10", "2026-01-11 00:00"},
		{"the Friday swapped for it does not", "2025-12-31 09:00", "1wd", "2026-01-05", "2026-01-06 00:00"},
		{"make-up Saturday 22/08 counts", "2026-08-21 09:00", "1wd", "2026-08-22", "2026-08-23 00:00"},
		{"National Day with its swapped Monday", "2026-08-28 09:00", "1wd", "2026-09-03", "2026-09-04 00:00"},
		{"24/11 is off from 2026", "2026-11-23 09:00", "1wd", "2026-11-25", "2026-11-26 00:00"},
		{"24/11 was a working day in 2025", "2025-11-21 09:00", "2wd", "2025-11-25", "2025-11-26 00:00"},
		{"a Sunday holiday gives the Monday", "2026-04-24 09:00", "1wd", "2026-04-28", "2026-04-29 00:00"},
		{"across the year's end", "2026-12-30 09:00", "2wd", "2027-01-04", "2027-01-05 00:00"},
		{"same day", "2026-03-02 09:00", "0wd", "2026-03-02", "2026-03-03 00:00"},
		{"same day, received on Sunday", "2026-03-01 09:00", "0wd", "2026-03-02", "2026-03-03 00:00"},
		{"after 15:00 is the next working day", "2026-03-06 15:01", "0wd,cutoff=15:00", "2026-03-09", "2026-03-10 00:00"},
		{"at 15:00 it is still this day", "2026-03-06 15:00", "0wd,cutoff=15:00", "2026-03-06", "2026-03-07 00:00"},
		{"plain days never roll", "2026-02-05 09:00", "10d", "2026-02-15", "2026-02-16 00:00"},
		{"plain days roll over Tết when told", "2026-02-05 09:00", "10d,roll", "2026-02-23", "2026-02-24 00:00"},
		{"plain days roll back when told", "2026-02-05 09:00", "10d,rollback", "2026-02-13", "2026-02-14 00:00"},
		{"a month keeps the day", "2026-01-15 09:00", "1mo", "2026-02-15", "2026-02-16 00:00"},
		{"a month from the 31st ends on the 28th", "2026-01-31 09:00", "1mo", "2026-02-28", "2026-03-01 00:00"},
		{"trước: the day reached is late", "2026-03-02 09:00", "3wd,before", "2026-03-04", "2026-03-05 00:00"},
		{"trước 16:00 of the second working day", "2026-03-02 09:00", "2wd,by=16:00", "", "2026-03-04 16:00"},
		{"three working days before the session", "2026-03-12 14:00", "3wd,back", "2026-03-09", "2026-03-10 00:00"},
		{"back over a weekend", "2026-03-10 14:00", "3wd,back", "2026-03-05", "2026-03-06 00:00"},
		{"back, trước", "2026-03-12 14:00", "3wd,back,before", "2026-03-08", "2026-03-09 00:00"},
		{"eight working hours", "2026-02-10 09:00", "8wh", "", "2026-02-11 09:30"},
		{"working hours skip noon", "2026-02-10 11:00", "1wh", "", "2026-02-10 14:00"},
		{"working hours end with the morning", "2026-02-10 10:30", "1wh", "", "2026-02-10 11:30"},
		{"working hours received in the evening", "2026-02-13 18:00", "1wh", "", "2026-02-23 08:30"},
		{"working hours back", "2026-02-23 08:30", "2wh,back", "", "2026-02-13 16:00"},
		{"seventy-two hours", "2026-02-13 16:20", "72h", "", "2026-02-16 16:20"},
		{"an instant is never rolled", "2025-08-03 08:00", "2026-02-16T16:00", "", "2026-02-16 16:00"},
		{"the end of a day", "2025-08-03 08:00", "2026-02-26", "2026-02-26", "2026-02-27 00:00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := limit(t, tt.limit)
			due, err := Reckon(cal, at(tt.from), l, nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			if due.On.String() != tt.on || !due.At.Equal(at(tt.late)) {
				t.Errorf("Reckon(%s, %s) = on %q, late at %s; want on %q, late at %s", tt.from, tt.limit, due.On, due.At, tt.on, tt.late)
			}
			on, late, err := DueOnly(cal, at(tt.from), l)
			if err != nil || on != due.On || !late.Equal(due.At) {
				t.Errorf("DueOnly = %s, %s, %v, want what Reckon says: %s, %s", on, late, err, due.On, due.At)
			}
		})
	}
	if on, _, _ := DueOnly(Revision{}, at("2026-02-10 09:00"), limit(t, "7wd")); on != MustDate("2026-02-19") {
		t.Errorf("on the bare calendar due on %s, want 2026-02-19", on)
	}
}

func TestReckoningSaysWhy(t *testing.T) {
	due, err := Reckon(shipped(t), at("2026-02-10 09:00"), limit(t, "7wd"), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if due.Receipt.Why != "ngày nhận, không tính" || due.Receipt.Date != MustDate("2026-02-10") {
		t.Errorf("receipt = %+v", due.Receipt)
	}
	if len(due.Reckoning) != 16 {
		t.Fatalf("%d days explained, want 16", len(due.Reckoning))
	}
	want := map[int]Step{
		0:  {Date: MustDate("2026-02-11"), Counted: true, N: 1, Why: "ngày làm việc"},
		3:  {Date: MustDate("2026-02-14"), Why: "thứ Bảy"},
		6:  {Date: MustDate("2026-02-17"), Why: "nghỉ Tết Nguyên đán Bính Ngọ (mùng 1)"},
		15: {Date: MustDate("2026-02-26"), Counted: true, N: 7, Why: "ngày làm việc"},
	}
	for i, w := range want {
		if due.Reckoning[i] != w {
			t.Errorf("step %d = %+v, want %+v", i, due.Reckoning[i], w)
		}
	}
	b, err := json.Marshal(due)
	if err != nil {
		t.Fatal(err)
	}
	start := `{"due_on":"2026-02-26","due_at":"2026-02-27T00:00:00+07:00"`
	step := `"reckoning":[{"date":"2026-02-11","counted":true,"n":1,"why":"ngày làm việc"},`
	if !strings.HasPrefix(string(b), start) || !strings.Contains(string(b), step) {
		t.Errorf("JSON = %s", b)
	}
	var back Due
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	if again, _ := json.Marshal(back); string(again) != string(b) {
		t.Errorf("read back as %s", again)
	}
}

func TestReasons(t *testing.T) {
	cal := shipped(t)
	for day, want := range map[string]string{
		"2026-01-10": "làm bù cho thứ Sáu 02/01/2026",
		"2026-01-02": "nghỉ hoán đổi với thứ Bảy 10/01/2026",
		"2026-03-01": "Chủ nhật",
		"2026-09-01": "nghỉ Quốc khánh (ngày liền kề) (chưa có bản lưu nguồn)",
		"2026-11-24": "nghỉ Ngày Văn hóa Việt Nam",
	} {
		if _, why := cal.Working(MustDate(day)); why != want {
			t.Errorf("%s: %q, want %q", day, why, want)
		}
	}
}

func TestPauses(t *testing.T) {
	cal := shipped(t)
	p := func(from, to string) Pause {
		pause := Pause{From: at(from), Why: "chờ bổ sung hồ sơ"}
		if to != "" {
			pause.To = at(to)
		}
		return pause
	}
	anew := p("2026-03-04 10:00", "2026-03-10 09:00")
	anew.Anew = true
	lateAnew := p("2026-03-10 00:00", "2026-03-12 09:00")
	lateAnew.Anew = true
	tests := []struct {
		name, limit string
		pauses      []Pause
		late        string
	}{
		{"none", "5wd", nil, "2026-03-10 00:00"},
		{"from Wednesday to Monday: three days given back", "5wd", []Pause{p("2026-03-04 10:00", "2026-03-09 09:00")}, "2026-03-13 00:00"},
		{"within one day: nothing", "5wd", []Pause{p("2026-03-04 10:00", "2026-03-04 16:00")}, "2026-03-10 00:00"},
		{"over a weekend: Friday is given back", "5wd", []Pause{p("2026-03-06 16:00", "2026-03-09 09:00")}, "2026-03-11 00:00"},
		{"on the last day", "5wd", []Pause{p("2026-03-09 16:00", "2026-03-11 09:00")}, "2026-03-12 00:00"},
		{"twice", "5wd", []Pause{p("2026-03-09 16:00", "2026-03-10 09:00"), p("2026-03-03 10:00", "2026-03-04 09:00")}, "2026-03-12 00:00"},
		{"overlapping count once", "5wd", []Pause{p("2026-03-03 10:00", "2026-03-05 09:00"), p("2026-03-03 11:00", "2026-03-04 09:00")}, "2026-03-12 00:00"},
		{"after the end nothing moves", "5wd", []Pause{p("2026-03-10 08:00", "2026-03-20 09:00")}, "2026-03-10 00:00"},
		{"anew: five days from resumption", "5wd", []Pause{anew}, "2026-03-18 00:00"},
		{"anew after the end starts nothing", "5wd", []Pause{lateAnew}, "2026-03-10 00:00"},
		{"hours: two office hours given back", "8wh", []Pause{p("2026-03-02 10:00", "2026-03-02 14:00")}, "2026-03-03 11:30"},
		{"hours: a night gives nothing back", "8wh", []Pause{p("2026-03-02 17:00", "2026-03-03 07:30")}, "2026-03-03 09:30"},
		{"clock hours", "24h", []Pause{p("2026-03-02 10:00", "2026-03-02 14:00")}, "2026-03-03 13:00"},
		{"an instant stays", "2026-03-06T16:00", []Pause{p("2026-03-03 10:00", "2026-03-05 14:00")}, "2026-03-06 16:00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			due, err := Reckon(cal, at("2026-03-02 09:00"), limit(t, tt.limit), tt.pauses, nil)
			if err != nil || !due.At.Equal(at(tt.late)) {
				t.Errorf("late at %s (%v), want %s", due.At, err, tt.late)
			}
		})
	}
	due, err := Reckon(cal, at("2026-03-02 09:00"), limit(t, "5wd"), []Pause{p("2026-03-04 10:00", "")}, nil)
	if err != nil || !due.Paused || due.LeftDays != 4 || !due.At.IsZero() {
		t.Errorf("open pause: %+v, %v; want paused with 4 days left", due, err)
	}
	if say, tone := Say(at("2026-03-20 09:00"), due, cal); say != "đang tạm dừng, còn 4 ngày làm việc" || tone != Calm {
		t.Errorf("Say = %q, %s", say, tone)
	}
	if _, err := Reckon(cal, at("2026-03-02 09:00"), limit(t, "5wd"), []Pause{p("2026-03-05 10:00", "2026-03-04 10:00")}, nil); err == nil {
		t.Error("a pause that ends before it begins was taken")
	}
}

func TestExtensions(t *testing.T) {
	cal := shipped(t)
	for _, tt := range []struct {
		name, limit string
		by          []string
		late        string // empty: refused
	}{
		{"by working days", "5wd", []string{"2wd"}, "2026-03-12 00:00"},
		{"twice", "5wd", []string{"2wd", "3d"}, "2026-03-15 00:00"},
		{"until an hour", "5wd", []string{"2026-03-11T16:00"}, "2026-03-11 16:00"},
		{"of hours by a day", "8wh", []string{"1wd"}, "2026-03-05 00:00"},
		{"of an instant", "2026-03-06T16:00", []string{"2wh"}, "2026-03-09 08:30"},
		{"rolls at its own end", "5d,roll", []string{"7d"}, "2026-03-17 00:00"},
		{"until before the due instant", "5wd", []string{"2026-03-09T16:00"}, ""},
		{"of what has no limit", "none", []string{"1wd"}, ""},
		{"by nothing", "5wd", []string{"0wd"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var all []Extension
			for _, s := range tt.by {
				all = append(all, Extension{Limit: limit(t, s), Why: "Chủ tịch đồng ý"})
			}
			due, err := Reckon(cal, at("2026-03-02 09:00"), limit(t, tt.limit), nil, all)
			if tt.late == "" {
				if err == nil {
					t.Errorf("taken: %s", due.At)
				}
				return
			}
			if err != nil || !due.At.Equal(at(tt.late)) {
				t.Errorf("late at %s (%v), want %s", due.At, err, tt.late)
			}
		})
	}
}

func TestUncoveredYearIsPointedOut(t *testing.T) {
	due, err := Reckon(shipped(t), at("2027-12-30 09:00"), limit(t, "5wd"), nil, nil)
	if err != nil || len(due.Uncovered) != 1 || due.Uncovered[0] != 2028 {
		t.Errorf("uncovered = %v, %v; want 2028", due.Uncovered, err)
	}
}

func TestHoursWithoutHoursAreRefused(t *testing.T) {
	if _, err := Reckon(Revision{}, at("2026-03-02 09:00"), limit(t, "8wh"), nil, nil); err == nil {
		t.Error("working hours were counted on a calendar that states none")
	}
}

func BenchmarkDueOnly(b *testing.B) {
	cal, from, l := shipped(b), at("2026-02-10 09:00"), limit(b, "7wd")
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := DueOnly(cal, from, l); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReckon(b *testing.B) {
	cal, from, l := shipped(b), at("2026-02-10 09:00"), limit(b, "7wd")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Reckon(cal, from, l, nil, nil); err != nil {
			b.Fatal(err)
		}
	}
}
