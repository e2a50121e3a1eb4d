package signoff

import (
	"fmt"
	"slices"
	"strings"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// OnPaper is a signature that a leader gave by hand on the printed text (bản ký giấy), as
// the clerk found it. The scan is the proof: it stays with the paper and goes out with it.
type OnPaper struct {
	Signer   org.OfficerID
	Capacity org.Capacity
	SignedOn workday.Date      // as written on the sheet
	Scan     casefile.Document // the signed sheet: PDF or a picture
	Outer    Outer             // its number, when the sheet has one already: it is then released in this act
	Version  int64             // of the text that was printed; 0 when the sender saw none
	Comment  string
}

// MayRecord says whether who may record a signature on paper now: he does the step that
// numbers and releases, the draft is on its way, and its path has a signature to come.
func (p *Paper) MayRecord(who org.Actor) bool {
	_, err := p.recorder(who)
	return err == nil
}

// RecordSigned records a signature on paper (ghi nhận bản ký giấy): the clerk names the
// signer, the capacity, the day and the scan. The capacity is checked for the signer as
// Sign checks it (NĐ 30/2020, Điều 13), on the day of the sheet; the signer is told. What
// was not yet looked at inside the unit is passed over: it was done on paper. Without a
// number the paper then waits for its release.
func (d Desk) RecordSigned(tx *db.Tx, who org.Actor, id ID, in OnPaper) (p *Paper, err error) {
	defer fault.Wrap(&err, "record the signed paper %s", id)
	var c *casefile.Case
	if in.Outer == (Outer{}) {
		p, c, err = hold(tx, who, id, casefile.LockQuiet)
	} else { // it leaves in the same act
		p, c, err = holdAfter(tx, who, id, casefile.Lock, d.holdOthers)
	}
	if err != nil {
		return nil, err
	}
	as, err := p.recorder(who)
	if err != nil {
		return nil, err
	}
	if err := p.seen(tx, as, in.Version, nil); err != nil {
		return nil, err
	}
	if err := p.found(tx, in, c.Field); err != nil {
		return nil, err
	}
	in.Scan.Case, in.Scan.EventN, in.Scan.PaperID, in.Scan.AddedBy, in.Scan.Audience = p.Case, 0, string(p.ID), as.Officer, org.OfUnit(p.Unit)
	if p.ScanID, err = casefile.Attach(tx, in.Scan); err != nil {
		return nil, err
	}
	p.SignedOn, p.RecordedBy = in.SignedOn, as.Officer
	if err := p.toRelease(tx); err != nil {
		return nil, err
	}
	if err := p.mark(tx, as, onPaper, in.Comment); err != nil {
		return nil, err
	}
	if err := p.save(tx); err != nil {
		return nil, err
	}
	if err := p.recordFound(tx, c, as, in); err != nil {
		return nil, err
	}
	if err := tellOfficer(tx, p, p.Signer, "paper.on_paper"); err != nil {
		return nil, err
	}
	if in.Outer == (Outer{}) {
		return p, nil
	}
	return p, d.leave(tx, as, p, c, Issue{Outer: in.Outer, Comment: in.Comment})
}

// recorder returns the actor in the post that releases papers of this path, or why he may
// not record a signature now.
func (p *Paper) recorder(who org.Actor) (as org.Actor, err error) {
	if err := p.belongs(who); err != nil {
		return who, err
	}
	at := slices.IndexFunc(p.Path, func(s org.Step) bool { return s.Stage == org.Release })
	hasSign := slices.ContainsFunc(p.Path, func(s org.Step) bool { return s.Stage == org.Sign })
	switch {
	case p.State == Drafting:
		return who, p.notYet()
	case p.State != Reviewing && p.State != Signing:
		return who, p.due(Signing)
	case at < 0 || !hasSign:
		return who, fault.Refuse(fault.Denied, "Quy trình của đơn vị không có bước ký riêng nên không ghi nhận bản ký giấy.")
	}
	s := p.Path[at]
	for _, post := range posts(who) {
		if post.Unit == p.Unit && (post.ID == s.Post || s.Post == "" && post.Role == s.Role) {
			return who.As(post), nil
		}
	}
	return who, &fault.Refusal{Kind: fault.Denied, Step: StepSay(s), Say: "Bản ký giấy do người cấp số, phát hành của đơn vị ghi nhận; anh/chị không giữ phần việc này."}
}

// found checks what stands on the sheet and puts the signature on the paper.
func (p *Paper) found(tx *db.Tx, in OnPaper, field string) error {
	text, err := p.Newest(tx)
	if err != nil {
		return err
	}
	today := workday.Of(tx.Now)
	switch {
	case in.Signer == "":
		return fault.Field("signer", "Hãy chọn người đã ký trên giấy.")
	case in.SignedOn.IsZero():
		return fault.Field("signed_on", "Hãy ghi ngày ký trên bản giấy.")
	case in.SignedOn.After(today):
		return fault.Field("signed_on", "Ngày ký không thể sau hôm nay.")
	case in.SignedOn.Before(workday.Of(text.At)):
		return fault.Field("signed_on", "Bản đang lưu được sửa ngày %s, sau ngày ký ghi trên giấy; hãy kiểm tra xem lãnh đạo ký bản nào.", workday.Of(text.At).Long())
	case in.Scan.Hash == "":
		return fault.Field("files", "Hãy gửi kèm bản quét của văn bản đã ký.")
	case in.Scan.MediaType != "application/pdf" && !strings.HasPrefix(in.Scan.MediaType, "image/"):
		return fault.Field("files", "Bản quét là tệp PDF hoặc ảnh.")
	}
	signer, err := org.ActorOf(tx, in.Signer)
	if err != nil {
		return fault.Field("signer", "Không có cán bộ này.")
	}
	if signer = inUnit(signer, p.Unit, p.Section); signer.Post.Unit != p.Unit {
		return fault.Field("signer", "%s không giữ chức danh nào ở đơn vị.", signer.Name)
	}
	signer.Capacity = in.Capacity
	on := tx.Now
	if in.SignedOn != today { // the hour is not on the sheet: the last one of its day
		on = in.SignedOn.AddDays(1).Midnight().Add(-1)
	}
	return p.signOn(tx, signer, field, on)
}

// toRelease moves the paper behind the signature and tells whose turn it is.
func (p *Paper) toRelease(tx *db.Tx) error {
	all, err := org.Officers(tx, p.Unit)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(p.Path, func(s org.Step) bool { return s.Stage == org.Release })
	key, _, err := p.find(all, p.Path[at])
	p.Step, p.State, p.Waiting, p.MovedAt, p.Returned = at+1, Releasing, key, tx.Now, false
	return err
}

// recordFound tells the unit's history who signed by hand and who says so.
func (p *Paper) recordFound(tx *db.Tx, c *casefile.Case, who org.Actor, in OnPaper) error {
	text := fmt.Sprintf("%s, %s ký trên giấy ngày %s; bản quét “%s”.", p.SignerName, p.SignerTitle, p.SignedOn.Long(), in.Scan.Name)
	if in.Comment != "" {
		text += "\n" + in.Comment
	}
	_, err := casefile.Record(tx, c, casefile.Event{
		By: who, Kind: "paper." + onPaper, OccurredAt: tx.Now, Audience: org.OfUnit(p.Unit), Text: text,
		Facts: map[string]string{"paper": string(p.ID), "kind": p.Kind, "version": itoa(p.Version), "signer": string(p.Signer), "signer_title": p.SignerTitle,
			"capacity": string(p.Capacity), "basis": p.Basis, "signed_on": p.SignedOn.String(), "clause": org.ClauseSigning, "scan": p.ScanID},
	})
	return err
}
