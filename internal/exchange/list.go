package exchange

import (
	"context"
	"fmt"
	"io"
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

// A Line is one document of a list with its place there.
type Line struct {
	N  int // in the sheet, from 1
	In Incoming
}

// ReadList reads the list that a document system exports as XLSX: merged cells count for
// each of their lines, dates may be texts. A line that cannot be read is refused with its
// number, and so is the list.
func ReadList(r io.Reader) (all []Line, err error) {
	rows, err := sheet.Read(r)
	if err != nil {
		return nil, err
	}
	below, at, err := sheet.Columns(rows, listColumns)
	if err != nil {
		return nil, err
	}
	for _, row := range below {
		cell := func(key string) string {
			if i, ok := at[key]; ok {
				return row.Cell(i)
			}
			return ""
		}
		symbol := strings.TrimSpace(cell("symbol"))
		if symbol == "" || !strings.ContainsAny(symbol, "0123456789") && cell("issued_on") == "" {
			continue // a heading inside the list, a sum below it
		}
		in := Incoming{From: edxml.Organ{ID: cell("code"), Name: cell("issuer")}, Symbol: symbol, Subject: cell("subject"), Content: cell("content"),
			Signer: cell("signer"), OuterID: cell("id"), Way: ByList}
		if to := cell("to"); to != "" {
			for _, name := range strings.FieldsFunc(to, func(r rune) bool { return strings.ContainsRune(";\n", r) }) {
				in.To = append(in.To, edxml.Organ{Name: strings.TrimSpace(name)})
			}
		}
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
		all = append(all, Line{row.Line, in})
	}
	if len(all) == 0 {
		return nil, fault.Refuse(fault.Invalid, "Danh sách không có văn bản nào.")
	}
	return all, nil
}

// endOf is the last instant of a day.
func endOf(d workday.Date) time.Time { return d.AddDays(1).Midnight().Add(-1) }

// CheckList says of every line of a list what taking it would refuse, with its number; it
// changes nothing.
func CheckList(tx *db.Tx, all []Line) (problems []string) {
	for _, l := range all {
		in := l.In
		if err := in.check(tx); err != nil {
			problems = append(problems, fmt.Sprintf("dòng %d: %s", l.N, reasonOf(err)))
			continue
		}
		if in.Secret {
			problems = append(problems, fmt.Sprintf("dòng %d: văn bản số %s có dấu mật; chỉ số, ngày, cơ quan ban hành được ghi nhận", l.N, vntext.Truncate(in.Symbol, 60)))
		}
	}
	return problems
}

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
