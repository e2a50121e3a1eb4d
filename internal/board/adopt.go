package board

import (
	"fmt"
	"slices"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/regulation"
)

// Adoption lists which of the next limit running duties behind a cursor ("" begins)
// would change if next became the rulebook now: how many were looked at, the changes
// with old and new date, and the cursor of the rest. It writes nothing. It is for
// administrators: the list goes over all units.
func Adoption(tx *db.Tx, next *regulation.Rulebook, cursor string, limit int) (seen int, changes []regulation.Change, rest string, err error) {
	defer fault.Wrap(&err, "dry run of %s", next.Profile())
	current, err := regulation.Current(tx)
	if err != nil {
		return 0, nil, "", err
	}
	page, rest, err := duty.Running(tx, cursor, limit)
	if err != nil {
		return 0, nil, "", err
	}
	running, of := make([]regulation.Running, len(page)), map[string]duty.Key{}
	for i, d := range page {
		id := fmt.Sprintf("%s %s %s %d", d.Case, d.Rule, d.Owner, d.Round)
		of[id] = d.Key
		running[i] = regulation.Running{Case: d.Code, Duty: id, Key: d.Rule, Unit: d.Owner, To: d.Counterpart, Field: d.Field, From: d.From, Due: d.DueAt}
	}
	changes, err = regulation.DryRun(current, next, tx.Now, running, func(r regulation.Running, under regulation.Applied) (time.Time, error) {
		if !under.Has("limit") { // the rule states no time: what a person set stays
			return r.Due, nil
		}
		return duty.Under(tx, of[r.Duty], under.Limit("limit"))
	})
	// what no rulebook speaks of, before or after, does not change
	changes = slices.DeleteFunc(changes, func(c regulation.Change) bool { return c.OldRule == "" && c.NewRule == "" })
	return len(page), changes, rest, err
}
