package programme

import (
	"cmp"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/duty"
	"lienthong/internal/fault"
	"lienthong/internal/org"
	"lienthong/internal/regulation"
	"lienthong/internal/workday"
)

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// adopted is since when the rulebook in force is.
func adopted(tx *db.Tx) (time.Time, error) {
	all, err := regulation.Adoptions(tx, 1)
	if err != nil || len(all) == 0 {
		return tx.Now, err
	}
	return all[0].At, nil
}

// visible is the condition under which the actor reads a case; the program reads all. n is
// the number of the placeholder that it may use.
func visible(who org.Actor, column string, n int) (cond string, args []any) {
	if who.System != "" {
		return "TRUE", nil
	}
	return access.Visible(column, "$"+strconv.Itoa(n)), []any{who.Reader()}
}

// mostItems bounds one page of a calendar: far more than a province does in a month.
const mostItems = 5000

// A Filter narrows a calendar; its zero value is everything the actor may read.
type Filter struct {
	Unit   org.UnitID // in whose programme
	With   org.UnitID // lead or coordinating
	Plan   casefile.ID
	States []string // none: planned and done
	Mine   bool     // only what the actor's own units take part in, or what is given to him
}

// A Listed item is one line of a calendar.
type Listed struct {
	Item
	With    []org.UnitID // coordinating
	Waiting bool         // a move waits for a decision
}

// Items returns the items that touch a period, as the actor may read them, in order of
// their days and hours, the finest places first on a day.
func Items(tx *db.Tx, who org.Actor, in Place, f Filter) (all []Listed, err error) {
	defer fault.Wrap(&err, "items of %s", in)
	cond, reader := visible(who, "c.id", 5)
	args := append([]any{in.From, in.Until, string(f.Unit), string(f.Plan)}, reader...)
	states := f.States
	if len(states) == 0 {
		states = []string{Planned, Done}
	}
	add := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	var marks []string
	for _, s := range states {
		marks = append(marks, add(s))
	}
	where := cond + ` AND c.state IN (` + strings.Join(marks, ", ") + `)`
	if f.With != "" {
		// system: a part of the condition on a case that access.Visible holds
		where += ` AND EXISTS (SELECT 1 FROM programme_part q WHERE q.case_id = i.case_id AND q.unit = ` + add(string(f.With)) + `)`
	}
	if f.Mine {
		where += mine(who, add)
	}
	// system: the condition holds access.Visible for everybody but the program
	err = tx.All(`
		SELECT c.id, c.code, c.title, c.state, c.lead, c.raiser, c.version, c.opened_at, `+itemColumns+`,
			EXISTS (SELECT 1 FROM programme_move m WHERE m.case_id = c.id AND m.fate = '')
		FROM programme_item i JOIN casefile c ON c.id = i.case_id
		WHERE i.from_on <= $2 AND i.until_on >= $1 AND ($3 = '' OR i.unit = $3) AND ($4 = '' OR i.plan = $4) AND `+where+`
		ORDER BY i.case_id LIMIT `+strconv.Itoa(mostItems), args, func(r *sql.Rows) error {
		l := Listed{Item: Item{Case: &casefile.Case{Kind: ItemKind}}}
		dest := append([]any{&l.ID, &l.Code, &l.Title, &l.State, &l.Lead, &l.Raiser, &l.Version, db.Instant(&l.OpenedAt)}, l.dest()...)
		err := r.Scan(append(dest, &l.Waiting)...)
		all = append(all, l)
		return err
	})
	if err != nil {
		return nil, err
	}
	return all, withUnits(tx, all)
}

// mine is the condition of what the actor's own units take part in.
func mine(who org.Actor, add func(any) string) string {
	// system: a part of the condition on a case that access.Visible holds
	or := []string{`i.officer = ` + add(string(who.Officer)) + ` AND i.officer <> ''`}
	for _, p := range who.Posts {
		if p.Role != org.Admin {
			// system: as above
			or = append(or, `EXISTS (SELECT 1 FROM programme_part q WHERE q.case_id = i.case_id AND q.unit = `+add(string(p.Unit))+`)`)
		}
	}
	return ` AND (` + strings.Join(or, " OR ") + `)`
}

