package workday

import (
	"errors"
	"strings"
	"testing"
	"time"

	"lienthong/internal/fault"
)

func TestSay(t *testing.T) {
	cal := shipped(t)
	for _, tt := range []struct {
		name, now, limit, want string
		tone                   Tone
	}{
		{"on receipt", "2026-02-10 09:00", "7wd", "còn 7 ngày làm việc, hết thứ Năm 26/02", Calm},
		{"two days left", "2026-02-24 09:12", "7wd", "còn 2 ngày làm việc, hết thứ Năm 26/02", Soon},
		{"last day", "2026-02-26 23:59", "7wd", "hết hôm nay", Soon},
		{"one day over, from midnight", "2026-02-27 00:00", "7wd", "quá 1 ngày làm việc", Late},
		{"two days over", "2026-03-02 09:00", "7wd", "quá 2 ngày làm việc", Late},
		{"an hour today", "2026-02-11 08:00", "8wh", "hôm nay, trước 09:30", Soon},
		{"an hour today, gone by", "2026-02-11 10:00", "8wh", "quá hạn từ 09:30 hôm nay", Late},
		{"an hour tomorrow", "2026-02-10 09:00", "8wh", "còn 1 ngày làm việc, trước 09:30 thứ Tư 11/02", Soon},
		{"only days off between", "2026-02-14 09:00", "10d", "hết thứ Sáu 20/02", Soon},
		{"gone by on a day off", "2026-02-21 09:00", "10d", "quá hạn từ hết thứ Sáu 20/02", Late},
		{"in another year", "2026-02-10 09:00", "2027-01-04", "còn 222 ngày làm việc, hết thứ Hai 04/01/2027", Calm},
		{"no limit", "2026-02-10 09:00", "none", "không nêu hạn", Calm},
	} {
		t.Run(tt.name, func(t *testing.T) {
			due, err := Reckon(cal, at("2026-02-10 09:00"), limit(t, tt.limit), nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			if got, tone := Say(at(tt.now), due, cal); got != tt.want || tone != tt.tone {
				t.Errorf("Say = %q, %s; want %q, %s", got, tone, tt.want, tt.tone)
			}
		})
	}
}

func TestLimitWords(t *testing.T) {
	for s, want := range map[string]string{
		"7wd": "7 ngày làm việc", "8wh": "8 giờ làm việc", "15d": "15 ngày", "72h": "72 giờ", "3mo": "3 tháng",
		"0wd": "trong ngày", "none": "không nêu hạn", "2026-02-26": "hết ngày 26/02/2026",
		"2026-02-26T16:00": "trước 16:00 ngày 26/02/2026",
		"3wd,back":         "3 ngày làm việc trước sự kiện",
	} {
		if got := limit(t, s).Words(); got != want {
			t.Errorf("%s: %q, want %q", s, got, want)
		}
	}
}

func TestParseLimitRefuses(t *testing.T) {
	for _, s := range []string{
		"", "7", "wd", "-1wd", "+7wd", "7 wd", "7wd,", "7wd,soon", "10000wd", "99999999999999999999wd", "0wh", "8wh,roll",
		"none,roll", "2026-02-30", "2026-02-26T16:00,before", "2026-02-26 16:00", "7wd,by=25:00", "7wd,back,cutoff=15:00",
		"0001-01-01", "٧wd",
	} {
		if l, err := ParseLimit(s); !errors.Is(err, fault.Invalid) {
			t.Errorf("ParseLimit(%q) = %+v, %v; want fault.Invalid", s, l, err)
		}
	}
}

func FuzzParseLimit(f *testing.F) {
	for _, s := range []string{"7wd", "8wh", "15d,roll", "2026-02-26T16:00", "2026-02-26", "2wd,by=16:00,first", "0wd,cutoff=15:00", "none",
		"2026-02-26T16:00:05.5+09:00", "3wd,back,before", "3mo,rollback"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		l, err := ParseLimit(s)
		if err != nil {
			return
		}
		again, err := ParseLimit(l.String())
		if err != nil || again != l {
			t.Fatalf("%q: %+v writes %q, reads %+v, %v", s, l, l.String(), again, err)
		}
		if _, _, err := DueOnly(Revision{Hours: []Hours{{Spans: wholeDay}}}, at("2026-02-10 09:00"), l); err != nil {
			t.Fatalf("%q cannot be counted: %v", s, err)
		}
	})
}

