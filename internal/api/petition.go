package api

import (
	"cmp"
	"errors"
	"net/http"
	"time"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/petition"
	"lienthong/internal/workday"
)

// A Petition is a petition as every act on it answers, and as lists begin an item:
// the duty to answer of the round gives the date and the fate.
type Petition struct {
	ID      string `json:"id"`
	Code    string `json:"code" doc:"mã theo dõi"`
	Title   string `json:"title"`
	Lead    string `json:"lead" doc:"đơn vị chủ trì"`
	Raiser  string `json:"raiser" doc:"xã, phường kiến nghị"`
	Field   string `json:"field"` // of the rulebook the petition runs under
	State   string `json:"state" doc:"draft, received, directed, answered, settled, reopened hoặc returned"`
	Round   int64  `json:"round" doc:"lần trả lời"`
	DueOn   string `json:"due_on" doc:"ngày cuối còn trong hạn; rỗng khi không nêu hạn hoặc hạn theo giờ"`
	DueAt   string `json:"due_at" doc:"thời điểm đầu tiên bị coi là quá hạn; rỗng khi không nêu hạn"`
	Fate    string `json:"fate" doc:"việc trả lời: open, suspended, met, waived, handed; rỗng khi chưa có"`
	Version int64  `json:"version" doc:"phiên bản, cũng là ETag"`
}

// onPetition runs an operation of an existing petition and answers how it stands then.
func (c *call) onPetition(sent any, fn func(tx *db.Tx, who org.Actor, id casefile.ID) (*petition.Petition, error)) error {
	return c.stale(sent, c.update(func(tx *db.Tx, who org.Actor) (done, error) {
		p, err := fn(tx, who, casefile.ID(c.id))
		if err != nil {
			return done{}, err
		}
		// casefile.Lock counts the version on when the transaction ends.
		return petitionDone(tx, p, p.Version+1)
	}))
}

// The answer to an act on a petition.
func petitionDone(tx *db.Tx, p *petition.Petition, version int64) (done, error) {
	out, err := petitionLine(tx, p, version)
	return done{status: http.StatusOK, location: petitionsPath + out.ID, version: version, body: &out}, err
}

// petitionLine reads the duty to answer: the one that runs, or the one that ended last.
func petitionLine(tx *db.Tx, p *petition.Petition, version int64) (out Petition, err error) {
	out = Petition{ID: string(p.ID), Code: p.Code, Title: p.Title, Lead: string(p.Lead), Raiser: string(p.Raiser), Field: p.Field,
		State: p.State, Round: p.Round, Version: version}
	all, err := duty.OfCase(tx, p.ID)
	if d := petition.AnswerDuty(all, p); d != nil { // none: a draft, or a field whose lead is not named yet
		out.DueOn, out.DueAt, out.Fate = d.DueOn.String(), instant(d.DueAt), string(d.Fate)
	}
	return out, err
}

// instant writes an instant for people and programs: RFC 3339 in the office's zone, "" for none.
func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(workday.Office).Format(time.RFC3339)
}

// instantOf reads an instant that a program sent; "" is the zero time.
func instantOf(field, s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return t, fault.Field(field, "Thời điểm phải theo RFC 3339, như 2026-03-02T18:00:00+07:00.")
	}
	return t, nil
}

// petitionAgain answers a repeated request with how the petition stands now.
func (c *call) petitionAgain(tx *db.Tx, who org.Actor, id casefile.ID) (done, error) {
	p, err := petition.Get(tx, who, id)
	if err != nil {
		return done{}, err
	}
	return petitionDone(tx, p, p.Version)
}

// stale turns a conflict into 412 when the sender named a version and another one
// stands now; then both what stands and what was sent go back.
func (c *call) stale(sent any, err error) error {
	if c.version == 0 || !errors.Is(err, fault.Conflict) {
		return err
	}
	var now petitionFull
	look := c.s.DB.View(c.ctx, func(tx *db.Tx) error {
		who, err := c.actor(tx)
		if err != nil {
			return err
		}
		now, err = c.fullPetition(tx, who, casefile.ID(c.id))
		return err
	})
	if look != nil || now.Version == c.version {
		return cmp.Or(look, err)
	}
	return &changed{why: err, version: now.Version, current: &now, sent: sent}
}
