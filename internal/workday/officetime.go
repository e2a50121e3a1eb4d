package workday

import "time"

// hours counts office hours, or clock hours, from an instant on or back. The due instant
// is the earliest at which so much time has run.
func (c *count) hours(t time.Time, l Limit) (end, error) {
	left := time.Duration(l.N) * time.Hour
	day, step, idle, total := Of(t), 1, 0, 0
	if l.Back {
		day, step = Of(t.Add(-1)), -1
	}
	for ; idle <= noHours; day = day.AddDays(step) {
		ran, at, open := c.hoursOf(day, t, left, l)
		left -= ran
		if ran == 0 && !c.anyPause(day) {
			idle++
		}
		now := int((time.Duration(l.N)*time.Hour - left) / time.Minute)
		c.addHours(day, now-total, now, l, open)
		total = now
		if open {
			return end{open: true, time: left}, nil
		}
		if left == 0 {
			return end{at: at}, nil
		}
	}
	return end{}, errNoHours()
}

// anyPause keeps a long pause from being taken for a calendar without hours.
func (c *count) anyPause(d Date) bool { return c.pausedAtClose(d) != nil }

var wholeDay = []Span{{0, 24 * 60}}

// hoursOf runs the clock through one day: how much of left it took, where it stopped
// when left ran out, and whether an open pause stands in the way.
func (c *count) hoursOf(day Date, t time.Time, left time.Duration, l Limit) (ran time.Duration, at time.Time, open bool) {
	spans := wholeDay
	if l.Unit == WorkingHours {
		spans = c.rev.HoursOn(day)
	}
	for i := range spans {
		s := spans[i]
		if l.Back {
			s = spans[len(spans)-1-i]
		}
		from, to := day.At(s.Start), day.At(s.End)
		if l.Back {
			to = earlier(to, t)
			piece := min(max(to.Sub(from), 0), left-ran)
			ran, at = ran+piece, to.Add(-piece)
		} else {
			var piece time.Duration
			piece, at, open = c.running(later(from, t), to, left-ran)
			ran += piece
		}
		if open || ran == left {
			return ran, at, open
		}
	}
	return ran, at, false
}

// running takes up to left of the time between from and to in which no pause runs.
func (c *count) running(from, to time.Time, left time.Duration) (ran time.Duration, at time.Time, open bool) {
	at = from
	for i := range c.pauses {
		p := &c.pauses[i]
		if !p.From.Before(to) || !at.Before(to) {
			break
		}
		if !p.open() && !p.To.After(at) {
			continue
		}
		if free := min(p.From.Sub(at), left-ran); free > 0 {
			ran, at = ran+free, at.Add(free)
		}
		if ran == left || p.open() {
			return ran, at, ran != left
		}
		at = p.To
	}
	if free := min(to.Sub(at), left-ran); free > 0 {
		ran, at = ran+free, at.Add(free)
	}
	return ran, at, false
}

// A day in the reckoning of a limit by the hour: the minutes it gave, or why it gave none.
func (c *count) addHours(d Date, minutes, total int, l Limit, open bool) {
	if c.due == nil {
		return
	}
	works, why := c.rev.Working(d)
	switch p := c.pausedAtClose(d); {
	case p != nil && (works || l.Unit == ClockHours) && (minutes == 0 || open):
		why = p.words()
	case l.Unit == ClockHours:
		why = "tính giờ liên tục"
	case works && minutes == 0:
		why += ", ngoài giờ làm việc"
	}
	c.add(Step{Date: d, Counted: minutes > 0, Why: why, Minutes: minutes, Total: total})
}

// The earlier of two.
func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// The later of two.
func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// WorkingTime measures how long something took, for figures: the working days from the
// day after from to the day of to, and the office time between the two instants (zero
// when the revision states no hours). To before from is nothing.
func WorkingTime(rev Revision, from, to time.Time) (days int, office time.Duration) {
	if !to.After(from) {
		return 0, 0
	}
	for d := Of(from); !d.After(Of(to)); d = d.AddDays(1) {
		for _, s := range rev.HoursOn(d) {
			if free := earlier(d.At(s.End), to).Sub(later(d.At(s.Start), from)); free > 0 {
				office += free
			}
		}
	}
	return WorkingDaysBetween(rev, Of(from), Of(to)), office
}

// WorkingDaysBetween counts the working days after from up to and with to; negative
// when to is earlier.
func WorkingDaysBetween(rev Revision, from, to Date) int {
	if to.Before(from) {
		return -WorkingDaysBetween(rev, to, from)
	}
	span := to.Sub(from)
	if span <= 2*len(rev.Days)+14 { // a short walk is cheaper than the whole table
		n := 0
		for d := from.AddDays(1); !d.After(to); d = d.AddDays(1) {
			if rev.works(d) {
				n++
			}
		}
		return n
	}
	plain := Revision{Week: rev.Week}
	week := 0
	for i := range 7 {
		if plain.works(from.AddDays(i + 1)) {
			week++
		}
	}
	n := span / 7 * week
	for i := span / 7 * 7; i < span; i++ {
		if plain.works(from.AddDays(i + 1)) {
			n++
		}
	}
	for d := range rev.Days {
		if d.After(from) && !d.After(to) && rev.works(d) != plain.works(d) {
			if rev.works(d) {
				n++
			} else {
				n--
			}
		}
	}
	return n
}
