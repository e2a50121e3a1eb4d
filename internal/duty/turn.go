package duty

import (
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
)

// Turn makes a running duty owed to another unit (counterpart): who waited for the act gave
// the matter away, or ended. It moves no clock, and the owner owes what he owed. The
// transaction holds the case.
func Turn(tx *db.Tx, k Key, to org.UnitID) (err error) {
	defer fault.Wrap(&err, "turn %s to %s", k.Rule, to)
	d, err := runningOne(tx, k)
	if err != nil || d.Counterpart == to {
		return err
	}
	if _, err := tx.Exec(`UPDATE duty SET counterpart = $1 WHERE case_id = $2 AND rule = $3 AND owner = $4 AND round = $5`,
		string(to), string(k.Case), k.Rule, string(k.Owner), k.Round); err != nil {
		return err
	}
	// counters tell the counterpart apart
	tally(tx, d, d.bucket(), d.tallyDay(), -1)
	d.Counterpart = to
	tally(tx, d, d.bucket(), d.tallyDay(), 1)
	tx.Touch(string(d.Owner))
	return nil
}
