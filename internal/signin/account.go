package signin

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/vntext"
)

// An Account is what the door knows of an officer, without any secret of his.
type Account struct {
	Officer    org.OfficerID
	Login      string
	MustChange bool // the password was chosen by somebody else
	SetAt      time.Time
	Second     bool // a second factor is set up
	hash       string
	totp, next string
	offeredTo  string // the session that next is shown to
	step       int64
}

// Closed says that no password opens the account, until one is set again.
func (a Account) Closed() bool { return a.hash == "" }

// LoginName gives the form in which a name of sign-in is kept and compared: lower case,
// without marks, only letters, digits and . - _.
func LoginName(s string) string {
	s = strings.ToLower(vntext.NFC(strings.TrimSpace(s)))
	var b strings.Builder
	for _, r := range s {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '.', r == '-', r == '_', r == '@':
			b.WriteRune(r)
		case r > 127:
			b.WriteString(vntext.Fold(string(r)))
		}
	}
	return b.String()
}

// Open gives an officer an account under login with a password's PHC form (Hasher.Hash);
// an empty form is an account nobody can open yet. A login that another officer has is
// refused at the field "login". Opening again replaces login and password.
//
// It ends nothing that is open; for an account in use see Keeper.SetPassword.
func Open(tx *db.Tx, officer org.OfficerID, login, phc string, mustChange bool) error {
	return open(tx, "", officer, login, phc, mustChange)
}

// open is Open with a name, for the book, of who does it.
func open(tx *db.Tx, by string, officer org.OfficerID, login, phc string, mustChange bool) (err error) {
	login = LoginName(login)
	if len(login) < 3 || len(login) > 64 {
		return fault.Field("login", "Tên đăng nhập phải có từ 3 đến 64 ký tự: chữ không dấu, chữ số, dấu chấm, gạch nối.")
	}
	defer fault.Wrap(&err, "open account of %s", officer)
	var other string
	err = tx.One(`SELECT officer FROM account WHERE login = $1`, []any{login}, &other)
	switch {
	case err == nil && other != string(officer):
		return fault.Field("login", "Tên đăng nhập %q đã có người dùng.", login)
	case err != nil && !errors.Is(err, fault.NotFound):
		return err
	}
	_, err = tx.Exec(`INSERT INTO account (officer, login, hash, must_change, set_at, totp, totp_new, totp_step)
		VALUES ($1, $2, $3, $4, $5, '', '', 0)
		ON CONFLICT (officer) DO UPDATE SET login = excluded.login, hash = excluded.hash, must_change = excluded.must_change, set_at = excluded.set_at`,
		string(officer), login, phc, mustChange, tx.Now)
	if err != nil {
		return err
	}
	what := PasswordSet
	if phc == "" {
		what = AccountClosed
	}
	return write(tx, Line{Officer: officer, What: what, By: by})
}

const accountColumns = `officer, login, hash, must_change, set_at, totp, totp_new, totp_step, offered_to`

// An account by officer or login, with its sealed second factor.
func readAccount(tx *db.Tx, where string, key string) (a Account, err error) {
	err = tx.One(`SELECT `+accountColumns+` FROM account WHERE `+where+` = $1`, []any{key},
		&a.Officer, &a.Login, &a.hash, &a.MustChange, db.Instant(&a.SetAt), &a.totp, &a.next, &a.step, &a.offeredTo)
	a.Second = a.totp != ""
	return a, err
}

// AccountOf returns an officer's account; an officer without one is fault.NotFound.
func AccountOf(tx *db.Tx, officer org.OfficerID) (Account, error) {
	return readAccount(tx, "officer", string(officer))
}

// HashOf returns the PHC form under a name of sign-in, "" for a name that nobody has or
// that nobody can open: for a check of what is known to be a weak password.
func HashOf(tx *db.Tx, login string) (phc string, err error) {
	a, err := readAccount(tx, "login", LoginName(login))
	if errors.Is(err, fault.NotFound) {
		return "", nil
	}
	return a.hash, err
}

// Logins returns the names of sign-in of these officers, by officer.
func Logins(tx *db.Tx) (all map[org.OfficerID]string, err error) {
	all = map[org.OfficerID]string{}
	err = tx.All(`SELECT officer, login FROM account ORDER BY officer LIMIT 100000`, nil, func(r *sql.Rows) error {
		var o, login string
		err := r.Scan(&o, &login)
		all[org.OfficerID(o)] = login
		return err
	})
	return all, err
}

// ChangePassword replaces the officer's password after the old one, ends his other
// sessions, revokes the tokens of programs that act as him and gives this session a new secret. Wrong tries count like those at the door.
func (k *Keeper) ChangePassword(ctx context.Context, s Session, old, new Secret) (next Secret, err error) {
	var a Account
	var name string
	var wait time.Duration
	if err = k.DB.Update(ctx, func(tx *db.Tx) error {
		o, err := org.OfficerOf(tx, s.Officer)
		if err != nil {
			return err
		}
		name = o.Name
		if a, err = AccountOf(tx, s.Officer); err != nil {
			return err
		}
		wait, err = k.count(tx, "d:"+s.Device, k.Rules().AccountFree)
		return err
	}); err != nil {
		return "", err
	}
	ok, err := k.Hasher.Matches(ctx, a.hash, old)
	switch {
	case err != nil:
		return "", err
	case !ok:
		if err := k.refused(ctx, s.Officer, s.try(), wait); err != nil {
			return "", err
		}
		return "", fault.Field("old", "Mật khẩu hiện tại không đúng.")
	case old == new:
		return "", fault.Field("new", "Mật khẩu mới phải khác mật khẩu hiện tại.")
	}
	if err := k.Rules().CheckPassword(a.Login, name, new); err != nil {
		return "", err
	}
	phc, err := k.Hasher.Hash(ctx, new)
	if err != nil {
		return "", err
	}
	err = k.DB.Update(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(`UPDATE account SET hash = $1, must_change = FALSE, set_at = $2 WHERE officer = $3 AND hash = $4`,
			phc, tx.Now, string(s.Officer), a.hash)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Refuse(fault.Conflict, "Mật khẩu vừa được đổi ở nơi khác. Anh/chị đăng nhập lại.")
		}
		if err := k.pardon(tx, "d:"+s.Device); err != nil {
			return err
		}
		if err := k.EndAll(tx, s.Officer, s); err != nil {
			return err
		}
		if _, err := k.RevokeAll(tx, "", s.Officer); err != nil {
			return err
		}
		if next, err = k.raise(tx, s, Full); err != nil {
			return err
		}
		return write(tx, s.line(PasswordChanged))
	})
	return next, err
}

// Tried returns how many failures in a row stand against a name of sign-in, for the
// administrator who is called.
func Tried(tx *db.Tx, login string) (n int64, err error) {
	err = tx.All(`SELECT n FROM failure WHERE subject = $1`, []any{"a:" + LoginName(login)}, func(r *sql.Rows) error { return r.Scan(&n) })
	return n, err
}
