package incident

import (
	"encoding/json"
	"errors"
	"slices"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/signoff"
	"lienthong/internal/vntext"
	"lienthong/internal/workday"
)

// PaperReport is the written ad-hoc report, which walks its commune's path.
const PaperReport = "incident.report"

// Drafting is the state of an incident whose report is not released: only the commune that
// writes it reads it, and nothing is owed yet.
const Drafting = "draft"

// A draftBody is the paper's body. People edit its text; what stands beside it is what the
// reporter filled in, and stays as it was signed with the text.
type draftBody struct {
	Text       string            `json:"text"`
	Type       string            `json:"type"`
	Field      string            `json:"area,omitempty"`
	OccurredAt time.Time         `json:"occurred_at,omitzero"`
	Communes   []org.UnitID      `json:"communes,omitempty"`
	Figures    map[string]string `json:"figures,omitempty"`
}

// Papers are the kinds of paper of incidents: the release of a report opens the joint case.
func Papers() []signoff.Kind {
	return []signoff.Kind{{Name: PaperReport, Say: "Báo cáo đột xuất", Code: "BC", Check: checkDraft, Released: reportReleased, Text: signoff.PlainText}}
}

func checkDraft(_ *db.Tx, body string) error {
	var b draftBody
	if err := json.Unmarshal([]byte(body), &b); err != nil {
		return err
	}
	if vntext.IsBlank(b.Text) {
		return fault.Field("text", "Hãy ghi diễn biến và việc đã làm.")
	}
	return checkText("text", b.Text)
}

// AtOnce says whether the actor sends this report in one act: every step of his commune's
// path is his, or the kind is sealed and only names a paper that was signed elsewhere.
func AtOnce(tx *db.Tx, who org.Actor, in Report) (bool, error) {
	who, err := in.reporter(tx, who)
	if err != nil {
		return false, err
	}
	kinds, err := KindsFor(tx, in.Unit)
	if err != nil || slices.ContainsFunc(kinds, func(k Kind) bool { return k.Type == in.Type && k.Sealed }) {
		return err == nil, err
	}
	return signoff.AtOnce(tx, who, in.Unit, PaperReport, in.Field)
}

// atOnce returns the actor as he reports without a paper's way, and whether a leader has to
// confirm afterwards. What comes from the spot may go first only where the rule lets it.
func (in *Report) atOnce(tx *db.Tx, who org.Actor, rb *regulation.Rulebook, k Kind) (as org.Actor, confirm bool, err error) {
	if k.Sealed {
		return who, false, nil
	}
	if as, err = signoff.Direct(tx, who, in.Unit, PaperReport, in.Field); err == nil || !errors.Is(err, fault.Denied) || !in.Spot {
		return as, false, err
	}
	rule, off := rb.Apply(tx, MustReport, in.Unit, "")
	if off != nil && quiet(off) != nil {
		return who, false, off
	}
	if off != nil || !rule.Bool("spot") {
		return who, false, err
	}
	of := access.Facts{Units: map[access.Function][]org.UnitID{access.Raiser: {in.Unit}}}
	return who, access.May(who, actConfirm, of) != nil, nil // a leader on the spot has said it himself
}

// DraftReport opens an incident as a draft of its commune, with the paper that reports it.
// Nobody outside the commune sees it before the release.
func DraftReport(tx *db.Tx, desk signoff.Desk, who org.Actor, in Report) (x *Incident, p *signoff.Paper, err error) {
	defer fault.Wrap(&err, "draft incident report")
	if who, err = in.reporter(tx, who); err != nil {
		return nil, nil, err
	}
	rb, err := regulation.Current(tx)
	if err != nil {
		return nil, nil, err
	}
	kind, err := in.check(tx, rb)
	if err != nil {
		return nil, nil, err
	}
	if err := in.draftable(kind); err != nil {
		return nil, nil, err
	}
	if _, err := in.lead(tx, rb, kind); err != nil {
		return nil, nil, err
	}
	c, err := casefile.Open(tx, casefile.New{Kind: CaseKind, Prefix: prefix, Title: in.Title, State: Drafting, Rulebook: rb.Hash(), Field: in.Field, Raiser: in.Unit})
	if err != nil {
		return nil, nil, err
	}
	x = &Incident{Case: c, Type: in.Type, Joint: kind.Joint, OccurredAt: in.OccurredAt}
	if err := x.insert(tx); err != nil {
		return nil, nil, err
	}
	body, err := packed(draftBody{Text: in.Text, Type: in.Type, Field: in.Field, OccurredAt: in.OccurredAt, Communes: in.Communes, Figures: in.Figures})
	if err != nil {
		return nil, nil, err
	}
	if p, err = desk.Draft(tx, who, signoff.New{Case: c.ID, Kind: PaperReport, Unit: in.Unit, Title: in.Title, Body: body}); err != nil {
		return nil, nil, err
	}
	for _, f := range in.Files { // the commune's alone until the release
		f.Case, f.PaperID, f.AddedBy, f.Audience = c.ID, string(p.ID), who.Officer, org.OfUnit(in.Unit)
		if _, err := casefile.Attach(tx, f); err != nil {
			return nil, nil, err
		}
	}
	return x, p, nil
}

