package org

import (
	"slices"

	"lienthong/internal/db"
	"lienthong/internal/fault"
)

// An authorisation is in writing, for a time and a scope, and never passed on: what misses one of these is
// none.
func (a *Authorisation) check(tx *db.Tx) error {
	if err := basis(&a.Number, a.Date); err != nil {
		return err
	}
	switch {
	case a.From.IsZero() || a.To.IsZero():
		return fault.Field("to", "Uỷ quyền phải giới hạn thời gian: cần ghi từ ngày nào đến hết ngày nào.")
	case a.To.Before(a.From):
		return fault.Field("to", "Ngày hết uỷ quyền %s ở trước ngày bắt đầu %s.", a.To.Long(), a.From.Long())
	case a.From.Before(a.Date):
		return fault.Field("from", "Uỷ quyền không thể bắt đầu %s, trước ngày của văn bản uỷ quyền %s.", a.From.Long(), a.Date.Long())
	case len(a.Papers) == 0 && len(a.Fields) == 0:
		return fault.Field("fields", "Uỷ quyền phải giới hạn nội dung: cần nêu loại văn bản hoặc lĩnh vực.")
	case a.Ceiling < 0:
		return fault.Field("ceiling", "Mức giá trị không được âm.")
	case a.Giver == a.Taker:
		return fault.Field("taker", "Người uỷ quyền và người được uỷ quyền phải là hai người.")
	}
	for _, f := range a.Fields {
		if !fieldID(f) {
			return fault.Field("fields", "Mã lĩnh vực %q không đúng.", f)
		}
	}
	slices.Sort(a.Fields)
	a.Fields = slices.Compact(a.Fields)
	slices.Sort(a.Papers)
	a.Papers = slices.Compact(a.Papers)
	return a.checkPeople(tx)
}

// checkPeople refuses a giver who signs only on a right that somebody gave him: an
// authorisation is not passed on.
func (a *Authorisation) checkPeople(tx *db.Tx) error {
	if _, err := UnitOf(tx, a.Unit); err != nil {
		return err
	}
	giver, err := postsOf(tx, a.Giver, a.Date)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(giver, func(p Post) bool { return p.heads(a.Unit) }) {
		return refuseSigning("Chỉ người đứng đầu mới uỷ quyền; người được uỷ quyền, cấp phó không được uỷ quyền lại cho người khác.")
	}
	taker, err := postsOf(tx, a.Taker, a.From)
	if err != nil {
		return err
	}
	d, err := units(tx)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(taker, func(p Post) bool { return d.headsPartOf(p, a.Unit) }) {
		return fault.Field("taker", "Chỉ uỷ quyền cho người đứng đầu phòng, đơn vị thuộc cơ cấu của cơ quan.")
	}
	return nil
}

// heads says whether the post is that of the head of unit: an agency or a section.
func (p Post) heads(unit UnitID) bool {
	if p.Deputy {
		return false
	}
	return p.Role == Leader && p.Unit == unit && p.Section == "" || p.Role == Head && p.Section == unit
}

// headsPartOf says whether the post heads a section of unit or an agency below it.
func (d *directory) headsPartOf(p Post, unit UnitID) bool {
	part := p.Section
	if p.Role == Leader {
		part = p.Unit
	}
	u := d.byID[part]
	return part != unit && u != nil && p.heads(part) && (u.Owner == unit || slices.Contains(d.above(part), unit))
}
