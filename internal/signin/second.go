package signin

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"database/sql"
	"encoding/base32"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
	"rsc.io/qr"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
)

// The second factor is a code of six digits for every thirty seconds (RFC 6238), the
// form that every authenticator app takes without asking. A clock may be one step off.
const (
	totpPeriod = 30
	totpSkew   = 1
)

// totpOf names the use for which an officer's secret is sealed: a row copied to another
// officer opens nothing.
func totpOf(officer org.OfficerID) string { return "totp:" + string(officer) }

// Six digits of SHA-1 every thirty seconds: the only form all the apps of phones understand.
func totpCode(secret string, step int64) (string, error) {
	return totp.GenerateCodeCustom(secret, time.Unix(step*totpPeriod, 0),
		totp.ValidateOpts{Period: totpPeriod, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
}

// fits returns the step for which code is right, later than last; 0 when none is.
func fits(secret string, code string, now time.Time, last int64) (int64, error) {
	at := now.Unix() / totpPeriod
	for step := at - totpSkew; step <= at+totpSkew; step++ {
		want, err := totpCode(secret, step)
		if err != nil {
			return 0, err
		}
		if step > last && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			return step, nil
		}
	}
	return 0, nil
}

// digits takes spaces out: people type "123 456".
func digits(code Secret) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' {
			return -1
		}
		return r
	}, strings.ToUpper(code.Reveal()))
}

// Second checks the code of a half-open session, from the app or one of the recovery
// codes, and opens a new session of the stage that follows. A wrong code is counted and
// commits, so it is returned as refused beside a nil error of the transaction.
func (k *Keeper) Second(tx *db.Tx, s Session, code Secret) (e Entry, refused, err error) {
	subject := "c:" + string(s.Officer)
	wait, err := k.count(tx, subject, k.Rules().AccountFree)
	if err != nil {
		return e, nil, err
	}
	a, err := AccountOf(tx, s.Officer)
	if err != nil {
		return e, nil, err
	}
	ok, err := k.right(tx, s, a, digits(code))
	if err != nil {
		return e, nil, err
	}
	if !ok {
		if err := fail(tx, s.line(CodeRefused), wait); err != nil {
			return e, nil, err
		}
		return e, fault.Field("code", "Mã xác thực không đúng hoặc đã dùng. Anh/chị chờ mã mới trên điện thoại rồi gõ lại."), nil
	}
	if err := k.pardon(tx, subject); err != nil {
		return e, nil, err
	}
	if err := know(tx, s.Officer, s.Device, s.Agent); err != nil {
		return e, nil, err
	}
	e = Entry{Officer: s.Officer, Stage: Full}
	if a.MustChange {
		e.Stage = Password
	}
	if e.Session, err = k.raise(tx, s, e.Stage); err != nil {
		return e, nil, err
	}
	return e, nil, write(tx, s.line(SignedIn))
}

// right takes a code once: the step, or the recovery code, is used up.
func (k *Keeper) right(tx *db.Tx, s Session, a Account, code string) (bool, error) {
	if len(code) == 6 {
		if a.totp == "" {
			return false, nil // taken away meanwhile: the codes of an empty secret are everybody's
		}
		secret, err := tx.Unseal(a.totp, totpOf(a.Officer))
		if errors.Is(err, db.ErrKeyMissing) {
			return false, keyLost(err)
		}
		if err != nil {
			return false, err
		}
		step, err := fits(secret, code, tx.Now, a.step)
		if err != nil || step == 0 {
			return false, err
		}
		n, err := tx.Exec(`UPDATE account SET totp_step = $1 WHERE officer = $2 AND totp_step < $1`, step, string(a.Officer))
		return n == 1, err
	}
	n, err := tx.Exec(`UPDATE recovery SET used_at = $1 WHERE officer = $2 AND hash = $3 AND used_at IS NULL`,
		tx.Now, string(a.Officer), hashed(Secret(code)))
	if err != nil || n != 1 {
		return false, err
	}
	return true, write(tx, s.line(RecoveryUsed))
}

// keyLost refuses a code that nothing here can judge any more: the store came back from a
// backup without its keys. A recovery code still opens, for it is kept as a hash.
func keyLost(err error) error {
	return errors.Join(fault.Refuse(fault.Denied, "Máy chủ không còn khoá để đọc xác thực hai lớp của anh/chị. Dùng một mã dự phòng, hoặc nhờ quản trị bỏ xác thực hai lớp rồi thiết lập lại."), err)
}

