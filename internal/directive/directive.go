// Package directive turns a document from above (văn bản chỉ đạo, điều hành) into
// assignments (nhiệm vụ được giao) that are followed until their result is accepted.
//
//	Take (signed) or DraftPaper (drafted here): proposals, each with its span and why
//	  --Edit Split Merge Drop Add--> --Propose, Decide what it leaves open-->
//	  --Confirm (desk)--> --Release (head of his section)--> assignments, all or none
//	assignment: open --Progress--> --Submit--> submitted --Accept--> accepted
//	                       ^---------ReturnNotDone------------/
//
// For pages: Get, TextOf, List, ReadFigures, Look (proposals, questions, Acts of a directive); of
// assignments GetAssignment, ViewOf (with its Acts), Assignments, Subs, Thread. Nothing here
// reads a document: extract/propose makes a Reading, a person confirms, only Release issues.
package directive

import (
	"database/sql"
	"errors"
	"strings"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/job"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/signoff"
	"lienthong/internal/vntext"
	"lienthong/internal/workday"
)

// The kinds of case of this package, and the memberships that read all of them.
const (
	CaseKind        = "directive"
	AssignmentKind  = "assignment"
	Scope           = "k:directive"
	AssignmentScope = "k:assignment"
	prefix          = "CD"
	assignPrefix    = "GV"
)

// The states of a directive, on its case.
const (
	Drafting  = "drafting"  // its paper walks the unit's path
	Proposed  = "proposed"  // read; a person goes through the proposals
	Confirmed = "confirmed" // the desk officer says that the reading is faithful
	Releasing = "releasing" // its assignments are being opened; nobody sees one of them
	Released  = "released"
	Withdrawn = "withdrawn"
)

// How a directive came.
const (
	Signed  = "signed"  // received, already signed
	Drafted = "drafted" // drafted here: it walks signoff
)

// An Urgency is how fast an assignment must be taken up (độ khẩn).
type Urgency string

// The degrees of urgency.
const (
	Normal Urgency = ""
	Urgent Urgency = "urgent" // khẩn
	Flash  Urgency = "flash"  // hoả tốc
)

// A Directive is the row beside its case; the case's title is its subject (trích yếu).
type Directive struct {
	*casefile.Case
	Way              string
	Number           string
	IssuedOn         workday.Date // zero where the document has none
	Issuer           string
	Type             string // công văn, công điện …
	Signer           string
	Urgency          Urgency
	TextN            int64 // the event that holds the text
	PaperID          signoff.ID
	ConfirmedBy      org.OfficerID
	ConfirmedAt      time.Time
	ConfirmedSection org.UnitID
	ReleasedBy       org.OfficerID
	ReleasedAt       time.Time
	Job              job.ID
}

// Get returns a directive that the actor may read.
func Get(tx *db.Tx, who org.Actor, id casefile.ID) (*Directive, error) {
	c, err := casefile.Get(tx, who, id)
	if err != nil {
		return nil, err
	}
	return of(tx, c)
}

const columns = `way, number, issued_on, issuer, kind, signer_name, urgency, text_n, paper_id, confirmed_by, confirmed_at, confirmed_section, released_by, released_at, job`

func (d *Directive) dest() []any {
	return []any{&d.Way, &d.Number, &d.IssuedOn, &d.Issuer, &d.Type, &d.Signer, &d.Urgency, &d.TextN, &d.PaperID, &d.ConfirmedBy,
		db.Instant(&d.ConfirmedAt), &d.ConfirmedSection, &d.ReleasedBy, db.Instant(&d.ReleasedAt), &d.Job}
}

func of(tx *db.Tx, c *casefile.Case) (*Directive, error) {
	if c.Kind != CaseKind {
		return nil, fault.NotFound
	}
	d := &Directive{Case: c}
	// the case is read under the reader's own rights
	err := tx.One(`SELECT `+columns+` FROM directive WHERE case_id = $1`, []any{string(c.ID)}, d.dest()...)
	return d, err
}

// lock holds a directive; seen is the version the person saw, 0 for no check.
func lock(tx *db.Tx, who org.Actor, id casefile.ID, seen int64) (*Directive, error) {
	c, err := casefile.LockSeen(tx, who, id, seen)
	if err != nil {
		return nil, err
	}
	return of(tx, c)
}

