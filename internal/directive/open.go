package directive

import (
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/workday"
)

// open makes the case of one planned assignment, which nobody sees until the switch; or
// leaves what comes again to the calendar.
func (d *Directive) open(tx *db.Tx, one planned) error {
	if again := one.p.again(); again != "" {
		return d.series(tx, one, again)
	}
	a, parties, err := d.make(tx, one, workday.Date{})
	if err != nil {
		return err
	}
	who, err := d.releaser(tx)
	if err != nil {
		return err
	}
	if err := casefile.Prepare(tx, a.ID, parties...); err != nil {
		return err
	}
	a.GivenN, err = casefile.Record(tx, a.Case, casefile.Event{Kind: "assignment.opened", By: who, Text: one.p.Task.Content, Facts: d.given(a, &one.p.Task)},
		"PT1537/M2", "ND-UBT/P12", "TX108/D18.K1")
	if err != nil {
		return err
	}
	return a.update(tx)
}

// make opens the case, row and parts of an assignment and says who its parties are.
func (d *Directive) make(tx *db.Tx, one planned, period workday.Date) (*Assignment, []casefile.Party, error) {
	t := &one.p.Task
	a := &Assignment{Directive: d.ID, Proposal: one.p.N, Clause: t.Clause, Period: period, Scheme: t.Kind == Scheme, Urgency: t.Urgency}
	field := t.Field
	if field == "" {
		field = d.Field
	}
	var err error
	if a.Case, err = casefile.Open(tx, casefile.New{Kind: AssignmentKind, Prefix: assignPrefix, Title: shorten(strings.Join(strings.Fields(t.Content), " ")),
		State: Open, Rulebook: d.Rulebook, Field: field, Raiser: d.Raiser, Lead: one.lead}); err != nil {
		return nil, nil, err
	}
	if err := a.insert(tx); err != nil {
		return nil, nil, err
	}
	with, err := expand(tx, t.Coordinating)
	if err != nil {
		return nil, nil, err
	}
	parties := []casefile.Party{{Unit: d.Raiser, Function: access.Raiser}, {Unit: one.lead, Function: access.Lead}}
	for _, u := range without(with, one.lead) {
		unit, err := org.UnitOf(tx, u)
		if err != nil {
			return nil, nil, err
		}
		p := access.Coordinating
		if unit.Requested {
			p = access.Requested
		}
		if err := addPart(tx, a.ID, u, p); err != nil {
			return nil, nil, err
		}
		parties = append(parties, casefile.Party{Unit: u, Function: p})
	}
	return a, parties, nil
}

func addPart(tx *db.Tx, id casefile.ID, unit org.UnitID, part access.Function) error {
	_, err := tx.Exec(`INSERT INTO assignment_part (case_id, unit, part) VALUES ($1, $2, $3)`, string(id), string(unit), string(part))
	return err
}

// given are the public facts of an assignment's first event: the thread back to its text.
func (d *Directive) given(a *Assignment, t *Task) map[string]string {
	return casefile.Pairs("directive", string(d.ID), "number", d.Number, "clause", t.Clause, "lead", string(a.Lead), "deadline", t.Deadline, "recurrence", t.Recurrence, "period", a.Period.String(), "date_basis", t.DateBasis)
}

