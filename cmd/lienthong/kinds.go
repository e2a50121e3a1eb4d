package main

import (
	"maps"
	"slices"

	"lienthong/internal/bank"
	"lienthong/internal/campaign"
	"lienthong/internal/direct"
	"lienthong/internal/directive"
	"lienthong/internal/duty"
	"lienthong/internal/exchange"
	"lienthong/internal/group"
	"lienthong/internal/incident"
	"lienthong/internal/kinds"
	"lienthong/internal/petition"
	"lienthong/internal/programme"
	"lienthong/internal/regulation"
	"lienthong/internal/score"
	"lienthong/internal/search"
	"lienthong/internal/signoff"
	"lienthong/internal/tracker"
)

// What the slices bring: their rule keys and what a missed duty does (kinds), the papers
// they write. Start-up refuses a rule, duty or notice that is not in it.

// keys are the rule keys the program declares.
func keys() []regulation.Key { return kinds.Keys() }

// duties are the kinds of duties by their rule.
func duties() duty.Kinds { return kinds.Duties() }

// desk is where the papers of all slices are written.
func desk() (signoff.Desk, error) {
	return signoff.NewDesk(slices.Concat(append(group.Papers(append(petition.Papers(), campaign.Papers()...)), append(score.Papers(), programme.Papers()...)...), directive.Papers(), incident.Papers(), tracker.Papers())...)
}

// overseeing says by which rule key the overseers of a kind of case are named.
func overseeing() map[string]string {
	return map[string]string{petition.CaseKind: petition.MustOversee, directive.CaseKind: directive.MustOversee, directive.AssignmentKind: directive.MustOversee, programme.CaseKind: programme.RuleKeep, programme.ItemKind: programme.RuleKeep, campaign.CaseKind: campaign.RuleMerge, incident.CaseKind: incident.MustOversee}
}

// events names the kinds of events in Vietnamese, for histories.
func events() map[string]string {
	all := kinds.Events()
	maps.Copy(all, exchange.Events)
	return all
}

// notices are the kinds of notices with their sentences.
func notices() map[string]string {
	all := map[string]string{}
	for _, says := range []map[string]string{petition.Notices, directive.Notices, programme.Notices, group.Notices, bank.Notices, campaign.Notices, score.Notices, incident.Notices, direct.Notices, signoff.Notices, exchange.Notices} {
		maps.Copy(all, says)
	}
	return all
}

// searched says which texts of each kind of case the index holds.
func searched() []search.Kind {
	return []search.Kind{{CaseKind: petition.CaseKind}, {CaseKind: directive.CaseKind}, {CaseKind: directive.AssignmentKind}, {CaseKind: incident.CaseKind}}
}
