package petition

import (
	"slices"
	"strings"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/vntext"
	"lienthong/internal/workday"
)

// An Oversight is what an overseer does about a petition.
type Oversight struct {
	Text    string
	Version int64
}

// Urge (đôn đốc) reminds the lead in an overseer's name; what was on the overseer's
// desk about this petition is done with it.
func Urge(tx *db.Tx, who org.Actor, id casefile.ID, in Oversight) (p *Petition, err error) {
	defer fault.Wrap(&err, "urge petition %s", id)
	p, who, err = asOverseer(tx, who, id, in.Version, actOversee, func(p *Petition, tx *db.Tx) ([]org.UnitID, error) { return p.overseers(tx, p.Lead) })
	if err != nil {
		return nil, err
	}
	if owes, err := p.leadOwes(tx); err != nil {
		return nil, err
	} else if !owes {
		return nil, fault.Refuse(fault.Conflict, "Đơn vị đã làm xong phần việc của mình; không còn việc nào để đôn đốc.")
	}
	in.Text = vntext.NFC(strings.TrimSpace(in.Text))
	if vntext.IsBlank(in.Text) {
		return nil, fault.Field("text", "Hãy ghi nội dung đôn đốc.")
	}
	if err := checkText("text", in.Text); err != nil {
		return nil, err
	}
	_, err = casefile.Record(tx, p.Case, casefile.Event{Kind: "petition.urged", By: who, Text: in.Text, Facts: casefile.Pairs("owner", string(p.Lead))}, "PT1537/M4")
	if err != nil {
		return nil, err
	}
	if err := doneOverseeing(tx, p, who); err != nil {
		return nil, err
	}
	return p, notice.Tell(tx, notice.Note{Unit: p.Lead, Role: org.Leader, Case: p.ID, Kind: "petition.urged"})
}

// leadOwes says whether the lead still has anything to do: an answer, a next report, an
// account of its lateness, or the naming of who leads.
func (p *Petition) leadOwes(tx *db.Tx) (bool, error) {
	all, err := duty.OfCase(tx, p.ID)
	return slices.ContainsFunc(all, func(d *duty.Duty) bool { return d.Owner == p.Lead && d.EndedAt.IsZero() }), err
}

// asOverseer holds the petition for an act of those above its lead whom a rule names.
func asOverseer(tx *db.Tx, who org.Actor, id casefile.ID, seen int64, act access.Act, named func(*Petition, *db.Tx) ([]org.UnitID, error)) (*Petition, org.Actor, error) {
	p, err := lock(tx, who, id, seen)
	if err != nil {
		return nil, who, err
	}
	units, err := named(p, tx)
	if err != nil {
		return nil, who, err
	}
	who, err = access.Pick(who, act, p.facts(units))
	if err == nil && (p.State == Draft || !p.ClosedAt.IsZero()) {
		err = fault.Refuse(fault.Conflict, "Kiến nghị không còn chờ xử lý.")
	}
	return p, who, err
}

// doneOverseeing meets what the acting overseer's unit owed a decision on.
func doneOverseeing(tx *db.Tx, p *Petition, who org.Actor) error {
	open, err := openOf(tx, p.ID, MustOversee)
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

// A Demand asks a unit to account for its lateness.
type Demand struct {
	Text    string
	DueOn   string // a day the asker sets, or empty: "không nêu hạn"
	Version int64
}

// AskExplanation (yêu cầu giải trình) makes the lead owe an account, signed by the
// unit. Only a person with authority asks; the clock never does.
func AskExplanation(tx *db.Tx, who org.Actor, id casefile.ID, in Demand) (p *Petition, err error) {
	defer fault.Wrap(&err, "ask explanation on petition %s", id)
	p, who, err = asOverseer(tx, who, id, in.Version, actExplain, (*Petition).askers)
	if err != nil {
		return nil, err
	}
	in.Text = vntext.NFC(strings.TrimSpace(in.Text))
	if vntext.IsBlank(in.Text) {
		return nil, fault.Field("text", "Hãy ghi rõ yêu cầu giải trình việc gì.")
	}
	if err := checkText("text", in.Text); err != nil {
		return nil, err
	}
	limits, err := in.limit(tx, who)
	if err != nil {
		return nil, err
	}
	open, err := openOf(tx, p.ID, MustExplain)
	if err != nil {
		return nil, err
	}
	if len(open) > 0 {
		return nil, fault.Refuse(fault.Conflict, "Đơn vị đang nợ một giải trình về kiến nghị này.")
	}
	n, err := casefile.Record(tx, p.Case, casefile.Event{Kind: "petition.explanation_asked", By: who, Text: in.Text, Facts: casefile.Pairs("owner", string(p.Lead), "due_on", in.DueOn)})
	if err != nil {
		return nil, err
	}
	_, err = duty.Arm(tx, duty.New{Key: duty.Key{Case: p.ID, Rule: MustExplain, Owner: p.Lead, Round: n}, Counterpart: who.Post.Unit, Field: p.Field, Limits: limits})
	if err != nil {
		return nil, err
	}
	if err := doneOverseeing(tx, p, who); err != nil {
		return nil, err
	}
	return p, notice.Tell(tx, notice.Note{Unit: p.Lead, Role: org.Leader, Case: p.ID, Kind: "petition.explanation_asked"})
}

// A limit by hand: the day is set by a person, and the basis names him.
func (in *Demand) limit(tx *db.Tx, who org.Actor) ([]duty.Limit, error) {
	if in.DueOn == "" {
		return nil, nil
	}
	d, err := workday.ParseDate(in.DueOn)
	if err != nil || d.Before(workday.Of(tx.Now)) {
		return nil, fault.Field("due_on", "Hạn giải trình phải từ hôm nay trở đi.")
	}
	return []duty.Limit{{Basis: "hạn do " + who.Post.Title + " đặt, ngày " + workday.Of(tx.Now).Long(), Text: in.DueOn, SetBy: who.Officer}}, nil
}

// PaperExplain is the kind of the unit's paper that accounts for its lateness.
const PaperExplain = "petition.explanation"

// explained records a released explanation and meets the duty to give it.
func (p *Petition) explained(tx *db.Tx, who org.Actor, signed signature, text, paper string) error {
	open, err := openOf(tx, p.ID, MustExplain)
	if err != nil {
		return err
	}
	if len(open) == 0 {
		return fault.Refuse(fault.Conflict, "Không có yêu cầu giải trình nào đang chờ.")
	}
	n, err := casefile.Record(tx, p.Case, casefile.Event{Kind: "petition.explained", By: who, Text: text, Facts: casefile.Pairs(signed.pairs()...)})
	if err != nil {
		return err
	}
	if err := release(tx, paper, n); err != nil {
		return err
	}
	if _, err := duty.Meet(tx, open[0].Key); err != nil {
		return err
	}
	return notice.Tell(tx, notice.Note{Unit: open[0].Counterpart, Case: p.ID, Kind: "petition.explained"})
}
