package directive_test

import (
	"fmt"
	"testing"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/petition"
)

// Nobody sees an assignment before it is owed: at every step of the release, whoever sees
// one sees what its lead owes with it, and no duty runs that nothing would move.
func TestNobodySeesAnAssignmentThatIsNotOwed(t *testing.T) {
	each(t, func(s *stage) {
		s.clock.Set(day)
		tasks := []directive.Task{{Leads: units(lead)}}
		for range 14 {
			tasks = append(tasks, dated("2026-03-20"))
		}
		id := s.take(reading("51/UBND-TH", tasks...))
		s.do(func(tx *db.Tx) error { _, err := directive.Confirm(tx, s.desk, id, "", 0); return err })
		s.do(func(tx *db.Tx) error { _, err := directive.Release(tx, s.head, id, 0); return err })
		kinds := duty.Kinds{}
		for _, k := range directive.Duties() {
			kinds[k.Rule] = k
		}
		most := 0
		for step := s.steps(); step(); {
			lttest.View(t, s.d, func(tx *db.Tx) error {
				all, _, err := directive.Assignments(tx, s.lead, directive.Filter{}, "", 100)
				if err != nil {
					return err
				}
				undated := 0
				for _, l := range all {
					a, err := directive.GetAssignment(tx, s.lead, l.ID)
					if err != nil {
						return err
					}
					v, err := directive.ViewOf(tx, s.lead, a)
					if err != nil {
						return err
					}
					if v.Lead == nil {
						t.Errorf("%s is seen and nobody owes it", l.Code)
					}
					if l.DueAt.IsZero() {
						undated++
					}
				}
				if len(all) > 0 && undated != 1 {
					t.Errorf("%d of %d have no date, one of them states none", undated, len(all))
				}
				most = max(most, len(all))
				o, err := duty.CountOrphans(tx, kinds)
				if o != (duty.Orphans{}) {
					t.Errorf("orphans %+v", o)
				}
				return err
			})
		}
		if most != 15 {
			t.Fatalf("%d seen in the end", most)
		}
	})
}

// What other units gave stands before what the Office gave: the fifty that are moved at
// once are the caller's own, and the caller is told the end.
func TestMergedUnitsOfOthersAreSteppedOver(t *testing.T) {
	each(t, func(s *stage) {
		s.clock.Set(day)
		whole := s.one(directive.Task{Leads: units(lead)})
		for i := range 53 { // parts that the lead gave on to the unit that will end
			s.do(func(tx *db.Tx) error {
				_, err := directive.SubAssign(tx, s.lead, whole, directive.Sub{Unit: third, Content: fmt.Sprintf("Phần %d", i+1), Criteria: "Đủ", Until: "2026-03-20"})
				return err
			})
		}
		ours := s.one(directive.Task{Leads: units(third)})
		s.do(func(tx *db.Tx) error {
			return org.MergeUnit(tx, org.System("test"), []org.UnitID{third}, other, dayOf(s), "Nghị quyết số 9/NQ-HĐND")
		})
		s.clock.Add(48 * 60 * 60 * 1e9)
		merged := func(who org.Actor) (n int, left bool) {
			t.Helper()
			s.do(func(tx *db.Tx) (err error) { n, left, err = directive.HandMerged(tx, who, third); return err })
			return n, left
		}
		if n, left := merged(s.desk); n != 1 || left {
			t.Errorf("the Office moves %d, more left: %v", n, left)
		}
		if a := s.get(ours); a.Lead != other {
			t.Errorf("led by %s", a.Lead)
		}
		if n, left := merged(s.desk); n != 0 || left {
			t.Errorf("again %d, more left: %v", n, left)
		}
	})
}

