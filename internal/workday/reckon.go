package workday

import (
	"slices"
	"time"

	"lienthong/internal/fault"
)

// Reckon counts the limit from the instant of receipt (for Limit.Back: of the event) on
// the calendar as one revision knows it, and explains every day.
//
// Pauses may come in any order and overlap; see Pause for the days they give back. One
// that begins when the limit is over changes nothing. Instants and limits counted back
// from an event are fixed: pauses do not move them, extensions do. Extensions follow
// each other in the order given. A limit, pause or extension that means nothing is a
// fault.Invalid.
func Reckon(rev Revision, from time.Time, l Limit, pauses []Pause, extensions []Extension) (Due, error) {
	due := Due{Unit: l.Unit, Reckoning: []Step{}}
	c := count{rev: &rev, limit: l, from: from, due: &due}
	if err := c.take(pauses); err != nil {
		return Due{}, err
	}
	end, err := c.run(extensions)
	if err != nil {
		return Due{}, err
	}
	if end.open {
		due.Paused, due.LeftDays, due.LeftTime = true, end.days, end.time
	} else {
		due.At, due.On = end.at, end.on
	}
	due.Uncovered = c.uncovered(end)
	return due, nil
}

// DueOnly is Reckon without pauses, extensions and reasons: the last day still in time
// (zero when an hour ends it) and the first instant that is late.
func DueOnly(rev Revision, from time.Time, l Limit) (Date, time.Time, error) {
	c := count{rev: &rev, limit: l, from: from}
	end, err := c.run(nil)
	return end.on, end.at, err
}

// A count is one limit being counted.
type count struct {
	rev    *Revision
	limit  Limit
	from   time.Time
	pauses []Pause // in order of From
	due    *Due    // takes the steps; nil when nobody asked why
}

// An end is where a count stands: on its last day, or at an open pause.
type end struct {
	last Date      // the last day counted, before "trước" and rolls; zero for hours
	on   Date      // the last day still in time
	at   time.Time // the first instant that is late
	open bool      // the clock stands still
	days int       // left at an open pause
	time time.Duration
}

// Takes the pauses in. A fixed day is not moved by them: it was set by a person or a text.
func (c *count) take(pauses []Pause) error {
	for _, p := range pauses {
		if p.From.IsZero() || !p.open() && p.To.Before(p.From) {
			return fault.Refuse(fault.Invalid, "Thời gian tạm dừng không đúng: lúc tiếp tục phải sau lúc tạm dừng.")
		}
	}
	if c.limit.fixed() {
		return nil
	}
	byStart := func(a, b Pause) int { return a.From.Compare(b.From) }
	if !slices.IsSortedFunc(pauses, byStart) {
		pauses = slices.SortedStableFunc(slices.Values(pauses), byStart)
	}
	c.pauses = pauses
	return nil
}

// run counts the limit and then its extensions, each from the end of the one before.
func (c *count) run(extensions []Extension) (e end, err error) {
	if err := c.limit.check(); err != nil {
		return end{}, err
	}
	c.receipt()
	start, restarted, err := c.startAnew()
	if err != nil || restarted.open {
		return restarted, err
	}
	first := c.receivedOn(start)
	if e, err = c.leg(c.limit, first, start); err != nil || e.open {
		return e, err
	}
	e = c.finish(e)
	for _, x := range extensions {
		if e, err = c.extend(e, x); err != nil || e.open {
			return e, err
		}
	}
	c.noteEnd(e)
	return e, nil
}

// leg counts one stretch: in days from the day received, in hours from the instant.
func (c *count) leg(l Limit, received Date, start time.Time) (end, error) {
	switch l.Unit {
	case None:
		return end{}, nil
	case Instant:
		return end{at: l.At.In(Office)}, nil
	case WorkingHours, ClockHours:
		return c.hours(start, l)
	}
	n := l.N
	if l.Unit == Months {
		n = received.AddMonths(l.N).Sub(received)
		if l.Back {
			n = received.Sub(received.AddMonths(-l.N))
		}
	}
	return c.days(received, n, l), nil
}

// days counts n days on, or back, from the day received.
func (c *count) days(d Date, n int, l Limit) end {
	step := 1
	if l.Back {
		step = -1
	}
	if n == 0 {
		n = 1 // the day of receipt itself
	} else if !l.CountFirst {
		d = d.AddDays(step)
	}
	for k := 1; ; d = d.AddDays(step) {
		p := c.pausedAtClose(d)
		if p != nil && p.open() {
			c.skipDay(d, l, p)
			return end{open: true, days: n - k + 1}
		}
		if p != nil || l.Unit == WorkingDays && !c.rev.works(d) {
			c.skipDay(d, l, p)
			continue
		}
		c.countDay(d, k, l)
		if k == n {
			return end{last: d}
		}
		k++
	}
}

