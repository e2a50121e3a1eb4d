package story

import (
	"errors"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/workday"
)

// replay: replay tho-xuan 90001 90002 plays an office of a level that no longer exists: it
// founds the units that the profile names and the communes given, each with a leader who
// does a paper in one step, and puts the profile in force.
func replay(r *run, g given) (string, error) {
	rb, err := r.p.Compile(g.at(0))
	if err != nil {
		return "", err
	}
	err = r.office.DB.Update(r.ctx, func(tx *db.Tx) error {
		for _, u := range rb.Named() {
			if err := found(tx, org.Unit{ID: u, Name: "Đơn vị " + string(u), Level: org.LevelProvince}); err != nil {
				return err
			}
		}
		for _, id := range g.plain[1:] {
			if err := found(tx, org.Unit{ID: org.UnitID(id), Name: "Xã " + id, Kind: org.KindCommittee, Level: org.LevelCommune}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	return "", r.adopt(g.at(0))
}

// found adds a unit that is not there yet, with its one officer.
func found(tx *db.Tx, u org.Unit) error {
	who := org.System("story")
	if _, err := org.UnitOf(tx, u.ID); !errors.Is(err, fault.NotFound) {
		return err
	}
	if err := org.AddUnit(tx, who, u); err != nil {
		return err
	}
	id, err := org.AddOfficer(tx, who, u.ID, org.Officer{Name: "Lãnh đạo " + string(u.ID)})
	if err != nil {
		return err
	}
	if _, err := org.AssignPost(tx, who, org.Post{Officer: id, Unit: u.ID, Role: org.Leader, Title: "Thủ trưởng"}); err != nil {
		return err
	}
	return org.SetPath(tx, who, u.ID, "", []org.Step{{Stage: org.Release, Role: org.Leader}})
}

// oneStep: one-step 08494 lets the unit's leader do any paper in one act from now on.
func oneStep(r *run, g given) (string, error) {
	return "", r.office.DB.Update(r.ctx, func(tx *db.Tx) error {
		return org.SetPath(tx, org.System("story"), org.UnitID(g.at(0)), "", []org.Step{{Stage: org.Release, Role: org.Leader}})
	})
}

// scene is the profile that a story plays under and an instant at which it does: that of
// a replay, with the clock it sets first, else the living office's.
func scene(s *Script) (string, time.Time) {
	played, at := profile, start
	for i := len(s.Lines) - 1; i >= 0; i-- {
		switch l := s.Lines[i]; {
		case (l.Verb == "replay" || l.Verb == "adopt") && len(l.Args) > 0:
			played = l.Args[0]
		case l.Verb == "at" && len(l.Args) > 1:
			if t, err := time.ParseInLocation("2006-01-02 15:04", l.Args[0]+" "+l.Args[1], workday.Office); err == nil {
				at = t
			}
		}
	}
	if played == profile {
		at = start
	}
	return played, at
}

// A stage is the rule book that a story's clauses stand in, on a day.
type stage struct {
	rb *regulation.Rulebook
	at time.Time
}
