package audit

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"lienthong/internal/db"
	"lienthong/internal/fault"
)

// sealedFor names the use for which the signing key is sealed; see db.Box.
const sealedFor = "log_key"

// Verifier returns the public key of this server's checkpoints as one printable line,
// a fault.NotFound before the first start made it.
func Verifier(tx *db.Tx) (line string, err error) {
	defer fault.Wrap(&err, "key of the log")
	err = tx.One(`SELECT verifier FROM log_key WHERE id = 1`, nil, &line)
	return line, err
}

// signer returns the server's key, made now when there is none. The caller holds the
// head, so that two nodes cannot make two.
func signer(tx *db.Tx) (note.Signer, error) {
	var kept string
	err := tx.One(`SELECT secret FROM log_key WHERE id = 1`, nil, &kept)
	if errors.Is(err, fault.NotFound) {
		return newKey(tx, "lienthong/"+db.NewSecret()[:10])
	}
	if err != nil {
		return nil, err
	}
	secret, err := tx.Unseal(kept, sealedFor)
	if errors.Is(err, db.ErrKeyMissing) {
		return nil, errors.Join(errKeySealed, err)
	}
	if err != nil {
		return nil, err
	}
	return note.NewSigner(secret)
}

// errKeySealed is what signing says after the store was restored without its keys.
var errKeySealed = fault.Refuse(fault.Conflict, "Không mở được khoá ký sổ kiểm chứng: thiếu khoá niêm bí mật. Chép lại secret.key (hoặc LIENTHONG_KEYS) đã cất; nếu đã mất hẳn, chạy 'lienthong audit rotate-key --lost'.")

// newKey makes a key under the name of the log and puts it, sealed, in the place of the
// one that is there.
func newKey(tx *db.Tx, origin string) (note.Signer, error) {
	secret, verifier, err := note.GenerateKey(rand.Reader, origin)
	if err != nil {
		return nil, err
	}
	sealed, err := tx.Seal(secret, sealedFor)
	if err != nil {
		return nil, err
	}
	if _, err = tx.Exec(`INSERT INTO log_key (id, secret, verifier, made_at) VALUES (1, $1, $2, $3)
		ON CONFLICT (id) DO UPDATE SET secret = excluded.secret, verifier = excluded.verifier, made_at = excluded.made_at`,
		sealed, verifier, tx.Now); err != nil {
		return nil, err
	}
	return note.NewSigner(secret)
}

// Reseal brings the signing key under the key that seals now: one that an older release
// kept open, or one under a key that was rotated away. It says whether it was moved.
func Reseal(ctx context.Context, d *db.DB) (moved bool, err error) {
	defer fault.Wrap(&err, "seal the key of the log")
	err = d.Update(ctx, func(tx *db.Tx) error {
		moved = false
		var kept string
		err := tx.One(`SELECT secret FROM log_key WHERE id = 1`, nil, &kept)
		if errors.Is(err, fault.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		anew, changed, err := tx.Reseal(kept, sealedFor)
		if err != nil || !changed {
			return err
		}
		n, err := tx.Exec(`UPDATE log_key SET secret = $1 WHERE id = 1 AND secret = $2`, anew, kept)
		moved = n == 1
		return err
	})
	return moved, err
}

// Rotate makes a new signing key; the old one signs the handover (Change) and is gone. by
// names who asked for it. With lost the old key, which nothing opens any more, signs
// nothing: outsiders must be given the new one, and Verify under the old one fails. A
// log whose head is not what the old key signed is refused: the new signature would
// cover the damage.
func Rotate(ctx context.Context, d *db.DB, by string, lost bool) (c Change, err error) {
	defer fault.Wrap(&err, "rotate key of the log")
	err = d.Update(ctx, func(tx *db.Tx) error {
		h, err := holdHead(tx)
		if err != nil {
			return err
		}
		old, err := signer(tx)
		switch {
		case lost && err == nil:
			return fault.Refuse(fault.Conflict, "Khoá ký cũ vẫn mở được; đổi khoá không cần --lost.")
		case lost && errors.Is(err, errKeySealed):
			old = nil
		case err != nil:
			return err
		}
		if c.Old, err = Verifier(tx); err != nil {
			return err
		}
		if err := sound(tx, h, c.Old); err != nil {
			return err
		}
		origin, _, _ := strings.Cut(c.Old, "+")
		fresh, err := newKey(tx, origin)
		if err != nil {
			return err
		}
		if c.New, err = Verifier(tx); err != nil {
			return err
		}
		c.Size, c.At, c.root = h.size, tx.Now, h.root
		if old != nil {
			if err := c.store(tx, by, old, fresh); err != nil {
				return err
			}
		}
		return h.sign(tx, fresh)
	})
	return c, err
}

// sound refuses a head that is not what its checkpoint says, or that the tiles do not give.
func sound(tx *db.Tx, h head, verifier string) error {
	damaged := fault.Refuse(fault.Conflict, "Sổ kiểm chứng không khớp với điểm chốt đã ký; chạy 'lienthong audit verify' trước khi đổi khoá.")
	if !h.signed {
		return damaged
	}
	notes, err := changeNotes(tx)
	if err != nil {
		return err
	}
	keys, err := newRing(verifier, notes)
	if err != nil {
		return err
	}
	m, err := keys.open(h.checkpoint)
	if err != nil {
		return errors.Join(damaged, err)
	}
	e, err := loadEdge(tx, h.size)
	if err != nil {
		return err
	}
	root, err := e.root()
	if err == nil && (m.Size != h.size || m.root != h.root || root != h.root) {
		return damaged
	}
	return err
}

// store signs the change with both keys and keeps it behind those before it.
func (c Change) store(tx *db.Tx, by string, old, fresh note.Signer) error {
	signed, err := note.Sign(&note.Note{Text: c.text(fresh.Name())}, old, fresh)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO log_key_change (n, note, by_whom, changed_at) SELECT coalesce(max(n), 0) + 1, $1, $2, $3 FROM log_key_change`,
		string(signed), by, tx.Now)
	return err
}

// changeNotes returns the signed changes of the key, the oldest first.
func changeNotes(tx *db.Tx) (notes []string, err error) {
	err = tx.All(`SELECT note FROM log_key_change ORDER BY n`, nil, func(r *sql.Rows) error {
		var text string
		err := r.Scan(&text)
		notes = append(notes, text)
		return err
	})
	return notes, err
}

// text is what both keys sign. Its second line makes sure that no reader of checkpoints
// takes it for one.
func (c Change) text(origin string) string {
	return fmt.Sprintf("%s\n%s\n%d\n%s\nat %s\nold %s\nnew %s\n", origin, changeMark, c.Size, c.root, db.FormatInstant(c.At), c.Old, c.New)
}
