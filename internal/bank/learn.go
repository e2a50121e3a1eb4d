package bank

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"lienthong/internal/audit"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/like"
	"lienthong/internal/petition"
)

// What a node learns from this office. Two things, both from acts of people: the words of
// a petition that was answered from an entry are another way to ask for that entry; and
// a degree of likeness at which nobody ever opens what he is shown is not worth showing.

// A place is how far the answered petitions are read: those of long ago that were answered
// from an entry, then the newest, then what the log brings. It reads no more than a node
// remembers, however much an office has answered.
type place struct {
	ref, from casefile.ID // ref goes up to from, from to the end
	all       bool        // the newest are read
	log       int64       // position of the next entry of the log
}

// placeOf is where a node begins that remembers so many of each.
func placeOf(tx *db.Tx, most int) (p place, err error) {
	if p.from, err = petition.Newest(tx, most); err != nil {
		return p, err
	}
	// system: where to begin reading; no person reads a case here
	err = tx.One(`SELECT case_id FROM bank_ref WHERE case_id <= $1 ORDER BY case_id DESC LIMIT 1 OFFSET $2`, []any{string(p.from), most}, &p.ref)
	if err != nil && !errors.Is(err, fault.NotFound) {
		return p, err
	}
	p.log, err = audit.Size(tx)
	return p, err
}

// next returns some answered petitions and moves on past them; a place that did not move
// is at the end for now.
func (p *place) next(tx *db.Tx) (ids []casefile.ID, err error) {
	switch {
	case p.ref < p.from:
		// system: words of an index; the entry is read again under the reader's rights
		err = tx.All(`SELECT DISTINCT case_id FROM bank_ref WHERE case_id > $1 AND case_id <= $2 ORDER BY case_id LIMIT $3`,
			[]any{string(p.ref), string(p.from), learnPage}, func(r *sql.Rows) error {
				err := r.Scan(&p.ref)
				ids = append(ids, p.ref)
				return err
			})
		if len(ids) < learnPage {
			p.ref = p.from
		}
	case !p.all:
		ids, err = petition.AnsweredAfter(tx, p.from, tx.Now.Add(-remembered), learnPage)
		p.all = len(ids) < learnPage
		if len(ids) > 0 {
			p.from = ids[len(ids)-1]
			p.ref = p.from
		}
	default:
		leaves, err := audit.ByPosition(tx, p.log, learnLeaves)
		if err != nil || len(leaves) == 0 {
			return nil, err
		}
		p.log = leaves[len(leaves)-1].Seq + 1
		refs := make([]string, len(leaves))
		for i, l := range leaves {
			refs[i] = l.Ref
		}
		return petition.AnsweredIn(tx, refs)
	}
	return ids, err
}

// alias joins the id of an entry and of the petition that was answered from it: one index
// holds both ways to ask. Behind it nothing, it is the entry's own answer.
const alias = "#"

// aliasesOf are the words in which entries were asked for: petitions whose answers were
// copied from them. Only the program counts these words; nothing of them is shown.
func aliasesOf(tx *db.Tx, some []petition.Example) (all []like.Item, err error) {
	if len(some) == 0 {
		return nil, nil
	}
	of := map[string]petition.Example{}
	var in []string
	var args []any
	for _, x := range some {
		of[string(x.Case)] = x
		args = append(args, string(x.Case))
		in = append(in, fmt.Sprintf("$%d", len(args)))
	}
	// system: words of an index; the entry is read again under the reader's rights
	err = tx.All(`SELECT case_id, entry FROM bank_ref WHERE case_id IN (`+strings.Join(in, ", ")+`) ORDER BY case_id, entry`, args, func(r *sql.Rows) error {
		var id, entry string
		err := r.Scan(&id, &entry)
		all = append(all, like.Item{ID: entry + alias + id, Field: of[id].Field, Text: of[id].Text})
		return err
	})
	return all, err
}

// once keeps each entry once, at its best, and nothing below least.
func once(hits []like.Hit, least float64) (kept []like.Hit) {
	seen := map[string]bool{}
	for _, h := range hits {
		h.ID, _, _ = strings.Cut(h.ID, alias)
		if h.Score < least || seen[h.ID] {
			continue
		}
		seen[h.ID] = true
		kept = append(kept, h)
	}
	return kept
}

// Degrees of likeness are counted in steps of a twentieth: finer ones would need years.
const (
	steps = 20
	// strictest is where learning stops: what is nearly the same question is always shown.
	strictest = 0.5
	// enough is how often a degree must have been shown before its figures mean anything, and
	// seldom the share of openings below which it is not shown any more.
	enough = 200
	seldom = 0.02
	// lookEvery is how often a node looks at the figures.
	lookEvery = 10 * time.Minute
)

// Degree is the step of a likeness, 0 to 20.
func (l Likely) Degree() int { return min(max(int(l.Score*steps), 0), steps) }

// UsedAt counts that entries of some degree of likeness were shown, or opened.
func UsedAt(tx *db.Tx, what string, degrees ...int) (err error) {
	defer fault.Wrap(&err, "count degrees of likeness")
	if what != Shown && what != Opened {
		return fault.Invalid
	}
	for _, d := range degrees {
		if d < 0 || d > steps {
			continue
		}
		_, err := tx.Exec(`INSERT INTO bank_likeness (degree, what, n) VALUES ($1, $2, 1) ON CONFLICT (degree, what) DO UPDATE SET n = bank_likeness.n + 1`, d, what)
		if err != nil {
			return err
		}
	}
	return nil
}

// leastOf is the likeness from which this office is shown something: the shipped one, or
// higher where its own people leave the lowest degrees unopened.
func leastOf(tx *db.Tx) (least float64, err error) {
	var shown, opened [steps + 1]int64
	err = tx.All(`SELECT degree, what, n FROM bank_likeness ORDER BY degree, what`, nil, func(r *sql.Rows) error {
		var d int
		var what string
		var n int64
		if err := r.Scan(&d, &what, &n); err != nil || d < 0 || d > steps {
			return err
		}
		if what == Shown {
			shown[d] = n
		} else {
			opened[d] = n
		}
		return nil
	})
	least = like.Shown
	for d := int(least * steps); d < strictest*steps; d++ {
		if shown[d] < enough || float64(opened[d]) >= seldom*float64(shown[d]) {
			break
		}
		least = float64(d+1) / steps
	}
	return least, err
}

// FreshOf are the degrees of those entries that were fresh.
func FreshOf(all []Likely, fresh []casefile.ID) (degrees []int) {
	for _, l := range all {
		for _, id := range fresh {
			if l.ID == id {
				degrees = append(degrees, l.Degree())
			}
		}
	}
	return degrees
}
