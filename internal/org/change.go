package org

import (
	"lienthong/internal/db"
	"lienthong/internal/workday"
)

// change holds the two numbers that grow with every change of the office. mine says
// that this very transaction changed it: what it then reads is not kept for others.
type change struct {
	units, people int64
	mine          bool // this transaction changed them itself
}

// Changes of the office stand in their transaction under this key.
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

// today is the office's day of the request.
func today(tx *db.Tx) workday.Date { return workday.Of(tx.Now) }

// inForce says whether a row that begins and ends on days holds on a day.
func inForce(since, until, on workday.Date) bool {
	return !on.Before(since) && (until.IsZero() || on.Before(until))
}