// series keeps what comes again; the calendar opens an assignment each time.
func (d *Directive) series(tx *db.Tx, one planned, again string) error {
	basis := d.cite()
	if one.p.Task.Clause != "" {
		basis += ", mục " + one.p.Task.Clause
	}
	_, err := tx.Exec(`INSERT INTO assignment_series (case_id, n, lead, again, basis, since_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
		string(d.ID), one.p.N, string(one.lead), again, basis, tx.Now)
	return err
}

// arm gives an assignment its duties before anybody sees it: the lead's, one for each
// coordinating unit, a request for each body that is only asked. Their limits are dates of
// the text or of a person, so that it is the same whether they stand before the switch or
// behind it. Armed already, nothing happens.
func (a *Assignment) arm(tx *db.Tx, d *Directive) error {
	if a.Armed {
		return nil
	}
	p, err := oneProposal(tx, d.ID, a.Proposal)
	if err != nil {
		return err
	}
	rb, err := a.rulebook(tx)
	if err != nil {
		return err
	}
	clause, err := d.clauseFor(tx, rb, p)
	if err != nil {
		return err
	}
	limits, err := p.Task.dutyLimits(d, clause)
	if err != nil {
		return err
	}
	from := d.ReleasedAt
	if err := a.armResult(tx, rb, &duty.New{From: from, Limits: limits, Request: p.Task.Request}); err != nil {
		return err
	}
	all, err := parts(tx, a.ID)
	if err != nil {
		return err
	}
	for _, x := range all {
		if err := a.armPart(tx, rb, x, duty.New{From: from, Limits: limits}); err != nil {
			return err
		}
	}
	a.Armed = true
	return a.update(tx)
}

// armLead makes the lead owe the result and its entry in time.
func (a *Assignment) armLead(tx *db.Tx, rb *regulation.Rulebook, in duty.New) error {
	if err := a.armResult(tx, rb, &in); err != nil || in.Request {
		return err
	}
	return a.armRegister(tx, rb, in)
}

// armEntry makes the lead of a switched-on assignment owe its entry in time, once. A body
// that is only asked owes none.
func (a *Assignment) armEntry(tx *db.Tx, rb *regulation.Rulebook, from time.Time) error {
	owed, err := a.leadDuty(tx)
	if err != nil || owed.Request {
		return err
	}
	all, err := duty.OfCase(tx, a.ID)
	if err != nil || slices.ContainsFunc(all, func(d *duty.Duty) bool { return d.Rule == MustRegister }) {
		return err
	}
	return a.armRegister(tx, rb, duty.New{Key: duty.Key{Case: a.ID, Owner: a.Lead, Round: 1}, Counterpart: a.Raiser, Field: a.Field, From: from})
}

// armResult makes the lead owe the result. A body that is only asked owes a request.
func (a *Assignment) armResult(tx *db.Tx, rb *regulation.Rulebook, in *duty.New) error {
	u, err := org.UnitOf(tx, a.Lead)
	if err != nil {
		return err
	}
	in.Key = duty.Key{Case: a.ID, Rule: MustDo, Owner: a.Lead, Round: 1}
	in.Counterpart, in.Field, in.Request = a.Raiser, a.Field, in.Request || u.Requested
	if in.Reminders, err = remindersOf(tx, rb, a.Lead, a.Field); err != nil {
		return err
	}
	_, err = duty.Arm(tx, *in)
	return err
}

// armRegister makes the lead's clerk owe the entry in time, by urgency; nothing where no
// rule of the profile says so.
func (a *Assignment) armRegister(tx *db.Tx, rb *regulation.Rulebook, in duty.New) error {
	rule, ok, err := ruled(tx, rb, MustRegister, a.Lead, a.Field)
	if err != nil || !ok {
		return err
	}
	name := map[Urgency]string{Normal: "normal", Urgent: "urgent", Flash: "flash"}[a.Urgency]
	l := rule.Limit(name)
	if l.Unit == workday.None {
		return nil
	}
	in.Key.Rule, in.Reminders = MustRegister, ""
	in.Limits = []duty.Limit{{Clause: clauseOf(rule), Basis: rule.Basis(), Short: rule.ShortBasis(), Text: l.String()}}
	_, err = duty.Arm(tx, in)
	return err
}

// armPart makes a unit beside the lead owe its part, with a clock of its own.
func (a *Assignment) armPart(tx *db.Tx, rb *regulation.Rulebook, p Part, in duty.New) (err error) {
	rule := MustTakePart
	if p.Requested {
		rule = MustReply
	}
	round, err := nextRound(tx, a.ID, rule, p.Unit)
	if err != nil {
		return err
	}
	in.Key = duty.Key{Case: a.ID, Rule: rule, Owner: p.Unit, Round: round}
	in.Counterpart, in.Field, in.Request = a.Lead, a.Field, p.Requested
	if in.Reminders, err = remindersOf(tx, rb, p.Unit, a.Field); err != nil {
		return err
	}
	_, err = duty.Arm(tx, in)
	return err
}

// nextRound is the number of a new duty of a rule and owner.
func nextRound(tx *db.Tx, id casefile.ID, rule string, owner org.UnitID) (n int64, err error) {
	all, err := duty.OfCase(tx, id)
	for _, d := range all {
		if d.Rule == rule && d.Owner == owner && d.Round > n {
			n = d.Round
		}
	}
	return n + 1, err
}

// remindersOf returns the working days before the last day on which an owner is
// reminded; none where the office set none.
func remindersOf(tx *db.Tx, rb *regulation.Rulebook, unit org.UnitID, field string) (string, error) {
	rule, ok, err := ruled(tx, rb, RuleRemind, unit, field)
	if err != nil || !ok {
		return "", err
	}
	var days []string
	for _, l := range rule.Limits("before") {
		days = append(days, itoa(int64(l.N)))
	}
	return strings.Join(days, ","), nil
}

// oneProposal reads one proposal in any state.
func oneProposal(tx *db.Tx, id casefile.ID, n int64) (p *Proposal, err error) {
	// system: the caller holds an assignment of the directive
	err = tx.All(`SELECT n, state, from_n, body, read, changed, by, at FROM directive_proposal WHERE case_id = $1 AND n = $2`,
		[]any{string(id), n}, func(r *sql.Rows) error {
			p = new(Proposal)
			return p.scan(r)
		})
	if err == nil && p == nil {
		err = fault.NotFound
	}
	return p, err
}

// openOccasion opens the assignment of one occasion; the kernel arms its duty.
func openOccasion(tx *db.Tx, o duty.Occasion) (*casefile.Case, duty.New, error) {
	id, n, _ := strings.Cut(o.Name, "/")
	n, _, _ = strings.Cut(n, "/")
	d, err := lockQuiet(tx, casefile.ID(id))
	if err != nil {
		return nil, duty.New{}, err
	}
	if err := stands(tx, d.ID, parseN(n), o); err != nil {
		return nil, duty.New{}, err
	}
	p, err := oneProposal(tx, d.ID, parseN(n))
	if err != nil {
		return nil, duty.New{}, err
	}
	a, parties, err := d.make(tx, planned{p, o.Owner}, o.Period)
	if err != nil {
		return nil, duty.New{}, err
	}
	a.Scope, a.Armed = AssignmentScope, true
	if err := casefile.Join(tx, a.ID, parties...); err != nil {
		return nil, duty.New{}, err
	}
	a.GivenN, err = casefile.Record(tx, a.Case, casefile.Event{Kind: "assignment.due_again", By: org.System("calendar"), Text: p.Task.Content, Facts: d.given(a, &p.Task)})
	if err != nil {
		return nil, duty.New{}, err
	}
	if err := a.update(tx); err != nil {
		return nil, duty.New{}, err
	}
	return a.again(tx, o.Owner, p)
}

// again says what the unit of an occasion owes, and tells it.
func (a *Assignment) again(tx *db.Tx, owner org.UnitID, p *Proposal) (*casefile.Case, duty.New, error) {
	rb, err := a.rulebook(tx)
	if err != nil {
		return nil, duty.New{}, err
	}
	u, err := org.UnitOf(tx, owner)
	if err != nil && !errors.Is(err, fault.NotFound) {
		return nil, duty.New{}, err
	}
	all, err := parts(tx, a.ID)
	if err != nil {
		return nil, duty.New{}, err
	}
	for _, x := range all { // no text dates their part of an occasion
		if err := a.armPart(tx, rb, x, duty.New{}); err != nil {
			return nil, duty.New{}, err
		}
	}
	in := duty.New{Counterpart: a.Raiser, Field: a.Field, Request: p.Task.Request || u.Requested}
	if in.Reminders, err = remindersOf(tx, rb, owner, a.Field); err != nil {
		return nil, in, err
	}
	return a.Case, in, notice.Tell(tx, notice.Note{Unit: owner, Case: a.ID, Kind: "assignment.given"})
}
