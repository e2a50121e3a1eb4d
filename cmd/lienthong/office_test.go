package main

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"lienthong/internal/audit"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/regulations"
)

// demonstration is when the demonstrations of tests begin: a Monday afternoon.
var demonstration = time.Date(2026, 8, 17, 8, 0, 0, 0, time.UTC)

func states(t *testing.T, d *db.DB) (all map[string]int) {
	t.Helper()
	lttest.View(t, d, func(tx *db.Tx) error {
		all = map[string]int{}
		return tx.All(`SELECT state, count(*) FROM casefile GROUP BY state`, nil, func(r *sql.Rows) error {
			var state string
			var n int
			err := r.Scan(&state, &n)
			all[state] = n
			return err
		})
	})
	return all
}

func TestDemo(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		clock.Set(demonstration)
		accounts, err := prepareDemo(t.Context(), d, clock.Now)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, a := range accounts {
			if a.Officer == "" || a.Name == "" || a.Post == "" || seen[a.Login] || seen[a.Officer] {
				t.Errorf("account %+v", a)
			}
			seen[a.Login], seen[a.Officer] = true, true
		}
		was := states(t, d)
		for _, state := range []string{"draft", "received", "directed", "answered", "settled", "reopened", "returned"} {
			if was[state] == 0 {
				t.Errorf("no example is %s: %v", state, was)
			}
		}
		lttest.View(t, d, func(tx *db.Tx) error {
			o, err := duty.CountOrphans(tx, duties())
			if o != (duty.Orphans{}) {
				t.Errorf("orphans %+v", o)
			}
			return err
		})
		verified(t, d)
		if _, err := prepareDemo(t.Context(), d, clock.Now); err != nil {
			t.Fatal(err)
		}
		if now := states(t, d); !maps.Equal(was, now) {
			t.Errorf("the second start changed %v to %v", was, now)
		}
		var steps oneStep
		if err := steps.find(t.Context(), d, true); err != nil || len(steps.Communes) < 4 || len(steps.Departments) < 3 || steps.Communes[0].Token == "" {
			t.Errorf("one step: %+v, %v", steps, err)
		}
	})
}

// verified fails the test unless the whole log agrees with the events.
func verified(t *testing.T, d *db.DB) {
	t.Helper()
	for n := 1; n > 0; {
		var err error
		if n, err = audit.Sequence(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	r, err := audit.Verify(t.Context(), d, audit.Check{Hashes: casefile.Hashes, Refs: casefile.Refs})
	if err != nil || !r.OK() || r.Size == 0 || r.Size != r.Entries {
		t.Fatalf("verify: %v\n%s", err, r.Text())
	}
}

func TestServeRefusesWhatItDoesNotKnow(t *testing.T) {
	lib, err := regulation.Load(regulations.FS)
	if err != nil {
		t.Fatal(err)
	}
	d, clock := lttest.SQLite(t)
	wants := func(says string) {
		t.Helper()
		err := checkOffice(context.Background(), d, lib)
		if says == "" && err != nil || says != "" && (err == nil || !strings.Contains(say(err), says)) {
			t.Errorf("want %q, got %v", says, err)
		}
	}
	wants("chưa áp dụng quy chế nào")
	clock.Set(demonstration)
	if err := foundDemo(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	wants("")
	clock.Set(lttest.Start.AddDate(0, 0, -1)) // the day before PT06 is in force
	wants("không có hiệu lực")
	clock.Set(demonstration)
	lttest.Update(t, d, func(tx *db.Tx) error {
		_, err := tx.Exec(`INSERT INTO duty_tally (owner, counterpart, field, rule, fate, due_day, n) VALUES ('x', 'y', '', 'meeting.ballot', 'open', '', 1)`)
		return err
	})
	wants("meeting.ballot")
	tell := func(kind string) {
		lttest.Update(t, d, func(tx *db.Tx) error {
			c, err := casefile.Open(tx, casefile.New{Kind: "thu", Prefix: "TH", Title: "Việc thử", Lead: "so-tu-phap"})
			if err != nil {
				return err
			}
			if _, err := tx.Exec(`DELETE FROM duty_tally WHERE rule = 'meeting.ballot'`); err != nil {
				return err
			}
			return notice.Tell(tx, notice.Note{Officer: "x", Case: c.ID, Kind: kind})
		})
	}
	tell("petition.arrived")
	wants("")
	tell("meeting.called")
	wants("meeting.called")
}

func TestSeal(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		clock.Set(demonstration)
		if _, err := prepareDemo(t.Context(), d, clock.Now); err != nil {
			t.Fatal(err)
		}
		const title = "Máy quét của bộ phận một cửa hỏng"
		var id casefile.ID
		lttest.View(t, d, func(tx *db.Tx) error {
			return tx.One(`SELECT id FROM casefile WHERE title = $1`, []any{title}, &id)
		})
		first, second := org.Actor{Officer: "of-ubnd-tinh-admin-1"}, org.Actor{Officer: "of-van-phong-ubnd-tinh-admin-1"}
		seal := func(o casefile.Order) error {
			return d.Update(t.Context(), func(tx *db.Tx) error {
				_, _, err := sealCase(tx, id, o)
				return err
			})
		}
		for name, o := range map[string]casefile.Order{
			"one person":   {First: first, Second: first, Record: "01/BB"},
			"without a no": {First: first, Second: second},
		} {
			if err := seal(o); !errors.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := seal(casefile.Order{First: first, Second: second, Record: "01/BB"}); err != nil {
			t.Fatal(err)
		}
		lttest.View(t, d, func(tx *db.Tx) error {
			c, err := casefile.Get(tx, org.System("test"), id)
			if err == nil && (strings.Contains(c.Title, "quét") || c.SealedAt.IsZero()) {
				t.Errorf("after the seal: %+v", c)
			}
			all, err := casefile.History(tx, org.System("test"), id, 100)
			if slices.ContainsFunc(all, func(e casefile.Event) bool { return e.Text != "" }) {
				t.Error("a text is left in the history")
			}
			return err
		})
		verified(t, d) // the proof stays
	})
}
