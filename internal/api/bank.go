package api

import (
	"net/http"
	"slices"
	"time"

	"lienthong/internal/bank"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/filter"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

const banksPath = "/api/v1/bank/"

// likeMost is how many likely answers one question gives.
const likeMost = 3

// bankLine is an entry of the bank of answers in a list.
type bankLine struct {
	ID         string  `json:"id"`
	Code       string  `json:"code" doc:"mã theo dõi"`
	Title      string  `json:"title" doc:"dòng đầu của câu hỏi"`
	Field      string  `json:"field"` // "" where the entry is for every field
	Lead       string  `json:"lead" doc:"cơ quan giải đáp"`
	OpenedOn   string  `json:"opened_on" doc:"ngày viết mục, hoặc ngày nêu kiến nghị"`
	ApprovedOn string  `json:"approved_on" doc:"ngày duyệt; trống khi chưa duyệt, và ở kiến nghị"`
	Outdated   bool    `json:"outdated" doc:"có thể đã cũ: một căn cứ hết hiệu lực"`
	Score      float64 `json:"score" doc:"độ giống, 0 đến 1; 0 khi không tìm theo lời"`
}

// bankOut is an entry in full.
type bankOut struct {
	bankLine
	State      string      `json:"state" doc:"draft, waiting, approved, retracted"`
	Question   string      `json:"question"` // without persons and places
	Answer     string      `json:"answer"`   // also without them: approving asks again
	Basis      string      `json:"basis" doc:"căn cứ: điều, khoản, số và ngày văn bản"`
	ApprovedBy string      `json:"approved_by" doc:"mã cán bộ duyệt"`
	Capacity   string      `json:"capacity" doc:"thể thức đề ký"`
	Reason     string      `json:"reason" doc:"vì sao trả lại hoặc rút"`
	Marks      []bankMark  `json:"marks" doc:"chỗ có vẻ là thông tin riêng, chỉ với người soạn và người duyệt"`
	Ended      []bankEnded `json:"ended" doc:"căn cứ đã hết hiệu lực"`
	Version    int64       `json:"version" doc:"phiên bản, cũng là ETag"`
}

// A place in an answer that looks like a name, number or address of somebody; approving needs it gone or a
// reason to keep it.
type bankMark struct {
	Key  string `json:"key" doc:"khoá để giữ lại khi duyệt"`
	Text string `json:"text"`
	Say  string `json:"say" doc:"có vẻ là gì"`
}

// A text that ends, in the shape in which bank.EndText took it.
type bankEnded struct {
	Symbol     string `json:"symbol"`      // number and symbol, "06/2026/QĐ-UBND"
	EndedOn    string `json:"ended_on"`    // the first day out of force, 2026-03-02
	ReplacedBy string `json:"replaced_by"` // "" when nothing took its place
}

// likeOut is what was answered before and is like a text.
type likeOut struct {
	Entries   []bankLine `json:"entries" doc:"mục của kho giải đáp"`
	Petitions []bankLine `json:"petitions" doc:"kiến nghị đã trả lời mà cán bộ được xem"`
}

// What an officer proposes; the same body edits.
type bankIn struct {
	Unit     string `json:"unit,omitempty" doc:"cơ quan giải đáp; bỏ trống là đơn vị của cán bộ"`
	Field    string `json:"field,omitempty"` // one of the unit's own fields
	Question string `json:"question"`
	Answer   string `json:"answer"`          // what every officer will read
	Basis    string `json:"basis,omitempty"` // the texts it rests on, by their numbers
	Petition string `json:"petition,omitempty" doc:"mã hồ sơ kiến nghị đã trả lời mà mục này rút ra"`
	Replaces string `json:"replaces,omitempty" doc:"mã mục mà mục này thay"`
	Submit   bool   `json:"submit,omitempty" doc:"trình lãnh đạo duyệt luôn"`
}

// The version comes from If-Match and not from the body; 0 when the entry is new.
func (in *bankIn) entry(version int64) bank.New {
	return bank.New{Unit: org.UnitID(in.Unit), Field: in.Field, Question: in.Question, Answer: in.Answer, Basis: in.Basis,
		Source: casefile.ID(in.Petition), Replaces: casefile.ID(in.Replaces), Submit: in.Submit, Version: version}
}

// An approval. Keep holds a reason for each mark that stays: a name of a person may be part of a form's
// title.
type approveIn struct {
	Capacity string            `json:"capacity,omitempty" doc:"thể thức đề ký; bỏ trống là thể thức đang có"`
	Keep     map[string]string `json:"keep,omitempty" doc:"khoá của chỗ giữ lại, với lý do"`
	// why the answer holds although a text of its basis has ended; demanded then
	Stands string `json:"stands,omitempty" doc:"vì sao giải đáp vẫn đúng dù một căn cứ đã hết hiệu lực; bắt buộc khi ended không rỗng"`
}

type bankReasonIn struct {
	Reason string `json:"reason"`
}

type endTextIn struct {
	Symbol     string `json:"symbol" doc:"số, ký hiệu văn bản"`
	EndedOn    string `json:"ended_on" doc:"ngày đầu tiên hết hiệu lực"`
	ReplacedBy string `json:"replaced_by,omitempty"` // number and symbol
	Source     string `json:"source" doc:"theo văn bản nào"`
}

// banking are the routes of the bank of answers.
func (s *Server) banking() []route {
	return []route{
		list("/api/v1/bank", "bank", "Kho giải đáp: mục đã duyệt, mới nhất trước; tìm theo lời thì giống nhất trước.", page[bankLine]{}, (*call).bankList,
			slices.Concat(bank.Conditions, byPage)...),
		list("/api/v1/bank/like", "bankLike", "Điều đã giải đáp giống một câu hỏi.", likeOut{}, (*call).bankLike, filter.Words("q", "Câu hỏi"), filter.Field("field", "Lĩnh vực")),
		list("/api/v1/bank/texts", "textEnds", "Văn bản hết hiệu lực.", page[bankEnded]{}, (*call).textEnds),
		act[endTextIn]("POST", "/api/v1/bank/texts", "endText", "Ghi một văn bản hết hiệu lực; mục dựa vào nó được đánh dấu từ ngày đó.", (*call).endText).gives(page[bankEnded]{}),
		act[bankIn]("POST", "/api/v1/bank", "proposeBank", "Viết mục giải đáp (cơ quan trả lời).", (*call).proposeBank).makes(bankOut{}),
		look("/api/v1/bank/{id}", "getBank", "Xem một mục giải đáp.", bankOut{}, (*call).getBank),
		act[bankIn]("PUT", "/api/v1/bank/{id}", "editBank", "Sửa mục chưa duyệt.", (*call).editBank).gives(bankOut{}),
		act[approveIn]("POST", "/api/v1/bank/{id}/approve", "approveBank", "Lãnh đạo cơ quan trả lời duyệt mục giải đáp.", (*call).approveBank).gives(bankOut{}),
		act[bankReasonIn]("POST", "/api/v1/bank/{id}/return", "returnBank", "Trả lại để viết lại.", (*call).returnBank).gives(bankOut{}),
		act[bankReasonIn]("POST", "/api/v1/bank/{id}/retract", "retractBank", "Rút mục đã duyệt.", (*call).retractBank).gives(bankOut{}),
		act[struct{}]("POST", "/api/v1/bank/{id}/spare", "spareBank", "Ghi nhận câu trả lời đã đủ, không gửi kiến nghị.", (*call).spareBank).gives(bankOut{}),
	}
}

// A line of a list or of what is alike; Score is 0 in a plain list.
func bankLineOf(l bank.Likely) bankLine {
	return bankLine{ID: string(l.ID), Code: l.Code, Title: l.Title, Field: l.Field, Lead: string(l.Lead), OpenedOn: dayOf(l.OpenedAt), ApprovedOn: dayOf(l.ApprovedAt), Outdated: l.Outdated, Score: l.Score}
}

// The day of an instant in the office's time; "" for none.
func dayOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return workday.Of(t).String()
}

