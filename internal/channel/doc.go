// Package channel carries what officers and other systems are told out of the building:
// notices by mail, short lines for gateways of SMS and Zalo, events as signed webhooks.
//
// Nothing is told here that was not told inside. A Spreader looks at fresh notices and
// writes down for whom they leave by which way and at which hour (the officer's choice,
// quiet hours, one mail a day); when the hour comes they go into the outbox as ids. The text
// is made when it is handed over, under the rights of that moment, so that what was
// read, sealed or taken away in between is not sent. A mail holds the code, what, whose
// act and until when; a gateway gets code, kind and day; no title, no person, no text.
package channel

import (
	"strings"
	"time"

	"lienthong/internal/duty"
	"lienthong/internal/workday"
)

// A Kind is a kind of notice as the channels treat it.
type Kind struct {
	Name   string
	Needed bool // tells of something that the reader must do: mail about it cannot be turned off kind by kind
	Urgent bool // does not wait for the one mail of the day
}

// needed are the kinds that tell of a duty of the reader.
var needed = words(`petition.arrived petition.answered petition.unsettled petition.contested petition.asked petition.split
	petition.missed petition.urged petition.due_soon petition.explanation_asked petition.returned group.opened
	matter.directed matter.with matter.returned paper.review paper.sign paper.release paper.returned paper.handed exchange.refused score.shown
	campaign.opened campaign.to_confirm campaign.refused campaign.asked campaign.answer_reached campaign.unsettled bank.submitted bank.returned
	incident.reported incident.joined incident.asked incident.decided incident.ended`)

// urgent are the ends of kinds, of whichever slice, that would come too late once a day:
// what is missed, urged, near its day, or asked for under a clause.
var urgent = words(`missed urged due_soon explanation_asked demanded`)

func words(list string) map[string]bool {
	all := map[string]bool{}
	for _, w := range strings.Fields(list) {
		all[w] = true
	}
	return all
}

// KindOf returns what the channels know of a kind; one that is not listed here is only told.
func KindOf(name string) Kind {
	hurry := urgent[name[strings.LastIndexByte(name, '.')+1:]]
	return Kind{Name: name, Needed: hurry || needed[name], Urgent: hurry}
}

// Says are the sentences of the kinds of notice, as the slices declare them.
type Says map[string]string

// Of is the sentence of a kind; one of a newer release is said in general words.
func (s Says) Of(kind string) string {
	if say, ok := s[kind]; ok {
		return say
	}
	return "Có diễn biến mới"
}

// Line is the short sentence that may stand in any message outside: the code, what, and
// until when. "Chép lời nhắn" copies it and a gateway sends it; it holds no title, no
// name and no text of the case.
func Line(code, say string, d *duty.Duty) string {
	s := code + ": " + say
	if until := Until(d); until != "" {
		s += ". Hạn: " + until
	}
	return s + "."
}

// Until says until when a running duty is to be done: "hết ngày 26/02/2026", "trước 16:00
// ngày 04/08/2025"; "" where no date is stated or the clock stands still.
func Until(d *duty.Duty) string {
	if d == nil || d.DueAt.IsZero() || d.Fate != duty.Open {
		return ""
	}
	if !d.DueOn.IsZero() {
		return "hết ngày " + d.DueOn.Long()
	}
	at := d.DueAt.In(workday.Office)
	return "trước " + at.Format("15:04") + " ngày " + workday.Of(at).Long()
}

// day is the last day of a duty as a program reads it, "" for none.
func day(d *duty.Duty) string {
	if d == nil || d.DueAt.IsZero() || d.Fate != duty.Open {
		return ""
	}
	if !d.DueOn.IsZero() {
		return d.DueOn.String()
	}
	return workday.Of(d.DueAt.Add(-time.Minute)).String()
}

// Owed picks, among the duties of a case, the running one that a reader is told of: his
// unit's that is due first, else the first due of all; nil when none runs.
func Owed(all []*duty.Duty, mine func(d *duty.Duty) bool) (best *duty.Duty) {
	for _, d := range all {
		if d.Fate != duty.Open && d.Fate != duty.Suspended || d.Request {
			continue
		}
		if best == nil || mine(d) && !mine(best) || mine(d) == mine(best) && sooner(d.DueAt, best.DueAt) {
			best = d
		}
	}
	return best
}

// sooner orders due instants; what has none comes last.
func sooner(a, b time.Time) bool { return !a.IsZero() && (b.IsZero() || a.Before(b)) }
