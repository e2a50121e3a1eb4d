package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"lienthong/internal/fault"
	"lienthong/internal/workday"
)

func rowsOf(all ...[]any) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for _, r := range all {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func written(t *testing.T, s Sheet) *bytes.Buffer {
	t.Helper()
	var b bytes.Buffer
	if _, err := Write(&b, s); err != nil {
		t.Fatal(err)
	}
	return &b
}

func TestParseDay(t *testing.T) {
	tests := []struct{ in, want string }{
		{"03/08/2025", "2025-08-03"}, {"3/8/2025", "2025-08-03"}, {"3-8-25", "2025-08-03"}, {"3.8.2025", "2025-08-03"},
		{"2025-08-03", "2025-08-03"}, {"2025-08-03T09:30:00+07:00", "2025-08-03"}, {"03/08/2025 14:20", "2025-08-03"},
		{"ngày 3 tháng 8 năm 2025", "2025-08-03"}, {"Ngày 03 tháng 8 năm 2025", "2025-08-03"}, {"Phú Thọ, ngày 03 tháng 8 năm 2025", "2025-08-03"},
		{"45872", "2025-08-03"}, {"45872.375", "2025-08-03"}, {"Chủ nhật, ngày 3/8/2025", "2025-08-03"}, {"29/02/2024", "2024-02-29"},
		{"29/02/2025", ""}, {"31/04/2025", ""}, {"08/13/2025", ""}, {"hôm qua", ""}, {"12", ""}, {"37/STP", ""}, {"03/08/0025", ""},
	}
	for _, tt := range tests {
		got, err := ParseDay(tt.in)
		if (err != nil) != (tt.want == "") || got.String() != tt.want {
			t.Errorf("ParseDay(%q) = %s, %v; want %q", tt.in, got, err, tt.want)
		}
	}
}

// Whatever day is written comes back, in each form.
func TestDaysComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := workday.NewDate(2000, time.January, 1).AddDays(rapid.IntRange(0, 30_000).Draw(t, "n"))
		y, m, day := d.Civil()
		for _, s := range []string{d.Long(), d.String(), fmt.Sprint(serial(d)), fmt.Sprintf("ngày %d tháng %d năm %d", day, m, y), fmt.Sprintf("%d.%d.%d", day, m, y)} {
			if got, err := ParseDay(s); err != nil || got != d {
				t.Fatalf("ParseDay(%q) = %s, %v; want %s", s, got, err, d)
			}
		}
	})
}