func (d *Directive) insert(tx *db.Tx) error {
	_, err := tx.Exec(`INSERT INTO directive (case_id, way) VALUES ($1, $2)`, string(d.ID), d.Way)
	return err
}

func (d *Directive) update(tx *db.Tx) error {
	_, err := tx.Exec(`
		UPDATE directive SET number = $1, number_key = $2, issued_on = $3, issuer = $4, issuer_key = $5, kind = $6, signer_name = $7, urgency = $8, text_n = $9,
			paper_id = $10, dropped = $11, confirmed_by = $12, confirmed_at = $13, confirmed_section = $14, released_by = $15, released_at = $16, job = $17 WHERE case_id = $18`,
		d.Number, numberKey(d.Number), d.IssuedOn.String(), d.Issuer, nameKey(d.Issuer), d.Type, d.Signer, string(d.Urgency), d.TextN,
		string(d.PaperID), d.State == Withdrawn, string(d.ConfirmedBy), d.ConfirmedAt, string(d.ConfirmedSection), string(d.ReleasedBy), d.ReleasedAt,
		string(d.Job), string(d.ID))
	return err
}

// numberKey is what makes two typed numbers one: without blanks, case or marks.
func numberKey(number string) string {
	return strings.Join(strings.Fields(vntext.Fold(number)), "")
}

func nameKey(name string) string { return strings.Join(strings.Fields(vntext.Fold(name)), " ") }

// cite names the document inside a sentence: "Văn bản số 12/UBND-TH ngày 03/8/2026".
func (d *Directive) cite() string {
	kind := d.Type
	if kind == "" {
		kind = "văn bản"
	}
	r := []rune(kind)
	s := strings.ToUpper(string(r[:1])) + string(r[1:])
	if d.Number != "" {
		s += " số " + d.Number
	}
	if !d.IssuedOn.IsZero() {
		s += " ngày " + d.IssuedOn.Long()
	}
	return s
}

// rulebook returns the rulebook that the directive runs under.
func (d *Directive) rulebook(tx *db.Tx) (*regulation.Rulebook, error) {
	return regulation.ByHash(tx, d.Rulebook)
}

// first returns the directive of the same number, date and issuer, "" when there is none.
func (d *Directive) first(tx *db.Tx) (id casefile.ID, err error) {
	if d.Number == "" {
		return "", nil
	}
	// system: a document is issued once, whoever may read its first case
	err = tx.One(`SELECT case_id FROM directive WHERE number_key = $1 AND issued_on = $2 AND issuer_key = $3 AND NOT dropped AND case_id <> $4`,
		[]any{numberKey(d.Number), d.IssuedOn.String(), nameKey(d.Issuer), string(d.ID)}, &id)
	if errors.Is(err, fault.NotFound) {
		return "", nil
	}
	return id, err
}

// once refuses a document that is here already and names its first case.
func (d *Directive) once(tx *db.Tx) error {
	id, err := d.first(tx)
	if err != nil || id == "" {
		return err
	}
	c, err := casefile.Get(tx, org.System("directive"), id)
	if err != nil {
		return err
	}
	return &fault.Refusal{Kind: fault.Conflict, Field: "number",
		Say: d.cite() + " của " + d.Issuer + " đã được nhập ngày " + workday.Of(c.OpenedAt).Long() + ", hồ sơ " + c.Code + " “" + c.Title + "”. Một văn bản chỉ nhập một lần."}
}

// rowIDs collects ids.
func rowIDs(all *[]casefile.ID) func(r *sql.Rows) error {
	return func(r *sql.Rows) error {
		var id casefile.ID
		err := r.Scan(&id)
		*all = append(*all, id)
		return err
	}
}

// office is the unit that takes directives in and follows their assignments, as the
// rule of confirming names it.
func office(tx *db.Tx, rb *regulation.Rulebook) (org.UnitID, error) {
	rule, err := rb.Apply(tx, RuleConfirm, "", "")
	if err != nil {
		return "", err
	}
	return rule.Role("role").Unit, nil
}

// asOffice returns the actor in the post in which he does an act of the Office.
func asOffice(tx *db.Tx, who org.Actor, rb *regulation.Rulebook, act access.Act) (org.Actor, org.UnitID, error) {
	unit, err := office(tx, rb)
	if err != nil {
		return who, "", err
	}
	who, err = access.Pick(who, act, access.Facts{Units: map[access.Function][]org.UnitID{access.Overseer: {unit}}})
	return who, unit, err
}
