package exchange

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/exchange/edxml"
	"lienthong/internal/fault"
	"lienthong/internal/sheet"
	"lienthong/internal/vntext"
	"lienthong/internal/workday"
)

// listColumns are the columns of a list of documents, by the headings that document
// systems print.
var listColumns = []sheet.Wanted{
	{Key: "symbol", Headings: []string{"Số, ký hiệu", "Số ký hiệu", "Số/Ký hiệu", "Ký hiệu", "Số văn bản", "Số và ký hiệu"}, Must: true},
	{Key: "issued_on", Headings: []string{"Ngày văn bản", "Ngày VB", "Ngày ban hành", "Ngày ký", "Ngày tháng văn bản"}, Must: true},
	{Key: "issuer", Headings: []string{"Cơ quan ban hành", "Nơi ban hành", "Đơn vị ban hành", "Nơi gửi", "Cơ quan gửi", "Tác giả"}, Must: true},
	{Key: "subject", Headings: []string{"Trích yếu", "Trích yếu nội dung", "Tên loại và trích yếu", "Tên loại và trích yếu nội dung"}, Must: true},
	{Key: "arrived_on", Headings: []string{"Ngày đến", "Ngày nhận", "Thời gian đến"}},
	{Key: "to", Headings: []string{"Nơi nhận", "Đơn vị nhận", "Gửi đến", "Cơ quan nhận"}},
	{Key: "code", Headings: []string{"Mã định danh", "Mã cơ quan ban hành", "Mã đơn vị"}},
	{Key: "signer", Headings: []string{"Người ký"}},
	{Key: "content", Headings: []string{"Nội dung"}},
	{Key: "answers", Headings: []string{"Trả lời văn bản", "Văn bản được trả lời", "Phúc đáp văn bản"}},
	{Key: "id", Headings: []string{"Mã văn bản", "ID văn bản"}},
}

// listDays are the columns that hold a day.
var listDays = []string{"issued_on", "arrived_on"}

// An Exported is what was read of a list: the documents that can be taken, and the lines that cannot.
type Exported struct {
	Lines []Line
	Bad   []sheet.Bad

	table sheet.Table
	rows  map[int]sheet.Row // by their number, of Lines
}

// A Line is one document of a list with its place there.
type Line struct {
	N  int // in the sheet, from 1
	In Incoming
}

// ReadList reads the list that a document system exports as XLSX: merged cells count for
// each of their lines, dates may be texts. Every line that cannot be read is among the bad
// ones, with why.
func ReadList(r io.Reader) (l *Exported, err error) {
	rows, err := sheet.Read(r)
	if err != nil {
		return nil, err
	}
	l = &Exported{rows: map[int]sheet.Row{}}
	if l.table, err = sheet.Find(rows, listColumns); err != nil {
		return nil, err
	}
	for _, row := range l.table.Below {
		in, err := lineOf(row, l.table.At)
		switch {
		case err != nil:
			l.Bad = append(l.Bad, sheet.BadOf(row, err))
		case in != nil:
			l.Lines = append(l.Lines, Line{row.Line, *in})
			l.rows[row.Line] = row
		}
	}
	if len(l.Lines)+len(l.Bad) == 0 {
		return nil, fault.Refuse(fault.Invalid, "Danh sách không có văn bản nào.")
	}
	return l, nil
}

// lineOf reads one line; nil is no document: a heading inside the list, a sum below it.
func lineOf(row sheet.Row, at map[string]int) (*Incoming, error) {
	cell := func(key string) string {
		if i, ok := at[key]; ok {
			return row.Cell(i)
		}
		return ""
	}
	symbol := strings.TrimSpace(cell("symbol"))
	if symbol == "" || !strings.ContainsAny(symbol, "0123456789") && cell("issued_on") == "" {
		return nil, nil
	}
	in := &Incoming{From: edxml.Organ{ID: cell("code"), Name: cell("issuer")}, Symbol: symbol, Subject: cell("subject"), Content: cell("content"),
		Signer: cell("signer"), OuterID: cell("id"), Way: ByList}
	for _, name := range strings.FieldsFunc(cell("to"), func(r rune) bool { return strings.ContainsRune(";\n", r) }) {
		in.To = append(in.To, edxml.Organ{Name: strings.TrimSpace(name)})
	}
	var err error
	if in.IssuedOn, err = row.Day(at["issued_on"]); err != nil {
		return nil, err
	}
	if in.IssuedOn.IsZero() {
		return nil, row.Refuse("không ghi ngày văn bản.")
	}
	if i, ok := at["arrived_on"]; ok {
		on, err := row.Day(i)
		if err != nil {
			return nil, err
		}
		if !on.IsZero() { // a list gives the day; its first instant would shorten a limit, so its last is taken
			in.ArrivedAt = endOf(on)
		}
	}
	in.Answers = Quoted("số " + strings.TrimPrefix(strings.TrimPrefix(cell("answers"), "Số "), "số "))
	return in, nil
}

// endOf is the last instant of a day.
func endOf(d workday.Date) time.Time { return d.AddDays(1).Midnight().Add(-1) }

// Said names the bad lines with why, the first ones and how many more there are.
func (l *Exported) Said() []string { return sheet.Said(l.Bad) }

// Check moves every line that taking would refuse to the bad ones, and returns what else
// there is to say of the others; it changes nothing in the office.
func (l *Exported) Check(tx *db.Tx) (notes []string) {
	var good []Line
	for _, x := range l.Lines {
		in := x.In
		if err := in.check(tx); err != nil {
			l.Bad = append(l.Bad, sheet.Bad{Row: l.rows[x.N], Why: reasonOf(err)})
			continue
		}
		good = append(good, x)
		if in.Secret {
			notes = append(notes, fmt.Sprintf("dòng %d: văn bản số %s có dấu mật; chỉ số, ngày, cơ quan ban hành được ghi nhận", x.N, vntext.Truncate(in.Symbol, 60)))
		}
	}
	slices.SortStableFunc(l.Bad, func(a, b sheet.Bad) int { return a.Row.Line - b.Row.Line })
	l.Lines = good
	return notes
}

// WriteBad writes the bad lines as a list of the same columns, each with why.
func (l *Exported) WriteBad(w io.Writer) error { return sheet.WriteBack(w, l.table, listDays, l.Bad) }

// TakeList takes every line of a list, each in its own transaction: a line that was taken
// before is the same document, so that a list that broke off is simply taken again.
func (i *Intake) TakeList(ctx context.Context, all []Line) (r Round, err error) {
	for _, l := range all {
		d, fresh, err := i.Place(ctx, l.In)
		switch {
		case err != nil && isRefusal(err):
			r.Failed++
			r.Problems = append(r.Problems, fmt.Sprintf("dòng %d: %s", l.N, reasonOf(err)))
		case err != nil:
			return r, fmt.Errorf("line %d: %w", l.N, err)
		case !fresh:
			r.Again++
		case d.State == Waiting:
			r.Waiting++
		case d.State == Secret:
			r.Secret++
		default:
			r.Taken++
		}
	}
	return r, nil
}
