package directive

import (
	"cmp"
	"strings"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/vntext"
	"lienthong/internal/workday"
)

// longestText bounds a directive's text, in bytes: what one event holds.
const longestText = 2 << 20

// In is what a directive that came signed begins with.
type In struct {
	Reading Reading
	Text    string // as it was read; spans count its letters
	Field   string // of the directive as a whole; "" unknown
	Urgency Urgency
	Files   []casefile.Document // the original, kept as it came
}

// Take opens a directive that was received already signed, with what was read in it. One
// that is here already - same number, date and issuer - is a fault.Conflict that names
// the first. A document without a task is taken all the same: tasks can be added.
func Take(tx *db.Tx, who org.Actor, in In) (d *Directive, err error) {
	defer fault.Wrap(&err, "take directive")
	rb, err := regulation.Current(tx)
	if err != nil {
		return nil, err
	}
	who, unit, err := asOffice(tx, who, rb, actTake)
	if err != nil {
		return nil, err
	}
	if in.Text, err = textOf(in.Text); err != nil {
		return nil, err
	}
	d = &Directive{Way: Signed, Urgency: in.Urgency}
	d.head(in.Reading)
	if d.Case, err = casefile.Open(tx, casefile.New{Kind: CaseKind, Prefix: prefix, Title: titleOf(in.Reading), State: Proposed, Rulebook: rb.Hash(),
		Field: in.Field, Raiser: unit}); err != nil {
		return nil, err
	}
	if err := d.once(tx); err != nil {
		return nil, err
	}
	if err := casefile.Join(tx, d.ID, casefile.Party{Unit: unit, Function: access.Raiser}); err != nil {
		return nil, err
	}
	if err := d.insert(tx); err != nil {
		return nil, err
	}
	d.TextN, err = casefile.Record(tx, d.Case, casefile.Event{Kind: "directive.received", By: who, Text: in.Text, Facts: casefile.Pairs(
		"number", d.Number, "issued_on", d.IssuedOn.String(), "issuer", d.Issuer, "type", d.Type, "signer", d.Signer)}, "PT1537/M2.b.6-2")
	if err != nil {
		return nil, err
	}
	if err := attach(tx, who, d.ID, d.TextN, "", in.Files); err != nil {
		return nil, err
	}
	if err := d.update(tx); err != nil {
		return nil, err
	}
	return d, d.propose(tx, in.Reading)
}

// head takes the document's own facts from a reading.
func (d *Directive) head(r Reading) {
	d.Number, d.IssuedOn, d.Issuer = clean(r.Number), r.IssuedOn, clean(r.Issuer)
	d.Type, d.Signer = clean(r.Type), clean(r.Signer)
}

func clean(s string) string { return strings.Join(strings.Fields(vntext.NFC(s)), " ") }

func titleOf(r Reading) string {
	return shorten(cmp.Or(clean(r.Subject), clean(r.Number), "Văn bản chỉ đạo, điều hành"))
}

// shorten keeps a title within what lists hold, in letters.
func shorten(s string) string {
	const longest = 400
	if r := []rune(s); len(r) > longest {
		return string(r[:longest-1]) + "…"
	}
	return s
}

func textOf(text string) (string, error) {
	text = vntext.NFC(text)
	switch mark, secret := vntext.SecretMark(text); {
	case vntext.IsBlank(text):
		return "", fault.Field("text", "Văn bản không có nội dung để đọc. Bản chụp không có lớp chữ thì cần nhập bằng tay.")
	case len(text) > longestText:
		return "", fault.Field("text", "Văn bản dài quá; hãy tách phụ lục thành tệp kèm theo.")
	case secret:
		return "", fault.Field("text", "Văn bản có dấu chỉ độ mật %q. Hệ thống này không nhận tài liệu bí mật nhà nước.", mark)
	}
	return text, nil
}

