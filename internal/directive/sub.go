package directive

import (
	"strings"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/direct"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// A Sub is a part that a unit gives on: to another unit (a commune), or to a section or
// persons of its own.
type Sub struct {
	Unit      org.UnitID      // "" the unit's own section or persons
	Section   org.UnitID      // of its own
	Officer   org.OfficerID   // in charge, of its own
	CoWorkers []org.OfficerID // with him
	Content   string
	Criteria  string // what is required of quality
	Until     string // a day, or a day and an hour
	Version   int64
}

// SubAssign gives a part of an assignment on as an assignment of its own, whose result the
// unit that gives it accepts. It takes nothing from what the unit itself owes.
func SubAssign(tx *db.Tx, who org.Actor, id casefile.ID, in Sub) (s *Assignment, err error) {
	defer fault.Wrap(&err, "sub-assign from %s", id)
	a, who, err := forAct(tx, who, id, in.Version, actSub)
	if err != nil {
		return nil, err
	}
	if err := a.running(); err != nil {
		return nil, err
	}
	if in.Unit == "" {
		in.Unit = a.Lead
	}
	unit, err := a.subUnit(tx, &in)
	if err != nil {
		return nil, err
	}
	limits, err := a.subLimits(tx, who, &in)
	if err != nil {
		return nil, err
	}
	s = &Assignment{Directive: a.Directive, Proposal: a.Proposal, Clause: a.Clause, Parent: a.ID, Urgency: a.Urgency, Section: in.Section, Armed: true}
	scope := AssignmentScope
	if in.Unit == a.Lead {
		scope = "" // how a unit works inside is its own business
	}
	if s.Case, err = casefile.Open(tx, casefile.New{Kind: AssignmentKind, Prefix: assignPrefix, Title: shorten(strings.Join(strings.Fields(in.Content), " ")),
		State: Open, Scope: scope, Rulebook: a.Rulebook, Field: a.Field, Raiser: a.Lead, Lead: in.Unit}); err != nil {
		return nil, err
	}
	if err := s.insert(tx); err != nil {
		return nil, err
	}
	if err := casefile.Join(tx, s.ID, casefile.Party{Unit: a.Lead, Function: access.Raiser}, casefile.Party{Unit: in.Unit, Function: access.Lead}); err != nil {
		return nil, err
	}
	text := in.Content
	if in.Criteria != "" {
		text += "\n\nYêu cầu về chất lượng: " + in.Criteria
	}
	s.GivenN, err = casefile.Record(tx, s.Case, casefile.Event{Kind: "assignment.sub_assigned", By: who, Text: text, Facts: casefile.Pairs("parent", a.Code, "lead", string(in.Unit),
		"section", string(in.Section), "officer", string(in.Officer), "until", in.Until)}, "TX108/D10-3")
	if err != nil {
		return nil, err
	}
	if err := s.update(tx); err != nil {
		return nil, err
	}
	rb, err := s.rulebook(tx)
	if err != nil {
		return nil, err
	}
	if err := s.armSub(tx, rb, unit, limits); err != nil {
		return nil, err
	}
	if err := s.inside(tx, who, in); err != nil {
		return nil, err
	}
	return s, notice.Tell(tx, notice.Note{Unit: in.Unit, Case: s.ID, Kind: "assignment.given"})
}

// subUnit checks to whom a part is given on.
func (a *Assignment) subUnit(tx *db.Tx, in *Sub) (u org.Unit, err error) {
	u, err = org.UnitOf(tx, in.Unit)
	if err != nil || !u.Agency() || !u.Stands(workday.Of(tx.Now)) {
		return u, fault.Field("unit", "Không có đơn vị nào mang mã “%.60s” đang hoạt động.", string(in.Unit))
	}
	own := in.Section != "" || in.Officer != ""
	switch {
	case in.Unit == a.Raiser:
		return u, fault.Field("unit", "Không giao ngược lại cho đơn vị đã giao nhiệm vụ này.")
	case in.Unit == a.Lead && !own:
		return u, fault.Field("officer", "Hãy chọn phòng hoặc người thực hiện trong đơn vị, hoặc một đơn vị khác.")
	case in.Unit != a.Lead && own:
		return u, fault.Field("officer", "Phân công trong đơn vị khác do chính đơn vị ấy làm.")
	}
	return u, nil
}

// subLimits checks what a unit must state when it gives a part on, and is its date.
func (a *Assignment) subLimits(tx *db.Tx, who org.Actor, in *Sub) (limits []duty.Limit, err error) {
	if in.Content, err = reasonOf("content", in.Content, "Hãy ghi phần việc được giao."); err != nil {
		return nil, err
	}
	if err := checkText("criteria", in.Criteria, longestReason); err != nil {
		return nil, err
	}
	rb, err := a.rulebook(tx)
	if err != nil {
		return nil, err
	}
	rule, ok, err := ruled(tx, rb, RuleSub, a.Lead, a.Field)
	if err != nil {
		return nil, err
	}
	if ok && rule.Bool("criteria") && (in.Until == "" || strings.TrimSpace(in.Criteria) == "") {
		field := "criteria"
		if in.Until == "" {
			field = "until"
		}
		return nil, fault.Field(field, "Theo %s, phần việc giao phải nêu tiến độ và yêu cầu về chất lượng.", rule.Basis())
	}
	if in.Until == "" {
		return nil, nil
	}
	l, err := workday.ParseLimit(in.Until)
	if err != nil || l.Unit != workday.Instant || !l.At.After(tx.Now) {
		return nil, fault.Field("until", "Hạn %.40q không đúng: ghi ngày, hoặc ngày và giờ, sau lúc này.", in.Until)
	}
	whole, err := a.leadDuty(tx)
	if err != nil {
		return nil, err
	}
	if err := within(whole, l); err != nil {
		return nil, err
	}
	limit, err := a.setLimit(tx, who, l)
	return []duty.Limit{limit}, err
}

// armSub makes whoever got the part owe it.
func (a *Assignment) armSub(tx *db.Tx, rb regulationBook, unit org.Unit, limits []duty.Limit) error {
	if unit.ID != a.Raiser {
		return a.armLead(tx, rb, duty.New{Limits: limits})
	}
	// a part inside the unit has no entry in a book and is reminded to whoever has it
	in := duty.New{Key: duty.Key{Case: a.ID, Rule: MustDo, Owner: unit.ID, Round: 1}, Counterpart: unit.ID, Field: a.Field, Section: a.Section, Limits: limits}
	var err error
	if in.Reminders, err = remindersOf(tx, rb, unit.ID, a.Field); err != nil {
		return err
	}
	_, err = duty.Arm(tx, in)
	return err
}

// inside directs a part inside the unit to its section or persons.
func (a *Assignment) inside(tx *db.Tx, who org.Actor, in Sub) error {
	if in.Section == "" && in.Officer == "" {
		return nil
	}
	down := direct.In{Unit: in.Unit, Section: in.Section, Officer: in.Officer, CoWorkers: in.CoWorkers, Instruction: in.Content,
		Duty: duty.Key{Case: a.ID, Rule: MustDo, Owner: in.Unit, Round: 1}}
	if _, err := direct.Down(tx, who, a.Case, down); err != nil {
		return err
	}
	return a.named(tx, who, down)
}
