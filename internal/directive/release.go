package directive

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/job"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
)

// JobKind is the kind of the job that opens a directive's assignments.
const JobKind = "directive.release"

// chunk is how many cases one step opens, or gives their duties: the writer is held for
// less than 20 ms (doc/performance.md).
const chunk = 10

// The parts of the job, the first word of its cursor.
const (
	opening  = ""
	arming   = "arm"
	entering = "enter"
)

// Step is one step of JobKind: it opens the next assignments, which nobody sees; gives them
// their duties; then one step switches all of them on. Nobody reads one that is not owed
// yet. What counts from the switch itself, the entry in time, is armed behind it.
// A machine that stops leaves whole steps, and another goes on at the cursor.
func Step(tx *db.Tx, j job.Job) (p job.Progress, err error) {
	defer fault.Wrap(&err, "release directive %s", j.Input)
	d, err := lockQuiet(tx, casefile.ID(j.Input))
	if err != nil {
		return p, err
	}
	switch what, rest, _ := strings.Cut(j.Cursor, " "); what {
	case arming:
		return d.armNext(tx, j, casefile.ID(rest))
	case entering:
		return d.enterNext(tx, j, casefile.ID(rest))
	}
	all, err := d.plan(tx)
	if err != nil {
		return p, err
	}
	done := int(j.Done)
	if done < len(all) {
		some := all[done:min(done+chunk, len(all))]
		for _, one := range some {
			if err := d.open(tx, one); err != nil {
				return p, err
			}
		}
		return job.Progress{Cursor: opening, Done: j.Done + int64(len(some)), Total: int64(2 * len(all))}, nil
	}
	return job.Progress{Cursor: arming + " ", Done: j.Done, Total: int64(2 * len(all))}, nil
}

func lockQuiet(tx *db.Tx, id casefile.ID) (*Directive, error) {
	c, err := casefile.LockQuiet(tx, org.System("directive"), id)
	if err != nil {
		return nil, err
	}
	return of(tx, c)
}

// planned is one assignment to open: a proposal and the unit that leads it.
type planned struct {
	p    *Proposal
	lead org.UnitID
}

// plan lists the assignments of a directive in a fixed order. What comes again gives no
// case now: the calendar opens one each time.
func (d *Directive) plan(tx *db.Tx) (all []planned, err error) {
	proposals, err := Proposals(tx, d.ID)
	if err != nil {
		return nil, err
	}
	for _, p := range standing(proposals) {
		leads, err := p.Task.units(tx)
		if err != nil {
			return nil, err
		}
		for _, u := range leads {
			all = append(all, planned{p, u})
		}
	}
	return all, nil
}

// again is the rhythm of a proposal that the calendar opens each time; "" of any other.
func (p *Proposal) again() string {
	if p.Task.Recurrence == Continuous {
		return ""
	}
	return p.Task.Recurrence
}

// switchOn makes every assignment visible at once, to all of its parties, and the directive
// to whoever has a part in it: the one instant at which all are issued.
func (d *Directive) switchOn(tx *db.Tx) error {
	all, err := d.assignments(tx, "", 10*mostTasks)
	if err != nil {
		return err
	}
	if err := casefile.Reveal(tx, AssignmentScope, all...); err != nil {
		return err
	}
	touched, err := d.touched(tx)
	if err != nil {
		return err
	}
	parties := make([]casefile.Party, 0, len(touched))
	for _, u := range touched {
		parties = append(parties, casefile.Party{Unit: u, Function: access.Told})
	}
	if err := casefile.Prepare(tx, d.ID, parties...); err != nil {
		return err
	}
	if err := casefile.Reveal(tx, Scope, d.ID); err != nil {
		return err
	}
	who, err := d.releaser(tx)
	if err != nil {
		return err
	}
	d.State, d.Scope, d.ReleasedAt = Released, Scope, tx.Now
	if _, err := casefile.Record(tx, d.Case, casefile.Event{Kind: "directive.released", By: who, Facts: casefile.Pairs("assignments", itoa(int64(len(all))))},
		"PT1537/M2", "PT06/D5.K1.dd"); err != nil {
		return err
	}
	if err := d.update(tx); err != nil {
		return err
	}
	notes := make([]notice.Note, 0, len(touched))
	for _, u := range touched {
		tx.Touch(string(u))
		notes = append(notes, notice.Note{Unit: u, Case: d.ID, Kind: "directive.released"})
	}
	return notice.Tell(tx, notes...)
}

