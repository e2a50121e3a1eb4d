// Package sheet writes and reads spreadsheets (XLSX): the tables that leave the program
// for people who count on in their own program, and the lists that other systems export.
//
// A sheet is written row by row as it is read from the database, never held whole. What
// looks like a formula is written as text: a title that begins with "=" must not run on
// the machine of whoever opens it. Read takes what offices really send: merged cells,
// dates as text in several forms, numbers for days. It knows no cases and no rights.
package sheet

import (
	"fmt"
	"io"
	"iter"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"lienthong/internal/fault"
	"lienthong/internal/vntext"
	"lienthong/internal/workday"
)

// MediaType is that of the files Write makes.
const MediaType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// A Kind says what the cells of a column hold.
type Kind int

// The kinds. The value given for a Day is a workday.Date, for a Moment a time.Time, for a
// Number an int, int64 or float64; their zero dates leave the cell empty.
const (
	Text Kind = iota
	Number
	Day
	Moment
)

// A Column is one column with its Vietnamese heading.
type Column struct {
	Title string
	Kind  Kind
	Width float64 // in letters of the standard font; 0: by the kind
}

// A Sheet is a table to be written. Rows is read once; an error in it ends the writing.
type Sheet struct {
	Name    string   // of the tab, at most 31 letters
	Title   []string // lines above the table, the first one large
	Columns []Column
	Rows    iter.Seq2[[]any, error]
	Source  string // below the table: "Số liệu tính đến 09:00 ngày …"
}

// The widths of columns without one, in letters.
const (
	textWidth   = 28
	numberWidth = 12
	dayWidth    = 13
	momentWidth = 18
)

// paperA4 is the number of the size in the file format.
const paperA4 = 9

// A writer is one sheet under way.
type writer struct {
	f      *excelize.File
	sw     *excelize.StreamWriter
	s      Sheet
	row    int // the last one written
	styles map[string]int
}

// Write writes a sheet and returns how many rows the table has. The heading stays in
// sight when one scrolls and comes again on each printed page; the page is A4, landscape,
// one page wide.
func Write(w io.Writer, s Sheet) (rows int, err error) {
	defer fault.Wrap(&err, "write sheet")
	x := &writer{f: excelize.NewFile(), s: s, styles: map[string]int{}}
	defer x.f.Close()
	if err := x.begin(); err != nil {
		return 0, err
	}
	if err := x.head(); err != nil {
		return 0, err
	}
	for values, err := range s.Rows {
		if err != nil {
			return rows, err
		}
		if err := x.put(values); err != nil {
			return rows, err
		}
		rows++
	}
	if err := x.foot(rows); err != nil {
		return rows, err
	}
	return rows, x.f.Write(w)
}

// begin names the tab, sets the page and the styles, and opens the stream.
func (x *writer) begin() (err error) {
	if x.s.Name == "" {
		x.s.Name = "Danh sách"
	}
	x.s.Name = vntext.Truncate(x.s.Name, excelize.MaxSheetNameLength)
	if err := x.f.SetSheetName("Sheet1", x.s.Name); err != nil {
		return err
	}
	// one page wide and as many long as it takes: what is printed is read on paper
	size, wide, one, long, yes := paperA4, "landscape", 1, 0, true
	if err := x.f.SetSheetProps(x.s.Name, &excelize.SheetPropsOptions{FitToPage: &yes}); err != nil {
		return err
	}
	if err := x.f.SetPageLayout(x.s.Name, &excelize.PageLayoutOptions{Size: &size, Orientation: &wide, FitToWidth: &one, FitToHeight: &long}); err != nil {
		return err
	}
	margin := 0.6 // of an inch
	if err := x.f.SetPageMargins(x.s.Name, &excelize.PageLayoutMarginsOptions{Left: &margin, Right: &margin, Top: &margin, Bottom: &margin}); err != nil {
		return err
	}
	if err := x.f.SetHeaderFooter(x.s.Name, &excelize.HeaderFooterOptions{OddFooter: "&R&P/&N"}); err != nil {
		return err
	}
	if err := x.makeStyles(); err != nil {
		return err
	}
	// last: what is set on the sheet afterwards would be lost
	x.sw, err = x.f.NewStreamWriter(x.s.Name)
	return err
}

