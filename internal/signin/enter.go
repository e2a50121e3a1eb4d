package signin

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
)

// A Try is one attempt at the door.
type Try struct {
	Login    string
	Password Secret
	Device   Secret // the device's cookie; "" for a browser not seen before
	Address  netip.Addr
	Agent    string
}

// An Entry is what a browser gets: the session's secret, and the device's, to be kept long.
type Entry struct {
	Session Secret
	Device  Secret
	Stage   Stage
	Officer org.OfficerID
}

// A Later is a refusal that ends by itself: try again after After.
type Later struct {
	After time.Duration
	Why   error
}

// Error gives the reason.
func (l *Later) Error() string { return l.Why.Error() }

// Unwrap gives the reason, a fault.TooMany.
func (l *Later) Unwrap() error { return l.Why }

// later refuses until the wait is over and says how long that is.
func later(wait time.Duration, what string) error {
	wait = max(wait.Round(time.Second), time.Second)
	return &Later{After: wait, Why: fault.Refuse(fault.TooMany, "%s Anh/chị thử lại sau %s.", what, span(wait))}
}

// span says a short length of time: "45 giây", "15 phút".
func span(d time.Duration) string {
	if d < 2*time.Minute {
		return fmt.Sprintf("%d giây", int(d.Seconds()))
	}
	return fmt.Sprintf("%d phút", int((d + 59*time.Second).Minutes()))
}

// wrong is the same sentence for a name that does not exist and for a password that
// does not fit.
func wrong() error {
	return fault.Field("password", "Tên đăng nhập hoặc mật khẩu không đúng. Kiểm tra phím Caps Lock và bộ gõ tiếng Việt rồi thử lại.")
}

// SignIn checks a name and a password and opens a session, full or of the stage still
// asked. A try is counted before the password is looked at, so that many at once gain
// nothing; after a few failures each further one doubles the delay of the account and
// of the address. A browser that opened this account before has its own count: what
// others do never keeps it out. Too early is a Later, a wrong word a fault.Invalid.
func (k *Keeper) SignIn(ctx context.Context, t Try) (e Entry, err error) {
	login := LoginName(t.Login)
	if login == "" || len(login) > 64 || t.Password == "" || len(t.Password) > maxPassword {
		return e, wrong()
	}
	var a Account
	var subjects []string
	var wait time.Duration
	if err = k.DB.Update(ctx, func(tx *db.Tx) error {
		if a, err = readAccount(tx, "login", login); err != nil && !errors.Is(err, fault.NotFound) {
			return err
		}
		known, err := knownDevice(tx, a.Officer, t.Device)
		if err != nil {
			return err
		}
		subjects, wait = k.subjects(login, t, known), 0
		for _, s := range subjects {
			w, err := k.count(tx, s, k.free(s))
			if err != nil {
				return err
			}
			wait = max(wait, w)
		}
		return nil
	}); err != nil {
		return e, err
	}
	ok, err := k.Hasher.Matches(ctx, a.hash, t.Password)
	if err != nil {
		return e, err
	}
	if !ok {
		if err := k.refused(ctx, a.Officer, t, wait); err != nil {
			return e, err
		}
		return e, wrong()
	}
	err = k.DB.Update(ctx, func(tx *db.Tx) error {
		e, err = k.enter(tx, a, t, subjects)
		return err
	})
	return e, err
}

// subjects are what the try counts against: the known device alone, or account and
// address. An IPv6 network counts as one address.
func (k *Keeper) subjects(login string, t Try, known bool) []string {
	if known {
		return []string{"d:" + hashed(t.Device)}
	}
	return []string{"a:" + login, "i:" + Network(t.Address)}
}

// How many failures are free before one must wait: an office shares one address, an account belongs to one
// person.
func (k *Keeper) free(subject string) int {
	if strings.HasPrefix(subject, "i:") {
		return k.Rules().AddressFree
	}
	return k.Rules().AccountFree
}

// Network is the part of an address that stands for one sender: an IPv4 address, or the
// /64 of an IPv6 one.
func Network(a netip.Addr) string {
	a = a.Unmap().WithZone("")
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}

