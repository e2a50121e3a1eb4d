package signin

import (
	"errors"
	"slices"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
)

// An Act is what an administrator does to another's account.
type Act string

// The acts. A password that an administrator sets is good for one sign-in.
const (
	OpenAccount Act = "open"
	ResetIt     Act = "reset"       // a new password; every session and token ends
	CloseIt     Act = "close"       // no way in until a password is set again
	Unlock      Act = "unlock"      // failures in a row are forgotten, so that the next try need not wait
	DropIt      Act = "drop-second" // the second factor, of who lost telephone and codes
)

// An Order is one act on one officer's account, asked for by an administrator of unit.
type Order struct {
	Act     Act
	Unit    org.Unit
	Officer org.OfficerID
	Login   string // with OpenAccount
	Hash    string // of the new password, with OpenAccount and ResetIt
}

// Administered returns an officer over whom the administrators of unit alone may decide:
// one who holds a post there and none in a unit that somebody else administers. Another is
// fault.NotFound, one with a post elsewhere fault.Denied.
func Administered(tx *db.Tx, who org.Actor, unit org.UnitID, id org.OfficerID) (o org.Officer, err error) {
	if o, err = org.OfficerOf(tx, id); err != nil {
		return o, err
	}
	a, err := org.ActorOf(tx, id)
	if err != nil {
		return o, err
	}
	if !slices.ContainsFunc(a.Posts, func(p org.Post) bool { return p.Unit == unit }) {
		return o, fault.NotFound
	}
	for _, p := range a.Posts {
		u, err := org.UnitOf(tx, p.Unit)
		if err != nil {
			return o, err
		}
		if !org.MayAdminister(who, u) {
			return o, fault.Refuse(fault.Denied, "%s còn giữ chức danh tại %s; việc này do quản trị của tỉnh làm.", o.Name, u.Short)
		}
	}
	return o, nil
}

// Administer does the order and leaves a line in the book of the door and in the unit's
// log. It returns whom it was about and how many tokens of programs ended with it.
func (k *Keeper) Administer(tx *db.Tx, who org.Actor, in Order) (o org.Officer, revoked int, err error) {
	defer fault.Wrap(&err, "%s account of %s", in.Act, in.Officer)
	if !org.MayAdminister(who, in.Unit) {
		return o, 0, fault.Refuse(fault.Denied, "Anh/chị không quản trị đơn vị này. Người giữ vị trí quản trị của đơn vị hoặc của tỉnh làm được việc này.")
	}
	if o, err = Administered(tx, who, in.Unit.ID, in.Officer); err != nil {
		return o, 0, err
	}
	by := string(who.Officer)
	switch in.Act {
	case OpenAccount:
		if _, err = AccountOf(tx, o.ID); err == nil {
			return o, 0, fault.Refuse(fault.Conflict, "%s đã có tài khoản.", o.Name)
		} else if errors.Is(err, fault.NotFound) {
			err = open(tx, by, o.ID, in.Login, in.Hash, true)
		}
	case ResetIt:
		revoked, err = k.SetPassword(tx, by, o.ID, "", in.Hash)
	case CloseIt:
		revoked, err = k.CloseAccount(tx, by, o.ID)
	case Unlock:
		err = k.unlock(tx, by, o.ID)
	case DropIt:
		err = k.DropSecond(tx, by, o.ID)
	default:
		err = fault.NotFound
	}
	if err != nil {
		return o, 0, err
	}
	return o, revoked, org.Note(tx, who, "Account."+string(in.Act), in.Unit.ID, string(o.ID))
}

// unlock forgets the failures that stand against an account's name. One's own is refused:
// whoever sits at an open session is not thereby let in elsewhere.
func (k *Keeper) unlock(tx *db.Tx, by string, officer org.OfficerID) error {
	if err := notOwn(by, officer); err != nil {
		return err
	}
	a, err := AccountOf(tx, officer)
	if err != nil {
		return err
	}
	n, err := Tried(tx, a.Login)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Refuse(fault.Conflict, "Tài khoản này không có lần gõ sai nào đang bị tính.")
	}
	if err := k.pardon(tx, "a:"+a.Login); err != nil {
		return err
	}
	return write(tx, Line{Officer: officer, What: Unlocked, By: by})
}
