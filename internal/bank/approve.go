package bank

import (
	"sort"
	"strings"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/signoff"
)

// An Approval is a leader's act on an entry that waits.
type Approval struct {
	Capacity org.Capacity      // "" the one in which he may sign today
	Keep     map[string]string // Mark.Key of what only looks personal, with the reason why it stays
	Stands   string            // why the answer holds although a text it rests on has ended
	Version  int64             // 0 asks for no check
}

// Approve makes an entry readable by every officer. What looks personal must be gone, or
// each be kept with a reason; the basis must be named, and be in force unless the leader
// says why the answer holds all the same. An entry that it replaces goes.
func Approve(tx *db.Tx, who org.Actor, id casefile.ID, in Approval) (e *Entry, err error) {
	defer fault.Wrap(&err, "approve entry %s", id)
	e, who, err = lockFor(tx, who, id, in.Version, actApprove)
	if err != nil {
		return nil, err
	}
	if e.State != Waiting {
		return nil, fault.Refuse(fault.Conflict, "Mục này không ở bước chờ duyệt.")
	}
	if e.Basis == "" {
		return nil, fault.Field("basis", "Hãy ghi căn cứ: điều, khoản của văn bản nào, số, ngày.")
	}
	if err := e.byAnother(tx, who); err != nil {
		return nil, err
	}
	kept, err := e.cleared(tx, in.Keep)
	if err != nil {
		return nil, err
	}
	stands, err := e.stands(tx, in.Stands)
	if err != nil {
		return nil, err
	}
	var grounds string
	if who.Capacity, grounds, err = capacity(tx, who, e, in.Capacity); err != nil {
		return nil, err
	}
	for _, said := range [][2]string{{"bank.kept", kept}, {"bank.stands", stands}} {
		if said[1] == "" {
			continue
		}
		if err := e.record(tx, who, said[0], said[1], nil); err != nil {
			return nil, err
		}
	}
	e.State, e.Scope, e.ApprovedBy, e.Capacity, e.ApprovedAt = Approved, org.Everyone, who.Officer, who.Capacity, tx.Now
	_, err = casefile.Record(tx, e.Case, casefile.Event{Kind: "bank.approved", By: who, Text: e.text(), Facts: map[string]string{"grounds": grounds, "field": e.Field}})
	if err != nil {
		return nil, err
	}
	if e.Replaces != "" {
		if err := replaced(tx, who, e); err != nil {
			return nil, err
		}
	}
	return e, e.save(tx)
}

// byAnother refuses who wrote the entry, where answers of the department pass through more
// than one hand: what every officer will read was then read by two. Where one person does
// all, he does this too.
func (e *Entry) byAnother(tx *db.Tx, who org.Actor) error {
	if who.Officer != e.ProposedBy {
		return nil
	}
	alone, err := signoff.AtOnce(tx, who, e.Lead, petition.PaperAnswer, e.Field)
	if err == nil && !alone {
		err = fault.Refuse(fault.Denied, "Anh/chị đã viết mục này; một lãnh đạo khác của đơn vị duyệt.")
	}
	return err
}

// capacity is in which capacity the leader acts for the department today, and on what it rests.
func capacity(tx *db.Tx, who org.Actor, e *Entry, wanted org.Capacity) (c org.Capacity, grounds string, err error) {
	all, err := org.WhoCouldSign(tx, e.Lead, e.Field, tx.Now)
	if err != nil {
		return "", "", err
	}
	for _, s := range all {
		if s.Officer.ID == who.Officer && (wanted == "" || s.Capacity == wanted) {
			return s.Capacity, s.Basis, nil
		}
	}
	if wanted == "" {
		wanted = org.ForHead // the one that says what a deputy lacks
	}
	grounds, err = org.CheckSigning(tx, who.Officer, org.Signing{Unit: e.Lead, Capacity: wanted, Field: e.Field, On: tx.Now})
	return wanted, grounds, err
}

