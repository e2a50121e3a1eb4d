package tracker

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"lienthong/internal/sheet"
	"lienthong/internal/workday"
)

// CSVType is the media type of WriteCSV.
const CSVType = "text/csv; charset=utf-8"

// FileName is what a file of the edition is called, without its ending.
func (e Edition) FileName() string { return "ket-qua-nhiem-vu-" + strings.ToLower(e.Quarter.String()) }

// source says by which document the list was released: a file that travels on must say so
// itself.
func (e Edition) source() string {
	if e.Number == "" {
		return "Danh sách đã công khai."
	}
	return fmt.Sprintf("Công khai theo văn bản số %s ngày %s.", e.Number, e.IssuedOn.Long())
}

// WriteSheet writes the public list as XLSX.
func (e Edition) WriteSheet(w io.Writer, all []PublicLine) error {
	_, err := sheet.Write(w, sheet.Sheet{Name: "Kết quả", Title: []string{"Kết quả thực hiện nhiệm vụ " + e.Quarter.Say()}, Columns: PublicColumns, Source: e.source(),
		Rows: func(yield func([]any, error) bool) {
			for i := range all {
				if !yield(all[i].Row(i+1), nil) {
					return
				}
			}
		}})
	return err
}

// WriteCSV writes the public list as CSV with a mark before it that makes spreadsheet programs
// read Vietnamese. A cell that would run as a formula there is written as text.
func (e Edition) WriteCSV(w io.Writer, all []PublicLine) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	c := csv.NewWriter(w)
	heads := make([]string, len(PublicColumns))
	for i, col := range PublicColumns {
		heads[i] = col.Title
	}
	if err := c.Write(heads); err != nil {
		return err
	}
	for i := range all {
		row := all[i].Row(i + 1)
		cells := make([]string, len(row))
		for n, v := range row {
			cells[n] = cellText(v)
		}
		if err := c.Write(cells); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// cellText is a value as CSV has it.
func cellText(v any) string {
	switch x := v.(type) {
	case workday.Date:
		if x.IsZero() {
			return ""
		}
		return x.Long()
	case string:
		if x != "" && strings.ContainsAny(x[:1], "=+-@\t\r") {
			return "'" + x
		}
		return x
	}
	return fmt.Sprint(v)
}
