package org

import (
	"encoding/json"
	"sync"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/workday"
)

// change holds the two numbers that grow with every change of the office. mine says
// that this very transaction changed it: what it then reads is not kept for others.
type change struct {
	units, people int64
	mine          bool
}

type changeKey struct{}

// changes reads the change numbers once a transaction: the one read of the hot path.
func changes(tx *db.Tx) (*change, error) {
	if c, ok := tx.Value(changeKey{}).(*change); ok {
		return c, nil
	}
	c := new(change)
	var err error
	if c.units, err = tx.Version("org.units"); err != nil {
		return nil, err
	}
	if c.people, err = tx.Version("org.people"); err != nil {
		return nil, err
	}
	tx.SetValue(changeKey{}, c)
	return c, nil
}

// hold lets one change of the office run at a time, from here to the commit: that there
// is one head, one cover, one charge is a rule over rows that no single row can keep.
// What was read before is read again, for another change may have come between.
func hold(tx *db.Tx) error {
	if c, ok := tx.Value(changeKey{}).(*change); ok && c.mine {
		return nil
	}
	if _, err := tx.Exec(`UPDATE org_change SET units = units WHERE id = 1`); err != nil {
		return err
	}
	tx.SetValue(changeKey{}, nil)
	tx.ForgetVersions()
	return nil
}

// changed makes every node read units or people again.
func changed(tx *db.Tx, units, people bool) (err error) {
	if units {
		err = tx.Bump("org.units")
	}
	if err == nil && people {
		err = tx.Bump("org.people")
	}
	if err != nil {
		return err
	}
	tx.SetValue(changeKey{}, nil)
	c, err := changes(tx)
	if err == nil {
		c.mine = true
	}
	return err
}

// office is what a node keeps of the office in memory: the newest directory and the
// actors that were asked for under the same change numbers on the same day.
type office struct {
	mu     sync.RWMutex
	dir    *directory
	units  int64
	people int64
	day    workday.Date
	actors map[OfficerID]Actor
	lists  map[string]any // what the last numbers and day give for a question: paths, officers, covers
}

type officeKey struct{}

// kept returns the store's office. What is in it changes only together with its numbers.
func kept(tx *db.Tx) (*office, error) {
	if o, ok := tx.Value(officeKey{}).(*office); ok {
		return o, nil
	}
	v, err := tx.Memo("org.office", func() (any, error) { return new(office), nil })
	if err != nil {
		return nil, err
	}
	tx.SetValue(officeKey{}, v)
	return v.(*office), nil
}

func (o *office) directory(units int64) *directory {
	o.mu.RLock()
	defer o.mu.RUnlock()
	if o.dir != nil && o.dir.n == units {
		return o.dir
	}
	return nil
}

func (o *office) keepDirectory(d *directory) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.dir == nil || o.dir.n < d.n {
		o.dir = d
	}
}

func (o *office) actor(c *change, day workday.Date, id OfficerID) (Actor, bool) {
	o.mu.RLock()
	defer o.mu.RUnlock()
	if o.units != c.units || o.people != c.people || o.day != day {
		return Actor{}, false
	}
	a, ok := o.actors[id]
	return a, ok
}

func (o *office) keepActor(c change, day workday.Date, a Actor) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.units != c.units || o.people != c.people || o.day != day {
		o.units, o.people, o.day, o.actors, o.lists = c.units, c.people, day, map[OfficerID]Actor{}, map[string]any{}
	}
	o.actors[a.Officer] = a
}

func (o *office) list(c *change, day workday.Date, question string) (any, bool) {
	o.mu.RLock()
	defer o.mu.RUnlock()
	if o.units != c.units || o.people != c.people || o.day != day {
		return nil, false
	}
	v, ok := o.lists[question]
	return v, ok
}

func (o *office) keepList(c change, day workday.Date, question string, v any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.units != c.units || o.people != c.people || o.day != day || len(o.lists) >= listsKept {
		o.units, o.people, o.day, o.actors, o.lists = c.units, c.people, day, map[OfficerID]Actor{}, map[string]any{}
	}
	o.lists[question] = v
}

// listsKept bounds what a node keeps: a province asks some thousand questions a day.
const listsKept = 20_000

// onceADay answers a question about the office of today from what this node keeps, and
// reads it only after a change or when the day turned. The answer is shared: callers
// that change it copy it first.
func onceADay[T any](tx *db.Tx, question string, read func() (T, error)) (v T, err error) {
	c, err := changes(tx)
	if err != nil {
		return v, err
	}
	o, err := kept(tx)
	if err != nil {
		return v, err
	}
	day := today(tx)
	if !c.mine {
		if kept, ok := o.list(c, day, question); ok {
			return kept.(T), nil
		}
	}
	v, err = read()
	if err == nil && !c.mine {
		was := *c
		tx.Committed(func() { o.keepList(was, day, question, v) })
	}
	return v, err
}

// An Entry is one line of the office's log: who changed what.
type Entry struct {
	ID     string
	At     string // an instant as stored
	By     string // an officer's id, or "system:" and a part of the program
	Act    string // the operation, "AssignPost"
	Unit   UnitID
	Target string // the row that changed
	Was    string // JSON, "" when there was nothing
	Became string // JSON, "" when it ended
}

// traced writes the log line of one change.
func traced(tx *db.Tx, who Actor, act string, unit UnitID, target string, was, became any) (err error) {
	defer fault.Wrap(&err, "org log")
	by := string(who.Officer)
	if who.System != "" {
		by = "system:" + who.System
	}
	before, err := asText(was)
	if err != nil {
		return err
	}
	after, err := asText(became)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO org_log (id, at, actor, act, unit, target, was, became) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		tx.NewID(), tx.Now, by, act, unit, target, before, after)
	return err
}

func asText(v any) (string, error) {
	if v == nil {
		return "", nil
	}
	b, err := json.Marshal(v)
	return string(b), err
}

// today is the office's day of the request.
func today(tx *db.Tx) workday.Date { return workday.Of(tx.Now) }

// inForce says whether a row that begins and ends on days holds on a day.
func inForce(since, until, on workday.Date) bool {
	return !on.Before(since) && (until.IsZero() || on.Before(until))
}

// Note writes a line into the office's log for what another package changed about a
// unit's people, such as an account: the act and whom it concerns, never a secret.
func Note(tx *db.Tx, who Actor, act string, unit UnitID, target string) error {
	return traced(tx, who, act, unit, target, nil, nil)
}
