package signoff

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/vntext"
	"lienthong/internal/workday"
)

// letterBook is the book of official letters (công văn), whose type has no abbreviation.
const letterBook = "CV"

// longestSymbol bounds a number and symbol, in letters.
const longestSymbol = 60

// An Outer is a number that the province's document system gave: taken as it is.
type Outer struct {
	Symbol   string // số, ký hiệu: "37/STP-HCTP"
	IssuedOn workday.Date
	ID       string // the document's id there; "" when not known
}

// An Entry is a line of a unit's register of documents that go out (sổ đăng ký văn bản đi).
type Entry struct {
	Unit     org.UnitID
	Section  org.UnitID // in the symbol of an official letter; "" none
	Book     string     // Kind.Book
	Code     string     // Kind.Code
	Year     int
	N        int64 // 0 for a number of the document system
	Number   string
	Symbol   string
	IssuedOn workday.Date
	Case     casefile.ID
	Paper    ID // "" for an act of one step
	OuterID  string
}

// Enter gives a document its number and writes it into the unit's register. The unit's
// own numbers begin at 1 with the year and have no gap in a book: a transaction that
// fails gives its number back. A number of the document system is taken as it is, once
// for each unit and day: again is a fault.Conflict.
func Enter(tx *db.Tx, who org.Actor, e Entry, outer Outer) (_ Entry, err error) {
	defer fault.Wrap(&err, "register of %s", e.Unit)
	if outer == (Outer{}) {
		err = e.next(tx)
	} else {
		err = e.take(tx, outer)
	}
	if err != nil {
		return e, err
	}
	var n any
	if e.N > 0 {
		n = e.N
	}
	added, err := tx.Exec(`
		INSERT INTO register_entry (unit, symbol, issued_on, book, year, n, case_id, paper, outer_id, by, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (unit, symbol, issued_on) DO NOTHING`,
		string(e.Unit), symbolKey(e.Symbol), e.IssuedOn.String(), e.Book, e.Year, n, string(e.Case), string(e.Paper), e.OuterID,
		string(who.Officer), tx.Now)
	if err == nil && added == 0 {
		err = &fault.Refusal{Kind: fault.Conflict, Field: "number",
			Say: fmt.Sprintf("Số %s ngày %s của đơn vị đã được ghi cho một văn bản khác. Hãy kiểm tra lại số và ngày.", e.Symbol, e.IssuedOn.Long())}
	}
	return e, err
}

// next takes the register's next number, dated today.
func (e *Entry) next(tx *db.Tx) error {
	tail, err := e.tail(tx)
	if err != nil {
		return err
	}
	e.IssuedOn = workday.Of(tx.Now)
	e.Year = e.IssuedOn.Year()
	if e.N, err = tx.Gapless(e.counter(e.Year)); err != nil {
		return err
	}
	e.Number = fmt.Sprintf("%02d", e.N)
	e.Symbol = e.Number + tail
	return nil
}

// counter names the row that counts a book's numbers in a year.
func (e *Entry) counter(year int) string {
	return fmt.Sprintf("register/%s/%s/%d", e.Unit, e.Book, year)
}

// tail is what follows the number: "/BC-STP" for a named type of document, "/STP-HCTP"
// for an official letter, with the section that wrote it (NĐ 30/2020, Phụ lục I). A unit
// without an abbreviation has none, and none is made up.
func (e *Entry) tail(tx *db.Tx) (string, error) {
	u, err := org.UnitOf(tx, e.Unit)
	if err != nil || u.Abbr == "" {
		return "", err
	}
	if e.Code != "" {
		return "/" + e.Code + "-" + u.Abbr, nil
	}
	if e.Section == "" {
		return "/" + u.Abbr, nil
	}
	s, err := org.UnitOf(tx, e.Section)
	if err != nil || s.Abbr == "" {
		return "/" + u.Abbr, err
	}
	return "/" + u.Abbr + "-" + s.Abbr, nil
}

// take checks a number that was given elsewhere.
func (e *Entry) take(tx *db.Tx, o Outer) error {
	symbol := strings.Join(strings.Fields(vntext.NFC(o.Symbol)), "")
	number, _, _ := strings.Cut(symbol, "/")
	switch {
	case symbol == "":
		return fault.Field("number", "Hãy ghi số, ký hiệu mà hệ thống quản lý văn bản đã cấp.")
	case utf8.RuneCountInString(symbol) > longestSymbol || !strings.ContainsAny(number, "0123456789"):
		return fault.Field("number", "Số, ký hiệu %q không đúng dạng; ví dụ: 37/STP-HCTP.", vntext.Truncate(symbol, longestSymbol))
	case utf8.RuneCountInString(o.ID) > longestSymbol:
		return fault.Field("outer_id", "Mã văn bản ở hệ thống quản lý văn bản dài quá %d chữ.", longestSymbol)
	case o.IssuedOn.IsZero():
		return fault.Field("issued_on", "Hãy ghi ngày của văn bản số %s.", symbol)
	case o.IssuedOn.After(workday.Of(tx.Now)):
		return fault.Field("issued_on", "Ngày của văn bản không thể sau hôm nay.")
	}
	e.Number, e.Symbol, e.IssuedOn, e.OuterID, e.Year, e.N = number, symbol, o.IssuedOn, strings.TrimSpace(o.ID), o.IssuedOn.Year(), 0
	return nil
}

// symbolKey is how two ways of typing one symbol compare.
func symbolKey(symbol string) string {
	return strings.ToUpper(strings.Join(strings.Fields(symbol), ""))
}

// Entries returns a book of a year of a unit's own register, by number from after on, at
// most limit: to the unit's own people only.
func Entries(tx *db.Tx, who org.Actor, unit org.UnitID, book string, year int, after int64, limit int) (all []Entry, err error) {
	defer fault.Wrap(&err, "register of %s", unit)
	if who.System == "" && !who.In(unit) {
		return nil, fault.NotFound
	}
	// system: the unit's own register is read by its own people, whatever the cases
	err = tx.All(`
		SELECT unit, book, year, n, symbol, issued_on, case_id, paper, outer_id FROM register_entry
		WHERE unit = $1 AND book = $2 AND year = $3 AND n > $4 ORDER BY n LIMIT $5`,
		[]any{string(unit), book, year, after, limit}, func(r *sql.Rows) error {
			var e Entry
			err := r.Scan(&e.Unit, &e.Book, &e.Year, &e.N, &e.Symbol, &e.IssuedOn, &e.Case, &e.Paper, &e.OuterID)
			e.Number, _, _ = strings.Cut(e.Symbol, "/")
			all = append(all, e)
			return err
		})
	return all, err
}

// ByNumber returns the case of a document that a unit issued, by its number, symbol and
// date: how an answer that went through the document system is joined to its case. It is
// fault.NotFound when none is known or who may not read the case.
func ByNumber(tx *db.Tx, who org.Actor, unit org.UnitID, symbol string, on workday.Date) (c *casefile.Case, err error) {
	var id casefile.ID
	// system: Get below decides whether who may read the case
	err = tx.One(`SELECT case_id FROM register_entry WHERE unit = $1 AND symbol = $2 AND issued_on = $3`,
		[]any{string(unit), symbolKey(vntext.NFC(symbol)), on.String()}, &id)
	if err != nil {
		if errors.Is(err, fault.NotFound) {
			return nil, fault.NotFound
		}
		return nil, err
	}
	return casefile.Get(tx, who, id)
}
