// Package notice keeps who is told what: a line for the posts of a unit, or for one
// officer, that something happened on a case.
//
// A notice is queued in the transaction of the operation it tells about. It holds a
// kind and a case, never a title or a text: the sentence is made when it is read,
// under the reader's rights of that moment. Channels that leave the building (mail,
// webhook) take notices from here through the outbox. What must be done, by when, is
// a duty and not a notice.
package notice

import (
	"database/sql"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/setting"
)

// A Note is one notice. Either Officer is set, or Unit with a Role ("" for all).
type Note struct {
	ID        string
	Unit      org.UnitID
	Role      org.Role      // "" for everybody of the unit
	Officer   org.OfficerID // set: for him alone
	Case      casefile.ID
	Kind      string // "petition.answered"; the slice's Say gives its sentence
	At        time.Time
	NotBefore time.Time // zero: at once
	Code      string    // of the case, for the list
	Title     string
}

// Tell queues notices, in the transaction of what they tell about.
func Tell(tx *db.Tx, notes ...Note) (err error) {
	defer fault.Wrap(&err, "tell")
	for _, n := range notes {
		if n.NotBefore.IsZero() {
			n.NotBefore = tx.Now
		}
		if err := noted(tx, n.Kind); err != nil {
			return err
		}
		err := tx.Put(`INSERT INTO notice (id, unit, role, officer, case_id, kind, at, not_before, fresh) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, TRUE)`,
			tx.NewID(), string(n.Unit), string(n.Role), string(n.Officer), string(n.Case), n.Kind, tx.Now, n.NotBefore)
		if err != nil {
			return err
		}
		if n.Unit != "" {
			tx.Touch(string(n.Unit))
		} else {
			tx.Touch(org.OfOfficer(n.Officer))
		}
	}
	return nil
}

// noted keeps the kind in the list of those ever told, once a process.
func noted(tx *db.Tx, kind string) error {
	_, err := tx.Memo("notice kind "+kind, func() (any, error) {
		return tx.Exec(`INSERT INTO notice_kind (kind) VALUES ($1) ON CONFLICT DO NOTHING`, kind)
	})
	return err
}

// Kinds returns the kinds that were ever told in this office, for a program that starts to
// refuse what it does not know.
func Kinds(tx *db.Tx) (kinds []string, err error) {
	err = tx.All(`SELECT kind FROM notice_kind ORDER BY kind`, nil, func(r *sql.Rows) error {
		var kind string
		err := r.Scan(&kind)
		kinds = append(kinds, kind)
		return err
	})
	return kinds, err
}

// How long what was told to a unit is news is the setting notice.news. What must be done is a duty and
// stands in the inbox until it is done; the case keeps what happened. It bounds what a
// page looks through; no regulation states it.
// newsSince is the instant behind which it is none.
func newsSince(tx *db.Tx) (time.Time, error) {
	span, err := setting.SpanOf(tx, "notice.news")
	return tx.Now.Add(-span), err
}

// waits says that a notice n is to be shown now.
const waits = `n.read_at IS NULL AND n.not_before <= $1`

// arms are the conditions under which a notice n is for an actor: it is his own, or of
// one whose work he does, or of one of his posts. Each begins with equality on an index
// of what is unread, and no notice is in two of them: it has one officer or one unit.
//
// What was told to a unit is read by each of its people for himself: a leader who opens it
// must not hide it from the clerk. It is news no longer than since the instant news;
// so a page looks behind no more of what one has read than came in that time.
func arms(news time.Time, who org.Actor, args *[]any) (all []string) {
	bind := func(v any) string {
		*args = append(*args, v)
		return "$" + strconv.Itoa(len(*args))
	}
	seen := map[org.OfficerID]bool{}
	for _, o := range append([]org.OfficerID{who.Officer}, who.Cover...) {
		if !seen[o] {
			seen[o] = true
			all = append(all, `n.officer = `+bind(string(o))+` AND n.officer <> ''`)
		}
	}
	roles := map[org.UnitID][]string{}
	for _, p := range who.Posts {
		roles[p.Unit] = append(roles[p.Unit], string(p.Role))
	}
	mine := ""
	if len(roles) > 0 {
		// system: a condition on rows that the caller joins to what the actor may read
		mine = ` AND n.not_before > ` + bind(news) + ` AND NOT EXISTS (SELECT 1 FROM notice_read x WHERE x.officer = ` + bind(string(who.Officer)) + ` AND x.notice = n.id)`
	}
	for _, u := range slices.Sorted(maps.Keys(roles)) {
		unit, in := bind(string(u)), "''"
		for _, r := range roles[u] {
			in += ", " + bind(r)
		}
		all = append(all, `n.unit = `+unit+` AND n.unit <> '' AND n.role IN (`+in+`)`+mine)
	}
	return all
}

// told is the condition under which one notice n is for an actor, is to be shown, and is
// of a case that he may read.
func told(news time.Time, who org.Actor, args *[]any) string {
	return waits + ` AND (` + strings.Join(arms(news, who, args), " OR ") + `) AND ` + access.Visible("n.case_id", "$2")
}

