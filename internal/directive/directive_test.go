package directive_test

import (
	"testing"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
)

// A document comes in once; the refusal names the first; a withdrawn one may come again.
func TestADirectiveIsTakenOnce(t *testing.T) {
	each(t, func(s *stage) {
		first := s.take(reading("12/UBND-TH", directive.Task{Leads: units(lead)}))
		again := func() error {
			return s.try(func(tx *db.Tx) error {
				_, err := directive.Take(tx, s.desk, reading(" 12 / ubnd-th", directive.Task{Leads: units(lead)}))
				return err
			})
		}
		s.want(again(), fault.Conflict, "CD-0001/")
		s.do(func(tx *db.Tx) error { _, err := directive.Withdraw(tx, s.desk, first, "Nhập nhầm", 0); return err })
		if err := again(); err != nil {
			t.Fatal(err)
		}
		s.want(s.try(func(tx *db.Tx) error { _, err := directive.Take(tx, s.lead, reading("13/UBND-TH")); return err }), fault.Denied, "")
		in := reading("14/UBND-TH")
		in.Text = "MẬT\nGiao Sở"
		s.want(s.try(func(tx *db.Tx) error { _, err := directive.Take(tx, s.desk, in); return err }), fault.Invalid, "độ mật")
	})
}

// What people make of the proposals is kept, beside what the reader saw.
func TestProposalsAreShapedAndCounted(t *testing.T) {
	each(t, func(s *stage) {
		at := func(c string) directive.Task {
			return directive.Task{Leads: units(lead), Clause: c, Content: "Việc " + c}
		}
		id := s.take(reading("20/UBND-TH", at("1"), at("2"), at("3"), at("4"), at("5"), at("6")))
		s.do(func(tx *db.Tx) error {
			if _, err := directive.Edit(tx, s.desk, id, 1, directive.Task{Leads: units(other), Clause: "1", Content: "Việc 1"}, 0); err != nil {
				return err
			}
			if _, err := directive.Split(tx, s.desk, id, 2, []directive.Task{at("2.a"), at("2.b")}, 0); err != nil {
				return err
			}
			if _, err := directive.Merge(tx, s.desk, id, []int64{3, 4}, at("3-4"), 0); err != nil {
				return err
			}
			if _, err := directive.Drop(tx, s.desk, id, 5, "Câu đánh giá, không giao việc", 0); err != nil {
				return err
			}
			_, err := directive.Add(tx, s.desk, id, at("7"), 0)
			return err
		})
		s.want(s.try(func(tx *db.Tx) error { _, err := directive.Edit(tx, s.desk, id, 2, at("2"), 0); return err }), fault.Conflict, "đã tách")
		s.do(func(tx *db.Tx) error { _, err := directive.Confirm(tx, s.desk, id, "", 0); return err })
		s.want(s.try(func(tx *db.Tx) error { _, err := directive.Edit(tx, s.desk, id, 1, at("1"), 0); return err }), fault.Conflict, "không sửa được nữa")
		s.do(func(tx *db.Tx) error { _, err := directive.Release(tx, s.head, id, 0); return err })
		s.drain()
		if n := len(s.thread(id)); n != 6 { // 1, 2.a, 2.b, 3-4, 6, 7
			t.Fatalf("%d assignments", n)
		}
		lttest.View(t, s.d, func(tx *db.Tx) error {
			f, err := directive.ReadFigures(tx)
			if f.Read != 6 || f.Kept != 1 || f.Edited != 1 || f.Parts["lead"] != 1 || f.Split != 1 || f.Merged != 2 || f.Dropped != 1 || f.Added != 1 {
				t.Errorf("figures %+v", f)
			}
			return err
		})
	})
}