// The whole of an entry. The marks are only for whoever may write or approve: for a reader they would
// point at what is to be hidden.
func bankFull(tx *db.Tx, who org.Actor, e *bank.Entry, version int64) (out bankOut, err error) {
	out = bankOut{bankLine: bankLine{ID: string(e.ID), Code: e.Code, Title: e.Title, Field: e.Field, Lead: string(e.Lead), OpenedOn: dayOf(e.OpenedAt), ApprovedOn: dayOf(e.ApprovedAt)},
		State: e.State, Question: e.Question, Answer: e.Answer, Basis: e.Basis, ApprovedBy: string(e.ApprovedBy), Capacity: string(e.Capacity), Reason: e.Reason,
		Marks: []bankMark{}, Ended: []bankEnded{}, Version: version}
	if write, approve, _ := e.May(who); write || approve {
		marks, err := bank.Marks(tx, e)
		if err != nil {
			return out, err
		}
		for _, m := range marks {
			out.Marks = append(out.Marks, bankMark{m.Key(), m.Text, m.Say()})
		}
	}
	ended, err := bank.EndedOf(tx, e.ID)
	for _, x := range ended {
		out.Outdated = true
		out.Ended = append(out.Ended, bankEnded{x.Symbol, x.EndedOn.String(), x.ReplacedBy})
	}
	return out, err
}

