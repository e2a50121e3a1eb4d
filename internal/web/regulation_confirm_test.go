package web

import (
	"testing"

	"lienthong/internal/db"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/regulation"
	"lienthong/internal/workday"
	"lienthong/regulations"
)

// A model becomes the province's own: its decision is entered, the new book is looked at,
// and adopted in a second step by who proves that he sits there. Nothing of it is done by
// another, from an open screen alone, or over a book that changed in the meantime.
func TestDecideAndAdoptOnPages(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		lib, err := regulation.Load(regulations.FS)
		if err != nil {
			t.Fatal(err)
		}
		s.Library, s.Keys = lib, province.Keys()
		s.Server.Adopt = regulation.Adopt
		const at, decision = "/regulations/adopt/tinh-mau", "/regulations/adopt/tinh-mau/decision"
		root := s.root()
		root.open("/regulations/adopt?profile=tinh-mau").wants("Nhập quyết định của tỉnh", "Chưa áp dụng được ở đây", "nhập số và ngày quyết định của tỉnh").lacks("Sang bước xác nhận áp dụng")
		for _, profile := range []string{"tinh-mau", "cam-pha"} { // what serve would refuse at its next start
			if a := s.get(root.c, "/regulations/adopt/"+profile); a.StatusCode < 400 {
				t.Errorf("%s can be adopted: %d", profile, a.StatusCode)
			}
		}
		root.open(decision)
		s.post(root.c, decision, "key", db.NewSecret(), "number", "", "date", "2026-02-01").want(t, 422, "Ghi số")
		s.post(root.c, decision, "key", db.NewSecret(), "number", "12/QĐ-UBND", "date", workday.Of(s.clock.Now()).AddDays(2).String()).want(t, 422, "ở sau hôm nay")
		s.post(root.c, decision, "key", db.NewSecret(), "number", "12/QĐ-UBND", "date", workday.Of(s.clock.Now()).String()).want(t, 303)
		root.open("/regulations/adopt?profile=tinh-mau").wants("12/QĐ-UBND", "Sang bước xác nhận áp dụng")

		root.open(at).wants("Bản sẽ áp dụng: tinh-mau")
		was, next := root.value("was"), root.value("next")
		send := func(c *visit, pairs ...string) answer {
			return s.post(c.c, at, append([]string{"key", db.NewSecret(), "was", was, "next", next}, pairs...)...)
		}
		send(root, "basis", "Công văn 5/UBND").want(t, 422, "Mật khẩu hoặc mã không đúng")
		send(root, "basis", "Công văn 5/UBND", "proof", "đoán bừa vậy").want(t, 422, "Mật khẩu hoặc mã không đúng")
		send(root, "proof", word).want(t, 422, "Ghi văn bản giao áp dụng")
		for _, who := range []string{"leader", "overseer", "specialist"} {
			v := s.visit(who)
			s.get(v.c, at).want(t, 403)
			s.get(v.c, decision).want(t, 403)
			send(v, "basis", "Công văn 5/UBND", "proof", word).want(t, 403)
			s.post(v.c, decision, "key", db.NewSecret(), "number", "1/QĐ", "date", "2026-02-01").want(t, 403)
		}
		s.post(root.c, at, "key", db.NewSecret(), "was", was, "next", was, "basis", "x", "proof", word).want(t, 422, "đã đổi từ lúc")
		send(root, "basis", "Công văn 5/UBND", "proof", word).want(t, 303)
		lttest.View(t, s.DB, func(tx *db.Tx) error {
			rb, err := regulation.Current(tx)
			if err == nil && (rb.Hash() != next || rb.Profile() != "tinh-mau") {
				t.Errorf("in force is %s %s", rb.Profile(), rb.Hash())
			}
			var n int64
			if err := tx.One(`SELECT count(*) FROM org_log WHERE act IN ('Regulation.adopt', 'Regulation.decide')`, nil, &n); err != nil || n != 2 {
				t.Errorf("%d lines in the office's log, %v", n, err)
			}
			return err
		})
		send(root, "basis", "Công văn 5/UBND", "proof", word).want(t, 422, "đã đổi từ lúc")
	})
}
