// Package casefile keeps cases (hồ sơ công việc): the thread on which everything
// about one matter hangs.
//
// A case has a tracking code, parties and readers, documents, and an append-only
// history. Every operation of a slice begins with Lock and ends with Record: one
// writer a case, and one event for each act, whose exact bytes are hashed and left
// in the audit log. What a case is about belongs to the slices; what is owed on it
// belongs to duty.
package casefile

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
)

// An ID names a case: 26 letters, in the order in which cases were opened.
type ID string

// A Case is the row of one case as the reader may see it.
type Case struct {
	ID       ID
	Kind     string // the slice that owns it
	Code     string // tracking code, "KN-0437/2026"; never printed bare
	Title    string
	State    string // the slice's word for where it stands
	Scope    string // the membership that reads all cases of the kind; "" while a draft
	Rulebook string // hash of the rulebook it runs under
	Field    string
	Lead     org.UnitID // "" before anybody has it
	Raiser   org.UnitID
	Version  int64 // what the person saw; Lock gives the version before its own increment
	OpenedAt time.Time
	ClosedAt time.Time // zero while it is open
	SealedAt time.Time // zero unless it was taken out of reach
}

// New is what Open needs.
type New struct {
	Kind     string
	Prefix   string // of the tracking code: "KN"
	Title    string
	State    string
	Scope    string // who reads besides the parties
	Rulebook string // the hash; the case keeps it for good
	Field    string
	Raiser   org.UnitID
	Lead     org.UnitID
}

// Open makes a case at version 1 and holds it. The caller adds its parties and records
// its first event; what it changes on the case until the commit is kept.
func Open(tx *db.Tx, in New) (c *Case, err error) {
	defer fault.Wrap(&err, "open case")
	code, err := nextCode(tx, in.Prefix)
	if err != nil {
		return nil, err
	}
	c = &Case{
		ID: ID(tx.NewID()), Kind: in.Kind, Code: code, Title: in.Title, State: in.State, Scope: in.Scope,
		Rulebook: in.Rulebook, Field: in.Field, Lead: in.Lead, Raiser: in.Raiser, Version: 1, OpenedAt: tx.Now,
	}
	err = tx.Put(`
		INSERT INTO casefile (id, kind, code, title, state, scope, rulebook, field, lead, raiser, version, opened_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11)`,
		string(c.ID), c.Kind, c.Code, c.Title, c.State, c.Scope, c.Rulebook, c.Field, string(c.Lead), string(c.Raiser), tx.Now)
	if err != nil {
		return nil, err
	}
	tx.SetValue(headKey(c.ID), &head{})
	hold(tx, c, 0).opened = true
	return c, nil
}

// nextCode gives the year's next tracking number of a prefix. It is unique, not
// gapless: what needs gapless numbers is a register (signoff).
func nextCode(tx *db.Tx, prefix string) (string, error) {
	year := tx.Now.In(office).Year()
	n, err := tx.Number(fmt.Sprintf("%s/%d", prefix, year))
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s-%04d/%d", prefix, n, year), nil
}

const columns = `id, kind, code, title, state, scope, rulebook, field, lead, raiser, version, opened_at, closed_at, sealed_at`

// The columns of a case in their order, and what the caller reads beside them.
func (c *Case) scan(r *sql.Rows, more ...any) error {
	return r.Scan(append([]any{&c.ID, &c.Kind, &c.Code, &c.Title, &c.State, &c.Scope, &c.Rulebook, &c.Field, &c.Lead, &c.Raiser,
		&c.Version, db.Instant(&c.OpenedAt), db.Instant(&c.ClosedAt), db.Instant(&c.SealedAt)}, more...)...)
}

// Get returns the case, or fault.NotFound when it does not exist or who may not read it.
func Get(tx *db.Tx, who org.Actor, id ID) (c *Case, err error) {
	query, args := visible(who, id, columns)
	return one(tx, id, query, args)
}

// A held case is one that this transaction locked or opened: the one copy that every
// function of the operation works on, and what it was before.
type held struct {
	c      *Case
	was    Case  // as it was read, to see what changed
	step   int64 // by how much the version moves
	opened bool  // by this transaction
	joined bool  // its first parties are written
	events int64 // when it was locked
}

// A case that is held stands in its transaction under this key.
type heldKey ID

// Held says whether this transaction holds the case, by Open or Lock: what must not be
// written beside another writer asks for it.
func Held(tx *db.Tx, id ID) bool {
	_, ok := tx.Value(heldKey(id)).(*held)
	return ok
}

// Opened says whether this very transaction opened the case: nothing of it can stand in
// the store yet but what the transaction itself wrote.
func Opened(tx *db.Tx, id ID) bool {
	h, ok := tx.Value(heldKey(id)).(*held)
	return ok && h.opened
}

// Holds a case to the end of the transaction. The last step checks that what was recorded is what stands
// there, so that no slice can change a case past its history.
func hold(tx *db.Tx, c *Case, step int64) *held {
	h := &held{c: c, was: *c, step: step}
	tx.SetValue(heldKey(c.ID), h)
	tx.Last("casefile "+string(c.ID), func() error {
		end, err := lastOf(tx, c.ID)
		if err != nil {
			return err
		}
		recorded := !h.opened && end.n != h.events
		if h.step == 0 && *h.c == h.was && !recorded {
			return nil
		}
		return h.c.save(tx, h.step, end)
	})
	return h
}

// Lock holds the case for this transaction: one writer a case, from here to the
// commit. The case returned has the version that the person saw; who may not read it
// gets fault.NotFound. What the operation changes on it - title, state, scope, field,
// lead, rulebook, the instant it closed or was sealed - is written once, when the
// transaction ends, with the next version. tx.Now is from then on not before the
// case's last event. Locking again gives the same copy.
func Lock(tx *db.Tx, who org.Actor, id ID) (*Case, error) { return lock(tx, who, id, 1) }

