package board

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/regulation"
)

// A Dimension is what the rows of a board are (bảng xếp theo).
type Dimension string

// The dimensions; the zero value is ByUnit.
const (
	ByUnit    Dimension = "unit"    // cơ quan phải làm
	ByField   Dimension = "field"   // lĩnh vực
	ByArea    Dimension = "area"    // địa bàn
	ByCommune Dimension = "commune" // xã, phường kiến nghị
	ByDesk    Dimension = "desk"    // chuyên viên theo dõi
)

// Dimensions are the ways to lay a board out, in the order of tabs. Rows by desk officer say
// what each of them follows, in the order of names: no person is ranked by them.
var Dimensions = []struct {
	By  Dimension
	Say string
}{{ByUnit, "Cơ quan phải làm"}, {ByField, "Lĩnh vực"}, {ByArea, "Địa bàn"}, {ByCommune, "Xã, phường"}, {ByDesk, "Chuyên viên theo dõi"}}

// None in a filter or a key is what has no field, no region or no desk officer.
const None = "-"

// With is the filter narrowed to one row of its board.
func (f Filter) With(key string) Filter {
	switch f.By {
	case ByField:
		f.Field = key
	case ByArea:
		f.Area = key
	case ByCommune:
		f.Commune = org.UnitID(key)
	case ByDesk:
		f.Desk = key
	default:
		f.Units = []org.UnitID{org.UnitID(key)}
	}
	return f
}

// A cell is the least part that boards add up: one unit's duties to one commune in one field.
type cell struct {
	unit    org.UnitID
	commune org.UnitID // who raised it
	field   string
}

// places knows the region of each unit and who follows which field where, as far as a
// filter or a board asks.
type places struct {
	region map[org.UnitID]string // by commune
	desks  []org.Watch
	pairs  []cell // fields and communes that have duties; only for a filter by desk
}

// places reads what the filter needs to tell places apart.
func (f *Filter) places(tx *db.Tx) (p places, err error) {
	if f.Area == "" && f.Desk == "" && f.By != ByArea && f.By != ByDesk {
		return p, nil
	}
	every, err := org.Units(tx, org.Filter{Requested: true, Ended: true})
	if err != nil {
		return p, err
	}
	p.region = make(map[org.UnitID]string, len(every))
	for _, u := range every {
		p.region[u.ID] = u.Region
	}
	if f.Desk == "" && f.By != ByDesk {
		return p, nil
	}
	if p.desks, err = org.Desks(tx); err != nil || f.Desk == "" {
		return p, err
	}
	p.pairs, err = pairs(tx)
	return p, err
}

// pairs are the fields and communes in which there was ever a petition, in order.
func pairs(tx *db.Tx) (all []cell, err error) {
	there := map[cell]bool{}
	add := func(s *duty.Sum) { there[cell{field: s.Field, commune: s.Counterpart}] = true }
	if err := duty.EachOpen(tx, petition.MustAnswer, add); err != nil {
		return nil, err
	}
	if err := duty.EachEnded(tx, petition.MustAnswer, duty.Ever, duty.Apart{Counterpart: true, Field: true}, add); err != nil {
		return nil, err
	}
	all = slices.Collect(maps.Keys(there))
	slices.SortFunc(all, func(a, b cell) int { return cmp.Or(cmp.Compare(a.field, b.field), cmp.Compare(a.commune, b.commune)) })
	return all, nil
}

// The area of a commune; None for a unit outside all areas.
func (p places) area(commune org.UnitID) string { return cmp.Or(p.region[commune], None) }

// The desk officer for a cell. More than one may fit; org says who goes before whom.
func (p places) desk(c cell) string {
	id, ok := org.DeskOf(p.desks, c.field, c.commune, p.region[c.commune])
	if !ok {
		return None
	}
	return string(id)
}

// keeps says whether the filter takes a cell.
func (f *Filter) keeps(p places, c cell) bool {
	switch {
	case f.Field == None && c.field != "", f.Field != "" && f.Field != None && c.field != f.Field && !strings.HasPrefix(c.field, f.Field+"."):
		return false
	case f.Commune != "" && c.commune != f.Commune, f.Area != "" && p.area(c.commune) != f.Area:
		return false
	}
	return f.Desk == "" || p.desk(c) == f.Desk
}

