package petition

import (
	"errors"
	"strings"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/vntext"
)

// A Forwarding sends a petition to the unit that is competent.
type Forwarding struct {
	To      org.UnitID
	Reason  string
	Version int64
}

// Forward sends a petition to the right department. The commune's clock does not
// start again; the time the unit had it is its own share. A second forwarding is
// contested: the petition stays where it is, and the Office, which the rule names,
// decides who leads, with both views kept.
func Forward(tx *db.Tx, who org.Actor, id casefile.ID, in Forwarding) (p *Petition, err error) {
	defer fault.Wrap(&err, "forward petition %s", id)
	p, who, err = lockFor(tx, who, id, in.Version, actForward)
	if err != nil {
		return nil, err
	}
	if err := p.answerable(); err != nil {
		return nil, err
	}
	if in.Reason, err = reason(in.Reason, "Hãy nêu lý do chuyển: nội dung nào thuộc chức năng đơn vị nhận."); err != nil {
		return nil, err
	}
	if err := p.checkTarget(tx, in.To); err != nil {
		return nil, err
	}
	if p.Hops > 0 || p.Contested {
		return p, p.contest(tx, who, in)
	}
	return p, p.move(tx, who, in.To, in.Reason, "petition.forwarded")
}

// A demanded reason, normalised, within length and without marks of secrecy.
func reason(s, demand string) (string, error) {
	s = vntext.NFC(strings.TrimSpace(s))
	if vntext.IsBlank(s) {
		return "", fault.Field("reason", "%s", demand)
	}
	return s, checkText("reason", s)
}

// checkTarget refuses a unit that does not exist, that has the petition already, or
// that petitions cannot be sent to.
func (p *Petition) checkTarget(tx *db.Tx, to org.UnitID) error {
	if to == "" {
		return fault.Field("to", "Hãy chọn đơn vị nhận.")
	}
	if to == p.Lead {
		return fault.Field("to", "Đơn vị này đang giữ kiến nghị.")
	}
	if to == p.Raiser {
		return fault.Field("to", "Đây là đơn vị kiến nghị; muốn trả lại thì dùng mục Trả lại, có nêu căn cứ.")
	}
	if _, err := org.UnitOf(tx, to); err != nil {
		if errors.Is(err, fault.NotFound) {
			return fault.Field("to", "Không có đơn vị nào mang mã “%.60s”.", string(to))
		}
		return err
	}
	rb, err := p.rulebook(tx)
	if err != nil {
		return err
	}
	if _, err := rb.Find(p.owed(tx, to)); err != nil {
		if errors.Is(err, fault.NotFound) {
			return fault.Field("to", "Quy chế không giao đơn vị này trả lời kiến nghị của xã, phường.")
		}
		return err
	}
	return nil
}

// move hands the petition to another lead: its share of the time is kept, the duty
// goes on with the same due instant unless the rule starts it anew.
func (p *Petition) move(tx *db.Tx, who org.Actor, to org.UnitID, why, kind string) error {
	from := p.Lead
	n, err := casefile.Record(tx, p.Case, casefile.Event{Kind: kind, By: who, Text: why, Facts: casefile.Pairs("from", string(from), "to", string(to))}, "PT06/D2.K2.b")
	if err != nil {
		return err
	}
	if err := p.keepHop(tx, from, to, n); err != nil {
		return err
	}
	if err := casefile.Leave(tx, p.ID, casefile.Party{Unit: from, Function: access.Lead}); err != nil {
		return err
	}
	if err := casefile.Join(tx, p.ID, casefile.Party{Unit: from, Function: access.Former}, casefile.Party{Unit: to, Function: access.Lead}); err != nil {
		return err
	}
	if p.Hole != "" { // the Office is no department: this is the first one it reaches
		p.ArrivedAt = tx.Now
	}
	p.Lead, p.Hops, p.Contested, p.Hole = to, p.Hops+1, false, ""
	if p.State == Directed {
		p.State = Received
	}
	if err := p.handAnswer(tx, who, from, to, why); err != nil {
		return err
	}
	if err := p.update(tx); err != nil {
		return err
	}
	return notice.Tell(tx, notice.Note{Unit: to, Case: p.ID, Kind: "petition.arrived"}, notice.Note{Unit: p.Raiser, Case: p.ID, Kind: kind})
}

// handAnswer moves the duty to answer, or arms it when the unit before owed none
// (the Office, for a field that the text leaves to nobody).
func (p *Petition) handAnswer(tx *db.Tx, who org.Actor, from, to org.UnitID, why string) error {
	rb, err := p.rulebook(tx)
	if err != nil {
		return err
	}
	rule, err := rb.ApplyToward(tx, MustAnswer, to, p.Raiser, p.Field)
	if err != nil {
		return err
	}
	k, found, err := p.answerDuty(tx, from)
	if err != nil {
		return err
	}
	if !found {
		return p.armAnswer(tx, to, tx.Now)
	}
	if rule.Bool("restart_on_forward") {
		if _, err := duty.GiveUp(tx, k, why); err != nil {
			return err
		}
		return p.armAnswer(tx, to, tx.Now)
	}
	_, _, err = duty.HandOver(tx, k, to, duty.Ground{Reason: why, By: who})
	return err
}

// answerDuty finds the running duty to answer of one owner.
func (p *Petition) answerDuty(tx *db.Tx, owner org.UnitID) (k duty.Key, found bool, err error) {
	open, err := openOf(tx, p.ID, MustAnswer)
	for _, d := range open {
		if d.Owner == owner {
			return d.Key, true, err
		}
	}
	return k, false, err
}
