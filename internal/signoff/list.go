package signoff

import (
	"database/sql"
	"slices"
	"strings"

	"lienthong/internal/access"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
)

// An Item is a paper in a list, with what names its case.
type Item struct {
	Paper
	CaseCode  string
	CaseTitle string
}

// A Filter narrows Waiting; its zero value is everything.
type Filter struct {
	State    State      // "" any
	Returned bool       // only those sent back
	Unit     org.UnitID // "" any of the actor's
}

// waitingKeys are all the keys under which papers wait for the actor, in any of his
// posts and for those whose work he does.
func waitingKeys(who org.Actor) (keys []string) {
	keys = append(keys, officerKey(who.Officer))
	for _, o := range who.Cover {
		keys = append(keys, officerKey(o))
	}
	for _, p := range who.Posts {
		for _, k := range keysOf(p) {
			if !slices.Contains(keys, k) {
				keys = append(keys, k)
			}
		}
	}
	return keys
}

// waitingWhere is the condition under which papers of the table p wait for who. Its
// first placeholder is $1.
func waitingWhere(who org.Actor) (where string, args []any) {
	args = []any{who.Reader()}
	var in []string
	for _, k := range waitingKeys(who) {
		args = append(args, k)
		in = append(in, placeholder(len(args)))
	}
	where = `p.waiting <> '' AND p.waiting IN (` + strings.Join(in, ", ") + `) AND ` + access.Visible("p.case_id", "$1")
	return where, args
}

// Waiting returns the papers whose turn is this actor's - to finish, to review, to sign,
// to number and release, sent back - those that wait longest first, and the cursor of the
// rest, "" at the end.
func Waiting(tx *db.Tx, who org.Actor, f Filter, cursor string, limit int) (items []Item, next string, err error) {
	defer fault.Wrap(&err, "waiting papers")
	where, args := waitingWhere(who)
	add := func(cond string, v ...any) {
		for _, x := range v {
			args = append(args, x)
			cond = strings.Replace(cond, "?", placeholder(len(args)), 1)
		}
		where += cond
	}
	if f.State != "" {
		add(` AND p.state = ?`, string(f.State))
	}
	if f.Returned {
		add(` AND p.returned`)
	}
	if f.Unit != "" {
		add(` AND p.unit = ?`, string(f.Unit))
	}
	if cursor != "" {
		at, id, ok := strings.Cut(cursor, "|")
		if !ok || !db.Storable(cursor) {
			return nil, "", fault.Refuse(fault.Invalid, "Trang này không còn; hãy mở lại danh sách.")
		}
		add(` AND (p.moved_at, p.id) > (?, ?)`, at, id)
	}
	args = append(args, limit+1)
	err = tx.All(`SELECT `+paperColumns+`, c.code, c.title FROM paper p JOIN casefile c ON c.id = p.case_id
		WHERE `+where+` ORDER BY p.moved_at, p.id LIMIT `+placeholder(len(args)), args, func(r *sql.Rows) error {
		var i Item
		if err := i.scan(r, &i.CaseCode, &i.CaseTitle); err != nil {
			return err
		}
		items = append(items, i)
		return nil
	})
	if len(items) > limit {
		items = items[:limit]
		last := items[limit-1]
		next = db.FormatInstant(last.MovedAt) + "|" + string(last.ID)
	}
	return items, next, err
}

// Counts says how many papers wait for the actor, by state; Returned counts those sent
// back, which Drafting holds too.
type Counts struct {
	Drafting, Returned, Reviewing, Signing, Releasing int64
}

// A Tally is how many papers of a unit wait for an actor in one state.
type Tally struct {
	Unit     org.UnitID
	State    State
	Returned bool // sent back
	N        int
}

// Takes says whether Waiting under this filter lists the papers of the tally.
func (f Filter) Takes(t Tally) bool {
	return (f.State == "" || f.State == t.State) && (!f.Returned || t.Returned) && (f.Unit == "" || f.Unit == t.Unit)
}

// Tallies counts what Waiting would list, by unit and state.
func Tallies(tx *db.Tx, who org.Actor) (all []Tally, err error) {
	defer fault.Wrap(&err, "count waiting papers")
	where, args := waitingWhere(who)
	err = tx.All(`SELECT p.unit, p.state, p.returned, count(*) FROM paper p WHERE `+where+`
		GROUP BY p.unit, p.state, p.returned ORDER BY p.unit, p.state, p.returned`, args, func(r *sql.Rows) error {
		var t Tally
		err := r.Scan(&t.Unit, &t.State, &t.Returned, &t.N)
		all = append(all, t)
		return err
	})
	return all, err
}

// CountWaiting counts what Waiting would list.
func CountWaiting(tx *db.Tx, who org.Actor) (n Counts, err error) {
	all, err := Tallies(tx, who)
	for _, t := range all {
		n.add(t.State, t.Returned, int64(t.N))
	}
	return n, err
}

// Adds to the count of one state; a returned paper is counted as such beside it.
func (n *Counts) add(s State, returned bool, k int64) {
	switch s {
	case Drafting:
		n.Drafting += k
	case Reviewing:
		n.Reviewing += k
	case Signing:
		n.Signing += k
	case Releasing:
		n.Releasing += k
	}
	if returned {
		n.Returned += k
	}
}
