package web

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/incident"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/signoff"
	"lienthong/internal/workday"
)

// people gives some holders of posts an account, under the names of a test.
func (s *provinceSite) staff(all map[string]org.Role, unit org.UnitID) {
	s.t.Helper()
	more := map[string]org.OfficerID{}
	lttest.View(s.t, s.DB, func(tx *db.Tx) error {
		for name, role := range all {
			held, err := org.Holders(tx, unit, role)
			if err != nil || len(held) == 0 {
				s.t.Fatalf("nobody is %s of %s: %v", role, unit, err)
			}
			more[name], s.people[name] = held[0].Officer.ID, held[0].Officer.ID
		}
		return nil
	})
	s.open1(more)
}

// The unit that walks its papers in one step, and the one that walks them all.
const quickUnit = "so-khoa-hoc-va-cong-nghe"

// given issues a directive and returns the pages of its assignments, in its order.
func (s *provinceSite) given(number string, tasks ...directive.Task) (at []string) {
	s.t.Helper()
	var id casefile.ID
	do := func(name string, fn func(tx *db.Tx, who org.Actor) error) {
		lttest.Update(s.t, s.DB, func(tx *db.Tx) error {
			who, err := org.ActorOf(tx, s.people[name])
			if err != nil {
				return err
			}
			return fn(tx, who)
		})
	}
	do("order-desk", func(tx *db.Tx, who org.Actor) error {
		d, err := directive.Take(tx, who, directive.In{Text: "Toàn văn minh họa.", Reading: directive.Reading{Number: number, IssuedOn: workday.MustDate("2026-02-09"),
			Issuer: "Ủy ban nhân dân tỉnh", Type: "công văn", Subject: "Thực hiện nhiệm vụ " + number, Tasks: tasks}})
		if err != nil {
			return err
		}
		id = d.ID
		_, err = directive.Confirm(tx, who, id, "", 0)
		return err
	})
	do("order-boss", func(tx *db.Tx, who org.Actor) error { _, err := directive.Release(tx, who, id, 0); return err })
	s.issued()
	do("order-boss", func(tx *db.Tx, who org.Actor) error {
		all, err := directive.Thread(tx, who, id)
		for _, l := range all {
			at = append(at, assignmentPath(l.ID))
		}
		return err
	})
	return at
}

func bodyOf(units ...org.UnitID) (all []directive.Name) {
	for _, u := range units {
		all = append(all, directive.Name{Said: string(u), Unit: u})
	}
	return all
}

// deskOfAll is the desk with every kind of paper of these tests.
func (s *provinceSite) deskOfAll() {
	s.t.Helper()
	var err error
	if s.Desk, err = signoff.NewDesk(slices.Concat(petition.Papers(), directive.Papers(), incident.Papers())...); err != nil {
		s.t.Fatal(err)
	}
}

