// Package duty keeps what is owed: who owes which act to whom, on which case, by
// which instant, under which clause, and whether it was done.
//
// A duty (việc phải làm) has an owner, a counterpart, one or several limits each with
// its clause - the earliest binds - and a fate:
//
//	open --> met | waived | handed
//	  \--> suspended --> open
//
// Missed and late are never stored: they are computed from the due instant and now.
// Nothing that can be late lives outside this package. Slices arm and meet duties
// inside their operations; the sweep looks at those whose next instant has come.
package duty

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/workday"
)

// A Fate is what became of a duty.
type Fate string

// The fates. Late is only a tally's word, by the owner's own share: a duty met after its
// due instant is met.
const (
	Open      Fate = "open"
	Suspended Fate = "suspended"
	Met       Fate = "met"
	Waived    Fate = "waived"
	Handed    Fate = "handed"
	late      Fate = "late"
)

// never stands where no instant is stated, so that "không nêu hạn" sorts last.
var never = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

// A Key names a duty: a case may owe under several rules, to several owners, several times.
type Key struct {
	Case  casefile.ID
	Rule  string
	Owner org.UnitID // the unit that owes
	Round int64      // from 1; a new one when it comes back
}

// A Limit is one length of time a duty is owed in, with the text or person behind it.
type Limit struct {
	Clause string        `json:"clause,omitempty"` // the clause that states it
	Basis  string        `json:"basis"`            // how the screen names its source
	Short  string        `json:"short,omitempty"`  // the same for lists; empty: as Basis
	Text   string        `json:"limit"`            // workday.Limit as text: "7wd"
	From   time.Time     `json:"from"`
	DueAt  time.Time     `json:"due_at,omitzero"` // reckoned; zero where no time is stated
	DueOn  workday.Date  `json:"due_on"`
	Fixed  bool          `json:"fixed,omitempty"`  // its day is the calendar's own: nobody who takes it over gets a length of it
	SetBy  org.OfficerID `json:"set_by,omitempty"` // who set the date, for a date no text states
	Words  string        `json:"words,omitempty"`  // how the text says it, where Text alone would mislead ("hằng năm …")
}

// Source names the limit's source as lists do.
func (l Limit) Source() string {
	if l.Short != "" {
		return l.Short
	}
	return l.Basis
}

// Say returns the limit in words: "7 ngày làm việc", "hằng năm, trước ngày 05/12".
func (l Limit) Say() string {
	if l.Words != "" {
		return l.Words
	}
	w, err := workday.ParseLimit(l.Text)
	if err != nil {
		return l.Text
	}
	return w.Words()
}

// A Duty is one row: what is owed and what became of it.
type Duty struct {
	Key
	Counterpart org.UnitID // who waits for it
	Field       string
	Officer     org.OfficerID // in charge, once directed
	Section     org.UnitID
	Request     bool         // the owner was only asked (đề nghị): never late, never in a figure
	Fate        Fate         // missed and late are computed
	From        time.Time    // when the clock began
	DueAt       time.Time    // the first instant that is late; zero where no date is stated or the clock stands still
	DueOn       workday.Date // zero for an instant with an hour
	OwnFrom     time.Time    // when it reached this owner from another; zero for the first owner
	OwnDueAt    time.Time    // the first instant after this owner's own share; zero where there is none. Figures go by it
	Limits      []Limit      // in the order of the rule; the earliest binds
	Calendar    string
	Revision    int64 // of the calendar, when it was counted
	Reminders   string
	InnerOn     workday.Date // a leader's inner date; it never replaces the legal one
	NextAt      time.Time    // of the sweep; zero when nothing is to come
	MissedAt    time.Time    // when the sweep told the overseers
	EndedAt     time.Time
	EndedWhy    string // an event or a clause
	changes     int64  // how many there are
	carried     int64  // how many of the changes were another owner's
}

// New is what a slice gives to arm a duty.
type New struct {
	Key
	Counterpart org.UnitID
	Field       string
	Officer     org.OfficerID
	Section     org.UnitID
	Request     bool      // never late
	From        time.Time // the instant from which it is counted; tx.Now when zero
	Limits      []Limit   // Clause, Basis and Text; empty where no text and no person states a time
	Reminders   string    // working days before the last day on which the owner is reminded: "2,1"
	Calendar    string    // the calendar it is reckoned on; "" for the province's

	carry *carried // what a duty that is handed over takes along
}

