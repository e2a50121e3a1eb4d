package directive

import (
	"fmt"
	"slices"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/workday"
)

// The kinds of question that a reading leaves open.
const (
	AskNoLead   = "no_lead"   // the document names none
	AskTwoLeads = "two_leads" // several, and one must lead, or each has its own
	AskUnknown  = "unknown"   // a name that matches no unit
	AskEnded    = "ended"     // a unit that no longer stands
	AskPast     = "past"      // due before the document's own day
	AskNoDate   = "no_date"   // "không nêu hạn": shown, never a bar
	AskTwice    = "twice"     // one unit both leads and coordinates
	AskDiffers  = "differs"   // the profile knows this text and says otherwise
	AskNoTask   = "no_task"   // the document gives none
	AskNumber   = "number"    // the document has no number or no day
	AskUnread   = "unread"    // like a date, and not understood: shown, never a bar
	AskAbove    = "above"     // a unit that drafts it here orders one that is not below it
)

// A Question is one thing still to be decided (còn phải quyết) before release.
type Question struct {
	N      int64 // of the proposal; 0 for the document as a whole
	Kind   string
	Say    string
	Blocks bool   // nothing is released while it stands
	Leads  bool   // the document leaves it open: it is the deciding leader's, not the desk officer's
	Clause string // of the profile's own text, where that says otherwise
}

// Before names the step that a question bars: "confirm" where the reading itself is not right
// yet, which the desk officer mends; "release" where the document leaves it open, which the
// leader decides before or after the confirmation; "" where it bars nothing.
func (q Question) Before() string {
	switch {
	case !q.Blocks:
		return ""
	case q.Leads:
		return "release"
	}
	return "confirm"
}

// Questions lists what a directive leaves open. The caller has it from Get.
func Questions(tx *db.Tx, d *Directive) (all []Question, err error) {
	defer fault.Wrap(&err, "questions of %s", d.ID)
	proposals, err := Proposals(tx, d.ID)
	if err != nil {
		return nil, err
	}
	live := standing(proposals)
	if d.Way == Signed && (d.Number == "" || d.IssuedOn.IsZero()) {
		all = append(all, Question{Kind: AskNumber, Say: "Văn bản chưa có số hoặc chưa có ngày; hãy ghi đủ để đối chiếu văn bản nhập hai lần.", Blocks: true})
	}
	if len(live) == 0 {
		all = append(all, Question{Kind: AskNoTask, Say: "Văn bản không có nhiệm vụ nào; hãy thêm nhiệm vụ, hoặc rút văn bản.", Blocks: true})
	}
	rb, err := d.rulebook(tx)
	if err != nil {
		return nil, err
	}
	known, err := knownItems(tx, rb, d)
	if err != nil {
		return nil, err
	}
	for _, p := range live {
		some, err := d.asks(tx, p)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
		if k, ok := known[p.Task.Clause]; ok {
			all = append(all, k.asks(tx, d, p)...)
		}
	}
	return all, nil
}

// asks lists what one proposal leaves open.
func (d *Directive) asks(tx *db.Tx, p *Proposal) (all []Question, err error) {
	t := &p.Task
	ask := func(kind, say string, blocks, leads bool) {
		all = append(all, Question{N: p.N, Kind: kind, Say: say, Blocks: blocks, Leads: leads})
	}
	leads, err := t.units(tx)
	if err != nil {
		return nil, err
	}
	switch {
	case len(t.Leads) == 0:
		ask(AskNoLead, "Văn bản không nêu cơ quan chủ trì.", true, true)
	case len(leads) > 1 && !t.Each:
		ask(AskTwoLeads, "Nêu nhiều cơ quan chủ trì: chọn một cơ quan chủ trì, hoặc giao riêng cho từng cơ quan.", true, false)
	}
	for _, names := range [][]Name{t.Leads, t.Coordinating} {
		for _, n := range names {
			if n.Unit == "" && n.Group == "" {
				ask(AskUnknown, fmt.Sprintf("“%s” chưa ghép được với đơn vị nào trong danh mục.", n.Said), true, false)
			}
		}
	}
	if err := ended(tx, leads, ask); err != nil {
		return nil, err
	}
	// a group that also holds the lead means the others: only who is named twice is asked about
	if slices.ContainsFunc(t.Coordinating, func(n Name) bool { return n.Unit != "" && slices.Contains(leads, n.Unit) }) && !t.Each {
		ask(AskTwice, "Một đơn vị vừa chủ trì vừa phối hợp.", true, false)
	}
	if d.Way == Drafted && !t.Request {
		over, err := d.over(tx, leads)
		if err != nil {
			return nil, err
		}
		if !over {
			ask(AskAbove, "Đơn vị ban hành không giao nhiệm vụ cho cơ quan ngang cấp, cấp trên: chuyển thành đề nghị, hoặc chọn chính đơn vị mình.", true, false)
		}
	}
	if t.past(d) && !t.AcceptPast {
		ask(AskPast, "Hạn trước ngày của văn bản: sửa lại theo bản gốc, hoặc xác nhận văn bản ghi đúng như vậy.", true, false)
	}
	for _, say := range t.Unread {
		ask(AskUnread, "Cần xem lại: "+say+".", false, false)
	}
	if t.Deadline == "" && t.Recurrence == "" {
		ask(AskNoDate, "Không nêu hạn.", false, true)
	}
	return all, nil
}

