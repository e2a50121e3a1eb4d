package signin

import (
	"context"
	"database/sql"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// A What is a kind of thing that happens at the door.
type What string

// What the book of the door tells.
const (
	SignedIn        What = "signed_in"
	Refused         What = "refused"          // a password that does not fit
	Delayed         What = "delayed"          // failures in a row made the next try wait
	CodeRefused     What = "code_refused"     // a code of the second factor that does not fit
	RecoveryUsed    What = "recovery_used"    // a recovery code took the place of a code
	SecondSet       What = "second_set"       // a second factor was set up
	SecondDropped   What = "second_dropped"   // by an administrator
	PasswordChanged What = "password_changed" // by the person
	PasswordSet     What = "password_set"     // by somebody else, or the account was opened
	AccountClosed   What = "account_closed"
	EndedAll        What = "ended_all" // signed out everywhere
	Unlocked        What = "unlocked"  // failures in a row were forgotten by an administrator
	TokenMade       What = "token_made"
	TokenUsed       What = "token_used" // for the first time
	TokenRevoked    What = "token_revoked"
)

// Says are the kinds in Vietnamese.
var Says = map[What]string{
	SignedIn: "Đăng nhập", Refused: "Sai mật khẩu", Delayed: "Thử sai nhiều lần, phải chờ", CodeRefused: "Sai mã xác thực hai lớp",
	RecoveryUsed: "Dùng mã dự phòng", SecondSet: "Thiết lập xác thực hai lớp", SecondDropped: "Bỏ xác thực hai lớp",
	PasswordChanged: "Đổi mật khẩu", PasswordSet: "Người khác đặt mật khẩu", AccountClosed: "Đóng tài khoản", EndedAll: "Đăng xuất mọi nơi", Unlocked: "Cho thử lại ngay",
	TokenMade: "Cấp mã truy cập", TokenUsed: "Mã truy cập được dùng lần đầu", TokenRevoked: "Thu hồi mã truy cập",
}

// A Line is one thing that happened at the door. It holds no secret.
type Line struct {
	ID      string
	Officer org.OfficerID // "" when a name was tried that nobody has
	What    What
	By      string // who did it when it was somebody else
	Address string // "" when it did not come over the network
	Agent   string
	Detail  string
	At      time.Time
}

// Say names what happened, in Vietnamese.
func (l Line) Say() string { return Says[l.What] }

// write puts a line into the book, in the transaction of what it tells.
func write(tx *db.Tx, l Line) error {
	if l.By == string(l.Officer) {
		l.By = ""
	}
	_, err := tx.Exec(`INSERT INTO door_log (id, officer, what, by_whom, address, agent, detail, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		tx.NewID(), string(l.Officer), string(l.What), l.By, l.Address, clip(l.Agent, 200), clip(l.Detail, 200), tx.Now)
	return err
}

const lineColumns = `id, officer, what, by_whom, address, agent, detail, at`

// Lines of the book of the door.
func lines(tx *db.Tx, query string, args ...any) (all []Line, err error) {
	err = tx.All(query, args, func(r *sql.Rows) error {
		var l Line
		err := r.Scan(&l.ID, &l.Officer, &l.What, &l.By, &l.Address, &l.Agent, &l.Detail, db.Instant(&l.At))
		all = append(all, l)
		return err
	})
	return all, err
}

// last stands behind every id: a list that begins at the newest.
const last = "~"

// BookOf returns what happened at an officer's door, the newest first, those before the
// line named by before ("" begins at the newest). For the officer, and for who
// administers his unit.
func BookOf(tx *db.Tx, officer org.OfficerID, before string, limit int) ([]Line, error) {
	if before == "" {
		before = last
	}
	return lines(tx, `SELECT `+lineColumns+` FROM door_log WHERE officer = $1 AND id < $2 ORDER BY officer DESC, id DESC LIMIT $3`,
		string(officer), before, limit)
}

// BookOfUnit returns what happened at the doors of those who hold a post in a unit or one of its
// sections today, the newest first. For who administers the unit.
func BookOfUnit(tx *db.Tx, unit org.UnitID, before string, limit int) ([]Line, error) {
	if before == "" {
		before = last
	}
	return lines(tx, `SELECT `+lineColumns+` FROM door_log WHERE id < $1 AND officer IN (
			SELECT p.officer FROM post p WHERE p.unit = $2 AND p.since <= $3 AND (p.until IS NULL OR p.until > $3)) ORDER BY id DESC LIMIT $4`,
		before, string(unit), workday.Of(tx.Now), limit)
}

// Book returns what happened at every door, the newest first, tries under nobody's name
// included. For administrators of the province.
func Book(tx *db.Tx, before string, limit int) ([]Line, error) {
	if before == "" {
		before = last
	}
	return lines(tx, `SELECT `+lineColumns+` FROM door_log WHERE id < $1 ORDER BY id DESC LIMIT $2`, before, limit)
}

// refused notes a word that did not fit, and the delay that it began. Nobody's names are
// not noted one by one: whoever has many to try would write the book full; the delay is.
func (k *Keeper) refused(ctx context.Context, officer org.OfficerID, t Try, wait time.Duration) error {
	if officer == "" && wait == 0 {
		return nil
	}
	return k.DB.Update(ctx, func(tx *db.Tx) error {
		return fail(tx, Line{Officer: officer, What: Refused, Address: address(t.Address), Agent: t.Agent}, wait)
	})
}

// fail writes a failure, of a name that somebody has, and the delay behind it.
func fail(tx *db.Tx, l Line, wait time.Duration) error {
	if l.Officer != "" {
		if err := write(tx, l); err != nil {
			return err
		}
	}
	if wait == 0 {
		return nil
	}
	l.What, l.Detail = Delayed, span(wait)
	return write(tx, l)
}
