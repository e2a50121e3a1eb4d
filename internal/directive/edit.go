package directive

import (
	"slices"
	"strings"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
)

// Edit replaces a proposal's task by what a person made of it. A lead or a date that the
// document does not give is not edited in: it is proposed and decided (Propose, Decide).
func Edit(tx *db.Tx, who org.Actor, id casefile.ID, n int64, t Task, seen int64) (d *Directive, err error) {
	defer fault.Wrap(&err, "edit proposal %d of %s", n, id)
	if d, who, err = forEdit(tx, who, id, seen); err != nil {
		return nil, err
	}
	p, err := proposalOf(tx, d.ID, n)
	if err != nil {
		return nil, err
	}
	if err := t.check(tx); err != nil {
		return nil, err
	}
	if err := d.keeps(tx, p, &t); err != nil {
		return nil, err
	}
	p.Task = t
	if p.State == IsProposed {
		p.State = IsEdited
	}
	if err := p.save(tx, d.ID, who.Officer); err != nil {
		return nil, err
	}
	return d, d.shaped(tx, who, "edited", p.N)
}

// keeps carries over what a form does not send and refuses what is not the editor's to
// say: of a document that is signed, a lead or a date that it does not give.
func (d *Directive) keeps(tx *db.Tx, p *Proposal, t *Task) error {
	was := p.Task
	t.Why, t.Proposal, t.LeadOpen, t.LeadBy = was.Why, was.Proposal, was.LeadOpen, was.LeadBy
	if t.Span == (Span{}) {
		t.Span, t.LeadSpan, t.DeadlineSpan = was.Span, was.LeadSpan, was.DeadlineSpan
	}
	t.DateBy, t.DateBasis = was.DateBy, was.DateBasis
	if d.Way == Drafted {
		return nil
	}
	if was.LeadOpen && !sameUnits(was.Leads, t.Leads) && len(t.Leads) > 0 {
		said, err := d.says(tx, p, t.Leads)
		if err != nil {
			return err
		}
		if !said {
			return &fault.Refusal{Kind: fault.Denied, Field: "lead", Step: "lãnh đạo quyết định",
				Say: "Văn bản không nêu cơ quan chủ trì; hãy ghi đúng tên như trong văn bản, hoặc đề xuất để người có thẩm quyền quyết định."}
		}
		t.LeadOpen = false // the reader missed what stands in the text
	}
	if was.LeadBy != "" && !sameUnits(was.Leads, t.Leads) || was.DateBy != "" && was.Deadline != t.Deadline {
		return &fault.Refusal{Kind: fault.Denied, Step: "lãnh đạo quyết định lại", Say: "Cơ quan chủ trì hoặc hạn này do người có thẩm quyền quyết định, không sửa ở đây."}
	}
	// words that stand in the text are the reader's correction; a date without them is nobody's yet
	if was.Deadline == "" && t.Deadline != "" && t.Words == "" {
		return &fault.Refusal{Kind: fault.Denied, Field: "deadline", Step: "lãnh đạo quyết định",
			Say: "Văn bản không nêu hạn; hãy ghi đúng lời văn nêu hạn, hoặc đề xuất để người có thẩm quyền quyết định."}
	}
	return nil
}

// says tells whether the document itself names every one of these bodies where a lead stands:
// in the words of the task that was read, or above them. Of a task that a person added without
// a lead he himself said that it has none.
func (d *Directive) says(tx *db.Tx, p *Proposal, all []Name) (bool, error) {
	text, err := TextOf(tx, d)
	if err != nil || p.Read == nil {
		return false, err
	}
	letters := []rune(text)
	text = nameKey(string(letters[:min(max(p.Task.Span[1], 0), len(letters))]))
	return !slices.ContainsFunc(all, func(n Name) bool { return n.Said == "" || !strings.Contains(text, nameKey(n.Said)) }), nil
}

// Split puts several tasks in the place of one proposal; it is kept as split.
func Split(tx *db.Tx, who org.Actor, id casefile.ID, n int64, into []Task, seen int64) (d *Directive, err error) {
	defer fault.Wrap(&err, "split proposal %d of %s", n, id)
	if len(into) < 2 {
		return nil, fault.Field("content", "Tách thì phải thành ít nhất hai nhiệm vụ.")
	}
	if d, who, err = forEdit(tx, who, id, seen); err != nil {
		return nil, err
	}
	p, err := proposalOf(tx, d.ID, n)
	if err != nil {
		return nil, err
	}
	pieces := make([]*Proposal, 0, len(into))
	for i := range into {
		t := into[i]
		if err := t.check(tx); err != nil {
			return nil, err
		}
		if err := d.keeps(tx, p, &t); err != nil {
			return nil, err
		}
		pieces = append(pieces, &Proposal{State: IsAdded, From: []int64{p.N}, Task: t})
	}
	if err := p.becomes(tx, d.ID, IsSplit, who); err != nil {
		return nil, err
	}
	if err := keep(tx, d.ID, who.Officer, pieces...); err != nil {
		return nil, err
	}
	return d, d.shaped(tx, who, "split", p.N)
}

