package directive_test

import (
	"fmt"
	"syscall"
	"testing"
	"time"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/direct"
	"lienthong/internal/directive"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
)

var day = time.Date(2026, 3, 3, 2, 0, 0, 0, time.UTC)

func dated(until string) directive.Task {
	return directive.Task{Leads: units(lead), Coordinating: units(other, asked), Deadline: until, Words: "đến hết ngày " + until}
}

// From the switch to its accepted result, through one that was not the act that is owed:
// the duty is met, reopened and met again, and is one duty.
func TestAnAssignmentIsDone(t *testing.T) {
	each(t, func(s *stage) {
		s.clock.Set(day)
		id := s.one(dated("2026-03-20"))
		s.want(s.try(func(tx *db.Tx) error {
			_, err := directive.Progress(tx, s.third, id, directive.Report{Text: "x", Percent: 5})
			return err
		}), fault.NotFound, "")
		s.do(func(tx *db.Tx) error {
			_, err := directive.Direct(tx, s.lead, id, direct.In{Officer: s.lead.Officer, Instruction: "Làm ngay"}, 0)
			return err
		})
		s.do(func(tx *db.Tx) error {
			_, err := directive.Progress(tx, s.lead, id, directive.Report{Text: "Đã xong dự thảo", Percent: 40})
			return err
		})
		s.do(func(tx *db.Tx) error {
			_, err := directive.Difficulty(tx, s.other, id, directive.Report{Text: "Thiếu số liệu"})
			return err
		})
		submit := func() error {
			return s.try(func(tx *db.Tx) error {
				_, err := directive.SubmitNow(tx, s.lead, id, directive.Result{Text: "Đã ban hành văn bản"})
				return err
			})
		}
		if err := submit(); err != nil {
			t.Fatal(err)
		}
		s.want(submit(), fault.Conflict, "đang chờ kiểm tra")
		s.want(s.try(func(tx *db.Tx) error {
			_, err := directive.Accept(tx, s.lead, id, directive.Verdict{Quality: "Tốt"})
			return err
		}), fault.Denied, "")
		s.clock.Add(40 * 24 * time.Hour)
		s.do(func(tx *db.Tx) error {
			_, err := directive.ReturnNotDone(tx, s.desk, id, directive.Verdict{Text: "Mới nêu kế hoạch, chưa có kết quả"})
			return err
		})
		d := s.duties(id, directive.MustDo)
		if len(d) != 1 || d[0].Fate != duty.Open || !d[0].MissedAtNow(s.clock.Now()) {
			t.Fatalf("after the return: %+v", d[0])
		}
		s.sweep()
		if o := s.duties(id, directive.MustOversee); len(o) == 0 {
			t.Error("nobody oversees what is missed")
		}
		if err := submit(); err != nil {
			t.Fatal(err)
		}
		s.want(s.try(func(tx *db.Tx) error { _, err := directive.Accept(tx, s.desk, id, directive.Verdict{}); return err }), fault.Invalid, "mức chất lượng")
		s.do(func(tx *db.Tx) error {
			_, err := directive.Accept(tx, s.desk, id, directive.Verdict{Quality: "Đạt"})
			return err
		})
		if a := s.get(id); a.State != directive.Accepted || a.Returns != 1 || a.Percent != 100 {
			t.Errorf("%+v", a)
		}
		if d := s.duties(id, directive.MustDo); len(d) != 1 || !d[0].Late() {
			t.Errorf("the duty ended %+v", d[0])
		}
		if p := s.duties(id, directive.MustTakePart)[0]; p.Fate != duty.Waived {
			t.Errorf("the part is %s", p.Fate)
		}
		s.tallies()
	})
}

// tallies fails when a counter of duties differs from the duties themselves.
func (s *stage) tallies() {
	s.t.Helper()
	lttest.View(s.t, s.d, func(tx *db.Tx) error {
		var counted, there int64
		if err := tx.One(`SELECT CAST(coalesce(sum(n), 0) AS BIGINT) FROM `+duty.Counters+` WHERE rule LIKE 'assignment.%' AND fate = 'open'`, nil, &counted); err != nil {
			return err
		}
		if err := tx.One(`SELECT count(*) FROM duty WHERE rule LIKE 'assignment.%' AND fate = 'open' AND NOT request`, nil, &there); err != nil {
			return err
		}
		if counted != there {
			s.t.Errorf("%d open duties are counted, %d are there", counted, there)
		}
		return nil
	})
}