// narrow is the same in SQL, on a case c and a column of fields, with what became of the case.
func (f *Filter) narrow(p places, field string, arg func(any) string) (cond string) {
	switch f.Field {
	case "":
	case None:
		cond += ` AND ` + field + ` = ''`
	default:
		cond += ` AND (` + field + ` = ` + arg(f.Field) + ` OR substr(` + field + `, 1, ` + arg(len(f.Field)+1) + `) = ` + arg(f.Field+".") + `)`
	}
	if f.Commune != "" {
		cond += ` AND c.raiser = ` + arg(string(f.Commune))
	}
	if f.Area != "" {
		cond += ` AND ` + oneOf("c.raiser", f.raisers(p), arg)
	}
	if f.Desk != "" {
		cond += ` AND (` + f.followed(p, field, arg) + `)`
	}
	return cond + f.ofCase(arg)
}

// raisers are the units of the filter's region.
func (f *Filter) raisers(p places) (all []string) {
	for u := range p.region {
		if p.area(u) == f.Area {
			all = append(all, string(u))
		}
	}
	slices.Sort(all)
	return all
}

// followed is the condition of what the filter's desk officer follows: whole fields where
// he has them everywhere, else the communes of a field.
func (f *Filter) followed(p places, field string, arg func(any) string) string {
	his, others := map[string][]string{}, map[string]bool{}
	for _, c := range p.pairs {
		if p.desk(c) == f.Desk {
			his[c.field] = append(his[c.field], string(c.commune))
		} else {
			others[c.field] = true
		}
	}
	var whole, arms []string
	for id, communes := range his {
		if !others[id] {
			whole = append(whole, id)
			continue
		}
		arms = append(arms, field+` = `+arg(id)+` AND `+oneOf("c.raiser", communes, arg))
	}
	slices.Sort(whole)
	return strings.Join(append(arms, oneOf(field, whole, arg)), " OR ")
}

// oneOf is the condition that a column has one of some values; never where there are none.
func oneOf(column string, values []string, arg func(any) string) string {
	if len(values) == 0 {
		return `FALSE`
	}
	marks := make([]string, len(values))
	for i, v := range values {
		marks[i] = arg(v)
	}
	return column + ` IN (` + strings.Join(marks, ", ") + `)`
}

// keyOf is the row in which a cell counts.
func (f *Filter) keyOf(p places, c cell) string {
	switch f.By {
	case ByField:
		top, _, _ := strings.Cut(c.field, ".")
		return cmp.Or(top, None)
	case ByArea:
		return p.area(c.commune)
	case ByCommune:
		return string(c.commune)
	case ByDesk:
		return p.desk(c)
	}
	return string(c.unit)
}

// named gives rows their names and puts them in the order of lists: units and fields in
// their own order, the rest by name. Never by figure.
func (f *Filter) named(tx *db.Tx, order []org.UnitID, rows []Row) error {
	at, name := map[string]int{}, map[string]string{}
	know := func(key, say string) {
		if _, ok := at[key]; !ok {
			at[key], name[key] = len(at), say
		}
	}
	switch f.By {
	case ByField:
		rb, err := regulation.Current(tx)
		if err != nil && fault.Kind(err) != fault.NotFound {
			return err
		}
		if err == nil {
			for _, c := range rb.Catalogue() {
				know(c.ID, c.Name)
			}
		}
	case ByDesk:
		for _, r := range rows {
			if r.Key == None {
				continue
			}
			o, err := org.OfficerOf(tx, org.OfficerID(r.Key))
			if err != nil {
				return err
			}
			name[r.Key] = o.Name
		}
	case ByArea:
		for _, r := range rows {
			name[r.Key] = "Địa bàn " + r.Key + " (cũ)"
		}
	default:
		every, err := org.Units(tx, org.Filter{Requested: true, Ended: true, Sections: true})
		if err != nil {
			return err
		}
		for _, u := range order {
			at[string(u)] = len(at)
		}
		for _, u := range every {
			know(string(u.ID), u.Short)
			name[string(u.ID)] = u.Short
		}
	}
	for i := range rows {
		r := &rows[i]
		r.Name = cmp.Or(name[r.Key], r.Key)
		if r.Key == None {
			r.Name = noneNames[f.By]
		}
	}
	slices.SortFunc(rows, func(a, b Row) int {
		x, ok := at[a.Key]
		y, too := at[b.Key]
		if ok != too { // what is known comes first
			return map[bool]int{true: -1, false: 1}[ok]
		}
		return cmp.Or(cmp.Compare(x, y), cmp.Compare(a.Name, b.Name))
	})
	return nil
}

var noneNames = map[Dimension]string{ByField: "Không ghi lĩnh vực", ByArea: "Cơ quan không thuộc địa bàn xã", ByDesk: "Chưa có chuyên viên theo dõi"}
