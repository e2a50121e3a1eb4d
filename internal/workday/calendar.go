package workday

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// A Kind says what makes a day differ from its weekday.
type Kind string

// The kinds, with the words of holidays.csv.
const (
	Holiday      Kind = "holiday"      // nghỉ lễ, tết
	Compensatory Kind = "compensatory" // nghỉ bù, nghỉ hoán đổi
	Makeup       Kind = "working-swap" // ngày nghỉ hằng tuần đi làm bù
)

// A Status says how sure a day is.
type Status string

// The statuses of holidays.csv. Projected and unverified days are shown, never used:
// no legal date may rest on them.
const (
	ByRule     Status = "rule"
	Sourced    Status = "sourced"
	Known      Status = "known" // used, shown as "chưa có bản lưu nguồn"
	Projected  Status = "projected"
	Unverified Status = "unverified"
)

// A Day is one row of a calendar: a day off or on that its weekday does not tell.
type Day struct {
	Kind   Kind
	Name   string // as the notice names it
	Source string
	Status Status
	Note   string
}

// Usable tells whether a legal date may rest on the day. An empty status is usable:
// an administrator who enters a day answers for it.
func (d Day) Usable() bool { return d.Status != Projected && d.Status != Unverified }

// why says in Vietnamese what the day is, for a reckoning.
func (d Day) why() string {
	name := d.Name
	for _, upper := range []string{"Nghỉ", "Làm bù"} {
		if strings.HasPrefix(name, upper) {
			name = strings.ToLower(upper[:1]) + upper[1:] + name[len(upper):]
		}
	}
	switch {
	case d.Kind == Makeup && !strings.HasPrefix(name, "làm bù"):
		name = strings.TrimSpace("làm bù " + name)
	case d.Kind != Makeup && !strings.HasPrefix(name, "nghỉ"):
		name = strings.TrimSpace("nghỉ " + name)
	}
	if d.Status == Known {
		name += " (chưa có bản lưu nguồn)"
	}
	return name
}

// A Week is the set of weekdays an office works, one bit each, Sunday the lowest. The
// zero Week is Monday to Friday, the week of the administrative sector.
type Week uint8

// WeekOf returns the Week of the given weekdays, e.g. with Saturday for a one-stop centre.
func WeekOf(days ...time.Weekday) (w Week) {
	for _, d := range days {
		w |= 1 << d
	}
	return w
}

const mondayToFriday Week = 0b0111110

// Has tells whether the weekday is worked.
func (w Week) Has(d time.Weekday) bool {
	if w == 0 {
		w = mondayToFriday
	}
	return w>>d&1 == 1
}

// A Revision (lịch làm việc, cập nhật lần n) is what was known of a calendar from an
// instant on. The zero Revision works Monday to Friday and knows no holidays and no
// hours. A Revision is only read after it was built, so any number may reckon at once.
type Revision struct {
	N         int       // 1 for the first
	KnownFrom time.Time // zero: has always been known
	Source    string    // the notice, with number and date
	Week      Week
	Days      map[Date]Day
	Hours     []Hours
}

// works is Working without the words; it is on the hot path.
func (r *Revision) works(d Date) bool {
	if len(r.Days) > 0 {
		if day, ok := r.Days[d]; ok && day.Usable() {
			return day.Kind == Makeup
		}
	}
	return r.Week.Has(d.Weekday())
}

// Working tells whether the office works on d, and why in Vietnamese: "ngày làm việc",
// "thứ Bảy", "nghỉ Tết …", "làm bù …".
func (r Revision) Working(d Date) (bool, string) {
	if day, ok := r.Days[d]; ok && day.Usable() {
		return day.Kind == Makeup, day.why()
	}
	if r.Week.Has(d.Weekday()) {
		return true, "ngày làm việc"
	}
	return false, d.WeekdayName()
}

// Covers tells whether the revision states any usable day of the year. Every year has
// holidays, so a year it does not cover has not been announced, and a date reckoned in
// it must be shown as such.
func (r Revision) Covers(year int) bool {
	from, to := NewDate(year, 1, 1), NewDate(year, 12, 31)
	for d, day := range r.Days {
		if !d.Before(from) && !d.After(to) && day.Usable() {
			return true
		}
	}
	return false
}

// nextWorking returns d, or the first working day in the given direction (+1, -1).
func (r *Revision) nextWorking(d Date, step int) Date {
	for !r.works(d) {
		d = d.AddDays(step)
	}
	return d
}

// Changed lists in order the days on which two revisions work differently: a duty that
// runs across none of them keeps its date.
func Changed(old, new Revision) []Date {
	all := make(map[Date]bool)
	for _, r := range []Revision{old, new} {
		for d := range r.Days {
			if old.works(d) != new.works(d) {
				all[d] = true
			}
		}
	}
	return slices.SortedFunc(maps.Keys(all), Date.Compare)
}

// A Calendar (lịch làm việc) is an office's calendar: all that was known of it, and when.
type Calendar struct {
	ID, Name  string
	Revisions []Revision
}

// At returns the newest revision known at the instant. Of two known from the same
// instant the higher number holds; before the first it is the zero Revision.
func (c Calendar) At(known time.Time) (rev Revision) {
	found := false
	for _, r := range c.Revisions {
		if r.KnownFrom.After(known) {
			continue
		}
		newer := r.KnownFrom.After(rev.KnownFrom) || r.KnownFrom.Equal(rev.KnownFrom) && r.N > rev.N
		if !found || newer {
			rev, found = r, true
		}
	}
	return rev
}

// Latest returns the revision with the highest number, the zero Revision if there is none.
func (c Calendar) Latest() (rev Revision) {
	for _, r := range c.Revisions {
		if r.N >= rev.N {
			rev = r
		}
	}
	return rev
}