// offered opens the secret that waits for Confirm in this session; one that nothing opens
// any more is none, so that another is made.
func offered(tx *db.Tx, a Account, s Session) (string, error) {
	if a.offeredTo == "" || a.offeredTo != s.key {
		return "", nil
	}
	secret, err := tx.Unseal(a.next, totpOf(a.Officer))
	if errors.Is(err, db.ErrKeyMissing) {
		return "", nil
	}
	return secret, err
}

// Offer makes the secret of the first second factor of a session that must have one before
// it is full, not in force until Confirm. A full session proves first who sits there:
// Reoffer. One that waits already is shown again, so that going back a page does not
// void what the app has.
func (k *Keeper) Offer(tx *db.Tx, s Session) (secret Secret, err error) {
	defer fault.Wrap(&err, "offer second factor")
	a, err := AccountOf(tx, s.Officer)
	if err != nil {
		return "", err
	}
	if s.Stage != Enrol || a.Second {
		return "", fault.Refuse(fault.Denied, "Anh/chị gõ mật khẩu hoặc mã đang dùng trước khi đổi xác thực hai lớp.")
	}
	return offer(tx, a, s)
}

// Offers a secret once a session; asked again it is the same, or a page loaded twice would spoil a code
// already scanned.
func offer(tx *db.Tx, a Account, s Session) (secret Secret, err error) {
	if old, err := offered(tx, a, s); err != nil || old != "" {
		return Secret(old), err
	}
	raw := make([]byte, 20)
	if _, err := rand.Read(raw); err != nil {
		return "", err
	}
	next := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw)
	sealed, err := tx.Seal(next, totpOf(a.Officer))
	if err != nil {
		return "", err
	}
	_, err = tx.Exec(`UPDATE account SET totp_new = $1, offered_to = $2 WHERE officer = $3`, sealed, s.key, string(a.Officer))
	return Secret(next), err
}

// Offered returns the secret that waits for Confirm in this session, "" when none does.
func Offered(tx *db.Tx, s Session) (secret Secret, login string, err error) {
	a, err := AccountOf(tx, s.Officer)
	if err != nil {
		return "", "", err
	}
	next, err := offered(tx, a, s)
	return Secret(next), a.Login, err
}

// Picture draws the secret as the QR code that an app reads, as PNG bytes.
func Picture(office, login string, secret Secret) ([]byte, error) {
	v := url.Values{"secret": {secret.Reveal()}, "issuer": {office}}
	u := url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + office + ":" + login, RawQuery: v.Encode()}
	code, err := qr.Encode(u.String(), qr.M)
	if err != nil {
		return nil, fmt.Errorf("qr: %w", err)
	}
	return code.PNG(), nil
}

// recoveryCodes is how many single-use codes an officer gets for a lost phone.
const recoveryCodes = 10

// Confirm puts the offered secret in force when code fits it, and returns the recovery
// codes, which are shown this once, and the session under a new secret.
func (k *Keeper) Confirm(tx *db.Tx, s Session, code Secret) (next Secret, codes []Secret, err error) {
	a, err := AccountOf(tx, s.Officer)
	if err != nil {
		return "", nil, err
	}
	secret, err := offered(tx, a, s)
	if err != nil {
		return "", nil, err
	}
	if secret == "" {
		return "", nil, fault.Refuse(fault.Conflict, "Không có mã thiết lập nào đang chờ. Anh/chị mở lại trang thiết lập.")
	}
	step, err := fits(secret, digits(code), tx.Now, 0)
	if err != nil {
		return "", nil, err
	}
	if step == 0 {
		return "", nil, fault.Field("code", "Mã không khớp. Anh/chị kiểm tra giờ của điện thoại, quét lại mã vuông rồi gõ sáu chữ số đang hiện.")
	}
	if _, err := tx.Exec(`UPDATE account SET totp = totp_new, totp_new = '', offered_to = '', totp_step = $1 WHERE officer = $2`, step, string(s.Officer)); err != nil {
		return "", nil, err
	}
	if codes, err = renewCodes(tx, s.Officer); err != nil {
		return "", nil, err
	}
	if a.Second { // another took its place: whoever came in under the old one is out
		if err := k.EndAll(tx, s.Officer, s); err != nil {
			return "", nil, err
		}
	}
	to := Full
	if a.MustChange {
		to = Password
	}
	if next, err = k.raise(tx, s, to); err != nil {
		return "", nil, err
	}
	return next, codes, write(tx, s.line(SecondSet))
}

