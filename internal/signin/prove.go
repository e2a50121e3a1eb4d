package signin

import (
	"context"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
)

// Lengths of the codes that stand for a person: of the app, and of a recovery code
// without its strokes. No password is as short as the first.
const (
	appCode      = 6
	recoveryCode = 12
)

// Reoffer makes the secret of a second factor for a session that is full already, after
// Prove. Whoever has the session alone - a cookie, a screen left open - changes nothing.
func (k *Keeper) Reoffer(ctx context.Context, s Session, proof Secret) error {
	return k.prove(ctx, s, proof, func(tx *db.Tx, a Account) error {
		_, err := offer(tx, a, s)
		return err
	})
}

// Prove asks once more who sits at a full session, before an act that an open screen must
// not be enough for: the password or, where a second factor is in force, its code or a
// recovery code. Wrong tries count like those at the door and are refused at the field
// "proof".
func (k *Keeper) Prove(ctx context.Context, s Session, proof Secret) error {
	return k.prove(ctx, s, proof, func(*db.Tx, Account) error { return nil })
}

// A password or code is asked again before what must not happen at an open screen. Failures count against
// the device, as at the door.
func (k *Keeper) prove(ctx context.Context, s Session, proof Secret, then func(tx *db.Tx, a Account) error) (err error) {
	var a Account
	var wait time.Duration
	done := false
	proved := func(tx *db.Tx, a Account) error {
		if err := k.pardon(tx, "d:"+s.Device); err != nil {
			return err
		}
		return then(tx, a)
	}
	err = k.DB.Update(ctx, func(tx *db.Tx) (err error) {
		if wait, err = k.count(tx, "d:"+s.Device, k.Rules().AccountFree); err != nil {
			return err
		}
		if a, err = AccountOf(tx, s.Officer); err != nil {
			return err
		}
		code := digits(proof)
		if done = false; !a.Second || len(code) != appCode && len(code) != recoveryCode {
			return nil
		}
		if done, err = k.right(tx, s, a, code); err == nil && done {
			err = proved(tx, a)
		}
		return err
	})
	if err != nil || done {
		return err
	}
	ok, err := k.Hasher.Matches(ctx, a.hash, proof)
	if err != nil {
		return err
	}
	if !ok {
		if err := k.refused(ctx, s.Officer, s.try(), wait); err != nil {
			return err
		}
		return fault.Field("proof", "Mật khẩu hoặc mã không đúng. Anh/chị gõ mật khẩu đang dùng, hoặc mã sáu số đang hiện trên điện thoại.")
	}
	return k.DB.Update(ctx, func(tx *db.Tx) error {
		now, err := AccountOf(tx, s.Officer)
		if err != nil {
			return err
		}
		if now.hash != a.hash {
			return fault.Refuse(fault.Conflict, "Mật khẩu vừa được đổi ở nơi khác. Anh/chị đăng nhập lại.")
		}
		return proved(tx, now)
	})
}

// notOwn refuses what an administrator does to others when he does it to himself: his
// own password and second factor are changed after proof, never from an open session.
func notOwn(by string, officer org.OfficerID) error {
	if by == string(officer) {
		return fault.Refuse(fault.Denied, "Đây là tài khoản của chính anh/chị: đổi mật khẩu và xác thực hai lớp ở trang Tài khoản của tôi. Mất điện thoại và mã dự phòng thì nhờ quản trị khác, hoặc người giữ máy chủ.")
	}
	return nil
}

// SetPassword replaces an officer's password by one that somebody else chose, and closes
// every way in under the old one: sessions, devices, and the tokens of programs, whose
// number it returns. login "" keeps the name of sign-in; an officer without an account
// gets one. by names who did it; his own is fault.Denied.
func (k *Keeper) SetPassword(tx *db.Tx, by string, officer org.OfficerID, login, phc string) (revoked int, err error) {
	defer fault.Wrap(&err, "set password of %s", officer)
	if err := notOwn(by, officer); err != nil {
		return 0, err
	}
	if login == "" {
		a, err := AccountOf(tx, officer)
		if err != nil {
			return 0, err
		}
		login = a.Login
	}
	if err := open(tx, by, officer, login, phc, true); err != nil {
		return 0, err
	}
	return k.closeDoors(tx, by, officer)
}

// CloseAccount leaves an officer no way in until a password is set again.
func (k *Keeper) CloseAccount(tx *db.Tx, by string, officer org.OfficerID) (revoked int, err error) {
	defer fault.Wrap(&err, "close account of %s", officer)
	if err := notOwn(by, officer); err != nil {
		return 0, err
	}
	a, err := AccountOf(tx, officer)
	if err != nil {
		return 0, err
	}
	if err := open(tx, by, officer, a.Login, "", false); err != nil {
		return 0, err
	}
	return k.closeDoors(tx, by, officer)
}

// Sessions and tokens together: closing one door leaves no other.
func (k *Keeper) closeDoors(tx *db.Tx, by string, officer org.OfficerID) (revoked int, err error) {
	if err := k.EndAll(tx, officer, Session{}); err != nil {
		return 0, err
	}
	return k.RevokeAll(tx, by, officer)
}
