package petition

import (
	"errors"
	"slices"
	"strings"
	"time"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/signoff"
	"lienthong/internal/vntext"
)

// PaperAnswer is the kind of the department's paper that answers a petition.
const PaperAnswer = "petition.answer"

// A Reply is what a department answers.
type Reply struct {
	Text       string              `json:"text"`
	Outcome    Outcome             `json:"outcome"`
	Basis      string              `json:"basis,omitempty"`       // căn cứ pháp lý
	Guidance   bool                `json:"guidance,omitempty"`    // hướng dẫn nghiệp vụ, not a document
	ReferredTo string              `json:"referred_to,omitempty"` // for ReferredUp: to whom, number, date
	Competent  org.UnitID          `json:"competent,omitempty"`   // for NotCompetent: who is
	NextReport string              `json:"next_report,omitempty"` // for the two that stay open: a day the unit sets itself
	Paper      signoff.Outer       `json:"-"`                     // the paper's own number, when it went through the document system
	Files      []casefile.Document `json:"-"`
	Version    int64               `json:"-"`

	at time.Time // when it reached the commune by another system; zero: now
}

// AnswerNow releases the department's answer in one act, by an actor whose unit's
// path for this paper is one step, and meets the duty to answer. Each round is
// answered once: a second answer in it is a fault.Conflict.
func AnswerNow(tx *db.Tx, who org.Actor, id casefile.ID, in Reply) (p *Petition, err error) {
	defer fault.Wrap(&err, "answer petition %s", id)
	p, err = lock(tx, who, id, in.Version)
	if err != nil {
		return nil, err
	}
	who, err = p.mayAnswer(tx, who)
	if err != nil {
		return nil, err
	}
	if err := in.check(tx); err != nil {
		return nil, err
	}
	number := signoff.Entry{}
	if !in.Guidance {
		if number, err = enter(tx, who, p.Lead, p.ID, in.Paper); err != nil {
			return nil, err
		}
	}
	return p, p.answer(tx, who, ownSignature(who), in, number, "")
}

// mayAnswer refuses who is not of the lead with what is missing, an actor whose
// unit signs in more steps, and a round that is answered.
func (p *Petition) mayAnswer(tx *db.Tx, who org.Actor) (org.Actor, error) {
	if !who.In(p.Lead) {
		return who, fault.Refuse(fault.Denied, "Chỉ đơn vị chủ trì mới trả lời kiến nghị này.")
	}
	if err := p.answerable(); err != nil {
		return who, err
	}
	return signoff.Direct(tx, who, p.Lead, PaperAnswer, p.Field)
}

// What stands against an answer, in words of the state the petition is in.
func (p *Petition) answerable() error {
	switch {
	case p.State == Answered || p.State == Settled:
		return fault.Refuse(fault.Conflict, "Kiến nghị đã được trả lời lần %d; mỗi lần chỉ trả lời một văn bản.", p.Round)
	case p.State == Returned:
		return fault.Refuse(fault.Conflict, "Kiến nghị đã được trả lại xã.")
	case p.State == Draft:
		return fault.Refuse(fault.Conflict, "Kiến nghị chưa được xã phát hành.")
	case p.Contested && p.Hole != "":
		return fault.Refuse(fault.Conflict, "Quy chế chưa nêu cơ quan chủ trì lĩnh vực này; Văn phòng UBND tỉnh cần chỉ định trước khi trả lời.")
	}
	return nil
}

// The refusals every answer has, whether it is given at once or drafted: a draft must not pass where the
// answer would fail.
func (in *Reply) check(tx *db.Tx) error {
	in.Text, in.Basis = vntext.NFC(strings.TrimSpace(in.Text)), vntext.NFC(strings.TrimSpace(in.Basis))
	in.ReferredTo = vntext.NFC(strings.TrimSpace(in.ReferredTo))
	if vntext.IsBlank(in.Text) {
		return fault.Field("text", "Hãy ghi nội dung trả lời.")
	}
	for field, text := range map[string]string{"text": in.Text, "basis": in.Basis, "referred_to": in.ReferredTo} {
		if err := checkText(field, text); err != nil {
			return err
		}
	}
	switch {
	case !slices.Contains(Outcomes, in.Outcome) && (in.Outcome != Unstated || in.at.IsZero()):
		return fault.Field("outcome", "Hãy chọn kết quả trả lời: đã giải quyết, đã hướng dẫn, tiếp thu đang xử lý, vượt thẩm quyền đã kiến nghị cấp trên, hoặc không thuộc thẩm quyền.")
	case in.Outcome == ReferredUp && in.ReferredTo == "":
		return fault.Field("referred_to", "Đã kiến nghị cấp trên thì hãy ghi rõ: kiến nghị cơ quan nào, văn bản số, ngày.")
	case in.Outcome == NotCompetent && in.Competent == "":
		return fault.Field("competent", "Không thuộc thẩm quyền thì hãy ghi rõ cơ quan nào có thẩm quyền.")
	}
	if in.Competent != "" {
		if _, err := org.UnitOf(tx, in.Competent); errors.Is(err, fault.NotFound) {
			return fault.Field("competent", "Không có đơn vị nào mang mã “%.60s”.", string(in.Competent))
		} else if err != nil {
			return err
		}
	}
	return checkNextReport(tx, in.NextReport, in.Outcome.open())
}

// answer writes the released answer: history, row, duties, notices. who released it,
// signed says in whose name and capacity it stands.
func (p *Petition) answer(tx *db.Tx, who org.Actor, signed signature, in Reply, number signoff.Entry, paper string) error {
	if in.at.IsZero() {
		in.at = tx.Now
	}
	n, err := casefile.Record(tx, p.Case, casefile.Event{Kind: "petition.answered", By: who, OccurredAt: in.at, Text: in.Text, Facts: casefile.Pairs(append(signed.pairs(),
		"round", itoa(p.Round), "outcome", string(in.Outcome), "basis", in.Basis, "number", number.Symbol, "issued_on", number.IssuedOn.String(),
		"referred_to", in.ReferredTo, "competent", string(in.Competent), "guidance", mark(in.Guidance))...)}, "PT06/D5.K1.c-3", "PT06/D6.K2")
	if err != nil {
		return err
	}
	if err := attach(tx, who, p.ID, n, paper, in.Files); err != nil {
		return err
	}
	if err := release(tx, paper, n); err != nil {
		return err
	}
	if err := p.keepAnswer(tx, signed, in, number, n, paper); err != nil {
		return err
	}
	k, err := p.answerKey(tx)
	if err != nil {
		return err
	}
	if _, err := duty.MeetAt(tx, k, in.at); err != nil {
		return err
	}
	if err := p.endOthers(tx); err != nil {
		return err
	}
	if err := p.armAfterAnswer(tx, in); err != nil {
		return err
	}
	p.State = Answered
	return notice.Tell(tx, notice.Note{Unit: p.Raiser, Case: p.ID, Kind: "petition.answered"})
}
