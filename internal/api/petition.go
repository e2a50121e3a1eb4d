package api

import (
	"cmp"
	"errors"
	"net/http"
	"time"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/direct"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/signoff"
	"lienthong/internal/workday"
)

// What a commune sends.
type raiseIn struct {
	Unit        string   `json:"unit,omitempty" doc:"xã, phường gửi; bỏ trống là đơn vị của người gửi"`
	Title       string   `json:"title" doc:"trích yếu" maxLength:"300"`
	Text        string   `json:"text,omitempty" doc:"khó khăn, vướng mắc" maxLength:"50000"`
	Field       string   `json:"field,omitempty" doc:"mã lĩnh vực của domains.csv hoặc subfields.csv"`
	Tried       *string  `json:"tried,omitempty" doc:"xã đã làm gì để tự giải quyết; không gửi trường này là không hỏi, gửi rỗng thì bị từ chối"`
	Basis       string   `json:"basis,omitempty" doc:"căn cứ"`
	Proposal    string   `json:"proposal,omitempty" doc:"đề xuất"`
	MetOn       string   `json:"met_on,omitempty" doc:"ngày gặp vướng mắc, 2026-02-10"`
	Attachments []string `json:"attachments,omitempty" doc:"mã của các tệp đã tải lên"`
	Capacity    string   `json:"capacity,omitempty" doc:"thể thức đề ký: TM., KT., TL., TUQ., Q.; bỏ trống là thể thức đầu tiên có hiệu lực"`
	Outer
}

// Outer is the number that the document system gave a paper; without it the unit's
// own register gives one.
type Outer struct {
	Number   string `json:"number,omitempty" doc:"số, ký hiệu do hệ thống quản lý văn bản cấp, như 37/STP-HCTP; bỏ trống là lấy số của sổ đơn vị"`
	IssuedOn string `json:"issued_on,omitempty" doc:"ngày văn bản"`
	OuterID  string `json:"outer_id,omitempty" doc:"mã văn bản ở hệ thống ấy"`
}

func (in *Outer) outer() (o signoff.Outer, err error) {
	o.Symbol, o.ID = in.Number, in.OuterID
	o.IssuedOn, err = day("issued_on", in.IssuedOn)
	return o, err
}

// day reads a date of the office; "" is none.
func day(field, s string) (d workday.Date, err error) {
	if s == "" {
		return d, nil
	}
	if d, err = workday.ParseDate(s); err != nil {
		return d, fault.Field(field, "Ngày “%.20s” không đúng; hãy ghi như 2026-02-10.", s)
	}
	return d, nil
}

// raise makes the slice's input. The files leave the waiting room in the same
// transaction: an act that is refused gives them back.
func (in *raiseIn) raise(c *call, tx *db.Tx, who org.Actor) (r petition.Raise, err error) {
	r = petition.Raise{Unit: org.UnitID(in.Unit), Title: in.Title, Field: in.Field, Text: in.Text, Basis: in.Basis, Tried: in.Tried, Proposal: in.Proposal, MetOn: in.MetOn}
	if r.Paper, err = in.outer(); err != nil {
		return r, err
	}
	r.Files, err = takeUploads(tx, who.Officer, in.Attachments)
	return r, err
}

// raise is the act of who may release; others get the step that is missing.
func (c *call) raise(in *raiseIn) error {
	return c.update(func(tx *db.Tx, who org.Actor) (d done, err error) {
		r, err := in.raise(c, tx, who)
		if err != nil {
			return d, err
		}
		who.Capacity = org.Capacity(in.Capacity)
		p, err := petition.RaiseNow(tx, who, r)
		if err != nil {
			return d, err
		}
		d, err = petitionDone(tx, p, p.Version)
		d.status = http.StatusCreated
		return d, err
	})
}

