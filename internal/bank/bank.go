// Package bank keeps answers for all (kho giải đáp): a question and its answer, rewritten
// without persons, places and the asker's name.
//
//	draft --submit--> waiting --approve--> approved --retract--> retracted
//	  ^-----give back----'                     \--a basis ends--> still approved, "có thể đã cũ"
//
// An entry is proposed by people of the department that answers and approved by one of
// its leaders, another than who wrote it where papers pass through more than one hand,
// in a capacity that is checked then: a single act, because the answer it
// restates was signed and released on its own paper, and the entry itself is no document.
// While it is written only the department reads it; approved, every officer does. An
// approved text is never changed: a new entry replaces it, so that the history shows both.
package bank

import (
	"errors"
	"slices"
	"strings"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/vntext"
	"lienthong/internal/workday"
)

// CaseKind is the kind of an entry's case.
const (
	CaseKind = "bank"
	prefix   = "GD"
)

// The states of an entry, on its case.
const (
	Draft     = "draft"
	Waiting   = "waiting"
	Approved  = "approved"
	Retracted = "retracted"
)

// States are the states as screens name them.
var States = map[string]string{Draft: "Dự thảo", Waiting: "Chờ lãnh đạo duyệt", Approved: "Đã duyệt", Retracted: "Đã rút"}

// Events are the kinds of event this package records, as the history names them.
var Events = map[string]string{
	"bank.proposed":  "Đề xuất mục giải đáp",
	"bank.edited":    "Sửa mục giải đáp",
	"bank.submitted": "Trình duyệt mục giải đáp",
	"bank.returned":  "Trả lại để viết lại",
	"bank.kept":      "Giữ lại chỗ được nhắc, có lý do",
	"bank.stands":    "Duyệt dù một căn cứ đã hết hiệu lực, có lý do",
	"bank.approved":  "Duyệt mục giải đáp",
	"bank.retracted": "Rút mục giải đáp",
	"bank.outdated":  "Một căn cứ của mục giải đáp hết hiệu lực",
}

// Notices are the kinds of notice this package sends, with their sentences.
var Notices = map[string]string{
	"bank.submitted": "Có mục giải đáp chờ lãnh đạo duyệt",
	"bank.returned":  "Mục giải đáp được trả lại để viết lại",
	"bank.outdated":  "Mục giải đáp có thể đã cũ: một căn cứ hết hiệu lực",
}

// Bounds of what is written, in letters.
const (
	longestQuestion = 1000
	longestAnswer   = 20_000
	longestBasis    = 2000
	longestReason   = 1000
	longestTitle    = 300
)

var (
	writers    = []org.Role{org.Leader, org.Head, org.Specialist}
	actWrite   = access.Act{Name: "bank.write", Say: "viết mục giải đáp của đơn vị này", By: []access.Grant{{Of: access.Lead, Roles: writers}}}
	actApprove = access.Act{Name: "bank.approve", Say: "duyệt, trả lại hoặc rút mục giải đáp; việc này của lãnh đạo đơn vị trả lời", By: []access.Grant{
		{Of: access.Lead, Roles: []org.Role{org.Leader}}}}
)

// An Entry is a question with its answer (mục giải đáp); its department is Case.Lead.
type Entry struct {
	*casefile.Case
	Question    string
	Answer      string
	Basis       string      // must be there to be approved
	Source      casefile.ID // the petition it was made from; "" written freely
	Replaces    casefile.ID // the entry it takes the place of
	ProposedBy  org.OfficerID
	ApprovedBy  org.OfficerID
	Capacity    org.Capacity
	ApprovedAt  time.Time
	RetractedAt time.Time
	Reason      string // why it was given back or retracted
}

const entryColumns = `e.question, e.answer, e.basis, e.made_from, e.replaces, e.proposed_by, e.approved_by, e.capacity, e.approved_at, e.retracted_at, e.reason`

// Where the columns of entryColumns go, in their order.
func (e *Entry) dest() []any {
	return []any{&e.Question, &e.Answer, &e.Basis, &e.Source, &e.Replaces, &e.ProposedBy, &e.ApprovedBy, &e.Capacity,
		db.Instant(&e.ApprovedAt), db.Instant(&e.RetractedAt), &e.Reason}
}

// Get returns an entry that the actor may read.
func Get(tx *db.Tx, who org.Actor, id casefile.ID) (*Entry, error) {
	c, err := casefile.Get(tx, who, id)
	if err != nil {
		return nil, err
	}
	return of(tx, c)
}

// The entry of a case that the caller holds. Another kind of case is not found rather than wrong.
func of(tx *db.Tx, c *casefile.Case) (*Entry, error) {
	if c.Kind != CaseKind {
		return nil, fault.NotFound
	}
	e := &Entry{Case: c}
	// system: the caller holds the case through Get or Lock
	return e, tx.One(`SELECT `+entryColumns+` FROM bank_entry e WHERE e.case_id = $1`, []any{string(c.ID)}, e.dest()...)
}

