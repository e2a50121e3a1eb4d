package regulation_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/regulation"
	"lienthong/internal/workday"
	"lienthong/regulations"
)

// A model profile serves from the day on which the province entered its own decision, and
// its rules cite it; without one it is refused.
func TestDecide(t *testing.T) {
	lib, err := regulation.Load(regulations.FS)
	if err != nil {
		t.Fatal(err)
	}
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		refused := func() bool {
			bad := false
			lttest.View(t, d, func(tx *db.Tx) error {
				own, err := lib.With(tx)
				if err != nil {
					return err
				}
				for _, p := range regulation.Check(own, "tinh-mau", nil, regulation.Use{Serve: true, Day: workday.Of(tx.Now)}) {
					bad = bad || p.Code == regulation.CodeServe && strings.Contains(p.Say, "quyết định")
				}
				return nil
			})
			return bad
		}
		if !refused() {
			t.Error("a model serves without a decision")
		}
		today := workday.Of(clock.Now())
		decide := func(profile, number, date string) error {
			return d.Update(context.Background(), func(tx *db.Tx) error {
				return regulation.Decide(tx, lib, "cli:thu", profile, regulation.Decision{Number: number, Date: date})
			})
		}
		for _, bad := range []struct {
			profile, number, date string
			kind                  error
		}{
			{"khong-co", "1/QĐ-UBND", today.String(), fault.NotFound},
			{"tinh-mau", " ", today.String(), fault.Invalid}, {"tinh-mau", "1/QĐ-UBND", "hôm qua", fault.Invalid}, {"tinh-mau", "1/QĐ-UBND", today.AddDays(1).String(), fault.Invalid},
		} {
			if err := decide(bad.profile, bad.number, bad.date); !errors.Is(err, bad.kind) {
				t.Errorf("%+v: %v", bad, err)
			}
		}
		if err := decide("tinh-mau", "12/QĐ-UBND", today.AddDays(-1).String()); err != nil {
			t.Fatal(err)
		}
		if err := decide("tinh-mau", "13/QĐ-UBND", today.String()); err != nil {
			t.Fatal(err)
		}
		if refused() {
			t.Error("a decided model is refused still")
		}
		if lib.Profiles["tinh-mau"].Decision != nil {
			t.Error("the files' own library was changed")
		}
		lttest.View(t, d, func(tx *db.Tx) error {
			all, err := regulation.Decisions(tx)
			if len(all) != 2 || all[0].Number != "13/QĐ-UBND" || all[0].By != "cli:thu" {
				t.Errorf("decisions %+v", all)
			}
			own, _ := lib.With(tx)
			if got := own.Profiles["tinh-mau"].Decision; got == nil || got.Number != "13/QĐ-UBND" {
				t.Errorf("the newest decision is %+v", got)
			}
			return err
		})
	})
}
