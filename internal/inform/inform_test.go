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
