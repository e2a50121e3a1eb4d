package audit

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"lienthong/internal/db"
	"lienthong/internal/fault"
)

// head is the newest state of the log as the store has it.
type head struct {
	size       int64 // leaves with a position
	root       tlog.Hash
	signed     bool   // a checkpoint stands under it
	checkpoint string // signed by the key in force
}

// The head of the log in one row. An empty log has the root of an empty tree, not none.
func scanHead(tx *db.Tx, query string) (h head, err error) {
	var root string
	if err := tx.One(query, nil, &h.size, &root, &h.checkpoint); err != nil {
		return h, err
	}
	if root == "" {
		h.root, err = tlog.TreeHash(0, nil)
		return h, err
	}
	h.signed = true
	if h.root, err = tlog.ParseHash(root); err != nil {
		h.root = tlog.Hash{} // no tree has it: whoever compares will refuse
	}
	return h, nil
}

// readHead reads the head without holding it.
func readHead(tx *db.Tx) (head, error) {
	return scanHead(tx, `SELECT size, root, checkpoint FROM log_head WHERE id = 1`)
}

// holdHead reads the head and holds its row until the commit: of two sequencers the
// second waits, whatever became of the lease.
func holdHead(tx *db.Tx) (head, error) {
	return scanHead(tx, `UPDATE log_head SET size = size WHERE id = 1 RETURNING size, root, checkpoint`)
}

// sign signs the head as of tx.Now and stores it.
func (h *head) sign(tx *db.Tx, key note.Signer) error {
	text := fmt.Sprintf("%s\n%d\n%s\nat %s\n", key.Name(), h.size, h.root, db.FormatInstant(tx.Now))
	signed, err := note.Sign(&note.Note{Text: text}, key)
	if err != nil {
		return err
	}
	h.checkpoint, h.signed = string(signed), true
	_, err = tx.Exec(`UPDATE log_head SET size = $1, root = $2, checkpoint = $3, sealed_at = $4 WHERE id = 1`,
		h.size, h.root.String(), h.checkpoint, tx.Now)
	return err
}

// A Mark is what a checkpoint says: the log had Size entries at the instant At.
type Mark struct {
	Size int64
	At   time.Time // by the server's clock: the log proves order, not time
	root tlog.Hash
}

// readMark reads the text under a checkpoint of the log called origin: the origin, the
// size, the root, and the instant: the form of C2SP tlog-checkpoint with one line of
// its own.
func readMark(text, origin string) (m Mark, err error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 4 || lines[0] != origin {
		return m, fmt.Errorf("not a checkpoint of %s: %w", origin, fault.Invalid)
	}
	var sizeErr, rootErr, timeErr error
	m.Size, sizeErr = strconv.ParseInt(lines[1], 10, 64)
	m.root, rootErr = tlog.ParseHash(lines[2])
	m.At, timeErr = db.ParseInstant(strings.TrimPrefix(lines[3], "at "))
	if err := errors.Join(sizeErr, rootErr, timeErr); err != nil {
		return m, fmt.Errorf("%w: %w", err, fault.Invalid)
	}
	return m, nil
}

// Checkpoint returns the newest signed checkpoint, a text for outsiders to keep.
// It is a fault.NotFound until Prepare or the first batch signed one.
func Checkpoint(tx *db.Tx) (text string, err error) {
	defer fault.Wrap(&err, "checkpoint")
	h, err := readHead(tx)
	if err == nil && !h.signed {
		err = fault.NotFound
	}
	return h.checkpoint, err
}

// Prepare makes the server's key at its first start, signs the empty log with it, and
// returns the public key. Later calls only read.
func Prepare(ctx context.Context, d *db.DB) (verifier string, err error) {
	defer fault.Wrap(&err, "prepare log")
	err = d.View(ctx, func(tx *db.Tx) error {
		verifier, err = Verifier(tx)
		return err
	})
	if !errors.Is(err, fault.NotFound) {
		return verifier, err
	}
	err = d.Update(ctx, func(tx *db.Tx) error {
		h, err := holdHead(tx)
		if err != nil {
			return err
		}
		key, err := signer(tx)
		if err != nil {
			return err
		}
		if !h.signed {
			if err := h.sign(tx, key); err != nil {
				return err
			}
		}
		verifier, err = Verifier(tx)
		return err
	})
	return verifier, err
}