// draftable refuses what a report on its way to a signature cannot hold yet.
func (in *Report) draftable(k Kind) error {
	switch {
	case k.Sealed:
		return fault.Field("type", "Loại sự cố này không soạn báo cáo trên hệ thống; báo cáo bằng văn bản theo đường mật rồi ghi số, ngày của văn bản ấy.")
	case in.Number != "" || in.IssuedOn != "":
		return fault.Field("number", "Báo cáo trình ký ở đây lấy số khi phát hành; hãy để trống số và ngày.")
	case in.Parent != "":
		return fault.Field("parent", "Báo cáo trình ký thì nối vào sự cố lớn hơn sau khi phát hành.")
	}
	return checkFigures(in.Type, in.Figures)
}

// checkFigures refuses figures that a report of the kind does not count, before a leader
// signs them.
func checkFigures(typ string, figures map[string]string) error {
	known := FiguresOf(typ)
	for id, v := range figures {
		i := slices.IndexFunc(known, func(f Figure) bool { return f.ID == id })
		if i < 0 {
			return fault.Field("text", "Loại sự cố này không có số liệu “%.40s”.", id)
		}
		if _, err := known[i].parse(v); err != nil {
			return err
		}
	}
	return nil
}

// reportReleased opens the joint case to all whom the signed report names. Who leads is what
// the rulebook says under which the case was opened.
func reportReleased(tx *db.Tx, who org.Actor, c *casefile.Case, p *signoff.Paper, body string) error {
	x, err := of(tx, c)
	if err != nil {
		return err
	}
	var b draftBody
	if err := json.Unmarshal([]byte(body), &b); err != nil {
		return err
	}
	in := Report{Unit: c.Raiser, Type: b.Type, Title: p.Title, Text: b.Text, Field: b.Field, OccurredAt: b.OccurredAt, Communes: b.Communes, Figures: b.Figures, Number: p.Symbol}
	if p.IssuedOn != (workday.Date{}) {
		in.IssuedOn = p.IssuedOn.String()
	}
	rb, err := regulation.ByHash(tx, c.Rulebook)
	if err != nil {
		return err
	}
	kind, err := in.check(tx, rb)
	if err != nil {
		return err
	}
	if c.Lead, err = in.lead(tx, rb, kind); err != nil {
		return err
	}
	c.Title, c.State, c.Scope, c.Field = in.Title, Open, Scope, in.Field
	x.Number, x.IssuedOn = in.Number, in.IssuedOn
	if _, err := tx.Exec(`UPDATE incident SET number = $1, issued_on = $2 WHERE case_id = $3`, x.Number, x.IssuedOn, string(x.ID)); err != nil {
		return err
	}
	if err := x.begin(tx, who, in); err != nil {
		return err
	}
	return casefile.Release(tx, string(p.ID), x.ReportedN)
}

// askConfirm makes the commune owe its leader's word on what was reported from the spot.
func (x *Incident) askConfirm(tx *db.Tx) error {
	if _, err := x.arm(tx, MustConfirm, x.Raiser, x.ReportedN, x.Lead, nil, ""); err != nil {
		return err
	}
	return notice.Tell(tx, notice.Note{Unit: x.Raiser, Role: org.Leader, Case: x.ID, Kind: "incident.spot"})
}

// Confirm is the word of the commune's leader on a report that went out from the spot
// before anybody could sign it.
func Confirm(tx *db.Tx, who org.Actor, id casefile.ID, seen int64) (x *Incident, err error) {
	defer fault.Wrap(&err, "confirm incident report %s", id)
	if x, who, err = lockFor(tx, who, id, seen, actConfirm); err != nil {
		return nil, err
	}
	waits, err := x.unconfirmed(tx)
	if err == nil && !waits {
		err = fault.Refuse(fault.Conflict, "Báo cáo này không chờ xác nhận.")
	}
	if err != nil {
		return nil, err
	}
	if _, err := casefile.Record(tx, x.Case, casefile.Event{Kind: "incident.confirmed", By: who}, "PT06/D6.K1-2"); err != nil {
		return nil, err
	}
	_, err = duty.Meet(tx, duty.Key{Case: x.ID, Rule: MustConfirm, Owner: x.Raiser, Round: x.ReportedN})
	return x, err
}

// unconfirmed says whether the report waits for its leader's word.
func (x *Incident) unconfirmed(tx *db.Tx) (bool, error) {
	all, err := duty.OfCase(tx, x.ID)
	return slices.ContainsFunc(all, func(d *duty.Duty) bool { return d.Rule == MustConfirm && d.EndedAt.IsZero() }), err
}

// spotSay is the fact under which the history shows that a report came from the spot.
func spotSay(spot bool) string {
	if spot {
		return "yes"
	}
	return ""
}