// count adds a failure in advance, or refuses because the last one's delay still runs.
// The row is locked from here on: tries at once queue up. It returns the delay that
// begins if this try fails.
func (k *Keeper) count(tx *db.Tx, subject string, free int) (wait time.Duration, err error) {
	var n int64
	var until time.Time
	if err := tx.One(`INSERT INTO failure (subject, n, last_at, wait_to) VALUES ($1, 1, $2, $2)
		ON CONFLICT (subject) DO UPDATE SET n = CASE WHEN failure.last_at < $3 THEN 1 ELSE failure.n + 1 END, last_at = excluded.last_at
		RETURNING n, wait_to`, []any{subject, tx.Now, tx.Now.Add(-k.Rules().Forget)}, &n, db.Instant(&until)); err != nil {
		return 0, err
	}
	if tx.Now.Before(until) {
		return 0, later(until.Sub(tx.Now), "Đã thử sai nhiều lần.")
	}
	if wait = k.Rules().wait(n, free); wait == 0 {
		return 0, nil
	}
	_, err = tx.Exec(`UPDATE failure SET wait_to = $1 WHERE subject = $2`, tx.Now.Add(wait), subject)
	return wait, err
}

// address writes an address; none is "".
func address(a netip.Addr) string {
	if !a.IsValid() {
		return ""
	}
	return a.Unmap().String()
}

// pardon takes the failures back after a success. An address only gets its one try
// back: whoever owns one account there must not wipe out what he tried on others.
func (k *Keeper) pardon(tx *db.Tx, subject string) error {
	query := `DELETE FROM failure WHERE subject = $1`
	if strings.HasPrefix(subject, "i:") {
		query = `UPDATE failure SET n = n - 1, wait_to = last_at WHERE subject = $1`
	}
	_, err := tx.Exec(query, subject)
	return err
}

// Whether this browser came in with this account before; it has failures of its own, so that a stranger
// cannot lock its owner out.
func knownDevice(tx *db.Tx, officer org.OfficerID, device Secret) (known bool, err error) {
	if officer == "" || device == "" {
		return false, nil
	}
	var one int
	err = tx.One(`SELECT 1 FROM device WHERE officer = $1 AND hash = $2`, []any{string(officer), hashed(device)}, &one)
	if errors.Is(err, fault.NotFound) {
		return false, nil
	}
	return err == nil, err
}

// enter opens the session after the password was right.
func (k *Keeper) enter(tx *db.Tx, a Account, t Try, subjects []string) (e Entry, err error) {
	now, err := AccountOf(tx, a.Officer)
	if err != nil {
		return e, err
	}
	if now.hash != a.hash {
		return e, wrong() // changed while we compared
	}
	who, err := org.ActorOf(tx, a.Officer)
	if err != nil {
		return e, err
	}
	for _, s := range subjects {
		if err := k.pardon(tx, s); err != nil {
			return e, err
		}
	}
	e = Entry{Officer: a.Officer, Device: t.Device, Stage: k.stage(now, who)}
	if len(e.Device) != 52 {
		e.Device = Secret(db.NewSecret())
	}
	agent := clip(t.Agent, 200)
	if e.Stage != Code { // with a second factor the device is known only after it
		if err := know(tx, a.Officer, hashed(e.Device), agent); err != nil {
			return e, err
		}
	}
	e.Session, err = k.begin(tx, Session{Officer: a.Officer, Stage: e.Stage, Device: hashed(e.Device),
		Address: t.Address.Unmap().String(), Agent: agent})
	if err != nil || e.Stage == Code { // with a second factor nobody is in yet
		return e, err
	}
	return e, write(tx, Line{Officer: a.Officer, What: SignedIn, Address: address(t.Address), Agent: agent})
}

// stage says what is still asked after the password.
func (k *Keeper) stage(a Account, who org.Actor) Stage {
	switch {
	case a.Second:
		return Code
	case k.Rules().AdminsSecond && administers(who):
		return Enrol
	case a.MustChange:
		return Password
	}
	return Full
}

// Whether somebody administers anything: those need a second factor wherever the setting asks for one.
func administers(who org.Actor) bool {
	for _, p := range who.Posts {
		if p.Role == org.Admin {
			return true
		}
	}
	return who.Root
}

// Remembers a browser by the hash of its cookie.
func know(tx *db.Tx, officer org.OfficerID, device, agent string) error {
	_, err := tx.Exec(`INSERT INTO device (officer, hash, agent, made_at, seen_at) VALUES ($1, $2, $3, $4, $4)
		ON CONFLICT (officer, hash) DO UPDATE SET agent = excluded.agent, seen_at = excluded.seen_at`,
		string(officer), device, agent, tx.Now)
	return err
}

// Cuts what a sender chose to a length the store keeps, at a whole letter.
func clip(s string, n int) string {
	s = strings.ToValidUTF8(s, "")
	if len(s) > n {
		s = strings.ToValidUTF8(s[:n], "")
	}
	return strings.ReplaceAll(s, "\x00", "")
}
