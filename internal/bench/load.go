package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"lienthong/internal/audit"
	"lienthong/internal/board"
	"lienthong/internal/db"
	"lienthong/internal/direct"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/petition"
	"lienthong/internal/route"
	"lienthong/internal/search"
)

// The shape of a loaded office: of ten cases seven are closed with answer and history,
// one is open and missed, two are open and in time. The open ones in time are the newest.
const (
	tenth     = 10
	closedOf  = 7
	missedOf  = 1
	newestDay = 6 // the open ones in time were raised in these last days
	oldestDay = 12
)

// loadChunk is how many cases one transaction loads; nobody else works meanwhile.
const loadChunk = 50

// opened is the day on which a measured office begins: the regulation of the profile is
// in force from it.
var opened = time.Date(2026, 2, 10, 1, 0, 0, 0, time.UTC)

// Load brings the store to n cases and waits until log, figures and index hold them
// all. Every case goes through the operations themselves, many in one transaction, with
// the instants at which it would have been worked on: all rows are there, and only the
// version of a case counts its transaction once.
func Load(ctx context.Context, d *db.DB, o *Office, n int, say func(format string, args ...any)) (err error) {
	defer fault.Wrap(&err, "load %d cases", n)
	have, err := count(ctx, d, "casefile")
	if err != nil {
		return err
	}
	began := time.Now()
	l := loader{o: o, w: newWriter(uint64(have) + 99), now: d.Now(ctx), total: n - have}
	for l.done < l.total {
		from := l.done
		err := d.Update(ctx, func(tx *db.Tx) error {
			l.done = from
			return l.chunk(tx)
		})
		if err != nil {
			return err
		}
		if l.done/10_000 != from/10_000 {
			say("  %d of %d cases, %.0f/s", l.done, l.total, float64(l.done)/time.Since(began).Seconds())
		}
	}
	if err := read(ctx, d); err != nil {
		return err
	}
	return settle(ctx, d, say)
}

// readChunk is how many notices one update looks at.
const readChunk = 5000