// releaser is who issues, as he is today; the program where he left meanwhile.
func (d *Directive) releaser(tx *db.Tx) (org.Actor, error) {
	who, err := org.ActorOf(tx, d.ReleasedBy)
	if errors.Is(err, fault.NotFound) {
		return org.System("directive"), nil
	}
	if err != nil {
		return who, err
	}
	for _, p := range who.Posts {
		if p.Unit == d.Raiser {
			return who.As(p), nil
		}
	}
	return who, nil
}

// touched are the units that have a part in the directive, each once.
func (d *Directive) touched(tx *db.Tx) (units []org.UnitID, err error) {
	proposals, err := Proposals(tx, d.ID)
	if err != nil {
		return nil, err
	}
	for _, p := range standing(proposals) {
		for _, names := range [][]Name{p.Task.Leads, p.Task.Coordinating} {
			some, err := expand(tx, names)
			if err != nil {
				return nil, err
			}
			units = append(units, some...)
		}
	}
	slices.Sort(units)
	return slices.Compact(units), nil
}

// armNext gives the duties of the next assignments that have none yet; when all have
// theirs, all are switched on at once.
func (d *Directive) armNext(tx *db.Tx, j job.Job, after casefile.ID) (p job.Progress, err error) {
	some, err := d.assignments(tx, after, chunk)
	if err != nil {
		return p, err
	}
	if len(some) == 0 {
		if err := d.switchOn(tx); err != nil {
			return p, err
		}
		return job.Progress{Cursor: entering + " ", Done: j.Total, Total: j.Total}, nil
	}
	for _, id := range some {
		a, err := lockAssignmentQuiet(tx, id)
		if err != nil {
			return p, err
		}
		if err := a.arm(tx, d); err != nil {
			return p, err
		}
	}
	return job.Progress{Cursor: arming + " " + string(some[len(some)-1]), Done: j.Done + int64(len(some)), Total: j.Total}, nil
}

// enterNext makes the leads of the next assignments owe the entry in time, from the switch.
func (d *Directive) enterNext(tx *db.Tx, j job.Job, after casefile.ID) (p job.Progress, err error) {
	some, err := d.assignments(tx, after, chunk)
	if err != nil {
		return p, err
	}
	end := job.Progress{Cursor: j.Cursor, Done: j.Total, Total: j.Total, End: true}
	rb, err := d.rulebook(tx)
	if err != nil {
		return p, err
	}
	if on, _ := rb.On(MustRegister); !on || len(some) == 0 {
		return end, nil
	}
	for _, id := range some {
		a, err := lockAssignmentQuiet(tx, id)
		if err != nil {
			return p, err
		}
		if err := a.armEntry(tx, rb, d.ReleasedAt); err != nil {
			return p, err
		}
	}
	return job.Progress{Cursor: entering + " " + string(some[len(some)-1]), Done: j.Total, Total: j.Total}, nil
}

// assignments returns the cases that a directive opened itself, behind one, at most limit.
func (d *Directive) assignments(tx *db.Tx, after casefile.ID, limit int) (all []casefile.ID, err error) {
	// system: the job opens them, whoever may read them
	err = tx.All(`SELECT case_id FROM assignment WHERE directive = $1 AND parent = '' AND period = '' AND case_id > $2 ORDER BY case_id LIMIT $3`,
		[]any{string(d.ID), string(after), limit}, rowIDs(&all))
	return all, err
}

// clauseFor is the clause of the profile's own text behind a proposal, "" for any other.
func (d *Directive) clauseFor(tx *db.Tx, rb *regulation.Rulebook, p *Proposal) (string, error) {
	known, err := knownItems(tx, rb, d)
	if err != nil {
		return "", err
	}
	if k, ok := known[p.Task.Clause]; ok {
		return clauseOf(k.rule), nil
	}
	return "", nil
}

// parseN reads a number of a fact; 0 when it is none.
func parseN(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0
	}
	return n
}
