package directive

import (
	"encoding/json"
	"slices"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/direct"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/signoff"
	"lienthong/internal/workday"
)

// fallbackRole stands in the place of an overseer that nobody plays.
const fallbackRole = "fallback-supervisor"

// overseers are the units that decide on what the owner missed: whoever gave a part on;
// else whom the rules name, never the owner himself.
func (a *Assignment) overseers(tx *db.Tx, owner org.UnitID) (units []org.UnitID, err error) {
	if a.Parent != "" && a.Raiser != owner {
		giver, err := org.Successor(tx, a.Raiser)
		return []org.UnitID{giver}, err
	}
	rb, err := a.rulebook(tx)
	if err != nil {
		return nil, err
	}
	rules, err := rb.ApplyAll(tx, MustOversee, owner, a.Field)
	if k := fault.Kind(err); err != nil && k != fault.NotFound && k != fault.Denied && k != fault.Invalid {
		return nil, err
	}
	for _, r := range rules {
		u := r.Role("role").Unit
		if u == "" || u == owner {
			u = fallback(tx, rb)
		}
		if u != "" && u != owner && !slices.Contains(units, u) {
			units = append(units, u)
		}
	}
	return units, nil
}

func fallback(tx *db.Tx, rb *regulation.Rulebook) org.UnitID {
	r, _ := rb.Role(fallbackRole, tx.Now)
	return r.Unit
}

// doMissed is what a missed assignment causes: the history says so, and each overseer has
// something to decide. Above a unit's own leaders the program prepares, a person sends.
func doMissed(tx *db.Tx, c *casefile.Case, d *duty.Duty) error {
	a, err := assignmentOf(tx, c)
	if err != nil {
		return err
	}
	n, err := a.missed(tx, d)
	if err != nil {
		return err
	}
	units, err := a.overseers(tx, d.Owner)
	if err != nil {
		return err
	}
	for _, u := range units {
		if _, err := duty.Arm(tx, duty.New{Key: duty.Key{Case: a.ID, Rule: MustOversee, Owner: u, Round: n}, Counterpart: d.Owner, Field: a.Field}); err != nil {
			return err
		}
		if err := notice.Tell(tx, notice.Note{Unit: u, Case: a.ID, Kind: "assignment.missed"}); err != nil {
			return err
		}
	}
	return nil
}

func (a *Assignment) missed(tx *db.Tx, d *duty.Duty) (n int64, err error) {
	n, err = casefile.Record(tx, a.Case, casefile.Event{Kind: "assignment.missed", By: org.System("sweep"), Facts: casefile.Pairs(
		"rule", d.Rule, "owner", string(d.Owner), "due", db.FormatInstant(d.DueAt))})
	if err != nil {
		return 0, err
	}
	return n, notice.Tell(tx, notice.Note{Unit: d.Owner, Role: leaders, Case: a.ID, Kind: "assignment.missed"})
}

// ownMissed tells only the owner's own leaders: nobody above is named by a text for it.
func ownMissed(tx *db.Tx, c *casefile.Case, d *duty.Duty) error {
	a, err := assignmentOf(tx, c)
	if err != nil {
		return err
	}
	_, err = a.missed(tx, d)
	return err
}

// remind tells whoever has the assignment on his desk that the last day comes near.
func remind(tx *db.Tx, c *casefile.Case, d *duty.Duty) error {
	return direct.Remind(tx, c, d, "assignment.due_soon")
}

