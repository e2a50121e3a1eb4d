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
	"fmt"
	"strconv"
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
	Round       int64      // of the duty
	Counterpart org.UnitID // to whom it is owed
	Field       string
	Section     org.UnitID
	Officer     org.OfficerID // in charge, once directed
	For         org.OfficerID // whose work this is, when the reader only does it for him (làm thay)
	Request     bool          // only asked (đề nghị): never late
	Fate        duty.Fate
	DueAt       time.Time    // the first instant that is late; zero where no date is stated
	DueOn       workday.Date // the last day in time, zero for an hour
	InnerOn     workday.Date // a leader's inner date; it never replaces the legal one
	OwnFrom     time.Time    // when it reached the owner from another; zero for the first owner
	OwnDueAt    time.Time    // the first instant after the owner's own share; DueAt for the first owner
	EndedAt     time.Time    // only in board's lists of what is done

	limits string // JSON of duty.Limits, read only when asked
	paper  string // where the unit's paper stands, for the unit's own people only
}

// mark stands between the parts of a row. No id, code, instant or JSON holds it; a title,
// which may, comes last.
const mark = "\x1f"

// parts is how many parts a row has.
const parts = 24

// Columns is what Scan reads, of the tables duty d and casefile c: one text a row, because
// each column of its own costs an allocation or two on the way through the driver, and a
// list is read more often than anything else.
const Columns = head + `'', ` + tail

// withPaper is Columns with where the owner's paper that would meet the duty stands.
// system: a column of a list that asks access.Visible; show hides it from other units
const withPaper = head + `coalesce((SELECT p.state || '|' || CASE WHEN p.returned THEN '1' ELSE '' END || '|' || CAST(p.step AS TEXT) || '|' || p.path
	FROM paper p WHERE p.case_id = d.case_id AND p.unit = d.owner AND p.state NOT IN ('released', 'dropped')
	AND substr(p.kind, 1, length(d.rule)) = d.rule ORDER BY p.id DESC LIMIT 1), ''), ` + tail

const (
	head = `concat_ws('` + mark + `', d.case_id, c.code, c.state, c.lead, c.raiser, c.version, d.rule, d.owner, d.round, d.counterpart, d.field,
	d.section, d.officer, CASE WHEN d.request THEN '1' ELSE '' END, d.fate, d.due_at, d.due_on, d.inner_on, coalesce(d.own_from, ''),
	d.own_due_at, coalesce(d.ended_at, ''), `
	tail = `d.limits, c.title)`
)

// Scan reads Columns and more from a row.
func (i *Item) Scan(r *sql.Rows, more ...any) error {
	var text string
	var dest [4]any
	if err := r.Scan(append(append(dest[:0], &text), more...)...); err != nil {
		return err
	}
	return i.read(text)
}

// read takes a row apart. Its texts share the row's memory.
func (i *Item) read(text string) (err error) {
	var part [parts]string
	for n := range parts - 1 {
		var ok bool
		if part[n], text, ok = strings.Cut(text, mark); !ok {
			return fmt.Errorf("a row of %d parts, want %d", n+1, parts)
		}
	}
	part[parts-1] = text
	i.Case, i.Code, i.State = casefile.ID(part[0]), part[1], part[2]
	i.Lead, i.Raiser, i.Rule, i.Owner = org.UnitID(part[3]), org.UnitID(part[4]), part[6], org.UnitID(part[7])
	i.Counterpart, i.Field, i.Section, i.Officer = org.UnitID(part[9]), part[10], org.UnitID(part[11]), org.OfficerID(part[12])
	i.Request, i.Fate = part[13] != "", duty.Fate(part[14])
	i.paper, i.limits, i.Title = part[21], part[22], part[23]
	if i.Version, err = strconv.ParseInt(part[5], 10, 64); err != nil {
		return err
	}
	if i.Round, err = strconv.ParseInt(part[8], 10, 64); err != nil {
		return err
	}
	for _, at := range [...]struct {
		text string
		into *time.Time
	}{{part[15], &i.DueAt}, {part[18], &i.OwnFrom}, {part[20], &i.EndedAt}} {
		if *at.into, err = instant(at.text); err != nil {
			return err
		}
	}
	if i.OwnDueAt = i.DueAt; part[19] != part[15] {
		if i.OwnDueAt, err = instant(part[19]); err != nil {
			return err
		}
	}
	if err := i.DueOn.UnmarshalText([]byte(part[16])); err != nil {
		return err
	}
	return i.InnerOn.UnmarshalText([]byte(part[17]))
}

// instant reads a stored instant; zero for none and for one that is never.
func instant(s string) (time.Time, error) {
	if s == "" || s >= "9999" {
		return time.Time{}, nil
	}
	return db.ParseInstant(s)
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

// Share says, beside a missed duty that came from another unit, what the owner has of
// its own (nhận khi đã quá hạn …); "" for all others.
func (i *Item) Share(now time.Time) string {
	if i.OwnFrom.IsZero() {
		return ""
	}
	d := duty.Duty{Request: i.Request, DueAt: i.DueAt, OwnFrom: i.OwnFrom, OwnDueAt: i.OwnDueAt, EndedAt: i.EndedAt}
	return d.Share(now)
}

// Basis names the text or person behind the date that binds, and its clause; "" where
// none states a time.
func (i *Item) Basis() (basis, clause string) {
	l := i.binding()
	return l.Basis, l.Clause
}

// Source is Basis as a list gives it: "khoản 2 Điều 6 QĐ 06/2026".
func (i *Item) Source() string { return i.binding().Source() }

// binding is the limit that gives the date, or the first of one without a date.
func (i *Item) binding() duty.Limit {
	d := duty.Duty{}
	if json.Unmarshal([]byte(i.limits), &d.Limits) != nil {
		return duty.Limit{}
	}
	l, ok := d.Binding()
	if !ok && len(d.Limits) > 0 {
		l = d.Limits[0]
	}
	return l
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
