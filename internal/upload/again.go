package upload

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"time"

	"lienthong/internal/blob"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/setting"
)

// Again asks the scanner about files that still wait for its word: it was away, or slow,
// when they came. Of many nodes one asks. Set the fields, then call Run.
type Again struct {
	DB    *db.DB
	Files *blob.Store
	Node  string // names this process among all
	// Every is the pause between two rounds, Lease how long a silent node keeps the work;
	// zero: as the settings upload.ask_every and upload.ask_lease are shipped.
	Every, Lease time.Duration
}

const (
	askPage   = 100 // files of one look
	askFailed = 3   // failures in a row after which the scanner is taken to be away
)

// Run asks round after round until ctx ends; what goes wrong is told to report.
func (a *Again) Run(ctx context.Context, report func(error)) {
	every := cmp.Or(a.Every, setting.Shipped("upload.ask_every"))
	for {
		if _, err := a.Round(ctx); err != nil && ctx.Err() == nil {
			report(err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(every):
		}
	}
}

// Round asks once about every waiting file and returns for how many an answer came. One
// that the scanner refuses - too long for it, say - goes on waiting and holds up no other.
func (a *Again) Round(ctx context.Context) (answered int, err error) {
	defer fault.Wrap(&err, "scan again")
	rules, waiting, err := a.waiting(ctx, "")
	if err != nil || len(waiting) == 0 {
		return 0, err
	}
	won, err := a.DB.Lease(ctx, "scan again", a.Node, cmp.Or(a.Lease, setting.Shipped("upload.ask_lease")))
	if err != nil || !won {
		return 0, err
	}
	failed := 0
	var last error
	for len(waiting) > 0 {
		for _, h := range waiting {
			if err := a.ask(ctx, rules, h); err == nil {
				answered, failed = answered+1, 0
				continue
			} else {
				last = err
			}
			if failed++; failed == askFailed || ctx.Err() != nil {
				return answered, last
			}
		}
		if rules, waiting, err = a.waiting(ctx, waiting[len(waiting)-1]); err != nil {
			return answered, err
		}
	}
	return answered, last
}

// waiting returns the settings of this moment and the next hashes of files that wait.
func (a *Again) waiting(ctx context.Context, after blob.Hash) (rules Rules, all []blob.Hash, err error) {
	err = a.DB.View(ctx, func(tx *db.Tx) (err error) {
		if rules, err = Load(tx); err != nil {
			return err
		}
		all = nil
		// system: hashes for the scanner; nobody sees them
		return tx.All(`SELECT hash FROM document WHERE scan = 'waiting' AND hash > $1
			UNION SELECT hash FROM upload WHERE scan = 'waiting' AND hash > $1 ORDER BY hash LIMIT $2`,
			[]any{string(after), askPage}, func(r *sql.Rows) error {
				var h blob.Hash
				err := r.Scan(&h)
				all = append(all, h)
				return err
			})
	})
	return rules, all, err
}

// ask reads the bytes to the scanner, outside any transaction, and keeps its answer.
func (a *Again) ask(ctx context.Context, rules Rules, h blob.Hash) error {
	f, err := a.Files.Open(h)
	if err != nil {
		return err
	}
	defer f.Close()
	state, found, err := rules.Scan(ctx, f)
	if err != nil {
		return fmt.Errorf("%.8s: %w", h, err)
	}
	return a.DB.Update(ctx, func(tx *db.Tx) error {
		if state == Infected { // not kept for an act to come: its sender sends another
			if _, err := tx.Exec(`DELETE FROM upload WHERE hash = $1`, string(h)); err != nil {
				return err
			}
		} else if _, err := tx.Exec(`UPDATE upload SET scan = $1 WHERE hash = $2 AND scan = $3`, state, string(h), Waiting); err != nil {
			return err
		}
		return casefile.Scanned(tx, string(h), state, found, state == Infected)
	})
}
