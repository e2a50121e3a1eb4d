package directive_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/job"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// The units of the scenes. The first two walk their papers in one step.
const (
	lead  org.UnitID = "so-khoa-hoc-va-cong-nghe"
	other org.UnitID = "so-ngoai-vu"
	third org.UnitID = "so-tu-phap"
	asked org.UnitID = "cong-an-tinh"
	hq    org.UnitID = "van-phong-ubnd-tinh"
	chair org.UnitID = "chu-tich-ubnd-tinh"
)

// A stage is a province with the people of the scenes.
type stage struct {
	province.Office
	t     *testing.T
	d     *db.DB
	clock *lttest.Clock
	run   *job.Runner

	spent []db.Stats // of each step of a release, by steps

	desk, head, office, boss, lead, other, third org.Actor
}

func each(t *testing.T, fn func(s *stage)) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) { fn(open(t, d, clock)) })
}

func open(t *testing.T, d *db.DB, clock *lttest.Clock) *stage {
	t.Helper()
	s := &stage{Office: province.Open(t, d), t: t, d: d, clock: clock, run: job.New(d, "test")}
	s.run.Define(directive.JobKind, directive.Step)
	lttest.View(t, d, func(tx *db.Tx) (err error) {
		for _, p := range []struct {
			who  *org.Actor
			unit org.UnitID
			role org.Role
		}{{&s.desk, hq, org.Desk}, {&s.office, hq, org.Leader}, {&s.boss, chair, org.Leader}, {&s.lead, lead, org.Leader}, {&s.other, other, org.Leader}, {&s.third, third, org.Leader}} {
			if *p.who, err = post(tx, p.unit, p.role, ""); err != nil {
				return err
			}
		}
		s.head, err = post(tx, hq, org.Head, s.desk.Post.Section)
		return err
	})
	return s
}

// post returns the first holder of a role in a unit, in that post.
func post(tx *db.Tx, unit org.UnitID, role org.Role, section org.UnitID) (org.Actor, error) {
	held, err := org.Holders(tx, unit, role)
	if err != nil {
		return org.Actor{}, err
	}
	for _, h := range held {
		if section == "" || h.Post.Section == section {
			who, err := org.ActorOf(tx, h.Officer.ID)
			return who.As(h.Post), err
		}
	}
	return org.Actor{}, fmt.Errorf("%s has no %s", unit, role)
}

func (s *stage) try(fn func(tx *db.Tx) error) error { return s.d.Update(context.Background(), fn) }

func (s *stage) do(fn func(tx *db.Tx) error) {
	s.t.Helper()
	if err := s.try(fn); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) want(err, kind error, about string) {
	s.t.Helper()
	if !errors.Is(err, kind) {
		s.t.Fatalf("got %v, want %v", err, kind)
	}
	if r, ok := fault.Sentence(err); about != "" && (!ok || !strings.Contains(r.Say, about)) {
		s.t.Fatalf("the refusal says %v, want %q", err, about)
	}
}

func (s *stage) drain() {
	s.t.Helper()
	if err := s.run.Drain(context.Background()); err != nil {
		s.t.Fatal(err)
	}
}

func units(ids ...org.UnitID) (all []directive.Name) {
	for _, u := range ids {
		all = append(all, directive.Name{Said: string(u), Unit: u})
	}
	return all
}

// reading is an invented document with some tasks.
func reading(number string, tasks ...directive.Task) directive.In {
	for i := range tasks {
		tasks[i].Span = directive.Span{10 * i, 10*i + 9}
		if tasks[i].Content == "" {
			tasks[i].Content = fmt.Sprintf("Rà soát nội dung thứ %d, báo cáo kết quả", i+1)
		}
		if tasks[i].Clause == "" {
			tasks[i].Clause = fmt.Sprintf("2.%d", i+1)
		}
	}
	return directive.In{Text: "Nội dung văn bản minh họa.\nGiao các cơ quan thực hiện.", Reading: directive.Reading{
		Number: number, IssuedOn: workday.MustDate("2026-03-02"), Issuer: "Ủy ban nhân dân tỉnh", Type: "công văn", Subject: "Thực hiện nhiệm vụ trọng tâm", Tasks: tasks}}
}

// take enters a document and returns its case.
func (s *stage) take(in directive.In) (id casefile.ID) {
	s.t.Helper()
	s.do(func(tx *db.Tx) error {
		d, err := directive.Take(tx, s.desk, in)
		if err == nil {
			id = d.ID
		}
		return err
	})
	return id
}

// issue takes, confirms and releases, and returns the assignments in their order.
func (s *stage) issue(in directive.In) (id casefile.ID, all []directive.Line) {
	s.t.Helper()
	id = s.take(in)
	s.do(func(tx *db.Tx) error { _, err := directive.Confirm(tx, s.desk, id, "", 0); return err })
	s.do(func(tx *db.Tx) error { _, err := directive.Release(tx, s.head, id, 0); return err })
	s.drain()
	return id, s.thread(id)
}

func (s *stage) thread(id casefile.ID) (all []directive.Line) {
	s.t.Helper()
	lttest.View(s.t, s.d, func(tx *db.Tx) (err error) {
		all, err = directive.Thread(tx, s.office, id)
		return err
	})
	return all
}

// one issues a single task and returns its assignment.
func (s *stage) one(t directive.Task) casefile.ID {
	s.t.Helper()
	_, all := s.issue(reading(fmt.Sprintf("%d/UBND-TH", time.Now().UnixNano()), t))
	if len(all) != 1 {
		s.t.Fatalf("%d assignments", len(all))
	}
	return all[0].ID
}

func (s *stage) duties(id casefile.ID, rule string) (all []*duty.Duty) {
	s.t.Helper()
	lttest.View(s.t, s.d, func(tx *db.Tx) error {
		some, err := duty.OfCase(tx, id)
		for _, d := range some {
			if d.Rule == rule {
				all = append(all, d)
			}
		}
		return err
	})
	return all
}

func (s *stage) get(id casefile.ID) (a *directive.Assignment) {
	s.t.Helper()
	lttest.View(s.t, s.d, func(tx *db.Tx) (err error) {
		a, err = directive.GetAssignment(tx, org.System("test"), id)
		return err
	})
	return a
}

func (s *stage) sweep() {
	s.t.Helper()
	kinds := duty.Kinds{}
	for _, k := range directive.Duties() {
		kinds[k.Rule] = k
	}
	if _, err := (&duty.Sweeper{DB: s.d, Kinds: kinds, Node: "test"}).Sweep(context.Background()); err != nil {
		s.t.Fatal(err)
	}
}

// steps does one step of the release at a time; false when there is none left.
func (s *stage) steps() func() bool {
	return func() bool {
		s.t.Helper()
		more := false
		s.do(func(tx *db.Tx) error {
			more = false
			jobs, err := job.List(tx, "", 1)
			if err != nil || len(jobs) == 0 || jobs[0].State != job.Open {
				return err
			}
			more = true
			p, err := directive.Step(tx, *jobs[0])
			if err != nil {
				return err
			}
			state := job.Open
			if p.End {
				state = job.Done
			}
			s.spent = append(s.spent, tx.Stats())
			_, err = tx.Exec(`UPDATE job SET cursor = $1, done = $2, total = $3, state = $4 WHERE id = $5`, p.Cursor, p.Done, p.Total, state, string(jobs[0].ID))
			return err
		})
		return more
	}
}

func dayOf(s *stage) workday.Date { return workday.Of(s.clock.Now()).AddDays(1) }