// Urge reminds the lead in an overseer's name; what was on the overseer's desk about this
// assignment is done with it.
func Urge(tx *db.Tx, who org.Actor, id casefile.ID, text string, seen int64) (a *Assignment, err error) {
	defer fault.Wrap(&err, "urge assignment %s", id)
	if a, err = lockAssignment(tx, who, id, seen); err != nil {
		return nil, err
	}
	units, err := a.overseers(tx, a.Lead)
	if err != nil {
		return nil, err
	}
	if who, err = access.Pick(who, actOversee, access.Facts{Units: map[access.Function][]org.UnitID{access.Overseer: units}}); err != nil {
		return nil, err
	}
	if err := a.alive(); err != nil {
		return nil, err
	}
	if text, err = reasonOf("text", text, "Hãy ghi nội dung đôn đốc."); err != nil {
		return nil, err
	}
	if _, err := casefile.Record(tx, a.Case, casefile.Event{Kind: "assignment.urged", By: who, Text: text, Facts: casefile.Pairs("owner", string(a.Lead))}, "TX108/D18.K2-2"); err != nil {
		return nil, err
	}
	if err := a.overseen(tx, who); err != nil {
		return nil, err
	}
	return a, notice.Tell(tx, notice.Note{Unit: a.Lead, Role: leaders, Case: a.ID, Kind: "assignment.urged"})
}

// overseen meets what the acting overseer's unit owed a decision on.
func (a *Assignment) overseen(tx *db.Tx, who org.Actor) error {
	open, err := openDuties(tx, a.ID, MustOversee)
	if err != nil {
		return err
	}
	for _, d := range open {
		if d.Owner == who.Post.Unit {
			if _, err := duty.Meet(tx, d.Key); err != nil {
				return err
			}
		}
	}
	return nil
}

// A Breach reports a unit that does not do its part.
type Breach struct {
	Unit    org.UnitID // that fails
	Text    string
	Version int64
}

// ReportBreach reports a unit that does not do its part: the lead a coordinating unit
// (TX108/D6.K11), a coordinating unit the lead. It goes to whom the rule names, who
// decides; nothing follows from it by itself.
func ReportBreach(tx *db.Tx, who org.Actor, id casefile.ID, in Breach) (a *Assignment, err error) {
	defer fault.Wrap(&err, "report breach on %s", id)
	if a, err = lockAssignment(tx, who, id, in.Version); err != nil {
		return nil, err
	}
	f, err := a.facts(tx)
	if err != nil {
		return nil, err
	}
	if in.Unit == a.Lead { // those beside the lead report the lead
		f.Units[access.Lead] = f.Units[access.Coordinating]
	} else if !slices.Contains(f.Units[access.Coordinating], in.Unit) {
		return nil, fault.Field("unit", "Đơn vị này không có trách nhiệm phối hợp trong nhiệm vụ; cơ quan được đề nghị không thuộc diện báo cáo.")
	}
	if who, err = access.Pick(who, actReport, f); err != nil {
		return nil, err
	}
	if in.Text, err = reasonOf("text", in.Text, "Hãy ghi đơn vị không thực hiện trách nhiệm nào, đã yêu cầu, đôn đốc khi nào."); err != nil {
		return nil, err
	}
	rb, err := a.rulebook(tx)
	if err != nil {
		return nil, err
	}
	rule, err := rb.Apply(tx, RuleBreach, a.Lead, a.Field)
	if err != nil {
		return nil, err
	}
	to, copied := rule.Role("to").Unit, rule.Role("copy_to").Unit
	n, err := casefile.Record(tx, a.Case, casefile.Event{Kind: "assignment.breach", By: who, Text: in.Text, Facts: casefile.Pairs("unit", string(in.Unit), "to", string(to), "copy", string(copied)),
		Audience: audience(to, copied, who.Post.Unit, in.Unit)})
	if err != nil {
		return nil, err
	}
	return a, a.breached(tx, n, to, copied, in.Unit)
}

// audience are the people of some units.
func audience(units ...org.UnitID) string {
	s := ""
	for i, u := range units {
		if i > 0 {
			s += ","
		}
		s += org.OfUnit(u)
	}
	return s
}

