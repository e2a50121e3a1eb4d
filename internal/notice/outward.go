package notice

import (
	"database/sql"
	"strconv"
	"strings"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
)

// Fresh returns notices that were not yet looked at for the channels, the oldest first, at
// most limit. They hold no title: what leaves is asked for again under a reader's rights.
func Fresh(tx *db.Tx, limit int) (all []Note, err error) {
	// system: ids and kinds for the channels, shown to nobody
	err = tx.All(`SELECT id, unit, role, officer, case_id, kind, at, not_before FROM notice n WHERE fresh ORDER BY id LIMIT $1`,
		[]any{limit}, func(r *sql.Rows) error {
			var n Note
			err := r.Scan(&n.ID, &n.Unit, &n.Role, &n.Officer, &n.Case, &n.Kind, db.Instant(&n.At), db.Instant(&n.NotBefore))
			all = append(all, n)
			return err
		})
	return all, err
}

// Looked takes the mark of Fresh from notices.
func Looked(tx *db.Tx, ids []string) (err error) {
	defer fault.Wrap(&err, "notices looked at")
	if len(ids) == 0 {
		return nil
	}
	marks, args := in(ids, nil)
	_, err = tx.Exec(`UPDATE notice SET fresh = FALSE WHERE fresh AND id IN (`+marks+`)`, args...)
	return err
}

// in writes placeholders for values behind those of args.
func in(values []string, args []any) (marks string, all []any) {
	list := make([]string, len(values))
	for i, v := range values {
		args = append(args, v)
		list[i] = "$" + strconv.Itoa(len(args))
	}
	return strings.Join(list, ", "), args
}

// Still returns those of the notices that are worth telling an actor now: their hour has
// come, he may read the case, and none of the people in by has read them. Oldest first.
func Still(tx *db.Tx, who org.Actor, by []org.OfficerID, ids []string) (all []Note, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	marks, args := in(ids, []any{tx.Now, who.Reader()})
	unread := ""
	if len(by) > 0 {
		var readers []string
		for _, o := range by {
			readers = append(readers, string(o))
		}
		unread, args = in(readers, args)
		// system: a condition on rows that are joined to what the actor may read
		unread = ` AND NOT EXISTS (SELECT 1 FROM notice_read x WHERE x.notice = n.id AND x.officer IN (` + unread + `))`
	}
	err = tx.All(`SELECT n.id, n.unit, n.role, n.officer, n.case_id, n.kind, n.at, n.not_before, c.code
		FROM notice n JOIN casefile c ON c.id = n.case_id
		WHERE n.id IN (`+marks+`) AND `+waits+` AND `+access.Visible("n.case_id", "$2")+unread+`
		ORDER BY n.not_before, n.id`, args, func(r *sql.Rows) error {
		var n Note
		err := r.Scan(&n.ID, &n.Unit, &n.Role, &n.Officer, &n.Case, &n.Kind, db.Instant(&n.At), db.Instant(&n.NotBefore), &n.Code)
		all = append(all, n)
		return err
	})
	return all, err
}

// A Receipt says how far a notice to a unit, or to one of its officers, was seen: how many
// people and when first, never who.
type Receipt struct {
	Unit    org.UnitID // "" for one told to an officer
	Kind    string
	At      time.Time
	Seen    int       // people
	FirstAt time.Time // zero while nobody has
}

// Receipts returns the newest receipts of a case, at most limit. The caller holds the case
// through Get and has asked whether this reader oversees it.
func Receipts(tx *db.Tx, id casefile.ID, limit int) (all []Receipt, err error) {
	// system: the caller holds the case through Get; counts without names
	err = tx.All(`SELECT n.unit, n.kind, n.at, n.read_at,
			(SELECT count(*) FROM notice_read x WHERE x.notice = n.id), (SELECT min(x.at) FROM notice_read x WHERE x.notice = n.id)
		FROM notice n WHERE n.case_id = $1 AND n.not_before <= $2 ORDER BY n.id DESC LIMIT $3`,
		[]any{string(id), tx.Now, limit}, func(r *sql.Rows) error {
			var x Receipt
			var own time.Time
			err := r.Scan(&x.Unit, &x.Kind, db.Instant(&x.At), db.Instant(&own), &x.Seen, db.Instant(&x.FirstAt))
			if !own.IsZero() {
				x.Seen, x.FirstAt = 1, own
			}
			all = append(all, x)
			return err
		})
	return all, err
}

// A Seen notice is one that an actor has read, with when he did.
type Seen struct {
	Note
	SeenAt time.Time // zero while not looked at
}

// SeenBy returns what an actor has read of what he was told, as long as he may read the
// case, the newest reading first, at most limit.
func SeenBy(tx *db.Tx, who org.Actor, limit int) (all []Seen, err error) {
	err = tx.All(`SELECT n.id, n.case_id, n.kind, n.at, s.at, c.code, c.title FROM (
			SELECT x.notice AS id, x.at AS at FROM notice_read x WHERE x.officer = $1
			UNION ALL SELECT o.id, o.read_at FROM notice o WHERE o.officer = $1 AND o.officer <> '' AND o.read_at IS NOT NULL AND o.read_by = $1) s
		JOIN notice n ON n.id = s.id JOIN casefile c ON c.id = n.case_id
		WHERE `+access.Visible("n.case_id", "$1")+` ORDER BY s.at DESC, n.id DESC LIMIT $2`,
		[]any{who.Reader(), limit}, func(r *sql.Rows) error {
			var s Seen
			err := r.Scan(&s.ID, &s.Case, &s.Kind, db.Instant(&s.At), db.Instant(&s.SeenAt), &s.Code, &s.Title)
			all = append(all, s)
			return err
		})
	return all, err
}

// Newest returns the kind of what a unit was told last about a case, "" for nothing. The
// caller holds the case through Get.
func Newest(tx *db.Tx, id casefile.ID, unit org.UnitID) (kind string, err error) {
	// system: the caller holds the case through Get
	err = tx.All(`SELECT kind FROM notice WHERE case_id = $1 AND unit = $2 AND not_before <= $3 ORDER BY id DESC LIMIT 1`,
		[]any{string(id), string(unit), tx.Now}, func(r *sql.Rows) error { return r.Scan(&kind) })
	return kind, err
}
