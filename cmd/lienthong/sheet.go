package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"lienthong/internal/bank"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/regulation"
	"lienthong/internal/signoff"
	"lienthong/internal/vntext"
	"lienthong/internal/workday"
)

// A column of an imported file: its name, and whether every row fills it.
type column struct {
	name string
	must bool // a row without it is refused
}

// columnsOf says which columns a file of each kind has. Others in it are refused: a
// misspelt heading would lose its whole column in silence.
var columnsOf = map[string][]column{
	"units": {{"id", true}, {"parent", true}, {"owner", false}, {"name", true}, {"short", true}, {"abbr", false},
		{"kind", true}, {"level", true}, {"place", false}},
	"officers": {{"id", true}, {"name", true}, {"email", false}, {"phone", false}, {"unit", true}, {"section", false},
		{"role", true}, {"title", true}, {"deputy", false}},
	"petitions": {{"officer", true}, {"unit", true}, {"title", true}, {"field", true}, {"text", true}, {"basis", false},
		{"tried", false}, {"proposal", false}, {"met_on", false}, {"symbol", false}, {"issued_on", false}},
	"ended": {{"symbol", true}, {"ended_on", true}, {"replaced_by", false}, {"source", true}},
}

// A row is one line of a file by column, in NFC without space around.
type row map[string]string

// A sheet reads a CSV file row by row and knows where it is.
type sheet struct {
	r       *csv.Reader
	columns []string
	want    []column
	line    int   // of the row read last
	base    int64 // byte offset of the reader's beginning
	lines   int   // lines before it
}

// Reads the heading at once: a file whose columns are not those of the kind is refused before a row of it
// is looked at.
func newSheet(r io.Reader, want []column) (*sheet, error) {
	s := &sheet{r: csv.NewReader(r), want: want}
	heading, err := s.r.Read()
	if err != nil {
		return nil, fault.Refuse(fault.Invalid, "Không đọc được dòng tên cột: %v.", err)
	}
	heading[0] = strings.TrimPrefix(heading[0], "\ufeff") // spreadsheets put a mark before UTF-8
	has := map[string]bool{}
	for _, name := range heading {
		name = strings.TrimSpace(name)
		if has[name] {
			return nil, fault.Refuse(fault.Invalid, "Cột %q có hai lần.", name)
		}
		has[name] = true
		s.columns = append(s.columns, name)
	}
	for _, c := range want {
		if c.must && !has[c.name] {
			return nil, fault.Refuse(fault.Invalid, "Thiếu cột %q.", c.name)
		}
		delete(has, c.name)
	}
	for name := range has {
		return nil, fault.Refuse(fault.Invalid, "Không biết cột %q.", name)
	}
	s.r.FieldsPerRecord = len(s.columns)
	return s, nil
}

// next returns the next row; io.EOF ends.
func (s *sheet) next() (row, error) {
	values, err := s.r.Read()
	if err == io.EOF {
		return nil, err
	}
	if err != nil {
		s.line++
		if p, ok := err.(*csv.ParseError); ok {
			s.line = p.StartLine + s.lines
		}
		return nil, fault.Refuse(fault.Invalid, "không đúng dạng CSV hoặc thiếu, thừa cột: %v.", err)
	}
	line, _ := s.r.FieldPos(0)
	s.line = line + s.lines
	out := row{}
	for i, v := range values {
		out[s.columns[i]] = vntext.NFC(strings.TrimSpace(v))
	}
	for _, c := range s.want {
		if c.must && out[c.name] == "" {
			return nil, fault.Field(c.name, "để trống.")
		}
	}
	return out, nil
}

// cursor says where the next row begins, for skipTo.
func (s *sheet) cursor() string {
	line, _ := s.r.FieldPos(len(s.columns) - 1)
	return fmt.Sprintf("%d:%d", s.base+s.r.InputOffset(), line+s.lines)
}