// withUnits adds the coordinating units and sorts by day.
func withUnits(tx *db.Tx, all []Listed) error {
	at := map[casefile.ID]int{}
	for i := range all {
		at[all[i].ID] = i
	}
	if len(all) > 0 {
		// system: only of items that were read under the actor's rights
		err := tx.All(`SELECT case_id, unit FROM programme_part WHERE case_id >= $1 AND case_id <= $2 ORDER BY case_id, unit`,
			[]any{string(all[0].ID), string(all[len(all)-1].ID)}, func(r *sql.Rows) error {
				var id casefile.ID
				var u org.UnitID
				err := r.Scan(&id, &u)
				if i, ok := at[id]; ok && u != all[i].Lead {
					all[i].With = append(all[i].With, u)
				}
				return err
			})
		if err != nil {
			return err
		}
	}
	slices.SortStableFunc(all, func(a, b Listed) int {
		return cmp.Or(a.Place.From.Compare(b.Place.From), a.Place.Until.Compare(b.Place.Until), cmp.Compare(a.FromHour, b.FromHour), cmp.Compare(a.ID, b.ID))
	})
	return nil
}

// items are those of the programme's own unit in its week, whatever the day, in order of ids.
func (p *Programme) items(tx *db.Tx, who org.Actor) ([]Listed, error) {
	all, err := Items(tx, who, p.Place, Filter{Unit: p.Unit})
	all = slices.DeleteFunc(all, func(l Listed) bool { return l.Place.Grain != Day && l.Place.Grain != OneWeek })
	slices.SortFunc(all, func(a, b Listed) int { return cmp.Compare(a.ID, b.ID) })
	return all, err
}

// take fills in how a week stands from its duty.
func (s *Stand) take(d *duty.Duty, now time.Time) {
	s.ID, s.Due, s.Request = d.Case, d.Due(), d.Request
	if l, ok := d.Binding(); ok {
		s.Basis = l.Basis
	}
	at := s.SentAt
	if at.IsZero() {
		at = now
	}
	s.Late = !d.DueAt.IsZero() && !at.Before(d.DueAt)
}

func sortStands(all []Stand) {
	rank := func(s Stand) int {
		switch {
		case s.SentAt.IsZero() && s.Late:
			return 0
		case s.Late:
			return 1
		case s.SentAt.IsZero():
			return 2
		}
		return 3
	}
	slices.SortStableFunc(all, func(a, b Stand) int { return cmp.Compare(rank(a), rank(b)) })
}

// sayItems writes items as lines of a paper, day by day.
func sayItems(tx *db.Tx, all []Listed) (string, error) {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b Listed) int {
		return cmp.Or(a.Place.From.Compare(b.Place.From), cmp.Compare(a.FromHour, b.FromHour))
	})
	var b strings.Builder
	for _, l := range all {
		line, err := sayItem(tx, l)
		if err != nil {
			return "", err
		}
		b.WriteString(line)
	}
	return strings.TrimSpace(b.String()), nil
}

func sayItem(tx *db.Tx, l Listed) (string, error) {
	names, err := org.UnitNames(tx, append([]org.UnitID{l.Lead}, l.With...)...)
	if err != nil {
		return "", err
	}
	when := l.Place.Say()
	if l.FromHour != "" {
		when = l.FromHour + " " + when
	}
	s := fmt.Sprintf("- %s: %s (%s", when, l.Title, names[l.Lead])
	for i, u := range l.With {
		s += map[bool]string{true: "; phối hợp: ", false: ", "}[i == 0] + names[u]
	}
	if l.Venue != "" {
		s += "; tại " + l.Venue
	}
	return s + ")\n", nil
}

// wholeItems are the items of the week in the province's programme and in those that were
// sent, as whoever puts them together reads them.
func wholeItems(tx *db.Tx, who org.Actor, week Place, stands []Stand) (all []Listed, err error) {
	h, err := keeping(tx)
	if err != nil {
		return nil, err
	}
	sent := map[org.UnitID]bool{h.of: true}
	for _, s := range stands {
		sent[s.Unit] = !s.SentAt.IsZero()
	}
	all, err = Items(tx, who, week, Filter{})
	return slices.DeleteFunc(all, func(l Listed) bool {
		return !sent[l.Unit] || l.Place.Grain != Day && l.Place.Grain != OneWeek
	}), err
}

