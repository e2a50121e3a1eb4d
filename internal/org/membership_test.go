package org_test

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/workday"

	"pgregory.net/rapid"
)

// TestMembership: after any admin changes, and after days that pass, the membership
// rows are what the tables of posts say, worked out here a second, plainer way.
func TestMembership(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		lttest.Update(t, d, small)
		rapid.Check(t, func(rt *rapid.T) {
			for range rapid.IntRange(1, 6).Draw(rt, "changes") {
				change(rt, t, d, clock)
			}
			lttest.View(t, d, func(tx *db.Tx) error { return same(rt, tx) })
		})
	})
}

var (
	smallUnits    = []org.UnitID{"tinh", "so-a", "so-b", "xa-c", "cong-an"}
	smallSections = map[org.UnitID][]org.UnitID{"so-a": {"so-a/p1", "so-a/p2"}, "xa-c": {"xa-c/vp"}}
	people        = []org.OfficerID{"p0", "p1", "p2", "p3", "p4", "p5"}
)

// small is an invented province of four agencies and a vertical body.
func small(tx *db.Tx) error {
	for i, u := range smallUnits {
		unit := org.Unit{ID: u, Name: "Đơn vị " + string(u), Kind: "so", Parent: "tinh", Level: org.LevelProvince}
		if i == 0 {
			unit.Parent = ""
		}
		if u == "cong-an" {
			unit.Kind = org.KindVertical
		}
		if err := org.AddUnit(tx, admin, unit); err != nil {
			return err
		}
		for _, s := range smallSections[u] {
			_, slug, _ := strings.Cut(string(s), "/")
			if _, err := org.AddSection(tx, admin, u, slug, "Phòng "+slug); err != nil {
				return err
			}
		}
	}
	for _, p := range people {
		if _, err := org.AddOfficer(tx, admin, "tinh", org.Officer{ID: p, Name: "Cán bộ " + string(p)}); err != nil {
			return err
		}
	}
	return nil
}

// change does one random admin act; what the office refuses is no change.
func change(rt *rapid.T, t *testing.T, d *db.DB, clock *lttest.Clock) {
	officer := rapid.SampledFrom(people).Draw(rt, "officer")
	other := rapid.SampledFrom(people).Draw(rt, "other")
	unit := rapid.SampledFrom(smallUnits).Draw(rt, "unit")
	later := rapid.IntRange(0, 3).Draw(rt, "days")
	act := rapid.SampledFrom([]string{"assign", "assign", "assign", "end", "cover", "oversee", "charge", "section", "day"}).Draw(rt, "act")
	err := d.Update(t.Context(), func(tx *db.Tx) error {
		now := workday.Of(tx.Now)
		switch act {
		case "assign":
			p := org.Post{Officer: officer, Unit: unit, Title: "Chức danh", Since: now.AddDays(later),
				Role:   rapid.SampledFrom([]org.Role{org.Leader, org.Specialist, org.Head, org.Admin}).Draw(rt, "role"),
				Deputy: rapid.Bool().Draw(rt, "deputy")}
			if in := smallSections[unit]; len(in) > 0 && p.Role != org.Leader {
				p.Section = rapid.SampledFrom(in).Draw(rt, "section")
			}
			_, err := org.AssignPost(tx, admin, p)
			return err
		case "end":
			return endOne(tx, officer, now.AddDays(later))
		case "cover":
			_, err := org.SetCover(tx, admin, org.Cover{Officer: officer, By: other, Reason: "nghỉ phép", From: now.AddDays(later), To: now.AddDays(later + 1)})
			return err
		case "oversee":
			return org.Oversee(tx, admin, unit, "petition", rapid.Bool().Draw(rt, "on"))
		case "charge":
			return org.SetCharge(tx, admin, org.Charge{Officer: officer, Unit: unit, Areas: []org.UnitID{"so-b"}, Number: "1/PC", Date: now, Since: now.AddDays(later)})
		case "section":
			_, err := org.AddSection(tx, admin, unit, "p"+tx.NewID(), "Phòng mới")
			return err
		}
		return nil
	})
	if act == "day" {
		clock.Set(workday.Of(clock.Now()).AddDays(1 + later).Midnight())
		_, err = 0, d.Update(t.Context(), func(tx *db.Tx) error { _, err := org.Turn(tx); return err })
	}
	if err != nil && fault.Kind(err) == nil {
		rt.Fatalf("%s: %v", act, err)
	}
}

