package api

import (
	"bytes"
	"io"

	"lienthong/internal/board"
	"lienthong/internal/db"
	"lienthong/internal/export"
	"lienthong/internal/fault"
	"lienthong/internal/filter"
	"lienthong/internal/inbox"
	"lienthong/internal/sheet"
)

// asSheet is the parameter with which a list comes as a spreadsheet.
var asSheet = filter.Choice("format", "Định dạng", filter.Option{Value: "json"}, filter.Option{Value: "xlsx"}).Saying("xlsx: cả danh sách thành một tệp bảng tính, không chia trang")

// The columns of the sheets of lists of duties and of assignments.
var (
	dutyColumns    = export.ColumnsOf(export.DutyColumns)
	trackedColumns = export.ColumnsOf(export.List{Tracker: &export.Tracked{}}.Can())
)

// wantsSheet says whether the request asks for a spreadsheet.
func (c *call) wantsSheet() bool { return c.q.Get("format") == "xlsx" }

// sheet answers a list as a spreadsheet, under the rights and the filter of the list. A
// list that is too long for one answer is refused, and told where it is gathered in the
// background.
func (c *call) sheet(list func(tx *db.Tx) (export.List, error)) error {
	var f export.File
	err := c.s.DB.View(c.ctx, func(tx *db.Tx) error {
		who, err := c.actor(tx)
		if err != nil {
			return err
		}
		l, err := list(tx)
		if err != nil {
			return err
		}
		if l, err = l.With(c.q["columns"]); err != nil {
			return err
		}
		short := false
		if f, short, err = export.Read(tx, who, l); err == nil && !short {
			err = fault.Refuse(fault.TooLarge, "Danh sách có hơn %d dòng: thu hẹp điều kiện lọc, đọc từng trang, hoặc xuất dần bằng POST %s.", export.AtOnce, exportsPath)
		}
		return err
	})
	if err != nil {
		return err
	}
	return c.sendSheet(f)
}

// A list as a workbook. It is written whole before the first byte leaves: an error in the middle would be
// a broken file with status 200.
func (c *call) sendSheet(f interface {
	Name() string
	Write(w io.Writer) (int, error)
}) error {
	var b bytes.Buffer
	if _, err := f.Write(&b); err != nil {
		return err
	}
	c.sendFile(f.Name(), sheet.MediaType, b.Bytes())
	return nil
}

// The duties of a filter as a list to export.
func dutySheet(f inbox.Filter) func(tx *db.Tx) (export.List, error) {
	return func(*db.Tx) (export.List, error) { return export.List{Title: "Việc phải làm", Duties: &f}, nil }
}

// boardSheet is the list behind a figure.
func (c *call) boardSheet() error {
	return c.sheet(func(tx *db.Tx) (export.List, error) {
		f := board.FilterOf(c.q)
		return export.List{Title: "Danh sách việc", Board: &f}, nil
	})
}

// figuresSheet is the board's own table.
func (c *call) figuresSheet() error {
	var f export.Figures
	err := c.s.DB.View(c.ctx, func(tx *db.Tx) error {
		who, err := c.actor(tx)
		if err == nil {
			f, err = export.ReadFigures(tx, who, board.FilterOf(c.q))
		}
		return err
	})
	if err != nil {
		return err
	}
	return c.sendSheet(f)
}
