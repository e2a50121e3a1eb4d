package channel

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
)

// The names of the office's own secrets: the password at the mail server, the key of the
// second reader of directives.
const (
	mailSecret   = "mail"
	readerSecret = "reader"
)

// sealedFor names the use of an office's own secret; see db.Box.
func sealedFor(name string) string { return "channel_secret:" + name }

// hookSeal names the use of a hook's secret.
func hookSeal(id string) string { return "channel_hook:" + id }

// SetMailPassword keeps the password at the mail server, sealed; "" takes it away. Only
// the province's administrators do.
func SetMailPassword(tx *db.Tx, who org.Actor, password string) (err error) {
	defer fault.Wrap(&err, "set the password of mail")
	return setSecret(tx, who, mailSecret, password)
}

// SetReaderKey keeps the key of the second reader in the same way.
func SetReaderKey(tx *db.Tx, who org.Actor, key string) (err error) {
	defer fault.Wrap(&err, "set the key of the second reader")
	return setSecret(tx, who, readerSecret, key)
}

// ReaderKey opens the key of the second reader; "" where none is kept.
func ReaderKey(tx *db.Tx) (string, error) { return secretOf(tx, readerSecret) }

// HasReaderKey says whether one is kept; it is never shown.
func HasReaderKey(tx *db.Tx) (bool, error) { return hasSecret(tx, readerSecret) }

// setSecret seals a secret of the whole office; "" takes it away.
func setSecret(tx *db.Tx, who org.Actor, name, secret string) error {
	if err := root(who); err != nil {
		return err
	}
	if secret == "" {
		_, err := tx.Exec(`DELETE FROM channel_secret WHERE name = $1`, name)
		return err
	}
	if !tx.HasBox() {
		return noBox()
	}
	sealed, err := tx.Seal(secret, sealedFor(name))
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO channel_secret (name, sealed, by, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed, by = excluded.by, at = excluded.at`, name, sealed, string(who.Officer), tx.Now)
	return err
}

// What is for the whole office belongs to the administrator of the province.
func root(who org.Actor) error {
	if who.Root {
		return nil
	}
	return fault.Refuse(fault.Denied, "Kênh gửi của cả hệ thống do quản trị của tỉnh đặt.")
}

// Without keys a secret would stand in the clear in every backup: it is refused instead.
func noBox() error {
	return fault.Refuse(fault.Conflict, "Máy chủ chưa được cấp khoá để niêm bí mật (LIENTHONG_KEYS) nên chưa lưu được.")
}

// mailPassword opens the password; "" where none is kept.
func mailPassword(tx *db.Tx) (string, error) { return secretOf(tx, mailSecret) }

func secretOf(tx *db.Tx, name string) (string, error) {
	var sealed string
	err := tx.One(`SELECT sealed FROM channel_secret WHERE name = $1`, []any{name}, &sealed)
	if errors.Is(err, fault.NotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return tx.Unseal(sealed, sealedFor(name))
}

// HasMailPassword says whether one is kept; it is never shown.
func HasMailPassword(tx *db.Tx) (has bool, err error) { return hasSecret(tx, mailSecret) }

func hasSecret(tx *db.Tx, name string) (has bool, err error) {
	err = tx.One(`SELECT count(*) > 0 FROM channel_secret WHERE name = $1`, []any{name}, &has)
	return has, err
}

// Reseal brings every secret of the channels under the key that seals now and returns how
// many it moved. One that does not open stays as it is and is an error.
func Reseal(ctx context.Context, d *db.DB) (moved int, err error) {
	defer fault.Wrap(&err, "seal the secrets of channels anew")
	err = d.Update(ctx, func(tx *db.Tx) error {
		moved = 0
		type row struct{ id, now, old string }
		var hooks, own []row
		if err := tx.All(`SELECT id, secret, secret_old FROM channel_hook WHERE ended_at IS NULL ORDER BY id`, nil, func(r *sql.Rows) error {
			var x row
			err := r.Scan(&x.id, &x.now, &x.old)
			hooks = append(hooks, x)
			return err
		}); err != nil {
			return err
		}
		if err := tx.All(`SELECT name, sealed FROM channel_secret ORDER BY name`, nil, func(r *sql.Rows) error {
			var x row
			err := r.Scan(&x.id, &x.now)
			own = append(own, x)
			return err
		}); err != nil {
			return err
		}
		for _, x := range hooks {
			now, one, err := tx.Reseal(x.now, hookSeal(x.id))
			old, two, err2 := tx.Reseal(x.old, hookSeal(x.id))
			if err = errors.Join(err, err2); err != nil {
				return fmt.Errorf("hook %s: %w", x.id, err)
			}
			if one || two {
				moved++
				if _, err := tx.Exec(`UPDATE channel_hook SET secret = $1, secret_old = $2 WHERE id = $3`, now, old, x.id); err != nil {
					return err
				}
			}
		}
		for _, x := range own {
			now, changed, err := tx.Reseal(x.now, sealedFor(x.id))
			if err != nil {
				return fmt.Errorf("%s: %w", x.id, err)
			}
			if changed {
				moved++
				if _, err := tx.Exec(`UPDATE channel_secret SET sealed = $1 WHERE name = $2`, now, x.id); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return moved, err
}
