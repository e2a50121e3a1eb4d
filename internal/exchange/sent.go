package exchange

import (
	"database/sql"
	"strconv"
	"strings"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/outbox"
)

// SentList returns papers that left for the document system, of cases that who may read,
// the newest first, at most limit behind the cursor; next is "" at the end.
func SentList(tx *db.Tx, who org.Actor, cursor string, limit int) (all []Sent, next string, err error) {
	defer fault.Wrap(&err, "sent papers")
	where, args := `TRUE`, []any{}
	if who.System == "" {
		where, args = access.Visible("o.case_id", "$1"), []any{who.Reader()}
	}
	if cursor != "" {
		if !db.ValidID(cursor) {
			return nil, "", fault.Refuse(fault.Invalid, "Trang này không còn; hãy mở lại danh sách.")
		}
		args = append(args, cursor)
		where += ` AND o.id < $` + strconv.Itoa(len(args))
	}
	args = append(args, limit+1)
	// system: the condition asks access.Visible for everybody but the program itself
	err = tx.All(`SELECT `+sentColumns+` FROM exchange_out o WHERE `+where+` ORDER BY o.id DESC LIMIT $`+strconv.Itoa(len(args)), args, func(r *sql.Rows) error {
		s, err := scanSent(r)
		all = append(all, s)
		return err
	})
	if len(all) > limit {
		all = all[:limit]
		next = all[limit-1].ID
	}
	return all, next, err
}

// Stuck returns why packets did not leave, by the id of their paper: the dead letters of
// the cases of the given papers.
func Stuck(tx *db.Tx, all []Sent) (why map[string]string, err error) {
	why = map[string]string{}
	seen := map[casefile.ID]bool{}
	for _, s := range all {
		if seen[s.Case] {
			continue
		}
		seen[s.Case] = true
		// system: the caller has the papers from SentList or SentOf
		err := tx.All(`SELECT payload, last_error FROM outbox WHERE about = $1 AND kind = $2 AND state = 'dead' ORDER BY id`,
			[]any{string(s.Case), OutKind}, func(r *sql.Rows) error {
				var id []byte
				var said string
				err := r.Scan(&id, &said)
				why[string(id)] = reasonIn(said)
				return err
			})
		if err != nil {
			return nil, err
		}
	}
	return why, nil
}

// reasonIn is the last part of a chain of errors: the sentence behind the names of calls.
func reasonIn(said string) string {
	if i := strings.Index(said, "gói tin"); i >= 0 {
		return said[i:]
	}
	if i := strings.LastIndex(said, ": "); i >= 0 {
		return said[i+2:]
	}
	return said
}

// Again sends a packet again that did not leave: by the clerk or administrator of its
// sender, when what stopped it is put right.
func Again(tx *db.Tx, who org.Actor, id string) (err error) {
	defer fault.Wrap(&err, "send paper %s again", id)
	var s Sent
	query, args := `SELECT o.case_id, o.sender FROM exchange_out o WHERE o.id = $1`, []any{id}
	if who.System == "" {
		query += ` AND ` + access.Visible("o.case_id", "$2")
		args = append(args, who.Reader())
	}
	if err := tx.One(query, args, &s.Case, &s.Sender); err != nil {
		return err
	}
	if who.System == "" && !who.Root && !who.Has(s.Sender, org.Clerk) {
		return fault.Refuse(fault.Denied, "Chỉ văn thư của đơn vị gửi, hoặc quản trị của tỉnh, gửi lại gói tin này.")
	}
	var message outbox.ID
	// system: the case was asked above
	err = tx.All(`SELECT id, payload FROM outbox WHERE about = $1 AND kind = $2 AND state = 'dead' ORDER BY id`, []any{string(s.Case), OutKind}, func(r *sql.Rows) error {
		var m outbox.ID
		var payload []byte
		err := r.Scan(&m, &payload)
		if string(payload) == id {
			message = m
		}
		return err
	})
	if err != nil {
		return err
	}
	if message == "" {
		return fault.Refuse(fault.Conflict, "Gói tin này không nằm trong số không gửi được.")
	}
	return outbox.Again(tx, message)
}
