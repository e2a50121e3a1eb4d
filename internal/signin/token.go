package signin

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"sync"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
)

// A Token lets a program act as an officer, with his rights and no more.
type Token struct {
	ID        string
	Officer   org.OfficerID
	Label     string
	Rate      int // requests a second; 0: the setting's
	MadeBy    string
	MadeAt    time.Time
	EndsAt    time.Time
	RevokedAt time.Time // zero while it holds
	UsedAt    time.Time // when it was used first, up to a minute behind; zero: never
}

// tokenMark begins every token, so that one in a wrong place is recognised.
const tokenMark = "lt_"

const tokenColumns = `id, officer, label, rate, made_by, made_at, ends_at, revoked_at, used_at`

// The columns of a token in their order.
func (t *Token) scan(r *sql.Rows) error {
	return r.Scan(&t.ID, &t.Officer, &t.Label, &t.Rate, &t.MadeBy,
		db.Instant(&t.MadeAt), db.Instant(&t.EndsAt), db.Instant(&t.RevokedAt), db.Instant(&t.UsedAt))
}

// NewToken makes a token that acts as officer until ends (zero: the setting's life).
// The secret is returned this once and kept nowhere. by names who made it: an officer's
// id, or "system:" and a part of the program.
func (k *Keeper) NewToken(tx *db.Tx, by string, officer org.OfficerID, label string, ends time.Time, rate int) (secret Secret, id string, err error) {
	if label = strings.TrimSpace(label); label == "" {
		return "", "", fault.Field("label", "Ghi tên để biết mã truy cập này dùng cho chương trình nào.")
	}
	if _, err := org.ActorOf(tx, officer); err != nil {
		return "", "", err
	}
	if ends.IsZero() {
		ends = tx.Now.Add(k.Rules().TokenLife)
	}
	if !ends.After(tx.Now) {
		return "", "", fault.Field("ends", "Ngày hết hạn của mã truy cập phải ở sau thời điểm này.")
	}
	secret = Secret(tokenMark + db.NewSecret())
	id = tx.NewID()
	_, err = tx.Exec(`INSERT INTO token (hash, `+tokenColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, NULL)`,
		hashed(secret), id, string(officer), clip(label, 200), rate, by, tx.Now, ends)
	if err != nil {
		return "", "", err
	}
	return secret, id, write(tx, Line{Officer: officer, What: TokenMade, By: by, Detail: id + " " + label})
}

// Token returns the token of a secret. It costs no read while the row is kept; one that
// is unknown, revoked or over is fault.SignedOut.
func (k *Keeper) Token(ctx context.Context, secret Secret) (t Token, err error) {
	gone := signedOut("Mã truy cập không đúng, đã thu hồi hoặc đã hết hạn.")
	if len(secret) != len(tokenMark)+52 || !strings.HasPrefix(string(secret), tokenMark) {
		return t, gone
	}
	now := k.DB.Now(ctx)
	key := hashed(secret)
	t, err = k.tokens.get(key, now, func() (Token, error) { return k.readToken(ctx, key) })
	if err == nil && (t.ID == "" || !t.RevokedAt.IsZero() || !now.Before(t.EndsAt)) {
		err = gone
	}
	if err == nil && t.UsedAt.IsZero() {
		k.firsts.note(t, now, address(Address(ctx)))
	}
	return t, err
}

// firsts are the tokens used for the first time since the last Flush.
type firsts struct {
	mu sync.Mutex
	m  map[string]first
}

// The first use of a token in a while; written later, so that reading does not wait for a write.
type first struct {
	token   Token
	at      time.Time
	address string
}

// note keeps the earliest use of a token.
func (f *firsts) note(t Token, at time.Time, address string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, ok := f.m[t.ID]; ok || len(f.m) >= shelfBound {
		return
	}
	if f.m == nil {
		f.m = make(map[string]first)
	}
	f.m[t.ID] = first{t, at, address}
}

// Takes what gathered and begins anew.
func (f *firsts) take() (all []first) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, x := range f.m {
		all = append(all, x)
	}
	f.m = nil
	return all
}

// flushFirsts writes down the first use of tokens, once each on however many nodes.
func (k *Keeper) flushFirsts(ctx context.Context) error {
	for part := range slices.Chunk(k.firsts.take(), flushChunk) {
		err := k.DB.Update(ctx, func(tx *db.Tx) error {
			for _, x := range part {
				n, err := tx.Exec(`UPDATE token SET used_at = $1 WHERE id = $2 AND used_at IS NULL`, x.at, x.token.ID)
				if err == nil && n == 1 {
					err = write(tx, Line{Officer: x.token.Officer, What: TokenUsed, Address: x.address, Detail: x.token.ID + " " + x.token.Label})
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		k.tokens.forget(func(_ string, t Token) bool { return t.UsedAt.IsZero() })
	}
	return nil
}

// A token by its hash; wrong, revoked and ended ones are told alike.
func (k *Keeper) readToken(ctx context.Context, key string) (t Token, err error) {
	err = k.DB.View(ctx, func(tx *db.Tx) error {
		return tx.All(`SELECT `+tokenColumns+` FROM token WHERE hash = $1`, []any{key}, t.scan)
	})
	if err == nil && t.ID == "" {
		err = signedOut("Mã truy cập không đúng, đã thu hồi hoặc đã hết hạn.")
	}
	return t, err
}

// Revoke ends a token at once on this node and within seconds on the others.
func (k *Keeper) Revoke(tx *db.Tx, id string) error {
	tx.Done(func() { k.tokens.forget(func(_ string, t Token) bool { return t.ID == id }) })
	n, err := tx.Exec(`UPDATE token SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL`, tx.Now, id)
	if err == nil && n == 0 {
		err = fault.Refuse(fault.NotFound, "Không có mã truy cập nào đang dùng mang số %q.", id)
	}
	if err != nil {
		return err
	}
	var officer, label string
	if err := tx.One(`SELECT officer, label FROM token WHERE id = $1`, []any{id}, &officer, &label); err != nil {
		return err
	}
	return write(tx, Line{Officer: org.OfficerID(officer), What: TokenRevoked, Detail: id + " " + label})
}

// RevokeAll ends every token that acts as an officer and returns how many held; by names who
// did it, "" the officer.
func (k *Keeper) RevokeAll(tx *db.Tx, by string, officer org.OfficerID) (n int, err error) {
	tx.Done(func() { k.tokens.forget(func(_ string, t Token) bool { return t.Officer == officer }) })
	var gone []Line
	err = tx.All(`UPDATE token SET revoked_at = $1 WHERE officer = $2 AND revoked_at IS NULL RETURNING id, label`,
		[]any{tx.Now, string(officer)}, func(r *sql.Rows) error {
			var id, label string
			err := r.Scan(&id, &label)
			gone = append(gone, Line{Officer: officer, What: TokenRevoked, By: by, Detail: id + " " + label})
			return err
		})
	for _, l := range gone {
		if err == nil {
			err = write(tx, l)
		}
	}
	return len(gone), err
}

// RevokeOwn ends a token of that officer; another's is fault.NotFound.
func (k *Keeper) RevokeOwn(tx *db.Tx, officer org.OfficerID, id string) error {
	var n int64
	if err := tx.One(`SELECT count(*) FROM token WHERE id = $1 AND officer = $2`, []any{id, string(officer)}, &n); err != nil {
		return err
	}
	if n == 0 {
		return fault.Refuse(fault.NotFound, "Không có mã truy cập nào của anh/chị mang số này.")
	}
	return k.Revoke(tx, id)
}

// Tokens returns an officer's tokens, the newest first.
func Tokens(tx *db.Tx, officer org.OfficerID) (all []Token, err error) {
	err = tx.All(`SELECT `+tokenColumns+` FROM token WHERE officer = $1 ORDER BY made_at DESC, id LIMIT 200`,
		[]any{string(officer)}, func(r *sql.Rows) error {
			var t Token
			err := t.scan(r)
			all = append(all, t)
			return err
		})
	return all, err
}