// makeStyles registers the looks of cells. "@" keeps a text a text when it is edited.
func (x *writer) makeStyles() error {
	// the same letters as papers have: a table is often pasted into one
	border := []excelize.Border{}
	for _, side := range []string{"left", "right", "top", "bottom"} {
		border = append(border, excelize.Border{Type: side, Color: "808080", Style: 1})
	}
	font := func(size float64, bold, italic bool) *excelize.Font {
		return &excelize.Font{Family: "Times New Roman", Size: size, Bold: bold, Italic: italic}
	}
	top := &excelize.Alignment{Vertical: "top", WrapText: true}
	day, moment, text := "dd/mm/yyyy", "dd/mm/yyyy hh:mm", "@"
	for name, st := range map[string]*excelize.Style{
		"title":  {Font: font(14, true, false)},
		"line":   {Font: font(11, false, true)},
		"head":   {Font: font(11, true, false), Border: border, Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E7ECF3"}}},
		"text":   {Font: font(11, false, false), Border: border, Alignment: top, CustomNumFmt: &text},
		"number": {Font: font(11, false, false), Border: border, Alignment: &excelize.Alignment{Vertical: "top"}},
		"day":    {Font: font(11, false, false), Border: border, Alignment: &excelize.Alignment{Vertical: "top", Horizontal: "center"}, CustomNumFmt: &day},
		"moment": {Font: font(11, false, false), Border: border, Alignment: &excelize.Alignment{Vertical: "top", Horizontal: "center"}, CustomNumFmt: &moment},
	} {
		id, err := x.f.NewStyle(st)
		if err != nil {
			return err
		}
		x.styles[name] = id
	}
	return nil
}

// head writes the title lines and the heading row, and freezes it.
func (x *writer) head() error {
	for i, c := range x.s.Columns {
		width := c.Width
		if width == 0 {
			width = []float64{textWidth, numberWidth, dayWidth, momentWidth}[c.Kind]
		}
		if err := x.sw.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	at := len(x.s.Title) + 1
	if at > 1 {
		at++ // a line left free under the title
	}
	if err := x.sw.SetPanes(&excelize.Panes{Freeze: true, YSplit: at, TopLeftCell: "A" + strconv.Itoa(at+1), ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	for i, line := range x.s.Title {
		style := "line"
		if i == 0 {
			style = "title"
		}
		if err := x.set(i+1, []any{excelize.Cell{StyleID: x.styles[style], Value: line}}); err != nil {
			return err
		}
	}
	cells := make([]any, len(x.s.Columns))
	for i, c := range x.s.Columns {
		cells[i] = excelize.Cell{StyleID: x.styles["head"], Value: c.Title}
	}
	// the heading comes again on each printed page
	row := fmt.Sprintf("$%d:$%d", at, at)
	if err := x.f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: "'" + x.s.Name + "'!" + row, Scope: x.s.Name}); err != nil {
		return err
	}
	return x.set(at, cells)
}

// A row at its place.
func (x *writer) set(row int, cells []any) error {
	x.row = row
	return x.sw.SetRow("A"+strconv.Itoa(row), cells)
}

// put writes one row of the table.
func (x *writer) put(values []any) error {
	if len(values) != len(x.s.Columns) {
		return fmt.Errorf("row %d has %d cells, the table %d columns", x.row+1, len(values), len(x.s.Columns))
	}
	cells := make([]any, len(values))
	for i, v := range values {
		cells[i] = x.cell(x.s.Columns[i].Kind, v)
	}
	return x.set(x.row+1, cells)
}

// cell gives a value its look. A date is written as the number of its day, so that the
// other program sorts and filters by it; an instant as the office's clock showed it.
func (x *writer) cell(k Kind, v any) excelize.Cell {
	switch v := v.(type) {
	case workday.Date:
		c := excelize.Cell{StyleID: x.styles["day"]}
		if !v.IsZero() {
			c.Value = serial(v)
		}
		return c
	case time.Time:
		c := excelize.Cell{StyleID: x.styles["moment"]}
		if !v.IsZero() {
			at := v.In(workday.Office)
			c.Value = float64(serial(workday.Of(v))) + float64(at.Hour()*60+at.Minute())/(24*60)
		}
		return c
	case int, int64, float64:
		return excelize.Cell{StyleID: x.styles["number"], Value: v}
	case string:
		// a cell longer than the format takes is cut, and says so
		if utf8.RuneCountInString(v) > excelize.TotalCellChars {
			v = vntext.Truncate(v, excelize.TotalCellChars-1) + "…"
		}
		return excelize.Cell{StyleID: x.styles["text"], Value: v}
	}
	return excelize.Cell{StyleID: x.styles[[]string{"text", "number", "day", "moment"}[k]], Value: v}
}

// serial is a day as spreadsheets count it: 30 December 1899 is day 0.
func serial(d workday.Date) int { return d.Sub(dayZero) }

var dayZero = workday.NewDate(1899, time.December, 30)

// foot says that a table is empty, and where the figures come from.
func (x *writer) foot(rows int) error {
	if rows == 0 { // an empty table looks like a fault
		if err := x.set(x.row+1, []any{excelize.Cell{StyleID: x.styles["line"], Value: "Không có dòng nào."}}); err != nil {
			return err
		}
	}
	if x.s.Source != "" {
		if err := x.set(x.row+2, []any{excelize.Cell{StyleID: x.styles["line"], Value: x.s.Source}}); err != nil {
			return err
		}
	}
	return x.sw.Flush()
}
