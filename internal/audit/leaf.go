package audit

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"lienthong/internal/db"
	"lienthong/internal/fault"
)

// A Hash is the SHA-256 over an entry's stored bytes.
type Hash [32]byte

// Sum returns the hash of an entry's bytes.
func Sum(b []byte) Hash { return sha256.Sum256(b) }

// String writes the hash as 64 hexadecimal letters.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// MarshalText writes the hash as 64 hexadecimal letters.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads what MarshalText wrote; anything else is a fault.Invalid.
func (h *Hash) UnmarshalText(text []byte) error {
	b, err := hex.DecodeString(string(text))
	if err != nil || len(b) != len(h) {
		return fmt.Errorf("hash %q is not 64 hexadecimal letters: %w", text, fault.Invalid)
	}
	copy(h[:], b)
	return nil
}

// scan takes the 32 bytes a database gave; other lengths give the zero hash, which
// no entry has, so that a damaged row is found by comparison and not by an error.
func (h *Hash) scan(b []byte) {
	*h = Hash{}
	if len(b) == len(h) {
		copy(h[:], b)
	}
}

// A Leaf is one entry's line in the log.
type Leaf struct {
	Ref  string // case and number of the event
	Hash Hash
	Seq  int64 // position from 0
}

// node is what stands in the tree. The ref is bound in, so that two entries cannot
// trade places, names included, without a trace.
func node(ref string, h Hash) tlog.Hash {
	return tlog.RecordHash(append(append([]byte(ref), 0), h[:]...))
}

// Leave puts an entry's hash into the log within the entry's own transaction: one
// INSERT, no position, no shared row. ref is the caller's name of the entry, unique
// for ever (a second one is a fault.Conflict) and never content. The refs of one
// thread sort in the order of its entries ("caseid/00001"), because of two leaves
// left at the same instant the smaller ref gets the earlier position.
func Leave(tx *db.Tx, ref string, h Hash) (err error) {
	defer fault.Wrap(&err, "leave leaf %s", ref)
	if ref == "" || strings.ContainsRune(ref, 0) {
		return fmt.Errorf("ref is empty or holds a zero byte: %w", fault.Invalid)
	}
	return tx.Put(`INSERT INTO leaf (ref, hash, left_at) VALUES ($1, $2, $3)`, ref, h[:], tx.Now)
}

// Position returns the entry's position in the log; ok is false while it waits for one
// (chờ đóng dấu). A ref that was never left is a fault.NotFound.
func Position(tx *db.Tx, ref string) (seq int64, ok bool, err error) {
	defer fault.Wrap(&err, "position of %s", ref)
	var n sql.NullInt64
	err = tx.One(`SELECT seq FROM leaf WHERE ref = $1`, []any{ref}, &n)
	return n.Int64, n.Valid, err
}

// Positions returns the positions of many refs in one query; those that wait, and
// those never left, are absent.
func Positions(tx *db.Tx, refs []string) (at map[string]int64, err error) {
	defer fault.Wrap(&err, "positions")
	at = make(map[string]int64, len(refs))
	err = leavesOf(tx, refs, func(ref string, seq sql.NullInt64) {
		if seq.Valid {
			at[ref] = seq.Int64
		}
	})
	return at, err
}

// leavesOf calls each for those of refs that have a leaf, in no order.
func leavesOf(tx *db.Tx, refs []string, each func(ref string, seq sql.NullInt64)) error {
	if len(refs) == 0 {
		return nil
	}
	marks, args := list(refs)
	return tx.All(`SELECT ref, seq FROM leaf WHERE ref IN (`+marks+`)`, args, func(r *sql.Rows) error {
		var ref string
		var seq sql.NullInt64
		if err := r.Scan(&ref, &seq); err != nil {
			return err
		}
		each(ref, seq)
		return nil
	})
}

// list gives the placeholders and arguments of an IN list. Its length is rounded up to
// a power of two by repeating the last ref: few texts for the statement cache.
func list(refs []string) (marks string, args []any) {
	n := 1
	for n < len(refs) {
		n *= 2
	}
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("$" + strconv.Itoa(i+1))
		args = append(args, refs[min(i, len(refs)-1)])
	}
	return b.String(), args
}

// Pending returns how many leaves wait for a position, and since when the oldest does
// (the zero time when none). One that waits longer than 10 s is an alarm.
func Pending(tx *db.Tx) (count int64, oldest time.Time, err error) {
	defer fault.Wrap(&err, "pending leaves")
	err = tx.One(`SELECT count(*), min(left_at) FROM leaf WHERE seq IS NULL`, nil, &count, db.Instant(&oldest))
	return count, oldest, err
}

// ByPosition returns at most limit leaves from the position from on, in order: how
// whoever follows the log (the search index) asks for what is new.
func ByPosition(tx *db.Tx, from int64, limit int) (all []Leaf, err error) {
	defer fault.Wrap(&err, "leaves from %d", from)
	err = tx.All(`SELECT ref, hash, seq FROM leaf WHERE seq IS NOT NULL AND seq >= $1 ORDER BY seq LIMIT $2`,
		[]any{from, limit}, func(r *sql.Rows) error {
			l, err := scanLeaf(r)
			all = append(all, l)
			return err
		})
	return all, err
}

// A leaf as the store has it.
func scanLeaf(r *sql.Rows) (l Leaf, err error) {
	var b []byte
	err = r.Scan(&l.Ref, &b, &l.Seq)
	l.Hash.scan(b)
	return l, err
}

// Size returns how many entries have a position; it is the next position to give.
func Size(tx *db.Tx) (size int64, err error) {
	defer fault.Wrap(&err, "size of the log")
	err = tx.One(`SELECT size FROM log_head WHERE id = 1`, nil, &size)
	return size, err
}
