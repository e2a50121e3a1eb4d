package directive

import (
	"slices"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// A Handing moves an assignment, or the part of a unit beside the lead, to another unit.
type Handing struct {
	From    org.UnitID // whose; "" the lead's
	To      org.UnitID
	Reason  string // why, and the paper that says so
	Inside  Inside // what becomes of the parts inside the unit that had the lead
	Version int64
}

// Hand moves what one unit owes on an assignment to another: units merge, a task was the
// other's all along. The clock goes on; who had it before keeps its own lateness. The parts
// that it gave on go along to the new lead.
func Hand(tx *db.Tx, who org.Actor, id casefile.ID, in Handing) (a *Assignment, err error) {
	defer fault.Wrap(&err, "hand over assignment %s", id)
	if in.Reason, err = reasonOf("reason", in.Reason, "Hãy nêu lý do và văn bản chuyển nhiệm vụ."); err != nil {
		return nil, err
	}
	a, _, who, err = asGiver(tx, who, id, in.Version, RuleAccept, actHand)
	if err != nil {
		return nil, err
	}
	return a, a.hand(tx, who, in)
}

func (a *Assignment) hand(tx *db.Tx, who org.Actor, in Handing) error {
	if in.From == "" {
		in.From = a.Lead
	}
	if err := a.alive(); err != nil {
		return err
	}
	to, err := org.UnitOf(tx, in.To)
	if err != nil || !to.Agency() || !to.Stands(workday.Of(tx.Now)) {
		return fault.Field("to", "Không có đơn vị nào mang mã “%.60s” đang hoạt động.", string(in.To))
	}
	if in.To == in.From {
		return fault.Field("to", "Đơn vị này đang giữ nhiệm vụ.")
	}
	if in.Inside != EndInside && in.Inside != MoveInside {
		return fault.Field("inside", "Hãy chọn: phần việc bên trong đơn vị kết thúc, hoặc chuyển theo.")
	}
	if in.From == a.Lead && a.Parent != "" && a.Lead != a.Raiser && in.To == a.Raiser {
		return a.fold(tx, handing{by: who, from: a.Lead, to: in.To, reason: in.Reason, inside: in.Inside})
	}
	if _, err := casefile.Record(tx, a.Case, casefile.Event{Kind: "assignment.handed", By: who, Text: in.Reason, Facts: casefile.Pairs("from", string(in.From), "to", string(in.To))}); err != nil {
		return err
	}
	if in.From == a.Lead {
		err = a.handLead(tx, who, to, in.Reason, in.Inside)
	} else {
		err = a.handPart(tx, who, in.From, to, in.Reason)
	}
	if err != nil {
		return err
	}
	return notice.Tell(tx, notice.Note{Unit: in.To, Case: a.ID, Kind: "assignment.handed"})
}

// handLead moves the lead, what is owed to it and the parts that it gave on. A new lead that
// coordinated before does no longer; a part that lay inside its unit lies inside no more.
func (a *Assignment) handLead(tx *db.Tx, who org.Actor, to org.Unit, reason string, inside Inside) error {
	from := a.Lead
	if err := a.dropDuties(tx, from, reason, MustRegister); err != nil {
		return err
	}
	if err := a.dropDuties(tx, to.ID, reason, MustTakePart, MustReply); err != nil {
		return err
	}
	if _, err := tx.Exec(`UPDATE assignment_part SET state = 'ended' WHERE case_id = $1 AND unit = $2`, string(a.ID), string(to.ID)); err != nil {
		return err
	}
	h := handing{by: who, whole: a, from: from, to: to.ID, reason: reason, inside: inside}
	if a.Raiser == from { // it leaves the unit: from now on that unit gave it to another
		a.Section, a.Scope = "", AssignmentScope
	}
	if err := a.turnLead(tx, &h); err != nil {
		return err
	}
	a.Lead = to.ID
	if err := a.update(tx); err != nil {
		return err
	}
	if err := a.swap(tx, from, to.ID, access.Lead); err != nil {
		return err
	}
	return a.follow(tx, h)
}

// turnLead moves what the lead owes, and what is owed to it, to the new one. Whoever gave the
// assignment is owed what he was, and so is who oversees it.
func (a *Assignment) turnLead(tx *db.Tx, h *handing) error {
	if a.Raiser != h.from {
		return a.turnTo(tx, h)
	}
	owed, err := a.leadDuty(tx)
	if err != nil || !owed.EndedAt.IsZero() {
		return err
	}
	_, _, err = duty.HandOver(tx, owed.Key, h.to, duty.Ground{Reason: h.reason, By: h.by})
	return err
}

// dropDuties waives what a unit owes under some rules.
func (a *Assignment) dropDuties(tx *db.Tx, unit org.UnitID, reason string, rules ...string) error {
	all, err := duty.OfCase(tx, a.ID)
	if err != nil {
		return err
	}
	for _, d := range all {
		if d.Owner != unit || !d.EndedAt.IsZero() || !slices.Contains(rules, d.Rule) {
			continue
		}
		if _, err := duty.Waive(tx, d.Key, reason); err != nil {
			return err
		}
	}
	return nil
}

// swap moves a function on the case; who had it keeps reading what it did.
func (a *Assignment) swap(tx *db.Tx, from, to org.UnitID, function access.Function) error {
	if err := casefile.Leave(tx, a.ID, casefile.Party{Unit: from, Function: function}); err != nil {
		return err
	}
	return casefile.Join(tx, a.ID, casefile.Party{Unit: from, Function: access.Former}, casefile.Party{Unit: to, Function: function})
}

func (a *Assignment) handPart(tx *db.Tx, who org.Actor, from org.UnitID, to org.Unit, reason string) error {
	all, err := parts(tx, a.ID)
	if err != nil {
		return err
	}
	p := partOf(all, from)
	if p == nil {
		return fault.Field("from", "Đơn vị này không có phần việc trong nhiệm vụ.")
	}
	if partOf(all, to.ID) != nil || to.ID == a.Lead {
		// it has a part already: the one that comes is done with it
		if err := a.dropDuties(tx, from, reason, MustTakePart, MustReply); err != nil {
			return err
		}
		p.State = "ended"
		return p.save(tx, a.ID)
	}
	owed, err := duty.OfCase(tx, a.ID)
	if err != nil {
		return err
	}
	for _, d := range slices.Clone(owed) {
		if d.Owner == from && d.EndedAt.IsZero() && (d.Rule == MustTakePart || d.Rule == MustReply) {
			if _, _, err := duty.HandOver(tx, d.Key, to.ID, duty.Ground{Reason: reason, By: who}); err != nil {
				return err
			}
		}
	}
	function := access.Coordinating
	if p.Requested {
		function = access.Requested
	}
	if _, err := tx.Exec(`INSERT INTO assignment_part (case_id, unit, part, percent, told_n) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (case_id, unit) DO UPDATE SET state = 'open'`, string(a.ID), string(to.ID), string(function), p.Percent, p.ToldN); err != nil {
		return err
	}
	p.State = "ended"
	if err := p.save(tx, a.ID); err != nil {
		return err
	}
	return a.swap(tx, from, to.ID, function)
}

// mergedAtOnce is how many assignments one act moves after a merger.
const mergedAtOnce = 50

// HandMerged moves what a unit that ended still has to the unit that stands in its place,
// at most fifty assignments at once; left says that there are more.
func HandMerged(tx *db.Tx, who org.Actor, from org.UnitID) (done int, left bool, err error) {
	defer fault.Wrap(&err, "hand over what %s has", from)
	to, err := org.Successor(tx, from)
	if err != nil {
		return 0, false, err
	}
	if to == from {
		return 0, false, fault.Field("from", "Đơn vị này đang hoạt động; hãy chuyển từng nhiệm vụ.")
	}
	for after := casefile.ID(""); ; {
		ids, err := held(tx, who, from, after)
		if err != nil {
			return done, false, err
		}
		for _, id := range ids {
			// what another unit gave is that unit's to hand over: it is stepped over before
			// it is locked, so that it neither fills the fifty nor gets a new version
			if ok, err := mayHand(tx, who, id); err != nil || !ok {
				if err != nil {
					return done, false, err
				}
				continue
			}
			if done == mergedAtOnce {
				return done, true, nil
			}
			if err := handOne(tx, who, id, from, to); err != nil {
				return done, false, err
			}
			done++
		}
		if len(ids) < mergedAtOnce {
			return done, false, nil
		}
		after = ids[len(ids)-1]
	}
}

// handOne moves what a unit has on one assignment to the unit that stands in its place.
func handOne(tx *db.Tx, who org.Actor, id casefile.ID, from, to org.UnitID) error {
	a, _, as, err := asGiver(tx, who, id, 0, RuleAccept, actHand)
	if err != nil {
		return err
	}
	return a.hand(tx, as, Handing{From: from, To: to, Inside: MoveInside, Reason: "sáp nhập, chuyển chức năng, nhiệm vụ"})
}

// mayHand says, without holding it, whether the actor moves an assignment to another unit.
func mayHand(tx *db.Tx, who org.Actor, id casefile.ID) (bool, error) {
	a, err := GetAssignment(tx, who, id)
	if err != nil {
		return false, err
	}
	unit, _, err := a.giver(tx, RuleAccept)
	if err != nil {
		return false, err
	}
	return access.May(who, actHand, access.Facts{Units: map[access.Function][]org.UnitID{access.Overseer: {unit}}}) == nil, nil
}

// held lists the running assignments that the actor may read and in which a unit leads or
// has a part, behind one, at most fifty.
func held(tx *db.Tx, who org.Actor, unit org.UnitID, after casefile.ID) (ids []casefile.ID, err error) {
	err = tx.All(`
		SELECT DISTINCT d.case_id FROM duty d JOIN assignment a ON a.case_id = d.case_id
		WHERE d.owner = $1 AND d.ended_at IS NULL AND d.rule IN ('assignment.do', 'assignment.recur', 'assignment.part', 'assignment.reply')
			AND d.case_id > $2 AND `+access.Visible("d.case_id", "$3")+`
		ORDER BY d.case_id LIMIT $4`, []any{string(unit), string(after), who.Reader(), mergedAtOnce}, rowIDs(&ids))
	return ids, err
}

// A Taking takes an assignment over.
type Taking struct {
	To      org.UnitID // who does it from now on; "" the unit that takes it over
	Reason  string
	Version int64
}

// TakeOver lets the People's Committee direct a unit's assignment itself where that is
// necessary (ND-UBT/P14): by whom the rule names, with the reason. The unit that had it
// coordinates from then on.
func TakeOver(tx *db.Tx, who org.Actor, id casefile.ID, in Taking) (a *Assignment, err error) {
	defer fault.Wrap(&err, "take over assignment %s", id)
	if in.Reason, err = reasonOf("reason", in.Reason, "Hãy nêu vì sao cần trực tiếp chỉ đạo, giải quyết."); err != nil {
		return nil, err
	}
	if a, err = lockAssignment(tx, who, id, in.Version); err != nil {
		return nil, err
	}
	rb, err := a.rulebook(tx)
	if err != nil {
		return nil, err
	}
	rule, err := rb.Apply(tx, RuleTakeOver, a.Lead, a.Field)
	if err != nil {
		return nil, err
	}
	unit := rule.Role("role").Unit
	if who, err = access.Pick(who, actTakeOver, access.Facts{Units: map[access.Function][]org.UnitID{access.Overseer: {unit}}}); err != nil {
		return nil, err
	}
	if in.To == "" {
		in.To = unit
	}
	from := a.Lead
	if in.To == from {
		return nil, fault.Field("to", "Đơn vị này đang chủ trì nhiệm vụ.")
	}
	if err := a.running(); err != nil {
		return nil, err
	}
	to, err := org.UnitOf(tx, in.To)
	if err != nil {
		return nil, fault.Field("to", "Không có đơn vị nào mang mã “%.60s”.", string(in.To))
	}
	if _, err := casefile.Record(tx, a.Case, casefile.Event{Kind: "assignment.taken_over", By: who, Text: in.Reason, Facts: casefile.Pairs("from", string(from), "to", string(in.To))}, "ND-UBT/P14"); err != nil {
		return nil, err
	}
	if err := a.handLead(tx, who, to, in.Reason, EndInside); err != nil {
		return nil, err
	}
	return a, a.stays(tx, rb, from)
}

// stays keeps who led before as a coordinating unit, whose part no text dates.
func (a *Assignment) stays(tx *db.Tx, rb regulationBook, unit org.UnitID) error {
	if err := a.join(tx, rb, unit); err != nil {
		return err
	}
	return notice.Tell(tx, notice.Note{Unit: unit, Role: leaders, Case: a.ID, Kind: "assignment.taken_over"})
}