// WholeOf returns the week of all units as it would be put together now.
func WholeOf(tx *db.Tx, who org.Actor, week Place) ([]Listed, []Stand, error) {
	stands, err := Weekly(tx, who, week)
	if err != nil {
		return nil, nil, err
	}
	all, err := wholeItems(tx, who, week, stands)
	return all, stands, err
}

// wholeText is the report on a week, and the numbers that stand in its history.
func wholeText(tx *db.Tx, all []Listed, stands []Stand, note string) (string, map[string]string, error) {
	text, err := sayItems(tx, all)
	if err != nil {
		return "", nil, err
	}
	var late, none []org.UnitID
	for _, s := range stands {
		switch {
		case s.SentAt.IsZero():
			none = append(none, s.Unit)
		case s.Late:
			late = append(late, s.Unit)
		}
	}
	names, err := org.UnitNames(tx, slices.Concat(late, none)...)
	if err != nil {
		return "", nil, err
	}
	for _, part := range []struct {
		say   string
		units []org.UnitID
	}{{"Gửi sau giờ: ", late}, {"Chưa gửi: ", none}} {
		var say []string
		for _, u := range part.units {
			say = append(say, names[u])
		}
		if len(say) > 0 {
			text += "\n" + part.say + strings.Join(say, "; ") + "."
		}
	}
	facts := map[string]string{"items": strconv.Itoa(len(all)), "sent": strconv.Itoa(len(stands) - len(none)), "late": strconv.Itoa(len(late)), "missing": strconv.Itoa(len(none))}
	return strings.TrimSpace(text + "\n" + note), facts, nil
}

// A Moved line is one place that an item left, or was asked to.
type Moved struct {
	Old, New Place
	Fate     string // "", approved, declined
	Reason   string
	Said     string // of the decision
	By       org.OfficerID
	At       time.Time
}

// Moves returns the places an item was moved from, the first first, with the reasons that
// the actor may read.
func Moves(tx *db.Tx, who org.Actor, x *Item) (all []Moved, err error) {
	defer fault.Wrap(&err, "moves of %s", x.ID)
	said, by := map[int64]string{}, map[int64]org.OfficerID{}
	events, err := casefile.History(tx, who, x.ID, 10_000)
	if err != nil {
		return nil, err
	}
	for _, e := range events {
		said[e.N], by[e.N] = e.Text, e.By.Officer
	}
	// system: the caller read the item
	err = tx.All(`SELECT old_grain, old_from_on, old_until_on, new_grain, new_from_on, new_until_on, fate, asked_n, decided_n, at
		FROM programme_move WHERE case_id = $1 ORDER BY n`, []any{string(x.ID)}, func(r *sql.Rows) error {
		var m Moved
		var asked, decided int64
		err := r.Scan(&m.Old.Grain, &m.Old.From, &m.Old.Until, &m.New.Grain, &m.New.From, &m.New.Until, &m.Fate, &asked, &decided, db.Instant(&m.At))
		m.Reason, m.Said, m.By = said[asked], said[decided], by[asked]
		all = append(all, m)
		return err
	})
	return all, err
}

// Parts returns what each unit does in an item that the caller read, the lead first.
func (x *Item) Parts(tx *db.Tx) (all []Part, err error) {
	// system: the caller read the item
	err = tx.All(`SELECT unit, task FROM programme_part WHERE case_id = $1 ORDER BY unit`, []any{string(x.ID)}, func(r *sql.Rows) error {
		var p Part
		err := r.Scan(&p.Unit, &p.Task)
		all = append(all, p)
		return err
	})
	slices.SortStableFunc(all, func(a, b Part) int {
		return map[bool]int{true: -1, false: 0}[a.Unit == x.Lead] - map[bool]int{true: -1, false: 0}[b.Unit == x.Lead]
	})
	return all, err
}