// draftRaise makes the paper that walks the commune's path; it may be half done.
func (c *call) draftRaise(in *raiseIn) error {
	return c.update(func(tx *db.Tx, who org.Actor) (d done, err error) {
		r, err := in.raise(c, tx, who)
		if err != nil {
			return d, err
		}
		_, x, err := petition.DraftRaise(tx, c.s.Desk, who, r)
		if err != nil {
			return d, err
		}
		d, err = c.paperDone(tx, x)
		d.status = http.StatusCreated
		return d, err
	})
}

// What a department answers.
type answerIn struct {
	AnswerText
	Attachments []string `json:"attachments,omitempty"`
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
		d, err = c.paperDone(tx, x)
		d.status = http.StatusCreated
		return d, err
	}))
}

// What a leader directs with: at least a section or an officer.
type directIn struct {
	Officer     string   `json:"officer,omitempty" doc:"người chủ trì"`
	Section     string   `json:"section,omitempty" doc:"phòng; bỏ trống là phòng của người chủ trì"`
	Instruction string   `json:"instruction,omitempty" doc:"ý kiến chỉ đạo"`
	InnerOn     string   `json:"inner_on,omitempty" doc:"hạn nội bộ; không thay hạn theo quy định"`
	CoWorkers   []string `json:"co_workers,omitempty" doc:"phối hợp trong đơn vị"`
	Readers     []string `json:"readers,omitempty" doc:"để biết"`
}

func (c *call) direct(in *directIn) error {
	return c.onPetition(in, func(tx *db.Tx, who org.Actor, id casefile.ID) (*petition.Petition, error) {
		inner, err := day("inner_on", in.InnerOn)
		if err != nil {
			return nil, err
		}
		return petition.Direct(tx, who, id, direct.In{
			Section: org.UnitID(in.Section), Officer: org.OfficerID(in.Officer), CoWorkers: officers(in.CoWorkers), Readers: officers(in.Readers),
			Instruction: in.Instruction, InnerOn: inner,
		}, c.version)
	})
}

func officers(ids []string) (all []org.OfficerID) {
	for _, id := range ids {
		all = append(all, org.OfficerID(id))
	}
	return all
}

// Nothing: an act that says everything by its name.
type noneIn struct{}

type reasonIn struct {
	Reason string `json:"reason" doc:"lý do"`
}

func (c *call) register(in *noneIn) error {
	return c.onPetition(in, func(tx *db.Tx, who org.Actor, id casefile.ID) (*petition.Petition, error) {
		return petition.Register(tx, who, id, c.version)
	})
}

func (c *call) returnUp(in *reasonIn) error {
	return c.onPetition(in, func(tx *db.Tx, who org.Actor, id casefile.ID) (*petition.Petition, error) {
		return petition.ReturnUp(tx, who, id, in.Reason, c.version)
	})
}

// To whom a petition goes, and why.
type forwardIn struct {
	To     string `json:"to" doc:"đơn vị nhận"`
	Reason string `json:"reason" doc:"lý do"`
}

func (c *call) forward(in *forwardIn) error {
	return c.onPetition(in, func(tx *db.Tx, who org.Actor, id casefile.ID) (*petition.Petition, error) {
		return petition.Forward(tx, who, id, petition.Forwarding{To: org.UnitID(in.To), Reason: in.Reason, Version: c.version})
	})
}

func (c *call) assign(in *forwardIn) error {
	return c.onPetition(in, func(tx *db.Tx, who org.Actor, id casefile.ID) (*petition.Petition, error) {
		return petition.AssignLead(tx, who, id, petition.Forwarding{To: org.UnitID(in.To), Reason: in.Reason, Version: c.version})
	})
}

// Back to the commune, on a ground that the rule names.
type returnIn struct {
	Ground string `json:"ground" doc:"căn cứ trả lại, một trong các căn cứ của quy định đang áp dụng"`
	Reason string `json:"reason" doc:"giải thích cho xã"`
}

func (c *call) giveBack(in *returnIn) error {
	return c.onPetition(in, func(tx *db.Tx, who org.Actor, id casefile.ID) (*petition.Petition, error) {
		return petition.Return(tx, who, id, petition.GiveBack{Ground: in.Ground, Reason: in.Reason, Version: c.version})
	})
}

