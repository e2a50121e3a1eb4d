package directive

import (
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

type regulationBook = *regulation.Rulebook

// join gives a unit a part in a running assignment, with a duty of its own.
func (a *Assignment) join(tx *db.Tx, rb regulationBook, unit org.UnitID) error {
	u, err := org.UnitOf(tx, unit)
	if err != nil {
		return err
	}
	function := access.Coordinating
	if u.Requested {
		function = access.Requested
	}
	_, err = tx.Exec(`INSERT INTO assignment_part (case_id, unit, part) VALUES ($1, $2, $3) ON CONFLICT (case_id, unit) DO UPDATE SET state = 'open'`,
		string(a.ID), string(unit), string(function))
	if err != nil {
		return err
	}
	if err := casefile.Join(tx, a.ID, casefile.Party{Unit: unit, Function: function}); err != nil {
		return err
	}
	limits, from, err := a.sameLimits(tx)
	if err != nil {
		return err
	}
	return a.armPart(tx, rb, Part{Unit: unit, Requested: u.Requested}, duty.New{Limits: limits, From: from})
}

// sameLimits are the limits of the lead, which a part has until it is given its own.
func (a *Assignment) sameLimits(tx *db.Tx) ([]duty.Limit, time.Time, error) {
	owed, err := a.leadDuty(tx)
	if err != nil {
		return nil, tx.Now, err
	}
	limits := slices.Clone(owed.Limits)
	for i := range limits {
		limits[i].DueAt, limits[i].DueOn = time.Time{}, workday.Date{}
	}
	return limits, owed.From, nil
}

// NameCoordinators adds the units that the lead needs beside it (TX108/D9.K1). Where a rule
// says so the list goes to those above and to the Office (TX108/D9.K2).
func NameCoordinators(tx *db.Tx, who org.Actor, id casefile.ID, units []org.UnitID, why string, seen int64) (a *Assignment, err error) {
	defer fault.Wrap(&err, "name coordinators of %s", id)
	a, rb, who, err := coordinating(tx, who, id, seen)
	if err != nil {
		return nil, err
	}
	if why, err = reasonOf("reason", why, "Hãy nêu các đơn vị này liên quan vì chức năng, nhiệm vụ gì."); err != nil {
		return nil, err
	}
	all, err := parts(tx, a.ID)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, u := range units {
		unit, err := org.UnitOf(tx, u)
		if err != nil || !unit.Agency() || !unit.Stands(workday.Of(tx.Now)) {
			return nil, fault.Field("units", "Không có đơn vị nào mang mã “%.60s” đang hoạt động.", string(u))
		}
		if u == a.Lead || partOf(all, u) != nil {
			return nil, fault.Field("units", "%s đã có phần việc trong nhiệm vụ này.", unit.Short)
		}
		if err := a.join(tx, rb, u); err != nil {
			return nil, err
		}
		names = append(names, string(u))
	}
	if len(names) == 0 {
		return nil, fault.Field("units", "Hãy chọn ít nhất một đơn vị.")
	}
	if _, err := casefile.Record(tx, a.Case, casefile.Event{Kind: "assignment.coordinators", By: who, Text: why, Facts: casefile.Pairs("units", strings.Join(names, " "))}, "TX108/D9.K1"); err != nil {
		return nil, err
	}
	for _, u := range units {
		if err := notice.Tell(tx, notice.Note{Unit: u, Case: a.ID, Kind: "assignment.given"}); err != nil {
			return nil, err
		}
	}
	return a, a.reportList(tx, rb, who, names)
}

// coordinating holds a running assignment for an act of its lead on those beside it.
func coordinating(tx *db.Tx, who org.Actor, id casefile.ID, seen int64) (*Assignment, regulationBook, org.Actor, error) {
	a, who, err := forAct(tx, who, id, seen, actCoordinate)
	if err != nil {
		return nil, nil, who, err
	}
	if err := a.running(); err != nil {
		return nil, nil, who, err
	}
	rb, err := a.rulebook(tx)
	return a, rb, who, err
}

// reportList sends the list of coordinating units to whom the rule names.
func (a *Assignment) reportList(tx *db.Tx, rb regulationBook, who org.Actor, names []string) error {
	rule, ok, err := ruled(tx, rb, RuleList, a.Lead, a.Field)
	if err != nil || !ok {
		return err
	}
	to, copied := rule.Role("report_to").Unit, rule.Role("copy_to").Unit
	if _, err := casefile.Record(tx, a.Case, casefile.Event{Kind: "assignment.list_reported", By: who, Facts: casefile.Pairs("to", string(to), "copy", string(copied),
		"units", strings.Join(names, " "))}); err != nil {
		return err
	}
	for _, u := range []org.UnitID{to, copied} {
		if err := casefile.Join(tx, a.ID, casefile.Party{Unit: u, Function: access.Told}); err != nil {
			return err
		}
		if err := notice.Tell(tx, notice.Note{Unit: u, Role: leaders, Case: a.ID, Kind: "assignment.list"}); err != nil {
			return err
		}
	}
	return nil
}

// A PartIn is what the lead asks of one unit beside it.
type PartIn struct {
	Unit    org.UnitID
	Content string
	Until   string // a day not after the lead's own; "" as the lead's
}

// SetParts says what each coordinating unit has to do and by when (TX108/D6.K1): the lead's
// plan. A unit's own date is never later than the assignment's.
func SetParts(tx *db.Tx, who org.Actor, id casefile.ID, in []PartIn, seen int64) (a *Assignment, err error) {
	defer fault.Wrap(&err, "set parts of %s", id)
	a, rb, who, err := coordinating(tx, who, id, seen)
	if err != nil {
		return nil, err
	}
	if len(in) == 0 {
		return nil, fault.Field("parts", "Hãy ghi phần việc của ít nhất một đơn vị.")
	}
	all, err := parts(tx, a.ID)
	if err != nil {
		return nil, err
	}
	for _, x := range in {
		p := partOf(all, x.Unit)
		if p == nil {
			return nil, fault.Field("unit", "Đơn vị “%.60s” không phối hợp trong nhiệm vụ này.", string(x.Unit))
		}
		if x.Content, err = reasonOf("content", x.Content, "Hãy ghi phần việc của từng đơn vị phối hợp."); err != nil {
			return nil, err
		}
		p.ToldN, err = casefile.Record(tx, a.Case, casefile.Event{Kind: "assignment.parts", By: who, Text: x.Content, Facts: casefile.Pairs("unit", string(x.Unit), "until", x.Until)},
			"TX108/D6.K1", "TX108/D6.K9")
		if err != nil {
			return nil, err
		}
		if err := p.save(tx, a.ID); err != nil {
			return nil, err
		}
		if x.Until != "" {
			if err := a.datePart(tx, rb, who, *p, x.Until); err != nil {
				return nil, err
			}
		}
		if err := notice.Tell(tx, notice.Note{Unit: x.Unit, Case: a.ID, Kind: "assignment.part"}); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// datePart gives a part a clock of its own, set by the lead.
func (a *Assignment) datePart(tx *db.Tx, rb regulationBook, who org.Actor, p Part, until string) error {
	l, err := workday.ParseLimit(until)
	if err != nil || l.Unit != workday.Instant || !l.At.After(tx.Now) {
		return fault.Field("until", "Hạn %.40q không đúng: ghi ngày, hoặc ngày và giờ, sau lúc này.", until)
	}
	owed, err := a.leadDuty(tx)
	if err != nil {
		return err
	}
	if err := within(owed, l); err != nil {
		return err
	}
	limit, err := a.setLimit(tx, who, l)
	if err != nil {
		return err
	}
	if err := a.dropDuties(tx, p.Unit, "đơn vị chủ trì ấn định thời gian", MustTakePart, MustReply); err != nil {
		return err
	}
	return a.armPart(tx, rb, p, duty.New{Limits: []duty.Limit{limit}})
}

// A Contribution is what a unit beside the lead gives.
type Contribution struct {
	Unit    org.UnitID // for RecordReply: the body that has no seat here
	Text    string
	Files   []casefile.Document
	Version int64
}

// Contribute hands in a coordinating unit's part, or a requested body's reply, and meets
// what it owed.
func Contribute(tx *db.Tx, who org.Actor, id casefile.ID, in Contribution) (a *Assignment, err error) {
	defer fault.Wrap(&err, "contribute to %s", id)
	if a, who, err = forAct(tx, who, id, in.Version, actPart); err != nil {
		return nil, err
	}
	return a, a.contributed(tx, who, who.Post.Unit, in)
}

// RecordReply writes down what a requested body answered on paper: the lead does it for
// one that has nobody here.
func RecordReply(tx *db.Tx, who org.Actor, id casefile.ID, in Contribution) (a *Assignment, err error) {
	defer fault.Wrap(&err, "record reply to %s", id)
	if a, who, err = forAct(tx, who, id, in.Version, actCoordinate); err != nil {
		return nil, err
	}
	all, err := parts(tx, a.ID)
	if err != nil {
		return nil, err
	}
	if p := partOf(all, in.Unit); p == nil || !p.Requested {
		return nil, fault.Field("unit", "Chỉ ghi thay cho cơ quan được đề nghị; đơn vị phối hợp tự gửi phần việc.")
	}
	return a, a.contributed(tx, who, in.Unit, in)
}

func (a *Assignment) contributed(tx *db.Tx, who org.Actor, unit org.UnitID, in Contribution) error {
	if err := a.running(); err != nil {
		return err
	}
	all, err := parts(tx, a.ID)
	if err != nil {
		return err
	}
	p := partOf(all, unit)
	if p == nil || p.State == "done" {
		return fault.Refuse(fault.Conflict, "Phần việc của đơn vị đã gửi.")
	}
	if in.Text, err = reasonOf("text", in.Text, "Hãy ghi phần việc đã làm."); err != nil {
		return err
	}
	if p.DoneN, err = a.recordPart(tx, who, p, in.Text); err != nil {
		return err
	}
	if err := attach(tx, who, a.ID, p.DoneN, "", in.Files); err != nil {
		return err
	}
	p.State, p.Percent = "done", 100
	if err := p.save(tx, a.ID); err != nil {
		return err
	}
	owed, err := duty.OfCase(tx, a.ID)
	if err != nil {
		return err
	}
	for _, d := range owed {
		if d.Owner == unit && d.EndedAt.IsZero() && (d.Rule == MustTakePart || d.Rule == MustReply) {
			if _, err := duty.Meet(tx, d.Key); err != nil {
				return err
			}
		}
	}
	return notice.Tell(tx, notice.Note{Unit: a.Lead, Case: a.ID, Kind: "assignment.contributed"})
}

func (a *Assignment) recordPart(tx *db.Tx, who org.Actor, p *Part, text string) (int64, error) {
	f := casefile.Pairs("unit", string(p.Unit))
	if p.Requested {
		return casefile.Record(tx, a.Case, casefile.Event{Kind: "assignment.replied", By: who, Text: text, Facts: f})
	}
	return casefile.Record(tx, a.Case, casefile.Event{Kind: "assignment.contributed", By: who, Text: text, Facts: f}, "TX108/D7.K1", "TX108/D6.K8-3")
}

// UrgePart urges a unit beside the lead, in the lead's name (TX108/D6.K3-3).
func UrgePart(tx *db.Tx, who org.Actor, id casefile.ID, unit org.UnitID, text string, seen int64) (a *Assignment, err error) {
	defer fault.Wrap(&err, "urge part of %s", id)
	a, _, who, err = coordinating(tx, who, id, seen)
	if err != nil {
		return nil, err
	}
	if text, err = reasonOf("text", text, "Hãy ghi nội dung đôn đốc."); err != nil {
		return nil, err
	}
	all, err := parts(tx, a.ID)
	if err != nil {
		return nil, err
	}
	if p := partOf(all, unit); p == nil || p.State != "open" {
		return nil, fault.Field("unit", "Đơn vị này không còn phần việc nào đang làm.")
	}
	if _, err := casefile.Record(tx, a.Case, casefile.Event{Kind: "assignment.part_urged", By: who, Text: text, Facts: casefile.Pairs("unit", string(unit))}, "TX108/D6.K3-3"); err != nil {
		return nil, err
	}
	return a, notice.Tell(tx, notice.Note{Unit: unit, Role: leaders, Case: a.ID, Kind: "assignment.urged"})
}

// ChooseForm says in which form units coordinate: of a scheme the lead decides
// (TX108/D4.0), of a task it proposes and whom the rule names decides (TX108/D5.0).
func ChooseForm(tx *db.Tx, who org.Actor, id casefile.ID, form string, seen int64) (a *Assignment, err error) {
	defer fault.Wrap(&err, "choose form of %s", id)
	a, rb, who, err := coordinating(tx, who, id, seen)
	if err != nil {
		return nil, err
	}
	rule, err := a.formRule(tx, rb, form)
	if err != nil {
		return nil, err
	}
	a.Form = form
	if a.Scheme {
		a.FormState = "decided"
		if _, err := casefile.Record(tx, a.Case, casefile.Event{Kind: "assignment.form_decided", By: who, Facts: casefile.Pairs("form", form)}); err != nil {
			return nil, err
		}
		return a, a.update(tx)
	}
	a.FormState = "asked"
	n, err := casefile.Record(tx, a.Case, casefile.Event{Kind: "assignment.form_asked", By: who, Facts: casefile.Pairs("form", form)})
	if err != nil {
		return nil, err
	}
	unit := rule.Role("task").Unit
	if err := casefile.Join(tx, a.ID, casefile.Party{Unit: unit, Function: access.Overseer}); err != nil {
		return nil, err
	}
	if _, err := duty.Arm(tx, duty.New{Key: duty.Key{Case: a.ID, Rule: MustDecide, Owner: unit, Round: n}, Counterpart: a.Lead, Field: a.Field}); err != nil {
		return nil, err
	}
	if err := a.update(tx); err != nil {
		return nil, err
	}
	return a, notice.Tell(tx, notice.Note{Unit: unit, Role: leaders, Case: a.ID, Kind: "assignment.form"})
}

func (a *Assignment) formRule(tx *db.Tx, rb regulationBook, form string) (rule regulation.Applied, err error) {
	if rule, err = rb.Apply(tx, RuleForm, a.Lead, a.Field); err != nil {
		return rule, err
	}
	if words := rule.List("forms"); !slices.Contains(words, form) {
		return rule, fault.Field("form", "Hãy chọn một hình thức phối hợp: %s.", strings.Join(words, "; "))
	}
	return rule, nil
}

// DecideForm decides on the form that the lead proposed, or on another (TX108/D4.K6).
func DecideForm(tx *db.Tx, who org.Actor, id casefile.ID, form, remark string, seen int64) (a *Assignment, err error) {
	defer fault.Wrap(&err, "decide form of %s", id)
	if a, err = lockAssignment(tx, who, id, seen); err != nil {
		return nil, err
	}
	rb, err := a.rulebook(tx)
	if err != nil {
		return nil, err
	}
	rule, err := a.formRule(tx, rb, form)
	if err != nil {
		return nil, err
	}
	unit := rule.Role("task").Unit
	if who, err = access.Pick(who, actForm, access.Facts{Units: map[access.Function][]org.UnitID{access.Overseer: {unit}}}); err != nil {
		return nil, err
	}
	if a.FormState != "asked" {
		return nil, fault.Refuse(fault.Conflict, "Không có hình thức phối hợp nào chờ quyết định.")
	}
	if err := checkText("remark", remark, longestReason); err != nil {
		return nil, err
	}
	a.Form, a.FormState = form, "decided"
	if _, err := casefile.Record(tx, a.Case, casefile.Event{Kind: "assignment.form_decided", By: who, Text: remark, Facts: casefile.Pairs("form", form)}); err != nil {
		return nil, err
	}
	if err := a.decided(tx, unit, a.Lead, 0); err != nil {
		return nil, err
	}
	if err := a.update(tx); err != nil {
		return nil, err
	}
	return a, notice.Tell(tx, notice.Note{Unit: a.Lead, Case: a.ID, Kind: "assignment.form_decided"})
}
