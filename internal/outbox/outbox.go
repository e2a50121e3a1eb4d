// Package outbox carries bytes that leave the building (gửi ra ngoài): mail, webhooks,
// documents for other systems.
//
// Queue writes a message in the transaction of the act that causes it: both commit or
// neither does. A carrier under a lease hands it over at least once, waits longer
// after each failure, and in the end puts it among the dead letters, where a person
// sees why and sends it again. How a kind is handed over is defined by who knows it;
// the receiver recognises a repeat by the message's id.
//
//	waiting --handed over--> sent
//	  \--too many tries, or refused for good--> dead --Again--> waiting, or --Drop--> withdrawn
//	  \--Withdraw--> withdrawn (bytes gone)
package outbox

import (
	"database/sql"
	"fmt"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
)

// An ID names a message, here and at the receiver.
type ID string

// The states of a message.
const (
	Waiting   = "waiting"   // to be handed over at NextAt
	Sent      = "sent"      // the receiver took it at least once
	Dead      = "dead"      // given up; LastError says why
	Withdrawn = "withdrawn" // taken back; its bytes are gone from here
)

// A Message is bytes on their way.
type Message struct {
	ID        ID
	Kind      string // who knows how to hand it over
	Target    string // an address or a name, in the kind's own form
	About     string // the case it tells of, so that a seal finds it; "" when none
	Payload   []byte
	State     string // Waiting, Sent, Dead or Withdrawn
	Tries     int    // since it was queued, or sent again by a person
	NextAt    time.Time
	LastError string
	QueuedAt  time.Time
	EndedAt   time.Time // zero while waiting
}

// Queue writes a message of kind to target. It leaves after the commit, not before
// notBefore; the zero time means at once.
func Queue(tx *db.Tx, kind, target, about string, payload []byte, notBefore time.Time) (id ID, err error) {
	defer fault.Wrap(&err, "queue %s", kind)
	if notBefore.Before(tx.Now) {
		notBefore = tx.Now
	}
	if payload == nil {
		payload = []byte{}
	}
	id = ID(tx.NewID())
	_, err = tx.Exec(`
		INSERT INTO outbox (id, kind, target, about, payload, state, tries, next_at, last_error, queued_at, holder, until)
		VALUES ($1, $2, $3, $4, $5, 'waiting', 0, $6, '', $7, '', '')`,
		id, kind, target, about, payload, notBefore, tx.Now)
	return id, err
}

// Again sends a dead letter again, with all its tries. Any other state is a fault.Conflict.
func Again(tx *db.Tx, id ID) (err error) {
	defer fault.Wrap(&err, "send %s again", id)
	n, err := tx.Exec(`
		UPDATE outbox SET state = 'waiting', tries = 0, next_at = $1, ended_at = NULL
		WHERE id = $2 AND state = 'dead'`, tx.Now, id)
	if err != nil || n == 1 {
		return err
	}
	if _, err := Get(tx, id); err != nil {
		return err
	}
	return fault.Refuse(fault.Conflict, "Chỉ gửi lại được tin đã ngừng gửi.")
}

// Drop gives a dead letter up: its bytes are gone and it will not be sent. Any other
// state is a fault.Conflict.
func Drop(tx *db.Tx, id ID) (err error) {
	defer fault.Wrap(&err, "drop %s", id)
	n, err := tx.Exec(`UPDATE outbox SET state = 'withdrawn', payload = $1, last_error = '' WHERE id = $2 AND state = 'dead'`, []byte{}, id)
	if err != nil || n == 1 {
		return err
	}
	if _, err := Get(tx, id); err != nil {
		return err
	}
	return fault.Refuse(fault.Conflict, "Chỉ bỏ được tin đã ngừng gửi.")
}

// WithdrawTo takes back what waits for one target, dead letters too: it receives no more.
func WithdrawTo(tx *db.Tx, kind, target string) (err error) {
	defer fault.Wrap(&err, "withdraw messages to %s", target)
	_, err = tx.Exec(`UPDATE outbox SET state = 'withdrawn', payload = $1, last_error = '', ended_at = $2
		WHERE state IN ('waiting', 'dead') AND kind = $3 AND target = $4`, []byte{}, tx.Now, kind, target)
	return err
}

