package duty

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// The kinds of change a duty keeps.
const (
	changeSuspend  = "suspend"
	changeResume   = "resume"
	changeExtend   = "extend"
	changeHand     = "hand over"
	changeCalendar = "calendar"
)

// A step is one change of a duty as its row in duty_change says it.
type step struct {
	what   string
	limit  int // which limit an extension lengthens; allLimits for a pause
	anew   bool
	amount string // as a limit is written: "3wd"
}

const allLimits = -1

// A Ground is why a duty was changed: always a reason, and the clause or person behind it.
type Ground struct {
	Clause string // the clause that allows it; "" where a person decides
	Reason string // never empty
	By     org.Actor
	At     time.Time // the instant from which it counts; tx.Now when zero
}

// A limit that moved without a reason could not be explained to whoever waits.
func errNoReason() error {
	return fault.Field("reason", "Hãy nêu lý do: mọi thay đổi về hạn đều phải có lý do.")
}

// A change may be recorded after it happened and never before; nothing is backdated past the duty's
// beginning.
func (g *Ground) check(tx *db.Tx) error {
	if g.At.IsZero() {
		g.At = tx.Now
	}
	if strings.TrimSpace(g.Reason) == "" {
		return errNoReason()
	}
	if g.At.After(tx.Now) {
		return fault.Field("at", "Không thể ghi nhận một thay đổi trước khi nó xảy ra.")
	}
	return nil
}

// follows refuses a pause that begins or ends before the one recorded last.
func (g *Ground) follows(p *pathOfTime) error {
	if g.At.Before(p.at) {
		return fault.Field("at", "Thời điểm này ở trước lần tạm dừng, tiếp tục đã ghi gần nhất (%s).", p.at.In(workday.Office).Format("15:04 02/01/2006"))
	}
	return nil
}

// Suspend stops the clock of an open duty. A limit that is over already stays over, and
// no pause is dated back to before a due instant that has passed.
func Suspend(tx *db.Tx, k Key, g Ground) (*Duty, error) {
	return change(tx, k, g, func(d *Duty, p *pathOfTime, g Ground) (step, error) {
		switch {
		case d.Fate != Open:
			return step{}, fault.Refuse(fault.Conflict, "Việc này đang không chạy hạn, không thể tạm dừng.")
		case d.MissedAtNow(tx.Now) && g.At.Before(d.DueAt):
			return step{}, fault.Refuse(fault.Conflict, "Việc này đã quá hạn, không thể ghi tạm dừng ngược về trước hạn.")
		}
		d.Fate = Suspended
		return step{what: changeSuspend, limit: allLimits}, g.follows(p)
	})
}

// Resume lets the clock run again and adds back exactly the working time suspended,
// or starts the limit anew where the rule says so.
func Resume(tx *db.Tx, k Key, g Ground, anew bool) (*Duty, error) {
	return change(tx, k, g, func(d *Duty, p *pathOfTime, g Ground) (step, error) {
		if d.Fate != Suspended {
			return step{}, fault.Refuse(fault.Conflict, "Việc này không ở trạng thái tạm dừng.")
		}
		d.Fate = Open
		return step{what: changeResume, limit: allLimits, anew: anew}, g.follows(p)
	})
}

// Extend moves the limit that binds later by a length ("3wd") or to an instant; other
// limits, of other texts, stay and may bind now. It is asked and decided before the
// duty is missed: never retroactively.
func Extend(tx *db.Tx, k Key, g Ground, amount workday.Limit) (*Duty, error) {
	return ExtendLimit(tx, k, g, amount, allLimits)
}

// ExtendLimit is Extend for the nth limit of the duty, from 0.
func ExtendLimit(tx *db.Tx, k Key, g Ground, amount workday.Limit, n int) (*Duty, error) {
	return change(tx, k, g, func(d *Duty, _ *pathOfTime, _ Ground) (step, error) {
		if d.MissedAtNow(tx.Now) {
			return step{}, fault.Refuse(fault.Conflict, "Việc này đã quá hạn, không thể gia hạn ngược về trước.")
		}
		if n == allLimits {
			n = d.binds()
		}
		if n < 0 || n >= len(d.Limits) {
			return step{}, fault.Refuse(fault.Conflict, "Việc này không có hạn đang chạy để gia hạn.")
		}
		return step{what: changeExtend, limit: n, amount: amount.String()}, nil
	})
}

// binds returns which limit binds, -1 for none; while the clock stands still, the first
// limit, which is the rule's own.
func (d *Duty) binds() int {
	b, ok := d.Binding()
	if !ok {
		return min(0, len(d.Limits)-1)
	}
	return slices.IndexFunc(d.Limits, func(l Limit) bool { return l.DueAt.Equal(b.DueAt) })
}