// lockFor holds an entry for an act; seen is the version the person saw, 0 for no check.
func lockFor(tx *db.Tx, who org.Actor, id casefile.ID, seen int64, act access.Act) (*Entry, org.Actor, error) {
	c, err := casefile.LockSeen(tx, who, id, seen)
	if err != nil {
		return nil, who, err
	}
	e, err := of(tx, c)
	if err != nil {
		return nil, who, err
	}
	who, err = access.Pick(who, act, c.Facts())
	return e, who, err
}

// May says what the actor may do with an entry now: write, approve, retract.
func (e *Entry) May(who org.Actor) (write, approve, retract bool) {
	w, a := access.May(who, actWrite, e.Facts()) == nil, access.May(who, actApprove, e.Facts()) == nil
	return w && (e.State == Draft || e.State == Waiting), a && e.State == Waiting, a && e.State == Approved
}

// save writes the row of a new or changed entry, and tells every node that it changed.
func (e *Entry) save(tx *db.Tx) error {
	if err := tx.Bump(changes); err != nil {
		return err
	}
	n, err := tx.Version(changes)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`
		INSERT INTO bank_entry (case_id, question, answer, basis, made_from, replaces, proposed_by, approved_by, capacity, approved_at, retracted_at, reason, changed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (case_id) DO UPDATE SET question = $2, answer = $3, basis = $4, approved_by = $8, capacity = $9, approved_at = $10,
			retracted_at = $11, reason = $12, changed = $13`,
		string(e.ID), e.Question, e.Answer, e.Basis, string(e.Source), string(e.Replaces), string(e.ProposedBy), string(e.ApprovedBy), string(e.Capacity),
		e.ApprovedAt, e.RetractedAt, e.Reason, n)
	if err != nil {
		return err
	}
	return e.saveBasis(tx)
}

// record writes an event that only the department reads: a text that is not approved yet
// may still name persons.
func (e *Entry) record(tx *db.Tx, who org.Actor, kind, text string, facts map[string]string) error {
	_, err := casefile.Record(tx, e.Case, casefile.Event{Kind: kind, By: who, Text: text, Facts: facts, Audience: org.OfUnit(e.Lead)})
	return err
}

// words checks what a person wrote in a field.
func words(field, text, empty string, most int) (string, error) {
	text = strings.TrimSpace(vntext.NFC(text))
	mark, secret := vntext.SecretMark(text)
	switch {
	case vntext.IsBlank(text) && empty != "":
		return "", fault.Field(field, "%s", empty)
	case len([]rune(text)) > most:
		return "", fault.Field(field, "Nội dung dài quá %d chữ.", most)
	case secret:
		return "", fault.Field(field, "Nội dung có dấu độ mật “%s”; không được đưa lên hệ thống này.", mark)
	}
	return text, nil
}

// Departments are the units for which the actor writes entries.
func Departments(who org.Actor) (all []org.UnitID) {
	for _, p := range who.Posts {
		if slices.Contains(writers, p.Role) && !slices.Contains(all, p.Unit) {
			all = append(all, p.Unit)
		}
	}
	return all
}

// Fields are the fields that the regulation in force gives to a unit.
func Fields(tx *db.Tx, unit org.UnitID) (all []regulation.FieldOf, err error) {
	rb, err := regulation.Current(tx)
	if err != nil {
		return nil, err
	}
	table, _ := rb.Table()
	for _, m := range table {
		if m.Unit == unit && !slices.ContainsFunc(all, func(f regulation.FieldOf) bool { return f.Field == m.Field }) {
			all = append(all, m)
		}
	}
	return all, nil
}

// An Ended is a text of an entry's basis that is no longer in force.
type Ended struct {
	Symbol     string       // "06/2026/QĐ-UBND"
	EndedOn    workday.Date // the first day on which it is not
	ReplacedBy string
	Source     string // by which text it ends
}

// Say tells in words that the text ended, since when, and what took its place.
func (x Ended) Say() string {
	say := x.Symbol + " hết hiệu lực từ ngày " + x.EndedOn.Long()
	if x.ReplacedBy != "" {
		say += ", thay bằng " + x.ReplacedBy
	}
	return say
}

// EndedOf returns the ended texts an entry rests on, as of now: an entry with one may be
// outdated. The caller holds the entry through Get.
func EndedOf(tx *db.Tx, id casefile.ID) (all []Ended, err error) {
	// system: the caller holds the entry through Get
	err = tx.All(`SELECT t.symbol, t.ended_on, t.replaced_by, t.source FROM bank_basis b JOIN text_end t ON t.number = b.number
		WHERE b.case_id = $1 AND t.ended_on <= $2 ORDER BY t.ended_on, t.number`, []any{string(id), today(tx)}, gatherEnded(&all))
	return all, err
}

// none says whether an error is that there is no row.
func none(err error) bool { return errors.Is(err, fault.NotFound) }
