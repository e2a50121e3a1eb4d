package duty

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/setting"
)

// A Kind says what the program does about duties of one rule. Slices export theirs,
// cmd puts them in one list; a duty whose rule has no Kind stops the start-up.
type Kind struct {
	Rule  string // the rule key: "petition.answer"
	Say   string // the act as the inbox says it: "Trả lời kiến nghị"
	Dated bool   // a running duty of this rule must have a due instant, or be suspended
	// Missed runs once, in the sweep's transaction, when the due instant has passed:
	// it records, arms what the overseers owe, and tells people.
	Missed func(tx *db.Tx, c *casefile.Case, d *Duty) error
	// Remind runs at each reminder before the due instant, or before the end of the own
	// share of an owner who got the duty from another, in office hours.
	Remind func(tx *db.Tx, c *casefile.Case, d *Duty) error
	// Arming is set for what the calendar makes: no case stands before the duty.
	Arming *Arming
}

// Kinds are the kinds of the program by their rule.
type Kinds map[string]Kind

// A Sweeper looks at the duties whose next instant has come, and opens the cases that
// the calendar asks for.
type Sweeper struct {
	DB    *db.DB
	Kinds Kinds
	Node  string // the holder's name in the lease
	// Every is the pause between two sweeps, Lease how long a silent node keeps the work;
	// zero: as the settings sweep.every and sweep.lease are shipped.
	Every, Lease time.Duration

	mu   sync.Mutex
	last string // the hour in which the calendar was last asked
}

const sweepBatch = 200

// Run sweeps until ctx ends. Any number of nodes may run it; one has the lease.
func (s *Sweeper) Run(ctx context.Context, problem func(error)) {
	every, lease := cmp.Or(s.Every, setting.Shipped("sweep.every")), cmp.Or(s.Lease, setting.Shipped("sweep.lease"))
	for {
		won, err := s.DB.Lease(ctx, "sweep", s.Node, lease)
		if err == nil && won {
			_, err = s.Sweep(ctx)
		}
		if err != nil && ctx.Err() == nil {
			problem(err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(every):
		}
	}
}

// Swept counts what one sweep did.
type Swept struct{ Armed, Reminded, Missed int }

// Sweep opens what the calendar asks for and handles every duty whose next instant is not
// after now, each in its own transaction, so that one bad case never holds up the
// others: its error is joined to the result and the sweep goes on. Two sweeps at once do
// nothing twice.
func (s *Sweeper) Sweep(ctx context.Context) (total Swept, err error) {
	var failed []error
	total.Armed, err = s.turn(ctx)
	if err != nil {
		failed = append(failed, err)
	}
	var after waiting
	for {
		page, err := s.waiting(ctx, after)
		if err != nil {
			return total, errors.Join(append(failed, err)...)
		}
		if len(page) == 0 {
			return total, errors.Join(append(failed, s.roll(ctx))...)
		}
		for _, w := range page {
			did, err := s.one(ctx, w.Key)
			if err != nil {
				failed = append(failed, err)
			}
			total.Reminded += did.Reminded
			total.Missed += did.Missed
		}
		after = page[len(page)-1]
	}
}

// waiting is a duty whose next instant has come.
type waiting struct {
	Key
	at string
}

// waiting returns the next page behind one: a duty that failed is stepped over this
// time, and what is handled leaves the order by itself.
func (s *Sweeper) waiting(ctx context.Context, after waiting) (page []waiting, err error) {
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		// system: the sweep sees every duty
		return tx.All(`
			SELECT d.next_at, d.case_id, d.rule, d.owner, d.round FROM duty d
			WHERE d.ended_at IS NULL AND d.next_at <= $1 AND (d.next_at, d.case_id, d.rule, d.owner, d.round) > ($2, $3, $4, $5, $6)
			ORDER BY d.next_at, d.case_id, d.rule, d.owner, d.round LIMIT $7`,
			[]any{tx.Now, after.at, string(after.Case), after.Rule, string(after.Owner), after.Round, sweepBatch}, func(r *sql.Rows) error {
				var w waiting
				err := r.Scan(&w.at, &w.Case, &w.Rule, &w.Owner, &w.Round)
				page = append(page, w)
				return err
			})
	})
	return page, err
}

// turn does once an hour what depends on the day alone: it brings up to the day who may
// read what, and opens the cases that the calendar asks for.
func (s *Sweeper) turn(ctx context.Context) (armed int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	hour := s.DB.Now(ctx).UTC().Format("2006-01-02T15")
	if hour == s.last {
		return 0, nil
	}
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		_, err := org.Turn(tx)
		return err
	})
	if err != nil {
		return 0, err
	}
	if armed, err = s.arm(ctx); err == nil {
		s.last = hour
	}
	return armed, err
}

