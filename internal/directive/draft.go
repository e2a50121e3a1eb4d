package directive

import (
	"cmp"
	"encoding/json"
	"strings"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/signoff"
	"lienthong/internal/vntext"
)

// The kinds of paper that directives and assignments walk through signoff.
const (
	PaperDirective   = "directive.paper"
	PaperResult      = "assignment.result"
	PaperExplanation = "assignment.explanation"
)

// A Draft is what a directive that is drafted here begins with: its text, and what was
// read in that text or typed beside it.
type Draft struct {
	Unit    org.UnitID // that issues it
	Title   string
	Text    string
	Type    string
	Field   string
	Urgency Urgency
	Tasks   []Task
	Files   []casefile.Document
}

// drafted is the body of the paper.
type drafted struct {
	Text string `json:"text"`
	Type string `json:"type,omitempty"`
	Case string `json:"case"`
}

// DraftPaper opens a directive of the drafter's own unit and its paper. The tasks are
// shaped beside it until the draft is submitted, and are what the leader signs; the
// release of the paper issues them.
func DraftPaper(tx *db.Tx, desk signoff.Desk, who org.Actor, in Draft) (d *Directive, x *signoff.Paper, err error) {
	defer fault.Wrap(&err, "draft directive")
	rb, err := regulation.Current(tx)
	if err != nil {
		return nil, nil, err
	}
	if in.Unit == "" {
		in.Unit = who.Post.Unit
		if in.Unit == "" && len(who.Posts) > 0 {
			in.Unit = who.Posts[0].Unit
		}
	}
	unit, err := org.UnitOf(tx, in.Unit)
	if err != nil {
		return nil, nil, err
	}
	in.Title = clean(in.Title)
	d = &Directive{Way: Drafted, Issuer: unit.Name, Type: clean(in.Type), Urgency: in.Urgency}
	if d.Case, err = casefile.Open(tx, casefile.New{Kind: CaseKind, Prefix: prefix, Title: shorten(cmp.Or(in.Title, "Dự thảo văn bản giao nhiệm vụ")), State: Drafting,
		Rulebook: rb.Hash(), Field: in.Field, Raiser: in.Unit}); err != nil {
		return nil, nil, err
	}
	if err := casefile.Join(tx, d.ID, casefile.Party{Unit: in.Unit, Function: access.Raiser}); err != nil {
		return nil, nil, err
	}
	if err := d.insert(tx); err != nil {
		return nil, nil, err
	}
	body, err := json.Marshal(drafted{Text: vntext.NFC(in.Text), Type: d.Type, Case: string(d.ID)})
	if err != nil {
		return nil, nil, err
	}
	if x, err = desk.Draft(tx, who, signoff.New{Case: d.ID, Kind: PaperDirective, Unit: in.Unit, Title: in.Title, Body: string(body)}); err != nil {
		return nil, nil, err
	}
	d.PaperID = x.ID
	if _, err := casefile.Record(tx, d.Case, casefile.Event{Kind: "directive.drafted", By: who, Audience: org.OfUnit(in.Unit)}); err != nil {
		return nil, nil, err
	}
	if err := enclose(tx, who, d.ID, in.Unit, string(x.ID), in.Files); err != nil {
		return nil, nil, err
	}
	if err := d.update(tx); err != nil {
		return nil, nil, err
	}
	return d, x, d.propose(tx, Reading{Tasks: in.Tasks})
}

// mayShape says who changes the tasks of a draft: whoever may write the paper of that
// unit, and only while it lies with its drafter: what is on its way is what is signed.
func (d *Directive) mayShape(tx *db.Tx, who org.Actor) (org.Actor, error) {
	x, err := signoff.Get(tx, who, d.PaperID)
	if err != nil {
		return who, err
	}
	if x.State != signoff.Drafting {
		return who, fault.Refuse(fault.Conflict, "Văn bản đang %s; danh sách nhiệm vụ chỉ sửa khi còn ở người soạn thảo.", x.Where())
	}
	if ok, err := signoff.MayDraft(tx, who, x.Unit, PaperDirective); err != nil || !ok {
		if err == nil {
			err = fault.Refuse(fault.Denied, "Anh/chị không soạn thảo được văn bản này của đơn vị.")
		}
		return who, err
	}
	for _, p := range who.Posts {
		if who.Post.ID == "" && p.Unit == x.Unit {
			return who.As(p), nil
		}
	}
	return who, nil
}

// Papers are the kinds of paper of this package.
func Papers() []signoff.Kind {
	return []signoff.Kind{
		{Name: PaperDirective, Say: "Văn bản giao nhiệm vụ", Check: checkDraft, Released: draftReleased, Text: readDraft},
		{Name: PaperResult, Say: "Báo cáo kết quả nhiệm vụ", Code: "BC", Check: checkResult, Released: resultReleased, Text: readResult},
		{Name: PaperExplanation, Say: "Văn bản giải trình", Check: checkResult, Released: explanationReleased, Text: readResult},
	}
}

func readDraft(body string) string {
	var b drafted
	if json.Unmarshal([]byte(body), &b) != nil {
		return body // not ours to judge: shown as it is
	}
	return b.Text
}

// checkDraft refuses to send up a draft whose tasks leave something open: the signer
// signs them with the text.
func checkDraft(tx *db.Tx, body string) error {
	var b drafted
	if err := json.Unmarshal([]byte(body), &b); err != nil {
		return err
	}
	if _, err := textOf(b.Text); err != nil {
		return err
	}
	c, err := casefile.Get(tx, org.System("directive"), casefile.ID(b.Case))
	if err != nil {
		return err
	}
	d, err := of(tx, c)
	if err != nil {
		return err
	}
	return blocked(tx, d)
}

// draftReleased turns the released paper into a directive in force and issues its tasks.
func draftReleased(tx *db.Tx, who org.Actor, c *casefile.Case, x *signoff.Paper, body string) error {
	d, err := of(tx, c)
	if err != nil {
		return err
	}
	var b drafted
	if err := json.Unmarshal([]byte(body), &b); err != nil {
		return err
	}
	d.Number, d.IssuedOn, d.Signer = x.Symbol, x.IssuedOn, x.SignerName
	d.Type, d.Title = cmp.Or(clean(b.Type), d.Type), shorten(strings.TrimPrefix(x.Title, "V/v "))
	d.TextN, err = casefile.Record(tx, d.Case, casefile.Event{Kind: "directive.signed", By: who, Text: b.Text, Facts: casefile.Pairs(
		"number", d.Number, "issued_on", d.IssuedOn.String(), "issuer", d.Issuer, "signer", string(x.Signer), "signer_name", x.SignerName, "capacity", string(x.Capacity))})
	if err != nil {
		return err
	}
	if err := freed(tx, string(x.ID), d.TextN); err != nil {
		return err
	}
	if err := d.once(tx); err != nil {
		return err
	}
	d.ConfirmedBy, d.ConfirmedAt = x.Signer, tx.Now
	return d.release(tx, who)
}
