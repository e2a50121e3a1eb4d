// Package ics writes calendars that phones and mail programs read (iCalendar, RFC 5545).
//
// It knows nothing of cases or rights: it gets events and gives bytes. The same events give
// the same bytes, so that their hash can say whether anything changed. Days are written as
// days, hours as UTC instants, which every program shows in its own zone.
package ics

import (
	"crypto/sha256"
	"encoding/base64"
	"time"

	ical "github.com/arran4/golang-ical"
)

// Type is the media type of a calendar.
const Type = "text/calendar; charset=utf-8"

// An Event is one entry. With AllDay, From is its first day and Until the first day behind
// it, both at midnight of the office; else they are instants.
type Event struct {
	ID        string // never changes: programs update the entry they have
	Title     string
	Text      string
	Venue     string
	URL       string
	From      time.Time // inclusive; whole days by the office's calendar
	Until     time.Time // not before From
	AllDay    bool      // From and Until are midnights
	Free      bool      // it does not block the time: a thing of a whole week or month
	Cancelled bool      // stays in the feed, or phones would keep it
	Sequence  int64     // grows with each change
	ChangedAt time.Time
}

// A Calendar is what one address gives.
type Calendar struct {
	Name   string
	Maker  string        // the program that wrote it: "Liên thông"
	Every  time.Duration // how often a program should ask again
	Events []Event
}

// longestLine bounds a line in bytes, before its CRLF, as RFC 5545 §3.1 wants it.
const longestLine = 75

// Bytes writes the calendar.
func (c Calendar) Bytes() []byte {
	cal := ical.NewCalendar()
	cal.SetProductId("-//" + c.Maker + "//VI")
	cal.SetMethod(ical.MethodPublish)
	cal.SetCalscale("GREGORIAN")
	cal.SetXWRCalName(c.Name)
	if c.Every > 0 {
		every := "PT" + minutes(c.Every) + "M"
		cal.SetRefreshInterval(every)
		cal.SetXPublishedTTL(every)
	}
	for _, e := range c.Events {
		e.put(cal.AddEvent(e.ID))
	}
	return []byte(cal.Serialize(ical.WithNewLineWindows, ical.WithLineLength(longestLine)))
}

// Minutes as calendars write a length.
func minutes(d time.Duration) string {
	n := int(d / time.Minute)
	digits := ""
	for ; n > 0 || digits == ""; n /= 10 {
		digits = string(rune('0'+n%10)) + digits
	}
	return digits
}

// An event as calendars on phones take it. The sequence grows with each change: without it they keep the
// old one.
func (e Event) put(v *ical.VEvent) {
	v.SetDtStampTime(e.ChangedAt)
	v.SetLastModifiedAt(e.ChangedAt)
	v.SetSequence(int(e.Sequence))
	v.SetSummary(e.Title)
	if e.AllDay {
		v.SetAllDayStartAt(e.From)
		v.SetAllDayEndAt(e.Until)
	} else {
		v.SetStartAt(e.From)
		if e.Until.After(e.From) {
			v.SetEndAt(e.Until)
		}
	}
	if e.Text != "" {
		v.SetDescription(e.Text)
	}
	if e.Venue != "" {
		v.SetLocation(e.Venue)
	}
	if e.URL != "" {
		v.SetURL(e.URL)
	}
	v.SetStatus(ical.ObjectStatusConfirmed)
	if e.Cancelled {
		v.SetStatus(ical.ObjectStatusCancelled)
	}
	if e.Free {
		v.SetTimeTransparency(ical.TransparencyTransparent)
	}
}

// Tag is the ETag of what a calendar gives: equal bytes, equal tag.
func Tag(body []byte) string {
	sum := sha256.Sum256(body)
	return `"` + base64.RawURLEncoding.EncodeToString(sum[:16]) + `"`
}
