package directive

import (
	"errors"
	"slices"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/direct"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/workday"
)

// The states of an assignment, on its case.
const (
	Open      = "open"
	Submitted = "submitted" // its result waits to be checked
	Accepted  = "accepted"
	Ended     = "ended" // it need not be done any more
)

// An Assignment is the row beside its case: what a directive gives to one lead, or a unit
// gives on (Parent). The case's title is the beginning of what is to be done.
type Assignment struct {
	*casefile.Case
	Directive    casefile.ID
	Proposal     int64
	Clause       string
	Parent       casefile.ID
	Period       workday.Date // of one that comes again
	Scheme       bool         // it builds a scheme (đề án)
	Urgency      Urgency
	GivenN       int64 // the event with the whole of what is to be done
	Percent      int64
	Section      org.UnitID // of a part inside the unit
	SubmittedN   int64
	SubmittedAt  time.Time
	Returns      int64
	Quality      string
	Form         string
	FormState    string
	ResultNumber string
	AcceptedAt   time.Time
	Armed        bool
}

const assignmentColumns = `directive, proposal, clause, parent, period, kind, urgency, given_n, percent, section, submitted_n, submitted_at, returns, quality,
	form, form_state, result_number, accepted_at, armed`

// GetAssignment returns an assignment that the actor may read.
func GetAssignment(tx *db.Tx, who org.Actor, id casefile.ID) (*Assignment, error) {
	c, err := casefile.Get(tx, who, id)
	if err != nil {
		return nil, err
	}
	return assignmentOf(tx, c)
}

func assignmentOf(tx *db.Tx, c *casefile.Case) (*Assignment, error) {
	if c.Kind != AssignmentKind {
		return nil, fault.NotFound
	}
	a := &Assignment{Case: c}
	var kind string
	err := tx.One(`SELECT `+assignmentColumns+` FROM assignment WHERE case_id = $1`, []any{string(c.ID)},
		&a.Directive, &a.Proposal, &a.Clause, &a.Parent, &a.Period, &kind, &a.Urgency, &a.GivenN, &a.Percent, &a.Section, &a.SubmittedN,
		db.Instant(&a.SubmittedAt), &a.Returns, &a.Quality, &a.Form, &a.FormState, &a.ResultNumber, db.Instant(&a.AcceptedAt), &a.Armed)
	a.Scheme = kind == Scheme
	return a, err
}

// lockAssignment holds an assignment; seen is the version the person saw, 0 for no check.
func lockAssignment(tx *db.Tx, who org.Actor, id casefile.ID, seen int64) (*Assignment, error) {
	c, err := casefile.LockSeen(tx, who, id, seen)
	if err != nil {
		return nil, err
	}
	return assignmentOf(tx, c)
}

func lockAssignmentQuiet(tx *db.Tx, id casefile.ID) (*Assignment, error) {
	c, err := casefile.LockQuiet(tx, org.System("directive"), id)
	if err != nil {
		return nil, err
	}
	return assignmentOf(tx, c)
}

func (a *Assignment) kind() string {
	if a.Scheme {
		return Scheme
	}
	return "task"
}