func TestRecurrence(t *testing.T) {
	cal := shipped(t)
	for _, tt := range []struct{ rule, after, late, words string }{
		{"weekly T6,by=12:00", "2026-03-02 09:00", "2026-03-06 12:00", "hằng tuần, trước 12:00 thứ Sáu"},
		{"weekly T6,by=12:00", "2026-03-06 12:00", "2026-03-13 12:00", "hằng tuần, trước 12:00 thứ Sáu"},
		{"weekly T6,rollback,by=12:00", "2026-02-09 09:00", "2026-02-13 12:00", ""},
		{"weekly T6,rollback,by=12:00", "2026-02-15 09:00", "2026-02-27 12:00", ""}, // 20/02 in Tết was owed on 13/02
		{"monthly 25", "2026-01-26 00:00", "2026-02-26 00:00", "hằng tháng, hết ngày 25"},
		{"monthly 31", "2026-02-10 09:00", "2026-03-01 00:00", "hằng tháng, hết ngày 31"},
		{"monthly last", "2026-02-10 09:00", "2026-03-01 00:00", "hằng tháng, hết ngày cuối tháng"},
		{"monthly 15,roll", "2026-02-10 09:00", "2026-02-24 00:00", ""},
		{"quarterly 3-14", "2026-02-10 09:00", "2026-03-15 00:00", "hằng quý, hết ngày 14 tháng thứ 3 của kỳ"},
		{"halfyear 6-14", "2026-06-15 00:00", "2026-12-15 00:00", ""},
		{"yearly 12-5,before", "2026-02-10 09:00", "2026-12-05 00:00", "hằng năm, trước ngày 05/12"},
		{"yearly 12-5,before", "2026-12-05 00:00", "2027-12-05 00:00", ""},
		{"yearly 2-29", "2026-03-10 09:00", "2027-03-01 00:00", ""},
		{"daily", "2026-02-13 09:00", "2026-02-14 00:00", "mỗi ngày làm việc"},
		{"daily,by=16:00", "2026-02-13 16:00", "2026-02-23 16:00", "mỗi ngày làm việc, trước 16:00"},
	} {
		r, err := ParseRecurrence(tt.rule)
		if err != nil {
			t.Errorf("%s: %v", tt.rule, err)
			continue
		}
		if again, err := ParseRecurrence(r.String()); err != nil || again != r {
			t.Errorf("%s writes %q, reads %+v, %v", tt.rule, r, again, err)
		}
		if tt.words != "" && r.Words() != tt.words {
			t.Errorf("%s: words %q, want %q", tt.rule, r.Words(), tt.words)
		}
		due, err := r.Next(cal, at(tt.after))
		if err != nil || !due.At.Equal(at(tt.late)) {
			t.Errorf("%s after %s: %s, %v; want %s", tt.rule, tt.after, due.At, err, tt.late)
		}
	}
	for _, s := range []string{"", "weekly", "weekly T8", "monthly 0", "monthly 32", "quarterly 4-1", "yearly 13-1", "hourly", "daily 3", "monthly 3,back"} {
		if _, err := ParseRecurrence(s); !errors.Is(err, fault.Invalid) {
			t.Errorf("ParseRecurrence(%q): %v, want fault.Invalid", s, err)
		}
	}
}