// The commune's word on an answer. Settled is a pointer because silence is no word.
type settleIn struct {
	Settled *bool  `json:"settled" doc:"đã giải quyết được hay chưa"`
	Comment string `json:"comment,omitempty" doc:"bắt buộc khi chưa giải quyết được: còn vướng ở đâu"`
}

func (c *call) settle(in *settleIn) error {
	if in.Settled == nil { // nothing said is never taken for a word
		return fault.Field("settled", "Hãy cho biết đã giải quyết được (true) hay chưa (false).")
	}
	return c.onPetition(in, func(tx *db.Tx, who org.Actor, id casefile.ID) (*petition.Petition, error) {
		return petition.Settle(tx, who, id, petition.Verdict{Settled: *in.Settled, Comment: in.Comment, Version: c.version})
	})
}

// How a matter that an answer left open goes on.
type reportIn struct {
	Text       string `json:"text" doc:"kết quả xử lý đến nay"`
	Done       bool   `json:"done,omitempty" doc:"việc đã xong"`
	NextReport string `json:"next_report,omitempty" doc:"ngày báo tiếp do đơn vị tự đặt"`
}

func (c *call) report(in *reportIn) error {
	return c.onPetition(in, func(tx *db.Tx, who org.Actor, id casefile.ID) (*petition.Petition, error) {
		return petition.Report(tx, who, id, petition.Progress{Text: in.Text, Done: in.Done, NextReport: in.NextReport, Version: c.version})
	})
}

// Words, for acts that need nothing else.
type textIn struct {
	Text string `json:"text" doc:"nội dung"`
}

// What the commune answers a question with.
type clarifyIn struct {
	Text        string   `json:"text" doc:"nội dung trả lời"`
	Attachments []string `json:"attachments,omitempty"`
}

// Whom the lead asks for which part.
type splitIn struct {
	To   string `json:"to" doc:"đơn vị phối hợp"`
	Text string `json:"text" doc:"phần việc cần cho ý kiến"`
}

func (c *call) ask(in *textIn) error {
	return c.onPetition(in, func(tx *db.Tx, who org.Actor, id casefile.ID) (*petition.Petition, error) {
		return petition.Ask(tx, who, id, petition.Question{Text: in.Text, Version: c.version})
	})
}

func (c *call) clarify(in *clarifyIn) error {
	return c.onPetition(in, func(tx *db.Tx, who org.Actor, id casefile.ID) (*petition.Petition, error) {
		files, err := takeUploads(tx, who.Officer, in.Attachments)
		if err != nil {
			return nil, err
		}
		return petition.Clarify(tx, who, id, petition.Question{Text: in.Text, Version: c.version}, files)
	})
}

func (c *call) split(in *splitIn) error {
	return c.onPetition(in, func(tx *db.Tx, who org.Actor, id casefile.ID) (*petition.Petition, error) {
		return petition.Split(tx, who, id, petition.Question{To: org.UnitID(in.To), Text: in.Text, Version: c.version})
	})
}

func (c *call) contribute(in *textIn) error {
	return c.onPetition(in, func(tx *db.Tx, who org.Actor, id casefile.ID) (*petition.Petition, error) {
		return petition.Contribute(tx, who, id, petition.Question{Text: in.Text, Version: c.version})
	})
}

func (c *call) urge(in *textIn) error {
	return c.onPetition(in, func(tx *db.Tx, who org.Actor, id casefile.ID) (*petition.Petition, error) {
		return petition.Urge(tx, who, id, petition.Oversight{Text: in.Text, Version: c.version})
	})
}

// What somebody with authority wants accounted for.
type explainIn struct {
	Text  string `json:"text" doc:"yêu cầu giải trình việc gì"`
	DueOn string `json:"due_on,omitempty" doc:"ngày do người yêu cầu đặt; bỏ trống là không nêu hạn"`
}

func (c *call) askExplanation(in *explainIn) error {
	return c.onPetition(in, func(tx *db.Tx, who org.Actor, id casefile.ID) (*petition.Petition, error) {
		return petition.AskExplanation(tx, who, id, petition.Demand{Text: in.Text, DueOn: in.DueOn, Version: c.version})
	})
}

