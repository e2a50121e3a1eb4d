package directive

import (
	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// A Suggestion is what the Office proposes for what a document leaves open.
type Suggestion struct {
	Unit   org.UnitID    `json:"unit,omitempty"` // to lead
	Until  string        `json:"until,omitempty"`
	Reason string        `json:"reason"`
	By     org.OfficerID `json:"by,omitempty"`
}

// Propose puts before the leader who decides which unit should lead, or by when, where
// the document does not say (đề xuất phân công). Nothing changes until he decides.
func Propose(tx *db.Tx, who org.Actor, id casefile.ID, n int64, in Suggestion, seen int64) (d *Directive, err error) {
	defer fault.Wrap(&err, "propose for %d of %s", n, id)
	if d, err = lock(tx, who, id, seen); err != nil {
		return nil, err
	}
	if who, err = d.proposer(tx, who, "role", actPropose); err != nil {
		return nil, err
	}
	if err := d.beforeRelease(); err != nil {
		return nil, err
	}
	p, err := proposalOf(tx, d.ID, n)
	if err != nil {
		return nil, err
	}
	if in.Reason, err = reasonOf("reason", in.Reason, "Hãy nêu căn cứ, lý do đề xuất."); err != nil {
		return nil, err
	}
	if err := p.fits(tx, in.Unit, in.Until); err != nil {
		return nil, err
	}
	in.By = who.Officer
	p.Task.Proposal = &in
	if err := p.save(tx, d.ID, who.Officer); err != nil {
		return nil, err
	}
	_, err = casefile.Record(tx, d.Case, casefile.Event{Kind: "directive.lead_proposed", By: who, Text: in.Reason,
		Facts: casefile.Pairs("proposal", itoa(n), "unit", string(in.Unit), "until", in.Until)}, "ND-UBT/P13-2")
	if err != nil {
		return nil, err
	}
	unit, err := d.roleOf(tx, "decide")
	if err != nil {
		return nil, err
	}
	// who decides reads the document from then on
	if err := casefile.Join(tx, d.ID, casefile.Party{Unit: unit, Function: access.Overseer}); err != nil {
		return nil, err
	}
	return d, notice.Tell(tx, notice.Note{Unit: unit, Role: leaders, Case: d.ID, Kind: "directive.open_question"})
}

// fits refuses an answer to what the document does answer, and one that cannot be.
func (p *Proposal) fits(tx *db.Tx, unit org.UnitID, until string) error {
	t := p.Task
	switch {
	case unit == "" && until == "":
		return fault.Field("unit", "Hãy chọn cơ quan chủ trì, hoặc ghi hạn.")
	case unit != "" && !t.LeadOpen && t.LeadBy == "":
		return fault.Field("unit", "Văn bản đã nêu cơ quan chủ trì; chỉ quyết định điều văn bản chưa nêu.")
	case until != "" && (t.Deadline != "" && t.DateBy == "" || t.Recurrence != ""):
		return fault.Field("until", "Văn bản đã nêu hạn; chỉ quyết định điều văn bản chưa nêu.")
	}
	t.Deadline, t.Words = until, ""
	if _, err := t.limit(); err != nil {
		return fault.Field("until", "Hạn %.40q không đúng: ghi ngày, hoặc ngày và giờ.", until)
	}
	if at := t.dueAt(); until != "" && !at.After(tx.Now) {
		return fault.Field("until", "Hạn phải sau lúc này.")
	}
	if unit == "" {
		return nil
	}
	u, err := org.UnitOf(tx, unit)
	if err != nil || !u.Agency() || !u.Stands(workday.Of(tx.Now)) {
		return fault.Field("unit", "Không có đơn vị nào mang mã “%.60s” đang hoạt động.", string(unit))
	}
	return nil
}

// A Decision is what the leader decides about one proposal; what he leaves empty stays open.
type Decision struct {
	N       int64
	Unit    org.UnitID
	Until   string // a day, or a day and an hour
	Remark  string
	Version int64
}

// Decide fills in what the document leaves open: by the leader whom the rule names, a
// deputy only in the fields of his charge. A date says who set it, and when.
func Decide(tx *db.Tx, who org.Actor, id casefile.ID, in Decision) (d *Directive, err error) {
	defer fault.Wrap(&err, "decide %d of %s", in.N, id)
	if d, err = lock(tx, who, id, in.Version); err != nil {
		return nil, err
	}
	if who, err = d.proposer(tx, who, "decide", actDecide); err != nil {
		return nil, err
	}
	if err := d.beforeRelease(); err != nil {
		return nil, err
	}
	p, err := proposalOf(tx, d.ID, in.N)
	if err != nil {
		return nil, err
	}
	if err := inCharge(tx, who, p.Task.Field); err != nil {
		return nil, err
	}
	if err := p.fits(tx, in.Unit, in.Until); err != nil {
		return nil, err
	}
	if err := checkText("remark", in.Remark, longestReason); err != nil {
		return nil, err
	}
	asked := p.Task.Proposal
	if err := p.decided(tx, who, in); err != nil {
		return nil, err
	}
	if err := p.save(tx, d.ID, who.Officer); err != nil {
		return nil, err
	}
	_, err = casefile.Record(tx, d.Case, casefile.Event{Kind: "directive.decided", By: who, Text: in.Remark,
		Facts: casefile.Pairs("proposal", itoa(in.N), "unit", string(in.Unit), "until", in.Until)}, "ND-UBT/P13-2")
	if err != nil || asked == nil {
		return d, err
	}
	return d, tellOfficer(tx, d.ID, asked.By, "directive.decided")
}

func (p *Proposal) decided(tx *db.Tx, who org.Actor, in Decision) error {
	t := &p.Task
	if in.Unit != "" {
		names, err := org.UnitNames(tx, in.Unit)
		if err != nil {
			return err
		}
		t.Leads, t.LeadBy = []Name{{Said: names[in.Unit], Unit: in.Unit, Why: "do " + who.Post.Title + " quyết định, ngày " + workday.Of(tx.Now).Long()}}, who.Officer
		t.LeadOpen = false
	}
	if in.Until != "" {
		t.Deadline, t.Words, t.DateBy, t.DateBasis = in.Until, "", who.Officer, setBy(tx, who)
	}
	if p.State == IsProposed {
		p.State = IsEdited
	}
	return nil
}

// setBy names who set a date that no text states, as every screen shows it.
func setBy(tx *db.Tx, who org.Actor) string {
	return "hạn do " + who.Post.Title + " đặt, ngày " + workday.Of(tx.Now).Long()
}

// proposer returns the actor in a post of the unit that one role of the rule names.
func (d *Directive) proposer(tx *db.Tx, who org.Actor, role string, act access.Act) (org.Actor, error) {
	unit, err := d.roleOf(tx, role)
	if err != nil {
		return who, err
	}
	return access.Pick(who, act, access.Facts{Units: map[access.Function][]org.UnitID{access.Overseer: {unit}}})
}

func (d *Directive) roleOf(tx *db.Tx, role string) (org.UnitID, error) {
	rb, err := d.rulebook(tx)
	if err != nil {
		return "", err
	}
	rule, err := rb.Apply(tx, RulePropose, "", d.Field)
	if err != nil {
		return "", err
	}
	return rule.Role(role).Unit, nil
}

func (d *Directive) beforeRelease() error {
	if d.State == Released || d.State == Releasing || d.State == Withdrawn {
		return fault.Refuse(fault.Conflict, "Văn bản này không còn nội dung chờ quyết định: %s.", States[d.State])
	}
	return nil
}

// inCharge refuses a deputy who decides outside the fields of his charge. A task whose
// field is not said is anybody's who leads the unit.
func inCharge(tx *db.Tx, who org.Actor, field string) error {
	if !who.Post.Deputy || field == "" {
		return nil
	}
	charges, err := org.ChargesOf(tx, who.Officer)
	if err != nil {
		return err
	}
	for _, c := range charges {
		if c.Unit == who.Post.Unit && (c.Whole || covers(c.Fields, field)) {
			return nil
		}
	}
	return fault.Refuse(fault.Denied, "Lĩnh vực này không thuộc phân công phụ trách của anh/chị; người phụ trách lĩnh vực quyết định.")
}

// covers says whether a charge over fields holds a field or the one above it.
func covers(fields []string, field string) bool {
	for _, f := range fields {
		if f == field || len(field) > len(f) && field[:len(f)+1] == f+"." {
			return true
		}
	}
	return false
}
