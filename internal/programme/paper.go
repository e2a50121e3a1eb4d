package programme

import (
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/signoff"
)

// The papers of programmes, which walk their unit's path like every paper.
const (
	PaperWeek   = "programme.week"
	PaperReview = "programme.review"
)

// Papers are the kinds of papers of programmes; their release sends the programme.
func Papers() []signoff.Kind {
	check := func(empty string) func(*db.Tx, string) error {
		return func(_ *db.Tx, body string) error {
			_, err := typed("text", body, empty, longestText*10)
			return err
		}
	}
	return []signoff.Kind{
		{Name: PaperWeek, Say: "Chương trình công tác tuần", Code: "CTr", Check: check("Hãy ghi chương trình công tác tuần."),
			Released: func(tx *db.Tx, who org.Actor, c *casefile.Case, x *signoff.Paper, body string) error {
				return released(tx, c, x, body, func(p *Programme) error { return p.send(tx, who, body, x.Symbol) })
			}},
		{Name: PaperReview, Say: "Báo cáo sơ kết, tổng kết", Code: "BC", Check: check("Hãy ghi nội dung sơ kết, tổng kết."),
			Released: func(tx *db.Tx, who org.Actor, c *casefile.Case, x *signoff.Paper, body string) error {
				return released(tx, c, x, body, func(p *Programme) error { return p.report(tx, who, body, x.Symbol) })
			}},
	}
}

// released does what a paper's release means for its programme.
func released(tx *db.Tx, c *casefile.Case, x *signoff.Paper, _ string, fn func(p *Programme) error) error {
	p, err := programmeOf(tx, c)
	if err != nil {
		return err
	}
	p.PaperID = x.ID
	if err := p.papered(tx); err != nil {
		return err
	}
	return fn(p)
}

func (p *Programme) papered(tx *db.Tx) error {
	_, err := tx.Exec(`UPDATE programme SET paper_id = $1 WHERE case_id = $2`, string(p.PaperID), string(p.ID))
	return err
}

// direct returns the actor in the post and capacity in which he sends a programme in one act.
func direct(tx *db.Tx, who org.Actor, p *Programme, kind string) (org.Actor, error) {
	if !who.In(p.Lead) {
		return who, fault.Refuse(fault.Denied, "Chỉ đơn vị mới gửi chương trình, báo cáo của mình.")
	}
	return signoff.Direct(tx, who, p.Lead, kind, "")
}

// draft begins the paper that sends a programme; one is under way at a time.
func (p *Programme) draft(tx *db.Tx, desk signoff.Desk, who org.Actor, kind, body string) (*signoff.Paper, error) {
	if !who.In(p.Lead) {
		return nil, fault.Refuse(fault.Denied, "Chỉ đơn vị mới gửi chương trình, báo cáo của mình.")
	}
	if p.PaperID != "" {
		old, err := signoff.Get(tx, org.System("programme"), p.PaperID)
		if err != nil {
			return nil, err
		}
		if old.State != signoff.Released && old.State != signoff.Dropped {
			return nil, fault.Refuse(fault.Conflict, "Đã có một dự thảo đang xử lý; hãy mở dự thảo ấy.")
		}
	}
	x, err := desk.Draft(tx, who, signoff.New{Case: p.ID, Kind: kind, Unit: p.Lead, Title: p.Title, Body: body})
	if err != nil {
		return nil, err
	}
	p.PaperID = x.ID
	return x, p.papered(tx)
}

// DraftWeek begins the paper of the unit's week with its items; its release sends it.
func DraftWeek(tx *db.Tx, desk signoff.Desk, who org.Actor, id casefile.ID, note string, version int64) (x *signoff.Paper, err error) {
	defer fault.Wrap(&err, "draft week %s", id)
	p, err := holdWeek(tx, who, id, version)
	if err != nil {
		return nil, err
	}
	text, err := p.weekText(tx, who, note)
	if err != nil {
		return nil, err
	}
	return p.draft(tx, desk, who, PaperWeek, text)
}
