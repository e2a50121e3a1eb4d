package petition

import (
	"cmp"
	"encoding/json"
	"slices"
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

// raiseDraft is the body of a commune's paper before it is released.
type raiseDraft struct {
	Body
	Field string `json:"field"`
	MetOn string `json:"met_on,omitempty"`
	Unit  string `json:"unit,omitempty"` // whose draft it is: what its form demands is a rule of the unit
	To    string `json:"to,omitempty"`   // as Raise.To
	Amend bool   `json:"amend,omitempty"`
}

// The petition that a draft would become.
func (d *raiseDraft) raise(unit org.UnitID, title string) Raise {
	return Raise{Unit: unit, Title: title, Field: d.Field, To: org.UnitID(d.To), Amend: d.Amend, Text: d.Text, Basis: d.Basis, Tried: &d.Tried, Proposal: d.Proposal, MetOn: d.MetOn}
}

// Papers are the kinds of paper that petitions walk through signoff.
func Papers() []signoff.Kind {
	return []signoff.Kind{
		{Name: PaperRaise, Say: "Văn bản kiến nghị", Check: checkRaise, Released: raiseReleased, Text: readRaise},
		{Name: PaperAnswer, Say: "Văn bản trả lời kiến nghị", Check: checkAnswer, Released: answerReleased, Text: readAnswer},
		{Name: PaperExplain, Say: "Văn bản giải trình", Check: checkExplain, Released: explainReleased, Text: readAnswer},
	}
}

// DraftRaise opens a petition as a draft of the commune and its paper. Nobody outside
// the commune sees it before the release.
func DraftRaise(tx *db.Tx, desk signoff.Desk, who org.Actor, in Raise) (p *Petition, paper *signoff.Paper, err error) {
	defer fault.Wrap(&err, "draft petition")
	if in.Unit, err = raiser(who, in.Unit); err != nil {
		return nil, nil, err
	}
	in.Title = vntext.NFC(strings.TrimSpace(in.Title))
	if vntext.IsBlank(in.Title) {
		return nil, nil, fault.Field("title", "Hãy ghi trích yếu: một câu nói rõ vướng mắc gì.")
	}
	rb, err := regulation.Current(tx)
	if err != nil {
		return nil, nil, err
	}
	// half done or not, what names a field names one of the catalogue
	if in.Field != "" && !slices.ContainsFunc(rb.Catalogue(), func(f regulation.Field) bool { return f.ID == in.Field }) {
		return nil, nil, fault.Field("field", "Không có lĩnh vực nào mang mã “%.60s”.", in.Field)
	}
	c, err := casefile.Open(tx, casefile.New{
		Kind: CaseKind, Prefix: prefix, Title: in.Title, State: Draft, Rulebook: rb.Hash(), Field: in.Field, Raiser: in.Unit,
	})
	if err != nil {
		return nil, nil, err
	}
	p = &Petition{Case: c}
	if err := casefile.Join(tx, c.ID, casefile.Party{Unit: in.Unit, Function: access.Raiser}); err != nil {
		return nil, nil, err
	}
	if err := p.insert(tx); err != nil {
		return nil, nil, err
	}
	body, err := json.Marshal(raiseDraft{Body: Body{Text: in.Text, Basis: in.Basis, Tried: deref(in.Tried), Proposal: in.Proposal}, Field: in.Field, To: string(in.To), Amend: in.Amend,
		MetOn: in.MetOn, Unit: string(in.Unit)})
	if err != nil {
		return nil, nil, err
	}
	paper, err = desk.Draft(tx, who, signoff.New{Case: c.ID, Kind: PaperRaise, Unit: in.Unit, Title: in.Title, Body: string(body)})
	if err != nil {
		return nil, nil, err
	}
	return p, paper, enclose(tx, who, paper, in.Files)
}

// DraftAnswer begins the lead's paper that answers a petition. Drafting meets no duty.
func DraftAnswer(tx *db.Tx, desk signoff.Desk, who org.Actor, id casefile.ID, in Reply) (paper *signoff.Paper, err error) {
	return DraftAnswerOn(tx, desk, who, id, "", in)
}

// DraftAnswerOn is DraftAnswer about a matter of its own title, where one paper answers
// several petitions; "" is the petition's.
func DraftAnswerOn(tx *db.Tx, desk signoff.Desk, who org.Actor, id casefile.ID, title string, in Reply) (paper *signoff.Paper, err error) {
	defer fault.Wrap(&err, "draft answer to petition %s", id)
	p, err := lock(tx, who, id, in.Version)
	if err != nil {
		return nil, err
	}
	if !who.In(p.Lead) {
		return nil, fault.Refuse(fault.Denied, "Chỉ đơn vị chủ trì mới soạn trả lời kiến nghị này.")
	}
	if err := p.answerable(); err != nil {
		return nil, err
	}
	if err := noOther(tx, who, id, PaperAnswer); err != nil {
		return nil, err
	}
	body, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	paper, err = desk.Draft(tx, who, signoff.New{Case: id, Kind: PaperAnswer, Unit: p.Lead, Title: "V/v trả lời kiến nghị: " + cmp.Or(title, p.Title), Body: string(body), Guidance: in.Guidance})
	if err != nil {
		return nil, err
	}
	return paper, enclose(tx, who, paper, in.Files)
}

// noOther refuses a second paper of a kind while the first is under way: two drafts
// of one answer would both be signed one day.
func noOther(tx *db.Tx, who org.Actor, id casefile.ID, kind string) error {
	papers, err := signoff.OfCase(tx, who, id)
	for _, x := range papers {
		if x.Kind == kind && x.State != signoff.Released && x.State != signoff.Dropped {
			return fault.Refuse(fault.Conflict, "Đã có một dự thảo đang xử lý cho việc này; hãy mở dự thảo ấy.")
		}
	}
	return err
}

// DraftExplanation begins the unit's paper that accounts for its lateness.
func DraftExplanation(tx *db.Tx, desk signoff.Desk, who org.Actor, id casefile.ID, in Reply) (paper *signoff.Paper, err error) {
	defer fault.Wrap(&err, "draft explanation on petition %s", id)
	p, err := lock(tx, who, id, in.Version)
	if err != nil {
		return nil, err
	}
	open, err := openOf(tx, id, MustExplain)
	if err != nil {
		return nil, err
	}
	if len(open) == 0 || !who.In(open[0].Owner) {
		return nil, fault.Refuse(fault.Conflict, "Đơn vị không có yêu cầu giải trình nào đang chờ.")
	}
	if err := noOther(tx, who, id, PaperExplain); err != nil {
		return nil, err
	}
	body, err := json.Marshal(Reply{Text: in.Text, Basis: in.Basis})
	if err != nil {
		return nil, err
	}
	paper, err = desk.Draft(tx, who, signoff.New{Case: id, Kind: PaperExplain, Unit: open[0].Owner, Title: "V/v giải trình việc trả lời kiến nghị: " + p.Title, Body: string(body)})
	if err != nil {
		return nil, err
	}
	return paper, enclose(tx, who, paper, in.Files)
}
