package direct_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/direct"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// A stage is one test's office with a case at the department and a duty of seven days.
type stage struct {
	testing.TB
	db  *db.DB
	c   casefile.ID
	key duty.Key
}

func each(t *testing.T, fn func(s *stage, clock *lttest.Clock)) {
	t.Helper()
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		lttest.Office(t, d)
		s := &stage{TB: t, db: d}
		lttest.Update(t, d, func(tx *db.Tx) error {
			if err := duty.AddCalendar(tx, "thu", "Lịch thử"); err != nil {
				return err
			}
			_, err := duty.AddRevision(tx, "thu", workday.Revision{Source: "lịch thử", Hours: []workday.Hours{{Spans: []workday.Span{{Start: 8 * 60, End: 17 * 60}}}}}, "")
			return err
		})
		s.open()
		fn(s, clock)
	})
}

// open opens a case with its duty, and makes it the stage's.
func (s *stage) open() {
	s.Helper()
	lttest.Update(s, s.db, func(tx *db.Tx) error {
		c, err := casefile.Open(tx, casefile.New{Kind: "test", Prefix: "T", Title: "Việc thử", State: "received", Raiser: lttest.Commune, Lead: lttest.Department})
		if err != nil {
			return err
		}
		s.c = c.ID
		s.key = duty.Key{Case: c.ID, Rule: "test.answer", Owner: lttest.Department, Round: 1}
		err = casefile.Join(tx, c.ID, casefile.Party{Unit: lttest.Commune, Function: access.Raiser}, casefile.Party{Unit: lttest.Department, Function: access.Lead})
		if err != nil {
			return err
		}
		_, err = duty.Arm(tx, duty.New{Key: s.key, Limits: []duty.Limit{{Clause: "THU/D1", Basis: "quy chế thử", Text: "7wd"}}})
		return err
	})
}

// act runs one act under the case's lock.
func (s *stage) act(by org.OfficerID, fn func(tx *db.Tx, who org.Actor, c *casefile.Case) error) error {
	return s.db.Update(s.Context(), func(tx *db.Tx) error {
		who, err := org.ActorOf(tx, by)
		if err != nil {
			return err
		}
		c, err := casefile.Lock(tx, who, s.c)
		if err != nil {
			return err
		}
		return fn(tx, who, c)
	})
}

func (s *stage) down(by org.OfficerID, in direct.In) error {
	in.Unit = lttest.Department
	in.Duty = s.key
	return s.act(by, func(tx *db.Tx, who org.Actor, c *casefile.Case) error {
		_, err := direct.Down(tx, who, c, in)
		return err
	})
}

func (s *stage) up(by org.OfficerID, reason string) error {
	return s.act(by, func(tx *db.Tx, who org.Actor, c *casefile.Case) error {
		_, err := direct.ReturnUp(tx, who, c, lttest.Department, reason, s.key)
		return err
	})
}

func (s *stage) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func (s *stage) want(what string, err, kind error) {
	s.Helper()
	if !errors.Is(err, kind) {
		s.Errorf("%s: error %v, want %v", what, err, kind)
	}
	if r, ok := fault.Sentence(err); kind != nil && (!ok || r.Say == "") {
		s.Errorf("%s: no sentence in %v", what, err)
	}
}

// lies checks where the matter and its duty lie.
func (s *stage) lies(section org.UnitID, officer org.OfficerID) {
	s.Helper()
	lttest.View(s, s.db, func(tx *db.Tx) error {
		at, err := direct.Where(tx, s.c, lttest.Department)
		if at != (direct.Place{Section: section, Officer: officer}) {
			s.Errorf("lies at %+v, want %q %q", at, section, officer)
		}
		if err != nil {
			return err
		}
		d, err := duty.Get(tx, s.key)
		if err == nil && (d.Section != section || d.Officer != officer) {
			s.Errorf("the duty lies with %q %q, want %q %q", d.Section, d.Officer, section, officer)
		}
		return err
	})
}

