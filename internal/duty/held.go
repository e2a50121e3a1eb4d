package duty

import (
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
)

// owed are the duties of a case that this transaction holds: nobody else can write
// them, so they are read once, and every function of the operation works on the same.
type owed struct{ all []*Duty }

// The duties of a held case stand in its transaction under this key: read once, then changed together.
type owedKey casefile.ID

// heldOf returns the duties of a held case; ok is false for a case that is not held.
func heldOf(tx *db.Tx, id casefile.ID) (o *owed, ok bool, err error) {
	if !casefile.Held(tx, id) {
		return nil, false, nil
	}
	if o, ok := tx.Value(owedKey(id)).(*owed); ok {
		return o, true, nil
	}
	o = new(owed)
	if !casefile.Opened(tx, id) { // a case just opened owes what armed added
		if o.all, err = readOfCase(tx, id); err != nil {
			return nil, true, err
		}
	}
	tx.SetValue(owedKey(id), o)
	return o, true, nil
}

// armed adds a new duty to those already read, or to those of a case just opened.
func armed(tx *db.Tx, d *Duty) {
	o, ok := tx.Value(owedKey(d.Case)).(*owed)
	if !ok && casefile.Opened(tx, d.Case) {
		o = new(owed)
		tx.SetValue(owedKey(d.Case), o)
		ok = true
	}
	if ok {
		o.all = append(o.all, d)
	}
}

// held returns a duty that was already read, nil when it was not.
func held(tx *db.Tx, k Key) *Duty {
	o, ok := tx.Value(owedKey(k.Case)).(*owed)
	if !ok {
		return nil
	}
	d, err := o.get(k)
	if err != nil {
		return nil
	}
	return d
}

// One duty among those that are held.
func (o *owed) get(k Key) (*Duty, error) {
	for _, d := range o.all {
		if d.Key == k {
			return d, nil
		}
	}
	return nil, fault.NotFound
}