// skipTo goes on at a cursor of the same file; "" stays behind the heading.
func (s *sheet) skipTo(f io.ReadSeeker, cursor string) error {
	if cursor == "" {
		return nil
	}
	if _, err := fmt.Sscanf(cursor, "%d:%d", &s.base, &s.lines); err != nil {
		return fmt.Errorf("cursor %q: %w", cursor, err)
	}
	if _, err := f.Seek(s.base, io.SeekStart); err != nil {
		return err
	}
	s.r = csv.NewReader(f)
	s.r.FieldsPerRecord = len(s.columns)
	return nil
}

// A checker compares rows with the office before any is taken. What it asked once it
// keeps: a file of a million rows names a few hundred units.
type checker struct {
	tx    *db.Tx
	kind  string
	units map[string]bool             // known to be there
	new   map[string]bool             // ids that earlier rows of the file bring
	works map[org.OfficerID]org.Actor // officers known

	resting int64                // entries of the bank that rest on the texts of the file
	rb      *regulation.Rulebook // read at the first petition
}

// Works tells who acts for a row's officer; kept, because a file of a thousand petitions has a dozen
// officers.
func newChecker(tx *db.Tx, kind string) *checker {
	return &checker{tx: tx, kind: kind, units: map[string]bool{}, new: map[string]bool{}, works: map[org.OfficerID]org.Actor{}}
}

// One row against the store and against the rows before it: a file may name a unit that it brings itself.
func (c *checker) check(r row) error {
	switch c.kind {
	case "units":
		if c.new[r["id"]] {
			return fault.Field("id", "mã %q đã có ở dòng trên.", r["id"])
		}
		c.new[r["id"]] = true
		return c.unit("parent", r["parent"])
	case "officers":
		if r["deputy"] != "" && r["deputy"] != "true" && r["deputy"] != "false" {
			return fault.Field("deputy", "ghi true hoặc false.")
		}
		if r["section"] != "" {
			if err := c.unit("section", r["section"]); err != nil {
				return err
			}
		}
		return c.unit("unit", r["unit"])
	case "ended":
		x, err := endedOf(r)
		if err != nil {
			return err
		}
		if c.new[x.Symbol] {
			return fault.Field("symbol", "văn bản %s đã có ở dòng trên.", x.Symbol)
		}
		c.new[x.Symbol] = true
		n, err := bank.RestingOn(c.tx, x.Symbol)
		c.resting += n
		return err
	}
	return c.petition(r)
}

// done says what the rows come to beyond their number, when all of them were read.
func (c *checker) done(a *app) {
	if c.kind == "ended" {
		a.printf("%d mục giải đáp đã duyệt có căn cứ ở các văn bản này.\n", c.resting)
	}
}

// endedOf reads a row of the list of texts that end: its day as 2026-07-01.
func endedOf(r row) (x bank.Ended, err error) {
	x = bank.Ended{Symbol: r["symbol"], ReplacedBy: r["replaced_by"], Source: r["source"]}
	if x.EndedOn, err = workday.ParseDate(r["ended_on"]); err != nil {
		return x, fault.Field("ended_on", "ngày %q không đúng; ghi như 2026-07-01.", r["ended_on"])
	}
	return x, x.Check()
}

// Whether a unit is there, asked once an id; field names the column of the refusal.
func (c *checker) unit(field, id string) error {
	if c.new[id] || c.units[id] {
		return nil
	}
	if _, err := org.UnitOf(c.tx, org.UnitID(id)); err != nil {
		return fault.Field(field, "không có đơn vị nào mang mã %q.", id)
	}
	c.units[id] = true
	return nil
}

