package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/job"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/signin"
)

// admins gives the province's administrator and that of the department an account,
// without the second factor that an office would ask of them.
func (s *provinceSite) admins() {
	s.t.Helper()
	rules := s.Keeper.Rules()
	rules.AdminsSecond = false
	s.Keeper.SetRules(rules)
	lttest.View(s.t, s.DB, func(tx *db.Tx) error {
		for name, unit := range map[string]org.UnitID{"admin": journeyDepartment, "root": "ubnd-tinh"} {
			held, err := org.Holders(tx, unit, org.Admin)
			if err != nil {
				return err
			}
			s.people[name] = held[0].Officer.ID
		}
		return nil
	})
	s.open1(map[string]org.OfficerID{"admin": s.people["admin"], "root": s.people["root"]})
}

func (s *provinceSite) root() *visit {
	s.t.Helper()
	if s.people["root"] == "" {
		s.admins()
	}
	return s.visit("root")
}

const adminUnitPath = "/admin/units/" + journeyDepartment

// A unit's own administrator sees his unit and no other; the province's sees all.
func TestWhoAdministersWhat(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		s.admins()
		admin := s.visit("admin")
		if to := s.get(admin.c, "/admin").Header.Get("Location"); to != adminUnitPath {
			t.Errorf("the unit's administrator lands at %s", to)
		}
		for _, tab := range adminTabs() {
			if tab.ID != "desks" {
				admin.open(adminUnitPath + "/" + tab.ID).wants("Sở Tư pháp")
			}
		}
		admin.open(adminUnitPath + "/structure").lacks("Sáp nhập")
		s.get(admin.c, "/admin/units/so-y-te/people").want(t, 403, "không quản trị đơn vị này")
		s.get(admin.c, adminUnitPath+"/structure/merge").want(t, 403)
		s.get(admin.c, "/admin/calendars").want(t, 403)
		s.get(admin.c, adminUnitPath+"/people/bay").want(t, 404)
		s.get(s.as(s.people["leader"]), "/admin").want(t, 403)
		s.get(s.as(s.people["leader"]), adminUnitPath+"/people").want(t, 403)
		root := s.root().open("/admin").wants("Sở Tư pháp", "Sở Y tế", "Lịch làm việc")
		root.open("/admin?q=so+y+te").wants("Sở Y tế").lacks("Sở Tư pháp")
		root.open("/admin/units/so-y-te/structure").wants("Sáp nhập vào đơn vị khác")
		root.open("/admin/units/van-phong-ubnd-tinh/desks").wants("Giao theo dõi")
	})
}

// A form that is refused keeps what was typed and says at the field what to mend; then
// the act is done, and the log says who did it.
func TestPeopleAndPosts(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		s.admins()
		admin := s.visit("admin")
		add := adminUnitPath + "/people/add"
		bad := admin.open(add).send(add, "name", "Lò Thị Mẩy", "email", "khong-phai-thu", "title", "Chuyên viên", "role", "specialist")
		bad.want(t, 422, "không đúng dạng")
		if bad.value("name") != "Lò Thị Mẩy" || bad.value("email") != "khong-phai-thu" {
			t.Error("what was typed is lost")
		}
		admin.open(add).must(add, "name", "Lò Thị Mẩy", "email", "may@tuphap.example", "title", "Chuyên viên", "role", "specialist", "section", string(s.section("head"))).
			wants("Đã thêm Lò Thị Mẩy", "Chuyên viên, Phòng")
		// a second post of the same person, by the whole name
		assign := adminUnitPath + "/people/assign"
		admin.open(assign).send(assign, "officer", "Không Có Ai", "title", "Văn thư", "role", "clerk").want(t, 422, "Không có cán bộ nào tên")
		admin.open(assign).must(assign, "officer", "Lò Thị Mẩy", "title", "Văn thư kiêm nhiệm", "role", "clerk").wants("Văn thư kiêm nhiệm")
		again := admin.open(assign).send(assign, "officer", "Lò Thị Mẩy", "title", "Văn thư kiêm nhiệm", "role", "clerk")
		again.want(t, 422, "Người này đang giữ chức danh đó.")
		head := admin.open(assign).send(assign, "officer", "Lò Thị Mẩy", "title", "Giám đốc", "role", "leader")
		head.want(t, 422, "Đã có người đứng đầu")
		admin.open(adminUnitPath+"/log").wants("Giao chức danh", "Lò Thị Mẩy", "Văn thư kiêm nhiệm").lacks("{", "AssignPost")
	})
}

