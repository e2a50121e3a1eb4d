package org

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"lienthong/internal/fault"
	"lienthong/internal/vntext"
	"lienthong/internal/workday"
)

// A LineError says what is wrong with one line of a file; the heading is line 1.
type LineError struct {
	Line int
	Say  string // in Vietnamese
}

// Error returns the sentence with its line.
func (e LineError) Error() string { return fmt.Sprintf("dòng %d: %s", e.Line, e.Say) }

// The columns of the two files; the order is free, columns without a star may be left
// out, others are refused.
var (
	unitColumns    = []string{"id*", "parent", "owner", "name*", "short", "abbr", "kind*", "level", "since"}
	officerColumns = []string{"id*", "name*", "email", "phone", "unit*", "section", "role*", "title*", "deputy", "acting", "since"}
)

// ImportUnits reads a CSV file of units: id, parent, owner (for sections), name, short,
// abbr, kind, level (tinh, xa), since. It knows only the file; CheckUnits knows the store.
func ImportUnits(r io.Reader) (rows []UnitLine, bad []LineError) {
	bad = eachLine(r, unitColumns, func(line int, f record) error {
		u := Unit{ID: UnitID(f["id"]), Parent: UnitID(f["parent"]), Owner: UnitID(f["owner"]), Name: f["name"], Short: f["short"],
			Abbr: f["abbr"], Kind: f["kind"], Level: f["level"]}
		if !unitForm.MatchString(f["id"]) {
			return fault.Field("id", "Mã đơn vị %q không đúng: chỉ gồm chữ thường không dấu, số, dấu gạch ngang.", f["id"])
		}
		var err error
		if u.Name, err = text("name", "Tên đơn vị", u.Name); err == nil {
			u.Since, err = day(f["since"])
		}
		rows = append(rows, UnitLine{line, u})
		return err
	})
	return rows, bad
}

// ImportOfficers reads a CSV file of officers with their posts: id, name, email, phone,
// unit, section, role, title, deputy (có, không), acting, since.
func ImportOfficers(r io.Reader) (rows []OfficerLine, bad []LineError) {
	bad = eachLine(r, officerColumns, func(line int, f record) (err error) {
		o := Officer{ID: OfficerID(f["id"]), Name: f["name"], Email: f["email"], Phone: f["phone"], Active: true}
		if err := o.check(); err != nil {
			return err
		}
		p := Post{Officer: o.ID, Unit: UnitID(f["unit"]), Section: UnitID(f["section"]), Role: Role(f["role"])}
		if p.Title, err = text("title", "Chức danh", f["title"]); err != nil {
			return err
		}
		if p.Deputy, err = yes("deputy", f["deputy"]); err != nil {
			return err
		}
		if p.Acting, err = yes("acting", f["acting"]); err != nil {
			return err
		}
		p.Since, err = day(f["since"])
		rows = append(rows, OfficerLine{line, o, p})
		return err
	})
	return rows, bad
}

// An empty cell is no day.
func day(s string) (workday.Date, error) {
	if s == "" {
		return workday.Date{}, nil
	}
	return workday.ParseDate(s)
}

// Yes and no as people write them in a sheet.
func yes(field, s string) (bool, error) {
	switch vntext.Fold(s) {
	case "co", "true", "1", "x":
		return true, nil
	case "", "khong", "false", "0":
		return false, nil
	}
	return false, fault.Field(field, "Cột %s chỉ nhận \"có\" hoặc \"không\", không nhận %q.", field, s)
}

// eachLine calls each for every line under the heading, its cells trimmed and in NFC,
// and gathers what is wrong, line by line; a broken file ends it.
func eachLine(r io.Reader, columns []string, each func(line int, f record) error) (bad []LineError) {
	in := csv.NewReader(r)
	in.FieldsPerRecord = -1
	heading, err := in.Read()
	if err != nil {
		return []LineError{{1, "tệp không có dòng tiêu đề."}}
	}
	if say := checkHeading(heading, columns); say != "" {
		return []LineError{{1, say}}
	}
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			return bad
		}
		line, _ := in.FieldPos(0)
		if err != nil {
			return append(bad, LineError{line, "không đọc được dòng này: dấu nháy hoặc ký tự không đúng dạng CSV."})
		}
		if len(cells) != len(heading) {
			bad = append(bad, LineError{line, fmt.Sprintf("có %d ô, tiêu đề có %d.", len(cells), len(heading))})
			continue
		}
		f := make(record, len(cells))
		for i, c := range cells {
			f[heading[i]] = vntext.NFC(strings.TrimSpace(c))
		}
		if err := each(line, f); err != nil {
			bad = append(bad, lineError(line, err))
		}
	}
}

// checkHeading cleans the column names in place and says what is wrong with them.
func checkHeading(heading, columns []string) string {
	for i, h := range heading {
		heading[i] = strings.TrimSpace(strings.TrimPrefix(h, "\ufeff"))
		if !slices.Contains(columns, heading[i]) && !slices.Contains(columns, heading[i]+"*") {
			return fmt.Sprintf("không có cột %q; các cột: %s.", heading[i], strings.Join(columns, ", "))
		}
	}
	for _, c := range columns {
		if name, must := strings.CutSuffix(c, "*"); must && !slices.Contains(heading, name) {
			return fmt.Sprintf("thiếu cột %q.", name)
		}
	}
	return ""
}

// A row's mistake in words; one of our own as it is.
func lineError(line int, err error) LineError {
	if r, ok := fault.Sentence(err); ok {
		return LineError{line, r.Say}
	}
	return LineError{line, err.Error()}
}

// A file with one bad row is refused as a whole: half of an office would be harder to repair than none.
func refuseFile(bad []LineError) error {
	return fault.Refuse(fault.Invalid, "Tệp có %d dòng không nhận được, dòng đầu tiên: %s", len(bad), bad[0].Error())
}