// More time is asked before the due instant and decided by who may; all of it is kept.
func TestMoreTime(t *testing.T) {
	each(t, func(s *stage) {
		s.clock.Set(day)
		id := s.one(dated("2026-03-20"))
		ask := func(who org.Actor, until string) error {
			return s.try(func(tx *db.Tx) error {
				_, err := directive.AskExtension(tx, who, id, directive.Ask{Until: until, Reason: "Chờ Bộ hướng dẫn"})
				return err
			})
		}
		decide := func(who org.Actor, n int64, yes bool) error {
			return s.try(func(tx *db.Tx) error {
				_, err := directive.DecideExtension(tx, who, id, directive.Grant{N: n, Yes: yes, Reason: "Có lý do"})
				return err
			})
		}
		s.want(ask(s.lead, "2026-03-18"), fault.Invalid, "sau hạn đang có")
		if err := ask(s.lead, "2026-03-27"); err != nil {
			t.Fatal(err)
		}
		s.want(ask(s.lead, "2026-03-28"), fault.Conflict, "đang chờ quyết định")
		s.want(ask(s.other, "2026-03-27"), fault.Denied, "") // no rule of the profile lets the lead decide
		s.want(decide(s.lead, 1, true), fault.Denied, "")
		if err := decide(s.office, 1, false); err != nil {
			t.Fatal(err)
		}
		if err := ask(s.lead, "2026-03-25"); err != nil {
			t.Fatal(err)
		}
		if err := decide(s.office, 2, true); err != nil {
			t.Fatal(err)
		}
		d := s.duties(id, directive.MustDo)[0]
		if d.Due().Last().String() != "2026-03-25" {
			t.Errorf("due %s", d.Due().Last())
		}
		lttest.View(t, s.d, func(tx *db.Tx) error {
			all, err := directive.Extensions(tx, id)
			if len(all) != 2 || all[0].State != "refused" || all[1].State != "granted" {
				t.Errorf("%+v", all)
			}
			return err
		})
		s.clock.Add(60 * 24 * time.Hour)
		s.want(ask(s.lead, "2026-07-25"), fault.Conflict, "đã quá hạn")
	})
}

// What no text dates has no date until the Office sets one, and says who did.
func TestTheOfficeSetsADate(t *testing.T) {
	each(t, func(s *stage) {
		s.clock.Set(day)
		id := s.one(directive.Task{Leads: units(lead), Coordinating: units(other)})
		view := func() (v *directive.View) {
			lttest.View(t, s.d, func(tx *db.Tx) error {
				a, err := directive.GetAssignment(tx, s.desk, id)
				if err != nil {
					return err
				}
				v, err = directive.ViewOf(tx, s.desk, a)
				return err
			})
			return v
		}
		if v := view(); !v.Undated() || !acts(v, s.desk)["set-date"] {
			t.Fatalf("undated %v, acts %v", v.Undated(), v.Acts(s.desk))
		}
		set := func(who org.Actor) error {
			return s.try(func(tx *db.Tx) error {
				_, err := directive.SetDate(tx, who, id, directive.Ask{Until: "2026-04-10"})
				return err
			})
		}
		s.want(set(s.lead), fault.Denied, "")
		if err := set(s.desk); err != nil {
			t.Fatal(err)
		}
		v := view()
		if v.Undated() || v.Lead.Limits[0].Basis != "hạn do Văn phòng Ủy ban nhân dân tỉnh đặt, ngày 03/03/2026" {
			t.Errorf("limit %+v", v.Lead.Limits)
		}
		if p := s.duties(id, directive.MustTakePart)[0]; p.Due().Last().String() != "2026-04-10" {
			t.Errorf("the part is due %s", p.Due().Last())
		}
		s.want(set(s.desk), fault.Conflict, "đã có hạn")
		s.tallies()
	})
}

func acts(v *directive.View, who org.Actor) map[string]bool {
	m := map[string]bool{}
	for _, a := range v.Acts(who) {
		m[a.Name] = true
	}
	return m
}

// A unit that ends hands over what it had; the clock goes on and who had it keeps reading.
func TestHandOver(t *testing.T) {
	each(t, func(s *stage) {
		s.clock.Set(day)
		id := s.one(dated("2026-03-20"))
		s.do(func(tx *db.Tx) error {
			_, err := directive.Hand(tx, s.desk, id, directive.Handing{To: third, Reason: "Theo Quyết định số 5/QĐ-UBND"})
			return err
		})
		if a := s.get(id); a.Lead != third {
			t.Fatalf("lead %s", a.Lead)
		}
		var open int
		for _, d := range s.duties(id, directive.MustDo) {
			if d.EndedAt.IsZero() {
				open++
				if d.Owner != third || d.Due().Last().String() != "2026-03-20" {
					t.Errorf("%+v", d)
				}
			}
		}
		if open != 1 {
			t.Errorf("%d open duties of a lead", open)
		}
		lttest.View(t, s.d, func(tx *db.Tx) error { _, err := directive.GetAssignment(tx, s.lead, id); return err })
		s.do(func(tx *db.Tx) error {
			return org.MergeUnit(tx, org.System("test"), []org.UnitID{third}, other, dayOf(s), "Nghị quyết số 9/NQ-HĐND")
		})
		s.clock.Add(48 * time.Hour)
		s.do(func(tx *db.Tx) error {
			n, left, err := directive.HandMerged(tx, s.desk, third)
			if n != 1 || left {
				t.Errorf("%d handed over, left %v", n, left)
			}
			return err
		})
		if a := s.get(id); a.Lead != other {
			t.Errorf("lead %s", a.Lead)
		}
		if p := s.duties(id, directive.MustTakePart); len(p) != 1 || p[0].EndedAt.IsZero() {
			t.Errorf("a lead still coordinates: %+v", p)
		}
		s.tallies()
	})
}