// The answer to an act: what a GET would give now, so that a client needs no second call.
func bankDone(tx *db.Tx, who org.Actor, e *bank.Entry, version int64) (done, error) {
	out, err := bankFull(tx, who, e, version)
	return done{status: http.StatusOK, location: banksPath + string(e.ID), version: version, body: &out}, err
}

// bankAgain answers a repeated request with how the entry stands now.
func (c *call) bankAgain(tx *db.Tx, who org.Actor, id casefile.ID) (done, error) {
	e, err := bank.Get(tx, who, id)
	if err != nil {
		return done{}, err
	}
	return bankDone(tx, who, e, e.Version)
}

// onBank runs an operation on the entry of the address and answers how it stands then.
func (c *call) onBank(fn func(tx *db.Tx, who org.Actor, id casefile.ID) (*bank.Entry, error)) error {
	return c.update(func(tx *db.Tx, who org.Actor) (done, error) {
		e, err := fn(tx, who, casefile.ID(c.id))
		if err != nil {
			return done{}, err
		}
		return bankDone(tx, who, e, e.Version+1)
	})
}

// Entries the caller may read: approved ones everywhere, drafts of his own unit.
func (c *call) bankList() error {
	limit := c.limit()
	q := c.q
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		all, next, err := bank.List(tx, who, bank.FilterOf(q), q.Get("cursor"), limit)
		out := page[bankLine]{Items: []bankLine{}, Next: next}
		for _, l := range all {
			out.Items = append(out.Items, bankLineOf(l))
		}
		return &out, 0, err
	})
}

// What is alike to a text being written: entries first, then answered petitions that the caller may read.
func (c *call) bankLike() error {
	q := c.q
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		entries, petitions, err := bank.Like(tx, who, q.Get("q"), q.Get("field"), likeMost)
		out := likeOut{Entries: []bankLine{}, Petitions: []bankLine{}}
		for _, l := range entries {
			out.Entries = append(out.Entries, bankLineOf(l))
		}
		for _, l := range petitions {
			line := bankLineOf(l)
			line.ApprovedOn = ""
			out.Petitions = append(out.Petitions, line)
		}
		return &out, 0, err
	})
}

