package bench

import (
	"context"
	"fmt"

	"lienthong/internal/audit"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/kinds"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/regulation"
	"lienthong/regulations"
)

// profile is the profile whose rulebook the measured office runs under.
const profile = "phu-tho"

// An Office is who acts in a run: communes that raise and departments that answer, all
// on a path of one step.
type Office struct {
	Communes    []Seat
	Departments []Seat
	Overseer    org.Actor             // who opens the board
	Follower    org.Actor             // who opens the tracker, where assignments were loaded
	Issuers     []org.Actor           // who confirms a directive, who issues its tasks; none where nobody is
	Names       map[org.UnitID]string // of the departments, as documents address them
}

// A Seat is a unit with the officer who does all of its acts.
type Seat struct {
	Unit       org.UnitID
	Who        org.Actor
	Fields     []string      // of a department: what comes to it
	Specialist org.OfficerID // of a department: to whom its matters are directed
}

// Prepare makes an office in an empty store: units, invented people, calendar and
// rulebook. A store that has an office already keeps it.
func Prepare(ctx context.Context, d *db.DB) (o *Office, err error) {
	defer fault.Wrap(&err, "prepare office")
	if _, err := d.Migrate(ctx); err != nil {
		return nil, err
	}
	if _, err := audit.Prepare(ctx, d); err != nil {
		return nil, err
	}
	var units int64
	err = d.View(ctx, func(tx *db.Tx) error { return tx.One(`SELECT count(*) FROM unit`, nil, &units) })
	if err != nil {
		return nil, err
	}
	if units == 0 {
		if err := seed(ctx, d); err != nil {
			return nil, err
		}
	}
	err = d.View(ctx, func(tx *db.Tx) error {
		o, err = find(tx)
		return err
	})
	return o, err
}

// seed fills an empty store. Every commune and every department is put on a path of
// one step, so that the load spreads over the province as it would.
func seed(ctx context.Context, d *db.DB) error {
	lib, err := regulation.Load(regulations.FS)
	if err != nil {
		return err
	}
	rb, problems := regulation.Compile(lib, profile, kinds.Keys())
	if len(problems) > 0 {
		return regulation.Refusal(problems)
	}
	steps := []func(tx *db.Tx) error{org.Seed, org.SeedDemo, duty.SeedCalendar, shorten, func(tx *db.Tx) error {
		return regulation.Adopt(tx, rb, "bench")
	}}
	for _, step := range steps {
		// the office stands since the first day of its cases
		if err := d.Update(db.Arrived(ctx, opened), step); err != nil {
			return err
		}
	}
	return nil
}

// shorten puts every unit with a leader on a path of one step.
func shorten(tx *db.Tx) error {
	units, err := org.Units(tx, org.Filter{})
	if err != nil {
		return err
	}
	for _, u := range units {
		held, err := org.Holders(tx, u.ID, org.Leader)
		if err != nil {
			return err
		}
		if len(held) == 0 {
			continue
		}
		if err := org.SetPath(tx, org.System("bench"), u.ID, "", []org.Step{{N: 1, Stage: org.Release, Role: org.Leader}}); err != nil {
			return err
		}
	}
	return nil
}

func find(tx *db.Tx) (o *Office, err error) {
	o = new(Office)
	rb, err := regulation.Current(tx)
	if err != nil {
		return nil, err
	}
	fields := map[org.UnitID][]string{}
	table, _ := rb.Table()
	for _, f := range table {
		fields[f.Unit] = append(fields[f.Unit], f.Field)
	}
	one, err := org.OneStep(tx)
	if err != nil {
		return nil, err
	}
	for _, u := range one {
		who, err := org.ActorOf(tx, u.Officer)
		if err != nil {
			return nil, err
		}
		s := Seat{Unit: u.Unit.ID, Who: who, Fields: fields[u.Unit.ID]}
		if u.Unit.Commune() {
			o.Communes = append(o.Communes, s)
		} else if len(s.Fields) > 0 && !u.Unit.Requested {
			if err := s.staff(tx); err != nil {
				return nil, err
			}
			o.Departments = append(o.Departments, s)
		}
	}
	if len(o.Communes) == 0 || len(o.Departments) == 0 {
		return nil, fmt.Errorf("no communes or departments on a path of one step: bench needs a store made by it or by 'lienthong demo'")
	}
	if o.Overseer, err = overseer(tx); err != nil {
		return nil, err
	}
	return o, o.issuers(tx)
}

// overseer is a leader of the Office, who sees the whole board.
func overseer(tx *db.Tx) (who org.Actor, err error) {
	var unit org.UnitID
	if err := tx.One(`SELECT unit FROM oversight WHERE kind = $1 AND until IS NULL ORDER BY unit DESC LIMIT 1`, []any{petition.CaseKind}, &unit); err != nil {
		return who, fmt.Errorf("no unit oversees petitions: %w", err)
	}
	held, err := org.Holders(tx, unit, org.Leader)
	if err == nil && len(held) == 0 {
		err = fmt.Errorf("unit %s has no leader", unit)
	}
	if err != nil {
		return who, err
	}
	return org.ActorOf(tx, held[0].Officer.ID)
}

// staff finds a specialist to direct to.
func (s *Seat) staff(tx *db.Tx) error {
	held, err := org.Holders(tx, s.Unit, org.Specialist)
	if err == nil && len(held) > 0 {
		s.Specialist = held[0].Officer.ID
	}
	return err
}