func TestWriteAndRead(t *testing.T) {
	at := time.Date(2026, 2, 26, 17, 30, 0, 0, workday.Office)
	b := written(t, Sheet{Name: "Kiến nghị", Title: []string{"DANH SÁCH KIẾN NGHỊ", "Tỉnh Phú Thọ"},
		Columns: []Column{{Title: "Mã"}, {Title: "Trích yếu", Width: 60}, {Title: "Số ngày", Kind: Number}, {Title: "Hạn", Kind: Day}, {Title: "Nêu lúc", Kind: Moment}},
		Rows:    rowsOf([]any{"KN-1", "Đường ẵm ỹ Đức", 7, workday.MustDate("2026-02-26"), at}, []any{"KN-2", "=HYPERLINK(\"http://x\")", int64(0), workday.Date{}, time.Time{}}),
		Source:  "Số liệu tính đến 09:00 ngày 24/02/2026"})
	f, err := excelize.OpenReader(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := f.GetCellValue("Kiến nghị", "D5"); got != "26/02/2026" {
		t.Errorf("the day shows as %q", got)
	}
	if got, _ := f.GetCellValue("Kiến nghị", "E5"); got != "26/02/2026 17:30" {
		t.Errorf("the instant shows as %q", got)
	}
	if layout, err := f.GetPageLayout("Kiến nghị"); err != nil || *layout.Orientation != "landscape" || *layout.Size != paperA4 {
		t.Errorf("page = %+v, %v", layout, err)
	}
	if panes, err := f.GetPanes("Kiến nghị"); err != nil || !panes.Freeze || panes.YSplit != 4 {
		t.Errorf("panes = %+v, %v", panes, err)
	}
	rows, err := Read(b)
	if err != nil {
		t.Fatal(err)
	}
	below, col, err := Columns(rows, []Wanted{{"code", []string{"ma"}, true}, {"title", []string{"TRÍCH YẾU", "Nội dung"}, true}, {"due", []string{"Hạn"}, true}, {"to", []string{"Nơi nhận"}, false}})
	if err != nil || len(below) != 3 || below[0].Cell(col["code"]) != "KN-1" || below[0].Cell(col["title"]) != "Đường ẵm ỹ Đức" || below[0].Line != 5 {
		t.Fatalf("read %v, %v, %v", below, col, err)
	}
	if d, err := below[0].Day(col["due"]); err != nil || d != workday.MustDate("2026-02-26") {
		t.Errorf("due %s, %v", d, err)
	}
	if d, err := below[1].Day(col["due"]); err != nil || !d.IsZero() {
		t.Errorf("an empty day reads %s, %v", d, err)
	}
	if _, ok := col["to"]; ok {
		t.Error("a column that is missing was found")
	}
}

// What looks like a formula is text, and stays what it was.
func TestFormulasAreText(t *testing.T) {
	for _, s := range []string{"=1+1", "+84 912", "-5", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0"} {
		b := written(t, Sheet{Name: "x", Columns: []Column{{Title: "a"}}, Rows: rowsOf([]any{s})})
		f, err := excelize.OpenReader(b)
		if err != nil {
			t.Fatal(err)
		}
		if formula, err := f.GetCellFormula("x", "A2"); err != nil || formula != "" {
			t.Errorf("%q became the formula %q, %v", s, formula, err)
		}
		if kind, err := f.GetCellType("x", "A2"); err != nil || kind != excelize.CellTypeInlineString {
			t.Errorf("%q is of the type %v, %v", s, kind, err)
		}
		if got, _ := f.GetCellValue("x", "A2"); strings.TrimSpace(got) != strings.TrimSpace(s) {
			t.Errorf("%q came back as %q", s, got)
		}
	}
}

func TestMergedCellsAndTextDates(t *testing.T) {
	f := excelize.NewFile()
	for cell, v := range map[string]any{"A1": "SỔ VĂN BẢN ĐẾN", "A3": "Cơ quan", "B3": "Số, ký hiệu", "C3": "Ngày",
		"A4": "UBND xã Hạ Hòa", "B4": "12/UBND-VP", "C4": "3-8-25", "B5": "13/UBND-VP", "C5": "ngày 4 tháng 8 năm 2025", "A6": "UBND xã B", "B6": "1/UBND", "C6": "chưa rõ"} {
		if err := f.SetCellValue("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(f.MergeCell("Sheet1", "A1", "C1"), f.MergeCell("Sheet1", "A4", "A5")); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	rows, err := Read(&b)
	if err != nil {
		t.Fatal(err)
	}
	below, col, err := Columns(rows, []Wanted{{"unit", []string{"Cơ quan"}, true}, {"day", []string{"Ngày"}, true}})
	if err != nil {
		t.Fatal(err)
	}
	if got := below[1].Cell(col["unit"]); got != "UBND xã Hạ Hòa" {
		t.Errorf("the second row of a merged cell reads %q", got)
	}
	if d, err := below[1].Day(col["day"]); err != nil || d.String() != "2025-08-04" {
		t.Errorf("a date in words reads %s, %v", d, err)
	}
	if _, err := below[2].Day(col["day"]); err == nil || !strings.Contains(err.Error(), "Dòng 6") {
		t.Errorf("what is no day: %v, want line 6 named", err)
	}
	if _, _, err := Columns(rows, []Wanted{{"x", []string{"Trích yếu"}, true}, {"unit", []string{"Cơ quan"}, true}}); err == nil || !strings.Contains(err.Error(), "Trích yếu") {
		t.Errorf("a missing column: %v", err)
	}
}

func TestReadRefusesWhatIsNoSheet(t *testing.T) {
	for _, s := range []string{"", "xin chào", "PK\x03\x04"} {
		if _, err := Read(strings.NewReader(s)); fault.Kind(err) != fault.Invalid {
			t.Errorf("Read(%q): %v", s, err)
		}
	}
}

func TestAnErrorEndsTheSheet(t *testing.T) {
	bad := errors.New("row 2 is away")
	_, err := Write(&bytes.Buffer{}, Sheet{Columns: []Column{{Title: "a"}}, Rows: func(yield func([]any, error) bool) {
		_ = yield([]any{"x"}, nil) && yield(nil, bad)
	}})
	if !errors.Is(err, bad) {
		t.Errorf("err = %v", err)
	}
}

// 10,000 rows of a petition list in at most two seconds.
func TestTenThousandRows(t *testing.T) {
	began := time.Now()
	n, err := Write(&bytes.Buffer{}, big(10_000))
	if took := time.Since(began); err != nil || n != 10_000 || took > 2*time.Second {
		t.Errorf("%d rows in %s, %v; want 10,000 in at most 2 s", n, took, err)
	} else {
		t.Logf("10,000 rows in %s", took)
	}
}

func big(n int) Sheet {
	day := workday.MustDate("2026-02-26")
	return Sheet{Name: "x", Columns: []Column{{Title: "Mã"}, {Title: "Trích yếu"}, {Title: "Xã"}, {Title: "Sở"}, {Title: "Lĩnh vực"}, {Title: "Tình trạng"}, {Title: "Nêu ngày", Kind: Day}, {Title: "Hạn", Kind: Day}, {Title: "n", Kind: Number}},
		Rows: func(yield func([]any, error) bool) {
			for i := range n {
				if !yield([]any{fmt.Sprint("KN-", i), "Vướng mắc khi giải quyết hồ sơ đất đai", "Xã Hạ Hòa", "Sở Nông nghiệp và Môi trường", "Đất đai", "Đã trả lời", day.AddDays(i % 300), day, i}, nil) {
					return
				}
			}
		}}
}

func BenchmarkWrite(b *testing.B) {
	for b.Loop() {
		if _, err := Write(&bytes.Buffer{}, big(10_000)); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzParseDay(f *testing.F) {
	f.Add("ngày 3 tháng 8 năm 2025")
	f.Add("45872.5")
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := ParseDay(s); err == nil && d.IsZero() {
			t.Errorf("ParseDay(%q) is a day and none", s)
		}
	})
}
