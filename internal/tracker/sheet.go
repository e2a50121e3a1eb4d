package tracker

import (
	"database/sql"
	"slices"
	"strings"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/sheet"
	"lienthong/internal/workday"
)

// The columns in which offices keep their tracker, by key. What is written under these
// headings is read under them again.
const (
	colNumber  = "number"
	colDay     = "issued_on"
	colIssuer  = "issuer"
	colClause  = "clause"
	colContent = "content"
	colLead    = "lead"
	colWith    = "with"
	colDue     = "due"
	colPercent = "percent"
	colState   = "state"
	colResult  = "result"
	colCode    = "code"
)

// A Column is one column of the tracker's sheet under its key.
type Column struct {
	Key string // "content"
	sheet.Column
}

// Columns are those of the tracker's sheet, in their order; the column that counts the rows
// stands before them and is not among them.
var Columns = []Column{
	{colNumber, sheet.Column{Title: "Số văn bản", Width: 18}},
	{colDay, sheet.Column{Title: "Ngày văn bản", Kind: sheet.Day}},
	{colIssuer, sheet.Column{Title: "Cơ quan ban hành", Width: 24}},
	{colClause, sheet.Column{Title: "Mục", Width: 8}},
	{colContent, sheet.Column{Title: "Nội dung nhiệm vụ", Width: 60}},
	{colLead, sheet.Column{Title: "Cơ quan chủ trì", Width: 28}},
	{colWith, sheet.Column{Title: "Cơ quan phối hợp", Width: 28}},
	{colDue, sheet.Column{Title: "Hạn hoàn thành", Kind: sheet.Day}},
	{colPercent, sheet.Column{Title: "Tiến độ (%)", Kind: sheet.Number}},
	{colState, sheet.Column{Title: "Tình trạng", Width: 24}},
	{colResult, sheet.Column{Title: "Văn bản kết quả", Width: 18}},
	{colCode, sheet.Column{Title: "Mã theo dõi", Width: 16}},
}

// A document is what the sheet says of a directive.
type document struct {
	number, issuer string
	on             workday.Date
}

// Rows are the lines of a page as the sheet has them. The caller has the lines from List: what
// stands beside them - document, units that help - is read for them alone.
func Rows(tx *db.Tx, lines []directive.Line) (rows [][]any, err error) {
	defer fault.Wrap(&err, "rows of the tracker's sheet")
	docs, err := documents(tx, lines)
	if err != nil {
		return nil, err
	}
	with, err := beside(tx, lines)
	if err != nil {
		return nil, err
	}
	units := map[org.UnitID]bool{}
	for i := range lines {
		units[lines[i].Lead] = true
		for _, u := range with[lines[i].ID] {
			units[u] = true
		}
	}
	ids := make([]org.UnitID, 0, len(units))
	for u := range units {
		ids = append(ids, u)
	}
	names, err := org.UnitNames(tx, ids...)
	if err != nil {
		return nil, err
	}
	for i := range lines {
		l := &lines[i]
		var helps []string
		for _, u := range with[l.ID] {
			helps = append(helps, names[u])
		}
		d := docs[l.Directive]
		rows = append(rows, []any{d.number, d.on, d.issuer, l.Clause, l.Title, names[l.Lead], strings.Join(helps, "; "), dueDay(l), l.Percent, Standing(tx, l), l.ResultNumber, l.Code})
	}
	return rows, nil
}

// Standing says in words how an assignment stands at the transaction's instant.
func Standing(tx *db.Tx, l *directive.Line) string {
	state := directive.States[l.State]
	if l.Late(tx.Now) {
		state += ", quá hạn"
	}
	if l.Request {
		state += ", được đề nghị"
	}
	return state
}

// documents are the directives behind some lines.
func documents(tx *db.Tx, lines []directive.Line) (map[casefile.ID]document, error) {
	var ids []casefile.ID
	for i := range lines {
		if d := lines[i].Directive; d != "" && !slices.Contains(ids, d) {
			ids = append(ids, d)
		}
	}
	of := map[casefile.ID]document{}
	if len(ids) == 0 {
		return of, nil
	}
	q := &statement{}
	// system: the reader has an assignment of each, whose thread names its document
	err := tx.All(`SELECT case_id, number, issued_on, issuer FROM directive WHERE case_id IN (`+list(q, ids)+`)`, q.args, func(r *sql.Rows) error {
		var id casefile.ID
		var d document
		err := r.Scan(&id, &d.number, &d.on, &d.issuer)
		of[id] = d
		return err
	})
	return of, err
}

// beside are the units that have a part in each of some lines, coordinating or requested.
func beside(tx *db.Tx, lines []directive.Line) (map[casefile.ID][]org.UnitID, error) {
	of := map[casefile.ID][]org.UnitID{}
	if len(lines) == 0 {
		return of, nil
	}
	ids := make([]casefile.ID, len(lines))
	for i := range lines {
		ids[i] = lines[i].ID
	}
	q := &statement{}
	// system: the caller has these assignments from a list of what he may see
	err := tx.All(`SELECT case_id, unit FROM assignment_part WHERE case_id IN (`+list(q, ids)+`) AND state <> 'ended' ORDER BY case_id, part, unit`, q.args, func(r *sql.Rows) error {
		var id casefile.ID
		var u org.UnitID
		err := r.Scan(&id, &u)
		of[id] = append(of[id], u)
		return err
	})
	return of, err
}
