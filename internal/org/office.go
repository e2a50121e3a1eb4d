package org

import (
	"sync"

	"lienthong/internal/db"
	"lienthong/internal/workday"
)

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

// What is known of officers stands in memory under this key.
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

// directory is the one kept, when it is as new as the change number says.
func (o *office) directory(units int64) *directory {
	o.mu.RLock()
	defer o.mu.RUnlock()
	if o.dir != nil && o.dir.n == units {
		return o.dir
	}
	return nil
}

// keepDirectory never replaces a newer one: of two nodes' readers either may be late.
func (o *office) keepDirectory(d *directory) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.dir == nil || o.dir.n < d.n {
		o.dir = d
	}
}

// An actor as remembered, if nothing of units or posts changed since and it is still the same day.
func (o *office) actor(c *change, day workday.Date, id OfficerID) (Actor, bool) {
	o.mu.RLock()
	defer o.mu.RUnlock()
	if o.units != c.units || o.people != c.people || o.day != day {
		return Actor{}, false
	}
	a, ok := o.actors[id]
	return a, ok
}

// Keeps an actor; when anything changed, everything before is forgotten at once.
func (o *office) keepActor(c change, day workday.Date, a Actor) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.units != c.units || o.people != c.people || o.day != day {
		o.units, o.people, o.day, o.actors, o.lists = c.units, c.people, day, map[OfficerID]Actor{}, map[string]any{}
	}
	o.actors[a.Officer] = a
}

// An answer to a question about the office, under the same condition.
func (o *office) list(c *change, day workday.Date, question string) (any, bool) {
	o.mu.RLock()
	defer o.mu.RUnlock()
	if o.units != c.units || o.people != c.people || o.day != day {
		return nil, false
	}
	v, ok := o.lists[question]
	return v, ok
}

// Keeps an answer; past the bound all go, which costs each a second asking.
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
