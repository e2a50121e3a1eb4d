package extract

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

const letter = `UBND TỈNH PHÚ THỌ            CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
SỞ NỘI VỤ                          Độc lập - Tự do - Hạnh phúc
Số: 15/SNV-TCBC                    Phú Thọ, ngày 10 tháng 9 năm 2025
V/v thử nghiệm

Kính gửi: UBND các xã, phường.

Sở Nội vụ đề nghị UBND các xã, phường:
1. Rà soát biên chế, báo cáo trước ngày 30/9/2025.
1. Phòng Tổ chức cán bộ tổng hợp trong quý IV/2025.
`

// The spans of a proposal are the runes of the text it came from, also behind marks that
// are typed as two characters and behind invisible ones.
func TestSpansPointIntoTheText(t *testing.T) {
	for _, text := range []string{letter, strings.ReplaceAll(letter, "ờ", "ơ\u0300"), "\ufeff" + strings.ReplaceAll(letter, "Rà soát", "**Rà\u00a0soát**")} {
		d := Text(text)
		if len(d.Tasks) != 2 {
			t.Fatalf("%d tasks: %+v", len(d.Tasks), d.Tasks)
		}
		runes := []rune(text)
		at := func(s *Span) string { return string(runes[s[0]:s[1]]) }
		if got := at(&d.Tasks[0].Span); !strings.HasPrefix(strings.Trim(got, "*"), "R") || !strings.Contains(got, "30/9/2025") {
			t.Errorf("the span of the first task is %q", got)
		}
		if got := at(d.Tasks[0].DeadlineSpan); got != "trước ngày 30/9/2025" && !strings.HasSuffix(got, "30/9/2025") {
			t.Errorf("the span of the deadline is %q", got)
		}
		if got := at(d.Tasks[1].LeadSpan); !strings.HasPrefix(got, "Ph") || !strings.HasSuffix(got, "bộ") {
			t.Errorf("the span of the lead is %q", got)
		}
	}
}

// Numbering errors stay as printed, and a request is told from an order.
func TestAsPrinted(t *testing.T) {
	d := Text(letter)
	if d.Tasks[0].Clause != "1" || d.Tasks[1].Clause != "1" {
		t.Errorf("clauses %s, %s", d.Tasks[0].Clause, d.Tasks[1].Clause)
	}
	if !d.Tasks[0].Request || d.Tasks[1].Request {
		t.Errorf("requests %v, %v", d.Tasks[0].Request, d.Tasks[1].Request)
	}
	if len(d.Tasks[0].Why) == 0 {
		t.Error("a proposal without a reason")
	}
}

// A text without tasks says so; nothing is invented.
func TestNothingIsInvented(t *testing.T) {
	for _, text := range []string{"", " \n\f\n", "Kính gửi: Sở Y tế.\n\nUBND tỉnh đã nhận được báo cáo của Sở Y tế. Xin cảm ơn.", "|||\n|-|", strings.Repeat("a) ", 50)} {
		d := Text(text)
		if len(d.Tasks) != 0 || len(d.Warnings) == 0 {
			t.Errorf("%q: %+v", text, d)
		}
	}
}

func TestWarnings(t *testing.T) {
	d := Text(strings.Replace(letter, "30/9/2025", "30/8/2025", 1))
	if !strings.Contains(strings.Join(d.Warnings, "\n"), "trước ngày của văn bản") {
		t.Errorf("no warning of a deadline before the document: %v", d.Warnings)
	}
}

