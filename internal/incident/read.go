package incident

import (
	"database/sql"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"lienthong/internal/access"
	"lienthong/internal/casefile"
	"lienthong/internal/db"
	"lienthong/internal/fault"
	"lienthong/internal/org"
)

// A Said is one situation report as it is read again.
type Said struct {
	N       int64
	Unit    org.UnitID
	Commune org.UnitID
	SeenAt  time.Time
	Officer org.OfficerID
	Text    string
	Figures map[string]int64 // by the figure's id, in hundredths
}

// A Resource is a request for people or things, and what came of it.
type Resource struct {
	N       int64
	By      org.UnitID // who asked
	Of      org.UnitID // whom
	What    string
	Each    string
	Asked   int64
	Given   int64
	State   string // asked, given, declined, or over: the incident ended first
	EndedAt time.Time
}

// A Decided is a decision with who does it and what became of it.
type Decided struct {
	N       int64
	Unit    org.UnitID
	Officer org.OfficerID
	Text    string
	Result  string
	DoneN   int64 // the event of its result; 0 while it is owed
}

// A Linked is a case that hangs on the incident.
type Linked struct {
	ID    casefile.ID
	Kind  string
	Code  string
	Title string
	State string
}

// A Lesson is what the closing review says.
type Lesson struct{ Good, Bad, Propose string }

// Whole is all that a page, a print or the JSON face shows of an incident.
type Whole struct {
	*Incident
	Text      string
	Places    []org.UnitID
	Said      []Said // oldest first
	Resources []Resource
	Decisions []Decided
	Linked    []Linked
	Lesson    Lesson
	Totals    map[string]int64 // of each figure, the newest of every commune together
}

// Read gathers an incident that the actor may read.
func Read(tx *db.Tx, who org.Actor, id casefile.ID) (w *Whole, err error) {
	defer fault.Wrap(&err, "read incident %s", id)
	x, err := Get(tx, who, id)
	if err != nil {
		return nil, err
	}
	return x.Whole(tx, who)
}

// Whole gathers an incident that the caller holds, as an operation left it: its state is
// written only when the transaction ends.
func (x *Incident) Whole(tx *db.Tx, who org.Actor) (w *Whole, err error) {
	w = &Whole{Incident: x}
	var report words
	if x.ReportedN > 0 { // a draft's words are its paper's
		if err := textOf(tx, x.ID, x.ReportedN, &report); err != nil {
			return nil, err
		}
	}
	w.Text = report.Text
	for _, step := range []func(*db.Tx) error{w.places, w.said, w.resources, w.decisions, w.lesson, func(tx *db.Tx) error { return w.linked(tx, who) }} {
		if err := step(tx); err != nil {
			return nil, err
		}
	}
	w.Totals = totals(w.Said)
	return w, nil
}

func (w *Whole) places(tx *db.Tx) (err error) {
	w.Places, err = Places(tx, w.Incident)
	return err
}

// said reads the situation reports, the words and the figures of all in a query each.
func (w *Whole) said(tx *db.Tx) error {
	at := map[int64]int{}
	// system: the caller holds the case through Get
	err := tx.All(`SELECT s.n, s.unit, s.commune, s.seen_at, s.officer, e.text FROM incident_situation s JOIN event e ON e.case_id = s.case_id AND e.n = s.n
		WHERE s.case_id = $1 ORDER BY s.n`, []any{string(w.ID)}, func(r *sql.Rows) error {
		s := Said{Figures: map[string]int64{}}
		var text casefile.StoredText
		if err := r.Scan(&s.N, &s.Unit, &s.Commune, db.Instant(&s.SeenAt), &s.Officer, &text); err != nil {
			return err
		}
		var t words
		err := unpacked(text, &t)
		s.Text = t.Text
		at[s.N] = len(w.Said)
		w.Said = append(w.Said, s)
		return err
	})
	if err != nil {
		return err
	}
	// system: the caller holds the case through Get
	err = tx.All(`SELECT n, what, hundredths FROM incident_figure WHERE case_id = $1 ORDER BY n, what`, []any{string(w.ID)}, func(r *sql.Rows) error {
		var n, amount int64
		var what string
		err := r.Scan(&n, &what, &amount)
		w.Said[at[n]].Figures[what] = amount
		return err
	})
	return err
}