// Texts that end are the same for everybody: they are facts about law and name nobody.
func (c *call) textEnds() error {
	return c.view(func(tx *db.Tx, _ org.Actor) (any, int64, error) {
		out, err := endedPage(tx)
		return &out, 0, err
	})
}

// At most 500, newest first. A province knows of a few dozen.
func endedPage(tx *db.Tx) (out page[bankEnded], err error) {
	out.Items = []bankEnded{}
	all, err := bank.TextEnds(tx, 500)
	for _, x := range all {
		out.Items = append(out.Items, bankEnded{x.Symbol, x.EndedOn.String(), x.ReplacedBy})
	}
	return out, err
}

// Any officer with the post may say that a text ended; every entry that rests on it is marked from that
// day.
func (c *call) endText(in *endTextIn) error {
	on, err := workday.ParseDate(in.EndedOn)
	if err != nil {
		return fault.Field("ended_on", "Ngày ghi theo mẫu 2026-03-02.")
	}
	return c.update(func(tx *db.Tx, who org.Actor) (d done, err error) {
		if err := bank.EndText(tx, who, bank.Ended{Symbol: in.Symbol, EndedOn: on, ReplacedBy: in.ReplacedBy, Source: in.Source}); err != nil {
			return d, err
		}
		out, err := endedPage(tx)
		return done{status: http.StatusOK, location: "/api/v1/bank/texts", body: &out}, err
	})
}

// A new entry; 201 with its address.
func (c *call) proposeBank(in *bankIn) error {
	return c.update(func(tx *db.Tx, who org.Actor) (d done, err error) {
		e, err := bank.Propose(tx, who, in.entry(0))
		if err != nil {
			return d, err
		}
		d, err = bankDone(tx, who, e, e.Version)
		d.status = http.StatusCreated
		return d, err
	})
}

// An entry the caller may not read is 404, as every case.
func (c *call) getBank() error {
	return c.view(func(tx *db.Tx, who org.Actor) (any, int64, error) {
		e, err := bank.Get(tx, who, casefile.ID(c.id))
		if err != nil {
			return nil, 0, err
		}
		out, err := bankFull(tx, who, e, e.Version)
		return &out, e.Version, err
	})
}

// Edits a draft, under the version the caller saw.
func (c *call) editBank(in *bankIn) error {
	return c.onBank(func(tx *db.Tx, who org.Actor, id casefile.ID) (*bank.Entry, error) {
		return bank.Edit(tx, who, id, in.entry(c.version))
	})
}

// Approves in the capacity the caller holds; from here every officer reads the entry.
func (c *call) approveBank(in *approveIn) error {
	return c.onBank(func(tx *db.Tx, who org.Actor, id casefile.ID) (*bank.Entry, error) {
		return bank.Approve(tx, who, id, bank.Approval{Capacity: org.Capacity(in.Capacity), Keep: in.Keep, Stands: in.Stands, Version: c.version})
	})
}

// Back to whoever proposed it, with the reason.
func (c *call) returnBank(in *bankReasonIn) error {
	return c.onBank(func(tx *db.Tx, who org.Actor, id casefile.ID) (*bank.Entry, error) {
		return bank.GiveBack(tx, who, id, in.Reason, c.version)
	})
}

// Takes an approved entry back: it stays in the history with its reason and leaves every search.
func (c *call) retractBank(in *bankReasonIn) error {
	return c.onBank(func(tx *db.Tx, who org.Actor, id casefile.ID) (*bank.Entry, error) {
		return bank.Retract(tx, who, id, in.Reason, c.version)
	})
}

// Says that an entry answered the question, so that no petition had to be raised.
func (c *call) spareBank(*struct{}) error {
	return c.update(func(tx *db.Tx, who org.Actor) (done, error) {
		e, err := bank.Spare(tx, who, casefile.ID(c.id))
		if err != nil {
			return done{}, err
		}
		return bankDone(tx, who, e, e.Version)
	})
}