// change applies one change to a running duty: its own edit, the reckoning afresh,
// the row, the tally and the record with the old and the new due instant.
func change(tx *db.Tx, k Key, g Ground, edit func(d *Duty, p *pathOfTime, g Ground) (step, error)) (d *Duty, err error) {
	defer fault.Wrap(&err, "change %s", k.Rule)
	if err := g.check(tx); err != nil {
		return nil, err
	}
	d, p, err := running(tx, k)
	if err != nil {
		return nil, err
	}
	was := *d
	s, err := edit(d, p, g)
	if err != nil {
		return nil, err
	}
	if err := p.add(s, g.At, g.Reason, true); err != nil {
		return nil, err
	}
	return d, d.changed(tx, p, &was, s, g)
}

// running returns a running duty with its path, on the newest revision of its calendar.
func running(tx *db.Tx, k Key) (d *Duty, p *pathOfTime, err error) {
	if d, err = runningOne(tx, k); err != nil {
		return nil, nil, err
	}
	if p, err = pathOf(tx, d); err != nil {
		return nil, nil, err
	}
	return d, p, d.catchUp(tx, p)
}

// catchUp moves the duty to the newest revision of its calendar before anything else is
// reckoned on it, as the job does; a date that moves is recorded with the revision as
// its cause. A duty that stood still, or whose days did not change, is still on an older one.
func (d *Duty) catchUp(tx *db.Tx, p *pathOfTime) error {
	n, err := lastRevision(tx, d.Calendar)
	if err != nil || n == d.Revision {
		return err
	}
	rev, err := revision(tx, d.Calendar, n)
	if err != nil {
		return err
	}
	was := *d
	was.Limits = slices.Clone(d.Limits)
	d.Revision = n
	if err := d.reckon(rev, p); err != nil {
		return err
	}
	if d.DueAt.Equal(was.DueAt) && d.OwnDueAt.Equal(was.OwnDueAt) {
		return nil
	}
	return d.changed(tx, p, &was, step{what: changeCalendar, limit: allLimits}, Ground{
		Reason: fmt.Sprintf("lịch làm việc cập nhật lần %d: %s", n, rev.Source), By: org.System("calendar"), At: tx.Now,
	})
}

// changed brings reckoning, row, tally and record up to a change of what the duty was.
func (d *Duty) changed(tx *db.Tx, p *pathOfTime, was *Duty, s step, g Ground) error {
	if err := d.again(tx, p); err != nil {
		return err
	}
	if err := d.save(tx); err != nil {
		return err
	}
	tally(tx, d, was.bucket(), was.tallyDay(), -1)
	tally(tx, d, d.bucket(), d.tallyDay(), 1)
	tx.Touch(string(d.Owner))
	return d.note(tx, s, g, was.DueAt)
}

// again reckons the duty on the revision it stands on, and what the sweep does next.
// A date that moves behind now is open again: the overseers are told anew if it is missed.
func (d *Duty) again(tx *db.Tx, p *pathOfTime) error {
	rev, err := revision(tx, d.Calendar, d.Revision)
	if err != nil {
		return err
	}
	if err := d.reckon(rev, p); err != nil {
		return err
	}
	if d.DueAt.IsZero() || tx.Now.Before(d.DueAt) {
		d.MissedAt = time.Time{}
	}
	return d.schedule(rev, tx.Now)
}

// Writes a duty after a change of its limits.
func (d *Duty) save(tx *db.Tx) error {
	limits, err := json.Marshal(d.Limits)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`
		UPDATE duty SET fate = $1, due_at = $2, due_on = $3, due_day = $4, limits = $5, revision = $6, next_at = $7, missed_at = $8, own_due_at = $9,
			changes = changes + 1
		WHERE case_id = $10 AND rule = $11 AND owner = $12 AND round = $13`,
		string(d.Fate), orNever(d.DueAt), dayText(d.DueOn), d.tallyDay(), string(limits), d.Revision, orNever(d.NextAt), d.MissedAt, orNever(d.OwnDueAt),
		string(d.Case), d.Rule, string(d.Owner), d.Round)
	d.changes++
	return err
}

