package web

import (
	"bytes"
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"lienthong/internal/fault"
	"lienthong/internal/vntext"
	"lienthong/internal/web/ui"
	"lienthong/internal/workday"
)

// csvHead begins a list of days in the form of holidays.csv.
const csvHead = "date,weekday,"

// revise makes the next revision from what was typed: days one a line, or the rows of a
// CSV file, over those of the newest one.
func revise(r *http.Request, now time.Time, is workday.Revision) (rev workday.Revision, err error) {
	rev = workday.Revision{KnownFrom: now, Source: strings.Join(strings.Fields(r.PostForm.Get("source")), " "), Days: maps.Clone(is.Days), Hours: is.Hours, Week: is.Week}
	if rev.Days == nil {
		rev.Days = map[workday.Date]workday.Day{}
	}
	if vntext.IsBlank(rev.Source) {
		return rev, fault.Field("source", "Cần ghi văn bản thông báo: cơ quan, số, ngày.")
	}
	text := strings.TrimSpace(r.PostForm.Get("days"))
	if strings.HasPrefix(text, csvHead) {
		days, err := workday.ParseHolidays(bytes.NewReader([]byte(text + "\n")))
		if refused, ok := fault.Sentence(err); ok {
			return rev, fault.Field("days", "%s", refused.Say)
		}
		maps.Copy(rev.Days, days)
		return rev, err
	}
	n := 0
	for typed := range strings.Lines(text) {
		n++
		if err := reviseLine(&rev, strings.TrimSpace(typed), n); err != nil {
			return rev, err
		}
	}
	if maps.EqualFunc(rev.Days, is.Days, func(a, b workday.Day) bool { return a == b }) {
		return rev, fault.Field("days", "Chưa có ngày nào thay đổi so với lịch đang dùng.")
	}
	return rev, nil
}

// reviseLine reads "30/04/2026; nghỉ lễ; Ngày Chiến thắng".
func reviseLine(rev *workday.Revision, typed string, n int) error {
	if typed == "" {
		return nil
	}
	parts := strings.SplitN(typed, ";", 3)
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	if len(parts) < 2 {
		return fault.Field("days", "Dòng %d: cần ghi ngày; loại; tên, cách nhau bằng dấu chấm phẩy.", n)
	}
	d, err := workday.TypedDate(parts[0])
	if err != nil {
		return fault.Field("days", "Dòng %d: ngày “%.30s” không đúng; ghi ngày/tháng/năm, ví dụ 30/04/2026.", n, parts[0])
	}
	if vntext.Fold(parts[1]) == "bo" {
		delete(rev.Days, d)
		return nil
	}
	for kind, name := range dayKinds {
		if vntext.Fold(name) != vntext.Fold(parts[1]) {
			continue
		}
		if len(parts) < 3 || parts[2] == "" {
			return fault.Field("days", "Dòng %d: cần ghi tên ngày như trong thông báo.", n)
		}
		rev.Days[d] = workday.Day{Kind: kind, Name: parts[2], Source: rev.Source}
		return nil
	}
	return fault.Field("days", "Dòng %d: loại “%.30s” không có; dùng: nghỉ lễ, nghỉ bù, làm bù, bỏ.", n, parts[1])
}

// changedDays lists the days in which two revisions differ.
func changedDays(is, next workday.Revision) ui.Table {
	t := ui.Table{Caption: "Ngày thay đổi so với lịch đang dùng", Cols: []ui.Col{{Label: "Ngày"}, {Label: "Đang dùng"}, {Label: "Lịch mới"}}, Empty: "Không ngày nào thay đổi."}
	days := maps.Clone(is.Days)
	if days == nil {
		days = map[workday.Date]workday.Day{}
	}
	maps.Copy(days, next.Days)
	for _, d := range slices.SortedFunc(maps.Keys(days), workday.Date.Compare) {
		a, had := is.Days[d]
		b, has := next.Days[d]
		if had == has && a == b {
			continue
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: d.WeekdayName() + " " + d.Long()}, {Text: dayWords(a, had)}, {Text: dayWords(b, has)}})
	}
	return t
}

// dayWords says what a day is; one without a row follows its weekday.
func dayWords(d workday.Day, there bool) string {
	if !there {
		return "theo ngày trong tuần"
	}
	return cmp.Or(dayKinds[d.Kind], "ngày") + ": " + d.Name
}
