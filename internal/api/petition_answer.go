package api

import (
	"net/http"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/signoff"
)

// What a department answers.
type answerIn struct {
	AnswerText
	Attachments []string `json:"attachments,omitempty"` // ids from /uploads
	Capacity    string   `json:"capacity,omitempty" doc:"thể thức đề ký; bỏ trống là thể thức đầu tiên có hiệu lực"`
	Outer
}

// AnswerText is what stands in an answer, drafted or given at once.
type AnswerText struct {
	Text       string `json:"text,omitempty" doc:"nội dung trả lời" maxLength:"50000"`
	Outcome    string `json:"outcome,omitempty" enum:"resolved,guided,in_progress,referred_up,not_competent" doc:"kết quả"`
	Basis      string `json:"basis,omitempty" doc:"căn cứ pháp lý"`
	Guidance   bool   `json:"guidance,omitempty" doc:"hướng dẫn nghiệp vụ, không phải văn bản"`
	ReferredTo string `json:"referred_to,omitempty" doc:"referred_up: kiến nghị cơ quan nào, văn bản số, ngày"`
	Competent  string `json:"competent,omitempty" doc:"not_competent: cơ quan có thẩm quyền"`
	NextReport string `json:"next_report,omitempty" doc:"ngày báo tiếp do đơn vị tự đặt"`
}

// The words of an answer, for an answer at once and for a draft alike.
func (in *AnswerText) reply() petition.Reply {
	return petition.Reply{Text: in.Text, Outcome: petition.Outcome(in.Outcome), Basis: in.Basis, Guidance: in.Guidance,
		ReferredTo: in.ReferredTo, Competent: org.UnitID(in.Competent), NextReport: in.NextReport}
}

// answerPetition is the act of who may release the department's answer in one step.
func (c *call) answerPetition(in *answerIn) error {
	return c.onPetition(in, func(tx *db.Tx, who org.Actor, id casefile.ID) (p *petition.Petition, err error) {
		r := in.reply()
		r.Version = c.version
		if r.Paper, err = in.outer(); err != nil {
			return nil, err
		}
		if r.Files, err = takeUploads(tx, who.Officer, in.Attachments); err != nil {
			return nil, err
		}
		who.Capacity = org.Capacity(in.Capacity)
		return petition.AnswerNow(tx, who, id, r)
	})
}

// What is drafted: an answer, or the account of a unit that was asked for one.
type draftIn struct {
	Kind string `json:"kind,omitempty" enum:"answer,explanation" doc:"answer (mặc định): văn bản trả lời; explanation: văn bản giải trình"`
	AnswerText
	Attachments []string `json:"attachments,omitempty"`
}

// draftAnswer begins the paper; drafting meets no duty.
func (c *call) draftAnswer(in *draftIn) error {
	return c.stale(in, c.update(func(tx *db.Tx, who org.Actor) (d done, err error) {
		r := in.reply()
		r.Version = c.version
		if r.Files, err = takeUploads(tx, who.Officer, in.Attachments); err != nil {
			return d, err
		}
		var x *signoff.Paper
		switch in.Kind {
		case "", "answer":
			x, err = petition.DraftAnswer(tx, c.s.Desk, who, casefile.ID(c.id), r)
		case "explanation":
			x, err = petition.DraftExplanation(tx, c.s.Desk, who, casefile.ID(c.id), r)
		default:
			err = fault.Field("kind", "Loại dự thảo là answer (trả lời) hoặc explanation (giải trình).")
		}
		if err != nil {
			return d, err
		}
		d, err = c.paperDone(tx, who, x)
		d.status = http.StatusCreated
		return d, err
	}))
}
