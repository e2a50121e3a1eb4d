package programme_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"lienthong/internal/campaign"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/incident"
	"lienthong/internal/lttest"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/programme"
	"lienthong/internal/regulation"
	"lienthong/internal/score"
	"lienthong/internal/workday"
	"lienthong/regulations"
)

// The units of the replayed district: its collective, Office, chairman, two sections and a
// commune.
const (
	collective = org.UnitID("ubnd-huyen")
	office     = org.UnitID("van-phong-hdnd-ubnd-huyen")
	chairman   = org.UnitID("chu-tich-ubnd-huyen")
	health     = org.UnitID("phong-y-te-huyen")
	farming    = org.UnitID("phong-nong-nghiep-huyen")
	commune    = org.UnitID("90001")
)

// at reads an instant of the office.
func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, workday.Office)
	if err != nil {
		panic(err)
	}
	return t
}

// district plays the one regulation that binds every rule of programmes, on Monday 2 March
// 2020: each unit has a leader who releases in one act, the health section a specialist too.
func district(t *testing.T, fn func(t *testing.T, d *db.DB, clock *lttest.Clock)) {
	t.Helper()
	lib, err := regulation.Load(regulations.FS)
	if err != nil {
		t.Fatal(err)
	}
	keys := slices.Concat(regulation.Keys(), petition.Keys(), programme.Keys(), score.Keys(), directive.Keys(), campaign.Keys(), incident.Keys())
	rb, problems := regulation.Compile(lib, "tho-xuan", keys)
	if rb == nil {
		t.Fatal(regulation.Refusal(problems))
	}
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		clock.Set(at("2020-03-02 09:00"))
		lttest.Update(t, d, duty.SeedCalendar)
		lttest.Update(t, d, func(tx *db.Tx) error {
			for _, u := range []org.UnitID{collective, office, chairman, health, farming, commune} {
				if err := found(tx, u); err != nil {
					return err
				}
			}
			for _, kind := range []string{programme.CaseKind, programme.ItemKind} {
				if err := org.Oversee(tx, org.System("test"), office, kind, true); err != nil {
					return err
				}
			}
			return regulation.Adopt(tx, rb, "test")
		})
		fn(t, d, clock)
	})
}

func found(tx *db.Tx, id org.UnitID) error {
	who := org.System("test")
	u := org.Unit{ID: id, Name: "Đơn vị " + string(id), Level: org.LevelProvince, Since: workday.MustDate("2016-01-01")}
	if id == commune {
		u.Kind, u.Level = org.KindCommittee, org.LevelCommune
	}
	if err := org.AddUnit(tx, who, u); err != nil {
		return err
	}
	for _, role := range []org.Role{org.Leader, org.Specialist, org.Desk} {
		if role == org.Desk && id != office || role == org.Specialist && id != health {
			continue
		}
		o := org.OfficerID(string(id) + "." + string(role))
		if _, err := org.AddOfficer(tx, who, id, org.Officer{ID: o, Name: "Người " + string(o)}); err != nil {
			return err
		}
		if _, err := org.AssignPost(tx, who, org.Post{Officer: o, Unit: id, Role: role, Title: "Chức danh", Since: workday.MustDate("2016-01-01")}); err != nil {
			return err
		}
	}
	return org.SetPath(tx, who, id, "", []org.Step{{Stage: org.Release, Role: org.Leader}})
}

func leader(t testing.TB, d *db.DB, unit org.UnitID) org.Actor {
	return lttest.Who(t, d, org.OfficerID(string(unit)+".leader"))
}

func officer(t testing.TB, d *db.DB, unit org.UnitID, role org.Role) org.Actor {
	return lttest.Who(t, d, org.OfficerID(string(unit)+"."+string(role)))
}

func try(d *db.DB, fn func(tx *db.Tx) error) error { return d.Update(context.Background(), fn) }

// refused wants a kind of refusal with a sentence.
func refused(t testing.TB, what string, err, kind error) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Errorf("%s: %v, want %v", what, err, kind)
	}
	if r, ok := fault.Sentence(err); kind != fault.NotFound && (!ok || r.Say == "") {
		t.Errorf("%s: no sentence in %v", what, err)
	}
}

// register puts an item into a programme and returns its id.
func register(t testing.TB, d *db.DB, who org.Actor, in programme.New) (id casefile.ID) {
	t.Helper()
	lttest.Update(t, d, func(tx *db.Tx) error {
		x, err := programme.Register(tx, who, in)
		if err == nil {
			id = x.ID
		}
		return err
	})
	return id
}

func item(t testing.TB, d *db.DB, id casefile.ID) (x *programme.Item) {
	t.Helper()
	lttest.View(t, d, func(tx *db.Tx) (err error) {
		x, err = programme.Get(tx, org.System("test"), id)
		return err
	})
	return x
}

// sweep lets the calendar open what is due and the clock run its course.
func sweep(t testing.TB, d *db.DB) {
	t.Helper()
	kinds := duty.Kinds{}
	for _, k := range programme.Duties() {
		kinds[k.Rule] = k
	}
	s := &duty.Sweeper{DB: d, Kinds: kinds, Node: "test"}
	if _, err := s.Sweep(context.Background()); err != nil {
		t.Fatal(err)
	}
}

// week returns a unit's week, or the whole one.
func week(t testing.TB, d *db.DB, what string, unit org.UnitID, place string) (p *programme.Programme) {
	t.Helper()
	in, err := programme.ParsePlace(place)
	if err != nil {
		t.Fatal(err)
	}
	lttest.View(t, d, func(tx *db.Tx) (err error) {
		p, err = programme.WeekOf(tx, org.System("test"), what, unit, in)
		return err
	})
	if p == nil {
		t.Fatalf("no %s of %q in %s", what, unit, place)
	}
	return p
}