// A Petition is a petition as every act on it answers, and as lists begin an item:
// the duty to answer of the round gives the date and the fate.
type Petition struct {
	ID      string `json:"id"`
	Code    string `json:"code" doc:"mã theo dõi"`
	Title   string `json:"title"`
	Lead    string `json:"lead" doc:"đơn vị chủ trì"`
	Raiser  string `json:"raiser" doc:"xã, phường kiến nghị"`
	Field   string `json:"field"`
	State   string `json:"state" doc:"draft, received, directed, answered, settled, reopened hoặc returned"`
	Round   int64  `json:"round" doc:"lần trả lời"`
	DueOn   string `json:"due_on" doc:"ngày cuối còn trong hạn; rỗng khi không nêu hạn hoặc hạn theo giờ"`
	DueAt   string `json:"due_at" doc:"thời điểm đầu tiên bị coi là quá hạn; rỗng khi không nêu hạn"`
	Fate    string `json:"fate" doc:"việc trả lời: open, suspended, met, waived, handed; rỗng khi chưa có"`
	Version int64  `json:"version" doc:"phiên bản, cũng là ETag"`
}

// onPetition runs an operation of an existing petition and answers how it stands then.
func (c *call) onPetition(sent any, fn func(tx *db.Tx, who org.Actor, id casefile.ID) (*petition.Petition, error)) error {
	return c.stale(sent, c.update(func(tx *db.Tx, who org.Actor) (done, error) {
		p, err := fn(tx, who, casefile.ID(c.id))
		if err != nil {
			return done{}, err
		}
		// casefile.Lock counts the version on when the transaction ends.
		return petitionDone(tx, p, p.Version+1)
	}))
}

func petitionDone(tx *db.Tx, p *petition.Petition, version int64) (done, error) {
	out, err := petitionLine(tx, p, version)
	return done{status: http.StatusOK, location: petitionsPath + out.ID, version: version, body: &out}, err
}

// petitionLine reads the duty to answer of the round: one look by its key.
func petitionLine(tx *db.Tx, p *petition.Petition, version int64) (out Petition, err error) {
	out = Petition{ID: string(p.ID), Code: p.Code, Title: p.Title, Lead: string(p.Lead), Raiser: string(p.Raiser), Field: p.Field,
		State: p.State, Round: p.Round, Version: version}
	d, err := duty.Get(tx, duty.Key{Case: p.ID, Rule: petition.MustAnswer, Owner: p.Lead, Round: p.Round})
	if errors.Is(err, fault.NotFound) { // a draft, or a field whose lead is not named yet
		return out, nil
	}
	if err == nil {
		out.DueOn, out.DueAt, out.Fate = d.DueOn.String(), instant(d.DueAt), string(d.Fate)
	}
	return out, err
}

// instant writes an instant for people and programs: RFC 3339 in the office's zone, "" for none.
func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(workday.Office).Format(time.RFC3339)
}

// petitionAgain answers a repeated request with how the petition stands now.
func (c *call) petitionAgain(tx *db.Tx, who org.Actor, id casefile.ID) (done, error) {
	p, err := petition.Get(tx, who, id)
	if err != nil {
		return done{}, err
	}
	return petitionDone(tx, p, p.Version)
}

// stale turns a conflict into 412 when the sender named a version and another one
// stands now; then both what stands and what was sent go back.
func (c *call) stale(sent any, err error) error {
	if c.version == 0 || !errors.Is(err, fault.Conflict) {
		return err
	}
	var now petitionFull
	look := c.s.DB.View(c.ctx, func(tx *db.Tx) error {
		who, err := c.actor(tx)
		if err != nil {
			return err
		}
		now, err = c.fullPetition(tx, who, casefile.ID(c.id))
		return err
	})
	if look != nil || now.Version == c.version {
		return cmp.Or(look, err)
	}
	return &changed{why: err, version: now.Version, current: &now, sent: sent}
}