func (a *Assignment) insert(tx *db.Tx) error {
	_, err := tx.Exec(`INSERT INTO assignment (case_id, directive, proposal, clause, parent, period, kind, urgency, given_n, section) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		string(a.ID), string(a.Directive), a.Proposal, a.Clause, string(a.Parent), a.Period.String(), a.kind(), string(a.Urgency), a.GivenN, string(a.Section))
	return err
}

func (a *Assignment) update(tx *db.Tx) error {
	_, err := tx.Exec(`
		UPDATE assignment SET percent = $1, submitted_n = $2, submitted_at = $3, returns = $4, quality = $5, form = $6, form_state = $7,
			result_number = $8, accepted_at = $9, armed = $10, given_n = $11, section = $12, parent = $13 WHERE case_id = $14`,
		a.Percent, a.SubmittedN, a.SubmittedAt, a.Returns, a.Quality, a.Form, a.FormState, a.ResultNumber, a.AcceptedAt, a.Armed, a.GivenN,
		string(a.Section), string(a.Parent), string(a.ID))
	return err
}

func (a *Assignment) rulebook(tx *db.Tx) (*regulation.Rulebook, error) {
	return regulation.ByHash(tx, a.Rulebook)
}

// leadDuty is what the lead owes: the one that runs, else the last that ended. Of what was
// handed in before the lead changed it is the duty of the unit before.
func (a *Assignment) leadDuty(tx *db.Tx) (*duty.Duty, error) {
	all, err := duty.OfCase(tx, a.ID)
	if err != nil {
		return nil, err
	}
	var best *duty.Duty
	for _, d := range all {
		if d.Rule != MustDo && d.Rule != MustRecur || d.Fate == duty.Handed {
			continue
		}
		if best == nil || d.EndedAt.IsZero() || !best.EndedAt.IsZero() && d.EndedAt.After(best.EndedAt) {
			best = d
		}
	}
	if best == nil {
		return nil, fault.Refuse(fault.Conflict, "Nhiệm vụ này đang được ban hành; hãy mở lại sau giây lát.")
	}
	return best, nil
}

// openDuties returns the running duties of a rule.
func openDuties(tx *db.Tx, id casefile.ID, rule string) (open []*duty.Duty, err error) {
	all, err := duty.OfCase(tx, id)
	for _, d := range all {
		if d.Rule == rule && d.EndedAt.IsZero() {
			open = append(open, d)
		}
	}
	return open, err
}

// A Part is what one unit beside the lead has in an assignment.
type Part struct {
	Unit      org.UnitID
	Requested bool   // a vertical body or company: asked, listed apart, never late
	State     string // "open", "done" or "ended"
	Percent   int64
	ToldN     int64 // the event that says what the unit has to do; 0 none
	DoneN     int64
}

// parts returns who has a part, of an assignment that the caller holds.
func parts(tx *db.Tx, id casefile.ID) (all []Part, err error) {
	// system: the caller holds the assignment
	err = tx.All(`SELECT unit, part, state, percent, told_n, done_n FROM assignment_part WHERE case_id = $1 ORDER BY part, unit`, []any{string(id)}, scanParts(&all))
	return all, err
}

func partOf(all []Part, unit org.UnitID) *Part {
	for i := range all {
		if all[i].Unit == unit && all[i].State != "ended" {
			return &all[i]
		}
	}
	return nil
}

func (p *Part) save(tx *db.Tx, id casefile.ID) error {
	_, err := tx.Exec(`UPDATE assignment_part SET state = $1, percent = $2, told_n = $3, done_n = $4 WHERE case_id = $5 AND unit = $6`,
		p.State, p.Percent, p.ToldN, p.DoneN, string(id), string(p.Unit))
	return err
}

// facts are what access needs: the lead, the parts, whoever works on it inside a unit.
func (a *Assignment) facts(tx *db.Tx) (f access.Facts, err error) {
	f = a.Facts()
	all, err := parts(tx, a.ID)
	if err != nil {
		return f, err
	}
	units := []org.UnitID{a.Lead}
	for _, p := range all {
		switch {
		case p.State == "ended":
		case p.Requested:
			f.Units[access.Requested] = append(f.Units[access.Requested], p.Unit)
		default:
			f.Units[access.Coordinating] = append(f.Units[access.Coordinating], p.Unit)
			units = append(units, p.Unit)
		}
	}
	for _, u := range units {
		some, err := direct.Officers(tx, a.ID, u)
		if err != nil {
			return f, err
		}
		f.Officers = append(f.Officers, some...)
	}
	return f, nil
}

// forAct holds an assignment for an act that its parties decide.
func forAct(tx *db.Tx, who org.Actor, id casefile.ID, seen int64, act access.Act) (*Assignment, org.Actor, error) {
	a, err := lockAssignment(tx, who, id, seen)
	if err != nil {
		return nil, who, err
	}
	f, err := a.facts(tx)
	if err != nil {
		return nil, who, err
	}
	who, err = access.Pick(who, act, f)
	return a, who, err
}

// giver is the unit above the lead that decides about an assignment: whoever gave a part
// on; a unit that issued the directive itself; else whom the rule names for the Office. Of a
// unit that ended it is the one that stands in its place.
func (a *Assignment) giver(tx *db.Tx, key string) (unit org.UnitID, rule regulation.Applied, err error) {
	rb, err := a.rulebook(tx)
	if err != nil {
		return "", rule, err
	}
	return a.giverUnder(tx, rb, key)
}

// giverUnder is giver under a rulebook that was read.
func (a *Assignment) giverUnder(tx *db.Tx, rb *regulation.Rulebook, key string) (unit org.UnitID, rule regulation.Applied, err error) {
	rule, err = rb.Apply(tx, key, a.Lead, a.Field)
	if err != nil {
		return "", rule, err
	}
	home, err := office(tx, rb)
	if err != nil {
		return "", rule, err
	}
	if a.Parent != "" || a.Raiser != home {
		unit, err = org.Successor(tx, a.Raiser)
		return unit, rule, err
	}
	return rule.Role("role").Unit, rule, nil
}

// asGiver holds an assignment for an act of the unit above the lead.
func asGiver(tx *db.Tx, who org.Actor, id casefile.ID, seen int64, key string, act access.Act) (*Assignment, regulation.Applied, org.Actor, error) {
	a, err := lockAssignment(tx, who, id, seen)
	if err != nil {
		return nil, regulation.Applied{}, who, err
	}
	unit, rule, err := a.giver(tx, key)
	if err != nil {
		return nil, rule, who, err
	}
	who, err = access.Pick(who, act, access.Facts{Units: map[access.Function][]org.UnitID{access.Overseer: {unit}}})
	return a, rule, who, err
}

// running refuses an assignment that is not being done.
func (a *Assignment) running() error {
	switch a.State {
	case Open:
		return nil
	case Submitted:
		return fault.Refuse(fault.Conflict, "Kết quả đã gửi và đang chờ kiểm tra.")
	}
	return fault.Refuse(fault.Conflict, "Nhiệm vụ này đã kết thúc: %s.", States[a.State])
}

// alive refuses an assignment that has ended.
func (a *Assignment) alive() error {
	if a.State == Submitted {
		return nil
	}
	return a.running()
}

// source is the directive behind an assignment, nil for one without.
func (a *Assignment) source(tx *db.Tx) (*Directive, error) {
	if a.Directive == "" {
		return nil, nil
	}
	d, err := Get(tx, org.System("directive"), a.Directive)
	if errors.Is(err, fault.NotFound) {
		return nil, nil
	}
	return d, err
}

func without(units []org.UnitID, u org.UnitID) []org.UnitID {
	return slices.DeleteFunc(slices.Clone(units), func(x org.UnitID) bool { return x == u })
}
