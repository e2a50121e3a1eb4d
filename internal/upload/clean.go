package upload

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"lienthong/internal/blob"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/setting"
)

// A Cleaner takes away bytes that no row names: files of a form that was refused and never
// sent again, uploads that no act took, what an import read. Of many nodes one cleans.
// Set the fields, then call Run.
//
// Bytes stay for the days of the setting upload.keep_days after they were put last. It is to
// be no shorter than the time for which the office keeps its oldest backup: a store
// that is set back to one finds every file its rows name.
type Cleaner struct {
	DB    *db.DB
	Files *blob.Store
	Node  string // names this process among all
	// Every is the pause between two rounds, Lease how long a silent node keeps the work,
	// Stale the age at which an upload that was never finished is nobody's; zero: as the
	// settings upload.clean_every, upload.clean_lease and upload.stale are shipped.
	Every, Lease, Stale time.Duration
}

const (
	cleanBatch = 200 // hashes asked about at once

	keepSetting = "upload.keep_days"
	// A form that was refused carries its files for a day; shorter than this a row that was
	// put in by hand is taken for a slip.
	leastKeepDays = 7
)

// Run cleans round after round until ctx ends; what goes wrong is told to report.
func (c *Cleaner) Run(ctx context.Context, report func(error)) {
	every := cmp.Or(c.Every, setting.Shipped("upload.clean_every"))
	for {
		if _, err := c.Round(ctx); err != nil && ctx.Err() == nil {
			report(err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(every):
		}
	}
}

// Round goes once through all bytes and returns how many files went.
func (c *Cleaner) Round(ctx context.Context) (removed int, err error) {
	defer fault.Wrap(&err, "clean files")
	days, err := c.keep(ctx)
	if err != nil {
		return 0, err
	}
	// each node its own folder of what is under way: no lease, it may be no common one
	if err := c.Files.Sweep(cmp.Or(c.Stale, setting.Shipped("upload.stale"))); err != nil {
		return 0, err
	}
	// by the machine's own clock, as the files' times are
	before := time.Now().AddDate(0, 0, -days)
	var old []blob.Hash
	flush := func() error {
		n, err := c.batch(ctx, old, before)
		removed, old = removed+n, old[:0]
		return err
	}
	err = c.Files.List(func(i blob.Item) error {
		if !i.PutAt.Before(before) {
			return ctx.Err()
		}
		if old = append(old, i.Hash); len(old) < cleanBatch {
			return nil
		}
		return flush()
	})
	if err == nil {
		err = flush()
	}
	if errors.Is(err, errElsewhere) {
		err = nil
	}
	return removed, err
}

var errElsewhere = errors.New("another node cleans")

// keep takes away what waited for its act too long, and reads for how many days bytes that
// nobody names stay.
func (c *Cleaner) keep(ctx context.Context) (days int, err error) {
	var left []blob.Hash
	err = c.DB.Update(ctx, func(tx *db.Tx) error {
		rules, err := Load(tx)
		if err != nil {
			return err
		}
		all, err := setting.Values(tx, keepSetting)
		days = int(setting.Number(all, keepSetting))
		if err == nil && days < leastKeepDays {
			err = fmt.Errorf("setting %s: fewer than %d days", keepSetting, leastKeepDays)
		}
		if err != nil {
			return err
		}
		if left, err = expire(tx, rules); err != nil {
			return err
		}
		return Sweep(tx, rules)
	})
	if err != nil {
		return 0, err
	}
	for _, h := range left {
		if err := c.Files.Remove(h); err != nil {
			return 0, err
		}
	}
	return days, nil
}

// batch takes away those of some old files that no row names, under the lease.
func (c *Cleaner) batch(ctx context.Context, old []blob.Hash, before time.Time) (removed int, err error) {
	if len(old) == 0 {
		return 0, nil
	}
	won, err := c.DB.Lease(ctx, "clean files", c.Node, cmp.Or(c.Lease, setting.Shipped("upload.clean_lease")))
	if err == nil && !won {
		err = errElsewhere
	}
	if err != nil {
		return 0, err
	}
	named, err := c.named(ctx, old)
	if err != nil {
		return 0, err
	}
	for _, h := range old {
		if named[h] {
			continue
		}
		// a row that comes from now on touches the file first
		did, err := c.Files.RemoveOld(h, before)
		if err != nil {
			return removed, err
		}
		if did {
			removed++
		}
	}
	return removed, nil
}

// named returns which of some hashes a row names: a file of a case, one that waits for
// its act, a template of papers, or what a job that has not ended reads.
func (c *Cleaner) named(ctx context.Context, all []blob.Hash) (named map[blob.Hash]bool, err error) {
	marks, args := make([]string, len(all)), make([]any, len(all))
	for i, h := range all {
		marks[i], args[i] = "$"+strconv.Itoa(i+1), string(h)
	}
	in := strings.Join(marks, ", ")
	err = c.DB.View(ctx, func(tx *db.Tx) error {
		named = map[blob.Hash]bool{}
		// system: hashes that are kept; nobody sees them
		err := tx.All(`SELECT hash FROM document WHERE hash IN (`+in+`) UNION SELECT hash FROM upload WHERE hash IN (`+in+`)
			UNION SELECT hash FROM upload_part WHERE hash IN (`+in+`) UNION SELECT hash FROM paper_template WHERE hash IN (`+in+`)
			UNION SELECT hash FROM exchange_file WHERE hash IN (`+in+`) ORDER BY hash`, args,
			func(r *sql.Rows) error {
				var h blob.Hash
				err := r.Scan(&h)
				named[h] = true
				return err
			})
		if err != nil {
			return err
		}
		return tx.All(`SELECT input FROM job WHERE state IN ('open', 'failed') ORDER BY id`, nil, func(r *sql.Rows) error {
			var input string
			err := r.Scan(&input)
			for _, h := range hashes.FindAllString(input, -1) {
				named[blob.Hash(h)] = true
			}
			return err
		})
	})
	return named, err
}

// hashes finds the files in the input of a job, whatever its form.
var hashes = regexp.MustCompile(`\b[0-9a-f]{64}\b`)
