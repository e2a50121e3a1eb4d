package web

import "testing"

// The page of hops hangs together with its list, and is not for somebody who leads and oversees nothing.
func TestHopsPage(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		s.work()
		s.visit("overseer").open("/board").wants("Thời gian từng chặng")
		s.visit("overseer").open("/board/hops").wants("Thời gian ở từng đơn vị", "Bảng không xếp hạng ai")
		s.visit("overseer").open("/board/hops/list").wants("Các lượt")
		s.get(s.as(s.people["specialist"]), "/board/hops").want(t, 403)
	})
}
