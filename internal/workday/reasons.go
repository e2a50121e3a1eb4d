package workday

// This file writes the reckoning: what each day counted for and what moved the end.
// Everything here is skipped when nobody asked why.

// A step of the reckoning; counting alone writes none, and is what lists of thousands use.
func (c *count) add(s Step) {
	if c.due != nil {
		c.due.Reckoning = append(c.due.Reckoning, s)
	}
}

// A note beside the reckoning.
func (c *count) note(s string) {
	if c.due != nil {
		c.due.Notes = append(c.due.Notes, s)
	}
}

// receipt explains the day of receipt, which stands before the reckoning.
func (c *count) receipt() {
	if c.due == nil {
		return
	}
	why := "ngày nhận, không tính"
	switch {
	case c.limit.Unit == None || c.limit.Unit == Instant:
		why = "ngày nhận"
	case c.limit.hourly():
		why = "nhận lúc " + c.from.In(Office).Format("15:04")
	case c.limit.Back && c.limit.CountFirst:
		why = "ngày diễn ra, tính là ngày đầu"
	case c.limit.Back:
		why = "ngày diễn ra, không tính"
	case c.limit.CountFirst:
		why = "ngày nhận, tính là ngày đầu"
	case c.limit.N == 0:
		why = "ngày nhận, phải xong trong ngày"
	}
	c.due.Receipt = Step{Date: Of(c.from), Why: why}
}

// A day in the reckoning of a limit by days.
func (c *count) countDay(d Date, n int, l Limit) {
	if c.due == nil {
		return
	}
	works, why := c.rev.Working(d)
	if l.Unit != WorkingDays {
		if works {
			why = "ngày liên tục"
		} else {
			why += ", vẫn tính"
		}
	}
	c.add(Step{Date: d, Counted: true, N: n, Why: why})
}

// skipDay names the day off before the pause: a Sunday would not have counted anyway.
func (c *count) skipDay(d Date, l Limit, p *Pause) {
	if c.due == nil {
		return
	}
	works, why := c.rev.Working(d)
	if p != nil && (works || l.Unit != WorkingDays) {
		why = p.words()
	}
	c.add(Step{Date: d, Why: why})
}

// skipTo records the days after from up to and with to as not counted for one reason.
func (c *count) skipTo(from, to Date, reason string) {
	if c.due == nil {
		return
	}
	for d := from.AddDays(1); !d.After(to); d = d.AddDays(1) {
		works, why := c.rev.Working(d)
		if works || c.limit.Unit != WorkingDays {
			why = reason
		}
		c.add(Step{Date: d, Why: why})
	}
}

// Received after the hour at which the office closes its book, it counts as received on the next day; the
// reckoning says so.
func (c *count) noteCutOff(received, counted Date) {
	if c.due == nil {
		return
	}
	when := "nhận sau " + c.limit.CutOff.String() + " ngày "
	if !c.rev.works(received) {
		when = "nhận vào ngày nghỉ "
	}
	say := when + received.Short() + ", tính như nhận ngày " + counted.Short()
	c.note(say)
	to := counted
	if c.limit.CountFirst || c.limit.N == 0 {
		to = to.AddDays(-1) // that day is counted next
	}
	c.skipTo(received, to, say)
}

// A pause after which the limit begins anew: the days before it are shown and do not count.
func (c *count) noteAnew(p *Pause) {
	if c.due == nil {
		return
	}
	resumed := Of(p.To)
	say := "tính lại từ đầu, tiếp tục ngày " + resumed.Short()
	c.note(say)
	from := c.due.Receipt.Date
	if n := len(c.due.Reckoning); n > 0 {
		from = c.due.Reckoning[n-1].Date
	}
	c.skipTo(from, resumed, say)
}

// An extension, with why.
func (c *count) noteExtension(x Extension) {
	if c.due == nil {
		return
	}
	say := "gia hạn " + x.Limit.Words()
	if x.Limit.Unit == Instant {
		say = "gia hạn đến " + x.Limit.Words()
	}
	if x.Why != "" {
		say += ": " + x.Why
	}
	c.note(say)
}

// noteEnd explains how the end differs from the last day counted.
func (c *count) noteEnd(e end) {
	if c.due == nil || e.last.IsZero() {
		return
	}
	last := e.last
	if c.limit.Exclusive {
		c.note("phải xong trước ngày " + last.Short())
		last = last.AddDays(-1)
	}
	c.noteRoll(last, Of(e.at.Add(-1)))
	if c.limit.By != 0 {
		c.note("phải xong trước " + c.limit.By.String() + " ngày " + Of(e.at).Short())
	}
}

// noteRoll explains why a last day moved, and shows the days over which it moved on.
func (c *count) noteRoll(last, to Date) {
	if last == to {
		return
	}
	_, why := c.rev.Working(last)
	c.note("ngày cuối " + last.Short() + " là ngày nghỉ (" + why + "), chuyển sang " + to.WeekdayName() + " " + to.Short())
	if c.limit.Roll == RollForward {
		c.skipTo(last, to, "ngày cuối được chuyển sang ngày này")
	}
}

// uncovered lists the years between receipt and end of which the calendar states nothing.
func (c *count) uncovered(e end) (years []int) {
	last := c.from
	if !e.at.IsZero() {
		last = e.at.Add(-1)
	}
	a, b := Of(c.from).Year(), Of(last).Year()
	if c.limit.Unit == None || c.limit.Unit == Instant || c.limit.Unit == ClockHours {
		return nil // the calendar had no say
	}
	for y := min(a, b); y <= max(a, b); y++ {
		if !c.rev.Covers(y) {
			years = append(years, y)
		}
	}
	return years
}
