package story

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"lienthong/internal/db"
	"lienthong/internal/org"
	"lienthong/internal/tracker"
	"lienthong/internal/workday"
)

// resultVerbs are the words of stories about results made public and about the tracker that
// a province keeps itself.
var resultVerbs = map[string]verb{
	"publish": publish, "withhold": withhold, "draft-public": draftPublic, "withdraw-public": withdrawPublic, "public": public,
	"sheet-line": sheetLine, "settle-line": settleLine, "appoint": appoint,
}

// appoint: appoint desk van-phong-hdnd-ubnd-huyen adds an officer with a post to a unit that
// a replay has founded.
func appoint(r *run, g given) (string, error) {
	return "", r.office.DB.Update(r.ctx, func(tx *db.Tx) error {
		who, unit := org.System("story"), org.UnitID(g.at(1))
		id, err := org.AddOfficer(tx, who, unit, org.Officer{Name: "Chuyên viên " + string(unit)})
		if err != nil {
			return err
		}
		_, err = org.AssignPost(tx, who, org.Post{Officer: id, Unit: unit, Role: org.Role(g.at(0)), Title: "Chuyên viên"})
		return err
	})
}

// onList runs an act on a list of results and says how the list stands.
func (r *run) onList(label string, act func(tx *db.Tx, who org.Actor) (*tracker.Publication, error)) (out string, err error) {
	err = r.update(func(tx *db.Tx, who org.Actor) error {
		p, err := act(tx, who)
		if err != nil {
			return err
		}
		r.labels[label] = string(p.ID)
		lines, err := p.Lines(tx)
		out = fmt.Sprintf("list %s of %s\n", p.State, p.Quarter)
		for _, l := range lines {
			out += fmt.Sprintf("line %d %s lead %s withheld %v late %v\n", l.N, l.Title, l.Lead, l.Withheld, l.Late)
		}
		return err
	})
	return out, err
}

// publish: publish CK-1 2026-Q1 gathers the results of a quarter that is over.
func publish(r *run, g given) (string, error) {
	return r.onList(g.at(0), func(tx *db.Tx, who org.Actor) (*tracker.Publication, error) {
		q, err := tracker.ParseQuarter(g.at(1))
		if err != nil {
			return nil, err
		}
		return tracker.Begin(tx, who, q)
	})
}

// withhold: withhold CK-1 2 'reason'
func withhold(r *run, g given) (string, error) {
	id, err := r.id(g.at(0))
	if err != nil {
		return "", err
	}
	n, err := strconv.ParseInt(g.at(1), 10, 64)
	if err != nil {
		return "", err
	}
	return r.onList(g.at(0), func(tx *db.Tx, who org.Actor) (*tracker.Publication, error) {
		return tracker.Withhold(tx, who, id, n, true, g.at(2), 0)
	})
}

// draftPublic: draft-public CK-1 VB-1 begins the paper with which the list is released.
func draftPublic(r *run, g given) (out string, err error) {
	id, err := r.id(g.at(0))
	if err != nil {
		return "", err
	}
	err = r.update(func(tx *db.Tx, who org.Actor) error {
		x, err := tracker.DraftPublication(tx, r.p.Desk, who, id, "")
		if err == nil {
			r.labels[g.at(1)], out = string(x.ID), stands(x)
		}
		return err
	})
	return out, err
}

// withdrawPublic: withdraw-public CK-1 'reason'
func withdrawPublic(r *run, g given) (string, error) {
	id, err := r.id(g.at(0))
	if err != nil {
		return "", err
	}
	return r.onList(g.at(0), func(tx *db.Tx, who org.Actor) (*tracker.Publication, error) {
		return tracker.Withdraw(tx, who, id, g.at(1), 0)
	})
}

// public: public 2026-Q1 is what anybody reads of a quarter, without an account.
func public(r *run, g given) (out string, err error) {
	q, err := tracker.ParseQuarter(g.at(0))
	if err != nil {
		return "", err
	}
	err = r.office.DB.View(r.ctx, func(tx *db.Tx) error {
		e, all, err := tracker.Public(tx, q)
		out = fmt.Sprintf("edition %s, %d results\n", e.Number, e.Results)
		for i := range all {
			out += fmt.Sprintln(all[i].Row(i + 1)...)
		}
		return err
	})
	return out, err
}

// sheetLine: sheet-line D-1 'content' number=61/UBND-TH date=2026-03-02 lead='Sở Tư pháp' [due=2026-03-20] says
// how one line of the province's own tracker stands to what is here.
func sheetLine(r *run, g given) (out string, err error) {
	e := tracker.Entry{Line: len(r.sheet) + 1, Content: g.at(1), Number: g.named["number"], Lead: g.named["lead"]}
	for _, day := range []struct {
		to   *workday.Date
		name string
	}{{&e.IssuedOn, "date"}, {&e.DueOn, "due"}} {
		if s := g.named[day.name]; s != "" {
			if *day.to, err = workday.ParseDate(s); err != nil {
				return "", err
			}
		}
	}
	if r.sheet == nil {
		r.sheet = map[string]tracker.Entry{}
	}
	r.sheet[g.at(0)] = e
	err = r.office.DB.View(r.ctx, func(tx *db.Tx) error {
		who, err := r.actor(tx)
		if err != nil {
			return err
		}
		all, err := tracker.Compare(tx, who, []tracker.Entry{e})
		if err == nil {
			out = compared(&all[0])
		}
		return err
	})
	return out, err
}

// compared says what a line was found to be, and each difference on which nobody has decided.
func compared(m *tracker.Match) string {
	var b strings.Builder
	fmt.Fprintf(&b, "line %s %s\n", m.Finding, m.Here)
	for _, d := range m.Open() {
		fmt.Fprintf(&b, "differs %s ours '%s' sheet '%s'\n", d.Key, d.Ours, d.Theirs)
	}
	return b.String()
}

// settleLine: settle-line D-1 take due, or settle-line D-1 keep due 'note'
func settleLine(r *run, g given) (out string, err error) {
	e, ok := r.sheet[g.at(0)]
	if !ok {
		return "", fmt.Errorf("no line %s", g.at(0))
	}
	err = r.update(func(tx *db.Tx, who org.Actor) error {
		all, err := tracker.Compare(tx, who, []tracker.Entry{e})
		if err != nil {
			return err
		}
		at := slices.IndexFunc(all[0].Differs, func(d tracker.Difference) bool { return d.Key == g.at(2) })
		if at < 0 {
			return fmt.Errorf("line %s does not differ in %s", g.at(0), g.at(2))
		}
		in := tracker.Decision{Note: g.at(3)}
		if mark := all[0].Differs[at].Mark(); g.at(1) == "take" {
			in.Take = []string{mark}
		} else {
			in.Keep = []string{mark}
		}
		m, err := tracker.Settle(tx, who, e, in)
		if err == nil {
			out = compared(m)
		}
		return err
	})
	return out, err
}
