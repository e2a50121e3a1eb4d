// Package kinds is the one list of what the slices declare to the kernel: their rule keys
// and what a missed duty does. The program, the tests' province and the measured office
// take it from here, so that none of them runs under other rules than the rest.
//
// It stands above the slices because it names them all; what a slice brings beside this -
// its papers, events, notices - is listed where it is used, in cmd.
package kinds

import (
	"maps"
	"slices"

	"lienthong/internal/bank"
	"lienthong/internal/campaign"
	"lienthong/internal/casefile"
	"lienthong/internal/direct"
	"lienthong/internal/directive"
	"lienthong/internal/duty"
	"lienthong/internal/group"
	"lienthong/internal/incident"
	"lienthong/internal/inform"
	"lienthong/internal/petition"
	"lienthong/internal/programme"
	"lienthong/internal/regulation"
	"lienthong/internal/score"
	"lienthong/internal/signoff"
	"lienthong/internal/tracker"
)

// Keys are the rule keys that regulations may bind: those of every slice and those of the
// kernel. A profile that binds another is refused.
func Keys() []regulation.Key {
	return slices.Concat(regulation.Keys(), petition.Keys(), directive.Keys(), programme.Keys(), campaign.Keys(), inform.Keys(), score.Keys(), incident.Keys())
}

// Events name the kinds of events in Vietnamese, for histories; those of documents that come
// and go stand above the slices and are added where the faces are made.
func Events() map[string]string {
	all := map[string]string{}
	for _, names := range []map[string]string{casefile.Events, petition.Events, directive.Events, programme.Events, group.Events, bank.Events, campaign.Events, score.Events, tracker.Events, incident.Events, signoff.Events, direct.Events} {
		maps.Copy(all, names)
	}
	return all
}

// TextOf is the text of an event as people read it, whichever slice recorded it: some are
// stored as the form they came in.
func TextOf(e casefile.Event) string {
	for _, forms := range []map[string]func(string) string{petition.Forms, incident.Forms} {
		if read := forms[e.Kind]; read != nil && e.Text != "" {
			return read(e.Text)
		}
	}
	return e.Text
}

// Duties are the kinds of duties by their rule; start-up refuses a duty whose rule is not
// among them, because nobody would know what a missed one does.
func Duties() duty.Kinds {
	kinds := duty.Kinds{}
	for _, k := range slices.Concat(petition.Duties(), directive.Duties(), programme.Duties(), campaign.Duties(), incident.Duties()) {
		kinds[k.Rule] = k
	}
	return kinds
}
