package petition

import (
	"encoding/json"
	"strings"
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

// The longest texts a form takes, in letters. They bound what one row may hold; no
// regulation states a length.
const (
	maxTitle = 300
	maxText  = 50_000
)

// PaperRaise is the kind of the commune's paper that raises a petition.
const PaperRaise = "petition.raise"

// A Raise is what a commune sends.
type Raise struct {
	Unit     org.UnitID // the commune; the actor's own when empty
	Title    string
	Field    string // an id of domains.csv or subfields.csv
	Text     string
	Basis    string
	Tried    *string // nil where the channel does not ask (another system); the form always asks
	Proposal string
	MetOn    string        // the day the difficulty was met, "2006-01-02", or empty
	Paper    signoff.Outer // the paper's own number, when it went through the document system
	Files    []casefile.Document
}

// RaiseNow raises a petition in one act, by an actor whose unit's path for this paper
// is one step: the petition is released, the department has it from now on.
func RaiseNow(tx *db.Tx, who org.Actor, in Raise) (p *Petition, err error) {
	defer fault.Wrap(&err, "raise petition")
	if in.Unit, err = raiser(who, in.Unit); err != nil {
		return nil, err
	}
	who, err = signoff.Direct(tx, who, in.Unit, PaperRaise, in.Field)
	if err != nil {
		return nil, err
	}
	rb, route, err := in.check(tx)
	if err != nil {
		return nil, err
	}
	c, err := casefile.Open(tx, casefile.New{
		Kind: CaseKind, Prefix: prefix, Title: in.Title, State: Received, Scope: Scope, Rulebook: rb.Hash(),
		Field: in.Field, Raiser: in.Unit, Lead: route.Unit,
	})
	if err != nil {
		return nil, err
	}
	p = &Petition{Case: c}
	number, err := enter(tx, who, in.Unit, c.ID, in.Paper)
	if err != nil {
		return nil, err
	}
	if err := p.arrive(tx, who, in, route, number, ""); err != nil {
		return nil, err
	}
	return p, p.insert(tx)
}

// raiser is the commune in whose name the actor raises: the one asked for when he
// holds a post in it, else the first of his units that is a commune.
func raiser(who org.Actor, asked org.UnitID) (org.UnitID, error) {
	if asked != "" {
		if !who.In(asked) {
			return "", fault.Refuse(fault.Denied, "Anh/chị không giữ chức danh nào ở đơn vị này.")
		}
		return asked, nil
	}
	if who.Post.Unit != "" {
		return who.Post.Unit, nil
	}
	if len(who.Posts) == 0 {
		return "", fault.Refuse(fault.Denied, "Anh/chị chưa được giao chức danh ở đơn vị nào.")
	}
	return who.Posts[0].Unit, nil
}

// check tidies the input and refuses what a form must not hold, naming field and rule.
func (in *Raise) check(tx *db.Tx) (rb *regulation.Rulebook, route regulation.Route, err error) {
	in.Title, in.Text = vntext.NFC(strings.TrimSpace(in.Title)), vntext.NFC(strings.TrimSpace(in.Text))
	in.Basis, in.Proposal = vntext.NFC(strings.TrimSpace(in.Basis)), vntext.NFC(strings.TrimSpace(in.Proposal))
	if err := in.checkTexts(); err != nil {
		return nil, route, err
	}
	if rb, err = regulation.Current(tx); err != nil {
		return nil, route, err
	}
	rule, err := rb.Apply(tx, MustRaise, in.Unit, in.Field)
	if err != nil {
		return nil, route, err
	}
	if in.Tried != nil {
		tried := vntext.NFC(strings.TrimSpace(*in.Tried))
		in.Tried = &tried
		if tried == "" && rule.Bool("tried") {
			return nil, route, &fault.Refusal{Kind: fault.Invalid, Field: "tried", Clause: string(rule.ClausesOf("tried")[0]),
				Say: "Hãy nêu xã, phường đã làm gì để tự giải quyết và vì sao vượt thẩm quyền (" + rb.Citation(rule.ClausesOf("tried")[0]) + ")."}
		}
	}
	if in.MetOn != "" {
		if err := checkMetOn(tx, in.MetOn); err != nil {
			return nil, route, err
		}
	}
	route, err = rb.ApplyRoute(tx, in.Field)
	return rb, route, err
}

func (in *Raise) checkTexts() error {
	switch {
	case vntext.IsBlank(in.Title):
		return fault.Field("title", "Hãy ghi trích yếu: một câu nói rõ vướng mắc gì.")
	case len([]rune(in.Title)) > maxTitle:
		return fault.Field("title", "Trích yếu dài quá %d chữ; hãy để phần chi tiết vào nội dung.", maxTitle)
	case vntext.IsBlank(in.Text):
		return fault.Field("text", "Hãy ghi nội dung khó khăn, vướng mắc.")
	case in.Field == "":
		return fault.Field("field", "Hãy chọn lĩnh vực để gửi đúng sở, ngành.")
	}
	texts := map[string]string{"text": in.Text, "basis": in.Basis, "proposal": in.Proposal}
	if in.Tried != nil {
		texts["tried"] = *in.Tried
	}
	for _, field := range []string{"text", "basis", "tried", "proposal"} {
		if err := checkText(field, texts[field]); err != nil {
			return err
		}
	}
	return checkText("title", in.Title)
}

// checkText refuses a text that is too long or that bears a mark of state secrecy.
func checkText(field, text string) error {
	if len([]rune(text)) > maxText {
		return fault.Field(field, "Nội dung dài quá %d chữ; hãy đưa phần dài vào tệp kèm theo.", maxText)
	}
	if mark, found := vntext.SecretMark(text); found {
		return fault.Field(field, "Nội dung có dấu độ mật “%s”. Tài liệu bí mật nhà nước không được đưa lên hệ thống này; hãy gửi theo đường văn bản mật.", mark)
	}
	return nil
}

func checkMetOn(tx *db.Tx, s string) error {
	d, err := workday.ParseDate(s)
	if err != nil {
		return fault.Field("met_on", "Ngày gặp vướng mắc không đúng; hãy ghi theo mẫu ngày/tháng/năm.")
	}
	if d.After(workday.Of(tx.Now)) {
		return fault.Field("met_on", "Ngày gặp vướng mắc không thể sau hôm nay.")
	}
	return nil
}

// arrive makes a released petition known to the unit it goes to: parties, event,
// duty and notice. The caller writes the petition's row.
func (p *Petition) arrive(tx *db.Tx, who org.Actor, in Raise, route regulation.Route, number signoff.Entry, paper string) error {
	p.Round, p.RaisedAt, p.ArrivedAt, p.MetOn = 1, tx.Now, tx.Now, in.MetOn
	p.Number, p.Symbol, p.IssuedOn = number.Number, number.Symbol, number.IssuedOn.String()
	p.Tried = in.Tried != nil && *in.Tried != ""
	if route.Hole {
		p.Contested, p.Hole = true, clauseList(route.Clauses)
	}
	body := Body{Text: in.Text, Basis: in.Basis, Proposal: in.Proposal}
	if in.Tried != nil {
		body.Tried = *in.Tried
	}
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	err = casefile.Join(tx, p.ID, casefile.Party{Unit: in.Unit, Function: access.Raiser}, casefile.Party{Unit: route.Unit, Function: access.Lead})
	if err != nil {
		return err
	}
	p.RaisedN, err = casefile.Record(tx, p.Case, casefile.Event{Kind: "petition.raised", By: who, Text: string(text), Facts: facts(
		"code", p.Code, "field", p.Field, "lead", string(route.Unit), "number", number.Symbol, "issued_on", number.IssuedOn.String(), "met_on", in.MetOn,
		"hole", p.Hole)}, "PT06/D5.K2.d-3", "PT06/D5.K2.e", "PT06/D5.K2.f-3")
	if err != nil {
		return err
	}
	if err := attach(tx, who, p.ID, p.RaisedN, paper, in.Files); err != nil {
		return err
	}
	if route.Hole {
		return p.askOffice(tx, route.Unit)
	}
	return p.armAnswer(tx, route.Unit, tx.Now)
}

func (p *Petition) insert(tx *db.Tx) error {
	_, err := tx.Exec(`
		INSERT INTO petition (case_id, raised_n, round, hops, contested, hole, tried, met_on, raised_at, arrived_at, number, symbol, issued_on)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		string(p.ID), p.RaisedN, p.Round, p.Hops, p.Contested, p.Hole, p.Tried, p.MetOn, p.RaisedAt, p.ArrivedAt, p.Number, p.Symbol, p.IssuedOn)
	return err
}

// armAnswer makes the lead owe the answer, counted from an instant, as the case's own
// rulebook says, and tells the lead's clerk that it has arrived.
func (p *Petition) armAnswer(tx *db.Tx, lead org.UnitID, from time.Time) error {
	rb, err := p.rulebook(tx)
	if err != nil {
		return err
	}
	rule, err := rb.Apply(tx, MustAnswer, lead, p.Field)
	if err != nil {
		return err
	}
	reminders, err := remindersOf(tx, rb, lead, p.Field)
	if err != nil {
		return err
	}
	_, err = duty.Arm(tx, duty.New{
		Key:         duty.Key{Case: p.ID, Rule: MustAnswer, Owner: lead, Round: p.Round},
		Counterpart: p.Raiser, Field: p.Field, Request: rule.Request, From: from, Limits: limitsOf(rule), Reminders: reminders,
	})
	if err != nil {
		return err
	}
	return notice.Tell(tx, notice.Note{Unit: lead, Case: p.ID, Kind: "petition.arrived"})
}

// limitsOf returns the rule's limit with its clause; where two regulations disagree,
// both, and the earliest binds. A rule that states no time gives none.
func limitsOf(rule regulation.Applied) (all []duty.Limit) {
	for _, a := range append([]regulation.Applied{rule}, rule.Disagree...) {
		l := a.Limit("limit")
		if l.Unit == workday.None {
			continue
		}
		limit := duty.Limit{Basis: a.Basis(), Text: l.String()}
		if clauses := a.ClausesOf("limit"); len(clauses) > 0 {
			limit.Clause = string(clauses[0])
		}
		all = append(all, limit)
	}
	return all
}

// remindersOf returns the working days before the last day on which an owner is
// reminded; none where the office set none.
func remindersOf(tx *db.Tx, rb *regulation.Rulebook, unit org.UnitID, field string) (string, error) {
	rule, err := rb.Apply(tx, rulesRemind, unit, field)
	if err != nil {
		if kind := fault.Kind(err); kind == fault.NotFound || kind == fault.Denied {
			return "", nil // nobody set reminders, or they are switched off
		}
		return "", err
	}
	var days []string
	for _, l := range rule.Limits("before") {
		days = append(days, itoa(int64(l.N)))
	}
	return strings.Join(days, ","), nil
}

// release lets the files of a paper out with the event it became; an act without a
// paper has none.
func release(tx *db.Tx, paper string, n int64) error {
	if paper == "" {
		return nil
	}
	return casefile.Release(tx, paper, n)
}

// enclose adds the files of a draft: its unit's alone until the paper is released,
// whatever other posts their sender holds.
func enclose(tx *db.Tx, who org.Actor, paper *signoff.Paper, files []casefile.Document) error {
	for i := range files {
		files[i].Audience = org.OfUnit(paper.Unit)
	}
	return attach(tx, who, paper.Case, 0, string(paper.ID), files)
}

// attach adds the files of an act to the case.
func attach(tx *db.Tx, who org.Actor, id casefile.ID, n int64, paper string, files []casefile.Document) error {
	for _, f := range files {
		f.Case, f.EventN, f.PaperID, f.AddedBy = id, n, paper, who.Officer
		if _, err := casefile.Attach(tx, f); err != nil {
			return err
		}
	}
	return nil
}