// One line of a duty's changes, with the due instant before and after and the clause it rests on.
func (d *Duty) note(tx *db.Tx, s step, g Ground, oldDue time.Time) error {
	by := string(g.By.Officer)
	if by == "" {
		by = g.By.System
	}
	_, err := tx.Exec(`
		INSERT INTO duty_change (case_id, rule, owner, round, n, what, at, recorded_at, on_limit, anew, amount, clause, reason, by_whom, old_due, new_due)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		string(d.Case), d.Rule, string(d.Owner), d.Round, d.changes, s.what, g.At, tx.Now, s.limit, s.anew, s.amount, g.Clause, g.Reason, by,
		orNever(oldDue), orNever(d.DueAt))
	return err
}

// HandOver ends a duty of one owner and arms the same duty for another, whose clock
// goes on: the limits keep the instant from which they are counted, a clock that stands
// still stands still, and what was announced as missed is not announced again. Its own
// share begins now (see reckonOwn); handed over after his own share, the duty stays
// late with the owner before. A unit that is only asked (đề nghị) owes a request.
func HandOver(tx *db.Tx, k Key, to org.UnitID, g Ground) (old, fresh *Duty, err error) {
	defer fault.Wrap(&err, "hand over %s", k.Rule)
	if err := g.check(tx); err != nil {
		return nil, nil, err
	}
	unit, err := org.UnitOf(tx, to)
	if err != nil {
		return nil, nil, err
	}
	old, p, err := running(tx, k)
	if err != nil {
		return nil, nil, err
	}
	carry := &carried{path: p, changes: old.changes, fate: old.Fate, missedAt: old.MissedAt, at: tx.Now}
	p.own = nil // what was granted to the owner before is not the next one's
	if err := old.end(tx, Handed, g.Reason, tx.Now); err != nil {
		return nil, nil, err
	}
	round, err := nextRound(tx, k, to)
	if err != nil {
		return nil, nil, err
	}
	fresh, err = Arm(tx, New{
		Key: Key{k.Case, k.Rule, to, round}, Counterpart: old.Counterpart, Field: old.Field, Request: unit.Requested,
		From: old.From, Limits: slices.Clone(old.Limits), Reminders: old.Reminders, Calendar: old.Calendar, carry: carry,
	})
	if err != nil {
		return nil, nil, err
	}
	if old.changes > 0 {
		if err := copyChanges(tx, k, fresh.Key); err != nil {
			return nil, nil, err
		}
	}
	old.changes++
	return old, fresh, old.note(tx, step{what: changeHand, limit: allLimits}, g, old.DueAt)
}

// A duty that goes to another owner takes its changes along: they explain its due instant.
func copyChanges(tx *db.Tx, from, to Key) error {
	_, err := tx.Exec(`
		INSERT INTO duty_change (case_id, rule, owner, round, n, what, at, recorded_at, on_limit, anew, amount, clause, reason, by_whom, old_due, new_due)
		SELECT case_id, rule, $1, $2, n, what, at, recorded_at, on_limit, anew, amount, clause, reason, by_whom, old_due, new_due
		FROM duty_change WHERE case_id = $3 AND rule = $4 AND owner = $5 AND round = $6`,
		string(to.Owner), to.Round, string(from.Case), from.Rule, string(from.Owner), from.Round)
	return err
}

// A Change is one line of what moved a duty's clock.
type Change struct {
	N          int64
	What       string // suspend, resume, extend, hand over, calendar
	At         time.Time
	RecordedAt time.Time
	Amount     string // of an extension
	Anew       bool   // the limit began again
	Clause     string
	Reason     string
	By         string    // an officer, or a part of the program
	Old, New   time.Time // the due instants before and after; zero for none
}

// Changes returns what moved a duty's clock, of a case that the caller holds, oldest first.
func Changes(tx *db.Tx, k Key) (all []Change, err error) {
	// system: the caller holds the case
	err = tx.All(`
		SELECT n, what, at, recorded_at, amount, anew, clause, reason, by_whom, old_due, new_due FROM duty_change
		WHERE case_id = $1 AND rule = $2 AND owner = $3 AND round = $4 ORDER BY n`,
		[]any{string(k.Case), k.Rule, string(k.Owner), k.Round}, func(r *sql.Rows) error {
			var c Change
			err := r.Scan(&c.N, &c.What, db.Instant(&c.At), db.Instant(&c.RecordedAt), &c.Amount, &c.Anew, &c.Clause, &c.Reason, &c.By,
				db.Instant(&c.Old), db.Instant(&c.New))
			c.Old, c.New = orZero(c.Old), orZero(c.New)
			all = append(all, c)
			return err
		})
	return all, err
}

// The next free round of an owner: the same unit may owe the same act twice, after a way round.
func nextRound(tx *db.Tx, k Key, to org.UnitID) (n int64, err error) {
	// system: the caller holds the case
	err = tx.One(`SELECT coalesce(max(round), 0) + 1 FROM duty WHERE case_id = $1 AND rule = $2 AND owner = $3`,
		[]any{string(k.Case), k.Rule, string(to)}, &n)
	return n, err
}

// Direct names the section and the officer in charge inside the owner, and the inner
// date that a leader set. It moves no clock.
func Direct(tx *db.Tx, k Key, section org.UnitID, officer org.OfficerID, inner workday.Date) (err error) {
	defer fault.Wrap(&err, "direct %s", k.Rule)
	n, err := tx.Exec(`UPDATE duty SET section = $1, officer = $2, inner_on = $3 WHERE case_id = $4 AND rule = $5 AND owner = $6 AND round = $7 AND ended_at IS NULL`,
		string(section), string(officer), dayText(inner), string(k.Case), k.Rule, string(k.Owner), k.Round)
	if err == nil && n == 0 {
		err = fault.Refuse(fault.Conflict, "Việc này đã kết thúc, không phân công được nữa.")
	}
	if d := held(tx, k); d != nil {
		d.Section, d.Officer, d.InnerOn = section, officer, inner
	}
	tx.Touch(string(k.Owner))
	return err
}
