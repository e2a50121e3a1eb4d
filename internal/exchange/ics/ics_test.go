package ics_test

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	ical "github.com/arran4/golang-ical"
	"pgregory.net/rapid"

	"lienthong/internal/exchange/ics"
)

var office = time.FixedZone("+07", 7*3600)

func day(d int) time.Time { return time.Date(2026, 5, d, 0, 0, 0, 0, office) }

func sample() ics.Calendar {
	return ics.Calendar{Name: "Lịch của Người Thử", Maker: "Liên thông", Every: time.Hour, Events: []ics.Event{
		{ID: "a@lienthong", Title: "Họp giao ban; tuần 21, phòng họp A", Text: "dòng một\ndòng hai", Venue: "Phòng họp A",
			From: day(18).Add(8 * time.Hour), Until: day(18).Add(10 * time.Hour), Sequence: 3, ChangedAt: day(1)},
		{ID: "b@lienthong", Title: strings.Repeat("Rà soát thủ tục hành chính ", 8), From: day(18), Until: day(21), AllDay: true, Free: true, Cancelled: true, ChangedAt: day(2)},
	}}
}

// What is written is what a reader of the format finds, byte for byte the same each time.
func TestCalendarIsRead(t *testing.T) {
	body := sample().Bytes()
	if !bytes.Equal(body, sample().Bytes()) || ics.Tag(body) != ics.Tag(sample().Bytes()) {
		t.Fatal("the same events give other bytes")
	}
	for _, want := range []string{"DTSTART:20260518T010000Z\r\n", "DTEND:20260518T030000Z\r\n", "DTSTART;VALUE=DATE:20260518\r\n", "DTEND;VALUE=DATE:20260521\r\n",
		"STATUS:CANCELLED\r\n", "TRANSP:TRANSPARENT\r\n", "SEQUENCE:3\r\n", `SUMMARY:Họp giao ban\; tuần 21\, phòng họp A`, `DESCRIPTION:dòng một\ndòng hai`, "REFRESH-INTERVAL;VALUE=DURATION:PT60M\r\n", "X-PUBLISHED-TTL:PT60M\r\n"} {
		if !strings.Contains(string(body), want) {
			t.Errorf("no %q in\n%s", want, body)
		}
	}
	cal, err := ical.ParseCalendar(bytes.NewReader(body))
	if err != nil || len(cal.Events()) != 2 {
		t.Fatalf("%v, %d events", err, len(cal.Events()))
	}
}

// No line is longer than the format takes and none breaks a letter, whatever is written.
func TestLinesAreFolded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := ics.Event{ID: "x", Title: rapid.StringOfN(rapid.RuneFrom([]rune("aế đ;,\\\n")), 0, 200, -1).Draw(t, "title"), From: day(1), Until: day(2), AllDay: true, ChangedAt: day(1)}
		body := ics.Calendar{Name: "n", Maker: "m", Events: []ics.Event{e}}.Bytes()
		for _, line := range strings.Split(string(body), "\r\n") {
			if len(line) > 75 || !utf8.ValidString(line) || strings.ContainsAny(line, "\n") {
				t.Fatalf("line of %d bytes: %q", len(line), line)
			}
		}
		cal, err := ical.ParseCalendar(bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if got := cal.Events()[0].GetProperty(ical.ComponentPropertySummary); got.Value != e.Title {
			t.Fatalf("%q is read as %q", e.Title, got.Value)
		}
	})
}