// cleared refuses an entry in which something looks personal and nobody said why it stays;
// it returns the reasons given.
func (e *Entry) cleared(tx *db.Tx, keep map[string]string) (kept string, err error) {
	marks, err := Marks(tx, e)
	if err != nil {
		return "", err
	}
	var open, said []string
	for _, m := range marks {
		why, err := words("keep", keep[m.Key()], "", longestReason)
		if err != nil {
			return "", err
		}
		if why == "" {
			open = append(open, "“"+m.Text+"” ("+m.Say()+")")
			continue
		}
		said = append(said, m.Say()+" “"+m.Text+"”: "+why)
	}
	if len(open) > 0 {
		return "", fault.Field("keep", "Còn chỗ có vẻ là thông tin riêng: %s. Hãy bỏ đi, hoặc ghi lý do giữ lại từng chỗ.", strings.Join(open, ", "))
	}
	sort.Strings(said)
	return strings.Join(said, "\n"), nil
}

// stands refuses an entry that rests on a text which has ended, unless it is said why the
// answer holds; it returns what is to be remembered.
func (e *Entry) stands(tx *db.Tx, why string) (said string, err error) {
	ended, err := EndedOf(tx, e.ID)
	if err != nil || len(ended) == 0 {
		return "", err
	}
	if why, err = words("stands", why, "", longestReason); err != nil {
		return "", err
	}
	var gone []string
	for _, x := range ended {
		gone = append(gone, x.Say())
	}
	if why == "" {
		return "", fault.Field("stands", "Căn cứ đã hết hiệu lực: %s. Hãy sửa lại căn cứ và lời giải đáp, hoặc ghi vì sao giải đáp vẫn đúng.", strings.Join(gone, "; "))
	}
	return strings.Join(gone, "; ") + ". " + why, nil
}

// replaced retracts the entry that a newly approved one takes the place of.
func replaced(tx *db.Tx, who org.Actor, by *Entry) error {
	c, err := casefile.Lock(tx, who, by.Replaces)
	if err != nil {
		return err
	}
	old, err := of(tx, c)
	if err != nil || old.State != Approved {
		return err
	}
	return old.retract(tx, who, "Thay bằng mục "+by.Code+".")
}

// GiveBack returns an entry that waits to whoever wrote it, with a reason.
func GiveBack(tx *db.Tx, who org.Actor, id casefile.ID, reason string, seen int64) (e *Entry, err error) {
	defer fault.Wrap(&err, "give back entry %s", id)
	e, who, err = lockFor(tx, who, id, seen, actApprove)
	if err != nil {
		return nil, err
	}
	if e.State != Waiting {
		return nil, fault.Refuse(fault.Conflict, "Mục này không ở bước chờ duyệt.")
	}
	if e.Reason, err = words("reason", reason, "Hãy ghi cần viết lại điều gì.", longestReason); err != nil {
		return nil, err
	}
	e.State = Draft
	if err := e.record(tx, who, "bank.returned", e.Reason, nil); err != nil {
		return nil, err
	}
	if err := notice.Tell(tx, notice.Note{Officer: e.ProposedBy, Case: e.ID, Kind: "bank.returned"}); err != nil {
		return nil, err
	}
	return e, e.save(tx)
}

// Retract takes an approved entry back, with a reason; its department still reads it.
func Retract(tx *db.Tx, who org.Actor, id casefile.ID, reason string, seen int64) (e *Entry, err error) {
	defer fault.Wrap(&err, "retract entry %s", id)
	e, who, err = lockFor(tx, who, id, seen, actApprove)
	if err != nil {
		return nil, err
	}
	if e.State != Approved {
		return nil, fault.Refuse(fault.Conflict, "Chỉ rút được mục đã duyệt.")
	}
	if reason, err = words("reason", reason, "Hãy ghi lý do rút.", longestReason); err != nil {
		return nil, err
	}
	return e, e.retract(tx, who, reason)
}

// Retracting closes the case and takes its scope away, so that it is found by its own unit only.
func (e *Entry) retract(tx *db.Tx, who org.Actor, reason string) error {
	e.State, e.Scope, e.RetractedAt, e.Reason, e.ClosedAt = Retracted, "", tx.Now, reason, tx.Now
	if _, err := casefile.Record(tx, e.Case, casefile.Event{Kind: "bank.retracted", By: who, Text: reason}); err != nil {
		return err
	}
	return e.save(tx)
}
