package duty

import (
	"time"

	"lienthong/internal/workday"
)

// A Span is a time in which what ended had been due, from the first to the last day.
type Span struct {
	From, To workday.Date
	Dated    bool // what had no day is left out
	Months   bool // month by month: what is given has the month as its Day
}

// Ever is all time, and what had no day.
var Ever = Span{From: workday.NewDate(1, time.January, 1), To: workday.NewDate(9999, time.December, 31)}

// A piece is a part of a span that one kind of sum knows, from a period to another, or days
// that are counted one by one.
type piece struct {
	level    string
	from, to string // of periods; both "" is what had no day
	minus    bool   // it is taken away
}

// pieces cuts a span into whole years, whole months and the days of the months that it cuts.
func (s Span) pieces() (all []piece) {
	if !s.Dated {
		all = append(all, piece{level: levelYear})
	}
	from, to := s.From, s.To
	if first := firstOf(from); first != from && !from.After(to) {
		last := firstOf(first.AddMonths(1)).AddDays(-1)
		if to.Before(last) {
			last = to
		}
		all = append(all, days(from, last)...)
		from = last.AddDays(1)
	}
	if from.After(to) {
		return all
	}
	if first := firstOf(to); to.AddDays(1) != firstOf(first.AddMonths(1)) {
		all = append(all, days(first, to)...)
		to = first.AddDays(-1)
	}
	return append(all, s.whole(from, to)...)
}

// whole are the pieces of whole months.
func (s Span) whole(from, to workday.Date) (all []piece) {
	months := func(from, to workday.Date) {
		if !from.After(to) {
			all = append(all, piece{level: levelMonth, from: from.String()[:len("2026-03")], to: to.String()[:len("2026-03")]})
		}
	}
	january, december := workday.NewDate(from.Year(), time.January, 1), workday.NewDate(to.Year(), time.December, 31)
	if january != from {
		january = workday.NewDate(from.Year()+1, time.January, 1)
	}
	if december != to {
		december = workday.NewDate(to.Year()-1, time.December, 31)
	}
	if s.Months || january.After(december) {
		months(from, to)
		return all
	}
	months(from, january.AddDays(-1))
	all = append(all, piece{level: levelYear, from: january.String()[:len("2026")], to: december.String()[:len("2026")]})
	months(december.AddDays(1), to)
	return all
}

// days are the days of one month; of more than half of it, the month without the others.
func days(from, to workday.Date) []piece {
	first := firstOf(from)
	last := firstOf(first.AddMonths(1)).AddDays(-1)
	if 2*(to.Sub(from)+1) <= last.Sub(first)+1 {
		return []piece{{level: levelDay, from: from.String(), to: to.String()}}
	}
	month := first.String()[:len("2026-03")]
	all := []piece{{level: levelMonth, from: month, to: month}}
	if from.After(first) {
		all = append(all, piece{levelDay, first.String(), from.AddDays(-1).String(), true})
	}
	if to.Before(last) {
		all = append(all, piece{levelDay, to.AddDays(1).String(), last.String(), true})
	}
	return all
}

// firstOf is the first day of a day's month.
func firstOf(d workday.Date) workday.Date {
	y, m, _ := d.Civil()
	return workday.NewDate(y, m, 1)
}
