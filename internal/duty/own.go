package duty

import (
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/workday"
)

// reckonOwn computes the end of the owner's own share, by which figures count him. The
// first owner's is the due instant. Whoever the duty was handed to has each limit again
// in full from the instant it reached him, with the pauses and the extensions since
// then; never less than the matter itself has. See doc/decisions/0003-own-share.md.
func (d *Duty) reckonOwn(rev workday.Revision, p *pathOfTime) error {
	d.OwnDueAt = d.DueAt
	if d.OwnFrom.IsZero() {
		return nil
	}
	d.OwnDueAt = time.Time{}
	since := p.since(d.OwnFrom)
	for i, l := range d.Limits {
		due, err := l.ownDue(rev, d.OwnFrom, since, i)
		if err != nil {
			return err
		}
		if !due.At.IsZero() && (d.OwnDueAt.IsZero() || due.At.Before(d.OwnDueAt)) {
			d.OwnDueAt = due.At
		}
	}
	return nil
}

// ownDue reckons the nth limit as the share of an owner whom the duty reached at from.
// A day that nobody's length moves - an instant, a day counted back, one of the
// calendar - is his own too, unless it was over when he got it: then he has no date of
// his own, because no text states one.
func (l Limit) ownDue(rev workday.Revision, from time.Time, since *pathOfTime, n int) (due workday.Due, err error) {
	w, err := workday.ParseLimit(l.Text)
	if err != nil || l.DueAt.IsZero() { // no time is stated, or the clock stands still
		return due, err
	}
	whole := workday.Due{At: l.DueAt, On: l.DueOn}
	if l.Fixed || w.Unit == workday.Instant || w.Back {
		if l.DueAt.After(from) {
			return whole, nil
		}
		return due, nil
	}
	if l.From.Before(from) {
		l.From = from
	}
	due, err = l.due(rev, from, since, n)
	if err == nil && !due.At.IsZero() && due.At.Before(l.DueAt) { // an extension that the owner before was granted
		return whole, nil
	}
	return due, err
}

// since is what moved the clock after an instant; a pause that ran already runs from it.
func (p *pathOfTime) since(from time.Time) *pathOfTime {
	if p == nil {
		return nil
	}
	s := &pathOfTime{extensions: p.own}
	for _, x := range p.pauses {
		if !x.To.IsZero() && !x.To.After(from) {
			continue
		}
		if x.From.Before(from) {
			x.From = from
		}
		s.pauses = append(s.pauses, x)
	}
	return s
}

// LateByOwnShare says whether the owner did the duty, or handed it over, after his own
// share of the time: the lateness that a figure counts with him.
func (d *Duty) LateByOwnShare() bool {
	return (d.Fate == Met || d.Fate == Handed) && !d.Request && !d.OwnDueAt.IsZero() && !d.EndedAt.Before(d.OwnDueAt)
}

// Inherited says whether the matter is past its due instant while the owner, who got it
// from another, still has time of his own share: late for the counterpart, not with him.
func (d *Duty) Inherited(now time.Time) bool {
	return d.MissedAtNow(now) && (d.OwnDueAt.IsZero() || now.Before(d.OwnDueAt))
}

// ReachedLate says whether the duty was past its due instant when it reached this owner
// (nhận khi đã quá hạn).
func (d *Duty) ReachedLate() bool {
	return !d.OwnFrom.IsZero() && !d.DueAt.IsZero() && !d.OwnFrom.Before(d.DueAt)
}

// Share says in words that a duty past its date came from another owner, and what this
// one has or had of its own; "" for what is not missed, or is the first owner's. The
// screen shows it beside "quá hạn", for a figure does not count that lateness with him.
func (d *Duty) Share(now time.Time) string {
	if d.OwnFrom.IsZero() || !d.MissedAtNow(now) {
		return ""
	}
	words := "nhận từ đơn vị khác"
	if d.ReachedLate() {
		words = "nhận khi đã quá hạn"
	}
	if d.OwnDueAt.IsZero() {
		return words
	}
	last := workday.Due{At: d.OwnDueAt}.Last().Short()
	if d.Inherited(now) {
		return words + ", phần thời gian của đơn vị đến hết " + last
	}
	return words + ", phần thời gian của đơn vị đã hết ngày " + last
}

// ExplainOwn reckons the limits of an owner's own share, day by day, on the revision
// that the duty stands on; none for the first owner, whose share is the matter's own.
// The earliest is OwnDueAt.
func ExplainOwn(tx *db.Tx, d *Duty) (all []Explained, err error) {
	defer fault.Wrap(&err, "explain own share of %s", d.Rule)
	if d.OwnFrom.IsZero() {
		return nil, nil
	}
	rev, err := revision(tx, d.Calendar, d.Revision)
	if err != nil {
		return nil, err
	}
	p, err := pathOf(tx, d)
	if err != nil {
		return nil, err
	}
	for i, l := range d.Limits {
		due, err := l.ownDue(rev, d.OwnFrom, p.since(d.OwnFrom), i)
		if err != nil {
			return nil, err
		}
		all = append(all, Explained{Limit: l, Due: due, Binding: !due.At.IsZero() && due.At.Equal(d.OwnDueAt)})
	}
	return all, nil
}
