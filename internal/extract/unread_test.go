package extract

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// whens are the closed vocabulary of times: a phrase, and its day where that says it shorter.
var whens = []struct{ words, iso string }{
	{"trước ngày 25/01/2026", "2026-01-25"}, {"trong quý II/2026", "2026-06-30"}, {"chậm nhất ngày 31/3/2026", "2026-03-31"}, {"đến hết ngày 28/02/2026", "2026-02-28"},
	{"trước 16h00 ngày 20/01/2026", "2026-01-20T16:00"}, {"trong tháng 3/2026", "2026-03-31"}, {"hằng tháng", ""}, {"trước ngày 20 hằng tháng", ""}, {"định kỳ hằng quý", ""},
	{"thứ Sáu hằng tuần", ""}, {"trong 07 ngày", ""}, {"trong thời hạn 05 ngày làm việc kể từ ngày nhận được văn bản", ""}, {"trước Tết Nguyên đán", ""}, {"trong tuần này", ""},
	{"trong tuần đầu tháng 12/2026", "2026-12-07"}, {"trong tuần thứ hai của tháng 5", ""}, {"ngay sau khi kết thúc đợt kiểm tra", ""}, {"từ ngày 01/3/2026 đến ngày 30/4/2026", "2026-04-30"},
	{"trước ngày 31/02/2026", ""}, {"định kỳ 10 ngày một lần", ""}, {"vào ngày 28/5/2026", "2026-05-28"}, {"từ ngày 15/3/2026", ""}, {"trước 17 giờ hằng ngày", ""},
	{"trước 17 giờ 00, ngày 12/3/2026", "2026-03-12T17:00"}, {"trước ngày 20 của tháng cuối quý", ""}, {"trước mùa mưa bão", ""}, {"trước 16h00", ""}, {"trong 6 tháng đầu năm 2026", "2026-06-30"},
	{"trước ngày 23 tháng Chạp", ""}, {"hoàn thành trong năm 2026", "2026-12-31"}, {"trước ngày 15/4 hằng năm", ""}, {"02 lần/năm", ""}, {"trong ngày thứ Bảy 25/4", "2026-04-25"},
}

// fronts, bodies and works are what such a sentence is made of.
var (
	someLeads = []string{"Sở Y tế", "UBND các xã, phường", "Công an tỉnh", "các sở, ban, ngành"}
	someVerbs = []string{"", "giao ", "yêu cầu ", "đề nghị "}
	someWorks = []string{"rà soát thuốc dự trữ", "báo cáo kết quả kiểm tra", "lập danh sách hộ nghèo", "tổ chức tập huấn cho cán bộ", "kiểm tra các bếp ăn"}
)

// Wherever a time of the vocabulary stands in an item that gives a task, a person meets it: it is
// the deadline or the rhythm of a task, or a warning says that it is not.
func TestNoTimeIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		var used []int
		often := false
		pick := func(label string) string {
			i := rapid.IntRange(0, len(whens)-1).Draw(t, label)
			if again := strings.Contains(whens[i].words, "hằng"); again && often {
				i = 0 // two rhythms of one sentence take each other's days
			} else {
				often = often || again
			}
			used = append(used, i)
			return whens[i].words
		}
		b.WriteString("1. ")
		if rapid.Bool().Draw(t, "front") {
			front := upperFirst(pick("front time"))
			b.WriteString(front)
			if strings.Contains(front, " sau khi ") || strings.Contains(front, " kể từ ") || rapid.Bool().Draw(t, "comma") {
				b.WriteString(",") // a clause ends with a comma and nowhere else
			}
			b.WriteString(" ")
		}
		verb := rapid.SampledFrom(someVerbs).Draw(t, "verb")
		if b.Len() == len("1. ") {
			verb = upperFirst(verb)
		}
		b.WriteString(verb + rapid.SampledFrom(someLeads).Draw(t, "lead") + " ")
		for i := range rapid.IntRange(1, 3).Draw(t, "parts") {
			if i > 0 {
				b.WriteString(rapid.SampledFrom([]string{"; ", ", ", ". ", "; đồng thời giao Sở Nội vụ "}).Draw(t, "sign"))
			}
			work := rapid.SampledFrom(someWorks).Draw(t, "work")
			if strings.HasSuffix(b.String(), ". ") {
				work = upperFirst(work)
			}
			b.WriteString(work)
			if rapid.Bool().Draw(t, "timed") {
				b.WriteString(" " + pick("time"))
			}
		}
		text := paperHead + b.String() + ".\n2. Sở Tư pháp rà soát văn bản.\n"
		d := Text(text)
		for _, i := range used {
			if !met(d, whens[i].words, whens[i].iso) {
				t.Fatalf("%q is lost in %q\n%s\n%v", whens[i].words, b.String(), told(b.String()), d.Warnings)
			}
		}
	})
}

func upperFirst(s string) string {
	for i, r := range s {
		if i == 0 {
			return strings.ToUpper(string(r)) + s[len(string(r)):]
		}
	}
	return s
}

// met tells that a time stands in a deadline or a warning.
func met(d Document, words, iso string) bool {
	words = strings.ToLower(words)
	for _, p := range d.Tasks {
		if p.DeadlineText != nil && strings.Contains(strings.ToLower(*p.DeadlineText), words) {
			return true
		}
		if iso != "" && (p.Deadline != nil && *p.Deadline == iso || contains(p.OtherDeadlines, iso)) {
			return true
		}
	}
	return strings.Contains(strings.ToLower(strings.Join(d.Warnings, "\n")), words)
}

// A time in front changes nothing in who is told.
func TestFrontsTellTheSame(t *testing.T) {
	leads := func(body string) string {
		var out []string
		for _, p := range Text(paperHead + body + "\n").Tasks {
			out = append(out, strings.ToLower(strings.Join(p.Lead, " + ")))
		}
		return strings.Join(out, "\n")
	}
	rapid.Check(t, func(t *rapid.T) {
		front := rapid.SampledFrom(whens).Draw(t, "front").words
		front = strings.TrimPrefix(front, "hoàn thành ") // a verb is no time
		if strings.HasPrefix(front, "02") {
			front = whens[0].words // a number opens no sentence
		}
		rest := rapid.SampledFrom(someVerbs).Draw(t, "verb") + rapid.SampledFrom(someLeads).Draw(t, "lead") + " " + rapid.SampledFrom(someWorks).Draw(t, "work") + ".\n"
		mark := rapid.SampledFrom([]string{"1. ", "- ", "a) ", "I. TỔ CHỨC\n1. ", "1. Công an tỉnh:\n- ", ""}).Draw(t, "mark")
		if a, b := leads(mark+upperFirst(rest)), leads(mark+upperFirst(front)+", "+rest); a != b {
			t.Fatalf("%q tells %q, behind %q %q", mark+rest, a, front, b)
		}
	})
}
