package directive

import (
	"time"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/job"
	"lienthong/internal/notice"
	"lienthong/internal/org"
)

// Confirm is the desk officer's word that the reading is faithful to the document. Refused
// while a name, a lead among several or a date of the reading is to be mended; what the
// document leaves open need not be decided yet. Nothing is issued by it.
func Confirm(tx *db.Tx, who org.Actor, id casefile.ID, remark string, seen int64) (d *Directive, err error) {
	defer fault.Wrap(&err, "confirm directive %s", id)
	d, who, err = inOffice(tx, who, id, seen, actConfirm)
	if err != nil {
		return nil, err
	}
	if d.State != Proposed {
		return nil, fault.Refuse(fault.Conflict, "Văn bản này không chờ xác nhận: %s.", States[d.State])
	}
	if err := checkText("remark", remark, longestReason); err != nil {
		return nil, err
	}
	if err := faithful(tx, d); err != nil {
		return nil, err
	}
	d.State, d.ConfirmedBy, d.ConfirmedAt, d.ConfirmedSection = Confirmed, who.Officer, tx.Now, who.Post.Section
	if _, err := casefile.Record(tx, d.Case, casefile.Event{Kind: "directive.confirmed", By: who, Text: remark}, "PT1537/M2.b.6-2"); err != nil {
		return nil, err
	}
	if err := d.update(tx); err != nil {
		return nil, err
	}
	return d, notice.Tell(tx, notice.Note{Unit: d.Raiser, Role: org.Head, Case: d.ID, Kind: "directive.confirmed"})
}

// inOffice holds a directive for an act of the Office.
func inOffice(tx *db.Tx, who org.Actor, id casefile.ID, seen int64, act access.Act) (*Directive, org.Actor, error) {
	d, err := lock(tx, who, id, seen)
	if err != nil {
		return nil, who, err
	}
	rb, err := d.rulebook(tx)
	if err != nil {
		return nil, who, err
	}
	who, _, err = asOffice(tx, who, rb, act)
	return d, who, err
}

// SendBack gives a confirmed directive back to be looked through again, with a reason.
func SendBack(tx *db.Tx, who org.Actor, id casefile.ID, reason string, seen int64) (d *Directive, err error) {
	defer fault.Wrap(&err, "send back directive %s", id)
	if reason, err = reasonOf("reason", reason, "Hãy nêu vì sao trả lại."); err != nil {
		return nil, err
	}
	if d, who, err = inOffice(tx, who, id, seen, actRelease); err != nil {
		return nil, err
	}
	if d.State != Confirmed {
		return nil, fault.Refuse(fault.Conflict, "Văn bản này không chờ ban hành nhiệm vụ: %s.", States[d.State])
	}
	to := d.ConfirmedBy
	d.State, d.ConfirmedBy, d.ConfirmedAt = Proposed, "", time.Time{}
	if _, err := casefile.Record(tx, d.Case, casefile.Event{Kind: "directive.sent_back", By: who, Text: reason}); err != nil {
		return nil, err
	}
	if err := d.update(tx); err != nil {
		return nil, err
	}
	return d, tellOfficer(tx, d.ID, to, "directive.sent_back")
}

// Release issues the assignments of a confirmed directive: by the head of the section
// that confirmed it, or a leader of the Office. It starts the job that opens them (JobKind);
// they appear together, by one small transaction, or none does.
func Release(tx *db.Tx, who org.Actor, id casefile.ID, seen int64) (d *Directive, err error) {
	defer fault.Wrap(&err, "release directive %s", id)
	if d, who, err = inOffice(tx, who, id, seen, actRelease); err != nil {
		return nil, err
	}
	switch {
	case d.State == Releasing || d.State == Released:
		return nil, fault.Refuse(fault.Conflict, "Nhiệm vụ của văn bản này đã được ban hành.")
	case d.State != Confirmed:
		return nil, &fault.Refusal{Kind: fault.Denied, Step: "chuyên viên xác nhận", Say: "Văn bản này chưa được xác nhận đọc đúng."}
	case who.Post.Role == org.Head && d.ConfirmedSection != "" && who.Post.Section != d.ConfirmedSection:
		return nil, fault.Refuse(fault.Denied, "Trưởng phòng của người đã xác nhận, hoặc lãnh đạo Văn phòng, ban hành nhiệm vụ.")
	}
	return d, d.release(tx, who)
}

// release begins the issuing. Whoever signed or released stands for all that it gives.
func (d *Directive) release(tx *db.Tx, who org.Actor) error {
	if err := blocked(tx, d); err != nil {
		return err
	}
	d.State, d.ReleasedBy, d.ReleasedAt = Releasing, who.Officer, tx.Now
	_, err := casefile.Record(tx, d.Case, casefile.Event{Kind: "directive.releasing", By: who})
	if err != nil {
		return err
	}
	if d.Job, err = job.Start(tx, JobKind, string(d.ID), string(who.Officer)); err != nil {
		return err
	}
	return d.update(tx)
}

// Withdraw ends a directive that gave nothing, with a reason; its number may come again.
func Withdraw(tx *db.Tx, who org.Actor, id casefile.ID, reason string, seen int64) (d *Directive, err error) {
	defer fault.Wrap(&err, "withdraw directive %s", id)
	if reason, err = reasonOf("reason", reason, "Hãy nêu vì sao rút văn bản."); err != nil {
		return nil, err
	}
	if d, who, err = inOffice(tx, who, id, seen, actEdit); err != nil {
		return nil, err
	}
	if d.State != Proposed && d.State != Confirmed {
		return nil, fault.Refuse(fault.Conflict, "Văn bản này không rút được nữa: %s.", States[d.State])
	}
	d.State, d.ClosedAt = Withdrawn, tx.Now
	if _, err := casefile.Record(tx, d.Case, casefile.Event{Kind: "directive.withdrawn", By: who, Text: reason}); err != nil {
		return nil, err
	}
	return d, d.update(tx)
}

// tellOfficer tells one officer, or who does his work while he is away.
func tellOfficer(tx *db.Tx, id casefile.ID, to org.OfficerID, kind string) error {
	if to == "" {
		return nil
	}
	by, err := org.StandIn(tx, to)
	if err != nil {
		return err
	}
	return notice.Tell(tx, notice.Note{Officer: by, Case: id, Kind: kind})
}