// LockSeen is Lock for an act of a person who saw a version of the case: it refuses as
// Check does when the case has moved on. A seen version of 0 asks for no check.
func LockSeen(tx *db.Tx, who org.Actor, id ID, seen int64) (*Case, error) {
	c, err := Lock(tx, who, id)
	if err != nil {
		return nil, err
	}
	return c, c.Check(seen)
}

// LockQuiet is Lock without a new version, for what shows no person anything new.
func LockQuiet(tx *db.Tx, who org.Actor, id ID) (*Case, error) { return lock(tx, who, id, 0) }

// LockAll locks several cases in the order of their ids, so that two operations never
// wait for each other crosswise, and returns them in the order asked for.
func LockAll(tx *db.Tx, who org.Actor, ids ...ID) ([]*Case, error) {
	sorted := slices.Clone(ids)
	slices.Sort(sorted)
	for _, id := range slices.Compact(sorted) {
		if _, err := Lock(tx, who, id); err != nil {
			return nil, err
		}
	}
	all := make([]*Case, len(ids))
	for i, id := range ids {
		all[i] = tx.Value(heldKey(id)).(*held).c
	}
	return all, nil
}

// Locks a case that the caller may read; one he may not read is not found, so that ids tell nothing.
func lock(tx *db.Tx, who org.Actor, id ID, step int64) (*Case, error) {
	query, args := visible(who, id, columns+`, leaf_n, leaf, leaf_at`)
	end := new(head)
	c, err := one(tx, id, query+tx.ForUpdate("casefile"), args, end.dest()...)
	if err != nil {
		return nil, err
	}
	if h, ok := tx.Value(heldKey(id)).(*held); ok {
		h.step = max(h.step, step)
		return h.c, h.c.open()
	}
	if err := c.open(); err != nil {
		return nil, err
	}
	if end.n > 0 {
		tx.SetValue(headKey(id), end)
	} else if end, err = lastOf(tx, id); err != nil { // nobody locked it since it was opened
		return nil, err
	}
	if tx.Now.Before(end.at) { // the trace of a case never runs backwards
		tx.Now = end.at
	}
	hold(tx, c, step).events = end.n
	return c, nil
}

// open refuses a case that was sealed.
func (c *Case) open() error {
	if !c.SealedAt.IsZero() {
		return fault.Refuse(fault.Conflict, "Việc này đã niêm phong, không thể thay đổi.")
	}
	return nil
}

// visible is the query of one case as the actor may see it; the program sees all.
func visible(who org.Actor, id ID, what string) (query string, args []any) {
	query, args = `SELECT `+what+` FROM casefile WHERE id = $1`, []any{string(id)}
	if who.System == "" {
		query += ` AND ` + access.Visible("casefile.id", "$2")
		args = append(args, who.Reader())
	}
	return query, args
}

// The one case of a query, or not found.
func one(tx *db.Tx, id ID, query string, args []any, more ...any) (*Case, error) {
	var c *Case
	err := tx.All(query, args, func(r *sql.Rows) error {
		c = new(Case)
		return c.scan(r, more...)
	})
	if err == nil && c == nil {
		err = fault.NotFound
	}
	if err != nil {
		return nil, fmt.Errorf("case %s: %w", id, err)
	}
	return c, nil
}

// Check refuses an act on a case that changed since the person saw it. A seen
// version of 0 asks for no check (the JSON face without If-Match).
func (c *Case) Check(seen int64) error {
	if seen != 0 && seen != c.Version {
		return &fault.Refusal{Kind: fault.Conflict, Field: fault.Seen, Say: "Việc này vừa có thay đổi sau khi anh/chị mở trang. Hãy xem bản mới rồi gửi lại; nội dung đã nhập vẫn được giữ."}
	}
	return nil
}

// Writes what may change of a case. The row is there: the transaction holds it, and cases are never
// deleted.
func (c *Case) save(tx *db.Tx, step int64, end *head) (err error) {
	defer fault.Wrap(&err, "save case %s", c.ID)
	return tx.Put(`
		UPDATE casefile SET title = $1, state = $2, scope = $3, field = $4, lead = $5, rulebook = $6, closed_at = $7,
			sealed_at = $8, version = version + $9, leaf_n = $10, leaf = $11, leaf_at = $12
		WHERE id = $13`,
		c.Title, c.State, c.Scope, c.Field, string(c.Lead), c.Rulebook, c.ClosedAt, c.SealedAt, step, end.n, end.leaf[:], end.at, string(c.ID))
}

// Named returns the case that a form or a program names: by its id, or by the tracking code
// that people see. What names nothing that who may read stays as it was written, for the
// act to refuse by its field.
func Named(tx *db.Tx, who org.Actor, s string) (ID, error) {
	if s = strings.TrimSpace(s); s == "" || db.ValidID(s) {
		return ID(s), nil
	}
	id, err := ByCode(tx, who, strings.ToUpper(s))
	if errors.Is(err, fault.NotFound) {
		return ID(s), nil
	}
	return id, err
}

// ByCode returns the id of the case with a tracking code, or fault.NotFound when
// who may not read it: a code tells nobody that a case exists.
func ByCode(tx *db.Tx, who org.Actor, code string) (id ID, err error) {
	query, args := `SELECT id FROM casefile WHERE code = $1`, []any{code}
	if who.System == "" {
		query += ` AND ` + access.Visible("casefile.id", "$2")
		args = append(args, who.Reader())
	}
	err = tx.One(query, args, &id)
	return id, err
}
