package directive_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// monthly issues a task of every month and returns its directive and its series.
func (s *stage) monthly(number string, leads ...org.UnitID) (id casefile.ID, all []*directive.Series) {
	s.t.Helper()
	id, _ = s.issue(reading(number, directive.Task{Leads: units(leads...), Each: len(leads) > 1, Recurrence: "monthly 25", Words: "ngày 25 hằng tháng"}))
	return id, s.series(s.desk, directive.SeriesFilter{Directive: id})
}

func (s *stage) series(who org.Actor, f directive.SeriesFilter) (all []*directive.Series) {
	s.t.Helper()
	lttest.View(s.t, s.d, func(tx *db.Tx) (err error) {
		all, _, err = directive.SeriesList(tx, who, f, "", 100)
		return err
	})
	return all
}

func (s *stage) opened(id directive.SeriesID) (all []directive.Line) {
	s.t.Helper()
	lttest.View(s.t, s.d, func(tx *db.Tx) error {
		x, err := directive.GetSeries(tx, s.desk, id)
		if err == nil {
			all, err = x.Opened(tx, s.desk, 100)
		}
		return err
	})
	return all
}

// A series is seen before its first case, and ends from a day: what falls before is owed,
// what was opened ahead ends, nothing comes after.
func TestASeriesEnds(t *testing.T) {
	each(t, func(s *stage) {
		s.clock.Set(day) // 3 March
		_, all := s.monthly("60/UBND-TH", lead)
		if len(all) != 1 || len(all[0].Next) != 3 || all[0].Next[0].Period.String() != "2026-03-25" || all[0].Next[2].Period.String() != "2026-05-25" {
			t.Fatalf("before the first case: %+v", all)
		}
		id := all[0].ID
		for range 2 {
			s.sweep()
			s.clock.Add(31 * 24 * time.Hour)
		}
		s.sweep() // 4 May: 25 March, 25 April and 25 May are open
		if n := len(s.opened(id)); n != 3 {
			t.Fatalf("%d occasions", n)
		}
		end := func(who org.Actor, from string) error {
			return s.try(func(tx *db.Tx) error {
				_, err := directive.EndSeries(tx, who, id, directive.SeriesEnd{From: workday.MustDate(from), Reason: "Văn bản số 9/UBND-TH"})
				return err
			})
		}
		s.want(end(s.lead, "2026-05-20"), fault.Denied, "")
		s.want(end(s.third, "2026-05-20"), fault.NotFound, "")
		s.want(end(s.desk, "2026-05-01"), fault.Invalid, "từ hôm nay")
		s.want(s.try(func(tx *db.Tx) error {
			_, err := directive.EndSeries(tx, s.desk, id, directive.SeriesEnd{From: workday.MustDate("2026-05-20")})
			return err
		}), fault.Invalid, "lý do")
		if err := end(s.desk, "2026-05-20"); err != nil {
			t.Fatal(err)
		}
		states := map[string]string{}
		for _, l := range s.opened(id) {
			states[l.Period.String()] = l.State
		}
		if states["2026-04-25"] != directive.Open || states["2026-05-25"] != directive.Ended {
			t.Errorf("after the end: %v", states)
		}
		if x := s.series(s.desk, directive.SeriesFilter{})[0]; len(x.Next) != 0 || x.EndsOn.String() != "2026-05-20" {
			t.Errorf("it still comes: %+v", x)
		}
		for range 4 {
			s.clock.Add(31 * 24 * time.Hour)
			s.sweep()
		}
		if n := len(s.opened(id)); n != 3 {
			t.Errorf("%d occasions after the end", n)
		}
		s.want(end(s.desk, "2026-12-01"), fault.Conflict, "đã thôi")
		s.tallies()
	})
}

// A series goes to another unit with its open case; the unit before owes nothing of it, and
// no period comes twice.
func TestASeriesIsHandedOver(t *testing.T) {
	each(t, func(s *stage) {
		s.clock.Set(day)
		_, all := s.monthly("61/UBND-TH", lead, other)
		var id directive.SeriesID
		for _, x := range all {
			if x.Named == lead {
				id = x.ID
			}
		}
		s.sweep()
		s.do(func(tx *db.Tx) error {
			_, err := directive.HandSeries(tx, s.desk, id, directive.Handing{To: third, Reason: "Chuyển chức năng"})
			return err
		})
		if l := s.opened(id); len(l) != 1 || l[0].Lead != third {
			t.Fatalf("the open case: %+v", l)
		}
		for range 2 {
			s.clock.Add(31 * 24 * time.Hour)
			s.sweep()
		}
		seen := map[string]bool{}
		for _, l := range s.opened(id) {
			if l.Lead != third || seen[l.Period.String()] {
				t.Errorf("%s: led by %s", l.Period, l.Lead)
			}
			seen[l.Period.String()] = true
		}
		if len(seen) != 3 {
			t.Errorf("%d periods", len(seen))
		}
		if x := s.series(s.third, directive.SeriesFilter{Lead: third}); len(x) != 1 {
			t.Errorf("the unit that has it sees %d", len(x))
		}
		if x := s.series(s.desk, directive.SeriesFilter{Lead: lead}); len(x) != 0 {
			t.Errorf("the unit before still has %d", len(x))
		}
		s.tallies()
	})
}

// The calendar reads every series, however many there are.
func TestEverySeriesIsAsked(t *testing.T) {
	each(t, func(s *stage) {
		s.clock.Set(day)
		id, _ := s.monthly("62/UBND-TH", lead)
		const more = 2300
		s.do(func(tx *db.Tx) error {
			for i := range more {
				if _, err := tx.Exec(`INSERT INTO assignment_series (case_id, n, lead, again, basis, since_at) VALUES ($1, $2, $3, 'yearly 12-31', 'thử', $4)`,
					string(id), 100+i, string(lead), tx.Now); err != nil {
					return err
				}
			}
			return nil
		})
		var asked []duty.Occasion
		lttest.View(t, s.d, func(tx *db.Tx) (err error) {
			for _, k := range directive.Duties() {
				if k.Arming != nil {
					asked, err = k.Arming.Occasions(tx)
				}
			}
			return err
		})
		if len(asked) != more+1 {
			t.Errorf("%d of %d series", len(asked), more+1)
		}
	})
}

// The calendar and a person meet: no occasion is opened of what has just ended.
func TestSeriesMeetTheCalendar(t *testing.T) {
	each(t, func(s *stage) {
		s.clock.Set(day)
		_, all := s.monthly("63/UBND-TH", lead)
		id := all[0].ID
		var occasion duty.Occasion
		var arming *duty.Arming
		for _, k := range directive.Duties() {
			if k.Arming != nil {
				arming = k.Arming
			}
		}
		lttest.View(t, s.d, func(tx *db.Tx) error {
			asked, err := arming.Occasions(tx)
			occasion = asked[0]
			occasion.Period = workday.MustDate("2026-03-25")
			return err
		})
		s.do(func(tx *db.Tx) error {
			_, err := directive.EndSeries(tx, s.desk, id, directive.SeriesEnd{Reason: "Văn bản số 9/UBND-TH"})
			return err
		})
		err := s.d.Update(context.Background(), func(tx *db.Tx) error { _, _, err := arming.Open(tx, occasion); return err })
		if !errors.Is(err, fault.Conflict) {
			t.Errorf("an occasion of what ended: %v", err)
		}
	})
}
