package web

import (
	"testing"

	"lienthong/internal/db"
	"lienthong/internal/lttest"
	"lienthong/internal/setting"
)

// The province's administrator changes a technical setting with its ground; who, when and
// from what stays on the page. Nobody else sees or changes it.
func TestSettingsPage(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		root := s.root().open("/admin").wants("Thông số hệ thống").open("/admin/settings").wants("Thông báo gửi cho đơn vị còn hiện bao lâu", "90 ngày", "không quy chế nào nêu", "Chưa ai đổi thông số nào")
		const at = "/admin/settings/notice.news"
		root.open(at).wants("Mặc định 90 ngày", "từ 24 giờ đến 400 ngày")
		s.post(root.c, at, "key", db.NewSecret(), "value", "lâu", "source", "thử").want(t, 422, "ví dụ 90d")
		s.post(root.c, at, "key", db.NewSecret(), "value", "30d", "source", "").want(t, 422, "Ghi căn cứ")
		s.post(root.c, at, "key", db.NewSecret(), "value", "30d", "source", "Công văn số 1/VP-TH").want(t, 303)
		root.open("/admin/settings").wants("Đã đổi notice.news", "30 ngày", "Công văn số 1/VP-TH")
		s.post(root.c, "/admin/settings/khong-co", "key", db.NewSecret(), "value", "1", "source", "x").want(t, 404)
		for _, who := range []string{"leader", "overseer"} {
			c := s.as(s.people[who])
			s.get(c, "/admin/settings").want(t, 403)
			s.get(c, at).want(t, 403)
			s.post(c, at, "key", db.NewSecret(), "value", "1d", "source", "x").want(t, 403)
		}
		s.post(root.c, at, "key", db.NewSecret(), "do", "reset").want(t, 303)
		root.open("/admin/settings").wants("mặc định")
		lttest.View(t, s.DB, func(tx *db.Tx) error {
			all, err := setting.Changes(tx, 10)
			if len(all) != 2 || all[0].Was != "30d" || all[1].Became != "30d" || all[1].By == "" {
				t.Errorf("%+v", all)
			}
			return err
		})
	})
}
