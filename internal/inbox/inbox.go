// Package inbox answers "what must I do" (Việc của tôi): the running duties of an
// actor's units, those directed to him, those he follows, soonest first; and for each
// post the list it opens with.
//
// It only reads. A list is one query a leading filter (the owner, or the officer in
// charge), each over its own index, merged by the due instant; every query asks
// access.Visible, and a count asks what its list asks. What ended is for board.
package inbox

import (
	"database/sql"
	"encoding/json"
	"strings"
	"time"

	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/org"
	"lienthong/internal/signoff"
	"lienthong/internal/workday"
)

// An Item is one running duty in a list, with what names its case.
type Item struct {
	Case        casefile.ID
	Code        string // tracking code, never printed bare
	Title       string
	State       string // the slice's word for where the case stands
	Lead        org.UnitID
	Raiser      org.UnitID
	Version     int64 // of the case
	Rule        string
	Owner       org.UnitID
	Round       int64
	Counterpart org.UnitID // to whom it is owed
	Field       string
	Section     org.UnitID
	Officer     org.OfficerID // in charge, once directed
	For         org.OfficerID // whose work this is, when the reader only does it for him (làm thay)
	Request     bool          // only asked (đề nghị): never late
	Fate        duty.Fate
	DueAt       time.Time // the first instant that is late; zero where no date is stated
	DueOn       workday.Date
	InnerOn     workday.Date // a leader's inner date; it never replaces the legal one
	EndedAt     time.Time    // only in board's lists of what is done

	limits string // JSON of duty.Limits, read only when asked
	paper  string // where the unit's paper stands, for the unit's own people only
}

// Columns are the columns that Scan reads, of the tables duty d and casefile c.
const Columns = `d.case_id, c.code, c.title, c.state, c.lead, c.raiser, c.version, d.rule, d.owner, d.round, d.counterpart, d.field,
	d.section, d.officer, d.request, d.fate, d.due_at, d.due_on, d.inner_on, d.ended_at, d.limits`

// paperColumn is where the owner's paper that would meet the duty stands.
// system: a column of a list that asks access.Visible; show hides it from other units
const paperColumn = `coalesce((SELECT p.state || '|' || CASE WHEN p.returned THEN '1' ELSE '' END || '|' || CAST(p.step AS TEXT) || '|' || p.path
	FROM paper p WHERE p.case_id = d.case_id AND p.unit = d.owner AND p.state NOT IN ('released', 'dropped')
	AND substr(p.kind, 1, length(d.rule)) = d.rule ORDER BY p.id DESC LIMIT 1), '')`

// Scan reads Columns and more from a row.
func (i *Item) Scan(r *sql.Rows, more ...any) error {
	var dest [24]any
	all := append(dest[:0], &i.Case, &i.Code, &i.Title, &i.State, &i.Lead, &i.Raiser, &i.Version, &i.Rule, &i.Owner, &i.Round, &i.Counterpart,
		&i.Field, &i.Section, &i.Officer, &i.Request, &i.Fate, db.Instant(&i.DueAt), &i.DueOn, &i.InnerOn, db.Instant(&i.EndedAt), &i.limits)
	if err := r.Scan(append(all, more...)...); err != nil {
		return err
	}
	if i.DueAt.Year() == neverYear {
		i.DueAt = time.Time{}
	}
	return nil
}

// neverYear stands in the store where no instant is stated, so that it sorts last.
const neverYear = 9999

// Key names the duty.
func (i *Item) Key() duty.Key {
	return duty.Key{Case: i.Case, Rule: i.Rule, Owner: i.Owner, Round: i.Round}
}

// Say is the act as the list says it: "Trả lời kiến nghị".
func (i *Item) Say(kinds duty.Kinds) string {
	if k, ok := kinds[i.Rule]; ok {
		return k.Say
	}
	return i.Rule
}

// Due puts the due instant in words, with its tone. What was only asked is never late.
func (i *Item) Due(rev workday.Revision, now time.Time) (words string, tone workday.Tone) {
	words, tone = workday.Say(now, workday.Due{At: i.DueAt, On: i.DueOn, Paused: i.Fate == duty.Suspended}, rev)
	if i.Request && tone == workday.Late {
		return "được đề nghị, mong nhận trước " + i.DueAt.In(workday.Office).Format("02/01"), workday.Calm
	}
	return words, tone
}

// Missed says whether the duty is past its due instant (quá hạn chưa xong).
func (i *Item) Missed(now time.Time) bool {
	return i.Fate == duty.Open && !i.Request && !i.DueAt.IsZero() && !now.Before(i.DueAt)
}

// Basis names the text or person behind the date that binds, and its clause; "" where
// none states a time.
func (i *Item) Basis() (basis, clause string) {
	d := duty.Duty{}
	if json.Unmarshal([]byte(i.limits), &d.Limits) != nil {
		return "", ""
	}
	l, ok := d.Binding()
	if !ok && len(d.Limits) > 0 {
		l = d.Limits[0]
	}
	return l.Basis, l.Clause
}

// Step says where the unit's paper stands: "chờ trưởng phòng xem"; "" when none is
// under way or the reader is not of the unit.
func (i *Item) Step() string {
	part := strings.SplitN(i.paper, "|", 4)
	if len(part) != 4 {
		return ""
	}
	p := signoff.Paper{State: signoff.State(part[0]), Returned: part[1] != ""}
	for _, digit := range part[2] {
		p.Step = p.Step*10 + int(digit-'0')
	}
	if json.Unmarshal([]byte(part[3]), &p.Path) != nil {
		return ""
	}
	return p.Where()
}