// carried is what goes on when a duty changes hands: nothing of it starts again.
type carried struct {
	path     *pathOfTime
	changes  int64
	fate     Fate
	missedAt time.Time
	at       time.Time // when the new owner got it
}

// Arm puts a duty on a case. The limits are reckoned on the calendar as it is known
// now; the earliest binds. A duty that is there already is a fault.Conflict. The
// transaction holds the case.
func Arm(tx *db.Tx, in New) (d *Duty, err error) {
	defer fault.Wrap(&err, "arm %s", in.Rule)
	if in.Owner == "" {
		return nil, fmt.Errorf("a duty without an owner")
	}
	if !casefile.Held(tx, in.Case) {
		return nil, notHeld(in.Case)
	}
	if in.From.IsZero() {
		in.From = tx.Now
	}
	cal, rev, err := currentCalendar(tx, in.Calendar)
	if err != nil {
		return nil, err
	}
	d = &Duty{
		Key: in.Key, Counterpart: in.Counterpart, Field: in.Field, Officer: in.Officer, Section: in.Section,
		Request: in.Request, Fate: Open, From: in.From, Limits: in.Limits, Reminders: in.Reminders,
		Calendar: cal, Revision: int64(rev.N),
	}
	var p *pathOfTime
	if c := in.carry; c != nil {
		d.Fate, d.MissedAt, d.changes, d.carried, d.OwnFrom = c.fate, c.missedAt, c.changes, c.changes, c.at
		if c.changes > 0 {
			p = c.path
		}
	}
	if err := d.reckon(rev, p); err != nil {
		return nil, err
	}
	if err := d.schedule(rev, tx.Now); err != nil {
		return nil, err
	}
	if err := d.insert(tx); err != nil {
		return nil, err
	}
	armed(tx, d)
	tally(tx, d, d.bucket(), d.tallyDay(), 1)
	tx.Touch(string(d.Owner))
	return d, nil
}

// A duty's row. Limits and reminders are kept whole, as they were reckoned.
func (d *Duty) insert(tx *db.Tx) error {
	limits, err := json.Marshal(d.Limits)
	if err != nil {
		return err
	}
	return tx.Put(`
		INSERT INTO duty (case_id, rule, owner, round, counterpart, field, officer, section, request, fate, from_at,
			due_at, due_on, own_from, own_due_at, due_day, limits, calendar, revision, reminders, next_at, changes, carried, missed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)`,
		string(d.Case), d.Rule, string(d.Owner), d.Round, string(d.Counterpart), d.Field, string(d.Officer), string(d.Section),
		d.Request, string(d.Fate), d.From, orNever(d.DueAt), dayText(d.DueOn), d.OwnFrom, orNever(d.OwnDueAt), d.tallyDay(), string(limits),
		d.Calendar, d.Revision, d.Reminders, orNever(d.NextAt), d.changes, d.carried, d.MissedAt)
}

// Meet ends a running duty as done, now. Done already is a fault.Conflict: every act
// is owed once.
func Meet(tx *db.Tx, k Key) (*Duty, error) { return end(tx, k, Met, "", tx.Now) }

// MeetAt is Meet for an act that is heard of later than it was done: a paper that went
// through another system. It was done at an instant not after now.
func MeetAt(tx *db.Tx, k Key, at time.Time) (*Duty, error) {
	if at.IsZero() || at.After(tx.Now) {
		at = tx.Now
	}
	return end(tx, k, Met, "", at)
}

// Waive ends a duty that need not be done any more; reason names who said so and
// under which clause, and is required.
func Waive(tx *db.Tx, k Key, reason string) (*Duty, error) {
	if strings.TrimSpace(reason) == "" {
		return nil, errNoReason()
	}
	return end(tx, k, Waived, reason, tx.Now)
}

// GiveUp ends a running duty by the act of its own owner, who does not do it: he gives
// the matter back, or the rule starts the clock anew with another. In time it is waived;
// after his own share it counts as handed over late, because nobody excuses himself.
func GiveUp(tx *db.Tx, k Key, reason string) (d *Duty, err error) {
	if strings.TrimSpace(reason) == "" {
		return nil, errNoReason()
	}
	if d, _, err = running(tx, k); err != nil { // on the newest calendar, before it is judged
		return nil, err
	}
	fate := Waived
	if !d.OwnDueAt.IsZero() && !tx.Now.Before(d.OwnDueAt) {
		fate = Handed
	}
	return d, d.end(tx, fate, reason, tx.Now)
}

