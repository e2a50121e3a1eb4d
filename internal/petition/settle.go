package petition

import (
	"strings"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/vntext"
)

// A Verdict is what the commune says of an answer.
type Verdict struct {
	Settled bool
	Comment string // required when it does not settle the matter
	Version int64
}

// Settle records the commune's word on the answer of this round. Settled closes the
// petition; not settled opens the next round, in which the department owes an answer
// again. Nothing said is never taken for settled: there is no operation for silence.
func Settle(tx *db.Tx, who org.Actor, id casefile.ID, in Verdict) (p *Petition, err error) {
	defer fault.Wrap(&err, "settle petition %s", id)
	p, who, err = lockFor(tx, who, id, in.Version, actSettle)
	if err != nil {
		return nil, err
	}
	if p.State != Answered {
		return nil, fault.Refuse(fault.Conflict, "Kiến nghị chưa có câu trả lời đang chờ xã xác nhận.")
	}
	in.Comment = vntext.NFC(strings.TrimSpace(in.Comment))
	if !in.Settled && in.Comment == "" {
		return nil, fault.Field("comment", "Hãy nêu còn vướng ở đâu để sở, ngành trả lời tiếp.")
	}
	if err := checkText("comment", in.Comment); err != nil {
		return nil, err
	}
	if err := p.verdict(tx, who, in); err != nil {
		return nil, err
	}
	if _, err := duty.Meet(tx, duty.Key{Case: p.ID, Rule: MustSettle, Owner: p.Raiser, Round: p.Round}); err != nil {
		return nil, err
	}
	if in.Settled {
		p.State, p.ClosedAt = Settled, tx.Now
		return p, p.endReports(tx)
	}
	return p, p.reopen(tx)
}

// The commune's word is an event with its round: a later round has a word of its own.
func (p *Petition) verdict(tx *db.Tx, who org.Actor, in Verdict) error {
	kind, word := "petition.settled", "yes"
	if !in.Settled {
		kind, word = "petition.unsettled", "no"
	}
	_, err := casefile.Record(tx, p.Case, casefile.Event{Kind: kind, By: who, Text: in.Comment, Facts: casefile.Pairs("round", itoa(p.Round))}, "PT06/D2.K2.c")
	if err != nil {
		return err
	}
	err = tx.Put(`UPDATE petition_answer SET settled = $1, settled_at = $2 WHERE case_id = $3 AND round = $4`,
		word, tx.Now, string(p.ID), p.Round)
	if err != nil {
		return err
	}
	return notice.Tell(tx, notice.Note{Unit: p.Lead, Case: p.ID, Kind: kind})
}

// endReports ends the reports still owed on a matter that the commune calls settled.
// Only an answer that left the matter open has any.
func (p *Petition) endReports(tx *db.Tx) error {
	open, err := openOf(tx, p.ID, MustReport)
	if err != nil {
		return err
	}
	for _, d := range open {
		if _, err := duty.Waive(tx, d.Key, "xã xác nhận đã giải quyết"); err != nil {
			return err
		}
	}
	return nil
}

// reopen starts the next round: the department owes an answer to what the commune
// says now, counted from now.
func (p *Petition) reopen(tx *db.Tx) error {
	if err := p.endReports(tx); err != nil {
		return err
	}
	p.Round++
	p.State = Reopened
	if err := p.armAnswer(tx, p.Lead, tx.Now); err != nil {
		return err
	}
	return p.update(tx)
}
