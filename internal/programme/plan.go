package programme

import (
	"errors"
	"slices"
	"strings"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/notice"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/vntext"
)

// BeginPlan opens a plan of a unit (kế hoạch, chương trình hành động); its items are
// registered into it and read by others from the day it is sent. period is the time it spans.
func BeginPlan(tx *db.Tx, who org.Actor, unit org.UnitID, title, period string) (p *Programme, err error) {
	defer fault.Wrap(&err, "begin plan")
	if who, err = access.Pick(who, actPlan, access.Facts{Units: map[access.Function][]org.UnitID{access.Lead: {unit}}}); err != nil {
		return nil, err
	}
	if title, err = typed("title", strings.Join(strings.Fields(title), " "), "Hãy ghi tên kế hoạch.", longestTitle); err != nil {
		return nil, err
	}
	place, err := ParsePlace(period)
	if err != nil {
		return nil, fault.Field("period", "Hãy ghi thời gian của kế hoạch, như 2026 hoặc 2026-Q2.")
	}
	return begin(tx, Programme{Unit: unit, What: Plan, Place: place}, title, "programme.plan_begun", who)
}

// SendPlan gives a plan to every unit in it, once each of its items states what the rules
// demand. Units are told and read the whole of it from then on.
func SendPlan(tx *db.Tx, who org.Actor, id casefile.ID, note string, version int64) (p *Programme, err error) {
	defer fault.Wrap(&err, "send plan %s", id)
	if p, err = lockProgramme(tx, who, id, version, Plan); err != nil {
		return nil, err
	}
	if who, err = access.Pick(who, access.Act{Name: "programme.plan_send", Say: "gửi kế hoạch của đơn vị này", By: []access.Grant{{Of: access.Lead, Roles: []org.Role{org.Leader}}}}, p.Facts()); err != nil {
		return nil, err
	}
	if p.State != Open {
		return nil, fault.Refuse(fault.Conflict, "Kế hoạch này đã gửi.")
	}
	if note, err = typed("note", note, "", longestText); err != nil {
		return nil, err
	}
	all, err := Items(tx, org.System("programme"), Place{Year, p.Place.From.AddDays(-3660), p.Place.Until.AddDays(3660)}, Filter{Plan: p.ID})
	if err != nil {
		return nil, err
	}
	if err := p.complete(tx, all); err != nil {
		return nil, err
	}
	text, err := sayItems(tx, all)
	if err != nil {
		return nil, err
	}
	return p, p.give(tx, who, all, strings.TrimSpace(text+"\n"+note))
}

// complete refuses a plan whose items do not state what a rule demands of them.
func (p *Programme) complete(tx *db.Tx, all []Listed) error {
	if len(all) == 0 {
		return fault.Refuse(fault.Conflict, "Kế hoạch chưa có việc nào.")
	}
	rule, ok, err := apply(tx, rulePlan, p.Unit)
	if err != nil || !ok {
		return err
	}
	if rule.Model { // a model of another place demands nothing here
		return nil
	}
	for _, l := range all {
		parts, err := l.Parts(tx)
		if err != nil {
			return err
		}
		if lacks := lacking(rule, l, parts); lacks != "" {
			return fault.Refuse(fault.Conflict, "Việc %s “%s” chưa nêu %s (%s).", l.Code, l.Title, lacks, rule.Basis())
		}
	}
	return nil
}

// lacking names the first thing that a rule demands and an item does not state.
func lacking(rule regulation.Applied, l Listed, parts []Part) string {
	for _, want := range rule.List("states") {
		switch {
		case want == "time" && (l.Place.Grain == Year || l.Place.Grain == Quarter):
			return "thời gian cụ thể"
		case want == "place" && vntext.IsBlank(l.Venue):
			return "địa điểm"
		case want == "responsibility" && slices.ContainsFunc(parts, func(p Part) bool { return vntext.IsBlank(p.Task) }):
			return "trách nhiệm của từng đơn vị"
		}
	}
	return ""
}

// give makes a plan sent: its units read it and its items.
func (p *Programme) give(tx *db.Tx, who org.Actor, all []Listed, text string) error {
	units := map[org.UnitID]bool{}
	slices.SortFunc(all, func(a, b Listed) int { return strings.Compare(string(a.ID), string(b.ID)) })
	for _, l := range all {
		x, err := lock(tx, org.System("programme"), l.ID, 0)
		if errors.Is(err, fault.Conflict) {
			continue // sealed meanwhile
		}
		if err != nil {
			return err
		}
		for _, u := range l.With {
			units[u] = true
			if err := casefile.Join(tx, x.ID, casefile.Party{Unit: u, Function: access.Coordinating}); err != nil {
				return err
			}
		}
		x.Scope = org.OfKind(ItemKind)
	}
	var parties []casefile.Party
	var notes []notice.Note
	var told []string
	for u := range units {
		told = append(told, string(u))
	}
	slices.Sort(told)
	for _, u := range told {
		parties = append(parties, casefile.Party{Unit: org.UnitID(u), Function: access.Coordinating})
		notes = append(notes, notice.Note{Unit: org.UnitID(u), Role: org.Leader, Case: p.ID, Kind: "programme.plan_sent"})
	}
	if err := casefile.Join(tx, p.ID, parties...); err != nil {
		return err
	}
	p.State, p.Scope, p.SentAt = Sent, org.OfKind(CaseKind), tx.Now
	if _, err := tx.Exec(`UPDATE programme SET sent_at = $1 WHERE case_id = $2`, tx.Now, string(p.ID)); err != nil {
		return err
	}
	_, err := casefile.Record(tx, p.Case, casefile.Event{Kind: "programme.plan_sent", By: who, Text: text, Facts: map[string]string{"units": strings.Join(told, " ")}},
		"TX108/D6.K8-2", "TX108/D4.K4")
	if err != nil {
		return err
	}
	return notice.Tell(tx, notes...)
}
