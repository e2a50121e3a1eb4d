package exchange

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"sync"
	"time"

	"lienthong/internal/audit"
	"lienthong/internal/db"
	"lienthong/internal/exchange/edxml"
	"lienthong/internal/fault"
	"lienthong/internal/org"
)

// A Matcher tries documents that wait once more when what they name has moved: the letter
// they answer was opened, typed or released here, a round was opened anew, their issuer's
// code became known. It follows the log, so that no way of opening a case is forgotten.
type Matcher struct {
	DB    *db.DB
	Field Fielder // nil: ByRoute
}

// lookAgain is how often a node looks for documents that are to be tried again; it reads
// an index that is nearly always empty.
const lookAgain = time.Second

// Run matches until ctx ends.
func (m *Matcher) Run(ctx context.Context, report func(error)) {
	var all sync.WaitGroup
	all.Go(func() { report(m.Follower().Run(ctx)) })
	for ctx.Err() == nil {
		if _, err := m.Round(ctx); err != nil && ctx.Err() == nil {
			report(err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(lookAgain):
		}
	}
	all.Wait()
}

// Follower marks the documents that name what the log says has moved.
func (m *Matcher) Follower() *audit.Follower {
	return &audit.Follower{DB: m.DB, Name: "exchange.match", Batch: followBatch, Read: readMoved}
}

// Round tries every document that is marked, each in its own transaction: one that is
// refused stops no other and goes on waiting. It returns how many no longer wait.
func (m *Matcher) Round(ctx context.Context) (placed int, err error) {
	defer fault.Wrap(&err, "match documents again")
	var ids []ID
	err = m.DB.View(ctx, func(tx *db.Tx) error {
		ids = nil
		// system: the program's own work; nobody reads the documents
		return tx.All(`SELECT id FROM exchange_document WHERE again ORDER BY id LIMIT 100`, nil, func(r *sql.Rows) error {
			var id ID
			err := r.Scan(&id)
			ids = append(ids, id)
			return err
		})
	})
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		var did bool
		err := m.DB.Update(ctx, func(tx *db.Tx) (err error) { did, err = m.try(tx, id); return err })
		if isRefusal(err) {
			err = m.DB.Update(ctx, func(tx *db.Tx) error {
				_, err := tx.Exec(`UPDATE exchange_document SET again = FALSE WHERE id = $1`, string(id))
				return err
			})
		}
		if err != nil {
			return placed, err
		}
		if did {
			placed++
		}
	}
	return placed, nil
}

// try places one document as if it had just come.
func (m *Matcher) try(tx *db.Tx, id ID) (placed bool, err error) {
	defer fault.Wrap(&err, "document %s", id)
	if _, err := tx.Exec(`UPDATE exchange_document SET again = FALSE WHERE id = $1`, string(id)); err != nil {
		return false, err
	}
	who := org.System("exchange")
	d, err := Get(tx, who, id)
	if err != nil || d.State != Waiting || d.Repeats != "" {
		return false, err
	}
	if free, err := d.nowKnown(tx); err != nil || !free {
		return false, err
	}
	files, err := Files(tx, id)
	if err != nil {
		return false, err
	}
	field := m.Field
	if field == nil {
		field = ByRoute
	}
	reason, err := d.place(tx, files, field)
	if err != nil {
		return false, err
	}
	if d.State == Waiting {
		d.WaitsFor = reason
		return false, d.save(tx)
	}
	return true, d.decided(tx, who, d.State, "")
}

// nowKnown takes the unit whose code has become known for the issuer. The same document
// may have come since then under the unit's own name: then it stays for a person.
func (d *Document) nowKnown(tx *db.Tx) (free bool, err error) {
	if d.Issuer != "" {
		return true, nil
	}
	if d.Issuer, err = unitOf(tx, edxml.Organ{ID: d.IssuerCode, Name: d.IssuerName}); err != nil || d.Issuer == "" {
		return false, err
	}
	other, found, err := byIdentity(tx, d.identity())
	if err != nil {
		return false, err
	}
	if found {
		d.Repeats, d.WaitsFor = other.ID, "changed"
		_, err := tx.Exec(`UPDATE exchange_document SET repeats = $1 WHERE id = $2`, string(other.ID), string(d.ID))
		if err == nil {
			err = d.save(tx)
		}
		return false, err
	}
	_, err = tx.Exec(`UPDATE exchange_document SET identity = $1 WHERE id = $2`, d.identity(), string(d.ID))
	return true, err
}