// The row of a petition is checked as the operation would check it, so that a file is refused as a whole
// before anything of it stands.
func (c *checker) petition(r row) (err error) {
	if c.rb == nil {
		if c.rb, err = regulation.Current(c.tx); err != nil {
			return err
		}
	}
	if err := c.unit("unit", r["unit"]); err != nil {
		return err
	}
	id := org.OfficerID(r["officer"])
	who, known := c.works[id]
	if !known {
		if who, err = org.ActorOf(c.tx, id); err != nil {
			return fault.Field("officer", "không có cán bộ nào đang làm việc mang mã %q.", r["officer"])
		}
		c.works[id] = who
	}
	if _, err := c.rb.UnitFor(r["field"], c.tx.Now); err != nil {
		return fault.Field("field", "không có lĩnh vực nào mang mã %q.", r["field"])
	}
	for _, name := range []string{"met_on", "issued_on"} {
		if _, err := optionalDay(name, r[name]); err != nil {
			return err
		}
	}
	for name, text := range r {
		if mark, found := vntext.SecretMark(text); found {
			return fault.Field(name, "có dấu độ mật “%s”; tài liệu bí mật nhà nước không được nạp.", mark)
		}
	}
	in, err := raiseOf(r)
	if err != nil {
		return err
	}
	return petition.CheckRaise(c.tx, who, in)
}

// An empty cell is the zero day: many files of before have no day in that column.
func optionalDay(field, s string) (d workday.Date, err error) {
	if s == "" {
		return d, nil
	}
	if d, err = workday.ParseDate(s); err != nil {
		return d, fault.Field(field, "ngày %q không đúng; ghi như 2026-02-10.", s)
	}
	return d, nil
}

// take does one row of a file through the operation that a person would use. A unit or
// officer that is there already is left as it is.
func take(tx *db.Tx, kind string, r row) error {
	who := org.System("import")
	switch kind {
	case "units":
		if _, err := org.UnitOf(tx, org.UnitID(r["id"])); err == nil {
			return nil
		}
		return org.AddUnit(tx, who, org.Unit{ID: org.UnitID(r["id"]), Parent: org.UnitID(r["parent"]), Owner: org.UnitID(r["owner"]), Name: r["name"],
			Short: r["short"], Abbr: r["abbr"], Kind: r["kind"], Level: r["level"], Place: r["place"]})
	case "officers":
		return takeOfficer(tx, who, r)
	case "ended":
		x, err := endedOf(r)
		if err != nil {
			return err
		}
		return bank.EndText(tx, who, x)
	}
	return takePetition(tx, r)
}

// Takes an officer with his post. One who is already there is left alone, so that a file can be given
// twice.
func takeOfficer(tx *db.Tx, who org.Actor, r row) error {
	id, unit := org.OfficerID(r["id"]), org.UnitID(r["unit"])
	if _, err := org.OfficerOf(tx, id); err == nil {
		return nil
	}
	if _, err := org.AddOfficer(tx, who, unit, org.Officer{ID: id, Name: r["name"], Email: r["email"], Phone: r["phone"], Active: true}); err != nil {
		return err
	}
	_, err := org.AssignPost(tx, who, org.Post{Officer: id, Unit: unit, Section: org.UnitID(r["section"]), Role: org.Role(r["role"]), Title: r["title"], Deputy: r["deputy"] == "true"})
	return err
}

// takePetition raises one petition as the officer the row names, who must be able to
// raise it by himself: an import signs nothing for anybody.
func takePetition(tx *db.Tx, r row) error {
	who, err := org.ActorOf(tx, org.OfficerID(r["officer"]))
	if err != nil {
		return err
	}
	in, err := raiseOf(r)
	if err != nil {
		return err
	}
	_, err = petition.RaiseNow(tx, who, in)
	return err
}

// raiseOf is a row as the petition it stands for.
func raiseOf(r row) (in petition.Raise, err error) {
	issued, err := optionalDay("issued_on", r["issued_on"])
	if err != nil {
		return in, err
	}
	in = petition.Raise{Unit: org.UnitID(r["unit"]), Title: r["title"], Field: r["field"], Text: r["text"], Basis: r["basis"], Proposal: r["proposal"],
		MetOn: r["met_on"], Paper: signoff.Outer{Symbol: r["symbol"], IssuedOn: issued}}
	if tried := r["tried"]; tried != "" {
		in.Tried = &tried
	}
	return in, nil
}