func TestTimes(t *testing.T) {
	day := time.Date(2025, 8, 10, 0, 0, 0, 0, time.UTC)
	for text, want := range map[string]string{
		"báo cáo trước ngày 15/8/2025":                               "2025-08-15",
		"gửi trước 16h00\" ngày 04 tháng 9 năm 2025":                 "2025-09-04T16:00",
		"xong trước 17 giờ 30 phút ngày 20/8/2025":                   "2025-08-20T17:30",
		"hoàn thành trước ngày 20/8/2025 lúc 9h":                     "2025-08-20T09:00",
		"chậm nhất đến ngày 01 tháng 7 năm 2028":                     "2028-07-01",
		"hoàn thành trong tháng 9/2025":                              "2025-09-30",
		"trình trong quý III năm 2025":                               "2025-09-30",
		"trình trong quý III, IV/2025":                               "2025-12-31",
		"hoàn thành trong năm 2026":                                  "2026-12-31",
		"đến hết ngày 31/10/2025":                                    "2025-10-31",
		"trước ngày 20 tháng 9":                                      "2025-09-20",
		"trước thứ Sáu, ngày 15/8/2025":                              "2025-08-15",
		"xong trước ngày Quốc khánh 02/9/2025":                       "2025-09-02",
		"báo cáo trước ngày 30/6 hằng năm":                           "yearly on 06-30",
		"tổng hợp trước ngày 20 hằng tháng":                          "monthly on 20",
		"hàng năm tổ chức tập huấn":                                  "yearly",
		"theo Công văn số 12/UBND-TH ngày 01/9/2025 của UBND tỉnh":   "",
		"các dự án được giao đất trước ngày 01/7/2024":               "",
		"có hiệu lực kể từ ngày 01/9/2025":                           "",
		"Quy hoạch đến năm 2030, tầm nhìn đến năm 2050":              "",
		"trước ngày 31/02/2026":                                      "",
		"trong vòng 05 ngày làm việc kể từ ngày nhận được kiến nghị": "words",
	} {
		m, ok := choose(times(tokens(text), day, false))
		got := ""
		switch {
		case ok && m.words:
			got = "words"
		case ok:
			got = m.text(m.recurrence == "")
		}
		if got != want {
			t.Errorf("%s: %q, not %q", text, got, want)
		}
	}
}

func TestBodies(t *testing.T) {
	for text, want := range map[string]string{
		"Sở Nông nghiệp và Môi trường chủ trì":                                     "Sở Nông nghiệp và Môi trường",
		"các Sở: Tài chính, Nội vụ và Y tế phối hợp":                               "Sở Tài chính|Sở Nội vụ|Sở Y tế",
		"Các Bộ: Văn hóa, Thể thao và Du lịch, Y tế":                               "Bộ Văn hóa, Thể thao và Du lịch|Bộ Y tế",
		"các sở, ban, ngành, đoàn thể tỉnh và UBND các xã, phường chịu":            "các sở, ban, ngành, đoàn thể tỉnh|UBND các xã, phường",
		"Thủ trưởng các sở, ban, ngành; Chủ tịch UBND các xã":                      "Thủ trưởng các sở, ban, ngành|Chủ tịch UBND các xã",
		"Ủy ban nhân dân các tỉnh, thành phố trực thuộc Trung ương rà soát":        "Ủy ban nhân dân các tỉnh, thành phố trực thuộc Trung ương",
		"Bộ Chỉ huy Quân sự tỉnh/Ban Chỉ huy Bộ đội Biên phòng tỉnh":               "Bộ Chỉ huy Quân sự tỉnh|Ban Chỉ huy Bộ đội Biên phòng tỉnh",
		"Ban Quản lý dự án đầu tư xây dựng công trình giao thông tỉnh khẩn trương": "Ban Quản lý dự án đầu tư xây dựng công trình giao thông tỉnh",
		"các đoàn thể chính trị - xã hội vận động hội viên":                        "các đoàn thể chính trị - xã hội",
		"các tổ chức đoàn thể tuyên truyền":                                        "các tổ chức đoàn thể",
		"Trưởng các xóm phối hợp":                                                  "Trưởng các xóm",
		"Hiệu trưởng các trường đặt điểm thi rà soát":                              "Hiệu trưởng các trường đặt điểm thi",
		"Chi cục An toàn vệ sinh thực phẩm bố trí":                                 "Chi cục An toàn vệ sinh thực phẩm",
		"Trung tâm Kiểm nghiệm Thuốc, Mỹ phẩm, Thực phẩm ưu tiên kiểm nghiệm":      "Trung tâm Kiểm nghiệm Thuốc, Mỹ phẩm, Thực phẩm",
		"báo cáo kết quả":            "",
		"Tổ chức hội nghị":           "",
		"bảo hiểm xã hội, việc làm":  "",
		"Trường hợp vượt thẩm quyền": "",
	} {
		tk := tokens(text)
		list, _ := bodiesAt(tk, 0)
		if got := strings.Join(names(mapped{s: text}, tk, list), "|"); got != want {
			t.Errorf("%s: %q, not %q", text, got, want)
		}
	}
}

