package inbox_test

import (
	"database/sql"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/inbox"
	"lienthong/internal/lttest"
	"lienthong/internal/lttest/crowd"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// tell gives some of a crowd's duties to officers, suspends one, and makes requests
// and dateless ones, so that every heading of a list occurs.
func tell(rt *rapid.T, c *crowd.Crowd, tx *db.Tx) error {
	if len(c.Cases) == 0 {
		return nil
	}
	id := rapid.SampledFrom(c.Cases).Draw(rt, "case")
	f, err := casefile.LockQuiet(tx, org.System("test"), id)
	if err != nil {
		return err
	}
	k := duty.Key{Case: id, Rule: crowd.Rule, Owner: f.Lead, Round: 1}
	switch rapid.IntRange(0, 4).Draw(rt, "what") {
	case 0:
		return duty.Direct(tx, k, "so-b/p1", rapid.SampledFrom(c.Officers).Draw(rt, "officer"), workday.Date{})
	case 1:
		_, err = duty.Suspend(tx, k, duty.Ground{Reason: "chờ"})
		return err
	case 2:
		_, err = duty.Meet(tx, k)
		return err
	}
	limits := []duty.Limit{{Basis: "thử", Text: "8wh"}}
	if rapid.Bool().Draw(rt, "dateless") {
		limits = nil
	}
	_, err = duty.Arm(tx, duty.New{Key: duty.Key{Case: id, Rule: "thu.khac", Owner: rapid.SampledFrom(c.Units).Draw(rt, "owner"), Round: 1}, Counterpart: f.Lead,
		Request: rapid.Bool().Draw(rt, "request"), Limits: limits, Field: "tu-phap.03"})
	return err
}

type running struct {
	key      duty.Key
	officer  org.OfficerID
	section  org.UnitID
	field    string
	request  bool
	fate     duty.Fate
	dueAt    time.Time
	standing []inbox.Standing
}

// allRunning reads every running duty, without any filter.
func allRunning(tx *db.Tx) (all []running, err error) {
	_, rev, err := duty.Calendar(tx)
	if err != nil {
		return nil, err
	}
	err = tx.All(`SELECT case_id, rule, owner, round, officer, section, field, request, fate, due_at FROM duty WHERE ended_at IS NULL
		ORDER BY due_at, case_id, rule, owner, round`, nil, func(r *sql.Rows) error {
		var x running
		err := r.Scan(&x.key.Case, &x.key.Rule, &x.key.Owner, &x.key.Round, &x.officer, &x.section, &x.field, &x.request, &x.fate, db.Instant(&x.dueAt))
		dateless := x.dueAt.Year() == 9999
		switch _, tone := workday.Say(tx.Now, workday.Due{At: x.dueAt}, rev); {
		case x.request:
			x.standing = []inbox.Standing{inbox.Asked}
		case x.fate == duty.Suspended:
			x.standing = []inbox.Standing{inbox.Suspended}
		case dateless:
			x.standing = []inbox.Standing{inbox.Open, inbox.Dateless}
		case tone == workday.Late:
			x.standing = []inbox.Standing{inbox.Open, inbox.Missed}
		case tone == workday.Soon:
			x.standing = []inbox.Standing{inbox.Open, inbox.Soon}
		default:
			x.standing = []inbox.Standing{inbox.Open}
		}
		all = append(all, x)
		return err
	})
	return all, err
}

// wanted is what a list must hold: what the filter takes of the duties whose case Get gives.
func wanted(tx *db.Tx, who org.Actor, f inbox.Filter, all []running) (keys []string, err error) {
	for _, x := range all {
		units := f.Units
		if len(units) == 0 {
			for _, p := range who.Posts {
				units = append(units, p.Unit)
			}
		}
		mine := x.officer != "" && (x.officer == who.Officer || slices.Contains(who.Cover, x.officer))
		switch {
		case f.Scope == inbox.Mine && !mine, f.Scope == inbox.Mine && len(f.Units) > 0 && !slices.Contains(f.Units, x.key.Owner):
			continue
		case f.Scope == inbox.Ours && !slices.Contains(units, x.key.Owner):
			continue
		case f.Standing != inbox.Any && !slices.Contains(x.standing, f.Standing):
			continue
		case f.Undirected && (x.officer != "" || x.section != ""):
			continue
		case len(f.Fields) > 0 && x.field != "tu-phap.03":
			continue
		}
		if _, err := casefile.Get(tx, who, x.key.Case); err == nil {
			keys = append(keys, fmt.Sprint(x.key))
		} else if fault.Kind(err) != fault.NotFound {
			return nil, err
		}
	}
	return keys, nil
}

func walk(tx *db.Tx, who org.Actor, f inbox.Filter, step int) (keys []string, err error) {
	for cursor := ""; ; {
		items, next, err := inbox.List(tx, who, f, cursor, step)
		if err != nil {
			return nil, err
		}
		for _, i := range items {
			keys = append(keys, fmt.Sprint(i.Key()))
			if who.Officer != i.Officer && slices.Contains(who.Cover, i.Officer) != (i.For != "") {
				return nil, fmt.Errorf("%v is not marked as another's work", i.Key())
			}
		}
		if next == "" {
			return keys, nil
		}
		cursor = next
	}
}

// A list holds exactly what its filter takes of what Get gives, in pages of any
// length, and its count is its length.
func TestListIsWhatGetAllows(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		c := crowd.New(t, d, clock, 4)
		seen := 0
		rapid.Check(t, func(rt *rapid.T) {
			for range rapid.IntRange(1, 12).Draw(rt, "steps") {
				c.Step(rt)
				_ = d.Update(t.Context(), func(tx *db.Tx) error { return tell(rt, c, tx) })
			}
			f := inbox.Filter{
				Scope:      rapid.SampledFrom([]inbox.Scope{inbox.Ours, inbox.Ours, inbox.Mine}).Draw(rt, "scope"),
				Standing:   rapid.SampledFrom([]inbox.Standing{inbox.Any, inbox.Any, inbox.Open, inbox.Missed, inbox.Soon, inbox.Dateless, inbox.Suspended, inbox.Asked}).Draw(rt, "standing"),
				Undirected: rapid.IntRange(0, 4).Draw(rt, "undirected") == 0,
			}
			if rapid.IntRange(0, 4).Draw(rt, "field") == 0 {
				f.Fields = []string{"tu-phap"}
			}
			f.Units = rapid.SliceOfNDistinct(rapid.SampledFrom(c.Units), 0, 4, rapid.ID).Draw(rt, "units")
			step := rapid.IntRange(1, 9).Draw(rt, "page")
			for _, who := range c.Actors() {
				lttest.View(t, d, func(tx *db.Tx) error {
					all, err := allRunning(tx)
					if err != nil {
						return err
					}
					want, err := wanted(tx, who, f, all)
					if err != nil {
						return err
					}
					got, err := walk(tx, who, f, step)
					if err != nil {
						return err
					}
					if !slices.Equal(got, want) {
						rt.Fatalf("%s, %+v: list has %d\n%v\nwant %d\n%v", who.Officer, f, len(got), got, len(want), want)
					}
					seen += len(got)
					n, err := inbox.Count(tx, who, f, 1_000_000)
					if n != len(got) {
						rt.Fatalf("%s, %+v: count is %d, the list has %d", who.Officer, f, n, len(got))
					}
					return err
				})
			}
		})
		if seen == 0 {
			t.Error("no list ever held anything: the property proved nothing")
		}
	})
}

