// Package province gives tests the real Phú Thọ: its units, an invented staff, the
// office calendar and the rulebook in force, ready for petitions.
//
// It stands apart from lttest so that packages below petition can use lttest.
package province

import (
	"testing"

	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/kinds"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/regulations"
)

// An Office names the units and people that tests act with. The commune and the
// department walk papers in one step.
type Office struct {
	CommuneUnit    org.UnitID
	DepartmentUnit org.UnitID
	Field          string        // a field of the department
	Commune        org.Actor     // who releases for the commune
	Leader         org.Actor     // who releases for the department
	Specialist     org.OfficerID // somebody of the department
}

// Keys are the rule keys that the regulations of the province bind.
func Keys() []regulation.Key { return kinds.Keys() }

// filled is the province as every test finds it.
var filled = lttest.NewTemplate("province", fill)

// Each runs fn on a copy of the province over each database; Open says who is there.
func Each(t *testing.T, fn func(t *testing.T, d *db.DB, clock *lttest.Clock)) {
	t.Helper()
	filled.EachDatabase(t, fn)
}

// SQLite returns one copy of the province, for what depends on no database.
func SQLite(t testing.TB) (*db.DB, *lttest.Clock) {
	t.Helper()
	return filled.SQLite(t)
}

// Open returns the people of a copy of the province; an empty store it fills first, which
// takes two seconds.
func Open(t testing.TB, d *db.DB) (o Office) {
	t.Helper()
	var units int
	lttest.View(t, d, func(tx *db.Tx) error { return tx.One(`SELECT count(*) FROM unit`, nil, &units) })
	if units == 0 {
		fill(t, d)
	}
	lttest.View(t, d, func(tx *db.Tx) (err error) {
		o, err = find(tx)
		return err
	})
	return o
}

// fill gives an empty store its units, people, calendar and rulebook.
func fill(t testing.TB, d *db.DB) {
	t.Helper()
	lib, err := regulation.Load(regulations.FS)
	if err != nil {
		t.Fatal(err)
	}
	rb, problems := regulation.Compile(lib, "phu-tho", Keys())
	if len(problems) > 0 {
		t.Fatal(regulation.Refusal(problems))
	}
	for _, step := range []func(tx *db.Tx) error{org.Seed, org.SeedDemo, duty.SeedCalendar, func(tx *db.Tx) error { return regulation.Adopt(tx, rb, "test") }} {
		lttest.Update(t, d, step)
	}
}

// find takes the first commune and the first department with a field of the one-step units.
func find(tx *db.Tx) (o Office, err error) {
	one, err := org.OneStep(tx)
	if err != nil {
		return o, err
	}
	for _, u := range one {
		who, err := org.ActorOf(tx, u.Officer)
		if err != nil {
			return o, err
		}
		switch {
		case u.Unit.Level == org.LevelCommune && o.CommuneUnit == "":
			o.CommuneUnit, o.Commune = u.Unit.ID, who
		case u.Unit.Level == org.LevelProvince && o.DepartmentUnit == "":
			if o.Field, err = fieldOf(tx, u.Unit.ID); err != nil {
				return o, err
			}
			if o.Field != "" {
				o.DepartmentUnit, o.Leader = u.Unit.ID, who
			}
		}
	}
	held, err := org.Holders(tx, o.DepartmentUnit, org.Specialist)
	if err == nil && len(held) > 0 {
		o.Specialist = held[0].Officer.ID
	}
	return o, err
}

// fieldOf returns a field that the rulebook gives to a unit, "" when none.
func fieldOf(tx *db.Tx, unit org.UnitID) (string, error) {
	rb, err := regulation.Current(tx)
	if err != nil {
		return "", err
	}
	fields, _ := rb.Table()
	for _, f := range fields {
		if f.Unit == unit {
			return f.Field, nil
		}
	}
	return "", nil
}