// propose keeps what a reader saw, each task as a proposal of its own.
func (d *Directive) propose(tx *db.Tx, r Reading) error {
	if len(r.Tasks) > mostTasks {
		r.Tasks = r.Tasks[:mostTasks]
	}
	all := make([]*Proposal, 0, len(r.Tasks))
	for i := range r.Tasks {
		t := r.Tasks[i]
		t.Content, t.LeadOpen = vntext.NFC(t.Content), len(t.Leads) == 0
		t.Urgency = cmp.Or(t.Urgency, d.Urgency)
		read := t
		all = append(all, &Proposal{State: IsProposed, Task: t, Read: &read})
	}
	return keep(tx, d.ID, "", all...)
}

// Reread replaces the proposals by another reading of the same text, while nobody has
// confirmed it. What people had changed is lost, and the history says so.
func Reread(tx *db.Tx, who org.Actor, id casefile.ID, r Reading, seen int64) (d *Directive, err error) {
	defer fault.Wrap(&err, "reread directive %s", id)
	if d, who, err = forEdit(tx, who, id, seen); err != nil {
		return nil, err
	}
	if _, err := tx.Exec(`UPDATE directive_proposal SET state = 'dropped', by = $1, at = $2 WHERE case_id = $3 AND state IN ('proposed', 'edited', 'added')`,
		string(who.Officer), tx.Now, string(d.ID)); err != nil {
		return nil, err
	}
	if _, err := casefile.Record(tx, d.Case, casefile.Event{Kind: "directive.reread", By: who}); err != nil {
		return nil, err
	}
	return d, d.propose(tx, r)
}

// forEdit holds a directive whose proposals the actor may change now.
func forEdit(tx *db.Tx, who org.Actor, id casefile.ID, seen int64) (*Directive, org.Actor, error) {
	d, err := lock(tx, who, id, seen)
	if err != nil {
		return nil, who, err
	}
	rb, err := d.rulebook(tx)
	if err != nil {
		return nil, who, err
	}
	if d.Way == Drafted && d.State == Drafting {
		who, err = d.mayShape(tx, who)
	} else {
		who, _, err = asOffice(tx, who, rb, actEdit)
	}
	if err != nil {
		return nil, who, err
	}
	if d.State != Proposed && d.State != Drafting {
		return nil, who, fault.Refuse(fault.Conflict, "Các đề xuất của văn bản này không sửa được nữa: %s.", strings.ToLower(States[d.State]))
	}
	return d, who, nil
}

// A Header is what a person corrects of the document's own facts.
type Header struct {
	Number   string
	IssuedOn workday.Date
	Issuer   string
	Type     string
	Subject  string
	Signer   string
	Field    string
	Urgency  Urgency
	Version  int64
}

// Describe corrects what was read of the document itself.
func Describe(tx *db.Tx, who org.Actor, id casefile.ID, in Header) (d *Directive, err error) {
	defer fault.Wrap(&err, "describe directive %s", id)
	if d, who, err = forEdit(tx, who, id, in.Version); err != nil {
		return nil, err
	}
	r := Reading{Number: in.Number, IssuedOn: in.IssuedOn, Issuer: in.Issuer, Type: in.Type, Subject: in.Subject, Signer: in.Signer}
	for field, text := range map[string]string{"subject": in.Subject, "number": in.Number, "issuer": in.Issuer, "signer": in.Signer, "type": in.Type} {
		if err := checkText(field, text, 400); err != nil {
			return nil, err
		}
	}
	d.head(r)
	d.Title, d.Field, d.Urgency = titleOf(r), in.Field, in.Urgency
	if err := d.once(tx); err != nil {
		return nil, err
	}
	if _, err := casefile.Record(tx, d.Case, casefile.Event{Kind: "directive.described", By: who, Facts: casefile.Pairs(
		"number", d.Number, "issued_on", d.IssuedOn.String(), "issuer", d.Issuer, "type", d.Type, "signer", d.Signer)}); err != nil {
		return nil, err
	}
	return d, d.update(tx)
}

// MayTake refuses whoever may not take documents in, as Take itself would.
func MayTake(tx *db.Tx, who org.Actor) error {
	rb, err := regulation.Current(tx)
	if err != nil {
		return err
	}
	_, _, err = asOffice(tx, who, rb, actTake)
	return err
}