// The pause that holds when a day closes; that moment decides whether the day counts.
func (c *count) pausedAtClose(d Date) *Pause {
	for i := range c.pauses {
		if c.pauses[i].closes(d) {
			return &c.pauses[i]
		}
	}
	return nil
}

// receivedOn is the day of receipt for counting: after a cut-off hour the next working
// day. Where there is such an hour a day off is after it too, or who sends on Saturday
// would be ahead of who sent late on Friday.
func (c *count) receivedOn(t time.Time) Date {
	d := Of(t)
	if c.limit.CutOff == 0 || c.rev.works(d) && !t.After(d.At(c.limit.CutOff)) {
		return d
	}
	next := c.rev.nextWorking(d.AddDays(1), 1)
	c.noteCutOff(d, next)
	return next
}

// startAnew finds where the limit starts after pauses that begin it again. A pause that
// began when the limit was over starts nothing.
func (c *count) startAnew() (start time.Time, e end, err error) {
	start = c.from
	for i := range c.pauses {
		p := &c.pauses[i]
		if !p.Anew || !p.open() && p.To.Before(start) {
			continue
		}
		before := count{rev: c.rev, limit: c.limit, from: start, pauses: c.pauses[:i]}
		if e, err = before.leg(c.limit, before.receivedOn(start), start); err != nil {
			return start, e, err
		}
		if !e.open && !before.finish(e).at.After(p.From) {
			break
		}
		if p.open() {
			return start, c.wholeLeft(start), nil
		}
		c.noteAnew(p)
		start = p.To
	}
	return start, end{}, nil
}

// wholeLeft is the end of a count that will start again when its open pause ends.
func (c *count) wholeLeft(start time.Time) end {
	switch c.limit.Unit {
	case WorkingHours, ClockHours:
		return end{open: true, time: time.Duration(c.limit.N) * time.Hour}
	case Months:
		return end{open: true, days: Of(start).AddMonths(c.limit.N).Sub(Of(start))}
	}
	return end{open: true, days: max(c.limit.N, 1)}
}

// finish turns the last day counted into the last day still in time and the first
// instant that is late: first "trước", then the roll of a day off, then the hour.
func (c *count) finish(e end) end {
	if e.last.IsZero() { // hours, instants, or no limit
		if !e.at.IsZero() && c.limit.Unit == Instant && e.at.Equal(Of(e.at).Midnight()) {
			e.on = Of(e.at).AddDays(-1)
		}
		return e
	}
	e.on = e.last
	if c.limit.Exclusive {
		e.on = e.on.AddDays(-1)
	}
	switch c.limit.Roll {
	case RollForward:
		e.on = c.rev.nextWorking(e.on, 1)
	case RollBack:
		e.on = c.rev.nextWorking(e.on, -1)
	}
	e.at = e.on.AddDays(1).Midnight()
	if c.limit.By != 0 {
		e.at, e.on = e.on.At(c.limit.By), Date{}
	}
	return e
}

// extend lengthens the count that ended at e.
func (c *count) extend(e end, x Extension) (end, error) {
	l := x.Limit
	if l.Unit == None || l != (Limit{Unit: l.Unit, N: l.N, At: l.At}) || l.Unit != Instant && l.N == 0 {
		return end{}, fault.Refuse(fault.Invalid, "Gia hạn phải là một số ngày, giờ, tháng hoặc một thời điểm.")
	}
	if err := l.check(); err != nil {
		return end{}, err
	}
	if e.at.IsZero() {
		return end{}, fault.Refuse(fault.Invalid, "Việc này không nêu hạn nên không gia hạn được.")
	}
	last := Of(e.at.Add(-1)) // a last day that rolled on is extended from where it rolled
	if e.last.After(last) {
		last = e.last // "trước" and a roll back stand before the day counted
	}
	next, err := c.leg(l, last, e.at)
	if err != nil || next.open {
		return next, err
	}
	if l.Unit == Instant {
		next = (&count{rev: c.rev, limit: l}).finish(next)
	} else {
		next = c.finish(next)
	}
	if !next.at.After(e.at) {
		return end{}, fault.Refuse(fault.Invalid, "Hạn mới phải sau hạn cũ.")
	}
	c.noteExtension(x)
	return next, nil
}
