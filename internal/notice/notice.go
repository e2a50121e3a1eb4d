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
)

// A Note is one notice. Either Officer is set, or Unit with a Role ("" for all).
type Note struct {
	ID        string
	Unit      org.UnitID
	Role      org.Role
	Officer   org.OfficerID
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
		_, err := tx.Exec(`INSERT INTO notice (id, unit, role, officer, case_id, kind, at, not_before) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			tx.NewID(), string(n.Unit), string(n.Role), string(n.Officer), string(n.Case), n.Kind, tx.Now, n.NotBefore)
		if err != nil {
			return err
		}
		if n.Unit != "" {
			tx.Touch(string(n.Unit))
		}
	}
	return nil
}

// told is the condition under which a notice is for an actor and unread: it is his own,
// or of one whose work he does, or of one of his posts, and he may read its case. The
// arms stand in one statement, so that a notice for several of his posts comes once.
func told(who org.Actor, args *[]any) string {
	bind := func(v string) string {
		*args = append(*args, v)
		return "$" + strconv.Itoa(len(*args))
	}
	var arms []string
	arm := func(column string, v, more string) {
		arms = append(arms, `SELECT id FROM notice WHERE read_at IS NULL AND `+column+` = `+bind(v)+` AND `+column+` <> '' AND not_before <= $1`+more)
	}
	for _, o := range append([]org.OfficerID{who.Officer}, who.Cover...) {
		arm("officer", string(o), "")
	}
	roles := map[org.UnitID][]string{}
	for _, p := range who.Posts {
		roles[p.Unit] = append(roles[p.Unit], string(p.Role))
	}
	for _, u := range slices.Sorted(maps.Keys(roles)) {
		any := []string{"''"}
		for _, r := range roles[u] {
			any = append(any, bind(r))
		}
		arm("unit", string(u), ` AND role IN (`+strings.Join(any, ", ")+`)`)
	}
	return `n.id IN (` + strings.Join(arms, " UNION ") + `) AND ` + access.Visible("n.case_id", "$2")
}

// Unread returns an actor's unread notices that are due to be shown and whose case he
// may read, newest first, at most limit: his own, those of his posts, and those of the
// officers whose work he does.
func Unread(tx *db.Tx, who org.Actor, limit int) (all []Note, err error) {
	args := []any{tx.Now, who.Reader(), limit}
	err = tx.All(`
		SELECT n.id, n.unit, n.role, n.officer, n.case_id, n.kind, n.at, n.not_before, c.code, c.title
		FROM notice n JOIN casefile c ON c.id = n.case_id
		WHERE `+told(who, &args)+`
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
	args := []any{tx.Now, who.Reader(), most}
	query := told(who, &args)
	err = tx.One(`SELECT count(*) FROM (SELECT n.id FROM notice n WHERE `+query+` LIMIT $3) page`, args, &n)
	return n, err
}

// ReadCase marks as read what an actor was told about a case: he is looking at it.
func ReadCase(tx *db.Tx, who org.Actor, id casefile.ID) error {
	args := []any{tx.Now, who.Reader(), string(id), string(who.Officer)}
	_, err := tx.Exec(`UPDATE notice AS n SET read_at = $1, read_by = $4 WHERE n.case_id = $3 AND n.read_at IS NULL AND `+told(who, &args), args...)
	return err
}

// OfCase says whether an actor has unread notices about a case.
func OfCase(tx *db.Tx, who org.Actor, id casefile.ID) (waits bool, err error) {
	args := []any{tx.Now, who.Reader(), string(id)}
	query := told(who, &args)
	n := 0
	err = tx.One(`SELECT count(*) FROM (SELECT n.id FROM notice n WHERE n.case_id = $3 AND n.read_at IS NULL AND `+query+` LIMIT 1) held`, args, &n)
	return n > 0, err
}

// Read marks a notice as read by an actor to whom it was told; for anyone else, or once
// it is out of his sight, it does not exist.
func Read(tx *db.Tx, who org.Actor, id string) error {
	args := []any{tx.Now, who.Reader(), id, string(who.Officer)}
	n, err := tx.Exec(`UPDATE notice AS n SET read_at = $1, read_by = $4 WHERE n.id = $3 AND n.read_at IS NULL AND `+told(who, &args), args...)
	if err != nil || n == 1 {
		return err
	}
	// system: a colleague in the same post was quicker; nothing is shown
	return tx.One(`SELECT n.id FROM notice n WHERE n.id = $1 AND n.read_at IS NOT NULL`, []any{id}, new(string))
}