func TestCalendarAtKnowsOnlyWhatWasKnown(t *testing.T) {
	first := Revision{N: 1}
	second := Revision{N: 2, KnownFrom: at("2026-03-10 08:00"), Days: map[Date]Day{MustDate("2026-03-12"): {Kind: Holiday, Name: "Nghỉ đột xuất"}}}
	cal := Calendar{ID: "tinh", Revisions: []Revision{second, first}}
	if n := cal.At(at("2026-03-10 07:59")).N; n != 1 {
		t.Errorf("before the notice revision %d, want 1", n)
	}
	if n := cal.At(at("2026-03-10 08:00")).N; n != 2 || cal.Latest().N != 2 {
		t.Errorf("at the notice revision %d, want 2", n)
	}
	if days := Changed(first, second); len(days) != 1 || days[0] != MustDate("2026-03-12") {
		t.Errorf("Changed = %v", days)
	}
}

func TestProjectedDaysAreNotUsed(t *testing.T) {
	rev := Revision{Days: map[Date]Day{MustDate("2028-01-03"): {Kind: Holiday, Status: Projected}}}
	if ok, _ := rev.Working(MustDate("2028-01-03")); !ok || rev.Covers(2028) {
		t.Error("a projected holiday was used")
	}
}

func TestParseHolidaysNamesTheLine(t *testing.T) {
	head := "date,weekday,name_vi,kind,source,status,note\n2026-01-01,T5,Tết Dương lịch,holiday,,rule,\n"
	for row, want := range map[string]string{
		"2026-01-02,T5,A,holiday,,rule,":   "Dòng 3: ngày 02/01/2026 là T6, không phải T5",
		"2026-13-02,T5,A,holiday,,rule,":   "Dòng 3: ngày 2026-13-02",
		"2026-01-01,T5,A,holiday,,rule,":   "Dòng 3: ngày 01/01/2026 đã có",
		"2026-01-02,T6,A,day-off,,rule,":   "Dòng 3: loại ngày day-off",
		"2026-01-02,T6,A,holiday,,maybe,":  "Dòng 3: mức tin cậy maybe",
		"2026-01-02,T6,A,holiday,,rule":    "Dòng 3: không đọc được",
		"2026-01-02,T6,,holiday,,rule,":    "Dòng 3: thiếu tên ngày",
		"2026-01-02,T6,\"A,holiday,,rule,": "Dòng 3: không đọc được",
	} {
		if _, err := ParseHolidays(strings.NewReader(head + row)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v, want %s", row, err, want)
		}
	}
}

func TestNextOfficeInstant(t *testing.T) {
	cal := shipped(t)
	for now, want := range map[string]string{
		"2026-02-10 09:00": "2026-02-10 09:00", "2026-02-10 11:30": "2026-02-10 13:30",
		"2026-02-10 05:00": "2026-02-10 07:30", "2026-02-13 17:00": "2026-02-23 07:30",
	} {
		if got, err := cal.NextOfficeInstant(at(now)); err != nil || !got.Equal(at(want)) {
			t.Errorf("after %s: %s, %v; want %s", now, got, err, want)
		}
	}
	if _, err := (Revision{}).NextOfficeInstant(time.Now()); !errors.Is(err, fault.Invalid) {
		t.Errorf("without hours: %v, want fault.Invalid", err)
	}
}

func TestDate(t *testing.T) {
	if d := Of(time.Date(2026, 2, 9, 17, 30, 0, 0, time.UTC)); d != MustDate("2026-02-10") {
		t.Errorf("17:30 UTC is %s, want 2026-02-10", d)
	}
	d := MustDate("2024-02-29")
	if d.Weekday() != time.Thursday || d.AddMonths(12) != MustDate("2025-02-28") || d.Midnight().Format(time.RFC3339) != "2024-02-29T00:00:00+07:00" {
		t.Errorf("%s: %s, %s, %s", d, d.Weekday(), d.AddMonths(12), d.Midnight())
	}
	var back Date
	if v, _ := d.Value(); back.Scan(v) != nil || back != d {
		t.Errorf("stored %v, read %s", v, back)
	}
	if back.Scan(nil) != nil || !back.IsZero() || back.String() != "" {
		t.Errorf("NULL read as %s", back)
	}
}