func TestMarkers(t *testing.T) {
	for text, want := range map[string]string{
		"1. Sở": "1", "1) Sở": "1", "1.2. Rà": "1.2", "1.2 Rà": "1.2", "4.1) Rà": "4.1", "a) b": "a", "đ) b": "đ", "II. X": "II", "Điều 3. X": "Điều 3",
		"- x": "-", "+ x": "+", "(ii) x": "(ii)", "16.000 đồng": "", "14h00 ngày": "", "15.7.2025 x": "", "4 Thông tư": "", "Điều 4 Luật": "",
	} {
		if got := markerOf(text).label; got != want {
			t.Errorf("%q: %q, not %q", text, got, want)
		}
	}
}

// Whatever the text, reading ends, spans lie inside it and clauses are not empty.
func TestAnyText(t *testing.T) {
	pieces := []string{"Giao ", "Sở Y tế", " chủ trì", ", phối hợp với ", "UBND các xã, phường", ".", ";", ":", "\n", "- ", "1. ", "a) ", "II. ", "trước ngày ", "30/9/2025", "hằng năm", "Điều 1. ", "| ", " |", "Kính gửi: ", "Nơi nhận:", "./.", "PHỤ LỤC", "TT", "\f", "   ", "QUYẾT ĐỊNH", "Số: 1/UBND", "ngày 10 tháng 9 năm 2025", "các cơ quan, đơn vị", "hoàn thành", "trong quý ", "III", "(", ")", "Chủ tịch ", "thực hiện các nhiệm vụ sau", "e\u0301", "\u200b"}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 60).Draw(t, "pieces"), "")
		sound(t, text, Text(text))
	})
}

type failer interface{ Fatalf(string, ...any) }

func sound(t failer, text string, d Document) {
	n := utf8.RuneCountInString(text)
	for _, p := range d.Tasks {
		spans := []*Span{&p.Span, p.LeadSpan, p.DeadlineSpan}
		for _, s := range spans {
			if s != nil && (s[0] < 0 || s[1] < s[0] || s[1] > n) {
				t.Fatalf("span %v of %d runes: %+v", *s, n, p)
			}
		}
		if p.Clause == "" || p.Content == "" || len(p.Lead) == 0 || len(p.Why) == 0 {
			t.Fatalf("an empty proposal: %+v", p)
		}
	}
}

func FuzzText(f *testing.F) {
	files, _ := filepath.Glob("testdata/directives/*.txt")
	for _, name := range files {
		if b, err := os.ReadFile(name); err == nil {
			f.Add(string(b))
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ToValidUTF8(text, "?")
		sound(t, text, Text(text))
	})
}

// Time grows with the text, not faster: the worst texts that are known.
func TestLinear(t *testing.T) {
	for name, unit := range map[string]string{
		"brackets": "Sở Y tế (", "bodies": "Sở Y tế, ", "coordination": "phối hợp với Sở Y tế; ", "dashes": "- Giao Sở Y tế rà soát\n", "nested": "1. a\n- b:\n+ c\n",
		"numbers": "1/1/1/", "colons": "Về việc: ", "rows": "| 1 | a b c | Sở Y tế |\n", "days": "ngày 1/1 hằng năm ", "commas": "các sở, ban, ", "one paragraph": "Giao Sở Y tế rà soát; ",
	} {
		small := took(strings.Repeat(unit, 1<<17/len(unit)))
		large := took(strings.Repeat(unit, 1<<20/len(unit)))
		t.Logf("%s: 128 KB in %v, 1 MB in %v", name, small, large)
		if large > 40*small && large > 2*time.Second {
			t.Errorf("%s: 128 KB in %v, 1 MB in %v", name, small, large)
		}
	}
}

func took(text string) time.Duration {
	start := time.Now()
	Text(text)
	return time.Since(start)
}

// Thirty pages in 200 ms, 50 documents a second on two cores are wanted.
func BenchmarkDirective(b *testing.B) {
	text, err := os.ReadFile("testdata/directives/23-chi-thi-giam-doc-doi-voi.txt")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Text(string(text))
	}
}