// An account is opened with a password that must be changed; the password stands nowhere.
func TestAccounts(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		s.admins()
		admin := s.visit("admin")
		add := adminUnitPath + "/people/add"
		admin.open(add).must(add, "name", "Lò Thị Mẩy", "title", "Chuyên viên", "role", "specialist")
		var to string
		for href := range admin.open(adminUnitPath + "/accounts").wants("chưa có tài khoản").links(adminUnitPath + "/accounts/open") {
			if strings.Contains(s.get(admin.c, href).text, "Lò Thị Mẩy") {
				to = href
			}
		}
		act := adminUnitPath + "/accounts/open"
		admin.open(to).send(act, "login", "may", "password", "ngắn").want(t, 422, "ít nhất")
		const temporary = "nương lúa chín vàng"
		admin.open(to).must(act, "login", "may.lo", "password", temporary).wants("chờ đổi mật khẩu", "may.lo")
		in := s.post(s.browser(), "/signin", "name", "may.lo", "password", temporary)
		if to := in.Header.Get("Location"); !strings.HasPrefix(to, "/password") {
			t.Errorf("the new officer is led to %s (%d), want the change of password", to, in.StatusCode)
		}
		if strings.Contains(s.log.String(), temporary) {
			t.Error("the password is in the log")
		}
		closing := adminUnitPath + "/accounts/close"
		id := strings.Split(to, "?")[1]
		admin.open(closing + "?" + id).must(closing).wants("đã đóng")
		if in := s.post(s.browser(), "/signin", "name", "may.lo", "password", temporary); in.StatusCode == http.StatusSeeOther {
			t.Error("a closed account opens")
		}
		// the administrator of one unit has no say over who also serves the province
		lttest.Update(t, s.DB, func(tx *db.Tx) error {
			_, err := org.AssignPost(tx, org.System("test"), org.Post{Officer: s.people["root"], Unit: journeyDepartment, Role: org.Specialist, Title: "Chuyên viên"})
			return err
		})
		reset := adminUnitPath + "/accounts/reset"
		s.get(admin.c, reset+"?id="+string(s.people["root"])).want(t, 403, "do quản trị của tỉnh làm")
		s.post(admin.c, reset, "key", "khoa-mot-hai-ba-bon-nam", "id", string(s.people["root"]), "password", temporary).want(t, 403)
		lttest.View(t, s.DB, func(tx *db.Tx) error {
			a, err := signin.AccountOf(tx, s.people["root"])
			if a.MustChange {
				t.Error("the province's administrator got a new password from a unit")
			}
			return err
		})
	})
}

// Charges, authorisations, cover, contacts and paths, each refused once at its field.
func TestSettingsOfAUnit(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		s.admins()
		admin := s.visit("admin")
		var deputy, leader, head org.OfficerID
		lttest.View(t, s.DB, func(tx *db.Tx) error {
			held, err := org.Officers(tx, journeyDepartment)
			for _, h := range held {
				switch p := h.Post; {
				case p.Role == org.Leader && p.Deputy:
					deputy = h.Officer.ID
				case p.Role == org.Leader:
					leader = h.Officer.ID
				case p.Role == org.Head && !p.Deputy:
					head = h.Officer.ID
				}
			}
			return err
		})
		act := adminUnitPath + "/charges/set"
		admin.open(act).send(act, "officer", string(deputy), "number", "09/TB-STP", "date", "2026-03-01").want(t, 422, "Cần nêu ít nhất một lĩnh vực")
		admin.open(act).send(act, "officer", string(deputy), "fields", "tu-phap", "areas", "xã Không Có", "number", "09/TB-STP", "date", "2026-03-01").want(t, 422, "Không có đơn vị nào tên")
		admin.open(act).must(act, "officer", string(deputy), "fields", "tu-phap", "number", "09/TB-STP", "date", "2026-03-01").wants("09/TB-STP ngày 01/03/2026", "Tư pháp")

		act = adminUnitPath + "/authorisations/add"
		day := func(n int) string { return s.clock.Now().Add(time.Duration(n) * 24 * time.Hour).Format("2006-01-02") }
		admin.open(act).send(act, "giver", string(leader), "taker", string(deputy), "fields", "tu-phap", "number", "1/UQ", "date", day(0), "from", day(0), "to", day(9)).
			want(t, 422, "Chỉ uỷ quyền cho người đứng đầu phòng")
		admin.open(act).must(act, "giver", string(leader), "taker", string(head), "fields", "tu-phap", "number", "1/UQ", "date", day(0), "from", day(0), "to", day(9)).wants("đang có hiệu lực", "1/UQ")
		for to := range admin.links(adminUnitPath + "/authorisations/revoke") {
			admin.open(to).must(adminUnitPath+"/authorisations/revoke", "reason", "Không cần nữa").wants("thu hồi từ")
		}

		act = adminUnitPath + "/cover/add"
		admin.open(act).send(act, "officer", string(head), "by", string(s.people["xa"]), "from", day(0), "to", day(3), "reason", "nghỉ phép").want(t, 422, "đang giữ chức danh tại đơn vị")
		admin.open(act).must(act, "officer", string(head), "by", string(s.people["specialist"]), "from", day(0), "to", day(3), "reason", "nghỉ phép").wants("nghỉ phép")
		for to := range admin.links(adminUnitPath + "/cover/end") {
			admin.open(to).must(adminUnitPath + "/cover/end").wants("Không có ai đang")
		}

		act = adminUnitPath + "/contacts/set"
		admin.open(act).must(act, "field", "tu-phap", "officer", string(s.people["specialist"]), "deputy", "").wants("Tư pháp")

		act = adminUnitPath + "/paths/set"
		admin.open(act+"?id=petition.answer").send(act, "step1", "sign:leader", "step2", "draft:specialist").want(t, 422, "không đúng thứ tự")
		admin.open(act+"?id=petition.answer").must(act, "step1", "draft:specialist", "step2", "sign:leader", "step3", "release:clerk").
			wants("Soạn dự thảo (chuyên viên) → Ký (lãnh đạo cơ quan) → Cấp số, phát hành (văn thư)")
		admin.open(adminUnitPath+"/log").wants("Đổi quy trình trình ký", "Uỷ quyền", "lĩnh vực: Tư pháp").lacks("{")
	})
}

