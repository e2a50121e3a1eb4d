package duty

import (
	"database/sql"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// RevisionOf returns the newest revision of a calendar by its id; an unknown one, or
// one without a revision, is a fault.NotFound.
func RevisionOf(tx *db.Tx, calendar string) (rev workday.Revision, err error) {
	n, err := lastRevision(tx, calendar)
	if err != nil {
		return rev, err
	}
	if n == 0 {
		return rev, fault.NotFound
	}
	return revision(tx, calendar, n)
}

// A RunningDuty is a running duty as a change of rules sees it.
type RunningDuty struct {
	Key
	Code        string // of its case
	Field       string
	Counterpart org.UnitID // to whom it is owed
	From        time.Time
	DueAt       time.Time // zero where no date is stated
}

// Running lists the running duties of a rule book's dry run, by case, behind the cursor
// ("" begins), at most limit; next is "" at the end. It is for the program's own
// reports to administrators, not for lists of a unit.
func Running(tx *db.Tx, cursor string, limit int) (all []RunningDuty, next string, err error) {
	from, err := parseCursor(cursor)
	if err != nil {
		return nil, "", err
	}
	// system: the dry run of an adoption lists every running duty
	err = tx.All(`
		SELECT d.case_id, d.rule, d.owner, d.round, c.code, d.field, d.counterpart, d.from_at, d.due_at FROM duty d JOIN casefile c ON c.id = d.case_id
		WHERE d.ended_at IS NULL AND (d.case_id, d.rule, d.owner, d.round) > ($1, $2, $3, $4)
		ORDER BY d.case_id, d.rule, d.owner, d.round LIMIT $5`,
		[]any{string(from.Case), from.Rule, string(from.Owner), from.Round, limit}, func(r *sql.Rows) error {
			var d RunningDuty
			err := r.Scan(&d.Case, &d.Rule, &d.Owner, &d.Round, &d.Code, &d.Field, &d.Counterpart, db.Instant(&d.From), db.Instant(&d.DueAt))
			d.DueAt = orZero(d.DueAt)
			all = append(all, d)
			return err
		})
	if err == nil && len(all) == limit {
		next = all[limit-1].cursor()
	}
	return all, next, err
}

// Under reckons when a running duty would be due under another limit in the place of its first, with the
// suspensions and extensions it had, on the calendar revision it stands on. The zero
// time is "không nêu hạn", or a clock that stands still.
func Under(tx *db.Tx, k Key, limit workday.Limit) (time.Time, error) {
	d, err := Get(tx, k)
	if err != nil {
		return time.Time{}, err
	}
	rev, err := revision(tx, d.Calendar, d.Revision)
	if err != nil {
		return time.Time{}, err
	}
	p, err := pathOf(tx, d)
	if err != nil {
		return time.Time{}, err
	}
	l := Limit{Text: limit.String()}
	due, err := l.due(rev, d.From, p, 0)
	return due.At, err
}

// Rules lists the rules under which anything was ever owed here, from the counters, so
// that start-up can refuse one that no part of the program knows. Each is sought behind the
// one before: there are few rules and very many counters.
func Rules(tx *db.Tx) (rules []string, err error) {
	for rule := ""; ; {
		// system: names of rules
		err := tx.One(`SELECT coalesce(min(rule), '') FROM (
			SELECT min(rule) AS rule FROM duty_count WHERE rule > $1 UNION ALL SELECT min(rule) FROM duty_tally WHERE rule > $1) r`, []any{rule}, &rule)
		if err != nil || rule == "" {
			return rules, err
		}
		rules = append(rules, rule)
	}
}
