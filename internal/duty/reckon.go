package duty

import (
	"database/sql"
	"strconv"
	"strings"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/workday"
)

// A pathOfTime is what moved a duty's clock: its pauses, and the extensions of each of
// its limits, in order.
type pathOfTime struct {
	pauses     []workday.Pause
	extensions map[int][]workday.Extension // by the place of their limit
	own        map[int][]workday.Extension // those granted to the owner it has now
	at         time.Time                   // the last pause's beginning or end
}

// reckon computes every limit's due instant on one revision of the calendar and takes
// the earliest. A limit whose clock stands still has none; one that was over before the
// pause, or that no pause moves, keeps its own: suspending hides nothing that is late.
func (d *Duty) reckon(rev workday.Revision, p *pathOfTime) error {
	d.DueAt, d.DueOn = time.Time{}, workday.Date{}
	for i := range d.Limits {
		l := &d.Limits[i]
		due, err := l.due(rev, d.From, p, i)
		if err != nil {
			return err
		}
		l.DueAt, l.DueOn = due.At, due.On
	}
	if b, ok := d.Binding(); ok {
		d.DueAt, d.DueOn = b.DueAt, b.DueOn
	}
	return d.reckonOwn(rev, p)
}

// due reckons the nth limit of a duty that is counted from from.
func (l *Limit) due(rev workday.Revision, from time.Time, p *pathOfTime, n int) (due workday.Due, err error) {
	w, err := workday.ParseLimit(l.Text)
	if err != nil {
		return due, err
	}
	if l.From.IsZero() {
		l.From = from
	}
	if w.Unit == workday.None {
		return due, nil
	}
	if p == nil { // the hot path needs no reasons
		due.On, due.At, err = workday.DueOnly(rev, l.From, w)
		return due, err
	}
	return workday.Reckon(rev, l.From, w, p.pauses, p.extensions[n])
}

// schedule sets the next instant at which the sweep looks at the duty: the earliest
// reminder that is still to come, in office hours, else the due instant itself. Whoever
// got the duty from another is also reminded before the end of his own share, which is
// later and runs on when the matter is missed already. A duty whose clock stands still
// or that has no date, or a request, has none.
func (d *Duty) schedule(rev workday.Revision, now time.Time) error {
	d.NextAt = time.Time{}
	if d.DueAt.IsZero() || d.Request {
		return nil
	}
	if d.MissedAt.IsZero() {
		d.NextAt = d.DueAt
		if err := d.remindBefore(rev, now, d.Due().Last()); err != nil {
			return err
		}
	}
	if d.OwnFrom.IsZero() || d.OwnDueAt.IsZero() || d.OwnDueAt.Equal(d.DueAt) {
		return nil
	}
	return d.remindBefore(rev, now, workday.Due{At: d.OwnDueAt}.Last())
}

// remindBefore takes the earliest reminder of a last day that comes after now and before
// what the sweep would look at anyway.
func (d *Duty) remindBefore(rev workday.Revision, now time.Time, last workday.Date) error {
	for _, s := range strings.Split(d.Reminders, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(s))
		if err != nil {
			continue // no reminders are set
		}
		at, err := remindAt(rev, last, n)
		if err != nil {
			return err
		}
		if at.After(now) && (d.NextAt.IsZero() || at.Before(d.NextAt)) {
			d.NextAt = at
		}
	}
	return nil
}

// remindAt is when the office opens on the nth working day before the last day.
func remindAt(rev workday.Revision, last workday.Date, n int) (time.Time, error) {
	day := last
	for n > 0 {
		day = day.AddDays(-1)
		if ok, _ := rev.Working(day); ok {
			n--
		}
	}
	return rev.NextOfficeInstant(day.Midnight())
}

// An Explained limit is a limit with its reckoning, day by day.
type Explained struct {
	Limit
	Due     workday.Due
	Binding bool // the one that makes the due instant
}

// Explain reckons a duty's limits again, with every day's reason, on the calendar
// revision that the duty stands on. It gives exactly the stored due instant.
func Explain(tx *db.Tx, d *Duty) (all []Explained, rev workday.Revision, err error) {
	defer fault.Wrap(&err, "explain %s", d.Rule)
	if rev, err = revision(tx, d.Calendar, d.Revision); err != nil {
		return nil, rev, err
	}
	p, err := pathOf(tx, d)
	if err != nil {
		return nil, rev, err
	}
	binding, ok := d.Binding()
	for i, l := range d.Limits {
		due, err := l.due(rev, d.From, p, i)
		if err != nil {
			return nil, rev, err
		}
		all = append(all, Explained{Limit: l, Due: due, Binding: ok && l.DueAt.Equal(binding.DueAt)})
	}
	return all, rev, nil
}

// pathOf reads the pauses and extensions of a duty.
func pathOf(tx *db.Tx, d *Duty) (p *pathOfTime, err error) {
	p = new(pathOfTime)
	if d.changes == 0 {
		return p, nil
	}
	// system: the caller holds the duty's case
	err = tx.All(`SELECT n, what, at, anew, amount, on_limit, reason FROM duty_change WHERE case_id = $1 AND rule = $2 AND owner = $3 AND round = $4 ORDER BY n`,
		[]any{string(d.Case), d.Rule, string(d.Owner), d.Round}, func(r *sql.Rows) error {
			var s step
			var at time.Time
			var reason string
			var n int64
			if err := r.Scan(&n, &s.what, db.Instant(&at), &s.anew, &s.amount, &s.limit, &reason); err != nil {
				return err
			}
			return p.add(s, at, reason, n > d.carried)
		})
	return p, err
}

// add adds a change; own says that it was made under the owner the duty has now.
func (p *pathOfTime) add(s step, at time.Time, reason string, own bool) error {
	switch s.what {
	case changeSuspend:
		p.pauses = append(p.pauses, workday.Pause{From: at, Why: reason})
		p.at = at
	case changeResume:
		last := &p.pauses[len(p.pauses)-1]
		last.To, last.Anew = at, s.anew
		p.at = at
	case changeExtend:
		l, err := workday.ParseLimit(s.amount)
		if err != nil {
			return err
		}
		x := workday.Extension{Limit: l, Why: reason}
		if p.extensions == nil {
			p.extensions = map[int][]workday.Extension{}
		}
		p.extensions[s.limit] = append(p.extensions[s.limit], x)
		if own && l.Unit != workday.Instant { // reckonOwn takes an instant from the limit itself
			if p.own == nil {
				p.own = map[int][]workday.Extension{}
			}
			p.own[s.limit] = append(p.own[s.limit], x)
		}
	}
	return nil
}
