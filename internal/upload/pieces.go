package upload

import (
	"database/sql"
	"errors"
	"fmt"
	"path"
	"strings"
	"time"

	"lienthong/internal/blob"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/vntext"
)

// A Start is what a sender says of a file before its first byte.
type Start struct {
	Name string // as on the sender's machine; cleaned here
	Size int64  // bytes of the whole
	Item string // the sender's own key of this file, at most 100 signs; "" makes each Begin another file
	Hash string // SHA-256 of the whole in hexadecimal, checked at the end; "" promises nothing
}

// A Pending is a file on its way: how far it came and whether it is there whole. Only a
// file that is Whole can be named by an act.
type Pending struct {
	File
	Received int64 // bytes that are kept; the next piece begins here
	Promised string
	Whole    bool
	Until    time.Time // when it is swept if nothing more comes
}

// Off says that a piece does not begin where the file ends so far: the sender asks
// again how far it is (kind fault.Conflict).
type Off struct{ Received int64 }

// Error names the place.
func (o *Off) Error() string { return fmt.Sprintf("the file goes on at byte %d", o.Received) }

// Unwrap gives fault.Conflict.
func (o *Off) Unwrap() error { return fault.Conflict }

const maxItem = 100

// Begin reserves room for a file that will come in pieces. The same item of the same officer
// gives the same file again, however often a broken line makes the sender ask; another
// name or size under that item is a fault.Invalid.
func Begin(tx *db.Tx, officer org.OfficerID, in Start) (p Pending, err error) {
	defer fault.Wrap(&err, "begin a file")
	rules, err := Load(tx)
	if err != nil {
		return p, err
	}
	media, err := rules.begins(&in)
	if err != nil {
		return p, err
	}
	if in.Item != "" {
		p, err = pending(tx, rules, officer, "item", in.Item)
		if err == nil && (p.Name != in.Name || !p.Whole && p.Size != in.Size) {
			return p, fault.Field(Field, "Mã “%.40s” đã dùng cho tệp %q; mỗi tệp một mã.", in.Item, p.Name)
		}
		if err == nil || !errors.Is(err, fault.NotFound) {
			return p, err
		}
	}
	id, err := Reserve(tx, officer, in.Name, media, in.Size)
	if err != nil {
		return p, err
	}
	if _, err := tx.Exec(`UPDATE upload SET item = $1, promised = $2 WHERE id = $3`, in.Item, in.Hash, id); err != nil {
		return p, err
	}
	return pending(tx, rules, officer, "id", id)
}

// begins looks at what can be told of a file before it came: the rest is looked at when it
// is there.
func (r Rules) begins(in *Start) (media string, err error) {
	in.Name, in.Hash = Name(in.Name), strings.ToLower(in.Hash)
	if mark, ok := vntext.SecretMarkInName(in.Name); ok {
		return "", secret(in.Name, "tên tệp", mark)
	}
	switch {
	case len(in.Item) > maxItem || strings.ContainsFunc(in.Item, func(c rune) bool { return c < ' ' || c > '~' }):
		return "", refuse("Mã của tệp gồm nhiều nhất %d chữ không dấu và chữ số.", maxItem)
	case in.Hash != "" && !blob.Hash(in.Hash).Valid():
		return "", refuse("Mã băm SHA-256 của tệp %q không đúng dạng.", in.Name)
	case in.Size <= 0:
		return "", refuse("Tệp %q rỗng.", in.Name)
	case in.Size > r.MaxFile:
		return "", tooMuch("Tệp %q nặng %s, quá mức %s cho một tệp.", in.Name, Size(in.Size), Size(r.MaxFile))
	}
	ext := strings.ToLower(strings.TrimPrefix(path.Ext(in.Name), "."))
	for _, t := range r.Types {
		if t.Ext == ext {
			return t.Media, nil
		}
	}
	return "", refuse("Tệp %q thuộc loại không nhận. Các loại nhận: %s.", in.Name, r.names())
}

// Progress returns the officer's file of that id, on its way or whole. Another's, and one
// that was swept, are a fault.NotFound.
func Progress(tx *db.Tx, officer org.OfficerID, id string) (p Pending, err error) {
	rules, err := Load(tx)
	if err != nil {
		return p, err
	}
	return pending(tx, rules, officer, "id", id)
}

