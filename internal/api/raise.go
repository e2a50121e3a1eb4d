package api

import (
	"net/http"

	"lienthong/internal/db"
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

// Number, day and id of a paper that was issued elsewhere; the day is parsed once, here.
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
		d, err = c.paperDone(tx, who, x)
		d.status = http.StatusCreated
		return d, err
	})
}