// renewCodes replaces the recovery codes: twelve letters each, 60 bits of chance.
func renewCodes(tx *db.Tx, officer org.OfficerID) (codes []Secret, err error) {
	if _, err := tx.Exec(`DELETE FROM recovery WHERE officer = $1`, string(officer)); err != nil {
		return nil, err
	}
	for range recoveryCodes {
		raw := make([]byte, 8)
		if _, err := rand.Read(raw); err != nil {
			return nil, err
		}
		c := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw)[:12]
		if _, err := tx.Exec(`INSERT INTO recovery (officer, hash, used_at) VALUES ($1, $2, NULL)`, string(officer), hashed(Secret(c))); err != nil {
			return nil, err
		}
		codes = append(codes, Secret(c[:4]+"-"+c[4:8]+"-"+c[8:]))
	}
	return codes, nil
}

// DropSecond takes an officer's second factor away, for one who lost phone and codes;
// he sets up a new one at the next sign-in where the rules ask for it. by names who did
// it; nobody does it to himself, for that needs no more than an open session.
func (k *Keeper) DropSecond(tx *db.Tx, by string, officer org.OfficerID) error {
	if err := notOwn(by, officer); err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM recovery WHERE officer = $1`, string(officer)); err != nil {
		return err
	}
	if _, err := tx.Exec(`UPDATE account SET totp = '', totp_new = '', offered_to = '', totp_step = 0 WHERE officer = $1`, string(officer)); err != nil {
		return err
	}
	if err := write(tx, Line{Officer: officer, What: SecondDropped, By: by}); err != nil {
		return err
	}
	return k.EndAll(tx, officer, Session{})
}

// CodesLeft returns how many recovery codes are still unused.
func CodesLeft(tx *db.Tx, officer org.OfficerID) (n int64, err error) {
	err = tx.One(`SELECT count(*) FROM recovery WHERE officer = $1 AND used_at IS NULL`, []any{string(officer)}, &n)
	return n, err
}

// Reseal brings the secrets of second factors under the key that seals now: those that
// an older release kept open, and those under a key that was rotated away. It returns how many
// it moved. A secret that does not open stays as it is and is an error: its owner
// gets in with a recovery code, or an administrator drops the second factor.
func (k *Keeper) Reseal(ctx context.Context) (moved int, err error) {
	defer fault.Wrap(&err, "seal second factors anew")
	after := ""
	var lost error
	for {
		n, next := 0, ""
		err := k.DB.Update(ctx, func(tx *db.Tx) error {
			n, next, lost = 0, "", nil
			all, err := secondFactors(tx, after)
			for _, a := range all {
				next = string(a.Officer)
				did, err := resealOne(tx, a)
				if err != nil {
					lost = fmt.Errorf("officer %s: %w", a.Officer, err)
				}
				if did {
					n++
				}
			}
			return err
		})
		if moved += n; err != nil || next == "" || lost != nil {
			return moved, errors.Join(err, lost)
		}
		after = next
	}
}

// Accounts with something sealed, by page.
func secondFactors(tx *db.Tx, after string) (all []Account, err error) {
	err = tx.All(`SELECT officer, totp, totp_new FROM account WHERE officer > $1 AND (totp <> '' OR totp_new <> '') ORDER BY officer LIMIT 200`,
		[]any{after}, func(r *sql.Rows) error {
			var a Account
			err := r.Scan(&a.Officer, &a.totp, &a.next)
			all = append(all, a)
			return err
		})
	return all, err
}

// Seals both secrets of an account under the first key; says whether anything changed, so that a second
// run writes nothing.
func resealOne(tx *db.Tx, a Account) (did bool, err error) {
	totp, one, err := tx.Reseal(a.totp, totpOf(a.Officer))
	if err != nil {
		return false, err
	}
	next, two, err := tx.Reseal(a.next, totpOf(a.Officer))
	if err != nil || !one && !two {
		return false, err
	}
	// only what was read: a factor set up in the meantime is sealed already
	_, err = tx.Exec(`UPDATE account SET totp = $1, totp_new = $2 WHERE officer = $3 AND totp = $4 AND totp_new = $5`,
		totp, next, string(a.Officer), a.totp, a.next)
	return true, err
}
