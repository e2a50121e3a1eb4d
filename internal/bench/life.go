package bench

import (
	"context"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/direct"
	"lienthong/internal/petition"
)

// The sizes of a lifecycle's texts, in bytes of Vietnamese.
const (
	raiseBytes  = 2000
	answerBytes = 1000
	triedBytes  = 120
)

// A life is one client's petitions, raised, directed, answered and settled one after
// the other through the operations themselves, four durable updates each.
type life struct {
	d *db.DB
	o *Office
	w writer

	counted *[4]db.Stats // when set, hears what each step cost
}

// A life has a seed of its own, so that a run can be repeated.
func newLife(d *db.DB, o *Office, client int) *life {
	return &life{d: d, o: o, w: newWriter(uint64(client) + 1)}
}

// one takes one petition from its raising to its end; note hears every write.
func (l *life) one(ctx context.Context, note func(step int, do func() error) error) error {
	commune, department := pick(l.w, l.o.Communes), pick(l.w, l.o.Departments)
	field, tried := pick(l.w, department.Fields), l.w.text(triedBytes)
	in := petition.Raise{Title: l.w.title(), Field: field, Text: l.w.text(raiseBytes), Tried: &tried}
	reply := petition.Reply{Text: l.w.text(answerBytes), Outcome: petition.Resolved}
	var id casefile.ID
	steps := []func(tx *db.Tx) error{
		func(tx *db.Tx) error {
			p, err := petition.RaiseNow(tx, commune.Who, in)
			if err == nil {
				id = p.ID
			}
			return err
		},
		func(tx *db.Tx) error {
			_, err := petition.Direct(tx, department.Who, id, direct.In{Officer: department.Specialist}, 0)
			return err
		},
		func(tx *db.Tx) error {
			_, err := petition.AnswerNow(tx, department.Who, id, reply)
			return err
		},
		func(tx *db.Tx) error {
			_, err := petition.Settle(tx, commune.Who, id, petition.Verdict{Settled: true})
			return err
		},
	}
	for n, step := range steps {
		if err := note(n, func() error { return l.d.Update(ctx, l.count(n, step)) }); err != nil {
			return err
		}
	}
	return nil
}

// count adds to a step the noting of what it cost, its last steps included.
func (l *life) count(n int, step func(tx *db.Tx) error) func(tx *db.Tx) error {
	if l.counted == nil {
		return step
	}
	return func(tx *db.Tx) error {
		tx.Last("~ counted", func() error { // "~" sorts last
			err := tx.Flush() // what waits to be written counts, too
			l.counted[n] = tx.Stats()
			return err
		})
		return step(tx)
	}
}