// A Bound case is one that an item is tied to.
type Bound struct {
	What  string
	ID    casefile.ID
	Code  string
	Title string
	Kind  string
	State string
}

// Links returns the cases an item is tied to, of those that the actor may read.
func Links(tx *db.Tx, who org.Actor, id casefile.ID) (all []Bound, err error) {
	cond, args := visible(who, "c.id", 2)
	err = tx.All(`SELECT l.what, c.id, c.code, c.title, c.kind, c.state FROM programme_link l JOIN casefile c ON c.id = l.target
		WHERE l.case_id = $1 AND `+cond+` ORDER BY l.what, c.id`, append([]any{string(id)}, args...), func(r *sql.Rows) error {
		var b Bound
		err := r.Scan(&b.What, &b.ID, &b.Code, &b.Title, &b.Kind, &b.State)
		all = append(all, b)
		return err
	})
	return all, err
}

// ItemsOf returns the items that carry out a case of another kind, for its page.
func ItemsOf(tx *db.Tx, who org.Actor, target casefile.ID) (all []Bound, err error) {
	cond, args := visible(who, "c.id", 2)
	err = tx.All(`SELECT l.what, c.id, c.code, c.title, c.kind, c.state FROM programme_link l JOIN casefile c ON c.id = l.case_id
		WHERE l.target = $1 AND `+cond+` ORDER BY c.id`, append([]any{string(target)}, args...), func(r *sql.Rows) error {
		var b Bound
		err := r.Scan(&b.What, &b.ID, &b.Code, &b.Title, &b.Kind, &b.State)
		all = append(all, b)
		return err
	})
	return all, err
}

// Programmes returns the plans, reviews or weeks that the actor may read, the newest
// period first, at most limit; what "" is all of them, unit "" any unit.
func Programmes(tx *db.Tx, who org.Actor, what string, unit org.UnitID, limit int) (all []*Programme, err error) {
	defer fault.Wrap(&err, "programmes")
	cond, args := visible(who, "c.id", 4)
	// system: the condition holds access.Visible for everybody but the program
	err = tx.All(`SELECT c.id, c.code, c.title, c.state, c.lead, c.version, c.opened_at, p.unit, p.what, p.grain, p.from_on, p.until_on, p.paper_id, p.sent_at
		FROM programme p JOIN casefile c ON c.id = p.case_id
		WHERE ($1 = '' OR p.what = $1) AND ($2 = '' OR p.unit = $2) AND `+cond+` ORDER BY p.from_on DESC, c.id DESC LIMIT $3`,
		append([]any{what, string(unit), limit}, args...), func(r *sql.Rows) error {
			p := &Programme{Case: &casefile.Case{Kind: CaseKind}}
			err := r.Scan(&p.ID, &p.Code, &p.Title, &p.State, &p.Lead, &p.Version, db.Instant(&p.OpenedAt), &p.Unit, &p.What, &p.Place.Grain, &p.Place.From,
				&p.Place.Until, &p.PaperID, db.Instant(&p.SentAt))
			all = append(all, p)
			return err
		})
	return all, err
}

// WeekOf returns a unit's week, or the whole week (what Whole), nil when the calendar has
// opened none or the actor may not read it.
func WeekOf(tx *db.Tx, who org.Actor, what string, unit org.UnitID, week Place) (*Programme, error) {
	all, err := Programmes(tx, who, what, unit, 60)
	for _, p := range all {
		if p.Place == week && (unit == "" || p.Unit == unit) {
			return p, nil
		}
	}
	return nil, err
}

// ContentOf returns the words with which a programme was sent last, as the actor may read
// them; "" while it was not.
func ContentOf(tx *db.Tx, who org.Actor, p *Programme) (text string, err error) {
	events, err := casefile.History(tx, who, p.ID, 10_000)
	for _, e := range events {
		switch e.Kind {
		case "programme.sent", "programme.collected", "programme.reviewed", "programme.plan_sent":
			text = e.Text
		}
	}
	return text, err
}

// ThisWeek is the week in which an instant lies.
func ThisWeek(now time.Time) Place { return PlaceOf(OneWeek, workday.Of(now)) }
