package duty

import (
	"time"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
)

// What Reopen and Date leave in the history of a duty's clock.
const (
	changeReopen = "reopen"
	changeDate   = "date"
)

// Reopen takes back that a duty was met, because what was handed in turned out not to be
// the act that is owed (trả lại, chưa hoàn thành). Its limits stay as they were: a duty
// whose due instant has passed meanwhile is missed from now on. Only a met duty reopens.
func Reopen(tx *db.Tx, k Key, g Ground) (d *Duty, err error) {
	defer fault.Wrap(&err, "reopen %s", k.Rule)
	if err := g.check(tx); err != nil {
		return nil, err
	}
	if !casefile.Held(tx, k.Case) {
		return nil, notHeld(k.Case)
	}
	if d, err = Get(tx, k); err != nil {
		return nil, err
	}
	if d.Fate != Met {
		return nil, fault.Refuse(fault.Conflict, "Việc này chưa được ghi nhận hoàn thành nên không mở lại được.")
	}
	p, err := pathOf(tx, d)
	if err != nil {
		return nil, err
	}
	was, wasDay, wasDue := d.bucket(), d.tallyDay(), d.DueAt
	d.Fate, d.EndedAt, d.EndedWhy = Open, time.Time{}, ""
	if err := d.again(tx, p); err != nil {
		return nil, err
	}
	if err := d.save(tx); err != nil {
		return nil, err
	}
	_, err = tx.Exec(`UPDATE duty SET ended_at = NULL, ended_why = '' WHERE case_id = $1 AND rule = $2 AND owner = $3 AND round = $4`,
		string(d.Case), d.Rule, string(d.Owner), d.Round)
	if err != nil {
		return nil, err
	}
	tally(tx, d, was, wasDay, -1)
	tally(tx, d, d.bucket(), d.tallyDay(), 1)
	tx.Touch(string(d.Owner))
	return d, d.note(tx, step{what: changeReopen, limit: allLimits}, g, wasDue)
}

// Date gives a running duty that no text dates its first date, set by a person with
// authority ("hạn do … đặt"). One that has a limit is a fault.Conflict: see Extend.
func Date(tx *db.Tx, k Key, g Ground, l Limit) (*Duty, error) {
	return change(tx, k, g, func(d *Duty, _ *pathOfTime, g Ground) (step, error) {
		if len(d.Limits) > 0 {
			return step{}, fault.Refuse(fault.Conflict, "Việc này đã có hạn; muốn dời thì gia hạn.")
		}
		l.From = g.At
		d.Limits = []Limit{l}
		return step{what: changeDate, limit: allLimits, amount: l.Text}, nil
	})
}
