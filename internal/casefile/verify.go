package casefile

import (
	"database/sql"
	"strconv"
	"strings"

	"lienthong/internal/audit"
	"lienthong/internal/db"
)

// Hashes recomputes the leaves of the named events from their stored bytes, for the
// audit's verifier; an event that does not exist is absent.
func Hashes(tx *db.Tx, refs []string) (map[string]audit.Hash, error) {
	all := make(map[string]audit.Hash, len(refs))
	for from := 0; from < len(refs); from += hashPage {
		page := refs[from:min(from+hashPage, len(refs))]
		where, args := strings.Builder{}, []any(nil)
		for i, ref := range page {
			id, n, ok := splitRef(ref)
			if !ok {
				continue
			}
			if where.Len() > 0 {
				where.WriteString(" OR ")
			}
			where.WriteString("(case_id = $" + strconv.Itoa(2*i+1) + " AND n = $" + strconv.Itoa(2*i+2) + ")")
			args = append(args, string(id), n)
		}
		if len(args) != 2*len(page) { // a ref that is none of ours: its place must not shift the others
			if err := hashesOneByOne(tx, page, all); err != nil {
				return nil, err
			}
			continue
		}
		if err := hashesWhere(tx, where.String(), args, all); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// hashPage is how many events one query recomputes: their bytes are held in memory.
const hashPage = 100

// For hashes that are asked for one at a time; a reference that is not ours is passed over.
func hashesOneByOne(tx *db.Tx, refs []string, all map[string]audit.Hash) error {
	for _, ref := range refs {
		id, n, ok := splitRef(ref)
		if !ok {
			continue
		}
		if err := hashesWhere(tx, "(case_id = $1 AND n = $2)", []any{string(id), n}, all); err != nil {
			return err
		}
	}
	return nil
}

// Hashes from the stored bytes and not from the stored hashes: that is the proof.
func hashesWhere(tx *db.Tx, where string, args []any, all map[string]audit.Hash) error {
	// system: the verifier recomputes every event
	return tx.All(`SELECT case_id, n, bytes FROM event WHERE `+where, args, func(r *sql.Rows) error {
		var id ID
		var n int64
		var raw []byte
		if err := r.Scan(&id, &n, &raw); err != nil {
			return err
		}
		if whole, err := Unpack(raw); err == nil { // damaged bytes give a hash that is no entry's
			raw = whole
		}
		all[EntryRef(id, n)] = LeafOf(raw)
		return nil
	})
}

// Refs returns at most limit refs of events behind the ref after, by case and number;
// "" begins.
func Refs(tx *db.Tx, after string, limit int) (refs []string, err error) {
	id, n, _ := splitRef(after)
	// system: the verifier lists every event
	err = tx.All(`SELECT case_id, n FROM event WHERE (case_id, n) > ($1, $2) ORDER BY case_id, n LIMIT $3`,
		[]any{string(id), n, limit}, func(r *sql.Rows) error {
			var id ID
			var n int64
			err := r.Scan(&id, &n)
			refs = append(refs, EntryRef(id, n))
			return err
		})
	return refs, err
}

// RefsOf returns the refs of one case's events in order, for its proof. Whoever asks
// administers the office; nothing but names of entries is in them.
func RefsOf(tx *db.Tx, id ID) (refs []string, err error) {
	// system: an administrator's proof of a whole case
	err = tx.All(`SELECT n FROM event WHERE case_id = $1 ORDER BY n LIMIT 100000`, []any{string(id)}, func(r *sql.Rows) error {
		var n int64
		err := r.Scan(&n)
		refs = append(refs, EntryRef(id, n))
		return err
	})
	return refs, err
}

// splitRef reads what EntryRef wrote.
func splitRef(ref string) (id ID, n int64, ok bool) {
	a, b, found := strings.Cut(ref, "/")
	n, err := strconv.ParseInt(b, 10, 64)
	return ID(a), n, found && err == nil
}
