package duty_test

import (
	"database/sql"
	"errors"
	"maps"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// Whatever happens to duties, the tally equals a count over the rows, the explanation
// gives the stored due instant, nothing is orphaned, and only an extension, a pause, a
// resumption or a calendar moves a due instant.
func TestRandomLivesOfDuties(t *testing.T) {
	on(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		var keys []duty.Key
		s, _ := sweeper(d)
		rapid.Check(t, func(rt *rapid.T) {
			for range rapid.IntRange(1, 10).Draw(rt, "steps") {
				keys = live(rt, t, d, clock, s, keys)
			}
			tallied(rt, d)
			orphans(t, s)
			for _, k := range keys {
				explained(t, d, k)
			}
			if len(keys) > 6 {
				keys = keys[len(keys)-6:]
			}
		})
	})
}

var lengths = []string{"7wd", "1wd", "8wh", "15d", "1wd,cutoff=15:00", "2026-06-30", "none"}

func live(rt *rapid.T, t *testing.T, d *db.DB, clock *lttest.Clock, s *duty.Sweeper, keys []duty.Key) []duty.Key {
	what := rapid.SampledFrom([]string{"open", "wait", "suspend", "resume", "extend", "hand", "meet", "waive", "direct", "sweep", "suspend", "resume"}).Draw(rt, "what")
	switch {
	case what == "open" || len(keys) == 0:
		var limits []duty.Limit
		for range rapid.IntRange(0, 2).Draw(rt, "limits") {
			limits = append(limits, limit("A", rapid.SampledFrom(lengths).Draw(rt, "length")))
		}
		request := rapid.IntRange(0, 5).Draw(rt, "request") == 0
		id := open(t, d, duty.New{Limits: append(limits, limit("Z", "30d")), Request: request, Reminders: "2,1"})
		return append(keys, key(id))
	case what == "wait":
		clock.Add(time.Duration(rapid.IntRange(1, 60).Draw(rt, "hours")) * time.Hour)
		return keys
	case what == "sweep":
		if _, err := s.Sweep(contextBackground); err != nil {
			rt.Fatal(err)
		}
		return keys
	}
	k := rapid.SampledFrom(keys).Draw(rt, "duty")
	before := get(t, d, k)
	fresh, err := changeOne(rt, d, k, what)
	if err != nil && fault.Kind(err) == nil {
		rt.Fatalf("%s: %v", what, err)
	}
	after := get(t, d, k)
	if own := after.OwnDueAt; after.OwnFrom.IsZero() && !own.Equal(after.DueAt) || !own.IsZero() && (after.DueAt.IsZero() || own.Before(after.DueAt)) {
		rt.Fatalf("%s: own share ends %s, due %s", what, own, after.DueAt)
	}
	if moved := !after.DueAt.Equal(before.DueAt); moved && (err != nil || what == "meet" || what == "waive" || what == "direct" || what == "hand") {
		rt.Fatalf("%s (%v) moved the due instant from %s to %s", what, err, before.DueAt, after.DueAt)
	}
	if what == "extend" && err == nil && !before.Request && !before.DueAt.IsZero() && after.DueAt.Before(before.DueAt) {
		rt.Fatalf("%s shortened %s to %s", what, before.DueAt, after.DueAt)
	}
	if fresh != nil {
		if !fresh.DueAt.Equal(before.DueAt) {
			rt.Fatalf("handing over moved %s to %s", before.DueAt, fresh.DueAt)
		}
		return append(keys, fresh.Key)
	}
	return keys
}

func changeOne(rt *rapid.T, d *db.DB, k duty.Key, what string) (fresh *duty.Duty, err error) {
	to := rapid.SampledFrom([]org.UnitID{"so-a", "so-b", "so-c", "cong-an"}).Draw(rt, "to")
	g := duty.Ground{Reason: "lý do", By: system}
	err = locked(d, k.Case, func(tx *db.Tx) (err error) {
		fresh = nil
		switch what {
		case "suspend":
			_, err = duty.Suspend(tx, k, g)
		case "resume":
			_, err = duty.Resume(tx, k, g, false)
		case "extend":
			_, err = duty.Extend(tx, k, g, workday.Limit{Unit: workday.WorkingDays, N: 2})
		case "hand":
			_, fresh, err = duty.HandOver(tx, k, to, g)
		case "meet":
			_, err = duty.Meet(tx, k)
		case "waive":
			_, err = duty.Waive(tx, k, "được cho thôi")
		case "direct":
			err = duty.Direct(tx, k, "", "ai-do", workday.Of(tx.Now))
		}
		return err
	})
	if err != nil {
		fresh = nil
	}
	return fresh, err
}