// over says whether the unit that drafts a directive may give a task to each of these bodies: to
// itself, to communes where it is of the province (PT06/D5.K1.dd), and to all whom it orders.
func (d *Directive) over(tx *db.Tx, leads []org.UnitID) (bool, error) {
	own, err := org.UnitOf(tx, d.Raiser)
	if err != nil {
		return false, err
	}
	for _, id := range leads {
		if id == d.Raiser {
			continue
		}
		u, err := org.UnitOf(tx, id)
		if err != nil {
			return false, err
		}
		if own.Level != org.LevelProvince || u.Level != org.LevelCommune {
			return d.orders(tx)
		}
	}
	return true, nil
}

// orders says whether the unit that drafts a directive may give tasks to others: the
// province's committee and its chairman, the Office, and whom the rules let decide.
func (d *Directive) orders(tx *db.Tx) (bool, error) {
	u, err := org.UnitOf(tx, d.Raiser)
	if err != nil {
		return false, err
	}
	if u.Level == org.LevelProvince && (u.Kind == org.KindCommittee || u.Kind == org.KindChairman) {
		return true, nil
	}
	rb, err := d.rulebook(tx)
	if err != nil {
		return false, err
	}
	home, err := office(tx, rb)
	if err != nil || home == d.Raiser {
		return err == nil, err
	}
	rule, err := rb.Apply(tx, RulePropose, "", d.Field)
	if err != nil {
		return false, err
	}
	return rule.Role("role").Unit == d.Raiser || rule.Role("decide").Unit == d.Raiser, nil
}

func ended(tx *db.Tx, units []org.UnitID, ask func(kind, say string, blocks, leads bool)) error {
	for _, id := range units {
		u, err := org.UnitOf(tx, id)
		if err != nil {
			return err
		}
		if !u.Stands(workday.Of(tx.Now)) {
			ask(AskEnded, u.Short+" không còn hoạt động; hãy chọn đơn vị nhận nhiệm vụ của đơn vị này.", true, false)
		}
	}
	return nil
}

// A known task is what a text of the profile gives under one of its items.
type known struct {
	rule regulation.Applied
	lead org.UnitID
	due  workday.Limit
}

// knownItems are the tasks of a text that the profile itself holds, by item; none for
// any other document.
func knownItems(tx *db.Tx, rb *regulation.Rulebook, d *Directive) (map[string]known, error) {
	if on, _ := rb.On(RuleTask); !on || d.Number == "" {
		return nil, nil
	}
	rules, err := rb.ApplyAll(tx, RuleTask, "", d.Field)
	if k := fault.Kind(err); k == fault.NotFound || k == fault.Denied || k == fault.Invalid {
		return nil, nil
	}
	all := map[string]known{}
	for _, r := range rules {
		if numberKey(r.Text("number")) == numberKey(d.Number) {
			all[r.Text("item")] = known{r, r.Unit("lead"), r.Limit("due")}
		}
	}
	return all, err
}

// asks says where a proposal is not what the profile's own text gives under that item.
func (k known) asks(tx *db.Tx, d *Directive, p *Proposal) (all []Question) {
	clause := clauseOf(k.rule)
	differs := func(say string, open bool) { // what the text read leaves open is not the desk officer's to mend
		all = append(all, Question{N: p.N, Kind: AskDiffers, Say: say, Blocks: true, Leads: open, Clause: clause})
	}
	leads, err := p.Task.units(tx)
	if err == nil && k.lead != "" && p.Task.LeadBy == "" && !slices.Contains(leads, k.lead) {
		name := string(k.lead)
		if names, err := org.UnitNames(tx, k.lead); err == nil {
			name = names[k.lead]
		}
		differs("Theo "+k.rule.Basis()+", cơ quan chủ trì là "+name+".", p.Task.LeadOpen)
	}
	if l, err := p.Task.limit(); err == nil && p.Task.DateBy == "" && l.String() != k.due.String() {
		differs("Theo "+k.rule.Basis()+", hạn là: "+k.due.Words()+".", p.Task.Deadline == "" && p.Task.Recurrence == "")
	}
	return all
}

// clauseOf is the first clause that a rule rests on, "" for a setting.
func clauseOf(rule regulation.Applied) string {
	if len(rule.Clauses) == 0 {
		return ""
	}
	return string(rule.Clauses[0])
}

// blocked refuses while a question bars the release, with the first of them.
func blocked(tx *db.Tx, d *Directive) error {
	return d.barred(tx, "quyết các nội dung còn để ngỏ", "Còn %d nội dung phải quyết trước khi ban hành. ", func(q Question) bool { return q.Blocks })
}

// faithful refuses the desk officer's word while something of the reading is to be mended,
// with the first of it. What the document leaves open is no reason: it was read rightly.
func faithful(tx *db.Tx, d *Directive) error {
	return d.barred(tx, "sửa đề xuất", "Còn %d nội dung phải đối chiếu, sửa trước khi xác nhận. ", func(q Question) bool { return q.Before() == "confirm" })
}

// barred refuses while one of some questions stands; say takes their count.
func (d *Directive) barred(tx *db.Tx, step, say string, bars func(Question) bool) error {
	all, err := Questions(tx, d)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(q Question) bool { return !bars(q) })
	if len(all) == 0 {
		return nil
	}
	where := ""
	if all[0].N > 0 {
		where = fmt.Sprintf("Đề xuất số %d: ", all[0].N)
	}
	return &fault.Refusal{Kind: fault.Conflict, Step: step, Say: fmt.Sprintf(say, len(all)) + where + all[0].Say}
}