// WaiveAll waives every running duty of a case that ends altogether: withdrawn, joined
// to another, or sealed.
func WaiveAll(tx *db.Tx, id casefile.ID, reason string) error {
	all, err := OfCase(tx, id)
	if err != nil {
		return err
	}
	for _, d := range all {
		if d.EndedAt.IsZero() {
			if _, err := Waive(tx, d.Key, reason); err != nil {
				return err
			}
		}
	}
	return nil
}

// Ends a duty that is held. One that seems late is reckoned again first, since the calendar may have
// changed since.
func end(tx *db.Tx, k Key, fate Fate, why string, at time.Time) (d *Duty, err error) {
	defer fault.Wrap(&err, "%s %s", fate, k.Rule)
	if d, err = runningOne(tx, k); err != nil {
		return nil, err
	}
	if fate == Met && d.MissedAtNow(at) { // what is late by an old calendar may not be by the new
		p, err := pathOf(tx, d)
		if err != nil {
			return nil, err
		}
		if err := d.catchUp(tx, p); err != nil {
			return nil, err
		}
	}
	return d, d.end(tx, fate, why, at)
}

// Ends a duty and moves it between counters in the same transaction.
func (d *Duty) end(tx *db.Tx, fate Fate, why string, at time.Time) error {
	was, day := d.bucket(), d.tallyDay()
	d.Fate, d.EndedAt, d.EndedWhy, d.NextAt = fate, at, why, time.Time{}
	err := tx.Put(`UPDATE duty SET fate = $1, ended_at = $2, ended_why = $3, next_at = $4, due_day = $5 WHERE case_id = $6 AND rule = $7 AND owner = $8 AND round = $9`,
		string(fate), at, why, never, d.tallyDay(), string(d.Case), d.Rule, string(d.Owner), d.Round)
	if err != nil {
		return err
	}
	tally(tx, d, was, day, -1)
	tally(tx, d, d.bucket(), d.tallyDay(), 1)
	tx.Touch(string(d.Owner))
	return nil
}

// runningOne returns a duty that has not ended, of a case that this transaction holds.
func runningOne(tx *db.Tx, k Key) (*Duty, error) {
	if !casefile.Held(tx, k.Case) {
		return nil, notHeld(k.Case)
	}
	d, err := Get(tx, k)
	if err == nil && !d.EndedAt.IsZero() {
		err = fault.Refuse(fault.Conflict, "Việc này đã kết thúc lúc %s.", d.EndedAt.In(workday.Office).Format("15:04 02/01/2006"))
	}
	return d, err
}

// A duty changes only under the lock of its case; else two acts could end it both.
func notHeld(id casefile.ID) error { return fmt.Errorf("case %s is not locked", id) }

// MissedAtNow says whether the duty is owed and its due instant has passed (quá hạn chưa xong).
func (d *Duty) MissedAtNow(now time.Time) bool {
	return d.EndedAt.IsZero() && !d.Request && !d.DueAt.IsZero() && !now.Before(d.DueAt)
}

// Late says whether the duty was done after its due instant (xong quá hạn), as the
// counterpart sees it. Figures of the owner go by LateByOwnShare.
func (d *Duty) Late() bool {
	return d.Fate == Met && !d.Request && !d.DueAt.IsZero() && !d.EndedAt.Before(d.DueAt)
}

// Due returns the binding due instant in workday's form, for the words of the screen.
func (d *Duty) Due() workday.Due {
	return workday.Due{At: d.DueAt, On: d.DueOn, Paused: d.Fate == Suspended && d.DueAt.IsZero()}
}

// Binding returns the limit that binds: the earliest; ok is false when none states a time.
func (d *Duty) Binding() (l Limit, ok bool) {
	for _, x := range d.Limits {
		if !x.DueAt.IsZero() && (!ok || x.DueAt.Before(l.DueAt)) {
			l, ok = x, true
		}
	}
	return l, ok
}

// The counter a duty stands in: one met late by its own unit's share counts as late.
func (d *Duty) bucket() Fate {
	if d.LateByOwnShare() {
		return late
	}
	return d.Fate
}