// tallied compares the tally with a count over the rows.
func tallied(rt *rapid.T, d *db.DB) {
	type line struct{ owner, counterpart, field, fate, day string }
	counts, sums := map[line]int64{}, map[line]int64{}
	err := d.View(contextBackground, func(tx *db.Tx) error {
		err := tx.All(`
			SELECT owner, counterpart, field, CASE WHEN fate IN ('met', 'handed') AND ended_at >= own_due_at THEN 'late' ELSE fate END AS word, due_day, count(*)
			FROM duty WHERE NOT request GROUP BY owner, counterpart, field, word, due_day`, nil, func(r *sql.Rows) error {
			var l line
			var n int64
			err := r.Scan(&l.owner, &l.counterpart, &l.field, &l.fate, &l.day, &n)
			counts[l] = n
			return err
		})
		if err != nil {
			return err
		}
		return tx.All(`SELECT owner, counterpart, field, fate, due_day, CAST(sum(n) AS BIGINT) FROM `+duty.Counters+` GROUP BY owner, counterpart, field, fate, due_day HAVING sum(n) <> 0`, nil, func(r *sql.Rows) error {
			var l line
			var n int64
			err := r.Scan(&l.owner, &l.counterpart, &l.field, &l.fate, &l.day, &n)
			sums[l] = n
			return err
		})
	})
	if err != nil {
		rt.Fatal(err)
	}
	if !maps.Equal(counts, sums) {
		rt.Fatalf("the rows count %v, the tally says %v", counts, sums)
	}
}

func revise(t testing.TB, d *db.DB, days map[string]workday.Kind, source string) workday.Revision {
	t.Helper()
	var rev workday.Revision
	lttest.Update(t, d, func(tx *db.Tx) error {
		id, old, err := duty.Calendar(tx)
		if err != nil {
			return err
		}
		rev = workday.Revision{N: old.N + 1, Source: source, Days: maps.Clone(old.Days), Hours: old.Hours, Week: old.Week}
		for day, kind := range days {
			rev.Days[workday.MustDate(day)] = workday.Day{Kind: kind, Name: "ngày thử", Source: source, Status: workday.Sourced}
		}
		n, err := duty.AddRevision(tx, id, rev, "")
		if n != int64(rev.N) {
			t.Errorf("revision %d, want %d", n, rev.N)
		}
		return err
	})
	return rev
}