// What the document leaves open bars the release until the leader whom the rule names
// decides it; nobody edits it in.
func TestWhatIsOpenIsDecided(t *testing.T) {
	each(t, func(s *stage) {
		s.clock.Set(time.Date(2026, 3, 3, 2, 0, 0, 0, time.UTC))
		id := s.take(reading("30/UBND-TH", directive.Task{Unread: []string{"văn bản còn ghi “từ ngày 01/6/2026”, chưa đọc thành hạn"}}, directive.Task{Leads: units(lead, other)}, directive.Task{Leads: []directive.Name{{Said: "Sở Không Có"}}},
			directive.Task{Leads: units(lead), Deadline: "2026-02-01", Words: "trước ngày 01/02/2026", Unread: []string{"văn bản còn ghi “trong tuần này”, chưa đọc thành hạn"}}))
		kinds := func() map[string]int {
			n := map[string]int{}
			lttest.View(t, s.d, func(tx *db.Tx) error {
				d, err := directive.Get(tx, s.desk, id)
				if err != nil {
					return err
				}
				all, err := directive.Questions(tx, d)
				for _, q := range all {
					n[q.Kind]++
				}
				return err
			})
			return n
		}
		if n := kinds(); n[directive.AskNoLead] != 1 || n[directive.AskTwoLeads] != 1 || n[directive.AskUnknown] != 1 || n[directive.AskPast] != 1 || n[directive.AskNoDate] != 3 || n[directive.AskUnread] != 2 {
			t.Fatalf("questions %v", n)
		}
		s.want(s.try(func(tx *db.Tx) error {
			_, err := directive.Edit(tx, s.desk, id, 1, directive.Task{Leads: units(lead), Content: "Việc"}, 0)
			return err
		}), fault.Denied, "Văn bản không nêu cơ quan chủ trì")
		s.want(s.try(func(tx *db.Tx) error {
			_, err := directive.Edit(tx, s.desk, id, 2, directive.Task{Leads: units(lead), Content: "Việc", Deadline: "2026-04-01"}, 0)
			return err
		}), fault.Denied, "không nêu hạn")
		s.do(func(tx *db.Tx) error {
			if _, err := directive.Edit(tx, s.desk, id, 2, directive.Task{Leads: units(lead), Coordinating: units(other), Content: "Việc 2"}, 0); err != nil {
				return err
			}
			if _, err := directive.Edit(tx, s.desk, id, 3, directive.Task{Leads: units(other), Content: "Việc 3"}, 0); err != nil {
				return err
			}
			if _, err := directive.Edit(tx, s.desk, id, 4, directive.Task{Leads: units(lead), Content: "Việc 4", Deadline: "2026-04-01", Words: "trước ngày 01/4/2026"}, 0); err != nil {
				return err
			}
			_, err := directive.Propose(tx, s.desk, id, 1, directive.Suggestion{Unit: third, Reason: "Theo chức năng"}, 0)
			return err
		})
		if n := kinds(); n[directive.AskUnread] != 1 { // looked at by who edits it; the other bars nothing
			t.Errorf("questions %v", n)
		}
		s.do(func(tx *db.Tx) error { _, err := directive.Confirm(tx, s.desk, id, "", 0); return err })
		release := func() error {
			return s.try(func(tx *db.Tx) error { _, err := directive.Release(tx, s.head, id, 0); return err })
		}
		s.want(release(), fault.Conflict, "Văn bản không nêu cơ quan chủ trì")
		decide := func(who org.Actor) error {
			return s.try(func(tx *db.Tx) error {
				_, err := directive.Decide(tx, who, id, directive.Decision{N: 1, Unit: third, Until: "2026-05-10"})
				return err
			})
		}
		s.want(decide(s.desk), fault.Denied, "")
		if err := decide(s.boss); err != nil {
			t.Fatal(err)
		}
		if err := release(); err != nil {
			t.Fatal(err)
		}
		s.want(release(), fault.Conflict, "đã được ban hành")
		s.drain()
		all := s.thread(id)
		if len(all) != 4 || all[0].Lead != third {
			t.Fatalf("%+v", all)
		}
		d := s.duties(all[0].ID, directive.MustDo)[0]
		if d.Limits[0].SetBy != s.boss.Officer || d.DueOn.String() != "2026-05-10" && d.Due().Last().String() != "2026-05-10" {
			t.Errorf("limit %+v due %v", d.Limits, d.Due().Last())
		}
		if last := s.duties(all[3].ID, directive.MustDo)[0].Due().Last(); last.String() != "2026-03-31" { // "trước ngày" is exclusive
			t.Errorf("due %s", last)
		}
	})
}

// Only the section that confirmed it, or a leader, releases; nothing before.
func TestWhoReleases(t *testing.T) {
	each(t, func(s *stage) {
		id := s.take(reading("40/UBND-TH", directive.Task{Leads: units(lead)}))
		release := func(who org.Actor) error {
			return s.try(func(tx *db.Tx) error { _, err := directive.Release(tx, who, id, 0); return err })
		}
		s.want(release(s.head), fault.Denied, "chưa được xác nhận")
		s.want(s.try(func(tx *db.Tx) error { _, err := directive.Confirm(tx, s.head, id, "", 0); return err }), fault.Denied, "")
		s.do(func(tx *db.Tx) error { _, err := directive.Confirm(tx, s.desk, id, "", 0); return err })
		s.want(release(s.desk), fault.Denied, "")
		s.do(func(tx *db.Tx) error {
			_, err := directive.SendBack(tx, s.head, id, "Xem lại mục 2", 0)
			return err
		})
		s.do(func(tx *db.Tx) error { _, err := directive.Confirm(tx, s.desk, id, "", 0); return err })
		if err := release(s.office); err != nil {
			t.Fatal(err)
		}
	})
}

// Assignments appear together: before the switch nobody reads one of them, also when a
// step of the job is done twice, and a list shows what Get allows.
func TestAllOrNone(t *testing.T) {
	each(t, func(s *stage) {
		var tasks []directive.Task
		for range 23 {
			tasks = append(tasks, directive.Task{Leads: units(lead), Coordinating: units(other, asked)})
		}
		id := s.take(reading("50/UBND-TH", tasks...))
		s.do(func(tx *db.Tx) error { _, err := directive.Confirm(tx, s.desk, id, "", 0); return err })
		s.do(func(tx *db.Tx) error { _, err := directive.Release(tx, s.head, id, 0); return err })
		seen := func(who org.Actor) (n int) {
			lttest.View(t, s.d, func(tx *db.Tx) error {
				all, _, err := directive.Assignments(tx, who, directive.Filter{}, "", 100)
				for _, l := range all {
					if _, err := directive.GetAssignment(tx, who, l.ID); err != nil {
						t.Errorf("%s is listed and not read: %v", l.Code, err)
					}
				}
				n = len(all)
				return err
			})
			return n
		}
		sizes := map[int]bool{}
		step := s.steps()
		for step() {
			n := seen(s.lead)
			sizes[n] = true
			if o := seen(s.office); o != n {
				t.Fatalf("the Office sees %d, the lead %d", o, n)
			}
		}
		if len(sizes) != 2 || !sizes[0] || !sizes[23] {
			t.Fatalf("seen along the way: %v", sizes)
		}
		if n := seen(s.third); n != 0 {
			t.Errorf("an outsider sees %d", n)
		}
		all := s.thread(id)
		for _, l := range all {
			if n := len(s.duties(l.ID, directive.MustDo)); n != 1 {
				t.Fatalf("%d duties of the lead", n)
			}
			if d := s.duties(l.ID, directive.MustReply); len(d) != 1 || !d[0].Request {
				t.Fatalf("request %+v", d)
			}
		}
	})
}
