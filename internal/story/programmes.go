package story

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/org"
	"lienthong/internal/programme"
	"lienthong/internal/workday"
)

// onWorkItem runs an operation on an item and says how it stands then.
func onWorkItem(r *run, label string, op func(tx *db.Tx, who org.Actor) (*programme.Item, error)) (string, error) {
	err := r.update(func(tx *db.Tx, who org.Actor) error {
		x, err := op(tx, who)
		if err == nil {
			r.labels[label] = string(x.ID)
		}
		return err
	})
	if err != nil {
		return "", err
	}
	return r.describeWork(label, org.System("story"))
}

// describeWork says how an item stands: state, place, lead, and from where it was moved.
func (r *run) describeWork(label string, as org.Actor) (string, error) {
	id, err := r.id(label)
	if err != nil {
		return "", err
	}
	return r.tell(as, func(tx *db.Tx, as org.Actor, b *strings.Builder) error {
		x, err := programme.Get(tx, as, id)
		if err != nil {
			return err
		}
		fmt.Fprintf(b, "item %s at %s %s, lead %s, unit %s\n", x.State, x.Place, x.FromHour, x.Lead, x.Unit)
		if x.Estimate > 0 {
			fmt.Fprintf(b, "costs %d from %s\n", x.Estimate, x.Funding)
		}
		all, err := programme.Moves(tx, as, x)
		for _, m := range all {
			fmt.Fprintf(b, "moved from %s to %s %s because %s\n", m.Old, m.New, m.Fate, m.Reason)
		}
		return err
	})
}

// workItem: work CT-1 'what' at=2026-05 [unit=… lead=… with=unit task='…' hour=08:00 venue='…' arising=yes estimate=… from=yearly plan=label]
func workItem(r *run, g given) (string, error) {
	in := programme.New{Title: g.at(1), Place: g.named["at"], Unit: org.UnitID(g.named["unit"]), Lead: org.UnitID(g.named["lead"]), FromHour: g.named["hour"],
		Venue: g.named["venue"], Task: g.named["task"], Arising: g.named["arising"] != "", Number: g.named["number"], Funding: g.named["from"]}
	if w := g.named["with"]; w != "" {
		in.With = []programme.Part{{Unit: org.UnitID(w), Task: g.named["part"]}}
	}
	if e := g.named["estimate"]; e != "" {
		n, err := strconv.ParseInt(e, 10, 64)
		if err != nil {
			return "", err
		}
		in.Estimate = n
	}
	if p := g.named["plan"]; p != "" {
		id, err := r.id(p)
		if err != nil {
			return "", err
		}
		in.Plan = id
	}
	return onWorkItem(r, g.at(0), func(tx *db.Tx, who org.Actor) (*programme.Item, error) { return programme.Register(tx, who, in) })
}

// itemDo: work-do CT-1 accept|decline|move|allow|forbid|done|drop|estimate 'words' [at=…]
func itemDo(r *run, g given) (string, error) {
	id, err := r.id(g.at(0))
	if err != nil {
		return "", err
	}
	words := g.at(2)
	return onWorkItem(r, g.at(0), func(tx *db.Tx, who org.Actor) (*programme.Item, error) {
		switch g.at(1) {
		case "accept", "decline":
			return programme.Decide(tx, who, id, programme.Ruling{Accept: g.at(1) == "accept", Reason: words})
		case "allow", "forbid":
			return programme.DecideMove(tx, who, id, programme.Ruling{Accept: g.at(1) == "allow", Reason: words})
		case "move":
			return programme.Move(tx, who, id, programme.Shift{Place: g.named["at"], FromHour: g.named["hour"], Venue: g.named["venue"], Reason: words})
		case "done", "drop":
			return programme.Finish(tx, who, id, programme.End{Dropped: g.at(1) == "drop", Text: words})
		case "estimate":
			n, err := strconv.ParseInt(words, 10, 64)
			if err != nil {
				return nil, err
			}
			return programme.ApproveEstimate(tx, who, id, programme.Approval{Amount: n})
		}
		return nil, fmt.Errorf("no such act on an item: %s", g.at(1))
	})
}

// lookWorkItem: look-work CT-1 shows it as the present actor sees it.
func lookWorkItem(r *run, g given) (string, error) { return r.describeWork(g.at(0), org.Actor{}) }