// Down in as many steps as the unit has, and the same way back up.
func TestDownAndUpAgain(t *testing.T) {
	each(t, func(s *stage, _ *lttest.Clock) {
		s.want("from the leaders' desk", s.up(lttest.Leader, "Không rõ"), fault.Conflict)
		s.must(s.down(lttest.Leader, direct.In{Officer: lttest.Deputy, Instruction: "Phó Giám đốc chỉ đạo"}))
		s.lies("", lttest.Deputy)
		s.must(s.down(lttest.Deputy, direct.In{Section: lttest.SectionA, Instruction: "Phòng A tham mưu", InnerOn: workday.MustDate("2026-02-13")}))
		s.lies(lttest.SectionA, "")
		s.must(s.down(lttest.HeadA, direct.In{Officer: lttest.OfficerA, CoWorkers: []org.OfficerID{lttest.OfficerB}, Readers: []org.OfficerID{lttest.OfficerA2}}))
		s.lies(lttest.SectionA, lttest.OfficerA)
		lttest.View(s, s.db, func(tx *db.Tx) error {
			got, err := direct.Officers(tx, s.c, lttest.Department)
			if want := []org.OfficerID{lttest.OfficerA, lttest.OfficerB}; !slices.Equal(got, want) {
				s.Errorf("officers %v, want %v", got, want)
			}
			return err
		})
		s.want("returned without a reason", s.up(lttest.OfficerA, ""), fault.Invalid)
		s.want("returned by a co-worker", s.up(lttest.OfficerB, "Không rõ"), fault.Denied)
		s.must(s.up(lttest.OfficerA, "Thuộc phòng B"))
		s.lies(lttest.SectionA, "")
		s.must(s.up(lttest.HeadA, "Thuộc phòng B"))
		s.lies("", lttest.Deputy)
		s.must(s.up(lttest.Deputy, "Ngoài lĩnh vực phụ trách"))
		s.lies("", "")
		s.must(s.down(lttest.Leader, direct.In{Section: lttest.SectionB}))
		s.lies(lttest.SectionB, "")
		lttest.View(s, s.db, func(tx *db.Tx) error {
			who, err := org.ActorOf(tx, lttest.OfficerA)
			if err != nil {
				return err
			}
			all, err := direct.History(tx, who, s.c, lttest.Department)
			if len(all) != 7 || !all[3].Returned || all[3].Instruction != "Thuộc phòng B" {
				s.Errorf("%d steps in the history", len(all))
			}
			if err != nil {
				return err
			}
			asker, err := org.ActorOf(tx, lttest.CommuneLeader)
			if err != nil {
				return err
			}
			all, err = direct.History(tx, asker, s.c, lttest.Department)
			if len(all) != 0 {
				s.Error("the asker reads how the department works inside")
			}
			return err
		})
	})
}

// A leader who changes his mind over the head of a section gets the matter back himself.
func TestRedirectedOverTheHead(t *testing.T) {
	each(t, func(s *stage, _ *lttest.Clock) {
		s.must(s.down(lttest.Leader, direct.In{Section: lttest.SectionA}))
		s.must(s.down(lttest.HeadA, direct.In{Officer: lttest.OfficerA}))
		s.must(s.down(lttest.Leader, direct.In{Officer: lttest.OfficerA2}))
		s.must(s.up(lttest.OfficerA2, "Đang nghỉ"))
		s.lies("", "")
	})
}

