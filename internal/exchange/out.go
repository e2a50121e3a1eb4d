package exchange

import (
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"time"

	"lienthong/internal/audit"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/org"
	"lienthong/internal/outbox"
	"lienthong/internal/workday"
)

// OutKind is the kind of message in the outbox that is a packet.
const OutKind = "edxml"

// followBatch leaves a step: one view of two queries, one update of few rows.
const followBatch = 200

// Follower queues a packet for every released paper to a unit that receives by the
// document system. It reads the log, so that a paper of one act is no other than one
// that walked its unit, and a killed process neither forgets one nor sends it twice.
func Follower(d *db.DB) *audit.Follower {
	return &audit.Follower{DB: d, Name: "exchange.out", Batch: followBatch, Read: readReleased}
}

// released are the kinds of events that let a paper of a unit out, with who gets it.
var released = map[string]func(e casefile.Event, c *casefile.Case) (sender, receiver org.UnitID){
	"petition.raised": func(e casefile.Event, c *casefile.Case) (_, _ org.UnitID) {
		return c.Raiser, org.UnitID(e.Facts["lead"])
	},
	"petition.answered": func(e casefile.Event, c *casefile.Case) (_, _ org.UnitID) { return senderOf(e, c), c.Raiser },
}

// senderOf is the unit of who released: the lead may be another by now.
func senderOf(e casefile.Event, c *casefile.Case) org.UnitID {
	if u := e.Facts["issuer"]; u != "" {
		return org.UnitID(u)
	}
	if e.By.Post.Unit != "" {
		return e.By.Post.Unit
	}
	return c.Lead
}

// readReleased finds the papers among new entries of the log.
func readReleased(tx *db.Tx, leaves []audit.Leaf) (write func(tx *db.Tx) error, err error) {
	receivers, err := receiving(tx)
	if err != nil {
		return nil, err
	}
	var out []Sent
	for _, l := range leaves {
		if len(receivers) == 0 {
			break
		}
		id, n, ok := strings.Cut(l.Ref, "/")
		number, err := strconv.ParseInt(n, 10, 64)
		if !ok || err != nil {
			continue // of the office, not of a case
		}
		s, ok, err := releasedBy(tx, casefile.ID(id), number, receivers)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, s)
		}
	}
	return func(tx *db.Tx) error {
		for _, s := range out {
			if err := queue(tx, s); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

// receiving are the units that get packets, with since when: what was released before
// went another way.
func receiving(tx *db.Tx) (units map[org.UnitID]time.Time, err error) {
	units = map[org.UnitID]time.Time{}
	err = tx.All(`SELECT unit, since FROM exchange_receiver ORDER BY unit`, nil, func(r *sql.Rows) error {
		var u org.UnitID
		var since time.Time
		err := r.Scan(&u, db.Instant(&since))
		units[u] = since
		return err
	})
	return units, err
}

// releasedBy reads one event as a paper that is to leave; ok is false for every other.
func releasedBy(tx *db.Tx, id casefile.ID, n int64, receivers map[org.UnitID]time.Time) (s Sent, ok bool, err error) {
	var raw []byte
	var kind string
	err = tx.One(`SELECT kind, bytes FROM event WHERE case_id = $1 AND n = $2`, []any{string(id), n}, &kind, &raw)
	if absent(err) || err == nil && released[kind] == nil {
		return s, false, nil
	}
	if err != nil {
		return s, false, err
	}
	if raw, err = casefile.Unpack(raw); err != nil {
		return s, false, err
	}
	e, err := casefile.Decode(raw)
	if err != nil {
		return s, false, err
	}
	c, err := casefile.Get(tx, org.System("exchange"), id)
	if err != nil || e.Facts["number"] == "" { // guidance has no number and is no document
		return s, false, err
	}
	s = Sent{Case: id, EventN: n, Symbol: e.Facts["number"]}
	s.Sender, s.Receiver = released[kind](e, c)
	if s.IssuedOn, err = workday.ParseDate(e.Facts["issued_on"]); err != nil {
		return s, false, fmt.Errorf("event %s/%d: %w", id, n, err)
	}
	came := false // what came by the document system is there already
	err = tx.One(`SELECT count(*) > 0 FROM exchange_document WHERE case_id = $1 AND event_n = $2`, []any{string(id), n}, &came)
	since, receives := receivers[s.Receiver]
	return s, !came && receives && !e.RecordedAt.Before(since) && s.Sender != "", err
}

// queue writes the row of a paper and its message, once.
func queue(tx *db.Tx, s Sent) error {
	s.ID = tx.NewID()
	sender, err := UnitOf(tx, s.Sender)
	if err != nil {
		return err
	}
	outer := s.ID // a sender without a code: the packet waits among the dead letters until it has one
	if len(sender.Codes) > 0 {
		outer = sender.Codes[0] + "," + strings.ReplaceAll(s.IssuedOn.String(), "-", "/") + "," + s.Symbol
	}
	n, err := tx.Exec(`INSERT INTO exchange_out (id, case_id, event_n, sender, receiver, symbol, issued_on, outer_id, queued_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (case_id, event_n, receiver) DO NOTHING`,
		s.ID, string(s.Case), s.EventN, string(s.Sender), string(s.Receiver), s.Symbol, s.IssuedOn.String(), outer, tx.Now)
	if err != nil || n == 0 {
		return err
	}
	// the message names the row and holds no text: a seal finds nothing to take out of it
	_, err = outbox.Queue(tx, OutKind, string(s.Receiver), string(s.Case), []byte(s.ID), tx.Now)
	return err
}
