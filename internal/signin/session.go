package signin

import (
	"context"
	"database/sql"
	"net/netip"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
)

// A Stage is what a session may do: everything, or only the one thing still asked.
type Stage string

// The stages.
const (
	Full     Stage = "full"
	Code     Stage = "code"     // the second factor is asked
	Enrol    Stage = "enrol"    // an administrator sets up a second factor first
	Password Stage = "password" // a password somebody else chose is replaced first
)

// A Session is one sign-in in one browser.
type Session struct {
	ID      string // names it to its owner; it opens nothing
	Officer org.OfficerID
	Stage   Stage
	Post    org.PostID // chosen to act in; "" none
	Device  string     // hash of the device's cookie
	Address string
	Agent   string
	MadeAt  time.Time
	SeenAt  time.Time // up to a minute behind
	EndsAt  time.Time
	EndedAt time.Time // zero while it runs

	key string // hash of the secret
}

const sessionColumns = `hash, id, officer, stage, post, device, address, agent, made_at, seen_at, ends_at, ended_at`

// The columns of a session in their order.
func (s *Session) scan(r *sql.Rows) error {
	return r.Scan(&s.key, &s.ID, &s.Officer, &s.Stage, &s.Post, &s.Device, &s.Address, &s.Agent,
		db.Instant(&s.MadeAt), db.Instant(&s.SeenAt), db.Instant(&s.EndsAt), db.Instant(&s.EndedAt))
}

// try is the session as one who knocks again.
func (s Session) try() Try {
	a, _ := netip.ParseAddr(s.Address) // the zero address when none was noted
	return Try{Address: a, Agent: s.Agent}
}

// line is what a session did, for the book.
func (s Session) line(what What) Line {
	return Line{Officer: s.Officer, What: what, Address: s.Address, Agent: s.Agent}
}

// The refusal that leads to the sign-in page.
func signedOut(why string) error { return fault.Refuse(fault.SignedOut, "%s", why) }

// Session returns the session of a browser's secret. It costs no read while the row is
// kept. No session, or one that is over, is fault.SignedOut with the reason.
func (k *Keeper) Session(ctx context.Context, secret Secret) (s Session, err error) {
	if len(secret) != 52 {
		return s, signedOut("Anh/chị chưa đăng nhập.")
	}
	now := k.DB.Now(ctx)
	key := hashed(secret)
	s, err = k.sessions.get(key, now, func() (Session, error) { return k.readSession(ctx, key) })
	if err != nil {
		return s, err
	}
	used := s.SeenAt
	if at := k.seen.at(key); at.After(used) {
		used = at
	}
	switch {
	case !s.EndedAt.IsZero():
		return s, signedOut("Phiên đăng nhập đã được kết thúc. Anh/chị đăng nhập lại để tiếp tục.")
	case !now.Before(s.EndsAt):
		return s, signedOut("Phiên đăng nhập đã hết hạn. Anh/chị đăng nhập lại để tiếp tục.")
	case now.Sub(used) >= k.Rules().Idle:
		return s, signedOut("Đã lâu không thao tác nên phiên đăng nhập tự kết thúc. Anh/chị đăng nhập lại để tiếp tục.")
	}
	return s, nil
}

// A session by the hash of its secret; the secret itself is stored nowhere.
func (k *Keeper) readSession(ctx context.Context, key string) (s Session, err error) {
	found := false
	err = k.DB.View(ctx, func(tx *db.Tx) error {
		return tx.All(`SELECT `+sessionColumns+` FROM session WHERE hash = $1`, []any{key}, func(r *sql.Rows) error {
			found = true
			return s.scan(r)
		})
	})
	if err == nil && !found {
		err = signedOut("Phiên đăng nhập không còn. Anh/chị đăng nhập lại để tiếp tục.")
	}
	return s, err
}

