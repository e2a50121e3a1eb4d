package db

import (
	"sync"
	"time"
)

// recent keeps what views counted of things that change all the time (the badges beside
// every page), until a commit of this node touches one of the units it was counted for.
//
// Every commit that touched units takes the next number. What a view counted carries the
// number that stood before its snapshot; it holds while none of its units has a higher
// one. So whoever has waited for an update sees its effect, and a view that began before
// a commit and ended after it leaves nothing behind that hides that commit.
type recent struct {
	mu      sync.Mutex
	n       uint64            // of the last commit that touched a unit
	touched map[string]uint64 // a unit's last number
	floor   uint64            // numbers below it are forgotten
	all     map[string]counted
}

// A count that was kept, with all that can make it wrong: the units it counted and the versions it saw.
type counted struct {
	v        any
	units    []string // whose change makes it stale
	n        uint64   // the number before the snapshot in which it was counted
	versions int64    // of what nodes keep in memory
	at       time.Time
}

// recentFor bounds how old a kept count may be: what the clock changes, what another
// node or another program wrote, and what a colleague has read, shows by then.
const recentFor = 2 * time.Second

// recentBound is how many counts and how many units are kept; past it all are forgotten.
const recentBound = 1 << 14

// The number to count from; taken before the snapshot is, so that what comes between makes the count stale
// and never the other way.
func (k *recent) number() uint64 {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.n
}

// Says that something about these units changed. Past a bound everything counts as changed.
func (k *recent) touch(units map[string]bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.n++
	if k.touched == nil {
		k.touched = make(map[string]uint64)
	}
	if len(k.touched) > recentBound {
		k.touched, k.all, k.floor = make(map[string]uint64), nil, k.n
	}
	for u := range units {
		k.touched[u] = k.n
	}
}

// holds says whether what was counted still stands.
func (k *recent) holds(c counted, versions int64, now time.Time) bool {
	if c.n < k.floor || c.versions != versions || now.Before(c.at) || now.Sub(c.at) >= recentFor {
		return false
	}
	for _, u := range c.units {
		if k.touched[u] > c.n {
			return false
		}
	}
	return true
}

// Recent returns what load counted for these units within the last seconds, or calls it
// when one of them was touched since, or units, people or rules have changed. key names
// the officer and the question. In an update nothing is kept: load is called. It is for
// figures beside a page; what lists and rights rest on is read.
func (tx *Tx) Recent(key string, units []string, load func() (any, error)) (any, error) {
	if tx.writes {
		return load()
	}
	versions, err := tx.versionSum()
	if err != nil {
		return nil, err
	}
	k := &tx.db.recent
	k.mu.Lock()
	c, ok := k.all[key]
	ok = ok && k.holds(c, versions, tx.Now)
	k.mu.Unlock()
	if ok {
		return c.v, nil
	}
	v, err := load()
	if err != nil {
		return nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.all == nil || len(k.all) >= recentBound {
		k.all = make(map[string]counted)
	}
	k.all[key] = counted{v: v, units: units, n: tx.began, versions: versions, at: tx.Now}
	return v, nil
}

// versionSum is a number that no bump of any version leaves as it was: they only grow.
func (tx *Tx) versionSum() (sum int64, err error) {
	if _, err := tx.Version(""); err != nil {
		return 0, err
	}
	v, _ := tx.Value(versionsKey{}).(versions)
	for _, n := range v {
		sum += n
	}
	return sum, nil
}