// A difficulty becomes a petition: both lead to each other, for whoever may read the other.
func TestADifficultyBecomesAPetition(t *testing.T) {
	each(t, func(s *stage) {
		s.clock.Set(day)
		id := s.one(directive.Task{Leads: units(lead), Coordinating: units(s.CommuneUnit, other)})
		s.do(func(tx *db.Tx) error {
			_, err := directive.Difficulty(tx, s.Commune, id, directive.Report{Text: "Máy quét của xã hỏng, chưa có kinh phí."})
			return err
		})
		notes := func(who org.Actor) (all []directive.Note) {
			lttest.View(t, s.d, func(tx *db.Tx) (err error) { all, err = directive.Notes(tx, who, id); return err })
			return all
		}
		n := notes(s.Commune)[0].N
		var raised casefile.ID
		tried := "Đã sửa hai lần"
		s.do(func(tx *db.Tx) error {
			p, err := petition.RaiseNow(tx, s.Commune, petition.Raise{Title: "Thiếu máy quét", Text: "Máy quét của xã hỏng.", Field: s.Field, Tried: &tried})
			if err != nil {
				return err
			}
			raised = p.ID
			if err := tx.Flush(); err != nil {
				return err
			}
			_, err = directive.LinkPetition(tx, s.Commune, id, n, raised)
			return err
		})
		s.want(s.try(func(tx *db.Tx) error { _, err := directive.LinkPetition(tx, s.Commune, id, n, raised); return err }), fault.Conflict, "đã thành kiến nghị")
		if got := notes(s.Commune)[0]; !got.Linked || got.Petition != raised {
			t.Errorf("the commune reads %+v", got)
		}
		if got := notes(s.other)[0]; !got.Linked || got.Petition != "" {
			t.Errorf("a unit without a part in the petition reads %+v", got)
		}
		behind := func(who org.Actor) (m *directive.Met) {
			lttest.View(t, s.d, func(tx *db.Tx) (err error) { m, err = directive.DifficultyBehind(tx, who, raised); return err })
			return m
		}
		if m := behind(s.Commune); m == nil || m.Assignment != id || m.N != n {
			t.Errorf("behind the petition: %+v", m)
		}
		if m := behind(s.third); m != nil {
			t.Errorf("an outsider sees %+v", m)
		}
	})
}

// Acts that exclude each other meet at every statement: one is done, the other is told, and
// what is owed in the end is what the one left.
func TestMoreRaces(t *testing.T) {
	each(t, func(s *stage) {
		s.clock.Set(day)
		made, next := s.pool(60), 0
		var id casefile.ID
		submit := func(tx *db.Tx) error {
			_, err := directive.SubmitNow(tx, s.lead, id, directive.Result{Text: "Xong"})
			return err
		}
		fresh := func(before ...func(tx *db.Tx) error) func(tx *db.Tx) error {
			return func(tx *db.Tx) error {
				id = made[next%len(made)]
				next++
				for _, fn := range before {
					if err := fn(tx); err != nil {
						return err
					}
				}
				return nil
			}
		}
		onlyOne := func(t *testing.T, m lttest.Meeting) {
			if (m.A == nil) == (m.B == nil) {
				t.Errorf("at %d: %v and %v", m.Point, m.A, m.B)
			}
		}
		accept := func(tx *db.Tx) error {
			_, err := directive.Accept(tx, s.desk, id, directive.Verdict{Quality: "Đạt"})
			return err
		}
		giveBack := func(tx *db.Tx) error {
			_, err := directive.ReturnNotDone(tx, s.desk, id, directive.Verdict{Text: "Chưa đủ"})
			return err
		}
		extend := func(tx *db.Tx) error {
			_, err := directive.AskExtension(tx, s.lead, id, directive.Ask{Until: "2026-04-25", Reason: "Lý do"})
			return err
		}
		s.t.Run("two results", func(t *testing.T) { lttest.Race(t, s.d, fresh(), submit, submit, onlyOne) })
		made, next = s.pool2("71/UBND-TH", 120), 0
		s.t.Run("accept meets return", func(t *testing.T) {
			lttest.Race(t, s.d, fresh(submit), accept, giveBack, func(t *testing.T, m lttest.Meeting) {
				onlyOne(t, m)
				want := map[bool]string{true: directive.Accepted, false: directive.Open}[m.A == nil]
				if a := s.get(id); a.State != want {
					t.Errorf("at %d: %s, want %s", m.Point, a.State, want)
				}
				if open := s.duties(id, directive.MustDo)[0].EndedAt.IsZero(); open != (want == directive.Open) {
					t.Errorf("at %d: the lead's duty runs %v in state %s", m.Point, open, want)
				}
			})
		})
		made, next = s.pool2("72/UBND-TH", 120), 0
		s.t.Run("extension meets result", func(t *testing.T) {
			// more time may be asked first and the result come then; never the other way round
			lttest.Race(t, s.d, fresh(), extend, submit, func(t *testing.T, m lttest.Meeting) {
				if m.B != nil || m.A != nil && fault.Kind(m.A) != fault.Conflict {
					t.Errorf("at %d: %v and %v", m.Point, m.A, m.B)
				}
			})
		})
		s.tallies()
	})
}

