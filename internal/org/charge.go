package org

import (
	"database/sql"
	"slices"
	"strings"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/workday"
)

// A Charge (phân công phụ trách) gives a deputy fields and areas to look after. It
// stands until another replaces it, and is the basis of KT. and of a deputy's board.
type Charge struct {
	ID      string
	Officer OfficerID
	Unit    UnitID
	Whole   bool     // the unit's whole work
	Fields  []string // ids of fields; a field holds its parts
	Areas   []UnitID // units looked after
	Number  string   // of the paper that says so
	Date    workday.Date
	Since   workday.Date
	Until   workday.Date // the first day on which it no longer holds
}

// coversField says whether one of fields is field or holds it: "tu-phap" holds
// "tu-phap.03".
func coversField(fields []string, field string) bool {
	return slices.ContainsFunc(fields, func(f string) bool {
		return f == field || strings.HasPrefix(field, f+".")
	})
}

// Charges returns the charges in force in a unit on a day.
func Charges(tx *db.Tx, unit UnitID, on workday.Date) ([]Charge, error) {
	return chargesWhere(tx, `c.unit = $1`, unit, on)
}

// ChargesOf returns the charges that an officer has today, in any unit.
func ChargesOf(tx *db.Tx, officer OfficerID) ([]Charge, error) {
	return chargesWhere(tx, `c.officer = $1`, officer, today(tx))
}

// Charges with their scopes that hold on a day.
func chargesWhere(tx *db.Tx, where string, id any, on workday.Date) (all []Charge, err error) {
	err = tx.All(`
		SELECT c.id, c.officer, c.unit, c.whole, c.number, c.dated, c.since, c.until, coalesce(s.kind, ''), coalesce(s.value, '')
		FROM charge c LEFT JOIN charge_scope s ON s.charge = c.id
		WHERE `+where+` AND c.since <= $2 AND (c.until IS NULL OR c.until > $2)
		ORDER BY c.id, s.kind, s.value`, []any{id, on}, func(r *sql.Rows) error {
		var c Charge
		var kind, value string
		if err := r.Scan(&c.ID, &c.Officer, &c.Unit, &c.Whole, &c.Number, &c.Date, &c.Since, &c.Until, &kind, &value); err != nil {
			return err
		}
		if n := len(all); n == 0 || all[n-1].ID != c.ID {
			all = append(all, c)
		}
		last := &all[len(all)-1]
		switch kind {
		case "field":
			last.Fields = append(last.Fields, value)
		case "area":
			last.Areas = append(last.Areas, UnitID(value))
		}
		return nil
	})
	return all, err
}

// SetCharge gives a deputy his charge in a unit from c.Since (zero: today); the charge
// he had there ends that day.
func SetCharge(tx *db.Tx, who Actor, c Charge) (err error) {
	defer fault.Wrap(&err, "set charge of %s in %s", c.Officer, c.Unit)
	if err := hold(tx); err != nil {
		return err
	}
	if err := c.check(tx); err != nil {
		return err
	}
	was, err := chargesWhere(tx, `c.officer = $1`, c.Officer, c.Since)
	if err != nil {
		return err
	}
	// one that was to begin later is replaced too: it never holds
	if _, err := tx.Exec(`UPDATE charge SET until = CASE WHEN since > $1 THEN since ELSE $1 END
		WHERE officer = $2 AND unit = $3 AND (until IS NULL OR until > $1)`, c.Since, c.Officer, c.Unit); err != nil {
		return err
	}
	c.ID = tx.NewID()
	if err := insertCharges(tx, []Charge{c}); err != nil {
		return err
	}
	was = slices.DeleteFunc(was, func(w Charge) bool { return w.Unit != c.Unit })
	if err := traced(tx, who, "SetCharge", c.Unit, c.ID, was, c); err != nil {
		return err
	}
	if err := changed(tx, false, true); err != nil {
		return err
	}
	return remember(tx, c.Officer)
}

// A charge names what it is about and the paper it rests on; "everything" must be said.
func (c *Charge) check(tx *db.Tx) error {
	if c.Since.IsZero() {
		c.Since = today(tx)
	}
	if !c.Whole && len(c.Fields) == 0 && len(c.Areas) == 0 {
		return fault.Field("fields", "Cần nêu ít nhất một lĩnh vực hoặc địa bàn được phân công phụ trách, hoặc chọn toàn bộ công việc.")
	}
	if err := basis(&c.Number, c.Date); err != nil {
		return err
	}
	for _, f := range c.Fields {
		if !fieldID(f) {
			return fault.Field("fields", "Mã lĩnh vực %q không đúng.", f)
		}
	}
	for _, a := range c.Areas {
		if _, err := UnitOf(tx, a); err != nil {
			return fault.Field("areas", "Địa bàn %q không có trong danh mục đơn vị.", a)
		}
	}
	posts, err := postsOf(tx, c.Officer, c.Since)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(posts, func(p Post) bool { return p.Unit == c.Unit && p.Role == Leader && p.Deputy }) {
		return fault.Field("officer", "Chỉ phân công phụ trách cho cấp phó của người đứng đầu; người này không giữ chức vụ đó tại đơn vị vào ngày %s.", c.Since.Long())
	}
	slices.Sort(c.Fields)
	c.Fields = slices.Compact(c.Fields)
	slices.Sort(c.Areas)
	c.Areas = slices.Compact(c.Areas)
	return nil
}

// Charges and their scopes, several at once.
func insertCharges(tx *db.Tx, all []Charge) error {
	var rows, scope [][]any
	for _, c := range all {
		rows = append(rows, []any{c.ID, c.Officer, c.Unit, c.Whole, c.Number, c.Date, c.Since, c.Until})
		for _, f := range c.Fields {
			scope = append(scope, []any{c.ID, "field", f})
		}
		for _, a := range c.Areas {
			scope = append(scope, []any{c.ID, "area", a})
		}
	}
	if err := insert(tx, `INSERT INTO charge (id, officer, unit, whole, number, dated, since, until) VALUES `, rows); err != nil {
		return err
	}
	return insert(tx, `INSERT INTO charge_scope (charge, kind, value) VALUES `, scope)
}
