// Package incident keeps what befalls several communes at once (sự cố, tình huống liên xã):
// flood, epidemic, environment, and common work over their borders.
//
//	draft --sign, release--> open
//	open --situations, requests, decisions, sub-cases--> open --end--> ended --review--> reviewed
//	                                                      ^---reopen--/
//
// A commune's ad-hoc report opens one case for all of them; the department of the field
// leads. A decision names a unit and a person and is a duty, a request for help is a duty
// of whoever is asked (a body that is only asked owes a request). An incident of security
// or defence is of a sealed kind: the case says that a paper went the secret way, its
// number and its day, and nothing else. Kinds, fields and who watches are rules.
package incident

import (
	"encoding/json"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/workday"
)

// CaseKind is the kind of an incident's case, Scope the membership of those who watch over
// all incidents.
const (
	CaseKind = "incident"
	Scope    = "k:incident"
	prefix   = "SC"
)

// The states of an incident, on its case.
const (
	Open     = "open"
	Ended    = "ended"    // over, the lessons not drawn yet
	Reviewed = "reviewed" // lessons drawn (PT06/D3.K5), closed
)

// An Incident is the row beside the case.
type Incident struct {
	*casefile.Case
	Type       string // the kind of incident, as the rule names it: "natural-disaster"
	Secret     bool   // of a sealed kind: number and day of a paper, nothing else
	Joint      bool
	Parent     casefile.ID // the incident it is a part of; "" none
	ReportedN  int64       // the event of the report
	OccurredAt time.Time   // when it happened, as the commune states it
	Number     string      // số, ký hiệu of the paper that went the secret way; of a plain report, of the written one if any
	IssuedOn   string      // its day, "2006-01-02"
	EndedAt    time.Time
}

// Get returns an incident that the actor may read.
func Get(tx *db.Tx, who org.Actor, id casefile.ID) (*Incident, error) {
	c, err := casefile.Get(tx, who, id)
	if err != nil {
		return nil, err
	}
	return of(tx, c)
}

func of(tx *db.Tx, c *casefile.Case) (*Incident, error) {
	if c.Kind != CaseKind {
		return nil, fault.NotFound
	}
	x := &Incident{Case: c}
	err := tx.One(`SELECT type, secret, joint, parent, reported_n, occurred_at, number, issued_on, ended_at FROM incident WHERE case_id = $1`,
		[]any{string(c.ID)}, &x.Type, &x.Secret, &x.Joint, &x.Parent, &x.ReportedN, db.Instant(&x.OccurredAt), &x.Number, &x.IssuedOn, db.Instant(&x.EndedAt))
	return x, err
}

// lockFor holds an incident for an act and returns the actor in the post that allows it.
// seen is the version the person saw, 0 for no check. What is closed takes nothing more.
func lockFor(tx *db.Tx, who org.Actor, id casefile.ID, seen int64, act access.Act) (*Incident, org.Actor, error) {
	c, err := casefile.LockSeen(tx, who, id, seen)
	if err != nil {
		return nil, who, err
	}
	x, err := of(tx, c)
	if err != nil {
		return nil, who, err
	}
	f, err := x.facts(tx)
	if err != nil {
		return nil, who, err
	}
	if who, err = access.Pick(who, act, f); err != nil {
		return nil, who, err
	}
	if x.State == Drafting {
		err = fault.Refuse(fault.Conflict, "Báo cáo đột xuất còn là dự thảo; ký, phát hành rồi mới xử lý sự cố trên hồ sơ này.")
	}
	if !x.ClosedAt.IsZero() {
		err = fault.Refuse(fault.Conflict, "Sự cố đã tổng kết, hồ sơ đã đóng.")
	}
	return x, who, err
}

// running refuses what belongs to handling an incident when it is over.
func (x *Incident) running() error {
	if x.State != Open {
		return fault.Refuse(fault.Conflict, "Sự cố đã kết thúc ngày %s; có diễn biến mới thì cơ quan chủ trì mở lại hồ sơ.", workday.Of(x.EndedAt).Long())
	}
	return nil
}

// plain refuses what an incident of a sealed kind must not hold.
func (x *Incident) plain() error {
	if x.Secret {
		return fault.Refuse(fault.Invalid, "Sự cố thuộc loại chỉ báo cáo bằng văn bản theo đường mật: hệ thống này chỉ ghi số, ngày của văn bản ấy, không ghi nội dung, số liệu, ảnh.")
	}
	return nil
}

// facts are the units by their function on the case, with those who watch over it.
func (x *Incident) facts(tx *db.Tx) (access.Facts, error) {
	f := x.Facts()
	parties, err := casefile.Parties(tx, x.ID)
	if err != nil {
		return f, err
	}
	for _, p := range parties {
		if p.Unit != "" && (p.Function == access.Coordinating || p.Function == access.Requested) {
			f.Units[p.Function] = append(f.Units[p.Function], p.Unit)
		}
	}
	watch, err := x.watchers(tx)
	f.Units[access.Overseer] = watch
	return f, err
}

// watchers are the units that a rule lets watch over the incident; nobody watches himself.
func (x *Incident) watchers(tx *db.Tx) (units []org.UnitID, err error) {
	rb, err := regulation.ByHash(tx, x.Rulebook)
	if err != nil {
		return nil, err
	}
	all, err := rb.Rules(MustOversee, tx.Now, x.Lead, "")
	if quiet(err) != nil {
		return nil, err
	}
	for _, r := range all {
		if u := r.Role("role").Unit; u != "" {
			units = append(units, u)
		}
	}
	return units, nil
}

// quiet takes it for no error that no rule speaks of the unit.
func quiet(err error) error {
	if k := fault.Kind(err); k == fault.NotFound || k == fault.Denied || k == fault.Invalid {
		return nil
	}
	return err
}

// save writes what operations change on the incident's own row.
func (x *Incident) save(tx *db.Tx) error {
	_, err := tx.Exec(`UPDATE incident SET reported_n = $1, ended_at = $2 WHERE case_id = $3`, x.ReportedN, x.EndedAt, string(x.ID))
	return err
}

// textOf reads the words of an event into v; an event without words leaves it as it is.
func textOf(tx *db.Tx, id casefile.ID, n int64, v any) error {
	text, err := casefile.EventText(tx, id, n)
	if err != nil || text == "" {
		return err
	}
	return json.Unmarshal([]byte(text), v)
}

// attach puts files beside the event they came with.
func attach(tx *db.Tx, who org.Actor, id casefile.ID, n int64, files []casefile.Document) error {
	for _, f := range files {
		f.Case, f.EventN, f.AddedBy = id, n, who.Officer
		if _, err := casefile.Attach(tx, f); err != nil {
			return err
		}
	}
	return nil
}
