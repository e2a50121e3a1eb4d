package api

import (
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/direct"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
)

// What a leader directs with: at least a section or an officer.
type directIn struct {
	Officer     string   `json:"officer,omitempty" doc:"người chủ trì"`
	Section     string   `json:"section,omitempty" doc:"phòng; bỏ trống là phòng của người chủ trì"`
	Instruction string   `json:"instruction,omitempty" doc:"ý kiến chỉ đạo"`
	InnerOn     string   `json:"inner_on,omitempty" doc:"hạn nội bộ; không thay hạn theo quy định"`
	CoWorkers   []string `json:"co_workers,omitempty" doc:"phối hợp trong đơn vị"`
	Readers     []string `json:"readers,omitempty" doc:"để biết"`
}

// Sends a matter down the unit with an instruction. The inner date is the leader's own and never replaces
// the legal one.
func (c *call) direct(in *directIn) error {
	return c.onPetition(in, func(tx *db.Tx, who org.Actor, id casefile.ID) (*petition.Petition, error) {
		to, err := in.order()
		if err != nil {
			return nil, err
		}
		return petition.Direct(tx, who, id, to, c.version)
	})
}

// order is a direction as it was sent; the unit and the duty are each petition's own.
func (in *directIn) order() (to direct.In, err error) {
	inner, err := day("inner_on", in.InnerOn)
	return direct.In{Section: org.UnitID(in.Section), Officer: org.OfficerID(in.Officer), CoWorkers: officers(in.CoWorkers), Readers: officers(in.Readers),
		Instruction: in.Instruction, InnerOn: inner}, err
}

// officers are ids as typed; whether they serve in the unit is asked by the operation.
func officers(ids []string) (all []org.OfficerID) {
	for _, id := range ids {
		all = append(all, org.OfficerID(id))
	}
	return all
}

// Nothing: an act that says everything by its name.
type noneIn struct{}

// A reason that others will read.
type reasonIn struct {
	Reason string `json:"reason" doc:"lý do"`
}

// Takes a petition into the register of its department; the duty to answer does not wait for it.
func (c *call) register(in *noneIn) error {
	return c.onPetition(in, func(tx *db.Tx, who org.Actor, id casefile.ID) (*petition.Petition, error) {
		return petition.Register(tx, who, id, c.version)
	})
}

// Sends a matter back up to whoever gave it, with why.
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

// Sends a petition to the department that is competent. The second time it is the Office that decides; the
// operation says so.
func (c *call) forward(in *forwardIn) error {
	return c.onPetition(in, func(tx *db.Tx, who org.Actor, id casefile.ID) (*petition.Petition, error) {
		return petition.Forward(tx, who, id, petition.Forwarding{To: org.UnitID(in.To), Reason: in.Reason, Version: c.version})
	})
}

// The Office names the lead of a petition two departments do not want.
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

// Gives a petition back to its commune on one of the grounds of the rulebook.
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

// The commune's word on whether the answer settled the matter. A missing value is refused: silence is not
// a yes.
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

// What came of an answer that promised more.
func (c *call) report(in *reportIn) error {
	return c.onPetition(in, func(tx *db.Tx, who org.Actor, id casefile.ID) (*petition.Petition, error) {
		return petition.Report(tx, who, id, petition.Progress{Text: in.Text, Done: in.Done, NextReport: in.NextReport, Version: c.version})
	})
}