func TestNewRevisionMovesRunningDuties(t *testing.T) {
	on(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		s, _ := sweeper(d)
		crosses := open(t, d, duty.New{Limits: []duty.Limit{limit("A", "7wd")}}, owned("so-b", duty.New{Limits: []duty.Limit{limit("A", "7wd")}}))
		before := open(t, d, duty.New{Limits: []duty.Limit{limit("A", "1wd")}})
		instant := open(t, d, duty.New{Limits: []duty.Limit{limit("A", "2026-03-06T16:00")}})
		stands := open(t, d, duty.New{Limits: []duty.Limit{limit("A", "7wd")}})
		must(t, suspend(d, key(stands)))
		done := open(t, d, duty.New{Limits: []duty.Limit{limit("A", "7wd")}})
		must(t, meet(d, key(done)))
		met := open(t, d, duty.New{Limits: []duty.Limit{limit("A", "5wd")}}) // due 10/03 00:00, by the new revision 11/03
		rev := revise(t, d, map[string]workday.Kind{"2026-03-06": workday.Holiday}, "Thông báo 99/TB ngày 02/3/2026")
		var seen, moved int
		lttest.View(t, d, func(tx *db.Tx) error {
			for after := ""; ; {
				moves, next, err := duty.PreviewRevision(tx, "phu-tho", rev, after, 2) // a page ends inside a case
				if err != nil {
					return err
				}
				seen += len(moves)
				if after = next; after == "" {
					return nil
				}
			}
		})
		if seen != 3 {
			t.Errorf("the preview shows %d moves, want 3", seen)
		}
		clock.Set(at("2026-03-10 08:00"))
		must(t, meet(d, key(met)))
		if get(t, d, key(met)).Late() {
			t.Error("late by a calendar that was revised before")
		}
		for range 2 { // run again it moves nothing more
			for after := ""; ; {
				lttest.Update(t, d, func(tx *db.Tx) error {
					n, next, err := duty.MoveToRevision(tx, "phu-tho", after, 2)
					moved, after = moved+n, next
					return err
				})
				if after == "" {
					break
				}
			}
		}
		if moved != 2 {
			t.Errorf("the job moved %d, want 2", moved)
		}
		due(t, d, key(crosses), "2026-03-13 00:00")
		due(t, d, key(before), "2026-03-04 00:00")
		due(t, d, key(instant), "2026-03-06 16:00")
		due(t, d, key(done), "2026-03-12 00:00")
		if get(t, d, key(stands)).Fate != duty.Suspended {
			t.Error("a suspended duty runs after a revision")
		}
		must(t, resume(d, key(stands))) // six working days were suspended, one of seven is off: reckoned on the new revision
		lttest.View(t, d, func(tx *db.Tx) error {
			got, err := duty.Get(tx, key(stands))
			if err != nil {
				return err
			}
			if got.Revision != int64(rev.N) {
				t.Errorf("resumed on revision %d, the newest is %d", got.Revision, rev.N)
			}
			all, err := duty.Changes(tx, key(crosses))
			if err != nil || len(all) != 1 || !all[0].Old.Equal(at("2026-03-12 00:00")) || !all[0].New.Equal(at("2026-03-13 00:00")) {
				t.Errorf("the move is kept as %+v (%v)", all, err)
			}
			history, err := casefile.History(tx, system, crosses, 10)
			if err != nil || history[len(history)-1].Facts["source"] != "Thông báo 99/TB ngày 02/3/2026" {
				t.Errorf("the history does not tell the cause: %+v (%v)", history, err)
			}
			return nil
		})
		for _, id := range []casefile.ID{crosses, before, instant, stands} {
			explained(t, d, key(id))
		}
		orphans(t, s)
	})
}

func TestCalendarRefuses(t *testing.T) {
	on(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		err := d.Update(t.Context(), func(tx *db.Tx) error {
			_, err := duty.AddRevision(tx, "phu-tho", workday.Revision{Source: "không giờ"}, "")
			return err
		})
		if !errors.Is(err, fault.Invalid) {
			t.Errorf("a revision without office hours: %v", err)
		}
		lttest.Update(t, d, duty.SeedCalendar) // seeding again changes nothing
		lttest.View(t, d, func(tx *db.Tx) error {
			id, rev, err := duty.Calendar(tx)
			if id != "phu-tho" || rev.N != 1 || len(rev.Days) < 20 || len(rev.Hours) == 0 || rev.Source == "" {
				t.Errorf("seeded %s, revision %d, %d days, %d hours, source %q", id, rev.N, len(rev.Days), len(rev.Hours), rev.Source)
			}
			return err
		})
	})
}

// A one-stop centre that works on Saturday has a calendar of its own.
func TestAnotherCalendar(t *testing.T) {
	on(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, rev, err := duty.Calendar(tx)
			if err != nil {
				return err
			}
			if err := duty.AddCalendar(tx, "mot-cua", "Trung tâm phục vụ hành chính công"); err != nil {
				return err
			}
			rev.Week = workday.WeekOf(time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday)
			_, err = duty.AddRevision(tx, "mot-cua", rev, "")
			return err
		})
		id := open(t, d, duty.New{Calendar: "mot-cua", Limits: []duty.Limit{limit("A", "7wd")}}, owned("so-b", duty.New{Limits: []duty.Limit{limit("A", "7wd")}}))
		due(t, d, key(id), "2026-03-11 00:00")
		due(t, d, duty.Key{Case: id, Rule: rule, Owner: "so-b", Round: 1}, "2026-03-12 00:00")
	})
}
