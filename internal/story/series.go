package story

import (
	"fmt"
	"strings"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/directive"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// seriesOf finds the series of a directive's task: the label of the directive, the item.
func (r *run) seriesOf(tx *db.Tx, as org.Actor, g given) (*directive.Series, error) {
	id, err := r.id(g.at(0))
	if err != nil {
		return nil, err
	}
	all, _, err := directive.SeriesList(tx, as, directive.SeriesFilter{Directive: casefile.ID(id)}, "", 100)
	for _, s := range all {
		if err == nil && s.Clause == g.at(1) {
			return s, nil
		}
	}
	return nil, fmt.Errorf("no series of %s under %s among %d: %w", g.at(1), g.at(0), len(all), err)
}

// lookSeries: series CD-1 2.a
func lookSeries(r *run, g given) (string, error) {
	return r.tell(org.Actor{}, func(tx *db.Tx, as org.Actor, b *strings.Builder) error {
		s, err := r.seriesOf(tx, as, g)
		if err != nil {
			return err
		}
		fmt.Fprintf(b, "series %s, lead %s, again %s, ends %s\n", s.Clause, s.Lead, s.Again, s.EndsOn)
		for _, o := range s.Next {
			fmt.Fprintf(b, "next %s\n", o.Period)
		}
		lines, err := s.Opened(tx, as, 100)
		for _, l := range lines {
			fmt.Fprintf(b, "opened %s %s %s\n", l.Period, l.Lead, l.State)
		}
		return err
	})
}

// endSeries: end-series CD-1 2.a 'reason' from=2026-05-20
func endSeries(r *run, g given) (string, error) {
	err := r.update(func(tx *db.Tx, who org.Actor) error {
		s, err := r.seriesOf(tx, who, g)
		if err != nil {
			return err
		}
		var from workday.Date
		if on := g.named["from"]; on != "" {
			if from, err = workday.ParseDate(on); err != nil {
				return err
			}
		}
		_, err = directive.EndSeries(tx, who, s.ID, directive.SeriesEnd{From: from, Reason: g.at(2)})
		return err
	})
	if err != nil {
		return "", err
	}
	return lookSeries(r, g)
}

// handSeries: hand-series CD-1 2.a 'reason' to=so-ngoai-vu [inside=move]
func handSeries(r *run, g given) (string, error) {
	err := r.update(func(tx *db.Tx, who org.Actor) error {
		s, err := r.seriesOf(tx, who, g)
		if err != nil {
			return err
		}
		_, err = directive.HandSeries(tx, who, s.ID, directive.Handing{To: org.UnitID(g.named["to"]), Reason: g.at(2), Inside: directive.Inside(g.named["inside"])})
		return err
	})
	if err != nil {
		return "", err
	}
	return lookSeries(r, g)
}