// pending reads by one column of the two that name a file to its sender.
func pending(tx *db.Tx, rules Rules, officer org.OfficerID, column, value string) (p Pending, err error) {
	var at time.Time
	err = tx.One(`SELECT id, name, media_type, size, hash, scan, received, promised, at FROM upload WHERE officer = $1 AND at >= $2 AND `+column+` = $3`,
		[]any{string(officer), tx.Now.Add(-rules.KeepWaiting), value},
		&p.ID, &p.Name, &p.MediaType, &p.Size, &p.Hash, &p.Scan, &p.Received, &p.Promised, db.Instant(&at))
	if p.Whole = p.Scan != reserved; p.Whole {
		p.Received = p.Size
	}
	p.Until = at.Add(rules.KeepWaiting)
	return p, err
}

// grow adds a piece that is in the store. Of two that begin at the same byte one is added,
// the other is an *Off.
func grow(tx *db.Tx, officer org.OfficerID, id string, start, size int64, h blob.Hash) error {
	n, err := tx.Exec(`UPDATE upload SET received = received + $1, at = $2 WHERE id = $3 AND officer = $4 AND received = $5 AND received + $1 <= size AND scan = $6`,
		size, tx.Now, id, string(officer), start, reserved)
	if err != nil {
		return err
	}
	if n == 0 {
		p, err := Progress(tx, officer, id)
		if err != nil {
			return err
		}
		return &Off{p.Received}
	}
	_, err = tx.Exec(`INSERT INTO upload_part (upload_id, start_at, size, hash) VALUES ($1, $2, $3, $4)`, id, start, size, string(h))
	return err
}

// A piece is a part of a file in the store.
type piece struct {
	start, size int64
	hash        blob.Hash
}

// The pieces of a file in their order.
func pieces(tx *db.Tx, id string) (all []piece, err error) {
	err = tx.All(`SELECT start_at, size, hash FROM upload_part WHERE upload_id = $1 ORDER BY start_at`, []any{id}, func(r *sql.Rows) error {
		var p piece
		err := r.Scan(&p.start, &p.size, &p.hash)
		all = append(all, p)
		return err
	})
	return all, err
}

// Drop takes away a file of the officer that no act took, whole or not, and returns the
// bytes of its pieces, which the caller removes after the commit.
func Drop(tx *db.Tx, officer org.OfficerID, id string) (left []blob.Hash, err error) {
	defer fault.Wrap(&err, "drop file %.30q", id)
	var found string
	if err := tx.One(`SELECT id FROM upload WHERE id = $1 AND officer = $2 AND NOT taken`, []any{id, string(officer)}, &found); err != nil {
		return nil, err
	}
	if left, err = takePieces(tx, id); err != nil {
		return nil, err
	}
	_, err = tx.Exec(`DELETE FROM upload WHERE id = $1 AND NOT taken`, id)
	return left, err
}

// Takes the pieces of a file away and says which bytes they leave.
func takePieces(tx *db.Tx, id string) (left []blob.Hash, err error) {
	err = tx.All(`DELETE FROM upload_part WHERE upload_id = $1 RETURNING hash`, []any{id}, func(r *sql.Rows) error {
		var h blob.Hash
		err := r.Scan(&h)
		left = append(left, h)
		return err
	})
	return left, err
}

// expireBatch is how many files one round takes away: the update writes within 20 ms.
const expireBatch = 50

// expire takes away files that stopped on their way too long ago, with the bytes of their
// pieces: these are nobody else's and no backup wants them.
func expire(tx *db.Tx, rules Rules) (left []blob.Hash, err error) {
	var ids []string
	err = tx.All(`SELECT u.id FROM upload u WHERE u.at < $1 AND EXISTS (SELECT 1 FROM upload_part p WHERE p.upload_id = u.id) ORDER BY u.at, u.id LIMIT $2`,
		[]any{tx.Now.Add(-rules.KeepWaiting), expireBatch}, func(r *sql.Rows) error {
			var id string
			err := r.Scan(&id)
			ids = append(ids, id)
			return err
		})
	for _, id := range ids {
		if err != nil {
			return nil, err
		}
		var some []blob.Hash
		some, err = takePieces(tx, id)
		left = append(left, some...)
	}
	return left, err
}
