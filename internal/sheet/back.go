package sheet

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"lienthong/internal/fault"
)

// A Bad line of a list cannot be taken; Why is a sentence.
type Bad struct {
	Row Row
	Why string
}

// BadOf is a line with why it is refused; a refusal that begins with the line's number is
// said without it.
func BadOf(r Row, err error) Bad {
	why := err.Error()
	if said, ok := fault.Sentence(err); ok {
		why = said.Say
	}
	return Bad{r, strings.TrimPrefix(why, "Dòng "+strconv.Itoa(r.Line)+": ")}
}

// mostSaid bounds how many bad lines are named one by one: who has more mends the sheet that
// comes back.
const mostSaid = 50

// Said names bad lines, "dòng 7: …", the first ones and how many more there are.
func Said(all []Bad) (lines []string) {
	for i, b := range all {
		if i == mostSaid {
			return append(lines, "… và "+strconv.Itoa(len(all)-i)+" dòng nữa")
		}
		lines = append(lines, "dòng "+strconv.Itoa(b.Row.Line)+": "+b.Why)
	}
	return lines
}

// why heads the column in front of what comes back. No list has a column of this name, so that
// the sheet can be mended and taken as it is.
const why = "Vì sao chưa nhập"

// WriteBack writes the bad lines of a table under its own headings, each with why it was not
// taken and the number it had. days are the columns of days: a number that a spreadsheet keeps
// for one is written as people read it.
func WriteBack(w io.Writer, t Table, days []string, bad []Bad) error {
	width := len(t.Head.Cells)
	for _, b := range bad {
		width = max(width, len(b.Row.Cells))
	}
	columns := []Column{{Title: why, Width: 40}, {Title: "Dòng cũ", Kind: Number}}
	for i := range width {
		columns = append(columns, Column{Title: t.Head.Cell(i)})
	}
	isDay := func(i int) bool {
		return slices.ContainsFunc(days, func(key string) bool { at, ok := t.At[key]; return ok && at == i })
	}
	_, err := Write(w, Sheet{Name: "Chưa nhập", Columns: columns, Rows: func(yield func([]any, error) bool) {
		for _, b := range bad {
			cells := []any{b.Why, b.Row.Line}
			for i := range width {
				cell := b.Row.Cell(i)
				if d, err := ParseDay(cell); err == nil && isDay(i) {
					cell = d.Long()
				}
				cells = append(cells, cell)
			}
			if !yield(cells, nil) {
				return
			}
		}
	}})
	return err
}
