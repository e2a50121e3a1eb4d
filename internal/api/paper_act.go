package api

import (
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/signoff"
	"lienthong/internal/workday"
)

// What most steps of a paper bring.
type stepIn struct {
	Comment string `json:"comment,omitempty" doc:"ý kiến"`
}

// Submits a draft up its path.
func (c *call) submit(in *stepIn) error {
	return c.onPaper(func(tx *db.Tx, who org.Actor, id signoff.ID) (*signoff.Paper, error) {
		return c.s.Desk.Submit(tx, who, id, signoff.Step{Version: c.version, Comment: in.Comment})
	})
}

// recall takes a draft back before anybody acted on it.
func (c *call) recall(in *stepIn) error {
	return c.onPaper(func(tx *db.Tx, who org.Actor, id signoff.ID) (*signoff.Paper, error) {
		return c.s.Desk.Recall(tx, who, id, signoff.Step{Version: c.version, Comment: in.Comment})
	})
}

// What a reviewer brings: a remark, or his own text.
type reviewIn struct {
	Comment string  `json:"comment,omitempty" doc:"ý kiến"`
	Edit    *editIn `json:"edit,omitempty" doc:"bản sửa của người xem; bản của người soạn vẫn được giữ"`
}

// Passes a paper on, with an edit of the reviewer's own when there is one: then both versions stay.
func (c *call) review(in *reviewIn) error {
	return c.onPaper(func(tx *db.Tx, who org.Actor, id signoff.ID) (*signoff.Paper, error) {
		step := signoff.Step{Version: c.version, Comment: in.Comment}
		if in.Edit == nil {
			return c.s.Desk.Review(tx, who, id, step, nil)
		}
		e, err := in.Edit.edit(tx, who, id, c.version)
		if err != nil {
			return nil, err
		}
		return c.s.Desk.Review(tx, who, id, step, &e)
	})
}

// What sends a paper back: the drafter has to know what to change.
type backIn struct {
	Reason string `json:"reason" doc:"lý do trả lại"`
}

// Sends a paper back to its drafter with a reason.
func (c *call) sendBack(in *backIn) error {
	return c.onPaper(func(tx *db.Tx, who org.Actor, id signoff.ID) (*signoff.Paper, error) {
		return c.s.Desk.SendBack(tx, who, id, signoff.Step{Version: c.version, Comment: in.Reason})
	})
}

// What a leader signs with. Whether the capacity holds is checked at that instant.
type signIn struct {
	Capacity string `json:"capacity,omitempty" doc:"thể thức đề ký: TM., KT., TL., TUQ., Q.; bỏ trống là người đứng đầu ký"`
	Comment  string `json:"comment,omitempty"`
}

// Signs in a capacity; org decides whether the caller holds it today, and the paper keeps the basis.
func (c *call) sign(in *signIn) error {
	return c.onPaper(func(tx *db.Tx, who org.Actor, id signoff.ID) (*signoff.Paper, error) {
		return c.s.Desk.Sign(tx, who, id, signoff.Signature{Capacity: org.Capacity(in.Capacity), Version: c.version, Comment: in.Comment})
	})
}

// What the clerk records of a sheet that was signed by hand.
type onPaperIn struct {
	Signer   string `json:"signer" doc:"người đã ký, có chức danh ở đơn vị"`
	Capacity string `json:"capacity,omitempty" doc:"thể thức đề ký: TM., KT., TL., TUQ., Q.; bỏ trống là người đứng đầu ký"`
	SignedOn string `json:"signed_on" doc:"ngày ký ghi trên bản giấy, như 2026-02-10"`
	Scan     string `json:"scan" doc:"mã của bản quét đã tải lên trước: PDF hoặc ảnh"`
	Comment  string `json:"comment,omitempty"`
	Outer
}

// Records that a leader signed by hand: the clerk does it, with the scan as proof and the day on the
// paper.
func (c *call) signedOnPaper(in *onPaperIn) error {
	return c.onPaper(func(tx *db.Tx, who org.Actor, id signoff.ID) (*signoff.Paper, error) {
		on, err := workday.ParseDate(in.SignedOn)
		if err != nil {
			return nil, fault.Field("signed_on", "Ngày %.20q không đúng; ghi như 2026-02-10.", in.SignedOn)
		}
		outer, err := in.outer()
		if err != nil {
			return nil, err
		}
		files, err := takeUploads(tx, who.Officer, []string{in.Scan})
		if err != nil {
			return nil, err
		}
		return c.s.Desk.RecordSigned(tx, who, id, signoff.OnPaper{Signer: org.OfficerID(in.Signer), Capacity: org.Capacity(in.Capacity), SignedOn: on,
			Scan: files[0], Outer: outer, Version: c.version, Comment: in.Comment})
	})
}

// What the clerk releases with: nothing, for a number of the unit's own register.
type releaseIn struct {
	Capacity string `json:"capacity,omitempty" doc:"chỉ khi đường đi không có bước ký riêng"`
	Comment  string `json:"comment,omitempty"`
	Outer
}

// Gives the number and lets the paper out; from here its duty is met.
func (c *call) release(in *releaseIn) error {
	return c.onPaper(func(tx *db.Tx, who org.Actor, id signoff.ID) (*signoff.Paper, error) {
		outer, err := in.outer()
		if err != nil {
			return nil, err
		}
		return c.s.Desk.Release(tx, who, id, signoff.Issue{Outer: outer, Capacity: org.Capacity(in.Capacity), Version: c.version, Comment: in.Comment})
	})
}