func BenchmarkThirtyPages(b *testing.B) {
	text, err := os.ReadFile("testdata/directives/09-quyet-dinh-ubnd-tinh.txt")
	if err != nil {
		b.Fatal(err)
	}
	long := strings.Repeat(string(text), 100_000/len(text)+1) // a page is some 3 kB
	b.SetBytes(int64(len(long)))
	for b.Loop() {
		Text(long)
	}
}

// A second day in one sentence is never lost: it stands beside the first, which binds.
func TestSecondDayIsShown(t *testing.T) {
	d := Text(strings.Replace(letter, "báo cáo trước ngày 30/9/2025.", "gửi danh sách trước ngày 20/9/2025; báo cáo trước 16h00 ngày 30/9/2025.", 1))
	if len(d.Tasks) != 2 {
		t.Fatalf("%d tasks", len(d.Tasks))
	}
	p := d.Tasks[0]
	if *p.Deadline != "2025-09-20" || len(p.OtherDeadlines) != 1 || p.OtherDeadlines[0] != "2025-09-30T16:00" || !strings.Contains(strings.Join(p.Warnings, "\n"), "tách nếu") {
		t.Errorf("%s, others %v, warnings %v", *p.Deadline, p.OtherDeadlines, p.Warnings)
	}
	if len(d.Tasks[1].OtherDeadlines) != 0 {
		t.Errorf("others %v where one day stands", d.Tasks[1].OtherDeadlines)
	}
}

// What closes a paper: a call to report on all of it is no task, a day for "the work
// above" dates the whole section.
func TestClosings(t *testing.T) {
	head := letter[:strings.Index(letter, "Sở Nội vụ đề nghị")]
	d := Text(head + `Sở Nội vụ yêu cầu:
I. VIỆC TRƯỚC MẮT
1. Công an tỉnh tuần tra các tuyến đường.
2. Sở Y tế chuẩn bị thuốc.
Các công việc trên hoàn thành trước ngày 15/9/2025.
II. VIỆC LÂU DÀI
1. Sở Xây dựng kiểm tra cầu cống.
Yêu cầu các cơ quan, địa phương nghiêm túc thực hiện, báo cáo kết quả về Sở Nội vụ trước ngày 31/12/2025./.
`)
	if len(d.Tasks) != 3 {
		t.Fatalf("%d tasks: %+v", len(d.Tasks), d.Tasks)
	}
	for i, want := range []string{"2025-09-15", "2025-09-15", ""} {
		got := ""
		if d.Tasks[i].Deadline != nil {
			got = *d.Tasks[i].Deadline
		}
		if got != want {
			t.Errorf("task %d: %q, not %q", i, got, want)
		}
	}
}

// Thirty pages in 200 ms and fifty documents a second on two cores, the best of some runs:
// other work on the machine counts little, a reader that grew ten times slower does. The
// race detector costs up to ten times.
func TestSpeed(t *testing.T) {
	slow := time.Duration(1)
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "-race" && s.Value == "true" {
				slow = 10
			}
		}
	}
	files, err := filepath.Glob("testdata/directives*/*.txt")
	if err != nil || len(files) < 50 {
		t.Fatalf("%d documents, %v", len(files), err)
	}
	var all []string
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, string(b))
	}
	text, err := os.ReadFile("testdata/directives/09-quyet-dinh-ubnd-tinh.txt")
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat(string(text), 100_000/len(text)+1)
	thirty, every := time.Hour, time.Hour
	for range 5 {
		thirty = min(thirty, took(long))
		start := time.Now()
		for _, s := range all {
			Text(s)
		}
		every = min(every, time.Since(start)/time.Duration(len(all)))
	}
	t.Logf("thirty pages %v, a document %v: %d a second on one core", thirty, every, time.Second/every)
	// the margin is the ratio of what is wanted to what is measured when nothing else runs: six and more
	if thirty > 200*time.Millisecond*slow {
		t.Errorf("thirty pages take %v", thirty)
	}
	if every > 40*time.Millisecond*slow {
		t.Errorf("a document takes %v: fewer than fifty a second on two cores", every)
	}
}
