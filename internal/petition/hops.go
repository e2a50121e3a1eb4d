package petition

import (
	"database/sql"
	"time"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// A Hop is one unit's share of the time of a petition: while it lay there.
type Hop struct {
	Unit        org.UnitID
	From        time.Time
	To          time.Time     // when it left, or was answered for the last time; zero while it lies there
	WorkingDays int           // after the day it came, up to the day it left or today; without the time the commune looked at an answer
	Office      time.Duration // the same as office time
	Next        org.UnitID    // where it went; "" for the last
	Event       int64         // the event that sent it on, 0 for the last
	Reason      string        // why it was sent on; "" for the last, or when it is sealed
}

// Hops returns where a petition that the caller holds has been, in order, the unit that
// leads it now last; none for a draft. Time is measured on the calendar as it is known
// now: it is a figure, not a date that anybody owes.
func Hops(tx *db.Tx, p *Petition) (all []Hop, err error) {
	defer fault.Wrap(&err, "hops of %s", p.ID)
	if p.ArrivedAt.IsZero() {
		return nil, nil
	}
	if all, err = leftHops(tx, p.ID); err != nil {
		return nil, err
	}
	now := Hop{Unit: p.Lead, From: p.ArrivedAt}
	if n := len(all); n > 0 {
		now.From = all[n-1].To
	}
	answers, err := Answers(tx, p.ID)
	if err != nil {
		return nil, err
	}
	switch p.State {
	case Answered, Settled:
		if n := len(answers); n > 0 {
			now.To = answers[n-1].AnsweredAt
		}
	case Returned:
		now.To = p.ClosedAt
	}
	all = append(all, now)
	_, rev, err := duty.Calendar(tx)
	if err != nil {
		return nil, err
	}
	for i := range all {
		all[i].measure(rev, tx.Now, answers)
	}
	return all, nil
}

// leftHops reads the units that the petition has left.
func leftHops(tx *db.Tx, id casefile.ID) (all []Hop, err error) {
	// system: the caller holds the case through Get or lock
	err = tx.All(`SELECT unit, arrived_at, left_at, next_unit, event_n FROM petition_hop WHERE case_id = $1 ORDER BY n LIMIT 1000`,
		[]any{string(id)}, func(r *sql.Rows) error {
			var h Hop
			err := r.Scan(&h.Unit, db.Instant(&h.From), db.Instant(&h.To), &h.Next, &h.Event)
			all = append(all, h)
			return err
		})
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].Reason, err = casefile.EventText(tx, id, all[i].Event); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// measure counts the working time of a hop, without the spans in which an answer lay
// with the commune that then did not settle for it.
func (h *Hop) measure(rev workday.Revision, now time.Time, answers []Answer) {
	end := h.To
	if end.IsZero() {
		end = now
	}
	h.WorkingDays, h.Office = workday.WorkingTime(rev, h.From, end)
	for _, a := range answers {
		if a.Settled != "no" {
			continue
		}
		from, to := a.AnsweredAt, a.SettledAt
		if from.Before(h.From) {
			from = h.From
		}
		if to.After(end) {
			to = end
		}
		days, office := workday.WorkingTime(rev, from, to)
		h.WorkingDays, h.Office = h.WorkingDays-days, h.Office-office
	}
}