// read marks the notices of closed cases as read, as people would have done.
func read(ctx context.Context, d *db.DB) error {
	for after, last := "", false; !last; {
		err := d.Update(ctx, func(tx *db.Tx) error {
			to := ""
			// system: the load of the whole store
			err := tx.One(`SELECT id FROM notice WHERE id > $1 ORDER BY id LIMIT 1 OFFSET $2`, []any{after, readChunk}, &to)
			if last = errors.Is(err, fault.NotFound); last {
				to, err = "~", nil // behind every id
			}
			if err != nil {
				return err
			}
			// system: the load of the whole store
			_, err = tx.Exec(`UPDATE notice SET read_at = at, read_by = 'bench' WHERE id > $1 AND id <= $2 AND read_at IS NULL
				AND EXISTS (SELECT 1 FROM casefile c WHERE c.id = notice.case_id AND c.closed_at IS NOT NULL)`, after, to)
			after = to
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// count counts the rows of a table.
func count(ctx context.Context, d *db.DB, table string) (n int, err error) {
	// system: the measure of the whole store
	err = d.View(ctx, func(tx *db.Tx) error { return tx.One(`SELECT count(*) FROM `+table, nil, &n) })
	return n, err
}

// settle does what the background of an office does, until there is nothing left to do.
func settle(ctx context.Context, d *db.DB, say func(format string, args ...any)) error {
	kinds := duty.Kinds{}
	for _, k := range petition.Duties() {
		kinds[k.Rule] = k
	}
	sweeper := duty.Sweeper{DB: d, Kinds: kinds, Node: "bench"}
	swept, err := sweeper.Sweep(ctx)
	if err != nil {
		return err
	}
	say("  swept: %d missed, %d reminded", swept.Missed, swept.Reminded)
	for _, step := range []func(ctx context.Context) (int, error){
		func(ctx context.Context) (int, error) { return audit.Sequence(ctx, d) },
		board.Follower(d).Step,
		search.Indexer(d, search.Kind{CaseKind: petition.CaseKind}).Step,
		route.Follower(d).Step,
		func(ctx context.Context) (int, error) { return duty.Roll(ctx, d) },
	} {
		for {
			n, err := step(ctx)
			if err != nil {
				return err
			}
			if n == 0 {
				break
			}
		}
	}
	say("  log, figures and index have caught up")
	return nil
}

// Fills a store with years of cases through the operations, since rows written by hand would miss what
// operations keep.
type loader struct {
	o           *Office
	w           writer
	now         time.Time
	done, total int
}

// chunk loads the next cases in one transaction.
func (l *loader) chunk(tx *db.Tx) error {
	arrived := tx.Now
	for range min(loadChunk, l.total-l.done) {
		if err := l.one(tx); err != nil {
			return err
		}
		l.done++
	}
	tx.Now = arrived
	return nil
}

// raised is when the case was raised: the first eight tenths over the months since the
// office opened, the last two over its last days.
func (l *loader) raised() (at time.Time, closed bool) {
	old := l.total * (closedOf + missedOf) / tenth
	if l.done >= old {
		from := l.now.AddDate(0, 0, -newestDay)
		return from.Add(time.Duration(float64(l.now.Sub(from)) * float64(l.done-old) / float64(l.total-old))), false
	}
	until := l.now.AddDate(0, 0, -2*oldestDay)
	return opened.Add(time.Duration(float64(until.Sub(opened)) * float64(l.done) / float64(old))), l.done%(closedOf+missedOf) != 0
}

// One petition at its time in the past. The clock of the transaction is set to it: due instants must come
// out as they would have.
func (l *loader) one(tx *db.Tx) error {
	at, closed := l.raised()
	commune, department := pick(l.w, l.o.Communes), pick(l.w, l.o.Departments)
	tried := l.w.text(triedBytes)
	tx.Now = at
	p, err := petition.RaiseNow(tx, commune.Who, petition.Raise{
		Title: l.w.title(), Field: pick(l.w, department.Fields), Text: l.w.text(raiseBytes), Tried: &tried,
	})
	if err != nil {
		return err
	}
	if !closed && l.done%2 == 0 { // half of the open ones lie on a desk already
		return nil
	}
	if tx.Now = at.Add(2 * time.Hour); tx.Now.After(l.now) {
		return nil
	}
	if _, err := petition.Direct(tx, department.Who, p.ID, direct.In{Officer: department.Specialist}, 0); err != nil || !closed {
		return err
	}
	tx.Now = at.AddDate(0, 0, 1+l.w.IntN(oldestDay)) // some of them late
	if _, err := petition.AnswerNow(tx, department.Who, p.ID, petition.Reply{Text: l.w.text(answerBytes), Outcome: petition.Resolved}); err != nil {
		return err
	}
	tx.Now = tx.Now.AddDate(0, 0, 1)
	_, err = petition.Settle(tx, commune.Who, p.ID, petition.Verdict{Settled: true})
	return err
}

// Check looks whether a loaded store is whole: the counters are the rows, no duty is
// lost, every case is in the index and every entry in the log.
func Check(ctx context.Context, d *db.DB) (err error) {
	defer fault.Wrap(&err, "check the load")
	kinds := duty.Kinds{}
	for _, k := range petition.Duties() {
		kinds[k.Rule] = k
	}
	return d.View(ctx, func(tx *db.Tx) error {
		orphans, err := duty.CountOrphans(tx, kinds)
		if err == nil && orphans != (duty.Orphans{}) {
			err = fmt.Errorf("orphans: %+v", orphans)
		}
		for _, c := range counts {
			err = errors.Join(err, same(tx, c.what, c.one, c.other))
		}
		return err
	})
}

// counts are pairs that must be equal.
//
// system: the measure of the whole store
var counts = []struct{ what, one, other string }{
	{"duties", `SELECT count(*) FROM duty WHERE NOT request`, `SELECT CAST(sum(n) AS BIGINT) FROM ` + duty.Counters},
	{"running duties", `SELECT count(*) FROM duty WHERE NOT request AND ended_at IS NULL`,
		`SELECT CAST(sum(n) AS BIGINT) FROM ` + duty.Counters + ` WHERE fate IN ('open', 'suspended')`},
	{"sums by month", `SELECT CAST(coalesce(sum(n), 0) AS BIGINT) FROM duty_count WHERE fate NOT IN ('open', 'suspended')`,
		`SELECT CAST(coalesce(sum(n), 0) AS BIGINT) FROM duty_roll WHERE level = 'month'`},
	{"sums by year", `SELECT CAST(coalesce(sum(n), 0) AS BIGINT) FROM duty_roll WHERE level = 'month'`,
		`SELECT CAST(coalesce(sum(n), 0) AS BIGINT) FROM duty_roll WHERE level = 'year'`},
	// system: the measure of the whole store
	{"indexed cases", `SELECT count(*) FROM casefile`, `SELECT count(*) FROM search_case`},
	{"entries", `SELECT count(*) FROM event`, `SELECT count(*) FROM leaf WHERE seq IS NOT NULL`},
	{"petitions", `SELECT count(*) FROM casefile WHERE kind = 'petition'`, `SELECT count(*) FROM petition`},
}

// Two counts that must be equal after the load; a store that is wrong gives figures that are wrong.
func same(tx *db.Tx, what, one, other string) error {
	var a, b int64
	if err := tx.One(one, nil, &a); err != nil {
		return err
	}
	if err := tx.One(other, nil, &b); err != nil {
		return err
	}
	if a != b {
		return fmt.Errorf("%s: %d and %d", what, a, b)
	}
	return nil
}
