package programme

import (
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"strings"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// A Feed (địa chỉ lịch) lets an officer's own programs read his calendar. Whoever has the
// address reads it, so it can be revoked, and shows nothing but what its officer may see at
// that moment.
type Feed struct {
	ID        string
	Officer   org.OfficerID
	Label     string
	MadeAt    time.Time
	RevokedAt time.Time // zero while it holds
}

// feedMark begins every token of a feed, so that one in a wrong place is recognised; it is
// no token of the JSON face and opens nothing else.
const feedMark = "lich_"

// mostFeeds is how many addresses one officer may hold at once: a phone and a few programs.
const mostFeeds = 10

func hashed(token string) string {
	sum := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// MakeFeed makes an address for the actor's own calendar. The token is returned this once
// and kept nowhere.
func MakeFeed(tx *db.Tx, who org.Actor, label string) (token, id string, err error) {
	defer fault.Wrap(&err, "make feed")
	if label, err = typed("label", label, "Hãy ghi địa chỉ này dùng ở đâu, như “Điện thoại”.", 100); err != nil {
		return "", "", err
	}
	if who.Officer == "" {
		return "", "", fault.Refuse(fault.Denied, "Chỉ cán bộ mới có lịch của mình.")
	}
	all, err := Feeds(tx, who)
	if err != nil {
		return "", "", err
	}
	held := 0
	for _, f := range all {
		if f.RevokedAt.IsZero() {
			held++
		}
	}
	if held >= mostFeeds {
		return "", "", fault.Refuse(fault.Conflict, "Anh/chị đã có %d địa chỉ lịch; hãy thu hồi bớt.", held)
	}
	token, id = feedMark+db.NewSecret(), tx.NewID()
	_, err = tx.Exec(`INSERT INTO programme_feed (id, hash, officer, label, made_at) VALUES ($1, $2, $3, $4, $5)`,
		id, hashed(token), string(who.Officer), label, tx.Now)
	return token, id, err
}

// feedHolds says that the password under which an address was made still stands. An address
// ends with it: whoever changes a password because it leaked means every way in, and a
// closed account leaves none. Who has no account of this program keeps his address.
const feedHolds = `(a.officer IS NULL OR a.hash <> '' AND a.set_at <= f.made_at)`

// Feeds returns the actor's own addresses, the newest first.
func Feeds(tx *db.Tx, who org.Actor) (all []Feed, err error) {
	err = tx.All(`SELECT f.id, f.officer, f.label, f.made_at, CASE WHEN f.revoked_at IS NULL AND NOT `+feedHolds+` THEN a.set_at ELSE f.revoked_at END
		FROM programme_feed f LEFT JOIN account a ON a.officer = f.officer WHERE f.officer = $1 ORDER BY f.id DESC LIMIT 100`,
		[]any{string(who.Officer)}, func(r *sql.Rows) error {
			var f Feed
			err := r.Scan(&f.ID, &f.Officer, &f.Label, db.Instant(&f.MadeAt), db.Instant(&f.RevokedAt))
			all = append(all, f)
			return err
		})
	return all, err
}

// RevokeFeed ends an address of the actor's own; another's is fault.NotFound.
func RevokeFeed(tx *db.Tx, who org.Actor, id string) error {
	n, err := tx.Exec(`UPDATE programme_feed SET revoked_at = $1 WHERE id = $2 AND officer = $3 AND revoked_at IS NULL`, tx.Now, id, string(who.Officer))
	if err == nil && n == 0 {
		err = fault.Refuse(fault.NotFound, "Không có địa chỉ lịch nào của anh/chị đang dùng mang số này.")
	}
	return err
}

// What a feed shows: the past it keeps and the time ahead, in days.
const (
	feedPast  = 60
	feedAhead = 400
)

// ReadFeed returns the officer of an address and what stands in his calendar: items of days,
// weeks and months that his units take part in or that are given to him, as he may read
// them now. An unknown or revoked address, or an officer who left, is fault.NotFound.
func ReadFeed(tx *db.Tx, token string) (who org.Actor, all []Listed, err error) {
	if !strings.HasPrefix(token, feedMark) {
		return who, nil, fault.NotFound
	}
	var officer org.OfficerID
	// system: the address itself is the right; what it shows is read as its officer
	err = tx.One(`SELECT f.officer FROM programme_feed f LEFT JOIN account a ON a.officer = f.officer WHERE f.hash = $1 AND f.revoked_at IS NULL AND `+feedHolds,
		[]any{hashed(token)}, &officer)
	if err != nil {
		return who, nil, err
	}
	if who, err = org.ActorOf(tx, officer); err != nil {
		if errors.Is(err, fault.Denied) {
			err = fault.NotFound
		}
		return who, nil, err
	}
	today := workday.Of(tx.Now)
	all, err = Items(tx, who, Place{Day, today.AddDays(-feedPast), today.AddDays(feedAhead)}, Filter{Mine: true, States: []string{Planned, Done, Dropped}})
	return who, all, err
}
