package filter

import (
	"slices"
	"strconv"
	"strings"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/workday"
)

// Words is a condition of words that are looked for: nothing typed is wrong.
func Words(name, label string) Condition {
	return Condition{Name: name, Label: label, Shape: Shape{Free: true}}
}

// Opaque is what a list gave out itself, like the place at which it goes on; the list
// refuses what it did not give.
func Opaque(name, label string) Condition { return Condition{Name: name, Label: label} }

// Choice is one of few values.
func Choice(name, label string, all ...Option) Condition {
	return Condition{Name: name, Label: label, Choose: all, rule: "không có giá trị %; hãy chọn trong danh sách.",
		clean: func(v string) (string, bool) {
			return v, slices.ContainsFunc(all, func(o Option) bool { return o.Value == v })
		}}
}

// Options pairs values with their words.
func Options[T ~string](say func(T) string, values ...T) (all []Option) {
	for _, v := range values {
		all = append(all, Option{string(v), say(v)})
	}
	return all
}

// In gives the words of a table, for Options.
func In[T ~string](words map[T]string) func(T) string { return func(v T) string { return words[v] } }

// Yes is a condition that holds or does not: 1 or true, 0 or false.
func Yes(name, label string) Condition {
	return Condition{Name: name, Label: label, Shape: Shape{Type: "boolean"}, rule: "% không phải là có hoặc không; ghi 1 (có) hoặc 0 (không).",
		clean: func(v string) (string, bool) {
			switch strings.ToLower(v) {
			case "1", "true":
				return "1", true
			case "0", "false":
				return "", true
			}
			return "", false
		}}
}

// Day is a day as people type it or as 2026-02-10.
func Day(name, label string) Condition {
	return Condition{Name: name, Label: label, Shape: Shape{Format: "date"}, rule: "% không phải là ngày; ghi như 05/03/2026 hoặc 2026-03-05.",
		clean: func(v string) (string, bool) {
			d, err := workday.TypedDate(v)
			return d.String(), err == nil
		}}
}

// Number is a whole number from lowest to highest.
func Number(name, label string, lowest, highest int) Condition {
	return Condition{Name: name, Label: label, Shape: Shape{Type: "integer", Min: lowest, Max: highest},
		rule: "% không được; ghi số từ " + strconv.Itoa(lowest) + " đến " + strconv.Itoa(highest) + ".",
		clean: func(v string) (string, bool) {
			n, err := strconv.Atoi(v)
			return v, err == nil && n >= lowest && n <= highest
		}}
}

// Formed is what parse takes; rule says how it is written, with % for what was sent.
func Formed(name, label, rule string, parse func(v string) error) Condition {
	return Condition{Name: name, Label: label, rule: rule, clean: func(v string) (string, bool) { return v, parse(v) == nil }}
}

// Unit is a unit that stands or stood.
func Unit(name, label string) Condition {
	return Condition{Name: name, Label: label, rule: "không có đơn vị nào mang mã %.",
		known: func(tx *db.Tx, _ org.Actor, v string) (bool, error) {
			_, err := org.UnitOf(tx, org.UnitID(v))
			return there(err)
		}}
}

// Commune is a commune or ward.
func Commune(name, label string) Condition {
	return Condition{Name: name, Label: label, rule: "không có xã, phường nào mang mã %.",
		known: func(tx *db.Tx, _ org.Actor, v string) (bool, error) {
			u, err := org.UnitOf(tx, org.UnitID(v))
			ok, err := there(err)
			return ok && u.Level == org.LevelCommune, err
		}}
}

// Field is a field of the rulebook in force.
func Field(name, label string) Condition {
	return Condition{Name: name, Label: label, rule: "không có lĩnh vực nào mang mã %.",
		known: func(tx *db.Tx, _ org.Actor, v string) (bool, error) {
			rb, err := regulation.Current(tx)
			if ok, err := there(err); !ok {
				return false, err
			}
			return slices.ContainsFunc(rb.Catalogue(), func(f regulation.Field) bool { return f.ID == v }), nil
		}}
}

// UnitKind is a kind of unit that this office has.
func UnitKind(name, label string) Condition {
	return Condition{Name: name, Label: label, rule: "không có loại cơ quan %.",
		known: func(tx *db.Tx, _ org.Actor, v string) (bool, error) {
			all, err := org.Units(tx, org.Filter{Requested: true, Sections: true})
			return slices.ContainsFunc(all, func(u org.Unit) bool { return u.Kind == v }), err
		}}
}

// Officer is a person of this office.
func Officer(name, label string) Condition {
	return Condition{Name: name, Label: label, rule: "không có cán bộ nào mang mã %.",
		known: func(tx *db.Tx, _ org.Actor, v string) (bool, error) {
			_, err := org.OfficerOf(tx, org.OfficerID(v))
			return there(err)
		}}
}

// Area is an area of communes.
func Area(name, label string) Condition {
	return Condition{Name: name, Label: label, rule: "không có địa bàn nào tên là %.",
		known: func(tx *db.Tx, _ org.Actor, v string) (bool, error) {
			all, err := org.Units(tx, org.Filter{Level: org.LevelCommune, Ended: true})
			return slices.ContainsFunc(all, func(u org.Unit) bool { return u.Region == v }), err
		}}
}

// Case is a case that the reader may see. One that is not there and one that he may not
// see are refused alike.
func Case(name, label string) Condition {
	return Condition{Name: name, Label: label, Shape: Shape{Pattern: "^[0-9a-v]{26}$"}, rule: "không có hồ sơ nào mang mã %, hoặc anh/chị không được xem.",
		clean: func(v string) (string, bool) { return v, db.ValidID(v) },
		known: func(tx *db.Tx, who org.Actor, v string) (bool, error) {
			_, err := casefile.Get(tx, who, casefile.ID(v))
			return there(err)
		}}
}

// ID is an id of 26 letters whose thing the list itself looks for.
func ID(name, label string) Condition {
	return Condition{Name: name, Label: label, Shape: Shape{Pattern: "^[0-9a-v]{26}$"}, rule: "% không phải là mã 26 chữ.",
		clean: func(v string) (string, bool) { return v, db.ValidID(v) }}
}

// there says whether what was asked for exists; another error than its absence stays one.
func there(err error) (bool, error) {
	if fault.Kind(err) == fault.NotFound {
		return false, nil
	}
	return err == nil, err
}