// Unread returns an actor's unread notices that are due to be shown and whose case he
// may read, newest first, at most limit: his own, those of his posts, and those of the
// officers whose work he does. Each arm gives no more than the page holds, so that what
// a page costs does not grow with what a unit has not read.
func Unread(tx *db.Tx, who org.Actor, limit int) (all []Note, err error) {
	news, err := newsSince(tx)
	if err != nil {
		return nil, err
	}
	args := []any{tx.Now, who.Reader(), limit}
	var pages []string
	for _, arm := range arms(news, who, &args) {
		pages = append(pages, `SELECT * FROM (SELECT n.id, n.unit, n.role, n.officer, n.case_id, n.kind, n.at, n.not_before FROM notice n
			WHERE `+waits+` AND `+arm+` AND `+access.Visible("n.case_id", "$2")+` ORDER BY n.not_before DESC, n.id DESC LIMIT $3) page`)
	}
	err = tx.All(`
		SELECT n.id, n.unit, n.role, n.officer, n.case_id, n.kind, n.at, n.not_before, c.code, c.title
		FROM (`+strings.Join(pages, " UNION ALL ")+`) n JOIN casefile c ON c.id = n.case_id
		ORDER BY n.not_before DESC, n.id DESC LIMIT $3`, args, func(r *sql.Rows) error {
		var n Note
		err := r.Scan(&n.ID, &n.Unit, &n.Role, &n.Officer, &n.Case, &n.Kind, db.Instant(&n.At), db.Instant(&n.NotBefore), &n.Code, &n.Title)
		all = append(all, n)
		return err
	})
	return all, err
}

// Count returns how many notices Unread would give without a limit, up to most: a badge
// says "99+" and need not know more.
func Count(tx *db.Tx, who org.Actor, most int) (n int, err error) {
	return count(tx, who, everywhere, "", most)
}

// Where unread notices n are counted: everywhere, or among those of the case $4. The latter is
// found by the case, which has few, never by the unit, which may have thousands it did not read.
const (
	everywhere = `notice n WHERE `
	ofCase     = `notice k CROSS JOIN notice n WHERE k.case_id = $4 AND n.id = k.id AND `
)

// count counts, up to most, the unread notices of an actor in one of these places.
func count(tx *db.Tx, who org.Actor, where, value string, most int) (n int, err error) {
	news, err := newsSince(tx)
	if err != nil {
		return 0, err
	}
	args := []any{tx.Now, who.Reader(), most}
	if where != everywhere {
		args = append(args, value)
	}
	var sums []string
	for _, arm := range arms(news, who, &args) {
		sums = append(sums, `(SELECT count(*) FROM (SELECT 1 AS x FROM `+where+waits+` AND `+arm+
			` AND `+access.Visible("n.case_id", "$2")+` LIMIT $3) page)`)
	}
	err = tx.One(`SELECT `+strings.Join(sums, " + "), args, &n)
	return min(n, most), err
}

// ReadCase marks as read what an actor was told about a case: he is looking at it.
func ReadCase(tx *db.Tx, who org.Actor, id casefile.ID) (err error) {
	defer fault.Wrap(&err, "read notices of %s", id)
	_, err = mark(tx, who, `n.case_id = $3`, string(id))
	return err
}

// mark marks as read, for an actor, what he was told among the notices that a condition on
// one value, $3, takes, and returns how many they were. A unit's notice stays for its
// other people; marks behind what is news are taken away, for nothing asks them.
func mark(tx *db.Tx, who org.Actor, cond, value string) (n int64, err error) {
	tx.Touch(org.OfOfficer(who.Officer))
	news, err := newsSince(tx)
	if err != nil {
		return 0, err
	}
	args := []any{tx.Now, who.Reader(), value, string(who.Officer)}
	units, err := tx.Exec(`INSERT INTO notice_read (officer, notice, at) SELECT $4, n.id, $1 FROM notice n WHERE `+cond+` AND n.unit <> '' AND `+
		told(news, who, &args)+` ON CONFLICT DO NOTHING`, args...)
	if err != nil {
		return 0, err
	}
	args = args[:4]
	own, err := tx.Exec(`UPDATE notice AS n SET read_at = $1, read_by = $4 WHERE `+cond+` AND n.officer <> '' AND `+told(news, who, &args), args...)
	if err != nil {
		return 0, err
	}
	_, err = tx.Exec(`DELETE FROM notice_read WHERE officer = $1 AND at < $2`, string(who.Officer), news)
	return units + own, err
}

// OfCase says whether an actor has unread notices about a case.
func OfCase(tx *db.Tx, who org.Actor, id casefile.ID) (waits bool, err error) {
	n, err := count(tx, who, ofCase, string(id), 1)
	return n > 0, err
}

// Read marks a notice as read by an actor to whom it was told; for anyone else, or once
// it is out of his sight, it does not exist.
func Read(tx *db.Tx, who org.Actor, id string) error {
	n, err := mark(tx, who, `n.id = $3`, id)
	if err != nil || n == 1 {
		return err
	}
	// system: read already, by him or by who does his work; nothing is shown
	return tx.One(`SELECT n.id FROM notice n WHERE n.id = $1 AND (n.read_at IS NOT NULL
		OR EXISTS (SELECT 1 FROM notice_read x WHERE x.officer = $2 AND x.notice = n.id))`, []any{id, string(who.Officer)}, new(string))
}