// breached puts a report before those who receive it.
func (a *Assignment) breached(tx *db.Tx, n int64, to, copied, unit org.UnitID) error {
	if err := casefile.Join(tx, a.ID, casefile.Party{Unit: to, Function: access.Overseer}, casefile.Party{Unit: copied, Function: access.Told}); err != nil {
		return err
	}
	if _, err := duty.Arm(tx, duty.New{Key: duty.Key{Case: a.ID, Rule: MustOversee, Owner: to, Round: n}, Counterpart: unit, Field: a.Field}); err != nil {
		return err
	}
	for _, u := range []org.UnitID{to, copied} {
		if err := notice.Tell(tx, notice.Note{Unit: u, Role: leaders, Case: a.ID, Kind: "assignment.breach"}); err != nil {
			return err
		}
	}
	return nil
}

// A Demand asks a unit to account for an assignment.
type Demand struct {
	Unit    org.UnitID // "" the lead
	Text    string
	DueOn   string // a day the asker sets, or empty: "không nêu hạn"
	Version int64
}

// AskExplanation makes a unit owe an account, signed by the unit, of why something was
// late or not done. Only a person with authority asks; the clock never does.
func AskExplanation(tx *db.Tx, who org.Actor, id casefile.ID, in Demand) (a *Assignment, err error) {
	defer fault.Wrap(&err, "ask explanation on %s", id)
	if a, err = lockAssignment(tx, who, id, in.Version); err != nil {
		return nil, err
	}
	if in.Unit == "" {
		in.Unit = a.Lead
	}
	rb, err := a.rulebook(tx)
	if err != nil {
		return nil, err
	}
	rule, err := rb.Apply(tx, MustExplain, in.Unit, a.Field)
	if err != nil {
		return nil, err
	}
	var askers []org.UnitID
	for _, r := range rule.Roles("by") {
		askers = append(askers, r.Unit)
	}
	if who, err = access.Pick(who, actExplain, access.Facts{Units: map[access.Function][]org.UnitID{access.Overseer: askers}}); err != nil {
		return nil, err
	}
	f, err := a.facts(tx)
	if err != nil {
		return nil, err
	}
	if !a.accountable(f, in.Unit) {
		return nil, fault.Field("unit", "Chỉ yêu cầu đơn vị chủ trì hoặc phối hợp giải trình; cơ quan được đề nghị thì trao đổi bằng văn bản.")
	}
	if in.Text, err = reasonOf("text", in.Text, "Hãy ghi rõ yêu cầu giải trình việc gì."); err != nil {
		return nil, err
	}
	limits, err := in.limits(tx, who, rule)
	if err != nil {
		return nil, err
	}
	return a, a.demand(tx, who, in, limits)
}

func (in *Demand) limits(tx *db.Tx, who org.Actor, rule regulation.Applied) ([]duty.Limit, error) {
	if in.DueOn == "" {
		if l := rule.Limit("limit"); l.Unit != workday.None {
			return []duty.Limit{{Clause: clauseOf(rule), Basis: rule.Basis(), Text: l.String()}}, nil
		}
		return nil, nil
	}
	d, err := workday.ParseDate(in.DueOn)
	if err != nil || d.Before(workday.Of(tx.Now)) {
		return nil, fault.Field("due_on", "Hạn giải trình phải từ hôm nay trở đi.")
	}
	return []duty.Limit{{Basis: setBy(tx, who), Text: in.DueOn, SetBy: who.Officer}}, nil
}

func (a *Assignment) demand(tx *db.Tx, who org.Actor, in Demand, limits []duty.Limit) error {
	open, err := openDuties(tx, a.ID, MustExplain)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(open, func(d *duty.Duty) bool { return d.Owner == in.Unit }) {
		return fault.Refuse(fault.Conflict, "Đơn vị đang nợ một giải trình về nhiệm vụ này.")
	}
	n, err := casefile.Record(tx, a.Case, casefile.Event{Kind: "assignment.explanation_asked", By: who, Text: in.Text, Facts: casefile.Pairs("owner", string(in.Unit), "due_on", in.DueOn)})
	if err != nil {
		return err
	}
	if _, err := duty.Arm(tx, duty.New{Key: duty.Key{Case: a.ID, Rule: MustExplain, Owner: in.Unit, Round: n}, Counterpart: who.Post.Unit, Field: a.Field, Limits: limits}); err != nil {
		return err
	}
	if err := a.overseen(tx, who); err != nil {
		return err
	}
	return notice.Tell(tx, notice.Note{Unit: in.Unit, Role: leaders, Case: a.ID, Kind: "assignment.explanation_asked"})
}

