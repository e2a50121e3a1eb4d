package directive_test

import (
	"slices"
	"testing"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
)

// acts are the names of what an officer may do on a directive now, and what bars the steps.
func (s *stage) acts(who org.Actor, id casefile.ID) (names []string, confirm, release int) {
	s.t.Helper()
	lttest.View(s.t, s.d, func(tx *db.Tx) error {
		d, err := directive.Get(tx, who, id)
		if err != nil {
			return err
		}
		x, err := directive.Look(tx, who, d)
		if err != nil {
			return err
		}
		for _, a := range x.Acts(who) {
			names = append(names, a.Name)
		}
		confirm, release = x.Bars("confirm"), x.Bars("release")
		return nil
	})
	return names, confirm, release
}

// The desk officer confirms what was read rightly: a name that means nobody is his to mend
// first, a lead that the document does not give is the leader's and bars only the release.
func TestWhatBarsWhichStep(t *testing.T) {
	each(t, func(s *stage) {
		s.clock.Set(day)
		id := s.take(reading("61/UBND-TH", directive.Task{}, directive.Task{Leads: []directive.Name{{Said: "Sở Không Có"}}}))
		confirm := func() error {
			return s.try(func(tx *db.Tx) error { _, err := directive.Confirm(tx, s.desk, id, "", 0); return err })
		}
		s.want(confirm(), fault.Conflict, "Còn 1 nội dung phải đối chiếu, sửa trước khi xác nhận")
		if may, c, r := s.acts(s.desk, id); c != 1 || r != 1 || slices.Contains(may, "confirm") {
			t.Fatalf("before mending: %v, %d before the confirmation, %d before the release", may, c, r)
		}
		s.do(func(tx *db.Tx) error {
			_, err := directive.Edit(tx, s.desk, id, 2, directive.Task{Leads: units(other), Content: "Việc 2"}, 0)
			return err
		})
		if may, c, _ := s.acts(s.desk, id); c != 0 || !slices.Contains(may, "confirm") {
			t.Fatalf("after mending: %v, %d before the confirmation", may, c)
		}
		if err := confirm(); err != nil {
			t.Fatal(err)
		}
		if may, _, r := s.acts(s.head, id); r != 1 || slices.Contains(may, "release") {
			t.Fatalf("confirmed: %v, %d before the release", may, r)
		}
		s.do(func(tx *db.Tx) error {
			_, err := directive.Decide(tx, s.boss, id, directive.Decision{N: 1, Unit: third})
			return err
		})
		if may, _, r := s.acts(s.head, id); r != 0 || !slices.Contains(may, "release") {
			t.Fatalf("decided: %v, %d before the release", may, r)
		}
	})
}

// What a leader decided is not edited away at the desk; he may decide again. A lead that
// stands in the text and that the reader missed is the desk officer's to put in.
func TestWhoseTheLeadIs(t *testing.T) {
	each(t, func(s *stage) {
		s.clock.Set(day)
		in := reading("62/UBND-TH", directive.Task{}, directive.Task{})
		in.Text = "Sở Tư pháp:\nViệc thứ nhất.\nViệc thứ hai. Sở Ngoại vụ nhận được thông báo này."
		id := s.take(in)
		decide := func(unit org.UnitID) error {
			return s.try(func(tx *db.Tx) error {
				_, err := directive.Decide(tx, s.boss, id, directive.Decision{N: 1, Unit: unit})
				return err
			})
		}
		edit := func(n int64, lead directive.Name) error {
			return s.try(func(tx *db.Tx) error {
				_, err := directive.Edit(tx, s.desk, id, n, directive.Task{Leads: []directive.Name{lead}, Content: "Việc"}, 0)
				return err
			})
		}
		if err := decide(third); err != nil {
			t.Fatal(err)
		}
		s.want(edit(1, directive.Name{Said: "Sở Tư pháp", Unit: other}), fault.Denied, "do người có thẩm quyền quyết định")
		if err := decide(other); err != nil {
			t.Errorf("he may not decide again: %v", err)
		}
		s.want(edit(2, directive.Name{Said: "Sở Ngoại vụ", Unit: other}), fault.Denied, "Văn bản không nêu cơ quan chủ trì")
		if err := edit(2, directive.Name{Said: "sở tư pháp", Unit: third}); err != nil {
			t.Errorf("the name stands in the text: %v", err)
		}
	})
}