// Merge puts one task in the place of several proposals; they are kept as merged.
func Merge(tx *db.Tx, who org.Actor, id casefile.ID, of []int64, t Task, seen int64) (d *Directive, err error) {
	defer fault.Wrap(&err, "merge proposals of %s", id)
	of = slices.Compact(slices.Sorted(slices.Values(of)))
	if len(of) < 2 {
		return nil, fault.Field("n", "Hãy chọn ít nhất hai đề xuất để gộp.")
	}
	if d, who, err = forEdit(tx, who, id, seen); err != nil {
		return nil, err
	}
	if err := t.check(tx); err != nil {
		return nil, err
	}
	said, whole := t.Span != Span{}, Span{}
	for i, n := range of {
		p, err := proposalOf(tx, d.ID, n)
		if err != nil {
			return nil, err
		}
		whole = whole.and(p.Task.Span)
		if i == 0 {
			if err := d.keeps(tx, p, &t); err != nil {
				return nil, err
			}
		}
		if err := p.becomes(tx, d.ID, IsMerged, who); err != nil {
			return nil, err
		}
	}
	if !said { // whoever states no range means all that was merged
		t.Span = whole
	}
	if err := keep(tx, d.ID, who.Officer, &Proposal{State: IsAdded, From: of, Task: t}); err != nil {
		return nil, err
	}
	return d, d.shaped(tx, who, "merged", of...)
}

// Drop leaves a proposal out, with a reason: it is no task, or another document's.
func Drop(tx *db.Tx, who org.Actor, id casefile.ID, n int64, reason string, seen int64) (d *Directive, err error) {
	defer fault.Wrap(&err, "drop proposal %d of %s", n, id)
	if reason, err = reasonOf("reason", reason, "Hãy nêu vì sao đây không phải là nhiệm vụ được giao."); err != nil {
		return nil, err
	}
	if d, who, err = forEdit(tx, who, id, seen); err != nil {
		return nil, err
	}
	p, err := proposalOf(tx, d.ID, n)
	if err != nil {
		return nil, err
	}
	if err := p.becomes(tx, d.ID, IsDropped, who); err != nil {
		return nil, err
	}
	_, err = casefile.Record(tx, d.Case, casefile.Event{Kind: "directive.proposal", By: who, Text: reason, Facts: casefile.Pairs("what", "dropped", "proposals", itoa(p.N))})
	return d, err
}

// Add puts in a task that the reader did not see. Its lead and date are what the text
// says; the history keeps who added it.
func Add(tx *db.Tx, who org.Actor, id casefile.ID, t Task, seen int64) (d *Directive, err error) {
	defer fault.Wrap(&err, "add proposal to %s", id)
	if d, who, err = forEdit(tx, who, id, seen); err != nil {
		return nil, err
	}
	if err := t.check(tx); err != nil {
		return nil, err
	}
	t.LeadOpen, t.LeadBy, t.DateBy, t.DateBasis, t.Proposal = len(t.Leads) == 0, "", "", "", nil
	if d.Way == Signed && t.Deadline != "" && t.Words == "" {
		return nil, fault.Field("words", "Hãy ghi đúng lời văn nêu hạn; văn bản không nêu hạn thì để trống.")
	}
	p := &Proposal{State: IsAdded, Task: t}
	if err := keep(tx, d.ID, who.Officer, p); err != nil {
		return nil, err
	}
	return d, d.shaped(tx, who, "added", p.N)
}

func (p *Proposal) becomes(tx *db.Tx, id casefile.ID, state ProposalState, who org.Actor) error {
	p.State = state
	return p.save(tx, id, who.Officer)
}

// shaped leaves in the history who changed which proposals.
func (d *Directive) shaped(tx *db.Tx, who org.Actor, what string, of ...int64) error {
	_, err := casefile.Record(tx, d.Case, casefile.Event{Kind: "directive.proposal", By: who, Facts: casefile.Pairs("what", what, "proposals", numbers(of))})
	return err
}