func TestWhoMayDirect(t *testing.T) {
	toA := direct.In{Officer: lttest.OfficerA}
	tests := []struct {
		name string
		by   org.OfficerID
		in   direct.In
		want error
	}{
		{"the head before a leader directed it to him", lttest.HeadA, toA, fault.Denied},
		{"a specialist", lttest.OfficerA, toA, fault.Denied},
		{"the clerk", lttest.Clerk, toA, fault.Denied},
		{"a leader of another unit", lttest.CommuneLeader, toA, fault.Denied},
		{"to nobody", lttest.Leader, direct.In{Instruction: "Xử lý"}, fault.Invalid},
		{"to somebody outside", lttest.Leader, direct.In{Officer: lttest.CommuneOfficer}, fault.Invalid},
		{"to an officer of another section", lttest.Leader, direct.In{Section: lttest.SectionB, Officer: lttest.OfficerA}, fault.Invalid},
		{"to a section of another unit", lttest.Leader, direct.In{Section: lttest.Body}, fault.Invalid},
		{"the same person twice", lttest.Leader, direct.In{Officer: lttest.OfficerA, CoWorkers: []org.OfficerID{lttest.OfficerA}}, fault.Invalid},
		{"an inner date in the past", lttest.Leader, direct.In{Officer: lttest.OfficerA, InnerOn: workday.MustDate("2026-02-09")}, fault.Invalid},
		{"an inner date after the legal one", lttest.Leader, direct.In{Officer: lttest.OfficerA, InnerOn: workday.MustDate("2026-02-20")}, fault.Invalid},
		{"an inner date on the legal last day", lttest.Leader, direct.In{Officer: lttest.OfficerA, InnerOn: workday.MustDate("2026-02-19")}, nil},
		{"the deputy", lttest.Deputy, direct.In{Section: lttest.SectionA}, nil},
		{"the head in his section", lttest.HeadA, toA, nil},
		{"the head of another section", lttest.HeadB, direct.In{Officer: lttest.OfficerB}, fault.Denied},
		{"the head out of his section", lttest.HeadA, direct.In{Officer: lttest.OfficerB}, fault.Denied},
	}
	each(t, func(s *stage, _ *lttest.Clock) {
		for _, tt := range tests {
			s.want(tt.name, s.down(tt.by, tt.in), tt.want)
		}
	})
}

// The legal date stands, whatever a leader says inside.
func TestInnerDateMovesNoClock(t *testing.T) {
	each(t, func(s *stage, _ *lttest.Clock) {
		due := func() (d *duty.Duty) {
			lttest.View(s, s.db, func(tx *db.Tx) (err error) {
				d, err = duty.Get(tx, s.key)
				return err
			})
			return d
		}
		before := due()
		inner := workday.MustDate("2026-02-12")
		s.must(s.down(lttest.Leader, direct.In{Section: lttest.SectionA, InnerOn: inner}))
		if after := due(); !after.DueAt.Equal(before.DueAt) || after.InnerOn != inner {
			s.Errorf("due %s, was %s; inner %s", after.DueAt, before.DueAt, after.InnerOn)
		}
		s.must(s.up(lttest.HeadA, "Thuộc phòng B"))
		if after := due(); after.InnerOn != inner {
			s.Errorf("inner date %s after the return", after.InnerOn)
		}
	})
}

// Who does an officer's work gets his reminders, and may return the matter up.
func TestCoverGetsTheReminders(t *testing.T) {
	each(t, func(s *stage, _ *lttest.Clock) {
		day := workday.Of(lttest.Start)
		lttest.Update(s, s.db, func(tx *db.Tx) error {
			_, err := org.SetCover(tx, org.System("test"), org.Cover{Officer: lttest.OfficerA, By: lttest.OfficerA2, Reason: "Nghỉ phép", From: day, To: day.AddDays(2)})
			return err
		})
		unread := func(by org.OfficerID) (kinds []string) {
			lttest.View(s, s.db, func(tx *db.Tx) error {
				who, err := org.ActorOf(tx, by)
				if err != nil {
					return err
				}
				notes, err := notice.Unread(tx, who, 20)
				for _, n := range notes {
					kinds = append(kinds, n.Kind)
				}
				return err
			})
			return kinds
		}
		remind := func() {
			s.must(s.act(lttest.Leader, func(tx *db.Tx, _ org.Actor, c *casefile.Case) error {
				d, err := duty.Get(tx, s.key)
				if err != nil {
					return err
				}
				return direct.Remind(tx, c, d, "test.remind")
			}))
		}
		remind() // nobody is directed yet: the leaders are reminded
		if got := unread(lttest.Leader); !slices.Equal(got, []string{"test.remind"}) {
			s.Errorf("the leader reads %v", got)
		}
		s.must(s.down(lttest.Leader, direct.In{Section: lttest.SectionA}))
		remind()
		if got := unread(lttest.HeadA); !slices.Contains(got, "test.remind") || !slices.Contains(got, "matter.directed") {
			s.Errorf("the head reads %v", got)
		}
		s.must(s.down(lttest.HeadA, direct.In{Officer: lttest.OfficerA}))
		remind()
		if got := unread(lttest.OfficerA2); !slices.Contains(got, "test.remind") || !slices.Contains(got, "matter.directed") {
			s.Errorf("who covers reads %v", got)
		}
		s.must(s.up(lttest.OfficerA2, "Người phụ trách nghỉ phép"))
	})
}