// LettersTo returns the dead letters of a kind to one target, the oldest first.
func LettersTo(tx *db.Tx, kind, target string, limit int) ([]*Message, error) {
	return read(tx, `SELECT `+columns+` FROM outbox WHERE state = 'dead' AND kind = $1 AND target = $2 ORDER BY id LIMIT $3`, kind, target, limit)
}

// Withdraw takes the bytes of every message about a case out of reach, for a seal,
// and returns those whose copies have left, or may have, without their bytes.
func Withdraw(tx *db.Tx, about string) (left []*Message, err error) {
	defer fault.Wrap(&err, "withdraw messages about %s", about)
	if about == "" {
		return nil, fmt.Errorf("no case is named: %w", fault.Invalid)
	}
	if _, err := tx.Exec(`
		UPDATE outbox SET payload = $1, last_error = '',
			ended_at = CASE WHEN state = 'waiting' THEN $2 ELSE ended_at END,
			state = CASE WHEN state = 'sent' THEN 'sent' ELSE 'withdrawn' END
		WHERE about = $3`, []byte{}, db.FormatInstant(tx.Now), about); err != nil {
		return nil, err
	}
	// a try that ended in an error may have reached the receiver all the same
	return read(tx, `SELECT `+columns+` FROM outbox WHERE about = $1 AND (state = 'sent' OR tries > 0) ORDER BY id`, about)
}

// Purge removes at most limit messages that were sent or withdrawn before an
// instant; how long they are kept is the tenant's setting.
func Purge(tx *db.Tx, before time.Time, limit int) (n int64, err error) {
	defer fault.Wrap(&err, "purge outbox")
	return tx.Exec(`
		DELETE FROM outbox WHERE id IN (
			SELECT id FROM outbox WHERE state IN ('sent', 'withdrawn') AND ended_at < $1 ORDER BY id LIMIT $2)`, before, limit)
}

// Get returns one message; an unknown one is a fault.NotFound.
func Get(tx *db.Tx, id ID) (*Message, error) {
	all, err := read(tx, `SELECT `+columns+` FROM outbox WHERE id = $1`, id)
	if err == nil && len(all) == 0 {
		err = fault.NotFound
	}
	if err != nil {
		return nil, fmt.Errorf("message %s: %w", id, err)
	}
	return all[0], nil
}

// Letters returns the dead letters, the oldest first, behind the one named by after;
// "" begins at the oldest.
func Letters(tx *db.Tx, after ID, limit int) ([]*Message, error) {
	return read(tx, `SELECT `+columns+` FROM outbox WHERE state = 'dead' AND id > $1 ORDER BY id LIMIT $2`, after, limit)
}

// Counts is how full the outbox is, for the metrics and the administrator.
type Counts struct {
	Waiting, Dead int64
	Oldest        time.Time // when the oldest waiting message was queued; zero when none waits
}

// Count returns how full the outbox is.
func Count(tx *db.Tx) (c Counts, err error) {
	defer fault.Wrap(&err, "count outbox")
	err = tx.One(`
		SELECT count(*) FILTER (WHERE state = 'waiting'), count(*) FILTER (WHERE state = 'dead'),
			min(CASE WHEN state = 'waiting' THEN queued_at END)
		FROM outbox WHERE state IN ('waiting', 'dead')`, nil, &c.Waiting, &c.Dead, db.Instant(&c.Oldest))
	return c, err
}

const columns = `id, kind, target, about, payload, state, tries, next_at, last_error, queued_at, ended_at`

// Messages of a query.
func read(tx *db.Tx, query string, args ...any) (all []*Message, err error) {
	err = tx.All(query, args, func(r *sql.Rows) error {
		m := new(Message)
		all = append(all, m)
		return r.Scan(&m.ID, &m.Kind, &m.Target, &m.About, &m.Payload, &m.State, &m.Tries, db.Instant(&m.NextAt),
			&m.LastError, db.Instant(&m.QueuedAt), db.Instant(&m.EndedAt))
	})
	return all, err
}