// one looks at one duty in a transaction of its own, under the lock of its case.
func (s *Sweeper) one(ctx context.Context, k Key) (did Swept, err error) {
	defer fault.Wrap(&err, "sweep %s on %s", k.Rule, k.Case)
	kind, ok := s.Kinds[k.Rule]
	if !ok {
		return did, fmt.Errorf("no kind for the rule")
	}
	err = s.DB.Update(ctx, func(tx *db.Tx) (err error) {
		did, err = look(tx, kind, k)
		return err
	})
	if err != nil { // what failed did not happen
		did = Swept{}
	}
	return did, err
}

// Look reminds of one duty or announces that it was missed, if its next instant has
// come: the sweep's own operation.
func Look(tx *db.Tx, kind Kind, k Key) error {
	_, err := look(tx, kind, k)
	return err
}

// Looks at one duty whose time has come, under its case's lock: what another did meanwhile is seen and
// left.
func look(tx *db.Tx, kind Kind, k Key) (did Swept, err error) {
	c, err := casefile.LockQuiet(tx, org.System("sweep"), k.Case)
	if err != nil {
		return did, err
	}
	d, err := Get(tx, k)
	if err != nil || !d.EndedAt.IsZero() || d.NextAt.IsZero() || tx.Now.Before(d.NextAt) {
		return did, err
	}
	if d.MissedAt.IsZero() && d.MissedAtNow(tx.Now) {
		return Swept{Missed: 1}, d.announce(tx, kind, c)
	}
	return Swept{Reminded: 1}, d.remind(tx, kind, c)
}

// announce tells once that the duty was missed; what is left to look at afterwards is
// the own share of an owner who got it from another.
func (d *Duty) announce(tx *db.Tx, kind Kind, c *casefile.Case) error {
	d.MissedAt = tx.Now
	if err := d.next(tx); err != nil || kind.Missed == nil {
		return err
	}
	return kind.Missed(tx, c, d)
}

// Sets the next look first: a reminder that fails is not sent twice.
func (d *Duty) remind(tx *db.Tx, kind Kind, c *casefile.Case) error {
	if err := d.next(tx); err != nil || kind.Remind == nil {
		return err
	}
	return kind.Remind(tx, c, d)
}

// next sets and keeps the next look behind this one.
func (d *Duty) next(tx *db.Tx) error {
	rev, err := revision(tx, d.Calendar, d.Revision)
	if err != nil {
		return err
	}
	if err := d.schedule(rev, tx.Now); err != nil {
		return err
	}
	return d.saveNext(tx)
}

// Writes only when the duty is looked at next.
func (d *Duty) saveNext(tx *db.Tx) error {
	_, err := tx.Exec(`UPDATE duty SET next_at = $1, missed_at = $2 WHERE case_id = $3 AND rule = $4 AND owner = $5 AND round = $6`,
		orNever(d.NextAt), d.MissedAt, string(d.Case), d.Rule, string(d.Owner), d.Round)
	return err
}

// Orphans counts the running duties that nothing would ever move: without an owner,
// without a due instant where the rule needs one, or with a due instant and no next
// look at it. All three must be zero; boards and /readyz show them.
type Orphans struct{ NoOwner, NoDue, NoNext int64 }

// CountOrphans looks for duties that the sweep would lose.
func CountOrphans(tx *db.Tx, kinds Kinds) (o Orphans, err error) {
	// system: a check of the whole store; it shows counts to administrators only
	err = tx.All(`
		SELECT rule,
			CAST(sum(CASE WHEN owner = '' THEN 1 ELSE 0 END) AS BIGINT),
			CAST(sum(CASE WHEN due_day = '' AND fate <> 'suspended' AND NOT request THEN 1 ELSE 0 END) AS BIGINT),
			CAST(sum(CASE WHEN due_day <> '' AND missed_at IS NULL AND next_at >= '9999' AND NOT request THEN 1 ELSE 0 END) AS BIGINT)
		FROM duty WHERE ended_at IS NULL GROUP BY rule ORDER BY rule`, nil, func(r *sql.Rows) error {
		var rule string
		var owner, due, next int64
		if err := r.Scan(&rule, &owner, &due, &next); err != nil {
			return err
		}
		o.NoOwner += owner
		o.NoNext += next
		if k, ok := kinds[rule]; !ok || k.Dated {
			o.NoDue += due
		}
		return nil
	})
	return o, err
}
