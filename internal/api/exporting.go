package api

import (
	"bytes"
	"io"

	"lienthong/internal/board"
	"lienthong/internal/db"
	"lienthong/internal/export"
	"lienthong/internal/fault"
	"lienthong/internal/inbox"
	"lienthong/internal/sheet"
)

// asSheet are the parameters with which a list comes as a spreadsheet.
var asSheet = []param{{"format", "xlsx: cả danh sách thành một tệp bảng tính, không chia trang"}, {"columns", "với format=xlsx: các cột cần lấy, cách nhau bằng dấu phẩy; bỏ trống là đủ cột"}}

// wantsSheet says whether the request asks for a spreadsheet; another format is refused.
func (c *call) wantsSheet() (bool, error) {
	switch f := c.r.URL.Query().Get("format"); f {
	case "", "json":
		return false, nil
	case "xlsx":
		return true, nil
	}
	return false, fault.Field("format", "Định dạng là xlsx, hoặc bỏ trống.")
}

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
		if l, err = l.With(c.r.URL.Query()["columns"]); err != nil {
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
		f, err := c.boardFilter(tx)
		return export.List{Title: "Danh sách việc", Board: &f}, err
	})
}

// figuresSheet is the board's own table.
func (c *call) figuresSheet() error {
	var f export.Figures
	err := c.s.DB.View(c.ctx, func(tx *db.Tx) error {
		var by board.Filter
		who, err := c.actor(tx)
		if err == nil {
			by, err = c.boardFilter(tx)
		}
		if err == nil {
			f, err = export.ReadFigures(tx, who, by)
		}
		return err
	})
	if err != nil {
		return err
	}
	return c.sendSheet(f)
}
