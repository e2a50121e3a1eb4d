package inform_test

import (
	"errors"
	"slices"
	"testing"

	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/inform"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/workday"
	"lienthong/regulations"
)

// office fills an empty store with the province under a rule book that declares contacts.
func office(t *testing.T, d *db.DB, keys []regulation.Key) {
	t.Helper()
	lib, err := regulation.Load(regulations.FS)
	if err != nil {
		t.Fatal(err)
	}
	rb, problems := regulation.Compile(lib, "phu-tho", keys)
	if rb == nil {
		t.Fatal(regulation.Refusal(problems))
	}
	for _, step := range []func(tx *db.Tx) error{org.Seed, org.SeedDemo, duty.SeedCalendar, func(tx *db.Tx) error { return regulation.Adopt(tx, rb, "test") }} {
		lttest.Update(t, d, step)
	}
}

// Who answers today: the contact, his deputy while he is away, whoever does his work where
// no deputy is there.
func TestDirectoryKnowsWhoIsAway(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		office(t, d, province.Keys())
		who := org.System("test")
		const head, other, deputy = "of-so-tu-phap-head-1", "of-so-tu-phap-head-2", "of-so-tu-phap-specialist-1"
		set := func(c org.Contact) {
			t.Helper()
			lttest.Update(t, d, func(tx *db.Tx) error { return org.SetContact(tx, who, c) })
		}
		reach := func() (id org.OfficerID, away bool) {
			t.Helper()
			lttest.View(t, d, func(tx *db.Tx) error {
				all, _, err := inform.Directory(tx, inform.Filter{Unit: "so-tu-phap", Field: "tu-phap.03", Text: "so tu phap"})
				for _, e := range all {
					if e.Field == "tu-phap" {
						id, away = e.Reach, e.Away
					}
				}
				return err
			})
			return id, away
		}
		set(org.Contact{Unit: "so-tu-phap", Field: "tu-phap", Officer: head})
		if id, away := reach(); id != head || away {
			t.Errorf("reached %s, away %v", id, away)
		}
		today := workday.Of(clock.Now())
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := org.SetCover(tx, who, org.Cover{Officer: head, By: other, Reason: "Nghỉ phép", From: today, To: today.AddDays(2)})
			return err
		})
		if id, away := reach(); id != other || !away {
			t.Errorf("without a deputy: reached %s, away %v", id, away)
		}
		set(org.Contact{Unit: "so-tu-phap", Field: "tu-phap", Officer: head, Deputy: deputy})
		if id, away := reach(); id != deputy || !away {
			t.Errorf("with a deputy: reached %s, away %v", id, away)
		}
	})
}

// Without a rule there is no directory: an office that no text obliges shows none.
func TestDirectoryNeedsItsRule(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		office(t, d, slices.DeleteFunc(province.Keys(), func(k regulation.Key) bool { return k.Name == inform.MustContact }))
		lttest.View(t, d, func(tx *db.Tx) error {
			if _, _, err := inform.Directory(tx, inform.Filter{}); !errors.Is(err, fault.Denied) {
				t.Errorf("%v, want a refusal", err)
			}
			return nil
		})
	})
}

// "Whom do I ask about it": the unit that has the field first, its nearest contact before its
// general one, and nobody who has nothing to do with it.
func TestDirectoryOfAField(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, _ *lttest.Clock) {
		office(t, d, province.Keys())
		who := org.System("test")
		set := func(unit org.UnitID, field string, officer org.OfficerID) {
			t.Helper()
			lttest.Update(t, d, func(tx *db.Tx) error {
				return org.SetContact(tx, who, org.Contact{Unit: unit, Field: field, Officer: officer})
			})
		}
		ask := func(f inform.Filter) (got []string, silent int) {
			t.Helper()
			lttest.View(t, d, func(tx *db.Tx) error {
				all, none, err := inform.Directory(tx, f)
				for _, e := range all {
					got = append(got, string(e.Unit)+":"+e.Field)
				}
				silent = len(none)
				return err
			})
			return got, silent
		}
		lttest.Update(t, d, func(tx *db.Tx) error {
			_, err := tx.Exec(`DELETE FROM contact`)
			return err
		})
		if got, silent := ask(inform.Filter{Field: "tu-phap.03"}); len(got) != 0 || silent != 1 {
			t.Errorf("nobody is named: %v, %d silent; want the competent unit alone", got, silent)
		}
		set("so-noi-vu", "", "of-so-noi-vu-head-1")
		set("so-tu-phap", "", "of-so-tu-phap-head-1")
		set("so-tu-phap", "tu-phap.03", "of-so-tu-phap-head-2")
		set("so-tu-phap", "tu-phap", "of-so-tu-phap-head-1")
		set("so-noi-vu", "tu-phap.03", "of-so-noi-vu-head-2")
		for _, x := range []struct {
			f    inform.Filter
			want []string
		}{
			{inform.Filter{Field: "tu-phap.03"}, []string{"so-tu-phap:tu-phap.03", "so-tu-phap:tu-phap", "so-tu-phap:", "so-noi-vu:tu-phap.03"}},
			{inform.Filter{Field: "tu-phap"}, []string{"so-tu-phap:tu-phap", "so-tu-phap:tu-phap.03", "so-tu-phap:", "so-noi-vu:tu-phap.03"}},
			{inform.Filter{Field: "noi-vu"}, []string{"so-noi-vu:"}},
			{inform.Filter{Text: "ho tich"}, []string{"so-noi-vu:tu-phap.03", "so-tu-phap:", "so-tu-phap:tu-phap.03"}},
		} {
			got, _ := ask(x.f)
			if !slices.Equal(got, x.want) {
				t.Errorf("%+v: %v, want %v", x.f, got, x.want)
			}
		}
	})
}
