package petition

import (
	"errors"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
)

// keepHop keeps the share of the time that a unit had the petition.
func (p *Petition) keepHop(tx *db.Tx, from, to org.UnitID, event int64) error {
	arrived := p.ArrivedAt
	var last time.Time
	// system: the petition's case is held
	err := tx.One(`SELECT left_at FROM petition_hop WHERE case_id = $1 ORDER BY n DESC LIMIT 1`, []any{string(p.ID)}, db.Instant(&last))
	if err != nil && !errors.Is(err, fault.NotFound) {
		return err
	}
	if !last.IsZero() {
		arrived = last
	}
	_, err = tx.Exec(`INSERT INTO petition_hop (case_id, n, unit, arrived_at, left_at, next_unit, event_n) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		string(p.ID), p.Hops+1, string(from), arrived, tx.Now, string(to), event)
	return err
}

// contest puts a second forwarding before the Office: the view is recorded, the
// petition stays, the Office owes the decision.
func (p *Petition) contest(tx *db.Tx, who org.Actor, in Forwarding) error {
	_, err := casefile.Record(tx, p.Case, casefile.Event{Kind: "petition.contested", By: who, Text: in.Reason, Facts: casefile.Pairs("from", string(p.Lead), "to", string(in.To))}, "PT06/D2.K2.b")
	if err != nil {
		return err
	}
	if !p.Contested {
		p.Contested = true
		rb, err := p.rulebook(tx)
		if err != nil {
			return err
		}
		rule, err := rb.Apply(tx, rulesForward, p.Lead, p.Field)
		if err != nil {
			return err
		}
		if err := p.askOffice(tx, rule.Role("contested").Unit); err != nil {
			return err
		}
	}
	return p.update(tx)
}

// askOffice makes the Office owe the name of the lead. No text states a time for it.
func (p *Petition) askOffice(tx *db.Tx, office org.UnitID) error {
	if office == "" {
		return errors.New("no unit decides contested forwardings: the profile maps the role to nobody")
	}
	all, err := duty.OfCase(tx, p.ID)
	if err != nil {
		return err
	}
	n := p.Hops + 1
	for _, d := range all { // it may have decided before, and be asked again
		if d.Rule == MustAssign && d.Owner == office {
			n = max(n, d.Round+1)
		}
	}
	_, err = duty.Arm(tx, duty.New{Key: duty.Key{Case: p.ID, Rule: MustAssign, Owner: office, Round: n}, Counterpart: p.Raiser, Field: p.Field})
	if err != nil {
		return err
	}
	return notice.Tell(tx, notice.Note{Unit: office, Role: org.Desk, Case: p.ID, Kind: "petition.contested"})
}

// AssignLead names the lead of a contested petition, or of one whose field the text
// leaves to nobody: the act of the Office's desk officer.
func AssignLead(tx *db.Tx, who org.Actor, id casefile.ID, in Forwarding) (p *Petition, err error) {
	defer fault.Wrap(&err, "assign lead of petition %s", id)
	p, err = lock(tx, who, id, in.Version)
	if err != nil {
		return nil, err
	}
	open, err := openOf(tx, p.ID, MustAssign)
	if err != nil {
		return nil, err
	}
	if len(open) == 0 {
		return nil, fault.Refuse(fault.Conflict, "Việc này không chờ Văn phòng chỉ định cơ quan chủ trì.")
	}
	who, err = access.Pick(who, actAssign, p.facts([]org.UnitID{open[0].Owner}))
	if err != nil {
		return nil, err
	}
	if in.Reason, err = reason(in.Reason, "Hãy nêu lý do chỉ định."); err != nil {
		return nil, err
	}
	if _, err := duty.Meet(tx, open[0].Key); err != nil {
		return nil, err
	}
	if in.To == p.Lead && p.Hole == "" { // the Office keeps the lead where it is
		p.Contested = false
		_, err := casefile.Record(tx, p.Case, casefile.Event{Kind: "petition.kept", By: who, Text: in.Reason, Facts: casefile.Pairs("to", string(in.To))}, "PT06/D2.K2.b")
		if err != nil {
			return nil, err
		}
		return p, p.update(tx)
	}
	if err := p.checkTarget(tx, in.To); err != nil {
		return nil, err
	}
	return p, p.move(tx, who, in.To, in.Reason, "petition.assigned")
}