// stirUnknown marks the documents that wait for the code of their issuer.
func stirUnknown(tx *db.Tx) error {
	_, err := tx.Exec(`UPDATE exchange_document SET again = TRUE WHERE state = 'waiting' AND issuer = ''`)
	return err
}

// readMoved finds the documents that wait and name a paper of a case that the new entries
// of the log are about, or are such a paper.
func readMoved(tx *db.Tx, leaves []audit.Leaf) (write func(tx *db.Tx) error, err error) {
	var ids []ID
	waiting, err := namesOfWaiting(tx)
	if err == nil && len(waiting) > 0 {
		ids, err = moved(tx, casesIn(leaves), waiting)
	}
	return func(tx *db.Tx) error {
		for _, id := range ids {
			if _, err := tx.Exec(`UPDATE exchange_document SET again = TRUE WHERE id = $1 AND state = 'waiting'`, string(id)); err != nil {
				return err
			}
		}
		return nil
	}, err
}

// casesIn are the cases that entries of the log are about, each once.
func casesIn(leaves []audit.Leaf) (all []any) {
	seen := map[string]bool{}
	for _, l := range leaves {
		if id, _, ok := strings.Cut(l.Ref, "/"); ok && !seen[id] {
			seen[id] = true
			all = append(all, id)
		}
	}
	return all
}

// paperName is how a number of a day is compared, or the id of a sender's system.
func paperName(symbol, on string) string { return Key(symbol) + " " + on }

// namesOfWaiting are the papers that documents which wait are or name, with who does.
func namesOfWaiting(tx *db.Tx) (all map[string][]ID, err error) {
	all = map[string][]ID{}
	// system: the program compares numbers; nobody reads the documents
	err = tx.All(`SELECT `+columns+` FROM exchange_document x WHERE x.state = 'waiting' AND x.repeats = '' ORDER BY x.arrived_at, x.id`, nil, func(r *sql.Rows) error {
		d, err := scan(r)
		if err != nil {
			return err
		}
		own := paperName(d.Symbol, d.IssuedOn.String())
		all[own] = append(all[own], d.ID)
		for _, ref := range d.Refs {
			for _, name := range []string{paperName(ref.Code, ref.IssuedOn.String()), ref.DocumentID} {
				all[name] = append(all[name], d.ID)
			}
		}
		return nil
	})
	return all, err
}

// moved are the documents that wait for papers of the cases.
func moved(tx *db.Tx, cases []any, waiting map[string][]ID) (ids []ID, err error) {
	if len(cases) == 0 {
		return nil, nil
	}
	holders := make([]string, len(cases))
	for i := range cases {
		holders[i] = fmt.Sprintf("$%d", i+1)
	}
	in := strings.Join(holders, ", ")
	// system: the program compares numbers; nobody reads the cases
	err = tx.All(`SELECT symbol, issued_on FROM register_entry WHERE case_id IN (`+in+`) ORDER BY case_id`, cases, func(r *sql.Rows) error {
		var symbol, on string
		err := r.Scan(&symbol, &on)
		ids = append(ids, waiting[paperName(symbol, on)]...)
		return err
	})
	if err != nil {
		return nil, err
	}
	// system: the program compares numbers; nobody reads the cases
	err = tx.All(`SELECT outer_id FROM exchange_out WHERE case_id IN (`+in+`) ORDER BY id`, cases, func(r *sql.Rows) error {
		var outer string
		err := r.Scan(&outer)
		ids = append(ids, waiting[outer]...)
		return err
	})
	return ids, err
}