// Assignments stand in the order of the document, whatever was merged, split or added.
func TestOrderIsTheDocuments(t *testing.T) {
	each(t, func(s *stage) {
		s.clock.Set(day)
		at := func(content string) directive.Task {
			return directive.Task{Leads: units(lead), Content: content, Clause: content}
		}
		id := s.take(reading("63/UBND-TH", at("1"), at("2"), at("3"), at("4"), at("5")))
		s.do(func(tx *db.Tx) error {
			if _, err := directive.Add(tx, s.desk, id, at("ngoài văn bản"), 0); err != nil {
				return err
			}
			added := at("giữa 4 và 5")
			added.Span = directive.Span{35, 39}
			if _, err := directive.Add(tx, s.desk, id, added, 0); err != nil {
				return err
			}
			if _, err := directive.Merge(tx, s.desk, id, []int64{2, 3}, at("2 và 3"), 0); err != nil {
				return err
			}
			if _, err := directive.Split(tx, s.desk, id, 1, []directive.Task{at("1a"), at("1b")}, 0); err != nil {
				return err
			}
			_, err := directive.Confirm(tx, s.desk, id, "", 0)
			return err
		})
		s.do(func(tx *db.Tx) error { _, err := directive.Release(tx, s.head, id, 0); return err })
		s.drain()
		var got []string
		for _, l := range s.thread(id) {
			got = append(got, l.Clause)
		}
		if want := []string{"1a", "1b", "2 và 3", "4", "giữa 4 và 5", "5", "ngoài văn bản"}; !slices.Equal(got, want) {
			t.Errorf("order %q, want %q", got, want)
		}
		lttest.View(t, s.d, func(tx *db.Tx) error {
			d, err := directive.Get(tx, s.desk, id)
			if err != nil {
				return err
			}
			given, done, err := directive.Counts(tx, d)
			if err != nil {
				return err
			}
			if given != 7 || done != 0 {
				t.Errorf("given %d, done %d", given, done)
			}
			all, err := directive.Proposals(tx, id)
			for _, p := range all {
				if p.Task.Content == "2 và 3" && p.Task.Span != (directive.Span{10, 29}) {
					t.Errorf("what was merged spans %v", p.Task.Span)
				}
			}
			return err
		})
	})
}

// A difficulty says how far the unit is as well; one that does not leaves it as it was.
func TestADifficultyKeepsTheFigure(t *testing.T) {
	each(t, func(s *stage) {
		s.clock.Set(day)
		id := s.one(dated("2026-03-20"))
		for _, tt := range []struct{ given, want int64 }{{40, 40}, {0, 40}, {55, 55}} {
			s.do(func(tx *db.Tx) error {
				_, err := directive.Difficulty(tx, s.lead, id, directive.Report{Text: "Thiếu số liệu.", Percent: tt.given})
				return err
			})
			if got := s.get(id).Percent; got != tt.want {
				t.Errorf("difficulty at %d %%: the assignment stands at %d %%, want %d", tt.given, got, tt.want)
			}
		}
		lttest.View(t, s.d, func(tx *db.Tx) error {
			all, err := directive.Notes(tx, s.lead, id)
			if len(all) != 3 || all[1].Percent != 40 {
				t.Errorf("notes %+v", all)
			}
			return err
		})
		s.want(s.try(func(tx *db.Tx) error {
			_, err := directive.Difficulty(tx, s.lead, id, directive.Report{Text: "Thiếu.", Percent: 140})
			return err
		}), fault.Invalid, "0 đến 100")
	})
}
