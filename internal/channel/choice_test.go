package channel

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/lttest"
	"lienthong/internal/workday"
)

func clockOf(t interface{ Fatal(...any) }, s string) workday.Clock {
	if s == "" {
		return Never
	}
	c, err := workday.ParseClock(s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// week is a calendar of office hours on Monday to Friday, with one holiday.
func week() workday.Revision {
	spans, _ := workday.ParseSpans("07:30-11:30,13:30-17:00")
	return workday.Revision{N: 1, Source: "thử",
		Days:  map[workday.Date]workday.Day{workday.MustDate("2026-02-16"): {Kind: workday.Holiday, Status: workday.Sourced}},
		Hours: []workday.Hours{{Spans: spans}}}
}

func moment(t interface{ Fatal(...any) }, s string) time.Time {
	at, err := time.ParseInLocation("2006-01-02 15:04", s, workday.Office)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestWhen(t *testing.T) {
	tests := []struct {
		name, at         string
		digest, from, to string
		office, urgent   bool
		want             string
	}{
		{name: "nothing chosen", at: "2026-02-10 22:15", want: "2026-02-10 22:15"},
		{name: "office hours, inside", at: "2026-02-10 09:00", office: true, want: "2026-02-10 09:00"},
		{name: "office hours, at noon", at: "2026-02-10 12:00", office: true, want: "2026-02-10 13:30"},
		{name: "office hours, Friday evening before a holiday", at: "2026-02-13 18:00", office: true, want: "2026-02-17 07:30"},
		{name: "quiet at night", at: "2026-02-10 23:30", from: "20:00", to: "06:30", want: "2026-02-11 06:30"},
		{name: "quiet early in the morning", at: "2026-02-10 05:00", from: "20:00", to: "06:30", want: "2026-02-10 06:30"},
		{name: "quiet ends at its last minute", at: "2026-02-10 06:30", from: "20:00", to: "06:30", want: "2026-02-10 06:30"},
		{name: "quiet begins at its first", at: "2026-02-10 20:00", from: "20:00", to: "06:30", want: "2026-02-11 06:30"},
		{name: "quiet at noon", at: "2026-02-10 12:30", from: "11:30", to: "13:30", want: "2026-02-10 13:30"},
		{name: "quiet into office hours", at: "2026-02-10 07:00", from: "20:00", to: "09:00", office: true, want: "2026-02-10 09:00"},
		{name: "quiet ends on a day off", at: "2026-02-13 21:00", from: "20:00", to: "09:00", office: true, want: "2026-02-17 09:00"},
		{name: "quiet holds for what is urgent", at: "2026-02-10 23:30", from: "20:00", to: "06:30", urgent: true, want: "2026-02-11 06:30"},
		{name: "once a day, today", at: "2026-02-10 08:00", digest: "16:00", want: "2026-02-10 16:00"},
		{name: "once a day, tomorrow", at: "2026-02-10 16:01", digest: "16:00", want: "2026-02-11 16:00"},
		{name: "once a day, at that minute", at: "2026-02-10 16:00", digest: "16:00", want: "2026-02-10 16:00"},
		{name: "once a working day", at: "2026-02-13 16:30", digest: "16:00", office: true, want: "2026-02-17 16:00"},
		{name: "once a day, outside office hours", at: "2026-02-10 16:30", digest: "06:00", office: true, want: "2026-02-11 07:30"},
		{name: "once a day, in the quiet hours", at: "2026-02-10 16:30", digest: "05:00", from: "20:00", to: "06:30", want: "2026-02-11 06:30"},
		{name: "urgent does not wait for the day's mail", at: "2026-02-10 09:00", digest: "16:00", urgent: true, want: "2026-02-10 09:00"},
		{name: "quiet leaves no office hour: office hours give way", at: "2026-02-10 07:00", from: "06:00", to: "18:00", office: true, want: "2026-02-10 18:00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := Choice{Mail: true, DigestAt: clockOf(t, tt.digest), QuietFrom: clockOf(t, tt.from), QuietTo: clockOf(t, tt.to), OfficeHours: tt.office}
			if got := c.When(week(), moment(t, tt.at), tt.urgent).In(workday.Office).Format("2006-01-02 15:04"); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
	none := Choice{DigestAt: Never, QuietFrom: Never, QuietTo: Never, OfficeHours: true}
	if at := moment(t, "2026-02-10 03:00"); !none.When(workday.Revision{}, at, false).Equal(at) {
		t.Error("a calendar that states no hours holds mail back")
	}
}

// Whatever is chosen, nothing leaves early or in the quiet hours, and asking again at the
// hour found gives that hour.
func TestWhenIsNeverEarlyNorQuiet(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		minute := func(name string) workday.Clock { return workday.Clock(rapid.IntRange(-1, 1439).Draw(rt, name)) }
		c := Choice{DigestAt: minute("digest"), QuietFrom: minute("from"), QuietTo: minute("to"), OfficeHours: rapid.Bool().Draw(rt, "office")}
		if (c.QuietFrom == Never) != (c.QuietTo == Never) || c.QuietFrom == c.QuietTo {
			c.QuietFrom, c.QuietTo = Never, Never
		}
		at := lttest.Start.Add(time.Duration(rapid.IntRange(0, 60*24*20).Draw(rt, "minutes")) * time.Minute)
		got := c.When(week(), at, rapid.Bool().Draw(rt, "urgent"))
		if got.Before(at) {
			rt.Fatalf("%v leaves before it is told at %v", got, at)
		}
		if !c.afterQuiet(got).Equal(got) {
			rt.Fatalf("%v is in the quiet hours", got)
		}
		if again := c.When(week(), got, true); !again.Equal(got) && c.OfficeHours == false {
			rt.Fatalf("%v, asked again %v", got, again)
		}
	})
}

func TestChoose(t *testing.T) {
	lttest.EachDatabase(t, func(t *testing.T, d *db.DB, clock *lttest.Clock) {
		o := newOffice(t, d, clock)
		who := lttest.Who(t, d, lttest.OfficerA)
		try := func(c Choice) error { return d.Update(ctx, func(tx *db.Tx) error { return Choose(tx, who, c) }) }
		of := func() (c Choice) {
			lttest.View(t, d, func(tx *db.Tx) (err error) { c, err = ChoiceOf(tx, who.Officer); return err })
			return c
		}
		if c := of(); c.Mail || c.Own || !c.OfficeHours || c.DigestAt != Never {
			t.Errorf("who chose nothing: %+v", c)
		}
		o.set("notice.mail", "true")
		o.set("notice.office_hours", "false")
		if c := of(); !c.Mail || c.Own || c.OfficeHours {
			t.Errorf("who chose nothing, by the settings: %+v", c)
		}
		want := Choice{Mail: true, DigestAt: 16 * 60, QuietFrom: 20 * 60, QuietTo: 6 * 60, Hours: "yes", OfficeHours: true, Muted: []string{"petition.settled"}, Own: true}
		for range 2 {
			if err := try(want); err != nil {
				t.Fatal(err)
			}
		}
		if c := of(); c.DigestAt != want.DigestAt || c.QuietTo != want.QuietTo || !c.OfficeHours || !c.Own || !slices.Equal(c.Muted, want.Muted) {
			t.Errorf("%+v, want %+v", c, want)
		}
		refusedAs(t, try(Choice{QuietFrom: 60, QuietTo: Never}), fault.Invalid)
		refusedAs(t, try(Choice{QuietFrom: 60, QuietTo: 60}), fault.Invalid)
		refusedAs(t, try(Choice{QuietFrom: Never, QuietTo: Never, Hours: "x"}), fault.Invalid)
		refusedAs(t, try(Choice{QuietFrom: Never, QuietTo: Never, Muted: []string{"petition.arrived"}}), fault.Invalid)
		refusedAs(t, try(Choice{QuietFrom: Never, QuietTo: Never, Muted: []string{"no such"}}), fault.Invalid)
	})
}

func TestKinds(t *testing.T) {
	for name, want := range map[string]Kind{"petition.missed": {Needed: true, Urgent: true}, "incident.demanded": {Needed: true, Urgent: true},
		"petition.arrived": {Needed: true}, "petition.settled": {}, "of a newer release": {}} {
		want.Name = name
		if got := KindOf(name); got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
}