// A holiday announced late: the preview names the duties that move, nothing moves before
// it is confirmed, then the job moves exactly these.
func TestCalendarRevision(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		s.work()
		root := s.root().open("/admin/calendars").open("/admin/calendars/phu-tho").wants("lần 1", "Giờ làm việc", "Cập nhật lịch")
		form, preview, add := "/admin/calendars/phu-tho/new", "/admin/calendars/phu-tho/preview", "/admin/calendars/phu-tho/new"
		const source = "Thông báo số 12/TB-SNV ngày 16/03/2026"
		for typed, say := range map[string]string{"31/02/2026; nghỉ lễ; X": "Dòng 1: ngày", "17/03/2026; nghỉ chơi; X": "Dòng 1: loại", "17/03/2026; nghỉ bù": "cần ghi tên ngày",
			"date,weekday,name_vi,kind,source,status,note\n2026-03-17,T2,X,holiday,Y,known,": "Dòng 2"} {
			bad := root.open(form).send(preview, "source", source, "days", typed)
			bad.want(t, 422, say)
			if bad.value("source") != source || !strings.Contains(bad.value("days"), strings.Split(typed, "\n")[0]) {
				t.Error("what was typed is lost")
			}
		}
		root.open(form).send(preview, "days", "17/03/2026; nghỉ bù; Nghỉ bù").want(t, 422, "Cần ghi văn bản thông báo")
		typed := "17/03/2026; nghỉ bù; Nghỉ bù theo thông báo"
		before := s.dates()
		seen := root.open(form).send(preview, "source", source, "days", typed)
		seen.want(t, 200, "thứ Ba 17/03/2026", "Việc đang chạy sẽ đổi hạn", "Xác nhận lịch mới")
		if s.dates() != before {
			t.Fatal("the preview moved something")
		}
		moves := strings.Count(seen.text, `href="/cases/`)
		if moves == 0 {
			t.Fatal("no duty moves")
		}
		at := &visit{s: s, c: root.c, answer: seen, path: preview}
		at.must(add).wants("đang chạy", "Chuyển hạn theo lịch mới")
		runner := job.New(s.DB, "test")
		runner.Define(duty.MoveJob, func(tx *db.Tx, j job.Job) (job.Progress, error) {
			moved, next, err := duty.MoveToRevision(tx, j.Input, j.Cursor, 200)
			return job.Progress{Cursor: next, Done: j.Done + int64(moved), End: next == ""}, err
		})
		if err := runner.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		at.open(at.path).wants("xong")
		if got := len(strings.Fields(diff(before, s.dates()))); got != moves {
			t.Errorf("%d duties moved, the preview said %d", got, moves)
		}
		root.open("/admin/calendars/phu-tho").wants("lần 2", source)
		at.answer = seen
		at.send(add).want(t, 303) // the same form again: done once, led to the same place
		lttest.View(t, s.DB, func(tx *db.Tx) error {
			all, err := duty.Revisions(tx, "phu-tho")
			if len(all) != 2 {
				t.Errorf("%d revisions", len(all))
			}
			return err
		})
	})
}

// dates are the due instants of all running duties, one a word.
func (s *provinceSite) dates() (text string) {
	s.t.Helper()
	lttest.View(s.t, s.DB, func(tx *db.Tx) error {
		all, _, err := duty.Running(tx, "", 1000)
		for _, d := range all {
			text += string(d.Case) + d.Rule + string(d.Owner) + "=" + db.FormatInstant(d.DueAt) + " "
		}
		return err
	})
	return text
}

// diff returns the words of b that a lacks.
func diff(a, b string) (words string) {
	in := map[string]bool{}
	for _, w := range strings.Fields(a) {
		in[w] = true
	}
	for _, w := range strings.Fields(b) {
		if !in[w] {
			words += w + " "
		}
	}
	return words
}
