package web

import (
	"slices"
	"strings"

	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/signin"
	"lienthong/internal/web/ui"
)

// person finds an officer by his id or his whole name; of two with one name the id must
// be given.
func (x *office) person(field string) (o org.Officer, err error) {
	typed := x.get(field)
	if typed == "" {
		return o, fault.Field(field, "Cần ghi họ tên hoặc mã cán bộ.")
	}
	if o, err = org.OfficerOf(x.tx, org.OfficerID(typed)); err == nil || fault.Kind(err) != fault.NotFound {
		return o, err
	}
	found, err := org.FindOfficers(x.tx, typed, 20)
	if err != nil {
		return o, err
	}
	found = slices.DeleteFunc(found, func(f org.Officer) bool { return !strings.EqualFold(f.Name, typed) })
	switch len(found) {
	case 0:
		return o, fault.Field(field, "Không có cán bộ nào tên “%.100s”. Cần ghi đủ họ tên, hoặc thêm cán bộ trước.", typed)
	case 1:
		return found[0], nil
	}
	var ids []string
	for _, f := range found {
		ids = append(ids, string(f.ID))
	}
	return o, fault.Field(field, "Có %d người cùng tên; ghi mã cán bộ thay cho tên: %s.", len(found), strings.Join(ids, ", "))
}

// ours returns an officer over whom this administrator alone may decide: one who holds a
// post here and none in a unit that somebody else administers.
func (x *office) ours(id org.OfficerID) (org.Officer, error) {
	return signin.Administered(x.tx, x.who, x.unit.ID, id)
}

// officerOptions are the unit's people as choices, each once, those that takes accepts.
func (x *office) officerOptions(takes func(p org.Post) bool) (all []ui.Option, err error) {
	held, err := org.Officers(x.tx, x.unit.ID)
	for _, h := range held {
		if (takes == nil || takes(h.Post)) && !slices.ContainsFunc(all, func(o ui.Option) bool { return o.Value == string(h.Officer.ID) }) {
			all = append(all, ui.Option{Value: string(h.Officer.ID), Label: h.Officer.Name + ", " + titleOf(h.Post)})
		}
	}
	return all, err
}