// One assignment through its pages: more time asked, refused and granted; a result handed
// in, given back as not done, handed in again and accepted; another is explained and goes
// to another unit, a third is taken over by the People's Committee.
func TestAssignmentPages(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		s.desks()
		s.deskOfAll()
		s.staff(map[string]org.Role{"quick": org.Leader}, quickUnit)
		s.staff(map[string]org.Role{"chair": org.Leader}, "chu-tich-ubnd-tinh")
		at := s.given("61/UBND-TH",
			directive.Task{Leads: bodyOf(quickUnit), Coordinating: bodyOf("so-ngoai-vu", "cong-an-tinh"), Content: "Rà soát đường truyền", Deadline: "2026-03-20", Words: "hết ngày 20/3/2026"},
			directive.Task{Leads: bodyOf(quickUnit), Content: "Lập danh sách thiết bị"},
			directive.Task{Leads: bodyOf(quickUnit), Content: "Tổ chức tập huấn", Deadline: "2026-03-27"})
		task := at[0]
		lead, boss := s.visit("quick"), s.visit("order-boss")
		lead.open(task).wants("Rà soát đường truyền", "hết thứ Sáu 20/03").open(task+"/ask-extension").must(task+"/ask-extension", "due", "2026-03-27", "reason", "Chờ thiết bị.").wants("chờ quyết định")
		if a := lead.open(task).send2(task+"/ask-extension", "due", "2026-03-28", "reason", "Nữa."); a.StatusCode != 409 {
			t.Errorf("a second request while one waits: %d", a.StatusCode)
		}
		boss.open(task).wants("Có đề nghị gia hạn chờ anh/chị quyết định").open(task+"/decide-extension").must(task+"/decide-extension", "yes", "0", "reason", "Giữ hạn.").wants("không được gia hạn")
		lead.open(task+"/ask-extension").must(task+"/ask-extension", "due", "2026-03-25", "reason", "Thiết bị về ngày 24.")
		boss.open(task+"/decide-extension").must(task+"/decide-extension", "yes", "1", "reason", "Đồng ý.").wants("được gia hạn", "25/03")

		lead.open(task).wants("Ghi trả lời của cơ quan được đề nghị").open(task+"/reply").must(task+"/reply", "unit", "cong-an-tinh", "text", "Công văn số 5/CAT ngày 10/02/2026: đã khảo sát.", "nosecret", "1").
			wants("được đề nghị, đã gửi phần việc").lacks("Ghi trả lời của cơ quan được đề nghị Đôn đốc")
		lead.open(task+"/submit").must(task+"/submit", "text", "Đã rà soát 100 xã.", "nosecret", "1").wants("chờ công nhận kết quả")
		boss.open(task).wants("chờ anh/chị kiểm tra").open(task+"/return").must(task+"/return", "text", "Còn thiếu 48 xã.").wants("bị trả lại 1 lần")
		lead.open(task+"/submit").must(task+"/submit", "text", "Đã rà soát đủ 148 xã.", "nosecret", "1")
		boss.open(task+"/accept").must(task+"/accept", "quality", "Đạt", "text", "Tốt.").wants("đã hoàn thành", "Kết quả đã được công nhận")

		undated := at[1]
		boss.open(undated).wants("Không nêu hạn").open(undated+"/set-date").must(undated+"/set-date", "due", "2026-03-13", "reason", "Cần trước kỳ họp.").wants("hạn do Văn phòng Ủy ban nhân dân tỉnh đặt").lacks("chưa ai đặt")
		boss.open(undated+"/demand").must(undated+"/demand", "text", "Vì sao chưa làm?").wants("Yêu cầu giải trình")
		lead.open(undated).wants("cần giải trình").open(undated+"/explanation").must(undated+"/explanation", "text", "Chờ kinh phí.", "nosecret", "1").wants("Chờ kinh phí.")
		boss.open(undated+"/hand").must(undated+"/hand", "to", "so-ngoai-vu", "reason", "Theo Quyết định số 5/QĐ-UBND.").wants("Chuyển đơn vị thực hiện", "Sở Ngoại vụ")
		if a := lead.open(undated).send2(undated+"/submit", "text", "Xong", "nosecret", "1"); a.StatusCode != 403 {
			t.Errorf("a unit that handed it over reports its result: %d", a.StatusCode)
		}

		taken := at[2]
		s.get(s.as(s.people["order-desk"]), taken+"/take-over").want(t, 403)
		s.visit("chair").open(taken).wants("Trực tiếp chỉ đạo, giải quyết").open(taken+"/take-over").must(taken+"/take-over", "to", "", "reason", "Vướng nhiều ngành.").
			wants("Trực tiếp chỉ đạo, giải quyết", "Vướng nhiều ngành.")
		lead.open(taken).wants("Gửi phần việc phối hợp").lacks("Báo cáo kết quả Việc khác")
		s.get(s.as(s.people["xa"]), taken).want(t, 404)
	})
}

// formFor says whether the page has a form for an act.
func (v *visit) formFor(action string) bool {
	return find(v.root, func(n *html.Node) bool { return n.Data == "form" && strings.HasSuffix(attr(n, "action"), action) }) != nil
}

// headOf gives the head of an officer's section an account.
func (s *provinceSite) headOf(name, of string) {
	s.t.Helper()
	section := s.section(of)
	lttest.View(s.t, s.DB, func(tx *db.Tx) error {
		held, err := org.Holders(tx, "van-phong-ubnd-tinh", org.Head)
		for _, h := range held {
			if h.Post.Section == section {
				s.people[name] = h.Officer.ID
			}
		}
		return err
	})
	s.open1(map[string]org.OfficerID{name: s.people[name]})
}

// send2 sends a form of another page with this page's key, as a program would.
func (v *visit) send2(path string, pairs ...string) answer {
	v.s.t.Helper()
	return v.s.post(v.c, path, append([]string{"key", db.NewSecret()}, pairs...)...)
}