// sealCase is what the command does to a case that two persons seal.
func (s *stage) sealCase(id casefile.ID) {
	s.t.Helper()
	s.do(func(tx *db.Tx) error {
		c, err := casefile.Lock(tx, org.System("test"), id)
		if err != nil {
			return err
		}
		if err := duty.WaiveAll(tx, id, "niêm phong"); err != nil {
			return err
		}
		_, err = casefile.Seal(tx, c, casefile.Order{First: s.desk, Second: s.office, Record: "BB-1"})
		return err
	})
}

// What people wrote about a directive and its assignment is nowhere in the store after both
// are sealed, in whatever column it stood; two of one number do not stand in each other's way.
func TestASealLeavesNoText(t *testing.T) {
	each(t, func(s *stage) {
		s.clock.Set(day)
		const mark = "ZQXMARK"
		in := reading("90/UBND", directive.Task{Leads: units(lead), Coordinating: units(other), Content: "Việc " + mark, Words: "trước ngày " + mark, Deadline: "2026-03-20"})
		in.Text, in.Reading.Subject, in.Reading.Signer = "Toàn văn "+mark, "Trích yếu "+mark, "Người ký "+mark
		in.Files = []casefile.Document{{Name: mark + ".pdf", MediaType: "application/pdf", Size: 3, Hash: "h", Scan: "clean"}}
		d, all := s.issue(in)
		a := all[0].ID
		s.do(func(tx *db.Tx) error {
			_, err := directive.Progress(tx, s.lead, a, directive.Report{Text: "Tiến độ " + mark, Percent: 10})
			return err
		})
		s.do(func(tx *db.Tx) error {
			_, err := directive.AskExtension(tx, s.lead, a, directive.Ask{Until: "2026-03-25", Reason: "Xin " + mark})
			return err
		})
		s.do(func(tx *db.Tx) error {
			_, err := directive.DecideExtension(tx, s.office, a, directive.Grant{N: 1, Yes: true, Reason: "Cho " + mark})
			return err
		})
		s.do(func(tx *db.Tx) error {
			_, err := directive.SubmitNow(tx, s.lead, a, directive.Result{Text: "Kết quả " + mark})
			return err
		})
		twin := s.take(func() directive.In {
			in := reading("91/UBND", directive.Task{Leads: units(lead)})
			in.Reading.Issuer = "Cơ quan " + mark
			return in
		}())
		if len(lttest.Trace(t, s.d, mark)) == 0 {
			t.Fatal("the mark is nowhere before the seal: the test looks in the wrong place")
		}
		s.sealCase(a)
		s.sealCase(d)
		s.sealCase(twin)
		for _, at := range lttest.Trace(t, s.d, mark) {
			if at != `event."bytes"` { // the proof keeps public facts: who issued it, who signed; never a text
				t.Errorf("the mark still stands in %s", at)
			}
		}
		lttest.View(t, s.d, func(tx *db.Tx) error {
			var left int64
			err := tx.One(`SELECT count(*) FROM event WHERE text IS NOT NULL`, nil, &left)
			if left != 0 {
				t.Errorf("%d events keep a text", left)
			}
			return err
		})
	})
}