// unpacked reads the words of an event that a query brought along: hundreds of reports are
// read by one query, not by one each. What was taken out of reach has none.
func unpacked(text casefile.StoredText, v any) error {
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), v)
}

// totals adds up the newest figure of each commune: a later report of a commune takes the
// place of its own earlier one, never of another's.
func totals(said []Said) map[string]int64 {
	type place struct {
		commune org.UnitID
		what    string
	}
	newest := map[place]Said{}
	for _, s := range said {
		for what := range s.Figures {
			k := place{s.Commune, what}
			if old, ok := newest[k]; !ok || !s.SeenAt.Before(old.SeenAt) {
				newest[k] = s
			}
		}
	}
	sum := map[string]int64{}
	for k, s := range newest {
		sum[k.what] += s.Figures[k.what]
	}
	return sum
}

func (w *Whole) resources(tx *db.Tx) error {
	// system: the caller holds the case through Get
	return tx.All(`SELECT r.n, r.asker, r.owner, r.asked, r.given, r.state, r.ended_at, e.text FROM incident_resource r JOIN event e ON e.case_id = r.case_id AND e.n = r.n
		WHERE r.case_id = $1 ORDER BY r.n`, []any{string(w.ID)}, func(r *sql.Rows) error {
		var one Resource
		var text casefile.StoredText
		if err := r.Scan(&one.N, &one.By, &one.Of, &one.Asked, &one.Given, &one.State, db.Instant(&one.EndedAt), &text); err != nil {
			return err
		}
		var t asked
		err := unpacked(text, &t)
		one.What, one.Each = t.What, t.Each
		w.Resources = append(w.Resources, one)
		return err
	})
}

func (w *Whole) decisions(tx *db.Tx) error {
	// system: the caller holds the case through Get
	return tx.All(`SELECT d.n, d.owner, d.officer, d.done_n, e.text, f.text FROM incident_decision d JOIN event e ON e.case_id = d.case_id AND e.n = d.n
		LEFT JOIN event f ON f.case_id = d.case_id AND f.n = d.done_n WHERE d.case_id = $1 ORDER BY d.n`, []any{string(w.ID)}, func(r *sql.Rows) error {
		var d Decided
		var said, done casefile.StoredText
		if err := r.Scan(&d.N, &d.Unit, &d.Officer, &d.DoneN, &said, &done); err != nil {
			return err
		}
		var t, result words
		err := errors.Join(unpacked(said, &t), unpacked(done, &result))
		d.Text, d.Result = t.Text, result.Text
		w.Decisions = append(w.Decisions, d)
		return err
	})
}

func (w *Whole) lesson(tx *db.Tx) error {
	if w.ClosedAt.IsZero() {
		return nil
	}
	var n int64
	// system: the caller holds the case through Get
	err := tx.One(`SELECT n FROM event WHERE case_id = $1 AND kind = 'incident.reviewed' ORDER BY n DESC LIMIT 1`, []any{string(w.ID)}, &n)
	if fault.Kind(err) == fault.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	var l lessons
	err = textOf(tx, w.ID, n, &l)
	w.Lesson = Lesson(l)
	return err
}

// linked reads the cases that hang on the incident, those that the reader may open.
func (w *Whole) linked(tx *db.Tx, who org.Actor) error {
	query, args := `SELECT c.id, c.kind, c.code, c.title, c.state FROM incident_link l JOIN casefile c ON c.id = l.other WHERE l.case_id = $1`, []any{string(w.ID)}
	if who.System == "" {
		query += ` AND ` + access.Visible("c.id", "$2")
		args = append(args, who.Reader())
	}
	return tx.All(query+` ORDER BY l.n`, args, func(r *sql.Rows) error {
		var l Linked
		err := r.Scan(&l.ID, &l.Kind, &l.Code, &l.Title, &l.State)
		w.Linked = append(w.Linked, l)
		return err
	})
}

