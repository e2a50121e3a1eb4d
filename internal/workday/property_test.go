package workday

import (
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var epoch = time.Date(2025, 11, 1, 0, 0, 0, 0, Office)

func anInstant(t *rapid.T, label string) time.Time {
	return epoch.Add(time.Duration(rapid.IntRange(0, 500*24*60).Draw(t, label)) * time.Minute)
}

func aLimit(t *rapid.T, units ...string) Limit {
	unit := rapid.SampledFrom(units).Draw(t, "unit")
	options := ""
	if unit == "wd" || unit == "d" || unit == "mo" {
		options = rapid.SampledFrom([]string{"", ",first", ",roll", ",rollback", ",before", ",cutoff=15:00", ",by=16:00"}).Draw(t, "option")
	}
	n := rapid.IntRange(1, 40).Draw(t, "n")
	l, err := ParseLimit(strconv.Itoa(n) + unit + options)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func somePauses(t *rapid.T, from time.Time) (all []Pause) {
	for range rapid.IntRange(0, 4).Draw(t, "pauses") {
		a := from.Add(time.Duration(rapid.IntRange(0, 30*24*60).Draw(t, "pause")) * time.Minute)
		b := a.Add(time.Duration(rapid.IntRange(0, 15*24*60).Draw(t, "length")) * time.Minute)
		all = append(all, Pause{From: a, To: b})
	}
	return all
}

func mustReckon(t *rapid.T, rev Revision, from time.Time, l Limit, pauses []Pause) Due {
	due, err := Reckon(rev, from, l, pauses, nil)
	if err != nil {
		t.Fatal(err)
	}
	return due
}

func TestMonotoneInStart(t *testing.T) {
	cal := shipped(t)
	rapid.Check(t, func(t *rapid.T) {
		a, b := anInstant(t, "a"), anInstant(t, "b")
		if b.Before(a) {
			a, b = b, a
		}
		l := aLimit(t, "wd", "wh", "d", "h", "mo")
		pauses := somePauses(t, epoch)
		if da, db := mustReckon(t, cal, a, l, pauses), mustReckon(t, cal, b, l, pauses); db.At.Before(da.At) {
			t.Fatalf("%s: from %s late at %s, from %s already at %s", l, a, da.At, b, db.At)
		}
	})
}

func TestPausingNeverShortens(t *testing.T) {
	cal := shipped(t)
	rapid.Check(t, func(t *rapid.T) {
		from, l := anInstant(t, "from"), aLimit(t, "wd", "wh", "d", "h", "mo")
		pauses := somePauses(t, from)
		for i := range pauses {
			pauses[i].Anew = rapid.Bool().Draw(t, "anew")
		}
		if bare, paused := mustReckon(t, cal, from, l, nil), mustReckon(t, cal, from, l, pauses); paused.At.Before(bare.At) {
			t.Fatalf("%s from %s with %v: %s, without: %s", l, from, pauses, paused.At, bare.At)
		}
	})
}

// The working days up to the end are the limit and those at whose close a pause ran.
func TestPausesGiveBackExactly(t *testing.T) {
	cal := shipped(t)
	rapid.Check(t, func(t *rapid.T) {
		from := anInstant(t, "from")
		l := Limit{Unit: WorkingDays, N: rapid.IntRange(1, 30).Draw(t, "n")}
		pauses := somePauses(t, from)
		due := mustReckon(t, cal, from, l, pauses)
		suspended := 0
		for d := Of(from).AddDays(1); !d.After(due.On); d = d.AddDays(1) {
			last := d.AddDays(1).Midnight().Add(-1)
			running := func(p Pause) bool { return !p.From.After(last) && p.To.After(last) }
			if ok, _ := cal.Working(d); ok && slices.ContainsFunc(pauses, running) {
				suspended++
			}
		}
		if got := WorkingDaysBetween(cal, Of(from), due.On); got != l.N+suspended {
			t.Fatalf("%d working days to the end, want %d + %d suspended", got, l.N, suspended)
		}
	})
}

func TestPausedHoursAreGivenBackExactly(t *testing.T) {
	cal := shipped(t)
	rapid.Check(t, func(t *rapid.T) {
		from := anInstant(t, "from")
		l := Limit{Unit: WorkingHours, N: rapid.IntRange(1, 60).Draw(t, "n")}
		var pauses []Pause
		lost, after := time.Duration(0), from
		for range rapid.IntRange(0, 4).Draw(t, "pauses") {
			a := after.Add(time.Duration(rapid.IntRange(0, 3000).Draw(t, "gap")) * time.Minute)
			after = a.Add(time.Duration(rapid.IntRange(1, 9000).Draw(t, "length")) * time.Minute)
			pauses = append(pauses, Pause{From: a, To: after})
		}
		due := mustReckon(t, cal, from, l, pauses)
		for _, p := range pauses {
			if p.From.Before(due.At) {
				_, office := WorkingTime(cal, p.From, earlier(p.To, due.At))
				lost += office
			}
		}
		if _, office := WorkingTime(cal, from, due.At); office != time.Duration(l.N)*time.Hour+lost {
			t.Fatalf("%s office time to the end, want %d h + %s paused", office, l.N, lost)
		}
	})
}

func TestHolidayNeverMakesEarlier(t *testing.T) {
	cal := shipped(t)
	rapid.Check(t, func(t *rapid.T) {
		from, l := anInstant(t, "from"), aLimit(t, "wd", "wh", "d")
		if l.Roll == RollBack {
			return // rolling back towards a new holiday is earlier by its own rule
		}
		more := cal
		more.Days = make(map[Date]Day)
		for d, day := range cal.Days {
			more.Days[d] = day
		}
		off := Of(anInstant(t, "holiday"))
		more.Days[off] = Day{Kind: Holiday, Name: "Nghỉ đột xuất"}
		a, b := mustReckon(t, cal, from, l, nil), mustReckon(t, more, from, l, nil)
		if b.At.Before(a.At) {
			t.Fatalf("%s from %s: %s, with %s off %s", l, from, a.At, off, b.At)
		}
		moved := Changed(cal, more)
		if len(moved) == 0 && !a.At.Equal(b.At) {
			t.Fatal("a date moved though no day changed")
		}
	})
}

func TestExplanationAddsUpToTheDate(t *testing.T) {
	cal := shipped(t)
	rapid.Check(t, func(t *rapid.T) {
		from, l := anInstant(t, "from"), aLimit(t, "wd", "d", "wh", "h")
		due := mustReckon(t, cal, from, l, somePauses(t, from))
		n, minutes, day := 0, 0, Date{}
		for i, s := range due.Reckoning {
			if s.Why == "" {
				t.Fatalf("no reason on %s", s.Date)
			}
			if i > 0 && s.Date != due.Reckoning[i-1].Date.AddDays(1) {
				t.Fatalf("%s follows %s", s.Date, due.Reckoning[i-1].Date)
			}
			minutes += s.Minutes
			if !s.Counted {
				continue
			}
			n, day = n+1, s.Date
			if !l.hourly() && s.N != n {
				t.Fatalf("%s is counted as day %d, want %d", s.Date, s.N, n)
			}
		}
		if l.hourly() {
			if minutes != l.N*60 || day != due.Last() {
				t.Fatalf("%d minutes to %s, want %d to %s", minutes, day, l.N*60, due.Last())
			}
			return
		}
		if l.Exclusive {
			day = day.AddDays(-1)
		}
		if ok, _ := cal.Working(day); n != l.N || day != due.Last() && (ok || l.Roll == RollNone) {
			t.Fatalf("%s counts %d days to %s, due on %s", l, n, day, due.Last())
		}
	})
}

func TestRemainingAgreesWithTheLimit(t *testing.T) {
	cal := shipped(t)
	rapid.Check(t, func(t *rapid.T) {
		from := anInstant(t, "from")
		l := Limit{Unit: WorkingDays, N: rapid.IntRange(1, 300).Draw(t, "n")}
		due := mustReckon(t, cal, from, l, nil)
		if left := Remaining(cal, from, due); left.Days != l.N || left.Late {
			t.Fatalf("on receipt %+v, want %d days left", left, l.N)
		}
	})
}

// The machine's zone and its neighbours change nothing.
func TestZoneAndNeighboursDoNotMatter(t *testing.T) {
	cal, l := shipped(t), limit(t, "7wd")
	local := time.Local
	defer func() { time.Local = local }()
	for _, zone := range []*time.Location{time.UTC, time.FixedZone("west", -11*3600), time.FixedZone("east", 14*3600)} {
		time.Local = zone
		on, late, err := DueOnly(cal, at("2026-02-10 00:30").In(zone), l)
		if err != nil || on != MustDate("2026-02-26") || !late.Equal(at("2026-02-27 00:00")) {
			t.Errorf("in %s: on %s, late at %s, %v", zone, on, late, err)
		}
	}
	var wait sync.WaitGroup
	for i := range 1000 { // as many offices at once, each on its own calendar
		wait.Go(func() {
			rev, want := cal, "2026-02-26"
			if i%2 == 0 {
				rev, want = Revision{}, "2026-02-19"
			}
			if due, err := Reckon(rev, at("2026-02-10 09:00"), l, nil, nil); err != nil || due.On != MustDate(want) {
				t.Errorf("office %d: on %s, want %s", i, due.On, want)
			}
		})
	}
	wait.Wait()
}
