package story

import (
	"fmt"
	"strings"
	"time"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/incident"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// incidentDo: incident SC-1 report natural-disaster 'title' 'text' when='2026-03-02 05:00' communes=04849,07900 [field= parent= number= on= moved=12 spot=yes paper=VB-1];
// incident SC-1 say|decide|ask|give|done|widen|link|urge|end [left=yes]|reopen|review …; incident SC-1 alone looks at it. It says how it stands.
func incidentDo(r *run, g given) (string, error) {
	label, what := g.at(0), g.at(1)
	err := r.office.DB.Update(r.ctx, func(tx *db.Tx) error {
		who, err := r.actor(tx)
		if err != nil || what == "" {
			return err
		}
		if what == "report" {
			return r.reportIncident(tx, who, label, g)
		}
		id, err := r.id(label)
		if err == nil {
			err = r.onIncident(tx, who, id, what, g)
		}
		return err
	})
	if err != nil {
		return "", err
	}
	return r.describeIncident(label)
}

func (r *run) reportIncident(tx *db.Tx, who org.Actor, label string, g given) error {
	in := incident.Report{Type: g.at(2), Title: g.at(3), Text: g.at(4), Field: g.named["field"], Communes: storyUnits(g.named["communes"]), Figures: storyFigures(g),
		Number: g.named["number"], IssuedOn: g.named["on"], Parent: casefile.ID(r.labels[g.named["parent"]]), Spot: g.named["spot"] != ""}
	if w := g.named["when"]; w != "" {
		t, err := time.ParseInLocation("2006-01-02 15:04", w, workday.Office)
		if err != nil {
			return err
		}
		in.OccurredAt = t
	}
	if paper := g.named["paper"]; paper != "" { // it walks the commune's path under that label
		x, p, err := incident.DraftReport(tx, r.p.Desk, who, in)
		if err == nil {
			r.labels[label], r.labels[paper] = string(x.ID), string(p.ID)
		}
		return err
	}
	x, err := incident.ReportNow(tx, who, in)
	if err == nil {
		r.labels[label] = string(x.ID)
	}
	return err
}

func storyUnits(list string) (ids []org.UnitID) {
	for _, u := range strings.FieldsFunc(list, func(c rune) bool { return c == ',' }) {
		ids = append(ids, org.UnitID(u))
	}
	return ids
}

func storyFigures(g given) map[string]string {
	all := map[string]string{}
	for _, f := range incident.Figures() {
		if v := g.named[f.ID]; v != "" {
			all[f.ID] = v
		}
	}
	return all
}

// onIncident does one act; what was asked and decided last is what is given and done.
func (r *run) onIncident(tx *db.Tx, who org.Actor, id casefile.ID, what string, g given) (err error) {
	w, err := incident.Read(tx, who, id)
	if err != nil {
		return err
	}
	n, amount := int64(0), int64(0)
	_, _ = fmt.Sscan(g.named["amount"], &amount) // an act without an amount has none
	switch what {
	case "confirm":
		_, err = incident.Confirm(tx, who, id, 0)
	case "say":
		_, err = incident.Say(tx, who, id, incident.Situation{Text: g.at(2), Figures: storyFigures(g)})
	case "ask":
		_, _, err = incident.AskFor(tx, who, id, incident.Ask{Of: org.UnitID(g.named["of"]), What: g.at(2), Each: g.named["each"], Amount: amount, Due: g.named["due"]})
	case "give":
		if len(w.Resources) > 0 {
			n = w.Resources[len(w.Resources)-1].N
		}
		_, err = incident.Give(tx, who, id, incident.Gift{Resource: n, Amount: amount})
	case "decide":
		_, _, err = incident.Decide(tx, who, id, incident.Decision{Text: g.at(2), Unit: org.UnitID(g.named["unit"]), Officer: org.OfficerID(g.named["person"]), Due: g.named["due"]})
	case "done":
		if len(w.Decisions) > 0 {
			n = w.Decisions[len(w.Decisions)-1].N
		}
		_, err = incident.Done(tx, who, id, incident.Result{Decision: n, Text: g.at(2)})
	case "widen":
		_, err = incident.Widen(tx, who, id, incident.Widening{Communes: storyUnits(g.named["communes"]), Units: storyUnits(g.named["units"])})
	case "link":
		_, err = incident.Link(tx, who, id, casefile.ID(r.labels[g.at(2)]), 0)
	case "end":
		_, err = incident.End(tx, who, id, incident.Ending{Text: g.at(2), Left: g.named["left"] == "yes"})
	case "reopen":
		_, err = incident.Reopen(tx, who, id, g.at(2), 0)
	case "review":
		_, err = incident.ReviewNow(tx, who, id, incident.Review{Good: g.at(2), Bad: g.at(3)})
	default:
		err = fmt.Errorf("incident: no act %q", what)
	}
	return err
}

// describeIncident says how an incident stands, as the present actor sees it.
func (r *run) describeIncident(label string) (string, error) {
	id, err := r.id(label)
	if err != nil {
		return "", err
	}
	return r.tell(org.Actor{}, func(tx *db.Tx, who org.Actor, b *strings.Builder) error {
		w, err := incident.Read(tx, who, id)
		if err != nil {
			return err
		}
		fmt.Fprintf(b, "incident %s %s, lead %s, title %s\n", w.Type, w.State, w.Lead, w.Title)
		for _, u := range w.Places {
			fmt.Fprintf(b, "place %s\n", u)
		}
		for _, f := range incident.Figures() {
			if v, ok := w.Totals[f.ID]; ok {
				fmt.Fprintf(b, "total %s %s\n", f.ID, incident.Amount(v))
			}
		}
		for _, x := range w.Resources {
			fmt.Fprintf(b, "resource %s of %s asked %d given %d %s\n", x.What, x.Of, x.Asked, x.Given, x.State)
		}
		for _, x := range w.Decisions {
			fmt.Fprintf(b, "decision of %s by %s done %t\n", x.Unit, x.Officer, x.DoneN != 0)
		}
		for _, x := range w.Linked {
			fmt.Fprintf(b, "linked %s\n", x.Code)
		}
		all, err := duty.OfCase(tx, id)
		for _, d := range all {
			if d.EndedAt.IsZero() {
				fmt.Fprintf(b, "owes %s %s request %t\n", d.Rule, d.Owner, d.Request)
			}
		}
		return err
	})
}
