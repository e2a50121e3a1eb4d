package tracker_test

import (
	"context"
	"testing"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/duty"
	"lienthong/internal/job"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/org"
	"lienthong/internal/tracker"
	"lienthong/internal/workday"
)

// holder is the first holder of a role in a unit, in that post.
func holder(tx *db.Tx, unit org.UnitID, role org.Role) (org.Actor, error) {
	held, err := org.Holders(tx, unit, role)
	if err != nil {
		return org.Actor{}, err
	}
	who, err := org.ActorOf(tx, held[0].Officer.ID)
	return who.As(held[0].Post), err
}

// follow lets the Office follow every assignment, as adopting a profile does.
func follow(tx *db.Tx) error {
	return org.Oversee(tx, org.System("test"), "van-phong-ubnd-tinh", directive.AssignmentKind, true)
}

// released gives three assignments: one due this week, one next month, one without a date,
// and one request.
func released(t *testing.T, d *db.DB) (desk, lead org.Actor) {
	t.Helper()
	tasks := []directive.Task{{Deadline: "2026-02-12", Words: "chậm nhất ngày 12/02/2026"}, {Deadline: "2026-03-20", Words: "chậm nhất ngày 20/3/2026"}, {}, {Request: true, Deadline: "2026-02-12", Words: "chậm nhất ngày 12/02/2026"}}
	units := []org.UnitID{"so-tu-phap", "so-noi-vu", "so-tu-phap", "cong-an-tinh"}
	for i := range tasks {
		tasks[i].Content, tasks[i].Leads = "Rà soát nội dung, báo cáo kết quả", []directive.Name{{Said: string(units[i]), Unit: units[i]}}
		tasks[i].Span = directive.Span{10 * i, 10*i + 9}
	}
	lttest.Update(t, d, func(tx *db.Tx) (err error) {
		if desk, err = holder(tx, "van-phong-ubnd-tinh", org.Desk); err != nil {
			return err
		}
		if lead, err = holder(tx, "so-tu-phap", org.Leader); err != nil {
			return err
		}
		boss, err := holder(tx, "van-phong-ubnd-tinh", org.Leader)
		if err != nil {
			return err
		}
		if err := follow(tx); err != nil {
			return err
		}
		x, err := directive.Take(tx, desk, directive.In{Text: "Văn bản minh họa, bốn việc phải làm.", Reading: directive.Reading{Number: "8/UBND-MH",
			IssuedOn: workday.MustDate("2026-02-09"), Issuer: "Ủy ban nhân dân tỉnh", Type: "công văn", Subject: "Rà soát", Tasks: tasks}})
		if err != nil {
			return err
		}
		if _, err := directive.Confirm(tx, desk, x.ID, "", 0); err != nil {
			return err
		}
		_, err = directive.Release(tx, boss, x.ID, 0)
		return err
	})
	run := job.New(d, "test")
	run.Define(directive.JobKind, directive.Step)
	if err := run.Drain(context.Background()); err != nil {
		t.Fatal(err)
	}
	return desk, lead
}

// Every number has as many rows in its list, before and after a date has passed; a body
// that is only asked is in none; a department reads its own.
func TestNumbersAreTheirLists(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		province.Open(t, d)
		desk, lead := released(t, d)
		check := func(who org.Actor, open, late, week, dateless, asked int64) {
			t.Helper()
			lttest.View(t, d, func(tx *db.Tx) error {
				r, err := tracker.Read(tx, who, tracker.ByUnit, tracker.Filter{})
				if err != nil {
					return err
				}
				if got := (tracker.Figures{Open: open, Late: late, Week: week, Dateless: dateless}); r.Total != got {
					t.Errorf("%s reads %+v, want %+v", who.Name, r.Total, got)
				}
				for slice, want := range map[tracker.Slice]int64{tracker.Running: open, tracker.Late: late, tracker.Week: week, tracker.Dateless: dateless, tracker.Asked: asked, tracker.Waiting: 0, tracker.Returned: 0} {
					var n int64
					for cursor, first := "", true; first || cursor != ""; first = false {
						all, next, err := tracker.List(tx, who, slice, tracker.Filter{}, cursor, 1)
						if err != nil {
							return err
						}
						n, cursor = n+int64(len(all)), next
					}
					if n != want {
						t.Errorf("%s: list %q has %d rows, want %d", who.Name, slice, n, want)
					}
				}
				return nil
			})
		}
		check(desk, 3, 0, 1, 1, 1)
		check(lead, 2, 0, 1, 1, 0)
		if n, err := duty.Roll(t.Context(), d); err != nil || n == 0 {
			t.Errorf("%d counters went into the sums: %v", n, err)
		}
		check(desk, 3, 0, 1, 1, 1)
		clock.Add(3 * 24 * time.Hour)
		check(desk, 3, 1, 0, 1, 1)
	})
}
