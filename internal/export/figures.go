package export

import (
	"io"

	"lienthong/internal/board"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/sheet"
)

// Figures is the board's table as it was read.
type Figures struct {
	b  *board.Board
	by string
}

// ReadFigures reads the board under the filter for who may see it.
func ReadFigures(tx *db.Tx, who org.Actor, f board.Filter) (Figures, error) {
	kinds := duty.Kinds{}
	for _, k := range petition.Duties() {
		kinds[k.Rule] = k
	}
	b, err := board.ReadFor(tx, who, f, kinds)
	return Figures{b, who.Name}, err
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