// A Line is one incident in the list.
type Line struct {
	ID         casefile.ID
	Code       string
	Title      string
	State      string
	Type       string
	Raiser     org.UnitID
	Lead       org.UnitID
	OpenedAt   time.Time
	OccurredAt time.Time
	Places     int64
}

// List returns the incidents that the actor may read, newest first, at most limit, and the
// cursor of the rest. state narrows it; "" and All take all, Running those that are not closed.
func List(tx *db.Tx, who org.Actor, state, cursor string, limit int) (all []Line, next string, err error) {
	defer fault.Wrap(&err, "list incidents")
	after, err := db.After(cursor)
	if err != nil {
		return nil, "", err
	}
	var args []any
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	where := "c.kind = " + arg(CaseKind)
	switch state {
	case "", All:
	case Running:
		where += " AND c.closed_at IS NULL"
	default:
		where += " AND c.state = " + arg(state)
	}
	if len(after) > 0 {
		where += " AND c.id < " + arg(after)
	}
	if who.System == "" {
		where += " AND " + access.Visible("c.id", arg(who.Reader()))
	}
	// system: the condition holds access.Visible for everybody but the program
	err = tx.All(`SELECT c.id, c.code, c.title, c.state, i.type, c.raiser, c.lead, c.opened_at, i.occurred_at,
			(SELECT count(*) FROM incident_place p WHERE p.case_id = c.id)
		FROM casefile c JOIN incident i ON i.case_id = c.id WHERE `+where+` ORDER BY c.id DESC LIMIT `+arg(limit+1), args, func(r *sql.Rows) error {
		var l Line
		err := r.Scan(&l.ID, &l.Code, &l.Title, &l.State, &l.Type, &l.Raiser, &l.Lead, db.Instant(&l.OpenedAt), db.Instant(&l.OccurredAt), &l.Places)
		all = append(all, l)
		return err
	})
	if len(all) > limit {
		all = all[:limit]
		next = db.Cursor(string(all[limit-1].ID))
	}
	return all, next, err
}

// Rights are what an actor may do on an incident now, for its page.
type Rights struct{ Say, Widen, Link, Ask, Decide, DecideOwn, End, Reopen, Review, Urge, Demand, Confirm bool }

// RightsOn says what the actor may do. An operation asks again under the case's lock.
func RightsOn(tx *db.Tx, who org.Actor, x *Incident) (r Rights, err error) {
	f, err := x.facts(tx)
	if err != nil || !x.ClosedAt.IsZero() || x.State == Drafting {
		return r, err
	}
	may := func(act access.Act) bool { return access.May(who, act, f) == nil }
	run := x.State == Open
	r = Rights{Say: run && may(actSay), Widen: run && may(actWiden), Link: may(actLink), Ask: run && may(actAsk), Decide: run && may(actDecide), DecideOwn: run && may(actDecideOwn),
		End: run && may(actEnd), Reopen: !run && may(actEnd), Review: !run && may(actReview), Urge: may(actUrge), Demand: run && may(actUrge)}
	if may(actConfirm) {
		r.Confirm, err = x.unconfirmed(tx)
	}
	if x.Secret {
		r = Rights{End: r.End, Urge: r.Urge}
	}
	return r, err
}

// MayGive says whether the actor answers a request; MayDo whether he reports on a decision.
func MayGive(who org.Actor, r Resource) bool {
	return r.State == "asked" && access.May(who, actGive, access.Facts{Units: map[access.Function][]org.UnitID{access.Told: {r.Of}}}) == nil
}

// MayDo says whether the actor reports the result of a decision.
func MayDo(who org.Actor, d Decided) bool {
	f := access.Facts{Units: map[access.Function][]org.UnitID{access.Told: {d.Unit}}, Officers: []org.OfficerID{d.Officer}}
	return d.DoneN == 0 && access.May(who, actDone, f) == nil
}