// A commune's difficulty on an assignment becomes its petition, and each page leads to the
// other; a department's leads nowhere.
func TestDifficultyPages(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		s.desks()
		s.deskOfAll()
		s.staff(map[string]org.Role{"quick": org.Leader}, quickUnit)
		one := map[string]org.OfficerID{"quick-commune": s.office.Commune.Officer}
		s.people["quick-commune"] = s.office.Commune.Officer
		s.open1(one)
		task := s.given("62/UBND-TH", directive.Task{Leads: bodyOf(s.office.CommuneUnit), Coordinating: bodyOf(quickUnit), Content: "Trang bị máy quét", Deadline: "2026-03-20"})[0]
		quick := s.visit("quick")
		quick.open(task+"/difficulty").must(task+"/difficulty", "text", "Chưa có cấu hình chung.", "percent", "0", "nosecret", "1")
		xa := s.visit("quick-commune").open(task+"/difficulty").must(task+"/difficulty", "text", "Xã chưa có kinh phí mua máy quét.", "percent", "0", "nosecret", "1").wants("Nêu thành kiến nghị")
		var raise string
		for to := range xa.links("/petitions/new?") {
			raise = to
		}
		xa.open(raise)
		if !strings.Contains(xa.text, "Xã chưa có kinh phí mua máy quét.") {
			t.Error("the petition does not begin with the words of the difficulty")
		}
		xa.must("/petitions", "title", "Kinh phí máy quét", "text", "Xã chưa có kinh phí mua máy quét.", "field", s.office.Field, "tried", "Đã dùng chung máy.", "nosecret", "1").
			wants("Từ khó khăn khi thực hiện nhiệm vụ", "Trang bị máy quét")
		xa.open(task).wants("Đã thành kiến nghị")
		if a := xa.send2("/petitions", "title", "Lần nữa", "text", "Lần nữa.", "field", s.office.Field, "tried", "Đã thử.", "nosecret", "1",
			"assignment", strings.TrimPrefix(task, "/assignments/"), "difficulty", raise[strings.LastIndexByte(raise, '=')+1:]); a.StatusCode != 409 {
			t.Errorf("one difficulty becomes two petitions: %d", a.StatusCode)
		}
		quick.open(task).lacks("Đã thành kiến nghị") // a unit without a part in the petition
	})
}

// A directive drafted here walks the unit's path: drafted with its tasks, its words edited
// and its case kept, signed, numbered, and its tasks are issued. A department orders nobody.
func TestDirectiveDraftPages(t *testing.T) {
	eachProvince(t, func(t *testing.T, s *provinceSite) {
		s.desks()
		s.deskOfAll()
		s.staff(map[string]org.Role{"office-clerk": org.Clerk, "office-writer": org.Desk}, "van-phong-ubnd-tinh")
		s.headOf("office-head", "office-writer")
		text := "Chủ tịch Ủy ban nhân dân tỉnh có ý kiến chỉ đạo như sau:\n\n1. Giao Sở Tư pháp chủ trì hướng dẫn chứng thực bản sao điện tử, hoàn thành trước ngày 20/3/2026.\n"
		w := s.visit("office-writer").open("/directives").wants("Soạn văn bản giao nhiệm vụ").open("/directives/draft")
		if a := w.send("/directives/drafts", "title", " ", "text", text, "nosecret", "1"); a.StatusCode != 422 {
			t.Errorf("a draft without a subject: %d", a.StatusCode)
		}
		at := w.open("/directives/draft").must("/directives/drafts", "title", "Hướng dẫn chứng thực", "type", "công văn", "text", text, "nosecret", "1").
			wants("Sở Tư pháp", "Xem dự thảo", "trước ngày 20/3/2026").path
		var paper string
		for to := range w.links("/papers/") {
			paper = to
		}
		w.open(paper+"/edit").must(paper+"/edit", "title", "Hướng dẫn chứng thực bản sao điện tử", "text", text+"\n2. Văn phòng theo dõi.", "nosecret", "1", "do", "draft").wants("Văn phòng theo dõi.", "Bản 2")
		s.get(s.as(s.people["leader"]), at).want(t, 404)
		w.open(paper).must("/submit", "nosecret", "1")
		for range 2 { // whoever's turn it is does his step
			for _, name := range []string{"office-head", "order-boss", "office-clerk"} {
				v := s.visit(name)
				if a := s.get(v.c, paper); a.StatusCode != 200 {
					continue
				}
				v.open(paper)
				for _, step := range []string{"/review", "/sign", "/release"} {
					if v.formFor(step) {
						if a := v.send(step, "nosecret", "1"); a.StatusCode != 303 {
							t.Fatalf("%s by %s: %d %.400s", step, name, a.StatusCode, words(a.root))
						}
						break
					}
				}
			}
		}
		s.issued()
		s.visit("order-boss").open(at).wants("đã ban hành nhiệm vụ", "1 nhiệm vụ đã giao")
		s.visit("leader").open("/tracker").wants("chứng thực bản sao điện tử")

		s.staff(map[string]org.Role{"quick": org.Leader}, quickUnit)
		s.visit("quick").open("/directives/draft").must("/directives/drafts", "title", "Giao việc", "text", text, "nosecret", "1").wants("không giao nhiệm vụ cho cơ quan ngang cấp")
	})
}