func TestGroups(t *testing.T) {
	now := lttest.Start // Tuesday 10 February, 08:02
	at := func(s string) time.Time { return workday.MustDate(s).Midnight() }
	tests := []struct {
		name string
		item inbox.Item
		want string
	}{
		{"past its instant", inbox.Item{Fate: duty.Open, DueAt: now}, "overdue"},
		{"ends with today", inbox.Item{Fate: duty.Open, DueAt: at("2026-02-11")}, "today"},
		{"ends at four", inbox.Item{Fate: duty.Open, DueAt: at("2026-02-10").Add(16 * time.Hour)}, "today"},
		{"ends on Sunday", inbox.Item{Fate: duty.Open, DueAt: at("2026-02-16")}, "week"},
		{"ends on Monday", inbox.Item{Fate: duty.Open, DueAt: at("2026-02-17")}, "next"},
		{"ends on the Monday after", inbox.Item{Fate: duty.Open, DueAt: at("2026-02-24")}, "later"},
		{"no date", inbox.Item{Fate: duty.Open}, "dateless"},
		{"clock stands still", inbox.Item{Fate: duty.Suspended}, "paused"},
		{"only asked is never late", inbox.Item{Fate: duty.Open, Request: true, DueAt: at("2026-01-01")}, "asked"},
	}
	for _, tt := range tests {
		got := inbox.Grouped([]inbox.Item{tt.item}, now)
		if len(got) != 1 || got[0].Key != tt.want {
			t.Errorf("%s: %+v, want %s", tt.name, got, tt.want)
		}
	}
}

func TestSpoiledCursorIsRefused(t *testing.T) {
	d, _ := lttest.SQLite(t)
	lttest.View(t, d, func(tx *db.Tx) error {
		for _, s := range []string{"!", "YQ", "YXxifGN8ZHxl"} {
			if _, _, err := inbox.List(tx, org.Actor{Officer: "a"}, inbox.Filter{}, s, 5); fault.Kind(err) != fault.Invalid {
				t.Errorf("cursor %q: %v, want a refusal", s, err)
			}
		}
		return nil
	})
}
