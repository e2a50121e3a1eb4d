package web

import (
	"testing"

	"lienthong/internal/db"
)

// The codes of a unit are written on its page of administration, by the province only.
func TestCodesPage(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		at := adminPath(journeyDepartment, "codes")
		root := s.root().open(at).wants("Chưa có mã", "Ghi mã định danh", "không; văn bản gửi đến")
		form := at + "/set"
		s.post(root.c, form, "key", db.NewSecret(), "codes", "h44 . 30 ?", "receives", "1").want(t, 422, "không đúng dạng")
		s.post(root.c, form, "key", db.NewSecret(), "codes", "h44.30\nH44.030", "receives", "1").want(t, 303)
		root.open(at).wants("H44.30", "H44.030", "mã chính", "bằng gói edXML")
		root.open(form).wants("H44.30")
		root.open(adminPath(journeyDepartment, "log")).wants("Ghi mã định danh")
		s.post(s.as(s.people["leader"]), form, "key", db.NewSecret(), "codes", "H1").want(t, 403)
	})
}
