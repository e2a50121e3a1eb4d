package sheet

import (
	"io"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"lienthong/internal/fault"
	"lienthong/internal/vntext"
	"lienthong/internal/workday"
)

// What a sheet that is read may hold. A list of a whole province's year is far below;
// more is a mistake, or a file made to fill the memory.
const (
	mostRows    = 200_000
	mostColumns = 200
	mostMerged  = 500_000 // cells that merged areas are filled into
	mostBytes   = 512 << 20
)

// A Row is one line of a sheet with its number there, from 1. Its texts are in NFC
// without blanks around; cells behind the last filled one may be missing.
type Row struct {
	Line  int
	Cells []string
}

// Cell is the text of a column, counted from 0; "" where there is none.
func (r Row) Cell(i int) string {
	if i < 0 || i >= len(r.Cells) {
		return ""
	}
	return r.Cells[i]
}

// Blank says whether the line holds nothing.
func (r Row) Blank() bool { return strings.Join(r.Cells, "") == "" }

// Refuse names the line in a refusal of its content.
func (r Row) Refuse(format string, args ...any) error {
	return fault.Refuse(fault.Invalid, "Dòng "+strconv.Itoa(r.Line)+": "+format, args...)
}

// Day is a column as a day, see ParseDay; an empty cell is the zero Date, what is no day
// a refusal that names the line.
func (r Row) Day(i int) (d workday.Date, err error) {
	s := r.Cell(i)
	if s == "" {
		return d, nil
	}
	if d, err = ParseDay(s); err != nil {
		return d, r.Refuse("“%.40s” không phải là ngày; ghi như 03/08/2025.", s)
	}
	return d, nil
}

// Read returns the lines of the first sheet that holds any, empty ones left out. Every
// cell of a merged area gets the area's text; numbers and days come as they are stored.
// What is no spreadsheet is a fault.Invalid.
func Read(r io.Reader) (rows []Row, err error) {
	defer fault.Wrap(&err, "read sheet")
	f, err := excelize.OpenReader(r, excelize.Options{RawCellValue: true, UnzipSizeLimit: mostBytes, UnzipXMLSizeLimit: mostBytes})
	if err != nil {
		return nil, fault.Refuse(fault.Invalid, "Tệp không phải là bảng tính XLSX đọc được, hoặc đã bị hỏng.")
	}
	defer f.Close()
	// what other systems export often begins with an empty tab
	for _, name := range f.GetSheetList() {
		if rows, err = readTab(f, name); err != nil || len(rows) > 0 {
			return rows, err
		}
	}
	return nil, fault.Refuse(fault.Invalid, "Bảng tính không có dòng nào.")
}

// readTab reads one tab and fills its merged areas.
func readTab(f *excelize.File, name string) ([]Row, error) {
	lines, err := f.Rows(name)
	if err != nil {
		return nil, nil // a chart, not a table
	}
	defer lines.Close()
	var all []Row
	for n := 1; lines.Next(); n++ {
		if n > mostRows {
			return nil, fault.Refuse(fault.Invalid, "Bảng tính dài quá %d dòng; hãy chia thành nhiều tệp.", mostRows)
		}
		cells, err := lines.Columns()
		if err != nil {
			return nil, fault.Refuse(fault.Invalid, "Dòng %d: không đọc được, tệp có thể đã bị hỏng.", n)
		}
		if len(cells) > mostColumns {
			return nil, fault.Refuse(fault.Invalid, "Dòng %d: có hơn %d cột.", n, mostColumns)
		}
		for i, c := range cells {
			cells[i] = vntext.NFC(strings.TrimSpace(c))
		}
		all = append(all, Row{n, cells})
	}
	if err := lines.Error(); err != nil {
		return nil, fault.Refuse(fault.Invalid, "Bảng tính không đọc được hết, tệp có thể đã bị hỏng.")
	}
	if err := fillMerged(f, name, all); err != nil {
		return nil, err
	}
	// after the merged areas: a line may hold nothing but the rest of one
	kept := all[:0]
	for _, r := range all {
		if !r.Blank() {
			kept = append(kept, r)
		}
	}
	return kept, nil
}

// fillMerged puts the text of each merged area into all its cells.
func fillMerged(f *excelize.File, name string, all []Row) error {
	areas, err := f.GetMergeCells(name, true)
	if err != nil {
		return fault.Refuse(fault.Invalid, "Các ô gộp của bảng tính không đọc được.")
	}
	filled := 0
	for _, a := range areas {
		left, top, err := excelize.CellNameToCoordinates(a.GetStartAxis())
		if err != nil {
			continue
		}
		right, bottom, err := excelize.CellNameToCoordinates(a.GetEndAxis())
		if err != nil || top > len(all) {
			continue
		}
		value := all[top-1].Cell(left - 1) // only the first cell of an area holds its text
		right = min(right, mostColumns)
		for y := top; y <= min(bottom, len(all)) && value != ""; y++ {
			if filled += right - left + 1; filled > mostMerged {
				return fault.Refuse(fault.Invalid, "Bảng tính gộp quá nhiều ô.")
			}
			r := &all[y-1]
			for len(r.Cells) < right {
				r.Cells = append(r.Cells, "")
			}
			for i := left - 1; i < right; i++ {
				r.Cells[i] = value
			}
		}
	}
	return nil
}

// A Wanted column is known by any of its headings; case and marks do not count.
type Wanted struct {
	Key      string
	Headings []string
	Must     bool
}

// Columns finds the heading line: the first that has every column that must be there. It
// returns the lines below it and where each column stands; missing ones are not in at. A
// sheet without such a line is refused, naming what its best line lacks.
func Columns(rows []Row, want []Wanted) (below []Row, at map[string]int, err error) {
	t, err := Find(rows, want)
	return t.Below, t.At, err
}

// A Table is a table found in a sheet: its heading line, the lines below, and where each
// wanted column stands; missing ones are not in At.
type Table struct {
	Head  Row
	Below []Row
	At    map[string]int
}

// Find is Columns with the heading line itself.
func Find(rows []Row, want []Wanted) (t Table, err error) {
	best, lacks := -1, ""
	for n, r := range rows {
		found, missing := map[string]int{}, []string{}
		for _, w := range want {
			if i := findHeading(r, w); i >= 0 {
				found[w.Key] = i
			} else if w.Must {
				missing = append(missing, "“"+w.Headings[0]+"”")
			}
		}
		if len(missing) == 0 { // titles above the heading are passed over
			return Table{r, rows[n+1:], found}, nil
		}
		if len(found) > best {
			best, lacks = len(found), strings.Join(missing, ", ")
		}
	}
	return t, fault.Refuse(fault.Invalid, "Không tìm thấy dòng tên cột; thiếu cột %s.", lacks)
}

// The column that carries one of the wanted headings; compared by words, since sheets are typed by hand.
func findHeading(r Row, w Wanted) int {
	for i, c := range r.Cells {
		for _, h := range w.Headings {
			if c != "" && strings.Join(vntext.Words(c), " ") == strings.Join(vntext.Words(h), " ") {
				return i
			}
		}
	}
	return -1
}
