// Package petition handles what communes raise to departments (khó khăn, vướng mắc,
// kiến nghị, đề xuất của cấp xã).
//
//	draft --release--> received --direct--> directed --answer--> answered --settled--> settled
//	                      |  ^                  |                   \--not settled--> reopened --+
//	                      v  |                  v                                                |
//	                   forwarded (another department, or the Office names the lead)    <--------+
//
// Releasing a petition arms the duty "petition.answer"; a released answer meets it.
// How long the department has, who oversees it and what a breach does are clauses of
// the rulebook the case started under. Nothing said by the commune about an answer is
// never taken for "settled".
package petition

import (
	"encoding/json"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
)

// CaseKind is the kind of a petition's case, Scope the membership of those who
// oversee all petitions.
const (
	CaseKind = "petition"
	Scope    = "k:petition"
	prefix   = "KN"
)

// The states of a petition, on its case.
const (
	Draft    = "draft"
	Received = "received"
	Directed = "directed"
	Answered = "answered"
	Settled  = "settled"
	Reopened = "reopened"
	Returned = "returned"
)

// A Petition is the row beside the case.
type Petition struct {
	*casefile.Case
	RaisedN   int64
	Round     int64
	Hops      int64
	Contested bool
	Hole      string
	Tried     bool
	MetOn     string
	RaisedAt  time.Time
	ArrivedAt time.Time
	Number    string
	Symbol    string
	IssuedOn  string
}

// A Body is what a commune writes: the texts under the hash of the event that raised
// the petition.
type Body struct {
	Text     string `json:"text"`               // the problem
	Basis    string `json:"basis,omitempty"`    // căn cứ
	Tried    string `json:"tried,omitempty"`    // what the commune already tried
	Proposal string `json:"proposal,omitempty"` // what it proposes
}

// Get returns a petition that the actor may read.
func Get(tx *db.Tx, who org.Actor, id casefile.ID) (*Petition, error) {
	c, err := casefile.Get(tx, who, id)
	if err != nil {
		return nil, err
	}
	return of(tx, c)
}

// lock holds the petition's case and reads its row; seen is the version the person
// saw, 0 for no check.
func lock(tx *db.Tx, who org.Actor, id casefile.ID, seen int64) (*Petition, error) {
	c, err := casefile.LockSeen(tx, who, id, seen)
	if err != nil {
		return nil, err
	}
	return of(tx, c)
}

// lockFor holds the petition for an act that who raised and who leads it decide, and
// returns the actor in the post that allows it.
func lockFor(tx *db.Tx, who org.Actor, id casefile.ID, seen int64, act access.Act) (*Petition, org.Actor, error) {
	p, err := lock(tx, who, id, seen)
	if err != nil {
		return nil, who, err
	}
	who, err = access.Pick(who, act, p.Facts())
	return p, who, err
}

// The petition of a case that the caller holds. Another kind of case is not found rather than wrong.
func of(tx *db.Tx, c *casefile.Case) (*Petition, error) {
	if c.Kind != CaseKind {
		return nil, fault.NotFound
	}
	p := &Petition{Case: c}
	err := tx.One(`
		SELECT raised_n, round, hops, contested, hole, tried, met_on, raised_at, arrived_at, number, symbol, issued_on
		FROM petition WHERE case_id = $1`, []any{string(c.ID)},
		&p.RaisedN, &p.Round, &p.Hops, &p.Contested, &p.Hole, &p.Tried, &p.MetOn, db.Instant(&p.RaisedAt), db.Instant(&p.ArrivedAt),
		&p.Number, &p.Symbol, &p.IssuedOn)
	return p, err
}

// update writes what operations change on the petition's own row.
func (p *Petition) update(tx *db.Tx) error {
	return tx.Put(`
		UPDATE petition SET raised_n = $1, round = $2, hops = $3, contested = $4, hole = $5, tried = $6, met_on = $7, raised_at = $8,
			arrived_at = $9, number = $10, symbol = $11, issued_on = $12 WHERE case_id = $13`,
		p.RaisedN, p.Round, p.Hops, p.Contested, p.Hole, p.Tried, p.MetOn, p.RaisedAt, p.ArrivedAt, p.Number, p.Symbol, p.IssuedOn, string(p.ID))
}

// BodyOf returns what the commune wrote; empty while a draft or when it is sealed.
func BodyOf(tx *db.Tx, p *Petition) (b Body, err error) {
	if p.RaisedN == 0 {
		return b, nil
	}
	text, err := casefile.EventText(tx, p.ID, p.RaisedN)
	if err != nil || text == "" {
		return b, err
	}
	return b, json.Unmarshal([]byte(text), &b)
}

// rulebook returns the rulebook that the petition runs under.
func (p *Petition) rulebook(tx *db.Tx) (*regulation.Rulebook, error) {
	return regulation.ByHash(tx, p.Rulebook)
}

// facts adds to the case's own facts those who oversee it.
func (p *Petition) facts(overseers []org.UnitID) access.Facts {
	f := p.Facts()
	f.Units[access.Overseer] = overseers
	return f
}

// owed asks what a unit that leads the petition owes to who raised it: a clause may bind
// departments towards communes and say nothing of what they owe each other.
func (p *Petition) owed(tx *db.Tx, lead org.UnitID) regulation.Question {
	return regulation.Question{Key: MustAnswer, At: tx.Now, Unit: lead, Toward: p.Raiser, Field: p.Field}
}

// overseers returns the units that the answer's rule names as overseers of the lead;
// one that would oversee itself is replaced by the fall-back the profile names.
func (p *Petition) overseers(tx *db.Tx, owner org.UnitID) (units []org.UnitID, err error) {
	rb, err := p.rulebook(tx)
	if err != nil {
		return nil, err
	}
	rule, err := rb.Find(p.owed(tx, owner))
	if err != nil {
		return nil, err
	}
	roles := rule.Roles("overseers")
	beside, err := rb.ApplyAll(tx, MustOversee, owner, p.Field)
	if k := fault.Kind(err); err != nil && k != fault.NotFound && k != fault.Denied && k != fault.Invalid {
		return nil, err
	}
	for _, b := range beside { // whom a text makes an overseer of all petitions oversees this one
		roles = append(roles, b.Role("role"))
	}
	return above(tx, rb, roles, owner), nil
}

// askers returns the units whose people may ask the lead to account for its lateness, as
// the rule on explanations names them; none where no text and no profile says so.
func (p *Petition) askers(tx *db.Tx) (units []org.UnitID, err error) {
	rb, err := p.rulebook(tx)
	if err != nil {
		return nil, err
	}
	rule, err := rb.Rule(MustExplain, tx.Now, p.Lead, p.Field)
	if k := fault.Kind(err); k == fault.NotFound || k == fault.Denied {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return above(tx, rb, rule.Roles("by"), p.Lead), nil
}

// above returns the units that roles map to; in the place of nobody, or of the owner
// himself, stands the fall-back the profile names.
func above(tx *db.Tx, rb *regulation.Rulebook, roles []regulation.RoleOf, owner org.UnitID) (units []org.UnitID) {
	for _, r := range roles {
		u := r.Unit
		if u == "" || u == owner {
			if f, ok := rb.Role(fallbackRole, tx.Now); ok {
				u = f.Unit
			}
		}
		if u != "" && u != owner && !contains(units, u) {
			units = append(units, u)
		}
	}
	return units
}

// Whether a unit is among several.
func contains(all []org.UnitID, u org.UnitID) bool {
	for _, x := range all {
		if x == u {
			return true
		}
	}
	return false
}