// onProgramme runs an operation on a week, a plan or a review and says how it stands then.
func onProgramme(r *run, label string, op func(tx *db.Tx, who org.Actor) (*programme.Programme, error)) (string, error) {
	err := r.update(func(tx *db.Tx, who org.Actor) error {
		p, err := op(tx, who)
		if err == nil {
			r.labels[label] = string(p.ID)
		}
		return err
	})
	if err != nil {
		return "", err
	}
	return r.describeProgramme(label, org.System("story"))
}

// describeProgramme says how a programme stands: what it is, its state, what is owed and
// the words with which it was sent.
func (r *run) describeProgramme(label string, as org.Actor) (string, error) {
	id, err := r.id(label)
	if err != nil {
		return "", err
	}
	return r.tell(as, func(tx *db.Tx, as org.Actor, b *strings.Builder) error {
		p, err := programme.GetProgramme(tx, as, id)
		if err != nil {
			return err
		}
		fmt.Fprintf(b, "%s %s of %s, unit %s\n", p.What, p.State, p.Place, p.Unit)
		all, err := duty.OfCase(tx, p.ID)
		if err != nil {
			return err
		}
		for _, d := range all {
			fmt.Fprintf(b, "%s\n", owed(d, tx.Now))
		}
		text, err := programme.ContentOf(tx, as, p)
		b.WriteString(text)
		return err
	})
}

// programmeOf: programme CT-W week phong-y-te-huyen 2020-W11 names what the calendar opened.
func programmeOf(r *run, g given) (string, error) {
	in, err := programme.ParsePlace(g.at(3))
	if err != nil {
		return "", err
	}
	return onProgramme(r, g.at(0), func(tx *db.Tx, _ org.Actor) (*programme.Programme, error) {
		all, err := programme.Programmes(tx, org.System("story"), g.at(1), org.UnitID(g.at(2)), 50)
		for _, p := range all {
			if p.Place == in {
				return p, nil
			}
		}
		if err == nil {
			err = fmt.Errorf("the calendar opened no %s of %s in %s", g.at(1), g.at(2), g.at(3))
		}
		return nil, err
	})
}

// programmeDo: programme-do W-1 send|urge|collect|review|send-plan 'words'
func programmeDo(r *run, g given) (string, error) {
	id, err := r.id(g.at(0))
	if err != nil {
		return "", err
	}
	ops := map[string]func(*db.Tx, org.Actor, casefile.ID, string, int64) (*programme.Programme, error){
		"send": programme.SendNow, "urge": programme.Urge, "collect": programme.Collect, "review": programme.ReviewNow, "send-plan": programme.SendPlan}
	op, ok := ops[g.at(1)]
	if !ok {
		return "", fmt.Errorf("no such act on a programme: %s", g.at(1))
	}
	return onProgramme(r, g.at(0), func(tx *db.Tx, who org.Actor) (*programme.Programme, error) { return op(tx, who, id, g.at(2), 0) })
}

// beginWork: begin KH-1 plan phong-y-te-huyen 2020-Q2 'title', or begin SK-1 review 04849 2026-Q1
func beginWork(r *run, g given) (string, error) {
	return onProgramme(r, g.at(0), func(tx *db.Tx, who org.Actor) (*programme.Programme, error) {
		if g.at(1) == "plan" {
			return programme.BeginPlan(tx, who, org.UnitID(g.at(2)), g.at(4), g.at(3))
		}
		return programme.BeginReview(tx, who, org.UnitID(g.at(2)), g.at(3))
	})
}

// lookProgramme: look-programme W-1 shows it as the present actor sees it.
func lookProgramme(r *run, g given) (string, error) { return r.describeProgramme(g.at(0), org.Actor{}) }

// weekly: weekly 2020-W11 shows which units' weeks came in time, as the present actor sees it.
func weekly(r *run, g given) (string, error) {
	in, err := programme.ParsePlace(g.at(0))
	if err != nil {
		return "", err
	}
	return r.tell(org.Actor{}, func(tx *db.Tx, who org.Actor, b *strings.Builder) error {
		all, err := programme.Weekly(tx, who, in)
		for _, s := range all {
			state := map[bool]string{true: "late", false: "in time"}[s.Late]
			fmt.Fprintf(b, "%s due %s sent %s %s under %s\n", s.Unit, clockOf(s.Due.At), clockOf(s.SentAt), state, s.Basis)
		}
		return err
	})
}

func clockOf(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.In(workday.Office).Format("2006-01-02 15:04")
}
