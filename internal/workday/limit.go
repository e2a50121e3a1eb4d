package workday

import (
	"time"

	"lienthong/internal/fault"
)

// A Unit is what a limit counts.
type Unit uint8

// The units. What a text calls "ngày" without more is for the rule to say, never guessed.
const (
	None         Unit = iota // không nêu hạn
	WorkingDays              // ngày làm việc
	WorkingHours             // giờ làm việc
	CalendarDays             // ngày (liên tục)
	ClockHours               // giờ (liên tục)
	Months                   // tháng
	Instant                  // an absolute instant, never rolled
)

// A Roll says what happens when the last day is a day off.
type Roll uint8

// The rolls. A rule must ask for one; nothing rolls by itself.
const (
	RollNone    Roll = iota
	RollForward      // to the next working day
	RollBack         // to the working day before
)

// A Limit (thời hạn) is a length of time as a rule states it, or an absolute instant.
// The zero Limit states no time: its Due is empty ("không nêu hạn").
//
// Days are counted from the day after receipt, unless CountFirst. Zero days mean the day
// of receipt itself, or the next working day when that is a day off.
type Limit struct {
	Unit Unit
	N    int       // how many; 0 to MaxN
	At   time.Time // for Instant: the first instant that is late, in Office

	CountFirst bool  // the day of receipt counts as the first
	Back       bool  // counted back from an event ("ít nhất 3 ngày trước phiên họp")
	Exclusive  bool  // "trước": the day reached is late already; without it "chậm nhất"
	Roll       Roll  // of a last day off
	CutOff     Clock // received after this hour counts as received the next working day
	By         Clock // the hour of the last day before which it must be done; 0: its end
}

// MaxN bounds N. It is no rule of law: it keeps a slip of the keyboard from becoming a
// date that nobody lives to see.
const MaxN = 9999

// check refuses limits that mean nothing, with a fault.Invalid.
func (l Limit) check() error {
	switch {
	case l.Unit > Instant:
		return fault.Refuse(fault.Invalid, "Đơn vị của thời hạn không có trong danh mục.")
	case l.N < 0 || l.N > MaxN:
		return fault.Refuse(fault.Invalid, "Thời hạn %d nằm ngoài khoảng 0 đến %d.", l.N, MaxN)
	case l.Unit == Instant && l.At.IsZero():
		return fault.Refuse(fault.Invalid, "Thời hạn chưa nêu thời điểm.")
	case l.Unit == None && l != Limit{}, l.Unit == Instant && l != Limit{Unit: Instant, At: l.At},
		l.Unit != Instant && !l.At.IsZero():
		return fault.Refuse(fault.Invalid, "Thời hạn không nhận điều kiện kèm theo này.")
	case l.hourly() && (l.CountFirst || l.Exclusive || l.Roll != RollNone || l.By != 0 || l.CutOff != 0 || l.N == 0):
		return fault.Refuse(fault.Invalid, "Thời hạn theo giờ không nhận điều kiện kèm theo này.")
	case l.Back && l.CutOff != 0, l.CutOff < 0 || l.CutOff >= 24*60, l.By < 0 || l.By >= 24*60:
		return fault.Refuse(fault.Invalid, "Giờ kèm theo thời hạn không đúng.")
	}
	return nil
}

// Limits by the hour are counted in minutes, all others in days.
func (l Limit) hourly() bool { return l.Unit == WorkingHours || l.Unit == ClockHours }

// fixed limits do not run: neither a pause nor the calendar moves an instant that a
// person wrote, nor a day counted back from an event.
func (l Limit) fixed() bool { return l.Unit == Instant || l.Unit == None || l.Back }

// A Pause (tạm dừng) stops the clock from From until To; a zero To is still paused.
//
// For limits in days a day is suspended when the clock stands still as the day closes
// (24:00): the day of suspension is given back whole, the day of resumption counts.
// Pauses within one day therefore suspend nothing, and any number of pauses give back
// exactly the working days at whose close one of them ran. For limits in hours the
// office minutes (clock minutes) inside the pause are given back.
type Pause struct {
	From, To time.Time
	Anew     bool   // resuming starts the limit again, as if received at To
	Why      string // in Vietnamese, with the clause, for the reckoning
}

// A pause that has not ended.
func (p *Pause) open() bool { return p.To.IsZero() }

// closes tells whether the pause runs at the close of d.
func (p *Pause) closes(d Date) bool {
	end := d.AddDays(1).Midnight()
	return p.From.Before(end) && (p.open() || !p.To.Before(end))
}

// A pause in words, with why.
func (p *Pause) words() string {
	if p.Why == "" {
		return "tạm dừng"
	}
	return "tạm dừng: " + p.Why
}

// An Extension (gia hạn) lengthens a limit: by a Limit counted from the end of the one
// before, or until an Instant, which must be later than it.
type Extension struct {
	Limit Limit
	Why   string // in Vietnamese, with who allowed it and the clause
}
