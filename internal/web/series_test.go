package web

import (
	"strings"
	"testing"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
)

// What comes again has a page before its first occasion, on which whoever gave it hands it
// over and ends it; who has it reads it and changes nothing.
func TestSeriesPages(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		s.desks()
		s.deskOfAll()
		s.staff(map[string]org.Role{"quick": org.Leader}, quickUnit)
		s.staff(map[string]org.Role{"foreign": org.Leader}, "so-ngoai-vu")
		s.given("63/UBND-TH", directive.Task{Leads: bodyOf(quickUnit), Content: "Báo cáo số liệu chuyển đổi số", Recurrence: "monthly 25", Words: "ngày 25 hằng tháng"})
		lead, boss := s.visit("quick"), s.visit("order-boss")
		at := lead.open("/series").wants("Báo cáo số liệu chuyển đổi số", "kỳ tới 25/02/2026").only("/series/")
		lead.open(at).wants("Các kỳ sắp tới", "25/03/2026").lacks("Cho thôi")
		s.get(s.as(s.people["quick"]), at+"/end").want(t, 403)
		s.get(s.as(s.people["foreign"]), at).want(t, 404)
		boss.open("/tracker").wants("Nhiệm vụ định kỳ")
		boss.open(at).open(at+"/hand").must(at+"/hand", "to", "so-ngoai-vu", "reason", "Quyết định số 12/QĐ-UBND.").wants("Sở Ngoại vụ", "Văn bản giao cho")
		s.visit("foreign").open(at).wants("Báo cáo số liệu chuyển đổi số")
		boss.open(at+"/end").must(at+"/end", "due", "2026-03-01", "reason", "Văn bản số 70/UBND-TH.").wants("Thôi thực hiện từ", "01/03/2026", "Kỳ 25/02/2026").lacks("25/03/2026")
	})
}

// Who hands an assignment over says what becomes of the parts inside; the new unit's page has
// the parts of the communes, and the page of a part says what it is due before.
func TestPartsFollowOnPages(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		s.desks()
		s.deskOfAll()
		s.staff(map[string]org.Role{"quick": org.Leader}, quickUnit)
		s.staff(map[string]org.Role{"foreign": org.Leader}, "so-ngoai-vu")
		task := s.given("64/UBND-TH", directive.Task{Leads: bodyOf(quickUnit), Content: "Rà soát đường truyền", Deadline: "2026-03-20", Words: "hết ngày 20/3/2026"})[0]
		lead, boss := s.visit("quick"), s.visit("order-boss")
		part := []string{"unit", string(s.office.CommuneUnit), "content", "Lập danh sách điểm phát sóng", "criteria", "Đủ thôn", "due", "2026-03-21"}
		if a := lead.open(task).send2(task+"/sub-assign", part...); a.StatusCode != 422 {
			t.Errorf("a part due after the whole: %d", a.StatusCode)
		}
		part[7] = "2026-03-18"
		lead.open(task+"/sub-assign").must(task+"/sub-assign", part...).wants("Lập danh sách điểm phát sóng", "0/1 phần đã xong")
		sub := s.partOf(task)
		boss.open(task+"/hand").wants("Phần việc đơn vị cũ đã giao cho phòng, người của mình").
			must(task+"/hand", "to", "so-ngoai-vu", "reason", "Quyết định số 12/QĐ-UBND.").wants("→")
		s.visit("foreign").open(task).wants("Lập danh sách điểm phát sóng").open(sub).wants("Cho thôi thực hiện", "Phần việc theo đơn vị chủ trì mới")
		lead.open(sub).lacks("Cho thôi thực hiện Đơn vị")
	})
}

// only is the address of the one link below a prefix.
func (v *visit) only(prefix string) string {
	v.s.t.Helper()
	for path := range v.links(prefix) {
		return path
	}
	v.s.t.Fatalf("no link to %s", prefix)
	return ""
}

// partOf is the page of the part that was given on of an assignment.
func (s *provinceSite) partOf(task string) (path string) {
	s.t.Helper()
	lttest.View(s.t, s.DB, func(tx *db.Tx) error {
		who, err := org.ActorOf(tx, s.people["quick"])
		if err != nil {
			return err
		}
		all, err := directive.Subs(tx, who, casefile.ID(task[strings.LastIndex(task, "/")+1:]))
		if len(all) > 0 {
			path = assignmentPath(all[0].ID)
		}
		return err
	})
	return path
}
