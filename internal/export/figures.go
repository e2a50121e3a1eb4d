package export

import (
	"io"
	"strconv"

	"lienthong/internal/board"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/org"
	"lienthong/internal/paper"
	"lienthong/internal/petition"
	"lienthong/internal/sheet"
	"lienthong/internal/workday"
)

// Figures is the board's table as it was read.
type Figures struct {
	b    *board.Board
	by   string
	head paper.Document // who prints it
}

// ReadFigures reads the board under the filter for who may see it.
func ReadFigures(tx *db.Tx, who org.Actor, by board.Filter) (Figures, error) {
	kinds := duty.Kinds{}
	for _, k := range petition.Duties() {
		kinds[k.Rule] = k
	}
	b, err := board.ReadFor(tx, who, by, kinds)
	if err != nil {
		return Figures{}, err
	}
	f := Figures{b: b, by: who.Name}
	return f, paper.Head(tx, who, &f.head)
}

// Name is what the file is called.
func (f Figures) Name() string {
	return File{List: List{Title: "Bảng điều hành"}, At: f.b.At}.Name()
}

// Write writes a row a unit, as the page shows them, and their sum.
func (f Figures) Write(w io.Writer) (int, error) {
	columns := []sheet.Column{{Title: "Đơn vị", Width: 40}}
	for _, x := range board.Figures {
		if x.Figure != board.Requested {
			columns = append(columns, sheet.Column{Title: x.Say, Kind: sheet.Number, Width: 14})
		}
	}
	columns = append(columns, sheet.Column{Title: "Số lần trả lời", Kind: sheet.Number}, sheet.Column{Title: "Một nửa số lần trả lời không quá (ngày làm việc)", Kind: sheet.Number, Width: 18},
		sheet.Column{Title: "Trung bình (ngày làm việc)", Kind: sheet.Number, Width: 16})
	row := func(r *board.Row, name string) []any {
		cells := []any{name}
		for _, x := range board.Figures {
			if x.Figure != board.Requested {
				cells = append(cells, r.Of(x.Figure))
			}
		}
		return append(cells, r.Answered, r.Half, r.Average)
	}
	title := []string{"Bảng điều hành", "Việc đã xong: hạn từ " + f.b.Query.From.Long() + " đến " + f.b.Query.To.Long()}
	if open := f.b.Query.To; open.Year() > f.b.At.Year()+100 {
		title[1] = "Việc đã xong: hạn từ " + f.b.Query.From.Long()
	}
	return sheet.Write(w, sheet.Sheet{Name: title[0], Title: title, Columns: columns, Source: source(f.b.At, f.by), Rows: func(yield func([]any, error) bool) {
		for i := range f.b.Rows {
			if !yield(row(&f.b.Rows[i], f.b.Rows[i].Name), nil) {
				return
			}
		}
		if len(f.b.Rows) > 1 {
			yield(row(&f.b.Total, "Tất cả"), nil)
		}
	}})
}

// pageFigures are the columns of the printed page: what a leader asks first.
var pageFigures = []board.Figure{board.Open, board.Missed, board.Soon, board.Unresolved, board.Met, board.Late}

// Page is the board as a page to be put on a leader's table. Units that owe nothing and
// owed nothing are left out; they are on the screen and in the sheet.
func (f Figures) Page() *paper.Document {
	d := f.head
	d.Kind, d.Name, d.Subject, d.Unnumbered = paper.Report, "BẢNG TỔNG HỢP", "Tình hình trả lời kiến nghị của cấp xã", true
	d.Date = workday.Of(f.b.At)
	t := &paper.Table{Head: []string{"Đơn vị"}, Share: []float64{3.4}, Right: []bool{false}}
	for _, x := range board.Figures {
		for _, shown := range pageFigures {
			if x.Figure == shown {
				t.Head, t.Share, t.Right = append(t.Head, x.Say), append(t.Share, 1.2), append(t.Right, true)
			}
		}
	}
	add := func(r *board.Row, name string) {
		cells, any := []string{name}, int64(0)
		for _, x := range board.Figures {
			for _, shown := range pageFigures {
				if x.Figure == shown {
					n := r.Of(shown)
					cells, any = append(cells, strconv.FormatInt(n, 10)), any+n
				}
			}
		}
		if any > 0 {
			t.Rows = append(t.Rows, cells)
		}
	}
	for i := range f.b.Rows {
		add(&f.b.Rows[i], f.b.Rows[i].Name)
	}
	if len(f.b.Rows) > 1 {
		add(&f.b.Total, "Tất cả")
	}
	d.Body = []paper.Block{{Table: t}, {Text: source(f.b.At, f.by)}}
	return &d
}
