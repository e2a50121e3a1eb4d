package board_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"lienthong/internal/board"
	"lienthong/internal/db"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/province"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/workday"
)

// Whatever the filter and however the board is laid out, a number is as long as its list,
// rows add up to their sum, and the map says what the board by commune says.
func TestSameFilterSameNumber(t *testing.T) {
	province.Each(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := province.Open(t, d)
		live(t, d, clock, o, 100)
		who, field, commune := overseer(t, d), o.Field, o.CommuneUnit
		var area, desk string
		lttest.View(t, d, func(tx *db.Tx) error {
			u, err := org.UnitOf(tx, commune)
			area = u.Region
			if id, ok, err := org.DeskFor(tx, field, commune); err == nil && ok {
				desk = string(id)
			}
			return err
		})
		nonzero := map[string]bool{}
		r := rand.New(rand.NewPCG(3, 5))
		for i := range 15 { // each dimension three times; a check reads some hundred lists
			some := func(name string, of ...string) string {
				if i < len(board.Dimensions) && name != "rule" {
					return "" // once with nothing narrowed
				}
				return of[r.IntN(len(of))]
			}
			f := board.Filter{By: board.Dimensions[i%len(board.Dimensions)].By, Field: some("field", "", "", field, board.None),
				Commune: org.UnitID(some("commune", "", "", string(commune), "khong-co")), Area: some("area", "", "", area, board.None),
				Desk: some("desk", "", "", desk, board.None), Cause: board.Cause(some("cause", "", "", "", string(board.Unsaid), petition.MustExplain)),
				Outcome: petition.Outcome(some("outcome", "", "", "", string(petition.Guided), string(petition.InProgress))), Dated: r.IntN(2) == 0,
				State: some("state", "", "", petition.Received, petition.Directed, petition.Answered, petition.Settled)}
			if i == 6 || i == 7 { // by itself, or little would be left of it
				f = map[int]board.Filter{6: {By: f.By, State: petition.Answered}, 7: {By: f.By, Field: field}}[i]
			}
			f.Rule = petition.MustAnswer
			if i == 13 {
				f.Rule = petition.MustReport
			}
			if r.IntN(2) == 0 {
				f.From, f.To = workday.MustDate("2026-02-01"), workday.MustDate("2026-03-20")
			}
			err := d.View(t.Context(), func(tx *db.Tx) error { return sameEverywhere(tx, who, f, nonzero) })
			if err != nil {
				t.Fatalf("%+v: %v", f, err)
			}
		}
		for _, name := range []string{"unit", "field", "area", "commune", "desk", "met", "late", "missed", "unconfirmed", "unresolved", "filtered", "of a state"} {
			if !nonzero[name] {
				t.Errorf("%s was zero everywhere: nothing proved of it (saw %v)", name, slices.Sorted(maps.Keys(nonzero)))
			}
		}
	})
}

func sameEverywhere(tx *db.Tx, who org.Actor, f board.Filter, nonzero map[string]bool) error {
	b, err := board.ReadFor(tx, who, f, kinds())
	if err != nil {
		return err
	}
	f.Query = b.Query
	for _, x := range board.Figures {
		if x.Figure == board.Requested || f.Rule != petition.MustAnswer && (x.Figure == board.Unconfirmed || x.Figure == board.Unresolved) {
			continue
		}
		g := f
		g.Figure = x.Figure
		sum := int64(0)
		for i := range b.Rows {
			n, err := asLong(tx, who, g.With(b.Rows[i].Key), b.Rows[i].Of(x.Figure), f)
			if err != nil {
				return fmt.Errorf("row %q: %w", b.Rows[i].Key, err)
			}
			sum += n
			if n > 0 {
				nonzero[string(f.By)], nonzero[string(x.Figure)] = true, true
				nonzero["filtered"] = nonzero["filtered"] || f.Desk != "" || f.Area != "" || f.Field != ""
				nonzero["of a state"] = nonzero["of a state"] || f.State != ""
			}
		}
		if n, err := asLong(tx, who, g, b.Total.Of(x.Figure), f); err != nil || n != sum {
			return fmt.Errorf("rows add up to %d, the sum says %d of %s: %w", sum, n, x.Figure, err)
		}
	}
	m, err := board.MapOf(tx, who, f, kinds())
	if err != nil {
		return err
	}
	for _, p := range m.Places {
		if _, err := asLong(tx, who, withCommune(f, p.Unit, board.Open), p.Open, f); err != nil && p.Open > 0 {
			return fmt.Errorf("map: %w", err)
		}
	}
	if m.Board.Total.Open != b.Total.Open || m.Board.Total.Missed != b.Total.Missed {
		return fmt.Errorf("map %d and %d, board %d and %d", m.Board.Total.Open, m.Board.Total.Missed, b.Total.Open, b.Total.Missed)
	}
	return nil
}

func withCommune(f board.Filter, u org.UnitID, figure board.Figure) board.Filter {
	f.Commune, f.Figure = u, figure
	return f
}

// asLong says that the list behind a number has as many rows, asked as an address asks it.
// A row that the filter names already by another key has no list of its own to ask.
func asLong(tx *db.Tx, who org.Actor, f board.Filter, want int64, _ board.Filter) (int64, error) {
	q, err := board.Conditions(kinds()).Read(f.Values())
	f = board.FilterOf(q)
	if err != nil {
		return 0, err
	}
	n, err := length(tx, who, f, 60)
	if err == nil && n != want {
		err = fmt.Errorf("number %d, list %d of %s", want, n, f.Figure)
	}
	return want, err
}
