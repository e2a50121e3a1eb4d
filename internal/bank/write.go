package bank

import (
	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/petition"
)

// A New is what an entry is made from.
type New struct {
	Unit     org.UnitID // the department that answers; "" the one the actor writes for
	Field    string
	Question string
	Answer   string
	Basis    string
	Source   casefile.ID // an answered petition of the unit; "" none
	Replaces casefile.ID // an approved entry of the unit; "" none
	Submit   bool        // straight to the leader
	Version  int64       // of an edit: what the person saw
}

// The limits of length and the marks of secrecy, the same for a new entry and an edit.
func (in *New) check() (err error) {
	if in.Question, err = words("question", in.Question, "Hãy ghi câu hỏi, không nêu tên người, tên xã.", longestQuestion); err != nil {
		return err
	}
	if in.Answer, err = words("answer", in.Answer, "Hãy ghi nội dung giải đáp.", longestAnswer); err != nil {
		return err
	}
	in.Basis, err = words("basis", in.Basis, "", longestBasis)
	return err
}

// From returns the beginning of an entry made from a petition that the actor may read and
// his unit answered: its words, from which persons, places and the asker are to be taken out.
func From(tx *db.Tx, who org.Actor, id casefile.ID) (in New, err error) {
	defer fault.Wrap(&err, "entry from petition %s", id)
	p, err := petition.Get(tx, who, id)
	if err != nil {
		return in, err
	}
	round, err := petition.LastRound(tx, id)
	if err != nil {
		return in, err
	}
	given, err := petition.GivenIn(tx, id, round)
	if none(err) {
		return in, fault.Refuse(fault.Conflict, "Kiến nghị này chưa có câu trả lời đã phát hành.")
	}
	if err != nil {
		return in, err
	}
	if !who.In(given.Unit) {
		return in, fault.Refuse(fault.Denied, "Chỉ đơn vị đã trả lời mới đưa câu trả lời này vào kho giải đáp.")
	}
	body, err := petition.BodyOf(tx, p)
	in = New{Unit: given.Unit, Field: p.Field, Question: p.Title + "\n" + body.Text, Answer: given.Reply.Text, Basis: given.Reply.Basis, Source: id}
	return in, err
}

// Propose writes a new entry of a department, as a draft or straight to its leader.
func Propose(tx *db.Tx, who org.Actor, in New) (e *Entry, err error) {
	defer fault.Wrap(&err, "propose entry")
	if units := Departments(who); in.Unit == "" && len(units) > 0 {
		in.Unit = units[0]
	}
	who, err = access.Pick(who, actWrite, access.Facts{Units: map[access.Function][]org.UnitID{access.Lead: {in.Unit}}})
	if err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	if err := in.related(tx, who); err != nil {
		return nil, err
	}
	c, err := casefile.Open(tx, casefile.New{Kind: CaseKind, Prefix: prefix, Title: titleOf(in.Question), State: Draft, Field: in.Field, Lead: in.Unit})
	if err != nil {
		return nil, err
	}
	if err := casefile.Join(tx, c.ID, casefile.Party{Unit: in.Unit, Function: access.Lead}); err != nil {
		return nil, err
	}
	e = &Entry{Case: c, Question: in.Question, Answer: in.Answer, Basis: in.Basis, Source: in.Source, Replaces: in.Replaces, ProposedBy: who.Officer}
	facts := map[string]string{"field": in.Field}
	if in.Source != "" {
		facts["source"] = string(in.Source)
	}
	if err := e.record(tx, who, "bank.proposed", e.text(), facts); err != nil {
		return nil, err
	}
	return e, e.written(tx, who, in.Submit)
}

// related checks the field, the petition and the entry that a new one names.
func (in *New) related(tx *db.Tx, who org.Actor) error {
	fields, err := Fields(tx, in.Unit)
	if err != nil {
		return err
	}
	if len(fields) == 0 {
		return fault.Refuse(fault.Denied, "Kho giải đáp do cơ quan trả lời kiến nghị viết; quy chế không giao lĩnh vực nào cho đơn vị này.")
	}
	known := false
	for _, f := range fields {
		known = known || f.Field == in.Field
	}
	if !known {
		return fault.Field("field", "Hãy chọn một lĩnh vực của đơn vị.")
	}
	if in.Source != "" {
		if _, err := From(tx, who, in.Source); err != nil {
			return err
		}
	}
	if in.Replaces == "" {
		return nil
	}
	old, err := Get(tx, who, in.Replaces)
	if err == nil && (old.Lead != in.Unit || old.State != Approved) {
		err = fault.Refuse(fault.Conflict, "Chỉ thay được mục đã duyệt của chính đơn vị.")
	}
	return err
}

// Edit rewrites an entry that is not approved; one that waited for the leader stays with
// him only when in.Submit says so.
func Edit(tx *db.Tx, who org.Actor, id casefile.ID, in New) (e *Entry, err error) {
	defer fault.Wrap(&err, "edit entry %s", id)
	e, who, err = lockFor(tx, who, id, in.Version, actWrite)
	if err != nil {
		return nil, err
	}
	if e.State != Draft && e.State != Waiting {
		return nil, fault.Refuse(fault.Conflict, "Mục đã duyệt không sửa trực tiếp; hãy viết mục mới thay mục này.")
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	e.Question, e.Answer, e.Basis, e.State, e.Title = in.Question, in.Answer, in.Basis, Draft, titleOf(in.Question)
	if err := e.record(tx, who, "bank.edited", e.text(), nil); err != nil {
		return nil, err
	}
	return e, e.written(tx, who, in.Submit)
}

// written saves the words and, when asked, puts the entry before the leaders.
func (e *Entry) written(tx *db.Tx, who org.Actor, submit bool) error {
	if submit {
		e.State, e.Reason = Waiting, ""
		if err := e.record(tx, who, "bank.submitted", "", nil); err != nil {
			return err
		}
		if err := notice.Tell(tx, notice.Note{Unit: e.Lead, Role: org.Leader, Case: e.ID, Kind: "bank.submitted"}); err != nil {
			return err
		}
	}
	return e.save(tx)
}

// text is the entry as an event keeps it.
func (e *Entry) text() string {
	t := "Hỏi: " + e.Question + "\n\nĐáp: " + e.Answer
	if e.Basis != "" {
		t += "\n\nCăn cứ: " + e.Basis
	}
	return t
}

// titleOf is the question as lists show it.
func titleOf(question string) string {
	r := []rune(question)
	for i, c := range r {
		if c == '\n' || i == longestTitle-1 {
			return string(r[:i])
		}
	}
	return question
}
