package petition

import (
	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
)

// A Question goes back to the commune, or to another department for its part.
type Question struct {
	To      org.UnitID // for Split: the department asked
	Text    string
	Version int64
}

// Ask asks the commune back. Its clock runs on: no clause stops it.
func Ask(tx *db.Tx, who org.Actor, id casefile.ID, in Question) (p *Petition, err error) {
	defer fault.Wrap(&err, "ask on petition %s", id)
	p, who, err = atLead(tx, who, id, in.Version, actAsk)
	if err != nil {
		return nil, err
	}
	if in.Text, err = words(in.Text, "Hãy ghi rõ cần xã làm rõ điều gì."); err != nil {
		return nil, err
	}
	n, err := casefile.Record(tx, p.Case, casefile.Event{Kind: "petition.asked", By: who, Text: in.Text}, "PT06/D5.K1.e")
	if err != nil {
		return nil, err
	}
	_, err = duty.Arm(tx, duty.New{Key: duty.Key{Case: p.ID, Rule: MustClarify, Owner: p.Raiser, Round: n}, Counterpart: p.Lead, Field: p.Field})
	if err != nil {
		return nil, err
	}
	return p, notice.Tell(tx, notice.Note{Unit: p.Raiser, Case: p.ID, Kind: "petition.asked"})
}

// Clarify answers the department's questions, all that are open.
func Clarify(tx *db.Tx, who org.Actor, id casefile.ID, in Question, files []casefile.Document) (p *Petition, err error) {
	defer fault.Wrap(&err, "clarify petition %s", id)
	p, who, err = lockFor(tx, who, id, in.Version, actClarify)
	if err != nil {
		return nil, err
	}
	if in.Text, err = words(in.Text, "Hãy ghi nội dung trả lời câu hỏi của sở, ngành."); err != nil {
		return nil, err
	}
	open, err := openOf(tx, p.ID, MustClarify)
	if err != nil {
		return nil, err
	}
	if len(open) == 0 {
		return nil, fault.Refuse(fault.Conflict, "Không có câu hỏi nào của sở, ngành đang chờ xã trả lời.")
	}
	n, err := casefile.Record(tx, p.Case, casefile.Event{Kind: "petition.clarified", By: who, Text: in.Text}, "PT06/D5.K1.e")
	if err != nil {
		return nil, err
	}
	for _, d := range open {
		if _, err := duty.Meet(tx, d.Key); err != nil {
			return nil, err
		}
	}
	if err := attach(tx, who, p.ID, n, "", files); err != nil {
		return nil, err
	}
	return p, notice.Tell(tx, notice.Note{Unit: p.Lead, Case: p.ID, Kind: "petition.clarified"})
}

// Split asks another department for its part. The lead merges the parts into the one
// answer; the commune gets one reply.
func Split(tx *db.Tx, who org.Actor, id casefile.ID, in Question) (p *Petition, err error) {
	defer fault.Wrap(&err, "split petition %s", id)
	p, who, err = atLead(tx, who, id, in.Version, actSplit)
	if err != nil {
		return nil, err
	}
	if in.Text, err = words(in.Text, "Hãy ghi rõ phần việc cần đơn vị phối hợp cho ý kiến."); err != nil {
		return nil, err
	}
	unit, err := p.checkPart(tx, in.To)
	if err != nil {
		return nil, err
	}
	n, err := casefile.Record(tx, p.Case, casefile.Event{Kind: "petition.split", By: who, Text: in.Text, Facts: casefile.Pairs("to", string(in.To))}, "PT06/D2.K2.b")
	if err != nil {
		return nil, err
	}
	function := access.Coordinating
	if unit.Requested {
		function = access.Requested
	}
	if err := casefile.Join(tx, p.ID, casefile.Party{Unit: in.To, Function: function}); err != nil {
		return nil, err
	}
	_, err = tx.Exec(`INSERT INTO petition_part (case_id, unit, round, asked_n) VALUES ($1, $2, $3, $4)`, string(p.ID), string(in.To), p.Round, n)
	if err != nil {
		return nil, err
	}
	_, err = duty.Arm(tx, duty.New{Key: duty.Key{Case: p.ID, Rule: MustContribute, Owner: in.To, Round: p.Round}, Counterpart: p.Lead, Field: p.Field, Request: unit.Requested})
	if err != nil {
		return nil, err
	}
	return p, notice.Tell(tx, notice.Note{Unit: in.To, Case: p.ID, Kind: "petition.split"})
}

// A part is asked of a third unit that exists and does not owe one already.
func (p *Petition) checkPart(tx *db.Tx, to org.UnitID) (u org.Unit, err error) {
	if to == "" || to == p.Lead || to == p.Raiser {
		return u, fault.Field("to", "Hãy chọn một đơn vị phối hợp khác đơn vị chủ trì và đơn vị kiến nghị.")
	}
	if u, err = org.UnitOf(tx, to); err != nil {
		return u, fault.Field("to", "Không có đơn vị nào mang mã “%.60s”.", string(to))
	}
	open, err := openOf(tx, p.ID, MustContribute)
	for _, d := range open {
		if d.Owner == to {
			return u, fault.Refuse(fault.Conflict, "Đơn vị này đang được hỏi và chưa góp ý xong.")
		}
	}
	return u, err
}

// Contribute gives a department's part to the lead.
func Contribute(tx *db.Tx, who org.Actor, id casefile.ID, in Question) (p *Petition, err error) {
	defer fault.Wrap(&err, "contribute to petition %s", id)
	p, err = lock(tx, who, id, in.Version)
	if err != nil {
		return nil, err
	}
	open, err := openOf(tx, p.ID, MustContribute)
	if err != nil {
		return nil, err
	}
	f := p.Facts()
	for _, d := range open {
		f.Units[access.Coordinating] = append(f.Units[access.Coordinating], d.Owner)
	}
	if who, err = access.Pick(who, actContribute, f); err != nil {
		return nil, err
	}
	if in.Text, err = words(in.Text, "Hãy ghi ý kiến của đơn vị về phần việc được hỏi."); err != nil {
		return nil, err
	}
	n, err := casefile.Record(tx, p.Case, casefile.Event{Kind: "petition.contributed", By: who, Text: in.Text}, "PT06/D2.K2.b")
	if err != nil {
		return nil, err
	}
	if _, err := duty.Meet(tx, duty.Key{Case: p.ID, Rule: MustContribute, Owner: who.Post.Unit, Round: p.Round}); err != nil {
		return nil, err
	}
	_, err = tx.Exec(`UPDATE petition_part SET answered_n = $1 WHERE case_id = $2 AND unit = $3 AND round = $4`, n, string(p.ID), string(who.Post.Unit), p.Round)
	if err != nil {
		return nil, err
	}
	return p, notice.Tell(tx, notice.Note{Unit: p.Lead, Case: p.ID, Kind: "petition.contributed"})
}

// A demanded text of a field named "text".
func words(s, demand string) (string, error) {
	s, err := reason(s, demand)
	if err != nil {
		if r, ok := fault.Sentence(err); ok {
			r.Field = "text"
		}
	}
	return s, err
}