// A part given on is an assignment of its own; the whole waits for it.
func TestAPartIsGivenOn(t *testing.T) {
	each(t, func(s *stage) {
		s.clock.Set(day)
		id := s.one(dated("2026-03-20"))
		var sub casefile.ID
		give := func(who org.Actor, in directive.Sub) error {
			return s.try(func(tx *db.Tx) error {
				a, err := directive.SubAssign(tx, who, id, in)
				if err == nil {
					sub = a.ID
				}
				return err
			})
		}
		s.want(give(s.lead, directive.Sub{Content: "Phần việc"}), fault.Invalid, "chọn phòng hoặc người")
		if err := give(s.lead, directive.Sub{Unit: s.CommuneUnit, Content: "Rà soát trên địa bàn", Until: "2026-03-13"}); err != nil {
			t.Fatal(err)
		}
		s.want(s.try(func(tx *db.Tx) error {
			_, err := directive.SubmitNow(tx, s.lead, id, directive.Result{Text: "Xong"})
			return err
		}), fault.Conflict, "Còn 1 phần đã giao tiếp")
		commune := s.Commune
		s.want(s.try(func(tx *db.Tx) error { // PT06/D5.K2.e-3 binds the commune, not the department
			_, err := directive.SubAssign(tx, commune, sub, directive.Sub{Officer: commune.Officer, Content: "Lập danh sách", Until: "2026-03-10"})
			return err
		}), fault.Invalid, "yêu cầu về chất lượng")
		s.do(func(tx *db.Tx) error {
			_, err := directive.SubmitNow(tx, commune, sub, directive.Result{Text: "Đã rà soát"})
			return err
		})
		s.want(s.try(func(tx *db.Tx) error {
			_, err := directive.Accept(tx, s.desk, sub, directive.Verdict{Quality: "Tốt"})
			return err
		}), fault.NotFound, "")
		lead := s.lead
		s.want(s.try(func(tx *db.Tx) error { _, err := directive.Accept(tx, lead, sub, directive.Verdict{}); return err }), fault.Invalid, "chất lượng")
		s.do(func(tx *db.Tx) error {
			_, err := directive.Accept(tx, lead, sub, directive.Verdict{Quality: "Tốt"})
			return err
		})
		lttest.View(t, s.d, func(tx *db.Tx) error {
			all, err := directive.Subs(tx, s.lead, id)
			if len(all) != 1 || all[0].State != directive.Accepted {
				t.Errorf("%+v", all)
			}
			return err
		})
		s.do(func(tx *db.Tx) error {
			_, err := directive.SubmitNow(tx, s.lead, id, directive.Result{Text: "Xong"})
			return err
		})
	})
}

// What comes again is opened by the calendar, each time once.
func TestWhatComesAgain(t *testing.T) {
	each(t, func(s *stage) {
		s.clock.Set(day)
		id, all := s.issue(reading("60/UBND-TH", directive.Task{Leads: units(lead), Recurrence: "monthly 25", Words: "trước ngày 25 hằng tháng"}))
		if len(all) != 0 {
			t.Fatalf("%d assignments at once", len(all))
		}
		for range 3 {
			s.sweep()
			s.sweep()
			s.clock.Add(31 * 24 * time.Hour)
		}
		s.sweep()
		all = s.thread(id)
		if len(all) < 3 || len(all) > 4 {
			t.Fatalf("%d occasions in three months", len(all))
		}
		seen := map[string]bool{}
		for _, l := range all {
			if seen[l.Period.String()] {
				t.Errorf("%s twice", l.Period)
			}
			seen[l.Period.String()] = true
		}
		s.do(func(tx *db.Tx) error {
			_, err := directive.SubmitNow(tx, s.lead, all[0].ID, directive.Result{Text: "Số liệu kỳ này"})
			return err
		})
		if d := s.duties(all[0].ID, directive.MustRecur); d[0].Fate != duty.Met {
			t.Errorf("%+v", d[0])
		}
	})
}