func endOne(tx *db.Tx, officer org.OfficerID, on workday.Date) error {
	a, err := org.ActorOf(tx, officer)
	if err != nil || len(a.Posts) == 0 {
		return err
	}
	return org.EndPost(tx, admin, a.Posts[0].Unit, a.Posts[0].ID, on)
}

// same compares membership with a reading by queries alone, one for each sentence of
// the rule.
func same(rt *rapid.T, tx *db.Tx) error {
	const held = ` FROM post p WHERE p.since <= $1 AND (p.until IS NULL OR p.until > $1)`
	const below = ` JOIN unit u ON u.parent = p.unit AND u.owner = u.id AND NOT u.requested WHERE p.role = 'leader' AND p.since <= $1 AND (p.until IS NULL OR p.until > $1)`
	want := map[string]bool{}
	for _, q := range []string{
		`SELECT id, 'o:' || id FROM officer WHERE active AND id <> $1`,
		`SELECT stand_in, 'o:' || officer FROM cover WHERE from_day <= $1 AND to_day >= $1 AND (ended IS NULL OR ended > $1)`,
		`SELECT p.officer, 'u:' || p.unit` + held + ` AND p.role <> 'admin'`,
		`SELECT p.officer, '` + org.Everyone + `'` + held + ` AND p.role <> 'admin'`,
		`SELECT p.officer, 'u:' || p.section` + held + ` AND p.role <> 'admin' AND p.section IS NOT NULL`,
		`SELECT p.officer, 'u:' || u.id FROM post p JOIN unit u ON u.owner = p.unit AND u.id <> u.owner WHERE p.role = 'leader'
			AND p.since <= $1 AND (p.until IS NULL OR p.until > $1)`,
		`SELECT p.officer, 'u:' || u.id FROM post p` + below + ` AND NOT p.deputy`,
		`SELECT p.officer, 'u:' || u.id FROM post p JOIN charge c ON c.officer = p.officer AND c.unit = p.unit AND c.since <= $1
			AND (c.until IS NULL OR c.until > $1) JOIN charge_scope s ON s.charge = c.id AND s.kind = 'area'` + strings.Replace(below, "JOIN unit u ON", "JOIN unit u ON u.id = s.value AND", 1) + ` AND p.deputy`,
		`SELECT p.officer, 'k:' || v.kind FROM post p JOIN oversight v ON v.unit IN (p.unit, p.section) WHERE p.role <> 'admin' AND v.since <= $1
			AND (v.until IS NULL OR v.until > $1) AND p.since <= $1 AND (p.until IS NULL OR p.until > $1)`,
	} {
		if err := tx.All(q, []any{workday.Of(tx.Now)}, pairs(want)); err != nil {
			return fmt.Errorf("%w in %s", err, q)
		}
	}
	got := map[string]bool{}
	if err := tx.All(`SELECT actor, reader FROM membership ORDER BY actor, reader`, nil, pairs(got)); err != nil {
		return err
	}
	if a, b := sorted(got), sorted(want); !slices.Equal(a, b) {
		rt.Fatalf("membership is\n%v\nwant\n%v", a, b)
	}
	return nil
}

func pairs(into map[string]bool) func(r *sql.Rows) error {
	return func(r *sql.Rows) error {
		var a, b string
		err := r.Scan(&a, &b)
		into[a+" "+b] = true
		return err
	}
}

func sorted(m map[string]bool) (all []string) {
	for k := range m {
		all = append(all, k)
	}
	slices.Sort(all)
	return all
}
