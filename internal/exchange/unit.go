package exchange

import (
	"database/sql"
	"errors"
	"regexp"
	"strings"

	"lienthong/internal/db"
	"lienthong/internal/exchange/edxml"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/vntext"
)

// codeForm is that of QĐ 20/2020/QĐ-TTg and of the older order: groups of capitals and
// digits with points between, at most 35 letters.
var codeForm = regexp.MustCompile(`^[0-9A-Z]+(\.[0-9A-Z]+)*$`)

const longestCode = 35

// Codes are compared without blanks and in capitals, as they are typed.
func codeKey(code string) string {
	return strings.ToUpper(strings.Join(strings.Fields(code), ""))
}

// A Unit is how the document system knows a unit of ours.
type Unit struct {
	Unit     org.UnitID
	Codes    []string // the main one first; none: packets cannot name it
	Receives bool     // released papers go to it as packets
}

// SetUnit says by which codes the document system knows a unit, the first of them the one
// that packets of ours carry, and whether released papers go to it that way. A code
// belongs to one unit.
func SetUnit(tx *db.Tx, who org.Actor, in Unit) (err error) {
	defer fault.Wrap(&err, "exchange unit %s", in.Unit)
	u, err := org.UnitOf(tx, in.Unit)
	if err != nil {
		return err
	}
	if who.System == "" && !who.Root {
		return fault.Refuse(fault.Denied, "Chỉ quản trị của tỉnh đặt mã định danh của đơn vị.")
	}
	if in.Receives && len(in.Codes) == 0 {
		return fault.Field("codes", "Hãy ghi mã định danh của %s trước khi gửi văn bản đến đó.", u.Short)
	}
	if _, err := tx.Exec(`DELETE FROM exchange_code WHERE unit = $1`, string(in.Unit)); err != nil {
		return err
	}
	for i, c := range in.Codes {
		c = codeKey(c)
		if len(c) > longestCode || !codeForm.MatchString(c) {
			return fault.Field("codes", "Mã định danh %.40q không đúng dạng: các nhóm chữ in và số, cách nhau bằng dấu chấm, ví dụ H44.10.2.", c)
		}
		n, err := tx.Exec(`INSERT INTO exchange_code (code, unit, main, at) VALUES ($1, $2, $3, $4) ON CONFLICT (code) DO NOTHING`, c, string(in.Unit), i == 0, tx.Now)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Field("codes", "Mã định danh %s đã ghi cho đơn vị khác.", c)
		}
	}
	if err := stirUnknown(tx); err != nil { // what waits for one of these codes
		return err
	}
	if !in.Receives {
		_, err = tx.Exec(`DELETE FROM exchange_receiver WHERE unit = $1`, string(in.Unit))
		return err
	}
	by := string(who.Officer) + who.System
	_, err = tx.Exec(`INSERT INTO exchange_receiver (unit, since, by) VALUES ($1, $2, $3) ON CONFLICT (unit) DO NOTHING`, string(in.Unit), tx.Now, by)
	return err
}

// UnitOf returns how the document system knows a unit.
func UnitOf(tx *db.Tx, unit org.UnitID) (u Unit, err error) {
	u.Unit = unit
	err = tx.All(`SELECT code FROM exchange_code WHERE unit = $1 ORDER BY main DESC, code`, []any{string(unit)}, func(r *sql.Rows) error {
		var c string
		err := r.Scan(&c)
		u.Codes = append(u.Codes, c)
		return err
	})
	if err == nil {
		err = tx.One(`SELECT count(*) > 0 FROM exchange_receiver WHERE unit = $1`, []any{string(unit)}, &u.Receives)
	}
	return u, err
}

// unitOf finds the unit that a packet or a list names: by its code, or where there is
// none by its full or short name. "" when nobody here is called so: a name beside an
// unknown code proves nothing.
func unitOf(tx *db.Tx, o edxml.Organ) (unit org.UnitID, err error) {
	if o.ID != "" {
		err = tx.One(`SELECT unit FROM exchange_code WHERE code = $1`, []any{codeKey(o.ID)}, &unit)
		if errors.Is(err, fault.NotFound) {
			return "", nil
		}
		return unit, err
	}
	name := vntext.Fold(o.Name)
	if strings.TrimSpace(name) == "" {
		return "", nil
	}
	names, err := names(tx)
	return names[name], err
}

// Names of units stand under this key in a transaction.
type namesKey struct{}

// names are the folded names of the agencies that stand, read once a transaction; a name
// that two bear names neither.
func names(tx *db.Tx) (map[string]org.UnitID, error) {
	if m, ok := tx.Value(namesKey{}).(map[string]org.UnitID); ok {
		return m, nil
	}
	units, err := org.Units(tx, org.Filter{Requested: true})
	if err != nil {
		return nil, err
	}
	m := make(map[string]org.UnitID, 2*len(units))
	for _, u := range units {
		for _, n := range []string{vntext.Fold(u.Name), vntext.Fold(u.Short)} {
			if other, twice := m[n]; twice && other != u.ID {
				m[n] = ""
				continue
			}
			m[n] = u.ID
		}
	}
	tx.SetValue(namesKey{}, m)
	return m, nil
}
