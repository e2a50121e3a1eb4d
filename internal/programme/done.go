package programme

import (
	"slices"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
)

// The relations of an item to cases of other kinds.
var linkWords = map[string]string{"assignment": "nhiệm vụ được giao", "meeting": "cuộc họp", "result": "kết quả"}

// LinkWords are the relations as screens name them.
func LinkWords(what string) string { return linkWords[what] }

// A Bond ties an item to a case of another kind.
type Bond struct {
	What    string // assignment, meeting, result
	Target  casefile.ID
	Version int64
}

// Link ties an item to the assignment it carries out, the meeting it is, or its result. Who
// ties it must read both; a reader of the item who may not read the other does not see it.
func Link(tx *db.Tx, who org.Actor, id casefile.ID, in Bond) (x *Item, err error) {
	defer fault.Wrap(&err, "link %s", id)
	if x, err = lock(tx, who, id, in.Version); err != nil {
		return nil, err
	}
	if who, err = pick(tx, who, x, actWork); err != nil {
		return nil, err
	}
	if linkWords[in.What] == "" {
		return nil, fault.Field("what", "Hãy chọn: nhiệm vụ được giao, cuộc họp hoặc kết quả.")
	}
	other, err := casefile.Get(tx, who, in.Target)
	if err != nil || other.ID == x.ID {
		return nil, fault.Field("target", "Không có hồ sơ nào mang mã này.")
	}
	n, err := tx.Exec(`INSERT INTO programme_link (case_id, what, target) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, string(x.ID), in.What, string(other.ID))
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return nil, fault.Refuse(fault.Conflict, "Việc này đã gắn với hồ sơ %s.", other.Code)
	}
	_, err = casefile.Record(tx, x.Case, casefile.Event{Kind: "programme.linked", By: who, Facts: map[string]string{"what": in.What, "to": other.Code}})
	return x, err
}

// estimator returns who approves the estimate of what arises in a unit; ok is false where no
// rule wants one.
func estimator(tx *db.Tx, unit org.UnitID) (f access.Facts, ok bool, err error) {
	rule, ok, err := apply(tx, ruleEstimate, unit)
	if !ok || err != nil || rule.Model { // a model of another place holds nobody up
		return f, false, err
	}
	return access.Facts{Units: map[access.Function][]org.UnitID{access.Overseer: {rule.Role("by").Unit}}}, true, nil
}

// An Approval is what is granted for a thing that arises.
type Approval struct {
	Amount  int64 // đồng
	Reason  string
	Version int64
}

// ApproveEstimate grants the money for a thing that arises, by whom the rule names, before
// it is carried out.
func ApproveEstimate(tx *db.Tx, who org.Actor, id casefile.ID, in Approval) (x *Item, err error) {
	defer fault.Wrap(&err, "approve estimate of %s", id)
	// who approves sees an item of another unit only because the rule names him
	c, err := casefile.Get(tx, org.System("programme"), id)
	if err != nil {
		return nil, err
	}
	by, on, err := estimator(tx, c.Lead)
	if err != nil {
		return nil, err
	}
	if !on {
		return nil, fault.Refuse(fault.Denied, "Quy chế đang áp dụng không đòi duyệt dự toán việc phát sinh.")
	}
	if x, err = lock(tx, who, id, in.Version); err != nil {
		return nil, err
	}
	if who, err = access.Pick(who, actEstimate, by); err != nil {
		return nil, err
	}
	switch {
	case !x.Arising || x.Approved != 0 || !slices.Contains([]string{Registered, Planned}, x.State):
		return nil, fault.Refuse(fault.Conflict, "Việc này không chờ duyệt dự toán.")
	case in.Amount <= 0:
		return nil, fault.Field("amount", "Hãy ghi số tiền được duyệt.")
	}
	if in.Reason, err = typed("reason", in.Reason, "", longestText); err != nil {
		return nil, err
	}
	asked := x.Estimate
	x.Estimate = in.Amount
	x.Approved, err = casefile.Record(tx, x.Case, casefile.Event{Kind: "programme.estimated", By: who, Text: in.Reason,
		Facts: map[string]string{"asked": itoa(asked), "granted": itoa(in.Amount)}}, "TX108/D20.2")
	if err != nil {
		return nil, err
	}
	if err := x.saved(tx); err != nil {
		return nil, err
	}
	return x, notice.Tell(tx, notice.Note{Unit: x.Lead, Role: org.Leader, Case: x.ID, Kind: "programme.decided"})
}

// An End says how an item came out.
type End struct {
	Dropped bool // it is not carried out
	Text    string
	Version int64
}

// Finish ends an item: carried out, with what came of it, or given up with a reason, which
// only whoever decides about the programme may. A thing that arises is not carried out
// before its estimate is approved, where a rule wants that.
func Finish(tx *db.Tx, who org.Actor, id casefile.ID, in End) (x *Item, err error) {
	defer fault.Wrap(&err, "finish %s", id)
	if x, err = lock(tx, who, id, in.Version); err != nil {
		return nil, err
	}
	act, kind, state, empty := actWork, "programme.done", Done, "Hãy ghi kết quả thực hiện."
	if in.Dropped {
		act, kind, state, empty = actDecide, "programme.dropped", Dropped, "Hãy nêu lý do không thực hiện."
	}
	if who, err = pick(tx, who, x, act); err != nil {
		return nil, err
	}
	if x.State != Planned {
		return nil, fault.Refuse(fault.Conflict, "Việc này không còn ở trong chương trình để cập nhật.")
	}
	if in.Text, err = typed("text", in.Text, empty, longestText); err != nil {
		return nil, err
	}
	_, wants, err := estimator(tx, x.Lead)
	if err != nil {
		return nil, err
	}
	if wants && x.Arising && x.Approved == 0 && !in.Dropped {
		return nil, fault.Refuse(fault.Conflict, "Việc phát sinh phải được duyệt dự toán trước khi thực hiện.")
	}
	x.State, x.ClosedAt = state, tx.Now
	if _, err := casefile.Record(tx, x.Case, casefile.Event{Kind: kind, By: who, Text: in.Text, Facts: map[string]string{"place": x.Place.String()}},
		"TX108/D6.K2"); err != nil {
		return nil, err
	}
	if err := x.saved(tx); err != nil {
		return nil, err
	}
	return x, x.tell(tx, who, "programme.ended")
}
