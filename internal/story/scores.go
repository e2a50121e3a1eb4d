package story

import (
	"fmt"
	"strings"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/org"
	"lienthong/internal/score"
)

// scoreYear: score TH-1 2026 makes the table of a year; score TH-1 count counts it
// again, score TH-1 show sends it round;
// score TH-1 excuse|home|object|accept|decline NUMBER 'words' [cause='…']; score TH-1
// publish '12/BC-SNV' 2026-12-31; score TH-1 alone looks at it. It says the figures.
func scoreYear(r *run, g given) (string, error) {
	label, what := g.at(0), g.at(1)
	err := r.office.DB.Update(r.ctx, func(tx *db.Tx) error {
		who, err := r.actor(tx)
		if err != nil || what == "" {
			return err
		}
		id := casefile.ID(r.labels[label])
		if id == "" {
			year := 0
			if _, err := fmt.Sscan(what, &year); err != nil {
				return err
			}
			y, err := score.Begin(tx, who, year)
			if err == nil {
				r.labels[label] = string(y.ID)
			}
			return err
		}
		return scoreAct(tx, who, id, what, g)
	})
	if err != nil {
		return "", err
	}
	return r.describeYear(label)
}

// The acts on a year of scores by the word of the story.
func scoreAct(tx *db.Tx, who org.Actor, id casefile.ID, what string, g given) error {
	n := int64(0)
	_, _ = fmt.Sscan(g.at(2), &n) // an act that names no number has none
	var err error
	switch what {
	case "count":
		_, err = score.Recount(tx, who, id, 0)
	case "show":
		_, err = score.Show(tx, who, id, 0)
	case "excuse", "home":
		_, err = score.Judge(tx, who, id, score.Mark{Item: n, Cause: g.named["cause"], Reason: g.at(3)})
	case "object":
		_, err = score.ObjectNow(tx, who, id, n, g.at(3))
	case "accept", "decline":
		_, err = score.Decide(tx, who, id, score.Verdict{Objection: n, Accept: what == "accept", Reason: g.at(3)})
	case "publish":
		_, err = score.Publish(tx, who, id, score.Issue{Number: g.at(2), IssuedOn: g.at(3)})
	default:
		err = fmt.Errorf("score: no act %q", what)
	}
	return err
}

// describeYear says how the table stands, as the present actor reads it.
func (r *run) describeYear(label string) (string, error) {
	id, err := r.id(label)
	if err != nil {
		return "", err
	}
	return r.tell(org.Actor{}, func(tx *db.Tx, who org.Actor, b *strings.Builder) error {
		y, err := score.Get(tx, who, id)
		if err != nil {
			return err
		}
		fmt.Fprintf(b, "score %d %s\n", y.Year, y.State)
		for _, side := range []string{score.Answers, score.Raised} {
			lines, err := score.Lines(tx, y, side)
			if err != nil {
				return err
			}
			for _, l := range lines {
				fmt.Fprintf(b, "%s %s all %d in time %d late %d excused %d home %d\n", side, l.Unit, l.All, l.InTime, l.Late, l.Excused, l.Home)
			}
		}
		all, err := score.Objections(tx, who, y)
		for _, o := range all {
			fmt.Fprintf(b, "objection %d of %s on %d: %s %s; %s\n", o.N, o.Unit, o.Item, o.Decision, o.Text, o.Reason)
		}
		return err
	})
}