// begin inserts a session and returns its secret.
func (k *Keeper) begin(tx *db.Tx, s Session) (Secret, error) {
	secret := Secret(db.NewSecret())
	life := k.Rules().Absolute
	if s.Stage == Code {
		life = k.Rules().Half
	}
	_, err := tx.Exec(`INSERT INTO session (`+sessionColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, NULL)`,
		hashed(secret), tx.NewID(), string(s.Officer), string(s.Stage), string(s.Post), s.Device, s.Address, s.Agent, tx.Now, tx.Now.Add(life))
	return secret, err
}

// raise ends a session and begins another of a higher stage under a new secret: what
// somebody may have planted or seen before is worth nothing after.
func (k *Keeper) raise(tx *db.Tx, s Session, to Stage) (Secret, error) {
	n, err := tx.Exec(`UPDATE session SET ended_at = $1 WHERE hash = $2 AND ended_at IS NULL`, tx.Now, s.key)
	if err != nil {
		return "", err
	}
	if n == 0 {
		return "", signedOut("Phiên đăng nhập không còn. Anh/chị đăng nhập lại để tiếp tục.")
	}
	tx.Done(func() { k.forget(s.Officer) })
	s.Stage = to
	return k.begin(tx, s)
}

// forget drops what this node keeps of an officer's sessions.
func (k *Keeper) forget(officer org.OfficerID) {
	k.sessions.forget(func(_ string, s Session) bool { return s.Officer == officer })
}

// End signs one session out.
func (k *Keeper) End(tx *db.Tx, s Session) error {
	tx.Done(func() { k.forget(s.Officer) })
	_, err := tx.Exec(`UPDATE session SET ended_at = $1 WHERE hash = $2 AND ended_at IS NULL`, tx.Now, s.key)
	return err
}

// EndOne signs out the officer's session of that id, wherever it is; one that is not
// his, or over, is fault.NotFound.
func (k *Keeper) EndOne(tx *db.Tx, officer org.OfficerID, id string) error {
	tx.Done(func() { k.forget(officer) })
	n, err := tx.Exec(`UPDATE session SET ended_at = $1 WHERE id = $2 AND officer = $3 AND ended_at IS NULL`, tx.Now, id, string(officer))
	if err == nil && n == 0 {
		err = fault.Refuse(fault.NotFound, "Phiên đăng nhập này không còn.")
	}
	return err
}

// EndAll signs the officer out everywhere but in the session but (its zero value:
// everywhere) and forgets the devices of the others.
func (k *Keeper) EndAll(tx *db.Tx, officer org.OfficerID, but Session) error {
	tx.Done(func() { k.forget(officer) })
	if _, err := tx.Exec(`UPDATE session SET ended_at = $1 WHERE officer = $2 AND hash <> $3 AND ended_at IS NULL`,
		tx.Now, string(officer), but.key); err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM device WHERE officer = $1 AND hash <> $2`, string(officer), but.Device); err != nil {
		return err
	}
	return write(tx, Line{Officer: officer, What: EndedAll, Address: but.Address, Agent: but.Agent})
}

// Choose keeps the post in which the officer acts from now on in this session; "" is
// none chosen. A post that is not his is fault.Denied.
func (k *Keeper) Choose(tx *db.Tx, who org.Actor, s Session, post org.PostID) error {
	mine := post == ""
	for _, p := range who.Posts {
		mine = mine || p.ID == post
	}
	if !mine {
		return fault.Refuse(fault.Denied, "Anh/chị không giữ chức danh này.")
	}
	tx.Done(func() { k.forget(s.Officer) })
	_, err := tx.Exec(`UPDATE session SET post = $1 WHERE hash = $2`, string(post), s.key)
	return err
}

// Sessions returns the officer's running sessions, the newest first.
func Sessions(tx *db.Tx, officer org.OfficerID, idle time.Duration) (all []Session, err error) {
	err = tx.All(`SELECT `+sessionColumns+` FROM session
		WHERE officer = $1 AND ended_at IS NULL AND ends_at > $2 AND seen_at > $3 AND stage <> 'code'
		ORDER BY made_at DESC, id LIMIT 100`, []any{string(officer), tx.Now, tx.Now.Add(-idle)}, func(r *sql.Rows) error {
		var s Session
		err := s.scan(r)
		all = append(all, s)
		return err
	})
	return all, err
}

// A Device is a browser the officer signed in with before.
type Device struct {
	Hash   string
	Agent  string
	MadeAt time.Time
	SeenAt time.Time
}

// Devices returns the officer's known devices, the last used first.
func Devices(tx *db.Tx, officer org.OfficerID) (all []Device, err error) {
	err = tx.All(`SELECT hash, agent, made_at, seen_at FROM device WHERE officer = $1 ORDER BY seen_at DESC, hash LIMIT 100`,
		[]any{string(officer)}, func(r *sql.Rows) error {
			var d Device
			err := r.Scan(&d.Hash, &d.Agent, db.Instant(&d.MadeAt), db.Instant(&d.SeenAt))
			all = append(all, d)
			return err
		})
	return all, err
}