// Two leaders direct at once: both instructions stand one after the other, the later
// one is where the matter lies.
func TestTwoDirectAtOnce(t *testing.T) {
	each(t, func(s *stage, _ *lttest.Clock) {
		var wait sync.WaitGroup
		var errs [2]error
		for i, in := range []direct.In{{Section: lttest.SectionA}, {Section: lttest.SectionB}} {
			wait.Go(func() { errs[i] = s.down(lttest.Leader, in) })
		}
		wait.Wait()
		s.must(errors.Join(errs[:]...))
		lttest.View(s, s.db, func(tx *db.Tx) error {
			all, err := direct.History(tx, org.System("test"), s.c, lttest.Department)
			if err == nil && (len(all) != 2 || all[0].To == all[1].To) {
				s.Errorf("history %+v", all)
			}
			return err
		})
	})
}

func TestIncomingRegister(t *testing.T) {
	each(t, func(s *stage, clock *lttest.Clock) {
		register := func(by org.OfficerID, round int64) (in direct.Incoming, err error) {
			err = s.act(by, func(tx *db.Tx, who org.Actor, c *casefile.Case) (err error) {
				in, err = direct.Register(tx, who, c, direct.Incoming{Unit: lttest.Department, Sender: lttest.Commune, Symbol: "12/UBND", Round: round})
				return err
			})
			return in, err
		}
		_, err := register(lttest.OfficerA, 1)
		s.want("by a specialist", err, fault.Denied)
		in, err := register(lttest.Clerk, 0)
		if err != nil || in.N != 1 || in.Round != 1 || in.EnteredOn != workday.Of(lttest.Start) {
			s.Errorf("%+v: %v", in, err)
		}
		_, err = register(lttest.Clerk, 1)
		s.want("entered twice", err, fault.Conflict)
		in, err = register(lttest.Clerk, 2)
		if err != nil || in.N != 2 {
			s.Errorf("the second arrival: %+v: %v", in, err)
		}
		clock.Set(workday.NewDate(2027, 1, 4).At(9 * 60))
		s.open()
		if in, err = register(lttest.Leader, 1); err != nil || in.N != 1 || in.Year != 2027 {
			s.Errorf("the next year: %+v: %v", in, err)
		}
		lttest.View(s, s.db, func(tx *db.Tx) error {
			who, err := org.ActorOf(tx, lttest.Clerk)
			if err != nil {
				return err
			}
			all, err := direct.Arrivals(tx, who, lttest.Department, 2026, 0, 10)
			if got := fmt.Sprint(len(all)); got != "2" || all[0].Symbol != "12/UBND" {
				s.Errorf("%d entries", len(all))
			}
			return err
		})
	})
}

// A direction stays within the house's budget of statements.
func TestStatementBudget(t *testing.T) {
	each(t, func(s *stage, _ *lttest.Clock) {
		lttest.Who(s, s.db, lttest.Leader) // as in an office, where the node has seen him before
		lttest.Budget(s, s.db, "direct", 6, 12, func(tx *db.Tx) error {
			who, err := org.ActorOf(tx, lttest.Leader)
			if err != nil {
				return err
			}
			c, err := casefile.Lock(tx, who, s.c)
			if err != nil {
				return err
			}
			_, err = direct.Down(tx, who, c, direct.In{Unit: lttest.Department, Officer: lttest.OfficerA, Instruction: "Xử lý", Duty: s.key})
			return err
		})
	})
}