// Two who release, accept or decide at once: one does, the other is told.
func TestRaces(t *testing.T) {
	each(t, func(s *stage) {
		s.clock.Set(day)
		n := 0
		var id casefile.ID
		check := func(t *testing.T, m lttest.Meeting) {
			if (m.A == nil) == (m.B == nil) {
				t.Errorf("at %d: %v and %v", m.Point, m.A, m.B)
			}
		}
		release := func(tx *db.Tx) error { _, err := directive.Release(tx, s.head, id, 0); return err }
		lttest.Race(t, s.d, func(tx *db.Tx) error {
			n++
			d, err := directive.Take(tx, s.desk, reading(fmt.Sprintf("R%d/UBND", n), directive.Task{Leads: units(lead)}))
			if err != nil {
				return err
			}
			id = d.ID
			_, err = directive.Confirm(tx, s.desk, id, "", 0)
			return err
		}, release, release, check)

		fresh := func(tx *db.Tx) error { return nil }
		made := s.pool(40)
		next := 0
		prepare := func(tx *db.Tx) error {
			id = made[next%len(made)]
			next++
			return fresh(tx)
		}
		ask := func(tx *db.Tx) error {
			_, err := directive.AskExtension(tx, s.lead, id, directive.Ask{Until: "2026-04-25", Reason: "Lý do"})
			return err
		}
		lttest.Race(t, s.d, prepare, ask, ask, check)
	})
}

// pool issues many assignments for races, which each use one.
func (s *stage) pool(n int) (ids []casefile.ID) { return s.pool2("70/UBND-TH", n) }

func (s *stage) pool2(number string, n int) (ids []casefile.ID) {
	s.t.Helper()
	var tasks []directive.Task
	for range n {
		tasks = append(tasks, dated("2026-03-20"))
	}
	_, all := s.issue(reading(number, tasks...))
	for _, l := range all {
		ids = append(ids, l.ID)
	}
	return ids
}

// processor is the time that this process has had of the processor: what a step costs on a
// machine where others work too.
func processor(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// What the release of sixty tasks may cost (issue "Speed"): the program's own part, in
// processor time, which does not grow with what else the machine does; and statements,
// which grow with the code alone. How long the person waits is a row of lienthong bench.
const (
	mostRelease = 300 * time.Millisecond
	mostStep    = 20 * time.Millisecond // one step holds the writer of SQLite
	stepRows    = 360                   // read or written by one step, ten assignments each
	allRows     = 1900
)

// A directive of sixty tasks is out before the person looks up, and no step holds the writer
// of SQLite longer than it may. Of three releases the cheapest counts: the others pay for the
// collector, and the first for what the node then knows.
func TestSixtyTasksAreOutAtOnce(t *testing.T) {
	each(t, func(s *stage) {
		s.clock.Set(day)
		least, leastStep := time.Hour, time.Hour
		for i := range 3 {
			var tasks []directive.Task
			for range 60 {
				tasks = append(tasks, dated("2026-03-20"))
			}
			id := s.take(reading(fmt.Sprintf("%d/UBND-TH", 80+i), tasks...))
			s.do(func(tx *db.Tx) error { _, err := directive.Confirm(tx, s.desk, id, "", 0); return err })
			s.spent = nil
			began, worst := processor(s.t), time.Duration(0)
			s.do(func(tx *db.Tx) error { _, err := directive.Release(tx, s.head, id, 0); return err })
			for step, used := s.steps(), processor(s.t); step(); used = processor(s.t) {
				worst = max(worst, processor(s.t)-used)
			}
			least, leastStep = min(least, processor(s.t)-began), min(leastStep, worst)
			if n := len(s.thread(id)); n != 60 {
				t.Fatalf("%d assignments", n)
			}
		}
		rows, most := 0, 0
		for _, x := range s.spent {
			rows, most = rows+x.Reads+x.Writes, max(most, x.Reads+x.Writes)
		}
		_, over, longest := s.d.WriterHolds()
		t.Logf("60 tasks: %v of the processor, the dearest step %v; %d statements and rows in %d steps, at most %d; writer over its time %d times, longest %v", least, leastStep, rows, len(s.spent), most, over, longest)
		if most > stepRows || rows > allRows {
			t.Errorf("%d statements and rows, %d in one step; want at most %d and %d", rows, most, allRows, stepRows)
		}
		if !lttest.Raced() && (least > mostRelease || leastStep > mostStep) {
			t.Errorf("%v of the processor, %v in one step; want at most %v and %v", least, leastStep, mostRelease, mostStep)
		}
	})
}