// tallyDay is the day the tally counts the duty under: the last day still in time, or the
// day of the hour that ends it - of the matter while it runs, of the owner's own share
// once it ended.
func (d *Duty) tallyDay() string {
	at := d.DueAt
	if !d.EndedAt.IsZero() {
		at = d.OwnDueAt
	}
	return dayText(workday.Due{At: at}.Last())
}

const columns = `d.case_id, d.rule, d.owner, d.round, d.counterpart, d.field, d.officer, d.section, d.request, d.fate, d.from_at,
	d.due_at, d.due_on, d.own_from, d.own_due_at, d.carried, d.limits, d.calendar, d.revision, d.reminders, d.inner_on, d.next_at, d.missed_at, d.changes, d.ended_at, d.ended_why`

// Scan reads the columns of Columns from a row.
func (d *Duty) Scan(r *sql.Rows, more ...any) error {
	var limits, dueOn, innerOn string
	dest := []any{&d.Case, &d.Rule, &d.Owner, &d.Round, &d.Counterpart, &d.Field, &d.Officer, &d.Section, &d.Request, &d.Fate, db.Instant(&d.From),
		db.Instant(&d.DueAt), &dueOn, db.Instant(&d.OwnFrom), db.Instant(&d.OwnDueAt), &d.carried, &limits, &d.Calendar, &d.Revision, &d.Reminders, &innerOn, db.Instant(&d.NextAt),
		db.Instant(&d.MissedAt), &d.changes, db.Instant(&d.EndedAt), &d.EndedWhy}
	if err := r.Scan(append(dest, more...)...); err != nil {
		return err
	}
	d.DueAt, d.OwnDueAt, d.NextAt = orZero(d.DueAt), orZero(d.OwnDueAt), orZero(d.NextAt)
	var err error
	if d.DueOn, err = parseDay(dueOn); err != nil {
		return err
	}
	if d.InnerOn, err = parseDay(innerOn); err != nil {
		return err
	}
	return json.Unmarshal([]byte(limits), &d.Limits)
}

// Columns are the columns that Scan reads, of the table duty under the name d.
func Columns() string { return columns }

// Get returns one duty of a case that the caller holds, or fault.NotFound.
func Get(tx *db.Tx, k Key) (d *Duty, err error) {
	if o, ok, err := heldOf(tx, k.Case); ok || err != nil {
		if err != nil {
			return nil, err
		}
		return o.get(k)
	}
	// system: the caller holds the case
	err = tx.All(`SELECT `+columns+` FROM duty d WHERE d.case_id = $1 AND d.rule = $2 AND d.owner = $3 AND d.round = $4`,
		[]any{string(k.Case), k.Rule, string(k.Owner), k.Round}, func(r *sql.Rows) error {
			d = new(Duty)
			return d.Scan(r)
		})
	if err == nil && d == nil {
		err = fault.NotFound
	}
	return d, err
}

// OfCase returns the duties of a case that the caller holds, in the order they were armed.
func OfCase(tx *db.Tx, id casefile.ID) (all []*Duty, err error) {
	if o, ok, err := heldOf(tx, id); ok || err != nil {
		if err != nil {
			return nil, err
		}
		return slices.Clone(o.all), nil
	}
	return readOfCase(tx, id)
}

// All duties of a case; they are a handful.
func readOfCase(tx *db.Tx, id casefile.ID) (all []*Duty, err error) {
	// system: the caller holds the case through Get or Lock
	err = tx.All(`SELECT `+columns+` FROM duty d WHERE d.case_id = $1 ORDER BY d.rule, d.owner, d.round`,
		[]any{string(id)}, func(r *sql.Rows) error {
			d := new(Duty)
			all = append(all, d)
			return d.Scan(r)
		})
	// they come in the order of their key; sorted here the database needs no sorter for a handful
	slices.SortStableFunc(all, func(a, b *Duty) int { return a.From.Compare(b.From) })
	return all, err
}

// A time that no sweep reaches stands for none, so that the index needs no rule for empty ones.
func orNever(t time.Time) time.Time {
	if t.IsZero() {
		return never
	}
	return t
}

// The reverse of orNever.
func orZero(t time.Time) time.Time {
	if t.Equal(never) {
		return time.Time{}
	}
	return t
}

// A day as the store has it; "" for none.
func dayText(d workday.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

// The reverse of dayText.
func parseDay(s string) (workday.Date, error) {
	if s == "" {
		return workday.Date{}, nil
	}
	return workday.ParseDate(s)
}
