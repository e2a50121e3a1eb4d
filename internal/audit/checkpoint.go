package audit

import (
	"context"
	"crypto/rand"
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
	size       int64
	root       tlog.Hash
	signed     bool // a checkpoint stands under it
	checkpoint string
}

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
	At   time.Time
	root tlog.Hash
}

// openCheckpoint checks the signature under a checkpoint and reads what it says.
// Its text is the origin, the size, the root, and the instant: the form of
// C2SP tlog-checkpoint with one line of its own.
func openCheckpoint(text, verifier string) (m Mark, err error) {
	defer fault.Wrap(&err, "checkpoint")
	v, err := note.NewVerifier(verifier)
	if err != nil {
		return m, fmt.Errorf("key: %w: %w", err, fault.Invalid)
	}
	n, err := note.Open([]byte(text), note.VerifierList(v))
	if err != nil {
		return m, fmt.Errorf("%w: %w", err, fault.Invalid)
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) < 4 || lines[0] != v.Name() {
		return m, fmt.Errorf("not a checkpoint of %s: %w", v.Name(), fault.Invalid)
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

// Verifier returns the public key of this server's checkpoints as one printable line,
// a fault.NotFound before the first start made it.
func Verifier(tx *db.Tx) (line string, err error) {
	defer fault.Wrap(&err, "key of the log")
	err = tx.One(`SELECT verifier FROM log_key WHERE id = 1`, nil, &line)
	return line, err
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

// signer returns the server's key, made now when there is none. The caller holds the
// head, so that two nodes cannot make two.
func signer(tx *db.Tx) (note.Signer, error) {
	var secret string
	err := tx.One(`SELECT secret FROM log_key WHERE id = 1`, nil, &secret)
	if errors.Is(err, fault.NotFound) {
		var verifier string
		if secret, verifier, err = note.GenerateKey(rand.Reader, "lienthong/"+db.NewSecret()[:10]); err != nil {
			return nil, err
		}
		_, err = tx.Exec(`INSERT INTO log_key (id, secret, verifier, made_at) VALUES (1, $1, $2, $3)`, secret, verifier, tx.Now)
	}
	if err != nil {
		return nil, err
	}
	return note.NewSigner(secret)
}