// owesExplanation is the running duty of one of the actor's units to account.
func owesExplanation(tx *db.Tx, who org.Actor, id casefile.ID) (*duty.Duty, error) {
	open, err := openDuties(tx, id, MustExplain)
	if err != nil {
		return nil, err
	}
	for _, d := range open {
		if who.In(d.Owner) {
			return d, nil
		}
	}
	return nil, fault.Refuse(fault.Conflict, "Đơn vị không có yêu cầu giải trình nào đang chờ.")
}

// DraftExplanation begins the unit's paper that accounts for an assignment.
func DraftExplanation(tx *db.Tx, desk signoff.Desk, who org.Actor, id casefile.ID, in Result) (x *signoff.Paper, err error) {
	defer fault.Wrap(&err, "draft explanation on %s", id)
	a, err := lockAssignment(tx, who, id, in.Version)
	if err != nil {
		return nil, err
	}
	owed, err := owesExplanation(tx, who, a.ID)
	if err != nil {
		return nil, err
	}
	return a.draft(tx, desk, who, owed.Owner, PaperExplanation, "V/v giải trình việc thực hiện nhiệm vụ: "+a.Title, in)
}

// ExplainNow releases the unit's account in one act, where its path is one step.
func ExplainNow(tx *db.Tx, who org.Actor, id casefile.ID, in Result) (a *Assignment, err error) {
	defer fault.Wrap(&err, "explain on %s", id)
	if a, err = lockAssignment(tx, who, id, in.Version); err != nil {
		return nil, err
	}
	owed, err := owesExplanation(tx, who, a.ID)
	if err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	if who, err = signoff.Direct(tx, who, owed.Owner, PaperExplanation, a.Field); err != nil {
		return nil, err
	}
	number, err := signoff.Enter(tx, who, signoff.Entry{Unit: owed.Owner, Section: who.Post.Section, Book: signoff.Kind{}.Book(), Case: a.ID}, in.Paper)
	if err != nil {
		return nil, err
	}
	return a, a.explained(tx, who, owed, in, number.Symbol, "")
}

func explanationReleased(tx *db.Tx, who org.Actor, c *casefile.Case, x *signoff.Paper, body string) error {
	a, err := assignmentOf(tx, c)
	if err != nil {
		return err
	}
	var in Result
	if err := json.Unmarshal([]byte(body), &in); err != nil {
		return err
	}
	open, err := openDuties(tx, a.ID, MustExplain)
	if err != nil {
		return err
	}
	for _, d := range open {
		if d.Owner == x.Unit {
			return a.explained(tx, who, d, in, x.Symbol, string(x.ID))
		}
	}
	return fault.Refuse(fault.Conflict, "Không có yêu cầu giải trình nào đang chờ.")
}

// explained records a released account and meets the duty to give it.
func (a *Assignment) explained(tx *db.Tx, who org.Actor, owed *duty.Duty, in Result, number, paper string) error {
	n, err := casefile.Record(tx, a.Case, casefile.Event{Kind: "assignment.explained", By: who, Text: in.Text, Facts: casefile.Pairs("unit", string(owed.Owner), "number", number)})
	if err != nil {
		return err
	}
	if err := attach(tx, who, a.ID, n, paper, in.Files); err != nil {
		return err
	}
	if err := freed(tx, paper, n); err != nil {
		return err
	}
	if _, err := duty.Meet(tx, owed.Key); err != nil {
		return err
	}
	return notice.Tell(tx, notice.Note{Unit: owed.Counterpart, Case: a.ID, Kind: "assignment.explained"})
}
